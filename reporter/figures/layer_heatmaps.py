"""At which layers of each model is a quantity tied to which axis?"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from reporter.figures._heat import heat_panels
from reporter.figures._rows import Row


def layer_heatmaps(
    rows: Sequence[Row],
    *,
    measure: str,
    layer_axis: str = "layer",
    significant: str = "significant",
    models: Sequence[str] = (),
) -> Figure:
    """Show a correlation for every axis and layer, a panel per model, and mark what is significant.

    Columns: ``panel`` (the model), ``row`` (the axis), ``column`` (the layer), ``value`` (-1 to 1),
    ``significant`` ("yes" is marked: a line above the cell where the value is positive, below it where it
    is negative). Each panel has the layers of its own model. Cells without a number are hatched, and a
    row without any is given its words.
    """
    return heat_panels(rows, measure=measure, axis=layer_axis, models=models, significant=significant)
