"""Speed of the audit on a report of 300 pages, beside parsing it as Markdown; printed, never asserted.

Run: python tests/benchmarks/bench_audit.py [PAGES]

The report is made of the sections of our own two reports, in mixed order, copy after copy, each with other
names for its models, so that no copy speaks of the models of another. A page is as many characters as our
PDFs have on one. The process is warm: modules are loaded before the clock starts.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from string import ascii_uppercase

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "audit")]

from built import STUDIES, report_text  # noqa: E402
from mutations import NAMES  # noqa: E402

PAGES = 300
ON_A_PAGE = 2700  # characters; 48,000 on 19 pages and 95,000 on 34
ROUNDS = 3  # the best of each counts


def long_report(pages: int) -> str:
    """Write a report of about so many pages."""
    rng = np.random.default_rng(1)
    wanted, parts, copy = pages * ON_A_PAGE, ["# A long report\n"], 0
    length = 0
    while length < wanted:
        for name in STUDIES:
            sections = re.split(r"(?m)^(?=## )", report_text(name))[1:]
            for index in rng.permutation(len(sections)):
                tag = ascii_uppercase[copy % 26] * (copy // 26 + 1)
                parts.append(re.sub(NAMES, lambda match, tag=tag: f"{match[0]} {tag}", sections[index]))
                length += len(parts[-1])
        copy += 1
    return "\n".join(parts)[:wanted].rpartition("\n## ")[0] + "\n"


def seconds(job: Callable[[], object]) -> float:
    """Time a job, the best of a few rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        job()
        best = min(best, time.perf_counter() - start)
    return best


def main(pages: int) -> None:
    """Print seconds, and the ratio to parsing alone."""
    from markdown_it import MarkdownIt

    from reporter.audit.audit import audit

    text = long_report(pages)
    audit(text[:20_000])
    parser = MarkdownIt("commonmark").enable("table")
    parsing = seconds(lambda: parser.parse(text))
    auditing = seconds(lambda: audit(text))
    print(f"{len(text):,} characters, {text.count(chr(10)):,} lines, about {len(text) // ON_A_PAGE} pages")
    print(f"markdown-it-py alone   {parsing:6.2f} s")
    print(f"audit of the text      {auditing:6.2f} s, {auditing / parsing:.1f} times as long")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PAGES)
