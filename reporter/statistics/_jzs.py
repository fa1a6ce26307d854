"""The Bayes factor of a t statistic under the Jeffreys-Zellner-Siow prior."""

from __future__ import annotations

from reporter.errors import Degenerate

PRIOR_SCALE = 0.5**0.5  # "medium": half of the prior mass lies within this standardised effect


def jzs(t: float, first: int, second: int | None, prior_scale: float) -> float:
    """Weigh a Cauchy(0, prior_scale) effect against none; ``second`` is None for pairs."""
    from pingouin import bayesfactor_ttest

    if not prior_scale > 0:
        raise Degenerate("prior_not_positive", f"the prior scale is {prior_scale:g}, above 0 is needed")
    return float(bayesfactor_ttest(t, first, second, r=prior_scale))
