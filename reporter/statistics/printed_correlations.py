"""Which of the correlations that a source prints stand out among all that it tested?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from reporter.errors import Degenerate
from reporter.results import PrintedCorrelations
from reporter.statistics._adjusting import benjamini_hochberg, benjamini_yekutieli, holm
from reporter.statistics._printed import correlations, counts, p_of_correlations
from reporter.statistics._selections import where


def printed_correlations(
    r: ArrayLike, n: ArrayLike, *, tests: int, alpha: float = 0.05, unit: str = "1"
) -> PrintedCorrelations:
    """Test printed correlations singly, and within the family of all tests that were made.

    The tests that are not printed are taken to have p = 1. Adjusted p values never rise when a member's p
    falls, so those given here are upper bounds: what survives would survive with every p known. Where a
    source prints all that is below ``alpha``, what does not survive would not survive either.

    Parameters
    ----------
    r : array (k,), no unit
        Rank or product-moment correlations as printed, within -1..1.
    n : array (k,)
        How many pairs each was computed from.
    tests : int
        Size of the family, k of which are printed.
    alpha : float
        What a p value must be below to be selected.

    Returns
    -------
    PrintedCorrelations
        p is two-sided by Student's t with n - 2 df, as scipy's ``spearmanr`` gives it, of r as rounded.
        ``expected_by_chance`` is ``tests`` times ``alpha``.

    Raises
    ------
    Degenerate
        ``too_few`` where an n is below 3; ``mismatched_lengths``, ``not_finite``, ``not_one_dimensional``;
        ``not_correlations``, ``not_counts``; ``perfect_correlation`` where r is -1 or 1; ``too_few_tests``
        where fewer were made than are printed.

    References
    ----------
    Pitman (1937), Significance tests which may be applied to samples from any populations, II, Supplement to
    the Journal of the Royal Statistical Society 4, 225-232, doi:10.2307/2983647.
    Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics
    6, 65-70.
    Benjamini & Hochberg (1995), Controlling the false discovery rate, Journal of the Royal Statistical
    Society B 57, 289-300, doi:10.1111/j.2517-6161.1995.tb02031.x.
    Benjamini & Yekutieli (2001), The control of the false discovery rate in multiple testing under
    dependency, Annals of Statistics 29, 1165-1188, doi:10.1214/aos/1013699998.

    Examples
    --------
    >>> found = printed_correlations([0.58, -0.43], [30, 30], tests=42)
    >>> len(found.singly), len(found.holm)
    (2, 1)
    """
    values = correlations(r)
    if tests < values.size:
        raise Degenerate("too_few_tests", f"tests is {tests}, but {values.size} correlations are printed")
    p = p_of_correlations(values, counts(n, name="n", least=3, members=values.size))
    family = np.concatenate([p, np.ones(tests - values.size)])
    by_holm, by_hochberg, by_yekutieli = (
        adjust(family)[: values.size] for adjust in (holm, benjamini_hochberg, benjamini_yekutieli)
    )
    return PrintedCorrelations(
        r=tuple(values.tolist()),
        p=tuple(p.tolist()),
        p_holm=tuple(by_holm.tolist()),
        p_benjamini_hochberg=tuple(by_hochberg.tolist()),
        p_benjamini_yekutieli=tuple(by_yekutieli.tolist()),
        singly=where(p < alpha),
        holm=where(by_holm < alpha),
        benjamini_hochberg=where(by_hochberg < alpha),
        benjamini_yekutieli=where(by_yekutieli < alpha),
        expected_by_chance=tests * alpha,
        alpha=alpha,
        tests=tests,
        n=values.size,
        unit=unit,
        method="student_t",
    )
