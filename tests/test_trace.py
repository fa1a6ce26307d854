"""The way back from a printed number to its rows."""

from __future__ import annotations

import hashlib

import pytest

from reporter.errors import StudyError
from reporter.numbers import Register
from reporter.trace import trace


@pytest.fixture(scope="module")
def follow(answered):
    register = Register(answered.study, answered.findings)
    return lambda address: list(trace(address, register, answered.dataset))


def test_a_number_leads_to_its_question_statistic_rows_and_file(follow, answered):
    lines = follow("change/gpt-4o.interval.low")
    text = "\n".join(lines)
    assert lines[0].startswith("change/gpt-4o.interval.low  \N{MINUS SIGN}0.0")
    assert "question    Did a model's mean entropy change between the limits?" in text
    assert "statistic   welch_summary(level=0.95, unit=nats, ddof=0)" in text
    assert "family      changes, 8 tests" in text
    assert "verdict     not separable" in text
    assert "error over  prompts" in text
    file = answered.study.folder / "published.csv"
    assert f"{file}, sha256 {hashlib.sha256(file.read_bytes()).hexdigest()}" in lines[-1]


def test_each_row_is_printed_as_it_stands_with_its_line(follow, answered):
    rows = [line.strip() for line in follow("change/gpt-4o.p") if line.startswith("    document.md#")]
    first, second = (f"document.md#{limit}-token-results/gpt-4o" for limit in (100, 200))
    assert rows == [
        f"{first}: mean 2.94, sd 0.02, minimum 2.92, maximum 2.98, n 3  (published.csv, line 3)",
        f"{second}: mean 2.96, sd 0.02, minimum 2.92, maximum 2.98, n 3  (published.csv, line 11)",
    ]
    lines = (answered.study.folder / "published.csv").read_text(encoding="utf-8").splitlines()
    assert lines[2].startswith("document.md#100-token-results/gpt-4o,")
    assert lines[10].startswith("document.md#200-token-results/gpt-4o,")


def test_a_finding_over_all_models_shows_all_their_rows(follow):
    lines = follow("mean_change.estimate")
    assert sum(line.startswith("    document.md#") for line in lines) == 16
    assert any(line.startswith("  rows        16, sha256 ") for line in lines)


def test_a_count_names_its_members(follow):
    assert "  members     deepseek-v3.2" in follow("moves.crossed")


def test_a_declared_constant_leads_to_the_study(follow, answered):
    lines = follow("declared.bound")
    assert lines[0] == "declared.bound  0.10"
    assert lines[-1] == f"  declared in {answered.study.folder / 'study.toml'}"


def test_a_number_that_could_not_be_computed_gives_its_reason(follow):
    lines = follow("own_trend/gpt-4o.slope")
    assert lines[0] == "own_trend/gpt-4o.slope  not computable (no residual df)"
    assert lines[1].startswith("  reason      no_residual_df: ")


def test_every_number_of_the_register_can_be_followed(follow, answered):
    for number in Register(answered.study, answered.findings).numbers():
        assert follow(number.address)[0] == f"{number.address}  {number.text}"


@pytest.mark.parametrize(
    "address", ["", "mean_change", "mean_change.method", "change/gpt-4o.verdict", "nothing.p"]
)
def test_what_is_no_number_cannot_be_followed(follow, address):
    with pytest.raises(StudyError):
        follow(address)


def test_only_addresses_below_are_suggested(follow):
    with pytest.raises(StudyError) as refusal:
        follow("mean_change")
    assert "mean_change.estimate" in refusal.value.remedy
    assert "mean_change_bca" not in refusal.value.remedy
