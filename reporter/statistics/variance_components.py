"""How much of the spread lies between models, between prompts, and in the rest?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from reporter.errors import Degenerate
from reporter.results import Component, Interval, VarianceComponents
from reporter.statistics._inputs import sample
from reporter.statistics._reml import Crossed, profile_interval


def variance_components(
    values: ArrayLike,
    model: ArrayLike,
    prompt: ArrayLike,
    *,
    condition: ArrayLike | None = None,
    level: float = 0.95,
    unit: str = "nats",
) -> VarianceComponents:
    """Estimate crossed random effects of models and prompts by restricted maximum likelihood.

    A description of where the spread lies, not a test. The intervals profile the restricted likelihood,
    so that they are as wide as three prompts, or eight models, make them.

    Parameters
    ----------
    values : array (n,), in ``unit``
    model, prompt : array (n,)
        Labels of each value; at least 2 of each. Not every pair needs to occur.
    condition : array (n,), optional
        Labels of what differs by design (token limit, temperature): a fixed effect, no part of the spread.
    level : float
        Level of the intervals.

    Returns
    -------
    VarianceComponents
        Standard deviations; one that is estimated as 0 has an interval from 0 upwards.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``, ``constant_series``; ``no_residual_df`` where
        models and prompts (and conditions) explain every value.

    References
    ----------
    Patterson and Thompson (1971), Recovery of inter-block information when block sizes are unequal,
    Biometrika 58, 545-554, doi:10.1093/biomet/58.3.545.
    """
    numbers = sample(values, name="values", least=4)
    size = float(numbers.std())
    if np.ptp(numbers) == 0:
        raise Degenerate("constant_series", f"all {numbers.size} values are {numbers[0]:g}")
    centre = float(numbers.mean())
    fixed = None if condition is None else np.asarray(condition)
    crossed = Crossed.of((numbers - centre) / size, [np.asarray(model), np.asarray(prompt)], fixed)
    sds, least = crossed.best()
    total = float((sds**2).sum())
    components = []
    for which, members in enumerate([*crossed.members, crossed.residual_df]):
        low, high = profile_interval(crossed, which, sds, least, level)
        components.append(
            Component(
                sd=size * float(sds[which]),
                interval=Interval(low=size * low, high=size * high, level=level, method="profile_reml"),
                share=float(sds[which] ** 2) / total,
                members=members,
            )
        )
    return VarianceComponents(
        mean=centre + size * crossed.mean(sds),
        model=components[0],
        prompt=components[1],
        residual=components[2],
        n=numbers.size,
        unit=unit,
        method="variance_components",
    )
