"""What goes over the wire: parameters as they come, answers that are not ok, and how calls are made to fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web


class Refusal(Exception):
    """An answer that is not ok."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


@dataclass(slots=True)
class Trouble:
    """How the next fitting calls fail. lost: the deed is done and the connection cut; cut: before the deed."""

    method: str
    times: int
    refusal: Refusal | None = None
    lost: bool = False
    cut: bool = False
    fits: Callable[[dict[str, Any]], bool] = lambda _: True


@dataclass(frozen=True, slots=True)
class CallMade:
    method: str
    given: dict[str, Any]
    at: float
    ok: bool


#: Parameters of a newer Bot API than the description beside the checkout.
NEWER = frozenset({"ephemeral_message_parameters", "_file"})


async def given_in(request: web.Request) -> dict[str, Any]:
    """The parameters, as their JSON values; a file is its bytes, and its name and bytes stand under "_file"."""
    given: dict[str, Any] = {}
    for name, value in {**request.query, **(await request.post())}.items():
        if isinstance(value, web.FileField):
            content = value.file.read()
            given["_file"] = (value.filename, content)
            given[name] = content
        else:
            given[name] = _value(name, str(value))
    attached = [name for name in given if name.startswith("attached")]
    for name, value in list(given.items()):
        if isinstance(value, str) and value.startswith("attach://"):
            given[name] = given[value.removeprefix("attach://")]
    for name in attached:
        del given[name]
    return given


#: Parameters that are text, whatever they look like.
_TEXTS = frozenset({"text", "caption", "url", "file_id", "callback_query_id", "secret_token", "language_code"})


def _value(name: str, text: str) -> Any:
    if name in _TEXTS:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def refused(refusal: Refusal) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return web.json_response(body, status=refusal.code)
