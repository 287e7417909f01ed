"""A modal that somebody in a story has before them, filled in a line at a time."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.on_console.transcript import squeezed
from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.world import User

#: What is typed to leave a field as it is.
SKIP = ("skip", "-")


@dataclass
class Form:
    """An open modal, and what was written into it so far. passed: the fields that are done with, by custom id."""

    opened: Interaction
    values: dict[str, Any] = field(default_factory=dict)
    passed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        # What stands there already is not asked again, unless there is nothing else.
        filled = [one["custom_id"] for one in self.fields if _is_filled(one)]
        self.passed = filled if len(filled) < len(self.fields) else []

    @property
    def modal(self) -> dict[str, Any]:
        assert self.opened.modal is not None
        return self.opened.modal

    @property
    def fields(self) -> list[dict[str, Any]]:
        return [one["component"] for one in self.modal["components"] if one["type"] == 18]

    @property
    def open(self) -> list[dict[str, Any]]:
        return [one for one in self.fields if one["custom_id"] not in self.passed]

    def offers(self, label: str) -> bool:
        """Whether the next field has a choice of that name."""
        offered = self.open[0].get("options", []) if self.open else []
        return any(label.casefold() in one["label"].casefold() for one in offered)

    def ask_only(self, question: str) -> None:
        """Leave open only the field that a question is about, when the form was opened to answer it."""
        asked = [
            one["component"]["custom_id"]
            for one in self.modal["components"]
            if one.get("description") and squeezed(one["description"].rstrip("?")) in question
        ]
        if asked:
            self.passed = [one["custom_id"] for one in self.fields if one["custom_id"] != asked[-1]]

    def write(self, text: str, person: Callable[[str], User]) -> None:
        """Write a line into the next field, or leave that field as it is."""
        assert self.open, "the form has no field left"
        one = self.open[0]
        self.passed.append(one["custom_id"])
        if text.casefold() not in SKIP:
            self.values[one["custom_id"]] = _value(one, text, person)


def _value(one: dict[str, Any], text: str, person: Callable[[str], User]) -> Any:
    if one["type"] == 5:
        return person(text)
    if one["type"] in (21, 22, 3):
        by_label = {o["label"].casefold(): o["value"] for o in one["options"]}
        near = difflib.get_close_matches(text.casefold(), list(by_label), n=1, cutoff=0.3)
        return by_label[near[0]] if near else text
    return text


def _is_filled(one: dict[str, Any]) -> bool:
    return bool(one.get("value")) or any(option.get("default") for option in one.get("options", ()))
