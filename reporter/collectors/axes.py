"""Where does an answer lie between the two poles of an axis?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import trim_mean

from reporter.errors import Degenerate

TRIM = 0.1  # share of the states that is left out at either end, per component
LEAST_SCALE = 0.1

Floats = NDArray[np.float64]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Axis:
    """A direction among pooled states, and what projections on it are divided by."""

    vector: Floats  # (hidden,), of length 1
    scale: float

    def project(self, states: ArrayLike) -> Floats:
        """Give the position of each state on the axis.

        Parameters
        ----------
        states : array (answers, hidden)

        Returns
        -------
        array (answers,)
            Clipped to [-1, 1].
        """
        return np.asarray(np.clip(np.asarray(states, np.float64) @ self.vector / self.scale, -1, 1))


def axis_from(positive: ArrayLike, negative: ArrayLike) -> Axis:
    """Find the direction from the negative to the positive pole of a calibration.

    Parameters
    ----------
    positive, negative : array (answers, hidden)
        Pooled states of the answers under each pole.

    Returns
    -------
    Axis
        The difference of the trimmed means, of length 1; the scale is the interquartile range of the
        projections of all states, and at least :data:`LEAST_SCALE`.

    Raises
    ------
    Degenerate
        ``too_few`` where a pole has no answer, ``not_finite``, ``poles_coincide``.

    Examples
    --------
    >>> axis_from([[3.0, 1.0], [3.0, 3.0]], [[1.0, 1.0], [1.0, 3.0]]).vector
    array([1., 0.])
    """
    poles = [np.asarray(pole, np.float64) for pole in (positive, negative)]
    for name, pole in zip(("positive", "negative"), poles, strict=True):
        if pole.ndim != 2 or not len(pole):
            raise Degenerate(
                "too_few", f"the {name} pole has states of shape {pole.shape}, (answers, hidden) is needed"
            )
        if not np.isfinite(pole).all():
            raise Degenerate("not_finite", f"the {name} pole has states that are not finite")
    difference = trim_mean(poles[0], TRIM, axis=0) - trim_mean(poles[1], TRIM, axis=0)
    length = float(np.linalg.norm(difference))
    if length == 0:
        raise Degenerate(
            "poles_coincide", "the trimmed means of the two poles are equal, there is no direction"
        )
    vector = difference / length
    low, high = np.percentile(np.concatenate(poles) @ vector, [25, 75])
    return Axis(vector, max(float(high - low), LEAST_SCALE))


def calibrate(states: Sequence[Row]) -> tuple[dict[str, Axis], list[Row]]:
    """Make the axes of a collection from the pooled states of its calibration answers.

    Parameters
    ----------
    states : sequence of rows
        The columns of observations, and ``state`` (hidden,). Rows without a pole are no calibration.

    Returns
    -------
    (mapping of axis name to Axis, ledger)
        An axis that cannot be made is in the ledger, with the reason.
    """
    poles: dict[str, dict[str, list[list[float]]]] = {}
    for row in states:
        if row["pole"]:
            poles.setdefault(row["axis"], {}).setdefault(row["pole"], []).append(row["state"])
    made: dict[str, Axis] = {}
    ledger: list[Row] = []
    for name, pole in poles.items():
        try:
            made[name] = axis_from(pole.get("positive", []), pole.get("negative", []))
        except Degenerate as error:
            ledger.append({"what": f"axis {name}", "rule": "axis_from", "reason": error.reason, "count": 1})
    return made, ledger


def axis_projection(axes: Mapping[str, Axis], row: Row) -> list[Row]:
    """Measure where one answer's pooled state lies on each axis; a calibration answer, on its own axis.

    Parameters
    ----------
    axes : mapping of axis name to Axis
    row : mapping
        The columns that all rows of the answer share, and ``state`` (hidden,).

    Returns
    -------
    list of rows
        ``axis_projection``, one per axis.
    """
    shared = {name: value for name, value in row.items() if name != "state"}
    state = np.asarray(row["state"])[None]
    return [
        {
            **shared,
            "address": f"{row['address']}@{row['token_limit']}/axis_projection/{name}",
            "axis": name,
            "measure": "axis_projection",
            "unit": "projection",
            "value": float(axis.project(state)[0]),
        }
        for name, axis in axes.items()
        if not row["pole"] or row["axis"] == name
    ]


def axis_scale(axes: Mapping[str, Axis], row: Row) -> list[Row]:
    """Keep what projections on each axis are divided by.

    Parameters
    ----------
    axes : mapping of axis name to Axis
    row : mapping
        Any calibration answer of the model.
    """
    names = ("study", "source", "origin", "model", "revision", "provider", "family", "model_kind",
             "quantisation", "prompt_set", "run")  # fmt: skip
    return [
        {name: row[name] for name in names}
        | {
            "address": f"{row['model']}/axis_scale/{axis}",
            "axis": axis,
            "measure": "axis_scale",
            "unit": "activation",
            "value": made.scale,
        }
        for axis, made in axes.items()
    ]
