"""Spans as Telegram's HTML, escaped once: pure. Each comes with the length and the entities that Telegram counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from urllib.parse import urlsplit

from bot.desk.wording import day_text, distance, moment_text, money_text
from cogs.kit.words import Code, Day, Line, Moment, Pay, Plain, Shown, Span, Strong, Web, Who

#: Bot API: a date_time entity far from now is refused (ENTITY_DATE_INVALID, tdlib/telegram-bot-api issue 852, about
#: three years). A little less, since nobody has said from where it is counted.
_DATES_WITHIN = timedelta(days=1000)

# Marks that turn the writing direction of what follows, and so could make one name look like another (Unicode Standard
# Annex #9), control characters other than the line break, and halves of characters, which UTF-8 cannot carry.
_UNSEEN = re.compile(
    "[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_BREAKS = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\u0085": "\n", "\u000b": "\n", "\u000c": "\n"})


@dataclass(frozen=True, slots=True)
class Piece:
    """Some HTML. length: UTF-16 units that are left of it once entities are parsed; entities: how many it holds."""

    html: str
    length: int
    entities: int = 0


def tidy(text: str) -> str:
    """The text without control characters and direction marks; line breaks of every sort are "\\n"."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").translate(_BREAKS))


def units(text: str) -> int:
    """The length as Telegram counts it: UTF-16 code units."""
    return len(text) + sum(one > "\uffff" for one in text)


def plain(text: str) -> Piece:
    """Text that is shown as it is."""
    text = tidy(text)
    return Piece(escape(text, quote=False), units(text))


def tagged(tag: str, text: str) -> Piece:
    """Text inside a tag without attributes; blank text needs no tag, and Telegram drops such entities anyway."""
    text = tidy(text)
    if not text.strip():
        return plain(text)
    return Piece(f"<{tag}>{escape(text, quote=False)}</{tag}>", units(text), 1)


def pieces(line: Line, now: datetime, locale: str, *, bare: bool = False) -> list[Piece]:
    """A line, span by span. bare: without emphasis, for people who have it read to them."""
    return [_piece(span, now, locale, bare=bare) for span in line]


def joined(parts: list[Piece]) -> Piece:
    """Several pieces as one."""
    return Piece("".join(p.html for p in parts), sum(p.length for p in parts), sum(p.entities for p in parts))


def _piece(span: Span, now: datetime, locale: str, *, bare: bool) -> Piece:
    match span:
        case Plain(text):
            return plain(text)
        case Strong(text):
            return plain(text) if bare else tagged("b", text)
        case Code(text):
            # A command stays plain: Telegram makes it something to tap, which code would not be.
            return plain(text) if bare or _is_command(text) else tagged("code", text)
        case Web(text, url):
            return _link(text, url)
        case Moment():
            return _moment(span, now)
        case Day():
            return plain(day_text(span))
        case Pay(money):
            return plain(money_text(money, locale))
        case Who(_, name):
            return plain(name)


def _is_command(text: str) -> bool:
    return re.fullmatch(r"/[a-z0-9_]{1,32}", text) is not None


def is_address(url: str) -> bool:
    """Whether Telegram takes the address for a link: http or https, a name with a dot, nothing odd in it."""
    if re.search(r"[\s<>\"\\]", url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in (parts.hostname or "")


def _link(text: str, url: str) -> Piece:
    if not is_address(url):
        return plain(f"{text} ({url})")
    shown = tidy(text)
    if not shown.strip():
        return plain(url)
    return Piece(f'<a href="{escape(url, quote=True)}">{escape(shown, quote=False)}</a>', units(shown), 1)


def _moment(moment: Moment, now: datetime) -> Piece:
    """The moment's own zone in words, inside an entity that shows readers their own clock and offers a reminder."""
    words = moment_text(moment, now)
    away = distance(moment.at, now, moment.zone)
    match moment.shown:
        case Shown.CLOCK:
            return plain(words)
        case Shown.DISTANCE:
            return _dated(words, moment.at, "r", now)
        case Shown.SHORT:
            return _dated(words, moment.at, "wdt", now)
    inside = words.removesuffix(f", {away}")
    return joined([_dated(inside, moment.at, "wDt", now), plain(f", {away}")])


def _dated(words: str, at: datetime, shape: str, now: datetime) -> Piece:
    if abs(at - now) > _DATES_WITHIN:
        return plain(words)
    words = tidy(words)
    html = f'<tg-time unix="{int(at.timestamp())}" format="{shape}">{escape(words, quote=False)}</tg-time>'
    return Piece(html, units(words), 1)
