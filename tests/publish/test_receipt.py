"""What a receipt says, and where it has it from."""

from __future__ import annotations

import json

import pytest

from reporter.publish import receipt as receipts
from reporter.publish.osf import Node
from reporter.publish.plan import Incomplete, Listing, PublishError, RemoteFile, local_files
from reporter.publish.upload import publish

NODE = Node(id="abcde", title="A study", public=False, url="https://osf.io/abcde/")
FILE = RemoteFile(name="a.txt", id="f1", size=3, sha256="0f", version=2, upload="")
THERE = Listing(files={"a.txt": FILE, "b.txt": FILE}, folders={}, date="Sun, 06 Nov 1994 08:49:37 GMT")


def test_the_time_is_the_servers():
    receipt = receipts.complete(NODE, THERE, {"a.txt"})
    assert (receipt.time, receipt.time_from) == ("1994-11-06T08:49:37+00:00", "server")
    assert receipt.remote_only == ("b.txt",)


def test_a_server_without_a_clock_is_said_so():
    receipt = receipts.complete(NODE, Listing(files={}, folders={}), set())
    assert receipt.time_from == "this machine"
    assert receipt.time is not None
    assert receipt.time.endswith("+00:00")


def test_a_receipt_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "new" / receipts.RECEIPT
    receipt = receipts.complete(NODE, THERE, {"a.txt"})
    receipts.write(path, receipt)
    assert receipts.read(path) == receipt
    assert [each.name for each in path.parent.iterdir()] == [receipts.RECEIPT]
    assert json.loads(path.read_text())["files"] == [
        {"name": "a.txt", "id": "f1", "version": 2, "size": 3, "sha256": "0f"}
    ]


def test_a_publication_that_was_begun_finds_its_project_again(tmp_path):
    path = tmp_path / receipts.RECEIPT
    receipts.write(path, receipts.begin(NODE))
    found = receipts.read(path)
    assert found is not None
    assert (found.node, found.complete, found.files) == ("abcde", False, ())


def test_no_receipt_is_none(tmp_path):
    assert receipts.read(tmp_path / receipts.RECEIPT) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"files": [{}], "remote_only": []}', "\xff"])
def test_what_is_no_receipt_is_refused(tmp_path, text):
    path = tmp_path / receipts.RECEIPT
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(Incomplete, match="no receipt of ours"):
        receipts.read(path)


def test_a_receipt_that_cannot_be_written_is_said_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(PublishError, match="cannot be written"):
        receipts.write(tmp_path / "file" / receipts.RECEIPT, receipts.begin(NODE))


def test_a_publication_takes_its_time_from_the_last_answer(osf, node, deposit):
    receipt = publish(osf, node, local_files(deposit("a.txt")))
    assert receipt.time_from == "server"
    assert (receipt.node, receipt.title) == (node.id, node.title)
