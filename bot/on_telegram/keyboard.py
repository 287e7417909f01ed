"""Buttons as an inline keyboard: pure. At most three in a row, fewer when their labels need the width of a phone."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.on_telegram.spans import is_address, tidy, units
from cogs.kit.reply import AnyButton, Button, CopyButton, Look, WebButton

log = logging.getLogger(__name__)

#: Telegram Bot API: buttons of one inline keyboard that are shown.
MOST_BUTTONS = 100
#: Three to a row on a phone, and this many characters together before they are cut off there.
_ROW_BUTTONS, _ROW_CHARACTERS = 3, 34
#: Telegram Bot API, CopyTextButton.text: 1-256 characters.
COPY_CHARACTERS = 256

_STYLES = {Look.MAIN: "success", Look.DANGER: "danger", Look.QUIET: None}


@dataclass(frozen=True, slots=True)
class KeyDrawn:
    """One key: a label and exactly one of what it does. style: "success", "danger" or None."""

    label: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    style: str | None = None


Keys = tuple[tuple[KeyDrawn, ...], ...]


def key(button: AnyButton, label: str | None = None) -> KeyDrawn | None:
    """A button as a key; None for one that Telegram would refuse, and which the text has to carry."""
    shown = " ".join(tidy(label or button.label).split()) or "…"
    match button:
        case Button(_, action_id, look):
            return KeyDrawn(shown, data=action_id, style=_STYLES[look])
        case WebButton(_, url):
            return KeyDrawn(shown, url=url) if is_address(url) else None
        case CopyButton(_, text):
            return KeyDrawn(shown, copy=text) if 1 <= units(tidy(text)) <= COPY_CHARACTERS else None


def laid_out(keys: Sequence[KeyDrawn]) -> Keys:
    """Keys in rows, in their order; what Telegram would not show is left out."""
    if len(keys) > MOST_BUTTONS:
        log.warning("a message had %s buttons, of which Telegram shows %s", len(keys), MOST_BUTTONS)
    rows: list[list[KeyDrawn]] = []
    for one in keys[:MOST_BUTTONS]:
        if rows and _fits(rows[-1], one):
            rows[-1].append(one)
        else:
            rows.append([one])
    return tuple(tuple(row) for row in rows)


def _fits(row: Sequence[KeyDrawn], one: KeyDrawn) -> bool:
    # Keys of one row have the same width, so the longest label counts for all of them.
    longest = max(len(one.label), *(len(other.label) for other in row))
    return len(row) < _ROW_BUTTONS and longest * (len(row) + 1) <= _ROW_CHARACTERS
