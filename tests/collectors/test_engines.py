"""Processes, Ray and Dask give the bytes of one process, even when a worker is killed in the middle of a shard.

Real processes and real local clusters. The worker that is killed kills itself, in a collector of the test's
own that workers import from ``PYTHONPATH``: so it happens in the middle of a shard, and each time.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import pickle
import secrets
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace

import pytest

from reporter.cluster import attached
from reporter.collectors.collect import RECORD, collect_study
from reporter.collectors.engines import Crew, Dask, Loading, Lost, Processes, spread
from reporter.collectors.jobs import Job, seed_of
from reporter.collectors.plan import Plan
from reporter.collectors.replies import replies
from reporter.collectors.run import Done, Shard
from reporter.errors import OutputError, SystemPartMissing

DEADLY = '''
import os, signal, time
from pathlib import Path

ROOM = Path({room!r})

def deadly(job, answer, model):
    """Wait until two processes are at work, then end this one at the job that the mark still has to fell."""
    (ROOM / "seen" / str(os.getpid())).touch()
    end = time.monotonic() + 60
    while len(list((ROOM / "seen").iterdir())) < 2 and time.monotonic() < end:
        time.sleep(0.02)
    mark = ROOM / "mark"
    if job.replicate == 5 and mark.exists():
        mark.rename(ROOM / "felled")
        os.kill(os.getpid(), signal.SIGKILL)
    return []
'''
N_JOBS = 12


@pytest.fixture
def loading(folder: Path) -> Loading:
    return Loading(word=str(folder), threads=1)


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the deadly collector, and let this process and those that it starts find it."""
    (tmp_path / "deadly_collector.py").write_text(DEADLY.format(room=str(tmp_path)), encoding="utf-8")
    (tmp_path / "seen").mkdir()
    (tmp_path / "mark").touch()
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "deadly_collector", raising=False)


def plan_of(job: Job) -> Plan:
    collector = importlib.import_module("deadly_collector").deadly
    jobs = [
        replace(job, replicate=i, seed=seed_of(6, i), text=" ".join(["sky"] * (1 + i % 3)))
        for i in range(1, N_JOBS + 1)
    ]
    return Plan(jobs=jobs, collectors=[replies, collector], states=True, tokens=True, batch_size=2)


def tables(folder: Path) -> dict[str, bytes]:
    names = ("observations.parquet", "responses.parquet", "states.parquet", "tokens.parquet", "ledger.csv")
    return {name: (folder / name).read_bytes() for name in names}


def collected(crew: Callable[[], Crew], job: Job, loading: Loading, tmp_path: Path) -> None:
    collect_study([plan_of(job)], loading.load(weights=False), tmp_path / "spread", engine=spread(crew))


def check(job: Job, loading: Loading, tmp_path: Path) -> None:
    """Compare what workers made, one of which was killed, with what this process makes."""
    assert (tmp_path / "felled").exists(), "no worker was killed"
    seen = {path.name for path in (tmp_path / "seen").iterdir()}
    assert len(seen) >= 2, "one process did all the work"
    session = json.loads((tmp_path / "spread" / RECORD).read_text())["this_session"]
    assert set(session["batches_by_process"]) <= seen - {str(os.getpid())}
    assert sum(session["batches_by_process"].values()) == N_JOBS / 2
    rows = collect_study([plan_of(job)], loading.load(), tmp_path / "alone")
    assert rows["responses"] == session["answers"] == N_JOBS
    assert tables(tmp_path / "spread") == tables(tmp_path / "alone")


# --- processes -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("deadly")
def test_a_killed_process_costs_its_own_shard_alone(job: Job, loading: Loading, tmp_path: Path) -> None:
    collected(lambda: Processes(loading, 2), job, loading, tmp_path)
    check(job, loading, tmp_path)


@pytest.mark.usefixtures("deadly")
def test_what_a_worker_refuses_is_refused_here(job: Job, loading: Loading, tmp_path: Path) -> None:
    elsewhere = replace(loading, device="cuda")
    with pytest.raises(SystemPartMissing, match='no device "cuda" here'):
        collect_study(
            [plan_of(job)],
            loading.load(weights=False),
            tmp_path / "rows",
            engine=spread(lambda: Processes(elsewhere, 1)),
        )


def test_rows_that_were_torn_are_those_of_a_lost_worker(loading: Loading) -> None:
    """A worker killed while it sends leaves a message shorter than its head says."""
    crew = Processes(loading, 1)
    ours, theirs = get_context("spawn").Pipe()
    crew._processes[ours] = SimpleNamespace(join=lambda: None, exitcode=-9)
    os.write(theirs.fileno(), struct.pack("!i", 100) + b"torn")
    theirs.close()
    with pytest.raises(Lost, match="exit code -9"):
        crew.result(ours)


# --- clusters --------------------------------------------------------------------------------------------


@pytest.fixture
def start() -> Iterator[Callable[..., None]]:
    """Start commands that run until the test is over; each ends with all that it started."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(*command: str | Path) -> None:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        running.append(subprocess.Popen([sys.executable, *command], start_new_session=True, **quiet))

    yield begin
    for process in reversed(running):
        process.terminate()
    for process in running:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.filterwarnings("ignore")  # of the cluster's own start-up
@pytest.mark.usefixtures("deadly")
def test_a_killed_dask_worker_costs_its_own_shard_alone(
    start: Callable[..., None], job: Job, loading: Loading, tmp_path: Path
) -> None:
    distributed = pytest.importorskip("distributed")
    file = tmp_path / "scheduler.json"
    here = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", file)
    start("-m", "distributed.cli.dask_scheduler", "--port", "0", *here)
    for name in ("one", "two"):
        start(
            "-m",
            "distributed.cli.dask_worker",
            "--nthreads",
            "1",
            "--local-directory",
            tmp_path / name,
            *here,
        )
    while not file.is_file() or not file.read_text():
        time.sleep(0.1)
    with attached("dask", json.loads(file.read_text())["address"]):
        distributed.default_client().wait_for_workers(2)
        collected(lambda: Dask(loading, None, 0), job, loading, tmp_path)
        with pytest.raises(SystemPartMissing, match="no room for a worker of 1 CPUs and 2 GPUs"):
            Dask(loading, None, 2)
    check(job, loading, tmp_path)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


DRIVER = """
import pickle, sys
from pathlib import Path
from reporter.cluster import attached
from reporter.collectors.collect import RECORD, collect_study
from reporter.collectors.engines import Ray, spread
from reporter.errors import SystemPartMissing

address, folder = sys.argv[1:]
plan, loading = pickle.loads((Path(folder) / "order").read_bytes())
with attached("ray", address):
    crew = lambda: Ray(loading, None, 0)
    collect_study([plan], loading.load(weights=False), Path(folder) / "spread", engine=spread(crew))
    try:
        Ray(loading, None, 1)
    except SystemPartMissing as refusal:
        print(refusal)
"""


@pytest.mark.usefixtures("deadly")
def test_a_killed_ray_actor_costs_its_own_shard_alone(
    start: Callable[..., None], job: Job, loading: Loading, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Head, workers and driver share a token, which each reads once: so the driver is a new process too."""
    if importlib.util.find_spec("ray") is None:
        pytest.skip("ray is not installed")
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(32))
    port = free_port()
    (tmp_path / "order").write_bytes(pickle.dumps((plan_of(job), loading)))
    with tempfile.TemporaryDirectory(
        prefix="ray", ignore_cleanup_errors=True
    ) as place:  # sockets: a short name
        start(
            "-m", "ray.scripts.scripts", "start", "--head", "--block", "--node-ip-address=127.0.0.1",
            f"--port={port}", "--num-cpus=2", "--include-dashboard=false", "--disable-usage-stats",
            f"--temp-dir={place}",
        )  # fmt: skip
        wait_for(port)
        driver = [sys.executable, "-c", DRIVER, f"127.0.0.1:{port}", str(tmp_path)]
        done = subprocess.run(driver, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "no room for a worker of 1 CPUs and 1 GPUs" in done.stdout
    check(job, loading, tmp_path)


def wait_for(port: int) -> None:
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    pytest.fail("the head of the cluster did not start")


# --- who gets what: the same rules for all engines, seen with workers that are made up --------------------


class MadeUp:
    """Workers that do nothing, in the order in which they were asked; a call in ``dies`` loses its worker."""

    def __init__(self, size: int, dies: Sequence[int] = ()) -> None:
        self.size, self.dies = size, dies
        self.calls: dict[int, Shard | None] = {}
        self.given: list[str] = []
        self.hired = self.waited = 0
        self.closed = False

    def hire(self) -> tuple[int, int]:
        self.hired += 1
        return self.hired, self._call(None)

    def give(self, worker: int, shard: Shard) -> int:
        self.given.append(shard.key)
        return self._call(shard)

    def _call(self, shard: Shard | None) -> int:
        self.calls[len(self.calls) + 1] = shard
        return len(self.calls)

    def first(self, tickets: Sequence[int]) -> int:
        self.waited += 1
        return tickets[0]

    def result(self, ticket: int) -> object:
        if ticket in self.dies:
            raise Lost("exit code -9")
        shard = self.calls[ticket]
        return shard and Done(shard, {}, ticket)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def shards(job: Job) -> list[Shard]:
    return [Shard(key, Plan(jobs=[job, job], collectors=())) for key in "abcd"]


def worked(crew: MadeUp, shards: list[Shard], stopping: Callable[[], bool] = lambda: False) -> list[str]:
    return [done.shard.key for done in spread(lambda: crew)(shards, stopping=stopping)]


def test_no_more_workers_are_hired_than_there_is_work(shards: list[Shard]) -> None:
    crew = MadeUp(9)
    assert worked(crew, shards) == ["a", "b", "c", "d"]
    assert (crew.hired, crew.closed) == (4, True)


def test_a_lost_shard_goes_first_and_to_another_worker(shards: list[Shard]) -> None:
    crew = MadeUp(1, dies=[3])  # 1: loading, 2: a, 3: b
    assert worked(crew, shards) == ["a", "b", "c", "d"]
    assert (crew.given, crew.hired) == (["a", "b", "b", "c", "d"], 2)


@pytest.mark.parametrize(
    ("dies", "words"), [([2, 4, 6], "over a batch of 2 answers"), ([1, 2, 3], "over loading the model")]
)
def test_what_loses_every_worker_is_given_up(shards: list[Shard], dies: list[int], words: str) -> None:
    crew = MadeUp(1, dies)
    with pytest.raises(OutputError, match=rf"3 workers were lost {words} \(exit code -9\)\. .*--resume"):
        worked(crew, shards)
    assert crew.closed


def test_who_stops_keeps_what_is_under_way(shards: list[Shard]) -> None:
    crew = MadeUp(2)
    assert worked(crew, shards, stopping=lambda: len(crew.given) == 3) == ["a", "b", "c"]
    assert crew.given == ["a", "b", "c"]


def test_who_stops_while_models_load_does_not_wait_for_them(shards: list[Shard]) -> None:
    crew = MadeUp(2)
    assert worked(crew, shards, stopping=lambda: True) == []
    assert (crew.waited, crew.closed) == (0, True)
