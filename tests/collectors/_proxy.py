"""A proxy that breaks answers on purpose, in front of a real server on this machine."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

SLOW = 3.0  # seconds
PAUSES = {"slow": SLOW, "pause": 0.2}

Known = dict[tuple[str, bytes], tuple[int, bytes]]


@dataclass
class Proxy:
    """What the proxy shall do, and what it saw.

    ``script`` breaks the first requests, one word each (an empty one passes on); ``always`` breaks every
    request whose prompt it names. Words: a status as ``500``; ``429 SECONDS`` and ``429 date`` with
    Retry-After; ``echo STATUS``, which repeats the Authorization header; ``slow``; ``pause``; ``cut``; ``malformed``;
    ``html``; ``empty``; ``error``, with status 200; ``filter``; ``tell``, an answer that repeats the header.
    """

    upstream: str
    url: str = ""
    script: list[str] = field(default_factory=list)
    always: Mapping[str, str] = field(default_factory=dict)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    running: int = 0
    most: int = 0  # requests at the same time
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def asked(self) -> int:
        return len(self.bodies)

    def prompts(self) -> Counter[str]:
        return Counter(body["messages"][-1]["content"] for body in self.bodies)


@contextmanager
def proxy(upstream: str, known: Known) -> Iterator[Proxy]:
    """Serve on a free port of this machine; what is ``known`` is not asked of the real server again."""
    state = Proxy(upstream)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            body = json.loads(raw)
            with state.lock:
                state.bodies.append(body)
                state.times.append(time.monotonic())
                state.running += 1
                state.most = max(state.most, state.running)
                word = state.script.pop(0) if state.script else ""
            try:
                answer(self, raw, word or state.always.get(body["messages"][-1]["content"], ""))
            except (BrokenPipeError, ConnectionResetError):
                pass  # who asked has gone
            finally:
                with state.lock:
                    state.running -= 1

        def log_message(self, *_: object) -> None: ...

    def answer(handler: Handler, raw: bytes, word: str) -> None:
        name, _, detail = word.partition(" ")
        secret = handler.headers["Authorization"] or ""
        if name == "echo":
            error = {"message": f"bad header {secret}", "code": secret, "type": secret}
            return send(handler, int(detail), {"error": error}, {"X-Told": secret})
        if name.isdigit():
            after = formatdate(time.time() + 2, usegmt=True) if detail == "date" else detail
            return send(handler, int(name), {"error": {}}, {"Retry-After": after} if after else {})
        if name == "html":
            return send(handler, 200, "<html>busy</html>")
        if name == "malformed":
            return send(handler, 200, '{"model": "m", "choices": [{"mess')
        if name == "empty":
            return send(handler, 200, {"model": "m", "choices": []})
        if name == "error":
            return send(handler, 200, {"error": {"message": secret, "code": 502}})
        if name in PAUSES:
            time.sleep(PAUSES[name])
        status, body = forward(raw, secret)
        if name == "cut":
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body[: len(body) // 2])
            handler.close_connection = True
            return None
        if name in ("filter", "tell"):
            changed = json.loads(body)
            if name == "filter":
                changed["choices"][0] |= {"finish_reason": "content_filter", "message": {"content": None}}
            else:
                changed["system_fingerprint"] = secret
            return send(handler, 200, changed)
        return send(handler, status, body.decode())

    def forward(raw: bytes, secret: str) -> tuple[int, bytes]:
        if (secret, raw) in known:
            return known[secret, raw]
        parts = urlsplit(state.upstream)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        headers = {"Content-Type": "application/json", "Authorization": secret}
        connection.request("POST", "/v1/chat/completions", raw, headers)
        response = connection.getresponse()
        known[secret, raw] = response.status, response.read()
        connection.close()
        return known[secret, raw]

    def send(handler: Handler, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        handler.send_response(status)
        for key, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
            handler.send_header(key, value)
        handler.end_headers()
        handler.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
