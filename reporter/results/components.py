"""What models, prompts and the rest contribute to a mean and to its spread."""

from __future__ import annotations

from dataclasses import dataclass

from reporter.results.kinds import Interval, Kind, quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A standard deviation between the members of one source, and how many members told of it."""

    sd: float = quantity(Kind.VALUE)
    interval: Interval  # ``high`` is infinite where the data set no upper limit
    share: float = quantity(Kind.SHARE)  # of the total variance
    members: int = quantity(Kind.COUNT)


@dataclass(frozen=True, slots=True, kw_only=True)
class VarianceComponents:
    """What models, prompts and the rest contribute to the spread; a description, not a test."""

    mean: float = quantity(Kind.VALUE)
    model: Component
    prompt: Component
    residual: Component
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuasiF:
    """A mean over models and prompts, tested against both as random; ``stratum`` names the error."""

    estimate: float = quantity(Kind.CHANGE)
    interval: Interval
    se: float = quantity(Kind.VALUE)
    f: float = quantity(Kind.STATISTIC)
    df: float = quantity(Kind.DF)  # of the denominator; the numerator has 1
    p: float = quantity(Kind.P)
    models_mean_square: float = quantity(Kind.STATISTIC)
    prompts_mean_square: float = quantity(Kind.STATISTIC)
    residual_mean_square: float = quantity(Kind.STATISTIC)
    stratum: str
    models: int = quantity(Kind.COUNT)
    prompts: int = quantity(Kind.COUNT)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str
