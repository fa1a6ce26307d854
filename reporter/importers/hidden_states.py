"""Hidden states of the entropy analysis: one NPZ file per model, states and log probabilities of replies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from reporter.dataset import Exclusion
from reporter.errors import DataError
from reporter.importers._archive import Archive, open_archive
from reporter.importers._arrays import Array, read_array
from reporter.importers._files import Damage, File, import_each
from reporter.importers._measures import HUGE, NO_VOCABULARY, histogram_row, token_rows
from reporter.importers._offsets import Reason, answers_of
from reporter.importers._result import Imported, Part, Row, printable, sha256
from reporter.importers.axes import Axes, load_axes
from reporter.importers.mood_axis import projection_row

WORD = "hidden_states"
AXES = (
    "warm_cold", "patient_irritated", "confident_cautious", "proactive_reluctant", "empathetic_analytical",
    "formal_casual", "verbose_concise",
)  # fmt: skip
POLES = ("positive", "negative")
CUT = ("truncated_zip", "an answer's numbers must all be there")
TOO_SHORT = ("array_too_short", "an array must have a row for every answer")
NOT_FINITE = ("not_finite", "a state must hold finite numbers")


@dataclass(frozen=True, slots=True)
class Told:
    """What the caller says of a file, because it is not in it."""

    model: str
    layout: str
    questions: int
    tokenizer: str
    vocabulary: int | None
    logprob_mode: str
    sampling: Row
    prompts: tuple[str, ...]
    axes: Axes | None


@dataclass(slots=True)
class Reading:
    """What has been read of a file so far."""

    rows: list[Row] = field(default_factory=list)
    ledger: list[Exclusion] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)


def hidden_states(
    paths: Iterable[Path | str],
    *,
    study: str,
    model: str,
    layout: Literal["baseline", "interleaved", "blocked"],
    questions: int = 30,
    tokenizer: str = "",
    vocabulary: int | None = None,
    logprob_mode: str = "warped",
    token_limit: int | None = None,
    temperature: float = 0.7,
    top_p: float = 0.9,
    axes_file: Path | str | None = None,
    prompts: Iterable[str] = (),
) -> Imported:
    """Measure replies by the arrays that were stored of them; a damaged file loses only what is damaged.

    Parameters
    ----------
    paths : iterable of path
    study, model : str
    layout : {"baseline", "interleaved", "blocked"}
        One answer per question; or a calibration, axis by axis, in which the positive and negative answers
        alternate, or all positive ones of an axis come first.
    questions : int
        How many questions a calibration asked per axis and pole.
    tokenizer : str
        The model's own if it is not named.
    vocabulary : int, optional
        How many tokens there are; there is no upper bound without it.
    logprob_mode : {"warped", "raw"}
        Which distribution the log probabilities are of.
    token_limit, temperature, top_p
        How the replies were sampled; the limit is 384 in a baseline and 200 in a calibration unless stated.
    axes_file : path, optional
        Axis vectors to project the answers on; those of a calibration on their own axis only.
    prompts : iterable of str, optional
        The questions' texts for their digests; those of a calibration axis by axis.

    Returns
    -------
    Imported

    Raises
    ------
    DataError
        The layout is unknown, the axes cannot be used, or a file cannot be read.
    """
    if layout not in ("baseline", "interleaved", "blocked"):
        raise DataError(
            f'The layout "{layout}" is not known.', remedy="Allowed: baseline, interleaved, blocked."
        )
    limit = token_limit or (384 if layout == "baseline" else 200)
    told = Told(
        model=model, layout=layout, questions=questions, tokenizer=tokenizer or model, vocabulary=vocabulary,
        logprob_mode=logprob_mode, prompts=tuple(prompts), axes=_axes(axes_file),
        sampling={"token_limit": limit, "temperature": temperature, "top_p": top_p},
    )  # fmt: skip
    return import_each(paths, lambda file: _read(file, told), study=study)


def _axes(path: Path | str | None) -> Axes | None:
    if path is None:
        return None
    try:
        return load_axes(File(Path(path), ""))
    except Damage as damage:
        raise DataError(f"The axes cannot be used: {damage.rule}.", where=path) from damage
    except OSError as error:
        raise DataError(f"The file cannot be read ({error.strerror}).", where=path) from error


def _read(file: File, told: Told) -> Part:
    archive = open_archive(file.path)
    reading = Reading()
    if archive.truncated:
        rule = "the archive must have its end; what stands before it is read"
        reading.ledger.append(Exclusion(file.name, rule, "truncated_zip", 1))
    arrays = dict(_arrays(file, archive, told, reading))
    bases = _bases(file, told, arrays)
    _tokens(file, told, arrays, bases, reading)
    _layers(file, arrays, bases, reading)
    _projections(file, told, arrays, bases, reading)
    _times(arrays, bases, reading)
    return Part(rows=reading.rows, ledger=reading.ledger, answers=len(bases), kept=len(reading.kept))


def _arrays(file: File, archive: Archive, told: Told, reading: Reading) -> Iterator[tuple[str, Array]]:
    """Read the arrays that are used; token_states and top_k_ids, the largest, are not."""
    for key, ndim, kinds in (
        ("token_offsets", 1, "iu"), ("top_k_logprobs", 2, "f"), ("per_layer_states", 3, "f"),
        ("decay_states", 2, "f"), ("generation_times", 1, "f"),
    ):  # fmt: skip
        if key == "decay_states" and told.axes is None:
            continue
        try:
            yield key, read_array(archive, key, ndim=ndim, kinds=kinds)
        except Damage as damage:
            reading.ledger.append(Exclusion(f"{file.name}, {key}", damage.rule, damage.reason, 1))


def _bases(file: File, told: Told, arrays: dict[str, Array]) -> list[Row]:
    """Say of each answer which condition it belongs to."""
    counts = [
        array.declared - (key == "token_offsets") for key, array in arrays.items() if key != "top_k_logprobs"
    ]
    answers = max(counts, default=0)
    if told.layout != "baseline":
        expected = len(AXES) * len(POLES) * told.questions
        if answers > expected:
            raise Damage("wrong_length", f"a calibration has {expected} answers")
        answers = expected
    if answers > 1_000_000:
        raise Damage("too_large", "a file has at most a million answers")
    return [_base(file, told, answer) for answer in range(answers)]


def _base(file: File, told: Told, answer: int) -> Row:
    question, text, condition = _place(told, answer)
    base = (
        told.sampling
        | condition
        | {
            "source": file.name,
            "address": file.address(WORD, f"answer/{answer}"),
            "model": told.model,
            "prompt_set": "baseline" if told.layout == "baseline" else "calibration",
            "prompt": f"q{question + 1:02}",
            "run": file.run,
            "replicate": 1,
        }
    )
    if text < len(told.prompts):
        base["prompt_sha256"] = sha256(told.prompts[text])
    return base


def _place(told: Told, answer: int) -> tuple[int, int, Row]:
    """Find an answer's question, the place of its text, and in a calibration its axis and pole."""
    if told.layout == "baseline":
        return answer, answer, {}
    axis, within = divmod(answer, len(POLES) * told.questions)
    if told.layout == "interleaved":
        question, pole = divmod(within, len(POLES))
    else:
        pole, question = divmod(within, told.questions)
    return question, axis * told.questions + question, {"axis": AXES[axis], "pole": POLES[pole]}


def _absent(array: Array) -> Reason:
    """Say why an array has no row for an answer."""
    return CUT if array.truncated else TOO_SHORT


def _leave_out(file: File, what: str, reason: Reason, reading: Reading) -> None:
    reading.ledger.append(Exclusion(f"{file.name}, {what}", reason[1], reason[0], 1))


def _tokens(file: File, told: Told, arrays: dict[str, Array], bases: list[Row], reading: Reading) -> None:
    """Bound each answer's mean next-token entropy."""
    if not {"token_offsets", "top_k_logprobs"} <= arrays.keys():
        return
    offsets, logprobs = arrays["token_offsets"], arrays["top_k_logprobs"]
    good, bad = answers_of(
        offsets.values.astype(np.int64), declared=logprobs.declared, there=len(logprobs.values)
    )
    for answer in range(max(len(offsets.values) - 1, 0), len(bases)):
        bad[answer] = _absent(offsets)
    for answer, tokens in good.items():
        base = bases[answer] | {"n": tokens.stop - tokens.start}
        if base["n"] >= base["token_limit"]:
            base["finish_reason"] = "length"
        else:
            base["finish_reason"] = "stop"
        bases[answer] = base
        try:
            reading.rows += token_rows(
                base, logprobs.values[tokens], logprob_mode=told.logprob_mode,
                tokenizer=told.tokenizer, vocabulary=told.vocabulary,
            )  # fmt: skip
            reading.kept.add(answer)
        except Damage as damage:
            bad[answer] = (damage.reason, damage.rule)
    for answer, reason in sorted(bad.items()):
        _leave_out(file, f"answer {answer}, token_entropy", reason, reading)
    if told.vocabulary is None and good:
        reading.ledger.append(
            Exclusion(f"{file.name}, upper bounds", NO_VOCABULARY[1], NO_VOCABULARY[0], len(good))
        )


def _layers(file: File, arrays: dict[str, Array], bases: list[Row], reading: Reading) -> None:
    """Measure the histogram entropy of each answer's state at each layer."""
    if "per_layer_states" not in arrays:
        return
    array = arrays["per_layer_states"]
    for answer, base in enumerate(bases):
        if answer >= len(array.values):
            _leave_out(file, f"answer {answer}, layer_entropy", _absent(array), reading)
            continue
        for layer, state in enumerate(array.values[answer]):
            try:
                row = histogram_row(
                    base, state, measure="layer_entropy", symbol="activation", place=f"layer_entropy/{layer}"
                )
            except Damage as damage:
                reason = (damage.reason, damage.rule)
                _leave_out(file, f"answer {answer}, layer {layer}", reason, reading)
            else:
                reading.rows.append(row | {"layer": layer})
                reading.kept.add(answer)


def _projections(
    file: File, told: Told, arrays: dict[str, Array], bases: list[Row], reading: Reading
) -> None:
    """Project each answer's aggregated state: state . vector / scale, clipped to [-1, 1]."""
    if told.axes is None or "decay_states" not in arrays:
        return
    reading.ledger.extend(told.axes.ledger)
    array = arrays["decay_states"]
    states = _as_float64(array.values)
    for name, vector in told.axes.vectors.items():
        if len(vector) != states.shape[1]:
            reason = ("wrong_shape", "an axis vector must be as long as a state")
            _leave_out(file, f"axis {name}", reason, reading)
            continue
        for answer, base in enumerate(bases):
            if base.get("axis", name) != name:
                continue
            if answer >= len(states):
                _leave_out(file, f"answer {answer}, axis {name}", _absent(array), reading)
            elif not (np.abs(states[answer]) < HUGE).all():
                _leave_out(file, f"answer {answer}, axis {name}", NOT_FINITE, reading)
            else:
                place = float(states[answer] @ vector) / told.axes.scales[name]
                reading.rows.append(projection_row(base, printable(name), min(max(place, -1.0), 1.0)))
                reading.kept.add(answer)


def _as_float64(values: NDArray[Any]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore"):  # a damaged file may hold any bits
        return values.astype(np.float64)


def _times(arrays: dict[str, Array], bases: list[Row], reading: Reading) -> None:
    """Copy the time that each answer took, where it is known."""
    if "generation_times" not in arrays:
        return
    for base, seconds in zip(bases, arrays["generation_times"].values.tolist(), strict=False):
        if np.isfinite(seconds) and seconds >= 0:
            reading.rows.append(
                base
                | {
                    "address": f"{base['address']}/generation_time",
                    "measure": "generation_time",
                    "unit": "s",
                    "value": seconds,
                }
            )
