"""Checks calls against the published description of the Bot API, where it lies beside the checkout."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_SPEC = Path(__file__).parents[4] / "shared" / "specs" / "telegram-bot-api.json"


@cache
def _methods() -> dict[str, Any]:
    return dict(json.loads(_SPEC.read_text("utf-8"))["methods"]) if _SPEC.exists() else {}


def faults_of(method: str, given: dict[str, Any]) -> list[str]:
    """What is wrong with a call; nothing where there is no description to hold it against."""
    known = _methods()
    if not known:
        return []
    spec = known.get(method)
    if spec is None:
        return [f"there is no method {method}"]
    fields = {field["name"]: field for field in spec.get("fields", [])}
    found = [f"{method} has no parameter {name}" for name in given if name not in fields]
    for name, field in fields.items():
        if field["required"] and name not in given:
            found.append(f"{method} needs {name}")
        elif name in given and not _fits(field["types"], given[name]):
            found.append(f"{method}: {name} is not {' or '.join(field['types'])}: {given[name]!r:.60}")
    return found


def _fits(types: list[str], value: Any) -> bool:
    return any(_is(kind, value) for kind in types)


def _is(kind: str, value: Any) -> bool:
    if kind == "Integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "Boolean":
        return isinstance(value, bool)
    if kind == "String":
        return isinstance(value, str)
    if kind == "Float":
        return isinstance(value, int | float)
    if kind.startswith("Array of"):
        return isinstance(value, list)
    if kind == "InputFile":
        return isinstance(value, bytes)
    return isinstance(value, dict)
