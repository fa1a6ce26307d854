"""Measure what coverage.py leaves out: correlations, effect sizes, predictions, pooled models, exact tests.

Run: python tests/calibration/more_coverage.py [simulations], 5,000 unless another number is given; the slow
rows take fewer and say so. It prints Markdown tables for docs/validation.md. The same functions run with few
simulations in the test suite.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import events
import numpy as np
from printed_table import SEED, Row, asked_simulations, cell, table

from reporter.errors import Degenerate

Event = Callable[[int, np.random.Generator], bool]  # one sample of size n

QWEN_LIKE = (9.0, 2.5, 1.0, 0.5, 0.3, 0.2, 0.1)  # 2.06 dimensions
DEEPSEEK_LIKE = (4.0, 2.5, 2.0, 1.2, 0.8, 0.5, 0.001)  # 4.25 dimensions
EQUAL = (1.0,) * 7

OWN_STRATA = f"{events.MODELS} models, strata of each 2 sd apart"
STRATA_OF_MODELS = (("within strata", True), ("strata ignored", False))

SLOW = 0.06  # share of the simulations of a row that takes half a second for each


@dataclass(frozen=True)
class Case:
    """What is simulated, at which n, and in which share of the simulations asked for."""

    name: str
    population: str
    sizes: tuple[int, ...]
    event: Event
    share: float = 1.0


def rank_intervals() -> Iterator[Case]:
    populations = [("normal", 0.0), ("normal", 0.3), ("normal", 0.6), ("Clayton", 0.3), ("Clayton", 0.6)]
    for copula, rho in populations:
        words = f"{copula} copula, rho {rho:g}"
        yield Case("Spearman, Bonett-Wright", words, (8, 30, 420), partial(events.bonett_wright, copula, rho))
    for copula, rho in populations:
        words = f"{copula} copula, rho {rho:g}"
        yield Case("Spearman, BCa", words, (8, 30), partial(events.rank_bca, copula, rho))
    for rho in (0.0, 0.3):
        words = f"{events.models_alike(0.5)}, rho {rho:g}"
        yield Case("pooled Spearman, BCa", words, (30,), partial(events.joint_covered, rho))
    for name, strata in STRATA_OF_MODELS:
        event = partial(events.pooled_within_covered, strata)
        yield Case(f"pooled scan, {name}, BCa", OWN_STRATA, (30,), event)


def effect_intervals() -> Iterator[Case]:
    for name, event in (("g of pairs", events.g_paired), ("g of two groups of n", events.g_independent)):
        for population, effect in (("normal", 0.0), ("normal", 0.8), ("normal", 2.0), ("lognormal", 0.8)):
            yield Case(name, f"{population}, g {effect:g}", (3, 8, 30), partial(event, population, effect))
    for words, variances in (("2.1 of 7", QWEN_LIKE), ("4.2 of 7", DEEPSEEK_LIKE), ("7 of 7", EQUAL)):
        for population in ("normal", "gamma(4)"):
            event = partial(events.dimension, population, variances)
            yield Case("effective dimension", f"{population}, {words}", (8, 30), event)


def share_intervals() -> Iterator[Case]:
    for probability in (0.5, 0.9):
        words = f"independent, share {probability:g}"
        yield Case("Wilson", words, (8, 30, 420), partial(events.share_covered, probability, 0.0))
    for probability, spread in ((0.5, 0.2), (0.9, 0.1)):
        words = f"prompts differ with sd {spread:g}, share {probability:g}"
        event = partial(events.share_covered, probability, spread)
        yield Case(f"Wilson, n prompts x {events.REPLIES}", words, (8, 30, 420), event)


def trend_intervals() -> Iterator[Case]:
    for population in ("normal", "lognormal"):
        yield Case("trend, slope", population, (3, 8, 30, 420), partial(events.slope_covered, population))
    for population in ("normal", "lognormal"):
        yield Case(
            "trend, new value", population, (3, 8, 30, 420), partial(events.new_value_covered, population)
        )
    yield Case("saturating trend, new value", "normal", (8, 30), events.plateau_covered)
    yield Case("mixed trend, slope, n models", "normal", (3, 8, 30), events.random_slopes_covered)
    for true, taken in ((0.0, 0.0), (0.6, 0.6), (0.6, 0.0)):
        name = f"common slope, n models, lambda {taken:g}"
        words = f"normal, true lambda {true:g}"
        yield Case(name, words, (3, 8, 30), partial(events.new_limit_covered, true, taken, False))
    for true in (0.0, 0.3, 0.6):
        event = partial(events.new_limit_covered, true, 0.0, True)
        yield Case("common slope, envelope", f"normal, true lambda {true:g}", (3, 8, 30), event)
    for source in ("model", "prompt"):
        event = partial(events.component_covered, source)
        yield Case(f"sd of {source}s, n models x 3 prompts", "normal", (8,), event, SLOW)


def bootstrap_intervals() -> Iterator[Case]:
    for population in ("normal", "lognormal"):
        for method in ("percentile", "bca", "studentised"):
            event = partial(events.clusters_covered, method, population, True)
            yield Case(f"n questions x 3, {method}", population, (3, 8, 30), event)
    event = partial(events.clusters_covered, "bca", "normal", False)
    yield Case("the same answers drawn singly, bca", "normal", (3, 8, 30), event)
    for population in ("normal", "lognormal"):
        for method in ("percentile", "bca"):
            event = partial(events.groups_covered, method, population)
            yield Case(f"two groups of n, {method}", population, (3, 8, 30), event)


def rank_tests() -> Iterator[Case]:
    yield Case("Spearman", "any continuous", (3, 8, 30, 420), partial(events.spearman_rejects, 9))
    yield Case("Spearman", "rounded to whole numbers", (30,), partial(events.spearman_rejects, 0))
    yield Case("stratified Spearman", "two strata 2 sd apart", (8, 30), events.stratified_rejects)
    yield Case("Spearman, strata ignored", "two strata 2 sd apart", (8, 30), events.unstratified_rejects)
    yield Case("partial Spearman", "covariate behind both, r = .5", (8, 30, 420), events.partial_rejects)
    for shared in (0.5, 0.8):
        event = partial(events.joint_rejects, shared)
        yield Case("pooled Spearman, joint permutation", events.models_alike(shared), (8, 30), event)
    for shared in (0.5, 0.8):
        event = partial(events.meta_analysis_rejects, shared)
        yield Case("random effects (no test)", events.models_alike(shared), (8, 30), event)
    yield Case(
        "pooled scan of 7 axes, step-down", events.models_alike(0.5), (30,), events.pooled_scan_rejects
    )
    for name, strata in STRATA_OF_MODELS:
        event = partial(events.pooled_within_rejects, strata)
        yield Case(f"pooled scan, {name}", OWN_STRATA, (8, 30), event)
    yield Case("fingerprint", "2 models, nothing shared", (8, 30), events.fingerprint_rejects)


def exact_tests() -> Iterator[Case]:
    populations = ("normal pairs", "lognormal pairs", "lognormal about its median")
    for population in populations:
        yield Case("Wilcoxon", population, (3, 8, 30), partial(events.signed_ranks_reject, population))
    for population in populations:
        yield Case("sign test", population, (3, 8, 30, 420), partial(events.signs_reject, population))
    yield Case("sign flips", "lognormal about its mean", (3, 8, 30), events.sign_flips_reject)
    yield Case("ordering of n values", "any continuous", (3, 8), events.order_rejects)
    yield Case("Page's L, n blocks x 3", "any continuous", (3, 8, 30), events.page_rejects)
    for population in ("normal", "gamma(4)", "lognormal"):
        event = partial(events.equivalence_rejects, population)
        yield Case("equivalence (paired), at the bound", population, (3, 8, 30, 420), event)
    words = f"{events.POOL} texts, letters differ between texts"
    yield Case("change beyond length, n replies", words, (3, 8, 30), events.length_alone_rejects)


def share(case: Case, n: int, simulations: int) -> float | str:
    """Find how often the event happens among the samples that were not refused.

    Where more than half are refused, the method does not exist at this n.
    """
    if n not in case.sizes:
        return "–"
    rng = np.random.default_rng([SEED, n, zlib.crc32(f"{case.name}, {case.population}".encode())])
    happened = refused = 0
    for _ in range(simulations):
        try:
            happened += bool(case.event(n, rng))
        except Degenerate:
            refused += 1
    if 2 * refused > simulations:
        return "does not exist"
    found = happened / (simulations - refused)
    if not refused:
        return found
    return f"{cell(found, simulations - refused)} ({refused} refused)"


def rows(cases: Iterator[Case], asked: int) -> Iterator[Row]:
    for case in cases:
        simulations = math.ceil(case.share * asked)
        name = case.name if simulations == asked else f"{case.name} ({simulations:,} simulations)"
        measure = partial(share, case, simulations=simulations)
        yield Row(name=name, population=case.population, measure=measure, simulations=simulations)


def main() -> None:
    asked = asked_simulations()
    table("interval for a correlation", rows(rank_intervals(), asked))
    table("interval for an effect size or a dimension", rows(effect_intervals(), asked))
    table("interval for a share", rows(share_intervals(), asked))
    table("interval for a slope, a new value or a component", rows(trend_intervals(), asked))
    table("bootstrap interval for a mean", rows(bootstrap_intervals(), asked))
    table("test of a correlation", rows(rank_tests(), asked))
    table("exact tests and equivalence", rows(exact_tests(), asked))


if __name__ == "__main__":
    main()
