"""study.toml: what is read, and where a complaint points. The wording is in tests/messages."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from pydantic import ValidationError

from reporter.errors import ProjectError, StudyError
from reporter.project import check_name, find_root, list_studies, load_study
from reporter.study import Marks, Picture, Role


def load(project):
    return load_study(project.root, "token-scaling")


def line_of(project, text):
    lines = (project.folder / "study.toml").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_the_bundled_study_is_read_as_it_stands(answered_published):
    study = answered_published.study
    assert (study.about.name, study.about.date) == ("token-scaling", datetime.date(2026, 1, 4))
    assert len(study.models) == 8
    assert study.declared["bound"] == Decimal("0.10")
    assert study.zones.names == ("LASER", "TRANSITION", "LANTERN", "CHAOS")
    assert study.subject("gpt-4o").label == "GPT-4o"
    assert study.analyses["change"].roles["first"].where == {"token_limit": "first_limit"}


def test_constants_are_numbers_but_print_as_declared(answered_published):
    study = answered_published.study
    assert study.constant("bound") == 0.1
    assert study.constant("cuts") == (3.0, 4.0, 6.0)
    assert isinstance(study.constant("first_limit"), int)
    assert study.constant(7) == 7
    assert f"{study.declared['bound']}" == "0.10"


def test_a_source_knows_how_far_its_values_were_rounded(answered_published):
    source = answered_published.study.source("published.csv")
    assert source.half_width == pytest.approx(0.005)
    assert source.model_copy(update={"decimals": None}).half_width == 0.0


def test_a_study_cannot_be_changed(answered_published):
    with pytest.raises(ValidationError, match="frozen"):
        answered_published.study.about.seed = 1


@pytest.mark.parametrize("place", ["", "inputs", "inputs/token-scaling"])
def test_the_project_is_the_nearest_folder_above_with_studies(project, place):
    assert find_root(project.root / place) == project.root


def test_studies_are_folders_with_a_study_toml(project):
    (project.root / "inputs" / "notes").mkdir()
    assert list_studies(project.root) == ("token-scaling",)


@pytest.mark.parametrize("name", ["token-scaling", "a", "1", "gpt-4.5_b"])
def test_plain_names_are_allowed(name):
    check_name(name)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x", "a/b", "a\\b", "/etc", "UPPER", "ü", "-a", "a\n", "a b", "~"]
)
def test_names_that_are_no_plain_folder_are_refused(name):
    with pytest.raises(ProjectError, match="cannot name a study"):
        check_name(name)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("colour = 2", "schema = 1"),
        ("sede = 1", "seed = "),
        ("vendr = 1", 'label = "Claude Opus 4.5"'),
        ("decimal = 2", 'statistic = "mean_summary"'),
        ("[figure.forest.colour]", "[figure.forest.columns]"),
        ("[colour.red]\n[colour.blue]", "[zones]"),  # the first of two
    ],
)
def test_an_unknown_key_is_found_on_its_line(project, text, before):
    project.edit(before, f"{text}\n{before}")
    with pytest.raises(StudyError) as refusal:
        load(project)
    assert refusal.value.what.startswith("Unknown key")
    assert refusal.value.where.endswith(f"study.toml, line {line_of(project, text.partition(chr(10))[0])}")


def test_a_missing_key_of_the_third_model_points_at_the_third_model(project):
    project.edit('label = "DeepSeek V3.2"\n', "")
    with pytest.raises(StudyError) as refusal:
        load(project)
    assert refusal.value.what == 'The key "model.2.label" is missing.'
    assert refusal.value.where.endswith(f"line {line_of(project, 'deepseek-v3.2') - 1}")


def test_a_misspelt_key_is_shown_before_the_one_it_leaves_missing(project):
    project.edit('title = "Comp', 'titel = "Comp')
    with pytest.raises(StudyError) as refusal:
        load(project)
    assert refusal.value.what == 'Unknown key "study.titel".'
    assert refusal.value.remedy.startswith('Did you mean "title"? ')


@pytest.mark.parametrize("value", ["true", '"0.1"', "nan", "inf", '[1, "2"]', "{ a = 1 }", "2026-01-04"])
def test_only_numbers_can_be_declared(project, value):
    project.edit("bound = 0.10 ", f"bound = {value} ")
    with pytest.raises(StudyError, match="a declared constant is a number or a list of numbers"):
        load(project)


def test_a_byte_order_mark_is_no_fault(project):
    path = project.folder / "study.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load(project).about.name == "token-scaling"


def test_line_ends_of_windows_are_no_fault(project):
    path = project.folder / "study.toml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(project).about.name == "token-scaling"


def test_a_file_that_cannot_be_read_is_refused(project):
    (project.folder / "study.toml").unlink()
    (project.folder / "study.toml").mkdir()
    with pytest.raises(StudyError, match="cannot be read"):
        load(project)


# What several roles share

SHARED = """[rows.cells]
of = "mean"
over = "model"
by = ["vendor", "family"]
prompt_set = "p"
token_limit = 100
optional = true

[[source]]"""
FIRST = 'roles.values = { of = "mean", token_limit = "first_limit" }'


def role_of(project, given):
    project.edit("[[source]]", SHARED)
    project.edit(FIRST, f"roles.values = {given}")
    return load(project).analyses["range_first"].roles["values"]


def test_a_role_has_what_the_rows_that_it_names_declare(project):
    role = role_of(project, '{ rows = "cells" }')
    assert (role.of, role.units, role.columns, role.optional) == (
        "mean",
        ("model",),
        ("vendor", "family"),
        True,
    )
    assert role.where == {"prompt_set": "p", "token_limit": 100}
    assert role.words == ("mean",)


def test_what_a_role_says_itself_comes_first(project):
    role = role_of(
        project, '{ rows = "cells", of = ["sd", "n"], by = [], token_limit = 200, symbol = "word" }'
    )
    assert (role.words, role.columns, role.units) == (("sd", "n"), (), ("model",))
    assert role.where == {"prompt_set": "p", "token_limit": 200, "symbol": "word"}


def test_a_role_that_names_no_rows_has_only_its_own(project):
    project.edit("[[source]]", SHARED)
    role = load(project).analyses["range_first"].roles["values"]
    assert role == Role(of="mean", token_limit="first_limit")


@pytest.mark.parametrize(
    ("names", "words"), [("", ()), ("a", ("a",)), (("a",), ("a",)), (("a", "b"), ("a", "b")), ((), ())]
)
def test_one_name_or_several(names, words):
    role = Role(of=names, over=names, by=names)
    assert role.words == role.units == role.columns == words


@pytest.mark.parametrize(
    ("each", "groups"), [('"model"', ("model",)), ('["model", "axis"]', ("model", "axis"))]
)
def test_a_question_is_asked_for_members_of_one_column_or_several(project, each, groups):
    project.edit('each = "model"', f'each = {each}\npairs = "family"')
    analysis = load(project).analyses["cell_first"]
    assert (analysis.groups, analysis.pairs) == (groups, "family")


def test_a_figure_draws_its_parts_or_is_one_itself():
    alone = Picture(draw="d", rows="change", along="change.x", columns={"a": "b"})
    assert alone.marks == (Marks(rows="change", along="change.x", columns={"a": "b"}),)
    parts = ({"rows": "one", "columns": {}}, {"rows": "two", "along": "two.x", "columns": {"c": "d"}})
    assert Picture(draw="d", part=parts).marks == tuple(Marks(**part) for part in parts)


@pytest.mark.parametrize("rows", ["change", "change/*"])
def test_rows_of_a_table_may_be_the_members_of_answers(project, rows):
    project.edit("[table.comparison]", f'[table.members]\nrows = "{rows}"\ncolumns = []\n[table.comparison]')
    assert load(project).tables["members"].rows == rows


@pytest.mark.parametrize("rows", ["chnge", "chnge/*", "change/**"])
def test_rows_of_an_unknown_question_are_refused(project, rows):
    project.edit("[table.comparison]", f'[table.members]\nrows = "{rows}"\ncolumns = []\n[table.comparison]')
    with pytest.raises(StudyError, match=r'table\.members\.rows: ".*" is not known\. Did you mean "change"'):
        load(project)


def test_a_label_is_that_of_a_model_or_an_axis(project):
    project.edit("[[source]]", '[[axis]]\nkey = "warm"\nlabel = "warm/cold"\n[[source]]')
    study = load(project)
    assert [study.label_of(key) for key in ("gpt-4o", "warm", "other")] == ["GPT-4o", "warm/cold", "other"]
