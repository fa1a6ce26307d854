"""Nothing is lost and nothing doubles: a run that is killed ends with the rows of one that was not."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reporter.collectors.store import UNFINISHED, Store, part_key
from reporter.errors import OutputError

TABLE = pa.table({"value": [1.0, 2.0]})
PARTS = 150
WRITER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    import pyarrow as pa
    from reporter.collectors.store import Store, part_key

    store = Store(Path(sys.argv[1]))
    keys = []
    for number in range({parts}):
        jobs = [f"{{number}}-{{i}}" for i in range(4)]
        keys.append(part_key(jobs, model="m"))
        if not store.has(keys[-1]):
            rows = pa.table({{"job": jobs, "value": [float(number)] * 4, "text": ["x" * 20_000] * 4}})
            store.add(keys[-1], {{"observations": rows}}, jobs=jobs)
            print(number, flush=True)
    store.join(keys, "observations", Path(sys.argv[1]) / "rows.parquet")
    """
).format(parts=PARTS)


def writer(folder: Path) -> subprocess.Popen[str]:
    """Start a run that says each part as it is complete."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", WRITER, str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def test_killed_twenty_times_it_ends_with_the_same_rows(tmp_path: Path) -> None:
    draw = random.Random(20)
    done: set[str] = set()
    for _ in range(20):
        with writer(tmp_path / "killed") as process:
            assert process.stdout.readline(), "the run was over before it could be killed: raise PARTS"
            time.sleep(draw.uniform(0, 0.02))
            process.send_signal(signal.SIGKILL)
        kept = Store(tmp_path / "killed").jobs()
        assert done < kept, "a part that was complete is gone, or a killed run cannot go on"
        done = kept
    for name in ("killed", "whole"):
        with writer(tmp_path / name) as process:
            process.communicate()
        assert process.returncode == 0
    one, two = ((tmp_path / name / "rows.parquet").read_bytes() for name in ("whole", "killed"))
    assert one == two
    assert len(pq.read_table(tmp_path / "killed" / "rows.parquet")) == 4 * PARTS


def test_what_was_half_written_is_cleared_away(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.add("whole", {"observations": TABLE}, jobs=["a"])
    half = store.parts / f"{UNFINISHED}half"
    half.mkdir()
    (half / "observations.parquet").write_bytes(b"PAR1")
    again = Store(tmp_path)
    assert not half.exists()
    assert again.has("whole")
    assert again.jobs() == {"a"}


def test_parts_are_joined_in_the_order_asked_for(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for key in ("b", "a"):
        store.add(key, {"observations": pa.table({"key": [key]})}, jobs=[key])
    assert store.join(["a", "b"], "observations", tmp_path / "rows.parquet") == 2
    assert pq.read_table(tmp_path / "rows.parquet")["key"].to_pylist() == ["a", "b"]


def test_a_key_names_jobs_in_order_and_settings() -> None:
    keys = {
        part_key(["a", "b"], model="m"),
        part_key(["b", "a"], model="m"),
        part_key(["a", "b"], model="n"),
        part_key(["a"], model="m"),
    }
    assert len(keys) == 4


def test_a_full_disk_stops_cleanly(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.add("first", {"observations": TABLE}, jobs=["a"])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, before[1]))  # no file may grow beyond: as good as full
    try:
        with pytest.raises(OutputError, match="--resume"):
            store.add("second", {"observations": pa.table({"v": list(range(10_000))})}, jobs=["b"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert store.jobs() == {"a"}
    assert [path.name for path in store.parts.iterdir()] == ["first"]


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        Store(tmp_path / "file" / "rows")
