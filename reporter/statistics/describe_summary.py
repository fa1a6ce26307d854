"""What does a published cell hold?"""

from __future__ import annotations

from reporter.results import Described, Summary
from reporter.statistics._inputs import DECIMALS_OF_NOISE


def describe_summary(cell: Summary, *, unit: str = "nats") -> Described:
    """Repeat a cell's printed figures, with the range that they imply.

    Parameters
    ----------
    cell : Summary, in ``unit``

    Returns
    -------
    Described
        ``width`` is the maximum less the minimum.
    """
    return Described(
        mean=cell.mean,
        sd=cell.sd,
        minimum=cell.minimum,
        maximum=cell.maximum,
        width=round(cell.maximum - cell.minimum, DECIMALS_OF_NOISE),
        n=cell.n,
        unit=unit,
        method="as_published",
    )
