"""What was published: the project, and each file's id, version and digest, as the server said them."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reporter.publish.plan import Incomplete, Listing, PublishError

if TYPE_CHECKING:  # who only reads a receipt needs no client of the network
    from reporter.publish.osf import Node

RECEIPT = "receipt.json"
DEPOSITS = "deposits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One file that is there."""

    name: str
    id: str
    version: int | None
    size: int | None  # bytes
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A project and its files. As long as not ``complete``, it says only where a publication was begun."""

    node: str
    title: str
    url: str
    api: str = ""  # of the installation that the project is on
    complete: bool = False
    time: str | None = None  # UTC
    time_from: str | None = None  # "server" or "this machine"
    files: tuple[Published, ...] = ()
    remote_only: tuple[str, ...] = ()
    components: Mapping[str, str] = field(default_factory=dict)  # of which project the files of a folder are
    doi: str = ""
    draft: str = ""  # of a registration
    registration: str = ""


def place_of(root: Path, study: str) -> Path:
    """Say where a study's receipt stands: beside its deposit, which is replaced each time, and not in it."""
    return root / DEPOSITS / f"{study}.{RECEIPT}"


def begin(node: Node) -> Receipt:
    """Say where a publication is begun, so that one that was interrupted finds its project again."""
    return Receipt(node=node.id, title=node.title, url=node.url)


def complete(node: Node, there: Listing, names: set[str]) -> Receipt:
    """Say what a last listing holds of the files with these names."""
    from reporter.publish._session import iso

    time = iso(there.date)
    return Receipt(
        node=node.id,
        title=node.title,
        url=node.url,
        complete=True,
        time=time or datetime.now(UTC).isoformat(timespec="seconds"),
        time_from="server" if time else "this machine",
        files=tuple(
            Published(
                name=name,
                id=there.files[name].id,
                version=there.files[name].version,
                size=there.files[name].size,
                sha256=str(there.files[name].sha256),
            )
            for name in sorted(names)
        ),
        remote_only=tuple(sorted(there.files.keys() - names)),
    )


def set_aside(path: Path, node: str) -> None:
    """Keep the receipt of another project under that project's name, where a new one goes."""
    try:
        past = read(path)
    except Incomplete:  # who named the project wants it so; what stands there is kept as it is
        path.replace(path.with_name(f"{path.name}.damaged"))
        return
    if past is not None and past.node != node:
        path.replace(path.with_name(path.name.replace(RECEIPT, f"{past.node}.{RECEIPT}")))


def write(path: Path, receipt: Receipt) -> None:
    """Write a receipt in one go: whoever reads it finds the old one or the new one.

    Raises
    ------
    PublishError
        It cannot be written.
    """
    text = json.dumps(dataclasses.asdict(receipt), indent=1, ensure_ascii=False) + "\n"
    beside = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise PublishError(f"The receipt cannot be written ({error.strerror}).", where=path) from error


def read(path: Path) -> Receipt | None:
    """Read a receipt; nothing if there is none.

    Raises
    ------
    Incomplete
        The file is no receipt.
    """
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        files = tuple(Published(**each) for each in found.pop("files"))
        remote_only = tuple(found.pop("remote_only"))
        return Receipt(files=files, remote_only=remote_only, **found)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Incomplete(
            "This is no receipt of ours.", where=path, remedy="Name the project with --node, or move it away."
        ) from None
