"""A reply as a drawing for Telegram: pure. `sender` turns the drawing into requests.

Texts are HTML of at most 4096 UTF-16 units once parsed, cut between lines and never inside a span; what is longer than
a few messages, or a single line too long for one, becomes a file. The keyboard belongs to the last text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.desk.wording import line_text
from bot.on_telegram.keyboard import KeyDrawn, Keys, key, laid_out
from bot.on_telegram.spans import Piece, joined, pieces, plain, tagged, tidy, units
from cogs.kit.reply import AnyButton, CopyButton, Reply, Upload, WebButton
from cogs.kit.words import Line

#: Telegram Bot API, sendMessage: 1-4096 characters after entities parsing, of which 100 entities are honoured.
TEXT_UNITS, TEXT_ENTITIES = 4096, 100
#: Telegram Bot API, sendDocument and sendPhoto: caption of 0-1024 characters after entities parsing.
CAPTION_UNITS = 1024
#: Telegram Bot API, answerCallbackQuery: text of 0-200 characters.
ALERT_UNITS = 200
#: More messages than this in a row are a file instead.
_MOST_TEXTS = 3

#: A form's title stands over its question when it is short; a whole sentence would be read instead of the question.
_TITLE_CHARACTERS = 40

_WHOLE = "whole-text.txt"
_CUT = "This is not all: the whole text is in the file."
_CUT_SHORT = "This is not all."
_BREAK = Piece("\n", 1)
_EMPTY = "…"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A reply, drawn. texts: HTML, one message each, never empty unless there are files. keys: under the last text.

    captioned: the one text is short enough to be the caption of the one file. asks: the answer is to be typed as a
    reply to it; what the input field shows until then.
    """

    texts: tuple[str, ...]
    keys: Keys = ()
    files: tuple[Upload, ...] = ()
    silent: bool = False
    captioned: bool = False
    asks: str | None = None

    @property
    def buttons(self) -> list[KeyDrawn]:
        """Every key, row by row."""
        return [one for row in self.keys for one in row]


def draw(reply: Reply, now: datetime, locale: str, *, bare: bool = False, single: bool = False) -> Drawn:
    """Draw a reply.

    bare: for people who have messages read to them: no emphasis, numbered lists.
    single: one text and no files, as an edit in place needs it.
    """
    lines = list(_lines(reply, now, locale, bare=bare))
    files = () if single else reply.files
    texts, whole = _texts(lines, 1 if single else _MOST_TEXTS)
    if not whole:
        if not single:
            files = (*files, Upload(_WHOLE, whole_text(reply, now, locale).encode(), "text/plain"))
        note = plain(_CUT_SHORT if single else _CUT)
        texts = _with_note(texts, note)
    shown = tuple(text.html for text in texts)
    if not shown and not files:
        shown = (_EMPTY,)
    # A card is edited for as long as it hangs, and may grow beyond a caption.
    captioned = len(files) == 1 and len(texts) == 1 and texts[0].length <= CAPTION_UNITS and reply.card is None
    return Drawn(shown, laid_out(_keys(reply)), files, silent=reply.silent, captioned=captioned)


def whole_text(reply: Reply, now: datetime, locale: str) -> str:
    """Everything a reply says, as bare text without an end."""
    said = [reply.title or ""]
    said += [line_text(one, now, locale) for one in reply.lines]
    said += [f"{one.label}: {line_text(one.line, now, locale)}" for one in reply.fields]
    said += [f"- {line_text(one.line, now, locale)}" for one in reply.rows]
    said += [f"For everybody with the role {reply.ping_role}."] if reply.ping_role else []
    said += [line_text(one, now, locale) for one in reply.also]
    return tidy("\n".join(one for one in said if one)) + "\n"


def alert(reply: Reply, now: datetime, locale: str) -> str:
    """What a reply says as the text of an alert, cut at a blank where it is longer than that takes."""
    text = whole_text(reply, now, locale).strip()
    if units(text) <= ALERT_UNITS:
        return text
    kept: list[str] = []
    room = ALERT_UNITS - 2
    for word in text.split(" "):
        if units(word) + 1 > room:
            break
        kept.append(word)
        room -= units(word) + 1
    return f"{' '.join(kept)} …"


def fits_alert(reply: Reply, now: datetime, locale: str) -> bool:
    """Whether an alert can carry all of a reply: short, and nothing to press, fill in or open."""
    return not (reply.buttons or any(row.buttons for row in reply.rows)) and says_all(reply, now, locale)


def says_all(reply: Reply, now: datetime, locale: str) -> bool:
    """Whether an alert can carry every word of a reply, although perhaps not what can be pressed under it."""
    if reply.files or reply.form is not None:
        return False
    return units(whole_text(reply, now, locale).strip()) <= ALERT_UNITS


# --- text -------------------------------------------------------------------------------------------------------------


def _lines(reply: Reply, now: datetime, locale: str, *, bare: bool) -> Iterable[list[Piece]]:
    """Every line of the message, as pieces that must stay whole."""

    def drawn(one: Line) -> list[Piece]:
        return pieces(one, now, locale, bare=bare)

    def strong(text: str) -> Piece:
        return plain(text) if bare else tagged("b", text)

    if reply.title:
        yield [strong(" ".join(tidy(reply.title).split()))]
    elif reply.form is not None and 0 < len(reply.form.title) <= _TITLE_CHARACTERS:
        yield [plain(reply.form.title) if bare else tagged("i", reply.form.title)]
    for one in reply.lines:
        yield drawn(one)
    if reply.fields:
        yield from _gap(reply.title or reply.lines)
        for field in reply.fields:
            yield [strong(f"{field.label}:"), plain(" "), *drawn(field.line)]
    if reply.rows:
        yield from _gap(reply.title or reply.lines or reply.fields)
        numbered = bare or _needs_numbers(reply)
        for number, row in enumerate(reply.rows, 1):
            mark = f"{number}. " if numbered else "• "
            yield [plain(mark if len(reply.rows) > 1 else ""), *drawn(row.line)]
    copies = [one for one in _all_buttons(reply) if key(one) is None]
    for button in copies:
        match button:
            case CopyButton(label, text):
                yield [strong(f"{label}:"), plain(" "), plain(text) if bare else tagged("code", text)]
            case WebButton(label, url):
                yield [strong(f"{label}:"), plain(f" {url}")]
    if reply.ping_role:  # Telegram has no roles to call, so it is said in words
        yield [plain(f"For everybody with the role {reply.ping_role}.")]
    if reply.also:
        yield from _gap(reply.title or reply.lines or reply.fields or reply.rows)
        for one in reply.also:
            small = drawn(one)
            # An entity inside an entity is allowed, but a link or a time in italics reads badly; bare lines are enough.
            yield small if bare or any(p.entities for p in small) else [_italic(joined(small))]


def _gap(above: object) -> Iterable[list[Piece]]:
    if above:
        yield []


def _italic(piece: Piece) -> Piece:
    if not piece.html.strip():
        return piece
    return Piece(f"<i>{piece.html}</i>", piece.length, piece.entities + 1)


def _texts(lines: Sequence[list[Piece]], most: int) -> tuple[list[Piece], bool]:
    """Lines as at most `most` texts, and whether that is everything."""
    texts: list[list[Piece]] = [[]]
    length = entities = 0
    for line in lines:
        for part in _parts(line):
            if part is None:
                return _closed(texts), False
            first = not texts[-1]
            if length + part.length + (not first) > TEXT_UNITS or entities + part.entities > TEXT_ENTITIES:
                if len(texts) == most:
                    return _closed(texts), False
                texts.append([])
                length, entities, first = 0, 0, True
            if not first:
                texts[-1].append(_BREAK)
            texts[-1].append(part)
            length += part.length + (not first)
            entities += part.entities
    return _closed(texts), True


def _parts(line: Sequence[Piece]) -> Iterable[Piece | None]:
    """A line in as few parts as fit one message each, cut between spans; None where one span is too long for any."""
    part: list[Piece] = []
    length = entities = 0
    for piece in line:
        if piece.length > TEXT_UNITS:
            if part:
                yield joined(part)
            yield None
            return
        if part and (length + piece.length > TEXT_UNITS or entities + piece.entities > TEXT_ENTITIES):
            yield joined(part)
            part, length, entities = [], 0, 0
        part.append(piece)
        length += piece.length
        entities += piece.entities
    yield joined(part)


def _closed(texts: Sequence[Sequence[Piece]]) -> list[Piece]:
    """The texts without blank ones, which Telegram refuses."""
    return [whole for parts in texts if (whole := joined(list(parts))).html.strip()]


def _with_note(texts: list[Piece], note: Piece) -> list[Piece]:
    """The texts with a note at the end; lines of the last one make room for it."""
    if not texts:
        return [note]
    *before, last = texts
    room = TEXT_UNITS - note.length - 1
    if last.length > room:
        # Only whole lines go: a tag never spans lines unless a person's own text did, and then the text goes with it.
        kept = _shortened(last.html, room)
        last = Piece(kept, room if kept else 0, last.entities)
    return [*before, joined([last, _BREAK, note]) if last.html.strip() else note]


def _shortened(html: str, room: int) -> str:
    """The HTML up to the last line break outside every tag at which at most `room` units of source are kept."""
    depth = 0
    end = count = 0
    inside = False
    for at, character in enumerate(html):
        if character == "<":
            inside = True
            depth += -1 if html[at + 1 : at + 2] == "/" else 1
        elif character == ">" and inside:
            inside = False
        elif character == "\n" and depth == 0:
            end = at
        # The source is at least as long as what is left of it, so counting it is safe.
        count += 1 + (character > "\uffff")
        if count > room:
            break
    return html[:end]


# --- keys -------------------------------------------------------------------------------------------------------------


def _all_buttons(reply: Reply) -> Iterable[AnyButton]:
    for row in reply.rows:
        yield from row.buttons
    yield from reply.buttons


def _needs_numbers(reply: Reply) -> bool:
    """Whether entries of the list have buttons of the same name, which then carry the entry's number."""
    labels = Counter(button.label for row in reply.rows for button in row.buttons)
    return any(count > 1 for count in labels.values())


def _keys(reply: Reply) -> list[KeyDrawn]:
    labels = Counter(button.label for row in reply.rows for button in row.buttons)
    found = [
        key(button, f"{button.label} {number}" if labels[button.label] > 1 else None)
        for number, row in enumerate(reply.rows, 1)
        for button in row.buttons
    ]
    found += [key(button) for button in reply.buttons]
    return [one for one in found if one is not None]
