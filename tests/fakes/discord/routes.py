"""Requests as they come in, and which function answers which address."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Request:
    """A request as it came in."""

    method: str
    path: str
    body: Any
    files: dict[str, bytes] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)


#: Answers a request: (fake, request, **parts of the address) -> a body, or None for no content.
Handler = Callable[..., Awaitable[Any]]

_ROUTES: list[tuple[str, re.Pattern[str], Handler]] = []


def route(method: str, path: str) -> Callable[[Handler], Handler]:
    """Marks the function that answers requests to `path`, whose {parts} it gets by name."""
    pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "$")

    def mark(handler: Handler) -> Handler:
        _ROUTES.append((method, pattern, handler))
        return handler

    return mark


def handler_of(asked: Request) -> tuple[Handler, dict[str, str]] | None:
    """Who answers a request, and with which parts of its address."""
    for method, pattern, handler in _ROUTES:
        if method == asked.method and (found := pattern.match(asked.path)):
            return handler, found.groupdict()
    return None
