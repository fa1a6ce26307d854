"""Our own description of OSF (openapi.yaml), and what a request lacks to be one that it describes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema
import yaml

from tests.publish._contract_parts import Seen

PATH = Path(__file__).with_name("openapi.yaml")
EVERYWHERE = {"view_only"}  # a security scheme
BEYOND = ("/v2/wikis/", "/v2/guids/")  # read as a plain page, or asked by another program


@cache
def description() -> dict[str, Any]:
    found = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def problems(seen: Seen) -> Iterator[str]:
    """Say what is wrong with a request: path, method, query, head, and body."""
    parts = urlsplit(seen.path)
    if parts.path.startswith(BEYOND):
        return
    here = f"{seen.method} {seen.path}"
    found = _operation(parts.path, seen.method.lower())
    if found is None:
        yield f"{here}: no such operation"
        return
    operation, shared = found
    declared = {each["name"]: each for each in (*shared, *_resolved(operation.get("parameters", [])))}
    query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    for name, value in query.items():
        if name in EVERYWHERE:
            continue
        if name not in declared:
            yield f"{here}: {name} is not declared"
        else:
            yield from (f"{here}: {name}: {told}" for told in _wrong(_typed(value), declared[name]["schema"]))
    for name, each in declared.items():
        if each["in"] == "query" and each.get("required") and name not in query:
            yield f"{here}: {name} is missing"
    if seen.whole:
        yield from (f"{here}: {told}" for told in _body(seen, operation))


def _body(seen: Seen, operation: dict[str, Any]) -> Iterator[str]:
    body = operation.get("requestBody")
    if "$ref" in (body or {}):
        body = _at(body["$ref"])
    if body is None:
        if seen.body:
            yield "a body that nobody asked for"
        return
    kind = seen.headers.get("Content-Type", "")
    if kind not in body["content"]:
        yield f"a body of the kind {kind!r}"
    elif kind == "application/json":
        yield from _wrong(seen.json, body["content"][kind]["schema"])
    if "Content-Length" not in seen.headers:
        yield "no Content-Length"


def _operation(path: str, method: str) -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
    for template, item in description()["paths"].items():
        names = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(names, path) and method in item:
            return item[method], _resolved(item.get("parameters", []))
    return None


def _resolved(parameters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [_at(each["$ref"]) if "$ref" in each else each for each in parameters]


def _at(reference: str) -> Any:
    found: Any = description()
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def _typed(value: str) -> str | int:
    return int(value) if value.isdecimal() and len(value) < 6 else value


def _wrong(value: Any, schema: dict[str, Any]) -> Iterator[str]:
    validator = jsonschema.Draft202012Validator({**schema, "components": description()["components"]})
    values = [value, str(value)] if isinstance(value, int) else [value]  # in a query both are written alike
    found = [[*validator.iter_errors(each)] for each in values]
    if all(found):
        yield from (f"{'/'.join(str(part) for part in each.path)}: {each.message}" for each in found[0])
