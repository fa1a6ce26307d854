"""Attaching to clusters: a real Dask scheduler here; Ray in tests/statistics/test_engines.py."""

from __future__ import annotations

import importlib.util
from functools import partial

import numpy as np
import pytest

from reporter import cluster
from reporter.errors import SystemPartMissing
from reporter.statistics.bootstrap import bootstrap

MEAN = partial(np.mean, axis=-1)  # which worker processes can import


def interval(engine=None):
    values = np.random.default_rng(3).normal(size=30)
    return bootstrap(values, statistic=MEAN, resamples=999, rng=np.random.default_rng(1), engine=engine)


def test_one_process_needs_no_cluster():
    with cluster.attached(None) as word:
        assert word is None
    with cluster.attached("processes") as word:
        assert word == "loky"


@pytest.mark.filterwarnings("ignore")  # of the cluster's own start-up
def test_a_dask_cluster_gives_the_same_numbers():
    distributed = pytest.importorskip("distributed")
    local = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    )
    with local, cluster.attached("dask", local.scheduler_address) as word:
        assert interval(word) == interval()


@pytest.mark.parametrize(
    ("engine", "address", "words"),
    [
        ("dask", "tcp://127.0.0.1:1", r"No Dask cluster answers at tcp://127\.0\.0\.1:1\. Start"),
        ("dask", None, "Name the scheduler: --address"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_no_cluster_is_refused_in_words(engine, address, words):
    pytest.importorskip("distributed")
    with pytest.raises(SystemPartMissing, match=words), cluster.attached(engine, address):
        pass


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    refused = pytest.raises(SystemPartMissing, match=r"needs the package ray\. Install it: pip install")
    with refused, cluster.attached("ray"):
        pass
