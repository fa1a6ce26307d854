"""Hidden-state files: values against the methods page and NumPy, damage against what was damaged."""

from __future__ import annotations

import zipfile
from collections import Counter

import numpy as np
import pytest

from reporter.errors import DataError
from reporter.importers import _archive
from reporter.importers.hidden_states import AXES, hidden_states
from tests.importers._npz import HIDDEN, LAYERS, VOCABULARY, K, arrays, axes, geometric, save

STATED = {"study": "s", "model": "m", "layout": "baseline"}
ANSWERS = 4


@pytest.fixture
def read(tmp_path):
    """Write entries as an NPZ file and import it."""

    def importing(entries, *, compressed=False, **stated):
        path = save(tmp_path / "m_states.npz", entries, compressed=compressed)
        return hidden_states([path], **STATED | stated)

    return importing


def reasons(imported):
    return Counter({entry.reason: 0 for entry in imported.ledger}) + Counter(
        [entry.reason for entry in imported.ledger for _ in range(entry.count)]
    )


def values(imported, measure, **where):
    rows = imported.rows[imported.rows["measure"] == measure]
    for name, value in where.items():
        rows = rows[rows[name] == value]
    return rows["value"].to_numpy()


def test_bounds_are_those_of_the_methods_page(read):
    found = read(arrays(), vocabulary=VOCABULARY, logprob_mode="raw")
    for estimator, printed in (("partial", 1.06328596), ("lower", 1.11020005), ("upper", 1.22104606)):
        # stored as float32, so that seven digits agree
        ours = values(found, "token_entropy", estimator=f"truncated_{estimator}")
        assert ours == pytest.approx([printed] * ANSWERS, rel=1e-6)
    rows = found.rows[found.rows["measure"] == "token_entropy"]
    assert set(rows["missing_mass"].round(5)) == {round(1 - 0.98976, 5)}
    assert set(rows["k"]) == {K}
    assert list(rows["n"][rows["estimator"] == "truncated_partial"]) == [4, 3, 5, 2]
    assert found.kept == found.answers == ANSWERS
    assert found.ledger == ()


def test_there_is_no_upper_bound_without_the_vocabulary(read):
    found = read(arrays())
    assert not len(values(found, "token_entropy", estimator="truncated_upper"))
    assert reasons(found) == {"vocabulary_unknown": ANSWERS}
    assert set(found.rows.loc[found.rows["measure"] == "token_entropy", "logprob_mode"]) == {"warped"}


def test_minus_infinity_is_a_probability_of_zero(read):
    entries = arrays()
    nucleus = np.full((14, K), -np.inf, np.float32)
    nucleus[:, :2] = np.log(0.5)
    found = read(entries | {"top_k_logprobs": nucleus}, vocabulary=VOCABULARY)
    for estimator in ("partial", "lower", "upper"):
        ours = values(found, "token_entropy", estimator=f"truncated_{estimator}")
        assert ours == pytest.approx([np.log(2)] * ANSWERS, rel=1e-6)


def test_layer_entropy_is_that_of_numpys_histogram(read):
    entries = arrays()
    found = read(entries)
    for answer, layers in enumerate(entries["per_layer_states"].astype(float)):
        for layer, state in enumerate(layers):
            bins = min(max(len(np.histogram_bin_edges(state, "fd")) - 1, 50), 200)
            p = np.histogram(state, bins)[0] / HIDDEN
            expected = -np.sum(p[p > 0] * np.log(p[p > 0]))
            ours = values(found, "layer_entropy", layer=layer, prompt=f"q{answer + 1:02}")
            assert ours == pytest.approx([expected], rel=1e-12)
    rules = set(found.rows.loc[found.rows["measure"] == "layer_entropy", "bin_rule"])
    assert rules == {f"freedman_diaconis_50_to_200_of_{HIDDEN}"}


def test_projection_is_the_scaled_and_clipped_product(read, tmp_path):
    entries, directions = arrays(), axes()
    entries["decay_states"][0] = 1000 * directions["warm_cold"]
    found = read(entries, axes_file=save(tmp_path / "axes.npz", directions))
    for axis in ("warm_cold", "formal_casual"):
        products = [
            sum(float(a) * float(b) for a, b in zip(state, directions[axis], strict=True)) / 20
            for state in entries["decay_states"]
        ]
        clipped = [min(1, max(-1, product)) for product in products]
        assert values(found, "axis_projection", axis=axis) == pytest.approx(clipped, rel=1e-9)
    assert values(found, "axis_projection", axis="warm_cold")[0] == 1.0


def test_calibration_follows_the_layout_that_is_stated(read, tmp_path):
    answers = len(AXES) * 2 * 2
    entries = arrays(tokens=(2,) * answers)
    path = save(tmp_path / "axes.npz", axes(AXES))
    for layout, poles, prompts in (
        ("interleaved", ["positive", "negative"] * 2, ["q01", "q01", "q02", "q02"]),
        ("blocked", ["positive"] * 2 + ["negative"] * 2, ["q01", "q02", "q01", "q02"]),
    ):
        found = read(entries, layout=layout, questions=2, axes_file=path)
        rows = found.rows[found.rows["measure"] == "axis_projection"].sort_values(
            "address", key=lambda names: names.str.extract(r"answer/(\d+)")[0].astype(int)
        )
        assert len(rows) == answers, "each answer stands on its own axis only"
        assert list(rows["axis"]) == [axis for axis in AXES for _ in range(4)]
        assert list(rows["pole"]) == poles * len(AXES)
        assert list(rows["prompt"]) == prompts * len(AXES)
        assert set(rows["token_limit"]) == {200}


def test_calibration_has_no_more_answers_than_it_asked(read):
    found = read(arrays(tokens=(2,) * 30), layout="blocked", questions=2)
    assert reasons(found) == {"wrong_length": 1}
    assert found.kept == 0


def test_layout_is_not_guessed(read):
    with pytest.raises(DataError, match="baseline, interleaved, blocked"):
        read(arrays(), layout="alternating")


@pytest.mark.parametrize(
    ("offsets", "lost", "reason"),
    [
        ([0, 4, 7, 12, 99], {3}, "offsets_past_end"),
        ([0, 4, 7, 99, 120], {2, 3}, "offsets_past_end"),
        ([0, 4, 99, 12, 14], {1, 2}, "offsets_past_end"),
        ([0, 4, 2, 12, 14], {0, 1, 2}, "offsets_not_monotone"),
        ([0, 13, 7, 12, 14], {0, 1}, "offsets_not_monotone"),
        ([0, -4, 7, 12, 14], {0, 1}, "offsets_not_monotone"),
        ([0, 4, 4, 12, 14], {1}, "no_tokens"),
        ([0, 4, 7], {2, 3}, "array_too_short"),
    ],
)
def test_bad_offsets_cost_only_the_answers_beside_them(offsets, lost, reason, read):
    found = read(arrays() | {"token_offsets": np.array(offsets)}, vocabulary=VOCABULARY)
    assert reasons(found) == {reason: len(lost)}
    rows = found.rows[found.rows["measure"] == "token_entropy"]
    assert set(rows["prompt"]) == {f"q{i + 1:02}" for i in set(range(ANSWERS)) - lost}
    assert len(values(found, "layer_entropy")) == ANSWERS * LAYERS
    assert found.kept == found.answers == ANSWERS, "their states are sound"


@pytest.mark.parametrize(
    ("key", "gone"),
    [
        ("token_offsets", "token_entropy"),
        ("top_k_logprobs", "token_entropy"),
        ("per_layer_states", "layer_entropy"),
        ("generation_times", "generation_time"),
    ],
)
def test_missing_key_costs_only_its_measure(key, gone, read):
    entries = arrays()
    del entries[key]
    found = read(entries, vocabulary=VOCABULARY)
    assert reasons(found) == {"missing_key": 1}
    everything = {"token_entropy", "layer_entropy", "generation_time"}
    assert set(found.rows["measure"]) == everything - {gone}


def test_what_is_not_finite_costs_only_its_answer_or_layer(read):
    entries = arrays()
    entries["top_k_logprobs"][5, 2] = np.nan  # answer 1
    entries["top_k_logprobs"][13, 0] = np.inf  # answer 3
    entries["per_layer_states"][2, 1, 0] = np.inf
    entries["per_layer_states"][0, 2] = 3
    found = read(entries, vocabulary=VOCABULARY)
    assert reasons(found) == {"not_finite": 2, "not_a_logprob": 1, "constant_series": 1}
    assert len(values(found, "token_entropy", estimator="truncated_partial")) == 2
    assert len(values(found, "layer_entropy")) == ANSWERS * LAYERS - 2
    assert len(values(found, "layer_entropy", layer=2)) == 3


def test_impossible_probabilities_are_left_out(read):
    entries = arrays()
    entries["top_k_logprobs"][0] = np.log(0.5)  # five times a half
    assert reasons(read(entries, vocabulary=VOCABULARY)) == {"mass_above_one": 1}


def test_cut_arrays_keep_the_answers_that_are_there(read):
    entries = arrays()
    entries["per_layer_states"] = entries["per_layer_states"][:3]
    entries["top_k_logprobs"] = entries["top_k_logprobs"][:10]
    found = read(entries, vocabulary=VOCABULARY)
    assert reasons(found) == {"array_too_short": 1, "offsets_past_end": 2}
    assert len(values(found, "layer_entropy")) == 3 * LAYERS


@pytest.mark.parametrize("compressed", [False, True])
def test_truncated_zip_keeps_what_stands_before_the_cut(compressed, tmp_path):
    entries = arrays(tokens=(40,) * 10)
    order = ["token_offsets", "top_k_logprobs", "generation_times", "per_layer_states"]
    path = save(tmp_path / "whole.npz", {key: entries[key] for key in order}, compressed=compressed)
    whole = hidden_states([path], **STATED, vocabulary=VOCABULARY)
    with zipfile.ZipFile(path) as archive:
        last = archive.infolist()[-1]
    cut = tmp_path / "cut.npz"
    cut.write_bytes(path.read_bytes()[: last.header_offset + last.compress_size // 2])
    found = hidden_states([cut], **STATED, vocabulary=VOCABULARY)
    assert set(reasons(found)) == {"truncated_zip"}
    same = ("token_entropy", "generation_time")
    for measure in same:
        assert list(values(found, measure)) == list(values(whole, measure))
    kept = values(found, "layer_entropy")
    assert 0 < len(kept) < 10 * LAYERS
    assert list(kept) == list(values(whole, "layer_entropy")[: len(kept)])
    assert len(kept) + LAYERS * sum("layer" in entry.what for entry in found.ledger) == 10 * LAYERS


def test_every_cut_of_a_file_gives_a_part_of_its_rows(tmp_path):
    path = save(tmp_path / "whole.npz", arrays(tokens=(2, 3)), compressed=True)
    raw = path.read_bytes()
    whole = hidden_states([path], **STATED, vocabulary=VOCABULARY).rows
    known = set(
        zip(whole["measure"], whole["prompt"], whole["layer"].fillna(-1), whole["value"], strict=True)
    )
    sizes = []
    for size in range(0, len(raw), 97):
        path.write_bytes(raw[:size])
        rows = hidden_states([path], **STATED, vocabulary=VOCABULARY).rows
        found = set(
            zip(rows["measure"], rows["prompt"], rows["layer"].fillna(-1), rows["value"], strict=True)
        )
        assert found <= known
        sizes.append(len(found))
    assert sizes == sorted(sizes)
    assert sizes[-1] == len(known)


def test_damaged_bytes_are_found_by_their_checksum(tmp_path):
    path = save(tmp_path / "m.npz", arrays())
    with zipfile.ZipFile(path) as archive:
        member = archive.getinfo("per_layer_states.npy")
    raw = bytearray(path.read_bytes())
    raw[member.header_offset + 400] ^= 0xFF
    path.write_bytes(raw)
    found = hidden_states([path], **STATED, vocabulary=VOCABULARY)
    assert reasons(found) == {"checksum_mismatch": 1}
    assert not len(values(found, "layer_entropy"))
    assert len(values(found, "token_entropy")) == 3 * ANSWERS


class Bomb:
    """An object whose unpickling would leave a trace."""

    def __reduce__(self):
        return (print, ("unpickled",))


def test_pickles_are_refused(read, capsys):
    found = read(arrays() | {"per_layer_states": np.array([[[Bomb()]]], dtype=object)})
    assert reasons(found)["pickle_refused"] == 1
    assert "unpickled" not in capsys.readouterr().out


def test_zip_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    bomb = tmp_path / "bomb.npz"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("per_layer_states.npy", bytes(_archive.RATIO_MATTERS + 1))
    monkeypatch.setattr(_archive, "_bytes_of", lambda *_: pytest.fail("it was unpacked"))
    found = hidden_states([bomb], **STATED)
    assert reasons(found) == {"zip_bomb": 1, "missing_key": 3}


def test_large_member_is_refused(tmp_path):
    path = save(tmp_path / "m.npz", arrays())
    archive = _archive.open_archive(path)
    with pytest.raises(_archive.Damage) as damage:
        _archive.unpack(archive, "token_states.npy", most=1000)
    assert damage.value.reason == "too_large"


def test_member_cannot_be_larger_than_it_says(tmp_path):
    path = tmp_path / "liar.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("per_layer_states.npy", bytes(1 << 20))
    raw = path.read_bytes()
    size = (1 << 20).to_bytes(4, "little")
    assert raw.count(size) == 2
    path.write_bytes(raw.replace(size, (1000).to_bytes(4, "little")))
    archive = _archive.open_archive(path)
    with pytest.raises(_archive.Damage) as damage:
        _archive.unpack(archive, "per_layer_states.npy")
    assert damage.value.reason == "checksum_mismatch"


def test_paths_inside_an_archive_are_not_used(tmp_path):
    path = tmp_path / "m.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../escaped.npy", b"x")
        archive.writestr("/per_layer_states.npy", b"x")
    found = hidden_states([path], **STATED)
    assert reasons(found) == {"missing_key": 4}
    assert [entry.name for entry in tmp_path.iterdir()] == ["m.npz"]


def test_header_cannot_ask_for_more_memory_than_there_are_bytes(tmp_path):
    path = tmp_path / "m.npz"
    head = b"{'descr': '<f2', 'fortran_order': False, 'shape': (1000000, 1000, 1000)}\n"
    data = b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head + bytes(64)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("per_layer_states.npy", data)
    found = hidden_states([path], **STATED)
    assert found.kept == 0
    assert "truncated_zip" in reasons(found)


def test_addresses_stay_when_the_file_is_renamed(tmp_path):
    one = save(tmp_path / "one.npz", arrays())
    two = tmp_path / "two.npz"
    two.write_bytes(one.read_bytes())
    first, second = (hidden_states([path], **STATED).rows["address"] for path in (one, two))
    assert list(first) == list(second)
    assert first.is_unique


def test_geometric_sums_to_what_the_methods_page_says():
    assert np.exp(geometric(1)).sum() == pytest.approx(0.98976, abs=1e-12)


def test_an_answer_whose_tokens_were_cut_is_not_averaged_over_the_rest(tmp_path):
    entries = arrays(tokens=(40,) * 10)
    order = ["token_offsets", "top_k_logprobs"]
    path = save(tmp_path / "whole.npz", {key: entries[key] for key in order})
    raw = path.read_bytes()
    there = 118  # two answers and all but two tokens of a third
    start = raw.index(entries["top_k_logprobs"].tobytes())
    path.write_bytes(raw[: start + there * K * 4])
    found = hidden_states([path], **STATED, vocabulary=VOCABULARY)
    rows = found.rows[found.rows["measure"] == "token_entropy"]
    assert sorted(set(rows["prompt"])) == ["q01", "q02"]
    lost = [entry for entry in found.ledger if "token_entropy" in entry.what]
    assert [entry.reason for entry in lost] == ["truncated_zip"] * 8
