"""Bytes into text: any bytes are read, and whatever had to be done to read them is said."""

from __future__ import annotations

import codecs
import unicodedata
from dataclasses import dataclass

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", ""),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text with lines that end in a line feed, composed (NFC), and what was done to have it."""

    text: str
    repairs: tuple[str, ...] = ()


def decode(data: bytes) -> Decoded:
    """Read bytes as text, whatever they are.

    Parameters
    ----------
    data : bytes
        A file's content: UTF-8, or UTF-16 or UTF-32 with a byte-order mark, or else Windows-1252.
    """
    text, repairs = _text_of(data)
    mended = mend(text)
    return Decoded(text=mended.text, repairs=(*repairs, *mended.repairs))


def _text_of(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Decode by the mark at the start, as UTF-8, or as what old programs write."""
    for mark, codec, name in MARKS:
        if data.startswith(mark):
            text = data.decode(codec, errors="replace")
            said = [f"read as {name}, as its first bytes say"] if name else []
            lost = text.count("\ufffd")
            return text, (*said, *_lost(lost))
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"not UTF-8 (first at line {line}): read as Windows-1252"
        text = data.decode("cp1252", errors="replace")
        return text, (reason, *_lost(text.count("\ufffd")))


def _lost(count: int) -> tuple[str, ...]:
    return (f"{count} bytes that mean nothing were replaced by U+FFFD",) if count else ()


def mend(text: str) -> Decoded:
    """Undo what was done to a text on its way here: UTF-8 that was read as Windows-1252, above all."""
    repairs = []
    if "\0" in text:
        repairs.append(f"{text.count(chr(0))} null characters were replaced by U+FFFD")
        text = text.replace("\0", "\ufffd")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    mended = [_mend_line(line) for line in lines]
    wrong = [number for number, pair in enumerate(zip(lines, mended, strict=True), 1) if pair[0] != pair[1]]
    if wrong:
        first = wrong[0]
        repairs.append(
            f"UTF-8 that was read as another encoding, in {len(wrong)} of {len(lines)} lines: "
            f"line {first} began {lines[first - 1][:24]!r}, and is read as {mended[first - 1][:24]!r}"
        )
    composed = unicodedata.normalize("NFC", "\n".join(mended))
    return Decoded(text=composed, repairs=tuple(repairs))


def _mend_line(line: str) -> str:
    if line.isascii():
        return line
    from ftfy import fix_encoding

    return fix_encoding(line)
