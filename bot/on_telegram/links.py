"""Deep links: what "Continue in private" leads to. The link carries a random token and nothing else.

Kept as a setting of the person, so that it is exported and forgotten with them, and works after a restart and on
another process. For a half-filled form its own token is the link, and what is kept is only where the link hangs.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.desk.surface import Sent
from bot.on_telegram.keyboard import KeyDrawn
from bot.on_telegram.render import Drawn
from cogs.kit.reply import CardRef, Upload
from cogs.kit.tools import Tools

_SETTING = "telegram.links"
#: How long a link works, and how many of one person's; an older one says that it is too old.
_KEPT, _MOST = timedelta(days=1), 5
#: Files kept behind a link, in bytes together; what is more has to be asked for again.
MOST_BYTES = 4 * 1024 * 1024
#: Telegram: a start parameter has up to 64 characters of A-Z a-z 0-9 _ and -.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What goes on in private.

    sort: "told", an answer to what was done in a group, drawn and packed; "look": the answer is there already; "form":
    the form whose token the link is. What was done is never done again by following a link.
    way: the message in the group that shows the link, once it is known.
    """

    sort: str
    what: str = ""
    way: Sent | None = None


class Links:
    """Makes links and opens them, once each."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def make(self, person_id: int, wanted: Wanted, now: datetime, token: str | None = None) -> str:
        """A token that this person, and nobody else, can open. token: one that exists already, a form's."""
        token = token or secrets.token_urlsafe(12)
        entry = {"t": token, "u": int((now + _KEPT).timestamp()), "s": wanted.sort, "w": wanted.what}
        async with self._tools.open_work() as work:
            kept = _read(await work.people.setting(person_id, _SETTING))
            kept = [one for one in kept if one["t"] != token and one["u"] > now.timestamp()]
            await work.people.set_setting(person_id, _SETTING, json.dumps([*kept, entry][-_MOST:]))
            await work.commit()
        return token

    async def hangs(self, person_id: int, token: str, way: Sent) -> list[Sent]:
        """Remember which message shows the link, so that it can be taken away once it was followed.

        Returns the messages in the same place that showed this person a way before, and are no longer needed.
        """
        before: list[Sent] = []
        async with self._tools.open_work() as work:
            kept = _read(await work.people.setting(person_id, _SETTING))
            for entry in kept:
                if entry["t"] == token:
                    entry["g"] = [way.dest, way.message]
                elif (entry.get("g") or [None])[0] == way.dest:
                    before.append(Sent(entry.pop("g")[1], way.dest))
            await work.people.set_setting(person_id, _SETTING, json.dumps(kept) if kept else None)
            await work.commit()
        return before

    async def shown(self, person_id: int, dest: str, now: datetime) -> bool:
        """Whether a message in that place shows this person a way that still works."""
        async with self._tools.open_work(reading=True) as work:
            kept = _read(await work.people.setting(person_id, _SETTING))
        return any((entry.get("g") or [None])[0] == dest and entry["u"] > now.timestamp() for entry in kept)

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
        if found["u"] <= now.timestamp():
            return None
        way = found.get("g")
        return Wanted(found["s"], found["w"], Sent(way[1], way[0]) if way else None)


def packed(drawn: Drawn, card: CardRef | None = None) -> str:
    """A drawing as text, with its files as far as there is room for them, and the card that it is."""
    return json.dumps(
        [
            drawn.texts,
            [[_key(one) for one in row] for row in drawn.keys],
            [_file(one) for one in fitting(drawn.files)],
            [card.card, card.subject_id] if card is not None else None,
            drawn.captioned,
        ]
    )


def unpacked(text: str) -> tuple[Drawn, CardRef | None]:
    """What `packed` was given."""
    texts, rows, files, card, captioned = json.loads(text)
    keys = tuple(tuple(KeyDrawn(*one) for one in row) for row in rows)
    uploads = tuple(
        Upload(name, zlib.decompress(base64.b85decode(content)), kind, alt) for name, content, kind, alt in files
    )
    drawn = Drawn(tuple(texts), keys, uploads, captioned=captioned and len(uploads) == 1)
    return drawn, CardRef(*card) if card is not None else None


def fitting(files: Sequence[Upload]) -> list[Upload]:
    """The first of the files that can wait behind a link."""
    kept: list[Upload] = []
    room = MOST_BYTES
    for one in files:
        room -= len(one.content)
        if room < 0:
            break
        kept.append(one)
    return kept


def _file(one: Upload) -> list[str | None]:
    return [one.name, base64.b85encode(zlib.compress(one.content)).decode(), one.kind, one.alt]


def _key(one: KeyDrawn) -> list[str | None]:
    return [one.label, one.data, one.url, one.copy, one.style]


def is_token(payload: str) -> bool:
    """Whether a start parameter could be one of ours."""
    return _TOKEN.fullmatch(payload) is not None


def _read(kept: str | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(kept) if kept else []
    return found
