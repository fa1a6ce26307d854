"""How far do single values spread within a cell, taken over all cells?"""

from __future__ import annotations

import math
from collections.abc import Sequence

from scipy.special import chdtri

from reporter.errors import Degenerate
from reporter.results import Estimate, Interval, Summary
from reporter.statistics._cells import sample_sd


def pooled_sd(cells: Sequence[Summary], *, ddof: int, level: float = 0.95, unit: str = "nats") -> Estimate:
    """Pool the cells' sample sd as the root of their mean square, weighted by n - 1.

    Parameters
    ----------
    cells : sequence of Summary, in ``unit``
        At least one cell, each of n >= 2 values.
    ddof : int
        What the cells' sd were divided by: n - ddof.
    level : float
        Level of the interval.

    Returns
    -------
    Estimate
        With the chi-square interval, which takes the values as normal and the cells as equally spread.
        ``n`` counts the values of all cells.

    Raises
    ------
    Degenerate
        ``no_cells``, ``too_few``, ``not_finite``, ``negative_sd``, ``unknown_ddof``; ``zero_spread`` where
        every sd is 0.

    References
    ----------
    Cochran (1937), Problems arising in the analysis of a series of similar experiments, Supplement to the
    Journal of the Royal Statistical Society 4, 102-118, doi:10.2307/2984123.
    """
    if not cells:
        raise Degenerate("no_cells", "there is no cell to pool")
    df = sum(cell.n - 1 for cell in cells)
    squares = sum((cell.n - 1) * sample_sd(cell, ddof=ddof) ** 2 for cell in cells)
    if squares == 0:
        raise Degenerate("zero_spread", f"the sd of all {len(cells)} cells is 0")
    tail = (1 - level) / 2
    return Estimate(
        value=math.sqrt(squares / df),
        interval=Interval(
            low=math.sqrt(squares / float(chdtri(df, tail))),
            high=math.sqrt(squares / float(chdtri(df, 1 - tail))),
            level=level,
            method="chi_square",
        ),
        n=sum(cell.n for cell in cells),
        unit=unit,
        method="pooled_sd",
    )
