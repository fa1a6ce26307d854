"""Token-scaling runs: one JSON file per model and token limit, three prompts each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from reporter.dataset import Exclusion
from reporter.errors import DataError
from reporter.importers._files import Damage, File, as_damage, import_each, read_json
from reporter.importers._result import Imported, Part, Row, key_of, printable, prompt_key, sha256

WORD = "nat_challenge"
KIND = "text_based_approximation"


class Reply(BaseModel):
    """One prompt's result; the text itself is not in the file."""

    model_config = ConfigDict(strict=True)

    prompt: str
    text_entropy: Annotated[FiniteFloat, Field(ge=0)]
    response_length: Annotated[int, Field(ge=1)]


class Run(BaseModel):
    """What a file says of all its replies."""

    model_config = ConfigDict(strict=True, protected_namespaces=())

    model_name: str
    api_provider: str
    measurement_type: str
    prompt_results: list[Any]


def nat_challenge(
    paths: Iterable[Path | str],
    *,
    study: str,
    token_limit: int | None = None,
    models: Mapping[str, str] | None = None,
) -> Imported:
    """Read the character entropies of replies whose text was not kept.

    Parameters
    ----------
    paths : iterable of path
    study : str
        The study to import for.
    token_limit : int, optional
        It is in no file; without it, the name of each file's folder must be the limit.
    models : mapping, optional
        From a file's model name to a key of the study.

    Returns
    -------
    Imported
        Two files for one model and limit are two runs, told apart by ``run``.

    Raises
    ------
    DataError
        The token limit is not known, or a file cannot be read.
    """
    return import_each(paths, lambda file: _read(file, token_limit, models), study=study)


def _limit(file: File, stated: int | None) -> int:
    folder = file.path.resolve().parent.name
    if stated is None and not (folder.isascii() and folder.isdigit() and int(folder)):
        raise DataError(
            "The token limit is neither in the file nor the name of its folder.",
            where=file.path,
            remedy="State it: token_limit = 100.",
        )
    return int(folder) if stated is None else stated


def _read(file: File, token_limit: int | None, models: Mapping[str, str] | None) -> Part:
    limit = _limit(file, token_limit)
    try:
        run = Run.model_validate(read_json(file.read()))
    except ValidationError as error:
        raise as_damage(error) from error
    if run.measurement_type != KIND:
        raise Damage("unknown_measurement", f"measurement_type must be {KIND}")
    common = {
        "source": file.name,
        "model": key_of(run.model_name, models),
        "revision": printable(run.model_name),
        "provider": printable(run.api_provider),
        "prompt_set": "nat-challenge",
        "run": file.run,
        "token_limit": limit,
        "measure": "text_entropy",
        "symbol": "character",
        "unit": "nats",
        "estimator": "plug_in",
    }
    rows: list[Row] = []
    ledger: list[Exclusion] = []
    asked: Counter[str] = Counter()
    for place, entry in enumerate(run.prompt_results):
        try:
            reply = Reply.model_validate(entry)
        except ValidationError as error:
            damage = as_damage(error)
            ledger.append(Exclusion(f"{file.name}, answer {place}", damage.rule, damage.reason, 1))
            continue
        asked[reply.prompt] += 1
        rows.append(
            common
            | {
                "address": file.address(WORD, f"prompt_results/{place}/text_entropy"),
                "prompt": prompt_key(reply.prompt),
                "prompt_sha256": sha256(reply.prompt),
                "replicate": asked[reply.prompt],
                "value": reply.text_entropy,
                "n": reply.response_length,
            }
        )
    return Part(rows=rows, ledger=ledger, answers=len(run.prompt_results), kept=len(rows))
