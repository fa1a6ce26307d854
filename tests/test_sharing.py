"""Jobs shared with a copy of this process: the same answers and refusals as one after the other."""

from __future__ import annotations

import os
import sys
import time

import pytest

from reporter.errors import DataError
from reporter.sharing import can_share, shared

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made by fork, on Linux")


def test_answers_come_in_the_order_of_the_jobs():
    assert shared(range(200), lambda job: job**2) == [job**2 for job in range(200)]
    assert shared([], lambda job: job) == []


def test_two_processes_do_the_jobs():
    def who(job):
        time.sleep(0.01)
        return os.getpid()

    assert len(set(shared(range(40), who))) == 2


@pytest.mark.parametrize("refused", [{3, 7}, {7}, {0}, {39}, set(range(40))])
def test_the_first_refusal_is_raised_whoever_met_it(refused):
    def do(job):
        time.sleep(0.002 * (job % 5))
        if job in refused:
            raise DataError(f"Job {job} cannot be done.", where=f"line {job}", remedy="Leave it.")
        return job

    with pytest.raises(DataError) as met:
        shared(range(40), do)
    assert (met.value.what, met.value.where, met.value.remedy) == (
        f"Job {min(refused)} cannot be done.", f"line {min(refused)}", "Leave it.",
    )  # fmt: skip


def test_a_copy_that_dies_is_no_answer():
    parent = os.getpid()

    def do(job):
        time.sleep(0.01)
        if os.getpid() != parent:
            os._exit(9)
        return job

    with pytest.raises(RuntimeError, match="ended with code 9"):
        shared(range(40), do)


def test_a_fault_of_ours_in_the_copy_is_no_answer(capfd):
    parent = os.getpid()

    def do(job):
        time.sleep(0.01)
        if os.getpid() != parent:
            raise ZeroDivisionError("a fault")
        return job

    with pytest.raises(RuntimeError, match="ended with code 1"):
        shared(range(40), do)
    assert "ZeroDivisionError: a fault" in capfd.readouterr().err


def test_one_core_shares_nothing(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0})
    assert not can_share()
