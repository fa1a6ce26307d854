"""Bytes into text: any bytes are read, and every repair is said."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reporter.audit.encoding import decode, mend

TEXT = "Entropy rose by +0.03 ± 0.01 nats → “higher”.\nSecond line – naïve.\n"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_the_same_text_from_every_encoding(codec):
    text = TEXT if codec != "cp1252" else TEXT.replace("→", "to")
    read = decode(text.encode(codec))
    assert read.text == text
    assert bool(read.repairs) == (codec not in ("utf-8", "utf-8-sig"))


def test_utf8_read_as_another_encoding_is_mended_and_said():
    spoiled = TEXT.encode("utf-8").decode("cp1252", errors="replace").replace("\ufffd", "\x9d")
    read = decode(spoiled.encode("utf-8"))
    assert "+0.03 ± 0.01 nats →" in read.text
    assert "2 of 3 lines" in read.repairs[0]
    assert "line 1" in read.repairs[0]


def test_a_good_text_is_left_alone():
    assert mend(TEXT).text == TEXT
    assert mend(TEXT).repairs == ()


def test_lines_end_in_a_line_feed_and_characters_are_composed():
    assert mend("a\r\nb\rc\u0308\n").text == "a\nb\nc̈\n"
    assert mend("e\u0301").text == "é"


def test_nulls_are_replaced_and_counted():
    read = mend("a\0b\0")
    assert read.text == "a\ufffdb\ufffd"
    assert "2 null" in read.repairs[0]


def test_the_line_of_the_first_wrong_byte_is_named():
    assert "line 2" in decode(b"fine\n caf\xe9").repairs[0]


def test_bytes_without_a_meaning_are_counted():
    assert any("1 bytes" in repair for repair in decode(b"\x81 caf\xe9").repairs)


@given(st.binary(max_size=300))
@example(b"\xff\xfe\x00")
@example(b"\xff\xfe\x00\x00\x01")
def test_any_bytes_are_read(data):
    text = decode(data).text
    assert "\r" not in text
    assert "\0" not in text
    assert text == unicodedata.normalize("NFC", text)


@given(st.text(st.characters(codec="ascii"), max_size=200))
def test_ascii_stays_as_it_is(text):
    kept = text.replace("\0", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")
    assert mend(text).text == kept


def test_the_document_as_received_is_the_document(shared):
    received = decode((shared / "documents" / "token-scaling.as-received.txt").read_bytes())
    sent = decode((shared / "documents" / "token-scaling.md").read_bytes())
    assert received.text == sent.text
    assert "48 of 395 lines" in received.repairs[0]
    assert sent.repairs == ()
