"""prompts.toml as jobs: the project's own files hold what they promise, and mistakes are refused in words."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from reporter.collectors.plan import read_plans
from reporter.errors import StudyError

INPUTS = Path(__file__).parents[2] / "inputs"
SMALL = """
schema = 1
study = "s"
seed = 1

[[prompt]]
set = "a"
key = "sky"
text = "Why is the sky blue?"

[[run]]
name = "r"
sets = ["a"]
token_limit = 10
temperatures = [0.5, 1.0]
replicates = 3
measures = ["replies"]
"""


def test_a_run_crosses_prompts_temperatures_and_replicates(tmp_path: Path) -> None:
    (tmp_path / "prompts.toml").write_text(SMALL)
    (plan,) = read_plans(tmp_path / "prompts.toml")
    cells = [(job.sampling.temperature, job.replicate) for job in plan.jobs]
    assert cells == [(t, r) for t in (0.5, 1.0) for r in (1, 2, 3)]
    assert len({job.seed for job in plan.jobs}) == len({job.digest for job in plan.jobs}) == 6
    assert plan.most_tokens == 60


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("token_limit", "tokenlimit", 'Did you mean "token_limit"'),
        ('"replies"', '"replys"', 'Did you mean "replies"'),
        ('name = "r"', "", "name"),
        ("schema = 1", "schema = ", "cannot be read"),
        ("[[run]]", '[[prompt]]\nset = "a"\nkey = "sky"\ntext = "?"\n[[run]]', "Two prompts"),
    ],
)
def test_mistakes_are_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    (tmp_path / "prompts.toml").write_text(SMALL.replace(old, new))
    with pytest.raises(StudyError, match=words):
        read_plans(tmp_path / "prompts.toml")


def test_the_token_scaling_plan() -> None:
    plans = read_plans(INPUTS / "token-scaling" / "prompts.toml")
    once = [job for plan in plans[:2] for job in plan.jobs]
    assert Counter(
        job.prompt_set for job in once if job.replicate == 1 and job.sampling.temperature == 1
    ) == {
        "replication": 3,
        "extension": 9,
    }
    assert {job.sampling.temperature for job in once} == {0.5, 1.0, 1.5, 2.0}
    assert [job.sampling.token_limit for plan in plans[2:] for job in plan.jobs] == [100] * 60 + [200] * 60
    assert len({job.seed for plan in plans for job in plan.jobs}) == sum(len(plan.jobs) for plan in plans)


def test_the_entropy_analysis_plan() -> None:
    baseline, again, calibration = read_plans(INPUTS / "entropy-analysis" / "prompts.toml")
    assert Counter(job.block for job in baseline.jobs) == {
        "living things": 10,
        "things made": 10,
        "ways of people": 10,
    }
    assert [job.text for job in again.jobs] == [job.text for job in baseline.jobs]
    assert not {job.seed for job in again.jobs} & {job.seed for job in baseline.jobs}
    assert {job.prompt_set for job in again.jobs} == {"another seed"}
    assert len(calibration.jobs) == 420
    per_pole = Counter((job.axis, job.pole) for job in calibration.jobs)
    assert len(per_pole) == 14
    assert set(per_pole.values()) == {30}
    by_question = Counter((job.axis, job.prompt) for job in calibration.jobs)
    assert set(by_question.values()) == {2}, "poles are paired by question"
