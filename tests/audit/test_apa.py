"""APA sentences are understood as the PyPI package statcheck understands them.

The examples are those of statcheck's own tests (version 0.0.7 for Python, after the R package of Nuijten and
Epskamp, doi:10.3758/s13428-015-0664-2), which the wheel does not carry, so they stand here with the verdict
that statcheck's tests expect. That verdict is checked three times: against p values that R printed
(tests/reference/apa.csv) over the rounding of the statistic; against the package itself, where it is
installed; and against our audit, on every sentence that it reads. The package's sentence reader fails under
pandas 3, whose copies it does not expect, so its rules are called with the numbers of the sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

# A sentence of statcheck's tests, and whether its p is wrong.
EXAMPLES: tuple[tuple[str, bool], ...] = (
    ("t(28) = 2.20, p = .03", True),
    ("F(2, 28) = 2.20, p = .15", True),
    ("r(28) = .22, p = .26", True),
    ("chi2(28) = 22.20, p = .79", True),
    ("z = 2.20, p = .04", True),
    ("Q(28) = 22.20, p = .79", True),
    ("t(28) = 2.20, ns", True),
    ("t(28) = 2.20, p > .05", True),
    ("t(28) = 2.0, p < .05", False),
    ("t(28) = 1.20, p = .03", True),
    ("t(28) = 2.20, p = .30", True),
    ("t(28) = 2, p = .02", False),
    ("t(28) = 2, p = .14", False),
    ("t(28) = 2.2, p = .03", False),
    ("t(28) = 2.2, p = .04", False),
    ("t(28) = 2.20, p = .036", False),
    ("t(28) = 2.20, p = .037", False),
    ("t(28) = 2.20, p = .018", True),
    ("t(28) = 2.20, p = .01, one-tailed", True),
    ("t(28) = 2.20, p = .018, one-tailed", False),
    ("t(28) = 2.20, p = .018, one-sided", False),
    ("t(28) = 2.20, p = .018, directional", False),
    ("t(28) = 22.20, p = .000", True),
    ("t(28) = 22.20, p < .000", True),
    ("t(28) = 2.2, p = .036", False),
    ("t(28) = 2.2, p < .08", False),
    ("t(28) = 2.2, p > .02", False),
    ("t(28) = 2.2, p = .08", True),
    ("t(28) = 2.2, p = .02", True),
    ("t(28) = 2.2, p > .08", True),
    ("t(28) = 2.2, p < .02", True),
    ("t(28) < 2.2, p = .08", False),
    ("t(28) < 2.2, p > .08", False),
    ("t(28) < 2.2, p < .08", False),
    ("t(28) < 2.2, p > .02", False),
    ("t(28) < 2.2, p < .02", True),
    ("t(28) < 2.2, p = .02", True),
    ("t(28) > 2.2, p = .02", False),
    ("t(28) > 2.2, p > .02", False),
    ("t(28) > 2.2, p < .02", False),
    ("t(28) > 2.2, p < .08", False),
    ("t(28) > 2.2, p > .08", True),
    ("t(28) > 2.2, p = .08", True),
    ("t(28) = 2.20, p = .06", True),
    ("F(2, 28) = 22.20, p = .06", True),
    ("F(2, 28) = 2.20, p = .03", True),
    ("r(28) = .22, p = .03", True),
    ("r(28) = .52, p = .06", True),
    ("chi2(28) = 2.20, p = .03", True),
    ("chi2(28) = 52.20, p = .06", True),
    ("z = 1.20, p = .03", True),
    ("z = 2.20, p = .06", True),
    ("Q(28) = 2.20, p = .03", True),
    ("t(28) = 5.20, p = .02", True),
    ("t(28) = 1.20, p = .005", True),
    ("t(28) = 1.23, p = .04", True),
    ("t ( 28 ) = 2.20 , p = .03", True),
    ("t(28)=2.20,p=.03", True),
    ("t(28) = -2.20, p = .03", True),
    ("t(28) = 2,000.20, p = .03", True),
    ("t(28) = 2.20, p = 0.03", True),
    ("t(28) = 2.20, p < .03", True),
    ("t(28) = 2.20, p > .03", False),
    ("t(28.1) = 2.20, p = .03", True),
    ("t(553) = \N{MINUS SIGN}4.46, p < .0001", False),
    ("F(2, 28) = 1.23, p = .04", True),
    ("F(2,28)=2.20,p=.03", True),
    ("F(2.1, 28.1) = 2.20, p = .03", True),
    ("F(1, 76) = 23.95, p < .001", False),
    ("r(28) = .20, p = .03", True),
    ("r(28) = .23, p = .04", True),
    ("chi2(28) = 1.23, p = .04", True),
    ("X2(28) = 2.20, p = .03", True),
    ("chi2(28, N = 129) = 2.2, p = .03", True),
    ("chi2(1, N = 11,455) = 16.78, p < .001", False),
    ("Z = 2.20, p = .03", False),
    ("Q(2) = 2.20, p = .03", True),
)
ONE_SIDED = ("one-tailed", "one-sided", "directional")
PARTS = re.compile(
    r"(?P<name>t|F|r|chi2|X2|z|Z|Q)\s?(?:\(\s?(?P<df1>[\d.]+)(?:, ?(?P<df2>[\d.]+)|, N = [\d,]+)?\s?\))?"
    r"\s?(?P<is>[=<>])\s?(?P<value>[-\N{MINUS SIGN}]?[\d,]*\.?\d+)\s?, ?(?:p ?(?P<p_is>[=<>]) ?(?P<p>\d?\.\d+)|(?P<ns>ns))"
)


@dataclass(frozen=True, slots=True)
class Parts:
    """The numbers of a sentence."""

    name: str
    value: float
    decimals: int
    df: tuple[float, ...]
    relation: str
    p: float
    p_decimals: int
    p_relation: str
    one_sided: bool


def parts(sentence: str) -> Parts:
    """Take a sentence apart, as simply as these sentences allow."""
    match = PARTS.match(sentence)
    assert match, sentence
    value = match["value"].replace(",", "").replace("\N{MINUS SIGN}", "-")
    p = match["p"] or ".05"
    return Parts(
        {"X2": "chi2", "Z": "z"}.get(match["name"], match["name"]),
        float(value),
        len(value.partition(".")[2]),
        tuple(float(df) for df in (match["df1"], match["df2"]) if df),
        match["is"],
        float(p),
        len(p.partition(".")[2]),
        match["p_is"] or "ns",
        any(word in sentence for word in ONE_SIDED),
    )


def is_wrong(said: Parts, low: float, high: float) -> bool:
    """Apply statcheck's published rule to p values between ``low`` and ``high``, which the statistic leaves open."""
    if said.one_sided:
        low, high = low / 2, high / 2
    if said.p <= 0:
        return True
    match said.relation, said.p_relation:
        case "=", "=":
            return not round(low, said.p_decimals) <= said.p <= round(high, said.p_decimals)
        case "=", "<":
            return said.p < low
        case "=", _:
            return said.p > high
        case "<", "=":
            return said.p < round(high, said.p_decimals)
        case "<", "<":
            return said.p < high
        case ">", "=":
            return said.p > round(low, said.p_decimals)
        case ">", ">":
            return said.p > low
        case _:
            return False


def case(said: Parts) -> str:
    """Name the statistic as tests/reference/apa.R does."""
    return f"{said.name}({';'.join(f'{df:g}' for df in said.df)})={abs(said.value):.{said.decimals}f}"


@pytest.mark.parametrize(("sentence", "wrong"), EXAMPLES)
def test_the_expected_verdict_follows_from_p_values_of_r(sentence, wrong, reference):
    printed = reference("apa")
    said = parts(sentence)
    bounds = printed[case(said), "low"], printed[case(said), "high"]
    assert is_wrong(said, *bounds) is wrong


@pytest.mark.parametrize(("sentence", "wrong"), EXAMPLES)
def test_the_expected_verdict_is_that_of_statcheck(sentence, wrong):
    error_test = pytest.importorskip("statcheck.error_test").error_test
    said = parts(sentence)
    name = {"chi2": "Chi2", "z": "Z"}.get(said.name, said.name)
    df1, df2 = (None, said.df[0]) if name in ("t", "r") else (*said.df, None, None)[:2]
    found = error_test(
        said.p, name, said.value if name != "t" else abs(said.value), df1, df2, said.p_relation, said.relation,
        said.p_decimals, said.decimals, not said.one_sided, 0.05, True,
    )  # fmt: skip
    assert bool(found) is wrong


@pytest.fixture(scope="module")
def audited():
    """Audit one document with each sentence in a paragraph of its own: what was looked at, and found, by line."""
    from reporter.audit.audit import audit

    text = "\n\n".join(f"The effect was studied, {sentence}." for sentence, _ in EXAMPLES)
    return audit(f"# Report\n\n{text}\n")


def _line(sentence: str) -> int:
    return 3 + 2 * [example for example, _ in EXAMPLES].index(sentence)


@pytest.mark.parametrize(("sentence", "wrong"), EXAMPLES)
def test_the_audit_agrees_on_what_it_reads(sentence, wrong, audited):
    found = [f for f in audited.findings if f.place.line == _line(sentence) and f.severity.value != "note"]
    if sentence in read_by_the_audit(audited):
        assert bool(found) is wrong, found
    else:
        assert not found, f"a finding on a sentence that was not read: {found}"


def test_nearly_all_are_read(audited):
    unread = {sentence for sentence, _ in EXAMPLES} - read_by_the_audit(audited)
    assert len(unread) <= 0.05 * len(EXAMPLES), unread


def read_by_the_audit(audited) -> set[str]:
    """The sentences whose p was looked at together with its statistic, or was found to be no p at all."""
    tests = [looked for looked in audited.looked if looked.check in ("reported_tests", "stars")]
    lines = {
        number.place.line
        for looked in tests
        if len(looked.numbers) > 1 or looked.finding
        for number in looked.numbers
    }
    return {sentence for sentence, _ in EXAMPLES if _line(sentence) in lines}
