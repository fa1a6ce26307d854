"""The contract server's files: ids instead of names in paths, versions, digests, and three forms of errors."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from tests.publish._contract_parts import ACCOUNT, ME, Asked, Entity

if TYPE_CHECKING:
    from tests.publish.contract_server import Contract

ROOT = re.compile(r"/v1/resources/(\w+)/providers/osfstorage/(\w*)(/?)")


class Files:
    """Answers below /v1/; its state is the server's."""

    def __init__(self, server: Contract) -> None:
        self.server = server

    def answer(self, asked: Asked, has_length: bool) -> tuple[int, Any]:
        found = ROOT.fullmatch(asked.path)
        if not found or found[1] not in self.server.nodes or found[1] in self.server.deleted:
            return not_found()
        node, id_ = found[1], found[2]
        entity = self.server.entities.get(id_)
        if id_ and (entity is None or entity.node != node):
            return not_found()
        if asked.who == "stranger" and (asked.method != "GET" or not self.server.shows(node, asked.key)):
            return 403, {"code": 403, "message": "Forbidden"}
        if asked.method != "GET" and asked.who == "reader":
            return 403, {"code": 403, "message": "Forbidden"}
        if asked.method == "GET":
            return self._read(node, id_, entity, asked.query)
        if asked.method == "DELETE":
            return self._delete(id_, asked.query)
        if asked.method != "PUT":
            return 405, {"code": 405, "message": "Method Not Allowed"}
        if not has_length:
            return 411, {"code": 411, "message": "Content-Length is required"}
        if entity is not None and entity.kind == "file":
            return self._update(entity, asked.query, asked.body)
        return self._new(node, id_, asked.query, asked.body)

    def _read(self, node: str, id_: str, entity: Entity | None, query: dict[str, str]) -> tuple[int, Any]:
        if entity is None or entity.kind == "folder":
            inside = [e for e in self.server.entities.values() if (e.node, e.parent) == (node, id_)]
            return 200, {"data": [self.server.entity(each) for each in inside]}
        if "meta" in query:
            return 200, {"data": self.server.entity(entity)}
        if "revisions" in query:
            return 200, {"data": [self._revision(number) for number in range(len(entity.versions), 0, -1)]}
        version = query.get("version", str(len(entity.versions)))
        if not version.isdecimal() or not 1 <= int(version) <= len(entity.versions):
            return 400, {"code": 400, "message": "Invalid version"}
        return 200, entity.versions[int(version) - 1]

    def _revision(self, number: int) -> dict[str, Any]:
        """Who uploaded a version stands here, whoever asks."""
        user = {"name": ACCOUNT["full_name"], "url": f"https://osf.io/{ME}/", "id": ME}
        said = {"version": str(number), "versionIdentifier": "version", "extra": {"user": user}}
        return {"id": str(number), "type": "file_versions", "attributes": said}

    def _delete(self, id_: str, query: dict[str, str]) -> tuple[int, Any]:
        if not id_:
            return 400, {"code": 400, "message": "confirm_delete=1 is required for deleting root"}
        del self.server.entities[id_]
        return 204, b""

    def _update(self, entity: Entity, query: dict[str, str], body: bytes) -> tuple[int, Any]:
        if "name" in query:
            return 400, {"code": 400, "message": "'name' parameter doesn't apply to actions on files"}
        if query.get("kind", "file") != "file":
            return 400, {"code": 400, "message": "Kind must be file"}
        if entity.versions[-1] != body:
            entity.versions.append(body)
        return 200, {"data": self.server.entity(entity)}

    def _new(self, node: str, parent: str, query: dict[str, str], body: bytes) -> tuple[int, Any]:
        kind, name = query.get("kind", "file"), query.get("name", "")
        if kind not in ("file", "folder") or not name:
            return 400, {"code": 400, "message": "Missing or unknown parameter"}
        if "/" in name:
            return 500, {"code": 500, "message": "Internal server error"}
        if kind == "folder" and body:
            return 413, {"code": 413, "message": "Folder creation requests may not have a body."}
        there = self.server.find(node, parent, name.lstrip(" "))
        if there is not None:
            return 409, self.conflicting(there)
        made = self.server.add(kind, name.lstrip(" "), parent, node, *([body] if kind == "file" else []))
        return 201, {"data": self.server.entity(made)}

    def conflicting(self, there: Entity) -> dict[str, Any]:
        said = f'Cannot complete action: file or folder "{there.name}" already exists in this location'
        return {"message": said, "data": self.server.entity(there) if there.kind == "file" else {}}


def not_found() -> tuple[int, Any]:
    return 404, {"code": 404, "message": "Could not retrieve file or directory."}


def entity(entity: Entity, root: str) -> dict[str, Any]:
    """Say what the file server says of a file or folder."""
    common = {"kind": entity.kind, "name": entity.name}
    here = f"{root}{entity.id}"
    if entity.kind == "folder":
        links = {
            "upload": f"{here}/?kind=file", "new_folder": f"{here}/?kind=folder",
            "move": f"{here}/", "delete": f"{here}/", "self": f"{here}/",
        }  # fmt: skip
        attributes = {**common, "size": None, "path": f"/{entity.id}/"} | DATES
        return {"id": f"osfstorage/{entity.id}/", "type": "files", "attributes": attributes, "links": links}
    content = entity.versions[-1]
    hashes = {kind: hashlib.new(kind, content).hexdigest() for kind in ("md5", "sha256")}
    extra = {"version": len(entity.versions), "hashes": hashes}
    attributes = {**common, "size": len(content), "path": f"/{entity.id}", "extra": extra} | DATES
    links = {"upload": f"{here}?kind=file", "download": here, "delete": here, "self": here, "html": here}
    return {"id": f"osfstorage/{entity.id}", "type": "files", "attributes": attributes, "links": links}


DATES = {"date_created": "2026-01-01T00:00:00Z", "date_modified": "2026-01-01T00:00:00Z"}
