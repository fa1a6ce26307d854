"""Publish a folder, in a process that a test kills."""

import sys
from pathlib import Path

from reporter.collectors.keys import find_key
from reporter.publish.osf import TOKEN, Osf
from reporter.publish.plan import local_files
from reporter.publish.upload import publish

api, node, folder = sys.argv[1:]
with Osf(find_key(TOKEN, needed=True), api=api) as osf:
    publish(osf, osf.node(node), local_files(Path(folder)))
