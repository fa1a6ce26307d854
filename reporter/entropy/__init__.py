"""Entropy estimators: counts, log probabilities or activations in; one ``Entropy`` record out."""
