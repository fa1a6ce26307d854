"""Are two models alike in where along their depth each axis correlates with the layers?"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from reporter.errors import Degenerate
from reporter.results import Columns, Labels, Selection, Similarity
from reporter.statistics._columns import table
from reporter.statistics._depth import bin_weights
from reporter.statistics._permutations import Orders, members_of, null_distribution, plan, products, reached
from reporter.statistics._ranks import centred_ranks, fisher_z, unit_length
from reporter.statistics._strata import (
    Members,
    directions,
    informative,
    ranks_within,
    unit_rows_within,
    without_means,
)

EDGE = 1e-9  # .3 * 10 is a little more than 3, or a little less
Table = NDArray[np.float64]
Parts = tuple[Table, Table, Table, NDArray[np.intp]]  # axes, layers, weights in bins, strata of questions


def fingerprint(
    first_axes: Columns,
    first_layers: Columns,
    second_axes: Columns,
    second_layers: Columns,
    *,
    rng: Generator,
    first_strata: Labels | None = None,
    second_strata: Labels | None = None,
    blocks: Labels | None = None,
    bins: int = 10,
    deepest: float = 1.0,
    level: float = 0.95,
    permutations: int = 9999,
    splits: int = 200,
    engine: str | None = None,
    unit: str = "1",
) -> Similarity:
    """Compare two models' fingerprints: mean atanh(rho) per axis and bin of relative depth.

    Parameters
    ----------
    first_axes, second_axes : array (n, axes), any units
        The same axes, for the same n >= 8 questions in the same order.
    first_layers, second_layers : array (n, layers), any units
        The numbers of layers may differ.
    rng : numpy.random.Generator
        For orders and splits.
    first_strata, second_strata : array (n,), labels of any type, optional
        A model's strata, whose mean ranks are taken off before it is correlated: of all questions, of those
        of each half, and of the permuted ranks of each order. Without them its correlations are plain.
    blocks : array (n,), labels of any type, optional
        Questions are permuted only within a block. An order moves the questions of both models, and may
        lead from one stratum to another: a question that is cut in one model need not be cut in the other.
    bins : int
        Equal bins of l/(layers - 1).
    deepest : float
        Bins that reach beyond this relative depth are left out: .3 compares early layers only.
    level : float
        Share of splits that must agree before a fingerprint can be called a model's own.
    permutations : int
        Random orders of the questions, each applied to the axes of both models.
    splits : int
        Random splits of the questions into halves.
    engine : {"loky", "dask", "ray"}, optional
        Spread the permutations by joblib; the numbers do not depend on it.

    Returns
    -------
    Similarity
        ``p`` is one-sided: the share of joint orders in which the models are at least as alike. Unless a
        model's halves are more alike than halves of different models (``decidable``), whether
        fingerprints are unique cannot be said.

    Raises
    ------
    Degenerate
        ``mismatched_lengths``, ``not_finite``, ``too_few``, ``too_few_bins``, ``nothing_to_permute``;
        ``constant_series`` where no axis varies in both models, or no bin holds a layer that varies in both,
        each within a stratum, or where a model's axes and layers vary in no stratum together.

    References
    ----------
    Kriegeskorte, Mur, Bandettini (2008), Representational similarity analysis, doi:10.3389/neuro.06.004.2008.
    Winkler et al. (2014), Permutation inference for the general linear model, NeuroImage 92, 381-397,
    doi:10.1016/j.neuroimage.2014.01.060: permutation of residuals, here of ranks on strata.
    """
    axes = [table(first_axes, name="first_axes", least=8), table(second_axes, name="second_axes", least=8)]
    layers = [table(first_layers, name="first_layers"), table(second_layers, name="second_layers")]
    common, models = _models(axes, layers, [first_strata, second_strata], bins=bins, deepest=deepest)
    n = len(axes[0])
    orders = plan(n, strata=blocks, permutations=permutations, rng=rng)
    null = null_distribution(partial(_similarity, *models), orders, engine=engine)
    cosine = float(_similarity(*models, np.arange(n)[:, np.newaxis])[0])
    within, between = _halves(models, n=n, splits=splits, rng=rng)
    distinct = float((within > between).all(axis=0).mean())
    stratified = first_strata is not None or second_strata is not None
    return Similarity(
        cosine=cosine,
        p=orders.p_value(float(reached(null, cosine))),
        p_floor=1 / (orders.size + (not orders.exact)),
        within_first=float(within[0].mean()),
        within_second=float(within[1].mean()),
        between=float(between.mean()),
        distinct_share=distinct,
        decidable=distinct >= level,
        level=level,
        axes=Selection(indices=tuple(common.tolist()), n=axes[0].shape[1]),
        bins=bins,
        splits=splits,
        permutations=orders.size,
        n=n,
        unit=unit,
        method=f"{'stratified_' * stratified}fingerprint_cosine_{orders.name}",
    )


def _models(
    axes: list[Table], layers: list[Table], strata: list[Labels | None], *, bins: int, deepest: float
) -> tuple[NDArray[np.intp], tuple[Parts, Parts]]:
    """Keep axes and bins that are live in both models."""
    if axes[0].shape != axes[1].shape or len({len(one) for one in axes + layers}) > 1:
        shapes = ", ".join(str(one.shape) for one in axes + layers)
        raise Degenerate("mismatched_lengths", f"the shapes {shapes} do not belong together")
    members = [members_of(len(axes[0]), labels) for labels in strata]
    by_axis, by_layer = ([*map(ranks_within, tables, members)] for tables in (axes, layers))
    common = np.flatnonzero(by_axis[0].any(axis=0) & by_axis[1].any(axis=0))
    deep, depth = zip(*(_by_depth(ranks, bins) for ranks in by_layer), strict=True)
    within = np.arange(1, bins + 1) <= deepest * bins + EDGE
    filled = depth[0].any(axis=1) & depth[1].any(axis=1) & within
    if not common.size or not filled.any():
        raise Degenerate(
            "constant_series", f"{common.size} axes and {filled.sum()} bins of layers vary in both models"
        )
    for ranks, others, held in zip(by_axis, by_layer, members, strict=True):
        informative(ranks[:, common], others, held, names=("axes", "layers"))
    first, second = (
        (one[:, common].T, layer[:, at].T, weights[filled], _codes(held))
        for one, layer, at, weights, held in zip(axes, layers, deep, depth, members, strict=True)
    )
    return common, (first, second)


def _by_depth(ranks: Table, bins: int) -> tuple[NDArray[np.intp], Table]:
    """Find the layers that vary within some stratum, and the weights that average them in bins of depth."""
    count = ranks.shape[1]
    if count < 2:
        raise Degenerate("too_few", f"{count} layer has no relative depth, at least 2 are needed")
    at = np.flatnonzero(ranks.any(axis=0))
    return at, bin_weights(at, count, bins=bins)


def _codes(members: Members) -> NDArray[np.intp]:
    """Number the stratum of each question."""
    codes = np.empty(sum(one.size for one in members), dtype=np.intp)
    for code, one in enumerate(members):
        codes[one] = code
    return codes


def _similarity(first: Parts, second: Parts, orders: Orders) -> NDArray[np.float64]:
    """Find the cosine of two models' fingerprints for joint orders of the questions."""
    return _cosine(_fingerprints(first, orders), _fingerprints(second, orders))


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A model under some orders; two are the same question if all of their numbers are the same."""

    series: Parts
    orders: Orders
    digest: bytes

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self.digest == other.digest


def _asked(series: Parts, orders: Orders) -> _Asked:
    total = hashlib.sha256()
    for array in (*series, orders):
        total.update(repr(array.shape).encode())
        total.update(np.ascontiguousarray(array).tobytes())
    return _Asked(series, orders, total.digest())


def _fingerprints(series: Parts, orders: Orders) -> NDArray[np.float64]:
    """Find mean atanh(rho) per axis and bin for every order: (axes * bins, orders)."""
    return _under_orders(_asked(series, orders))


# A model meets each of the others under the same orders where the caller seeds them alike: 37 models have
# 666 pairs. What is kept is 70 numbers an order.
@lru_cache(maxsize=1024)
def _under_orders(asked: _Asked) -> NDArray[np.float64]:
    axes, layers, depth, stratum = asked.series
    members = members_of(stratum.size, stratum)
    by_axis, by_layer = (unit_rows_within(rows, members) for rows in (axes, layers))
    fixed = np.concatenate([by_layer, directions(members)])
    by_bin = []
    for _, found in products(fixed, np.ascontiguousarray(by_axis), asked.orders):
        rho, means = np.split(found, [len(by_layer)], axis=1)
        by_bin.append(depth @ fisher_z(without_means(rho, means, axis=1)))
    return np.concatenate(by_bin, axis=2).reshape(-1, asked.orders.shape[1])


def _cosine(one: NDArray[np.float64], two: NDArray[np.float64]) -> NDArray[np.float64]:
    length = np.sqrt((one**2).sum(axis=0) * (two**2).sum(axis=0))
    cosine: NDArray[np.float64] = np.divide(
        (one * two).sum(axis=0), length, out=np.zeros(length.shape), where=length > 0
    )
    return cosine


def _halves(
    models: tuple[Parts, Parts], *, n: int, splits: int, rng: Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compare halves: within each model (2, splits), and between the models (splits,)."""
    half = n // 2
    orders = np.array([rng.permutation(n) for _ in range(splits)]).T
    a, b = ([_of_parts(model, part) for model in models] for part in (orders[:half], orders[half : 2 * half]))
    within = np.array([_cosine(one, two) for one, two in zip(a, b, strict=True)])
    return within, (_cosine(a[0], b[1]) + _cosine(a[1], b[0])) / 2


def _of_parts(series: Parts, parts: Orders) -> NDArray[np.float64]:
    """Find the fingerprint of some of the questions for every choice of them: (bins * axes, choices)."""
    return _under_parts(_asked(series, parts))


@lru_cache(maxsize=256)
def _under_parts(asked: _Asked) -> NDArray[np.float64]:
    axes, layers, depth, stratum = asked.series
    parts = asked.orders
    one, two = (_unit(np.moveaxis(rows[:, parts], 0, 1), stratum[parts]) for rows in (layers, axes))
    rho = np.einsum("hls,has->las", one, two, optimize=True)
    return np.tensordot(depth, fisher_z(rho), axes=1).reshape(-1, parts.shape[1])


def _unit(values: NDArray[np.float64], stratum: NDArray[np.intp]) -> NDArray[np.float64]:
    """Rank (half, rows, choices) along the first axis, centred within strata (half, choices), of length 1.

    What is constant in every stratum of a half stays 0.
    """
    ranks = centred_ranks(values)
    for code in np.unique(stratum):
        held = (stratum == code)[:, np.newaxis]
        ranks -= held * (ranks.sum(axis=0, where=held) / np.maximum(held.sum(axis=0), 1))
    return unit_length(ranks)
