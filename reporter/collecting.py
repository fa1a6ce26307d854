"""`report collect`: a study's prompts and the word of a model; what is planned, and what to declare after."""

from __future__ import annotations

import json
import math
import os
import shlex
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from reporter.cluster import attached
from reporter.collectors.chat_api import refuse_states
from reporter.collectors.chat_study import collect_chat_study
from reporter.collectors.collect import RECORD, collect_study, refuse_begun
from reporter.collectors.engines import Dask, Loading, Processes, Ray, spread, threads_here
from reporter.collectors.jobs import Job
from reporter.collectors.limits import Limits
from reporter.collectors.models import key_of, refuse_missing
from reporter.collectors.plan import Plan, read_plans
from reporter.collectors.providers import endpoint_of, refuse_unknown
from reporter.collectors.store import jobs_in
from reporter.errors import ProjectError, StudyError
from reporter.names import did_you_mean
from reporter.project import check_name

PROMPTS = "prompts.toml"
DEVICE, DTYPE = "cpu", "float32"  # unless told otherwise
MILLION = 1_000_000
ONE_PROCESS = "one process"  # where no engine spreads the work
KINDS = ("observations", "responses")  # tables that a study declares as sources

Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be collected, and how: the options of `report collect`."""

    study: str
    model: str
    runs: Sequence[str] = ()  # of prompts.toml; none: all
    batch: int = 32
    resume: bool = False
    device: str = DEVICE
    dtype: str = DTYPE
    threads: int | None = None
    engine: str | None = None
    workers: int | None = None
    address: str | None = None
    gpus: float = 0
    provider: str | None = None
    base_url: str = ""
    max_requests: int | None = None
    max_cost: float | None = None
    price_in: float | None = None
    price_out: float | None = None

    def __post_init__(self) -> None:
        """Refuse options that mean nothing together."""
        local = {
            "engine": self.engine,
            "threads": self.threads,
            "workers": self.workers,
            "address": self.address,
            "device": None if self.device == DEVICE else self.device,
            "dtype": None if self.dtype == DTYPE else self.dtype,
        }
        api = {
            "base-url": self.base_url,
            "max-requests": self.max_requests,
            "max-cost": self.max_cost,
            "price-in": self.price_in,
            "price-out": self.price_out,
        }
        for name, value in local.items() if self.provider else api.items():
            if value not in (None, "", ()):
                kind = "a local model" if self.provider else "an API (--provider)"
                raise StudyError(f"--{name} is for {kind}.")
        if self.provider and self.runs:
            raise StudyError(
                "--run is for a local model.",
                remedy="Of an API all runs are asked; bound them with --max-requests.",
            )
        if self.address and self.engine not in ("ray", "dask"):
            raise StudyError("--address is that of a cluster.", remedy="Use --engine ray or dask.")
        if self.workers and not self.engine:
            raise StudyError("--workers needs an --engine.", remedy="Allowed: processes, ray, dask.")
        if self.gpus and self.engine not in ("ray", "dask"):
            raise StudyError("--gpus-per-worker is asked of a cluster.", remedy="Use --engine ray or dask.")
        if self.max_cost is not None and None in (self.price_in, self.price_out):
            raise StudyError(
                "--max-cost needs to know what tokens cost.", remedy="Say --price-in and --price-out."
            )

    @property
    def loading(self) -> Loading:
        """Say how each process loads the model; several on one machine share its cores."""
        threads = self.threads or (1 if self.engine else None)
        return Loading(word=self.model, device=self.device, dtype=self.dtype, threads=threads)

    def notes(self, threads: int | None = None) -> dict[str, Any]:
        """Say what decides the last bits of the rows, and how to ask for them again. No path, no address.

        ``threads`` is how many a local model computes with.
        """
        options: dict[str, Any] = {"study": self.study, "model": key_of(self.model), "batch": self.batch}
        if self.provider:
            options |= {"model": self.model, "provider": self.provider}
        else:
            options |= {"device": self.device, "dtype": self.dtype, "threads": threads}
        words = [f"--{name}={value}" for name, value in options.items()]
        words += [f"--run={run}" for run in self.runs]
        said = {"batch": self.batch, "command": shlex.join(["report", "collect", *words])}
        return said if self.provider else said | {"threads": threads, "engine": self.engine or ONE_PROCESS}


@dataclass(frozen=True, slots=True)
class Task:
    """The plans of a study, and the folder for one model's rows."""

    folder: Path
    plans: Sequence[Plan]
    chosen: Sequence[Plan]


def task_of(order: Order, root: Path) -> Task:
    """Find what is to be collected; reads prompts.toml, writes nothing.

    Raises
    ------
    ProjectError
        There is no such study, or it has no prompts.
    StudyError
        prompts.toml cannot be read as prompts, is of another study, or lacks a run.
    """
    check_name(order.study)
    path = root / "inputs" / order.study / PROMPTS
    if not path.is_file():
        if path.parent.is_dir():
            raise ProjectError("The study has no prompts.", where=path, remedy="Say there what to ask.")
        names = [found.parent.name for found in root.glob(f"inputs/*/{PROMPTS}")]
        raise ProjectError(
            f'There is no study "{order.study}" with prompts in {root / "inputs"}.',
            remedy=did_you_mean(order.study, names),
        )
    plans = read_plans(path, batch_size=order.batch)
    named = plans[0].jobs[0].study
    if named != order.study:
        raise StudyError(
            f'"study" is "{named}", but the folder is "{order.study}".', where=path, remedy="Make them equal."
        )
    names = sorted({plan.name for plan in plans})
    for run in order.runs:
        if run not in names:
            raise StudyError(f'There is no run "{run}".', where=path, remedy=did_you_mean(run, names))
    chosen = [plan for plan in plans if not order.runs or plan.name in order.runs]
    return Task(path.parent / key_of(order.model), plans, chosen)


def carry_out(order: Order, task: Task, report: Report) -> dict[str, int]:
    """Collect with a local model, here or spread over workers, or from an API.

    Returns
    -------
    dict
        How many rows each table has.

    Raises
    ------
    SystemPartMissing
        The model cannot be loaded, or no cluster answers.
    EndpointError, StudyError
        The API cannot be asked, or not this.
    OutputError
        The rows cannot be written, the user stopped, a limit was reached, or workers were lost again and
        again.
    """
    if order.provider:
        endpoint = endpoint_of(order.provider, order.model, base_url=order.base_url)
        limits = Limits(
            max_requests=order.max_requests,
            max_cost=order.max_cost,
            price_in=order.price_in,
            price_out=order.price_out,
        )
        return collect_chat_study(
            task.plans,
            endpoint,
            task.folder,
            limits=limits,
            resume=order.resume,
            report=report,
            notes=order.notes(),
        )
    refuse_begun(task.folder, resume=order.resume)
    loading = order.loading
    cores = max(1, (os.cpu_count() or 1) // (loading.threads or 1))
    crews: dict[str, Callable[[], Any]] = {
        "processes": lambda: Processes(loading, order.workers or cores),
        "ray": lambda: Ray(loading, order.workers, order.gpus),
        "dask": lambda: Dask(loading, order.workers, order.gpus),
    }
    with attached(order.engine, order.address):
        model = loading.load(weights=order.engine is None)
        return collect_study(
            task.plans,
            model,
            task.folder,
            engine=spread(crews[order.engine]) if order.engine else None,
            runs=order.runs,
            resume=order.resume,
            report=report,
            notes=order.notes(loading.threads or threads_here()),
        )


# --- before ----------------------------------------------------------------------------------------------


def outline(order: Order, task: Task, root: Path) -> Iterator[str]:
    """Say in lines what would be collected, once all is checked that needs neither torch nor network.

    Raises
    ------
    SystemPartMissing, EndpointError, StudyError
        There is no such model, file, folder or provider, or an API cannot be asked this.
    """
    if order.provider:
        refuse_unknown(order.provider, order.base_url)
        for plan in task.plans:
            refuse_states(plan)
    else:
        refuse_missing(order.model)
    done = jobs_in(task.folder)
    left: list[Job] = []
    yield f"{'run':<20}{'answers':>9}{'done':>9}{'batches':>9}{'tokens at most':>16}  temperatures"
    for plan in task.chosen:
        missing = [job for job in plan.jobs if job.digest not in done]
        left += missing
        n, most = len(plan.jobs), plan.most_tokens
        counts = f"{n:>9}{n - len(missing):>9}{n_batches(plan):>9}{most:>16}"
        yield f"{plan.name:<20}{counts}  {temperatures(plan)}"
    if not left:
        yield "Nothing is left to generate."
        return
    tokens = sum(job.sampling.token_limit for job in left)
    yield f"To generate: {len(left)} answers, {tokens} tokens at most."
    yield cost(order, left) if order.provider else duration(tokens, pace_of(order, root))


def duration(tokens: int, pace: tuple[float, str] | None) -> str:
    """Say how long a local model takes at most, and how we know."""
    if pace is None:
        return "Time: unknown, for no collection with this model, device and dtype is recorded here."
    rate, where = pace
    return (
        f"Time: {timedelta(seconds=math.ceil(tokens / rate))} at most, at the {rate:.1f} tokens/s of {where}."
    )


def cost(order: Order, jobs: Sequence[Job]) -> str:
    """Say what an API takes at most: a token has at least one byte."""
    if order.price_in is None or order.price_out is None:
        return "Cost: unknown. Say --price-in and --price-out, per million tokens."
    read = sum(len((job.system + job.text).encode()) for job in jobs)
    price = (
        read * order.price_in + sum(job.sampling.token_limit for job in jobs) * order.price_out
    ) / MILLION
    return f"Cost: {price:.4f} at most, and what the chat template adds to {len(jobs)} prompts."


def temperatures(plan: Plan) -> str:
    """List a plan's temperatures: two runs of one name may differ in nothing else."""
    return ", ".join(f"{found:g}" for found in sorted({job.sampling.temperature for job in plan.jobs}))


def n_batches(plan: Plan) -> int:
    """Count the batches that a plan is cut into: sampling is equal within each."""
    sizes = Counter(job.sampling for job in plan.jobs).values()
    return sum(math.ceil(size / plan.batch_size) for size in sizes)


def pace_of(order: Order, root: Path) -> tuple[float, str] | None:
    """Find how fast this model was in the fastest collection of this project that says so.

    Returns
    -------
    (tokens per second, where and how that was measured), or None
    """
    found = []
    for path in root.glob(f"inputs/*/{key_of(order.model)}/{RECORD}"):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            rate = record["this_session"]["tokens"] / record["this_session"]["seconds"]
        except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError):
            continue  # of another version, or of an API: nothing can be learnt from it
        if rate and (record["device"], record["dtype"]) == (order.device, order.dtype):
            how = (
                f"batches of {record.get('batch')}, threads: {record.get('threads')}, {record.get('engine')}"
            )
            found.append((rate, f"{path.relative_to(root).as_posix()} ({how})"))
    return max(found, default=None)


# --- after -----------------------------------------------------------------------------------------------


def to_declare(root: Path, task: Task) -> str:
    """Write what study.toml lacks so that the rows can be read; nothing if it lacks nothing."""
    study = task.folder.parent
    try:
        declared = tomllib.loads((study / "study.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        declared = {}
    key = task.folder.name
    files = {source.get("file") for source in declared.get("source", [])}
    blocks = [
        _block("source", file=file, kind=kind, origin="collected", citation="ours")
        for kind in KINDS
        if (file := f"{key}/{kind}.parquet") not in files and (study / file).is_file()
    ]
    if key not in {model.get("key") for model in declared.get("model", [])}:
        blocks.append(_block("model", key=key, label=key, vendor="?"))
    head = f"To use the rows, add to {(study / 'study.toml').relative_to(root)}:"
    return "\n\n".join([head, *blocks]) if blocks else ""


def _block(name: str, **values: str | int) -> str:
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    return "\n".join([f"[[{name}]]", *lines])
