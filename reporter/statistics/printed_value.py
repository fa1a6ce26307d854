"""What does a published figure say?"""

from __future__ import annotations

from numpy.typing import ArrayLike

from reporter.results import PrintedValue
from reporter.statistics._printed import single


def printed_value(value: ArrayLike, *, unit: str = "nats") -> PrintedValue:
    """Give one published number as it stands.

    Parameters
    ----------
    value : array (1,), in ``unit``

    Returns
    -------
    PrintedValue
        Without interval: nothing is known of how the number was found.

    Raises
    ------
    Degenerate
        ``not_single`` unless there is exactly one number; ``not_finite``, ``not_one_dimensional``.

    Examples
    --------
    >>> printed_value([0.173]).value
    0.173
    """
    return PrintedValue(value=single(value, name="value"), n=1, unit=unit, method="as_printed")
