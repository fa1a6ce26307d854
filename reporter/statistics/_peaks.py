"""The scan that peak_scan and stratified_peak_scan share: all cells, their permutations, and the peaks."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from reporter.results import AxisPeak, MaxStatistic, PeakScan
from reporter.statistics._columns import Live
from reporter.statistics._depth import bin_weights, relative_depth
from reporter.statistics._peak_support import peak_support
from reporter.statistics._permutations import Block, Plan, joined, products, run
from reporter.statistics._ranks import TIE, fisher_z, unit_length
from reporter.statistics._strata import Members, ranks_within
from reporter.statistics.max_statistic import max_statistic

Cells = NDArray[np.float64]  # (axes, layers)


def scan(
    by_axis: Live,
    by_layer: Live,
    orders: Plan,
    *,
    members: Members,
    level: float,
    resamples: int,
    bins: int,
    engine: str | None,
    rng: Generator,
    n: int,
    unit: str,
    method: str,
) -> PeakScan:
    """Correlate every axis with every layer and judge the largest by its permutations.

    Parameters
    ----------
    by_axis, by_layer : Live
        Columns that vary within some stratum of ``members``.
    orders : Plan
        Its strata may be finer than ``members``, never coarser.
    members : list of arrays
        Positions of the answers of each stratum whose mean rank is taken off, and within which answers are
        drawn for the support of a peak: one stratum of all for a plain rank correlation.
    n : int
        What the record says: answers that carry information.
    """
    axes, layers = (_rows(columns, members) for columns in (by_axis, by_layer))
    cells = axes @ layers.T
    absolute = np.abs(cells)
    null, singly = _null(axes, layers, absolute, orders, engine=engine)
    family = max_statistic(absolute.max(axis=1), null, level=level, exact=orders.exact)
    best, layer = divmod(_first_largest(absolute.ravel()), cells.shape[1])
    peaks = _peaks(
        by_axis, by_layer, cells, family, members, resamples=resamples, bins=bins, level=level, rng=rng
    )
    return PeakScan(
        r=float(cells[best, layer]),
        axis=int(by_axis.positions[best]),
        layer=int(by_layer.positions[layer]),
        p=family.p_single_step[best],
        p_floor=family.p_floor,
        threshold=family.threshold,
        members=peaks,
        live_axes=by_axis.selection(),
        live_layers=by_layer.selection(),
        cells=cells.size,
        cells_singly=int((singly < round(1 - level, 9)).sum()),
        cells_surviving=int(_surviving(cells, family).sum()),
        level=level,
        permutations=orders.size,
        resamples=resamples,
        n=n,
        unit=unit,
        method=f"{method}_{orders.name}",
    )


def _rows(columns: Live, members: Members) -> NDArray[np.float64]:
    """Rank each column, centred within strata: (live, n), each row of length 1."""
    return np.ascontiguousarray(unit_length(ranks_within(columns.values, members)).T)


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
    members: Members,
    *,
    resamples: int,
    bins: int,
    level: float,
    rng: Generator,
) -> tuple[AxisPeak, ...]:
    absolute, surviving = np.abs(cells), _surviving(cells, family)
    at = np.array([_first_largest(row) for row in absolute])
    share, not_worse = peak_support(
        axes.values, layers.values, at, members, resamples=resamples, level=level, rng=rng
    )
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
