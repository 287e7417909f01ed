"""A reply as terminal text: pure, the same for a script and for eyes.

The first line of a message follows the place (`[#gigs] bot: …`), the others are indented, so that nothing a person
typed can pass for a message of its own. Buttons are numbered over the whole message. A calendar entry and forum tags
are not drawn: the card's own lines say the same, and a terminal has no calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.on_console.spans import Fragment, fragments, harmless
from cogs.kit.reply import AnyButton, Button, CopyButton, Reply, Upload, WebButton
from cogs.kit.words import Line, line

#: One line of a message, in styled pieces without line breaks.
DrawnLine = tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message ready to be shown: its lines, and (label, action id) of its buttons in the order of their numbers."""

    lines: tuple[DrawnLine, ...]
    buttons: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """The lines without styles."""
        return "\n".join("".join(text for _, text in one) for one in self.lines)


def draw(reply: Reply, now: datetime, locale: str, saved: Sequence[str] = ()) -> Drawn:
    """The drawing of a reply for a reader.

    saved: where each of the reply's files was put, in order; a file beyond them is only named.
    An open question comes last, below its buttons, so that a message that waits for an answer ends in "?".
    """
    page = _Page(now, locale)
    lines, question = reply.lines, None
    if reply.form is not None and lines:
        *lines_before, question = lines
        lines = tuple(lines_before)
    if reply.title:
        page.add((("class:title", harmless(reply.title)),))
    for one in lines:
        page.line(one)
    for field in reply.fields:
        page.line(field.line, before=(("class:label", harmless(f"{field.label}: ")),))
    for row in reply.rows:
        page.line(row.line, before=(("", "- "),), after=page.numbered(row.buttons))
        page.others(row.buttons)
    for position, file in enumerate(reply.files):
        page.file(file, saved[position] if position < len(saved) else None)
    if reply.ping_role:
        page.line(line(f"For everybody with the role {reply.ping_role}."))
    if question is not None and not page.lines and reply.form is not None:
        page.add((("class:title", harmless(reply.form.title)),))
    for one in reply.also:
        page.line(one, style="class:small")
    page.others(reply.buttons)
    options = page.numbered(reply.buttons)
    if options:
        page.add(options)
    if question is not None:
        page.line(question)
    return Drawn(tuple(page.lines), tuple(page.buttons))


class _Page:
    """The lines so far, and the count of buttons."""

    def __init__(self, now: datetime, locale: str) -> None:
        self._now = now
        self._locale = locale
        self.lines: list[DrawnLine] = []
        self.buttons: list[tuple[str, str]] = []

    def add(self, pieces: Sequence[Fragment]) -> None:
        """Put a line down, broken where its text breaks; blank lines are left out, since they end no message here."""
        current: list[Fragment] = []
        for style, text in pieces:
            first, *rest = text.split("\n")
            current.append((style, first))
            for more in rest:
                self._put(current)
                current = [(style, more)]
        self._put(current)

    def _put(self, pieces: Sequence[Fragment]) -> None:
        kept = tuple((style, text) for style, text in pieces if text)
        if any(text.strip() for _, text in kept):
            self.lines.append(kept)

    def line(
        self, spans: Line, *, before: Sequence[Fragment] = (), after: Sequence[Fragment] = (), style: str = ""
    ) -> None:
        """Put a line of spans down; `style` is for the pieces that have none of their own."""
        drawn = [(own or style, text) for own, text in fragments(spans, self._now, self._locale)]
        gap: Sequence[Fragment] = (("", "  "),) if after else ()
        self.add([*before, *drawn, *gap, *after])

    def numbered(self, buttons: Sequence[AnyButton]) -> tuple[Fragment, ...]:
        """The buttons that can be pressed, each with the next number."""
        pieces: list[Fragment] = []
        for button in buttons:
            if isinstance(button, Button):
                self.buttons.append((button.label, button.action))
                label = harmless(button.label).replace("\n", " ")
                pieces += [("", "  ")] if pieces else []
                pieces += [("class:number", f"({len(self.buttons)})"), ("class:button", f" {label}")]
        return tuple(pieces)

    def others(self, buttons: Sequence[AnyButton]) -> None:
        """Buttons that need no press here: an address is shown, and so is what another place would copy."""
        for button in buttons:
            match button:
                case WebButton(label, url):
                    self.add((("class:label", harmless(f"{label}: ")), ("class:web", harmless(url))))
                case CopyButton(label, text):
                    self.add((("class:label", harmless(f"{label}: ")), ("class:code", harmless(text))))

    def file(self, file: Upload, path: str | None) -> None:
        """Name a file, its size and where it was put; a picture also in words."""
        name = harmless(file.name).replace("\n", " ")
        where = f", saved to {path}" if path else ""
        self.add((("class:file", f"<file {name}, {size_text(len(file.content))}{where}>"),))
        if file.alt:
            self.add((("class:small", harmless(file.alt)),))


def size_text(count: int) -> str:
    """A number of bytes as people say it: "23 kB", "1.4 MB"; thousands, as file managers count."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} kB" if count else "0 kB"
    return f"{count / 1_000_000:.1f} MB"
