"""Which OSF is meant: the contract server, or the one that the environment names.

``OSF_API_URL``              its API, e.g. https://api.test.osf.io/v2/; without it the contract server
``OSF_TOKEN``                a token that may write
``OSF_TOKEN_READONLY``       a token that may only read; what needs it is skipped without
``OSF_CONFORMANCE_PUBLIC``   1: also what cannot be taken back (public, DOI, registration); for test servers

Projects are private, are named as test data, and are deleted at the end, unless they were made public.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from reporter.collectors.keys import Key
from reporter.publish._session import Limits
from reporter.publish.osf import Description, Node, Osf
from tests.publish import contract_server as contract

TITLE = "Test data: conformance of a publisher"


@dataclass(frozen=True)
class Target:
    """An installation of OSF."""

    api: str
    token: Key
    read_only: Key
    public: bool  # whether things may be made there that stay
    ours: bool  # whether it is the contract server
    limits: Limits


@pytest.fixture(scope="session")
def target() -> Iterator[Target]:
    api = os.environ.get("OSF_API_URL", "")
    if not api:
        quick = Limits(first_wait=0.01, attempts=4, timeout=10.0)
        with contract.contract_server() as server:
            yield Target(server.api, Key(contract.TOKEN), Key(contract.READ_ONLY), True, True, quick)
        return
    token = os.environ.get("OSF_TOKEN", "")
    if not token:
        pytest.skip(f"OSF_API_URL names {api}, and OSF_TOKEN is not set: this needs an account there")
    yield Target(
        api, Key(token), Key(os.environ.get("OSF_TOKEN_READONLY", "")),
        os.environ.get("OSF_CONFORMANCE_PUBLIC") == "1", False, Limits(),
    )  # fmt: skip


@pytest.fixture(scope="session")
def osf(target: Target) -> Iterator[Osf]:
    with Osf(target.token, api=target.api, limits=target.limits) as client:
        yield client


@pytest.fixture
def made(osf: Osf) -> Iterator[list[Node]]:
    """Projects to be deleted afterwards, the inner ones last."""
    found: list[Node] = []
    yield found
    for node in reversed(found):
        if not osf.node(node.id).public:
            assert osf.session.ask("DELETE", osf.url(node.id)).status == 204


@pytest.fixture
def node(osf: Osf, made: list[Node]) -> Node:
    made.append(osf.create(Description(title=TITLE)))
    return made[-1]


@pytest.fixture
def read_only(target: Target) -> Iterator[Osf]:
    if not target.read_only:
        pytest.skip("OSF_TOKEN_READONLY is not set: this needs a token that may only read")
    with Osf(target.read_only, api=target.api, limits=target.limits) as client:
        yield client


@pytest.fixture
def stays(target: Target) -> None:
    """For what cannot be taken back."""
    if not target.public:
        pytest.skip("OSF_CONFORMANCE_PUBLIC is not 1: this makes something that stays")
