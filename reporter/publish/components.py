"""Which files lie in which part of a project: some folders of a deposit become components of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reporter.names import did_you_mean
from reporter.publish.osf import Description, Node, Osf, node_of
from reporter.publish.plan import Incomplete, LocalFile, PublishError


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A part of a project with files of its own; the project itself has neither folder nor title."""

    folder: str
    title: str
    files: tuple[LocalFile, ...]  # named as they are there


def split(files: Sequence[LocalFile], components: Mapping[str, str]) -> tuple[Component, ...]:
    """Divide files among a project, which comes first, and its components.

    Parameters
    ----------
    files : sequence of LocalFile
        The deposit, e.g. ``local_files(folder)``.
    components : mapping of str to str
        The title of the component that a folder's files go into, by the folder's name: ``{"data": "Data"}``.

    Raises
    ------
    PublishError
        The deposit has no such folder, or two components have the same title.
    """
    folders = {file.name.partition("/")[0] for file in files if "/" in file.name}
    for folder in components:
        if folder not in folders:
            raise PublishError(
                f'The deposit has no folder "{folder}", and a component is declared for it.',
                where="components",
                remedy=did_you_mean(folder, folders) if folders else "It has no folders.",
            )
    if len(set(components.values())) < len(components):
        raise PublishError("Two components have the same title.", where="components", remedy="Rename one.")
    inside: dict[str, list[LocalFile]] = {folder: [] for folder in ("", *components)}
    for file in files:
        outer, slash, below = file.name.partition("/")
        if slash and outer in components:
            inside[outer].append(replace(file, name=below))
        else:
            inside[""].append(file)
    return tuple(
        Component(folder=folder, title=components.get(folder, ""), files=tuple(found))
        for folder, found in inside.items()
    )


def find_component(osf: Osf, node: str, title: str) -> Node | None:
    """Find the component of a project that has a title.

    Raises
    ------
    PublishError
        There are several.
    """
    found = [node_of(each) for each in osf.pages(f"{osf.url(node)}children/")]
    named = [each for each in found if each.title == title]
    if len(named) > 1:
        raise PublishError(
            f'{len(named)} components have the title "{title}".', where=node, remedy="Rename all but one."
        )
    return named[0] if named else None


def component(osf: Osf, node: str, description: Description) -> Node:
    """Find the component of a title, or make it, private.

    Raises
    ------
    Incomplete
        It is not known whether it was made, and it is not there.
    """
    found = find_component(osf, node, description.title)
    if found is not None:
        return found
    try:
        return osf.create(description, inside=node)
    except Incomplete:
        found = find_component(osf, node, description.title)  # a title is looked up, where an id is not known
        if found is None:
            raise
        return found
