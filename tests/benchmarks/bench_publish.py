"""Speed of the publisher beside osfclient, both sending small files to the same contract server; never asserted.

Run: python tests/benchmarks/bench_publish.py [--files 200] [--latency 0.05] [--peer-files 40] [--workers 4]

The server is a process of its own and waits before each answer, as a server far away does. osfclient is asked
twice: as it is, with its brake of one request a second, on fewer files (its time goes with their number), and
with the brake taken out. The floor is what the same requests cost without a client: one PUT a file, over as
many connections. osfclient 0.0.5 is not a part of the test environment: pip install osfclient.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import importlib
import importlib.util
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from reporter.collectors.keys import Key
from reporter.publish.osf import Description, Osf
from reporter.publish.plan import local_files
from reporter.publish.upload import publish

ROOT = Path(__file__).resolve().parents[2]
PEER = """
import sys
from pathlib import Path
import requests
from osfclient.api import OSF
from osfclient.models.session import OSFSession

api, token, node, folder, braked = sys.argv[1:]
made = OSFSession.__init__
def init(self):
    made(self)
    self.base_url = api.rstrip("/")
OSFSession.__init__ = init
if braked == "no":
    OSFSession.get, OSFSession.put = requests.Session.get, requests.Session.put
storage = OSF(token=token).project(node).storage()
for path in sorted(Path(folder).rglob("*")):  # what `osf upload -r` does
    if path.is_file():
        with path.open("rb") as file:
            storage.create_file(path.relative_to(folder).as_posix(), file)
"""


@contextmanager
def server(latency: float) -> Iterator[str]:
    """Start a server in a process of its own, and give its address."""
    with subprocess.Popen(
        [sys.executable, __file__, "--serve", str(latency)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:  # fmt: skip
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.communicate("stop\n")


def contract() -> Any:
    sys.modules["tests"] = ModuleType("tests")  # some packages install one of that name
    sys.modules["tests"].__path__ = [str(ROOT / "tests")]
    return importlib.import_module("tests.publish.contract_server")


TOKEN = contract().TOKEN


def serve(latency: float) -> None:
    with contract().contract_server() as running:
        running.latency = latency
        print(running.api, flush=True)
        sys.stdin.readline()


def write_files(folder: Path, count: int) -> None:
    chance = random.Random(count)
    folder.mkdir()
    for number in range(count):
        (folder / f"file-{number:03d}.csv").write_bytes(chance.randbytes(2000))


def there(osf: Osf, node: str) -> dict[str, str | None]:
    return {name: file.sha256 for name, file in osf.listing(node).files.items()}


def here(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def ours(api: str, folder: Path, workers: int) -> tuple[float, float]:
    """Seconds of a first publication and of a second one."""
    with Osf(Key(TOKEN), api=api, workers=workers) as osf:
        node = osf.create(Description(title="Test data: benchmark"))
        times = []
        for _ in range(2):
            began = time.perf_counter()
            publish(osf, node, local_files(folder))
            times.append(time.perf_counter() - began)
        assert there(osf, node.id) == here(folder)
    return times[0], times[1]


def peer(api: str, folder: Path, *, braked: bool) -> float:
    with Osf(Key(TOKEN), api=api) as osf:
        node = osf.create(Description(title="Test data: benchmark"))
        began = time.perf_counter()
        words = [api, TOKEN, node.id, str(folder), "yes" if braked else "no"]
        subprocess.run([sys.executable, "-c", PEER, *words], check=True)
        took = time.perf_counter() - began
        assert there(osf, node.id) == here(folder), "it did not send everything"
    return took


def floor(api: str, folder: Path, workers: int) -> float:
    """The same PUTs, sent by hand."""
    with Osf(Key(TOKEN), api=api) as osf:
        node = osf.create(Description(title="Test data: benchmark"))
    host = urlsplit(api).netloc
    paths = sorted(folder.iterdir())

    def send(mine: list[Path]) -> None:
        connection = http.client.HTTPConnection(host)
        for path in mine:
            url = f"/v1/resources/{node.id}/providers/osfstorage/?kind=file&name={path.name}"
            connection.request("PUT", url, path.read_bytes(), {"Authorization": f"Bearer {TOKEN}"})
            answer = connection.getresponse()
            assert answer.status == 201, answer.status
            json.loads(answer.read())
        connection.close()

    began = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(send, [paths[i::workers] for i in range(workers)]))
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--latency", type=float, default=0.05)
    parser.add_argument("--peer-files", type=int, default=40)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--serve", type=float)
    told = parser.parse_args()
    if told.serve is not None:
        serve(told.serve)
        return
    with tempfile.TemporaryDirectory() as place, server(told.latency) as api:
        files, fewer = Path(place) / "files", Path(place) / "fewer"
        write_files(files, told.files)
        write_files(fewer, told.peer_files)
        first, second = ours(api, files, told.workers)
        least = floor(api, files, told.workers)
        rows = [
            ("ours, first time", first),
            ("ours, nothing changed", second),
            ("floor: bare requests", least),
        ]
        if importlib.util.find_spec("osfclient") is None:
            print("osfclient is not installed: pip install osfclient")
        else:
            scale = told.files / told.peer_files
            rows.append(("osfclient 0.0.5", scale * peer(api, fewer, braked=True)))
            rows.append(("osfclient 0.0.5 without its brake", peer(api, files, braked=False)))
    print(
        f"{told.files} files of 2,000 bytes, {told.latency * 1000:.0f} ms a request, {told.workers} at once"
    )
    print(f"{'':<36}{'seconds':>9}{'of ours':>9}")
    for name, seconds in rows:
        print(f"{name:<36}{seconds:>9.2f}{seconds / first:>9.2f}")
    if told.peer_files != told.files:
        print(f"(osfclient with its brake: measured on {told.peer_files} files.)")


if __name__ == "__main__":
    main()
