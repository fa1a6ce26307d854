"""Every refusal of `report audit`, word for word; audit_refusals.txt holds them under the names of the cases."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

TEXT = Path(__file__).with_name("audit_refusals.txt")
EXPECTED = dict(re.findall(r"^## (.+)\n(.+)\n", TEXT.read_text("utf-8"), re.MULTILINE))


def waiver(*lines):
    return lambda project: project.edit("[[source]]", "[[waiver]]\n" + "\n".join(lines) + "\n\n[[source]]")


def file(name, data):
    return lambda project: (project.root / name).write_bytes(data)


def encrypted(project):
    pypdf = pytest.importorskip("pypdf")
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret", algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    (project.root / "a.pdf").write_bytes(target.getvalue())


def pictures(project):
    pypdf = pytest.importorskip("pypdf")
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(project.root / "a.pdf")


def nothing(_project):
    """Leave the project as it is."""


PLAIN = file("a.md", b"It is 2.5 nats.\n")


def plain_and(spoil):
    def make(project):
        PLAIN(project)
        spoil(project)

    return make


STUDY = ["a.md", "--study", "token-scaling"]
CASES = {
    "no file": (nothing, ["nothing.md"]),
    "a folder": (nothing, ["inputs"]),
    "another kind": (file("a.docx", b"PK\x03\x04"), ["a.docx"]),
    "a picture under a name of text": (file("a.md", b"\x89PNG"), ["a.md"]),
    "no pdf": (file("a.pdf", b"nothing"), ["a.pdf"]),
    "a pdf with a password": (encrypted, ["a.pdf"]),
    "a pdf of pictures": (pictures, ["a.pdf"]),
    "study and rows": (PLAIN, [*STUDY, "--rows", "inputs"]),
    "no such study": (PLAIN, ["a.md", "--study", "token-scalling"]),
    "no folder of rows": (PLAIN, ["a.md", "--rows", "nothing"]),
    "no rows in the folder": (PLAIN, ["a.md", "--rows", "empty"]),
    "output into nowhere": (PLAIN, ["a.md", "--json", "nowhere/a.json"]),
    "waiver of no check": (plain_and(waiver('check = "mark"', "line = 3", 'reason = "x"')), STUDY),
    "waiver of everything": (plain_and(waiver('check = "marks"', 'reason = "x"')), STUDY),
    "waiver without a reason": (plain_and(waiver('check = "marks"', "line = 3", 'reason = ""')), STUDY),
    "waiver of line 0": (plain_and(waiver('check = "marks"', "line = 0", 'reason = "x"')), STUDY),
    "waiver with an unknown key": (
        plain_and(waiver('check = "marks"', 'quote = "x"', 'reason = "x"')),
        STUDY,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_an_audit_refuses(case, project, monkeypatch):
    make, words = CASES[case]
    (project.root / "empty").mkdir()
    make(project)
    monkeypatch.chdir(project.root)
    ran = project.run("audit", *words)
    assert (ran.code, ran.out) == (2, "")
    (said,) = ran.err.splitlines()
    said = re.sub(r"Allowed\b.*\bcounting\b.*", "Allowed: CHECKS", said)
    assert said.removeprefix("report: ").replace(str(project.root), "PROJECT") == EXPECTED[case]


def test_every_paragraph_belongs_to_a_case():
    assert set(EXPECTED) == set(CASES)
