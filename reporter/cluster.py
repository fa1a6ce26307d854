"""Attach to a cluster that is running, for as long as a command lasts."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager

from reporter.errors import SystemPartMissing

PACKAGE = {"ray": "ray", "dask": "distributed"}


@contextmanager
def attached(engine: str | None, address: str | None = None) -> Iterator[str | None]:
    """Hand out joblib's word for an engine, attached to its cluster.

    Parameters
    ----------
    engine : {"processes", "ray", "dask"}, optional
        None works here, in one process.
    address : str, optional
        Of the Dask scheduler or the Ray head; without it what their own settings name.

    Raises
    ------
    SystemPartMissing
        The package is not installed, or no cluster answers.
    """
    if engine is None or engine == "processes":
        yield "loky" if engine else None
        return
    if importlib.util.find_spec(PACKAGE[engine]) is None:
        raise SystemPartMissing(
            f"The engine {engine} needs the package {PACKAGE[engine]}.",
            remedy="Install it: pip install 'entropy-reporter[cluster]'.",
        )
    with _dask(address) if engine == "dask" else _ray(address):
        yield engine


@contextmanager
def _dask(address: str | None) -> Iterator[None]:
    import dask
    from distributed import Client

    scheduler = address or dask.config.get("scheduler-address", None)
    if scheduler is None:
        raise _no_cluster("Dask", "that nobody named", "Name the scheduler: --address tcp://HOST:PORT.")
    try:
        client = Client(scheduler, timeout="10s")
    except (OSError, ValueError) as error:
        raise _no_cluster("Dask", f"at {scheduler}", "Start the scheduler, or name another.") from error
    with client:
        yield


@contextmanager
def _ray(address: str | None) -> Iterator[None]:
    import ray

    try:
        ray.init(address=address or "auto", log_to_driver=False)
    except ConnectionError as error:
        raise _no_cluster(
            "Ray", f"at {address or 'the usual place'}", "Start it: ray start --head."
        ) from error
    try:
        yield
    finally:
        ray.shutdown()


def _no_cluster(kind: str, where: str, remedy: str) -> SystemPartMissing:
    return SystemPartMissing(f"No {kind} cluster answers {where}.", remedy=remedy)
