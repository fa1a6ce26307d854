"""What was said to have no value, and has one in the document's own tables."""

from __future__ import annotations

from reporter.audit.checks.not_computable import not_computable
from reporter.audit.finding import Severity

TABLE = """
## Entropy

| Model | Mean entropy | Eff. dim |
|---|---|---|
| Alpha 1B | 0.173 | 1.28 |
| Phi 2B | 0.208 | N/A |
| Beta 2B | 0.209 | 2.41 |
| Gamma 3B | 0.247 | 2.78 |
| Delta 4B | 0.271 | 1.85 |
| Kappa 5B | 0.289 | 3.66 |
| Omega 6B | 0.319 | 1.91 |

### Mean entropy vs effective dimensionality
"""
CLAIM = "\nSpearman correlation could not be computed (n=6, one axis is constant).\n"
POLES = """
## Poles

### Alpha 1B

| Axis | Pos | Neg | p |
|---|---|---|---|
| warm | 0.36 | 0.30 | 0.2 |
| patient | 0.24 | 0.21 | 0.3 |
| formal | 0.54 | 0.38 | 0.1 |
"""


def test_a_correlation_that_can_be_computed(written, reference):
    known = reference("audit_p_values")
    [finding] = written(not_computable, TABLE + CLAIM)
    assert finding.severity is Severity.ERROR
    assert (
        finding.expected == f"rho = {known['dimension', 'rho']:.4f}, p = {known['dimension', 'p']:.3f}, n = 6"
    )
    assert "1 without a value left out" in finding.how


def test_not_where_the_document_prints_it(written):
    assert written(not_computable, TABLE + "\nHere rho = 0.371 (p = 0.497, n = 6).\n" + CLAIM) == []


def test_not_where_there_are_no_columns(written):
    assert written(not_computable, CLAIM) == []
    assert (
        written(
            not_computable, TABLE.replace("2.41", "N/A").replace("2.78", "N/A").replace("1.85", "N/A") + CLAIM
        )
        == []
    )


def test_a_relation_that_is_told_without_a_coefficient(written):
    told = "\nModels with low entropy tend toward low dimensionality.\n"
    [finding] = written(not_computable, TABLE + told)
    assert (finding.severity, finding.expected) == (Severity.WARNING, "rho = 0.371, p = 0.497, n = 6")
    rising = TABLE
    for old, new in zip(
        ("1.28", "2.41", "2.78", "1.85", "3.66", "1.91"),
        ("1.1", "2.2", "2.3", "2.4", "2.5", "2.6"),
        strict=True,
    ):
        rising = rising.replace(old, new)
    assert written(not_computable, rising + told) == []


def test_too_few_points(written):
    [finding] = written(not_computable, "There are too few points for significance (n = 6).")
    assert "2/6! = 0.0028" in finding.how
    assert written(not_computable, "There are too few points for significance (n = 4).") == []


def test_a_missing_value_that_is_printed(written):
    assert written(not_computable, POLES + "\nNote: proactive returned NaN for both models.\n") == []
    [finding] = written(not_computable, POLES + "\nNote: patient returned NaN for both models.\n")
    assert finding.severity is Severity.ERROR
    assert "0.24, 0.21, 0.3" in finding.how


def test_both_sides_may_be_named_in_words(written):
    table = "| Model | Size | Score |\n|---|---|---|\n" + "".join(
        f"| M{i} | {i} | {s} |\n" for i, s in enumerate((3.1, 2.2, 4.0, 5.5))
    )
    [finding] = written(
        not_computable, table + "\nA rank correlation of size and score could not be calculated.\n"
    )
    assert finding.expected.startswith("rho = 0.8000")  # ranks 2 1 3 4 against 1 2 3 4
    assert (
        written(not_computable, table + "\nA rank correlation of size and cost could not be calculated.\n")
        == []
    )
