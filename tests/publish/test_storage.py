"""Room: counted before the first byte, with OSF's own status once it has one."""

from __future__ import annotations

from pathlib import Path

import pytest

from reporter.publish.deliver import Wishes, deliver
from reporter.publish.osf import Description
from reporter.publish.plan import Listing, LocalFile, PublishError, RemoteFile, compare, local_files
from reporter.publish.storage import GB, check_room

EMPTY = Listing(files={}, folders={})


def plan_of(*sizes, there=EMPTY):
    files = [
        LocalFile(name=f"{i}.bin", path=Path(f"{i}.bin"), size=size, sha256="0")
        for i, size in enumerate(sizes)
    ]
    return compare(files, there)


def room(osf, node, *sizes, public=False, there=EMPTY):
    return check_room(osf, node.id, public=public, plan=plan_of(*sizes, there=there), there=there)


def test_the_first_answer_is_that_it_is_not_known(osf, server, node):
    found = room(osf, node, 10)
    asked = [seen for seen in server.seen if seen.path.endswith("/storage/")]
    assert (found.status, len(asked)) == ("DEFAULT", 2)


def test_a_status_that_never_comes_does_not_stop_us(osf, server, node):
    server.slow_storage = 99
    assert room(osf, node, 10).status == "NOT_CALCULATED"


@pytest.mark.parametrize(
    ("size", "public", "warns"),
    [
        (4 * GB, False, False),
        (4_500_000_000, False, True),
        (5 * GB, False, True),
        (44 * GB, True, False),
        (45 * GB, True, True),
    ],
)
def test_nine_tenths_are_warned_of(osf, node, size, public, warns):
    half = size // 10
    assert bool(room(osf, node, *[half] * 10, public=public).warning) == warns


@pytest.mark.parametrize("public", [False, True])
def test_more_than_there_is_room_for_is_refused(osf, node, public):
    limit = 50 * GB if public else 5 * GB
    with pytest.raises(PublishError, match=f"holds up to {limit:,} bytes"):
        room(osf, node, limit - 1, 2, public=public)


def test_what_is_there_counts_and_a_new_version_as_well(osf, node):
    there = Listing(
        files={"0.bin": RemoteFile(name="0.bin", id="f", size=3 * GB, sha256="9", version=1, upload="")},
        folders={},
    )
    assert room(osf, node, GB, there=there).after == 4 * GB
    with pytest.raises(
        PublishError, match="With 3,000,000,000 bytes more the project would hold 6,000,000,000"
    ):
        room(osf, node, 3 * GB, there=there)


def test_old_versions_count_as_osf_counts_them(osf, server, node):
    server.usage[node.id] = 4 * GB
    with pytest.raises(PublishError, match="would hold 6,000,000,000"):
        room(osf, node, 2 * GB)
    assert room(osf, node, 10).warning == ""


def test_a_full_project_takes_nothing(osf, server, node):
    server.usage[node.id] = 5 * GB
    with pytest.raises(PublishError, match="put a folder into a component"):
        room(osf, node, 1)
    room(osf, node)


def test_it_is_counted_before_anything_is_sent(osf, server, node, deposit):
    server.usage[node.id] = 5 * GB
    with pytest.raises(PublishError, match="put a folder into a component"):
        deliver(osf, node, local_files(deposit("a.txt")), Wishes(description=Description(title="Test data")))
    assert not [seen for seen in server.seen if seen.method == "PUT"]
