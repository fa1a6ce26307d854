"""What a report cannot answer, and what its answers leave out: in words, for whom, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reporter.findings import NotComputable
from reporter.numbers import Register
from reporter.tables import Labels


def missing(register: Register, labels: Labels) -> list[dict[str, Any]]:
    """List questions without an answer; those that lack it for the same reason and members stand together."""
    members: dict[tuple[str, str], list[str]] = {}
    for finding in register.findings:
        if isinstance(finding.record, NotComputable):
            members.setdefault((finding.question, finding.record.detail), []).append(finding.label)
    found: dict[tuple[str, str], list[str]] = {}
    for (question, detail), names in members.items():
        found.setdefault((detail, who(names, labels)), []).append(question)
    return [
        {"question": " ".join(questions), "detail": detail, "who": whom}
        for (detail, whom), questions in found.items()
    ]


def dropped(register: Register, labels: Labels) -> list[dict[str, Any]]:
    """List what questions left out since some role lacks it; those that left out the same stand together."""
    members: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for finding in register.findings:
        if finding.dropped and not finding.is_member:
            members.setdefault((finding.question, finding.dropped), []).append(finding.label)
    found: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for (question, units), names in members.items():
        found.setdefault((units, who(names, labels)), []).append(question)
    return [
        {"question": " ".join(questions), "units": list(map(register.study.label_of, units)), "who": whom}
        for (units, whom), questions in found.items()
    ]


def who(members: Iterable[str], labels: Labels) -> str:
    """Name members in words: each model once, or pair of models, with the axes that are meant.

    >>> words = {"a": {"label": "Alpha"}, "b": {"label": "Beta"}}
    >>> who(["a/warm", "a/formal", "b", "a/b"], Labels(words))
    'Alpha: warm, formal; Beta; Alpha and Beta'
    """
    found: dict[str, list[str]] = {}
    for member in filter(None, members):
        words, parts = labels.of(member), member.split("/")
        models = [labels.of(part)["label"] for part in parts if part in labels.words]
        axes = found.setdefault(" and ".join(models) or words["label"], [])
        axes += [words["axis"]] if models and words["axis"] else []
    return "; ".join(f"{name}: {', '.join(axes)}" if axes else name for name, axes in found.items())
