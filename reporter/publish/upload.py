"""Send what differs, and believe a listing alone: what was cut off is looked up before it is sent again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import Any

from reporter.publish._session import PASSING, Answer, link, refuse
from reporter.publish.osf import Node, Osf, remote
from reporter.publish.plan import (
    Incomplete,
    LocalFile,
    Plan,
    PublishError,
    RemoteFile,
    RemoteFolder,
    compare,
    same,
)
from reporter.publish.receipt import Receipt, complete

PIECE = 256 * 1024  # bytes read and sent at once
LOOK_AGAIN = PASSING | {404, 409, 410, 412, 423}  # the file there is another one than we know, or none
NAMED = 5  # files that a message names

Progress = Callable[[LocalFile, int], None]


def publish(osf: Osf, node: Node, files: Sequence[LocalFile], *, progress: Progress | None = None) -> Receipt:
    """Make a project hold these files, and say so only after a last listing. Nothing there is deleted.

    Parameters
    ----------
    files : sequence of LocalFile
        What should be there, e.g. ``local_files(folder)``.
    progress : callable, optional
        Told each file and how many of its bytes were sent, from several threads.

    Raises
    ------
    PublishError
        Something would not arrive as it is, or OSF refuses it.
    Incomplete
        The last listing is not what it should be, or OSF does not answer.
    """
    there = osf.listing(node.id)
    plan = compare(files, there)
    folders = dict(there.folders)
    for name in plan.folders:
        folders[name] = _make_folder(osf, name, folders)
    sender = _Sender(osf, folders, there.files, progress or (lambda file, sent: None))
    sender.send_all(plan)
    after = osf.listing(node.id)
    wrong = [file.name for file in files if not same(file, after.files.get(file.name))]
    if wrong:
        raise Incomplete(
            f"Of {len(files)} files {len(wrong)} are not there as they are here: {_some(wrong)}.",
            where=node.id,
            remedy="Publish again.",
        )
    return complete(node, after, {file.name for file in files})


class _Sender:
    """Sends the files of one plan."""

    def __init__(
        self,
        osf: Osf,
        folders: Mapping[str, RemoteFolder],
        there: Mapping[str, RemoteFile],
        progress: Progress,
    ) -> None:
        self.osf, self.folders, self.there, self.progress = osf, folders, there, progress

    def send_all(self, plan: Plan) -> None:
        """Send several files at once; the first that cannot be sent stops the others."""
        pool = ThreadPoolExecutor(self.osf.limits.workers, thread_name_prefix="publish")
        finished = False
        try:
            running = [pool.submit(self.send, file) for file in (*plan.update, *plan.create)]
            done, _ = wait(running, return_when=FIRST_EXCEPTION)
            for each in done:
                each.result()
            finished = True
        finally:
            if not finished:  # whatever ended it, Ctrl-C among others
                self.osf.session.stopping.set()
            pool.shutdown(cancel_futures=True)

    def send(self, file: LocalFile) -> None:
        """Send a file until it is there."""
        folder = self.folders[file.name.rpartition("/")[0]]
        there, session = self.there.get(file.name), self.osf.session
        answer = Answer(status=0)
        for attempt in range(self.osf.limits.attempts):
            self._go_on(file)
            answer = self._put(file, folder, there)
            if answer.fine and _arrived(file, folder, answer):
                return
            if not answer.fine and answer.status not in LOOK_AGAIN:
                raise refuse(answer, "The file is not taken.", where=file.name)
            session.pause(attempt, answer)
            there = self.osf.look_into(folder).files.get(file.name)
            if same(file, there):
                return
        if answer.fine:
            raise Incomplete(
                "OSF holds other bytes than were sent.", where=file.name, remedy="Publish again."
            )
        raise refuse(answer, "The file did not arrive.", where=file.name)

    def _put(self, file: LocalFile, folder: RemoteFolder, there: RemoteFile | None) -> Answer:
        """Send a file once: a new version through its own link, which takes no name, or a new file."""
        name = file.name.rpartition("/")[2]
        url = (
            link(folder.upload, kind="file", name=name) if there is None else link(there.upload, kind="file")
        )
        pieces = self._pieces(file)
        return self.osf.session.ask_once("PUT", url, content=pieces, length=file.size)

    def _pieces(self, file: LocalFile) -> Iterator[bytes]:
        """Read a file that has not changed since it was listed; of one that has, the end is never sent."""
        changed = PublishError(
            "The file changed while it was being published.", where=file.name, remedy="Publish again."
        )
        digest, sent = hashlib.sha256(), 0
        try:
            with file.path.open("rb") as source:
                if os.fstat(source.fileno()).st_size != file.size:
                    raise changed
                while sent < file.size:
                    self._go_on(file)
                    piece = source.read(min(PIECE, file.size - sent))
                    digest.update(piece)
                    sent += len(piece)
                    if not piece or (sent == file.size and digest.hexdigest() != file.sha256):
                        raise changed
                    yield piece
                    self.progress(file, sent)
        except OSError as error:
            raise PublishError(f"The file cannot be read ({error.strerror}).", where=file.name) from error

    def _go_on(self, file: LocalFile) -> None:
        if self.osf.session.stopping.is_set():
            raise Incomplete("Stopped.", where=file.name)


def _arrived(file: LocalFile, folder: RemoteFolder, answer: Answer) -> bool:
    """Compare what OSF says that it stored with what was sent."""
    if not isinstance(answer.data, dict):
        return False
    stored: Any = remote(answer.data, folder.name)
    if stored.name != file.name:
        raise Incomplete(f'OSF has named it "{stored.name}".', where=file.name)
    return isinstance(stored, RemoteFile) and same(file, stored)


def _make_folder(osf: Osf, name: str, folders: Mapping[str, RemoteFolder]) -> RemoteFolder:
    """Make a folder. One that is there already is refused without its id, so it is looked up."""
    outer_name, _, last = name.rpartition("/")
    outer = folders[outer_name]
    url = link(outer.new_folder, kind="folder", name=last)
    answer = Answer(status=0)
    for attempt in range(osf.limits.attempts):
        answer = osf.session.ask_once("PUT", url, length=0)
        if not answer.fine and answer.status not in PASSING | {409}:
            break
        if answer.status in PASSING:
            osf.session.pause(attempt, answer)
        found = osf.look_into(outer).folders.get(name)
        if found is not None:
            return found
    raise refuse(answer, "The folder cannot be made.", where=name)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
