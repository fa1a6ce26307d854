"""A chat completion as a server words it, and as much of it as rows need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import BaseModel, Field

from reporter.columns import FINISH_REASON
from reporter.errors import Degenerate

Byte = Annotated[int, Field(ge=0, le=255)]


class Listed(BaseModel):
    """One of the likeliest tokens of a step."""

    logprob: float


class Token(BaseModel):
    """A generated token, and the likeliest ones at its place."""

    token: str
    bytes: list[Byte] | None = None
    top_logprobs: list[Listed] = []


class Tokens(BaseModel):
    """All tokens of an answer."""

    content: list[Token] | None = None


class Message(BaseModel):
    """The answer's text."""

    content: str | None = None


class Choice(BaseModel):
    """An answer; we ask for one."""

    message: Message
    finish_reason: str | None = None
    logprobs: Tokens | None = None


class Usage(BaseModel):
    """What is charged for."""

    prompt_tokens: int | None = Field(None, ge=0)
    completion_tokens: int | None = Field(None, ge=0)


class Completion(BaseModel):
    """What a request is answered with."""

    model: str
    choices: list[Choice] = Field(min_length=1)
    system_fingerprint: str | None = None
    usage: Usage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One answer: its text, its tokens as bytes if they were listed, and their likeliest alternatives."""

    text: str
    finish_reason: str | None
    tokens: Sequence[bytes]
    n_tokens: int | None
    tops: Sequence[Sequence[float]]  # log probabilities, likeliest first
    revision: str

    def cut(self, limit: int) -> Said:
        """Take the answer's beginning, as it would have been under a smaller token limit.

        Raises
        ------
        Degenerate
            ``tokens_not_listed``; ``tokens_are_not_the_text`` where they spell something else.
        """
        if not self.tokens:
            raise Degenerate("tokens_not_listed", "without tokens an answer cannot be cut at a limit")
        if b"".join(self.tokens).decode(errors="ignore") != self.text:
            raise Degenerate("tokens_are_not_the_text", "the listed tokens do not spell the answer")
        if len(self.tokens) < limit:
            return self
        return replace(
            self,
            text=b"".join(self.tokens[:limit]).decode(errors="ignore"),  # without half a character at the end
            finish_reason="length",
            tokens=self.tokens[:limit],
            n_tokens=limit,
            tops=self.tops[:limit],
        )


def said(body: dict[str, Any], *, k: int) -> Said:
    """Read an answer, with at most ``k`` alternatives to each token; some servers list the chosen one too."""
    completion = Completion.model_validate(body)
    choice = completion.choices[0]
    listed = (choice.logprobs.content if choice.logprobs else None) or []
    ended = choice.finish_reason == "stop" and bool(listed) and listed[-1].bytes == []
    spelt = listed[: len(listed) - ended]  # some servers list the token that ends an answer
    charged = completion.usage.completion_tokens if completion.usage else None
    finish = choice.finish_reason
    return Said(
        text=choice.message.content or "",
        finish_reason=finish if finish in FINISH_REASON.allowed else None,
        tokens=[token.token.encode() if token.bytes is None else bytes(token.bytes) for token in spelt],
        n_tokens=len(spelt) or charged,
        tops=[sorted((top.logprob for top in token.top_logprobs), reverse=True)[:k] for token in spelt],
        revision=" ".join(filter(None, (completion.model, completion.system_fingerprint))),
    )
