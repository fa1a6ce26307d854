"""statsmodels as a second implementation: adjustment, t tests, power, lines, and mixed models by its MixedLM."""

from __future__ import annotations

import gc
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.api import OLS, add_constant
from statsmodels.regression.mixed_linear_model import MixedLM
from statsmodels.stats.descriptivestats import sign_test as their_sign_test
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestIndPower, TTestPower
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW, ttost_paired
from statsmodels.tools.sm_exceptions import ConvergenceWarning

from reporter import families
from reporter.statistics.equivalence import equivalence
from reporter.statistics.mixed_trend import mixed_trend
from reporter.statistics.power_paired_t import power_paired_t
from reporter.statistics.power_two_sample_t import power_two_sample_t
from reporter.statistics.sign_test import sign_test
from reporter.statistics.trend import trend
from reporter.statistics.variance_components import variance_components
from reporter.statistics.welch_t import welch_t

NEAR = 1e-9
NAMES = {"holm": "holm", "benjamini_hochberg": "fdr_bh", "benjamini_yekutieli": "fdr_by"}
SEEDS = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module", autouse=True)
def frozen():
    """multipletests collects garbage in each call: let it not search all that earlier tests have left there."""
    gc.freeze()


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None)  # the first call imports
@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_adjusted_p_values(name, p):
    expected = multipletests(p, method=NAMES[name])[1]
    assert getattr(families, name)(p) == pytest.approx(expected, rel=NEAR, abs=1e-300)


@given(seed=SEEDS, n=st.integers(3, 40), bound=st.floats(0.05, 2))
def test_equivalence_of_pairs(seed, n, bound):
    first, second = np.random.default_rng(seed).standard_normal((2, n))
    ours = equivalence(first, second, bound=bound)
    assert ours.p == pytest.approx(ttost_paired(first, second, -bound, bound)[0], rel=1e-7)


@given(seed=SEEDS, n1=st.integers(2, 20), n2=st.integers(2, 20))
def test_welch(seed, n1, n2):
    rng = np.random.default_rng(seed)
    first, second = rng.standard_normal(n1), 3 * rng.standard_normal(n2)
    ours, theirs = welch_t(first, second), CompareMeans(DescrStatsW(second), DescrStatsW(first))
    t, p, df = theirs.ttest_ind(usevar="unequal")
    assert (ours.t, ours.p, ours.df) == pytest.approx((t, p, df), rel=NEAR)
    interval = theirs.tconfint_diff(usevar="unequal")
    assert (ours.interval.low, ours.interval.high) == pytest.approx(interval, rel=NEAR, abs=1e-12)


@given(seed=SEEDS, n=st.integers(1, 40))
def test_signs(seed, n):
    change = np.random.default_rng(seed).integers(-2, 3, n)
    if change.any():
        assert sign_test(np.zeros(n), change).p == pytest.approx(their_sign_test(change)[1], rel=NEAR)


@pytest.mark.parametrize("n", [4, 8, 30])
@pytest.mark.parametrize("effect", [0.4, 0.9])
def test_power_of_t_tests(n, effect):
    values = (np.arange(n) - (n - 1) / 2) / np.arange(n).std(ddof=1)
    paired = power_paired_t(np.zeros(n), values, effect=effect)
    assert paired.power_at_effect == pytest.approx(TTestPower().power(effect, n, 0.05), rel=1e-8)
    assert paired.n_needed == np.ceil(TTestPower().solve_power(effect, power=0.8, alpha=0.05))
    two = power_two_sample_t(values, values, effect=effect)
    assert two.power_at_effect == pytest.approx(TTestIndPower().power(effect, n, 0.05), rel=1e-8)
    assert two.n_needed == np.ceil(TTestIndPower().solve_power(effect, power=0.8, alpha=0.05))


@given(seed=SEEDS, n=st.integers(3, 30))
def test_a_line_and_its_new_value(seed, n):
    rng = np.random.default_rng(seed)
    x, y = np.arange(1.0, n + 1), rng.standard_normal(n)
    ours, theirs = trend(x, y, at=n + 2.0, scale="linear"), OLS(y, add_constant(x)).fit()
    slope = (theirs.params[1], theirs.bse[1], theirs.tvalues[1])
    assert (ours.slope, ours.se, ours.t) == pytest.approx(slope, rel=1e-7, abs=1e-12)
    low, high = theirs.get_prediction([[1, n + 2.0]]).conf_int(obs=True)[0]
    assert (ours.prediction.low, ours.prediction.high) == pytest.approx((low, high), rel=1e-7, abs=1e-10)


# --- mixed models: both searches are iterative; fixed samples, since MixedLM's often stops too early ------------


def fitted(model: MixedLM):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # judged by the comparison itself
        return model.fit(reml=True, method="lbfgs")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_slopes_of_models_that_differ(seed):
    rng = np.random.default_rng(seed)
    x, model = np.tile([1.0, 2, 3, 4], 12), np.repeat(np.arange(12), 4)
    y = 3 + rng.standard_normal(12)[model] + (0.5 + 0.4 * rng.standard_normal(12)[model]) * x
    y += 0.2 * rng.standard_normal(48)
    ours = mixed_trend(x, y, model, scale="linear")
    theirs = fitted(MixedLM(y, add_constant(x), groups=model, exog_re=add_constant(x)))
    # in a balanced table the error must be that of the mean of the models' own slopes
    own = np.polyfit(x[:4], y.reshape(12, 4).T, 1)[0]
    exact = own.std(ddof=1) / np.sqrt(12)
    assert ours.se == pytest.approx(exact, rel=1e-6)
    if theirs.bse_fe[1] != pytest.approx(exact, rel=1e-3):
        assert seed == 2  # here MixedLM stops before the maximum
        return
    assert ours.slope == pytest.approx(theirs.fe_params[1], rel=1e-6)
    assert ours.se == pytest.approx(theirs.bse_fe[1], rel=1e-4)
    sds = np.sqrt([*np.diag(theirs.cov_re), theirs.scale])
    assert (ours.sd_intercept, ours.sd_slope, ours.sigma) == pytest.approx(sds, rel=1e-4)


@pytest.mark.parametrize("seed", [1, 2])
def test_components_of_models_and_prompts(seed):
    rng = np.random.default_rng(seed)
    model, prompt = (axis.ravel() for axis in np.indices((8, 5)))
    y = rng.standard_normal(8)[model] + 0.6 * rng.standard_normal(5)[prompt] + 0.3 * rng.standard_normal(40)
    ours = variance_components(y, model, prompt)
    table = pd.DataFrame({"y": y, "model": model, "prompt": prompt, "all": 1})
    parts = {"model": "0 + C(model)", "prompt": "0 + C(prompt)"}
    theirs = fitted(MixedLM.from_formula("y ~ 1", groups="all", vc_formula=parts, re_formula="0", data=table))
    sds = np.sqrt([*theirs.vcomp, theirs.scale])
    assert (ours.model.sd, ours.prompt.sd, ours.residual.sd) == pytest.approx(sds, rel=1e-4)
