"""A reply as a drawing for Discord: pure. `views` turns the drawing into discord.py's objects.

A reply is a card (Components V2) when it has a title, fields, a list or files, and a note (plain text with buttons)
otherwise: the shortest path, which every client and every screen reader shows well. People who asked for plain text
get notes only. What is longer than a message becomes a file.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.desk.wording import line_text
from bot.on_discord.spans import Mentions, bare, drawn, escaped, tidy
from cogs.kit.reply import AnyButton, Button, CopyButton, Reply, Row, Upload, WebButton
from cogs.kit.words import Code, Line

log = logging.getLogger(__name__)

# Discord developer documentation, Message and Component Reference, read August 2026.
CARD_CHARACTERS = 4000  # all text displays of a message together
NOTE_CHARACTERS = 2000  # the content of a message without components V2
CARD_COMPONENTS = 40  # nested ones counted
ROW_BUTTONS = 5
NOTE_BUTTONS = 25
GALLERY_PICTURES = 10
MESSAGE_FILES = 10
ADDRESS_CHARACTERS = 512  # of a link button
LABEL_CHARACTERS = 80

#: As much of a label as a phone shows.
_SHOWN_LABEL = 38
#: A short id, as features give them.
_REF = re.compile(r"[A-Z]{1,3}\d+")

#: Said where a message was cut; the whole of it is in the file.
_CUT = "The rest is in the file."
_WHOLE = "whole.txt"


@dataclass(frozen=True, slots=True)
class Text:
    """Markdown, one component."""

    markdown: str


@dataclass(frozen=True, slots=True)
class Beside:
    """One entry of a list with its button to the right."""

    markdown: str
    button: Button | WebButton


@dataclass(frozen=True, slots=True)
class Buttons:
    """One row of at most five buttons."""

    buttons: tuple[Button | WebButton, ...]


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures among the files, by name, with what they show."""

    named: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FileLine:
    """Another file, by name."""

    name: str


Block = Text | Beside | Buttons | Pictures | FileLine


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message. card: components V2; else a note, whose text is its first block. files: in the order of the blocks.

    framed: a card with a border around it.
    """

    card: bool
    blocks: tuple[Block, ...]
    files: tuple[Upload, ...] = ()
    framed: bool = False

    @property
    def text(self) -> str:
        """All the text, for previews, tests and the record of what was said."""
        return "\n".join(one.markdown for one in self.blocks if isinstance(one, Text | Beside))

    @property
    def components(self) -> int:
        """How many components a card has, nested ones counted as Discord counts them."""
        return sum(map(_weight, self.blocks)) + self.framed


def draw(
    reply: Reply,
    now: datetime,
    locale: str,
    *,
    plain: bool = False,
    card: bool | None = None,
    mentions: Mentions | None = None,
    above: str = "",
) -> Drawn:
    """The drawing of a reply for a reader.

    plain: the reader asked for words without cards. card: whether it must (or must not) be a card, because the message
    that it replaces is one; None: as the reply wants. above: ready Markdown before everything else, a role's mention.
    """
    reply = replace(reply, files=_named(reply.files))
    wants_card = bool(reply.title or reply.fields or reply.rows or reply.files) and not plain
    pen = _Pen(now, locale, mentions or {}, plain=plain and card is not True)
    if card if card is not None else wants_card:
        return _card(reply, pen, above)
    return _note(reply, pen, above)


@dataclass(frozen=True, slots=True)
class _Pen:
    """How lines are written for this reader."""

    now: datetime
    locale: str
    mentions: Mentions
    plain: bool

    def line(self, spans: Line) -> str:
        if self.plain:
            return bare(spans, self.now, self.locale)
        return drawn(spans, self.now, self.locale, self.mentions)

    def strong(self, text: str) -> str:
        shown = escaped(text).strip()
        return shown if self.plain or not shown else f"**{shown}**"

    def whole(self, reply: Reply) -> str:
        """Everything as bare words, for the file of a reply that is too long."""
        said = [reply.title or ""]
        said += [line_text(one, self.now, self.locale) for one in reply.lines]
        said += [f"{one.label}: {line_text(one.line, self.now, self.locale)}" for one in reply.fields]
        said += [f"- {line_text(one.line, self.now, self.locale)}" for one in reply.rows]
        said += [line_text(one, self.now, self.locale) for one in reply.also]
        return tidy("\n".join(one for one in said if one))


# --- cards ------------------------------------------------------------------------------------------------------------


def _card(reply: Reply, pen: _Pen, above: str) -> Drawn:
    head = [above] if above else []
    head += [f"## {escaped(' '.join(reply.title.split()))}"] if reply.title else []
    head += [pen.line(one) for one in reply.lines]
    head += [f"{pen.strong(f'{one.label}:')} {pen.line(one.line)}" for one in reply.fields]
    tail = _copies(reply.buttons, pen) + [_small(pen.line(one)) for one in reply.also]
    room = CARD_CHARACTERS - len("\n".join(tail)) - 10
    files = reply.files[:MESSAGE_FILES]
    rows = [pen.line(one.line) for one in reply.rows]
    if sum(map(len, [*head, *rows])) + len(head) + len(rows) > room:
        head, kept = _fitting(head, rows, room - len(_CUT) - 1)
        rows = rows[:kept]
        reply = replace(reply, rows=reply.rows[:kept])
        files = (*files[: MESSAGE_FILES - 1], _file_of(pen.whole(reply)))
        tail = [_CUT, *tail]
    blocks: list[Block] = [Text(joined)] if (joined := _joined(head)) else []
    after: list[Block] = [*_shown(files)]
    after += [Text(joined)] if (joined := _joined(tail)) else []
    after += _in_rows(_pressable(reply.buttons))
    framed = bool(reply.title or reply.fields or reply.rows)
    budget = CARD_COMPONENTS - framed - sum(map(_weight, (*blocks, *after)))
    made = Drawn(True, (*blocks, *_list(reply.rows, rows, budget), *after), tuple(files), framed)
    if not made.blocks:
        made = replace(made, blocks=(Text("\u200b"),))
    return _within(made)


def _list(rows: Sequence[Row], texts: Sequence[str], budget: int) -> list[Block]:
    """A list in as many components as there is room for: buttons beside their entries, else below them all."""
    roomy: list[Block] = []
    for row, text in zip(rows, texts, strict=True):
        buttons = _told_apart(row)
        shown = text if text.strip() else "\u200b"
        if len(buttons) == 1:
            roomy.append(Beside(shown, buttons[0]))
        elif roomy and not buttons and isinstance(roomy[-1], Text):
            roomy[-1] = Text(f"{roomy[-1].markdown}\n{shown}")
        else:
            roomy.append(Text(shown))
            roomy += _in_rows(buttons)
    if sum(map(_weight, roomy)) <= budget:
        return roomy
    numbered = Text("\n".join(f"{number}\\. {text}" for number, text in enumerate(texts, 1)))
    together = [
        one if _ref(row) else _relabelled(one, f"{one.label} {number}")
        for number, row in enumerate(rows, 1)
        for one in _told_apart(row)
    ]
    return [numbered, *_in_rows(together)]


def _within(made: Drawn) -> Drawn:
    """The card with no more components than Discord takes: rows of buttons are left out, the last of the list first."""
    blocks = list(made.blocks)
    for position in reversed(range(len(blocks))):
        if sum(map(_weight, blocks)) + made.framed <= CARD_COMPONENTS:
            break
        if isinstance(blocks[position], Buttons) and position < len(blocks) - 1:
            log.warning("a card had more buttons than Discord takes; a row of them was left out")
            del blocks[position]
    return replace(made, blocks=tuple(blocks))


def _weight(block: Block) -> int:
    match block:
        case Beside():
            return 3
        case Buttons(buttons):
            return 1 + len(buttons)
    return 1


# --- notes ------------------------------------------------------------------------------------------------------------


def _note(reply: Reply, pen: _Pen, above: str) -> Drawn:
    head = [above] if above else []
    head += [pen.strong(" ".join(reply.title.split()))] if reply.title else []
    head += [pen.line(one) for one in reply.lines]
    head += [f"{pen.strong(f'{one.label}:')} {pen.line(one.line)}" for one in reply.fields]
    rows = [f"{number}\\. {pen.line(one.line)}" for number, one in enumerate(reply.rows, 1)]
    small = [pen.line(one) if pen.plain else _small(pen.line(one)) for one in reply.also]
    tail = _copies(reply.buttons, pen) + small
    files = reply.files[:MESSAGE_FILES]
    if sum(map(len, (*head, *rows, *tail))) + len(head) + len(rows) + len(tail) > NOTE_CHARACTERS:
        tail = tail if len("\n".join(tail)) < NOTE_CHARACTERS // 2 else []
        files = (*files[: MESSAGE_FILES - 1], _file_of(pen.whole(reply)))
        head, kept = _fitting(head, rows, NOTE_CHARACTERS - len("\n".join(tail)) - len(_CUT) - 10)
        rows, tail = rows[:kept], [_CUT, *tail]
    several = len(reply.rows) > 1
    buttons = [
        _relabelled(one, f"{one.label} {number}") if several and not _ref(row) else one
        for number, row in enumerate(reply.rows, 1)
        for one in _told_apart(row)
    ]
    own = _pressable(reply.buttons)
    buttons = [*buttons[: NOTE_BUTTONS - len(own)], *own][:NOTE_BUTTONS]
    text = _joined([*head, *rows, *tail]) or ("" if files else "\u200b")
    return Drawn(False, (Text(text), *_in_rows(buttons)), tuple(files))


# --- both -------------------------------------------------------------------------------------------------------------


def _joined(lines: Iterable[str]) -> str:
    joined = "\n".join(one for one in lines if one)
    return joined if joined.strip() else ""


def _small(markdown: str) -> str:
    return "\n".join(f"-# {one}" for one in markdown.split("\n") if one)


def _fitting(head: list[str], rows: list[str], room: int) -> tuple[list[str], int]:
    """As many whole lines as there is room for, and how many rows after them. Lines are never cut within a span."""
    kept: list[str] = []
    for one in head:
        if len(one) + 1 > room:
            return kept, 0
        kept.append(one)
        room -= len(one) + 1
    for count, one in enumerate(rows):
        if len(one) + 1 > room:
            return kept, count
        room -= len(one) + 1
    return kept, len(rows)


def _file_of(text: str) -> Upload:
    return Upload(_WHOLE, text.encode(), "text/plain")


def _named(files: Sequence[Upload]) -> tuple[Upload, ...]:
    """The files under names that Discord keeps as they are, each once, so that `attachment://` finds them."""
    named: list[Upload] = []
    for file in files:
        name = re.sub(r"[^A-Za-z0-9._-]+", "_", file.name).strip("_.")[-90:] or "file"
        while name in (one.name for one in named) or name == _WHOLE:
            name = f"0{name}"
        named.append(replace(file, name=name))
    return tuple(named)


def _shown(files: Sequence[Upload]) -> list[Block]:
    """Files as components: an attachment without one would not be shown."""
    pictures = tuple((one.name, one.alt or "") for one in files if one.kind.startswith("image/"))
    blocks: list[Block] = [Pictures(pictures[:GALLERY_PICTURES])] if pictures else []
    return blocks + [FileLine(one.name) for one in files if not one.kind.startswith("image/")]


def _pressable(buttons: Sequence[AnyButton]) -> list[Button | WebButton]:
    return [
        one
        for one in buttons
        if isinstance(one, Button) or (isinstance(one, WebButton) and len(one.url) <= ADDRESS_CHARACTERS)
    ]


def _told_apart(row: Row) -> list[Button | WebButton]:
    """The buttons of an entry, named by what it is about: who has them read out hears "Show G12", not eight "Show"."""
    ref = _ref(row)
    return [
        _relabelled(one, f"{one.label} {ref}") if ref and ref not in one.label.split() else one
        for one in _pressable(row.buttons)
    ]


def _ref(row: Row) -> str:
    """The short id with which an entry begins; "" when it has none, or its buttons have no room for it."""
    first = row.line[0] if row.line else None
    ref = first.text if isinstance(first, Code) and _REF.fullmatch(first.text) else ""
    return ref if all(len(one.label) + len(ref) < _SHOWN_LABEL for one in row.buttons) else ""


def _copies(buttons: Sequence[AnyButton], pen: _Pen) -> list[str]:
    """What another place would copy on a press, as a block that Discord offers to copy; and addresses too long."""
    written = []
    for one in buttons:
        if isinstance(one, CopyButton):
            text = tidy(one.text).replace("`", "ˋ")
            written.append(f"{pen.strong(f'{one.label}:')}\n```\n{text}\n```")
        elif isinstance(one, WebButton) and len(one.url) > ADDRESS_CHARACTERS:
            written.append(f"{pen.strong(f'{one.label}:')} <{one.url}>")
    return written


def _in_rows(buttons: Sequence[Button | WebButton]) -> list[Block]:
    return [Buttons(tuple(buttons[at : at + ROW_BUTTONS])) for at in range(0, len(buttons), ROW_BUTTONS)]


def _relabelled(button: Button | WebButton, label: str) -> Button | WebButton:
    """The button with the number of its entry, where it no longer stands beside it."""
    return replace(button, label=label[-38:] if isinstance(button, Button) else label[:LABEL_CHARACTERS])
