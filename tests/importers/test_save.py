"""Imports that are saved: what is there stays, what comes again is not doubled."""

from __future__ import annotations

import pytest

from reporter.dataset import Exclusion
from reporter.errors import DataError
from reporter.importers._save import LEDGER_NAME, RESPONSES, ROWS, save
from reporter.importers.mood_axis import mood_axis
from tests.importers import test_samples


def imported(folder, **changes):
    return mood_axis([test_samples.write(folder / "m.json", test_samples.baseline(**changes))], study="s")


def test_saving_again_changes_no_byte(tmp_path):
    study = tmp_path / "study"
    study.mkdir()
    damaged = {"axes": {"warm_cold": {"values": [0.5, 0.5]}}}
    first = save(imported(tmp_path, **damaged), study)
    before = {path.name: path.read_bytes() for path in study.iterdir()}
    assert set(before) == {ROWS, RESPONSES, LEDGER_NAME}
    again = save(imported(tmp_path, **damaged), study)
    assert {path.name: path.read_bytes() for path in study.iterdir()} == before
    assert (first.added, again.added, again.same) == (4, 0, 4)
    assert before[LEDGER_NAME].decode().splitlines()[1].endswith(",constant_axis,2")
    other = save(imported(tmp_path), study)
    assert (other.added, other.same) == (6, 0), "another file is another run"
    assert len(other.table) == 10


def test_what_was_left_out_is_not_counted_again(tmp_path):
    found = imported(tmp_path, axes={"warm_cold": {"values": [0.5, 0.5]}})
    assert [type(entry) for entry in found.ledger] == [Exclusion]
    for _ in range(2):
        save(found, tmp_path)
    assert len((tmp_path / LEDGER_NAME).read_text(encoding="utf-8").splitlines()) == 2


def test_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataError, match="cannot be written"):
        save(imported(tmp_path), tmp_path / "none")
