"""`report collect` from words to files, with the tiny model of tests/collectors; nothing is loaded to plan."""

from __future__ import annotations

import importlib
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from reporter.cli import _here
from reporter.cli import collecting as verbs
from reporter.collecting import Order, pace_of, task_of
from reporter.collectors import models
from reporter.collectors.store import Store

ROOT = Path(__file__).resolve().parents[2]
PROMPTS = """
schema = 1
study = "small"
seed = 1

[[prompt]]
set = "a"
key = "sky"
text = "the sky is blue"

[[prompt]]
set = "a"
key = "sea"
text = "the sea"

[[run]]
name = "long"
sets = ["a"]
token_limit = 10
temperatures = [0.5, 1.0]
replicates = 3
measures = ["replies"]

[[run]]
name = "short"
sets = ["a"]
token_limit = 5
temperatures = [1.0]
replicates = 2
measures = ["token_logits"]
"""


@pytest.fixture
def model(folder: Path) -> str:
    return str(folder)


@pytest.fixture
def small(project):
    folder = project.root / "inputs" / "small"
    folder.mkdir()
    (folder / "prompts.toml").write_text(PROMPTS, encoding="utf-8")
    return project


def collect(project, *words):
    return project.run("collect", "--study", "small", *words)


def test_a_dry_run_prints_the_plan_and_leaves_nothing(small):
    ran = collect(small, "--model", "smollm2", "--batch", "4", "--dry-run")
    assert (ran.code, ran.err) == (0, "")
    assert [line.split() for line in ran.out.splitlines()[:3]] == [
        ["run", "answers", "done", "batches", "tokens", "at", "most", "temperatures"],
        ["long", "12", "0", "4", "120", "0.5,", "1"],  # six answers at each temperature
        ["short", "4", "0", "1", "20", "1"],
    ]
    assert "To generate: 16 answers, 140 tokens at most.\nTime: unknown" in ran.out
    assert [path.name for path in (small.root / "inputs" / "small").iterdir()] == ["prompts.toml"]


def test_a_dry_run_prices_an_api(small):
    words = ("--provider", "openai", "--dry-run", "--price-in", "1000000", "--price-out", "1000000")
    ran = collect(small, "--model", "gpt-4o", *words)
    # the sky is blue: 15 bytes, the sea: 7; eight answers each, and 140 tokens, at 1 each
    assert "Cost: 316.0000 at most" in ran.out
    assert "Cost: unknown" in collect(small, "--model", "gpt-4o", *words[:3]).out


def test_a_study_is_collected_run_by_run(small, model):
    name = Path(model).name
    place = small.root / "inputs" / "small" / name
    first = collect(small, "--model", model, "--batch", "4", "--run", "short")
    assert first.code == 0, first.err
    assert first.err.splitlines()[:2] == [f"Collecting small, {name}", "0 of 4 answers"]
    assert first.err.splitlines()[-1].startswith("4 of 4 answers, ")
    assert f"{name}: 20 observations, 4 responses." in first.out
    again = collect(small, "--model", model, "--batch", "4")
    assert again.code == 2
    assert "A collection was begun here. Go on with --resume" in again.err
    other = collect(small, "--model", model, "--batch", "3", "--resume")
    assert other.code == 2
    assert "made in another way" in other.err
    whole = collect(small, "--model", model, "--batch", "4", "--resume")
    assert f"{name}: 44 observations, 16 responses." in whole.out
    record = (place / "collection.json").read_text(encoding="utf-8")
    assert str(small.root) not in record
    assert model not in record
    assert collect(small, "--model", model, "--batch", "4", "--resume").code == 0
    assert (place / "collection.json").read_text(encoding="utf-8") == record, "nothing was done"
    order = Order(study="small", model=model)
    rate, where = pace_of(order, small.root)
    session = json.loads(record)["this_session"]
    assert rate == session["tokens"] / session["seconds"]
    threads = importlib.import_module("torch").get_num_threads()
    assert f"{name}/collection.json (batches of 4, threads: {threads}, one process)" in where
    assert f"--batch=4 --device=cpu --dtype=float32 --threads={threads}" in json.loads(record)["command"]
    planned = collect(small, "--model", model, "--batch", "4", "--dry-run").out
    assert planned.endswith("Nothing is left to generate.\n")
    assert pace_of(Order(study="small", model=model, dtype="bfloat16"), small.root) is None


def test_what_study_toml_lacks_is_said_until_it_is_there(small, model):
    name = Path(model).name
    said = collect(small, "--model", model).out
    head, *blocks = said.split("\n\n")[1:]
    assert head == "To use the rows, add to inputs/small/study.toml:"
    assert [block.splitlines()[:2] for block in blocks] == [
        ["[[source]]", f'file = "{name}/observations.parquet"'],
        ["[[source]]", f'file = "{name}/responses.parquet"'],
        ["[[model]]", f'key = "{name}"'],
    ]
    toml = (small.folder / "study.toml").read_text(encoding="utf-8")
    toml = toml.replace('name = "token-scaling"', 'name = "small"', 1)
    declared = small.root / "inputs" / "small" / "study.toml"
    declared.write_text("\n\n".join([toml, *blocks]), encoding="utf-8")
    shutil.copy(small.folder / "published.csv", declared.parent)
    for path in small.folder.iterdir():
        if path.is_dir():
            shutil.copytree(path, declared.parent / path.name)
    assert "To use the rows" not in collect(small, "--model", model, "--resume").out
    described = small.run("describe", "--study", "small", "--json")
    assert described.code == 0, described.err
    files = {file["file"]: file for file in json.loads(described.out)["files"]}
    assert files[f"{name}/observations.parquet"]["rows"] == 44


def test_a_folder_that_cannot_be_written_is_refused(small, model):
    (small.root / "inputs" / "small" / Path(model).name).write_text("in the way")
    ran = collect(small, "--model", model)
    assert ran.code == 2
    assert "Rows cannot be written" in ran.err


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(small, model, monkeypatch):
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    add = Store.add

    def press(*words, **named):
        add(*words, **named)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Store, "add", press)
    try:
        ran = collect(small, "--model", model, "--batch", "4")
    finally:
        signal.signal(signal.SIGINT, before)
    assert ran.code == 2
    assert "Stopped after 1 batches. Go on with --resume." in ran.err
    assert len(Store(small.root / "inputs" / "small" / Path(model).name).jobs()) in (2, 4)


class Says(BaseHTTPRequestHandler):
    """A server that has one answer for all."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        Says.answer(self)

    def answer(self):
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "blue"}}
        usage = {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4}
        said = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
        raw = json.dumps(said | {"usage": usage}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_):
        pass


def test_an_api_is_collected_until_its_limit(small):
    pytest.importorskip("openai")
    path = small.root / "inputs" / "small" / "prompts.toml"
    path.write_text(PROMPTS.replace('["token_logits"]', '["replies"]'), encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), Says) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        words = ("--model", "m", "--provider", "custom")
        words += ("--base-url", f"http://127.0.0.1:{server.server_port}/v1")
        stopped = collect(small, *words, "--max-requests", "5")
        whole = collect(small, *words, "--resume")
        server.shutdown()
    assert stopped.code == 2
    assert "As many requests were sent as were allowed. Go on with --resume." in stopped.err
    assert whole.code == 0, whole.err
    assert "inputs/small/m: 32 observations, 16 responses." in whole.out
    record = json.loads((path.parent / "m" / "collection.json").read_text(encoding="utf-8"))
    assert record["requests_of_this_run"] == 11
    assert (record["answers"], record["failed"], record["batch"]) == (16, 0, 32)
    assert record["command"] == "report collect --study=small --model=m --batch=32 --provider=custom"


class Refuses(BaseHTTPRequestHandler):
    """A server that takes no request, but those for one prompt if it is told which."""

    takes = ""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.takes and body["messages"][-1]["content"] == self.takes:
            Says.answer(self)
            return
        raw = json.dumps({"error": {"message": "no field\n\x1b logprobs sk-12345678"}}).encode()
        self.send_response(400)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_):
        pass


class RefusesMost(Refuses):
    takes = "the sea"


@pytest.fixture
def from_server(small, monkeypatch):
    """Collect from a server of this test; returns what the command said."""
    pytest.importorskip("openai")
    monkeypatch.setenv("CUSTOM_API_KEY", "sk-12345678")
    path = small.root / "inputs" / "small" / "prompts.toml"
    path.write_text(PROMPTS.replace('["token_logits"]', '["replies"]'), encoding="utf-8")

    def ask(handler, *words):
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            address = ("--base-url", f"http://127.0.0.1:{server.server_port}/v1")
            ran = collect(small, "--model", "m", "--provider", "custom", *address, *words)
            server.shutdown()
        return ran

    return ask


REFUSED = "the server answered with status 400 (no field logprobs [key])"


def test_an_api_that_refuses_the_first_requests_is_asked_no_more(from_server):
    ran = from_server(Refuses)
    assert (ran.code, ran.out) == (2, "")
    told = re.escape("a server of our own: The first requests all failed alike. No answer came: ")
    # four requests run side by side: up to three more may be counted before the stop is told
    assert re.search(
        rf"{told}[5-8] times {re.escape(REFUSED)}\. Mend that, and go on with --resume\.\n", ran.err
    ), ran.err
    assert from_server(Says, "--resume").code == 0


def test_a_limit_of_requests_does_not_hide_why_none_was_answered(from_server):
    ran = from_server(Refuses, "--max-requests", "3")
    assert ran.code == 2
    # requests run side by side: the stop may come before the last of the three has been counted
    told = re.escape("As many requests were sent as were allowed. No answer came: ")
    assert re.search(rf"{told}(once|[23] times) {re.escape(REFUSED)}\.", ran.err), ran.err


def test_a_collection_without_any_answer_is_refused(from_server, small):
    path = small.root / "inputs" / "small" / "prompts.toml"
    few = path.read_text(encoding="utf-8").replace("replicates = 3", "replicates = 1")
    path.write_text(few[: few.rindex("[[run]]")], encoding="utf-8")
    ran = from_server(Refuses)
    assert (ran.code, ran.out) == (2, "")
    assert f"No answer came: 4 times {REFUSED}." in ran.err
    record = json.loads((path.parent / "m" / "collection.json").read_text(encoding="utf-8"))
    assert (record["answers"], record["failed"]) == (0, 4)


def test_what_one_server_refuses_in_part_is_left_out_and_counted(from_server, small, monkeypatch):
    monkeypatch.setattr("reporter.collectors._ends.FIRST_FAILURES", 99)
    ran = from_server(RefusesMost)
    assert ran.code == 0, ran.err
    monkeypatch.undo()
    folder = small.root / "inputs" / "small" / "m"
    record = json.loads((folder / "collection.json").read_text(encoding="utf-8"))
    assert (record["answers"], record["failed"]) == (8, 8)
    planned = collect(small, "--model", "m", "--provider", "custom", "--base-url", "http://x/v1", "--dry-run")
    assert "To generate: 8 answers" in planned.out
    monkeypatch.setenv("CUSTOM_API_KEY", "sk-12345678")
    assert from_server(RefusesMost, "--resume").code == 0, "a server that answered before may refuse the rest"


def test_where_nothing_listens_the_collection_stops_at_once(small):
    pytest.importorskip("openai")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        path = small.root / "inputs" / "small" / "prompts.toml"
        path.write_text(PROMPTS.replace('["token_logits"]', '["replies"]'), encoding="utf-8")
        begun = time.monotonic()
        ran = collect(small, "--model", "m", "--provider", "custom", "--base-url", address)
    assert ran.code == 2
    assert "5 times nothing answers at this address (connection refused)." in ran.err
    assert time.monotonic() - begun < 10


def test_a_pipe_gets_a_line_for_each_twentieth_or_minute(monkeypatch, capsys):
    clock = iter([0.0, *(float(i // 2) for i in range(2, 10_000))])
    monkeypatch.setattr(_here.time, "monotonic", lambda: next(clock))
    with _here.counting("words") as report:
        for done in range(1001):
            report(done, 1000)
    lines = capsys.readouterr().err.splitlines()[1:]
    assert 20 <= len(lines) <= 22
    assert (lines[0], lines[-1].split(",")[0]) == ("0 of 1000 answers", "1000 of 1000 answers")
    slow = iter(range(0, 1_000_000, 31))
    monkeypatch.setattr(_here.time, "monotonic", lambda: float(next(slow)))
    with _here.counting("words") as report:
        for done in range(10):
            report(done, 1000)
    assert len(capsys.readouterr().err.splitlines()[1:]) == 10


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("smollm2", "smollm2"),
        ("Org/Model-1.5B", "org--model-1.5b"),
        ("../../x y", "x-y"),
        ("gpt-4o", "gpt-4o"),
    ],
)
def test_a_model_has_a_folder_that_leads_nowhere_else(small, word, key):
    task = task_of(Order(study="small", model=word), small.root)
    assert task.folder == small.root / "inputs" / "small" / key


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["smolm2"], 'Did you mean "smollm2"?'),
        (["gemma3-270"], 'Did you mean "gemma3-270m"?'),
        (["weights/none.gguf"], "There is no file weights/none.gguf."),
        (["./none"], "There is no folder none."),
        (["../../x y"], "There is no folder ../../x y."),
        (["inputs"], "has no config.json"),
        (["gpt-4o", "--provider", "opnai"], 'Did you mean "openai"?'),
        (["gpt-4o", "--provider", "custom"], "needs an address"),
    ],
)
def test_a_dry_run_refuses_what_the_collection_would(small, monkeypatch, words, said):
    monkeypatch.chdir(small.root)
    ran = collect(small, "--model", *words, "--dry-run")
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_dry_run_refuses_states_of_an_api(small):
    path = small.root / "inputs" / "small" / "prompts.toml"
    path.write_text(PROMPTS.replace('["token_logits"]', '["layer_states"]'), encoding="utf-8")
    ran = collect(small, "--model", "gpt-4o", "--provider", "openai", "--dry-run")
    assert (ran.code, ran.out) == (2, "")
    assert "An API shows neither layers nor whole distributions." in ran.err


def test_the_options_are_those_of_the_collectors():
    assert verbs.DTYPES == models.DTYPES


@pytest.mark.parametrize(
    "words", [["--help"], ["--study", "token-scaling", "--model", "smollm2", "--dry-run"]]
)
def test_to_plan_needs_no_torch(words):
    program = (
        "import sys; from reporter.__main__ import run\n"
        "code = run(['collect', *sys.argv[1:]])\n"
        "sys.exit(code or ('torch' in sys.modules or 'transformers' in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
