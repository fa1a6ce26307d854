"""Generate many answers at once and keep of each step only what is asked: no scores, no stacked states.

An answer's tokens depend on its prompt and seed alone. Prompts are padded on the left and masked, each
answer draws its own random numbers, and answers that have ended leave the batch. Numbers of one answer
differ between batches only by the rounding of matrix products, which can move a token across the edge of the
nucleus where the likeliest tokens reach top-p within 1e-6.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from reporter.collectors._cache import preallocated_cache
from reporter.collectors._distribution import Step, reduce_logits
from reporter.collectors.models import LocalModel

LAYER_WEIGHTS = (0.1, 0.2, 0.3, 0.4)  # of the last four layers, the deepest last
DECAY = 0.9  # weight of a token: DECAY to the power of its distance from the last
WORTH_COMPACTING = 7 / 8  # share of unfinished answers below which the others are dropped from the batch

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How tokens are drawn. Temperature 0 takes the likeliest; a model's own defaults are not used."""

    token_limit: int
    temperature: float = 1.0
    top_p: float = 1.0


@dataclass(frozen=True, slots=True)
class Request:
    """One answer to generate: the prompt's tokens, and the seed of its random numbers."""

    prompt_ids: Sequence[int]
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer and what was measured of it. The token that ends an answer is a step, but not a token.

    The state of step t is the one from which token t was drawn, the embedding layer first and the last layer
    after its norm; means over steps include the step that ended the answer.
    """

    tokens: NDArray[np.int32]  # (steps,)
    n_tokens: int  # without the one that ended the answer
    finish_reason: Literal["stop", "length"]
    logprobs: Floats  # (steps,), raw, of the chosen tokens
    raw_entropy: Floats  # (steps,), nats
    warped_entropy: Floats  # (steps,), nats
    top_ids: NDArray[np.int32]  # (steps, k)
    top_logprobs: Floats  # (steps, k), raw
    missing_mass: Floats  # (steps,)
    last_states: Floats  # (layers + 1, hidden), of the last step
    mean_states: Floats  # (layers + 1, hidden), over steps
    decayed_state: Floats  # (hidden,), last four layers, later steps weigh more


def generate(
    model: LocalModel, requests: Sequence[Request], sampling: Sampling, *, k: int = 50, batch_size: int = 32
) -> Iterator[tuple[int, Answer]]:
    """Generate answers batch by batch, prompts of like length together.

    Parameters
    ----------
    model : LocalModel
    requests : sequence of Request
    sampling : Sampling
    k : int
        How many of the likeliest tokens to keep at each step.
    batch_size : int
        Memory grows with it, and with nothing else but the token limit.

    Yields
    ------
    (place of the request, Answer)
    """
    order = sorted(range(len(requests)), key=lambda place: len(requests[place].prompt_ids))
    for start in range(0, len(order), batch_size):
        places = order[start : start + batch_size]
        yield from zip(places, generate_batch(model, [requests[i] for i in places], sampling, k), strict=True)


def generate_batch(
    model: LocalModel, requests: Sequence[Request], sampling: Sampling, k: int = 50
) -> Iterator[Answer]:
    """Generate the answers of one batch, in the order of the requests."""
    import torch

    with torch.inference_mode():
        batch = _Batch(model, requests, sampling, k)
        batch.read_prompts()
        for step in range(sampling.token_limit):
            batch.advance(step)
            if not len(batch.going):
                break
        yield from batch.answers()


class _Batch:
    """Answers in the making. A slot is an answer's place in the records, a row its place in the batch."""

    def __init__(self, model: LocalModel, requests: Sequence[Request], sampling: Sampling, k: int) -> None:
        import torch

        self.model, self.sampling = model, sampling
        self.k = min(k, model.vocabulary)
        device = model.device
        n, limit = len(requests), sampling.token_limit
        lengths = [len(request.prompt_ids) for request in requests]
        self.width = max(lengths)
        self.ids = torch.zeros(n, self.width, dtype=torch.long, device=device)
        self.mask = torch.ones(n, self.width + limit, dtype=torch.bool, device=device)
        for row, request in enumerate(requests):
            self.ids[row, self.width - lengths[row] :] = torch.as_tensor(request.prompt_ids, device=device)
            self.mask[row, : self.width - lengths[row]] = False
        self.lengths = torch.as_tensor(lengths, device=device)
        uniforms = np.stack([np.random.default_rng(request.seed).random(limit) for request in requests])
        self.uniforms = torch.as_tensor(uniforms, dtype=torch.float32, device=device)
        self.ends = torch.as_tensor(model.end_ids, dtype=torch.long, device=device)
        self.cache = preallocated_cache(model.network.config, self.width + limit)
        self.slots = torch.arange(n, device=device)
        self.going = torch.arange(n, device=device)  # rows of unfinished answers
        self.steps = torch.zeros(n, dtype=torch.long, device=device)
        self.stopped = torch.zeros(n, dtype=torch.bool, device=device)
        self.records: dict[str, Any] = {}
        self.states: dict[str, Any] = {}

    def read_prompts(self) -> None:
        """Fill the cache with all of the prompts but their last tokens, which the first step reads."""
        if self.width > 1:
            self._run(self.model.network.base_model, self.ids[:, :-1], self.mask[:, : self.width - 1])
        self.ids = self.ids[:, -1:]

    def advance(self, step: int) -> None:
        """Read one token of each answer and draw the next one of those that go on."""
        import torch

        output = self._run(
            self.model.network, self.ids, self.mask[:, : self.width + step], output_hidden_states=True
        )
        going, slots = self.going, self.slots[self.going]
        reduced = reduce_logits(
            output.logits[going, -1],
            self.uniforms[going, step],
            temperature=self.sampling.temperature,
            top_p=self.sampling.top_p,
            k=self.k,
        )
        self._record(step, slots, reduced)
        self._pool(step, slots, torch.stack([layer[going, -1].float() for layer in output.hidden_states], 1))
        ended = torch.isin(reduced.token, self.ends)
        self.steps[slots] = step + 1
        self.stopped[slots] = ended
        self.ids[going] = reduced.token[:, None]
        self.going = going[~ended]
        if 0 < len(self.going) <= WORTH_COMPACTING * len(self.slots):
            self._compact()

    def answers(self) -> Iterator[Answer]:
        """Hand out what was recorded, slot by slot."""
        steps, stopped = self.steps.tolist(), self.stopped.tolist()
        weights = (1 - DECAY ** self.steps.float()) / (1 - DECAY)
        self.states["decayed_state"] /= weights[:, None]
        self.states["mean_states"] /= self.steps[:, None, None]
        records = {name: record.numpy(force=True) for name, record in self.records.items()}
        states = {name: state.numpy(force=True) for name, state in self.states.items()}
        for slot, n in enumerate(steps):
            yield Answer(
                n_tokens=n - stopped[slot],
                finish_reason="stop" if stopped[slot] else "length",
                **{name: record[slot, :n] for name, record in records.items()},
                **{name: state[slot] for name, state in states.items()},
            )

    def _run(self, network: Any, ids: Any, mask: Any, **options: Any) -> Any:
        positions = (mask.cumsum(-1) - 1).clamp_min(0)[:, -ids.shape[1] :]
        return network(
            input_ids=ids,
            attention_mask=mask,
            position_ids=positions,
            past_key_values=self.cache,
            use_cache=True,
            **options,
        )

    def _record(self, step: int, slots: Any, reduced: Step) -> None:
        """Write the numbers of one step into memory that was set aside for all steps."""
        for name, values in (
            ("tokens", reduced.token.int()),
            ("logprobs", reduced.logprob),
            ("raw_entropy", reduced.raw_entropy),
            ("warped_entropy", reduced.warped_entropy),
            ("top_ids", reduced.top_ids.int()),
            ("top_logprobs", reduced.top_logprobs),
            ("missing_mass", reduced.missing_mass),
        ):
            if step == 0:
                shape = (len(self.steps), self.sampling.token_limit, *values.shape[1:])
                self.records[name] = values.new_empty(shape)
            self.records[name][slots, step] = values

    def _pool(self, step: int, slots: Any, states: Any) -> None:
        """Add the states of one step to what is kept of all steps.

        Parameters
        ----------
        states : tensor (rows, layers + 1, hidden)
        """
        weights = states.new_tensor(LAYER_WEIGHTS[-states.shape[1] :])
        deep = (states[:, -len(weights) :] * (weights / weights.sum())[:, None]).sum(1)
        if step == 0:
            self.states = {"last_states": states, "mean_states": states.clone(), "decayed_state": deep}
            return
        self.states["last_states"][slots] = states
        self.states["mean_states"][slots] += states
        self.states["decayed_state"][slots] = self.states["decayed_state"][slots] * DECAY + deep

    def _compact(self) -> None:
        """Take ended answers out of the batch."""
        going = self.going
        self.cache.batch_select_indices(going)
        self.slots, self.ids, self.mask = self.slots[going], self.ids[going], self.mask[going]
        self.uniforms = self.uniforms[going]
        self.going = going.new_tensor(range(len(going)))
