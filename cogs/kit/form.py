"""A form as data: a modal on Discord, one question at a time on Telegram and in the console.

Never a suspended coroutine: a half-done handler lives in memory, dies at a restart and cannot be drawn as one modal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cogs.kit.ask import Parameter


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to tap instead of typing: what is shown, and the text that is read when it is chosen."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one field could not be taken: what is wrong, an example, and readings to tap where there are some.

    needed: it cannot be skipped this time.
    """

    text: str
    example: str | None = None
    choices: tuple[Choice, ...] = ()
    needed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Questions whose answers go, read and typed, to the `then` target.

    then: "<cog>.<command>" or "<cog>.<action>" (an action gets `args` first, then the fields as keywords).
    fields: the questions, in order. values: what is already there, as typed text, by field name.
    problems: what was wrong with a value, by field name. hints: a fact to say beside a field, in bare words.
    token: the draft row; set by the desk when it keeps the form.
    fixing: `values` stand already, and each can be changed or kept; else what is there is not asked for again.
    """

    title: str
    fields: tuple[Parameter, ...]
    then: str
    args: tuple[int | str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, Problem] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)
    token: str | None = None
    fixing: bool = False
