"""What the tests of publishing share: a server that behaves as OSF's, a client of it, and files to send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reporter.collectors.keys import Key
from reporter.publish._session import Limits
from reporter.publish.osf import Description, Node, Osf
from tests.publish._description import problems
from tests.publish.contract_server import TOKEN, Contract, contract_server

QUICK = Limits(workers=3, attempts=4, timeout=5.0, first_wait=0.01, longest_wait=2.0, leave_wait=1.0)


@pytest.fixture
def server() -> Iterator[Contract]:
    """A server; afterwards every request that it got must be one that openapi.yaml describes."""
    with contract_server() as running:
        yield running
        told = [told for seen in running.seen for told in problems(seen)]
        assert bool(told) == running.undescribed, told


@pytest.fixture
def osf(server: Contract) -> Iterator[Osf]:
    with Osf(Key(TOKEN), api=server.api, limits=QUICK) as client:
        yield client


@pytest.fixture
def node(osf: Osf) -> Node:
    return osf.create(Description(title="Test data: contract"))


@pytest.fixture
def deposit(tmp_path: Path) -> Callable[..., Path]:
    """Write files into a folder; their content is their name, unless told."""

    def write(*names: str, **contents: bytes) -> Path:
        folder = tmp_path / "deposit"
        for name in names:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(f"of {name}\n".encode())
        for name, content in contents.items():
            folder.mkdir(exist_ok=True)
            (folder / f"{name}.bin").write_bytes(content)
        return folder

    return write
