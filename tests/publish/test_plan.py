"""What would change, and which names and files are refused before the first byte."""

from __future__ import annotations

import os
import unicodedata

import pytest

from reporter.publish.plan import (
    LARGEST,
    Listing,
    PublishError,
    RemoteFile,
    RemoteFolder,
    check_names,
    check_part,
    compare,
    local_files,
    outer_folders,
)

# sha256sum of coreutils: of nothing, and of "abc" (FIPS 180-2)
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def there(*names, folders=(), sha256=ABC, size=3):
    files = {
        name: RemoteFile(name=name, id="1", size=size, sha256=sha256, version=1, upload="") for name in names
    }
    made = {name: RemoteFolder(name=name, upload="", new_folder="") for name in ("", *folders)}
    return Listing(files=files, folders=made)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "empty.csv").write_bytes(b"")
    (tmp_path / "README.md").write_bytes(b"abc")
    return tmp_path


def test_files_have_names_sizes_and_digests(folder):
    found = [(file.name, file.size, file.sha256) for file in local_files(folder)]
    assert found == [("README.md", 3, ABC), ("data/raw/empty.csv", 0, EMPTY)]


def test_outer_folders_come_first():
    assert outer_folders("a/b/c.csv") == ["a", "a/b"]
    assert outer_folders("c.csv") == []


def test_everything_is_new_in_an_empty_project(folder):
    plan = compare(local_files(folder), there())
    assert [file.name for file in plan.create] == ["README.md", "data/raw/empty.csv"]
    assert plan.folders == ("data", "data/raw")
    assert plan.update == plan.keep == plan.remote_only == ()


def test_equal_bytes_are_kept_others_updated_and_strangers_left_alone(folder):
    plan = compare(
        local_files(folder), there("README.md", "data/raw/empty.csv", "old.txt", folders=("data", "data/raw"))
    )
    assert [file.name for file in plan.keep] == ["README.md"]
    assert [file.name for file in plan.update] == ["data/raw/empty.csv"]
    assert [file.name for file in plan.remote_only] == ["old.txt"]
    assert plan.create == plan.folders == ()


def test_a_file_without_digest_is_not_known_to_be_equal(folder):
    plan = compare(local_files(folder), there("README.md", sha256=None))
    assert [file.name for file in plan.update] == ["README.md"]


def test_a_digest_with_another_size_is_not_equal(folder):
    plan = compare(local_files(folder), there("README.md", size=4))
    assert [file.name for file in plan.update] == ["README.md"]


def test_a_plan_says_every_file_with_its_size(folder):
    lines = compare(local_files(folder), there("README.md", "old.txt", size=None)).lines()
    assert [line.split() for line in lines] == [
        ["create", "0", "data/raw/empty.csv"], ["keep", "3", "README.md"], ["remote-only", "?", "old.txt"],
    ]  # fmt: skip


def test_a_file_of_more_than_5_gb_is_refused_before_it_is_read(folder):
    with (folder / "huge.bin").open("wb") as file:
        file.truncate(LARGEST + 1)  # a hole: takes no room, and would take long to read
    with pytest.raises(PublishError, match=r"5,000,000,001 bytes"):
        local_files(folder)


@pytest.mark.parametrize("name", [" lead.txt", "trail.txt ", " folder/a.txt", "folder/ a.txt", "\ta.txt"])
def test_names_with_blanks_at_their_ends_are_refused(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"")
    with pytest.raises(PublishError, match="would not keep the name"):
        local_files(tmp_path)


@pytest.mark.parametrize("name", ["a/b", "", " a"])
def test_a_part_of_a_name_has_no_slash(name):
    with pytest.raises(PublishError, match="would not keep the name"):
        check_part(name, where="deposit")


def test_two_spellings_of_the_same_letters_are_refused(tmp_path):
    for form in ("NFC", "NFD"):
        (tmp_path / unicodedata.normalize(form, "é.csv")).write_bytes(b"")
    if len(list(tmp_path.iterdir())) < 2:
        pytest.skip("this file system keeps one spelling")
    with pytest.raises(PublishError, match="another spelling"):
        local_files(tmp_path)


def test_two_spellings_of_a_folder_are_refused():
    with pytest.raises(PublishError, match="another spelling"):
        check_names([unicodedata.normalize("NFC", "é/a.csv"), unicodedata.normalize("NFD", "é/b.csv")])


def test_a_spelling_that_is_there_already_is_refused(tmp_path):
    (tmp_path / unicodedata.normalize("NFC", "é.csv")).write_bytes(b"")
    files = local_files(tmp_path)
    assert compare(files, there(unicodedata.normalize("NFC", "é.csv"))).update == files
    with pytest.raises(PublishError, match="another spelling"):
        compare(files, there(unicodedata.normalize("NFD", "é.csv")))


def test_one_spelling_alone_is_fine_and_so_are_others_twins():
    check_names(
        [unicodedata.normalize("NFD", "é.csv"), "e.csv"], there=["ü", unicodedata.normalize("NFD", "ü")]
    )


def test_a_name_that_is_no_unicode_is_refused(tmp_path):
    (tmp_path / os.fsdecode(b"\xff.csv")).write_bytes(b"")
    with pytest.raises(PublishError, match="no Unicode"):
        local_files(tmp_path)


@pytest.mark.parametrize("target", ["README.md", "nowhere", "/etc/hostname", "data"])
def test_links_are_refused(folder, target):
    (folder / "linked").symlink_to(target)
    with pytest.raises(PublishError, match="no links"):
        local_files(folder)


def test_pipes_are_refused(folder):
    os.mkfifo(folder / "pipe")
    with pytest.raises(PublishError, match="Only files"):
        local_files(folder)


def test_nothing_and_nowhere_are_refused(tmp_path):
    with pytest.raises(PublishError, match="nothing to publish"):
        local_files(tmp_path)
    with pytest.raises(PublishError, match="no such folder"):
        local_files(tmp_path / "none")


def test_a_file_in_the_place_of_a_folder_is_refused(folder):
    files = local_files(folder)
    with pytest.raises(PublishError, match="want the same name"):
        compare(files, there("data"))
    with pytest.raises(PublishError, match="want the same name"):
        compare(files, there(folders=("README.md",)))
