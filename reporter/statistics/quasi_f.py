"""Is the mean change other than zero for models like these and prompts like these at once?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from reporter.errors import Degenerate
from reporter.results import Interval, QuasiF
from reporter.statistics._inputs import DECIMALS_OF_NOISE
from reporter.statistics._tables import complete_table, mean_squares

TIE = 1e-9  # relative


def quasi_f(changes: ArrayLike, *, level: float = 0.95, unit: str = "nats") -> QuasiF:
    """Test the mean of a models x prompts table of changes, with both as random samples.

    The error of the mean is MS_models + MS_prompts - MS_residual over the number of cells, with
    Satterthwaite's degrees of freedom. It cannot be smaller than either stratum's own: where the
    combination falls below one of them, that stratum is the error, and ``stratum`` names it.

    Few prompts make it liberal: with 3 prompts, and models and prompts that differ alike, normal samples were
    rejected at .05 in 3, 5 and 8 % of simulations at 3, 8 and 30 models, and lognormal ones in 7.9, 13.1,
    17.4 and 19.9 % at 3, 8, 30 and 420 (docs/validation.md).

    Parameters
    ----------
    changes : array (models, prompts), in ``unit``
        One change per model and prompt, at least 2 x 2, none missing.
    level : float
        Level of the interval.

    Returns
    -------
    QuasiF
        ``f`` is t squared, with 1 and ``df`` degrees of freedom.

    Raises
    ------
    Degenerate
        ``not_a_table``, ``too_few``, ``not_finite``; ``constant_series`` where no cell differs from
        another.

    References
    ----------
    Winer, Brown and Michels (1991), Statistical Principles in Experimental Design, 3rd edition, section
    5.15. Satterthwaite (1946), An approximate distribution of estimates of variance components,
    Biometrics Bulletin 2, 110-114, doi:10.2307/3002019. Clark (1973), The language-as-fixed-effect
    fallacy, Journal of Verbal Learning and Verbal Behavior 12, 335-359, doi:10.1016/S0022-5371(73)80014-3.
    """
    table = np.round(complete_table(changes), DECIMALS_OF_NOISE)
    if np.ptp(table) == 0:
        raise Degenerate("constant_series", f"all {table.size} changes are {table[0, 0]:g}")
    ms = mean_squares(table)
    combined = ms.models + ms.prompts - ms.residual
    strata = {"models": (ms.models, float(ms.models_df)), "prompts": (ms.prompts, float(ms.prompts_df))}
    # of two equal mean squares the one with fewer degrees of freedom, whatever rounding says
    largest = max(ms.models, ms.prompts) * (1 - TIE)
    stratum = min((name for name in strata if strata[name][0] >= largest), key=lambda name: strata[name][1])
    error, df = strata[stratum]
    if combined > error * (1 + TIE):
        parts = ((ms.models, ms.models_df), (ms.prompts, ms.prompts_df), (ms.residual, ms.residual_df))
        stratum, error = "models_and_prompts", combined
        df = combined**2 / sum(square**2 / nu for square, nu in parts)
    if error <= 0:
        raise Degenerate("constant_series", "neither the models' nor the prompts' means vary")
    mean, se = float(table.mean()), math.sqrt(error / table.size)
    t = mean / se
    half = se * float(stdtrit(df, (1 + level) / 2))
    return QuasiF(
        estimate=mean,
        interval=Interval(low=mean - half, high=mean + half, level=level, method="quasi_f"),
        se=se,
        f=t**2,
        df=df,
        p=float(2 * stdtr(df, -abs(t))),
        models_mean_square=ms.models,
        prompts_mean_square=ms.prompts,
        residual_mean_square=ms.residual,
        stratum=stratum,
        models=table.shape[0],
        prompts=table.shape[1],
        n=table.size,
        unit=unit,
        method="quasi_f",
    )
