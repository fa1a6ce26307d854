"""Single numbers as they are written; and what holds digits but is a name, a date or an address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
WORDS = {
    word: number
    for number, word in enumerate(
        re.findall(
            r"\w+",
            "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
            " seventeen eighteen nineteen twenty",
        ),
        1,
    )
} | {"both": 2}

EXPONENT = r"(?:[eE][+\-−]?[0-9]+|\s?[×x·]\s?10(?:\^\{?[+\-−]?[0-9]+\}?|[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))"
GROUPED = r"(?<!\[)[0-9]{1,3}(?:[,\u00a0\u2009\u202f][0-9]{3})+(?:\.[0-9]+)?"
PLAIN = r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+"
WORD = r"[Bb]oth|[Oo]ne(?=\s+(?:out\s+)?of\s)|" + "|".join(
    f"[{word[0].upper()}{word[0]}]{word[1:]}" for word in WORDS if word not in ("one", "both")
)
NUMERAL = re.compile(
    r"(?<![\w.])(?:(?P<ten>10(?:\^\{?[+\-−]?[0-9]+\}?|[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))"
    rf"|(?P<digits>{GROUPED}(?![0-9])|0,[0-9]+(?![0-9,])|{PLAIN})(?P<exponent>{EXPONENT})?)"
    rf"(?P<percent>\s?%)?(?P<more>\+(?![\w.]))?|\b(?P<word>{WORD})\b(?!-)"
)
SIGN = re.compile(r"(?:(?P<both>±|\+/-|\+-)\s?|(?P<one>[+\-−–])|(?P<apart>[−-])\s)$")
OPENS = re.compile(r"[\s(\[{=<>≤≥≈~,;:|/*→Δ\"'“]")  # what a sign may stand behind
SIMPLE = re.compile(r"(?P<sign>[+\-−])?(?P<digits>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)")

FAMILIES = (
    "GPT|ChatGPT|Claude|Gemini|Gemma|Llama|LLaMA|Mistral|Mixtral|Ministral|Qwen|QwQ|Phi|DeepSeek|Grok|Yi|SmolLM"
    "|Falcon|OPT|Pythia|OLMo|Nova|Kimi|GLM|Sonnet|Opus|Haiku|Flash|Nemotron|Granite|InternLM|Vicuna|Alpaca|BLOOM"
    "|StableLM|MPT|Baichuan|Codestral|Jamba|Command|PaLM|Titan|Hermes|Zephyr|Turbo"
)
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
NUMBERED = (
    "Table|Figure|Fig|Eq|Equation|Section|Sec|Chapter|Appendix|Experiment|Exp|Study|Step|Tier|Phase|Part|Note"
    "|Footnote|Listing|Algorithm|Theorem|Hypothesis|Version|Release|Page|Line|Vol|No|[Ss]eed|Issue|Item|Run|Trial"
    "|Prompt|Question|Task|Round|Stage|Model|Finding|Observation"
)
FILES = "png|svg|pdf|jpe?g|csv|tsv|json|jsonl|npz|npy|md|txt|py|toml|ya?ml|parquet|html?|docx?|xlsx?|zip|gz"
ADDRESS = re.compile(
    r"https?://[^\s<>]+|www\.[^\s<>]+|\b10\.[0-9]{4,9}/[^\s<>]+|\b[\w.-]{1,64}@[\w.-]+\.\w+"
    rf"|\b\w+(?:\.\w+)+/[\w./-]+|\b[\w./-]{{1,200}}\.(?:{FILES})\b"
)
MAY_BE_ADDRESS = re.compile(r"[/@]|\.[^\W\d_]")
IDENTIFIER = re.compile(
    "|".join(
        (
            r"\b(?:19|20)[0-9]{2}-[0-9]{2}(?:-[0-9]{2}(?:T[0-9:.]+Z?)?)?\b(?![-.][0-9])",
            rf"\b[0-9]{{1,2}}(?:st|nd|rd|th)?\s+{MONTH},?\s+[0-9]{{4}}\b",
            rf"\b{MONTH}\s+[0-9]{{1,2}}(?:st|nd|rd|th)?,?\s+[0-9]{{4}}\b|\b{MONTH}\s+[0-9]{{4}}\b",
            r"\b[0-9]{1,2}[/.][0-9]{1,2}[/.](?:19|20)[0-9]{2}\b|\b[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\b",
            r"\bv?[0-9]+\.[0-9]+\.[0-9]+(?:[.-]\w+)*",
            rf"\b(?:{NUMBERED}|{NUMBERED.upper()})s?\.?\s+#?[0-9]+[a-z]?(?:\.[0-9]+)*(?![.,]?[0-9])"
            r"(?:(?:\s?[–-]\s?|,?\s+(?:and|to|or)\s+|,\s)[0-9]+[a-z]?\b(?![.,]?[0-9]))*",
            rf"\b(?:{FAMILIES})(?:[ -][A-Z][a-z]+)?[ -][vVR]?[0-9]{{1,2}}(?:\.[0-9])?[a-z]?"
            r"(?![\w.]*[0-9])(?!\s*(?:±|nats?|bits?|%))(?:[ -][0-9.]+[BbMm]\b)?",
            r"(?<=[(\s])(?:19|20)[0-9]{2}[a-z]?(?=\)|;)|(?<=[Ii]n )(?:19|20)[0-9]{2}\b(?!\s+[a-z]+s\b)",
            r"(?:et al\.,?|&\s\w+,?)\s\(?(?:19|20)[0-9]{2}[a-z]?|©\s*[0-9]{4}",
            r"(?<=[\w.,;)\s])\[[0-9]{1,3}\]|§\s?[0-9.]+|#[0-9]+",
            r"[0-9]\ufe0f?\u20e3",
            r"\b[0-9]+(?:\.[0-9]+)?[BMKk]\b",
        )
    )
)
# Digits that hang on letters: GPT-4o, v0.3, top-50, exp1_entropy; but neither 3x, 5ms nor 1/10th.
HANGING = re.compile(
    r"(?<![\w.])(?:[^\W\d_][^\W\d]*(?:[-_.][^\W\d]+)*[-_.]?[0-9](?:[\w.-]*\w)?"
    r"|[0-9]+(?:\.[0-9]+)?(?!(?:st|nd|rd|th|x|ms|s|pp|nats?|bits?|tokens?|[eE][+-]?[0-9]+)\b)[^\W\d_]\w*)"
)
# Neither thousands nor clearly a decimal comma.
COMMA_NUMBER = re.compile(r"(?<![\w.,\[(])(?!0,)[0-9]+,[0-9]{1,2}(?![\w,.])")
MAY_NAME = re.compile(r"[^\W\d_]|[#:§\[]|[0-9][-/.][0-9]+[-/.][0-9]")
MAY_HANG = re.compile(r"[^\W\d_][-_.]?[0-9]|[0-9][^\W\d_]")
LAYER = re.compile(
    r"\b(?:L(?P<one>[0-9]{1,3})(?:\s?[–-]\s?L?(?P<other>[0-9]{1,3}))?"
    r"|[Ll]ayers?\s(?P<from>[0-9]{1,3})(?:\s?(?:[–-]|to|and)\s?(?P<to>[0-9]{1,3}))?)(?![\w.]?[0-9])\b"
)
OUTLINE = re.compile(
    r"\s*(?:[0-9]+(?:\.[0-9]+)*[.)](?=\s)|[0-9]+[a-z]?[.)](?=\s)|[0-9]+(?:\.[0-9]+)+(?=\s+[A-Z]))"
)


class Numeral(NamedTuple):
    """One number as written; ``start`` is at its sign, ``end`` behind its percent sign."""

    start: int
    end: int
    text: str
    value: float
    decimals: int
    sign: str = ""  # "+", "-" or "±"
    percent: bool = False
    more: bool = False  # 3.0+
    word: bool = False


def numerals(text: str, taken: list[tuple[int, int]]) -> Iterator[Numeral]:
    """Find the numbers of a text outside the spans that are taken (in order of their starts)."""
    index = 0
    for match in NUMERAL.finditer(text):
        start, end = match.span()
        while index < len(taken) and taken[index][1] <= start:
            index += 1
        if index < len(taken) and taken[index][0] < end:
            continue
        if word := match["word"]:
            yield Numeral(start, end, word, WORDS[word.lower()], 0, word=True)
            continue
        value, decimals = value_of(match["digits"] or "", match["exponent"] or match["ten"] or "")
        first, sign = _sign(text, start)
        percent, more = bool(match["percent"]), bool(match["more"])
        value = -value if sign == "-" else value
        yield Numeral(first, end, text[first:end], value, decimals, sign, percent, more)


def value_of(digits: str, exponent: str = "") -> tuple[float, int]:
    """Read digits and a power of ten: the value, and the place of the last digit.

    >>> value_of("1.20", "e-3"), value_of("10,238"), value_of("3", "× 10⁻⁵")
    ((0.0012, 5), (10238.0, 0), (3e-05, 5))
    """
    if digits.startswith("0,"):
        digits = digits.replace(",", ".")
    digits = re.sub(r"[,\s]", "", digits) or "1"
    power = 0
    if exponent:
        tail = exponent.translate(SUPERSCRIPTS).replace("−", "-").replace(" ", "")
        power = int(re.sub(r"^[eE]|^[×x·]?10\^?\{?|\}$", "", tail))
    decimals = len(digits.partition(".")[2]) - power
    return float(f"{digits}e{power}"), decimals


def _sign(text: str, start: int) -> tuple[int, str]:
    """Find a sign before the digits: a hyphen or dash between two numbers is none."""
    reach = max(0, start - 4)
    match = SIGN.search(text[reach:start])
    if not match:
        return start, ""
    at = reach + match.start()
    if match["both"]:
        return at, "±"
    before = text[:at]
    if match["apart"]:  # "= − 0.53"
        return (at, "-") if before.rstrip()[-1:] in ("", *"=<>([") else (start, "")
    after_number = match["one"] == "–" and re.search(r"[0-9%]\s$", before[-2:])
    if after_number or not (before == "" or OPENS.search(before[-1])):
        return start, ""
    return at, "+" if match["one"] == "+" else "-"
