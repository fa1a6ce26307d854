"""Endpoints: what is sent to whom, where the key comes from, and what is refused."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from reporter.collectors.chat_api import request_of
from reporter.collectors.jobs import Job
from reporter.collectors.keys import EndpointError
from reporter.collectors.plan import Plan
from reporter.collectors.providers import PROVIDERS, endpoint_of
from reporter.collectors.token_logits import token_logits

KEY = "sk-loopback-5f2c9d7a41"


@pytest.fixture
def plan(job: Job) -> Plan:
    return Plan(jobs=[job, replace(job, replicate=2, seed=4)], collectors=[token_logits], k=50)


def test_replicates_without_a_seed_are_asked_for_each(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPSEEK_API_KEY", KEY)
    endpoint = endpoint_of("deepseek", "deepseek-chat")
    one, two = (request_of(job, plan, endpoint) for job in plan.jobs)
    assert one["body"] == two["body"]
    assert one != two
    assert "seed" not in one["body"]


@pytest.mark.parametrize(
    ("word", "secret", "options", "words"),
    [
        ("opnai", KEY, {}, "openai"),
        ("openai", "", {}, "OPENAI_API_KEY"),
        ("openai", "two words here", {}, "is no key"),
        ("openai", "sk-\u00fcmlaut-key", {}, "is no key"),
        ("openai", KEY, {"base_url": "http://api.example.org/v1"}, "not sent over http"),
        ("openai", KEY, {"base_url": "https://me:pass@api.example.org/v1"}, "neither name"),
        ("openai", KEY, {"base_url": "ftp://api.example.org"}, "needs an address"),
        ("custom", "", {}, "needs an address"),
        ("openai", KEY, {"logprob_mode": "rwa"}, "raw"),
    ],
)
def test_endpoints_that_are_refused(
    monkeypatch: pytest.MonkeyPatch, word: str, secret: str, options: dict[str, str], words: str
) -> None:
    for provider in PROVIDERS.values():
        monkeypatch.setenv(provider.key_name, secret)
    with pytest.raises(EndpointError, match=words) as refused:
        endpoint_of(word, "m", **options)
    assert "two words" not in str(refused.value)
    assert "pass@" not in str(refused.value)


def test_a_key_may_come_from_the_keyring(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "keyring.py").write_text(
        "class errors:\n    class KeyringError(Exception): ...\n"
        f"def get_password(service, name): return '{KEY}' if name == 'XAI_API_KEY' else None\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "keyring", raising=False)
    for provider in PROVIDERS.values():
        monkeypatch.delenv(provider.key_name, raising=False)
    assert endpoint_of("xai", "grok-3").key.reveal() == KEY
    with pytest.raises(EndpointError, match="OPENAI_API_KEY"):
        endpoint_of("openai", "gpt-4o")
    sys.modules.pop("keyring", None)


@pytest.mark.parametrize(
    ("word", "base_url", "shown"),
    [
        ("openai", "", "https://api.openai.com/v1"),
        ("openai", "https://gateway.our-lab.example/v1", "a server of our own"),
        ("custom", "https://gateway.our-lab.example/v1", "a server of our own"),
        ("local", "", "a server of our own"),
    ],
)
def test_an_address_that_tells_where_we_are_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, word: str, base_url: str, shown: str
) -> None:
    monkeypatch.setenv(PROVIDERS[word].key_name, KEY)
    assert endpoint_of(word, "m", base_url=base_url).shown_url == shown


@pytest.mark.parametrize("word", PROVIDERS)
def test_what_a_provider_does_not_take_is_not_sent(
    plan: Plan, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    provider = PROVIDERS[word]
    monkeypatch.setenv(provider.key_name, KEY)
    endpoint = endpoint_of(word, "m", base_url=provider.base_url or "https://api.example.org/v1")
    body = request_of(plan.jobs[0], plan, endpoint)["body"]
    assert body[provider.limit_name] == 12
    assert len({"max_tokens", "max_completion_tokens"} & set(body)) == 1
    assert ("seed" in body) == provider.seed
    assert body.get("top_logprobs", 0) == provider.top_logprobs <= 50
    assert ("logprobs" in body) == bool(provider.top_logprobs)
