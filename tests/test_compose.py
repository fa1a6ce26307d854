"""The report says what its rows say: what the source got wrong comes out right, and sentences follow the data."""

from __future__ import annotations

import csv
import re

import pytest

from reporter import pipeline
from reporter.errors import TemplateError
from reporter.findings import Verdict
from reporter.numbers import Missing, Number
from reporter.render import html, marks
from reporter.tables import text_of

LIMITS = (100, 200)


def published() -> dict[tuple[str, int], float]:
    """The means of the bundled rows."""
    from pathlib import Path

    path = Path(__file__).resolve().parent.parent / "inputs" / "token-scaling" / "published.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["model"], int(row["token_limit"])): float(row["mean"]) for row in csv.DictReader(file)}


MEANS = published()
MODELS = list(dict.fromkeys(model for model, _ in MEANS))


def part(text: str, heading: str) -> str:
    """The part of a report from a heading to the next of its rank or above."""
    found = re.search(rf"^(#+) [^\n]*{re.escape(heading)}[^\n]*\n", text, re.MULTILINE)
    assert found, f"no heading {heading!r}"
    rest = text[found.start() + 1 :]
    end = re.search(rf"^#{{2,{len(found[1])}}} ", rest[len(found[0]) :], re.MULTILINE)
    return found[0] + rest[len(found[0]) - 1 : len(found[0]) + end.start() if end else None]


def rows(report, key: str) -> dict[str, list[str]]:
    """The rows of a table by the text of their first cell."""
    table = next(table for table in report.tables if table.key == key)
    return {text_of(row[0]): [text_of(cell) for cell in row[1:]] for row in table.rows}


# --- what the source of the bundled study says wrongly ---------------------------------------------------


@pytest.fixture(scope="module")
def text(token_scaling) -> str:
    return token_scaling.text


@pytest.mark.parametrize(
    ("heading", "sentence"),
    [
        ("Key findings", "At 200 tokens the models lie between 2.96 and 3.17 nats, a range of 0.21;"),
        ("Key findings", "at 100 tokens between 2.86 and 3.13, a range of 0.27."),
        ("Key findings", "7 of 8 changes are above zero."),
        ("Key findings", "more than 0.015 nats, 6 models rose, 0 fell and 2 stayed."),
        ("Key findings", "The mean change is +0.055 nats."),
        ("Key findings", "DeepSeek V3.2 changed its zone; 7 of 8 kept theirs."),
        ("Key findings", "DeepSeek V3.2 went from LASER into TRANSITION by its point values"),
        ("Key findings", "which does not establish it at 95\N{NO-BREAK SPACE}%."),
        ("Key findings", "That is not decidable at this n."),
        ("Executive summary", "differs from zero and, at the same time, is smaller than the smallest change"),
        ("Complete comparison", "+0.055 nats (6/8 models rose, 0/8 fell, 2/8 stayed within 0.015 nats)"),
        ("Attractor persistence", "The largest change of any model is 0.14 nats."),
        ("Attractor persistence", "against a bound of 0.10 nats the two one-sided tests give p = 0.0178"),
        (
            "3. The lowest",
            "the lowest mean is 2.96 nats, shared by 2 models; at 100 tokens it was 2.86 (Meta",
        ),
        ("4. The steadiest", "**Claude Haiku 4.5** changed least: ±0.00 nats"),
        ("5. The most rising", "**Grok 4.1 Fast** changed most upwards: +0.14 nats"),
        ("Conclusion", "7 of 8 models kept their zone by their point values; DeepSeek V3.2 crossed"),
        ("Conclusion", "which is not established for DeepSeek V3.2"),
        ("Data quality", "8 of 8 cells at 100 tokens and 8 of 8 at 200 tokens are arithmetically possible"),
    ],
)
def test_the_statements_come_out_right(text, heading, sentence):
    assert sentence in part(text, heading)


def test_both_lowest_models_lie_a_little_below_the_cut(text):
    lowest = part(text, "3. The lowest")
    assert "### 3. The lowest: Meta Llama 3.3 70B and GPT-4o" in lowest
    assert lowest.count("Its distance from the nearest cut is −0.04 nats, in LASER") == 2
    assert "0.24" not in text.partition("Replication with our own runs")[0]


@pytest.mark.parametrize(
    "claim", ["architectur(al|e-level)", "prove", "confirmed", "fundamental", "CANNOT", "artifact ✗"]
)
def test_what_no_such_data_can_show_is_not_said(text, claim):
    # The hypothesis is the study's own and stands as it was declared.
    assert not re.search(claim, text.replace("neither architecture nor training was varied", ""))


def test_every_finding_in_prose_has_an_address(token_scaling):
    """Outside tables and headings no digit stands in a sentence that no mark surrounds, but those of names."""
    body, _, rest = token_scaling.marked.partition("## Methods")
    assert rest
    bare = marks.MARKED.sub("N", body)
    for name in sorted((model.label for model in token_scaling.study.models), key=len, reverse=True):
        bare = bare.replace(name, "M")
    bare = bare.replace("Claude 4.5", "F").replace("log2", "log")
    bare = re.sub(r"not computable: .*", "", bare)  # a refusal says in words which values led to it
    bare = re.sub(r"\(#[a-z]+-\d+\)|\[(Table|Figure) \d+\]|\*\*(Table|Figure) \d+\.\*\*", "", bare)
    bare = re.sub(r"^(### )?\d\. ", "", bare, flags=re.MULTILINE)  # ordered lists and headings
    bare = bare.partition("**Date:**")[2].partition("\n")[2]  # the title block: DOI, date
    assert re.findall(r"[^\n]*\d[^\n]*", bare) == []


# --- sentences follow the data ---------------------------------------------------------------------------


@pytest.fixture
def report_of(project):
    """Compose the report of other means, or of other values of some cells."""

    def composed(changes: dict[tuple[str, int], float | dict[str, str]]):
        rows = project.rows()
        for row in rows:
            change = changes.get((row["model"], int(row["token_limit"])))
            if isinstance(change, dict):
                row.update(change)
            elif change is not None:
                shift = change - float(row["mean"])
                row.update(
                    {name: f"{float(row[name]) + shift:.2f}" for name in ("mean", "minimum", "maximum")}
                )
        project.write_rows(rows)
        return pipeline.report(project.root, project.answer())

    return composed


def second(values: dict[str, float]) -> dict[tuple[str, int], float]:
    return {(model, 200): value for model, value in values.items()}


def shifted(by: float, step: float = 0.0) -> dict[tuple[str, int], float]:
    """Every mean at the second limit is that of the first, moved."""
    return second({model: MEANS[model, 100] + by + step * i for i, model in enumerate(MODELS)})


FLAT = {"sd": "0.00", "minimum": "2.94", "maximum": "2.94"}

VARIANTS: dict[str, dict[tuple[str, int], float | dict[str, str]]] = {
    "as published": {},
    "no tie below": second({"gpt-4o": 2.98}),
    "no crosser": second({"deepseek-v3.2": 2.97}),
    "two crossers": second({"gpt-4o": 3.04}),
    "one down": second({"gemini-2.0-flash": 2.95}),
    "all cross": {(m, limit): 2.8 + 0.01 * i + 0.003 * i * i + (0.3 if limit == 200 else 0) * (1 + i / 50)
                  for i, m in enumerate(MODELS) for limit in LIMITS},
    "all fall": shifted(-0.05, -0.01),
    "none steady": second({"claude-haiku-4.5": 3.20, "claude-opus-4.5": 3.10}),
    "all steady": second({m: MEANS[m, 100] + (0.01 if i % 2 else 0.0) for i, m in enumerate(MODELS)}),
    "unchanged": shifted(0.0),
    "all alike": shifted(0.05),
    "one value everywhere": dict.fromkeys(MEANS, 3.0),
    "one value at the first limit": {place: 3.0 for place in MEANS if place[1] == 100},
    "large rise": shifted(0.9, 0.03),
    "no spread in one model": {("gpt-4o", 100): FLAT, ("gpt-4o", 200): FLAT | {"mean": "2.94"}},
    "one prompt": {("gpt-4o", 100): FLAT | {"n": "1"}},
    "one prompt each": {place: {"n": "1", "sd": "0"} | dict.fromkeys(("minimum", "maximum"), f"{MEANS[place]}")
                        for place in MEANS},
    "many prompts": {place: {"n": "400"} for place in MEANS},
    "two temperatures": {place: {"temperature": "0.5"} for place in MEANS if place[1] == 100},
}  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_reads_well(report_of, variant):
    report = report_of(VARIANTS[variant])
    text = report.text
    assert not re.search(r"\b[Nn]a[Nn]\b|\binf\b|\bNone\b|Undefined|<reporter|object at 0x", text)
    prose = "\n".join(line for line in text.splitlines() if not line.startswith("|"))
    assert not re.search(r"\(\s*\)|\[\s*\]", prose)  # empty parentheses
    assert not re.search(r"\S  +\S", prose)
    assert not re.search(r"\s[,.;:)](?!\w)|\(\s|,,|\.\.|;\.|:\s*\.", prose), "stray punctuation"
    assert not re.search(r"(?<![\w.])-\d", text), "a hyphen stands for a minus sign"
    assert not re.search(r"^#+ .*[:]\s*$", prose, re.MULTILINE), "a heading names nobody"
    html.body(report.marked, contents=True)
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings == re.findall(r"^## (.*)$", report_of({}).text, re.MULTILINE)
    counts = {
        key: report.register.look_up(f"changes.{key}").count.value for key in ("rose", "fell", "steady")
    }
    assert sum(counts.values()) == 8
    said = re.search(r"nats, (\d) models? rose, (\d) fell and (\d) stayed", text)
    assert [int(count) for count in said.groups()] == list(counts.values())
    for number in report.quoted:
        assert isinstance(number, Missing | Number)


def test_no_tie_names_one_model(report_of):
    text = report_of(VARIANTS["no tie below"]).text
    lowest = part(text, "3. The lowest")
    assert "### 3. The lowest: Meta Llama 3.3 70B\n" in lowest
    assert "shared" not in lowest
    assert lowest.count("Its distance from") == 1


def test_a_tie_elsewhere_names_the_others(report_of):
    text = report_of(
        second({"llama-3.3-70b": 3.05, "gpt-4o": 3.05, "grok-4.1-fast": 3.13, "gemini-2.0-flash": 3.03})
    ).text
    assert "### 3. The lowest: DeepSeek V3.2 and Gemini 2.0 Flash\n" in text
    assert "in TRANSITION" in part(text, "3. The lowest")
    assert "Claude Haiku 4.5 and Grok 4.1 Fast (3.13)" in part(text, "Conclusion")


def test_no_crosser_is_said(report_of):
    report = report_of(VARIANTS["no crosser"])
    assert "**Zones.** No model changed its zone.\n" in report.text
    assert "### 6. Zone crossing: none\n" in report.text
    assert "No model's point values lie in different zones at the two limits." in report.text
    assert "8 of 8 models kept their zone by their point values.\n" in part(report.text, "Conclusion")
    assert rows(report, "tiers")["DeepSeek V3.2"][0] == "ATTRACTOR-LOCKED"


def test_two_crossers_are_named(report_of):
    report = report_of(VARIANTS["two crossers"])
    assert "GPT-4o and DeepSeek V3.2 changed their zone; 6 of 8 kept theirs." in report.text
    assert part(report.text, "6. Zone crossing").count("from LASER into TRANSITION") == 2
    assert rows(report, "tiers")["GPT-4o"][0] == "EMULATABLE"
    assert "### 3. The lowest: Meta Llama 3.3 70B\n" in report.text


def test_a_crosser_downwards_is_said_so(report_of):
    text = report_of(VARIANTS["one down"]).text
    assert "Gemini 2.0 Flash went from TRANSITION into LASER by its point values" in text
    assert "6 models rose" not in text
    assert "5 models rose, 1 fell and 2 stayed" in text


def test_all_fall(report_of):
    report = report_of(VARIANTS["all fall"])
    assert "0 of 8 changes are above zero." in report.text
    assert "### 5. The most rising: none\n" in report.text
    assert "No model's mean is higher at the second limit than at the first." in report.text
    assert "most of all" not in report.text
    assert "Models whose entropy rose" not in report.text
    assert "Models whose entropy fell, by size of the change." in report.text
    assert next(iter(rows(report, "decreased").values()))[0] == "−0.12"
    assert report.register.look_up("mean_change.estimate").text == "−0.085"


def test_none_steady_leaves_that_table_out(report_of):
    report = report_of(VARIANTS["none steady"])
    assert "Models whose entropy stayed within" not in report.text
    assert "maintained" not in {table.key for table in report.tables}
    numbers = [int(n) for n in re.findall(r"^\*\*Table (\d+)\.\*\*", report.text, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    ("variant", "verdict", "words"),
    [
        (
            "as published",
            Verdict.DIFFERENT_WITHIN_BOUND,
            "differs from zero and, at the same time, is smaller",
        ),
        ("large rise", Verdict.DIFFERENT, "The change differs from zero.\n"),
        (
            "one value at the first limit",
            Verdict.NOT_SEPARABLE,
            "cannot be told from zero, and cannot be shown",
        ),
    ],
)
def test_the_verdict_follows(report_of, variant, verdict, words):
    report = report_of(VARIANTS[variant])
    assert report.register.look_up("mean_change.verdict") is verdict
    assert words in part(report.text, "Executive summary").replace(" Averaged", "\nAveraged")
    assert words in part(report.text, "Conclusion")


def test_a_tiny_change_is_equivalent(report_of):
    changes = second({m: MEANS[m, 100] + (0.03, -0.03, 0.02, -0.02, 0.01, -0.01, 0.04, -0.03)[i]
                      for i, m in enumerate(MODELS)})  # fmt: skip
    report = report_of(changes)
    assert report.register.look_up("mean_change.verdict") is Verdict.EQUIVALENT
    assert "smaller than the smallest change of interest, and cannot be told from zero" in report.text


def test_a_mean_change_without_spread_is_no_test(report_of):
    text = report_of(VARIANTS["all alike"]).text
    reason = "Whether the change differs from zero is not computable: all 8 differences are 0.05."
    assert reason in part(text, "Executive summary")
    assert reason in part(text, "Conclusion")
    assert "What the means would be at 500 tokens is not computable: all 8 changes are 0.05." in text
    assert "These questions have no answer in the data" in text


def test_single_changes_that_are_separable_are_named(report_of):
    report = report_of(VARIANTS["many prompts"])
    adjusted = {m: report.register.look_up(f"change/{m}.adjusted_p").value for m in MODELS}
    named = [report.study.subject(m).label for m in MODELS if adjusted[m] <= 0.05]
    assert len(named) > 2
    listed = re.search(r"Holm's adjustment over the 8 tests leaves (.*?) separable from zero", report.text)[1]
    assert [name for name in named if name not in listed] == []
    assert "No single change was separable" not in report.text
    assert "400 prompts" in report.text


def test_a_model_without_a_test_is_not_counted(report_of):
    report = report_of(VARIANTS["no spread in one model"])
    assert "Holm's adjustment over the 7 tests" in report.text
    assert "The 7 tests of single models' changes" in report.text
    quality = part(report.text, "Data quality")
    assert re.search(r"Did a model's mean entropy change .* Not computable, since .* \(GPT-4o\)\.", quality)


def test_cells_of_several_sizes_are_all_named(report_of):
    assert "maximum of 1 and 3 prompts per cell" in report_of(VARIANTS["one prompt"]).text


def test_a_tier_that_hangs_on_a_missing_number_is_not_guessed(report_of):
    """At 3.04 the model is above the cut: only its change, which has no test, could decide."""
    flat = {"sd": "0.00", "mean": "3.05", "minimum": "3.05", "maximum": "3.05"}
    report = report_of({("gemini-2.0-flash", 100): flat, ("gemini-2.0-flash", 200): flat})
    assert rows(report, "tiers")["Gemini 2.0 Flash"][0] == "not computable"
    assert "A number that the rules need is not computable for Gemini 2.0 Flash: no tier." in report.text


def test_the_threshold_is_the_declared_one(project):
    project.edit("steady = 0.015", "steady = 0.065")
    text = pipeline.report(project.root, project.answer()).text
    assert "Counting only changes of more than 0.065 nats, 3 models rose, 0 fell and 5 stayed." in text


def test_every_word_about_a_limit_follows_the_declared_ones(project):
    """Limits of 150 and 300, and a prediction at 900: neither text nor figures speak of others."""
    limits = {"100": "150", "200": "300"}
    project.write_rows(
        [
            row
            | {"token_limit": limits[row["token_limit"]], "address": row["address"].replace("00-token", "")}
            for row in project.rows()
        ]
    )
    project.edit("first_limit = 100", "first_limit = 150")
    project.edit("second_limit = 200", "second_limit = 300")
    project.edit("next_limit = 500", "next_limit = 900")
    report = pipeline.report(project.root, project.answer())
    written = report.text.partition("## References")[0]
    assert re.findall(r".*\b(?:100|200|500)[ -]token.*", written) == []
    assert "150 → 300 tokens" in written
    slope = next(figure for figure in report.figures if figure.key == "slope")
    assert (slope.options["first_label"], slope.options["second_label"]) == ("150 tokens", "300 tokens")


def test_the_adjustment_is_the_declared_one(project):
    project.edit('method = "holm"', 'method = "benjamini_hochberg"')
    report = pipeline.report(project.root, project.answer())
    body, _, references = report.text.partition("## References")
    assert "Holm" not in body
    assert "Benjamini and Hochberg's adjustment over the 8 tests" in body
    assert "Holm" not in references
    assert "Hochberg" in references


def test_a_missing_cell_is_refused_with_its_name(project):
    from reporter.errors import Refusal

    project.write_rows(
        [row for row in project.rows() if (row["model"], row["token_limit"]) != ("gpt-4o", "200")]
    )
    with pytest.raises(Refusal, match="gpt-4o"):
        project.answer()


# --- templates of a study's own --------------------------------------------------------------------------


def with_template(project, template: str):
    (project.folder / "report.md.jinja").write_text(template, encoding="utf-8")
    return pipeline.report(project.root, project.answer())


def test_a_study_may_bring_its_own_template(project):
    report = with_template(project, "# {{ about.title }}\n\n{{ f.mean_change.estimate | show }} nats\n")
    assert report.text == "# Comprehensive token scaling analysis\n\n+0.055 nats\n"
    assert [number.address for number in report.quoted] == ["mean_change.estimate"]
    assert report.tables == report.figures == ()


def test_a_study_without_a_template_gets_the_plain_one(project):
    renamed = project.root / "inputs" / "other"
    project.folder.rename(renamed)
    toml = renamed / "study.toml"
    toml.write_text(toml.read_text().replace('name = "token-scaling"', 'name = "other"', 1))
    report = pipeline.report(project.root, pipeline.answer(project.root, "other"))
    assert {"comparison", "tests", "headline"} <= {table.key for table in report.tables}
    assert {figure.key for figure in report.figures} == {"slope", "forest", "fan"}
    html.body(report.marked, contents=True)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        (
            "{{ f.mean_change.estimate }}",
            r"mean_change\.estimate was about to be printed without its address",
        ),
        ("{% if %}", r"report\.md\.jinja, line 1"),
        ("a\n\n{{ x y }}", "line 3"),
        ("{{ about.titel }}", "titel"),
        ("{{ nobody }}", "'nobody' is undefined"),
        ('{% include "no.md.jinja" %}', 'The template "no.md.jinja" does not exist'),
        ('{% include "../study.toml" %}', 'The template "../study.toml" does not exist'),
        ("{{ ''.__class__.__mro__ }}", "__class__"),
        ("{{ f.mean_change.estimate | int }}", "No filter named 'int'"),
        ("{{ 1 + 1 }}", r'computes nothing, but this one uses "\+"'),
        ("{{ f.mean_change.n ~ 'x' }}", "joins no values with ~"),
        ("{{ roman('x') }}", "does what cannot be done"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "recursion"),
        ('{% call table("nothing") %}x{% endcall %}', 'declares no table "nothing"'),
        ('{% call table("tests") %}x{% endcall %}{% call table("tests") %}x{% endcall %}', "is shown twice"),
        ('{{ table_ref("tests") }}', "which it does not show"),
        ('{{ figure_ref("slope") }}{% call table("tests") %}x{% endcall %}', "which it does not show"),
    ],
)
def test_a_template_that_cannot_be_filled_is_refused_in_words(project, template, words):
    with pytest.raises(TemplateError, match=words):
        with_template(project, template)


def test_references_to_tables_and_figures_follow_their_order(project):
    report = with_template(
        project,
        '{{ table_ref("tests") }} {{ table_ref("headline") }}\n\n'
        '{% call table("headline") %}Second\n  line.{% endcall %}\n\n{% call table("tests") %}A.{% endcall %}\n',
    )
    assert report.text.startswith("[Table 2](#table-2) [Table 1](#table-1)\n\n**Table 1.** Second line.\n")
    assert [table.key for table in report.tables] == ["headline", "tests"]
