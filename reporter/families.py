"""What a p value is worth inside a declared family of tests: Holm, Benjamini-Hochberg, Benjamini-Yekutieli.

Each function takes the p values of one family and returns the adjusted ones in the same order. Members
that could not be computed are left out by the caller, who states the family's size. The arithmetic stands
with the statistics, some of which adjust a family of their own.
"""

from reporter.statistics import benjamini_hochberg, benjamini_yekutieli, holm

__all__ = ["benjamini_hochberg", "benjamini_yekutieli", "holm"]
