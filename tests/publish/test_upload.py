"""Nothing lost, nothing doubled: every fault of the network ends in the right files, each with one version."""

from __future__ import annotations

import os
import random
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
import traceback
from dataclasses import replace
from pathlib import Path

import pytest

from reporter.collectors.keys import Key
from reporter.publish.osf import TOKEN, Description, Osf
from reporter.publish.plan import Incomplete, PublishError, local_files
from reporter.publish.upload import _Sender, publish
from tests.publish import contract_server as contract
from tests.publish._contract_parts import Fault
from tests.publish.conftest import QUICK
from tests.publish.contract_server import LARGE, contract_server

ROOT = Path(__file__).resolve().parents[2]
UNTIL_KILLED = Path(__file__).with_name("_publish_until_killed.py")
NAMES = ("README.md", "data/cells.csv", "data/raw/é b+c&d.csv", "report.pdf")


def puts(server):
    """Uploads that came, folders aside."""
    return [seen for seen in server.seen if seen.method == "PUT" and "kind=folder" not in seen.path]


def contents(folder):
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def versions(server):
    return {name: len(each.versions) for name, each in server.files().items()}


def test_everything_arrives_once(osf, server, node, deposit):
    folder = deposit(*NAMES, empty=b"", large=os.urandom(3 * LARGE))
    receipt = publish(osf, node, local_files(folder))
    assert server.contents() == contents(folder)
    assert set(versions(server).values()) == {1}
    assert {file.name: file.version for file in receipt.files} == versions(server)
    assert {file.name: file.id for file in receipt.files} == {n: e.id for n, e in server.files().items()}
    assert receipt.complete


def test_a_second_publication_sends_no_body(osf, server, node, deposit):
    files = local_files(deposit(*NAMES, empty=b""))
    first = publish(osf, node, files)
    before = len(server.seen)
    second = publish(osf, node, files)
    assert {seen.method for seen in server.seen[before:]} == {"GET"}
    assert sum(seen.body for seen in server.seen[before:]) == 0
    assert second.files == first.files


def test_a_changed_file_gets_a_new_version_through_its_own_link(osf, server, node, deposit):
    folder = deposit(*NAMES)
    publish(osf, node, local_files(folder))
    before = len(server.seen)
    (folder / "data" / "cells.csv").write_bytes(b"other")
    receipt = publish(osf, node, local_files(folder))
    (sent,) = [seen for seen in server.seen[before:] if seen.method == "PUT"]
    assert "name=" not in sent.path
    assert {name for name, n in versions(server).items() if n == 2} == {"data/cells.csv"}
    assert {file.version for file in receipt.files if file.name == "data/cells.csv"} == {2}
    assert server.contents() == contents(folder)


def test_what_is_there_alone_stays(osf, server, node, deposit):
    server.put("notes/theirs.txt", b"mine", node.id)
    receipt = publish(osf, node, local_files(deposit("a.txt")))
    assert server.contents()["notes/theirs.txt"] == b"mine"
    assert receipt.remote_only == ("notes/theirs.txt",)
    assert "DELETE" not in {seen.method for seen in server.seen}


def test_bodies_have_a_length_and_ask_for_leave(osf, server, node, deposit):
    publish(osf, node, local_files(deposit("a.txt", empty=b"")))
    named = {seen.path.rpartition("=")[2]: seen.headers for seen in puts(server)}
    assert named["a.txt"]["Content-Length"] == "9"
    assert named["a.txt"]["Expect"] == "100-continue"
    assert "Transfer-Encoding" not in named["a.txt"]
    assert named["empty.bin"]["Content-Length"] == "0"


def test_a_conflict_over_tls_costs_no_body_either(tmp_path, deposit, monkeypatch):
    """Leave is waited for under the encryption, where session tickets make a connection readable as well."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    words = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=loopback -addext subjectAltName=IP:127.0.0.1"
    pair = [tmp_path / name for name in ("key.pem", "certificate.pem")]
    subprocess.run(
        ["openssl", *words.split(), "-keyout", pair[0], "-out", pair[1]], check=True, capture_output=True
    )
    encrypted = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    encrypted.load_cert_chain(pair[1], pair[0])
    folder = deposit("b.txt", a=b"x" * 3 * LARGE)
    monkeypatch.setenv("SSL_CERT_FILE", str(pair[1]))
    with contract_server() as server:
        server.scheme = "https"
        server.socket = encrypted.wrap_socket(server.socket, server_side=True)
        with Osf(Key(contract.TOKEN), api=server.api, limits=QUICK) as osf:
            node = osf.create(Description(title="Test data: TLS"))
            race(server, monkeypatch, osf, content=b"x" * 3 * LARGE, name="a.bin")
            publish(osf, node, local_files(folder))
        assert {name: len(each.versions) for name, each in server.files().items()} == {"a.bin": 1, "b.txt": 1}
        assert sorted(seen.body for seen in puts(server)) == [0, len("of b.txt\n")]
        monkeypatch.delenv("SSL_CERT_FILE")
        with (
            Osf(Key(contract.TOKEN), api=server.api, limits=QUICK) as osf,
            pytest.raises(Incomplete, match="does not answer"),
        ):
            osf.me()


def test_a_server_that_gives_no_leave_gets_the_body_after_a_while(osf, server, node, deposit, monkeypatch):
    monkeypatch.setattr(contract.Handler, "handle_expect_100", lambda self: True)
    osf.session._client._transport._leave_wait = 0.1
    began = time.monotonic()
    publish(osf, node, local_files(deposit("a.txt")))
    assert time.monotonic() - began >= 0.1
    assert versions(server) == {"a.txt": 1}


# --- somebody else is quicker


def race(server, monkeypatch, osf, *, content, name):
    """Let somebody else put a file there after the listing and before our request."""
    listing = osf.listing

    def stale(node):
        found = listing(node)
        if name not in server.files():
            server.put(name, content, node)
        return found

    monkeypatch.setattr(osf, "listing", stale)


@pytest.mark.parametrize("size", [10, 5 * LARGE])
def test_a_conflict_costs_no_body_even_of_a_large_file(osf, server, node, deposit, monkeypatch, size):
    folder = deposit(a=b"x" * size)
    race(server, monkeypatch, osf, content=b"x" * size, name="a.bin")
    publish(osf, node, local_files(folder))
    (sent,) = puts(server)
    assert sent.body == 0
    assert versions(server) == {"a.bin": 1}


def test_a_conflict_with_other_bytes_becomes_a_new_version(osf, server, node, deposit, monkeypatch):
    folder = deposit("a.txt")
    race(server, monkeypatch, osf, content=b"theirs", name="a.txt")
    publish(osf, node, local_files(folder))
    assert server.files()["a.txt"].versions == [b"theirs", b"of a.txt\n"]


def test_a_folder_that_is_there_already_is_looked_up(osf, server, node, deposit, monkeypatch):
    race(server, monkeypatch, osf, content=b"theirs", name="data/b.txt")
    publish(osf, node, local_files(deposit("data/a.txt")))
    assert set(server.files()) == {"data/a.txt", "data/b.txt"}


# --- faults


@pytest.mark.parametrize("what", [408, 429, 500, 502, 503, 504, "reset", "lost"])
@pytest.mark.parametrize("times", [1, 3])
def test_what_is_cut_off_arrives_once(osf, server, node, deposit, what, times):
    folder = deposit(*NAMES, large=os.urandom(2 * LARGE))
    server.faults = [Fault(what, method="PUT", times=times)]
    publish(osf, node, local_files(folder))
    assert server.contents() == contents(folder)
    assert set(versions(server).values()) == {1}


def test_an_update_whose_answer_is_lost_is_not_sent_twice(osf, server, node, deposit):
    folder = deposit("a.txt")
    publish(osf, node, local_files(folder))
    (folder / "a.txt").write_bytes(b"second")
    server.faults = [Fault("lost", method="PUT")]
    publish(osf, node, local_files(folder))
    assert versions(server) == {"a.txt": 2}
    assert len(puts(server)) == 2


def test_a_storm_of_429_is_waited_out_by_all(osf, server, node, deposit):
    folder = deposit(*(f"{i}.txt" for i in range(9)))
    server.faults = [Fault(429, method="PUT", times=4, headers={"Retry-After": "1"})]
    publish(osf, node, local_files(folder))
    assert server.contents() == contents(folder)
    assert len(puts(server)) <= 9 + 4


def test_wrong_bytes_are_seen_and_sent_again(osf, server, node, deposit):
    folder = deposit("a.txt")
    server.faults = [Fault("wrong", method="PUT")]
    publish(osf, node, local_files(folder))
    assert server.contents() == contents(folder)


def test_bytes_that_stay_wrong_are_an_error(osf, server, node, deposit):
    server.faults = [Fault("wrong", method="PUT", times=99)]
    with pytest.raises(Incomplete, match="other bytes") as caught:
        publish(osf, node, local_files(deposit("a.txt")))
    assert caught.value.exit_code == 1


@pytest.mark.parametrize("what", [502, "reset"])
def test_a_file_that_never_arrives_is_an_error_that_names_it(osf, server, node, deposit, what):
    server.faults = [Fault(what, method="PUT", path="b.txt", times=99)]
    with pytest.raises(Incomplete, match=r"b\.txt: The file did not arrive"):
        publish(osf, node, local_files(deposit("a.txt", "b.txt")))
    server.faults = []
    with Osf(Key(contract.TOKEN), api=server.api, limits=QUICK) as again:
        publish(again, node, local_files(deposit("a.txt", "b.txt")))
    assert versions(server) == {"a.txt": 1, "b.txt": 1}


@pytest.mark.parametrize(
    ("status", "said"), [(400, "400"), (401, "401"), (403, "full_write"), (413, "413"), (507, "is full")]
)
def test_what_will_not_pass_is_not_tried_again(osf, server, node, deposit, status, said):
    server.faults = [Fault(status, method="PUT", times=99)]
    with pytest.raises(PublishError, match=said):
        publish(osf, node, local_files(deposit("a.txt")))
    assert len(puts(server)) == 1


def test_a_listing_that_misses_a_file_is_an_error(osf, server, node, deposit, monkeypatch):
    """Every upload was answered with 201 and the right digest, and yet one of them is gone."""
    listing = osf.listing
    calls = []

    def forgetful(node):
        calls.append(node)
        if len(calls) == 2:
            del server.entities[server.files()["b.txt"].id]
        return listing(node)

    monkeypatch.setattr(osf, "listing", forgetful)
    with pytest.raises(Incomplete, match=r"Of 3 files 1 are not there as they are here: b\.txt"):
        publish(osf, node, local_files(deposit("a.txt", "b.txt", "c.txt")))


def test_a_folder_whose_answer_is_lost_is_made_once(osf, server, node, deposit):
    server.faults = [Fault("lost", method="PUT", path="kind=folder", times=2)]
    publish(osf, node, local_files(deposit("data/raw/a.txt")))
    assert sorted(each.name for each in server.entities.values()) == ["a.txt", "data", "raw"]


def test_a_file_that_was_deleted_meanwhile_is_made_again(osf, server, node, deposit, monkeypatch):
    folder = deposit("a.txt")
    publish(osf, node, local_files(folder))
    (folder / "a.txt").write_bytes(b"second")
    listing, calls = osf.listing, []

    def stale(node):
        found = listing(node)
        if not calls:
            server.entities.clear()
        calls.append(node)
        return found

    monkeypatch.setattr(osf, "listing", stale)
    publish(osf, node, local_files(folder))
    assert server.contents() == {"a.txt": b"second"}


# --- files that change


@pytest.mark.parametrize("change", ["bytes", "longer", "shorter", "gone"])
def test_a_file_that_changes_is_never_stored(osf, server, node, deposit, change):
    folder = deposit(a=b"x" * LARGE)
    files = local_files(folder)
    path = folder / "a.bin"
    if change == "gone":
        path.unlink()
    else:
        path.write_bytes({"bytes": b"y" * LARGE, "longer": b"x" * (LARGE + 1), "shorter": b"x"}[change])
    said = "cannot be read" if change == "gone" else "changed while"
    with pytest.raises(PublishError, match=said) as caught:
        publish(osf, node, files)
    assert server.files() == {}
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert contract.TOKEN not in shown, "not even where a traceback shows the variables"


# --- a name that is not kept


def test_a_name_that_comes_back_different_is_an_error(osf, server, node, deposit):
    server.undescribed = True
    (file,) = local_files(deposit("a.txt"))
    sender = _Sender(osf, osf.listing(node.id).folders, {}, lambda file, sent: None)
    with pytest.raises(Incomplete, match=r'named it "a\.txt"'):
        sender.send(replace(file, name=" a.txt"))


# --- many at once, progress, and kills


def test_uploads_are_parallel_and_bounded(osf, server, node, deposit):
    at_once, most, lock = [0], [0], threading.Lock()

    def answer(self):
        with lock:
            at_once[0] += self.command == "PUT"
            most[0] = max(most[0], at_once[0])
        try:
            time.sleep(0.05)
            contract.Handler.answer(self)
        finally:
            with lock:
                at_once[0] -= self.command == "PUT"

    server.RequestHandlerClass = type("Counting", (contract.Handler,), {"do_PUT": answer})
    files = local_files(deposit(*(f"{i}.txt" for i in range(12))))
    with Osf(
        Key(contract.TOKEN), api=server.api, limits=QUICK
    ) as fresh:  # no connection is older than the class
        publish(fresh, node, files)
    assert most[0] == QUICK.workers


def test_progress_is_told_to_the_last_byte(osf, node, deposit):
    told = {}
    files = local_files(deposit("a.txt", large=b"x" * LARGE))
    publish(osf, node, files, progress=lambda file, sent: told.__setitem__(file.name, sent))
    assert told == {file.name: file.size for file in files}


@pytest.mark.parametrize(("files", "kills"), [(40, 5), pytest.param(200, 20, marks=pytest.mark.slow)])
def test_killed_at_random_it_ends_with_each_file_once(osf, server, node, deposit, files, kills):
    """A kill may fall before, in the middle of and after an upload; a rerun finds out which."""
    chance = random.Random(files)
    names = [f"part-{i % 4}/file-{i:03d}.bin" for i in range(files)]
    folder = deposit(*names)
    for name in names:
        (folder / name).write_bytes(chance.randbytes(chance.choice((0, 100, 40_000))))
    server.latency = 0.02
    told = {**os.environ, TOKEN: contract.TOKEN, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(UNTIL_KILLED), server.api, node.id, str(folder)]
    for _ in range(kills):
        goal = len(server.seen) + chance.randint(8, 12)  # a run looks into five folders before it sends
        with subprocess.Popen(command, cwd=ROOT, env=told) as process:
            while len(server.seen) < goal and process.poll() is None:
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.02))
            assert process.poll() is None, "it had ended before it was killed"
            process.kill()
        assert process.returncode == -signal.SIGKILL
    assert 0 < len(server.files()) < files, "some were killed on their way"
    publish(osf, node, local_files(folder))
    assert server.contents() == contents(folder)
    assert set(versions(server).values()) == {1}
    assert len([each for each in server.entities.values() if each.kind == "folder"]) == 4
