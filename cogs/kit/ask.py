"""Ask: one declaration that is slash option, conversation step, form field and console prompt.

    fee: Annotated[Fee, Ask("What does it pay?", example="£250")]

The kind comes from the annotation and is one of a closed set; `reading` turns typed text into the value.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum
from functools import cache
from typing import Annotated, Any, NewType, Union, get_args, get_origin

from cogs.kit.form import Choice
from cogs.kit.reply import Upload
from cogs.kit.when import When
from storage.records.fee import Fee
from storage.records.money import Money
from storage.records.people import Person
from storage.records.times import Span

#: Text over several lines.
LongText = NewType("LongText", str)
#: An IANA zone name, read by city as well.
Zone = NewType("Zone", str)
#: The text of the message this command was used on (Discord message menu, Telegram reply).
Quoted = NewType("Quoted", str)


@dataclass(frozen=True, slots=True)
class Role:
    """An instrument, voice or chair of `storage.reference.instruments`: its id and how it is shown."""

    id: str
    label: str
    family: str


class Kind(StrEnum):
    """What a value is, and so how it is asked for and read."""

    TEXT = "text"
    LONG = "long"
    WHOLE = "whole"
    REF = "ref"  # a short id: G12
    MONEY = "money"
    FEE = "fee"
    YESNO = "yesno"
    CHOICE = "choice"
    MOMENT = "moment"  # one instant
    SPAN = "span"  # an instant, a range, or whole days
    DAY = "day"
    WHEN = "when"  # any reading of a time phrase, repeats included
    LENGTH = "length"
    PERSON = "person"
    ROLE = "role"
    ZONE = "zone"
    UPLOAD = "upload"
    QUOTED = "quoted"


#: Kinds that need to know the asker's zone.
TIMES = frozenset({Kind.MOMENT, Kind.SPAN, Kind.DAY, Kind.WHEN})

_KINDS: dict[object, Kind] = {
    str: Kind.TEXT,
    LongText: Kind.LONG,
    int: Kind.WHOLE,
    Money: Kind.MONEY,
    Fee: Kind.FEE,
    bool: Kind.YESNO,
    datetime: Kind.MOMENT,
    Span: Kind.SPAN,
    date: Kind.DAY,
    When: Kind.WHEN,
    timedelta: Kind.LENGTH,
    Person: Kind.PERSON,
    Role: Kind.ROLE,
    Zone: Kind.ZONE,
    Upload: Kind.UPLOAD,
    Quoted: Kind.QUOTED,
}


@dataclass(frozen=True, slots=True)
class Ask:
    """How one value is asked for.

    question: what a person is asked; it ends in a question mark.
    label: short name of the field on cards and forms (at most 45 characters); None: made from the parameter's name.
    example: something that would be read.
    max_length: characters of text. at_least, at_most: bounds of a whole number (or of a length, in minutes).
    suggest: name of the cog's method `async (call, typed) -> Sequence[Choice]` that offers values.
    hint: name of the cog's method `async (call, values, *arguments) -> Line` that says a fact beside the question, ()
    for none. values: what the form holds so far, as typed, by field; arguments: an action's own.
    ref: the letter of a short id ("G"), which makes a whole number a REF.
    also: other words for a choice, as typed -> the enum's value; for text, answers that a form's buttons say too.
    cues: words that lead a value in one line ("reply by"); with cues, a time or number is taken only behind one.
    free: whether one-line reading may take something for it; an optional one that is not free goes by its name only.
    place: a town behind a venue belongs to it ("the Sage, Gateshead"), though a comma stands between.
    find: how one-line reading finds the value, where the kind's own way is too crude: the stretch of the line that is
    used up, and the text that is read; None when the line has none. Nothing else in the line goes to it then.
    hidden: asked only when the handler asks back for it (`Misread(field=...)`); no option, and not named in help.
    clock: text in which a time stands and which the feature reads itself; the asker's zone is asked for first.
    """

    question: str
    label: str | None = None
    example: str | None = None
    max_length: int | None = None
    at_least: int | None = None
    at_most: int | None = None
    suggest: str | None = None
    hint: str | None = None
    ref: str | None = None
    also: Mapping[str, str] = field(default_factory=dict)
    cues: tuple[str, ...] = ()
    free: bool = True
    place: bool = False
    find: Callable[[str], tuple[int, int, str] | None] | None = None
    hidden: bool = False
    clock: bool = False

    def __post_init__(self) -> None:
        if self.label is not None and len(self.label) > 45:
            raise ValueError(f"a label has at most 45 characters: {self.label!r}")
        # Discord API, application command option description: 1-100 characters.
        if not 1 <= len(self.question) <= 100:
            raise ValueError(f"a question has 1 to 100 characters: {self.question!r}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value a handler takes: read off its signature once, when the class is made.

    name: as typed by people; a trailing underscore of the Python name is dropped (`as_` is typed `as`).
    attribute: the Python name. many: several, separated by commas. default: used when it is skipped.
    """

    name: str
    attribute: str
    kind: Kind
    ask: Ask
    required: bool
    default: Any = None
    many: bool = False
    enum: type[Enum] | None = None

    @property
    def label(self) -> str:
        """The short name shown on forms and in echoes."""
        return self.ask.label or self.name.replace("_", " ").capitalize()

    @property
    def max_length(self) -> int:
        """Characters taken: the declared bound, else 200 for a line and 1000 for long text."""
        return self.ask.max_length or (1000 if self.kind in (Kind.LONG, Kind.QUOTED) else 200)

    @property
    def needs_zone(self) -> bool:
        """Whether the asker's zone must be known before it is read."""
        return self.kind in TIMES or self.ask.clock

    def choices(self) -> tuple[Choice, ...]:
        """What can be tapped: the enum's values, yes and no; empty for open kinds."""
        if self.kind is Kind.YESNO:
            return (Choice("Yes", "yes"), Choice("No", "no"))
        return tuple(Choice(label_of(member), str(member.value)) for member in self.enum or ())


def label_of(member: Enum) -> str:
    """How an enum's value is shown: its `label` if the class has one, else its value with blanks."""
    label = getattr(member, "label", None)
    return label if isinstance(label, str) else str(member.value).replace("_", " ")


@cache  # read off the signature it costs 0.3 ms, and lists of commands are made in front of people
def parameters_of(handler: Callable[..., Any], *, keyword_only: bool = False) -> tuple[Parameter, ...]:
    """The Ask-ed parameters of a handler, in order; those without an Ask (self, call, action arguments) are left out.

    Raises TypeError for a kind outside the closed set: better at import than in front of a person.
    """
    found = []
    for name, parameter in inspect.signature(handler).parameters.items():
        if keyword_only and parameter.kind is not parameter.KEYWORD_ONLY:
            continue
        ask, kind = _unwrap(_evaluated(parameter.annotation, inspect.unwrap(handler).__globals__))
        if ask is not None:
            found.append(_parameter(name, kind, ask, parameter.default))
    return tuple(found)


def _evaluated(hint: Any, names: dict[str, Any]) -> Any:
    """What an annotation says. Only those that may ask are read: a start sees four hundred handlers."""
    return eval(hint, names) if isinstance(hint, str) else hint  # noqa: S307  # our own source, as Python has it too


def _unwrap(hint: Any) -> tuple[Ask | None, Any]:
    """The Ask and the bare type of `Annotated[T, Ask]`, with or without `| None` on either side."""
    if get_origin(hint) is Annotated:
        bare, *notes = get_args(hint)
        return next((note for note in notes if isinstance(note, Ask)), None), _bare(bare)
    if get_origin(hint) in (Union, types.UnionType):  # Annotated[...] | None
        for part in get_args(hint):
            ask, kind = _unwrap(part)
            if ask is not None:
                return ask, kind
    return None, None


def _bare(kind: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        rest = [part for part in get_args(kind) if part is not type(None)]
        if len(rest) != 1:
            raise TypeError(f"an asked-for value has one kind, or one kind and None: {kind}")
        return rest[0]
    return kind


def _parameter(name: str, annotation: Any, ask: Ask, default: Any) -> Parameter:
    many = get_origin(annotation) is tuple
    if many:
        annotation = get_args(annotation)[0]
    enum = annotation if isinstance(annotation, type) and issubclass(annotation, Enum) else None
    kind = Kind.CHOICE if enum else _KINDS.get(annotation)
    if kind is None:
        raise TypeError(f"{name}: {annotation!r} is not a kind that can be asked for")
    if kind is Kind.WHOLE and ask.ref:
        kind = Kind.REF
    required = default is inspect.Parameter.empty
    return Parameter(
        name=name.rstrip("_"),
        attribute=name,
        kind=kind,
        ask=ask,
        required=required,
        default=None if required else default,
        many=many,
        enum=enum,
    )
