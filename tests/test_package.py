"""The verbs as functions: loaded when asked for, and only then."""

from __future__ import annotations

import subprocess
import sys

import pytest

import reporter
from reporter import pipeline


def test_verbs_are_the_functions_behind_the_commands():
    assert reporter.build is pipeline.build
    assert all(callable(getattr(reporter, name)) for name in reporter.VERBS)


def test_an_unknown_verb_is_refused():
    with pytest.raises(AttributeError, match="no attribute 'biuld'"):
        _ = reporter.biuld


def test_asking_for_the_version_loads_nothing():
    code = "import sys, reporter; print(reporter.__version__, {'pandas', 'numpy'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == f"{reporter.__version__} set()\n"
