"""Start a study from a bundled one."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from reporter.errors import OutputError, ProjectError
from reporter.names import did_you_mean
from reporter.project import check_name
from reporter.provenance import bundled_studies, templates_folder

# Where the pattern was published and what it says of its data; who signed it, with the comment above.
PLACES = re.compile(r'^(?:doi|osf) = .*\n|^data_availability = """(?:.|\n)*?"""\n', re.MULTILINE)
SIGNERS = re.compile(r"(?:^#.*\n)*(?:^\[\[study\.authors\]\]\n(?:^[^\[\n].*\n)*\n?)+", re.MULTILINE)
HINT = """\
# Who signs this study. Without an author it can be built, and neither packed nor published.
# [[study.authors]]
# name = "Your Name"
# family_name = "Name"
# affiliation = "Where you work"

"""


def new_study(name: str, *, like: str, root: Path) -> Path:
    """Copy a bundled study, with its template, to ``root/inputs/<name>``: whole or not at all.

    Raises
    ------
    ProjectError
        The name is no folder name or is taken, or there is no such bundled study.
    OutputError
        The folder cannot be written.
    """
    check_name(name)
    source = bundled_studies() / like
    if not (source / "study.toml").is_file():
        names = [path.parent.name for path in bundled_studies().glob("*/study.toml")]
        raise ProjectError(f'There is no bundled study "{like}".', remedy=did_you_mean(like, names))
    target = root / "inputs" / name
    if target.exists():
        raise ProjectError(f"{target} exists already.", remedy="Choose another name.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".new-") as place:
            copy = Path(place) / name
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("parts", "answers"))
            _rename(copy, like, name)
            copy.rename(target)
    except OSError as error:
        raise OutputError(f"The study cannot be written ({error.strerror}).", where=target) from error
    return target


def _rename(copy: Path, like: str, name: str) -> None:
    """Give the copy its name, and the templates that its pattern has."""
    if name != like:
        for template in sorted((templates_folder() / like).glob("*.jinja")):
            shutil.copy(template, copy)
    toml = copy / "study.toml"
    text = toml.read_text(encoding="utf-8").replace(f'name = "{like}"', f'name = "{name}"', 1)
    toml.write_text(text if name == like else _unsigned(text), encoding="utf-8")


def _unsigned(text: str) -> str:
    """Take out who signed the pattern and where it was published: a copy is somebody else's study."""
    return SIGNERS.sub(HINT, PLACES.sub("", text))
