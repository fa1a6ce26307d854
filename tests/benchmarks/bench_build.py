"""Speed of the command line as whole cold processes, as ratios within one run; printed, never asserted.

Run: python tests/benchmarks/bench_build.py

Each round starts every process once, in turn, and times it from outside: wall and CPU seconds, those of its
children included. Medians over the rounds count. The project is a copy, so that reports/ stays as it is.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STUDY, SECOND = "token-scaling", "entropy-analysis"
ROUNDS = 5
OWN_RUNS = "\n# --- our own runs"  # what follows it in study.toml asks about collected rows

# What any Python report that reads tables, tests, draws and prints has to pay before its first line.
FLOOR = """
import pandas, scipy.stats, {matplotlib}, weasyprint
weasyprint.HTML(string="<p>One line.</p>").write_pdf("line.pdf")
"""
LOADED = """
import sys
from reporter.__main__ import run
run(["--help"])
print(*sorted({"torch", "scipy"} & set(sys.modules)), file=sys.stderr)
"""

# R points the loader at its own libraries, in which not every Python finds the OpenSSL it was built with.
R_FORMAT = """
Sys.unsetenv("LD_LIBRARY_PATH")
rmarkdown::render("report.Rmd", quiet = TRUE, output_format = rmarkdown::output_format(
  knitr = rmarkdown::knitr_options(opts_chunk = list(echo = FALSE, dev = "svg", fig.width = 7)),
  pandoc = rmarkdown::pandoc_options(to = "html5", ext = ".pdf", args = "--pdf-engine=weasyprint")))
"""
R_FIGURES = {
    "slope": """
rows <- read.csv("figures/slope.csv")
plot(NA, xlim = c(1, 3), ylim = range(rows[-1], 3, na.rm = TRUE), xaxt = "n", xlab = "", ylab = "nats")
abline(h = 3, lty = 2)
axis(1, 1:2, c("100 tokens", "200 tokens"))
segments(1, rows$first, 2, rows$second, col = seq_len(nrow(rows)))
arrows(1, rows$first_low, 1, rows$first_high, angle = 90, code = 3, length = 0.03)
arrows(2, rows$second_low, 2, rows$second_high, angle = 90, code = 3, length = 0.03)
text(2.05, rows$second, paste(format(rows$second), rows$label), adj = 0, cex = 0.7)
""",
    "forest": """
rows <- read.csv("figures/forest.csv")
y <- rev(seq_len(nrow(rows)))
plot(rows$estimate, y, xlim = range(rows[2:4], na.rm = TRUE), yaxt = "n", ylab = "", xlab = "nats", pch = 16)
segments(rows$low, y, rows$high, y)
abline(v = c(-0.1, 0, 0.1), lty = c(2, 1, 2))
axis(2, y, rows$label, las = 1, cex.axis = 0.6)
text(rows$high, y, sprintf("%+.2f", rows$estimate), adj = -0.2, cex = 0.7)
""",
    "fan": """
rows <- read.csv("figures/fan.csv")
par(mfrow = c(2, 4), mar = c(3, 3, 2, 1))
for (i in seq_len(nrow(rows))) with(rows[i, ], {
  plot(log2(c(100, 200, 500)), c(first, second, centre), type = "b", main = label, cex.main = 0.8,
       ylim = range(rows[-1], na.rm = TRUE), xaxt = "n", xlab = "", ylab = "")
  axis(1, log2(c(100, 200, 500)), c(100, 200, 500))
  segments(log2(500), envelope_low, log2(500), envelope_high, col = "grey")
  segments(log2(500), low, log2(500), high, lwd = 3)
  points(rep(log2(500), 2), c(plateau, linear), pch = c(2, 5))
})
""",
}


@dataclass(frozen=True, slots=True)
class Process:
    """A command, the folder in which it runs, and the words that tell what it does."""

    words: str
    command: tuple[str, ...]
    folder: Path


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of one process and its children."""

    wall: float
    cpu: float


def cost_of(process: Process, environment: dict[str, str]) -> Cost:
    """Run a process to its end; one that fails ends the benchmark with its own words."""
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        run = subprocess.Popen(
            process.command, cwd=process.folder, env=environment, stdout=said, stderr=subprocess.STDOUT
        )
        _, status, used = os.wait4(run.pid, 0)
        wall = time.perf_counter() - start
        run.returncode = os.waitstatus_to_exitcode(status)
        if run.returncode:
            said.seek(0)
            raise SystemExit(f"{process.words} failed:\n{said.read().decode(errors='replace')}")
    return Cost(wall, used.ru_utime + used.ru_stime)


def medians(processes: dict[str, Process], environment: dict[str, str]) -> dict[str, Cost]:
    """Time all processes in turn, several times, so that other work on the machine meets each alike."""
    rounds = [
        {name: cost_of(process, environment) for name, process in processes.items()} for _ in range(ROUNDS)
    ]
    return {
        name: Cost(
            statistics.median(each[name].wall for each in rounds),
            statistics.median(each[name].cpu for each in rounds),
        )
        for name in processes
    }


def r_markdown(folder: Path, report: Path) -> None:
    """Write the built report as R Markdown, each of its figures as a chunk of base R."""

    def chunk(found: re.Match[str]) -> str:
        return f"```{{r {found[1]}}}\n{R_FIGURES[found[1]].strip()}\n```"

    text = (report / "report.md").read_text(encoding="utf-8")
    text, figures = re.subn(r"!\[[^\]]*\]\(figures/(\w+)\.svg\)", chunk, text)
    if figures != len(R_FIGURES):
        raise SystemExit(f"The report shows {figures} figures, the chunks draw {len(R_FIGURES)}.")
    (folder / "report.Rmd").write_text(f'---\ntitle: "{STUDY}"\n---\n\n{text}', encoding="utf-8")
    shutil.copytree(report / "figures", folder / "figures")


def lacks_r(environment: dict[str, str]) -> str:
    """Say what R Markdown needs and this machine does not have."""
    path = environment["PATH"]
    missing = [name for name in ("Rscript", "pandoc", "weasyprint") if shutil.which(name, path=path) is None]
    if not missing:
        asked = subprocess.run(("Rscript", "-e", "library(rmarkdown)"), capture_output=True, check=False)
        missing = ["r-cran-rmarkdown"] if asked.returncode else []
    return ", ".join(missing)


def print_row(job: str, goal: str, ours: Cost, peer: Cost | None = None) -> None:
    times = [f"{one.wall:7.2f} s {one.cpu:7.2f} s" if one else f"{'skipped':>19}" for one in (peer, ours)]
    ratio = f"{ours.wall / peer.wall:6.2f}x {ours.cpu / peer.cpu:6.2f}x" if peer else f"{'':15}"
    print(f"{job:<58}{times[0]}  {times[1]}  {ratio}  {goal}")


def main() -> None:
    """Build once to have the report that R Markdown renders, then time and print."""
    python = sys.executable
    environment = os.environ | {"PATH": f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = folder / "whole"
        for root in (folder, whole):
            shutil.copytree(ROOT / "inputs" / STUDY, root / "inputs" / STUDY)
        shutil.copytree(ROOT / "inputs" / SECOND, whole / "inputs" / SECOND)
        study = folder / "inputs" / STUDY / "study.toml"
        study.write_text(study.read_text(encoding="utf-8").partition(OWN_RUNS)[0], encoding="utf-8")
        build, build_whole = (
            (python, "-m", "reporter", "--root", str(root), "build", "--again", "--study", STUDY)
            for root in (folder, whole)
        )
        build_second = (*build_whole[:-1], SECOND)
        build_unchanged = tuple(word for word in build_second if word != "--again")
        bare, pyplot = (FLOOR.format(matplotlib=word) for word in ("matplotlib", "matplotlib.pyplot"))
        processes = {
            "build": Process("report build of the published part", build, ROOT),
            "whole": Process("report build", build_whole, ROOT),
            "second": Process("report build of the entropy analysis", build_second, ROOT),
            "unchanged": Process("report build of what is there", build_unchanged, ROOT),
            "bare": Process("imports and one line of PDF", (python, "-c", bare), folder),
            "pyplot": Process("imports with pyplot and one line of PDF", (python, "-c", pyplot), folder),
            "help": Process("report --help", (python, "-m", "reporter", "--help"), ROOT),
            "pass": Process("python -c pass", (python, "-c", "pass"), ROOT),
        }
        cost_of(processes["build"], environment)
        if lacking := lacks_r(environment):
            print(f"R Markdown is left out: this machine has no {lacking}.")
        else:
            r_markdown(folder, folder / "reports" / STUDY)
            processes["r"] = Process("R Markdown", ("Rscript", "-e", R_FORMAT), folder)
        taken = medians(processes, environment)
    loaded = subprocess.run((python, "-c", LOADED), cwd=ROOT, capture_output=True, text=True, check=True)

    print(f"{'':58}{'peer':>10}{'CPU':>9}{'ours':>12}{'CPU':>9}{'ratio':>9}{'CPU':>8}  goal")
    print("Peers: imports of pandas, scipy.stats, matplotlib, weasyprint and one line of PDF; R Markdown.")
    for words, ours in (("published part", taken["build"]), ("with our own runs", taken["whole"])):
        print_row(f"report build, {words}, against imports", "<= 2x", ours, taken["bare"])
        print_row("  the same, peer imports matplotlib.pyplot", "<= 2x", ours, taken["pyplot"])
    print_row(
        "report build --study entropy-analysis, against imports", "<= 3x", taken["second"], taken["bare"]
    )
    print_row("report build, nothing changed, against imports", "", taken["unchanged"], taken["bare"])
    print_row("report build, published part, against R Markdown", "< 1x", taken["build"], taken.get("r"))
    beyond = taken["help"].cpu - taken["pass"].cpu
    print(f"report --help: {beyond:.3f} s of CPU beyond python -c pass (goal < 0.2 s); ", end="")
    print(f"of torch and scipy it imports {loaded.stderr.strip() or 'neither'}")


if __name__ == "__main__":
    main()
