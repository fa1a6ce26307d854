"""Does a built report pass its check and its audit? Nothing that does not is given away."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten

from reporter.analyse import analyse
from reporter.audit.audit import audit
from reporter.audit.finding import AuditFinding, Severity
from reporter.audit.rows import rows_of_study
from reporter.audit.to_json import to_json
from reporter.check import check
from reporter.compose import compose
from reporter.dataset import load_dataset
from reporter.errors import EXIT_REPORT_SAYS_NO, Refusal
from reporter.provenance import gather
from reporter.study import Study

AUDIT = "audit.json"
NAMED = 3  # problems that a message names
LONGEST = 80  # characters of what an audit expected
LOUD = (Severity.ERROR, Severity.WARNING)


class NotPassed(Refusal):
    """The report does not pass its examination."""

    exit_code = EXIT_REPORT_SAYS_NO


@dataclass(frozen=True, slots=True)
class Examined:
    """What an examination found: the problems in words, and all of it as a document."""

    problems: tuple[str, ...]
    document: str  # JSON; the same whenever report and rows are the same

    def refuse_problems(self, report_folder: Path) -> None:
        """Refuse a report that has any.

        Raises
        ------
        NotPassed
            It has; the message names the first of them.
        """
        if not self.problems:
            return
        named = "; ".join(self.problems[:NAMED])
        more = f"; and {len(self.problems) - NAMED} more" if len(self.problems) > NAMED else ""
        raise NotPassed(
            f"The report does not pass its check and audit: {named}{more}.",
            where=report_folder,
            remedy="See `report check` and `report audit`; mend or waive with a reason, and build again.",
        )


def examined(report_folder: Path, study: Study) -> Examined:
    """Examine a built report against the study's rows.

    Raises
    ------
    ProjectError
        The report was never built.
    """
    dataset = load_dataset(study)
    provenance = gather(study, dataset, study.folder.parent.parent)
    report = compose(study, dataset, analyse(study, dataset), provenance)
    checked = check(report, report_folder)
    read = audit(
        report_folder / "report.md",
        rows=rows_of_study(study, dataset),
        built=report.text,
        waivers=study.waivers,
    )
    found = dict.fromkeys(_words(each) for each in read.findings if each.severity in LOUD)
    problems = (*checked.problems, *found)
    document = {
        "examination": "report check and report audit",
        "program": provenance.made.program,
        "study": study.about.name,
        "passed": not problems,
        "files_as_built": checked.files,
        "numbers_derived_again": checked.numbers,
        "problems": list(problems),
        "audit": to_json([read]),
    }
    return Examined(problems, json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def _words(found: AuditFinding) -> str:
    expected = shorten(found.expected, LONGEST, placeholder=" ...")
    return f"{found.severity.value} in line {found.place.line} ({found.check}), expected {expected}"
