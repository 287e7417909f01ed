"""Deep links: what "Continue in private" leads to. The link carries a random token and nothing else.

Kept as a setting of the person, so that it is exported and forgotten with them, and works after a restart and on
another process. A half-filled form needs none: its own token is the link.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.on_telegram.keyboard import KeyDrawn
from bot.on_telegram.render import Drawn
from cogs.kit.tools import Tools

_SETTING = "telegram.links"
#: How long a link works, and how many of one person's; an older one says that it is too old.
_KEPT, _MOST = timedelta(days=1), 5
#: Telegram: a start parameter has up to 64 characters of A-Z a-z 0-9 _ and -.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What goes on in private.

    sort: "told", an answer to what was done in a group, drawn and packed; "look": the answer is there already. What
    was done is never done again by following a link.
    """

    sort: str
    what: str


class Links:
    """Makes links and opens them, once each."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def make(self, person_id: int, wanted: Wanted, now: datetime) -> str:
        """A token that this person, and nobody else, can open."""
        token = secrets.token_urlsafe(12)
        entry = {"t": token, "u": int((now + _KEPT).timestamp()), "s": wanted.sort, "w": wanted.what}
        async with self._tools.open_work() as work:
            kept = _read(await work.people.setting(person_id, _SETTING))
            await work.people.set_setting(person_id, _SETTING, json.dumps([*kept, entry][-_MOST:]))
            await work.commit()
        return token

    async def open(self, person_id: int, token: str, now: datetime) -> Wanted | None:
        """What a token of this person stands for, which it does once; None when it is not theirs, used or too old."""
        async with self._tools.open_work() as work:
            kept = _read(await work.people.setting(person_id, _SETTING))
            found = next((entry for entry in kept if entry["t"] == token), None)
            if found is None:
                return None
            left = [entry for entry in kept if entry is not found]
            await work.people.set_setting(person_id, _SETTING, json.dumps(left) if left else None)
            await work.commit()
        return Wanted(found["s"], found["w"]) if found["u"] > now.timestamp() else None


def packed(drawn: Drawn) -> str:
    """A drawing as text, without its files."""
    return json.dumps([drawn.texts, [[_key(one) for one in row] for row in drawn.keys]])


def unpacked(text: str) -> Drawn:
    """What `packed` made."""
    texts, rows = json.loads(text)
    return Drawn(tuple(texts), tuple(tuple(KeyDrawn(*one) for one in row) for row in rows))


def _key(one: KeyDrawn) -> list[str | None]:
    return [one.label, one.data, one.url, one.copy, one.style]


def is_token(payload: str) -> bool:
    """Whether a start parameter could be one of ours."""
    return _TOKEN.fullmatch(payload) is not None


def _read(kept: str | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(kept) if kept else []
    return found
