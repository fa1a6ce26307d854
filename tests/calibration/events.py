"""One simulated sample at a time: was the truth covered, was a true null hypothesis rejected?

Each function draws a sample of size n and returns the answer; :mod:`more_coverage` counts the answers.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from scipy.optimize import brentq

from reporter.entropy.text_entropy import text_entropy
from reporter.results import Interval
from reporter.statistics._ranks import fisher_interval, unit_ranks
from reporter.statistics.bootstrap import bootstrap
from reporter.statistics.bootstrap_difference import bootstrap_difference
from reporter.statistics.change_beyond_length import change_beyond_length
from reporter.statistics.common_slope import common_slope
from reporter.statistics.effective_dimension import effective_dimension
from reporter.statistics.equivalence import equivalence
from reporter.statistics.fingerprint import fingerprint
from reporter.statistics.hedges_g import hedges_g
from reporter.statistics.hedges_g_paired import hedges_g_paired
from reporter.statistics.mixed_trend import mixed_trend
from reporter.statistics.ordering import ordering
from reporter.statistics.page_l import page_l
from reporter.statistics.paired_permutation import paired_permutation
from reporter.statistics.partial_spearman import partial_spearman
from reporter.statistics.pooled_scan import pooled_scan
from reporter.statistics.pooled_spearman import pooled_spearman
from reporter.statistics.random_effects import random_effects
from reporter.statistics.saturating_trend import saturating_trend
from reporter.statistics.share import share
from reporter.statistics.sign_test import sign_test
from reporter.statistics.spearman import spearman
from reporter.statistics.spearman_bca import spearman_bca
from reporter.statistics.stratified_spearman import stratified_spearman
from reporter.statistics.trend import trend
from reporter.statistics.variance_components import variance_components
from reporter.statistics.wilcoxon import wilcoxon

PERMUTATIONS = 999
RESAMPLES = 1_999
MODELS = 4  # that answered the same questions
LIMITS = np.array([50.0, 100.0, 200.0, 400.0, 800.0])
NEW_LIMIT = 500.0

Rng = np.random.Generator


def covers(interval: Interval | None, truth: float) -> bool:
    return interval is not None and interval.low <= truth <= interval.high


def standard(population: str, rng: Rng, shape) -> np.ndarray:
    """Draw values of mean 0 and standard deviation 1."""
    if population == "normal":
        return rng.standard_normal(shape)
    if population == "gamma(4)":
        return (rng.gamma(4.0, size=shape) - 4) / 2
    return (rng.lognormal(size=shape) - math.exp(0.5)) / math.sqrt((math.e - 1) * math.e)


# --- rank correlations -------------------------------------------------------------------------------------


def clayton_rho(theta: float) -> float:
    """Find Spearman's rho of Clayton's copula, 12 times its integral less 3, by Gauss-Legendre quadrature."""
    nodes, weights = np.polynomial.legendre.leggauss(200)
    u, w = (nodes + 1) / 2, weights / 2
    copula = (u[:, None] ** -theta + u**-theta - 1) ** (-1 / theta)
    return float(12 * w @ copula @ w - 3)


@cache
def clayton_theta(rho: float) -> float:
    return brentq(lambda theta: clayton_rho(theta) - rho, 0.01, 20)


def correlated(copula: str, rho: float, n: int, rng: Rng) -> np.ndarray:
    """Draw n pairs whose Spearman correlation is rho; margins do not matter to ranks."""
    if copula == "normal":
        pearson = 2 * math.sin(math.pi * rho / 6)
        first, second = rng.standard_normal((2, n))
        return np.array([first, pearson * first + math.sqrt(1 - pearson**2) * second])
    theta = clayton_theta(rho)
    frailty = rng.gamma(1 / theta, size=n)
    return (1 + rng.exponential(size=(2, n)) / frailty) ** (-1 / theta)


def bonett_wright(copula, rho, n, rng):
    first, second = correlated(copula, rho, n, rng)
    # the interval of `spearman`, without its permutation test
    r = float(unit_ranks(first, name="first") @ unit_ranks(second, name="second"))
    return covers(fisher_interval(r, n=n, level=0.95), rho)


def rank_bca(copula, rho, n, rng):
    found = spearman_bca(*correlated(copula, rho, n, rng), rng=rng, resamples=RESAMPLES)
    return covers(found.interval, rho)


def spearman_rejects(decimals, n, rng):
    first, second = rng.standard_normal((2, n)).round(decimals)
    return spearman(first, second, permutations=PERMUTATIONS, rng=rng).p <= 0.05


def two_strata(n, rng):
    """Draw two series that depend on the stratum, and on nothing else."""
    strata = np.arange(n) % 2
    return (*(rng.standard_normal((2, n)) + 2 * strata), strata)


def stratified_rejects(n, rng):
    return stratified_spearman(*two_strata(n, rng), permutations=PERMUTATIONS, rng=rng).p <= 0.05


def unstratified_rejects(n, rng):
    first, second, _ = two_strata(n, rng)
    return spearman(first, second, permutations=PERMUTATIONS, rng=rng).p <= 0.05


def partial_rejects(n, rng):
    length = rng.standard_normal(n)
    first, second = length + rng.standard_normal((2, n))
    return partial_spearman(first, second, length, permutations=PERMUTATIONS, rng=rng).p <= 0.05


# --- effect sizes, dimensions, trends ----------------------------------------------------------------------


def g_paired(population, effect, n, rng):
    change = standard(population, rng, n) + effect
    return covers(hedges_g_paired(np.zeros(n), change).interval, effect)


def g_independent(population, effect, n, rng):
    first, second = standard(population, rng, (2, n))
    return covers(hedges_g(first, second + effect).interval, effect)


def dimension(population, variances, n, rng):
    truth = sum(variances) ** 2 / sum(variance**2 for variance in variances)
    axes = standard(population, rng, (n, len(variances))) * np.sqrt(variances)
    return covers(effective_dimension(axes, clip=math.inf).interval, truth)


def limits_of(n):
    return np.resize(LIMITS, n)


def slope_covered(population, n, rng):
    y = 3 + 0.05 * np.log2(limits_of(n)) + 0.04 * standard(population, rng, n)
    return covers(trend(limits_of(n), y, at=NEW_LIMIT).interval, 0.05)


def new_value_covered(population, n, rng):
    y = 3 + 0.05 * np.log2(limits_of(n)) + 0.04 * standard(population, rng, n)
    new = 3 + 0.05 * math.log2(NEW_LIMIT) + 0.04 * standard(population, rng, ())
    return covers(trend(limits_of(n), y, at=NEW_LIMIT).prediction, new)


def plateau_covered(n, rng):
    def curve(x):
        return 3.2 - 0.4 * np.exp(-x / 200)

    y = curve(limits_of(n)) + 0.03 * rng.standard_normal(n)
    new = curve(NEW_LIMIT) + 0.03 * rng.standard_normal()
    return covers(saturating_trend(limits_of(n), y, at=NEW_LIMIT).prediction, new)


def random_slopes_covered(n, rng):
    x = np.log2(LIMITS[:3])
    intercepts, slopes = 3 + 0.1 * rng.standard_normal((n, 1)), 0.05 + 0.03 * rng.standard_normal((n, 1))
    y = intercepts + slopes * x + 0.04 * rng.standard_normal((n, 3))
    found = mixed_trend(np.tile(LIMITS[:3], n), y.ravel(), np.repeat(np.arange(n), 3))
    return covers(found.interval, 0.05)


def new_limit_covered(true_share, taken_share, envelope, n, rng):
    """Predict one model at 500 tokens from n models at 100 and 200; a true share of V is slope."""
    own = 0.05 + math.sqrt(true_share) * 0.05 * rng.standard_normal(n)
    noise = math.sqrt((1 - true_share) / 2) * 0.05 * rng.standard_normal((3, n))
    level = 3 + 0.1 * rng.standard_normal(n)
    y100, y200, y500 = level + np.array([0, 1, math.log2(5)])[:, None] * own + noise
    found = common_slope(
        y100, y200, first_at=100, second_at=200, at=500, cuts=[3], half_width=0, heterogeneity=taken_share
    ).members[0]
    return covers(found.envelope if envelope else found.interval, y500[0])


def component_covered(source, n, rng):
    models, prompts = 0.1 * rng.standard_normal((n, 1)), 0.1 * rng.standard_normal((1, 3))
    y = models + prompts + 0.05 * rng.standard_normal((n, 3))
    found = variance_components(y.ravel(), np.repeat(np.arange(n), 3), np.tile(np.arange(3), n))
    return covers(getattr(found, source).interval, 0.1)


# --- bootstrap of clusters and of two groups ---------------------------------------------------------------


def row_mean(rows):
    return rows.mean(axis=-1)


def cluster_error(rows):
    """Estimate the error of a mean of clusters of three rows from their means."""
    means = rows.reshape(len(rows), -1, 3).mean(axis=-1)
    return means.std(axis=-1, ddof=1) / math.sqrt(means.shape[-1])


def clusters_covered(method, population, whole, n, rng):
    """Draw n questions that three models answer alike; resample questions, or wrongly single answers."""
    answers = standard(population, rng, (n, 1)) + 0.5 * standard(population, rng, (n, 3))
    found = bootstrap(
        answers.ravel(),
        statistic=row_mean,
        interval=method,
        standard_error=cluster_error,
        clusters=np.repeat(np.arange(n), 3) if whole else None,
        resamples=RESAMPLES,
        rng=rng,
    )
    return covers(found.interval, 0)


def groups_covered(method, population, n, rng):
    first, second = standard(population, rng, (2, n))
    found = bootstrap_difference(first, second, interval=method, resamples=RESAMPLES, rng=rng)
    return covers(found.interval, 0)


# --- several models that answered the same questions -------------------------------------------------------


def same_questions(shared, n, rng, *, rho=0.0):
    """Draw (models, n) twice; what the question itself brings is a share of the variance in both."""

    def series(question):
        own = rng.standard_normal((MODELS, n))
        return math.sqrt(shared) * question + math.sqrt(1 - shared) * own

    pearson = 2 * math.sin(math.pi * rho / 6) / shared
    one, two = rng.standard_normal((2, n))
    return series(one), series(pearson * one + math.sqrt(1 - pearson**2) * two)


def models_alike(shared):
    return f"{MODELS} models, {shared:g} of the variance shared"


def joint_rejects(shared, n, rng):
    first, second = same_questions(shared, n, rng)
    found = pooled_spearman(first, second, permutations=PERMUTATIONS, resamples=1, rng=rng)
    return found.p <= 0.05


def joint_covered(rho, n, rng):
    first, second = same_questions(0.5, n, rng, rho=rho)
    found = pooled_spearman(first, second, permutations=1, resamples=RESAMPLES, rng=rng)
    return covers(found.interval, rho)


def meta_analysis_rejects(shared, n, rng):
    first, second = same_questions(shared, n, rng)
    rho = np.array(
        [unit_ranks(x, name="x") @ unit_ranks(y, name="y") for x, y in zip(first, second, strict=True)]
    )
    found = random_effects(np.arctanh(rho), (1 + rho**2 / 2) / (n - 3))
    return not covers(found.interval, 0)


def pooled_scan_rejects(n, rng):
    first, _ = same_questions(0.5, n, rng)
    axes = np.stack([same_questions(0.5, n, rng)[1] for _ in range(7)], axis=1)
    found = pooled_scan(first, axes, permutations=PERMUTATIONS, resamples=1, rng=rng)
    return min(found.p_step_down) <= 0.05


def own_strata(n, rng):
    """Cut some answers of each model, those to hard questions more often; cut answers are high in both series."""
    cut = same_questions(0.5, n, rng)[0] > 0.3
    first, second = same_questions(0.5, n, rng)
    return first + 2 * cut, (second + 2 * cut)[:, np.newaxis], cut


def pooled_within(strata, n, rng, *, permutations, resamples):
    first, second, cut = own_strata(n, rng)
    labels = {"strata": cut} if strata else {}
    scan = pooled_scan(first, second, permutations=permutations, resamples=resamples, rng=rng, **labels)
    return scan.members[0]


def pooled_within_rejects(strata, n, rng):
    return pooled_within(strata, n, rng, permutations=PERMUTATIONS, resamples=1).p <= 0.05


def pooled_within_covered(strata, n, rng):
    return covers(pooled_within(strata, n, rng, permutations=1, resamples=RESAMPLES).interval, 0)


def fingerprint_rejects(n, rng):
    models = [
        (rng.standard_normal((n, 3)), rng.standard_normal((n, 12)).cumsum(axis=1) / 3) for _ in range(2)
    ]
    found = fingerprint(*models[0], *models[1], bins=6, permutations=PERMUTATIONS, splits=1, rng=rng)
    return found.p <= 0.05


# --- exact tests and equivalence ---------------------------------------------------------------------------


def about(population, n, rng):
    """Draw pairs whose differences are symmetric, or values about the median of a skewed population."""
    if population == "lognormal about its median":
        return np.ones(n), rng.lognormal(size=n)
    return tuple(standard(population.removesuffix(" pairs"), rng, (2, n)))


def signed_ranks_reject(population, n, rng):
    return wilcoxon(*about(population, n, rng)).p <= 0.05


def signs_reject(population, n, rng):
    return sign_test(*about(population, n, rng)).p <= 0.05


def sign_flips_reject(n, rng):
    change = standard("lognormal", rng, n)
    return paired_permutation(np.zeros(n), change, resamples=PERMUTATIONS, rng=rng).p <= 0.05


def equivalence_rejects(population, n, rng):
    # the true change lies on the bound: the hardest case of no equivalence
    return equivalence(np.zeros(n), standard(population, rng, n) + 1, bound=1).p <= 0.05


def order_rejects(n, rng):
    return ordering(rng.standard_normal(n)).p <= 0.05


def page_rejects(n, rng):
    return page_l(rng.standard_normal((n, 3)) + rng.standard_normal((n, 1))).p <= 0.05


REPLIES = 5  # to each prompt
LETTERS = 20
POOL = 20  # uncut texts
SHORT, LONG = 60, 120  # characters


def share_covered(probability, spread, n, rng):
    """Count n units, or the replies to n prompts whose own probabilities spread about the mean."""
    if not spread:
        values = rng.random(n) < probability
    else:
        size = probability * (1 - probability) / spread**2 - 1
        own = rng.beta(probability * size, (1 - probability) * size, n)
        values = (rng.random((n, REPLIES)) < own[:, None]).ravel()
    found = share(values.astype(float))
    return found.low <= probability <= found.high


def length_alone_rejects(n, rng):
    """Compare replies of two lengths that differ in nothing else, each with letters of its own."""

    def texts(count, length):
        weights = rng.dirichlet(np.full(LETTERS, 0.5), count)
        return ["".join(map(chr, 97 + rng.choice(LETTERS, length, p=own))) for own in weights]

    first, second = (text_entropy(texts(n, length)).values for length in (SHORT, LONG))
    found = change_beyond_length(
        first, second, [SHORT] * n, [LONG] * n, {"pool": texts(POOL, LONG)}, rng=rng, draws=1000
    )
    return not found.within
