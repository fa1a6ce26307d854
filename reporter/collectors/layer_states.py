"""How spread out are the activations of each layer, at the end of an answer and over all of it?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reporter.collectors.generation import Answer
from reporter.collectors.jobs import Job
from reporter.collectors.models import LocalModel
from reporter.entropy.histogram import histogram_batch
from reporter.entropy.spacing import spacing_batch

Row = dict[str, Any]


def layer_states(job: Job, answer: Answer, model: LocalModel) -> list[Row]:
    """Measure the entropy of an answer's activations, layer by layer.

    Parameters
    ----------
    job : Job
    answer : Answer
    model : LocalModel

    Returns
    -------
    list of rows
        Of the state of the last step, ``layer_entropy`` (histogram), ``layer_spacing`` (an estimate without
        bins) and ``layer_kurtosis`` (excess); of the mean of the states of all steps, the same with
        ``_of_mean``. Layer 0 is the embedding; it is a look-up, not something computed, and its last state
        has a histogram entropy only.

    Raises
    ------
    Degenerate
        As :func:`~reporter.entropy.histogram.histogram` and :func:`~reporter.entropy.spacing.spacing`.
    """
    shared = job.cell(model) | {
        "symbol": "activation",
        "n": answer.last_states.shape[1],
        "finish_reason": answer.finish_reason,
    }
    last, mean = answer.last_states, answer.mean_states
    measured = [*_histogram("", last), *_spacing("", last[1:], 1)]
    measured += [*_histogram("_of_mean", mean), *_spacing("_of_mean", mean, 0)]
    return [shared | row for row in measured]


def _histogram(suffix: str, states: NDArray[np.float32]) -> Iterator[Row]:
    result = histogram_batch(states)
    for layer, value in enumerate(result.values.tolist()):
        yield {
            "measure": f"layer_entropy{suffix}",
            "layer": layer,
            "estimator": "histogram",
            "bin_rule": f"{result.method}_of_{states.shape[1]}",
            "unit": result.unit,
            "value": value,
        }


def _spacing(suffix: str, states: NDArray[np.float32], first_layer: int) -> Iterator[Row]:
    result = spacing_batch(states)
    pairs = zip(result.vasicek.tolist(), result.excess_kurtosis.tolist(), strict=True)
    for layer, (vasicek, kurtosis) in enumerate(pairs, first_layer):
        yield {
            "measure": f"layer_spacing{suffix}",
            "layer": layer,
            "estimator": "vasicek",
            "unit": result.unit,
            "value": vasicek,
        }
        yield {
            "measure": f"layer_kurtosis{suffix}",
            "layer": layer,
            "estimator": "moments",
            "unit": "1",
            "value": kurtosis,
        }
