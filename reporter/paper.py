"""A report in the look of a paper: title block, abstract, numbered sections, statements, works, appendices.

The text is that of the report, word for word. What is new stands around it: statements that journals ask for,
citations in a style of CSL, lists of tables and figures, and appendices with every test and every number.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markdown_it.token import Token
from markupsafe import Markup

from reporter.about import About
from reporter.appendix import all_numbers, all_tests
from reporter.bundle import Bundle, data_files, epoch, picture_of
from reporter.citations import Cited, Work, cite, linked, own_works, work_of
from reporter.compose import Report
from reporter.errors import OutputError
from reporter.looks import Paper
from reporter.numbers import Number
from reporter.provenance import templates_folder
from reporter.references import BY_STATISTIC, used
from reporter.render import html
from reporter.render import manuscript as text
from reporter.render.environment import Quoted, environment
from reporter.render.environment import escape as escaped
from reporter.render.markdown import pipe_table
from reporter.render.press import Job
from reporter.tables import Cell, Table, text_of
from reporter.unchanged import MANIFEST, digests, manifest_of
from reporter.whole import replacing

LONGEST_ABSTRACT = 20  # questions; where more are asked, members by themselves are left out
TESTS, NUMBERS = "Table A1", "Table A2"
APPENDICES = {"tests": "Appendix A. All tests", "numbers": "Appendix B. Number register"}
PROVENANCE = "Appendix C. Provenance"
LONGEST_HEAD = 70  # characters of the running head


def write(
    report: Report, folder: Path, look: Paper, *, inspect: Callable[[Path], None] = lambda _: None
) -> Bundle:
    """Put the paper into a report's folder, beside its other files, or leave the folder as it was.

    Parameters
    ----------
    report : Report
        Of the study itself, or of its copy without authors where the paper is blind.
    folder : Path
        The built report.
    inspect : function of a path, optional
        Looks at the PDF before it is put there, and may refuse it.

    Raises
    ------
    OutputError
        The folder cannot be written, or the PDF refuses what stands in the report.
    StudyError
        The study's list of works cannot be read.
    SystemPartMissing
        Pango, the fonts, or the packages that set citations are not there.
    """
    if not (folder / MANIFEST).is_file():
        raise OutputError("There is no report to put the paper beside.", where=folder)
    with tempfile.TemporaryDirectory() as apart:
        made = Path(apart) / look.file
        job_of(report, made, look).do()
        inspect(made)
        with replacing(folder, what="paper") as place:
            shutil.copytree(folder, place, dirs_exist_ok=True)
            shutil.copyfile(made, place / look.file)
            (place / look.made_from).write_text(look.record(), encoding="utf-8")
            files = digests(place)
            (place / MANIFEST).write_text(manifest_of(files), encoding="utf-8")
    return Bundle(folder, files)


def job_of(report: Report, target: Path, look: Paper) -> Job:
    """Say what is to be printed as the paper of a report, and how."""
    about = report.study.about
    kind = ("paper", look.spacing * (look.spacing == "double"), "numbered" * look.lines)
    attached = None
    if look.attach_data:
        attached = {name.replace("/", "-"): content for name, content in data_files(report)}
    return Job(
        body=body(report, look),
        target=target,
        pictures=tuple(map(picture_of, report.figures)),
        settings={
            "title": about.title,
            "language": about.language,
            "header": _running_head(about, look),
            "css": html.stylesheet() + html.stylesheet("paper.css"),
            "epoch": epoch(report),
            "authors": [] if look.blind else [author.name for author in about.authors],
            "kind": " ".join(filter(None, kind)),
            "line_numbers": look.lines,
            "attached": attached,
        },
    )


def body(report: Report, look: Paper) -> str:
    """Write the paper as the content of a page."""
    about = report.study.about
    parts = text.arranged(report.marked)
    labels = _methods_labels(report)
    works, keys = _works(report)
    order = [keys[word] for label in _labels_in(parts.text) for word in labels.get(label, ())]
    cited = cite(works, order, style=look.references, folder=report.study.folder)
    text.cite_methods(parts.text, lambda label: _mark(cited, [keys[word] for word in labels.get(label, ())]))
    text.redirect(parts.text, parts.moved)

    abstract = parts.abstract or _headline(report)
    count, abstract_count = text.words(parts.text), text.words(abstract)
    tokens = text.shaped(
        [
            *text.heading(text.ABSTRACT),
            *abstract,
            *parts.text,
            *text.plain_headings(html.parsed(_statements(report, look))),
            *text.heading("References"),
            text.block(_list_of_works(cited)),
            *_lists(report),
            *text.plain_headings(html.parsed(_appendices(report))),
            *text.heading(PROVENANCE),
            *parts.provenance[3:],  # without its own heading
        ]
    )
    items = text.items(tokens)
    return _title(about, look, count, abstract_count, items) + html.written(tokens)


def _lists(report: Report) -> Iterator[Token]:
    yield from text.heading("List of tables")
    yield text.list_of("table")
    if report.figures:
        yield from text.heading("List of figures")
        yield text.list_of("figure")


def _title(about: About, look: Paper, words: int, abstract_words: int, items: Mapping[str, int]) -> str:
    """Write the title block."""
    places = list(dict.fromkeys(place for author in about.authors for place in author.affiliations))
    authors = [
        {
            "name": author.name,
            "orcid": author.orcid,
            "marks": ",".join(str(places.index(place) + 1) for place in author.affiliations),
        }
        for author in about.authors
    ]
    return html.part(
        "paper.html.jinja",
        title=about.title,
        subtitle=about.subtitle,
        authors=authors,
        places=places,
        date=about.date.isoformat(),
        keywords=", ".join(about.keywords),
        blind=look.blind,
        words=words,
        abstract_words=abstract_words,
        tables=items["table"],
        figures=items["figure"],
    )


def _running_head(about: About, look: Paper) -> str:
    """Name who wrote it, if readers may know, and what it is called."""
    if look.blind or not about.authors:
        return about.short_title
    first, *others = (author.family_name or author.name for author in about.authors)
    head = f"{first}{' et al.' * bool(others)}: {about.short_title}"
    return head if len(head) <= LONGEST_HEAD else about.short_title


def _headline(report: Report) -> tuple[Token, ...]:
    """Write an abstract for a report without a summary: what it asks, and its headline numbers."""
    about = report.study.about
    asked: dict[str, list[str]] = {}
    of_all: set[str] = set()  # what is asked of all members together
    for table in report.tables:
        if table.key == "headline":
            for (address, *_), (number, *_), unit, question in table.rows:
                finding = number.finding if isinstance(number, Number) else None
                path = str(address).removeprefix(f"{finding.address}." if finding else "").replace("_", " ")
                said = f"{path.replace('.', ', ')} = {text_of((number,))} {text_of(unit)}".strip()
                asked.setdefault(escaped(text_of(question)), []).append(escaped(said))
                if finding and not finding.label:
                    of_all.add(escaped(text_of(question)))
    kept = [question for question in asked if len(asked) <= LONGEST_ABSTRACT or question in of_all]
    lines = [f"- {question} {'; '.join(asked[question])}." for question in kept]
    asks = f"{escaped(about.experiment)}. {escaped(about.hypothesis)}"
    return tuple(html.parsed("\n".join([asks, "", *lines])))


def _works(report: Report) -> tuple[list[Work], dict[str, str]]:
    """List every work, and which one each statistic and adjustment rests on; a study's own wording wins."""
    own = own_works(report.study.folder)
    by_doi = {str(work["DOI"]).lower(): str(work["id"]) for work in own if work.get("DOI")}
    taken = {str(work["id"]).lower() for work in own}
    words = report.rests_on
    works: list[Work] = [*own]
    keys: dict[str, str] = {}
    for reference in used(words):
        work = work_of(reference)
        key = by_doi.get(reference.doi.lower(), "")
        if not key:
            key = work["id"] if work["id"].lower() not in taken else f"{work['id']}-method"
            works.append(work | {"id": key})
        keys |= {word: key for word in words if BY_STATISTIC.get(word) == reference}
    return works, keys


def _methods_labels(report: Report) -> dict[str, tuple[str, ...]]:
    """Tell which words the paragraphs of the methods are about, by the bold label of each."""
    shared = _environment(Quoted())
    macros: Any = shared.get_template("parts/methods.md.jinja").module
    labels: dict[str, tuple[str, ...]] = {}
    for word in sorted(report.rests_on):
        for token in html.parsed(str(macros.method(word))):
            if token.type == "inline" and (label := text.label_of(token)) and word in BY_STATISTIC:
                labels[label] = (*labels.get(label, ()), word)
    return labels


def _labels_in(tokens: Sequence[Token]) -> list[str]:
    return [text.label_of(token) for token in tokens if token.type == "inline"]


def _mark(cited: Cited, keys: Sequence[str]) -> str:
    """Write the marks of some works, each a link to its place in the list."""
    return " ".join(f'<a href="#work-{_slug(key)}">{cited.marks[key]}</a>' for key in dict.fromkeys(keys))


def _list_of_works(cited: Cited) -> str:
    lines = [f'<p id="work-{_slug(key)}">{linked(work)}</p>' for key, work in cited.listed]
    return '<div class="works">\n' + "\n".join(lines) + "\n</div>\n"


def _slug(key: str) -> str:
    return escape("".join(letter if letter.isalnum() else "-" for letter in key.lower()))


def _environment(quoted: Quoted) -> Environment:
    return environment(FileSystemLoader(templates_folder()), quoted)


def _statements(report: Report, look: Paper) -> str:
    about, made = report.study.about, report.made
    words = {
        "about": _said(about),
        "licence": {"data": about.licence.data, "code": about.licence.code},
        "funding": [grant.words for grant in about.funding],
        "authors": [{"name": a.name, "role": a.role, "affiliations": a.affiliations} for a in about.authors],
        "sources": [
            {"file": s.file, "origin": s.origin, "citation": s.citation} for s in report.study.sources
        ],
        "made": {"program": made.program, "commit": made.commit, "dirty": made.dirty},
        "blind": look.blind,
        "tests_label": TESTS,
        "tests_anchor": _anchor(TESTS),
        "numbers_label": NUMBERS,
        "numbers_anchor": _anchor(NUMBERS),
        "preregistration": None,  # so that the part on plans says that there is none
    }
    shown = [table.key for table in report.tables]
    for word, key in (("plan", "plan-analyses"), ("deviations", "plan-deviations")):
        label = f"Table {shown.index(key) + 1}" if key in shown else ""
        words |= {f"{word}_label": label, f"{word}_anchor": _anchor(label)}
    return str(_environment(Quoted()).get_template("parts/statements.md.jinja").render(words))


def _said(about: About) -> dict[str, str]:
    """What a study says of itself in words."""
    names = ("data_availability", "competing_interests", "preregistration", "osf", "doi")
    return {name: str(getattr(about, name)).strip() for name in names}


def _anchor(label: str) -> str:
    return label.lower().replace(" ", "-")


def _appendices(report: Report) -> str:
    """Write the appendices: every test, every printed number."""
    quoted = Quoted()
    tests = all_tests(report.register, _planned(report))
    tables = {"tests": (TESTS, tests), "numbers": (NUMBERS, all_numbers(report.quoted))}
    words = {"table": _table(tables, quoted)} | {f"{key}_heading": words for key, words in APPENDICES.items()}
    return str(_environment(quoted).get_template("paper.md.jinja").render(words))


def _planned(report: Report) -> list[Cell]:
    """Read how far each test was planned from the report's own table of them, which has the same rows."""
    table = next((table for table in report.tables if table.key == "tests"), None)
    return [row[-1] for row in table.rows] if table and table.heads[-1] == ("Plan",) else []


def _table(tables: Mapping[str, tuple[str, Table]], quoted: Quoted) -> Callable[..., Markup]:
    def table(key: str, caller: Callable[[], Markup]) -> Markup:
        label, laid = tables[key]
        return Markup(f"**{label}.** {' '.join(caller().split())}\n\n{pipe_table(laid, quoted.show)}")

    return table
