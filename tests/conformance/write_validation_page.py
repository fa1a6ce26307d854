"""Write docs/validation.md: run the tests against reference values and say how near they came.

Run: python tests/conformance/write_validation_page.py. The tables of coverage and type I error come from
tests/calibration/measured.md, which `make calibration` prints; they take hours, the rest minutes.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import pytest

ApproxScalar: Any = type(pytest.approx(1.0))  # pytest does not export the class

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "tests" / "reference"
MEASURED = ROOT / "tests" / "calibration" / "measured.md"
PAGE = ROOT / "docs" / "validation.md"

INTRODUCTION = """# Validation

`tests/conformance/write_validation_page.py` puts this page together. The numbers in the first table are
measured by the run that wrote the page. The tables of coverage and type I error are printed by the scripts
named there, which take hours, and kept in `tests/calibration/measured.md`; the prose around the tables is
written by people. No value that this project computed serves as its own reference.

## Against R

Each script in `tests/reference/` was run by R, and what it printed is stored beside it. "Compared" counts the
values that the tests compare one by one; "farthest" is the largest relative difference among them (absolute
where the reference is 0). Closed forms agree to 1e-8 or better; where a file is farther off, the reason
stands beside it, and in the test.

"""

EXPLAINED = {
    "mixed_trend": "iterative fit; Satterthwaite's df by numerical derivatives in R",
    "variance_components": "iterative fit and profile intervals",
    "effect_size": "intervals by numerical search in R",
    "power": "root search in R",
    "score_prediction": "numerical integral in R",
    "spearman_bca": "quantiles of common resamples",
    "entropy_counts": "NSB by adaptive quadrature",
    "random_effects": "iterative fit",
    "bootstrap": "quantiles of common resamples",
    "trend": "saturating curve by iterative nonlinear least squares",
    "nist": "R's own digits on ill-conditioned data; see the tests",
}


class Recorder:
    """A pytest plugin that notes each comparison with a reference value."""

    def __init__(self) -> None:
        self.farthest: dict[str, float] = {}
        self.compared: dict[str, int] = {}
        self.tests = 0
        self._compare = ApproxScalar.__eq__

    def note(self, expected: Any, actual: Any) -> None:
        source = getattr(expected, "source", None)
        if source is None or not isinstance(actual, (int, float)) or not math.isfinite(expected):
            return
        distance = abs(actual - float(expected)) / (abs(float(expected)) or 1)
        self.compared[source] = self.compared.get(source, 0) + 1
        self.farthest[source] = max(self.farthest.get(source, 0.0), distance)

    def pytest_sessionstart(self) -> None:
        compare, recorder = self._compare, self

        def noting(approx: ApproxScalar, actual: Any) -> bool:
            recorder.note(approx.expected, actual)
            return compare(approx, actual)

        ApproxScalar.__eq__ = noting  # type: ignore[method-assign, assignment]

    def pytest_sessionfinish(self) -> None:
        ApproxScalar.__eq__ = self._compare  # type: ignore[method-assign]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.tests += report.when == "call" and report.passed


def r_version(name: str) -> str:
    head = (REFERENCE / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
    words = next((part for part in head.split(";") if "R version" in part), "")
    return words.replace("R version", "R").split("(")[0].strip() or "see file"


def reference_table(recorder: Recorder) -> str:
    lines = ["| file | program | compared | farthest | why not nearer |", "|---|---|---:|---:|---|"]
    for name in sorted(recorder.compared):
        far = recorder.farthest[name]
        why = EXPLAINED.get(name, "") if far > 1e-8 else ""
        lines.append(f"| {name} | {r_version(name)} | {recorder.compared[name]} | {far:.1e} | {why} |")
    total = sum(recorder.compared.values())
    return "\n".join(lines) + f"\n\n{total} comparisons in all, in {recorder.tests} passing tests.\n"


def main() -> int:
    recorder = Recorder()
    folders = ["tests/statistics", "tests/entropy", "tests/test_families.py"]
    failed = pytest.main(["-q", "-m", "not slow", "-p", "no:cacheprovider", *folders], plugins=[recorder])
    if failed:
        return int(failed)
    unexplained = [name for name, far in recorder.farthest.items() if far > 1e-8 and name not in EXPLAINED]
    if unexplained:
        sys.stderr.write(f"farther than 1e-8 without a reason: {', '.join(unexplained)}\n")
        return 1
    measured = MEASURED.read_text(encoding="utf-8")
    PAGE.write_text(INTRODUCTION + reference_table(recorder) + "\n" + measured, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
