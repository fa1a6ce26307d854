"""What a document says of whom: each quantity bound to a subject, a condition and a statistic, or to none."""

from __future__ import annotations

from dataclasses import replace

from reporter.audit.cell_facts import Setting, cell_facts
from reporter.audit.conditions import axes_of, head_of, main_measure, only_move
from reporter.audit.document import Document
from reporter.audit.fact import Fact, Facts
from reporter.audit.naming import names_of
from reporter.audit.prose_facts import prose_facts, stated_limits

__all__ = ["Fact", "Facts", "facts_of"]

# Statistics that are about one test: the same name in another table is another test.
OF_ONE_TABLE = {"p", "p_adjusted", "r", "rho", "t", "F", "z", "chi2", "df", "g", "d", "se", "n"} | {
    f"{name}_{end}" for name in ("interval", "range") for end in ("low", "high")
}


def facts_of(document: Document) -> Facts:
    """Bind the numbers of a document, those of its tables first; what is not clear is bound to nothing."""
    setting = Setting(
        document=document,
        names=names_of(document),
        axes=axes_of(document),
        measure=main_measure(document),
        move=only_move(document),
    )
    cells = tuple(_apart(tuple(cell_facts(setting))))
    told: dict[str, set[str]] = {}
    for fact in cells:
        told.setdefault(fact.subject, set()).add(fact.statistic)
    heads = {head_of(head).limit for table in document.tables for head in table.heads} - {""}
    prose = prose_facts(setting, told, stated_limits(document, heads))
    return Facts(document=document, facts=(*cells, *prose), aliases=setting.names.aliases)


def _apart(facts: tuple[Fact, ...]) -> list[Fact]:
    """Keep tests of different tables apart: where two tables have one, the condition names the table."""
    tables: dict[tuple[str, str, str], set[int]] = {}
    for fact in facts:
        if fact.statistic in OF_ONE_TABLE:
            tables.setdefault((fact.subject, fact.statistic, fact.condition), set()).add(fact.table)
    shared = {key for key, found in tables.items() if len(found) > 1}
    return [
        replace(fact, condition=", ".join(filter(None, [fact.condition, f"table {fact.table + 1}"])))
        if (fact.subject, fact.statistic, fact.condition) in shared
        else fact
        for fact in facts
    ]
