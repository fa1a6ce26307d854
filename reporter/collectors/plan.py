"""What is to be collected: prompts.toml of a study, as jobs and the measures to take of their answers."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reporter.collectors.generation import Answer, Sampling
from reporter.collectors.jobs import Job, seed_of
from reporter.collectors.layer_states import layer_states
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
    "replies": replies,
}
POLES = ("positive", "negative")
KEYS: dict[str, tuple[str, ...]] = {
    "": ("schema", "study", "seed", "prompt", "axis", "run"),
    "prompt": ("set", "key", "text", "block"),
    "axis": ("name", *POLES),
    "run": (
        "name", "sets", "axes", "token_limit", "prefixes", "temperatures", "top_p", "replicates", "measures",
        "states", "tokens",
    ),
}  # fmt: skip


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
        return [_plan(content, run, batch_size) for run in content["run"]]
    except KeyError as error:
        raise StudyError(f"{error} is missing.", where=path) from error


def _check(content: Table, path: Path) -> None:
    """Refuse unknown keys, measures and repeated prompts."""
    for place, allowed in KEYS.items():
        for table in [content] if not place else content.get(place, []):
            for key in set(table) - set(allowed):
                raise StudyError(
                    f'"{key}" is no key of [[{place or "top"}]].',
                    where=path,
                    remedy=did_you_mean(key, allowed),
                )
    for run in content.get("run", []):
        for word in set(run.get("measures", ())) - set(COLLECTORS):
            raise StudyError(f'"{word}" is no collector.', where=path, remedy=did_you_mean(word, COLLECTORS))
    keys = [(prompt.get("set"), prompt.get("key")) for prompt in content.get("prompt", [])]
    for key in {key for key in keys if keys.count(key) > 1}:
        raise StudyError(f"Two prompts are called {key[1]} in the set {key[0]}.", where=path)


def _plan(content: Table, run: Table, batch_size: int) -> Plan:
    return Plan(
        jobs=list(_jobs(content, run)),
        collectors=[COLLECTORS[word] for word in run["measures"]],
        prefixes=run.get("prefixes", ()),
        states=run.get("states", False),
        tokens=run.get("tokens", False),
        batch_size=batch_size,
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
                        prompt_set=prompt["set"],
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
