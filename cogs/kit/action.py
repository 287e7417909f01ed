"""Action ids: what a button carries. `fc:gigs.answer:2c:i` is action `answer` of cog `gigs` with two arguments.

The id is public: anybody may send it. It is a lookup key, never authority; the handler reads the record again and
checks the right at that moment. Whole numbers are written in base 36, enums by their value, dates as yymmdd.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any, get_type_hints

PREFIX = "fc:"
#: Telegram Bot API, InlineKeyboardButton.callback_data: 1-64 bytes. Discord allows 100 characters; the smaller binds.
ACTION_BYTES = 64

_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class BadAction(ValueError):
    """An id that this program never built, or no longer understands."""


def action(name: str, *args: int | str | Enum | date) -> str:
    """The id for `name` ("gigs.answer") with its arguments, in the handler's order.

    Raises ValueError when it would be longer than 64 bytes or an argument holds a colon: longer state belongs in a
    draft, whose token fits.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"not an action name: {name!r}")
    encoded = PREFIX + ":".join((name, *(_write(arg) for arg in args)))
    if len(encoded.encode()) > ACTION_BYTES:
        raise ValueError(f"action id over {ACTION_BYTES} bytes: {encoded!r}")
    return encoded


@dataclass(frozen=True, slots=True)
class Pressed:
    """A taken-apart action id: its name and its arguments, still as text."""

    name: str
    args: tuple[str, ...]


def take_apart(encoded: str) -> Pressed:
    """The name and raw arguments of an id. Raises BadAction for anything that is not one."""
    if not encoded.startswith(PREFIX) or len(encoded.encode()) > ACTION_BYTES:
        raise BadAction(encoded)
    name, *args = encoded.removeprefix(PREFIX).split(":")
    if not _NAME.fullmatch(name):
        raise BadAction(encoded)
    return Pressed(name, tuple(args))


def typed(handler: Callable[..., Any], raw: Sequence[str], *, skip: int = 1) -> list[Any]:
    """Raw arguments as the handler's signature types them; `skip` leading parameters (the call) are not arguments.

    Trailing parameters with a default may be absent. Raises BadAction when the arguments do not fit.
    """
    hints, parameters = _shape(getattr(handler, "__func__", handler))
    wanted = [p for p in parameters[skip:] if p.kind is not p.KEYWORD_ONLY]
    needed = sum(p.default is p.empty for p in wanted)
    if not needed <= len(raw) <= len(wanted):
        raise BadAction(":".join(raw))
    try:
        return [_read(text, hints[p.name]) for text, p in zip(raw, wanted, strict=False)]
    except (ValueError, OverflowError) as error:
        raise BadAction(":".join(raw)) from error


@lru_cache(maxsize=1024)
def _shape(function: Callable[..., Any]) -> tuple[dict[str, Any], tuple[inspect.Parameter, ...]]:
    """What a handler takes, without `self`. Looked up once: it is asked at every press and never changes."""
    parameters = tuple(inspect.signature(function).parameters.values())
    if parameters and parameters[0].name == "self":
        parameters = parameters[1:]
    return get_type_hints(function), parameters


def _write(arg: int | str | Enum | date) -> str:
    if isinstance(arg, Enum):
        arg = str(arg.value)
    if isinstance(arg, bool):
        return "1" if arg else "0"
    if isinstance(arg, int):
        return _base36(arg)
    if isinstance(arg, date):
        return arg.strftime("%y%m%d")
    if ":" in arg or not arg.isprintable():
        raise ValueError(f"an action argument may not hold a colon or control character: {arg!r}")
    return arg


def _read(text: str, kind: Any) -> Any:
    if kind is bool:
        return {"1": True, "0": False}[text] if text in ("1", "0") else _refuse(text)
    if kind is int:
        return int(text, 36) if re.fullmatch(r"-?[0-9a-z]{1,13}", text) else _refuse(text)
    if kind is date:
        if not re.fullmatch(r"[0-9]{6}", text):
            _refuse(text)
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(text)
    return text


def _refuse(text: str) -> Any:
    raise ValueError(text)


def _base36(number: int) -> str:
    if number < 0:
        return "-" + _base36(-number)
    digits = _DIGITS[number % 36]
    while number := number // 36:
        digits = _DIGITS[number % 36] + digits
    return digits
