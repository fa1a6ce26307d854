"""Can n values have the printed mean, sd, minimum and maximum, given how these were rounded?"""

from __future__ import annotations

import math

import numpy as np

from reporter.errors import Degenerate
from reporter.results import Feasibility, Summary

TOUCHING = 1e-9


def feasible_summary(cell: Summary, *, unit: str = "nats") -> Feasibility:
    """Bound the sd of all samples whose n, mean, minimum and maximum round to those of the cell.

    The unrounded minimum a, maximum b and mean m lie within half a printed unit of the printed ones. The
    sum of squares is least when the n - 2 inner values are equal, and greatest when all values but one
    stand at a or b; over the box of a, b and m both extremes have closed forms (see the two functions
    below). Every sd between them is reached, so a printed sd is feasible where its own rounding interval
    meets that range. Feasible is not true: it says that the four numbers do not contradict each other.

    Parameters
    ----------
    cell : Summary, in ``unit``
        Of n >= 2 values of a continuous quantity, all four figures rounded to ``half_width``.

    Returns
    -------
    Feasibility
        ``sd_low`` and ``sd_high`` are population sd (ddof 0); the two flags judge the printed sd as a
        population and as a sample sd.

    Raises
    ------
    Degenerate
        ``too_few``, ``not_finite``; ``minimum_above_maximum``; ``mean_out_of_reach`` where no n values with
        this minimum and maximum have this mean, so that no sd can be compared.

    References
    ----------
    Heathers, Anaya, van der Zee & Brown (2018), Recovering data from summary statistics: sample parameter
    reconstruction via iterative techniques (SPRITE), PeerJ Preprints 6, e26968v1,
    doi:10.7287/peerj.preprints.26968v1.
    """
    _check(cell)
    low = math.sqrt(_least_squares(cell) / cell.n)
    high = math.sqrt(_greatest_squares(cell) / cell.n)
    to_sample = math.sqrt(cell.n / (cell.n - 1))
    printed_low, printed_high = cell.sd - cell.half_width, cell.sd + cell.half_width

    def meets(factor: float) -> bool:
        return low * factor <= printed_high + TOUCHING and high * factor >= printed_low - TOUCHING

    return Feasibility(
        feasible_population=meets(1.0),
        feasible_sample=meets(to_sample),
        sd_low=low,
        sd_high=high,
        n=cell.n,
        unit=unit,
        method="rounding_box",
    )


def _check(cell: Summary) -> None:
    if cell.n < 2:
        raise Degenerate("too_few", f"the cell has n = {cell.n}, at least 2 are needed")
    if not np.isfinite([cell.mean, cell.sd, cell.minimum, cell.maximum, cell.half_width]).all():
        raise Degenerate("not_finite", f"a figure of the cell is not finite: {cell}")
    if cell.minimum > cell.maximum:
        raise Degenerate("minimum_above_maximum", f"{cell.minimum:g} is above {cell.maximum:g}")
    h, n = cell.half_width, cell.n
    least = ((n - 1) * (cell.minimum - h) + cell.maximum - h) / n
    greatest = (cell.minimum + h + (n - 1) * (cell.maximum + h)) / n
    if cell.mean + h < least - TOUCHING or cell.mean - h > greatest + TOUCHING:
        raise Degenerate(
            "mean_out_of_reach",
            f"{n} values from {cell.minimum:g} to {cell.maximum:g} have a mean between {least:g} and "
            f"{greatest:g}, not {cell.mean:g}",
        )


def _least_squares(cell: Summary) -> float:
    """Minimise the sum of squares: minimum and maximum as close together as the mean allows.

    a stands at the upper end of its interval and b at the lower end of its own, unless the mean then lies
    out of reach even with n - 1 values at b: then b moves up just far enough (and likewise a down). That
    point lies inside an edge of the box, which is why the corners alone would be wrong.
    """
    h, n = cell.half_width, cell.n
    a, b = cell.minimum + h, cell.maximum - h
    mean_low, mean_high = cell.mean - h, cell.mean + h
    if a >= b:  # the two intervals overlap: all n values may be equal, anywhere in between
        a = b = min(max(cell.mean, b), a)
    if mean_low > (a + (n - 1) * b) / n:
        b = (n * mean_low - a) / (n - 1)
        mean = mean_low
    elif mean_high < ((n - 1) * a + b) / n:
        a = (n * mean_high - b) / (n - 1)
        mean = mean_high
    else:
        mean = min(max((a + b) / 2, mean_low), mean_high)
    inner = 0.0 if n == 2 else 2 * n / (n - 2) * (mean - (a + b) / 2) ** 2
    return (b - a) ** 2 / 2 + inner


def _greatest_squares(cell: Summary) -> float:
    """Maximise the sum of squares: minimum and maximum as far apart as their rounding allows.

    With width w and mean a + w theta/n, the largest sum has k = floor(theta) values at b, one at
    a + w (theta - k) and the others at a. Between whole theta it is convex, so that the best mean is an end
    of its interval or makes theta whole. Means that a and b cannot have lie below theta = 1 or above n - 1,
    where the sum only falls as they move outwards: they need no check of their own.
    """
    h, n = cell.half_width, cell.n
    a, b = cell.minimum - h, cell.maximum + h
    width = b - a
    if width == 0:
        return 0.0
    low, high = n * (cell.mean - h - a) / width, n * (cell.mean + h - a) / width
    theta = np.concatenate([[low, high], np.arange(math.ceil(low), math.floor(high) + 1)])
    whole = np.floor(theta)
    return float((width**2 * (whole + (theta - whole) ** 2 - theta**2 / n)).max())
