"""How much of the spread of the models' changes is real, and how much is noise of the replies?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import fdtrc

from reporter.errors import Degenerate
from reporter.results import SlopeHeterogeneity
from reporter.statistics._inputs import DECIMALS_OF_NOISE


def slope_heterogeneity(changes: ArrayLike, *, unit: str = "nats") -> SlopeHeterogeneity:
    """Split the variance of the models' mean changes into true differences of slope and noise.

    Parameters
    ----------
    changes : array (M, P), in ``unit``
        The change between two limits of M >= 2 models, each on the same P >= 2 prompts.

    Returns
    -------
    SlopeHeterogeneity
        ``share`` is max(0, 1 - MS_residual/MS_model) of the additive model x prompt table: what
        :func:`~reporter.statistics.common_slope.common_slope` calls heterogeneity. ``f`` tests that it is
        0. ``n`` counts changes.

    Raises
    ------
    Degenerate
        ``not_two_dimensional``, ``not_finite``, ``too_few``; ``constant_series`` where model and prompt
        explain every change, so that there is no noise to compare with.

    References
    ----------
    Searle, Casella & McCulloch (1992), Variance Components, chapter 4, doi:10.1002/9780470316856.
    """
    table = np.round(np.asarray(changes, dtype=np.float64), DECIMALS_OF_NOISE)
    if table.ndim != 2:
        raise Degenerate(
            "not_two_dimensional", f"changes have shape {table.shape}, models x prompts is needed"
        )
    if not np.isfinite(table).all():
        raise Degenerate("not_finite", f"{int((~np.isfinite(table)).sum())} changes are not finite")
    models, prompts = table.shape
    if models < 2 or prompts < 2:
        raise Degenerate("too_few", f"{models} models and {prompts} prompts, at least 2 of each are needed")
    by_model = table.mean(axis=1, keepdims=True)
    residual = table - by_model - table.mean(axis=0, keepdims=True) + table.mean()
    df_model, df_residual = models - 1, (models - 1) * (prompts - 1)
    ms_model = prompts * float(((by_model - table.mean()) ** 2).sum()) / df_model
    ms_residual = float((residual**2).sum()) / df_residual
    if np.abs(residual).max() < 10.0**-DECIMALS_OF_NOISE:
        raise Degenerate("constant_series", "model and prompt explain every change: no residual is left")
    f = ms_model / ms_residual
    return SlopeHeterogeneity(
        share=max(0.0, 1 - ms_residual / ms_model) if ms_model > 0 else 0.0,
        f=f,
        df_model=df_model,
        df_residual=df_residual,
        p=float(fdtrc(df_model, df_residual, f)),
        n=table.size,
        unit=unit,
        method="two_way_anova",
    )
