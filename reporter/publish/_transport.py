"""How bytes travel: a request that asks leave before it sends its body, and no proxies.

httpx sends a body at once, whatever ``Expect`` says. OSF's file server answers 409 to the name of a file
that exists; if a large body is on its way then, the connection is reset and the answer is lost.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore
import httpx

PIECE = 65536  # bytes read at once
STATUS_LINE = b"\r\n"
LEAVE = b"HTTP/1.1 100"
LOST = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)


class _Stream(httpcore.NetworkStream):
    """A connection on which one can look at the beginning of an answer before the body is sent."""

    def __init__(self, inner: httpcore.NetworkStream, writing: threading.local) -> None:
        self._inner, self._writing = inner, writing
        self._held = b""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if not self._held:
            return self._inner.read(max_bytes, timeout)
        given, self._held = self._held[:max_bytes], self._held[max_bytes:]
        return given

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._writing.stream = self
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout), self._writing)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

    def wait_for_leave(self, seconds: float) -> None:
        """Wait for 100 Continue; a server that says nothing gets the body, as the protocol has it.

        Raises
        ------
        httpcore.WriteError
            There is an answer already, or no connection: the body is not sent, and the answer is read.
        """
        while STATUS_LINE not in self._held:
            try:
                piece = self._inner.read(PIECE, seconds)
            except httpcore.ReadTimeout:
                return
            except httpcore.ReadError as lost:
                raise httpcore.WriteError("lost before leave was given") from lost
            if not piece:
                raise httpcore.WriteError("closed before leave was given")
            self._held += piece
        if not self._held.startswith(LEAVE):
            raise httpcore.WriteError("answered before the body")


class _Backend(httpcore.SyncBackend):
    """Connections that remember, for each thread, on which one it wrote last."""

    def __init__(self) -> None:
        self.writing = threading.local()

    def connect_tcp(self, *told: Any, **named: Any) -> httpcore.NetworkStream:
        return _Stream(super().connect_tcp(*told, **named), self.writing)


class _Pieces(httpx.SyncByteStream):
    """An answer that is read piece by piece."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._answer.iter_stream()
        except LOST as error:
            raise httpx.TransportError(str(error) or type(error).__name__) from None

    def close(self) -> None:
        self._answer.close()


class Transport(httpx.BaseTransport):
    """What httpx sends through: connections kept alive, the answer read in full unless asked for in pieces.

    Parameters
    ----------
    leave_wait : float
        How many seconds to wait for leave to send a body.
    """

    def __init__(self, *, leave_wait: float, connections: int) -> None:
        self._leave_wait = leave_wait
        self._backend = _Backend()
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=connections,
            network_backend=self._backend,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request once, and read its answer.

        Raises
        ------
        httpx.TransportError
            There was no answer, or only a part of one.
        """
        assert isinstance(request.stream, httpx.SyncByteStream)
        body: Iterable[bytes] = request.stream
        if "expect" in request.headers:
            body = self._after_leave(body)
        url = request.url
        try:
            answer = self._pool.handle_request(
                httpcore.Request(
                    request.method,
                    httpcore.URL(
                        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                    ),
                    headers=request.headers.raw,
                    content=body,
                    extensions=request.extensions,
                )
            )
            if request.extensions.get("pieces"):
                return httpx.Response(answer.status, headers=answer.headers, stream=_Pieces(answer))
            try:
                content = answer.read()
            finally:
                answer.close()
        except LOST as error:
            raise httpx.TransportError(str(error) or type(error).__name__) from None
        return httpx.Response(answer.status, headers=answer.headers, content=content)

    def _after_leave(self, body: Iterable[bytes]) -> Iterator[bytes]:
        """Give the body to the connection, in the thread that wrote the headers, when it may be sent."""
        self._backend.writing.stream.wait_for_leave(self._leave_wait)
        yield from body

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()
