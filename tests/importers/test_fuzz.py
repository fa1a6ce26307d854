"""Whatever the bytes are, an importer answers with rows and a ledger, or refuses in words."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reporter.errors import Refusal
from reporter.importers.axes import axes
from reporter.importers.csv_mapping import csv_mapping
from reporter.importers.hidden_states import hidden_states
from reporter.importers.lm_eval import lm_eval
from reporter.importers.mood_axis import mood_axis
from reporter.importers.nat_challenge import nat_challenge
from reporter.importers.openai_batch import openai_batch
from tests.importers import test_logs, test_samples
from tests.importers._npz import arrays, save
from tests.importers._npz import axes as make_axes

TABLE = {
    "mapping": {"model": "who", "value": "h", "n": "length"},
    "constants": test_logs.SAID,
}
IMPORTERS = {
    "nat_challenge": lambda path: nat_challenge([path], study="s", token_limit=100),
    "mood_axis": lambda path: mood_axis([path], study="s"),
    "hidden_states": lambda path: hidden_states([path], study="s", model="m", layout="baseline"),
    "axes": lambda path: axes([path], study="s", model="m"),
    "csv_mapping": lambda path: csv_mapping([path], study="s", **TABLE),
    "lm_eval": lambda path: lm_eval([path], study="s", model="m"),
    "openai_batch": lambda path: openai_batch([path], study="s", logprob_mode="raw"),
}
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """One sound file per importer, as bytes."""
    folder = tmp_path_factory.mktemp("sound")
    texts = {
        "nat_challenge": json.dumps(test_samples.challenge(test_samples.entry())),
        "mood_axis": json.dumps(test_samples.baseline()),
        "csv_mapping": "who,h,length\na,3.5,10\nb,3.25,12\n",
        "lm_eval": json.dumps(test_logs.sample(0, [["aabb"]])),
        "openai_batch": json.dumps(test_logs.line(test_logs.choice(steps=[test_logs.HALVES]))),
    }
    found = {word: text.encode() for word, text in texts.items()}
    found["hidden_states"] = save(folder / "h.npz", arrays(tokens=(2, 3))).read_bytes()
    found["axes"] = save(folder / "a.npz", make_axes()).read_bytes()
    return found


def answer(word, raw, folder):
    path = folder / f"{word}.bin"
    path.write_bytes(raw)
    try:
        found = IMPORTERS[word](path)
    except Refusal as refusal:
        assert str(refusal)
        return None
    assert np.isfinite(found.rows["value"]).all()
    assert found.kept <= found.answers
    assert found.rows["address"].is_unique
    if not len(found.rows):
        assert found.ledger or not found.answers
    return found


@pytest.mark.parametrize("word", IMPORTERS)
def test_sound_file_is_read(word, sound, tmp_path):
    assert len(answer(word, sound[word], tmp_path).rows)


@pytest.mark.parametrize("word", IMPORTERS)
@given(raw=st.binary(max_size=300))
@QUICK
def test_random_bytes(word, raw, tmp_path_factory):
    answer(word, raw, tmp_path_factory.getbasetemp())


@pytest.mark.parametrize("word", IMPORTERS)
@given(data=st.data())
@QUICK
def test_changed_bytes_and_cuts(word, data, sound, tmp_path_factory):
    raw = bytearray(sound[word])
    for _ in range(data.draw(st.integers(0, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    stop = data.draw(st.just(len(raw)) | st.integers(0, len(raw)))
    answer(word, bytes(raw[:stop]), tmp_path_factory.getbasetemp())


@pytest.mark.parametrize("word", ["nat_challenge", "mood_axis", "lm_eval", "openai_batch"])
@given(data=st.data())
@QUICK
def test_any_json_in_any_place(word, data, sound, tmp_path_factory):
    content = json.loads(sound[word])
    place = content
    while isinstance(place, dict | list) and place:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            place[key] = data.draw(JSON)
            break
        place = place[key]
    answer(word, json.dumps(content).encode("utf-8", "surrogatepass"), tmp_path_factory.getbasetemp())


@given(
    numbers=st.lists(st.floats(width=32) | st.floats(-5, 0), min_size=70, max_size=70),
    offsets=st.lists(st.integers(-3, 20), min_size=5, max_size=5),
)
@QUICK
def test_any_numbers_in_the_arrays(numbers, offsets, tmp_path_factory):
    entries = arrays()
    entries["top_k_logprobs"] = np.array(numbers).reshape(14, 5)
    entries["per_layer_states"][0, 0] = np.array(numbers[:64]).clip(-6e4, 6e4).astype(np.float16)
    entries["token_offsets"] = np.array(offsets)
    path = save(tmp_path_factory.getbasetemp() / "numbers.npz", entries)
    found = hidden_states([path], study="s", model="m", layout="baseline", vocabulary=100)
    assert np.isfinite(found.rows["value"]).all()
    assert found.answers == 4
