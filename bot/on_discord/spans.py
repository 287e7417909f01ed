"""Spans as Discord's Markdown, escaped: pure.

What people typed is shown as they typed it. Every character that could begin markup is escaped, whatever stands around
it: an escape too many is invisible, one too few makes bold text or a mention out of somebody's name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from bot.desk.wording import day_text, distance, moment_text, money_text
from cogs.kit.words import Code, Day, Line, Moment, Pay, Plain, Shown, Span, Strong, Web, Who

#: Commands by name ("gig post") with the mention that opens them ("</gig post:123>").
Mentions = Mapping[str, str]

# Whole words that are addresses, of characters that are harmless inside one. Discord makes them links; an escape
# inside would break them, and nothing in them can become markup.
_ADDRESS = re.compile(r"(?<!\S)https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[A-Za-z0-9.%/?=&+,-]*)?(?<=[A-Za-z0-9/])(?!\S)")
# Characters with which inline markup, masked links, mentions, timestamps and emoji begin.
_INLINE = re.compile(r"[\\`*_~|<>\[\]]")
# At the beginning of a line also headings, small print, lists and numbers of lists.
_LEADING = re.compile(r"(?m)^(\s*)(#{1,3}(?=\s|$)|[+-](?=\s|$)|-(?=#)|\d+(?=[.)](?:\s|$)))")
# Everybody, roles and people; a mark of no width after the @ makes it a plain character on every client.
_CALLING = re.compile(r"@(?=everyone|here|[!&]?\d)")
# Marks that turn the writing direction of what follows, and so could make one name look like another (Unicode Standard
# Annex #9), and control characters other than the line break.
_UNSEEN = re.compile(
    "[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_BREAKS = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\u0085": "\n", "\u000b": "\n", "\u000c": "\n"})


def tidy(text: str) -> str:
    """The text without control characters and direction marks; line breaks of every sort are "\\n"."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").translate(_BREAKS))


def escaped(text: str) -> str:
    """The text so that Discord shows exactly it, wherever in a message; addresses standing alone stay links."""
    return _at_line_starts(_inline(text))


def drawn(line: Line, now: datetime, locale: str, mentions: Mentions | None = None) -> str:
    """A line as Markdown. mentions: commands that are drawn as something to tap."""
    return _at_line_starts("".join(_span(span, now, locale, mentions or {}) for span in line))


def bare(line: Line, now: datetime, locale: str) -> str:
    """A line as Markdown without emphasis and mentions: for people who have it read to them."""
    pieces = [_inline(span.text) if isinstance(span, Strong | Code) else _span(span, now, locale, {}) for span in line]
    return _at_line_starts("".join(pieces))


def _span(span: Span, now: datetime, locale: str, mentions: Mentions) -> str:
    match span:
        case Plain(text):
            return _inline(text)
        case Strong(text):
            shown = _inline(text).strip()
            return f"**{shown}**" if shown else _inline(text)
        case Code(text):
            return _command(text, mentions) or _code(text)
        case Web(text, url):
            return _web(text, url)
        case Moment():
            return _moment(span, now)
        case Day():
            return day_text(span)
        case Pay(money):
            return money_text(money, locale)
        case Who(_, name):
            return _inline(name)


def _inline(text: str) -> str:
    """Escaped but for what is markup at the beginning of a line only."""
    text = tidy(text)
    pieces, end = [], 0
    for found in _ADDRESS.finditer(text):
        pieces += [_quiet(text[end : found.start()]), found[0]]
        end = found.end()
    return "".join((*pieces, _quiet(text[end:])))


def _quiet(text: str) -> str:
    return _CALLING.sub("@\u200b", _INLINE.sub(r"\\\g<0>", text))


def _at_line_starts(markdown: str) -> str:
    return _LEADING.sub(_guarded, markdown)


def _guarded(found: re.Match[str]) -> str:
    blank, mark = found[1], found[2]
    # Only punctuation can be escaped: behind a number it is the point that is.
    return f"{blank}{mark}\\" if mark.isdecimal() else f"{blank}\\{mark}"


def _command(text: str, mentions: Mentions) -> str:
    """A command as something to tap, and what is written after it beside that; "" for what is no command here."""
    words = text.removeprefix("/").split(" ") if text.startswith("/") else []
    for count in (2, 1):
        mention = mentions.get(" ".join(words[:count])) if len(words) >= count else None
        if mention is not None:
            rest = " ".join(words[count:]).strip()
            return f"{mention} {_code(rest)}" if rest else mention
    return ""


def _code(text: str) -> str:
    """Code of one line. A mark of the same width stands for the backtick, which could end it."""
    shown = " ".join(tidy(text).replace("`", "ˋ").split("\n"))
    return f"`{shown}`" if shown.strip() else ""


def _web(text: str, url: str) -> str:
    """A masked link without a preview; one that Markdown would cut short is written out after its words."""
    if re.search(r"[\s<>()\[\]\\]", url):
        return f"{_inline(text)} ({_code(url)})"
    shown = _inline(" ".join(tidy(text).split()))
    return f"[{shown}](<{url}>)" if shown else f"<{url}>"


def _moment(moment: Moment, now: datetime) -> str:
    """The clock of the moment's own zone in words, and Discord's own marks, which every reader sees on their clock."""
    stamp = int(moment.at.timestamp())
    match moment.shown:
        case Shown.CLOCK:
            return moment_text(moment, now)
        case Shown.DISTANCE:
            # The client counts on by itself, which words would not.
            return f"<t:{stamp}:R>"
        case Shown.SHORT:
            return f"{moment_text(moment, now)} (<t:{stamp}:R>)"
    words = moment_text(moment, now).removesuffix(f", {distance(moment.at, now, moment.zone)}")
    return f"{words} · <t:{stamp}:F> (<t:{stamp}:R>)"
