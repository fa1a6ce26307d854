"""How spread out are the activations of each layer, when the histogram has another number of bins?"""

from __future__ import annotations

from typing import Any

from reporter.collectors.generation import Answer
from reporter.collectors.jobs import Job
from reporter.collectors.models import LocalModel
from reporter.entropy.histogram import histogram_batch

Row = dict[str, Any]
BINS = (50, 200)  # the least and the most that the Freedman-Diaconis rule is allowed in layer_states


def layer_bins(job: Job, answer: Answer, model: LocalModel) -> list[Row]:
    """Measure the entropy of an answer's activations under fixed numbers of bins: the bin rule, made again.

    Parameters
    ----------
    job : Job
    answer : Answer
    model : LocalModel

    Returns
    -------
    list of rows
        Of the state of the last step, ``layer_entropy_of_bins`` for each layer and number of :data:`BINS`.

    Raises
    ------
    Degenerate
        As :func:`~reporter.entropy.histogram.histogram`.
    """
    states = answer.last_states
    shared = job.cell(model) | {
        "measure": "layer_entropy_of_bins",
        "symbol": "activation",
        "estimator": "histogram",
        "n": states.shape[1],
        "finish_reason": answer.finish_reason,
    }
    rows = []
    for bins in BINS:
        result = histogram_batch(states, fewest=bins, most=bins)
        rows += [
            shared | {"layer": layer, "bin_rule": f"{bins}_bins", "unit": result.unit, "value": value}
            for layer, value in enumerate(result.values.tolist())
        ]
    return rows
