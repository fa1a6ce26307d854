"""Answers of servers, taken apart: tokens, limits, likeliest alternatives, and how long to wait."""

from __future__ import annotations

import json
import math
import threading
from typing import Any

import pytest

from reporter.collectors._chat_rows import cell, text_rows, token_rows
from reporter.collectors._completion import said
from reporter.collectors._requests import read_body, retry_after
from reporter.collectors.jobs import Job
from reporter.collectors.keys import EndpointError, Key
from reporter.collectors.limits import Budget, Limits
from reporter.collectors.providers import endpoint_of
from reporter.errors import Degenerate


def body_of(text: str | None, tokens: list[dict[str, Any]] | None, finish: str = "length") -> dict[str, Any]:
    choice = {"message": {"content": text}, "finish_reason": finish, "logprobs": {"content": tokens}}
    return {"model": "m", "choices": [choice], "usage": {"completion_tokens": 9}}


def token(text: str, *logprobs: float, spelt: bytes | None = None) -> dict[str, Any]:
    bytes_ = list(text.encode() if spelt is None else spelt)
    return {"token": text, "bytes": bytes_, "top_logprobs": [{"logprob": x} for x in logprobs]}


def test_only_the_likeliest_k_are_taken() -> None:
    """Some servers list the chosen token beside the k likeliest, in no order."""
    found = said(body_of("ab", [token("a", -3.0, -0.5, -1.0), token("b", -0.1, -4.0, -5.0)]), k=2)
    assert found.tops == [[-0.5, -1.0], [-0.1, -4.0]]


def test_half_a_character_at_a_cut_end_is_left_out() -> None:
    pieces = [token("a"), token("?", spelt=b"\xc3"), token("?", spelt=b"\xa9"), token("b")]
    whole = said(body_of("a\u00e9b", pieces), k=1)
    assert [whole.cut(limit).text for limit in (1, 2, 3, 4)] == ["a", "a", "a\u00e9", "a\u00e9b"]
    assert {whole.cut(limit).finish_reason for limit in (1, 4)} == {"length"}
    ended = said(body_of("ab", [token("a"), token("b"), token("", spelt=b"")], "stop"), k=1)
    assert (ended.n_tokens, ended.cut(3).finish_reason, ended.cut(2).finish_reason) == (2, "stop", "length")


def test_a_body_is_read_without_key_and_without_half_a_surrogate_pair() -> None:
    text = json.dumps(body_of("a\ud800 sk-secret-key b", None)).replace("secret", "\\u0073ecret")
    found = read_body(text, Key("sk-secret-key"))
    assert said(found, k=1).text == "a? [key] b"


@pytest.mark.parametrize("text", ["", "[1]", "{}", '{"model": "m", "choices": []}', '{"model": 1e999'])
def test_what_is_no_completion_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_body(text, Key())


@pytest.mark.parametrize(
    ("tokens", "reason"), [(None, "tokens_not_listed"), ([token("x")], "tokens_are_not_the_text")]
)
def test_answers_that_cannot_be_cut(tokens: list[dict[str, Any]] | None, reason: str) -> None:
    with pytest.raises(Degenerate) as refused:
        said(body_of("ab", tokens), k=1).cut(1)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("tokens", "reason"),
    [
        (None, "no_top_logprobs"),
        ([token("a")], "no_top_logprobs"),
        ([token("a", -1.0, -2.0), token("b", -1.0)], "k_varies"),
        ([token("a", -0.1, -0.1)], "mass_above_one"),
        ([token("a", math.nan)], "not_a_logprob"),
    ],
)
def test_log_probabilities_that_say_nothing(
    monkeypatch: pytest.MonkeyPatch, tokens: list[dict[str, Any]] | None, reason: str
) -> None:
    monkeypatch.delenv("LOCAL_API_KEY", raising=False)
    with pytest.raises(Degenerate) as refused:
        list(token_rows(said(body_of("ab", tokens), k=5), endpoint_of("local", "m")))
    assert refused.value.reason == reason


def test_an_answer_without_text_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOCAL_API_KEY", raising=False)
    with pytest.raises(Degenerate, match="empty_answer"):
        list(text_rows(said(body_of(None, None), k=5), endpoint_of("local", "m")))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "\u00b2"}, None),
        ({}, None),
    ],
)
def test_retry_after_in_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_a_budget_waits_for_what_is_on_its_way() -> None:
    budget = Budget(Limits(max_cost=1.0, price_in=1.0, price_out=1.0))
    assert budget.take(0.6) == ""
    threading.Timer(0.05, budget.settle, (0.6, 0.1)).start()
    assert budget.take(0.6) == "", "0.1 was spent of what was reserved"
    budget.settle(0.6, 0.6)
    assert budget.take(0.6) == "max_cost"
    assert budget.requests == 2


@pytest.mark.parametrize(
    "wrong", [{"max_cost": 1.0}, {"max_cost": 1.0, "price_in": 1.0}, {"concurrency": 0}, {"attempts": 0}]
)
def test_limits_that_limit_nothing_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(EndpointError):
        Limits(**wrong)


def test_a_model_with_a_vendor_in_its_name_gets_a_key_that_a_study_can_declare(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-for-the-test")
    endpoint = endpoint_of("openrouter", "OpenAI/GPT-4o")
    row = cell(job, said(body_of("ab", None), k=1), endpoint)
    assert (row["model"], row["address"].partition("/")[0]) == ("openai--gpt-4o", "openai--gpt-4o")
