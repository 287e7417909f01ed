"""Drawings as discord.py's objects. They draw and never act: each is finished before it is sent, so none is kept."""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.on_discord.render import Beside, Buttons, Drawn, FileLine, Pictures, Text
from cogs.kit.reply import DANGER, MAIN, Button, WebButton

#: Discord API, attachments: alt text has at most 1024 characters.
ALT_CHARACTERS = 1024

_TWIN = re.compile(r"§\d+$")


@dataclass(frozen=True, slots=True)
class Made:
    """What is handed to discord.py: keywords for `send` and the like."""

    content: str | None
    view: ui.View | ui.LayoutView | None
    files: tuple[discord.File, ...]

    def new(self) -> dict[str, Any]:
        """Keywords for a new message."""
        made: dict[str, Any] = {}
        if self.content is not None:
            made["content"] = self.content
        if self.view is not None:
            made["view"] = self.view
        if self.files:
            made["files"] = list(self.files)
        return made

    def edit(self) -> dict[str, Any]:
        """Keywords for an edit, which takes off what is not there any more.

        Content set to nothing lets a note become a card; a card never becomes a note again.
        """
        return {
            "content": self.content if not isinstance(self.view, ui.LayoutView) else None,
            "view": self.view,
            "attachments": list(self.files),
        }


def made(drawn: Drawn) -> Made:
    """The objects of a drawing. Needs a running loop, as discord.py's views do."""
    files = tuple(
        discord.File(
            io.BytesIO(one.content), filename=one.name, description=one.alt[:ALT_CHARACTERS] if one.alt else None
        )
        for one in drawn.files
    )
    if drawn.card:
        return Made(None, _layout(drawn), files)
    rows = [one for one in drawn.blocks if isinstance(one, Buttons)]
    view = ui.View(timeout=None) if rows else None
    if view is not None:
        ids = _Ids()
        for number, row in enumerate(rows):
            for button in row.buttons:
                view.add_item(_button(button, ids, row=number))
        view.stop()
    return Made(drawn.text or None, view, files)


def _layout(drawn: Drawn) -> ui.LayoutView:
    view, ids = ui.LayoutView(timeout=None), _Ids()
    items: list[ui.Item[Any]] = []
    for block in drawn.blocks:
        match block:
            case Text(markdown):
                items.append(ui.TextDisplay(markdown))
            case Beside(markdown, button):
                items.append(ui.Section(ui.TextDisplay(markdown), accessory=_button(button, ids)))
            case Buttons(buttons):
                items.append(ui.ActionRow(*(_button(one, ids) for one in buttons)))
            case Pictures(named):
                items.append(ui.MediaGallery(*(_picture(name, alt) for name, alt in named)))
            case FileLine(name):
                items.append(ui.File(f"attachment://{name}"))
    if drawn.framed:
        items = [ui.Container(*items)]
    for item in items:
        view.add_item(item)
    view.stop()
    return view


def _picture(name: str, alt: str) -> discord.MediaGalleryItem:
    return discord.MediaGalleryItem(f"attachment://{name}", description=alt[:ALT_CHARACTERS] or None)


def read_id(custom_id: str) -> str:
    """The action behind a button's id, without the mark that told it from a twin."""
    return _TWIN.sub("", custom_id)


class _Ids:
    """Ids that are used once in a message, as Discord wants them: two buttons that do the same are told apart."""

    def __init__(self) -> None:
        self._used: Counter[str] = Counter()

    def of(self, button: Button) -> str:
        self._used[button.action] += 1
        number = self._used[button.action]
        return button.action if number == 1 else f"{button.action}§{number}"


def _button(button: Button | WebButton, ids: _Ids, row: int | None = None) -> ui.Button[Any]:
    if isinstance(button, WebButton):
        return ui.Button(label=button.label[:80], url=button.url, row=row)
    style = {MAIN: discord.ButtonStyle.primary, DANGER: discord.ButtonStyle.danger}.get(button.look)
    return ui.Button(
        label=button.label, custom_id=ids.of(button), style=style or discord.ButtonStyle.secondary, row=row
    )
