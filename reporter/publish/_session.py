"""Ask OSF's servers: the token goes to them alone, refusals become words, what may pass is asked again.

Without a token a session is a stranger's, who may hold the key of a view-only link.
"""

from __future__ import annotations

import contextlib
import logging
import random
import re
import threading
import time
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, BinaryIO
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import httpx

from reporter.collectors.keys import Hiding, Key
from reporter.collectors.providers import LOOPBACK
from reporter.publish._transport import Transport
from reporter.publish.plan import Incomplete, PublishError

VERSION = "application/vnd.api+json;version=2.20"
PASSING = frozenset({0, 408, 429, 500, 502, 503, 504})
SHORT = 200  # characters of what a server says
LOGGERS = ("httpx", "httpcore.connection", "httpcore.http11")
PLAIN = {"Accept": "*/*", "Accept-Encoding": "identity"}
SECONDS = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How hard to try."""

    workers: int = 4  # files sent at once
    attempts: int = 6
    timeout: float = 60.0  # seconds without a byte
    first_wait: float = 0.5  # seconds; doubles with each attempt
    longest_wait: float = 600.0  # seconds; who is told to wait longer gives up
    leave_wait: float = 3.0  # seconds to wait for leave to send a body
    per_hour: int | None = None  # requests to the API; OSF grants strangers 100
    pace: float = 0.0  # seconds between two requests to the API

    def __post_init__(self) -> None:
        if self.workers < 1 or self.attempts < 1:
            told = "Nothing can be sent in no attempt, or by nobody."
            raise PublishError(told, remedy="Allowed: 1 and more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; status 0 if nothing did."""

    status: int
    content: Mapping[str, Any] = field(default_factory=dict)
    said: str = ""  # short, and without the token
    date: str = ""
    wait: float | None = None  # seconds, as the server asked

    @property
    def fine(self) -> bool:
        """Was it done?"""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def data(self) -> Any:
        """What a JSON:API answer is about."""
        return self.content.get("data")


class _Bearer(httpx.Auth):
    """Adds the token to a request at the last moment, so that no variable on the way holds it."""

    def __init__(self, token: Key) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add it."""
        request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        yield request


class Session:
    """Requests to one installation of OSF, from many threads.

    Parameters
    ----------
    api : str
        Where its API is, e.g. ``https://api.osf.io/v2/``; http on this machine alone.
    token : Key
        Sent to the API's host, and to hosts of the same domain that the API links to; to no other. Without
        one, requests are a stranger's.
    view_only : str
        The key of a view-only link, which goes where a token would go.
    """

    def __init__(self, api: str, token: Key, limits: Limits, *, view_only: str = "") -> None:
        parts = urlsplit(api)
        host = parts.hostname or ""
        if parts.username or parts.password or parts.query or parts.fragment or not host:
            raise PublishError(
                "The address of OSF is a plain https address.", remedy="E.g. https://api.osf.io/v2/."
            )
        if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
            raise PublishError("A token is not sent over http.", remedy="Use https.")
        self.api, self.limits, self.stopping = api.rstrip("/") + "/", limits, threading.Event()
        self._host, self._domain = host, host.removeprefix("api.")
        self._token, self._bearer = token, _Bearer(token) if token else None
        self._view_only, self._not_before, self._next, self.asked = view_only, 0.0, 0.0, 0
        self._client = httpx.Client(
            transport=Transport(leave_wait=limits.leave_wait, connections=limits.workers + 1),
            timeout=limits.timeout,
            trust_env=False,  # neither another token from .netrc nor a proxy
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        )
        self._hiding = Hiding(token)
        for name in LOGGERS:
            logging.getLogger(name).addFilter(self._hiding)

    def close(self) -> None:
        """Send nothing more."""
        self.stopping.set()
        self._client.close()
        for name in LOGGERS:
            logging.getLogger(name).removeFilter(self._hiding)

    def ask(self, method: str, url: str, body: Any = None) -> Answer:
        """Send a request that does no harm twice, until it is answered or was sent often enough."""
        answer = Answer(status=0)
        for attempt in range(self.limits.attempts):
            answer = self.ask_once(method, url, json=body)
            if answer.status not in PASSING:
                return answer
            if attempt < self.limits.attempts - 1:
                self.pause(attempt, answer)
        return answer

    def ask_once(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        content: Iterable[bytes] | None = None,
        length: int | None = None,
    ) -> Answer:
        """Send a request once. Errors end here: what they hold, the request with the token, goes no further.

        Raises
        ------
        PublishError
            The address is one that the token must not be sent to.
        """
        headers = {"Accept": VERSION}
        if length is not None:
            headers["Content-Length"] = str(length)
            headers["Content-Type"] = "application/octet-stream"
        if length:
            headers["Expect"] = "100-continue"
        request = self._request(method, url, headers=headers, json=json, content=content)
        try:
            response = self._client.send(request, auth=self._bearer, follow_redirects=False)
            return self._read(response)
        except httpx.TransportError as error:
            return Answer(status=0, said=self.shorten(str(error)))

    def download(self, url: str, target: BinaryIO) -> Answer:
        """Fetch a file in pieces, once. A stranger, who has nothing to lose, is let go where it is stored.

        Raises
        ------
        PublishError
            The address is one that the token must not be sent to.
        """
        request = self._request("GET", url, headers=PLAIN, extensions={"pieces": True})
        try:
            response = self._client.send(request, auth=self._bearer, follow_redirects=False, stream=True)
            onward = None if self._token else response.next_request
            if onward is not None and (onward.url.scheme == "https" or onward.url.host in LOOPBACK):
                response.close()
                response = self._client.send(onward, follow_redirects=False, stream=True)
            with contextlib.closing(response):
                if response.status_code != HTTPStatus.OK:
                    response.read()
                    return self._read(response)
                for piece in response.iter_raw():
                    target.write(piece)
                return Answer(status=response.status_code)
        except httpx.TransportError as error:
            return Answer(status=0, said=self.shorten(str(error)))

    def pause(self, attempt: int, answer: Answer) -> None:
        """Wait longer each time, and not all threads equally long; all of them as long as the server asks.

        Raises
        ------
        Incomplete
            The server asks to wait longer than we do.
        """
        if answer.wait is not None and answer.wait > self.limits.longest_wait:
            raise Incomplete(
                f"OSF asks to wait {answer.wait:.0f} seconds.",
                remedy="Publish again then: what has arrived is kept, and not sent again.",
            )
        ours = min(self.limits.first_wait * 2.0**attempt, self.limits.longest_wait) * random.uniform(0.5, 1.0)
        if answer.wait is not None:
            self._not_before = max(self._not_before, time.monotonic() + answer.wait)
        self.stopping.wait(ours)

    def shorten(self, said: str) -> str:
        """Take the beginning of what a server says, on one line, without the token."""
        plain = re.sub(r"<[^>]*>", " ", self._token.hide(said))
        line = " ".join("".join(letter if letter.isprintable() else " " for letter in plain).split())
        return line if len(line) <= SHORT else f"{line[:SHORT]} ..."

    def _request(self, method: str, url: str, **said: Any) -> httpx.Request:
        """Make a request that may be sent there, when it is its turn."""
        self._check_host(url)
        if url.startswith(self.api):
            self._count()
        if self._view_only:
            url = link(url, view_only=self._view_only)
        self._wait_turn()
        return self._client.build_request(method, url, **said)

    def _count(self) -> None:
        """Keep to what OSF grants: so many requests an hour, and so many a second."""
        most, self.asked = self.limits.per_hour, self.asked + 1
        if most is not None and self.asked > most:
            raise Incomplete(
                f"OSF grants a stranger {most} requests an hour, and they are used up.",
                remedy="Go on in an hour.",
            )
        self.stopping.wait(max(self._next - time.monotonic(), 0.0))
        self._next = time.monotonic() + self.limits.pace

    def _wait_turn(self) -> None:
        """Wait until the time before which the server wants no request, with all other threads."""
        while (left := self._not_before - time.monotonic()) > 0 and not self.stopping.is_set():
            self.stopping.wait(left * random.uniform(1.0, 1.1))

    def _check_host(self, url: str) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if self._host in LOOPBACK:
            known = host in LOOPBACK and parts.scheme in ("http", "https")
        else:
            known = parts.scheme == "https" and (host == self._host or host.endswith(f".{self._domain}"))
        if not known or parts.username or parts.password:
            raise PublishError(f'OSF links to "{host}", and the token is not sent there.')

    def _read(self, response: httpx.Response) -> Answer:
        try:
            found = response.json()
        except ValueError:
            found = {}
        content = found if isinstance(found, dict) else {}
        return Answer(
            status=response.status_code,
            content=content,
            said=self.shorten(_message(content)),
            date=response.headers.get("date", ""),
            wait=_retry_after(response.headers.get("retry-after", "")),
        )


def refuse(answer: Answer, what: str, *, where: str | None = None) -> PublishError:
    """Put an answer that is none into words."""
    said = f" ({answer.said})" if answer.said else ""
    if answer.status == 0:
        return Incomplete(f"{what} OSF does not answer{said}.", where=where, remedy="Publish again later.")
    if answer.status in PASSING:
        told = f"{what} OSF answers {answer.status}{said}."
        return Incomplete(told, where=where, remedy="Publish again later.")
    if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
        return PublishError(f"{what} OSF redirects, and the token is not sent after it.", where=where)
    return PublishError(f"{what} OSF answers {answer.status}{said}.", where=where, remedy=_remedy(answer))


def link(url: str, **query: str) -> str:
    """Give a link a query beside the one that it has."""
    parts = urlsplit(url)
    pairs = dict(parse_qsl(parts.query, keep_blank_values=True)) | query
    return urlunsplit(parts._replace(query=urlencode(pairs, quote_via=quote)))


def iso(date: str) -> str | None:
    """Write the date of an answer's head as ISO 8601 in UTC; nothing if it is none."""
    try:
        return parsedate_to_datetime(date).astimezone(UTC).isoformat(timespec="seconds")
    except ValueError:
        return None


def _remedy(answer: Answer) -> str | None:
    return {
        401: "Make a token at osf.io/settings/tokens and set OSF_TOKEN.",
        403: "The token needs the scope osf.full_write, and its owner the right to write there.",
        404: "There is no such thing, or it is not yours.",
        410: "It was deleted.",
        507: "The project is full.",
    }.get(answer.status)


def _message(content: Mapping[str, Any]) -> str:
    """Find what an error says: the API has one form for it, the file server three."""
    errors = content.get("errors")
    if isinstance(errors, list):
        return "; ".join(_detail(each) for each in errors if isinstance(each, dict))
    for name in ("message", "message_short", "error"):
        if isinstance(content.get(name), str):
            return str(content[name])
    return ""


def _detail(error: Mapping[str, Any]) -> str:
    source = error.get("source")
    where = source.get("pointer") or source.get("parameter") if isinstance(source, dict) else None
    return f"{where}: {error.get('detail')}" if where else str(error.get("detail"))


def _retry_after(text: str) -> float | None:
    if SECONDS.fullmatch(text.strip()):
        return float(text)
    then = iso(text)
    return None if then is None else max(datetime.fromisoformat(then).timestamp() - time.time(), 0.0)
