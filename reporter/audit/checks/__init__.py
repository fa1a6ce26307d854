"""The checks: one file each, with one public function of the same name, listed here and nowhere else."""

from __future__ import annotations

from reporter.audit.checks.against_rows import against_rows
from reporter.audit.checks.as_built import as_built
from reporter.audit.checks.bounds import bounds
from reporter.audit.checks.counting import counting
from reporter.audit.checks.echoes import echoes
from reporter.audit.checks.estimand import estimand
from reporter.audit.checks.integers import integers
from reporter.audit.checks.marks import marks
from reporter.audit.checks.multiplicity import multiplicity
from reporter.audit.checks.named_numbers import named_numbers
from reporter.audit.checks.not_computable import not_computable
from reporter.audit.checks.odd_cells import odd_cells
from reporter.audit.checks.overclaims import overclaims
from reporter.audit.checks.predictions import predictions
from reporter.audit.checks.prose_arithmetic import prose_arithmetic
from reporter.audit.checks.register import register
from reporter.audit.checks.repeated_values import repeated_values
from reporter.audit.checks.reported_tests import reported_tests
from reporter.audit.checks.same_words import same_words
from reporter.audit.checks.stars import stars
from reporter.audit.checks.summaries import summaries
from reporter.audit.checks.summary_numbers import summary_numbers
from reporter.audit.checks.table_differences import table_differences
from reporter.audit.checks.twin_columns import twin_columns
from reporter.audit.reading import Check

CHECKS: tuple[Check, ...] = (
    against_rows,
    as_built,
    bounds,
    counting,
    echoes,
    estimand,
    integers,
    marks,
    multiplicity,
    named_numbers,
    not_computable,
    odd_cells,
    overclaims,
    predictions,
    prose_arithmetic,
    register,
    repeated_values,
    same_words,
    stars,
    summaries,
    summary_numbers,
    table_differences,
    reported_tests,
    twin_columns,
)
