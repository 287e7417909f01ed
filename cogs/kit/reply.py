"""A reply: what is to be said, as data. Surfaces draw it; see `bot.on_*.render`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from cogs.kit.action import ACTION_BYTES, PREFIX
from cogs.kit.words import Line, line

if TYPE_CHECKING:
    from cogs.kit.form import Form
    from storage.records.times import Span

#: Longest button label: Discord takes 80, phones show about 38, translations grow (platforms' design guidance).
LABEL_CHARACTERS = 38


class Visibility(StrEnum):
    """Who sees a reply. Declared on the command, since Discord fixes it before the handler has spoken."""

    PRIVATE = "private"
    PUBLIC = "public"


PRIVATE = Visibility.PRIVATE
PUBLIC = Visibility.PUBLIC


class Look(StrEnum):
    """How much a button asks to be pressed."""

    QUIET = "quiet"
    MAIN = "main"
    DANGER = "danger"


QUIET = Look.QUIET
MAIN = Look.MAIN
DANGER = Look.DANGER


@dataclass(frozen=True, slots=True)
class Button:
    """A label and the action id that a press sends. Verb first: "Pencil me". Works for ever.

    Raises ValueError when built with an id that a platform would refuse, or a label too long for a phone.
    """

    label: str
    action: str
    look: Look = QUIET

    def __post_init__(self) -> None:
        if not self.action.startswith(PREFIX) or len(self.action.encode()) > ACTION_BYTES:
            raise ValueError(f"not an action id of at most {ACTION_BYTES} bytes: {self.action!r}")
        if not 1 <= len(self.label) <= LABEL_CHARACTERS:
            raise ValueError(f"a button label has 1 to {LABEL_CHARACTERS} characters: {self.label!r}")


@dataclass(frozen=True, slots=True)
class WebButton:
    """A button that opens an address."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class CopyButton:
    """A button that puts text on the reader's clipboard, where the surface can; elsewhere the text is shown as code."""

    label: str
    text: str


AnyButton = Button | WebButton | CopyButton


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled line of a card."""

    label: str
    line: Line


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a list, with its own buttons (at most one on Discord stays beside the text, others follow below)."""

    line: Line
    buttons: tuple[AnyButton, ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes with the reply. `alt` says in words what a picture shows; required for images.

    kind: a MIME type.
    """

    name: str
    content: bytes
    kind: str
    alt: str | None = None

    def __post_init__(self) -> None:
        if self.kind.startswith("image/") and not self.alt:
            raise ValueError(f"the picture {self.name} needs words for those who do not see it")


@dataclass(frozen=True, slots=True)
class CardRef:
    """Which card of which thing this reply is, so that the message is remembered and redrawn: ("gigs.board", 12)."""

    card: str
    subject_id: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A dated thing that a reader may want in a calendar: surfaces offer an .ics, Discord may make it an event.

    uid: stable over edits. sequence grows with each change. tentative: pencilled rather than inked.
    public: confirmed and for the whole community to see; only then may a server event be made of it.
    """

    uid: str
    title: str
    span: Span
    where: str | None = None
    sequence: int = 0
    tentative: bool = False
    public: bool = False


@dataclass(frozen=True, slots=True)
class Tags:
    """What a forum post of this card is tagged with: instrument family, pay, state. Surfaces without tags ignore it.

    closed: the post is over and put away. news: said in the post when it is put away or taken out again, since a
    card that changes notifies nobody; None: nothing worth a message.
    """

    names: tuple[str, ...]
    closed: bool = False
    news: Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is said.

    rows: a list, page by page (`product.md`: eight to a page); the feature cuts the pages and adds Next and Back.
    form: opens a form after (or, where the surface can, instead of) the text.
    replies: overrides the command's declared visibility towards PRIVATE only.
    replaces: redraw the message that the pressed button sits on instead of sending a new one.
    also: further lines under everything else, small: sources, "why am I getting this".
    silent: arrives without a sound.
    alert: short private feedback to a press (at most 200 characters are kept), shown as a toast where there is one.
    """

    lines: tuple[Line, ...] = ()
    title: str | None = None
    fields: tuple[Field, ...] = ()
    rows: tuple[Row, ...] = ()
    buttons: tuple[AnyButton, ...] = ()
    form: Form | None = None
    files: tuple[Upload, ...] = ()
    also: tuple[Line, ...] = ()
    replies: Visibility | None = None
    replaces: bool = False
    card: CardRef | None = None
    entry: Entry | None = None
    tags: Tags | None = None
    silent: bool = False
    ping_role: str | None = None

    def with_(self, **changes: object) -> Reply:
        """The same reply with some parts changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # checked by the dataclass's own constructor


def say(*parts: object, buttons: tuple[AnyButton, ...] = (), **rest: object) -> Reply:
    """A one-line reply: `say("Kept as ", Code("R4"))`."""
    return Reply(lines=(line(*parts),), buttons=buttons, **rest)  # type: ignore[arg-type]  # see Reply
