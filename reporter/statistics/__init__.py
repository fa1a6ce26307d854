"""One file, one function, one question. Arrays in; one frozen record out, or ``Degenerate``.

The adjustments of p values are no questions of their own: :mod:`reporter.families` takes them from here.
"""

from reporter.statistics._adjusting import benjamini_hochberg, benjamini_yekutieli, holm

__all__ = ["benjamini_hochberg", "benjamini_yekutieli", "holm"]
