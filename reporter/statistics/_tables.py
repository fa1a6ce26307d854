"""The analysis of variance of a complete table of models x prompts, one value in each cell."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reporter.errors import Degenerate


class MeanSquares(NamedTuple):
    """Mean squares and degrees of freedom of the three strata."""

    models: float
    prompts: float
    residual: float
    models_df: int
    prompts_df: int
    residual_df: int


def complete_table(values: ArrayLike) -> NDArray[np.float64]:
    """Check a table of models x prompts; raises ``not_a_table``, ``too_few``, ``not_finite``."""
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2:
        raise Degenerate("not_a_table", f"the table has shape {table.shape}, models x prompts are needed")
    if min(table.shape) < 2:
        raise Degenerate("too_few", f"{table.shape[0]} models x {table.shape[1]} prompts, 2 x 2 are needed")
    if not np.isfinite(table).all():
        raise Degenerate("not_finite", f"{np.count_nonzero(~np.isfinite(table))} cells are not finite")
    return table


def mean_squares(table: NDArray[np.float64]) -> MeanSquares:
    """Split the sum of squares; the mean goes first, so that large constant parts cost no digits."""
    centred = table - table.mean()
    models, prompts = table.shape
    by_model, by_prompt = centred.mean(axis=1), centred.mean(axis=0)
    rest = centred - by_model[:, None] - by_prompt
    df = (models - 1, prompts - 1, (models - 1) * (prompts - 1))
    return MeanSquares(
        models=prompts * float((by_model**2).sum()) / df[0],
        prompts=models * float((by_prompt**2).sum()) / df[1],
        residual=float((rest**2).sum()) / df[2],
        models_df=df[0],
        prompts_df=df[1],
        residual_df=df[2],
    )
