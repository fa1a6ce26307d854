"""The records of what a document says of whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from reporter.audit.document import Document, Place, Printed, Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One printed number that is about somebody: ``mean`` of ``Grok 4.1 Fast`` at ``200`` is 3.17.

    ``subject`` is the fullest name that the document uses ("" where it speaks of all); ``statistic`` is a
    word of `reporter.audit.words`; ``condition`` is what else must be the same for two facts to be one
    (a token limit, an axis, a pole), lower case, "" where nothing was said.
    """

    subject: str
    statistic: str
    condition: str
    number: Printed
    quantity: Quantity
    source: Literal["cell", "sentence"]
    place: Place
    words: str  # as quoted: the row of the table, or the sentence
    table: int = -1  # its index in the document, for a cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All facts of a document, and the names that it uses for its subjects."""

    document: Document
    facts: tuple[Fact, ...]
    aliases: Mapping[str, str]  # "haiku" -> "Claude Haiku 4.5"; only where one subject is meant

    def of(
        self, *, subject: str | None = None, statistic: str | None = None, condition: str | None = None
    ) -> Iterator[Fact]:
        """Facts that agree with all that is given."""
        for fact in self.facts:
            if (
                subject in (None, fact.subject)
                and statistic in (None, fact.statistic)
                and condition in (None, fact.condition)
            ):
                yield fact
