"""NIST's Statistical Reference Datasets: at least 10 digits wherever R reaches them, and never fewer than R.

The sets for regression and analysis of variance travel in SciPy's wheel; the univariate ones are formulas,
except Michelson's, which R calls ``morley``. An analysis of variance with one factor is the between part of
our models x prompts table; prompts and rest together are its within part.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import scipy.stats

from reporter.statistics._tables import complete_table, mean_squares
from reporter.statistics.paired_t import paired_t
from reporter.statistics.trend import trend

SCIPY = Path(scipy.stats.__file__).parent / "tests" / "data"
ANOVA = ("AtmWtAg", "SiRstv", *(f"SmLs0{i}" for i in range(1, 10)))
# a sum in another order can lose, or win, this many digits of R's: without it a tie could fail
SLACK = 1.0


def digits(value, certified):
    if value == certified:
        return 15.0
    return float(min(15, -np.log10(abs(value - certified) / (abs(certified) or 1))))


def alternating(first, low, high):
    return np.concatenate([[first], np.tile([low, high], 500)])


def wanted(of_r):
    return 10.0 if of_r >= 10 else of_r - SLACK


@pytest.fixture
def nist():
    if not (SCIPY / "nist_anova").is_dir():
        pytest.skip("this SciPy was installed without its test data")
    return SCIPY


def univariate(name, expected):
    return {
        "NumAcc1": (np.array([10000001.0, 10000003, 10000002]), 10000002, 1),
        "NumAcc2": (alternating(1.2, 1.1, 1.3), 1.2, 0.1),
        "NumAcc3": (alternating(1000000.2, 1000000.1, 1000000.3), 1000000.2, 0.1),
        "NumAcc4": (alternating(10000000.2, 10000000.1, 10000000.3), 10000000.2, 0.1),
        "Michelso": (
            np.array([expected["data", f"michelson_{i}"] for i in range(1, 101)]) / 1000 + 299,
            299.8524,
            0.0790105478190518,
        ),
    }[name]


@pytest.mark.parametrize("name", ["NumAcc1", "NumAcc2", "NumAcc3", "NumAcc4", "Michelso"])
def test_mean_and_standard_deviation(name, reference):
    expected = reference("nist")
    values, mean, sd = univariate(name, expected)
    ours = paired_t(np.zeros_like(values), values)
    assert digits(ours.estimate, mean) >= wanted(expected[name, "mean"])
    assert digits(ours.se * np.sqrt(ours.n), sd) >= wanted(expected[name, "sd"])


def test_linear_regression(nist, reference):
    expected = reference("nist")
    y, x = np.loadtxt(nist / "nist_linregress" / "Norris.dat", skiprows=60).T
    ours = trend(x, y, at=0, scale="linear")
    certified = {
        "intercept": (ours.intercept, -0.262323073774029),
        "slope": (ours.slope, 1.00211681802045),
        "se": (ours.se, 0.429796848199937e-03),
        "sigma": (ours.sigma, 0.884796396144373),
        "r_squared": (ours.r_squared, 0.999993745883712),
    }
    for field, (value, truth) in certified.items():
        assert digits(value, truth) >= wanted(expected["Norris", field]), field


@pytest.mark.parametrize("name", ANOVA)
def test_analysis_of_variance(name, nist, reference):
    expected = reference("nist")
    path = nist / "nist_anova" / f"{name}.dat"
    lines = path.read_text(encoding="ascii").splitlines()
    between, within = (
        float(next(line for line in lines if line.startswith(word)).split()[4])
        for word in ("Between", "Within")
    )
    treatment, response = np.loadtxt(path, skiprows=60).T
    table = complete_table([response[treatment == one] for one in np.unique(treatment)])
    ours = mean_squares(table)
    sums = ours.prompts * ours.prompts_df + ours.residual * ours.residual_df
    assert digits(ours.models, between) >= wanted(expected[name, "between"])
    assert digits(sums / (ours.prompts_df + ours.residual_df), within) >= wanted(expected[name, "within"])
