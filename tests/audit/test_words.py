"""The one word for each statistic."""

from __future__ import annotations

import pytest

from reporter.audit.words import label_of, statistic_of


@pytest.mark.parametrize(
    ("head", "statistic"),
    [
        ("Mean H", "mean"),
        ("Mean entropy (nats)", "mean"),
        ("100 Tokens", "mean"),
        ("Std", "sd"),
        ("Min H", "min"),
        ("Range", "range"),
        ("Δ Entropy", "change"),
        ("100→200 Change", "change"),
        ("Delta", "change"),
        ("p", "p"),
        ("Welch p", "p"),
        ("P(below cut)", ""),
        ("p below 0.05", ""),
        ("Adjusted p", "p_adjusted"),
        ("Spearman", "rho"),
        ("Interval", "interval"),
        ("95 % CI", "interval"),
        ("Predicted 500-Token Entropy", "predicted"),
        ("Behavioral eff. dim", "effective_dimension"),
        ("Dead zones", "dead_zones"),
        ("n_tokens", "n_tokens"),
        ("Layers", "layers"),
        ("Pos pole entropy", "positive_pole"),
        ("n", "n"),
        ("Provider", ""),
        ("Zone (100)", ""),
    ],
)
def test_heads(head, statistic):
    assert statistic_of(head) == statistic


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("p-value", "p"),
        ("χ²", "chi2"),
        ("|r|", "abs_r"),
        ("M", "mean"),
        ("N", "n"),
        ("Mean Change", "mean_change"),
        ("SEM", "se"),
        ("κ", "κ"),
        ("", ""),
    ],
)
def test_labels(label, name):
    assert label_of(label) == name
