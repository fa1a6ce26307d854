"""What stands around a number: the statistic and the relation before it, the unit behind it."""

from __future__ import annotations

import re
from typing import NamedTuple

from reporter.audit.document import Relation
from reporter.audit.numerals import Numeral
from reporter.audit.words import label_of

REACH = 48  # characters before a number that may belong to it
SIGNS: dict[str, Relation] = {
    "=": "=",
    "==": "=",
    ":": "=",
    "<": "<",
    ">": ">",
    "≤": "<=",
    "<=": "<=",
    "≥": ">=",
    ">=": ">=",
    "≈": "~",
    "~": "~",
    "∼": "~",
}
ABOUT: tuple[tuple[str, Relation], ...] = (
    (r"(?:\babout|\bapproximately|\bapprox\.|\broughly|\baround|\bca\.|\bnearly|\balmost)\s$", "~"),
    (r"\b(?:at least|no (?:less|fewer) than)\s$", ">="),
    (r"\b(?:at most|no more than|up to)\s$", "<="),
    (r"\bmore than\s$", ">"),
    (r"\b(?:less|fewer) than\s$", "<"),
)
ABOUTS = tuple((re.compile(pattern), relation) for pattern, relation in ABOUT)
# Letters need a sign of relation behind them; words may be followed by the number at once.
LETTERS = (
    r"\|r\||\|ρ\||r_s|rs|r|R²|R2|ρ|τ|p(?:[ _-]?(?:adj|value|holm|bh|fdr)\w*)?|[Pp]-values?|P|q|t|F|χ²|χ2"
    r"|chi2|chi²|X²|z|Z|n|N|k|d|g|M|SD|SE|SEM|σ|η²|η2|η|φ|V|W|U|df|BF(?:10|₁₀)?|CV|α|β"
)
NAMES = (
    r"[Mm]ean (?:entropy )?(?:[Cc]hange|[Dd]ifference)|[Mm]ean|[Mm]edian|[Aa]verage|[Cc]hange|[Dd]ifference"
    r"|Δ\w*|[Rr]ho|[Ss]td|sd|s\.d\.|[Ss]tandard (?:deviation|error)|[Mm]in(?:imum)?|[Mm]ax(?:imum)?|[Rr]ange"
    r"|[Tt]emp(?:erature)?|[Tt]hreshold|eff(?:ective)?\.? dim(?:ensionality|ension)?|[Ee]ntropy"
    r"|[Cc]ohen's d|Hedges'? g|[Cc]hi-squared?|[Kk]appa|[Oo]dds ratio|[Pp]seudo-R²"
)
RELATION = r"(?:<=|>=|==|[=<>≤≥≈~∼:])"
LABEL = re.compile(
    rf"(?:(?<![\w-])(?P<letter>{LETTERS})\s*(?P<is>{RELATION})"
    rf"|(?<!\w)(?P<name>{NAMES})(?:\s*(?P<was>{RELATION})|\sof|\sis|\s?\(|)"
    rf"|(?<![\w-])(?P<bare>[pP])\s"
    rf"|(?P<alone>{RELATION}))\s*[(\[]?$"
)
WITH_DF = (
    r"(?<![\w-])(?P<name>r_s|rs|r|t|F|z|ρ|rho|χ²|χ2|chi2|chi²|X²|H|Q|W)\s*"
    r"\(\s*(?P<df>[0-9.]+(?:\s*,\s*[0-9.]+)?)(?:\s*,\s*[Nn]\s*=\s*(?P<n>[0-9]+))?\s*\)\s*(?P<is>[=<>≤≥≈])\s*"
)
DF = re.compile(WITH_DF + "$")
HAS_DF = re.compile(WITH_DF + r"(?=[-+−–]?[0-9.])")
ENDINGS = {*"=<>≤≥≈~∼:|²."}  # of what may stand before a number and belong to it, beside letters
QUANTIFIER = re.compile(r"\b(?:[Aa]ll(?: the)?|[Oo]nly(?: the)?|[Nn]o|[Ee]xactly|[Nn]either of the)\s$")
UNIT = re.compile(
    r"\s?-?(?P<unit>[Nn]ats?(?:/\w+| (?:a|per) \w+)?|[Bb]its?(?:/\w+| (?:a|per) \w+)?|[Tt]okens?"
    r"|[Cc]haracters?|chars?|ms|pp|GB|MB|(?<![\s-])(?:x|×|s)|(?<=\s)(?:times|×|s|x))(?!\w)"
)
SHORT = {"nat": "nats", "bit": "bits", "token": "tokens", "character": "characters", "×": "x"}
NOUN = re.compile(
    r"[\s-](?:(?!dead |of |and |or |to |in |the |as |with |from |for |than )[a-z-]+ )?"
    r"(?P<noun>dead zones|[a-z]{2,}s|data|axes)\b"
)
NOT_NOUNS = {"is", "as", "has", "was", "does", "this", "its", "versus", "across", "less", "plus", "vs"}


class Label(NamedTuple):
    """The statistic before a number, where it begins, and the relation: ``p <`` is p, less than."""

    name: str
    start: int
    relation: Relation


def label_before(text: str, number: Numeral) -> Label:
    """Read what stands before a number: its statistic and the relation, or a word like "about"."""
    reach = max(0, number.start - REACH)
    left = text[reach : number.start]
    relation: Relation = ">=" if number.more else "="
    last = left.rstrip(" ([")[-1:]
    if not (last.isalpha() or last in ENDINGS):
        return Label("", number.start, relation)
    if match := DF.search(left):
        return Label(label_of(match["name"]), reach + match.start(), SIGNS[match["is"]])
    if match := LABEL.search(left):
        name = match["letter"] or match["name"] or match["bare"] or ""
        sign = match["is"] or match["was"] or match["alone"]
        relation = SIGNS[sign] if sign and sign != ":" else relation
        apart = (not name and sign in ("=", ":")) or match[0].endswith("[")
        return Label(label_of(name), number.start if apart else reach + match.start(), relation)
    for pattern, meaning in ABOUTS:
        if match := pattern.search(left):
            return Label("", reach + match.start(), meaning)
    quantifier = QUANTIFIER.search(left)
    return Label("", reach + quantifier.start() if quantifier else number.start, relation)


def degrees_behind(text: str, start: int) -> tuple[tuple[Numeral, ...], Numeral | None]:
    """Read degrees of freedom behind the label that starts here, ``χ²(1, N = 90) =``, and the n."""
    match = HAS_DF.match(text, start)
    if not match:
        return (), None
    found = []
    for part in re.finditer(r"[0-9]+(?:\.[0-9]+)?", match["df"]):
        begin = match.start("df") + part.start()
        found.append(
            Numeral(begin, begin + len(part[0]), part[0], float(part[0]), len(part[0].partition(".")[2]))
        )
    n = Numeral(*match.span("n"), match["n"], float(match["n"]), 0) if match["n"] else None
    return tuple(found), n


def unit_behind(text: str, number: Numeral) -> tuple[str, str]:
    """Read the unit or the noun behind a number: its name, and the unit as written."""
    if match := UNIT.match(text, number.end):
        unit = match["unit"]
        if unit not in ("GB", "MB"):
            unit = re.sub(r"^(nat|bit)/", r"\1s/", re.sub(r" (?:a|per) ", "/", unit.lower()))
        return SHORT.get(unit, unit), match[0]
    noun = None if number.decimals or number.sign else NOUN.match(text, number.end)
    return ("", "") if noun is None or noun["noun"] in NOT_NOUNS else (noun["noun"], "")
