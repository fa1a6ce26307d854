"""How often must units rise for a sign test of this many to find it?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import bdtr, bdtrik

from reporter.errors import Degenerate
from reporter.results import Power
from reporter.statistics._inputs import DECIMALS_OF_NOISE, differences
from reporter.statistics._power import check, refuse_floor

MOST = 2**16  # pairs beyond which we do not look


def power_sign_test(
    first: ArrayLike, second: ArrayLike, *, effect: float, power: float = 0.8, level: float = 0.95
) -> Power:
    """Plan the exact sign test, whatever the distribution of changes is.

    Only the number of pairs that changed is used. Power does not grow steadily with n, since p can take few
    values only: ``n_needed`` is the least n from which on it stays sufficient.

    Parameters
    ----------
    first, second : array (n,)
        The same n units under two conditions, aligned. Pairs without a change are dropped.
    effect : float
        The smallest share of rises among changes that one would not want to miss, declared; between .5 and 1.
    power : float
        The chance of finding it that one wants.
    level : float
        1 - alpha of the two-sided test.

    Returns
    -------
    Power
        ``detectable`` and ``effect`` are probabilities of a rise; a fall as likely is found as often.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``; ``no_change`` where every difference is 0;
        ``effect_not_positive``, ``effect_out_of_range``, ``power_out_of_range``, ``effect_too_small``;
        ``p_floor_above_alpha`` where the test can find nothing at this n.

    References
    ----------
    Dixon & Mood (1946), The statistical sign test, Journal of the American Statistical Association 41,
    557-566, doi:10.1080/01621459.1946.10501898.

    Examples
    --------
    >>> plan = power_sign_test([0.0] * 8, [0.1] * 8, effect=0.9)  # eight of eight must rise, or fall
    >>> abs(plan.power_at_effect - (0.9**8 + 0.1**8)) < 1e-12
    True
    """
    check(effect, power, level)
    if not 0.5 < effect < 1:
        raise Degenerate(
            "effect_out_of_range", f"the share of rises is {effect:g}, between .5 and 1 is needed"
        )
    n = int(np.count_nonzero(differences(first, second, least=1)))
    if n == 0:
        raise Degenerate("no_change", "every difference is 0")
    alpha = round(1 - level, DECIMALS_OF_NOISE)
    counts = np.arange(1, 65)
    refuse_floor(2.0 ** (1 - n), level, n=n, enough=int(counts[2.0 ** (1 - counts) <= alpha][0]))

    def power_at(share: float) -> float:
        return float(_power(np.array([n]), share, alpha)[0])

    return Power(
        detectable=float(brentq(lambda share: power_at(share) - power, 0.5, 1, xtol=1e-14)),
        power=power,
        effect=effect,
        power_at_effect=power_at(effect),
        n_needed=_smallest_n(effect, power, alpha),
        sd=None,
        p_floor=2.0 ** (1 - n),
        level=level,
        n=n,
        unit="probability",
        method="power_sign_test",
    )


def _power(n: NDArray[np.intp], share: float, alpha: float) -> NDArray[np.float64]:
    """Give, for each n, the chance of so few falls or so few rises that p is at most alpha."""
    possible = 2.0 ** (1.0 - n) <= alpha
    enough = np.where(possible, n, 64)
    fewest = np.rint(bdtrik(alpha / 2, enough, 0.5))
    fewest -= bdtr(fewest, enough, 0.5) > alpha / 2 * (1 + 1e-12)
    return np.where(possible, bdtr(fewest, n, 1 - share) + bdtr(fewest, n, share), 0.0)


def _smallest_n(share: float, power: float, alpha: float) -> int:
    """Find the n from which on power suffices: looked for until it did over the whole second half."""
    most = 64
    while most <= MOST:
        short = np.flatnonzero(_power(np.arange(1, most + 1), share, alpha) < power)
        if short.size == 0 or 2 * short[-1] < most:
            return int(short[-1]) + 2 if short.size else 1
        most *= 2
    raise Degenerate("effect_too_small", f"even n = {MOST} would not reach a power of {power:g}")
