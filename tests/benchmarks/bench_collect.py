"""Speed of the local collector against the usual loop, in one run; printed, never asserted.

Run: python tests/benchmarks/bench_collect.py [--model smollm2] [--batch 120] [--peer-prompts 30]

The peer generates one prompt at a time with transformers, keeps all scores and states, and reduces them in
NumPy afterwards. Both sides first show that they give the same values. With other work on the machine, one
thread is fairer than all of them: OMP_NUM_THREADS=1.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from reporter.collectors.generation import Answer, Request, Sampling, generate
from reporter.collectors.models import LocalModel, load
from reporter.collectors.tokens import TOKENS, entropy_by_answer

TOPICS = ("rain", "bread", "rivers", "chess", "bridges", "bees", "clocks", "maps", "glass", "tides")
FORMS = (
    "How would you explain {} to a child?",
    "What should everyone know about {}?",
    "Who first studied {}?",
)


def prompts(n: int) -> list[str]:
    return [f"{FORMS[i % 3].format(TOPICS[i % 10])} ({i})" for i in range(n)]


def requests(model: LocalModel, n: int) -> list[Request]:
    return [Request(model.prompt_ids(text), seed) for seed, text in enumerate(prompts(n))]


def seconds(job: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = job()
    return time.perf_counter() - start, result


def peak_memory() -> int:
    """KiB of this process since it started; what getrusage says also counts its parent's."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


def ours(model: LocalModel, asked: list[Request], tokens: int, batch: int) -> list[Answer]:
    greedy = Sampling(token_limit=tokens, temperature=0)
    return [answer for _, answer in sorted(generate(model, asked, greedy, batch_size=batch))]


def peer(model: LocalModel, asked: list[Request], tokens: int) -> list[tuple[Any, ...]]:
    """Tokens, raw entropies and states of each prompt."""
    import torch

    found = []
    for request in asked:
        ids = torch.tensor([list(request.prompt_ids)])
        result = model.network.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            do_sample=False,
            max_new_tokens=tokens,
            min_new_tokens=tokens,
            eos_token_id=None,
            pad_token_id=0,
            output_hidden_states=True,
            output_scores=True,
            return_dict_in_generate=True,
        )
        states = np.stack([[layer[0, -1].numpy() for layer in step] for step in result.hidden_states])
        logits = np.stack([step[0].numpy() for step in result.scores])
        logits -= logits.max(axis=1, keepdims=True)
        p = np.exp(logits)
        p /= p.sum(axis=1, keepdims=True)
        entropies = -(p * np.log(np.maximum(p, 1e-30))).sum(axis=1)
        found.append((result.sequences[0, ids.shape[1] :].numpy(), entropies, states.mean(axis=0)))
    return found


def compare(model: LocalModel, batch: int, tokens: int, peer_prompts: int) -> list[Answer]:
    asked = requests(model, batch)
    ours(model, asked[:2], 2, 2)
    slow, theirs = seconds(lambda: peer(model, asked[:peer_prompts], tokens))
    fast, answers = seconds(lambda: ours(model, asked, tokens, batch))
    same = [np.array_equal(one.tokens, two[0]) for one, two in zip(answers, theirs, strict=False)]
    worst = max(
        float(np.abs(one.raw_entropy - two[1]).max())
        for one, two, equal in zip(answers, theirs, same, strict=False)
        if equal
    )
    rates = batch * tokens / fast, peer_prompts * tokens / slow
    print(
        f"values: {sum(same)} of {len(same)} answers have equal tokens; entropies differ by {worst:.1e} at most"
    )
    print(f"batch {batch}, {tokens} tokens: ours {rates[0]:.1f} tokens/s, peer {rates[1]:.1f}", end="")
    print(f", {rates[0] / rates[1]:.1f}x (goal 14x)")
    return answers


def bfloat16(word: str, batch: int, tokens: int, exact: list[Answer]) -> None:
    model = replace(load(word, dtype="bfloat16"), end_ids=())
    asked = requests(model, batch)
    ours(model, asked[:2], 2, 2)
    duration, answers = seconds(lambda: ours(model, asked, tokens, batch))
    change = [float(one.raw_entropy[0] - two.raw_entropy[0]) for one, two in zip(answers, exact, strict=True)]
    print(
        f"bfloat16: {batch * tokens / duration:.1f} tokens/s; entropy of the first step differs by up to",
        end="",
    )
    print(f" {np.abs(change).max():.3f} nats (rows say bfloat16)")


def bound(model: LocalModel, batch: int) -> None:
    """What the machine could do if a step were its matrix products alone, or one reading of its weights."""
    import torch

    shapes = [
        tuple(module.weight.shape)
        for module in model.network.modules()
        if isinstance(module, torch.nn.Linear)
    ]
    width = max(shape[1] for shape in shapes)
    entry = torch.randn(batch, width)
    weights = {shape: torch.randn(shape) for shape in set(shapes)}
    duration = 0.0
    for shape in shapes:
        part = entry[:, : shape[1]].contiguous()
        duration += min(seconds(lambda w=weights[shape], x=part: x @ w.T)[0] for _ in range(3))
    size = sum(rows * columns for rows, columns in shapes)
    buffer = torch.zeros(2**26)
    reading = min(seconds(buffer.sum)[0] for _ in range(3))
    bandwidth = buffer.nbytes / reading
    print(
        f"bound: {2 * size * batch / duration / 1e9:.0f} GFLOP/s in these products, {batch / duration:.0f}",
        end="",
    )
    print(f" tokens/s; {bandwidth / 1e9:.0f} GB/s, {batch / (4 * size / bandwidth):.0f} tokens/s")


def where_time_goes(model: LocalModel, batch: int) -> None:
    from torch.profiler import ProfilerActivity, profile

    asked = requests(model, batch)
    with profile(activities=[ProfilerActivity.CPU]) as watched:
        ours(model, asked, 8, batch)
    events = sorted(watched.key_averages(), key=lambda event: -event.self_cpu_time_total)
    total = sum(event.self_cpu_time_total for event in events)
    shares = (
        f"{event.key.removeprefix('aten::')} {event.self_cpu_time_total / total:.0%}" for event in events[:8]
    )
    print("time:", ", ".join(shares))


def memory(word: str) -> None:
    """Peak memory of 30 and of 300 prompts, each in a process of its own."""
    peaks = []
    for n in (30, 300):
        command = [sys.executable, __file__, "--model", word, "--only-memory", str(n)]
        peaks.append(
            int(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])
        )
    print(f"peak memory: 30 prompts {peaks[0] / 1024:.0f} MiB, 300 prompts {peaks[1] / 1024:.0f} MiB", end="")
    print(f", {peaks[1] / peaks[0]:.2f}x (goal: flat)")


def aggregation(answers: int = 100_000, each: int = 1000) -> None:
    """100 million token rows to answers, against DuckDB where it is installed."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tokens.parquet"
        draw = np.random.default_rng(0)
        with pq.ParquetWriter(file, TOKENS, compression="zstd") as writer:
            for start in range(0, answers, 1000):
                names = pa.array([f"model/{number:016x}" for number in range(start, start + 1000)])
                codes = np.repeat(np.arange(1000, dtype=np.int32), each)
                n = codes.size
                value = draw.random(n, dtype=np.float32)
                step = np.tile(np.arange(each, dtype=np.int32), 1000)
                rows = [pa.DictionaryArray.from_arrays(codes, names), step, step, value, value, value, value]
                writer.write_table(pa.table(rows, schema=TOKENS))
        command = [sys.executable, __file__, "--only-aggregate", str(file)]
        result = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        print(
            f"{answers * each:,} token rows: ours {float(result[0]):.1f} s, {int(result[1]) / 1024:.0f} MiB",
            end="",
        )
        try:
            import duckdb
        except ImportError:
            print("; DuckDB is not installed")
            return
        query = f"SELECT address, avg(raw_entropy), count(*) FROM '{file}' GROUP BY address"
        duration, _ = seconds(duckdb.sql(query).to_arrow_table)
        print(f"; DuckDB {duration:.1f} s, {float(result[0]) / duration:.1f}x of it (goal: 2x at most)")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="smollm2")
    parser.add_argument("--batch", type=int, default=120)
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--peer-prompts", type=int, default=30)
    parser.add_argument("--only-memory", type=int)
    parser.add_argument("--only-aggregate", type=Path)
    asked = parser.parse_args()
    if asked.only_aggregate:
        duration, _ = seconds(lambda: entropy_by_answer(asked.only_aggregate))
        print(duration, peak_memory())
        return
    model = replace(load(asked.model), end_ids=())  # every answer runs to its limit
    if asked.only_memory:
        limit = Sampling(token_limit=32, temperature=0)
        for _ in generate(model, requests(model, asked.only_memory), limit, batch_size=30):
            pass
        print(peak_memory())
        return
    answers = compare(model, asked.batch, asked.tokens, asked.peer_prompts)
    bound(model, asked.batch)
    where_time_goes(model, asked.batch)
    bfloat16(asked.model, asked.batch, asked.tokens, answers)
    memory(asked.model)
    aggregation()


if __name__ == "__main__":
    main()
