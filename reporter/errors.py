"""Every way we refuse: what was wrong, where, and what is allowed.

Two families. A :class:`Refusal` ends the command with words and an exit code. A :class:`Degenerate`
is raised by a statistic that its data cannot answer; :mod:`reporter.analyse` catches it and records a
``NotComputable`` finding, so that one impossible number never hides the possible ones.
"""

from __future__ import annotations

from pathlib import Path

EXIT_FINE = 0
EXIT_REPORT_SAYS_NO = 1
EXIT_BAD_INPUT = 2
EXIT_OUR_BUG = 3


class Refusal(Exception):
    """Bad input, said in one paragraph.

    Parameters
    ----------
    what : str
        What was wrong, as a sentence.
    where : str or Path, optional
        The file, and the key, line or column in it.
    remedy : str, optional
        What is allowed, or what to do next.
    """

    exit_code = EXIT_BAD_INPUT

    def __init__(self, what: str, *, where: str | Path | None = None, remedy: str | None = None) -> None:
        self.what = what
        self.where = None if where is None else str(where)
        self.remedy = remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{place}{self.what}{remedy}"


class ProjectError(Refusal):
    """There is no project here, or no study of that name."""


class StudyError(Refusal):
    """study.toml cannot be read as a study."""


class TooManyToDrawError(StudyError):
    """A figure has more models or panels than a page can show; a report says so in its place."""


class DataError(Refusal):
    """Rows are missing, malformed, or contradict each other."""


class EstimandError(Refusal):
    """Two values that measure different things were about to be combined."""


class TemplateError(Refusal):
    """A template is missing, broken, or prints something that it must not print."""


class DocumentError(Refusal):
    """A document that was to be audited cannot be read."""


class OutputError(Refusal):
    """The report cannot be written where it should go."""


class SystemPartMissing(Refusal):
    """A part of the machine that we need (Pango, fonts) is not there."""


class Degenerate(Exception):
    """A statistic's data cannot answer its question.

    Parameters
    ----------
    reason : str
        A reason code in snake case, e.g. ``"constant_series"``.
    detail : str
        The same in words, with the values that led to it.
    """

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}")
