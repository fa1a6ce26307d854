"""The order in which a study goes to OSF: words first, then files, then what cannot be taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

from reporter.publish.components import Component, component, find_component, split
from reporter.publish.doi import mint
from reporter.publish.identity import Term, of_account
from reporter.publish.metadata import ItemMetadata, set_metadata
from reporter.publish.osf import Description, Node, Osf
from reporter.publish.plan import Listing, LocalFile, Plan, PublishError, RemoteFile, compare
from reporter.publish.receipt import Receipt
from reporter.publish.storage import check_room
from reporter.publish.stranger import Read, read_as_stranger
from reporter.publish.upload import Progress, publish
from reporter.publish.viewonly import ViewOnly, refuse_public, view_only

File = TypeVar("File", LocalFile, RemoteFile)
Step = Callable[[str], None]
EMPTY = Listing(files={}, folders={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a publication should become. Nothing of it is ever taken back: no file, no project, no DOI.

    ``components`` gives the title of the component that a folder's files go into, by the folder's name.
    """

    description: Description
    metadata: ItemMetadata | None = None
    components: Mapping[str, str] = field(default_factory=dict)
    public: bool = False
    doi: bool = False
    blind: bool = False

    def __post_init__(self) -> None:
        if self.blind and (self.public or self.doi):
            raise PublishError(
                "A blind publication is private and has no DOI.", remedy="Leave out --public and --doi."
            )
        if self.blind and self.metadata is not None and self.metadata.funders:
            raise PublishError("A blind publication names no funder.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What came of it."""

    receipt: Receipt
    warnings: tuple[str, ...] = ()
    doi: str = ""
    link: ViewOnly | None = None
    read: Read | None = None  # by a stranger, through the link

    @property
    def fine(self) -> bool:
        """Is nothing left that we could mend?"""
        return self.read is None or self.read.blind


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a delivery would change; files have their names in the deposit."""

    plan: Plan
    new_components: tuple[str, ...]  # titles
    warnings: tuple[str, ...]


def preview(osf: Osf, node: Node | None, files: Sequence[LocalFile], wishes: Wishes) -> Preview:
    """Say what would change, without changing anything.

    Raises
    ------
    PublishError
        It could not be published there.
    """
    plans, new, warnings = [], [], []
    for part in split(files, wishes.components):
        there = node if not part.folder or node is None else find_component(osf, node.id, part.title)
        listing = EMPTY if there is None else osf.listing(there.id)
        plan = compare(part.files, listing)
        plans.append(_renamed(plan, part))
        new += [part.title] if part.folder and there is None else []
        if there is not None:
            room = check_room(osf, there.id, public=there.public, plan=plan, there=listing)
            warnings += [f"{there.title}: {room.warning}"] if room.warning else []
    whole = Plan(**{
        each.name: tuple(entry for plan in plans for entry in getattr(plan, each.name))
        for each in fields(Plan)
    })  # fmt: skip
    return Preview(plan=whole, new_components=tuple(new), warnings=tuple(warnings))


def deliver(
    osf: Osf,
    node: Node,
    files: Sequence[LocalFile],
    wishes: Wishes,
    *,
    terms: Sequence[Term] = (),
    progress: Progress | None = None,
    step: Step = lambda words: None,
) -> Delivered:
    """Make a project hold a deposit, and then what else was wished for, each step checked before the next.

    Parameters
    ----------
    node : Node
        The project; for blind review a private one.
    files : sequence of LocalFile
        The deposit, e.g. ``local_files(folder)``.
    terms : sequence of Term
        What a blind publication must not tell; the account is looked for as well.
    progress, step : callable, optional
        Told how many bytes of a file were sent, and what is being done.

    Raises
    ------
    PublishError
        Something cannot be published as it is.
    Incomplete
        What is there is not, or not certainly, what should be there.
    """
    if wishes.blind:
        refuse_public(node)
    parts = split(files, wishes.components)
    step("Describing the project")
    nodes = [node, *(_component(osf, node, part, wishes) for part in parts[1:])]
    osf.describe(node.id, wishes.description)
    if wishes.metadata is not None:
        set_metadata(osf, node.id, wishes.metadata)
    step("Looking whether there is room")
    warnings = [_room(osf, each, part, wishes) for each, part in zip(nodes, parts, strict=True)]
    receipts = []
    for each, part in zip(nodes, parts, strict=True):
        step(f"Sending {len(part.files)} files to {each.title}")
        told = _naming(part, progress)
        receipts.append(publish(osf, each, part.files, progress=told) if part.files else None)
    done = Delivered(receipt=_merged(node, nodes, parts, receipts), warnings=tuple(filter(None, warnings)))
    if wishes.blind:
        return _blind(osf, done, nodes, terms, step)
    if wishes.public:
        step("Making it public")
        for each in reversed(nodes):  # the project last: what it shows is public by then
            osf.open(each.id)
    if wishes.doi:
        step("Asking for a DOI")
        doi = mint(osf, node.id)
        done = replace(done, doi=doi, receipt=replace(done.receipt, doi=doi))
    return done


def _renamed(plan: Plan, part: Component) -> Plan:
    def named(found: Sequence[File]) -> tuple[File, ...]:
        return tuple(replace(file, name=f"{part.folder}/{file.name}") for file in found)

    if not part.folder:
        return plan
    return Plan(
        create=named(plan.create),
        update=named(plan.update),
        keep=named(plan.keep),
        remote_only=named(plan.remote_only),
        folders=tuple(f"{part.folder}/{name}" for name in plan.folders),
    )


def _naming(part: Component, progress: Progress | None) -> Progress | None:
    if progress is None or not part.folder:
        return progress
    return lambda file, sent: progress(replace(file, name=f"{part.folder}/{file.name}"), sent)


def _component(osf: Osf, node: Node, part: Component, wishes: Wishes) -> Node:
    described = replace(wishes.description, title=part.title, category="data")
    made = component(osf, node.id, described)
    osf.describe(made.id, described)
    return made


def _room(osf: Osf, node: Node, part: Component, wishes: Wishes) -> str:
    listing = osf.listing(node.id)
    plan = compare(part.files, listing)
    room = check_room(osf, node.id, public=node.public, plan=plan, there=listing)
    return f"{node.title}: {room.warning}" if room.warning else ""


def _blind(osf: Osf, done: Delivered, nodes: Sequence[Node], terms: Sequence[Term], step: Step) -> Delivered:
    step("Making the link for reviewers")
    made = view_only(osf, nodes[0], nodes[1:])
    step("Reading everything through the link, as a stranger")
    sought = (*terms, *of_account(osf.account()))
    read = read_as_stranger(made, nodes, sought, api=osf.session.api, limits=osf.limits)
    return replace(done, link=made, read=read)


def _merged(
    node: Node, nodes: Sequence[Node], parts: Sequence[Component], receipts: Sequence[Receipt | None]
) -> Receipt:
    """Make one receipt of those of a project and its components; files have their names in the deposit."""
    found = [(part, each) for part, each in zip(parts, receipts, strict=True) if each is not None]
    last = found[-1][1]
    prefix = {part.folder: f"{part.folder}/" if part.folder else "" for part in parts}
    return replace(
        last,
        node=node.id,
        title=node.title,
        url=node.url,
        files=tuple(
            replace(file, name=prefix[part.folder] + file.name) for part, each in found for file in each.files
        ),
        remote_only=tuple(prefix[part.folder] + name for part, each in found for name in each.remote_only),
        components={part.folder: each.id for part, each in zip(parts, nodes, strict=True) if part.folder},
    )
