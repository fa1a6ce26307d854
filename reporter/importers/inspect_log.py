"""Logs of Inspect: .eval archives or JSON, read by inspect_ai itself."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from reporter.dataset import Exclusion
from reporter.errors import SystemPartMissing
from reporter.importers._archive import MOST_RATIO, RATIO_MATTERS
from reporter.importers._files import MOST_BYTES, Damage, File, import_each
from reporter.importers._measures import FINISH
from reporter.importers._result import Imported, Part, Row, key_of, printable, sha256
from reporter.importers.openai_batch import add_reply, prompt_of

WORD = "inspect_log"
MISSING = ("sample_failed", "a sample must have ended without an error")


def inspect_log(
    paths: Iterable[Path | str],
    *,
    study: str,
    logprob_mode: str = "",
    vocabulary: int | None = None,
    models: Mapping[str, str] | None = None,
) -> Imported:
    """Measure the replies of an evaluation: their characters, and their next tokens where these were listed.

    Parameters
    ----------
    paths : iterable of path
    study : str
    logprob_mode : {"", "raw", "warped"}
        What the provider's log probabilities are; unstated, they are left out.
    vocabulary : int, optional
        How many tokens there are; there is no upper bound without it.
    models : mapping, optional
        From a log's model name to a key of the study.

    Returns
    -------
    Imported
        Epochs are replicates.

    Raises
    ------
    SystemPartMissing
        inspect_ai is not installed.
    DataError
        A file cannot be read.
    """
    try:
        from inspect_ai.log import read_eval_log
    except ImportError as error:
        raise SystemPartMissing(
            "Inspect logs are read by inspect_ai, which is not installed.",
            remedy="Install it: pip install inspect_ai.",
        ) from error
    options = {"logprob_mode": logprob_mode, "vocabulary": vocabulary}
    return import_each(paths, lambda file: _read(file, read_eval_log, options, models), study=study)


def _read(file: File, read_eval_log: Any, options: Row, models: Mapping[str, str] | None) -> Part:
    archived = _check_size(file)
    try:
        log = read_eval_log(file.path, format="eval" if archived else "json", resolve_attachments=True)
    except (
        ValueError, KeyError, TypeError, AttributeError, EOFError, RecursionError, RuntimeError,
        zipfile.BadZipFile, NotImplementedError,
    ) as error:  # fmt: skip
        reason = "truncated_zip" if isinstance(error, zipfile.BadZipFile) else "not_inspect_log"
        raise Damage(reason, "a log must be one that inspect_ai can read") from error
    part = Part()
    samples = log.samples or []
    kept = 0
    for sample in samples:
        what = f"{file.name}, sample {printable(str(sample.id))}, epoch {sample.epoch}"
        if sample.error is not None or not sample.output.choices:
            part.ledger.append(Exclusion(what, MISSING[1], MISSING[0], 1))
            continue
        choice = sample.output.choices[0]
        tokens = sample.output.usage.output_tokens if sample.output.usage else None
        kept += add_reply(
            part, what, _base(file, log, sample, choice, models), choice.message.text, tokens,
            _steps(choice.logprobs), options,
        )  # fmt: skip
    return Part(part.rows, part.responses, part.ledger, len(samples), kept)


def _check_size(file: File) -> bool:
    """Refuse archives that unpack to too much; say whether it is one."""
    with file.path.open("rb") as opened:
        if opened.read(2) != b"PK":
            if file.path.stat().st_size > MOST_BYTES:
                raise Damage("too_large", f"at most {MOST_BYTES} bytes are read at once")
            return False
    try:
        with zipfile.ZipFile(file.path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, EOFError) as error:
        raise Damage("truncated_zip", "the archive must have its end") from error
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise Damage("too_large", f"an archive unpacks to at most {MOST_BYTES} bytes")
    for member in members:
        if member.file_size > RATIO_MATTERS and member.file_size > MOST_RATIO * member.compress_size:
            raise Damage("zip_bomb", f"a member is at most {MOST_RATIO} times as large as its packed bytes")
    return True


def _base(file: File, log: Any, sample: Any, choice: Any, models: Mapping[str, str] | None) -> Row:
    config = log.plan.config.model_copy(update=log.eval.model_generate_config.model_dump(exclude_none=True))
    asked = sample.input
    if not isinstance(asked, str):
        asked = prompt_of([{"role": said.role, "content": said.text} for said in asked])
    provider, _, name = log.eval.model.partition("/")
    return {
        "source": file.name,
        "address": file.address(WORD, f"sample/{printable(str(sample.id))}/epoch/{sample.epoch}"),
        "model": key_of(log.eval.model if log.eval.model in (models or {}) else name or provider, models),
        "revision": printable(sample.output.model or log.eval.model),
        "provider": printable(provider) if name else "",
        "prompt_set": printable(log.eval.task),
        "prompt": printable(str(sample.id)),
        "prompt_sha256": sha256(asked),
        "run": file.run,
        "replicate": sample.epoch,
        "seed": config.seed,
        "token_limit": config.max_tokens,
        "temperature": config.temperature,
        "top_p": config.top_p,
        "finish_reason": FINISH.get(choice.stop_reason, ""),
    }


def _steps(logprobs: Any) -> list[list[float]] | None:
    if logprobs is None or not logprobs.content:
        return None
    return [[entry.logprob for entry in step.top_logprobs or []] for step in logprobs.content]
