"""The study of entropy and behaviour where rows are missing, damaged or odd: it builds, and says so in words."""

from __future__ import annotations

import csv
import re
import shutil
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reporter import pipeline
from reporter.__main__ import run
from reporter.compose import Figure, Report
from reporter.figures import draw_svg
from reporter.observations import frame, write_parquet
from reporter.tables import Labels, lay_out, to_csv
from tests.importers._npz import arrays, axes, save

STUDY = Path(__file__).resolve().parent.parent / "inputs" / "entropy-analysis"
AXES = (
    "warm_cold", "formal_casual", "verbose_concise", "empathetic_analytical", "confident_cautious",
    "patient_irritated", "proactive_reluctant",
)  # fmt: skip
FIGURES = (
    "exp1_generation_entropy", "exp2_layer_entropy", "exp3_entropy_vs_behavior", "exp4_calibration_entropy",
    "layer_axis_heatmaps", "combined_layer_axis_panels", "combined_binned_heatmap", "combined_peak_positions",
)  # fmt: skip
BLOCK = re.compile(r"\[\[(source|model|axis)\]\]\n(?:[^\[\n].*\n)+\n")
NEVER = re.compile(r"\b(nan|NaN|None(?! [a-z])|inf|NA|Infinity)\b|\N{INFINITY}")
ESTIMATES = (
    ("exact", "raw", 1.0), ("exact", "warped", 0.4), ("truncated_partial", "raw", 0.8),
    ("truncated_lower", "raw", 0.9), ("truncated_upper", "raw", 1.2),
)  # fmt: skip
BY_LAYER = {
    "layer_entropy": ("histogram", "nats", "200 of 64"),
    "layer_entropy_of_mean": ("histogram", "nats", "200 of 64"),
    "layer_spacing": ("vasicek", "nats", ""),
    "layer_kurtosis": ("moments", "1", ""),
}


@dataclass(frozen=True)
class Made:
    """A model that nobody measured."""

    key: str
    kind: str = "instruct"
    axes: tuple[str, ...] = AXES
    constant: tuple[str, ...] = ()
    layers: int = 5
    questions: int = 12
    calibrated: bool = True

    def rows(self) -> pd.DataFrame:
        """Draw its rows; of a seed that its name gives."""
        random = np.random.default_rng(zlib.crc32(self.key.encode()))
        listed = [row for question in range(self.questions) for row in self._answer(question, random)]
        if self.calibrated:
            poles = [(axis, pole) for axis in self.axes for pole in ("positive", "negative")]
            for axis, pole in poles:
                for question in range(self.questions):
                    base = self._base("calibration", question, f"{axis}-{pole}-")
                    listed += _entropies(base | {"axis": axis, "pole": pole}, random)
        return frame(listed)

    def replies(self) -> pd.DataFrame:
        """List the replies to its baseline questions, which its tokens lead to."""
        bases = [self._base("baseline", question) for question in range(self.questions)]
        wanted = (
            "study", "source", "origin", "address", "model", "prompt_set", "prompt", "block", "run",
            "replicate", "finish_reason",
        )  # fmt: skip
        said = {"tokens": 20, "characters": 5, "text_sha256": "0" * 64, "text": "words"}
        return frame([{name: base[name] for name in wanted} | said for base in bases], "responses")

    def steps(self) -> pd.DataFrame:
        """Draw the entropies of the tokens of those replies."""
        random = np.random.default_rng(zlib.crc32(self.key.encode()))
        addresses = [self._base("baseline", question)["address"] for question in range(self.questions)]
        return frame(
            [
                {"address": address, "step": step, "raw_entropy": random.uniform(0, 3)}
                for address in addresses
                for step in range(20)
            ],
            "tokens",
        )

    def states(self) -> pd.DataFrame:
        """Draw pooled states of calibration answers."""
        random = np.random.default_rng(zlib.crc32(self.key.encode()))
        rows = [
            self._base("calibration", question, f"{axis}-{pole}-")
            | {"axis": axis, "pole": pole, "state": random.normal(size=16).astype(np.float32)}
            for axis in self.axes
            for pole in ("positive", "negative")
            for question in range(self.questions)
        ]
        return pd.DataFrame(rows)

    def _base(self, prompt_set: str, question: int, what: str = "") -> dict[str, Any]:
        return {
            "study": "entropy-analysis", "source": "made", "origin": "collected", "model": self.key,
            "model_kind": self.kind, "prompt_set": prompt_set, "prompt": f"q{question + 1:02}",
            "block": f"block {question % 2 + 1}", "run": prompt_set, "replicate": 1,
            "address": f"{self.key}/{prompt_set}-{what}{question}",
            "finish_reason": "length" if question % 5 == 1 else "stop",
        }  # fmt: skip

    def _answer(self, question: int, random: np.random.Generator) -> list[dict[str, Any]]:
        base = self._base("baseline", question)
        rows = _entropies(base, random)
        for axis in self.axes:
            value = 0.25 if axis in self.constant else random.uniform(-0.9, 0.9)
            rows.append(_row(base, "axis_projection", value, axis=axis, unit="projection"))
        for measure, (estimator, unit, bins) in BY_LAYER.items():
            rows += [
                _row(
                    base,
                    measure,
                    random.uniform(1, 3),
                    layer=layer,
                    symbol="activation",
                    unit=unit,
                    estimator=estimator,
                    bin_rule=bins,
                    n=64,
                )
                for layer in range(self.layers)
            ]
        return rows


def _entropies(base: dict[str, Any], random: np.random.Generator) -> list[dict[str, Any]]:
    """One mean next-token entropy, as every estimator would have it."""
    value, n = random.uniform(0.5, 2.5), int(random.integers(20, 90))
    listed = {"k": 50, "missing_mass": 0.02}
    return [
        _row(
            base,
            "token_entropy",
            factor * value,
            symbol="token",
            unit="nats",
            estimator=estimator,
            logprob_mode=mode,
            tokenizer=f"{base['model']} tokenizer",
            n=n,
            **(listed if estimator != "exact" else {}),
        )
        for estimator, mode, factor in ESTIMATES
    ]


def _row(base: dict[str, Any], measure: str, value: float, **said: Any) -> dict[str, Any]:
    words = [str(said[name]) for name in ("axis", "layer", "estimator", "logprob_mode") if name in said]
    address = "/".join((f"{base['address']}@{measure}", *words))
    return base | said | {"measure": measure, "value": value, "address": address}


@dataclass(frozen=True)
class Odd:
    """A study with the questions of the bundled one and rows of its own."""

    folder: Path

    @property
    def root(self) -> Path:
        return self.folder.parent.parent

    def declare(self, models: Iterable[str], axes: Iterable[str] = AXES) -> None:
        """Write the study without its sources, models and axes, and with these."""
        text = BLOCK.sub("", (STUDY / "study.toml").read_text(encoding="utf-8"))
        blocks = [("model", f'key = "{key}"\nlabel = "The {key}"\nvendor = "Nobody"') for key in models]
        blocks += [("axis", f'key = "{key}"\nlabel = "{key.replace("_", "/")}"') for key in axes]
        text += "".join(f"\n[[{name}]]\n{lines}\n" for name, lines in blocks)
        (self.folder / "study.toml").write_text(text, encoding="utf-8")

    def publish(self) -> None:
        """Write the study with its own models and its published rows alone."""
        text = (STUDY / "study.toml").read_text(encoding="utf-8")
        text = BLOCK.sub(lambda block: "" if '"collected"' in block[0] else block[0], text)
        (self.folder / "study.toml").write_text(text, encoding="utf-8")
        for file in STUDY.glob("published*.csv"):
            shutil.copy(file, self.folder)

    def add(self, file: str, kind: str = "observations", origin: str = "collected") -> None:
        """Declare one more source."""
        with (self.folder / "study.toml").open("a", encoding="utf-8") as study:
            study.write(f'\n[[source]]\nfile = "{file}"\nkind = "{kind}"\norigin = "{origin}"\n')
            study.write('citation = "made for a test"\n')

    def write(self, table: pd.DataFrame, kind: str = "observations") -> None:
        """Add a table of rows."""
        write_parquet(table, self.folder / f"{kind}.parquet", kind)
        self.add(f"{kind}.parquet", kind)

    def report(self) -> Report:
        """Build as far as the text, and draw what it shows; nowhere stands a word for a number that is none."""
        report = pipeline.report(self.root, pipeline.answer(self.root, "entropy-analysis"))
        assert NEVER.findall(report.text) == []
        for figure in report.figures:
            assert NEVER.findall(printed(figure)) == []
        return report

    def of(self, *models: Made, rows: Callable[[pd.DataFrame], pd.DataFrame] = lambda table: table) -> Report:
        """Declare models, give them their rows, and build."""
        self.declare([model.key for model in models], dict.fromkeys(a for m in models for a in m.axes))
        self.write(rows(pd.concat([model.rows() for model in models], ignore_index=True)))
        return self.report()


@pytest.fixture
def odd(tmp_path: Path) -> Odd:
    """Make an empty project."""
    folder = tmp_path / "inputs" / "entropy-analysis"
    folder.mkdir(parents=True)
    return Odd(folder)


def part(report: Report, start: str, end: str) -> str:
    """Cut a part of the text out, from one heading to another."""
    return report.text.partition(f"## {start}")[2].partition(f"\n## {end}")[0]


def quality(report: Report) -> str:
    return part(report, "Data quality and exclusions", "Limitations")


def cells(report: Report, key: str) -> list[list[str]]:
    """Read a table that the text shows, as it prints it."""
    table = next(table for table in report.tables if table.key == key)
    return list(csv.reader(to_csv(table).splitlines()))[1:]


def drawn(report: Report) -> set[str]:
    return {figure.key for figure in report.figures}


def rows_of(report: Report, key: str) -> list[dict[str, str]]:
    """Read what a figure draws, as texts."""
    figure = next(figure for figure in report.figures if figure.key == key)
    return [
        {name: cell if isinstance(cell, str) else cell.text for name, cell in row.items() if cell is not None}
        for row in figure.rows
    ]


def printed(figure: Figure) -> str:
    """Draw a figure and read its texts."""
    drawing = draw_svg(figure.draw, figure.rows, options=figure.options).decode()
    return "\n".join(re.findall(r"<text[^>]*>([^<]*)</text>", drawing))


ALPHA = Made("alpha")


def test_a_model_without_calibration_is_named_as_missing(odd):
    report = odd.of(ALPHA, Made("beta", calibrated=False))
    poles = part(report, "Experiment 4", "Experiment 5")
    assert "Without an answer: The beta." in poles
    assert "### The alpha" in poles
    assert "### The beta" not in poles  # no table of nothing
    assert len(cells(report, "poles-alpha")) == len(AXES)
    assert re.search(r"Does entropy differ between the poles of an axis\?.* no row holds .*\(The beta\)\.",
                     quality(report))  # fmt: skip
    words = {
        row["positive"] for row in rows_of(report, "exp4_calibration_entropy") if row["panel"] == "The beta"
    }
    assert words == {"not computable (missing cell)"}


def test_without_any_calibration_there_is_no_figure_of_poles(odd):
    report = odd.of(Made("alpha", calibrated=False))
    assert drawn(report) == {*FIGURES} - {"exp4_calibration_entropy"}
    poles = part(report, "Experiment 4", "Experiment 5")
    assert "Source: none. No row has the entropy of calibration answers" in poles
    assert "Key findings" not in poles
    assert "Does entropy differ between the poles of an axis?" in quality(report)
    assert "since no row has prompt\\_set = calibration" in quality(report)


def test_a_damaged_file_of_states_keeps_its_whole_answers(odd):
    entries = arrays(tokens=(6,) * 12) | {"token_offsets": np.arange(13) * 6}
    entries["token_offsets"][5] = 1000  # the end of the fifth answer and the start of the sixth
    save(odd.root / "states.npz", entries)
    save(odd.root / "axes.npz", axes(AXES[:2]))
    odd.declare(["alpha"])
    done = run(
        ["--root", str(odd.root), "import", "hidden_states", str(odd.root / "states.npz"), "--study",
         "entropy-analysis", "--set", "model=alpha", "--set", "layout=baseline", "--set", "logprob_mode=raw",
         "--set", f"axes_file={odd.root / 'axes.npz'}"]
    )  # fmt: skip
    assert done == 0
    toml = odd.folder / "study.toml"
    text = toml.read_text(encoding="utf-8").replace('estimator = "exact"', 'estimator = "truncated_partial"')
    toml.write_text(text, encoding="utf-8")
    odd.add("imported.parquet", origin="imported")
    report = odd.report()
    assert cells(report, "cut")[0][:2] == ["The alpha", "10"]  # of twelve
    assert cells(report, "dimensions")[0][-1] == "12"  # projections do not hang on tokens
    said = quality(report)
    assert re.search(r"states\.npz, answer 4, token\\_entropy: \S+ \(rule: ", said)
    assert re.search(r"states\.npz, answer 5, token\\_entropy: \S+ \(rule: ", said)
    assert "answer 6, token" not in said
    assert re.search(
        r"Does entropy go with an axis, question by question.* Left out: q05 and q06 \(The alpha: ", said
    )


def test_a_constant_axis_is_named_and_drops_out(odd):
    report = odd.of(ALPHA, Made("beta", constant=("patient_irritated",)))
    beta = {row[0]: row for row in cells(report, "questions-beta")}
    assert beta["patient/irritated"][1] == "not computable (constant series)"
    assert re.fullmatch(r"\N{MINUS SIGN}?0\.\d{3}", beta["warm/cold"][1])
    assert {row[0]: row[4:6] for row in cells(report, "dimensions")} == {
        "The alpha": ["7", "0"], "The beta": ["7", "1"],
    }  # fmt: skip
    assert {row[0]: row[3] for row in cells(report, "pattern")}["patient/irritated"] == "The beta"
    assert "constant: patient/irritated" in quality(report)
    assert "varies in none of the 4 strata (The beta: patient/irritated)" in quality(report)
    said = {row["value"] for row in rows_of(report, "layer_axis_heatmaps")
            if (row["panel"], row["row"]) == ("The beta", "patient/irritated")}  # fmt: skip
    assert said == {"not computable (constant series)"}


def test_signs_over_models_are_those_of_each_models_table(odd):
    report = odd.of(ALPHA, Made("beta", questions=10))
    rho = {
        model: {row[0]: row[1] for row in cells(report, f"questions-{model}")} for model in ("alpha", "beta")
    }
    assert all(len(of_axis) == len(AXES) for of_axis in rho.values())
    for axis, rises, falls, undefined, same in cells(report, "pattern"):
        down = [f"The {model}" for model in rho if rho[model][axis].startswith("\N{MINUS SIGN}")]
        up = [f"The {model}" for model in rho if f"The {model}" not in down]
        assert (rises, falls, undefined) == (", ".join(up) or "none", ", ".join(down) or "none", "none")
        assert same == ("yes" if not up or not down else "no")


def test_the_mean_over_models_is_that_of_each_models_table_within_strata(odd):
    report = odd.of(ALPHA, Made("beta"))
    register = report.register
    for axis, pooled, *_, k in cells(report, "pooled"):
        rho = [
            register.look_up(f"question/{model}/{axis.replace('/', '_')}.r").value
            for model in ("alpha", "beta")
        ]
        mean = register.look_up(f"pooled/{axis.replace('/', '_')}.r")
        assert mean.value == pytest.approx(np.tanh(np.arctanh(rho).mean()), rel=1e-9)
        assert (mean.text, k) == (pooled, "2")


def test_a_model_of_which_all_axes_are_constant_stays_in_the_figures(odd):
    report = odd.of(ALPHA, Made("beta", constant=AXES))
    assert drawn(report) == {*FIGURES}
    for key, name in (("layer_axis_heatmaps", "panel"), ("combined_peak_positions", "label")):
        assert "The beta" in {row[name] for row in rows_of(report, key)}
    panels = next(figure for figure in report.figures if figure.key == "combined_layer_axis_panels")
    assert printed(panels).count("not drawn: The beta (constant series)") == len(AXES)
    scan = next(row for row in cells(report, "scans") if row[0] == "The beta")
    assert scan[1].startswith("not computable")


def test_four_axes_beside_eight(odd):
    report = odd.of(Made("alpha", axes=AXES[:4]), Made("beta", axes=(*AXES, "dry_lively")))
    assert [row[0] for row in cells(report, "questions-alpha")] == [a.replace("_", "/") for a in AXES[:4]]
    assert [row[0] for row in cells(report, "questions-beta")][-1] == "dry/lively"
    assert {row[0]: row[4] for row in cells(report, "dimensions")} == {"The alpha": "4", "The beta": "8"}
    assert len(cells(report, "peak_details-alpha")) == 4
    assert len(cells(report, "peak_details-beta")) == 8
    peaks = {row[0]: row[1:] for row in cells(report, "peaks")}
    assert all(peaks["The alpha"][:2])
    assert not any(char.isdigit() for char in peaks["The alpha"][4])  # not the peak of another axis
    assert {row[0]: row[-1] for row in cells(report, "pooled")}["dry/lively"] == "1"
    assert re.search(r"Are two models alike.* Left out: confident/cautious, .* and dry/lively "
                     r"\(The alpha and The beta\)", quality(report))  # fmt: skip


def test_one_model_alone(odd):
    report = odd.of(ALPHA)
    assert drawn(report) == {*FIGURES}
    assert "alike" not in {table.key for table in report.tables}
    assert "contrast" not in {table.key for table in report.tables}
    assert re.search(r"Are two models alike .*no two models have the rows that it takes\.", quality(report))
    assert "it takes two models" in part(report, "Open points", "Methods")


def test_thirty_models(odd):
    models = [Made(f"model-{i:02}", axes=AXES[:2], questions=6, layers=3) for i in range(30)]
    report = odd.of(*models)
    assert drawn(report) == {*FIGURES}
    names = [f"The {model.key}" for model in models]
    for key in ("generation", "layers", "dimensions", "dead", "scans", "peaks"):
        assert [row[0] for row in cells(report, key)] == names
    assert {row["panel"] for row in rows_of(report, "layer_axis_heatmaps")} == {*names}
    assert "over the 60 tests" in report.text
    headline = {row[0]: row[1] for row in cells(report, "headline")}
    assert {f"entropy/{model.key}.{path}" for model in models for path in ("mean", "interval.low")} <= {
        *headline
    }
    for model in models:
        largest = [a for a in headline if re.fullmatch(rf"question/{model.key}/\w+\.r", a)]
        sizes = {
            axis: abs(report.register.look_up(f"question/{model.key}/{axis}.r").value) for axis in AXES[:2]
        }
        assert largest == [f"question/{model.key}/{max(sizes, key=sizes.get)}.r"]
    assert not [text for text in headline.values() if "nan" in text.lower()]


def test_pairs_of_many_models_stand_in_tables_alone(odd):
    kinds = ("base", "instruct")
    models = [Made(f"model-{i}", kind=kinds[i % 2], axes=AXES[:2], layers=3) for i in range(9)]
    report = odd.of(*models)
    assert len(cells(report, "alike")) == 9 * 8 // 2
    assert len(cells(report, "contrast")) == 4 * 5 * len(AXES[:2])
    assert "**The model-0, The model-1**" not in report.text  # no bullet for each pair
    assert "Halves of the answers tell the fingerprints apart in " in report.text
    points = part(report, "Open points", "Methods")
    assert "Each pair of a base and an instruct model has a contrast in [Table " in points
    assert "The contrast The model" not in points


def test_a_hundred_layers(odd):
    report = odd.of(Made("alpha", layers=100, axes=AXES[:3], questions=20), Made("beta", axes=AXES[:3]))
    assert {row[0]: row[1] for row in cells(report, "layers")} == {"The alpha": "100", "The beta": "5"}
    assert {row[0]: row[1] for row in cells(report, "scans")} == {"The alpha": "300", "The beta": "15"}
    columns = {row["column"] for row in rows_of(report, "layer_axis_heatmaps") if row["panel"] == "The alpha"}
    assert columns == {str(layer) for layer in range(100)}
    for axis, layer, *_, not_worse in cells(report, "peak_details-alpha"):
        record = report.register.findings.get(f"scan/alpha/{axis.replace('/', '_')}").record
        assert layers_of(not_worse, 100) == record.not_worse.indices
        assert int(layer) in record.not_worse
    assert drawn(report) == {*FIGURES}


def layers_of(printed: str, count: int) -> tuple[int, ...]:
    """Read L3–L7, L12, or all of them."""
    if printed == f"all {count}":
        return tuple(range(count))
    ends = [[int(end) for end in re.findall(r"L(\d+)", run)] for run in printed.split(", ")]
    return tuple(layer for run in ends for layer in range(run[0], run[-1] + 1))


def test_two_questions_only(odd):
    report = odd.of(Made("alpha", questions=2), Made("beta", kind="base", questions=2))
    assert [row[1] for row in cells(report, "cut")] == ["2", "2"]
    assert {row[1] for row in cells(report, "questions-alpha")} == {"not computable (too few)"}
    assert all(
        re.fullmatch(r"\N{MINUS SIGN}\d+\.\d{3} to \d+\.\d{3}", row[2]) for row in cells(report, "certainty")
    )
    pattern = lay_out("pattern", report.study.tables["pattern"], report.register, Labels({}))
    assert to_csv(pattern).splitlines()[1:] == [f",{','.join(['not computable (too few)'] * 4)}"]
    said = quality(report)
    assert "since 2 units to draw, at least 3 are needed (The alpha; The beta)" in said
    assert "token entropy has n = 2, at least 3 are needed (The alpha: warm/cold, formal/casual, " in said
    assert "axis projection has n = 2, at least 4 are needed (The alpha; The beta)" in said
    assert {*FIGURES[:4]} <= drawn(report)
    heatmaps = part(report, "Experiment 5", "What would change")
    assert "No correlation of the two could be searched for its peak" in heatmaps
    assert "Key findings" not in heatmaps


def test_published_rows_alone(odd):
    odd.publish()
    report = odd.report()
    assert drawn(report) == {"exp3_entropy_vs_behavior"}
    keys = {table.key for table in report.tables}
    assert {"generation_published", "layers_published", "peaks_published", "dead_published"} <= keys
    assert not keys & {"generation", "layers", "poles-smollm2", "scans", "cut"}
    assert "no row was collected" in report.text
    assert "since no row has measure = token\\_entropy." in quality(report)
    assert "rho = 0.371" in report.text


def test_own_rows_alone(odd):
    models = (ALPHA, Made("beta", kind="base"))
    odd.declare([model.key for model in models])
    for kind in ("observations", "responses", "tokens", "states"):
        table = {
            "observations": Made.rows,
            "responses": Made.replies,
            "tokens": Made.steps,
            "states": Made.states,
        }
        odd.write(pd.concat([table[kind](model) for model in models], ignore_index=True), kind)
    report = odd.report()
    assert drawn(report) == {*FIGURES}
    assert not [table.key for table in report.tables if "published" in table.key]
    assert [row[0] for row in cells(report, "positions")] == ["The alpha", "The beta"]
    assert {row[-1] for row in cells(report, "spectrum")} == {str(2 * len(AXES) * 12)}
    assert len(cells(report, "contrast")) == len(AXES)
    assert quality(report).count("since no row has origin = published.") == 1
    assert "there are no published figures" in report.text


def test_a_question_that_one_model_lacks_is_named(odd):
    report = odd.of(
        ALPHA, Made("beta", kind="base"),
        rows=lambda table: table[(table["model"] != "beta") | (table["prompt"] != "q03")],
    )  # fmt: skip
    assert {row[0]: row[1] for row in cells(report, "cut")} == {"The alpha": "12", "The beta": "11"}
    assert {row[-1] for row in cells(report, "contrast")} == {"11"}
    said = quality(report)
    assert re.search(r"Does entropy go with an axis over all models, within .*\? .* Left out: q03\.", said)
    assert re.search(r"Are two models alike .* Left out: q03 \(The alpha and The beta\)\.", said)
    assert re.search(r"the poles another one .* Left out: q03 \(The beta and The alpha: warm/cold", said)


def test_an_answer_without_one_layer_is_left_out_and_named(odd):
    gone = {"model": "beta", "prompt": "q03", "layer": 2, "measure": "layer_entropy"}
    report = odd.of(
        ALPHA, Made("beta"),
        rows=lambda table: table[~np.logical_and.reduce([table[n].eq(v).fillna(False) for n, v in gone.items()])],
    )  # fmt: skip
    assert {row[0]: row[1] for row in cells(report, "layers")} == {"The alpha": "5", "The beta": "5"}
    lost = [f for f in report.register.findings.of("scan") if f.dropped and not f.is_member]
    assert [(f.label, f.dropped, len(f.units)) for f in lost] == [("beta", ("q03",), 11)]
    assert re.search(
        r"At which layer does activation entropy go most .* Left out: q03 \(The beta\)\.", quality(report)
    )
    assert re.search(
        r"How does activation entropy go over the layers.* Left out: q03 \(The beta\)", quality(report)
    )


def test_the_sample_models_have_their_effective_dimension(odd, shared):
    """Figures of the methods page: 1.909332 and 3.658040, computed independently."""
    odd.publish()
    files = sorted((shared / "data" / "mood-axis").glob("*_baseline.json"))
    models = 'models={ qwen_7b = "qwen-2.5-7b", deepseek_7b = "deepseek-7b" }'
    words = ["import", "mood_axis", *map(str, files), "--study", "entropy-analysis", "--set", models]
    assert run(["--root", str(odd.root), *words]) == 0
    odd.add("imported.parquet", origin="imported")
    report = odd.report()
    for model, value, text in (("qwen-2.5-7b", 1.909332, "1.91"), ("deepseek-7b", 3.658040, "3.66")):
        number = report.register.look_up(f"dimension/{model}.plain")
        assert number.value == pytest.approx(value, abs=5e-7)
        assert number.text == text
    plain = {row[0]: row[1] for row in cells(report, "dimensions")}
    assert plain == {"Qwen 2.5 7B": "1.91", "DeepSeek 7B": "3.66"}
    assert not [table.key for table in report.tables if table.key.startswith("questions-")]  # of nothing
    assert "Qwen 2.5 7B has no table: no next-token entropy was measured" in report.text
    assert "no row was collected" not in report.text
    assert re.search(r"\*\*DeepSeek 7B:\*\* How its answers ended is not known\. .* 47 of these projections lie",
                     quality(report))  # fmt: skip
    assert "axis proactive\\_reluctant: constant\\_axis (rule: " in quality(report)
