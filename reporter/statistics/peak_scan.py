"""Where, over layers and axes, is the rank correlation largest, and is that more than chance finds?"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from reporter.results import AxisPeak, Columns, Labels, MaxStatistic, PeakScan
from reporter.statistics._columns import Live, live_pair
from reporter.statistics._depth import bin_weights, relative_depth
from reporter.statistics._peak_support import peak_support
from reporter.statistics._permutations import Block, Plan, joined, plan, products, run
from reporter.statistics._ranks import TIE, fisher_z
from reporter.statistics.max_statistic import max_statistic

Cells = NDArray[np.float64]  # (axes, layers)


def peak_scan(
    axes: Columns,
    layers: Columns,
    *,
    rng: Generator,
    strata: Labels | None = None,
    level: float = 0.95,
    permutations: int = 9999,
    resamples: int = 999,
    bins: int = 10,
    engine: str | None = None,
    unit: str = "1",
) -> PeakScan:
    """Correlate every axis with every layer and judge the peaks by the permutation of their maximum.

    Parameters
    ----------
    axes : array (n, axes), any units
        One row per answer.
    layers : array (n, layers), any units
        The same answers. Whether layer 0 may be scanned is the caller's decision.
    rng : numpy.random.Generator
        For orders and resamples.
    strata : array (n,), labels of any type, optional
        Answers are permuted only within a stratum (block of questions, finish reason).
    level : float
        Level of the threshold, of the count of single cells, and of ``not_worse``.
    permutations : int
        Random orders, where more than 9! orders exist; otherwise all are enumerated.
    resamples : int
        Resamples of answers for the support of a peak.
    bins : int
        Equal bins of l/(layers - 1), in which cells are averaged by their atanh.
    engine : str, optional
        Spread the permutations by joblib: ``"loky"``, ``"dask"``, ``"ray"``. Changes no number.

    Returns
    -------
    PeakScan
        Constant axes and layers are dropped; ``cells`` is the size of the family that is left, and every
        axis and layer is named by its column in the input. ``p`` stands against the largest cell of all;
        each live axis is a member, with its own p over layers and one stepped down over axes. A peak has
        support and rivals, never an interval of layers. The bins of a member describe, and are not tested;
        an |rho| of 1 counts there as 1 - 1e-12, whose atanh is finite.

    Raises
    ------
    Degenerate
        ``mismatched_lengths``, ``not_finite``, ``too_few``, ``too_few_bins``; ``constant_series`` where no
        axis or no layer varies; ``nothing_to_permute`` where every stratum has one member.

    References
    ----------
    Westfall, Young (1993), Resampling-based multiple testing, Wiley.
    Nichols, Holmes (2002), Nonparametric permutation tests for functional neuroimaging, Human Brain
    Mapping 15, 1-25, doi:10.1002/hbm.1058.
    """
    by_axis, by_layer = live_pair(axes, layers, names=("axes", "layers"))
    cells = by_axis.ranks @ by_layer.ranks.T
    peaks = np.abs(cells).max(axis=1)
    orders = plan(by_axis.n, strata=strata, permutations=permutations, rng=rng)
    null, singly = _null(by_axis.ranks, by_layer.ranks, np.abs(cells), orders, engine=engine)
    family = max_statistic(peaks, null, level=level, exact=orders.exact)
    best, layer = divmod(_first_largest(np.abs(cells).ravel()), cells.shape[1])
    return PeakScan(
        r=float(cells[best, layer]),
        axis=int(by_axis.positions[best]),
        layer=int(by_layer.positions[layer]),
        p=family.p_single_step[best],
        p_floor=family.p_floor,
        threshold=family.threshold,
        members=_peaks(
            by_axis, by_layer, cells, family, resamples=resamples, bins=bins, level=level, rng=rng
        ),
        live_axes=by_axis.selection(),
        live_layers=by_layer.selection(),
        cells=cells.size,
        cells_singly=int((singly < round(1 - level, 9)).sum()),
        cells_surviving=int(_surviving(cells, family).sum()),
        level=level,
        permutations=orders.size,
        resamples=resamples,
        n=by_axis.n,
        unit=unit,
        method=f"max_spearman_{orders.name}",
    )


def _null(
    axes: NDArray[np.float64],
    layers: NDArray[np.float64],
    observed: Cells,
    orders: Plan,
    *,
    engine: str | None,
) -> tuple[NDArray[np.float64], Cells]:
    """Find each axis' largest |r| per order (orders, axes), and the p value of each cell alone."""
    jobs = [partial(_scan, axes, layers, observed - TIE, block) for block in orders.blocks]
    maxima, counts = zip(*run(jobs, engine), strict=True)
    return joined(maxima), orders.p_value(np.sum(counts, axis=0))


def _scan(
    axes: NDArray[np.float64], layers: NDArray[np.float64], reach: Cells, block: Block
) -> tuple[NDArray[np.float64], Cells]:
    """Correlate all cells for a block of orders, which move the axes' values from answer to answer.

    In double precision: cells that are equal in theory then agree to 1e-15, far below the distance of
    different ones. Single precision would save a fifth of the time, the rest being memory and counting,
    and could not tell ties from neighbours.
    """
    orders = block()
    maxima, counts = np.empty((orders.shape[1], len(axes))), np.zeros_like(reach)
    for part, correlations in products(layers, axes, orders):
        absolute = np.abs(correlations, out=correlations)
        maxima[part] = absolute.max(axis=1).T
        counts += np.count_nonzero(absolute >= reach[:, :, np.newaxis], axis=2)
    return maxima, counts


def _peaks(
    axes: Live,
    layers: Live,
    cells: Cells,
    family: MaxStatistic,
    *,
    resamples: int,
    bins: int,
    level: float,
    rng: Generator,
) -> tuple[AxisPeak, ...]:
    absolute, surviving = np.abs(cells), _surviving(cells, family)
    at = np.array([_first_largest(row) for row in absolute])
    share, not_worse = peak_support(axes.values, layers.values, at, resamples=resamples, level=level, rng=rng)
    depths = relative_depth(layers.positions, layers.total)
    binned = _binned(cells, bin_weights(layers.positions, layers.total, bins=bins))
    return tuple(
        AxisPeak(
            axis=int(axes.positions[row]),
            layer=int(layers.positions[at[row]]),
            layers=layers.selection(absolute[row] >= absolute[row, at[row]] - TIE),
            depth=float(depths[at[row]]),
            r=float(cells[row, at[row]]),
            p=family.p[row],
            p_step_down=family.p_step_down[row],
            support=float(share[row]),
            not_worse=layers.selection(not_worse[row]),
            threshold=family.threshold,
            survives=bool(surviving[row, at[row]]),
            surviving=layers.selection(surviving[row]),
            cells=tuple(cells[row].tolist()),
            at=tuple(layers.positions.tolist()),
            depths=tuple(depths.tolist()),
            survive=tuple(surviving[row].tolist()),
            bins=binned[row],
        )
        for row in range(axes.positions.size)
    )


def _binned(cells: Cells, weights: NDArray[np.float64]) -> list[tuple[float | None, ...]]:
    """Average each axis' cells in bins of depth, by their atanh; None where a bin holds no live layer."""
    filled = weights.sum(axis=1) > 0
    means = np.tanh(fisher_z(cells) @ weights.T)
    return [
        tuple(mean if held else None for mean, held in zip(row, filled, strict=True))
        for row in means.tolist()
    ]


def _surviving(cells: Cells, family: MaxStatistic) -> NDArray[np.bool_]:
    """Say which cells exceed the threshold of the whole family."""
    return np.abs(cells) > family.threshold + TIE


def _first_largest(values: NDArray[np.float64]) -> int:
    """Find the first of the largest values; noise in the last digit must not choose among ties."""
    return int((values >= values.max() - TIE).argmax())
