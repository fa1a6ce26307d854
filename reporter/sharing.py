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
    """Do every job, each in the process that is free first.

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
    turn = fork.Value("q", 0)

    def turns() -> Iterator[int]:
        while True:
            with turn.get_lock():
                place, turn.value = turn.value, turn.value + 1
            if place >= len(jobs):
                return
            yield place

    def done() -> dict[int, Answer | Refusal]:
        found: dict[int, Answer | Refusal] = {}
        for place in turns():
            try:
                found[place] = do(jobs[place])
            except Refusal as refusal:
                found[place] = refusal
                with turn.get_lock():  # every job before this one is done or begun, and none after it counts
                    turn.value = len(jobs)
        return found

    here, there = fork.Pipe(duplex=False)
    copy = fork.Process(target=lambda: there.send(done()), daemon=True)
    copy.start()
    there.close()  # so that the pipe ends where the copy dies
    found = done()
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
