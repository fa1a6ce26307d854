"""Output of a batch of API requests: one JSON line per request, with a chat completion in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from reporter.dataset import Exclusion
from reporter.importers._files import Damage, File, as_damage, import_each, read_lines
from reporter.importers._measures import FINISH, table_of_steps, text_rows, token_rows
from reporter.importers._result import Imported, Part, Row, key_of, printable, sha256

WORD = "openai_batch"
NO_MODE = ("logprob_mode_unstated", "log probabilities must be stated to be raw or warped")


class Listed(BaseModel):
    """One of the likeliest tokens of a step."""

    logprob: float


class Step(BaseModel):
    """The likeliest tokens of a step."""

    top_logprobs: list[Listed] = []


class Steps(BaseModel):
    """All steps of a reply."""

    content: list[Step] | None = None


class Message(BaseModel):
    """The reply."""

    content: str | None = None


class Choice(BaseModel):
    """One of the replies to a request."""

    index: int = 0
    message: Message
    finish_reason: str | None = None
    logprobs: Steps | None = None


class Usage(BaseModel):
    """What a request cost."""

    completion_tokens: int | None = None


class Body(BaseModel):
    """A chat completion."""

    model: str
    choices: list[Choice]
    system_fingerprint: str | None = None
    usage: Usage | None = None


class Response(BaseModel):
    """What a request was answered with."""

    status_code: int = 200
    body: Any = None


class Line(BaseModel):
    """One request's result."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    custom_id: str
    response: Response | None = None
    error: Any = None


class Asked(BaseModel):
    """What the requests file says of a request."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    custom_id: str
    body: dict[str, Any]


def openai_batch(
    paths: Iterable[Path | str],
    *,
    study: str,
    requests: Path | str | None = None,
    provider: str = "OpenAI",
    prompt_set: str = "batch",
    logprob_mode: str = "",
    vocabulary: int | None = None,
    models: Mapping[str, str] | None = None,
) -> Imported:
    """Measure the replies of a batch: their characters, and their next tokens where these were listed.

    Parameters
    ----------
    paths : iterable of path
        Output files; an error file goes to the ledger.
    study : str
    requests : path, optional
        The file that was sent: prompts and sampling are in no output file. Joined by ``custom_id``.
    provider, prompt_set : str
    logprob_mode : {"", "raw", "warped"}
        What the provider's log probabilities are; unstated, they are left out.
    vocabulary : int, optional
        How many tokens there are; there is no upper bound without it.
    models : mapping, optional
        From a served model's name to a key of the study.

    Returns
    -------
    Imported
        The choices of a request, and lines with the same ``custom_id``, are replicates.

    Raises
    ------
    DataError
        A file cannot be read.
    """
    told = {"provider": provider, "prompt_set": prompt_set}
    asked = _asked(requests)
    options = {"logprob_mode": logprob_mode, "vocabulary": vocabulary}
    return import_each(paths, lambda file: _read(file, told, asked, options, models), study=study)


def _asked(path: Path | str | None) -> dict[str, Row]:
    """Read what was asked, by custom_id."""
    found: dict[str, Row] = {}
    for _, value in read_lines(File(Path(path), "")) if path is not None else ():
        try:
            asked = Asked.model_validate(value)
        except ValidationError:
            continue  # its answer, if there is one, is imported without a prompt
        body = asked.body
        messages = body.get("messages")
        found[asked.custom_id] = {
            "token_limit": _number(body.get("max_completion_tokens", body.get("max_tokens")), int, 1),
            "temperature": _number(body.get("temperature"), float, 0),
            "top_p": _number(body.get("top_p"), float, 0),
            "seed": _number(body.get("seed"), int, None),
            "prompt_sha256": sha256(prompt_of(messages)) if messages else "",
        }
    return found


def _number(value: Any, kind: type[int] | type[float], least: int | None) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) >= 1 << 63:
        return None
    return kind(value) if least is None or value >= least else None


def prompt_of(messages: Any) -> str:
    """Join what was said to the model, each part under the name of who said it."""
    if not isinstance(messages, list):
        return str(messages)
    parts = [part if isinstance(part, dict) else {"content": part} for part in messages]
    return "\n".join(f"{part.get('role', '')}: {part.get('content', '')}" for part in parts)


def _read(
    file: File, told: Row, asked: Mapping[str, Row], options: Row, models: Mapping[str, str] | None
) -> Part:
    part = Part()
    times: Counter[str] = Counter()
    answers = kept = 0
    for number, value in read_lines(file):
        try:
            line, body = _body(value)
        except Damage as damage:
            answers += 1
            part.ledger.append(Exclusion(f"{file.name}, line {number}", damage.rule, damage.reason, 1))
            continue
        served = " ".join(filter(None, (body.model, body.system_fingerprint)))
        for choice in body.choices:
            answers += 1
            times[line.custom_id] += 1
            base = told | asked.get(line.custom_id, {}) | {
                "source": file.name,
                "address": file.address(WORD, f"line/{number}/choice/{choice.index}"),
                "model": key_of(body.model, models),
                "revision": printable(served),
                "prompt": printable(line.custom_id),
                "run": file.run,
                "replicate": times[line.custom_id],
                "finish_reason": FINISH.get(choice.finish_reason or "", ""),
            }  # fmt: skip
            tokens = body.usage.completion_tokens if body.usage and len(body.choices) == 1 else None
            kept += add_reply(
                part, f"{file.name}, line {number}", base, choice.message.content or "", tokens,
                steps_of(choice.logprobs), options,
            )  # fmt: skip
    return Part(part.rows, part.responses, part.ledger, answers, kept)


def _body(value: Any) -> tuple[Line, Body]:
    if isinstance(value, Damage):
        raise value
    try:
        line = Line.model_validate(value)
        if line.response is None or line.error is not None or line.response.status_code != 200:
            raise Damage("request_failed", "a request must have been answered")
        return line, Body.model_validate(line.response.body)
    except ValidationError as error:
        raise as_damage(error) from error


def steps_of(logprobs: Steps | None) -> list[list[float]] | None:
    """List the log probabilities of every step; None where there are none."""
    if logprobs is None or not logprobs.content:
        return None
    return [[entry.logprob for entry in step.top_logprobs] for step in logprobs.content]


def add_reply(
    part: Part,
    what: str,
    base: Row,
    text: str,
    tokens: int | None,
    steps: list[list[float]] | None,
    options: Row,
) -> bool:
    """Add a reply's rows to a part; True if there was one.

    ``steps`` are the log probabilities of the likeliest tokens; ``options`` has their logprob_mode, and
    the size of the vocabulary.
    """
    before = len(part.rows)
    try:
        row, response = text_rows(base, text)
        part.rows.append(row)
        part.responses.append(response | {"tokens": tokens})
    except Damage as damage:
        part.ledger.append(Exclusion(what, damage.rule, damage.reason, 1))
    if steps is not None:
        try:
            if not options["logprob_mode"]:
                raise Damage(*NO_MODE)
            part.rows.extend(token_rows(base, table_of_steps(steps), tokenizer=base["model"], **options))
        except Damage as damage:
            part.ledger.append(Exclusion(f"{what}, token_entropy", damage.rule, damage.reason, 1))
    return len(part.rows) > before
