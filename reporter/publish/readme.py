"""README.md of a deposit: what it is, where its rows come from, and how to make the report again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from reporter.publish.codebook import table
from reporter.publish.tabular import data_path
from reporter.study import MEMBERS, Layout, Picture, Study

NAMED = re.compile(r"\{(\w+)")  # an analysis at the head of an address in braces

CONTENTS = (  # beginnings of paths, and what such files are
    (("report.pdf", "report.html", "report.md"), "the report"),
    (("figures/", "tables/"), "what the report shows: drawings, and the values in them"),
    (("numbers.csv",), "every printed number: value, unit, n, statistic, interval level, seed, rows, lines"),
    (("findings.json",), "every answer, with the rows that it was computed from and their SHA-256"),
    (("data/",), "all rows, as CSV and as Parquet"),
    (("codebook.md", "datapackage.json"), "what each column means, for people and for programs"),
    (("exclusions.csv",), "what was left out, and by which rule"),
    (("study.toml",), "the questions, the statistics and their options"),
    (("inputs/",), "the study's folder as the program reads it"),
    (("templates/",), "the text around the numbers"),
    (("environment.txt", "built_from.json"), "versions, and digests of everything that was read"),
    (("CITATION.cff", "ro-crate-metadata.json"), "how to cite this, and what each file is"),
    (
        ("LICENSE-data.txt", "LICENSE-code.txt"),
        "the licences of data and report, and of templates and program",
    ),
    (("manifest-sha256.txt",), "SHA-256 of each file; check with `sha256sum -c manifest-sha256.txt`"),
    (("README.md",), "what is here, where it comes from, and how to make it again"),
)


def readme(study: Study, described: Mapping[str, Any], made: Mapping[str, Any], files: Sequence[str]) -> str:
    """Write the README.

    Parameters
    ----------
    described : mapping
        What :func:`reporter.describe.codebook` says of the study.
    made : mapping
        The report's ``built_from.json``.
    files : sequence of str
        The report's files, by path.
    """
    parts = (
        _head(study), _contents(), _rows(study, described), _software(study, made), _again(study, made),
        _map(study, files), _rights(),
    )  # fmt: skip
    return "\n".join(line for part in parts for line in (*part, "")).rstrip("\n") + "\n"


def _head(study: Study) -> Iterator[str]:
    about = study.about
    yield f"# {about.title}"
    yield from ("", about.subtitle) if about.subtitle else ()
    yield ""
    yield f"Hypothesis: {about.hypothesis}"
    yield ""
    for author in about.authors:
        said = ", ".join(filter(None, (author.name, author.affiliation, author.role)))
        yield f"- Author: {said}"
    yield f"- Date: {about.date.isoformat()}"
    yield from (f"- DOI of the study: {doi}" for doi in filter(None, (about.doi,)))
    yield from (f"- OSF project of the study: <{osf}>" for osf in filter(None, (about.osf,)))


def _contents() -> Iterator[str]:
    yield from ("## What is here", "")
    rows = [(", ".join(f"`{name}`" for name in names), what) for names, what in CONTENTS]
    yield from table(("File", "What"), rows)


def _rows(study: Study, described: Mapping[str, Any]) -> Iterator[str]:
    yield from ("## Data availability and provenance", "")
    yield f"All rows that the report rests on are in this folder. SHA-256 of all: `{described['sha256']}`."
    for file in described["files"]:
        source = study.source(file["file"])
        yield ""
        yield f"- `{data_path(source, 'csv')}`: {file['rows']} {file['kind']}, {file['origin']}."
        yield f"  Source: {file['citation']}"
        yield from (f"  Note: {note}" for note in filter(None, (source.note,)))
        yield f"  SHA-256 of `inputs/{study.about.name}/{file['file']}`: `{file['sha256']}`"
    yield ""
    left_out = sum(entry["count"] for entry in described["exclusions"])
    yield f"Left out: {left_out}; `exclusions.csv` says what, and why."


def _software(study: Study, made: Mapping[str, Any]) -> Iterator[str]:
    changed = ", with uncommitted changes" if made["uncommitted_changes"] else ""
    yield from ("## Software, versions, seeds", "")
    yield f"- Program: {made['program']}, commit {made['commit']}{changed}"
    yield f"- System: {made['system']}"
    yield "- Versions: " + ", ".join(f"{name} {number}" for name, number in made["versions"].items())
    yield "- All packages: `environment.txt`"
    yield f"- Seed: {study.about.seed}; the column `seed` of `numbers.csv` has that of each answer."


def _again(study: Study, made: Mapping[str, Any]) -> Iterator[str]:
    name = study.about.name
    yield from ("## How to make the report again", "")
    yield "No model and no network is needed once the packages are there. Python 3.11 or newer and Pango;"
    yield f"then, with {made['program']} as in its repository at the commit above:"
    yield from (
        "",
        "```",
        "pip install -r environment.txt",
        f"report --root . build --study {name}",
        "```",
        "",
    )
    yield f"This folder is a project of that program, so that the report is written to `reports/{name}/`."
    yield "With the same versions every number, table and figure is the same, byte for byte."


def _map(study: Study, files: Sequence[str]) -> Iterator[str]:
    yield from ("## Which answers each table and figure shows", "")
    yield "Answers are listed in `findings.json` under addresses that begin with these words."
    yield ""
    shown = [name for name in files if name.startswith(("tables/", "figures/")) and name.endswith(".csv")]
    yield from table(("File", "Answers"), [(f"`{name}`", _answers(study, name)) for name in shown])


def _answers(study: Study, name: str) -> str:
    key = PurePosixPath(name).stem
    if name.startswith("figures/"):
        found = _of_picture(study.figures[key])
    elif key == "tests":
        return "every answer with a p value"
    elif key in study.tables:
        found = _of_layout(study.tables[key])
    elif key == "headline":
        found = [address.partition(".")[0].partition("/")[0] for address in study.about.headline]
    else:  # a table for each model has the model's key behind its own
        longest = max((each for each in study.tables if key.startswith(f"{each}-")), key=len)
        found = _of_layout(study.tables[longest])
    return ", ".join(f"`{word}`" for word in dict.fromkeys(found) if word in study.analyses)


def _of_layout(layout: Layout) -> list[str]:
    columns = " ".join(f"{column.head} {column.show}" for column in layout.columns)
    return [layout.rows.removesuffix(MEMBERS), *NAMED.findall(columns)]


def _of_picture(picture: Picture) -> list[str]:
    found = []
    for marks in picture.marks:
        found += [marks.rows.removesuffix(MEMBERS), *NAMED.findall(" ".join(marks.columns.values()))]
    return [*found, *NAMED.findall(" ".join(picture.summary.values()))]


def _rights() -> Iterator[str]:
    yield from ("## Licences", "")
    yield "Data, report, tables and figures: CC BY 4.0 (`LICENSE-data.txt`), where no source that is cited"
    yield "above says otherwise of its own rows. Templates and program: `LICENSE-code.txt`."
