"""Measure how often intervals cover, and how often tests reject what is true, at the n that we really have.

Run: python tests/calibration/coverage.py [simulations], 5,000 unless another number is given. It prints
Markdown tables for docs/validation.md; the Monte Carlo error stands in every cell's row. The same functions
run with few simulations in the test suite.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np
from printed_table import SEED, Row, asked_simulations, table

from reporter.errors import Degenerate
from reporter.results import Interval
from reporter.statistics.bootstrap import bootstrap
from reporter.statistics.equivalence_welch import equivalence_welch
from reporter.statistics.paired_permutation import paired_permutation
from reporter.statistics.paired_t import paired_t
from reporter.statistics.quasi_f import quasi_f
from reporter.statistics.two_sample_permutation import two_sample_permutation
from reporter.statistics.welch_t import welch_t

RESAMPLES = 999  # of a Monte Carlo permutation test
INTERVAL_RESAMPLES = 1_999  # of a bootstrap of more than 8

Draw = Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]
# each with its mean, which the intervals should cover
POPULATIONS: dict[str, tuple[Draw, float]] = {
    "normal": (lambda rng, shape: rng.standard_normal(shape), 0.0),
    "gamma(4)": (lambda rng, shape: rng.gamma(4.0, size=shape), 4.0),
    "lognormal": (lambda rng, shape: rng.lognormal(size=shape), math.exp(0.5)),
}


def row_mean(rows):
    return rows.mean(axis=-1)


def t_interval(values, rng):
    return paired_t(np.zeros_like(values), values).interval


def row_error(rows):
    return rows.std(axis=-1, ddof=1) / math.sqrt(rows.shape[-1])


def bootstrap_interval(method, values, rng):
    return bootstrap(
        values,
        statistic=row_mean,
        interval=method,
        standard_error=row_error,
        resamples=INTERVAL_RESAMPLES,
        rng=rng,
    ).interval


INTERVALS: dict[str, Callable[[np.ndarray, np.random.Generator], Interval]] = {
    "t": t_interval,
    "percentile": partial(bootstrap_interval, "percentile"),
    "BCa": partial(bootstrap_interval, "bca"),
    "studentised": partial(bootstrap_interval, "studentised"),
}


def coverage(method: str, population: str, n: int, simulations: int) -> float | None:
    """Share of simulated samples whose interval covers the mean.

    A refused interval covers nothing; where more than half are refused, the interval does not exist.
    """
    draw, truth = POPULATIONS[population]
    rng = np.random.default_rng([SEED, n, list(POPULATIONS).index(population)])
    covered = refused = 0
    for _ in range(simulations):
        try:
            interval = INTERVALS[method](draw(rng, (n,)), rng)
        except Degenerate:
            refused += 1
        else:
            covered += interval.low <= truth <= interval.high
    return None if 2 * refused > simulations else covered / simulations


def welch_p(draw, truth, n, rng):
    return welch_t(draw(rng, (n,)), draw(rng, (2 * n,))).p


def welch_unequal_p(draw, truth, n, rng):
    return welch_t(draw(rng, (n,)) - truth, 3 * (draw(rng, (2 * n,)) - truth)).p


def paired_t_p(draw, truth, n, rng):
    return paired_t(np.full(n, truth), draw(rng, (n,))).p


def sign_flip_p(draw, truth, n, rng):
    return paired_permutation(draw(rng, (n,)), draw(rng, (n,)), rng=rng, resamples=RESAMPLES).p


def relabelling_p(draw, truth, n, rng):
    return two_sample_permutation(draw(rng, (n,)), draw(rng, (n,)), rng=rng, resamples=RESAMPLES).p


def equivalence_p(draw, truth, n, rng):
    sd = {0.0: 1.0, 4.0: 2.0}.get(truth, math.sqrt((math.e - 1) * math.e))
    # the true difference lies on the bound: the hardest case of no equivalence
    return equivalence_welch(draw(rng, (n,)), draw(rng, (n,)) + sd, bound=sd).p


def quasi_f_p(draw, truth, n, rng):
    models, prompts = draw(rng, (n, 1)) - truth, draw(rng, (1, 3)) - truth
    return quasi_f(models + prompts + 0.5 * (draw(rng, (n, 3)) - truth)).p


TESTS = {
    "paired t": paired_t_p,
    "Welch t, n and 2n": welch_p,
    "Welch t, n and 2n, sd 1 and 3": welch_unequal_p,
    "sign flips": sign_flip_p,
    "relabelling": relabelling_p,
    "equivalence (Welch)": equivalence_p,
    "quasi-F, n models x 3 prompts": quasi_f_p,
}


def type_one_error(test: str, population: str, n: int, simulations: int) -> float:
    """Share of simulated samples under a true null hypothesis with p <= .05."""
    draw, truth = POPULATIONS[population]
    rng = np.random.default_rng([SEED, n, list(POPULATIONS).index(population)])
    return float(np.mean([TESTS[test](draw, truth, n, rng) <= 0.05 for _ in range(simulations)]))


def rows(names, measure, simulations):
    """Cross names and populations."""

    def measured(name, population, n):
        share = measure(name, population, n, simulations)
        return "does not exist" if share is None else share

    for name in names:
        for population in POPULATIONS:
            at = partial(measured, name, population)
            yield Row(name=name, population=population, measure=at, simulations=simulations)


def main() -> None:
    simulations = asked_simulations()
    table("interval for the mean", rows(INTERVALS, coverage, simulations))
    table("test", rows(TESTS, type_one_error, simulations))


if __name__ == "__main__":
    main()
