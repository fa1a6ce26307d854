"""What the contract server holds, what can go wrong with it, and what it has seen."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

ACCOUNT = {
    "full_name": "Edith Uploader",
    "given_name": "Edith",
    "family_name": "Uploader",
    "middle_names": "",
}
ME = "me1ab"


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
    json: Any = None  # what they were, if they were that
    whole: bool = True  # whether all of them came


@dataclass
class Asked:
    """A request, taken apart."""

    method: str
    path: str  # below /v2/
    query: dict[str, str]
    body: bytes
    who: str  # "owner", "reader" (who may not write), or "stranger"
    key: str = ""  # of a view-only link

    @property
    def data(self) -> dict[str, Any]:
        """What stands under ``data``; nothing if there is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        data = found.get("data") if isinstance(found, dict) else None
        return data if isinstance(data, dict) else {}

    @property
    def attributes(self) -> dict[str, Any]:
        found = self.data.get("attributes")
        return found if isinstance(found, dict) else {}

    def related(self, name: str) -> str:
        """The id of something that the data names under its relationships."""
        found: Any = self.data.get("relationships") or {}
        for part in (name, "data", "id"):
            found = found.get(part) if isinstance(found, dict) else None
        return str(found or "")

    @property
    def members(self) -> list[dict[str, Any]]:
        """The data of a request about many things."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return []
        data = found.get("data") if isinstance(found, dict) else None
        return [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []


def error(status: int, detail: str, pointer: str = "") -> tuple[int, Any]:
    """Say it as the API does."""
    source = {"pointer": pointer} if pointer else {}
    said = {"detail": detail, "source": source, "status": str(status), "meta": {}}
    return status, {"errors": [said], "meta": {"version": "2.20"}}
