"""Bootstrap intervals: against R's boot, brute force and SciPy, and against themselves under any engine."""

from __future__ import annotations

from functools import partial
from itertools import product

import numpy as np
import pytest
from scipy.stats import bootstrap as scipy_bootstrap

from reporter.errors import Degenerate
from reporter.statistics import _bootstrap_intervals as intervals
from reporter.statistics._resampling import Distribution, distribution, every_resample, units_of
from reporter.statistics.bootstrap import bootstrap
from reporter.statistics.bootstrap_difference import bootstrap_difference

X = np.array([2.31, 0.42, 1.17, 5.93, 0.88, 3.05, 1.46, 0.27, 2.64, 9.12])
PUBLISHED = [0.10, 0.02, 0.08, 0.06, 0.01, 0.03, 0.0, 0.14]


def mean(rows):
    return rows.mean(axis=-1)


def log_sd(rows):
    return np.log(rows.std(axis=-1, ddof=1))


def ratio(rows):
    return rows.mean(axis=-1) / (1 + rows.std(axis=-1, ddof=1))


def correlation(rows):
    centred = rows - rows.mean(axis=1, keepdims=True)
    products = (centred[..., 0] * centred[..., 1]).sum(axis=1)
    return products / np.sqrt((centred**2).sum(axis=1).prod(axis=1))


def resamples_of_the_r_script():
    states = [1]
    for _ in range(1999 * 10):
        states.append((69069 * states[-1] + 1) % 2**32)
    return np.array([state * 10 // 2**32 for state in states[1:]]).reshape(1999, 10)


@pytest.mark.parametrize("statistic", [mean, log_sd, ratio])
@pytest.mark.parametrize("level", [0.95, 0.90])
def test_intervals_agree_with_boot_on_the_same_resamples(statistic, level, reference):
    expected = reference("bootstrap")
    chosen, units = resamples_of_the_r_script(), units_of(10, clusters=None, strata=None)
    errors = intervals.jackknife_error(statistic, X, units, chosen)
    found = Distribution(statistic(X[chosen]), errors, None)
    observed = float(statistic(X[None])[0])
    se = float(intervals.jackknife_error(statistic, X, units, np.arange(10)[None])[0])
    acceleration = intervals.acceleration_of(intervals.influence(statistic, X, units))
    ours = {
        "percentile": intervals.percentile(found, level),
        "bca": intervals.bca(found, observed, acceleration, level),
        "studentised": intervals.studentised(found, observed, se, level),
    }
    for name, (low, high) in ours.items():
        case = f"{statistic.__name__}_{100 * level:g}"
        assert low == pytest.approx(expected[case, f"{name}_low"], rel=1e-8), name
        assert high == pytest.approx(expected[case, f"{name}_high"], rel=1e-8), name


def test_enumerated_bca_agrees_with_the_methods_page():
    found = bootstrap(PUBLISHED, statistic=mean)
    assert found.enumerated
    assert found.resamples == 6435
    assert found.interval.low == pytest.approx(0.0275, rel=1e-8)
    assert found.interval.high == pytest.approx(0.09125, rel=1e-8)
    assert found.se == pytest.approx(np.std(PUBLISHED) / np.sqrt(8), rel=1e-8)
    assert found.bias == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("level", [0.95, 0.80])
def test_enumeration_agrees_with_brute_force(level):
    values = X[:5]
    resamples = np.array([values[list(pick)] for pick in product(range(5), repeat=5)])
    means = np.sort(np.round(resamples.mean(axis=1), 10))
    found = bootstrap(values, statistic=mean, interval="percentile", level=level)
    low = means[int(np.ceil(round((1 - level) / 2 * means.size, 6))) - 1]
    high = means[int(np.ceil(round((1 + level) / 2 * means.size, 6))) - 1]
    assert (found.interval.low, found.interval.high) == (low, high)
    assert found.se == pytest.approx(means.std(), rel=1e-9)


def test_enumeration_within_strata_has_the_weights_of_brute_force():
    units = units_of(5, clusters=None, strata=[0, 1, 0, 1, 1])
    chosen, weights = every_resample(units)
    assert weights.sum() == pytest.approx(1, rel=1e-12)
    assert len(chosen) == units.distinct == 3 * 10
    brute: dict[tuple[int, ...], int] = {}
    for pick in product([0, 2], [0, 2], [1, 3, 4], [1, 3, 4], [1, 3, 4]):
        brute[tuple(sorted(pick))] = brute.get(tuple(sorted(pick)), 0) + 1
    ours = {tuple(sorted(row.tolist())): weight for row, weight in zip(chosen, weights, strict=True)}
    assert ours == pytest.approx({row: count / (4 * 27) for row, count in brute.items()})


@pytest.mark.parametrize("statistic", [mean, log_sd])
def test_agrees_with_scipy_on_its_own_distribution(statistic):
    theirs = scipy_bootstrap(
        (X,), lambda rows, axis: statistic(rows), n_resamples=9999, rng=3, vectorized=True, method="BCa"
    )
    found = Distribution(theirs.bootstrap_distribution, None, None)
    units = units_of(10, clusters=None, strata=None)
    acceleration = intervals.acceleration_of(intervals.influence(statistic, X, units))
    low, high = intervals.bca(found, float(statistic(X[None])[0]), acceleration, 0.95)
    # SciPy interpolates linearly at rank p (B - 1), we on the normal scale at p (B + 1): neighbours of 9,999
    assert low == pytest.approx(theirs.confidence_interval.low, abs=2e-2)
    assert high == pytest.approx(theirs.confidence_interval.high, abs=2e-2)


def test_two_groups_have_the_acceleration_of_scipy():
    first, second = X[:6], X[4:] ** 1.2
    units = [units_of(6, clusters=None, strata=None)] * 2
    pull = [
        intervals.influence(mean, group, one)[0] for group, one in zip((first, second), units, strict=True)
    ]
    # Efron and Tibshirani 1993, several samples: sums of cubes and squares of the influences over n
    cubes = sum(
        ((group - group.mean()) ** 3).sum() * sign / 6**3 for group, sign in ((first, -1), (second, 1))
    )
    squares = sum(((group - group.mean()) ** 2).sum() / 6**2 for group in (first, second))
    assert intervals.acceleration_of([-pull[0], pull[1]]) == pytest.approx(
        cubes / (6 * squares**1.5), rel=1e-8
    )


def test_the_difference_of_two_groups_agrees_with_scipy():
    first, second = X, X[::-1] ** 0.5 + 1
    ours = bootstrap_difference(first, second, interval="bca", rng=np.random.default_rng(5), resamples=99_999)
    theirs = scipy_bootstrap(
        (second, first),
        lambda two, one, axis: two.mean(axis) - one.mean(axis),
        n_resamples=99_999,
        rng=np.random.default_rng(6),
        method="BCa",
        vectorized=True,
        batch=10_000,
    )
    # two independent sets of resamples: three Monte Carlo errors of a 2.5 % quantile
    assert ours.interval.low == pytest.approx(theirs.confidence_interval.low, abs=0.05)
    assert ours.interval.high == pytest.approx(theirs.confidence_interval.high, abs=0.05)
    assert ours.se == pytest.approx(theirs.standard_error, rel=0.02)


def test_small_groups_are_enumerated_pair_by_pair():
    first, second = X[:3], X[3:7]
    ours = bootstrap_difference(first, second)  # percentile unless asked otherwise
    brute = np.array(
        [
            np.mean(second[list(two)]) - np.mean(first[list(one)])
            for one in product(range(3), repeat=3)
            for two in product(range(4), repeat=4)
        ]
    )
    assert ours.enumerated
    assert ours.interval.method == "percentile_bootstrap"
    assert ours.se == pytest.approx(brute.std(), rel=1e-9)
    assert ours.interval.low == pytest.approx(np.quantile(brute, 0.025, method="inverted_cdf"), rel=1e-8)
    assert ours.interval.high == pytest.approx(np.quantile(brute, 0.975, method="inverted_cdf"), rel=1e-8)


@pytest.mark.parametrize("interval", ["percentile", "bca", "studentised"])
@pytest.mark.parametrize("block", [1, 3, 50])
def test_block_size_changes_nothing(interval, block):
    units = units_of(10, clusters=None, strata=None)
    error = partial(intervals.jackknife_error, mean, X, units) if interval == "studentised" else None
    run = partial(distribution, mean, error, X, units, resamples=4321)
    ours = run(rng=np.random.default_rng(2), block=block)
    default = run(rng=np.random.default_rng(2))
    assert np.array_equal(ours.values, default.values)
    assert ours.values.size == 4321
    assert (ours.errors is None) == (error is None)
    if error is not None:
        assert np.array_equal(ours.errors, default.errors)


def test_random_resamples_keep_every_stratum():
    strata = np.repeat([0, 1], [12, 8])
    values = np.concatenate([X, X[:2] + 1, X[:8] + 100])
    found = bootstrap(
        values,
        statistic=mean,
        strata=strata,
        rng=np.random.default_rng(9),
        resamples=20_000,
        interval="percentile",
    )
    # the variance of a stratified mean: sum of the strata's own, each with its share squared
    parts = [(values[strata == one].var(), (strata == one).sum()) for one in (0, 1)]
    assert not found.enumerated
    assert found.se == pytest.approx(np.sqrt(sum(var * n for var, n in parts)) / 20, rel=0.02)
    assert found.bias == pytest.approx(0, abs=4 * found.se / np.sqrt(20_000))


def test_clusters_of_unequal_size_are_drawn_whole():
    labels = np.array(["a", "b", "b", "c", "c", "c", "d", "e", "f", "g"])
    units = units_of(10, clusters=labels, strata=None)
    found = bootstrap(X, statistic=mean, clusters=labels, interval="percentile")
    members = [X[labels == name] for name in "abcdefg"]
    brute = [np.mean(np.concatenate([members[i] for i in pick])) for pick in every_resample(units)[0]]
    weights = every_resample(units)[1]
    assert (found.units, found.n) == (7, 10)
    expected = np.average(brute, weights=weights)
    assert found.bias == pytest.approx(expected - X.mean(), abs=1e-9)
    assert found.se == pytest.approx(np.sqrt(np.average((brute - expected) ** 2, weights=weights)), rel=1e-8)


def test_all_models_get_the_same_questions():
    # the second model repeats the first: if questions were drawn apart, the correlation would leave 1
    table = np.column_stack([X, 2 * X])
    with pytest.raises(Degenerate) as refusal:
        bootstrap(table, statistic=correlation, rng=np.random.default_rng(1), resamples=500)
    assert refusal.value.reason in {"constant_series", "statistic_undefined"}
    table[0, 1] += 1
    found = bootstrap(table, statistic=correlation, rng=np.random.default_rng(1), resamples=500)
    assert found.interval.low > 0.9


def test_the_studentised_interval_of_a_mean_uses_its_own_standard_error():
    units = units_of(10, clusters=None, strata=None)
    chosen = resamples_of_the_r_script()[:50]
    errors = intervals.jackknife_error(mean, X, units, chosen)
    assert errors == pytest.approx(X[chosen].std(axis=1, ddof=1) / np.sqrt(10), rel=1e-9)


@pytest.fixture
def cluster(request):
    """Start a real local cluster for the engine that a test asks for."""
    if request.param == "dask":
        distributed = pytest.importorskip("distributed")
        with (
            distributed.LocalCluster(
                n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
            ) as local,
            distributed.Client(local),
        ):
            yield request.param
    elif request.param == "ray":
        ray = pytest.importorskip("ray")
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
        yield request.param
        ray.shutdown()
    else:
        yield request.param


np_mean = partial(np.mean, axis=1)  # other processes know it, a function of this file they do not


@pytest.mark.filterwarnings("default")  # the clusters' own warnings are not ours
@pytest.mark.parametrize("cluster", ["loky", "dask", "ray"], indirect=True)
def test_a_cluster_gives_the_numbers_of_one_process(cluster):
    alone = bootstrap(X, statistic=np_mean, rng=np.random.default_rng(4), resamples=6_000)
    spread = bootstrap(X, statistic=np_mean, rng=np.random.default_rng(4), resamples=6_000, engine=cluster)
    assert spread == alone


@pytest.mark.parametrize(
    ("rows", "options", "reason"),
    [
        ([1.0, 2.0], {}, "too_few"),
        ([], {}, "too_few"),
        ([1.0, np.nan, 3.0], {}, "not_finite"),
        ([2.0, 2.0, 2.0], {}, "constant_series"),
        (X, {}, "no_generator"),
        (X, {"rng": np.random.default_rng(1), "resamples": 10}, "too_few_resamples"),
        (X, {"strata": [0] * 9 + [1]}, "too_few"),
        (
            X,
            {"strata": [0] * 5 + [1] * 5, "clusters": [0, 1, 2, 3, 4, 4, 5, 6, 7, 8]},
            "cluster_in_two_strata",
        ),
        (X, {"clusters": [1, 2, 3]}, "mismatched_lengths"),
        (X, {"statistic": log_sd, "rng": np.random.default_rng(1)}, None),
        (X[:3], {"statistic": log_sd}, "statistic_undefined"),
        (X[:3], {"interval": "studentised"}, "unbounded_interval"),
    ],
)
def test_refuses_with_a_reason(rows, options, reason):
    run = partial(bootstrap, rows, **{"statistic": mean, **options})
    if reason is None:
        assert run().interval.low < run().value < run().interval.high
        return
    with pytest.raises(Degenerate) as refusal:
        run()
    assert refusal.value.reason == reason
