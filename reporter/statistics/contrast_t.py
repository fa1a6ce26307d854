"""Does the difference between two poles differ between two models?"""

from __future__ import annotations

from dataclasses import replace

from numpy.typing import ArrayLike

from reporter.errors import Degenerate
from reporter.results import Difference
from reporter.statistics._inputs import sample
from reporter.statistics.paired_t import paired_t


def contrast_t(
    first_negative: ArrayLike,
    first_positive: ArrayLike,
    second_negative: ArrayLike,
    second_positive: ArrayLike,
    *,
    level: float = 0.95,
    unit: str = "nats",
) -> Difference:
    """Test by Student's t the difference between the poles in the second model less that in the first.

    Per question: (second_positive - second_negative) - (first_positive - first_negative). The mean is the
    interaction of model and pole, with questions as blocks. That one model has a significant difference
    between its poles and the other has none is no such contrast.

    Parameters
    ----------
    first_negative, first_positive, second_negative, second_positive : array (n,), in ``unit``
        The same n >= 2 questions at two poles, answered by two models, all aligned.
    level : float
        Level of the interval.

    Returns
    -------
    Difference
        ``n`` counts questions; ``p`` is two-sided.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``, ``not_one_dimensional``; ``constant_series``
        where the contrast is the same for all questions, so that t does not exist.

    References
    ----------
    Student (1908), The probable error of a mean, Biometrika 6, 1-25, doi:10.1093/biomet/6.1.1.
    Gelman and Stern (2006), The difference between "significant" and "not significant" is not itself
    statistically significant, The American Statistician 60, 328-331, doi:10.1198/000313006X152649.

    Examples
    --------
    >>> contrast_t([1.0, 2.0, 3.0], [1.5, 2.0, 4.0], [1.0, 1.0, 1.0], [2.0, 3.0, 2.5]).estimate
    1.0
    """
    cells = {
        "first_negative": first_negative,
        "first_positive": first_positive,
        "second_negative": second_negative,
        "second_positive": second_positive,
    }
    arrays = [sample(values, name=name, least=2) for name, values in cells.items()]
    if len({array.size for array in arrays}) > 1:
        sizes = ", ".join(f"{name} has n = {array.size}" for name, array in zip(cells, arrays, strict=True))
        raise Degenerate("mismatched_lengths", sizes)
    first_low, first_high, second_low, second_high = arrays
    found = paired_t(first_high - first_low, second_high - second_low, level=level, unit=unit)
    return replace(found, method="contrast_t")
