"""Ask a chat endpoint once for all: again where that may help, and never beyond what was allowed."""

from __future__ import annotations

import json
import logging
import random
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from reporter.collectors._completion import Completion
from reporter.collectors._ends import ALL_FAILED, CODES, ENDS, NO_CONNECTION
from reporter.collectors.keys import Hiding, Key
from reporter.collectors.limits import Budget
from reporter.collectors.providers import Endpoint
from reporter.errors import SystemPartMissing

if TYPE_CHECKING:
    import openai

SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")
PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
SHORT = 200  # characters of what a server says
LOGGERS = (
    "openai._base_client",
    *(f"httpx{version}" for version in ("", "2")),
    *(f"httpcore{version}.{part}" for version in ("", "2") for part in ("connection", "http11", "http2")),
)
TEMPLATE_TOKENS = 200  # more than a chat template adds to a prompt, even with a default system prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer that arrived."""

    body: dict[str, Any]
    received: str  # UTC
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why there is no answer. What the server said is kept in memory alone, short and without the key."""

    reason: str
    message: str = ""
    again: bool = False
    wait: float | None = None  # seconds, as the server asked
    paid: bool = False  # perhaps: the answer was made, but did not arrive


class Client:
    """A provider's client for many threads."""

    def __init__(self, endpoint: Endpoint, budget: Budget) -> None:
        try:
            import openai
        except ImportError as error:
            raise SystemPartMissing(
                "openai is not installed.", remedy="pip install 'entropy-reporter[api]'"
            ) from error
        self.endpoint, self.limits, self.budget = endpoint, budget.limits, budget
        self.stopping = threading.Event()
        self.end = ""  # why all must end
        self._openai = openai
        self._client = openai.OpenAI(
            base_url=endpoint.base_url,
            api_key=endpoint.key.reveal() or "none",
            timeout=self.limits.timeout,
            max_retries=0,
        )
        self._hiding = Hiding(endpoint.key)
        for name in LOGGERS:
            logging.getLogger(name).addFilter(self._hiding)
        if endpoint.word != "openai":  # taken from the environment, and of no concern to others
            self._client.organization = self._client.project = None

    def close(self) -> None:
        """Send nothing more."""
        self.stopping.set()
        self._client.close()
        for name in LOGGERS:
            logging.getLogger(name).removeFilter(self._hiding)

    def ask(self, body: Mapping[str, Any], *, token_limit: int) -> Reply | Failure:
        """Send a request until it is answered, must not be sent again, or was sent often enough."""
        read = sum(len(message["content"].encode()) for message in body["messages"]) + TEMPLATE_TOKENS
        most = self.budget.price(read, token_limit)  # a token has at least one byte
        outcome: Reply | Failure = Failure(reason="stopped")
        for attempt in range(1, self.limits.attempts + 1):
            if self.stopping.is_set():
                return Failure(reason=self.end or "stopped")
            forbidden = self.budget.take(most)
            if forbidden:
                return self._end(forbidden)
            outcome = self._once(body, attempt)
            self.budget.settle(most, self._cost(outcome, most))
            if isinstance(outcome, Reply):
                self.budget.tally.succeed()
                return outcome
            if outcome.reason in ENDS:
                return self._end(outcome.reason)
            last = not outcome.again or attempt == self.limits.attempts
            if self.budget.tally.fail(outcome.reason, outcome.message, last=last):
                return self._end(ALL_FAILED)
            if not outcome.again:
                return outcome
            if not last:
                self.stopping.wait(self._pause(attempt, outcome.wait))
        return outcome

    def _end(self, reason: str) -> Failure:
        """Let no thread send anything more."""
        self.end = self.end or reason
        self.stopping.set()
        return Failure(reason=self.end)

    def _once(self, body: Mapping[str, Any], attempt: int) -> Reply | Failure:
        """Send a request once. Errors end here: their texts, and so their chains, may hold the key."""
        rest = {name: value for name, value in body.items() if name not in ("model", "messages")}
        try:
            answer = self._client.chat.completions.with_raw_response.create(
                model=body["model"], messages=body["messages"], extra_body=rest
            )
        except self._openai.APITimeoutError:
            return Failure(reason="timeout", again=True, paid=True)
        except self._openai.APIConnectionError as error:
            if type(error.__cause__).__name__ == "ConnectError":  # of whichever library the client has
                message = self._short(_system_says(error))
                return Failure(reason=NO_CONNECTION, message=message, again=True)
            return Failure(reason="connection_lost", again=True, paid=True)
        except self._openai.APIStatusError as error:
            return self._refused(error)
        try:
            found = read_body(answer.http_response.text, self.endpoint.key)
        except (ValueError, RecursionError):
            return Failure(reason="malformed_answer", again=True, paid=True)
        return Reply(body=found, received=datetime.now(UTC).isoformat(timespec="seconds"), attempts=attempt)

    def _refused(self, error: openai.APIStatusError) -> Failure:
        status, code = error.status_code, getattr(error, "code", None)
        known = code if isinstance(code, str) and code in CODES else ""
        wait = retry_after(error.response.headers)
        again = status in PASSING and not known and (wait is None or wait <= self.limits.longest_wait)
        said = error.body.get("message") if isinstance(error.body, dict) else None
        message = self._short(said if isinstance(said, str) else "")
        return Failure(reason=known or f"http_{status}", message=message, again=again, wait=wait)

    def _short(self, said: str) -> str:
        """Take the beginning of what a server says, on one line, without the key."""
        shown = "".join(letter if letter.isprintable() else " " for letter in self.endpoint.key.hide(said))
        line = " ".join(shown.split())
        return line if len(line) <= SHORT else f"{line[:SHORT]} ..."

    def _pause(self, attempt: int, asked: float | None) -> float:
        """Wait longer each time, and not all threads equally long; as long as asked at least."""
        doubled = self.limits.first_wait * 2.0 ** (attempt - 1)
        ours = min(doubled, self.limits.longest_wait) * random.uniform(0.5, 1.0)
        return max(ours, (asked or 0.0) * random.uniform(1.0, 1.1))

    def _cost(self, outcome: Reply | Failure, most: float) -> float:
        if isinstance(outcome, Failure):
            return most if outcome.paid else 0.0
        usage = Completion.model_validate(outcome.body).usage
        if usage is None or usage.prompt_tokens is None or usage.completion_tokens is None:
            return most
        return self.budget.price(usage.prompt_tokens, usage.completion_tokens)


def read_body(text: str, key: Key) -> dict[str, Any]:
    """Read an answer, without the key if it is in there, and without halves of surrogate pairs.

    Raises
    ------
    ValueError
        It is no JSON, or no chat completion.
    """
    said = json.dumps(json.loads(text), ensure_ascii=False)
    found = json.loads(key.hide(said.encode(errors="replace").decode()))
    Completion.model_validate(found)
    return dict(found)


def _system_says(error: BaseException | None) -> str:
    """Find why no connection was made, e.g. because it was refused."""
    while error is not None:
        if isinstance(error, OSError) and error.strerror:
            return error.strerror.lower()
        error = error.__cause__ or error.__context__
    return ""


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Read how many seconds a server asks us to wait; nothing if it does not say, or not in a known form."""
    for name, scale in (("retry-after-ms", 1e-3), ("retry-after", 1.0)):
        text = headers.get(name, "").strip()
        if SECONDS.fullmatch(text):
            return float(text) * scale
    try:
        then = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    return max(float(then.timestamp()) - time.time(), 0.0)
