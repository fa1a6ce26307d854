"""How hard to try to get answers from an API, and where to stop: requests and money."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from reporter.collectors._ends import Tally
from reporter.collectors.keys import EndpointError

MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How hard to try, and where to stop. Prices are per million tokens; both limits hold for one run."""

    concurrency: int = 4
    attempts: int = 6
    timeout: float = 120.0  # seconds without a byte
    first_wait: float = 1.0  # seconds; doubles with each attempt
    longest_wait: float = 120.0  # seconds; who is told to wait longer gives up
    max_requests: int | None = None  # attempts count
    max_cost: float | None = None
    price_in: float | None = None
    price_out: float | None = None

    def __post_init__(self) -> None:
        if self.max_cost is not None and (self.price_in is None or self.price_out is None):
            raise EndpointError("--max-cost needs prices.", remedy="Give both, per million tokens.")
        if self.concurrency < 1 or self.attempts < 1:
            raise EndpointError(
                "Nothing can be asked in no attempt, or by nobody.", remedy="Allowed: 1 and more."
            )


@dataclass(slots=True)
class Budget:
    """Requests, answers and money of one run; what is on its way counts with the most that it can cost."""

    limits: Limits
    requests: int = 0
    spent: float = 0.0
    on_the_way: float = 0.0
    tally: Tally = field(default_factory=Tally)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def take(self, most: float) -> str:
        """Reserve one request; returns the name of the limit that forbids it, or nothing.

        Waits while requests that are on their way may yet leave enough money.
        """
        limits = self.limits
        with self.changed:
            while limits.max_cost is not None and self.spent + self.on_the_way + most > limits.max_cost:
                if not self.on_the_way:
                    return "max_cost"
                self.changed.wait()
            if limits.max_requests is not None and self.requests >= limits.max_requests:
                return "max_requests"
            self.requests += 1
            self.on_the_way += most
            return ""

    def settle(self, most: float, cost: float) -> None:
        """Replace what was reserved by what it cost."""
        with self.changed:
            self.on_the_way = max(self.on_the_way - most, 0.0)
            self.spent += cost
            self.changed.notify_all()

    def price(self, tokens_in: float, tokens_out: float) -> float:
        """Price a request."""
        return (tokens_in * (self.limits.price_in or 0) + tokens_out * (self.limits.price_out or 0)) / MILLION
