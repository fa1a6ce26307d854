"""A plan is frozen before the data; the report says what was planned, what differs, and how predictions fared."""

from __future__ import annotations

import copy
import hashlib
import json
import re
import shutil
import subprocess
import tomllib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pydantic import ValidationError

from reporter import pipeline
from reporter.errors import StudyError
from reporter.findings import NotComputable
from reporter.preregistration.declared import content_of
from reporter.preregistration.deviations import How, deviations
from reporter.preregistration.document import document, registration_summary
from reporter.preregistration.following import follow
from reporter.preregistration.frozen import PlanError, clock, freeze, read_plans
from reporter.project import load_study
from reporter.study import Study

ROOT = Path(__file__).resolve().parent.parent
STUDY = "token-scaling"
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
NO_PLAN = "No plan was frozen before the data; every analysis is exploratory."
EXTRA = """
[analysis.extra]
question = "Does anything else change?"
statistic = "wilcoxon"
roles.first = { of = "mean", token_limit = "first_limit" }
roles.second = { of = "mean", token_limit = "second_limit" }
"""
FRAME = """{% extends "frame.md.jinja" %}{% block body %}
{% endblock %}"""


@pytest.fixture
def planned(project):
    """The published part of the study, with a template that says nothing itself, and its plan frozen."""
    (project.folder / "report.md.jinja").write_text(FRAME, encoding="utf-8")
    freeze(project.root, STUDY, now=NOON)
    return project


def followed(project):
    answered = project.answer()
    return follow(answered.study, answered.dataset, answered.findings)


def differences(project, version=1):
    """What the study, or the next version, has otherwise: (field, how, old, new)."""
    return [(d.field, d.how, d.old, d.new) for d in followed(project).steps[version - 1].deviations]


def report_of(project):
    return pipeline.report(project.root, project.answer())


def add(project, text):
    with (project.folder / "study.toml").open("a", encoding="utf-8") as file:
        file.write(text)


def table(report, key):
    """A table of a report as its texts: {first cell: row}."""
    found = next(each for each in report.tables if each.key == key)
    return [
        ["".join(piece if isinstance(piece, str) else piece.text for piece in cell) for cell in row]
        for row in found.rows
    ]


# --- freezing --------------------------------------------------------------------------------------------


def test_a_plan_is_three_files_that_sha256sum_verifies(planned):
    folder = planned.folder / "plan"
    assert {path.name for path in folder.iterdir()} == {
        "version-1.json",
        "version-1.md",
        "version-1.sha256",
    }
    done = subprocess.run(
        ["sha256sum", "-c", "version-1.sha256"], cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == 0
    plan = json.loads((folder / "version-1.json").read_text(encoding="utf-8"))
    assert (plan["format"], plan["study"], plan["version"]) == (1, STUDY, 1)
    assert plan["frozen"] == "2026-01-02T12:00:00Z"


def test_the_same_study_at_the_same_time_gives_the_same_bytes(planned, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(planned.root, other)
    shutil.rmtree(other / "inputs" / STUDY / "plan")
    freeze(other, STUDY, now=NOON)
    for path in (planned.folder / "plan").iterdir():
        assert (other / "inputs" / STUDY / "plan" / path.name).read_bytes() == path.read_bytes()
        assert str(planned.root).encode() not in path.read_bytes()


def test_what_is_read_is_what_was_frozen(planned):
    frozen = freeze_again(planned, EXTRA)
    first, second = read_plans(load_study(planned.root, STUDY))
    assert second == frozen
    assert (first.version, second.version, second.follows) == (1, 2, first.sha256)
    body = (planned.folder / "plan" / "version-1.json").read_bytes()
    assert first.sha256 == hashlib.sha256(body).hexdigest()


def freeze_again(project, text):
    add(project, text)
    return freeze(project.root, STUDY, now=LATER, again=True)


def test_a_frozen_plan_is_not_replaced(planned):
    before = {path.name: path.read_bytes() for path in (planned.folder / "plan").iterdir()}
    with pytest.raises(
        PlanError, match="Version 1 of the plan was frozen at 2026-01-02T12:00:00Z, and stays"
    ):
        freeze(planned.root, STUDY, now=LATER)
    with pytest.raises(PlanError, match="Nothing differs from version 1"):
        freeze(planned.root, STUDY, now=LATER, again=True)
    freeze_again(planned, EXTRA)
    after = {path.name: path.read_bytes() for path in (planned.folder / "plan").iterdir()}
    assert before.items() < after.items()
    assert len(after) == 6


def test_rows_that_existed_are_counted_declared_or_not(planned):
    (planned.folder / "more.csv").write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    (planned.folder / "ledger.csv").write_text("what,rule,reason,count\nx,y,z,1\n", encoding="utf-8")
    plan = freeze_again(planned, EXTRA)
    raw = (planned.folder / "published.csv").read_bytes()
    assert [(f.file, f.rows, f.declared) for f in plan.rows] == [
        ("more.csv", 2, False),
        ("published.csv", 16, True),
    ]
    assert plan.rows[1].sha256 == hashlib.sha256(raw).hexdigest()
    assert plan.n_rows == 18


def test_parts_of_a_collection_count_until_they_are_joined(project):
    study = ROOT / "inputs" / STUDY
    parts = project.folder / "smollm2" / "parts" / "one"
    parts.mkdir(parents=True)
    shutil.copy(study / "smollm2" / "responses.parquet", parts)
    assert freeze(project.root, STUDY, now=NOON, write=False).n_rows == 16 + 252
    shutil.copy(study / "smollm2" / "observations.parquet", parts.parent.parent)
    shutil.copy(study / "smollm2" / "responses.parquet", parts.parent.parent)
    assert freeze(project.root, STUDY, now=NOON, write=False).n_rows == 16 + 5460 + 252


def test_a_plan_needs_no_rows(project):
    (project.folder / "published.csv").unlink()
    plan = freeze(project.root, STUDY, now=NOON)
    assert (plan.rows, plan.n_rows) == ((), 0)
    assert plan.predictions == {"prediction": {"not_computable": "no rows yet"}}
    assert "No row existed when this was frozen." in document(plan)


def test_a_plan_without_analyses(project):
    text = (project.folder / "study.toml").read_text(encoding="utf-8")
    kept = text.partition("\n[analysis.")[0]
    head = re.sub(r"^headline = \[.*?^\]\n", "", kept, flags=re.MULTILINE | re.DOTALL)
    (project.folder / "study.toml").write_text(f"{head}\n[analysis]\n", encoding="utf-8")
    (project.folder / "report.md.jinja").write_text(FRAME, encoding="utf-8")
    plan = freeze(project.root, STUDY, now=NOON)
    assert "The study asks nothing." in document(plan)
    assert "Of 0 analyses 0 are as planned" in report_of(project).text


def test_the_clock_is_that_of_the_environment(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert clock() == datetime(1970, 1, 2, tzinfo=UTC)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert abs((clock() - datetime.now(UTC)).total_seconds()) < 60
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "noon")
    with pytest.raises(PlanError, match="whole number of seconds"):
        clock()


@pytest.mark.parametrize("part", ["json", "md"])
def test_a_plan_that_was_changed_is_refused(planned, part):
    path = planned.folder / "plan" / f"version-1.{part}"
    path.write_text(path.read_text(encoding="utf-8").replace("0.05", "0.06", 1), encoding="utf-8")
    with pytest.raises(PlanError, match="changed after it was frozen"):
        read_plans(load_study(planned.root, STUDY))
    assert planned.run("build").code == 2


@pytest.mark.parametrize("part", ["json", "md", "sha256"])
def test_a_plan_that_lacks_a_file_is_refused(planned, part):
    (planned.folder / "plan" / f"version-1.{part}").unlink()
    with pytest.raises(PlanError, match="cannot be read"):
        read_plans(load_study(planned.root, STUDY))


def test_a_plan_of_another_time_or_study_is_refused(planned):
    freeze_again(planned, EXTRA)
    folder = planned.folder / "plan"
    for part in ("json", "md", "sha256"):
        (folder / f"version-1.{part}").unlink()
    with pytest.raises(PlanError, match=r"version-2\.json belongs to no version"):
        read_plans(load_study(planned.root, STUDY))
    for part in ("json", "md", "sha256"):
        text = (folder / f"version-2.{part}").read_text(encoding="utf-8")
        (folder / f"version-1.{part}").write_text(text.replace("version-2", "version-1"), encoding="utf-8")
        (folder / f"version-2.{part}").unlink()
    with pytest.raises(PlanError, match="does not follow the version before it"):
        read_plans(load_study(planned.root, STUDY))


# --- no change, no deviation -----------------------------------------------------------------------------


def test_no_change_is_no_deviation(planned):
    assert differences(planned) == []
    text = report_of(planned).text
    assert "The plan of this study was frozen after 16 rows existed." in text
    assert "Of 33 analyses 33 are as planned, 0 were planned and changed, and 0 are exploratory." in text
    assert "There are no deviations from the plan." in text
    assert NO_PLAN not in text


def test_what_means_the_same_is_no_deviation(planned):
    """Comments, white space, order, constants named in another way, shared rows, defaults written out."""
    toml = planned.folder / "study.toml"
    text = toml.read_text(encoding="utf-8")
    text = text.replace("bound = 0.10            # nats", "bound = 0.1 # in nats").replace("\n\n", "\n\n\n")
    text = text.replace(
        'roles.values = { of = "mean", token_limit = "first_limit" }',
        'roles.values = { rows = "cells", token_limit = "first_limit" }',
        1,
    )
    text = text.replace("[[source]]", '[rows.cells]\nof = "mean"\nkind = "summaries"\n\n[[source]]', 1)
    text = text.replace('declared = ["cuts", "ddof"]', 'declared = ["ddof", "cuts"]', 1)
    text = text.replace('declared = ["cuts", "ddof"]', 'declared = ["ddof"]\noptions = { cuts = "cuts" }', 1)
    head, mark, rest = text.partition("\n[analysis.cell_second]")
    body, mark_after, tail = rest.partition("\n[analysis.mean_first]")
    toml.write_text(f"{head}{mark_after}{tail}{mark}{body}", encoding="utf-8")
    assert differences(planned) == []


def test_without_a_plan_the_report_says_so_and_nothing_else_changes(report_published):
    assert NO_PLAN in report_published.text
    assert report_published.preregistration is None
    (tests,) = [each for each in report_published.tables if each.key == "tests"]
    assert ("Plan",) not in tests.heads
    assert not [each.key for each in report_published.tables if each.key.startswith("plan-")]


def test_a_declared_preregistration_without_a_plan_is_not_denied(project):
    project.edit('experiment = "', 'preregistration = "https://osf.io/abcde"\nexperiment = "')
    text = report_of(project).text
    assert NO_PLAN not in text
    assert "The preregistration of this study is <https://osf.io/abcde>." in text


# --- what differs ----------------------------------------------------------------------------------------

CHANGES = {
    "alpha": ("alpha = 0.05", "alpha = 0.01", [("alpha", How.CHANGED, "0.05", "0.01")]),
    "level": ("\nlevel = 0.95", "\nlevel = 0.9", [("level", How.CHANGED, "0.95", "0.9")]),
    "seed": ("seed = 20260104", "seed = 1", [("seed", How.CHANGED, "20260104", "1")]),
    "a constant": (
        "bound = 0.10 ",
        "bound = 0.2 ",
        [("declared.bound", How.CHANGED, "0.1", "0.2")],
    ),
    "a list of constants": (
        "[3.0, 4.0, 6.0]",
        "[3.0, 4.5, 6.0]",
        [("declared.cuts", How.CHANGED, "[3.0, 4.0, 6.0]", "[3.0, 4.5, 6.0]")],
    ),
    "an option that had its default": (
        'statistic = "bootstrap_mean"',
        'statistic = "bootstrap_mean"\noptions = { resamples = 99 }',
        [("analyses.mean_change_bca.options.resamples", How.CHANGED, "10000", "99")],
    ),
    "a family": (
        'family = "changes"\n',
        "",
        [("analyses.change.family", How.REMOVED, "changes", "nothing")],
    ),
    "an adjustment": (
        'method = "holm"',
        'method = "benjamini_hochberg"',
        [("families.changes.method", How.CHANGED, "holm", "benjamini_hochberg")],
    ),
    "a condition on rows": (
        'roles.values = { of = "mean", token_limit = "first_limit" }',
        'roles.values = { of = "mean", token_limit = "first_limit", vendor = "Anthropic" }',
        [("analyses.range_first.roles.values.vendor", How.ADDED, "nothing", "Anthropic")],
    ),
    "a model": (
        '[[model]]\nkey = "gpt-4o"\nlabel = "GPT-4o"\nvendor = "OpenAI"\n\n',
        "",
        [("models.gpt-4o", How.REMOVED, "label = GPT-4o, vendor = OpenAI", "nothing")],
    ),
    "a name with a dot": (
        'label = "Grok 4.1 Fast"',
        'label = "Grok"',
        [('models."grok-4.1-fast".label', How.CHANGED, "Grok 4.1 Fast", "Grok")],
    ),
    "a question": (
        "Do more models rise than fall?",
        "Do most models rise?",
        [("analyses.signs.question", How.CHANGED, "Do more models rise than fall?", "Do most models rise?")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CHANGES)
def test_a_change_is_listed_exactly(planned, case):
    old, new, expected = CHANGES[case]
    planned.edit(old, new)
    study = load_study(planned.root, STUDY)
    (plan,) = read_plans(study)
    found = deviations(plan.content, content_of(study))
    assert [(d.field, d.how, d.old, d.new) for d in found] == expected
    assert all(d.follows.endswith(".") for d in found)


def test_prompts_are_part_of_the_plan(project):
    prompts = (ROOT / "inputs" / STUDY / "prompts.toml").read_text(encoding="utf-8")
    (project.folder / "prompts.toml").write_text(prompts, encoding="utf-8")
    plan = freeze(project.root, STUDY, now=NOON)
    # 12 prompts x (5 replicates at one temperature + 2 at three), and 12 x 5 under each separate limit
    assert plan.answers == {"once-1000": 132, "apart-100": 60, "apart-200": 60}
    project.edit("replicates = 2", "replicates = 3", file="prompts.toml")
    project.edit('key = "silence"', 'key = "quiet"', file="prompts.toml")
    assert [(field, how) for field, how, _, _ in differences(project)] == [
        ('prompts.prompt."extension/silence"', How.REMOVED),
        ('prompts.prompt."extension/quiet"', How.ADDED),
        ('prompts.run."once-1000 (2)".replicates', How.CHANGED),
    ]


def test_an_unplanned_analysis_is_exploratory(planned):
    add(planned, EXTRA)
    assert differences(planned) == [
        ("analyses.extra", How.ADDED, "nothing", "wilcoxon: Does anything else change?")
    ]
    report = report_of(planned)
    marks = {row[0]: row[-1] for row in table(report, "plan-analyses")}
    assert marks["extra"] == "exploratory"
    assert marks["signs"] == "planned, rows existed"
    tests = {row[0]: row[-1] for row in table(report, "tests")}
    assert tests["extra"] == "exploratory"
    assert tests["signs"] == "planned, rows existed"
    assert report.preregistration is not None


def test_a_test_that_joins_a_family_changes_the_others(planned):
    add(planned, EXTRA + 'family = "changes"\n')
    marks = followed(planned).marks
    assert marks["extra"] == "exploratory"
    assert marks["change"] == "planned, changed, rows existed"
    assert marks["signs"] == "planned, rows existed"


def test_an_analysis_that_is_no_longer_asked_is_named(planned):
    text = (planned.folder / "study.toml").read_text(encoding="utf-8")
    without = re.sub(r"\[analysis\.signs\]\n.*?\n\n", "", text, flags=re.DOTALL)
    without = without.replace(' "signs.p",', "")
    (planned.folder / "study.toml").write_text(without, encoding="utf-8")
    assert [(field, how) for field, how, _, _ in differences(planned)] == [("analyses.signs", How.REMOVED)]
    report = report_of(planned)
    marks = {row[0]: row[-1] for row in table(report, "plan-analyses")}
    assert marks["signs"] == "planned, not asked"
    assert "Planned and not asked: 1." in report.text
    assert report.register.look_up("preregistration.absent").value == 1


def test_a_renamed_analysis_is_the_same_one(planned):
    """Also where others name it: a verdict's bound, the rule of a tier."""
    text = (planned.folder / "study.toml").read_text(encoding="utf-8")
    for old, new in (("mean_equivalence", "small_enough"), ("cell_second", "cell_later")):
        text = re.sub(rf"\b{old}\b", new, text)
    (planned.folder / "study.toml").write_text(text, encoding="utf-8")
    assert differences(planned) == [
        ("analyses.cell_second", How.RENAMED, "cell_second", "cell_later"),
        ("analyses.mean_equivalence", How.RENAMED, "mean_equivalence", "small_enough"),
    ]
    marks = followed(planned).marks
    assert marks["small_enough"] == "planned, rows existed"
    assert "mean_equivalence" not in marks


def test_two_questions_that_read_alike_are_not_both_renamed_to_one():
    question = {"question": "Did it?", "statistic": "sign_test", "options": {}, "roles": {}}
    planned = {"analyses": {"one": question, "other": question}, "tiers": {}}
    found = deviations(planned, {"analyses": {"third": question}, "tiers": {}})
    assert [(d.field, d.how, d.new) for d in found] == [
        ("analyses.one", How.RENAMED, "third"),
        ("analyses.other", How.REMOVED, "nothing"),
    ]


def test_a_word_and_a_number_that_read_alike_are_told_apart():
    planned, now = ({"analyses": {}, "tiers": {}, "declared": {"n": n}} for n in (3, "3"))
    assert [(d.old, d.new) for d in deviations(planned, now)] == [("3", '"3"')]


def test_what_a_later_version_changed_and_the_report_kept_is_planned_since_then(project):
    published = project.folder / "published.csv"
    rows = published.read_bytes()
    published.unlink()
    freeze(project.root, STUDY, now=NOON)
    published.write_bytes(rows)
    project.edit('statistic = "sign_test"', 'statistic = "wilcoxon"')
    freeze(project.root, STUDY, now=LATER, again=True)
    marks = followed(project).marks
    assert marks["signs"] == "planned, rows existed"
    assert marks["mean_change"] == "planned"


def test_verdicts_and_intervals_at_another_level_are_changed(planned):
    planned.edit("alpha = 0.05", "alpha = 0.01")
    marks = followed(planned).marks
    assert marks["signs"] == "planned, changed, rows existed"
    assert marks["cell_first"] == "planned, rows existed"


def test_a_planned_question_without_an_answer(planned):
    assert followed(planned).marks["own_trend"] == "planned, rows existed, not computable"


def test_rows_that_came_after_the_plan_are_no_blemish(project):
    """The plan is frozen without rows; then they come."""
    (project.folder / "report.md.jinja").write_text(FRAME, encoding="utf-8")
    published = project.folder / "published.csv"
    rows = published.read_bytes()
    published.unlink()
    freeze(project.root, STUDY, now=NOON)
    published.write_bytes(rows)
    assert followed(project).marks["signs"] == "planned"
    text = report_of(project).text
    assert "The plan of this study was frozen before any row existed." in text
    assert "is no test of a prediction" not in text


def test_two_versions_are_compared_each_with_what_came_after(project):
    """What the first version planned before there were rows stays planned; what the second added does not."""
    (project.folder / "report.md.jinja").write_text(FRAME, encoding="utf-8")
    published = project.folder / "published.csv"
    rows = published.read_bytes()
    published.unlink()
    freeze(project.root, STUDY, now=NOON)
    published.write_bytes(rows)
    freeze_again(project, EXTRA)
    project.edit('statistic = "sign_test"', 'statistic = "wilcoxon"')
    assert differences(project, 1) == [
        ("analyses.extra", How.ADDED, "nothing", "wilcoxon: Does anything else change?")
    ]
    assert differences(project, 2) == [("analyses.signs.statistic", How.CHANGED, "sign_test", "wilcoxon")]
    marks = followed(project).marks
    assert marks["extra"] == "planned, rows existed"
    assert marks["signed_rank"] == "planned"
    assert marks["signs"] == "planned, changed, rows existed"
    report = report_of(project)
    assert "it has 2 versions, and the report is compared with the last" in report.text
    assert [row[:3] for row in table(report, "plan-versions")] == [
        ["1", "2026-01-02 12:00:00 UTC", "0"],
        ["2", "2026-03-04 05:06:07 UTC", "16"],
    ]
    assert [row[:3] for row in table(report, "plan-deviations")] == [
        ["version 1", "version 2", "analyses.extra"],
        ["version 2", "report", "analyses.signs.statistic"],
    ]


# --- any single field ------------------------------------------------------------------------------------


def published_study():
    text = (ROOT / "inputs" / STUDY / "study.toml").read_text(encoding="utf-8")
    return tomllib.loads(text.partition("\n# --- our own runs")[0], parse_float=Decimal)


BEFORE = published_study()
FOLDER = ROOT / "inputs" / STUDY / "nothing-here"
# Where the parts of study.toml stand in a plan, and the keys that name them there.
NAMED = {"model": "key", "axis": "key", "source": "file", "tier": "label"}
PLURAL = {"model": "models", "axis": "axes", "source": "sources", "tier": "tiers"}
GROUPS = {"analysis": "analyses", "family": "families"}
ABOUT = {"hypothesis", "experiment", "alpha", "level", "seed"}
SHOWN = {"table", "figure", "schema"}


def scalars(value, path=()):
    """Every scalar of a TOML document, by its path."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from scalars(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from scalars(each, (*path, index))
    else:
        yield path


def place_of(path):
    """The field of a plan that a scalar of study.toml decides; None where it decides none."""
    part, *rest = path
    if part in SHOWN or (part == "source" and rest[1] in ("citation", "note")):
        return None
    if part == "study":
        return (rest[0],) if rest[0] in ABOUT else None
    if part in NAMED:
        entry = BEFORE[part][rest[0]]
        return (PLURAL[part], entry[NAMED[part]], rest[1])
    names = [name for name in rest if not isinstance(name, int)]
    if part == "analysis" and names[1] == "declared":
        names = [names[0], "options"]
    return (GROUPS.get(part, part), *names)


def is_name(path):
    """Whether a scalar is what an entry is called by."""
    return path[0] in NAMED and path[-1] == NAMED[path[0]]


PATHS = [path for path in scalars(BEFORE) if not is_name(path)]
OTHER = {
    bool: lambda value: st.just(not value),
    int: lambda _: st.integers(0, 10**9),
    Decimal: lambda _: st.decimals(min_value="0.001", max_value="0.999", places=3),
    str: lambda value: st.sampled_from(
        [f"{value} ", "mean", "first_limit", "models", "wilcoxon", "benjamini_hochberg", "sign_test"]
    ),
}


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_change_of_any_one_field_is_one_deviation_at_its_place(data):
    path = data.draw(st.sampled_from(PATHS))
    after = copy.deepcopy(BEFORE)
    *parents, last = path
    holder = after
    for name in parents:
        holder = holder[name]
    old = holder[last]
    assume(type(old) in OTHER)
    holder[last] = data.draw(OTHER[type(old)](old))
    assume(holder[last] != old)
    try:
        planned, now = (content_of(Study(**each, folder=FOLDER)) for each in (BEFORE, after))
    except (ValidationError, StudyError):
        assume(False)
    found = deviations(planned, now)
    place = place_of(path)
    if place is None:
        assert found == ()
    elif place[-1] == "statistic":  # with its statistic, an analysis may change the defaults of its options
        assert [d.path for d in found if "options" not in d.path] == [place]
    else:
        assert [d.path for d in found] == [place]
        assert found[0].how is not How.RENAMED
        assert found[0].old != found[0].new


@pytest.mark.parametrize("name", ["token-scaling", "entropy-analysis"])
def test_a_plan_survives_being_written(name):
    """Every value of the bundled studies is the same after JSON, floats to the last bit."""
    content = content_of(load_study(ROOT, name))
    assert deviations(json.loads(json.dumps(content)), content) == ()
    assert deviations(content, content) == ()


@pytest.mark.parametrize("name", ["token-scaling", "entropy-analysis"])
def test_every_field_of_a_plan_has_words_for_what_follows(name):
    content = content_of(load_study(ROOT, name))
    nothing = {"analyses": {}, "tiers": {}}
    for found in (deviations(content, nothing), deviations(nothing, content)):
        assert len(found) > len(content["analyses"])
        assert all(re.fullmatch(r"[A-Z].*\.", each.follows) for each in found)


# --- predictions -----------------------------------------------------------------------------------------


def measure_at(project, limit, means):
    """Add a row at another limit for some models."""
    rows = project.rows()
    for row in [row for row in rows if row["token_limit"] == "100" and row["model"] in means]:
        mean = means[row["model"]]
        rows.append(
            row | {
                "token_limit": limit,
                "mean": f"{mean:.2f}",
                "minimum": f"{mean - 0.01:.2f}",
                "maximum": f"{mean + 0.01:.2f}",
                "address": row["address"].replace("100", limit),
            }
        )  # fmt: skip
    project.write_rows(rows)


def test_frozen_predictions_are_scored_by_later_rows(planned):
    """Hits and mean error are counted here by hand from the plan's own numbers."""
    (plan,) = read_plans(load_study(planned.root, STUDY))
    predicted = plan.predictions["prediction"]
    assert predicted["at"] == 500
    assert len(predicted["members"]) == 8
    means = {"gpt-4o": 3.05, "deepseek-v3.2": 3.09, "claude-haiku-4.5": 4.5}
    measure_at(planned, "500", means)
    (score,) = followed(planned).findings.of("frozen_predictions")
    members = predicted["members"]
    hits = [name for name, mean in means.items() if members[name]["low"] <= mean <= members[name]["high"]]
    assert hits == ["gpt-4o", "deepseek-v3.2"]
    assert score.record.n == 3
    assert [score.units[i] for i in score.record.hits] == hits
    errors = [mean - members[name]["centre"] for name, mean in means.items()]
    assert score.record.mean_error == pytest.approx(sum(errors) / 3, rel=1e-12)
    assert set(score.dropped) == set(members) - set(means)
    text = report_of(planned).text
    assert (
        "- Frozen numbers of prediction: 2 of 3 measured values lie in the 95\N{NO-BREAK SPACE}% intervals"
        in text
    )


def test_a_constant_that_was_changed_does_not_move_a_frozen_prediction(planned):
    measure_at(planned, "500", {"gpt-4o": 3.05})
    planned.edit("next_limit = 500", "next_limit = 400")
    (score,) = followed(planned).findings.of("frozen_predictions")
    assert score.record.n == 1


PREDICTING = """
[analysis.forecast]
question = "What would entropy be at the next limit, within a set of prompts?"
statistic = "common_slope"
each = "prompt_set"
declared = ["cuts"]
options = {{ first_at = {first_at}, second_at = 200, at = 500 }}
roles.first = {{ of = "mean", token_limit = 100 }}
roles.second = {{ of = "mean", token_limit = "second_limit" }}
"""


@pytest.mark.parametrize("first_at", ["100", '"first_limit"'])
def test_predictions_of_a_group_are_scored_by_its_own_rows(project, first_at):
    """The limit is known by its value, whether the plan names it or not."""
    add(project, PREDICTING.format(first_at=first_at))
    plan = freeze(project.root, STUDY, now=NOON)
    assert plan.predictions["forecast/nat-challenge"]["members"].keys() == {
        row["model"] for row in project.rows()
    }
    measure_at(project, "500", {"gpt-4o": 3.05, "grok-4.1-fast": 9.0})
    scores = {finding.label: finding for finding in followed(project).findings.of("frozen_predictions")}
    assert scores["forecast/nat-challenge"].record.n == 2
    assert len(scores["forecast/nat-challenge"].record.hits) == 1


def test_a_plan_that_does_not_say_which_rows_will_be_measured(project):
    add(project, PREDICTING.format(first_at="90"))
    freeze(project.root, STUDY, now=NOON)
    scores = {finding.label: finding for finding in followed(project).findings.of("frozen_predictions")}
    assert scores["forecast/nat-challenge"].record == NotComputable(
        "no_rows", "the plan does not say which rows are those of the predicted limit"
    )


def test_rows_of_one_limit_predict_nothing_yet(project):
    rows = project.rows()
    project.write_rows([row for row in rows if row["token_limit"] == "100"])
    plan = freeze(project.root, STUDY, now=NOON)
    assert plan.predictions == {
        "prediction": {"not_computable": 'No row has the token_limit "second_limit".'}
    }


def test_a_group_that_is_gone_is_not_scored(project):
    add(project, PREDICTING.format(first_at="100"))
    freeze(project.root, STUDY, now=NOON)
    project.write_rows([row | {"prompt_set": "another"} for row in project.rows()])
    scores = {finding.label: finding for finding in followed(project).findings.of("frozen_predictions")}
    assert scores["forecast/nat-challenge"].record.detail == "no row is of nat-challenge"


def test_a_prediction_that_nobody_measured_is_not_scored(planned):
    (score,) = followed(planned).findings.of("frozen_predictions")
    assert isinstance(score.record, NotComputable)
    assert "token_limit = 500" in score.record.detail


def test_a_prediction_that_had_no_rows_is_not_scored(project):
    (project.folder / "report.md.jinja").write_text(FRAME, encoding="utf-8")
    raw = (project.folder / "published.csv").read_bytes()
    (project.folder / "published.csv").unlink()
    freeze(project.root, STUDY, now=NOON)
    (project.folder / "published.csv").write_bytes(raw)
    (score,) = followed(project).findings.of("frozen_predictions")
    assert score.record == NotComputable("not_predicted", "no rows yet")
    assert "- Frozen numbers of prediction: not computable: no rows yet." in report_of(project).text


# --- documents -------------------------------------------------------------------------------------------


def test_the_document_says_what_is_planned(planned):
    (plan,) = read_plans(load_study(planned.root, STUDY))
    text = (planned.folder / "plan" / "version-1.md").read_text(encoding="utf-8")
    assert text == document(plan)
    for words in (
        f"SHA-256 of the plan as JSON: `{plan.sha256}`",
        "16 rows existed when this was frozen.",
        "- `alpha`: 0.05 (verdicts)",
        "- Family `changes`: adjusted by `holm`; tests: `change`",
        "- `mean_equivalence`: bound 0.1",
        "- `cuts`: `[3.0, 4.0, 6.0]`",
        "### `mean_change_bca`",
        "- Option `resamples`: `10000`",
        "- Role `first`: `of = mean, token_limit = first_limit`",
        "- `gpt-4o`: `label = GPT-4o, vendor = OpenAI`",
        "Analyses that predict or score predictions: `prediction`.",
    ):
        assert words in text, words
    assert "\n\n\n" not in text
    headings = [t for t in MarkdownIt().parse(text) if t.type == "heading_open"]
    assert len(headings) == text.count("\n## ") + text.count("\n### ") + 1


def test_the_summary_of_a_registration_is_plain_text_with_the_digest(project):
    project.edit('hypothesis = "', 'hypothesis = "P*(x) < y_z [all]. ')
    plan = freeze(project.root, STUDY, now=NOON)
    assert "P*(x) < y_z [all]. Doubling" in registration_summary(plan)
    summary = registration_summary(plan)
    assert plan.sha256 in summary
    assert "token_limit = first_limit" in summary
    assert "\\" not in summary
    assert "`" not in summary


# --- the report as a whole -------------------------------------------------------------------------------


def test_a_report_with_a_plan_is_built_checked_and_traced(planned):
    add(planned, EXTRA)
    assert planned.run("build").code == 0
    checked = planned.run("check")
    assert (checked.code, checked.err) == (0, "")
    folder = planned.root / "reports" / STUDY
    assert {"plan-versions", "plan-rows", "plan-deviations", "plan-analyses", "tests", "headline"} == {
        path.stem for path in (folder / "tables").iterdir()
    }
    traced = planned.run("trace", "preregistration.exploratory")
    assert traced.code == 0
    assert traced.out.startswith("preregistration.exploratory  1\n")
    assert planned.run("build").out.endswith("files as they were built.\n")


def test_a_name_that_the_report_needs_is_refused(project):
    add(project, EXTRA.replace("analysis.extra", "analysis.preregistration"))
    with pytest.raises(PlanError, match='An analysis is called "preregistration"'):
        freeze(project.root, STUDY, now=NOON)


def test_the_command_freezes_and_says_what_to_do_next(project, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOON.timestamp())))
    shown = project.run("freeze", "--dry-run")
    assert (shown.code, shown.out.splitlines()[0]) == (
        0,
        "# Plan of the study: Comprehensive token scaling analysis",
    )
    assert not (project.folder / "plan").exists()
    ran = project.run("freeze")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0].endswith("plan: version 1, 33 analyses, 2026-01-02 12:00:00 UTC.")
    (plan,) = read_plans(load_study(project.root, STUDY))
    assert lines[1] == f"sha256 {plan.sha256}"
    assert lines[2].startswith("16 rows existed already")
    assert shown.out == (project.folder / "plan" / "version-1.md").read_text(encoding="utf-8")
    refused = project.run("freeze")
    assert (refused.code, refused.out) == (2, "")
