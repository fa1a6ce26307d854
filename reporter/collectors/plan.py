"""What is to be collected: prompts.toml of a study, as jobs and the measures to take of their answers."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reporter.collectors.generation import Answer, Sampling
from reporter.collectors.jobs import Job, seed_of
from reporter.collectors.layer_bins import layer_bins
from reporter.collectors.layer_states import layer_states
from reporter.collectors.listed_sums import listed_sums
from reporter.collectors.models import LocalModel
from reporter.collectors.replies import replies
from reporter.collectors.token_logits import token_logits
from reporter.errors import StudyError
from reporter.names import did_you_mean

Row = dict[str, Any]
Collector = Callable[[Job, Answer, LocalModel], list[Row]]
Table = dict[str, Any]

COLLECTORS: dict[str, Collector] = {
    "token_logits": token_logits,
    "layer_states": layer_states,
    "layer_bins": layer_bins,
    "listed_sums": listed_sums,
    "replies": replies,
}
POLES = ("positive", "negative")
TEXT, NUMBER, COUNT, SWITCH = (str,), (int, float), (int,), (bool,)
# Each table's keys with the types of their values; a list of one type is a list of such values.
KEYS: dict[str, dict[str, tuple[type, ...] | list[tuple[type, ...]]]] = {
    "": {"schema": COUNT, "study": TEXT, "seed": COUNT},
    "prompt": {"set": TEXT, "key": TEXT, "text": TEXT, "block": TEXT},
    "axis": {"name": TEXT, **dict.fromkeys(POLES, TEXT)},
    "run": {
        "name": TEXT, "sets": [TEXT], "prompt_set": TEXT, "axes": SWITCH, "token_limit": COUNT,
        "prefixes": [COUNT], "temperatures": [NUMBER], "top_p": NUMBER, "replicates": COUNT,
        "measures": [TEXT], "states": SWITCH, "tokens": SWITCH,
    },
}  # fmt: skip
BOUNDS = {"seed": (0, math.inf), "temperatures": (0, math.inf), "top_p": (0, 1)}  # others: 1 or more
WORDS = {TEXT: "text", NUMBER: "a number", COUNT: "a whole number", SWITCH: "true or false"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to generate and what to measure of it.

    Answers are measured at every limit of ``prefixes`` (none: at their own), but for their layers, which
    are measured whole. ``states`` keeps each answer's pooled state, from which axes are made; ``tokens``
    keeps a row for each token.
    """

    jobs: Sequence[Job]
    collectors: Sequence[Collector]
    prefixes: Sequence[int] = ()
    states: bool = False
    tokens: bool = False
    k: int = 50
    batch_size: int = 32
    name: str = ""  # of the run, as in prompts.toml

    @property
    def most_tokens(self) -> int:
        """How many tokens there are if every answer runs to its limit."""
        return sum(job.sampling.token_limit for job in self.jobs)

    def settings(self, model: LocalModel) -> dict[str, str]:
        """Name all but the jobs that decides the rows."""
        measured = " ".join(collector.__name__ for collector in self.collectors)
        return {
            "model": f"{model.word} {model.revision} {model.dtype} {model.device}",
            "measured": f"{measured} at {list(self.prefixes)}, states {self.states}, "
            f"tokens {self.tokens}, k {self.k}",
        }


def read_plans(path: Path, *, batch_size: int = 32) -> list[Plan]:
    """Read the runs of a prompts.toml.

    Raises
    ------
    StudyError
        The file is missing or no TOML, has an unknown key, or lacks one.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise StudyError(f"The prompts cannot be read ({error}).", where=path) from error
    _check(content, path)
    try:
        plans = [_plan(content, run, batch_size) for run in content["run"]]
    except KeyError as error:
        raise StudyError(f'The key "{error.args[0]}" is missing.', where=path) from error
    for plan in plans:
        if not plan.jobs:
            raise StudyError(f'The run "{plan.name}" asks for no answer.', where=path)
    return plans


def _check(content: Table, path: Path) -> None:
    """Refuse unknown keys and measures, values of another type, and repeated prompts."""
    tables = {name: table for name, table in content.items() if name in KEYS}
    _check_keys("top", {key: content[key] for key in set(content) - set(tables)}, KEYS[""], path, set(KEYS))
    for place, found in tables.items():
        if not isinstance(found, list) or not all(isinstance(table, dict) for table in found):
            raise StudyError(f"Tables of {place} are written as [[{place}]].", where=path)
        for table in found:
            _check_keys(place, table, KEYS[place], path)
    for run in content.get("run", []):
        for word in set(run.get("measures", ())) - set(COLLECTORS):
            raise StudyError(f'"{word}" is no collector.', where=path, remedy=did_you_mean(word, COLLECTORS))
        sets = {prompt.get("set", "") for prompt in content.get("prompt", [])}
        for word in set(run.get("sets", ())) - sets:
            raise StudyError(
                f'There is no prompt of the set "{word}".', where=path, remedy=did_you_mean(word, sets)
            )
    keys = [(prompt.get("set"), prompt.get("key")) for prompt in content.get("prompt", [])]
    for key in {key for key in keys if keys.count(key) > 1}:
        raise StudyError(f"Two prompts are called {key[1]} in the set {key[0]}.", where=path)


def _check_keys(
    place: str, table: Table, allowed: Mapping[str, Any], path: Path, tables: Iterable[str] = ()
) -> None:
    for key, value in table.items():
        if key not in allowed:
            remedy = did_you_mean(key, {*allowed, *tables} - {""})
            raise StudyError(f'"{key}" is no key of [[{place}]].', where=path, remedy=remedy)
        kind = allowed[key]
        many = isinstance(kind, list)
        types = kind[0] if many else kind
        values = value if many and isinstance(value, list) else [value]
        # a type is compared, for a bool would pass as a whole number
        if many != isinstance(value, list) or not all(type(one) in types for one in values):
            belongs = f"a list (each {WORDS[types]})" if many else WORDS[types]
            raise StudyError(f'"{key}" of [[{place}]] is {value!r} where {belongs} belongs.', where=path)
        least, most = BOUNDS.get(key, (1, math.inf))
        if types in (NUMBER, COUNT) and not all(least <= one <= most for one in values):
            bounds = f"a value from {least} to {most}" if most < math.inf else f"{least} or more"
            raise StudyError(f'"{key}" of [[{place}]] is {value!r} where {bounds} belongs.', where=path)


def _plan(content: Table, run: Table, batch_size: int) -> Plan:
    return Plan(
        jobs=list(_jobs(content, run)),
        collectors=[COLLECTORS[word] for word in run["measures"]],
        prefixes=run.get("prefixes", ()),
        states=run.get("states", False),
        tokens=run.get("tokens", False),
        batch_size=batch_size,
        name=run["name"],
    )


def _jobs(content: Table, run: Table) -> Iterator[Job]:
    """Cross a run's prompts with its poles, temperatures and replicates."""
    conditions = [("", "", "")]
    if run.get("axes", False):
        conditions = [(axis["name"], pole, axis[pole]) for axis in content["axis"] for pole in POLES]
    for prompt in content["prompt"]:
        if prompt["set"] not in run["sets"]:
            continue
        for axis, pole, system in conditions:
            for temperature in run["temperatures"]:
                for replicate in range(1, run["replicates"] + 1):
                    cell = (run["name"], prompt["set"], prompt["key"], axis, pole, temperature, replicate)
                    yield Job(
                        study=content["study"],
                        prompt_set=run.get("prompt_set", prompt["set"]),
                        prompt=prompt["key"],
                        text=prompt["text"],
                        system=system,
                        axis=axis,
                        pole=pole,
                        block=prompt.get("block", ""),
                        run=run["name"],
                        replicate=replicate,
                        seed=seed_of(content["seed"], *cell),
                        sampling=Sampling(
                            token_limit=run["token_limit"],
                            temperature=temperature,
                            top_p=run.get("top_p", 1.0),
                        ),
                    )
