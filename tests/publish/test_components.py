"""Folders of a deposit that become components: found by title, made once, and filled with their files."""

from __future__ import annotations

import pytest

from reporter.publish.components import component, find_component, split
from reporter.publish.deliver import Wishes, deliver, preview
from reporter.publish.osf import Description
from reporter.publish.plan import Incomplete, PublishError, local_files
from tests.publish._contract_parts import Fault

NAMES = ("README.md", "data/raw/a.csv", "data/b.csv", "report/report.pdf")
WISHES = Wishes(description=Description(title="Test data: a study"), components={"data": "The data"})


def made_of(server, title):
    return [each for each in server.nodes if server.nodes[each]["attributes"]["title"] == title]


def test_files_are_divided_and_named_as_they_will_be(deposit):
    files = local_files(deposit(*NAMES))
    project, data = split(files, {"data": "The data"})
    assert (project.folder, [file.name for file in project.files]) == ("", ["README.md", "report/report.pdf"])
    assert (data.title, [file.name for file in data.files]) == ("The data", ["b.csv", "raw/a.csv"])
    assert {file.sha256 for part in (project, data) for file in part.files} == {f.sha256 for f in files}


def test_without_components_all_files_are_the_projects(deposit):
    (project,) = split(local_files(deposit(*NAMES)), {})
    assert len(project.files) == len(NAMES)


def test_a_folder_that_is_not_there_is_refused(deposit):
    with pytest.raises(PublishError, match='Did you mean "data"'):
        split(local_files(deposit(*NAMES)), {"dta": "The data"})


def test_two_components_of_one_title_are_refused(deposit):
    with pytest.raises(PublishError, match="same title"):
        split(local_files(deposit(*NAMES)), {"data": "Files", "report": "Files"})


def test_a_component_is_made_once_and_private(osf, server, node):
    made = component(osf, node.id, Description(title="The data", category="data"))
    assert component(osf, node.id, Description(title="The data", category="data")) == made
    assert server.parents[made.id] == node.id
    assert server.nodes[made.id]["attributes"]["public"] is False
    assert len(made_of(server, "The data")) == 1


def test_a_component_is_found_on_a_later_page(osf, server, node):
    server.clamp = 1
    for title in ("One", "Two", "Three"):
        osf.create(Description(title=title), inside=node.id)
    found = find_component(osf, node.id, "Three")
    assert found is not None
    assert found.title == "Three"


def test_a_component_whose_answer_is_lost_is_found_again(osf, server, node):
    server.faults = [Fault("lost", method="POST", path="children")]
    made = component(osf, node.id, Description(title="The data"))
    assert made_of(server, "The data") == [made.id]


def test_a_component_that_was_not_made_is_not_made_twice(osf, server, node):
    server.faults = [Fault(502, method="POST", path="children", times=9)]
    with pytest.raises(Incomplete, match="not known whether OSF made the component"):
        component(osf, node.id, Description(title="The data"))
    assert len([seen for seen in server.seen if seen.method == "POST" and "children" in seen.path]) == 1


def test_two_components_of_one_title_there_are_refused(osf, node):
    for _ in range(2):
        osf.create(Description(title="The data"), inside=node.id)
    with pytest.raises(PublishError, match="2 components"):
        component(osf, node.id, Description(title="The data"))


def test_each_part_gets_its_files_and_one_receipt_names_them_all(osf, server, node, deposit):
    done = deliver(osf, node, local_files(deposit(*NAMES)), WISHES)
    (data,) = made_of(server, "The data")
    assert set(server.contents(node.id)) == {"README.md", "report/report.pdf"}
    assert set(server.contents(data)) == {"b.csv", "raw/a.csv"}
    assert sorted(file.name for file in done.receipt.files) == sorted(NAMES)
    assert (done.receipt.node, done.receipt.components) == (node.id, {"data": data})
    assert server.nodes[data]["attributes"]["category"] == "data"


def test_a_second_delivery_changes_nothing(osf, server, node, deposit):
    files = local_files(deposit(*NAMES))
    first = deliver(osf, node, files, WISHES)
    before = len(server.seen)
    second = deliver(osf, node, files, WISHES)
    assert {seen.method for seen in server.seen[before:]} == {"GET"}
    assert sum(seen.body for seen in server.seen[before:]) == 0
    assert second.receipt.files == first.receipt.files


def test_a_preview_changes_nothing_and_says_all(osf, server, node, deposit):
    files = local_files(deposit(*NAMES))
    before = len(server.seen)
    found = preview(osf, node, files, WISHES)
    assert {seen.method for seen in server.seen[before:]} == {"GET"}
    assert [file.name for file in found.plan.create] == [
        "README.md",
        "report/report.pdf",
        "data/b.csv",
        "data/raw/a.csv",
    ]
    assert found.plan.folders == ("report", "data/raw")
    assert (found.new_components, found.warnings) == (("The data",), ())
    assert preview(osf, None, files, WISHES) == found
    deliver(osf, node, files, WISHES)
    server.put("theirs.txt", b"", made_of(server, "The data")[0])
    found = preview(osf, node, files, WISHES)
    assert (found.plan.create, found.new_components, len(found.plan.keep)) == ((), (), len(NAMES))
    assert [file.name for file in found.plan.remote_only] == ["data/theirs.txt"]


def test_progress_is_told_under_the_names_of_the_deposit(osf, node, deposit):
    files = local_files(deposit("a.csv", "data/a.csv"))
    told = {}
    deliver(osf, node, files, WISHES, progress=lambda file, sent: told.__setitem__(file.name, sent))
    assert told == {file.name: file.size for file in files}
