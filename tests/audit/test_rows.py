"""Raw values behind a document: from a folder of runs or tables, from a study; and a report's register."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from reporter.audit.rows import register_beside, rows_of_folder, rows_of_study
from reporter.errors import DataError


def numbers(cell):
    return tuple(cell.values)


def run(entropies):
    return {
        "model_name": "some-model",
        "api_provider": "somebody",
        "measurement_type": "text_based_approximation",
        "prompt_results": [
            {"prompt": f"question {i}", "text_entropy": value, "response_length": 400}
            for i, value in enumerate(entropies)
        ],
    }


def test_runs_in_json_by_the_limit_that_their_folder_names(tmp_path):
    for limit, entropies in (("100", [3.1, 3.2]), ("200", [3.3, 3.4])):
        (tmp_path / limit).mkdir()
        (tmp_path / limit / "run.json").write_text(json.dumps(run(entropies)), encoding="utf-8")
    (tmp_path / "notes.json").write_text("[1, 2]", encoding="utf-8")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    found = {(cell.subject, cell.condition, cell.measure): cell for cell in rows_of_folder(tmp_path)}
    assert {key: numbers(cell) for key, cell in found.items()} == {
        ("some-model", "100", "text_entropy"): (3.1, 3.2),
        ("some-model", "200", "text_entropy"): (3.3, 3.4),
    }


def test_two_runs_of_a_cell_stay_apart(tmp_path):
    (tmp_path / "100").mkdir()
    for name, entropies in (("first", [3.1, 3.2]), ("again", [3.5, 3.6])):
        (tmp_path / "100" / f"{name}.json").write_text(json.dumps(run(entropies)), encoding="utf-8")
    cells = rows_of_folder(tmp_path)
    assert sorted(map(numbers, cells)) == [(3.1, 3.2), (3.5, 3.6)]
    assert len({cell.run for cell in cells}) == 2


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_tables_of_observations(tmp_path, suffix):
    table = pd.DataFrame(
        {
            "model": ["a", "a", "b"],
            "token_limit": [100, 100, 100],
            "measure": "text_entropy",
            "value": [1.0, 2.0, 3.0],
        }
    )
    path = tmp_path / f"observations.{suffix}"
    table.to_csv(path, index=False) if suffix == "csv" else table.to_parquet(path)
    assert {(cell.subject, cell.condition): numbers(cell) for cell in rows_of_folder(tmp_path)} == {
        ("a", "100"): (1.0, 2.0),
        ("b", "100"): (3.0,),
    }


def test_a_study_gives_its_single_values_under_the_models_labels(answered):
    cells = rows_of_study(answered.study, answered.dataset)
    table = answered.dataset.tables["observations"]
    assert sum(len(cell.values) for cell in cells) == len(table)
    assert {cell.subject for cell in cells} == {answered.study.label_of(key) for key in table["model"]}


def test_a_study_of_summaries_gives_none(answered_published):
    assert rows_of_study(answered_published.study, answered_published.dataset) == ()


@pytest.mark.parametrize("content", [None, "{}", "model,mean\na,3\n"])
def test_a_folder_without_raw_values_is_refused(tmp_path, content):
    if content is None:
        folder = tmp_path / "nowhere"
    else:
        folder = tmp_path
        (folder / ("run.json" if content == "{}" else "rows.csv")).write_text(content, encoding="utf-8")
    with pytest.raises(DataError):
        rows_of_folder(folder)


def test_the_register_beside_a_report(tmp_path):
    report = tmp_path / "report.md"
    assert register_beside(report) == ()
    (tmp_path / "numbers.csv").write_text(
        "address,text,lines\nmean.estimate,+0.055,3 9 9\nmean.p,,\n", encoding="utf-8"
    )
    first, second = register_beside(report)
    assert (first.address, first.text, first.lines) == ("mean.estimate", "+0.055", (3, 9, 9))
    assert second.lines == ()


@pytest.mark.parametrize("content", ["address,text\nmean,3\n", "address,text,lines\nmean,3,x\n"])
def test_a_register_that_cannot_be_read_is_refused(tmp_path, content):
    (tmp_path / "numbers.csv").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match="cannot be read"):
        register_beside(tmp_path / "report.md")


def test_the_registers_of_built_reports_hold(made_report):
    """Every number that our own report registers stands where the register says."""
    from reporter.audit.checks.register import register
    from reporter.audit.document import Document
    from reporter.audit.facts import Facts
    from reporter.audit.reading import Reading

    lines = tuple((made_report / "report.md").read_text(encoding="utf-8").split("\n"))
    document = Document(name="report.md", lines=lines)
    facts = Facts(document=document, facts=(), aliases={})
    found = register_beside(made_report / "report.md")
    looked = [*register(Reading(document=document, facts=facts, register=found))]
    assert len(looked) > 100 and {each.finding for each in looked} == {None}


@pytest.fixture(scope="module")
def made_report(report_published, tmp_path_factory) -> Path:
    """Write the text and the register of the published part's report, without its pictures."""
    from reporter.bundle import quoted_rows

    folder = tmp_path_factory.mktemp("built")
    (folder / "report.md").write_text(report_published.text, encoding="utf-8")
    pd.DataFrame(quoted_rows(report_published)).to_csv(folder / "numbers.csv", index=False)
    return folder
