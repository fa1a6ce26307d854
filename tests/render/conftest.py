"""The sample report and the PDF made of it, once for all tests here."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from reporter.render import html, pdf

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    """Load sample.py, which is no test module."""
    spec = importlib.util.spec_from_file_location("render_sample", HERE / "sample.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def write(tmp_path_factory):
    """Write marked Markdown as PDF with the project's sheet."""

    def write_pdf(marked: str, *, figures=None, **changes) -> Path:
        target = tmp_path_factory.mktemp("pdf") / "report.pdf"
        words = {"title": "Token scaling", "language": "en", "header": "Token scaling"}
        words |= {"css": html.stylesheet(), "epoch": 1_767_484_800}
        body = html.body(marked, contents=changes.pop("contents", False))
        pdf.write(body, target=target, figures=figures or {}, **(words | changes))
        return target

    return write_pdf


@pytest.fixture(scope="session")
def sample_pdf(sample, write) -> Path:
    """Print the sample report, as a study would."""
    marked, _ = sample.report()
    return write(marked, figures=sample.figures(), contents=True, authors=["A. Author", "B. Author"])
