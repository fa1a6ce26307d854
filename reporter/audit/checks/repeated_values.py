"""Is one quantity of one subject printed with two values anywhere in the document?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from reporter.audit.checks._rarity import agree, is_slip
from reporter.audit.checks._series import room, written
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.facts import Fact
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading

CHECK = "repeated_values"
SEVERAL = 3  # places of one value, before another in a table must be wrong
MOVE = "\N{RIGHTWARDS ARROW}"


def repeated_values(reading: Reading) -> Iterator[Looked]:
    """Compare every fact with the others of the same subject, statistic and condition.

    Assumes that the reading bound the numbers rightly: two facts are one quantity where all three are the
    same. The value that stands in most places is taken for the right one, a table's before a sentence's. A
    change between two conditions is also compared with the difference of the two means, and the mean change
    of all with the mean of the changes, where these stand in one table. Numbers agree where the coarser can
    be a rounding of the finer.
    """
    groups: defaultdict[tuple[str, str, str], list[Fact]] = defaultdict(list)
    in_table = Counter((_key(fact), fact.table) for fact in reading.facts.facts if fact.source == "cell")
    for fact in reading.facts.facts:
        alone = in_table[_key(fact), fact.table] <= 1  # else the row is known by more than its head
        if fact.statistic and fact.number.relation == "=" and alone:
            groups[_key(fact)].append(fact)
    recomputed = [*_mean_changes(groups)]
    yield from recomputed
    for (_, statistic, _), facts in groups.items():
        if statistic != "mean_change" or not recomputed:
            yield from _one_value(facts)
    yield from _without_condition(groups)
    yield from _changes(groups)


def _key(fact: Fact) -> tuple[str, str, str]:
    return fact.subject, fact.statistic, fact.condition


def _one_value(facts: Sequence[Fact]) -> Iterator[Looked]:
    if len(facts) < 2:
        return
    right = _most_printed(facts)
    for fact in facts:
        if fact is right:
            continue
        if agree(fact.number, right.number):
            yield passed(CHECK, fact.number, right.number)
            continue
        if not _must_agree(fact, right, facts):
            continue
        yield _departure(fact, right, facts, Severity.ERROR)
        if len(facts) == 2 and fact.source == right.source:  # nobody can tell which is wrong
            yield _departure(right, fact, facts, Severity.WARNING)


def _must_agree(fact: Fact, right: Fact, facts: Sequence[Fact]) -> bool:
    """Tell whether two facts are surely one quantity, so that what differs is an error.

    Two cells of one table, and two numbers of one line, are two quantities. A slip is an error. Else the
    value of a table must stand in several places, and a sentence must name the condition and a unit.
    """
    if fact.place.line == right.place.line or (fact.table == right.table and fact.source == "cell"):
        return False
    if is_slip(fact.number, right.number):
        return True
    if fact.source == "cell":
        return sum(agree(other.number, right.number) for other in facts) >= SEVERAL
    named = all(word in fact.words for word in fact.condition.split(MOVE)) and fact.condition != ""
    return named and fact.number.unit != ""


def _departure(fact: Fact, right: Fact, facts: Sequence[Fact], severity: Severity) -> Looked:
    return failed(
        CHECK,
        severity,
        fact.place,
        fact.words,
        expected=f"{right.number.text}, as in line {right.place.line}",
        how=f"{_named(fact)} is {right.number.text} in line {right.place.line} "
        f"({_places(facts, right)}), and {fact.number.text} here",
        suggestion=f"Print {right.number.text} here, or correct the other place.",
        numbers=(fact.number, right.number),
    )


def _most_printed(facts: Sequence[Fact]) -> Fact:
    """The fact whose value most others have; of several, one in a table, then the finest, then the first."""
    agreeing = Counter({i: sum(agree(f.number, g.number) for g in facts) for i, f in enumerate(facts)})
    best = max(
        range(len(facts)),
        key=lambda i: (agreeing[i], facts[i].source == "cell", facts[i].number.decimals, -i),
    )
    return facts[best]


def _places(facts: Sequence[Fact], right: Fact) -> str:
    times = sum(agree(fact.number, right.number) for fact in facts)
    return f"printed {times} times" if times > 1 else "printed once"


def _named(fact: Fact) -> str:
    words = fact.statistic.replace("_", " ")
    of = f" of {fact.subject}" if fact.subject else ""
    at = f" at {fact.condition}" if fact.condition else ""
    return f"the {words}{of}{at}"


def _without_condition(groups: dict[tuple[str, str, str], list[Fact]]) -> Iterator[Looked]:
    """Where a sentence names no condition, its value must be that of some condition."""
    conditioned: dict[tuple[str, str], list[Fact]] = {}
    for (subject, statistic, condition), facts in groups.items():
        if condition:
            conditioned.setdefault((subject, statistic), []).extend(facts)
    for (subject, statistic, condition), facts in groups.items():
        if condition or not subject:
            continue
        known = conditioned.get((subject, statistic), [])
        if len({fact.condition for fact in known}) < 2:
            continue
        for fact in facts:
            fitting = [other for other in known if agree(fact.number, other.number)]
            if fitting:
                yield passed(CHECK, fact.number, fitting[0].number)


def _changes(groups: dict[tuple[str, str, str], list[Fact]]) -> Iterator[Looked]:
    """Compare each change with the difference of the means that are printed for its two conditions."""
    for (subject, statistic, condition), facts in groups.items():
        first, move, second = condition.partition(MOVE)
        if statistic != "change" or not move:
            continue
        before, after = groups.get((subject, "mean", first), []), groups.get((subject, "mean", second), [])
        if not before or not after:
            continue
        low, high = _most_printed(before).number, _most_printed(after).number
        value = high.value - low.value
        for fact in facts:
            numbers = (fact.number, low, high)
            if abs(fact.number.value - value) <= room(numbers):
                yield passed(CHECK, *numbers)
                continue
            expected = written(value, fact.number)
            yield failed(
                CHECK,
                Severity.ERROR,
                fact.place,
                fact.words,
                expected=expected,
                how=f"{high.text} (line {high.place.line}) less {low.text} (line {low.place.line}) is "
                f"{expected}, printed {fact.number.text}",
                suggestion=f"Print {expected}.",
                numbers=numbers,
            )


def _mean_changes(groups: dict[tuple[str, str, str], list[Fact]]) -> Iterator[Looked]:
    """Compare the mean change of all with the mean of the changes that one table lists."""
    for (subject, statistic, condition), facts in groups.items():
        if statistic != "mean_change" or subject:
            continue
        tables: defaultdict[int, list[Fact]] = defaultdict(list)
        for (_, word, under), found in groups.items():
            for fact in found:
                if word == "change" and under == condition and fact.source == "cell":
                    tables[fact.table].append(fact)
        fullest = max(tables.values(), key=len, default=[])
        if len({fact.subject for fact in fullest}) < 3:
            continue
        value = sum(fact.number.value for fact in fullest) / len(fullest)
        slack = room(fact.number for fact in fullest) / len(fullest)
        numbers = tuple(fact.number for fact in fullest)
        fits = [fact for fact in facts if abs(fact.number.value - value) <= slack + fact.number.half_width]
        for fact in facts:
            if fact in fits:
                yield passed(CHECK, fact.number, *numbers)
            elif fits:  # else the mean change may be of others than those in the table
                expected = written(value, fits[0].number)
                yield failed(
                    CHECK,
                    Severity.ERROR,
                    fact.place,
                    fact.words,
                    expected=f"{expected}, the mean of the {len(fullest)} changes",
                    how=f"({' + '.join(number.text for number in numbers)}) / {len(fullest)} = {expected}, "
                    f"printed {fact.number.text}",
                    suggestion=f"Print {expected}.",
                    numbers=(fact.number, *numbers),
                )
