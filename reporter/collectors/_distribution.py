"""One step of many answers: from logits to the next tokens and what is kept of the distributions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

BLOCK = 1 << 20  # logits reduced at a time; several copies of them stay in the processor's cache
IMPOSSIBLE = -1e30  # stands for a logit of -inf, for 0 times it must be 0
WIDER = 8  # how many times more tokens are sorted where the likeliest k do not fill the nucleus


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is kept of one step, in tensors (answers,) and (answers, k)."""

    token: Any
    logprob: Any  # of the chosen token, raw
    raw_entropy: Any  # nats
    warped_entropy: Any  # nats
    top_ids: Any
    top_logprobs: Any  # raw
    missing_mass: Any


def reduce_logits(logits: Any, uniforms: Any, *, temperature: float, top_p: float, k: int) -> Step:
    """Draw the next token of each answer and reduce its distributions, a block of answers at a time.

    Parameters
    ----------
    logits : tensor (answers, vocabulary)
    uniforms : tensor (answers,), in [0, 1)
        One number per answer decides its token, so that no answer depends on its neighbours.
    temperature : float
        0 takes the likeliest token.
    top_p : float
        Only the likeliest tokens that together reach this probability can be drawn; ties at its edge stay.
    k : int
        How many of the likeliest tokens are kept.
    """
    import torch

    rows = max(1, BLOCK // logits.shape[-1])
    blocks = [
        _reduce(part.float().clamp_min(IMPOSSIBLE), chance, temperature, top_p, k)
        for part, chance in zip(logits.split(rows), uniforms.split(rows), strict=True)
    ]
    return Step(**{name: torch.cat([block[name] for block in blocks]) for name in blocks[0]})


def _reduce(logits: Any, uniforms: Any, temperature: float, top_p: float, k: int) -> dict[str, Any]:
    logs = logits.log_softmax(-1)
    probabilities = logs.exp()
    top = logs.topk(min(k, logs.shape[-1]))
    raw_entropy = _entropy(probabilities, logs)
    if temperature == 0:
        token, warped_entropy = logs.argmax(-1), raw_entropy.new_zeros(len(logs))
    else:
        if temperature != 1:
            warped = (logits / temperature).log_softmax(-1)
            probabilities = warped.exp()
        else:
            warped = logs
        warped_entropy = raw_entropy if temperature == 1 else _entropy(probabilities, warped)
        if top_p < 1:
            probabilities = _nucleus(probabilities, top.indices, top_p)
            mass = probabilities.sum(-1)
            warped_entropy = _entropy(probabilities, warped) / mass + mass.log()
        token = _draw(probabilities, uniforms)
    return {
        "token": token,
        "logprob": logs.gather(-1, token[:, None])[:, 0],
        "raw_entropy": raw_entropy.clamp_min(0),
        "warped_entropy": warped_entropy.clamp_min(0),  # rounding can leave -1e-8
        "top_ids": top.indices,
        "top_logprobs": top.values,
        "missing_mass": (1 - top.values.exp().sum(-1)).clamp_min(0),
    }


def _entropy(probabilities: Any, logs: Any) -> Any:
    """Sum -p log p; where p was set to 0 the token counts for nothing."""
    return -(probabilities * logs).sum(-1)


def _nucleus(probabilities: Any, likeliest: Any, top_p: float) -> Any:
    """Set to 0 what lies outside the nucleus; sorts all tokens only where it has to."""
    import torch

    ordered = probabilities.gather(-1, likeliest)
    reached = ordered.cumsum(-1)
    width = likeliest.shape[-1]
    edge = ordered.gather(-1, (reached < top_p).sum(-1, keepdim=True).clamp_max(width - 1))
    kept = torch.where(probabilities >= edge, probabilities, 0.0)
    wanting = (reached[:, -1] < top_p).nonzero()[:, 0]
    if len(wanting) and width < probabilities.shape[-1]:
        rest = probabilities[wanting]
        more = rest.topk(min(width * WIDER, rest.shape[-1])).indices
        kept[wanting] = _nucleus(rest, more, top_p)
    return kept


def _draw(weights: Any, uniforms: Any) -> Any:
    """Invert the cumulated weights, in the order of the vocabulary."""
    import torch

    reached = weights.cumsum(-1)
    total = reached[:, -1]
    below_total = torch.nextafter(total, torch.zeros_like(total))
    target = torch.minimum(uniforms.to(total) * total, below_total)
    return torch.searchsorted(reached, target[:, None], right=True)[:, 0]
