"""The loop against transformers' own generate and plain NumPy; and that a batch's make-up changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import log_softmax, xlogy

from reporter.collectors.generation import Answer, Request, Sampling, generate
from reporter.collectors.models import LocalModel

# One token's logits pass through sums of other order when the batch has another size: float32 keeps about
# seven digits, and the tiny model's states are of order 10.
TOLERANCE = {"rtol": 1e-4, "atol": 1e-4}
NUMBERS = (
    "logprobs", "raw_entropy", "warped_entropy", "top_logprobs", "missing_mass", "last_states", "mean_states",
    "decayed_state",
)  # fmt: skip
GREEDY = Sampling(token_limit=24, temperature=0)
# A nucleus has an edge: where the likeliest tokens reach top_p within rounding (at 0.9 one of these 500 steps
# does, by 3e-7), one token more or less is in it, and no tolerance helps. At 0.85 none does.
SAMPLED = Sampling(token_limit=24, temperature=0.7, top_p=0.85)
HOT = Sampling(token_limit=24, temperature=1.5)


def requests(n: int) -> list[Request]:
    """Prompts of 1 to 16 tokens."""
    draw = np.random.default_rng(5)
    return [Request(draw.integers(3, 200, size=1 + i % 16).tolist(), seed=100 + i) for i in range(n)]


def answers(model: LocalModel, asked: list[Request], sampling: Sampling, batch_size: int) -> list[Answer]:
    return [answer for _, answer in sorted(generate(model, asked, sampling, batch_size=batch_size))]


def agree(one: Answer, two: Answer) -> None:
    np.testing.assert_array_equal(one.tokens, two.tokens)
    assert (one.finish_reason, one.n_tokens) == (two.finish_reason, two.n_tokens)
    for name in NUMBERS:
        np.testing.assert_allclose(getattr(one, name), getattr(two, name), **TOLERANCE, err_msg=name)


@pytest.mark.parametrize("sampling", [GREEDY, SAMPLED, HOT])
@pytest.mark.parametrize("ends", [(), tuple(range(1, 300, 12))])
def test_padding_and_batch_make_up_change_nothing(
    tiny: LocalModel, sampling: Sampling, ends: tuple[int, ...]
) -> None:
    """With many tokens that end an answer, answers leave the batch at many steps."""
    model = replace(tiny, end_ids=ends)
    asked = requests(16)
    alone = answers(model, asked, sampling, batch_size=1)
    assert len({len(answer.tokens) for answer in alone}) > (5 if ends else 0)
    for batch_size in (5, 16):
        for one, two in zip(alone, answers(model, asked, sampling, batch_size), strict=True):
            agree(one, two)


def test_an_answer_keeps_its_tokens_among_other_neighbours(tiny: LocalModel) -> None:
    asked = requests(16)
    among_all = answers(tiny, asked, HOT, batch_size=16)
    backwards = answers(tiny, asked[::-2], HOT, batch_size=16)
    for one, two in zip(among_all[::-2], backwards, strict=True):
        agree(one, two)


def test_a_seed_decides_an_answer(endless: LocalModel) -> None:
    prompt = [5, 6, 7]
    same, again, other = answers(endless, [Request(prompt, s) for s in (1, 1, 2)], HOT, batch_size=3)
    np.testing.assert_array_equal(same.tokens, again.tokens)
    assert (same.tokens != other.tokens).any()


def test_a_larger_limit_only_adds_tokens(endless: LocalModel) -> None:
    asked = requests(4)
    short = answers(endless, asked, Sampling(token_limit=7), batch_size=4)
    long = answers(endless, asked, Sampling(token_limit=20), batch_size=4)
    for one, two in zip(short, long, strict=True):
        np.testing.assert_array_equal(one.tokens, two.tokens[:7])
        np.testing.assert_allclose(one.raw_entropy, two.raw_entropy[:7], **TOLERANCE)


def test_finish_reasons(tiny: LocalModel) -> None:
    found = answers(tiny, requests(64), Sampling(token_limit=60, temperature=1.5), batch_size=64)
    reasons = {answer.finish_reason for answer in found}
    assert reasons == {"stop", "length"}, "the test needs both"
    for answer in found:
        if answer.finish_reason == "stop":
            assert answer.tokens[-1] == 1
            assert answer.n_tokens == len(answer.tokens) - 1
        else:
            assert answer.n_tokens == len(answer.tokens) == 60
        assert 1 not in answer.tokens[: answer.n_tokens]


def by_generate(model: LocalModel, request: Request, steps: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One prompt by transformers: tokens, logits (steps, vocabulary), states (steps, layers + 1, hidden)."""
    import torch

    ids = torch.tensor([list(request.prompt_ids)])
    result = model.network.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        do_sample=False,
        max_new_tokens=steps,
        min_new_tokens=steps,
        eos_token_id=None,
        pad_token_id=0,
        output_hidden_states=True,
        output_logits=True,
        return_dict_in_generate=True,
    )
    states = np.stack([np.stack([layer[0, -1].numpy() for layer in step]) for step in result.hidden_states])
    logits = np.stack([step[0].numpy() for step in result.logits]).astype(np.float64)
    return result.sequences[0, ids.shape[1] :].numpy(), logits, states.astype(np.float64)


def test_greedy_answers_equal_generate_and_numpy(endless: LocalModel) -> None:
    asked = requests(16)[2::5]
    for request, answer in zip(asked, answers(endless, asked, GREEDY, batch_size=3), strict=True):
        tokens, logits, states = by_generate(endless, request, 24)
        np.testing.assert_array_equal(answer.tokens, tokens)
        logs = log_softmax(logits, axis=1)
        p = np.exp(logs)
        np.testing.assert_allclose(answer.raw_entropy, -xlogy(p, p).sum(1), **TOLERANCE)
        np.testing.assert_allclose(answer.logprobs, logs[range(24), tokens], **TOLERANCE)
        ordered = -np.sort(-logs, axis=1)[:, :50]
        np.testing.assert_allclose(answer.top_logprobs, ordered, **TOLERANCE)
        np.testing.assert_allclose(
            np.take_along_axis(logs, answer.top_ids, 1), answer.top_logprobs, **TOLERANCE
        )
        np.testing.assert_allclose(answer.missing_mass, 1 - np.exp(ordered).sum(1), **TOLERANCE)
        np.testing.assert_allclose(answer.last_states, states[-1], **TOLERANCE)
        np.testing.assert_allclose(answer.mean_states, states.mean(0), **TOLERANCE)
        by_layer = np.einsum("l,tlh->th", [0.1, 0.2, 0.3, 0.4], states[:, -4:])
        weights = 0.9 ** np.arange(23, -1, -1)
        np.testing.assert_allclose(answer.decayed_state, weights @ by_layer / weights.sum(), **TOLERANCE)


def gemma3() -> object:
    """Every other layer sees the last 6 positions only, which prompts and answers exceed."""
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig

    config = Gemma3TextConfig(
        vocab_size=300,
        hidden_size=64,
        intermediate_size=96,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=1,
        head_dim=16,
        sliding_window=6,
        layer_types=["sliding_attention", "full_attention"] * 2,
        initializer_range=0.3,
    )
    return Gemma3ForCausalLM(config)


def gpt2() -> object:
    """Learned positions, and another name for everything."""
    from transformers import GPT2Config, GPT2LMHeadModel

    return GPT2LMHeadModel(
        GPT2Config(vocab_size=300, n_embd=64, n_layer=3, n_head=4, initializer_range=0.3, n_positions=64)
    )


@pytest.mark.parametrize("make", [gemma3, gpt2])
def test_other_architectures_equal_generate(endless: LocalModel, make: Callable[[], object]) -> None:
    import torch

    torch.manual_seed(3)
    model = replace(endless, network=make().eval())
    asked = requests(16)
    for request, answer in zip(asked, answers(model, asked, GREEDY, batch_size=16), strict=True):
        tokens, logits, states = by_generate(model, request, 24)
        np.testing.assert_array_equal(answer.tokens, tokens)
        np.testing.assert_allclose(answer.mean_states, states.mean(0), **TOLERANCE)
        p = np.exp(log_softmax(logits, axis=1))
        np.testing.assert_allclose(answer.raw_entropy, -xlogy(p, p).sum(1), **TOLERANCE)


@pytest.mark.parametrize(("temperature", "top_p"), [(0.7, 0.9), (1.0, 0.5), (1.5, 1.0), (2.0, 0.999)])
def test_warped_entropy_and_draws_equal_transformers_warpers(
    endless: LocalModel, temperature: float, top_p: float
) -> None:
    """Each token is forced into transformers' forward pass; its warpers then give the distribution."""
    import torch
    from transformers import TemperatureLogitsWarper, TopPLogitsWarper

    request = requests(8)[7]
    sampling = Sampling(token_limit=24, temperature=temperature, top_p=top_p)
    (answer,) = answers(endless, [request], sampling, batch_size=1)
    forced = torch.tensor([[*request.prompt_ids, *answer.tokens.tolist()[:-1]]])
    with torch.inference_mode():
        scores = endless.network(forced).logits[0, -24:].double()
    scores = TemperatureLogitsWarper(temperature)(forced, scores)
    if top_p < 1:
        scores = TopPLogitsWarper(top_p)(forced, scores)
    p = scores.softmax(-1).numpy()
    np.testing.assert_allclose(answer.warped_entropy, -xlogy(p, p).sum(1), **TOLERANCE)
    assert (p[range(24), answer.tokens] > 0).all(), "a token was drawn from outside the nucleus"
    uniforms = np.random.default_rng(request.seed).random(24)
    reached = p.cumsum(1)
    np.testing.assert_array_equal(answer.tokens, (reached <= uniforms[:, None]).sum(1))


def test_draws_follow_the_distribution() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    from reporter.collectors._distribution import reduce_logits

    p = np.array([0.5, 0.3, 0.15, 0.05])
    n = 40_000
    logits = torch.as_tensor(np.log(p), dtype=torch.float32).expand(n, 4)
    uniforms = torch.as_tensor(np.random.default_rng(1).random(n), dtype=torch.float32)
    drawn = reduce_logits(logits, uniforms, temperature=1.0, top_p=1.0, k=2).token.numpy()
    # four standard errors of a share of 40,000 are at most .01
    np.testing.assert_allclose(np.bincount(drawn, minlength=4) / n, p, atol=0.01)


def test_a_logit_of_minus_infinity_is_a_probability_of_zero() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    from reporter.collectors._distribution import reduce_logits

    logits = torch.tensor([[0.0, 0.0, -torch.inf, -torch.inf]])
    for chance, token in ((0.0, 0), (0.49, 0), (0.51, 1), (1.0, 1)):  # float32 can round up to 1
        step = reduce_logits(logits, torch.tensor([chance]), temperature=2.0, top_p=0.95, k=3)
        assert step.token.item() == token
        assert step.raw_entropy.item() == pytest.approx(np.log(2), abs=1e-6)
        assert step.warped_entropy.item() == pytest.approx(np.log(2), abs=1e-6)
        assert step.missing_mass.item() == pytest.approx(0, abs=1e-6)


def test_a_nucleus_wider_than_the_listed_tokens_is_found() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    from reporter.collectors._distribution import reduce_logits

    logits = torch.linspace(0, 3, 1000).repeat(3, 1) * torch.tensor([[1.0], [2.0], [20.0]])
    step = reduce_logits(logits, torch.rand(3), temperature=1.0, top_p=0.9, k=5)
    for row, entropy in zip(logits.double().numpy(), step.warped_entropy.numpy(), strict=True):
        p = np.sort(np.exp(log_softmax(row)))[::-1]
        kept = p[: np.searchsorted(p.cumsum(), 0.9) + 1]
        kept /= kept.sum()
        assert entropy == pytest.approx(-xlogy(kept, kept).sum(), abs=1e-5)
