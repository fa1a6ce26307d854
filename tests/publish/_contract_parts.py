"""What the contract server holds, what can go wrong with it, and what it has seen."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Entity:
    """A file with its versions, or a folder."""

    id: str
    kind: str
    name: str
    parent: str  # id; empty in the outermost folder
    node: str
    versions: list[bytes] = field(default_factory=list)


@dataclass
class Fault:
    """Something that goes wrong with the next requests of a kind.

    ``reset`` cuts the connection in the middle of the body, ``lost`` does what is asked and then cuts it,
    ``wrong`` stores other bytes, ``slow`` waits, and a number is answered with that status.
    """

    what: str | int
    method: str = ""
    path: str = ""  # a part of it, the query included
    times: int = 1
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass
class Seen:
    """A request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: int = 0  # bytes that were received
