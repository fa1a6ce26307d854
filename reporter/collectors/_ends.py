"""When nothing more is to be expected of an API, and how to say so."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field

FIRST_FAILURES = 5  # alike and without one answer among them: the next request would fail as well
ALL_FAILED = "all_failed"
CODES = ("insufficient_quota", "context_length_exceeded", "content_filter", "content_policy_violation")
NO_CONNECTION = "no_connection"
NOT_OFFERED = "temperature_not_offered"
OF_A_PROMPT = frozenset({*CODES, NOT_OFFERED})  # says nothing of other prompts
SILENT = frozenset({NO_CONNECTION, "connection_lost", "timeout", "malformed_answer"})  # no server spoke
ENDS = {  # what every other request would meet as well: why, and what to do
    "http_401": ("The key is not accepted.", "Set {key_name} to a key of this provider."),
    "http_402": ("The account has no credit left.", "Go on with --resume when it has."),
    "insufficient_quota": ("The account has no credit left.", "Go on with --resume when it has."),
    "http_404": ('There is no model "{model}" at this address.', "Ask the provider which there are."),
    "max_requests": ("As many requests were sent as were allowed.", "Go on with --resume."),
    "max_cost": ("The next request could cost too much.", "Go on with --resume and a larger --max-cost."),
    ALL_FAILED: ("The first requests all failed alike.", "Mend that, and go on with --resume."),
}
WORDS = {
    NO_CONNECTION: "nothing answers at this address",
    "connection_lost": "the connection was lost",
    "timeout": "no answer came in time",
    "malformed_answer": "what came back is no chat completion",
    NOT_OFFERED: "the provider does not offer this temperature",
}


@dataclass(slots=True)
class Tally:
    """Which requests of a run were answered, and why the others failed."""

    served_before: bool = False  # answers of an earlier run are kept
    answered: int = 0
    given_up: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    messages: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def succeed(self) -> None:
        """Count an answer."""
        with self.lock:
            self.answered += 1

    def fail(self, reason: str, message: str = "", *, last: bool = True) -> bool:
        """Count a failure; returns whether all failed alike so far, often enough to expect nothing else.

        A server that says to try again is believed until the ``last`` attempt, and one that answered in an
        earlier run may refuse what is left.
        """
        with self.lock:
            self.failures[reason] += 1
            self.messages[reason] = message
            self.given_up += reason not in OF_A_PROMPT and (last or reason in SILENT)
            served = self.answered or (self.served_before and reason not in SILENT)
            alike = len(self.failures.keys() - OF_A_PROMPT) == 1
            return not served and alike and self.given_up >= FIRST_FAILURES

    @property
    def words(self) -> str:
        """Say why requests failed, if none was answered; otherwise nothing."""
        if self.answered:
            return ""
        reasons = (
            f"{'once' if count == 1 else f'{count} times'} {phrase(reason, self.messages[reason])}"
            for reason, count in self.failures.most_common()
        )
        return "; ".join(reasons)


def phrase(reason: str, message: str = "") -> str:
    """Put the code of a failure into words.

    Examples
    --------
    >>> phrase("http_400", "no such field"), phrase("timeout")
    ('the server answered with status 400 (no such field)', 'no answer came in time')
    """
    status = reason.removeprefix("http_")
    said = f"the server answered with status {status}" if status != reason else ""
    return (said or WORDS.get(reason, reason.replace("_", " "))) + (f" ({message})" if message else "")
