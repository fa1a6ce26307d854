"""Which divisor of the standard deviation fits how many published cells?"""

from __future__ import annotations

from collections.abc import Sequence

from reporter.errors import Degenerate
from reporter.results import FeasibleCells, Selection, Summary
from reporter.statistics.feasible_summary import feasible_summary


def feasible_cells(cells: Sequence[Summary], *, unit: str = "nats") -> FeasibleCells:
    """Count the cells whose figures can stand together under either ddof.

    Parameters
    ----------
    cells : sequence of Summary, in ``unit``

    Returns
    -------
    FeasibleCells

    Raises
    ------
    Degenerate
        ``too_few`` where there is no cell; else as ``feasible_summary``.
    """
    if not cells:
        raise Degenerate("too_few", "there is no cell")
    fits = [_fits(cell, unit) for cell in cells]
    n = len(fits)
    return FeasibleCells(
        population=Selection(indices=tuple(i for i, (population, _) in enumerate(fits) if population), n=n),
        sample=Selection(indices=tuple(i for i, (_, sample) in enumerate(fits) if sample), n=n),
        n=n,
        unit=unit,
        method="feasible_summary",
    )


def _fits(cell: Summary, unit: str) -> tuple[bool, bool]:
    """Say whether a cell is feasible under ddof 0 and under ddof 1; a mean out of reach fits neither."""
    try:
        record = feasible_summary(cell, unit=unit)
    except Degenerate as reason:
        if reason.reason == "mean_out_of_reach":
            return False, False
        raise
    return record.feasible_population, record.feasible_sample
