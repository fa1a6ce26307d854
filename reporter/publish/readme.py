"""README.md of a deposit: what it is, where its rows come from, and how to make the report again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from reporter.publish.codebook import table
from reporter.publish.licence import OF_PROGRAM, of_data
from reporter.publish.tabular import data_path
from reporter.study import MEMBERS, Layout, Picture, Study

COMMIT = re.compile("[0-9a-f]{40,64}")
RECORD = "collection.json"  # what a collection says of itself
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
    (("LICENSE-data.txt",), "the licence of data, report, tables and figures"),
    (("LICENSE-code.txt", "LICENSE-program.txt"), "the licences of the study's own code, and of the program"),
    (("audit.json",), "what the program found when it compared report and rows again, and read the report"),
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
        _head(study), _contents(study), _rows(study, described), _software(study, made), _run_time(study),
        _again(study, made), _map(study, files), _rights(study),
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
        orcid = f"https://orcid.org/{author.orcid}" if author.orcid else ""
        yield f"- Author: {', '.join(filter(None, (author.name, *author.affiliations, author.role, orcid)))}"
    yield from (f"- Funding: {funding.words}" for funding in about.funding)
    yield f"- Date: {about.date.isoformat()}"
    told = (
        ("Keywords", ", ".join(about.keywords)),
        ("DOI of the study", about.doi),
        ("OSF project of the study", about.osf and f"<{about.osf}>"),
        ("Preregistration", about.preregistration and f"<{about.preregistration}>"),
        ("Competing interests", " ".join(about.competing_interests.split())),
    )
    yield from (f"- {what}: {words}" for what, words in told if words)


def _contents(study: Study) -> Iterator[str]:
    yield from ("## What is here", "")
    absent = "LICENSE-program.txt" if study.about.licence.code == OF_PROGRAM else ""
    rows = [(", ".join(f"`{name}`" for name in names if name != absent), what) for names, what in CONTENTS]
    yield from table(("File", "What"), rows)


def _rows(study: Study, described: Mapping[str, Any]) -> Iterator[str]:
    yield from ("## Data availability and provenance", "")
    if study.about.data_availability:
        yield from (" ".join(study.about.data_availability.split()), "")
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
    commit = f"commit {made['commit']}{changed}" if _has_commit(made) else "from no repository"
    yield from ("## Software, versions, seeds", "")
    yield f"- Program: {made['program']}, {commit}; SHA-256 of its files: `{made['sha256']['reporter']}`"
    yield f"- System: {made['system']}"
    yield "- Versions: " + ", ".join(f"{name} {number}" for name, number in made["versions"].items())
    yield "- All packages: `environment.txt`"
    yield f"- Seed: {study.about.seed}; the column `seed` of `numbers.csv` has that of each answer."


def _run_time(study: Study) -> Iterator[str]:
    """Say how long each collection took, as its record says."""
    records = sorted(study.folder.glob(f"*/{RECORD}"))
    yield from ("## Run time", "")
    if not records:
        yield "No rows were collected by the program, so there is no time to tell."
    for path in records:
        record = json.loads(path.read_text(encoding="utf-8"))
        session = record.get("this_session", {})
        told = (
            f"{record.get('answers', '?')} answers",
            f"{session['tokens']} tokens" if "tokens" in session else "",
            f"{session['seconds']:.0f} s in its last session" if "seconds" in session else "",
            f"from {record['start']} to {record['end']}" if {"start", "end"} <= record.keys() else "",
            str(record.get("machine", "")),
            str(record.get("engine", "")),
        )
        yield f"- `inputs/{study.about.name}/{path.parent.name}`: {', '.join(filter(None, told))}"
    yield ""
    yield "Making the report again from these rows takes no model, and seconds to minutes on one core."


def _has_commit(made: Mapping[str, Any]) -> bool:
    return COMMIT.fullmatch(made["commit"]) is not None


def _again(study: Study, made: Mapping[str, Any]) -> Iterator[str]:
    name = study.about.name
    yield from ("## How to make the report again", "")
    yield "No model and no network is needed once the packages are there. Python 3.11 or newer and Pango;"
    at = " as in its repository at the commit above" if _has_commit(made) else ""
    yield f"then, with {made['program']}{at}:"
    yield from (
        "",
        "```",
        "pip install -r environment.txt",
        f"report --root . build --study {name}",
        "```",
        "",
    )
    yield f"This folder is a project of that program, so that the report is written to `reports/{name}/`."
    yield "With the same versions every number, table and figure is the same, byte for byte:"
    yield "`report rebuild .` makes them aside and compares all of them with what is here."


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
        asked = [entry.removeprefix("largest ") for entry in study.about.headline]
        found = [address.partition(".")[0].partition("/")[0] for address in asked]
    else:  # a table for each model has the model's key behind its own
        longest = max((each for each in study.tables if key.startswith(f"{each}-")), key=len, default="")
        found = _of_layout(study.tables[longest]) if longest else []
    return ", ".join(f"`{word}`" for word in dict.fromkeys(found) if word in study.analyses)


def _of_layout(layout: Layout) -> list[str]:
    columns = " ".join(f"{column.head} {column.show}" for column in layout.columns)
    return [layout.rows.removesuffix(MEMBERS), *NAMED.findall(columns)]


def _of_picture(picture: Picture) -> list[str]:
    found = []
    for marks in picture.marks:
        found += [marks.rows.removesuffix(MEMBERS), *NAMED.findall(" ".join(marks.columns.values()))]
    return [*found, *NAMED.findall(" ".join(picture.summary.values()))]


def _rights(study: Study) -> Iterator[str]:
    licence, code = of_data(study.about), study.about.licence.code
    yield from ("## Licences", "")
    yield f"Data, report, tables and figures: {licence.title} (`LICENSE-data.txt`), where no source that is"
    yield "cited above says otherwise of its own rows."
    if code == OF_PROGRAM:
        yield f"Templates, program, and what the study adds to them: {code} (`LICENSE-code.txt`)."
    else:
        yield f"What the study adds to templates and program: {code} (`LICENSE-code.txt`)."
        yield f"Templates and program: {OF_PROGRAM} (`LICENSE-program.txt`)."
