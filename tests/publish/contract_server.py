"""A server on this machine that behaves as OSF's published server code was measured to, traps and faults included."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.publish._contract_parts import Entity, Fault, Seen

TOKEN = "contract-token-81b0f3"
READ_ONLY = "contract-reader-5c77e2"
LICENCES = {  # name -> does it ask for a year
    "No license": True, "CC0 1.0 Universal": False, "CC-By Attribution 4.0 International": False,
    "MIT License": True, "Apache License 2.0": False, 'BSD 2-Clause "Simplified" License': True,
}  # fmt: skip
CATEGORIES = ("analysis", "data", "project", "other")
LARGE = 1_000_000  # bytes; a conflict with so large a body on its way ends in a reset
ROOT = re.compile(r"/v1/resources/(\w+)/providers/osfstorage/(\w*)(/?)")


class Contract(ThreadingHTTPServer):
    """The server's state, which tests may read and spoil."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.RLock()
        self.nodes: dict[str, dict[str, Any]] = {}
        self.entities: dict[str, Entity] = {}
        self.deleted: set[str] = set()
        self.faults: list[Fault] = []
        self.seen: list[Seen] = []
        self.links_to = ""  # another address in the links to files
        self.keeps = ("title", "description", "category", "public", "tags", "node_license")
        self.clamp = 100  # entries of a page
        self.latency = 0.0
        self.scheme = "http"
        self.numbers = itertools.count(1)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}"

    @property
    def api(self) -> str:
        return f"{self.url}/v2/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients are killed in the tests."""

    def new_id(self) -> str:
        return f"{next(self.numbers):024x}"

    def name_of(self, entity: Entity) -> str:
        outer = f"{self.name_of(self.entities[entity.parent])}/" if entity.parent else ""
        return outer + entity.name

    def files(self) -> dict[str, Entity]:
        return {self.name_of(each): each for each in self.entities.values() if each.kind == "file"}

    def contents(self) -> dict[str, bytes]:
        return {name: each.versions[-1] for name, each in self.files().items()}

    def put(self, name: str, content: bytes, node: str) -> Entity:
        """Let somebody else have put a file there."""
        *outer, last = name.split("/")
        parent = ""
        for part in outer:
            parent = (self.find(node, parent, part) or self.add("folder", part, parent, node)).id
        return self.add("file", last, parent, node, content)

    def add(self, kind: str, name: str, parent: str, node: str, *versions: bytes) -> Entity:
        entity = Entity(self.new_id(), kind, name, parent, node, list(versions))
        self.entities[entity.id] = entity
        return entity

    def find(self, node: str, parent: str, name: str) -> Entity | None:
        for each in self.entities.values():
            if (each.node, each.parent, each.name) == (node, parent, name):
                return each
        return None

    def fault(self, method: str, path: str) -> Fault | None:
        with self.lock:
            for each in self.faults:
                if each.times and each.method in ("", method) and each.path in path:
                    each.times -= 1
                    return each
        return None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Contract

    def log_message(self, *told: Any) -> None:
        pass

    # --- one request

    def handle_expect_100(self) -> bool:
        """A name that exists is refused before the body is sent."""
        if self.command == "PUT":
            with self.server.lock:
                there = self._existing()
            if there is not None:
                seen = Seen(self.command, self.path, dict(self.headers))
                self.server.seen.append(seen)
                self.close_connection = True
                self._conflict(there)
                self._count_what_comes_nevertheless(seen)
                return False
        return super().handle_expect_100()

    def _count_what_comes_nevertheless(self, seen: Seen) -> None:
        self.connection.settimeout(1.0)
        try:
            while piece := self.rfile.read1(65536):
                seen.body += len(piece)
        except OSError:  # silence, or a reset
            return

    def _existing(self) -> Entity | None:
        found = ROOT.fullmatch(urlsplit(self.path).path)
        name = parse_qs(urlsplit(self.path).query).get("name", [""])[0]
        if not found or not name:
            return None
        return self.server.find(found[1], found[2], name.lstrip(" "))

    def answer(self) -> None:
        time.sleep(self.server.latency)
        seen = Seen(self.command, self.path, dict(self.headers))
        with self.server.lock:
            self.server.seen.append(seen)
        fault = self.server.fault(self.command, self.path)
        what = fault.what if fault else ""
        length = int(self.headers.get("Content-Length", 0))
        if what == "reset":
            self.rfile.read(length // 2)
            return self._cut()
        if length > LARGE and self._existing() is not None:
            self.rfile.read(LARGE // 2)
            return self._cut()
        body = self.rfile.read(length)
        seen.body = len(body)
        if len(body) < length:  # half an upload leaves nothing
            self.close_connection = True
            return None
        if isinstance(what, int):
            assert fault is not None
            html = b"<html>Server error</html>"
            return self._send(what, html, {"Content-Type": "text/html", **fault.headers})
        if what == "slow":
            assert fault is not None
            time.sleep(fault.seconds)
        if what == "wrong":
            body = body[:-1] + b"?"
        with self.server.lock:
            status, content = self._route(body)
        if what == "lost":
            return self._cut()
        headers = {}
        if status == 301:
            headers["Location"] = f"{self.server.url}{self.path}/"
        return self._send(status, content, headers)

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = answer

    def _cut(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def _send(self, status: int, content: Any, headers: dict[str, str] | None = None) -> None:
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        told = {"Content-Type": "application/vnd.api+json", "Content-Length": str(len(raw))} | (headers or {})
        for name, value in told.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def _route(self, body: bytes) -> tuple[int, Any]:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        writes = self.command != "GET"
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if parts.path.startswith("/v1/"):
            if not token or (writes and token == READ_ONLY):
                return 403, {"code": 403, "message": "Forbidden"}
            if token not in (TOKEN, READ_ONLY):
                return 500, {"message_short": "Unable to resolve", "code": 500}
            return self._files(parts.path, query, body)
        if not parts.path.endswith("/"):
            return 301, {}
        if token not in (TOKEN, READ_ONLY):
            return error(401, "User provided an invalid OAuth2 access token")
        if writes and token == READ_ONLY:
            return error(403, "The user has not authorized access to this view.")
        return self._api(parts.path.removeprefix("/v2/"), query, body)

    # --- the API

    def _api(self, path: str, query: dict[str, str], body: bytes) -> tuple[int, Any]:
        if path == "users/me/":
            return 200, {"data": {"id": "me1ab", "type": "users", "attributes": {"full_name": "A Tester"}}}
        if path == "licenses/":
            entries = [
                {"id": f"lic{i:02d}", "type": "licenses", "attributes": {"name": name}}
                for i, name in enumerate(LICENCES)
            ]
            return self._page(entries, query)
        if path == "nodes/" and self.command == "POST":
            return self._create(json.loads(body))
        found = re.fullmatch(r"nodes/(\w+)/(files/)?", path)
        if not found or found[1] not in self.server.nodes:
            return error(404, "Not found.")
        if found[1] in self.server.deleted:
            return error(410, "The requested node is no longer available.")
        if found[2]:
            return self._page([self._provider(name, found[1]) for name in ("github", "osfstorage")], query)
        if self.command == "PATCH":
            return self._patch(found[1], json.loads(body))
        return 200, {"data": self.server.nodes[found[1]]}

    def _page(self, entries: list[Any], query: dict[str, str]) -> tuple[int, Any]:
        size = min(int(query.get("page[size]", 10)), 100, self.server.clamp)
        page = int(query.get("page", 1))
        part = entries[(page - 1) * size : page * size]
        if not part:
            return error(404, "Invalid page.")
        path = urlsplit(self.path).path
        following = f"{self.server.url}{path}?page={page + 1}&page[size]={size}"
        following = following if page * size < len(entries) else None
        return 200, {"data": part, "links": {"next": following}, "meta": {"total": len(entries)}}

    def _provider(self, name: str, node: str) -> dict[str, Any]:
        root = f"{self.server.links_to or self.server.url}/v1/resources/{node}/providers/{name}/"
        return {
            "id": f"{node}:{name}",
            "type": "files",
            "attributes": {"name": name, "kind": "folder", "path": "/"},
            "links": {"upload": root, "new_folder": f"{root}?kind=folder"},
        }

    def _create(self, asked: Any) -> tuple[int, Any]:
        if "data" not in asked:
            return error(400, "Request must include /data.", "/data")
        attributes = asked["data"]["attributes"]
        for name in ("title", "category"):
            if not attributes.get(name):
                return error(400, "This field is required.", f"/data/attributes/{name}")
        node = f"n{next(self.server.numbers):04d}"
        known = {"title": "", "description": "", "category": "", "public": False, "tags": []}
        self.server.nodes[node] = {
            "id": node,
            "type": "nodes",
            "attributes": known | {name: value for name, value in attributes.items() if name in known},
            "relationships": {},
            "links": {"html": f"{self.server.url}/{node}/"},
        }
        return 201, {"data": self.server.nodes[node]}

    def _patch(self, node: str, asked: Any) -> tuple[int, Any]:
        data = asked["data"]
        if "id" not in data:
            return error(400, "This field may not be null.", "/data/id")
        if data["id"] != node or data["type"] != "nodes":
            return error(409, "The id or type does not match.")
        attributes = data.get("attributes", {})
        licence = data.get("relationships", {}).get("license")
        if licence:
            name = list(LICENCES)[int(licence["data"]["id"].removeprefix("lic"))]
            if LICENCES[name] and not attributes.get("node_license", {}).get("year"):
                return error(400, "year must be specified for this license", "/data/attributes/node_license")
        there = self.server.nodes[node]
        there["attributes"] |= {
            name: value for name, value in attributes.items() if name in self.server.keeps
        }
        there["attributes"]["tags"] = sorted(there["attributes"]["tags"])
        if licence:
            there["relationships"]["license"] = licence
        return 200, {"data": there}

    # --- the file server

    def _files(self, path: str, query: dict[str, str], body: bytes) -> tuple[int, Any]:
        found = ROOT.fullmatch(path)
        if not found or (found[2] and found[2] not in self.server.entities):
            return 404, {"code": 404, "message": "Could not retrieve file or directory."}
        node, entity = found[1], self.server.entities.get(found[2])
        if self.command == "GET":
            inside = [e for e in self.server.entities.values() if (e.node, e.parent) == (node, found[2])]
            return 200, {"data": [self._entity(each) for each in inside]}
        if self.headers.get("Content-Length") is None:
            return 411, {"code": 411, "message": "Content-Length is required"}
        if entity is not None and entity.kind == "file":
            return self._update(entity, query, body)
        return self._new(node, found[2], query, body)

    def _update(self, entity: Entity, query: dict[str, str], body: bytes) -> tuple[int, Any]:
        if "name" in query:
            return 400, {"code": 400, "message": "'name' parameter doesn't apply to actions on files"}
        if entity.versions[-1] != body:
            entity.versions.append(body)
        return 200, {"data": self._entity(entity)}

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
            return 409, self._conflicting(there)
        made = self.server.add(kind, name.lstrip(" "), parent, node, *([body] if kind == "file" else []))
        return 201, {"data": self._entity(made)}

    def _conflict(self, there: Entity) -> None:
        self._send(409, self._conflicting(there), {"Connection": "close"})

    def _conflicting(self, there: Entity) -> dict[str, Any]:
        said = f'Cannot complete action: file or folder "{there.name}" already exists in this location'
        return {"message": said, "data": self._entity(there) if there.kind == "file" else {}}

    def _entity(self, entity: Entity) -> dict[str, Any]:
        root = f"{self.server.links_to or self.server.url}/v1/resources/{entity.node}/providers/osfstorage/"
        common = {"kind": entity.kind, "name": entity.name}
        if entity.kind == "folder":
            links = {
                "upload": f"{root}{entity.id}/?kind=file",
                "new_folder": f"{root}{entity.id}/?kind=folder",
            }
            attributes = {**common, "size": None, "path": f"/{entity.id}/"}
            return {
                "id": f"osfstorage/{entity.id}/",
                "type": "files",
                "attributes": attributes,
                "links": links,
            }
        content = entity.versions[-1]
        hashes = {kind: hashlib.new(kind, content).hexdigest() for kind in ("md5", "sha256")}
        extra = {"version": len(entity.versions), "hashes": hashes}
        attributes = {**common, "size": len(content), "path": f"/{entity.id}", "extra": extra}
        links = {"upload": f"{root}{entity.id}?kind=file", "download": f"{root}{entity.id}"}
        return {"id": f"osfstorage/{entity.id}", "type": "files", "attributes": attributes, "links": links}


def error(status: int, detail: str, pointer: str = "") -> tuple[int, Any]:
    source = {"pointer": pointer} if pointer else {}
    said = {"detail": detail, "source": source, "status": str(status), "meta": {}}
    return status, {"errors": [said], "meta": {"version": "2.20"}}


@contextmanager
def contract_server() -> Iterator[Contract]:
    """Serve until the test is over."""
    server = Contract()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
