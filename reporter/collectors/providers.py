"""Where chat models are served: addresses, and what each provider offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from reporter.collectors.keys import EndpointError, Key, find_key
from reporter.columns import LOGPROB_MODE
from reporter.names import did_you_mean

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SEED_BITS = 31  # servers cut larger seeds to 32 bits, and some take the largest of these for "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """What a provider offers, by its own documentation.

    ``logprob_mode`` is empty where it is not documented whether log probabilities are those before
    temperature and nucleus; who knows it for a model may say so in :func:`endpoint_of`. Where hidden
    reasoning counts towards the limit, an answer's text may be shorter than its limit.
    """

    base_url: str
    key_name: str  # environment variable, and name in the keyring
    key_needed: bool = True
    limit_name: str = "max_tokens"
    top_logprobs: int = 0  # how many are listed at most; 0: none
    logprob_mode: str = ""
    seed: bool = False
    most_temperature: float = 2.0
    extra: Mapping[str, Any] = field(default_factory=dict)


PROVIDERS: dict[str, Provider] = {
    "openai": Provider(
        base_url="https://api.openai.com/v1",
        key_name="OPENAI_API_KEY",
        limit_name="max_completion_tokens",
        top_logprobs=20,
        seed=True,
    ),
    "openrouter": Provider(
        base_url="https://openrouter.ai/api/v1", key_name="OPENROUTER_API_KEY", top_logprobs=20, seed=True
    ),
    "deepseek": Provider(base_url="https://api.deepseek.com", key_name="DEEPSEEK_API_KEY", top_logprobs=20),
    "xai": Provider(
        base_url="https://api.x.ai/v1",
        key_name="XAI_API_KEY",
        limit_name="max_completion_tokens",
        top_logprobs=8,
        seed=True,
    ),
    "anthropic": Provider(  # ignores logprobs and seed, and takes a temperature above 1 for 1
        base_url="https://api.anthropic.com/v1", key_name="ANTHROPIC_API_KEY", most_temperature=1.0
    ),
    "google": Provider(
        base_url="https://generativelanguage.googleapis.com/v1beta/openai", key_name="GEMINI_API_KEY"
    ),
    # llama.cpp: log probabilities before any sampler, as many as asked; its own top-k and min-p switched off.
    "local": Provider(
        base_url="http://127.0.0.1:8080/v1",
        key_name="LOCAL_API_KEY",
        key_needed=False,
        top_logprobs=50,
        logprob_mode="raw",
        seed=True,
        extra={"top_k": 0, "min_p": 0.0},
    ),
    "custom": Provider(base_url="", key_name="CUSTOM_API_KEY", key_needed=False, top_logprobs=20, seed=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One model of one provider, and all that a row must say of it."""

    word: str  # the provider's
    provider: Provider
    base_url: str
    model: str
    key: Key
    family: str = ""
    kind: str = "instruct"
    quantisation: str = ""
    tokenizer: str = ""
    vocabulary: int | None = None
    logprob_mode: str = ""

    @property
    def shown_url(self) -> str:
        """Name the address as a record may: that of a provider, for any other tells where we are."""
        public = {provider.base_url for provider in PROVIDERS.values() if provider.key_needed}
        return self.base_url if self.base_url in public else "a server of our own"


def endpoint_of(
    word: str,
    model: str,
    *,
    base_url: str = "",
    logprob_mode: str = "",
    family: str = "",
    kind: str = "instruct",
    quantisation: str = "",
    tokenizer: str = "",
    vocabulary: int | None = None,
) -> Endpoint:
    """Choose a model of a provider, with the key from the environment or the keyring.

    Parameters
    ----------
    word : str
        Of :data:`PROVIDERS`.
    model : str
        As the provider calls it.
    base_url : str, optional
        Another address than the provider's own; ``custom`` needs one.
    logprob_mode : {"", "raw", "warped"}
        What the log probabilities are, where the provider does not document it.
    family, kind, quantisation, tokenizer : str, optional
        What rows say of the model; the tokenizer is named after the model where nothing is said.
    vocabulary : int, optional
        How many tokens there are; without it there is no upper bound of the token entropy.

    Raises
    ------
    EndpointError
        No such provider, no address or one that is not safe, no key or one that cannot be one.
    """
    refuse_unknown(word, base_url)
    if logprob_mode not in ("", *LOGPROB_MODE.allowed):
        raise EndpointError(
            f'"{logprob_mode}" is no logprob mode.', remedy=did_you_mean(logprob_mode, LOGPROB_MODE.allowed)
        )
    provider = PROVIDERS[word]
    key = find_key(provider.key_name, needed=provider.key_needed)
    return Endpoint(
        word=word,
        provider=provider,
        base_url=_address(base_url or provider.base_url, word, key),
        model=model,
        key=key,
        logprob_mode=logprob_mode or provider.logprob_mode,
        family=family,
        kind=kind,
        quantisation=quantisation,
        tokenizer=tokenizer,
        vocabulary=vocabulary,
    )


def refuse_unknown(word: str, base_url: str = "") -> None:
    """Refuse a provider that there is not, or an address that is none; a key is not looked for."""
    if word not in PROVIDERS:
        raise EndpointError(f'There is no provider "{word}".', remedy=did_you_mean(word, PROVIDERS))
    _address(base_url or PROVIDERS[word].base_url, word, Key())


def _address(url: str, word: str, key: Key) -> str:
    """Refuse addresses that hold a secret, or over which one could be read."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise EndpointError(f'The provider "{word}" needs an address.', remedy="Give one with --base-url.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise EndpointError(
            "The address may hold neither name, password nor query.",
            remedy=f"Keys come from the environment ({PROVIDERS[word].key_name}) or the keyring.",
        )
    if key and parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise EndpointError("A key is not sent over http.", remedy="Use https, or a server without a key.")
    return url.rstrip("/")
