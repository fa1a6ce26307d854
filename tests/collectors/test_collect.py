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
from reporter.collectors.token_logits import token_logits
from reporter.errors import OutputError


def plans(job: Job) -> list[Plan]:
    jobs = [replace(job, replicate=i, seed=seed_of(2, i)) for i in range(1, 9)]
    return [
        Plan(jobs=jobs[:6], collectors=[token_logits, replies], batch_size=2),
        Plan(jobs=jobs[6:], collectors=[replies], states=True, batch_size=2),
    ]


def files(folder: Path) -> dict[str, bytes]:
    """Read all that a collection wrote, but its record, which has the time in it."""
    return {
        path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name != RECORD
    }


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
    assert files(tmp_path / "whole") == files(tmp_path / "broken")
    assert len(pq.read_table(tmp_path / "whole" / "responses.parquet")) == 8


def test_answers_of_a_calibration_lie_on_their_axis(tiny: LocalModel, job: Job, tmp_path: Path) -> None:
    poled = [
        replace(job, axis="warm_cold", pole=pole, system=system, replicate=i, seed=seed_of(4, pole, i))
        for pole, system in (("positive", "sing of the sea"), ("negative", "old stars"))
        for i in (1, 2, 3)
    ]
    jobs = [*poled, replace(job, axis="formal_casual", pole="positive")]
    collect_study([Plan(jobs=jobs, collectors=[replies], states=True, tokens=True)], tiny, tmp_path)
    rows = pq.read_table(tmp_path / "observations.parquet").to_pylist()
    assert len({row["address"] for row in rows}) == len(rows)
    found = [row for row in rows if row["measure"] == "axis_projection"]
    assert [row["axis"] for row in found] == ["warm_cold"] * 6
    middle = {
        pole: sum(row["value"] for row in found if row["pole"] == pole) for pole in ("positive", "negative")
    }
    assert middle["positive"] > middle["negative"]
    (scale,) = [row for row in rows if row["measure"] == "axis_scale"]
    assert scale["value"] >= 0.1
    assert "axis formal_casual,axis_from,too_few,1" in (tmp_path / "ledger.csv").read_text(encoding="utf-8")
    responses = pq.read_table(tmp_path / "responses.parquet").to_pylist()
    counted = pq.read_table(tmp_path / "tokens.parquet").group_by("address").aggregate([("step", "count")])
    assert {row["address"]: row["tokens"] for row in responses} == dict(
        zip(counted["address"].to_pylist(), counted["step_count"].to_pylist(), strict=True)
    )


def test_the_record_says_what_ran_and_not_where(tiny: LocalModel, job: Job, tmp_path: Path) -> None:
    collect_study(plans(job), tiny, tmp_path)
    text = (tmp_path / RECORD).read_text(encoding="utf-8")
    record = json.loads(text)
    assert record["revision"] == tiny.revision
    assert record["answers"] == record["rows"]["responses"] == 8
    assert record["start"] <= record["end"]
    assert str(tmp_path) not in text
