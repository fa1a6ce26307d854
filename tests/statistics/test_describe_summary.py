"""A published cell as it stands: the figures of the token-scaling document, and the range that it prints."""

from __future__ import annotations

import pytest

from reporter.results import Summary
from reporter.statistics.describe_summary import describe_summary


# Mean, sd, minimum, maximum and range as the document's raw data tables print them.
@pytest.mark.parametrize(
    ("mean", "sd", "low", "high", "width"),
    [
        (2.86, 0.04, 2.82, 2.90, 0.08),
        (3.01, 0.01, 3.00, 3.02, 0.02),
        (3.07, 0.13, 2.94, 3.24, 0.30),
        (3.17, 0.08, 3.09, 3.28, 0.19),
    ],
)
def test_figures_stand_and_the_range_is_the_documents(mean, sd, low, high, width):
    found = describe_summary(Summary(mean=mean, sd=sd, minimum=low, maximum=high, n=3, half_width=0.005))
    assert (found.mean, found.sd, found.minimum, found.maximum, found.n) == (mean, sd, low, high, 3)
    assert found.width == width  # exactly: no binary noise of the difference is left
    assert (found.unit, found.method) == ("nats", "as_published")


def test_the_unit_is_passed_on():
    cell = Summary(mean=1.0, sd=0.0, minimum=1.0, maximum=1.0, n=1, half_width=0.005)
    assert describe_summary(cell, unit="bits").unit == "bits"
    assert describe_summary(cell).width == 0.0
