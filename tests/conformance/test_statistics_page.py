"""docs/statistics.md says what the docstrings say."""

from __future__ import annotations

import importlib.util
from pathlib import Path

WRITER = Path(__file__).with_name("write_statistics_page.py")


def test_the_page_is_what_its_writer_writes():
    spec = importlib.util.spec_from_file_location("write_statistics_page", WRITER)
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    told = "run python tests/conformance/write_statistics_page.py"
    assert writer.PAGE.read_text(encoding="utf-8") == writer.page(), told
