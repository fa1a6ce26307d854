"""The estimators that take counts, against R, closed forms, SciPy and infomeasure."""

from __future__ import annotations

import math

import infomeasure
import numpy as np
import pytest
import scipy.stats
from scipy.special import digamma, gammaln, polygamma

from reporter.entropy.chao_shen import chao_shen
from reporter.entropy.grassberger import grassberger
from reporter.entropy.james_stein import james_stein
from reporter.entropy.miller_madow import miller_madow
from reporter.entropy.nsb import nsb
from reporter.entropy.plug_in import plug_in
from reporter.errors import Degenerate

CASES = {
    "tiny": [4, 2, 2, 1],
    "equal": [3, 3, 3],
    "one": [7],
    "pair": [1, 2],
    "letters": [128, 96, 82, 74, 70, 66, 61, 60, 41, 39, 28, 26, 24, 23, 20, 19, 19, 15, 10, 8, 2, 1, 1, 1],
    "sparse": [5, 3, 2, 1, 1, 1, 1, 1, 1],
    "skewed": [900, 40, 9, 1],
}
ESTIMATORS = {
    "plug_in": plug_in,
    "miller_madow": miller_madow,
    "grassberger": grassberger,
    "chao_shen": chao_shen,
    "james_stein": james_stein,
    "nsb": nsb,
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", ESTIMATORS)
def test_agrees_with_r(case, name, reference):
    if (case, name) == ("one", "nsb"):
        pytest.skip("an alphabet of one symbol leaves nothing to integrate over")
    expected = reference("entropy_counts")[case, name]
    assert ESTIMATORS[name](CASES[case]).value == pytest.approx(expected, rel=1e-8, abs=1e-15)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", ["james_stein", "nsb"])
def test_agrees_with_r_on_a_declared_alphabet(case, name, reference):
    expected = reference("entropy_counts")[case, f"{name}_declared"]
    ours = ESTIMATORS[name](CASES[case], alphabet=3 * len(CASES[case]))
    assert ours.value == pytest.approx(expected, rel=1e-8, abs=1e-15)
    assert ours.method == f"{name}_alphabet_declared"


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(
    ("name", "approach"),
    [
        ("plug_in", "discrete"),
        ("miller_madow", "miller_madow"),
        ("chao_shen", "chao_shen"),
        ("james_stein", "shrink"),
    ],
)
def test_agrees_with_infomeasure(case, name, approach):
    symbols = np.repeat(np.arange(len(CASES[case])), CASES[case])
    peer = float(infomeasure.entropy(symbols, approach=approach))
    assert ESTIMATORS[name](CASES[case]).value == pytest.approx(peer, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("case", CASES)
def test_plug_in_agrees_with_scipy(case):
    assert plug_in(CASES[case]).value == pytest.approx(scipy.stats.entropy(CASES[case]), rel=1e-12, abs=1e-15)


def test_grassberger_closed_form():
    # G(1) = -gamma - log 2 and G(2) = G(3) = 2 + G(1)
    first = -np.euler_gamma - math.log(2)
    expected = math.log(6) - (1 * first + 2 * (2 + first) + 3 * (2 + first)) / 6
    assert grassberger([1, 2, 3]).value == pytest.approx(expected, rel=1e-14)


def test_nsb_is_the_prior_mean_averaged_over_beta_for_a_huge_sample():
    # with so many symbols the posterior stands at the frequencies, whatever the prior
    counts = np.array([5_000_000, 3_000_000, 2_000_000])
    assert nsb(counts, alphabet=30).value == pytest.approx(plug_in(counts).value, rel=1e-5)


def test_nsb_resolves_a_posterior_much_narrower_than_its_first_grid():
    # 20,000 symbols seen 1 to 40 times: the posterior of log beta has an sd of .01; the integral again, by a
    # plain sum around the peak
    values, alphabet = np.arange(1, 41), 20_000
    grid = np.linspace(np.log(0.5), np.log(8), 20_001)
    beta = np.exp(grid)[:, None]
    n = 500 * values.sum()
    log_weight = 500 * (gammaln(values + beta) - gammaln(beta)).sum(axis=1, keepdims=True)
    log_weight += gammaln(alphabet * beta) - gammaln(n + alphabet * beta) + np.log(beta)
    log_weight += np.log(alphabet * polygamma(1, alphabet * beta + 1) - polygamma(1, beta + 1))
    seen = 500 * ((values + beta) * digamma(values + beta + 1)).sum(axis=1, keepdims=True)
    mean = digamma(n + alphabet * beta + 1) - seen / (n + alphabet * beta)
    expected = np.average(mean, weights=np.exp(log_weight - log_weight.max()))
    assert nsb(np.repeat(values, 500)).value == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("name", ["grassberger", "chao_shen"])
def test_correction_is_less_biased_than_plug_in(name):
    rng = np.random.default_rng(11)
    samples = [np.bincount(rng.integers(30, size=60), minlength=30) for _ in range(400)]
    corrected = np.mean([ESTIMATORS[name](counts).value for counts in samples])
    assert abs(corrected - math.log(30)) < 0.5 * abs(
        np.mean([plug_in(counts).value for counts in samples]) - math.log(30)
    )


@pytest.mark.parametrize("name", ESTIMATORS)
def test_record_names_sample_alphabet_and_coverage(name):
    record = ESTIMATORS[name]([5, 3, 1, 1, 0])
    assert (record.n, record.k, record.unit) == (10, 4, "nats")
    assert record.coverage == pytest.approx(0.8)  # 2 singletons in 10, Good (1953)
    assert record.method.startswith(name)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_bits_are_nats_over_log_2(name):
    nats, bits = ESTIMATORS[name]([5, 3, 1, 1]), ESTIMATORS[name]([5, 3, 1, 1], unit="bits")
    assert bits.unit == "bits"
    assert bits.value == pytest.approx(nats.value / math.log(2), rel=1e-15)


@pytest.mark.parametrize("name", ESTIMATORS)
@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ([], "too_few"),
        ([0, 0], "too_few"),
        ([-1, 3], "not_counts"),
        ([0.5, 3], "not_counts"),
        ([np.nan, 3], "not_counts"),
        ([np.inf, 3], "not_counts"),
        (["a", "b"], "not_counts"),
        ([[1, 2], [3, 4]], "not_one_dimensional"),
    ],
)
def test_refuses_with_a_reason(name, counts, reason):
    with pytest.raises(Degenerate) as refusal:
        ESTIMATORS[name](counts)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: chao_shen([1]), "too_few"),
        (lambda: james_stein([1]), "too_few"),
        (lambda: nsb([1, 1, 1], alphabet=10), "no_coincidences"),
        (lambda: nsb([2, 1], alphabet=1), "alphabet_too_small"),
        (lambda: james_stein([2, 1], alphabet=1), "alphabet_too_small"),
        (lambda: plug_in([2, 1], unit="hartleys"), "unknown_unit"),
    ],
)
def test_refuses_what_an_estimator_cannot_answer(call, reason):
    with pytest.raises(Degenerate) as refusal:
        call()
    assert refusal.value.reason == reason
