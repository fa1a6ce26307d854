"""Independent jobs, shared between this process and a copy of it, which has read everything already.

A study's questions do not depend on one another, and reading the rows again in a second process takes as long
as half of the answers. A copy is made by ``fork``, so this is for Linux, and for a process without threads.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from typing import TypeVar

from reporter.errors import Refusal

Job = TypeVar("Job")
Answer = TypeVar("Answer")


def can_share() -> bool:
    """Say whether this process may be copied, and a core is there for the copy."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    return cores > 1 and threading.active_count() == 1


def shared(jobs: Sequence[Job], do: Callable[[Job], Answer]) -> list[Answer]:
    """Do every job: this process from the first on, the copy from the last on, until they meet.

    Neighbours are often about the same rows, which each process then has to look at for its own only.

    Parameters
    ----------
    do : callable
        What it returns must be picklable, and must not depend on the jobs done before.

    Returns
    -------
    list
        The answers in the order of the jobs.

    Raises
    ------
    Refusal
        That of the first refused job, as if the jobs had been done one after the other.
    RuntimeError
        The copy died, or met a fault of ours; it has printed which.
    """
    fork = get_context("fork")
    left = fork.Array("q", [0, len(jobs)])  # the first job that nobody has begun, and the one after the last

    def turns(*, upwards: bool) -> Iterator[int]:
        while True:
            with left.get_lock():
                first, end = left[:]
                if first >= end:
                    return
                left[:] = [first + 1, end] if upwards else [first, end - 1]
            yield first if upwards else end - 1

    def done(*, upwards: bool) -> dict[int, Answer | Refusal]:
        found: dict[int, Answer | Refusal] = {}
        for place in turns(upwards=upwards):
            try:
                found[place] = do(jobs[place])
            except Refusal as refusal:
                found[place] = refusal
                with left.get_lock():  # jobs after a refused one count no more
                    left[1] = min(left[1], place)
        return found

    here, there = fork.Pipe(duplex=False)
    copy = fork.Process(target=lambda: there.send(done(upwards=False)), daemon=True)
    copy.start()
    there.close()  # so that the pipe ends where the copy dies
    found = done(upwards=True)
    try:
        found |= here.recv()
    except EOFError as silence:
        copy.join()
        raise RuntimeError(f"the copy of this process ended with code {copy.exitcode}") from silence
    copy.join()
    return list(_in_order(found))


def _in_order(found: dict[int, Answer | Refusal]) -> Iterator[Answer]:
    for place in sorted(found):
        answer = found[place]
        if isinstance(answer, Refusal):
            raise answer
        yield answer
