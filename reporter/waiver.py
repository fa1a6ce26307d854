"""What an author disagrees with: a finding of `report audit` that does not count, and why."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from reporter.about import Part


class Waiver(Part):
    """A ``[[waiver]]`` of study.toml: findings of a check that quote these words or stand in this line."""

    check: str
    quoted: str = ""
    line: int | None = Field(default=None, ge=1)
    reason: Annotated[str, Field(min_length=1)]  # printed with the finding

    @model_validator(mode="after")
    def _says_which(self) -> Waiver:
        if not self.quoted and self.line is None:
            raise ValueError("a waiver names the words that the finding quotes, or its line")
        return self
