"""What a design can detect."""

from __future__ import annotations

from dataclasses import dataclass

from reporter.results.kinds import Kind, quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """What a design can detect: the smallest effect at this n, and the n that an effect would need."""

    detectable: float = quantity(Kind.VALUE)  # smallest effect found with ``power``
    power: float = quantity(Kind.PROBABILITY)  # declared
    effect: float = quantity(Kind.SETTING)  # the effect that one would not want to miss
    power_at_effect: float = quantity(Kind.PROBABILITY)
    n_needed: int = quantity(Kind.COUNT)  # for ``effect``; per group where there are two
    sd: float | None = quantity(Kind.VALUE)  # planned with; None where the test knows none
    p_floor: float | None = quantity(Kind.P)  # least p of the exact test at this n; None where there is none
    level: float = quantity(Kind.LEVEL)  # 1 - alpha
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedPower:
    """The same, counted in simulated samples; each count stands with its Monte Carlo standard error."""

    detectable: float = quantity(Kind.VALUE)
    detectable_error: float = quantity(Kind.VALUE)
    power: float = quantity(Kind.PROBABILITY)  # declared
    effect: float = quantity(Kind.SETTING)
    power_at_effect: float = quantity(Kind.PROBABILITY)
    power_error: float = quantity(Kind.PROBABILITY)  # of ``power_at_effect``
    n_needed: int = quantity(Kind.COUNT)
    sd: float | None = quantity(Kind.VALUE)
    p_floor: float = quantity(Kind.P)
    simulations: int = quantity(Kind.COUNT)
    level: float = quantity(Kind.LEVEL)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str
