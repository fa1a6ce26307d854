"""A frozen plan as a document for people, and as the text of a registration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jinja2 import FileSystemLoader
from markupsafe import Markup

from reporter.preregistration.deviations import text_of
from reporter.preregistration.plan import Plan
from reporter.provenance import templates_folder
from reporter.render.environment import Quoted, environment

# Options of a statistic that name the smallest effect that would matter.
SMALLEST = ("bound", "effect")
SCORING = ("common_slope", "score_common_slope", "score_prediction")
ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>#|~!&+=.)-])")
DESCRIBED = {"question", "statistic", "roles", "options"}  # of an analysis, what has a place of its own


def document(plan: Plan) -> str:
    """Write the plan as Markdown; the same plan gives the same bytes."""
    env = environment(FileSystemLoader(templates_folder()), Quoted())
    env.filters["code"] = code
    rendered = env.get_template("plan.md.jinja").render(plan=described(plan))
    return re.sub(r"\n{3,}", "\n\n", rendered).strip("\n") + "\n"


def registration_summary(plan: Plan) -> str:
    """Write the plan as plain text, for the summary that a registration asks for.

    It names the digest of the plan's JSON: whoever has that file can see that it is what was registered.
    """
    return ESCAPED.sub(r"\1", document(plan)).replace("`", "")


def code(text: str) -> Markup:
    """Write a name as code, so that it stands as it is."""
    return Markup(f"`{text.replace('`', chr(39))}`")


def described(plan: Plan) -> dict[str, Any]:
    """Give the parts of a plan as words; every number in it is a text of the plan."""
    content = plan.content
    analyses = content["analyses"]
    return {
        "title": plan.title,
        "version": str(plan.version),
        "time": plan.time,
        "program": plan.program,
        "follows": plan.follows,
        "sha256": plan.sha256,
        "had_rows": plan.n_rows > 0,
        "n_rows": str(plan.n_rows),
        "files": [
            {"file": file.file, "rows": str(file.rows), "sha256": file.sha256, "declared": file.declared}
            for file in plan.rows
        ],
        **{name: text_of(content[name]) for name in ("hypothesis", "experiment", "alpha", "level", "seed")},
        "constants": _entries(content["declared"]),
        "models": _entries(content["models"]),
        "axes": _entries(content["axes"]),
        "sources": _entries(content["sources"]),
        "families": [
            {
                "name": name,
                "method": family["method"],
                "tests": [key for key, each in analyses.items() if each.get("family") == name],
            }
            for name, family in content["families"].items()
        ],
        "analyses": [_analysis(key, each) for key, each in analyses.items()],
        "smallest": list(_smallest(content)),
        "tiers": _entries(content["tiers"]),
        "zones": text_of(content["zones"]) if content["zones"] else "",
        "scoring": [key for key, each in analyses.items() if each["statistic"] in SCORING],
        "predictions": [_prediction(key, said) for key, said in plan.predictions.items()],
        "runs": [{"name": name, "answers": str(count)} for name, count in plan.answers.items()],
        "prompts": _prompts(content["prompts"]),
    }


def _entries(table: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{"name": name, "words": text_of(value)} for name, value in table.items()]


def _analysis(key: str, analysis: Mapping[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in analysis.items() if name not in DESCRIBED}
    return {
        "name": key,
        "question": analysis["question"],
        "statistic": analysis["statistic"],
        "roles": _entries(analysis["roles"]),
        "options": _entries(analysis["options"]),
        "rest": _entries(rest),
    }


def _smallest(content: Mapping[str, Any]) -> Any:
    """Name each analysis that has a smallest effect, with its value."""
    for key, analysis in content["analyses"].items():
        for option in SMALLEST:
            value = analysis["options"].get(option)
            if value is not None:
                meant = content["declared"].get(value, value) if isinstance(value, str) else value
                yield {"name": key, "option": option, "value": text_of(meant)}


def _prediction(key: str, said: Mapping[str, Any]) -> dict[str, Any]:
    members = [
        {"name": name, **{end: text_of(value) for end, value in member.items()}}
        for name, member in said.get("members", {}).items()
    ]
    words = {name: text_of(value) for name, value in said.items() if name != "members"}
    return {"name": key, "not_computable": "", **words, "members": members}


def _prompts(prompts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "seed": text_of(prompts.get("seed")) if prompts else "",
        "texts": [{"name": name, "words": each["text"]} for name, each in prompts.get("prompt", {}).items()],
        "axes": _entries(prompts.get("axis", {})),
        "runs": _entries(prompts.get("run", {})),
    }
