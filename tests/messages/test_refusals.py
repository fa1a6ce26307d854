"""Every refusal, word for word, as a user of the command line meets it.

refusals.txt holds the paragraphs under the names of the cases. The temporary folder is written as PROJECT,
and the number of words in a long list as MANY, since statistics and findings are added now and then.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.conftest import Project

STEPS = ("Reading and answering ", "Composing ", "Writing ", "Collecting ", "Checking the report ", "Making ")
EXPECTED = dict(
    re.findall(r"^## (.+)\n(.+)\n", (Path(__file__).parent / "refusals.txt").read_text("utf-8"), re.MULTILINE)
)
INPUTS = Path(__file__).resolve().parents[2] / "inputs"
COLLECT = ["collect", "--study", "token-scaling", "--model"]
FRAME = '{% extends "frame.md.jinja" %}{% block body %}\n'
FIRST = 'roles.values = { of = "mean", token_limit = "first_limit" }'
PAIR = (
    'roles.first = { of = "mean", token_limit = "first_limit" }\n',
    'roles.second = { of = "mean", token_limit = "second_limit" }\n',
)
ROW = (
    "document.md#100-token-results/gpt-4o,gpt-4o,OpenAI,nat-challenge,100,1.0,text_entropy,character,plug_in,"
)
ROW += "nats,2.94,0.02,2.92,2.98,3\n"


def toml(old, new):
    return lambda project: project.edit(old, new)


def shared_rows(declared, role='roles.values = { rows = "cells", token_limit = "first_limit" }'):
    """Let a role name rows that the study declares."""

    def change(project):
        project.edit("[[source]]", f"{declared}\n[[source]]")
        project.edit(FIRST, role)

    return change


def labelled(strata):
    """Ask a question that takes labels for each series."""
    first = 'of = "mean", over = "token_limit", by = '
    return toml(
        "[analysis.range_first]",
        '[analysis.pattern]\nquestion = "q"\nstatistic = "sign_pattern"\n'
        f'roles.first = {{ {first}"model" }}\nroles.second = {{ {first}["model", "unit"] }}\n'
        f"roles.strata = {{ {strata} }}\n\n[analysis.range_first]",
    )


def row(old, new):
    return lambda project: project.edit(old, new, file="published.csv")


def cell(**values):
    return lambda project: project.change_cell("gpt-4o", 100, **values)


def contents(file, raw):
    return lambda project: (project.folder / file).write_bytes(raw)


def row_of_prompts(old, new):
    return lambda project: project.edit(old, new, file="prompts.toml")


def body(text):
    return contents("report.md.jinja", f"{FRAME}{text}{{% endblock %}}".encode())


def untouched(_project):
    """Leave the study as it is: the words of the command are wrong."""


def no_study(project):
    (project.folder / "study.toml").unlink()


def no_rows(project):
    head = (project.folder / "published.csv").read_text(encoding="utf-8").splitlines()[0]
    (project.folder / "published.csv").write_text(f"{head}\n", encoding="utf-8")


def another_run(project):
    other = ROW.replace("nat-challenge", "another-set").replace("results/gpt-4o", "results/gpt-4o-again")
    project.edit(ROW, ROW + other, file="published.csv")


def symbolic_link_to_outside(project):
    outside = project.root.parent / "elsewhere.csv"
    (project.folder / "published.csv").rename(outside)
    (project.folder / "published.csv").symlink_to(outside)


def folder_for(file):
    def make(project):
        (project.folder / file).unlink()
        (project.folder / file).mkdir()

    return make


def file_for_reports(project):
    body("")(project)
    (project.root / "reports").write_text("in the way")


def study_already_there(project):
    (project.root / "inputs" / "mine").mkdir()


STUDY = {
    "no project": no_study,
    "study.toml: not TOML": toml("schema = 1", "schema = "),
    "study.toml: not UTF-8": contents("study.toml", b"schema = 1\n# caf\xe9\n"),
    "study.toml: private-use character": toml('title = "', 'title = "\ue001'),
    "study.toml: name is not that of the folder": toml('name = "token-scaling"', 'name = "token"'),
    "key unknown: top": toml("schema = 1", "schema = 1\ncolour = 2"),
    "key unknown: study": toml("seed = ", "sede = 1\nseed = "),
    "key unknown: author": toml('role = "published', 'rol = "x"\nrole = "published'),
    "key unknown: source": toml("decimals = 2", "decimal = 2"),
    "key unknown: model": toml("size = 3", "sise = 3"),
    "key unknown: analysis": toml('declared = ["ddof"]', 'declard = ["ddof"]'),
    "key unknown: tier rule": toml('op = ">="', 'opp = ">="'),
    "key unknown: table column": toml('show = "{label}"', 'sow = "{label}"'),
    "key unknown: figure": toml('draw = "forest"', 'drawn = "forest"'),
    "key unknown: zones": toml('names = ["LASER"', 'name = ["LASER"'),
    "key unknown: family": toml('method = "holm"', 'methd = "holm"'),
    "key missing: top": toml("schema = 1\n", ""),
    "key missing: study": toml('title = "Comprehensive token scaling analysis"\n', ""),
    "key missing: model": toml('label = "GPT-4o"\n', ""),
    "value: not an integer": toml("seed = 20260104", 'seed = "now"'),
    "value: not text": toml('name = "token-scaling"', "name = 3"),
    "value: not a date": toml("date = 2026-01-04", 'date = "yesterday"'),
    "value: out of range": toml("alpha = 0.05", "alpha = 5.5"),
    "value: not among the allowed": toml('method = "holm"', 'method = "hollm"'),
    "value: another schema": toml("schema = 1", "schema = 2"),
    "declared: not a number": toml("bound = 0.10", 'bound = "small"'),
    "declared: not finite": toml("bound = 0.10", "bound = nan"),
    "declared: unknown word": toml('declared = ["ddof"]', 'declared = ["dof"]'),
    "declared: unknown word in options": toml('threshold = "steady"', 'threshold = "stedy"'),
    "zones: not one more than cuts": toml('"LANTERN", "CHAOS"]', '"LANTERN"]'),
    "zones: unknown cuts": toml('cuts = "cuts"', 'cuts = "cut"'),
    "model: twice": toml('key = "gpt-4o"', 'key = "llama-3.3-70b"'),
    "family: unknown": toml('family = "changes"', 'family = "change"'),
    "family: of answers without p": toml(FIRST, f'{FIRST}\nfamily = "changes"'),
    "equivalence: without p": toml('equivalence = "mean_equivalence"', 'equivalence = "range_first"'),
    "tier: unknown analysis": toml('finding = "cell_second.mean"', 'finding = "cell_secnd.mean"'),
    "tier: unknown number": toml('finding = "cell_second.mean"', 'finding = "cell_second.maen"'),
    "headline: unknown question": toml('"mean_change.estimate", "mean', '"largest chnge.estimate", "mean'),
    "headline: unknown number": toml('"mean_change.estimate", "mean', '"mean_change.x", "mean'),
    "source: unknown kind": toml('kind = "summaries"', 'kind = "summary"'),
    "source: no such file": toml('file = "published.csv"', 'file = "publishd.csv"'),
    "source: outside": toml('file = "published.csv"', 'file = "../../elsewhere.csv"'),
    "source: absolute": toml('file = "published.csv"', 'file = "/etc/passwd"'),
    "source: symbolic link to outside": symbolic_link_to_outside,
    "source: a folder": folder_for("published.csv"),
    "statistic: unknown": toml('statistic = "paired_t"', 'statistic = "pared_t"'),
    "statistic: elsewhere, no module": toml('statistic = "paired_t"', 'statistic = "mylab.stats:kendall"'),
    "statistic: elsewhere, no name": toml('statistic = "paired_t"', 'statistic = "math:pie"'),
    "statistic: elsewhere, no function": toml('statistic = "paired_t"', 'statistic = "math:pi"'),
    "statistic: elsewhere, no name of a module": toml('statistic = "paired_t"', 'statistic = ":t"'),
    "option: unknown": toml('threshold = "steady"', 'treshold = "steady"'),
    "option: unknown, declared": toml('declared = ["bound"]', 'declared = ["bound", "edge"]'),
    "option: missing": toml('options = { threshold = "steady" }\n', ""),
    "role: unknown": toml("roles.values =", "roles.value ="),
    "role: missing": toml(PAIR[1], ""),
    "role: order": toml("".join(PAIR), "".join(reversed(PAIR))),
    "role: unknown column": toml(FIRST, FIRST.replace('"mean"', '"mena"')),
    "role: column of text": toml(FIRST, FIRST.replace('"mean"', '"provider"')),
    "role: unknown column in a condition": toml(FIRST, FIRST.replace("token_limit", "tokn_limit")),
    "role: condition on an unknown word": toml(FIRST, FIRST.replace("first_limit", "frist_limit")),
    "role: condition on an unknown value": toml(FIRST, FIRST.replace('"first_limit"', "77")),
    "role: unknown column to average over": toml('over = "vendor"', 'over = "vender"'),
    "role: unknown column to order by": toml('order = "size"', 'order = "sice"'),
    "each: unknown column": toml('each = "model"', 'each = "modell"'),
    "pairs: unknown column": toml('each = "model"', 'pairs = "modell"'),
    "across: unknown field": toml('each = "model"', 'each = "model"\nacross = ["token"]'),
    "role: value of another type": toml(FIRST, FIRST.replace("}", ", over = 3 }")),
    "role: several columns": toml(FIRST, FIRST.replace('"mean"', '["mean", "sd"]')),
    "role: unknown column of a matrix": toml(FIRST, FIRST.replace("}", ', over = "model", by = "axs" }')),
    "role: matrix of nothing": toml(FIRST, FIRST.replace("}", ', by = "vendor" }')),
    "role: left out of a matrix without being there": toml(
        FIRST, FIRST.replace("}", ', over = "model", by = "vendor", without = ["Antropic"] }')
    ),
    "role: labels of no series": labelled('of = "vendor", over = "token_limit"'),
    "role: labels that disagree": labelled('of = "model", over = "token_limit", by = "vendor"'),
    "table: neighbours of what has no number": toml('"Model", show = "{label}"', '"Model", show = "{changes.rose!L}"'),
    "rows: unknown name": shared_rows('[rows.cells]\nof = "mean"', FIRST.replace("of =", "rows =")),
    "rows: none are declared": toml(FIRST, FIRST.replace("of =", "rows =")),
    "rows: name is no word": shared_rows('[rows.cells]\nof = "mean"', 'roles.values = { rows = ["cells"] }'),
    "rows: unknown key": shared_rows('[rows.cells]\nof = "mean"\noverr = "vendor"'),
    "rows: unknown key where nobody names them": toml("[[source]]", '[rows.cells]\ncolour = "red"\n[[source]]'),
    "rows: value of another type": shared_rows('[rows.cells]\nof = "mean"\nover = 3'),
    "rows: condition of another type": shared_rows('[rows.cells]\nof = "mean"\nprompt_set = ["a"]'),
    "rows: unknown kind": shared_rows('[rows.cells]\nof = "mean"\nkind = "summary"'),
    "rows: no table": shared_rows("[rows]\ncells = 3"),
    "rows: a number": toml("schema = 1", "schema = 1\nrows = 3"),
    "rows: nothing is asked of them": shared_rows('[rows.cells]\nkind = "summaries"'),
    "key unknown: nearly rows": toml("schema = 1", "schema = 1\n[row.cells]"),
    "key unknown: licence": toml("seed = ", 'licence = { date = "CC0-1.0" }\nseed = '),
    "key unknown: funding": toml("\n[declared]\n", '\n[[study.funding]]\nfunders = "A"\n\n[declared]\n'),
    "key missing: funding": toml("\n[declared]\n", '\n[[study.funding]]\naward = "17"\n\n[declared]\n'),
    "doi: another form": toml('doi = "10.17605/OSF.IO/T65VS"', 'doi = "OSF.IO/T65VS"'),
    "osf: another form": toml('osf = "https://osf.io/7nw8t/"', 'osf = "https://osf.io/7nw8t/files/"'),
    "preregistration: no link": toml("seed = ", 'preregistration = "yes"\nseed = '),
    "licence: of data, unknown": toml("seed = ", 'licence = { data = "CC-BY-NC-4.0" }\nseed = '),
    "licence: of code, unknown": toml("seed = ", 'licence = { code = "GPL-2.0-only" }\nseed = '),
    "licence: a word": toml("seed = ", 'licence = "CC-BY-4.0"\nseed = '),
    "keywords: an empty one": toml('"entropy", ', '"", '),
    "author: no ORCID": toml('role = "published', 'orcid = "1825-0097"\nrole = "published'),
    "author: ORCID mistyped": toml('role = "published', 'orcid = "0000-0002-1825-0079"\nrole = "published'),
    "author: family name of somebody else": toml('"Vasquez"', '"Vazquez"'),
    "author: a group with an ORCID": toml(
        'family_name = "Vasquez"', 'kind = "group"\norcid = "0000-0002-1825-0097"'
    ),
    "author: affiliation of another type": toml('role = "published', 'affiliation = 3\nrole = "published'),
}  # fmt: skip

DATA = {
    "column: missing": row("unit,mean,sd,", "unit,mean,"),
    "column: unknown": row("unit,mean,", "unit,meen,mean,"),
    "column: twice": row("unit,mean,", "unit,sd,mean,"),
    "cell: text where a number belongs": cell(mean="high"),
    "cell: fraction where a whole number belongs": cell(n="3.5"),
    "cell: NaN": cell(mean="NaN"),
    "cell: infinite": cell(maximum="inf"),
    "cell: negative sd": cell(sd="-0.02"),
    "cell: n of zero": cell(n="0"),
    "cell: empty": cell(provider=""),
    "cell: control character": cell(provider="Open\x07AI"),
    "cell: too long": cell(provider="x" * 200_000),
    "cell: unknown unit": cell(unit="bit"),
    "cell: unknown model": cell(model="gpt-4"),
    "row: maximum below mean": cell(maximum="2.93"),
    "row: maximum below minimum": cell(minimum="2.99"),
    "row: mean below minimum": cell(minimum="2.95"),
    "row: too few cells": row(ROW, ROW.replace(",3\n", "\n")),
    "row: too many cells": row(ROW, ROW.replace(",3\n", ",3,3\n")),
    "row: cell twice": row(ROW, ROW + ROW.replace("results/gpt-4o", "results/gpt-4o-again")),
    "row: address twice": row("200-token-results/gpt-4o,", "100-token-results/gpt-4o,"),
    "rows: none": no_rows,
    "rows: not UTF-8": contents("published.csv", b"caf\xe9"),
    "rows: no file contents": contents("published.csv", b""),
    "rows: two units": cell(unit="bits"),
    "rows: two symbols": cell(symbol="token"),
    "rows: other members in two roles": row(ROW, ""),
    "rows: two candidates for a cell": another_run,
}

TEMPLATE = {
    "template: syntax": body("{{ f.mean_change.estimate | show }\n"),
    "template: unknown word": body("{{ colour }}"),
    "template: unknown finding": body("{{ f.mean_chnge.estimate | show }}"),
    "template: unknown number": body("{{ f.mean_change.estimat | show }}"),
    "template: bare number": body("{{ f.mean_change.estimate }}"),
    "template: bare finding": body("{{ f.mean_change }}"),
    "template: number typed by hand": body("{{ 3 }}"),
    "template: calculation": body("{{ f.mean_change.n / f.mean_change.n }}"),
    "template: no such element": body("{{ roman(99) }}"),
    "template: not UTF-8": contents("report.md.jinja", b"caf\xe9"),
    "template: missing part": body('{% include "parts/sentense.md.jinja" %}'),
    "template: missing frame": contents("report.md.jinja", b'{% extends "frme.md.jinja" %}'),
    "template: unknown table": body('{% call table("x") %}Words.{% endcall %}'),
    "output: a file in place of the folder": file_for_reports,
}

PAPER = {
    "paper: a damaged entry": contents("references.bib", b"@article{a, title={x}, year=2000\n"),
    "paper: an entry of no known kind": contents("references.bib", b"@buch{a, title={x}, year=2000}"),
    "paper: a work without a year": contents(
        "references.json", b'[{"id": "a", "type": "book", "title": "T"}]'
    ),
    "paper: a work of no known type": contents(
        "references.json", b'[{"id": "a", "type": "b", "title": "T"}]'
    ),
    "paper: no list": contents("references.json", b"{}"),
}

WORDS = {
    "paper: a wish without it": ["build", "--blind", "--spacing", "double"],
    "name: unknown": ["build", "--study", "token-scalling"],
    "name: leads outside": ["build", "--study", "../x"],
    "name: absolute": ["build", "--study", "/etc"],
    "name: upper case": ["build", "--study", "UPPER"],
    "name: hidden": ["build", "--study", ".token-scaling"],
    "trace: unknown number": ["trace", "mean_change.estimat"],
    "trace: unknown finding": ["trace", "mean_chang.estimate"],
    "trace: an address of two lines": ["trace", "mean\nchange"],
    "trace: a record": ["trace", "mean_change"],
    "trace: no number": ["trace", "signs.method"],
    "trace: unknown constant": ["trace", "declared.bund"],
    "check: not built": ["check"],
    "new: name leads outside": ["new", "../x"],
    "new: unknown pattern": ["new", "mine", "--like", "token"],
    "describe: unknown study": ["describe", "--study", "token-scalling"],
    "bundle: unknown study": ["bundle", "--study", "token-scalling"],
    "bundle: not built": ["bundle"],
    "rebuild: no deposit": ["rebuild", "PROJECT"],
    "publish: not built": ["publish", "--to", "folder", "PROJECT/out"],
    "publish: no token": ["publish", "--to", "osf", "--yes"],
    "publish: no token for a project": ["publish", "--to", "osf", "--node", "abcde"],
}

COLLECTING = {
    "collect: unknown study": ["collect", "--study", "token-scalling", "--model", "smollm2"],
    "collect: unknown run": [*COLLECT, "smollm2", "--run", "once-100"],
    "collect: unknown model": [*COLLECT, "smolm2"],
    "collect: no such file": [*COLLECT, "smollm2.gguf"],
    "collect: unknown provider": [*COLLECT, "gpt-4o", "--provider", "opnai"],
    "collect: workers without an engine": [*COLLECT, "smollm2", "--workers", "2"],
    "collect: GPUs of processes": [*COLLECT, "smollm2", "--engine", "processes", "--gpus-per-worker", "1"],
    "collect: a limit without an API": [*COLLECT, "smollm2", "--max-cost", "1"],
    "collect: an engine for an API": [*COLLECT, "gpt-4o", "--provider", "openai", "--engine", "ray"],
    "collect: runs of an API": [*COLLECT, "gpt-4o", "--provider", "openai", "--run", "once-1000"],
    "collect: a device for an API": [*COLLECT, "gpt-4o", "--provider", "openai", "--device", "cuda"],
    "collect: a dtype for an API": [*COLLECT, "gpt-4o", "--provider", "openai", "--dtype", "bfloat16"],
    "collect: threads for an API": [*COLLECT, "gpt-4o", "--provider", "openai", "--threads", "2"],
    "collect: an address for an API": [*COLLECT, "gpt-4o", "--provider", "openai", "--address", "h:1"],
    "collect: an address without an engine": [*COLLECT, "smollm2", "--address", "h:1"],
    "collect: a price without an API": [*COLLECT, "smollm2", "--price-in", "0"],
    "collect: no such folder": [*COLLECT, "./smollm2"],
    "collect: a cost without prices": [*COLLECT, "gpt-4o", "--provider", "openai", "--max-cost", "1"],
}

PROMPTS = {
    "prompts: none": lambda project: (project.folder / "prompts.toml").unlink(),
    "prompts: unknown key": row_of_prompts("replicates = 5", "replicate = 5"),
    "prompts: key missing": row_of_prompts("replicates = 5\n", ""),
    "prompts: text where a number belongs": row_of_prompts("replicates = 5", 'replicates = "5"'),
    "prompts: true where a number belongs": row_of_prompts("replicates = 5", "replicates = true"),
    "prompts: no list": row_of_prompts("temperatures = [1.0]", "temperatures = 1.0"),
    "prompts: no replicate": row_of_prompts("replicates = 5", "replicates = 0"),
    "prompts: top-p above 1": row_of_prompts("replicates = 5", "replicates = 5\ntop_p = 1.5"),
    "prompts: unknown set": row_of_prompts('sets = ["replication", ', 'sets = ["replicatoin", '),
    "prompts: unknown collector": row_of_prompts(
        'measures = ["token_logits", ', 'measures = ["token_logit", '
    ),
    "prompts: no table": row_of_prompts("schema = 1", "schema = 1\nrun = 3"),
    "prompts: nothing is asked": row_of_prompts("temperatures = [1.0]", "temperatures = []"),
    "prompts: of another study": row_of_prompts('study = "token-scaling"', 'study = "token"'),
}


def no_author(project):
    text = (project.folder / "study.toml").read_text(encoding="utf-8")
    author = text[text.index("[[study.authors]]") : text.index("\n[declared]\n")]
    project.edit(author, "")
    assert project.run("build").code == 0


def report_changed(project):
    path = project.root / "reports" / "token-scaling" / "report.md"
    path.write_text("!", encoding="utf-8")


def manifest_changed_as_well(project):
    folder = project.root / "reports" / "token-scaling"
    text = (folder / "report.md").read_bytes()
    forged = text.replace(b"+0.055 nats", b"+0.065 nats", 1)
    assert forged != text
    (folder / "report.md").write_bytes(forged)
    manifest = (folder / "MANIFEST.sha256").read_text(encoding="utf-8")
    digests = [hashlib.sha256(each).hexdigest() for each in (text, forged)]
    (folder / "MANIFEST.sha256").write_text(manifest.replace(*digests), encoding="utf-8")


def deposit_of_another(project):
    for file in ("manifest-sha256.txt", "inputs/mine/study.toml"):
        path = project.root / "deposits" / "token-scaling" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")


def something_in_place_of_the_deposit(project):
    path = project.root / "deposits" / "token-scaling" / "thesis.txt"
    path.parent.mkdir(parents=True)
    path.write_text("years of work", encoding="utf-8")


def hidden_file(project):
    (project.folder / ".env").write_text("token", encoding="utf-8")
    assert project.run("build").code == 0


BUNDLING = {
    "bundle: report changed": (report_changed, ["bundle"], 2),
    "bundle: study changed": (toml("schema = 1", "schema = 1 # one"), ["bundle"], 2),
    "bundle: forged number": (manifest_changed_as_well, ["bundle"], 1),
    "bundle: no author": (no_author, ["bundle"], 2),
    "bundle: hidden file": (hidden_file, ["bundle"], 2),
    "bundle: deposit of another study": (deposit_of_another, ["bundle"], 2),
    "bundle: something else in its place": (something_in_place_of_the_deposit, ["bundle"], 2),
    "bundle: into the study": (untouched, ["bundle", "--to", "PROJECT/inputs/token-scaling/x"], 2),
    "publish: over http": (untouched, ["publish", "--to", "osf", "--api", "http://api.osf.io/v2/"], 2),
    "publish: no key": (untouched, ["publish", "--to", "osf", "--yes"], 2),
}


def paragraph(project, ran):
    """Take the one paragraph of a refusal, with the temporary folder replaced."""
    *steps, words = ran.err.splitlines()
    assert all(step.startswith(STEPS) for step in steps), ran.err
    assert words.startswith("report: ")
    named = words.replace(str(project.root), "PROJECT").replace(str(project.root.parent), "OUTSIDE")
    return re.sub(r"Allowed are \d+ words", "Allowed are MANY words", named.removeprefix("report: "))


def left_behind(project):
    return sorted(str(path) for path in (project.root / "reports").rglob("*"))


@pytest.mark.parametrize("case", [*STUDY, *DATA, *TEMPLATE])
def test_a_build_refuses(case, project):
    (STUDY | DATA | TEMPLATE)[case](project)
    ran = project.run("build")
    assert (ran.code, ran.out) == (2, "")
    assert paragraph(project, ran) == EXPECTED[case]
    assert left_behind(project) == []


@pytest.mark.parametrize("case", WORDS)
def test_a_command_refuses(case, project, monkeypatch):
    monkeypatch.delenv("OSF_TOKEN", raising=False)
    ran = project.run(*placed(project, WORDS[case]))
    assert (ran.code, ran.out.strip()) == (2, "")
    assert paragraph(project, ran) == EXPECTED[case]
    assert left_behind(project) == []


def placed(project, words):
    return [word.replace("PROJECT", str(project.root)) for word in words]


@pytest.mark.parametrize("case", BUNDLING)
def test_nothing_that_is_not_fine_leaves_the_house(case, built_published, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("OSF_TOKEN", "two words" if case == "publish: no key" else "long-enough-token")
    project = Project(shutil.copytree(built_published, tmp_path.resolve() / "project"), capsys)
    spoil, words, code = BUNDLING[case]
    spoil(project)
    before = sorted(project.root.rglob("*"))
    ran = project.run(*placed(project, words))
    assert (ran.code, ran.out) == (code, "")
    assert paragraph(project, ran) == EXPECTED[case]
    assert sorted(project.root.rglob("*")) == before


@pytest.mark.parametrize("case", PAPER)
def test_a_paper_refuses(case, project):
    PAPER[case](project)
    ran = project.run("build", "--look", "paper")
    assert (ran.code, ran.out) == (2, "")
    assert paragraph(project, ran) == EXPECTED[case]
    assert left_behind(project) == []


@pytest.fixture
def prompted(project):
    """The study with its prompts."""
    shutil.copy(INPUTS / "token-scaling" / "prompts.toml", project.folder)
    return project


@pytest.mark.parametrize("case", [*COLLECTING, *PROMPTS])
def test_a_collection_is_refused(case, prompted):
    PROMPTS.get(case, untouched)(prompted)
    before = sorted(prompted.folder.iterdir())
    ran = prompted.run(*COLLECTING.get(case, [*COLLECT, "some-model", "--dry-run"]))
    assert (ran.code, ran.out) == (2, "")
    assert paragraph(prompted, ran) == EXPECTED[case]
    assert sorted(prompted.folder.iterdir()) == before


def test_a_new_study_does_not_replace_one(project):
    study_already_there(project)
    ran = project.run("new", "mine")
    assert ran.code == 2
    assert paragraph(project, ran) == EXPECTED["new: name is taken"]
    assert list((project.root / "inputs" / "mine").iterdir()) == []


def frozen(file=None, old="", new="", *, again=False):
    """Freeze the plan, then change a text of it; its digest as well, if whoever did it thought of that."""

    def change(project):
        assert project.run("freeze").code == 0
        folder = project.folder / "plan"
        if file is None:
            return
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        if again:
            listed = [
                f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
                for name in ("version-1.json", "version-1.md")
            ]
            (folder / "version-1.sha256").write_text("".join(listed), encoding="utf-8")

    return change


def without_first_version(project):
    frozen()(project)
    for path in (project.folder / "plan").iterdir():
        path.rename(path.with_name(path.name.replace("1", "2")))


def without_digest(project):
    frozen()(project)
    (project.folder / "plan" / "version-1.sha256").unlink()


PLANS = {
    "plan: frozen already": (frozen(), ["freeze"]),
    "plan: nothing to freeze again": (frozen(), ["freeze", "--again"]),
    "plan: a name of the report's own": (
        toml("[analysis.range_first]", "[analysis.preregistration]"),
        ["freeze"],
    ),
    "plan: rows that cannot be counted": (contents("rows.parquet", b"rows"), ["freeze"]),
    "plan: option unknown": (
        toml('threshold = "steady"', 'threshold = "steady", treshold = 1'),
        ["freeze"],
    ),
    "plan: changed": (frozen("version-1.json", "0.05", "0.06"), ["build"]),
    "plan: document changed": (frozen("version-1.md", "0.05", "0.06"), ["build"]),
    "plan: a file is missing": (without_digest, ["build"]),
    "plan: a version is missing": (without_first_version, ["build"]),
    "plan: another format": (frozen("version-1.json", '"format": 1', '"format": 2', again=True), ["build"]),
    "plan: another study": (
        frozen("version-1.json", '"study": "token-scaling"', '"study": "mine"', again=True),
        ["build"],
    ),
    "plan: no JSON": (frozen("version-1.json", "{", "", again=True), ["build"]),
    "plan: a key is missing": (frozen("version-1.json", '"answers"', '"answer"', again=True), ["build"]),
}


@pytest.mark.parametrize("case", PLANS)
def test_a_plan_is_refused(case, project, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767355200")
    change, words = PLANS[case]
    change(project)
    before = sorted(project.folder.rglob("*"))
    ran = project.run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert paragraph(project, ran) == EXPECTED[case]
    assert sorted(project.folder.rglob("*")) == before
    assert left_behind(project) == []


def test_a_plan_without_a_time_is_refused(project, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "noon")
    ran = project.run("freeze")
    assert (ran.code, ran.out) == (2, "")
    assert paragraph(project, ran) == EXPECTED["plan: no time"]


class NoPango:
    """Makes the import of WeasyPrint fail as it does where Pango is not installed."""

    def find_spec(self, name, *_):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")


@pytest.fixture
def no_pango(monkeypatch):
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])


@pytest.mark.usefixtures("no_pango")
def test_a_build_without_pango_is_refused(project):
    body("")(project)
    ran = project.run("build")
    assert ran.code == 2
    assert paragraph(project, ran) == EXPECTED["output: no Pango"]
    assert left_behind(project) == []


def test_an_output_folder_that_the_system_refuses(project, monkeypatch):
    body("")(project)

    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    ran = project.run("build")
    assert ran.code == 2
    assert paragraph(project, ran) == EXPECTED["output: permission denied"]
    assert left_behind(project) == []


def test_every_paragraph_belongs_to_a_case():
    others = {"new: name is taken", "output: no Pango", "output: permission denied", "plan: no time"}
    assert set(EXPECTED) == {
        *STUDY,
        *DATA,
        *TEMPLATE,
        *PAPER,
        *WORDS,
        *BUNDLING,
        *COLLECTING,
        *PROMPTS,
        *PLANS,
        *others,
    }
