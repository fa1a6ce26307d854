"""Spread the shards of a collection over processes, a Ray cluster or a Dask cluster: the same rows, sooner.

All three work alike. Each worker loads the model once, is given one shard at a time, and sends the rows back;
this process alone writes. The shard of a worker that is lost is given to another one.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import connection, get_context
from threading import Lock
from typing import Any, NoReturn, Protocol

from reporter.collectors.models import LocalModel, load
from reporter.collectors.run import Done, Engine, Shard, answered
from reporter.errors import OutputError, Refusal, SystemPartMissing

MOST_LOSSES = 3  # of one shard: what loses three workers will lose the fourth
RAISED = 1  # exit code of a Python process that an error ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """Which model to load, and how: all that a worker must know before its first shard.

    ``threads`` is how many one model computes with on a CPU. It decides the last bits of the rows: sums are
    cut among threads, and so are rounded differently.
    """

    word: str
    device: str = "cpu"
    dtype: str = "float32"
    threads: int | None = None  # None: as torch has them, which is all cores

    def load(self, *, weights: bool = True) -> LocalModel:
        """Load the model into this process."""
        model = load(self.word, device=self.device, dtype=self.dtype, weights=weights)
        if self.threads:
            import torch

            torch.set_num_threads(self.threads)
        return model


def threads_here() -> int:
    """Count the threads that a model in this process computes with on a CPU."""
    import torch

    return int(torch.get_num_threads())


class Worker:
    """What runs in a worker: a model, loaded at the beginning."""

    def __init__(self, loading: Loading) -> None:
        self.loading = loading

    def begin(self) -> int:
        """Load the model."""
        self.model = self.loading.load()
        return os.getpid()

    def answer(self, shard: Shard) -> Done:
        """Work through one shard."""
        return answered(shard, self.model)


class Lost(Exception):
    """A worker ended while it had something to do."""


class Crew(Protocol):
    """Workers of one kind, and what is under way: each call that begins work hands out a ticket for it."""

    size: int

    def hire(self) -> tuple[Any, Any]:
        """Start a worker, and let it load the model; returns it and a ticket."""

    def give(self, worker: Any, shard: Shard) -> Any:
        """Let a worker begin a shard; returns a ticket."""

    def first(self, tickets: Sequence[Any]) -> Any:
        """Wait until one of the tickets has ended, well or not."""

    def result(self, ticket: Any) -> Any:
        """Take what came of it. Raises Lost, or what the worker refused."""

    def close(self) -> None:
        """Let all workers go, whatever they are doing."""


def spread(crew: Callable[[], Crew]) -> Engine:
    """Work through shards with a crew."""

    def work(shards: Sequence[Shard], *, stopping: Callable[[], bool]) -> Iterator[Done]:
        with closing(crew()) as hired:
            yield from _hand_out(hired, list(reversed(shards)), stopping)

    return work


def _hand_out(crew: Crew, waiting: list[Shard], stopping: Callable[[], bool]) -> Iterator[Done]:
    """Give the last of the waiting shards to whoever is idle, until none waits and nobody works."""
    busy: dict[Any, tuple[Any, Shard | None]] = {}  # by ticket; without a shard while the model loads
    idle: list[Any] = []
    losses: Counter[str] = Counter()

    def hire() -> None:
        worker, ticket = crew.hire()
        busy[ticket] = worker, None

    for _ in range(min(crew.size, len(waiting))):
        hire()
    while True:
        while idle and waiting and not stopping():
            worker, shard = idle.pop(0), waiting.pop()
            busy[crew.give(worker, shard)] = worker, shard
        working = any(shard for _, shard in busy.values())
        if not working and (idle or stopping()):
            return
        ticket = crew.first([*busy])
        worker, begun = busy.pop(ticket)
        try:
            result = crew.result(ticket)
        except Lost as loss:
            _count(losses, begun, loss)
            if begun:
                waiting.append(begun)
            hire()
            continue
        idle.append(worker)
        if begun:
            yield result


def _count(losses: Counter[str], shard: Shard | None, loss: Lost) -> None:
    """Give up where the same work loses one worker after the other."""
    name = shard.key if shard else ""
    losses[name] += 1
    if losses[name] >= MOST_LOSSES:
        work = f"a batch of {len(shard.plan.jobs)} answers" if shard else "loading the model"
        raise OutputError(
            f"{MOST_LOSSES} workers were lost over {work} ({loss}).",
            remedy="Is there memory enough? Go on with --resume and a smaller --batch or fewer --workers.",
        ) from loss


# --- processes of this machine ---------------------------------------------------------------------------


class Processes:
    """Worker processes here, each started anew: what is loaded cannot be shared safely by a fork."""

    def __init__(self, loading: Loading, size: int) -> None:
        self.loading, self.size = loading, size
        self._context = get_context("spawn")
        self._processes: dict[connection.Connection, Any] = {}

    def hire(self) -> tuple[Any, Any]:
        """Start a process; its end of the pipe is its ticket."""
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(self.loading, theirs), daemon=True)
        process.start()
        theirs.close()  # so that ours ends when the process does
        self._processes[ours] = process
        return ours, ours

    def give(self, worker: Any, shard: Shard) -> Any:
        """Send a shard; if the process is gone, that is seen when its answer is fetched."""
        with suppress(BrokenPipeError):
            worker.send(shard)
        return worker

    def first(self, tickets: Sequence[Any]) -> Any:
        """Wait for rows, or the end of a process."""
        return connection.wait(tickets)[0]

    def result(self, ticket: Any) -> Any:
        """Receive rows or a refusal."""
        try:
            found = ticket.recv()
        except (EOFError, OSError):  # the second where it ended in the middle of its rows
            process = self._processes.pop(ticket)
            process.join()
            if process.exitcode == RAISED:
                raise RuntimeError("a worker met an error of ours; its traceback stands above") from None
            raise Lost(f"exit code {process.exitcode}") from None
        if isinstance(found, Refusal):
            raise found
        return found

    def close(self) -> None:
        """End all processes."""
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            process.join()


def _serve(loading: Loading, pipe: connection.Connection) -> None:
    """Do what comes through a pipe until it ends. Ctrl-C is for the process that gives out the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    worker = Worker(loading)
    try:
        pipe.send(worker.begin())
        while True:
            pipe.send(worker.answer(pipe.recv()))
    except Refusal as refusal:
        pipe.send(refusal)
    except EOFError:
        return


# --- Ray -------------------------------------------------------------------------------------------------


class Ray:
    """Actors on the Ray cluster that this process is attached to."""

    def __init__(self, loading: Loading, size: int | None, gpus: float) -> None:
        import ray

        self._ray, self._loading = ray, loading
        cpus = loading.threads or 1
        self._actor = ray.remote(num_cpus=cpus, num_gpus=gpus, max_restarts=0)(Worker)
        self._actors: list[Any] = []
        there = ray.cluster_resources()
        room = [there.get("CPU", 0) / cpus, *([there.get("GPU", 0) / gpus] if gpus else [])]
        self.size = size or int(min(room)) or _no_room("Ray", cpus, gpus)

    def hire(self) -> tuple[Any, Any]:
        """Ask for an actor; it begins when the cluster has room."""
        actor = self._actor.remote(self._loading)
        self._actors.append(actor)
        return actor, actor.begin.remote()

    def give(self, worker: Any, shard: Shard) -> Any:
        """Send a shard."""
        return worker.answer.remote(shard)

    def first(self, tickets: Sequence[Any]) -> Any:
        """Wait for one call to end."""
        return self._ray.wait(list(tickets), num_returns=1)[0][0]

    def result(self, ticket: Any) -> Any:
        """Fetch rows; an error keeps its kind."""
        try:
            return self._ray.get(ticket)
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause from error
        except self._ray.exceptions.RayError as error:  # actor, node or stored rows are gone
            raise Lost(type(error).__name__) from error

    def close(self) -> None:
        """End all actors."""
        for actor in self._actors:
            self._ray.kill(actor)


# --- Dask ------------------------------------------------------------------------------------------------


class Dask:
    """Workers of the Dask cluster that this process is attached to; its scheduler says which one does what.

    It also gives the shard of a lost worker to another one, and gives up itself
    (``distributed.scheduler.allowed-failures``).
    """

    def __init__(self, loading: Loading, size: int | None, gpus: float) -> None:
        import distributed

        self._dask, self._loading = distributed, loading
        self._client = distributed.default_client()
        self._resources = {"GPU": gpus} if gpus else None
        workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
        fit = [worker for worker in workers if worker["resources"].get("GPU", 0) >= gpus]
        self.size = size or len(fit) or _no_room("Dask", loading.threads or 1, gpus)

    def hire(self) -> tuple[Any, Any]:
        """Take one worker more into account, whichever it is."""
        return object(), self._submit(begin, self._loading)

    def give(self, worker: Any, shard: Shard) -> Any:
        """Send a shard."""
        del worker
        return self._submit(answer, self._loading, shard)

    def first(self, tickets: Sequence[Any]) -> Any:
        """Wait for one task to end."""
        return self._dask.wait(tickets, return_when="FIRST_COMPLETED").done.pop()

    def result(self, ticket: Any) -> Any:
        """Fetch rows; an error keeps its kind."""
        try:
            return ticket.result()
        except self._dask.scheduler.KilledWorker as error:
            raise OutputError(
                "A batch lost one Dask worker after the other.",
                remedy="Is there memory enough? Go on with --resume and a smaller --batch.",
            ) from error

    def close(self) -> None:
        """Ask for nothing more; the workers belong to their cluster."""

    def _submit(self, work: Callable[..., Any], *parts: Any) -> Any:
        return self._client.submit(work, *parts, pure=False, resources=self._resources)


def _no_room(kind: str, cpus: int, gpus: float) -> NoReturn:
    raise SystemPartMissing(
        f"The {kind} cluster has no room for a worker of {cpus} CPUs and {gpus:g} GPUs.",
        remedy="Start workers, or say with --workers for how many to wait.",
    )


ONE_AT_A_TIME = Lock()  # a Dask worker may have several threads, and the model uses as many as it is told


def begin(loading: Loading) -> int:
    """Load the model into the process of a Dask worker, if it is not there."""
    with ONE_AT_A_TIME:
        _kept(loading)
        return os.getpid()


def answer(loading: Loading, shard: Shard) -> Done:
    """Work through one shard in the process of a Dask worker."""
    with ONE_AT_A_TIME:
        return _kept(loading).answer(shard)


@lru_cache(maxsize=1)  # the process outlives our tasks; of models that follow each other it keeps the last
def _kept(loading: Loading) -> Worker:
    worker = Worker(loading)
    worker.begin()
    return worker
