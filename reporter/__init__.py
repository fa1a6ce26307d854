"""From language-model entropy measurements to a checkable report.

The verbs of the command line are functions here, loaded when they are first asked for::

    import reporter

    bundle = reporter.build(Path("."), "token-scaling")
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

VERBS = {
    "answer": "reporter.pipeline",
    "build": "reporter.pipeline",
    "import_runs": "reporter.importing",
    "load_dataset": "reporter.dataset",
    "load_study": "reporter.project",
}


def __getattr__(name: str) -> Any:
    """Load a verb; what only asks for the version must not pay for it."""
    if name not in VERBS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(VERBS[name]), name)
