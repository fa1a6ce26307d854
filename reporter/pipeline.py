"""The whole story on one page: six arrows from a study's folder to a published report.

::

    load_study      collect        analyse         compose        write          publish
       path -> Study ----> Dataset -----> Findings ------> Report ------> Bundle --------> Receipt
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from reporter.analyse import analyse
from reporter.bundle import Bundle, draw_ahead, write
from reporter.compose import Report, compose
from reporter.dataset import Dataset, load_dataset
from reporter.findings import Findings
from reporter.project import load_study
from reporter.provenance import gather
from reporter.render.press import Press
from reporter.study import Study


@dataclass(frozen=True, slots=True)
class Analysed:
    """A study with its rows and its answers: what `build`, `trace` and `check` all start from."""

    study: Study
    dataset: Dataset
    findings: Findings


def answer(root: Path, name: str, *, engine: str | None = None, share: bool = False) -> Analysed:
    """Read a study and its frozen rows, and answer its questions: here, or spread over ``engine``.

    ``share`` lets a copy of this process answer half of them.
    """
    study = load_study(root, name)
    dataset = load_dataset(study)
    return Analysed(study, dataset, analyse(study, dataset, engine=engine, share=share))


def report(root: Path, answered: Analysed, *, press: Press | None = None) -> Report:
    """Compose the report of an answered study; a press gets its figures to draw meanwhile."""
    provenance = gather(answered.study, answered.dataset, root)
    ahead = partial(draw_ahead, press)
    return compose(answered.study, answered.dataset, answered.findings, provenance, ahead=ahead)


def build(root: Path, name: str) -> Bundle:
    """Build ``reports/<name>/`` from ``inputs/<name>/``; a failed build leaves the old one untouched."""
    return write(report(root, answer(root, name)), root / "reports" / name)
