"""Is a built report already what a build would write? Then it need not be written again."""

from __future__ import annotations

import hashlib
import json
import platform
import tomllib
from pathlib import Path

from reporter.provenance import Made

BUILT_FROM = "built_from.json"
MANIFEST = "MANIFEST.sha256"


def built_from(made: Made) -> str:
    """Write down everything that a report's bytes depend on, as JSON.

    That is the program and its templates, the study's folder with its rows, the commit that the report
    prints, and the versions of Python, of the packages and of the system: byte for byte, by digests. The
    clock is not among them.
    """
    facts = {
        "program": made.program,
        "commit": made.commit,
        "uncommitted_changes": made.dirty,
        "system": platform.platform(),
        "versions": dict(made.versions),
        "sha256": dict(made.trees),
    }
    return json.dumps(facts, indent=1, ensure_ascii=False) + "\n"


def is_current(folder: Path, made: Made) -> int:
    """Count a report's files where it was built from exactly this, and every one is as it was written.

    0 where anything differs.

    Parameters
    ----------
    folder : Path
        The built report, if there is one.
    made : Made
        What a build would start from.

    Notes
    -----
    Code of a statistic from outside the program is in no digest: see :func:`uses_other_code`.
    """
    try:
        if (folder / BUILT_FROM).read_text(encoding="utf-8") != built_from(made):
            return 0
        listed = (folder / MANIFEST).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return 0
    files = digests(folder)
    return len(files) if listed == manifest_of(files) else 0


def uses_other_code(inputs: Path) -> bool:
    """Say whether a study asks a statistic of another package; what cannot be read is left to the build."""
    try:
        declared = tomllib.loads((inputs / "study.toml").read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return True
    analyses = declared.get("analysis")
    asked = analyses.values() if isinstance(analyses, dict) else ()
    return any(":" in str(each.get("statistic")) for each in asked if isinstance(each, dict))


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a report but its manifest, by name."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths
    }


def manifest_of(files: dict[str, str]) -> str:
    """Write digests as ``sha256sum`` does."""
    return "".join(f"{digest}  {name}\n" for name, digest in files.items())
