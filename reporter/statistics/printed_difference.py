"""How far apart are two published figures?"""

from __future__ import annotations

from numpy.typing import ArrayLike

from reporter.errors import Degenerate
from reporter.results import PrintedDifference
from reporter.statistics._inputs import DECIMALS_OF_NOISE
from reporter.statistics._printed import single


def printed_difference(
    first: ArrayLike, second: ArrayLike, *, half_width: float, unit: str = "nats"
) -> PrintedDifference:
    """Subtract one published number from another, and bound what their rounding hides.

    The bounds are no confidence interval: they say nothing about other models, prompts or runs.

    Parameters
    ----------
    first, second : array (1,), in ``unit``
    half_width : float, in ``unit``
        Half a unit of the last printed digit, of the coarser number where two differ.

    Returns
    -------
    PrintedDifference
        ``least`` and ``most`` are ``difference`` -/+ 2 ``half_width``; numbers rounded to the nearest cannot
        have differed by less or more.

    Raises
    ------
    Degenerate
        ``not_single`` unless there is exactly one number of each; ``not_finite``, ``not_one_dimensional``;
        ``half_width_not_positive``, since a printed number was rounded.

    Examples
    --------
    >>> found = printed_difference([0.306], [0.361], half_width=0.0005)
    >>> found.difference, found.least, found.most
    (0.055, 0.054, 0.056)
    """
    one, two = single(first, name="first"), single(second, name="second")
    if not half_width > 0:
        raise Degenerate(
            "half_width_not_positive",
            f"half_width is {half_width:g}: to how many decimals the numbers were rounded is not known",
        )
    difference = two - one
    return PrintedDifference(
        first=one,
        second=two,
        difference=_clean(difference),
        least=_clean(difference - 2 * half_width),
        most=_clean(difference + 2 * half_width),
        n=1,
        unit=unit,
        method="rounding_bounds",
    )


def _clean(value: float) -> float:
    """Take away the noise of binary fractions, and the sign of zero."""
    return round(value, DECIMALS_OF_NOISE) + 0.0
