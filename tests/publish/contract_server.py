"""A server on this machine that behaves as OSF's published server code was measured to, traps and faults included."""

from __future__ import annotations

import itertools
import json
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.publish._contract_api import HOURLY, LICENCES, Api
from tests.publish._contract_files import ROOT, Files, entity
from tests.publish._contract_parts import ME, Asked, Entity, Fault, Seen, error

__all__ = ["LARGE", "LICENCES", "ME", "READ_ONLY", "TOKEN", "Contract", "Handler", "contract_server"]

TOKEN = "contract-token-81b0f3"
READ_ONLY = "contract-reader-5c77e2"
WHO = {TOKEN: "owner", READ_ONLY: "reader", "": "stranger"}
LARGE = 1_000_000  # bytes; a conflict with so large a body on its way ends in a reset
VERSIONS = tuple(f"2.{number}" for number in range(21))


class Contract(ThreadingHTTPServer):
    """The server's state, which tests may read and spoil."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.RLock()
        self.api_answers, self.file_answers = Api(self), Files(self)
        self.nodes: dict[str, dict[str, Any]] = {}
        self.parents: dict[str, str] = {}  # of a component: its project
        self.links: dict[str, dict[str, Any]] = {}
        self.dois: dict[str, str] = {}
        self.minted: dict[str, dict[str, Any]] = {}  # what the catalogue entry said when the DOI was made
        self.items: dict[str, dict[str, Any]] = {}
        self.drafts: dict[str, dict[str, Any]] = {}
        self.registrations: dict[str, dict[str, Any]] = {}
        self.wikis: dict[str, dict[str, str]] = {}
        self.usage: dict[str, int] = {}
        self.pending: dict[str, int] = {}
        self.entities: dict[str, Entity] = {}
        self.deleted: set[str] = set()
        self.faults: list[Fault] = []
        self.seen: list[Seen] = []
        self.stranger_times: list[tuple[float, bool]] = []
        self.hourly = HOURLY
        self.links_to = ""  # another address in the links to files
        self.statuses: list[int] = []
        self.undescribed = False  # whether a test sends what openapi.yaml does not describe
        self.ignores_direct = False
        self.stored_at = ""  # where a download without ?direct is redirected to
        self.keeps = ("title", "description", "category", "public", "tags", "node_license")
        self.keeps_item = ("language", "resource_type_general", "funders")
        self.keeps_draft = ("title", "description", "tags", "registration_responses")
        self.anonymous_links = True
        self.slow_storage = 1  # answers without a status
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

    def shows(self, node: str, key: str) -> bool:
        """Whether a stranger sees a project: it is public, or the key's link includes it."""
        if node not in self.nodes:
            return False
        linked = any(key == link["key"] and node in link["nodes"] for link in self.links.values())
        return bool(self.nodes[node]["attributes"]["public"]) or linked

    def name_of(self, entity: Entity) -> str:
        outer = f"{self.name_of(self.entities[entity.parent])}/" if entity.parent else ""
        return outer + entity.name

    def files(self, node: str = "") -> dict[str, Entity]:
        return {
            self.name_of(each): each
            for each in self.entities.values()
            if each.kind == "file" and node in ("", each.node)
        }

    def contents(self, node: str = "") -> dict[str, bytes]:
        return {name: each.versions[-1] for name, each in self.files(node).items()}

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

    def entity(self, found: Entity) -> dict[str, Any]:
        root = f"{self.links_to or self.url}/v1/resources/{found.node}/providers/osfstorage/"
        return entity(found, root)

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

    def handle_expect_100(self) -> bool:
        """A name that exists is refused before the body is sent."""
        if self.command == "PUT":
            with self.server.lock:
                there = self._existing()
            if there is not None:
                seen = Seen(self.command, self.path, dict(self.headers))
                self.server.seen.append(seen)
                self.close_connection = True
                said = self.server.file_answers.conflicting(there)
                self._send(409, said, {"Connection": "close"})
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
        seen = Seen(self.command, self.path, dict(self.headers), whole=False)
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
        seen.whole, seen.json = True, json_of(body)
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
        return self._send(status, content, self._headers(status, content))

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = answer
    do_HEAD = do_OPTIONS = do_QUERY = do_TRACE = answer  # all of them 405

    def _headers(self, status: int, content: Any) -> dict[str, str]:
        headers: dict[str, str] = {}
        if status == 301:
            headers["Location"] = f"{self.server.url}{self.path}/"
        if status == 302:
            headers["Location"] = self.server.stored_at
        if status == 429:
            headers["Retry-After"] = str(content["errors"][0]["detail"].split()[-2])
        if isinstance(content, bytes):
            headers["Content-Type"] = "application/octet-stream"
        return headers

    def _cut(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def _send(self, status: int, content: Any, headers: dict[str, str] | None = None) -> None:
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.server.statuses.append(status)
        self.send_response(status)
        told = {"Content-Type": "application/vnd.api+json", "Content-Length": str(len(raw))} | (headers or {})
        if status == 204:
            del told["Content-Type"], told["Content-Length"]
        for name, value in told.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(raw)

    def _route(self, body: bytes) -> tuple[int, Any]:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        asked = Asked(self.command, parts.path, query, body, WHO.get(token, ""), query.get("view_only", ""))
        if parts.path.startswith("/v1/"):
            return self._file(asked)
        if not parts.path.endswith("/"):
            return 301, {}
        asked.path = parts.path.removeprefix("/v2/")
        if not asked.who:
            return error(401, "User provided an invalid OAuth2 access token")
        return self._json(asked)

    def _file(self, asked: Asked) -> tuple[int, Any]:
        if not asked.who:
            return 500, {"message_short": "Unable to resolve", "code": 500}
        if asked.who == "stranger" and not asked.key and not asked.query.get("view_only"):
            node = ROOT.fullmatch(asked.path)
            if not node or not self.server.shows(node[1], ""):
                return 403, {"code": 403, "message": "Forbidden"}
        status, content = self.server.file_answers.answer(asked, "Content-Length" in self.headers)
        redirects = self.server.ignores_direct or "direct" not in asked.query
        if isinstance(content, bytes) and asked.method == "GET" and self.server.stored_at and redirects:
            return 302, {}
        return status, content

    def _json(self, asked: Asked) -> tuple[int, Any]:
        if asked.path.startswith("wikis/"):
            return self._wiki(asked)
        version = self.headers.get("Accept", "").partition("version=")[2]
        if version and version not in VERSIONS:
            return error(406, "Invalid version in 'Accept' header.")
        if asked.body:
            kind = self.headers.get("Content-Type", "").partition(";")[0]
            if kind not in ("application/json", "application/vnd.api+json"):
                return error(415, f'Unsupported media type "{kind}" in request.')
            if not isinstance(json_of(asked.body), dict):
                return error(400, "JSON parse error")
        return self.server.api_answers.answer(asked)

    def _wiki(self, asked: Asked) -> tuple[int, Any]:
        _, name, _ = asked.path.split("/", 2)
        _, node, page = name.split("-", 2)
        if "json" in self.headers.get("Accept", ""):
            return error(406, "Could not satisfy the request Accept header.")
        if asked.who == "stranger" and not self.server.shows(node, asked.key):
            return error(401, "Authentication credentials were not provided.")
        return 200, self.server.wikis[node][page].encode()


def json_of(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None


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
