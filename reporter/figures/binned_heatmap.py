"""At which depth is a quantity tied to which axis, in models with different numbers of layers?"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from reporter.figures._heat import heat_panels
from reporter.figures._rows import Row


def binned_heatmap(
    rows: Sequence[Row],
    *,
    measure: str,
    depth_axis: str = "depth in %: first layer 0, last layer 100",
    models: Sequence[str] = (),
) -> Figure:
    """Show a correlation for every axis and depth bin, the models side by side.

    Columns: ``panel`` (the model), ``row`` (the axis), ``column`` (the bin: any word), ``value`` (-1 to 1).
    Bins are equal parts of the depth, from the first layer on. Cells without a number are hatched, and a
    row without any is given its words, such as "constant".
    """
    return heat_panels(rows, measure=measure, axis=depth_axis, models=models, edges=("0", "50", "100"))
