"""A study's collection from plan to files: begun, stopped, taken up again."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from reporter.collectors.collect import RECORD, Interrupted, collect_study
from reporter.collectors.jobs import Job, seed_of
from reporter.collectors.models import LocalModel
from reporter.collectors.plan import Plan
from reporter.collectors.replies import replies
from reporter.collectors.run import TABLES
from reporter.collectors.token_logits import token_logits
from reporter.errors import OutputError


def plans(job: Job) -> list[Plan]:
    jobs = [replace(job, replicate=i, seed=seed_of(2, i)) for i in range(1, 9)]
    return [
        Plan(jobs=jobs[:6], collectors=[token_logits, replies], batch_size=2),
        Plan(jobs=jobs[6:], collectors=[replies], states=True, batch_size=2),
    ]


@pytest.fixture
def listening() -> Iterator[None]:
    """A process that hears Ctrl-C: one that a shell put into the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("listening")
def test_ctrl_c_ends_the_batch_and_resume_ends_the_run(tiny: LocalModel, job: Job, tmp_path: Path) -> None:
    whole = collect_study(plans(job), tiny, tmp_path / "whole")

    def press(done: int, total: int) -> None:
        assert total == 8
        if done == 4:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(Interrupted, match=r"Stopped after 2 batches.*--resume"):
        collect_study(plans(job), tiny, tmp_path / "broken", report=press)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with pytest.raises(OutputError, match="begun here"):
        collect_study(plans(job), tiny, tmp_path / "broken")
    assert collect_study(plans(job), tiny, tmp_path / "broken", resume=True) == whole
    for table in TABLES:
        one, two = (tmp_path / name / f"{table}.parquet" for name in ("whole", "broken"))
        assert one.read_bytes() == two.read_bytes()
    assert len(pq.read_table(tmp_path / "whole" / "responses.parquet")) == 8


def test_the_record_says_what_ran_and_not_where(tiny: LocalModel, job: Job, tmp_path: Path) -> None:
    collect_study(plans(job), tiny, tmp_path)
    text = (tmp_path / RECORD).read_text(encoding="utf-8")
    record = json.loads(text)
    assert record["revision"] == tiny.revision
    assert record["answers"] == record["rows"]["responses"] == 8
    assert record["start"] <= record["end"]
    assert str(tmp_path) not in text
