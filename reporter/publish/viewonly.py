"""The link for reviewers: who has it reads a private project and its components, without contributors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from reporter.publish.osf import Node, Osf
from reporter.publish.plan import Incomplete, PublishError

NAME = "Blind review"


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewOnly:
    """A view-only link."""

    id: str
    key: str = field(repr=False)
    url: str = field(repr=False)  # for people


def view_only(osf: Osf, node: Node, components: Sequence[Node], *, name: str = NAME) -> ViewOnly:
    """Find the anonymous link of a private project, or make it, and let it show the components as well.

    Raises
    ------
    PublishError
        The project or a component is public: everybody sees who made it.
    Incomplete
        OSF made a link that is not anonymous, or does not say its key.
    """
    for each in (node, *components):
        refuse_public(each)
    url = f"{osf.url(node.id)}view_only_links/"
    data = next((each for each in osf.pages(url) if _ours(each["attributes"], name)), None)
    if data is None:
        asked = {"type": "view-only-links", "attributes": {"name": name, "anonymous": True}}
        data = osf.make(url, asked, "view-only link", where=node.id)
    if not _ours(data["attributes"], name) or not data["attributes"].get("key"):
        raise Incomplete("OSF made another link than was asked for.", where=node.id)
    if components:
        shown = {"data": [{"type": "nodes", "id": each.id} for each in components]}
        url = f"{osf.session.api}view_only_links/{data['id']}/relationships/nodes/"
        osf.change(url, shown, "The link does not show the components.", where=node.id, method="POST")
    key = str(data["attributes"]["key"])
    return ViewOnly(id=str(data["id"]), key=key, url=f"{node.url}?view_only={key}")


def refuse_public(node: Node) -> None:
    """Refuse a project that is public for blind review.

    Raises
    ------
    PublishError
        It is.
    """
    if node.public:
        raise PublishError(
            "The project is public, and names its contributors to everybody.",
            where=node.id,
            remedy="Publish for blind review into a new project, without --node.",
        )


def _ours(attributes: object, name: str) -> bool:
    return (
        isinstance(attributes, dict)
        and attributes.get("anonymous") is True
        and attributes.get("name") == name
    )
