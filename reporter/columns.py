"""The glossary: each column that rows may have, its type, its unit and its meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Type = Literal["text", "number", "integer"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a row file. ``least`` is the smallest value that makes sense."""

    name: str
    type: Type
    unit: str
    meaning: str
    least: float | None = None
    required: bool = True


ADDRESS = Column("address", "text", "", "where the row comes from: file#place/model")
MODEL = Column("model", "text", "", "key of the model, as in study.toml")
PROVIDER = Column("provider", "text", "", "who served the model")
PROMPT_SET = Column("prompt_set", "text", "", "which set of prompts was asked")
TOKEN_LIMIT = Column("token_limit", "integer", "tokens", "most new tokens that a reply could have", 1)
TEMPERATURE = Column("temperature", "number", "", "sampling temperature", 0)
MEASURE = Column("measure", "text", "", "what was measured, e.g. text_entropy")
SYMBOL = Column("symbol", "text", "", "what entropy is taken over: character, word, token, activation")
ESTIMATOR = Column("estimator", "text", "", "how entropy was estimated, e.g. plug_in")
UNIT = Column("unit", "text", "", "nats or bits")
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

KINDS: dict[str, tuple[Column, ...]] = {"summaries": SUMMARIES}

# The columns that say which condition a row belongs to: two rows may not agree in all of them.
CELL: dict[str, tuple[str, ...]] = {
    "summaries": ("model", "prompt_set", "token_limit", "temperature", "measure", "symbol", "estimator"),
}

UNITS = ("nats", "bits")
