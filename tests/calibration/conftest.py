"""What the tests of the calibration scripts share: the scripts themselves, which are no package."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent


@pytest.fixture(scope="session")
def script():
    """Load a script of this folder by name, as Python does when it runs it."""

    def load(name):
        spec = importlib.util.spec_from_file_location(f"calibration_{name}", FOLDER / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        with pytest.MonkeyPatch.context() as patch:
            patch.syspath_prepend(FOLDER)
            patch.setitem(sys.modules, spec.name, module)  # dataclasses look their module up
            spec.loader.exec_module(module)
        return module

    return load
