"""Whom a document speaks of: the names in its tables, and the shorter ones that it uses for them in prose."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from reporter.audit.document import Document, Table
from reporter.audit.numerals import FAMILIES

SUBJECT_HEAD = re.compile(
    r"\b(models?|systems?|llms?|checkpoints?|networks?|subjects?|participants?|agents?)\b", re.I
)
CONDITION_HEAD = re.compile(
    r"\b(ax[ie]s|poles?|layers?|prompts?|questions?|limits?|tokens?|temperatures?|tasks?|datasets?|topics?|bins?"
    r"|steps?|quantit\w+|measures?|metrics?|statistics?|tests?|parameters?|settings?|columns?|files?|seeds?|runs?)\b",
    re.I,
)
SUMMARY = re.compile(
    r"(?:grand |over)?(?:all(?: models)?|mean|average|total|pooled|median|sum|std|sd|n)\b[:.]?$", re.I
)
TOKEN = re.compile(r"[^\W\d_][^\W_]*|[0-9]+(?:\.[0-9]+)*[^\W\d_]*")
JOINED = re.compile(r"[\s\-–_/]*\(?$")
VERSION = re.compile(r"v?[0-9]{1,2}(?:\.[0-9])?[a-z]?$|[0-9.]+[bm]$|v[0-9.]+$", re.I)
MEASURED = re.compile(r"\s*(?:±|nats?\b|bits?\b|%|tokens?\b)")
# Words that set a model apart from its siblings and may not be dropped.
QUALIFIERS = {
    "base",
    "instruct",
    "chat",
    "it",
    "mini",
    "nano",
    "lite",
    "turbo",
    "pro",
    "thinking",
    "reasoning",
}
# Words of names that say nothing by themselves: vendors, and words of everyday English.
NEVER_ALONE = QUALIFIERS | set(
    re.findall(
        r"\w+",
        "meta google openai anthropic microsoft alibaba nvidia amazon apple xai fast flash large small medium"
        " max plus ultra high low preview model models the a an and of new old deep open next light",
    )
)
KNOWN = re.compile(
    rf"\b(?:{FAMILIES})[0-9]*"
    r"(?:[ -](?:v?[0-9]+(?:\.[0-9]+)*[a-zA-Z]?(?![\w.%]*[0-9%])|Instruct|Fast|Flash|base|mini))+\b"
)
LONGEST = 6  # tokens in a name


class Mention(NamedTuple):
    """A subject that a text names, and where."""

    start: int
    end: int
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The subjects of a document by their fullest names, and every alias that can mean only one of them."""

    subjects: tuple[str, ...]
    aliases: Mapping[str, str]
    firsts: frozenset[str]  # the first words of all aliases

    def subject(self, text: str) -> str:
        """Name the subject of a whole text, such as a cell; "" where it is none or more than one."""
        found = self.aliases.get(_key(text))
        if found:
            return found
        mentioned = {mention.subject for mention in self.mentions(text)}
        return mentioned.pop() if len(mentioned) == 1 else ""

    def subject_column(self, table: Table) -> bool:
        """Tell whether most rows of a table are headed by a subject."""
        known = sum(_key(row[0].text) in self.aliases for row in table.rows if row)
        return 2 * known >= max(1, len(table.rows))

    def mentions(self, text: str) -> list[Mention]:
        """Find the subjects that a text names, in order, each by the longest alias that stands there."""
        if not self.aliases:
            return []
        tokens = list(TOKEN.finditer(text))
        found, index = [], 0
        while index < len(tokens):
            known = tokens[index][0].lower() in self.firsts
            width = self._width(text, tokens, index) if known else 0
            if width:
                last = tokens[index + width - 1]
                alias = " ".join(token[0].lower() for token in tokens[index : index + width])
                found.append(Mention(tokens[index].start(), last.end(), self.aliases[alias]))
            index += max(width, 1)
        return found

    def _width(self, text: str, tokens: list[re.Match[str]], index: int) -> int:
        """Count the tokens of the longest alias that begins at this one; 0 where none does."""
        words: list[str] = []
        best = 0
        for width, token in enumerate(tokens[index : index + LONGEST], 1):
            if words and not JOINED.fullmatch(text[tokens[index + width - 2].end() : token.start()]):
                break
            words.append(token[0].lower())
            everyday = width == 1 and token[0].isalpha() and token[0].islower()
            subject = "" if everyday else self.aliases.get(" ".join(words), "")
            if subject and self._is_that(text, tokens, index, width, subject):
                best = width
        return best

    def _is_that(self, text: str, tokens: list[re.Match[str]], index: int, width: int, subject: str) -> bool:
        """Tell that no version stands beside the alias which the subject does not have: "GPT-4 Turbo"."""
        own = {part.lower() for part in TOKEN.findall(subject)}
        last = tokens[index + width - 1]
        if index + width < len(tokens):
            after = tokens[index + width]
            gap = text[last.end() : after.start()]
            other = VERSION.match(after[0]) and after[0].lower() not in own
            if gap in (" ", "-") and other and not MEASURED.match(text, after.end()):
                return False
        if index:
            before = tokens[index - 1]
            gap = text[before.end() : tokens[index].start()]
            if gap in (" ", "-") and VERSION.match(before[0]) and before[0].lower() not in own:
                return False
        return True


def names_of(document: Document) -> Names:
    """Gather the subjects of a document from the first columns of its tables, and their aliases."""
    tables = [table for table in document.tables if speaks_of_subjects(table)]
    if not tables:
        tables = [t for t in document.tables if t.heads and not CONDITION_HEAD.search(t.heads[0])]
    found = dict.fromkeys(
        row[0].text.strip()
        for table in tables
        for row in table.rows
        if re.search(r"[^\W\d_]{2}", row[0].text) and not SUMMARY.match(row[0].text.strip())
    )
    names = [name for name in found if len(name) <= 60 and not _is_list(name, found)]
    names += [name for name in dict.fromkeys(_titled(document, names)) if name not in found]
    if not document.tables:  # prose alone, such as the text of a PDF: models of families that everybody knows
        told = Counter(match[0] for sentence in document.sentences for match in KNOWN.finditer(sentence.text))
        names = [name for name, times in told.items() if times > 1 and re.search(r"[0-9]", name)]
    return _names(names)


def _is_list(name: str, found: Iterable[str]) -> bool:
    """Tell whether a cell lists several names."""
    parts = re.split(r",\s|\sand\s|;\s", name)
    return len(parts) > 1 and set(parts) <= set(found)


def speaks_of_subjects(table: Table) -> bool:
    """Tell whether the first column of a table lists subjects."""
    return bool(table.heads) and bool(SUBJECT_HEAD.search(table.heads[0]))


def _titled(document: Document, names: list[str]) -> Iterable[str]:
    """Find subjects in titles over tables: a known one with a qualifier, "Gemma 2 9B (base)"."""
    known = {frozenset(_tokens(name)) for name in names}
    for table in document.tables:
        if not table.section or speaks_of_subjects(table):
            continue
        title = table.section[-1].partition(",")[0].strip()
        tokens = frozenset(_tokens(title))
        extra = tokens & QUALIFIERS
        if extra and tokens not in known and (tokens - extra) in known:
            yield title


def _tokens(name: str) -> tuple[str, ...]:
    return tuple(token.lower() for token in TOKEN.findall(name))


def _key(text: str) -> str:
    return " ".join(_tokens(text))


def _names(names: list[str]) -> Names:
    """Join names that are short for others, and find the aliases that mean one subject only."""
    fullest = _fullest(names)
    subjects = tuple(dict.fromkeys(fullest.values()))
    owners: dict[str, set[str]] = {}
    for name, subject in fullest.items():
        for alias in _parts(_tokens(name)):
            owners.setdefault(alias, set()).add(subject)
    aliases = {alias: one for alias, found in owners.items() if (one := _one(found))}
    aliases |= {_key(name): subject for name, subject in fullest.items()}
    firsts = frozenset(alias.partition(" ")[0] for alias in aliases)
    return Names(subjects=subjects, aliases=aliases, firsts=firsts)


def _fullest(names: list[str]) -> dict[str, str]:
    """Find for every name the longest name of the same subject: all its tokens, and no qualifier more."""
    tokens = {name: frozenset(_tokens(name)) for name in names}
    holding: dict[str, list[str]] = {}
    for name, own in tokens.items():
        for token in own:
            holding.setdefault(token, []).append(name)
    found = {}
    for name, own in tokens.items():
        rarest = min((holding[token] for token in own), key=len, default=[])
        longer = [o for o in rarest if own < tokens[o] and not (tokens[o] - own) & QUALIFIERS]
        ends = {tokens[other] for other in longer if not any(tokens[other] < tokens[o] for o in longer)}
        same = [o for o in rarest if tokens[o] == own]
        found[name] = longer_name(longer, tokens) if len(ends) == 1 else same[0] if same else name
    return found


def longer_name(names: list[str], tokens: Mapping[str, frozenset[str]]) -> str:
    """Pick the name with the most tokens."""
    return max(names, key=lambda name: len(tokens[name]))


def _parts(tokens: tuple[str, ...]) -> Iterable[str]:
    """Every run of tokens that could be an alias, and a name's first word with its qualifier."""
    for start in range(len(tokens)):
        for end in range(start + 1, min(len(tokens), start + LONGEST) + 1):
            part = tokens[start:end]
            if any(
                token[0].isalpha() and not VERSION.match(token) and token not in NEVER_ALONE for token in part
            ):
                yield " ".join(part)
    for qualifier in set(tokens[1:]) & QUALIFIERS:
        yield f"{tokens[0]} {qualifier}"


def _one(subjects: set[str]) -> str:
    """Name the one subject that an alias means: of siblings, the one without a qualifier."""
    if len(subjects) == 1:
        return next(iter(subjects))
    counts = Counter({subject: len(set(_tokens(subject)) & QUALIFIERS) for subject in subjects})
    plain = min(subjects, key=lambda subject: (counts[subject], subject))
    own = set(_tokens(plain))
    siblings = all(set(_tokens(s)) - QUALIFIERS == own - QUALIFIERS for s in subjects)
    alone = sum(counts[subject] == counts[plain] for subject in subjects) == 1
    return plain if siblings and alone and not counts[plain] else ""


def names_with_digits(names: Iterable[str]) -> re.Pattern[str] | None:
    """Match the names of a document that hold digits, so that these are not taken for numbers."""
    found = {name.strip() for name in names}
    found = {n for n in found if re.search(r"[^\W\d_]{2,}.*[0-9]|[0-9].*[^\W\d_]{2,}", n) and len(n) < 60}
    longest = sorted(found, key=lambda n: (-len(n), n))[:300]
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)") if longest else None
