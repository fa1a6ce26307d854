"""The entropy analysis with many models: 37 models, 7 axes, 60 layers; time and memory of a cold build.

Run: python tests/benchmarks/bench_entropy_study.py

The rows are made up: normal values, of which a fifth of each layer's is that of an axis. Everything else is
the study as it is, with its numbers of permutations and resamples.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from reporter.observations import frame, write_parquet

ROOT = Path(__file__).resolve().parents[2]
STUDY = "entropy-analysis"
MODELS, QUESTIONS, LAYERS = 37, 30, 60
AXES = (
    "warm_cold", "formal_casual", "verbose_concise", "empathetic_analytical", "confident_cautious",
    "patient_irritated", "proactive_reluctant",
)  # fmt: skip
TOKEN = {"measure": "token_entropy", "symbol": "token", "unit": "nats", "tokenizer": "made-up"}
LAYER = {"symbol": "activation", "unit": "nats", "n": 4096}
LAYER_MEASURES = (
    ("layer_entropy", {"estimator": "histogram", "bin_rule": "made-up"}),
    ("layer_entropy_of_mean", {"estimator": "histogram", "bin_rule": "made-up"}),
    ("layer_spacing", {"estimator": "vasicek"}),
    ("layer_kurtosis", {"estimator": "moments", "unit": "1"}),
)


def rows_of(model: str, rng: np.random.Generator) -> pd.DataFrame:
    """Make the rows of one model: baseline and calibration."""
    cell = {"study": STUDY, "source": "made up", "origin": "collected", "model": model, "run": "1", "replicate": 1,
            "token_limit": 512, "temperature": 0.7, "top_p": 0.9, "model_kind": "instruct"}  # fmt: skip
    rows: list[dict[str, object]] = []

    def add(key: str, **what: object) -> None:
        rows.append(cell | what | {"address": f"{model}/{key}/{len(rows)}"})

    for question in range(QUESTIONS):
        reason = "length" if rng.random() < 0.2 else "stop"
        said = {
            "prompt_set": "baseline",
            "prompt": f"q{question}",
            "block": f"b{question % 3}",
            "finish_reason": reason,
        }
        moved = np.clip(rng.normal(0, 0.4, len(AXES)), -1, 1)
        for mode in ("raw", "warped"):
            value = float(abs(rng.normal(0.3, 0.05)))
            add(f"q{question}", **said, **TOKEN, estimator="exact", logprob_mode=mode, value=value, n=300)
        for axis, value in zip(AXES, moved, strict=True):
            add(
                f"q{question}",
                **said,
                measure="axis_projection",
                unit="projection",
                axis=axis,
                value=float(value),
            )
        for measure, more in LAYER_MEASURES:
            values = np.abs(2 + 0.2 * moved[0] + rng.normal(0, 0.2, LAYERS))
            for layer, value in enumerate(values):
                add(
                    f"q{question}", **said, **(LAYER | more), measure=measure, layer=layer, value=float(value)
                )
    for axis in AXES:
        for pole in ("positive", "negative"):
            for question in range(QUESTIONS):
                for mode in ("raw", "warped"):
                    add(f"{axis}/{pole}", **TOKEN, prompt_set="calibration", prompt=f"q{question}", axis=axis,
                        pole=pole, finish_reason="stop", estimator="exact", logprob_mode=mode,
                        value=float(abs(rng.normal(0.3, 0.05))), n=200)  # fmt: skip
    return frame(rows)


def made_up(root: Path) -> int:
    """Write the study with made-up models beside the published ones, and count the rows."""
    folder = root / "inputs" / STUDY
    shutil.copytree(ROOT / "inputs" / STUDY, folder, ignore=shutil.ignore_patterns("*.parquet", "parts"))
    text = (folder / "study.toml").read_text(encoding="utf-8")
    text = re.sub(r'\[\[source\]\]\nfile = "[^"]+\.parquet"\n(?:[^\n]+\n)+\n?', "", text)
    rng, total = np.random.default_rng(1), 0
    for number in range(MODELS):
        model = f"model-{number}"
        table = rows_of(model, rng)
        total += len(table)
        write_parquet(table, folder / f"{model}.parquet")
        text += (
            f'\n[[source]]\nfile = "{model}.parquet"\nkind = "observations"\norigin = "collected"\n'
            f'citation = "made up"\n\n[[model]]\nkey = "{model}"\nlabel = "Model {number}"\nvendor = "nobody"\n'
        )
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return total


def main() -> None:
    """Build once, cold, and print what it took."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        rows = made_up(root)
        command = (sys.executable, "-m", "reporter", "--root", str(root), "build", "--study", STUDY)
        start = time.perf_counter()
        child = os.posix_spawn(sys.executable, command, os.environ | {"PYTHONPATH": str(ROOT)})
        _, status, used = os.wait4(child, 0)
        wall = time.perf_counter() - start
        if status:
            raise SystemExit(os.waitstatus_to_exitcode(status))
    print(
        f"{MODELS} models x {len(AXES)} axes x {LAYERS} layers, {rows} rows: {wall:.1f} s (goal < 120 s), CPU ",
        end="",
    )
    print(
        f"{used.ru_utime + used.ru_stime:.1f} s, peak of the largest process {used.ru_maxrss / 1024**2:.2f} GiB (goal < 2)"
    )


if __name__ == "__main__":
    main()
