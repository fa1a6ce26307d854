"""Samples of the lm-evaluation-harness: one JSON line per document, generations or choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from reporter.dataset import Exclusion
from reporter.entropy.truncated import truncated
from reporter.errors import Degenerate
from reporter.importers._files import Damage, File, as_damage, import_each, read_lines
from reporter.importers._result import Imported, Part, Row, key_of, printable, sha256
from reporter.importers.openai_batch import add_reply

WORD = "lm_eval"


class Sample(BaseModel):
    """One document: what was asked, and each request's answers."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    doc_id: str
    resps: list[Any]
    arguments: Any = None
    filter: str = ""


def lm_eval(
    paths: Iterable[Path | str], *, study: str, model: str, task: str = "", provider: str = "local"
) -> Imported:
    """Measure what a model generated, or how evenly it chose between the answers it was offered.

    Parameters
    ----------
    paths : iterable of path
        Files that ``--log_samples`` wrote.
    study : str
    model : str
        Key of the model, which is in no sample.
    task : str, optional
        The file's name without ``samples_`` and time otherwise.
    provider : str

    Returns
    -------
    Imported
        Repeats of a document are replicates; a document that stands there once per filter counts once.

    Raises
    ------
    DataError
        A file cannot be read.
    """
    told = {"model": key_of(model), "revision": printable(model), "provider": provider}
    return import_each(paths, lambda file: _read(file, told, task), study=study)


def _task(file: File) -> str:
    """Find the task in a name such as samples_gsm8k_2026-01-04T20-55-43.jsonl."""
    words = file.path.stem.removeprefix("samples_").rpartition("_")
    return printable(words[0] or words[2])


def _read(file: File, told: Row, task: str) -> Part:
    part = Part()
    seen: set[str] = set()
    answers = kept = 0
    for number, value in read_lines(file):
        what = f"{file.name}, line {number}"
        try:
            sample = _sample(value)
        except Damage as damage:
            answers += 1
            part.ledger.append(Exclusion(what, damage.rule, damage.reason, 1))
            continue
        if sample.doc_id in seen:  # the same answers through another filter
            continue
        seen.add(sample.doc_id)
        answers += 1
        base = told | _sampling(sample.arguments) | {
            "source": file.name,
            "address": file.address(WORD, f"doc/{printable(sample.doc_id)}"),
            "prompt_set": task or _task(file),
            "prompt": printable(sample.doc_id),
            "run": file.run,
        }  # fmt: skip
        kept += _add(part, what, base, sample.resps)
    return Part(part.rows, part.responses, part.ledger, answers, kept)


def _sample(value: Any) -> Sample:
    if isinstance(value, Damage):
        raise value
    try:
        return Sample.model_validate(value)
    except ValidationError as error:
        raise as_damage(error) from error


def _sampling(arguments: Any) -> Row:
    """Read the prompt and the settings of a document's first request, where they are there."""
    first = arguments.get("gen_args_0", {}) if isinstance(arguments, Mapping) else {}
    first = first if isinstance(first, Mapping) else {}
    found: Row = {}
    if isinstance(prompt := first.get("arg_0"), str):
        found["prompt_sha256"] = sha256(prompt)
    settings = first.get("arg_1")
    if isinstance(settings, Mapping):
        for name, column, least in (
            ("max_gen_toks", "token_limit", 1), ("temperature", "temperature", 0), ("top_p", "top_p", 0),
        ):  # fmt: skip
            number = settings.get(name)
            if isinstance(number, int | float) and least <= number < 1 << 31:
                found[column] = int(number) if column == "token_limit" else float(number)
    return found


def _add(part: Part, what: str, base: Row, answers: list[Any]) -> bool:
    """Add a document: texts of one request, or the log probabilities of each choice."""
    texts = answers[0] if len(answers) == 1 and isinstance(answers[0], list) else None
    if texts and all(isinstance(text, str) for text in texts):
        added = 0
        for place, text in enumerate(texts):
            repeat = base | {"address": f"{base['address']}/{place}", "replicate": place + 1}
            added += add_reply(part, what, repeat, text, None, None, {})
        return added > 0
    try:
        part.rows.append(_choice_row(base, answers))
    except Damage as damage:
        part.ledger.append(Exclusion(what, damage.rule, damage.reason, 1))
        return False
    return True


def _choice_row(base: Row, answers: list[Any]) -> Row:
    """Measure the entropy over the offered answers, their probabilities renormalised."""
    try:
        logprobs = np.array([float(answer[0][0]) for answer in answers])
    except (TypeError, ValueError, IndexError, KeyError) as error:
        raise Damage("wrong_type", "a document must have a text, or a log probability per choice") from error
    if logprobs.size < 2:
        raise Damage("too_few", "a document must offer two answers")
    try:
        found = truncated(logprobs, logprob_mode="raw")
    except Degenerate as error:
        raise Damage(error.reason, "log probabilities must be those of a distribution") from error
    return base | {
        "address": f"{base['address']}/choice_entropy",
        "replicate": 1,
        "measure": "choice_entropy",
        "symbol": "choice",
        "unit": "nats",
        "estimator": "renormalised",
        "k": found.k,
        "logprob_mode": "raw",
        "value": found.renormalised,
        "n": found.k,
        "missing_mass": found.missing,
    }
