"""Real local clusters: Dask and Ray give the numbers of one process."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from reporter.statistics._correlation import absolute_product
from reporter.statistics._permutations import null_distribution, plan
from reporter.statistics._ranks import unit_ranks
from reporter.statistics.peak_scan import peak_scan


@pytest.fixture
def dask_cluster():
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster),
    ):
        yield "dask"


@pytest.fixture
def ray_cluster():
    ray = pytest.importorskip("ray")
    ray.init(num_cpus=2, include_dashboard=False, logging_level="ERROR", log_to_driver=False)
    yield "ray"
    ray.shutdown()


@pytest.fixture(params=["dask_cluster", pytest.param("ray_cluster", marks=pytest.mark.slow)])
def cluster(request):
    return request.getfixturevalue(request.param)


@pytest.mark.filterwarnings("ignore")  # of the engines themselves
def test_a_cluster_gives_the_numbers_of_one_process(cluster):
    rng = np.random.default_rng(5)
    axes, layers = rng.normal(size=(15, 2)), rng.normal(size=(15, 3))
    here, there = (
        peak_scan(axes, layers, rng=np.random.default_rng(1), permutations=4999, resamples=50, engine=engine)
        for engine in (None, cluster)
    )
    assert there == here
    of = plan(15, strata=None, permutations=3000, rng=rng, block=1)
    statistic = partial(absolute_product, unit_ranks(axes[:, 0], name="a"), unit_ranks(axes[:, 1], name="b"))
    assert (null_distribution(statistic, of, engine=cluster) == null_distribution(statistic, of)).all()
