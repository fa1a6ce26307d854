"""Hand-made NPZ files of hidden states, sound and damaged; seeded, so that every run sees the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np

K, VOCABULARY = 5, 50_257
HIDDEN, LAYERS = 64, 3


def geometric(steps: int) -> np.ndarray:
    """p_i = .6 x .4^i at every step, whose entropy bounds the methods page prints."""
    return np.tile(np.log(0.6) + np.arange(K) * np.log(0.4), (steps, 1))


def arrays(tokens: tuple[int, ...] = (4, 3, 5, 2), rng: int = 7) -> dict[str, np.ndarray]:
    """One entry per key of the format; answer i has tokens[i] tokens."""
    random = np.random.default_rng(rng)
    answers, total = len(tokens), sum(tokens)
    return {
        "decay_states": random.normal(size=(answers, HIDDEN)).astype(np.float32),
        "last_token_states": random.normal(size=(answers, HIDDEN)).astype(np.float32),
        "per_layer_states": random.normal(size=(answers, LAYERS, HIDDEN)).astype(np.float16),
        "token_states": random.normal(size=(total, HIDDEN)).astype(np.float16),
        "token_offsets": np.concatenate(([0], np.cumsum(tokens))),
        "top_k_ids": random.integers(0, VOCABULARY, (total, K)).astype(np.int32),
        "top_k_logprobs": geometric(total).astype(np.float32),
        "generation_times": random.uniform(1, 2, answers),
    }


def save(path: Path, entries: dict[str, np.ndarray], *, compressed: bool = False) -> Path:
    (np.savez_compressed if compressed else np.savez)(path, **entries)
    return path


def axes(names: tuple[str, ...] = ("warm_cold", "formal_casual"), rng: int = 8) -> dict[str, np.ndarray]:
    random = np.random.default_rng(rng)
    entries: dict[str, np.ndarray] = {"_axes": np.array(names)}
    for name in names:
        vector = random.normal(size=HIDDEN)
        entries[name] = (vector / np.linalg.norm(vector)).astype(np.float32)
        entries[f"{name}_scale"] = np.float64(20.0)
    return entries
