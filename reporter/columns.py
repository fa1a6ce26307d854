"""The glossary: each column that rows may have, its type, its unit and its meaning."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Type = Literal["text", "number", "integer", "numbers"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a row file. ``least`` and ``most`` are the extreme values that make sense.

    ``allowed`` lists the words of a closed set. A column that is not ``required`` may have empty cells,
    and may be missing.
    """

    name: str
    type: Type
    unit: str
    meaning: str
    least: float | None = None
    required: bool = True
    most: float | None = None
    allowed: tuple[str, ...] = ()


ADDRESS = Column("address", "text", "", "where the row comes from: file#place/model")
MODEL = Column("model", "text", "", "key of the model, as in study.toml")
PROVIDER = Column("provider", "text", "", "who served the model")
PROMPT_SET = Column("prompt_set", "text", "", "which set of prompts was asked")
TOKEN_LIMIT = Column("token_limit", "integer", "tokens", "most new tokens that a reply could have", 1)
TEMPERATURE = Column("temperature", "number", "", "sampling temperature", 0)
MEASURE = Column("measure", "text", "", "what was measured, e.g. text_entropy")
SYMBOL = Column("symbol", "text", "", "what entropy is taken over: character, word, token, activation")
ESTIMATOR = Column("estimator", "text", "", "how entropy was estimated, e.g. plug_in")
UNIT = Column("unit", "text", "", "nats or bits", allowed=("nats", "bits"))
MEAN = Column("mean", "number", "unit", "mean over the n values", 0)
SD = Column(
    "sd", "number", "unit", "standard deviation of the n values; its ddof is declared by the study", 0
)
MINIMUM = Column("minimum", "number", "unit", "least of the n values", 0)
MAXIMUM = Column("maximum", "number", "unit", "largest of the n values", 0)
N = Column("n", "integer", "", "how many values the cell summarises", 1)

SUMMARIES: tuple[Column, ...] = (
    ADDRESS, MODEL, PROVIDER, PROMPT_SET, TOKEN_LIMIT, TEMPERATURE, MEASURE, SYMBOL, ESTIMATOR, UNIT,
    MEAN, SD, MINIMUM, MAXIMUM, N,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measure:
    """What a value of a measure must look like, and which optional columns it cannot do without."""

    meaning: str
    units: tuple[str, ...]
    needs: tuple[str, ...] = ()
    least: float | None = 0
    most: float | None = None


ENTROPY_UNITS = ("nats", "bits")
LAYER_NEEDS = ("symbol", "estimator", "layer", "n")
HISTOGRAM_NEEDS = (*LAYER_NEEDS, "bin_rule")
PRINTED_NEEDS = ("symbol", "estimator", "logprob_mode", "n")
RANGE_NEEDS = ("symbol", "estimator", "bin_rule", "n")
MEASURES: dict[str, Measure] = {
    "text_entropy": Measure(
        "entropy of a reply's symbol frequencies", ENTROPY_UNITS, ("symbol", "estimator", "n")
    ),
    "token_entropy": Measure(
        "entropy of the next token, mean over a reply's tokens",
        ENTROPY_UNITS,
        ("symbol", "estimator", "tokenizer", "logprob_mode", "n"),
    ),
    "token_entropy_of_fewer": Measure(
        "the part of token_entropy that the k likeliest tokens have, k below what was kept",
        ENTROPY_UNITS,
        ("symbol", "estimator", "tokenizer", "logprob_mode", "k", "n"),
    ),
    "choice_entropy": Measure(
        "entropy over the answers that were offered", ENTROPY_UNITS, ("symbol", "estimator", "logprob_mode")
    ),
    "layer_entropy": Measure(
        "histogram entropy of a layer's state at the last token", ENTROPY_UNITS, HISTOGRAM_NEEDS
    ),
    "layer_entropy_of_mean": Measure(
        "the same of the mean of the states at all tokens", ENTROPY_UNITS, HISTOGRAM_NEEDS
    ),
    "layer_entropy_of_bins": Measure(
        "layer_entropy with a fixed number of bins", ENTROPY_UNITS, HISTOGRAM_NEEDS
    ),
    "layer_spacing": Measure(
        "entropy of a layer's last state, from spacings", ENTROPY_UNITS, LAYER_NEEDS, least=None
    ),
    "layer_spacing_of_mean": Measure("the same of the mean state", ENTROPY_UNITS, LAYER_NEEDS, least=None),
    "layer_kurtosis": Measure("excess kurtosis of a layer's last state", ("1",), LAYER_NEEDS, least=None),
    "layer_kurtosis_of_mean": Measure("the same of the mean state", ("1",), LAYER_NEEDS, least=None),
    "axis_entropy": Measure(
        "histogram entropy of an axis vector", ENTROPY_UNITS, ("symbol", "estimator", "axis", "bin_rule", "n")
    ),
    "axis_projection": Measure(
        "position of a reply on an axis, clipped", ("projection",), ("axis",), least=-1, most=1
    ),
    "axis_scale": Measure("what projections on an axis are divided by", ("activation",), ("axis",)),
    "token_entropy_mean": Measure(
        "mean of token_entropy over n replies, as published", ENTROPY_UNITS, PRINTED_NEEDS
    ),
    "token_entropy_sd": Measure(
        "standard deviation of token_entropy over n replies, as published", ENTROPY_UNITS, PRINTED_NEEDS
    ),
    "token_entropy_median": Measure(
        "median of token_entropy over n replies, as published", ENTROPY_UNITS, PRINTED_NEEDS
    ),
    "token_count": Measure("tokens of n replies together", ("tokens",), ("n",), least=1),
    "effective_dimension": Measure(
        "participation ratio of the axes over n replies, as published", ("1",), ("n",), least=1
    ),
    "layer_count": Measure("how many layers have a state, the embedding among them", ("layers",), least=1),
    "hidden_size": Measure("how many components a layer's state has", ("components",), least=1),
    "layer_entropy_least": Measure(
        "least over layers of the mean of layer_entropy, as published", ENTROPY_UNITS, RANGE_NEEDS
    ),
    "layer_entropy_most": Measure(
        "largest over layers of the mean of layer_entropy, as published", ENTROPY_UNITS, RANGE_NEEDS
    ),
    "entropy_axis_rho": Measure(
        "rank correlation of token_entropy with axis_projection over n replies, as published",
        ("1",),
        ("axis", "symbol", "estimator", "logprob_mode", "n"),
        least=-1,
        most=1,
    ),
    "dead_zones": Measure("how many of n axes a model hardly moves on, as published", ("axes",), ("n",)),
    "pole_p": Measure(
        "p value of the difference of two poles, as published", ("1",), ("axis", "logprob_mode"), most=1
    ),
    "pole_p_below": Measure(
        "what such a p value was printed to be below", ("1",), ("axis", "logprob_mode"), most=1
    ),
    "peak_rho": Measure(
        "largest rank correlation over layers of layer_entropy with axis_projection, as published",
        ("1",),
        ("axis", "layer", "symbol", "estimator", "n"),
        least=-1,
        most=1,
    ),
    "peak_star": Measure(
        "1 where that correlation was marked as significant by itself, 0 where not",
        ("1",),
        ("axis", "layer", "n"),
        most=1,
    ),
    "generation_time": Measure("time that a reply took", ("s",)),
}

STUDY = Column("study", "text", "", "the study that the row was collected or imported for")
SOURCE = Column("source", "text", "", "name of the file or collection that the value was read from")
ORIGIN = Column(
    "origin", "text", "", "how the value came here", allowed=("published", "imported", "collected")
)
SERVED_BY = Column("provider", "text", "", PROVIDER.meaning, required=False)
REVISION = Column("revision", "text", "", "which model exactly: hub id, revision or digest", required=False)
FAMILY = Column("family", "text", "", "models that share a design, smallest to largest", required=False)
MODEL_KIND = Column(
    "model_kind", "text", "", "base or instruct", required=False, allowed=("base", "instruct")
)
QUANTISATION = Column("quantisation", "text", "", "number format of the weights, e.g. Q4_K_M", required=False)
PROMPT = Column("prompt", "text", "", "key of the prompt within its set", required=False)
PROMPT_SHA256 = Column("prompt_sha256", "text", "", "SHA-256 of the prompt's text", required=False)
AXIS = Column(
    "axis", "text", "", "axis that a projection, or a calibration answer, belongs to", required=False
)
POLE = Column(
    "pole", "text", "", "pole of the axis that the system prompt asked for", required=False,
    allowed=("positive", "negative"),
)  # fmt: skip
BLOCK = Column("block", "text", "", "topic that the prompt belongs to", required=False)
RUN = Column(
    "run", "text", "", "which run of the same cell: a name that stays, as a file's digest", required=False
)
REPLICATE = Column("replicate", "integer", "", "count of the reply within its run", 1, required=False)
SEED = Column("seed", "integer", "", "seed of the reply's random numbers", required=False)
LIMIT = Column("token_limit", "integer", "tokens", TOKEN_LIMIT.meaning, 1, required=False)
SAMPLED_AT = Column("temperature", "number", "", TEMPERATURE.meaning, 0, required=False)
TOP_P = Column("top_p", "number", "", "nucleus: smallest mass of the tokens kept", 0, required=False, most=1)
LAYER = Column("layer", "integer", "", "layer, 0 for the embedding", 0, required=False)
MEASURED = Column("measure", "text", "", MEASURE.meaning, allowed=tuple(MEASURES))
TAKEN_OVER = Column(
    "symbol", "text", "", SYMBOL.meaning, required=False,
    allowed=("character", "word", "token", "choice", "activation", "component"),
)  # fmt: skip
IN_UNIT = Column(
    "unit", "text", "", "what the value is counted in",
    allowed=tuple(sorted({unit for measure in MEASURES.values() for unit in measure.units})),
)  # fmt: skip
ESTIMATED_BY = Column("estimator", "text", "", ESTIMATOR.meaning, required=False)
TOKENIZER = Column("tokenizer", "text", "", "what cut the text into tokens", required=False)
K = Column(
    "k", "integer", "", "how many of the likeliest tokens were listed, empty for all", 1, required=False
)
LOGPROB_MODE = Column(
    "logprob_mode", "text", "", "distribution as the model gave it, or after temperature and nucleus",
    required=False, allowed=("raw", "warped"),
)  # fmt: skip
BIN_RULE = Column("bin_rule", "text", "", "how many bins of how many values a histogram had", required=False)
VALUE = Column("value", "number", "unit", "what was measured")
COUNTED = Column("n", "integer", "", "how many symbols the value was taken over", 1, required=False)
MISSING_MASS = Column(
    "missing_mass", "number", "", "probability of what was not listed", 0, required=False, most=1
)
FINISH_REASON = Column(
    "finish_reason", "text", "", "why the reply ended; length: it was cut", required=False,
    allowed=("stop", "length", "content_filter", "tool_calls"),
)  # fmt: skip

OBSERVATIONS: tuple[Column, ...] = (
    STUDY, SOURCE, ORIGIN, ADDRESS, MODEL, REVISION, SERVED_BY, FAMILY, MODEL_KIND, QUANTISATION,
    PROMPT_SET, PROMPT, PROMPT_SHA256, AXIS, POLE, BLOCK, RUN, REPLICATE, SEED, LIMIT, SAMPLED_AT, TOP_P,
    LAYER, MEASURED, TAKEN_OVER, IN_UNIT, ESTIMATED_BY, TOKENIZER, K, LOGPROB_MODE, BIN_RULE, VALUE,
    COUNTED, MISSING_MASS, FINISH_REASON,
)  # fmt: skip

TEXT = Column("text", "text", "", "the reply, as it was given", required=False)
TEXT_SHA256 = Column("text_sha256", "text", "", "SHA-256 of the reply's text in UTF-8")
CHARACTERS = Column("characters", "integer", "", "how many characters the reply has", 0)
TOKENS = Column("tokens", "integer", "", "how many tokens the reply has", 0, required=False)

RESPONSES: tuple[Column, ...] = (
    STUDY, SOURCE, ORIGIN, ADDRESS, MODEL, REVISION, SERVED_BY, PROMPT_SET, PROMPT, PROMPT_SHA256, AXIS,
    POLE, BLOCK, RUN, REPLICATE, SEED, LIMIT, SAMPLED_AT, TOP_P, FINISH_REASON, TOKENS, CHARACTERS,
    TEXT_SHA256, TEXT,
)  # fmt: skip

STATE = Column("state", "numbers", "activation", "state that the reply is pooled to")
STATES: tuple[Column, ...] = (
    *(replace(column, required=column.name not in ("measure", "unit", "value")) if column.required else column
      for column in OBSERVATIONS),
    STATE,
)  # fmt: skip

# A token's row has the address of its reply, whose row says the rest.
STEPS: tuple[Column, ...] = (
    ADDRESS,
    Column("step", "integer", "", "position of the token in the reply, from 0", 0),
    Column("token", "integer", "", "number of the token in its vocabulary", 0, required=False),
    Column("logprob", "number", "nats", "log probability of the token, as the model gave it", required=False),
    Column("raw_entropy", "number", "nats", "entropy of the next token as the model gave it", 0),
    Column("warped_entropy", "number", "nats", "the same after temperature and nucleus", 0, required=False),
    MISSING_MASS,
)

LEDGER: tuple[Column, ...] = (
    Column("what", "text", "", "what was left out, and from which file"),
    Column("rule", "text", "", "the rule that left it out"),
    Column("reason", "text", "", "the same as a word, e.g. truncated_zip"),
    Column("count", "integer", "", "how many there were", 0),
)

KINDS: dict[str, tuple[Column, ...]] = {
    "summaries": SUMMARIES,
    "observations": OBSERVATIONS,
    "responses": RESPONSES,
    "states": STATES,
    "tokens": STEPS,
}

ADDED = ("vendor", "size", "line", "original")  # what reading adds, besides family and source

# The columns that say which condition a row belongs to: two rows may not agree in all of them.
CELL: dict[str, tuple[str, ...]] = {
    "summaries": ("model", "prompt_set", "token_limit", "temperature", "measure", "symbol", "estimator"),
    "observations": (
        "model", "revision", "provider", "quantisation", "prompt_set", "prompt", "axis", "pole", "run",
        "replicate", "seed", "token_limit", "temperature", "top_p", "layer", "measure", "symbol", "unit",
        "estimator", "tokenizer", "k", "logprob_mode", "bin_rule",
    ),
    "responses": (
        "model", "revision", "provider", "prompt_set", "prompt", "axis", "pole", "run", "replicate", "seed",
        "token_limit", "temperature", "top_p",
    ),
}  # fmt: skip
CELL["states"] = CELL["tokens"] = CELL["responses"]
