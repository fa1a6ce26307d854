"""What `publish --to osf` does: says what would change, does it, and then what else was asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reporter.cli._here import shown, steps
from reporter.cli._packing import pack, signed, size_of
from reporter.cli._sending import sending
from reporter.errors import EXIT_FINE, EXIT_REPORT_SAYS_NO

if TYPE_CHECKING:
    from reporter.collectors.keys import Key
    from reporter.publish.deliver import Delivered, Wishes
    from reporter.publish.deposit import Deposit
    from reporter.publish.identity import Term
    from reporter.publish.osf import Description, Node, Osf
    from reporter.publish.plan import LocalFile, Plan
    from reporter.publish.receipt import Receipt
    from reporter.publish.registration import Planned
    from reporter.study import Study

BLIND = "-blind"  # behind a study's name: its blind deposit and receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked of OSF, beside the study."""

    node: str | None = None
    api: str | None = None
    yes: bool = False
    workers: int | None = None
    public: bool = False
    doi: bool = False
    blind: bool = False
    register: bool = False
    subjects: tuple[str, ...] = ()
    submit: bool = False
    confirm: str | None = None

    def refuse(self) -> None:
        """Refuse words that contradict each other."""
        if self.blind and (self.public or self.doi or self.register):
            raise click.UsageError("--blind is for a private project: leave out --public, --doi, --register.")
        if self.submit and not self.register:
            raise click.UsageError("--submit-registration needs --register.")
        if self.register != bool(self.subjects):
            raise click.UsageError("--register needs at least one --subject, and --subject needs --register.")
        if self.confirm is not None and not self.submit:
            raise click.UsageError("--confirm is for --submit-registration.")

    def then(self) -> Iterator[str]:
        """Say what is done once the files are there."""
        yield from ["make a link for reviewers, and read it as a stranger"] if self.blind else []
        yield from ["make the project public, for good"] if self.public else []
        yield from ["ask for a DOI, which stays"] if self.doi else []
        yield from ["write the frozen plan into a draft registration"] if self.register else []
        yield from ["submit it, which cannot be undone"] if self.submit else []


def to_osf(root: Path, name: str, asked: Asked) -> int:
    """Say what would change on OSF, and do it if it was asked for; the exit code."""
    from reporter.publish.packages import check_installed

    check_installed("httpcore", "httpx", "rocrate")
    from reporter.publish import receipt as receipts
    from reporter.publish.osf import API, Osf
    from reporter.publish.plan import Listing, compare, local_files

    api = (asked.api or API).rstrip("/") + "/"
    path = receipts.place_of(root, f"{name}{BLIND}" if asked.blind else name)
    past = _past(path, asked)
    target = asked.node or _node_of_receipt(path, past, api)
    token = _token(needed=asked.yes or target is not None)
    if not token:
        study, made, _ = _packed(root, name, asked)
        _say_plan(compare(local_files(made.folder), Listing(files={}, folders={})), None, ())
        _say_then(asked)
        click.echo(signed(study))
        click.echo("Nothing was sent. To do it, set OSF_TOKEN and say --yes.")
        return EXIT_FINE
    with Osf(token, api=api, workers=asked.workers) as osf:
        osf.me()
        there = None if target is None else osf.node(target)
        _refuse_early(asked, there)
        planned = _planned(root, name, asked)
        study, made, terms = _packed(root, name, asked)
        job = _Job(osf, asked, _wishes(study, asked), local_files(made.folder), terms, path, past, planned)
        plan = job.say_plan(there)
        click.echo(signed(study))
        if not asked.yes:
            click.echo("Nothing was sent. Do it with --yes.")
            return EXIT_FINE
        return job.do(there, plan)


@dataclass(frozen=True, slots=True)
class _Job:
    """One publication: everything that it needs is known."""

    osf: Osf
    asked: Asked
    wishes: Wishes
    files: Sequence[LocalFile]
    terms: Sequence[Term]
    path: Path
    past: Receipt | None
    planned: Planned | None

    def say_plan(self, there: Node | None) -> Plan:
        from reporter.publish.deliver import preview

        found = preview(self.osf, there, self.files, self.wishes)
        described = () if there is None else _to_describe(self.osf, there, self.wishes.description)
        for title in found.new_components:
            click.echo(f'{"component":<11} "{title}"')
        _say_plan(found.plan, there, described)
        for warning in found.warnings:
            click.echo(f"Nearly full: {warning}")
        _say_then(self.asked)
        return found.plan

    def do(self, there: Node | None, plan: Plan) -> int:
        """Make what was planned so; the receipt is begun before the first byte, so that one can go on."""
        from reporter.publish import receipt as receipts
        from reporter.publish.deliver import deliver

        node = there or self.osf.create(self.wishes.description)
        if there is None:
            click.echo(f"Made {node.url or node.id}, private.")
        receipts.set_aside(self.path, node.id)
        begun = self._kept(replace(receipts.begin(node), api=self.osf.session.api))
        receipts.write(self.path, begun)
        with sending(plan) as progress:
            done = deliver(
                self.osf, node, self.files, self.wishes, terms=self.terms, progress=progress, step=_say
            )
        receipt = self._kept(replace(done.receipt, api=begun.api, title=self.wishes.description.title))
        receipts.write(self.path, receipt)
        kept = f", {len(plan.keep)} of them were there" if plan.keep else ""
        click.echo(f"{receipt.url or receipt.node}: {len(receipt.files)} files as they are here{kept}.")
        _say_done(done)
        if self.planned is not None:
            self._register(receipt)
        click.echo(f"Receipt: {shown(self.path)}")
        return EXIT_FINE if done.fine else EXIT_REPORT_SAYS_NO

    def _kept(self, receipt: Receipt) -> Receipt:
        """Carry on what an earlier receipt of the same project says, and a new one does not."""
        past = self.past
        if past is None or past.node != receipt.node:
            return receipt
        return replace(receipt, doi=receipt.doi or past.doi, draft=past.draft, registration=past.registration)

    def _register(self, receipt: Receipt) -> None:
        from reporter.publish import receipt as receipts
        from reporter.publish.plan import PublishError
        from reporter.publish.registration import draft, submit

        if receipt.registration:
            raise PublishError(
                f"The project is registered already ({receipt.registration}).", where=self.path
            )
        assert self.planned is not None
        made = draft(self.osf, receipt.node, self.planned, known=receipt.draft or None)
        receipt = replace(receipt, draft=made.id)
        receipts.write(self.path, receipt)
        click.echo(f"Draft registration {made.id}: the frozen plan, as only its authors can read it.")
        if self.asked.submit:
            typed = self._confirmed(receipt.node)
            found = submit(self.osf, made, confirmed=typed, components=[*receipt.components.values()])
            receipts.write(self.path, replace(receipt, registration=found))
            click.echo(f"Registered as {found}; its admins approve it, or 48 hours do.")

    def _confirmed(self, node: str) -> str:
        if self.asked.confirm is not None or not sys.stdin.isatty():
            return self.asked.confirm or ""
        click.echo("A registration freezes the project as it is now, and cannot be undone.", err=True)
        return str(click.prompt(f"Type the id of the project ({node}) to register it", default="", err=True))


def _past(path: Path, asked: Asked) -> Receipt | None:
    """Read the receipt of the last time; one that is damaged matters only if no project is named."""
    from reporter.publish import receipt as receipts
    from reporter.publish.plan import Incomplete

    try:
        return receipts.read(path)
    except Incomplete:
        if asked.node is None:
            raise
        return None


def _packed(root: Path, name: str, asked: Asked) -> tuple[Study, Deposit, tuple[Term, ...]]:
    """Make the deposit; a blind one out of a study without authors, which is built for that."""
    if not asked.blind:
        return *pack(root, name), ()
    from reporter import pipeline
    from reporter.project import load_study
    from reporter.publish.blind import blind_deposit
    from reporter.publish.deposit import deposit
    from reporter.publish.receipt import DEPOSITS

    def make(project: Path, target: Path) -> Deposit:
        pipeline.build(project, name)
        return deposit(project / "reports" / name, project / "inputs" / name, target)

    target = root / DEPOSITS / f"{name}{BLIND}"
    with steps() as step:
        step(f"Building {name} without its authors, packing it, and looking for them in it")
        made, terms = blind_deposit(root, name, target, make)
    return load_study(target, name), made, terms


def _wishes(study: Study, asked: Asked) -> Wishes:
    from reporter.publish.deliver import Wishes
    from reporter.publish.metadata import LANGUAGES, Funder, ItemMetadata

    about = study.about
    return Wishes(
        description=_description(study),
        metadata=ItemMetadata(
            language=LANGUAGES.get(about.language, about.language),
            resource_type_general="Dataset",
            funders=tuple(Funder(funder_name=paid.funder, award_number=paid.award) for paid in about.funding),
        ),
        components=about.components,
        public=asked.public,
        doi=asked.doi,
        blind=asked.blind,
    )


def _planned(root: Path, name: str, asked: Asked) -> Planned | None:
    """Find the frozen plan that is to be registered, before anything is sent."""
    if not asked.register:
        return None
    from reporter.preregistration.document import registration_summary
    from reporter.preregistration.frozen import read_plans
    from reporter.project import load_study
    from reporter.publish.plan import PublishError
    from reporter.publish.registration import Planned

    study = load_study(root, name)
    plans = read_plans(study)
    if not plans:
        raise PublishError(
            "No plan is frozen that could be registered.",
            where=study.folder,
            remedy=f"Run `report freeze --study {name}` first.",
        )
    wanted = _description(study)
    return Planned(
        title=wanted.title,
        description=wanted.description,
        tags=wanted.tags,
        responses={"summary": registration_summary(plans[-1])},
        subjects=asked.subjects,
    )


def _refuse_early(asked: Asked, there: Node | None) -> None:
    """Refuse what could not be done in the end, before the deposit is made."""
    from reporter.publish.plan import PublishError
    from reporter.publish.viewonly import refuse_public

    if asked.doi and not asked.public and not (there and there.public):
        raise PublishError("A private project gets no DOI.", remedy="Add --public, which is for good.")
    if asked.blind and there is not None:
        refuse_public(there)


def _say(words: str) -> None:
    click.echo(words, err=True)


def _say_then(asked: Asked) -> None:
    for words in asked.then():
        click.echo(f"{'then':<11} {words}")


def _say_done(done: Delivered) -> None:
    for warning in done.warnings:
        click.echo(f"Nearly full: {warning}")
    if done.doi:
        click.echo(f"DOI: {done.doi}. Write it into study.toml, build, and publish again to have it cited.")
    if done.read is not None and done.link is not None:
        for line in done.read.lines():
            click.echo(line)
        if done.fine:
            click.echo(f"Link for reviewers: {done.link.url}")
        else:
            click.echo("Give no link away: what leaks above is ours. Mend it, and publish again.", err=True)


def _token(*, needed: bool) -> Key:
    from reporter.collectors.keys import SERVICE, find_key
    from reporter.publish.osf import TOKEN
    from reporter.publish.plan import PublishError

    token = find_key(TOKEN, needed=False)
    if needed and not token:
        raise PublishError(
            "There is no token for OSF.",
            remedy=f"Make one at osf.io/settings/tokens with the scope osf.full_write; then set {TOKEN}, or "
            f"store it: keyring set {SERVICE} {TOKEN}.",
        )
    return token


def _node_of_receipt(path: Path, past: Receipt | None, api: str) -> str | None:
    """Find the project of the last time; on another installation it would be somebody else's."""
    from reporter.publish.plan import PublishError

    if past is None:
        return None
    if past.api and past.api != api:
        raise PublishError(
            f"The last time the study went to {past.api}, and now to {api}.",
            where=path,
            remedy="Name the project with --node, or move the receipt away to have a new one made.",
        )
    return past.node


def _description(study: Study) -> Description:
    from reporter.publish.licence import of_data
    from reporter.publish.osf import Description

    about = study.about
    return Description(
        title=about.title,
        description=" ".join(about.hypothesis.split()),
        tags=tuple(dict.fromkeys(about.keywords)),
        licence=of_data(about).osf,
    )


def _to_describe(osf: Osf, node: Node, wanted: Description) -> tuple[str, ...]:
    """Name what a project says otherwise of itself, with what it says now."""
    said = osf.get(osf.url(node.id), "The project cannot be read.", where=node.id)["attributes"]
    now = {
        "title": (said["title"], wanted.title),
        "description": (said["description"] or "", wanted.description),
        "category": (said["category"], wanted.category),
        "tags": (sorted(said["tags"]), sorted(wanted.tags)),
    }
    return tuple(f"{name}, now {old!r}" for name, (old, new) in now.items() if old != new)


def _say_plan(plan: Plan, node: Node | None, described: tuple[str, ...]) -> None:
    """Print what would change, file by file, and then in one line."""
    for line in plan.lines():
        click.echo(line)
    for words in described:
        click.echo(f"{'describe':<11} {words}")
    where = "a new private project"
    if node is not None:
        seen = "everybody can read it" if node.public else "private"
        where = f'"{node.title}" ({node.url or node.id}, {seen})'
    counts = {
        "create": plan.create, "update": plan.update, "keep": plan.keep, "leave alone": plan.remote_only,
    }  # fmt: skip
    told = ", ".join(f"{len(files)} to {word}" for word, files in counts.items() if files)
    size = sum(file.size for file in (*plan.create, *plan.update))
    click.echo(f"For {where}: {told}; {size_of(size)} to send.")
