"""Request bodies against Discord's own OpenAPI description, where it lies beside the checkout. Compiled once."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

_BESIDE = Path(__file__).resolve().parents[4] / "shared" / "specs" / "discord-openapi.json"
SPEC = Path(os.environ.get("DISCORD_OPENAPI", _BESIDE))


def wrong(method: str, path: str, body: Any) -> str | None:
    """What the description does not allow about a body; None when it is fine, or when there is no description."""
    found = _operation(method, path)
    if found is None:
        return None
    validator = _validator(found)
    error = next(iter(validator.iter_errors(body)), None) if validator is not None else None
    if error is None:
        return None
    deepest = error
    while deepest.context:
        # Of many alternatives the one that was meant is the one whose type fits.
        deepest = max(deepest.context, key=_likely)
    where = "/".join(map(str, deepest.absolute_path))
    return f"{method} {path}: {where or 'body'}: {deepest.message[:300]}"


def _likely(error: Any) -> tuple[bool, int]:
    chosen = {tuple(one.absolute_path) for one in error.parent.context if _is_type(one)}
    branch = error.schema_path[0] if error.schema_path else None
    wrong_type = any(one.schema_path and one.schema_path[0] == branch and _is_type(one) for one in error.parent.context)
    return not wrong_type or not chosen, len(error.absolute_path)


def _is_type(error: Any) -> bool:
    return bool(error.absolute_path) and error.absolute_path[-1] == "type"


@cache
def _spec() -> dict[str, Any] | None:
    if not SPEC.is_file():
        return None
    read: dict[str, Any] = json.loads(SPEC.read_text("utf-8"), object_hook=_lenient)
    return read


def _lenient(made: dict[str, Any]) -> dict[str, Any]:
    """Discord takes ids as numbers too (API Reference, Snowflakes), and discord.py sends them so."""
    if made.get("format") == "snowflake" and made.get("type") == "string":
        return {"type": ["string", "integer"]}
    return made


@cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    spec = _spec()
    if spec is None:
        return []
    # Literal parts before placeholders: "/webhooks/…/messages/@original" is not "/webhooks/…/messages/{message_id}".
    paths = sorted(spec["paths"], key=lambda one: one.count("{"))
    return [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", one) + "$"), one) for one in paths]


@cache
def _operation(method: str, path: str) -> tuple[str, str] | None:
    for pattern, template in _templates():
        if pattern.match(path):
            return template, method.lower()
    return None


@cache
def _validator(operation: tuple[str, str]) -> Any:
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    spec = _spec()
    assert spec is not None
    template, method = operation
    described = spec["paths"][template].get(method, {}).get("requestBody", {}).get("content", {})
    if "application/json" not in described:
        return None
    registry: Any = Registry().with_resource("urn:discord", Resource(spec, DRAFT202012))
    escaped = template.replace("~", "~0").replace("/", "~1")
    pointer = f"urn:discord#/paths/{escaped}/{method}/requestBody/content/application~1json/schema"
    return extend(Draft202012Validator, {"oneOf": _one_of})({"$ref": pointer}, registry=registry)


def _one_of(validator: Any, branches: list[dict[str, Any]], instance: Any, schema: dict[str, Any]) -> Iterator[Any]:
    """As the standard says, but of components only that of the same type is tried: no other could be right."""
    from jsonschema import Draft202012Validator

    kind = instance.get("type") if isinstance(instance, dict) else None
    meant = [one for one in branches if kind is None or kind in _types(one.get("$ref", ""), (kind,))]
    yield from Draft202012Validator.VALIDATORS["oneOf"](validator, meant or branches, instance, schema)


@cache
def _types(ref: str, otherwise: tuple[int, ...]) -> tuple[int, ...]:
    """The types that something described elsewhere may say it has; `otherwise` where it need not say one."""
    spec = _spec()
    assert spec is not None
    described = spec["components"]["schemas"].get(ref.rpartition("/")[2], {})
    kinds = described.get("properties", {}).get("type", {}).get("enum")
    return tuple(kinds) if kinds and "type" in described.get("required", ()) else otherwise
