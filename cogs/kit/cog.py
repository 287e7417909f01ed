"""Cog and the marks that make methods commands, buttons, notices and cards.

`Cog` is First Call's own, not `discord.ext.commands.Cog`: it knows no platform. The marks are read once, when the class
is made, so a mistake in a declaration fails at import and never in front of a person.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from cogs.kit.action import action as action_id
from cogs.kit.ask import Kind, Parameter, parameters_of
from cogs.kit.call import Right
from cogs.kit.reply import PRIVATE, Reply, Visibility
from cogs.kit.words import Line
from storage.records.people import Person

if TYPE_CHECKING:
    from storage.work import Work

_F = TypeVar("_F", bound=Callable[..., Any])

#: What a handler answers with; it may also raise a Fault.
Handler = Callable[..., Awaitable[Reply]]


class Where(StrEnum):
    """Where a command makes sense."""

    ANYWHERE = "anywhere"
    COMMUNITY = "community"  # needs a community: a server, a group, the local console
    DM = "dm"  # typed in a shared place, it moves to the private chat


class Menu(StrEnum):
    """A platform's menu on a message or on a person, which fills the QUOTED or PERSON parameter."""

    MESSAGE = "message"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Overheard:
    """How a command offers itself for a private text without one. needs: the parameters that must be read in it."""

    label: str
    needs: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command as surfaces see it.

    name: its words, "gig post"; at most two. cog: the owner's name. aliases: further spellings ("post").
    one_line: first words after which free text belongs to this command ("gig" for "gig post": `/gig bass, Sat …`).
    opens_form: answered by a form at once; the handler must do no slow work before it.
    menu: (Menu, label) where it is also a context menu entry. topic: the help page it stands on.
    moderators: shown to moderators only, though anybody's rights are checked again.
    overheard: it is offered for a private text that names no command but reads like what this one wants.
    """

    name: str
    summary: str
    cog: str
    handler: Handler
    parameters: tuple[Parameter, ...]
    replies: Visibility = PRIVATE
    needs: Right = Right.MEMBER
    where: Where = Where.ANYWHERE
    aliases: tuple[str, ...] = ()
    one_line: tuple[str, ...] = ()
    opens_form: bool = False
    menu: tuple[Menu, str] | None = None
    example: str | None = None
    overheard: Overheard | None = None

    @property
    def key(self) -> str:
        """The name with dots for blanks, as it stands in action ids and drafts: "gig.post"."""
        return self.name.replace(" ", ".")

    def parameter(self, name: str) -> Parameter | None:
        """The parameter typed as `name`, if there is one."""
        return next((p for p in self.parameters if p.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One action of a cog: what a press does. Keyword-only Ask-ed parameters are a form that opens on the press.

    title: heading of that form. replies: who sees the answer.
    """

    name: str
    cog: str
    handler: Handler
    parameters: tuple[Parameter, ...]
    title: str
    replies: Visibility = PRIVATE
    needs: Right = Right.MEMBER


@dataclass(frozen=True, slots=True)
class _Mark:
    sort: str
    name: str
    rest: dict[str, Any] = field(default_factory=dict)


def command(
    name: str,
    summary: str,
    *,
    replies: Visibility = PRIVATE,
    needs: Right = Right.MEMBER,
    where: Where = Where.ANYWHERE,
    aliases: tuple[str, ...] = (),
    one_line: tuple[str, ...] = (),
    opens_form: bool = False,
    menu: tuple[Menu, str] | None = None,
    example: str | None = None,
    overheard: tuple[str, ...] = (),
) -> Callable[[_F], _F]:
    """Mark a method as the command `name` ("gig post"); see `Command` for the options. Its parameters are its form.

    overheard: a button's label, then the parameters that must be read in a text for the button to be offered.
    """
    return _marker(
        "command",
        name,
        summary=summary,
        replies=replies,
        needs=needs,
        where=where,
        aliases=aliases,
        one_line=one_line,
        opens_form=opens_form,
        menu=menu,
        example=example,
        overheard=Overheard(overheard[0], frozenset(overheard[1:])) if overheard else None,
    )


def action(
    name: str, *, title: str = "", replies: Visibility = PRIVATE, needs: Right = Right.MEMBER
) -> Callable[[_F], _F]:
    """Mark a method as what the button `<cog>.<name>` does: `(self, call, *arguments, *, asked=...)`."""
    return _marker("action", name, title=title, replies=replies, needs=needs)


def notice(name: str) -> Callable[[_F], _F]:
    """Mark a method `(self, notice, work) -> Reply | None` that draws a notice of kind `<cog>.<name>` when it is due.

    It reads today's data; None means it is no longer true and is dropped.
    """
    return _marker("notice", name)


def afterwards(name: str) -> Callable[[_F], _F]:
    """Mark a method `(self, notice, work) -> None` that runs in the transaction which records that notice as delivered.

    The next occurrence of a series is kept here.
    """
    return _marker("afterwards", name)


def card(name: str) -> Callable[[_F], _F]:
    """Mark a method `(self, subject_id, work) -> Reply | None` that draws the card `<cog>.<name>` wherever it hangs."""
    return _marker("card", name)


def feed(name: str) -> Callable[[_F], _F]:
    """Mark a method `(self, secret) -> bytes | None` that writes the calendar behind a secret, for the web surface."""
    return _marker("feed", name)


def chore(name: str) -> Callable[[_F], _F]:
    """Mark a method `(self, now) -> None` that looks every few minutes whether something wants tending to.

    For what goes out to the world and may take its time, such as reading a calendar again; what people were promised is
    a notice. Several processes may do it at once.
    """
    return _marker("chore", name)


def _marker(sort: str, name: str, **rest: Any) -> Callable[[_F], _F]:
    def mark(function: _F) -> _F:
        marks: list[_Mark] = function.__dict__.setdefault("_marks", [])
        marks.append(_Mark(sort, name, rest))
        return function

    return mark


class Cog:
    """One feature: its commands, buttons, notices and cards.

    Subclass as `class GigsCog(Cog, name="gigs", topic="Gigs")`. name: first part of its action ids, short, lower case.
    topic: the help page its commands stand on. intro: that page's first line, from the class docstring's first line.
    """

    name: ClassVar[str]
    topic: ClassVar[str]
    intro: ClassVar[str]
    _found: ClassVar[tuple[tuple[str, _Mark], ...]]

    def first_words(self, person: Person) -> Line:
        """What is said once to everybody, under the first private answer they ever get; () for nothing."""
        return ()

    def __init_subclass__(cls, *, name: str, topic: str | None = None, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        cls.name = name
        cls.topic = topic or name.capitalize()
        cls.intro = (cls.__doc__ or "").strip().splitlines()[0] if cls.__doc__ else ""
        found = []
        for attribute, value in vars(cls).items():
            for mark in getattr(value, "_marks", ()):
                if mark.sort in ("command", "action"):
                    _check(cls, attribute, mark, parameters_of(value, keyword_only=mark.sort == "action"))
                found.append((attribute, mark))
        cls._found = tuple(found)

    def commands(self) -> tuple[Command, ...]:
        """This cog's commands, in the order they are written."""
        return tuple(
            Command(
                name=mark.name,
                cog=self.name,
                handler=getattr(self, attribute),
                parameters=parameters_of(getattr(type(self), attribute), keyword_only=False),
                **mark.rest,
            )
            for attribute, mark in self._of("command")
        )

    def deeds(self) -> tuple[Deed, ...]:
        """What this cog's buttons do."""
        return tuple(
            Deed(
                name=f"{self.name}.{mark.name}",
                cog=self.name,
                handler=getattr(self, attribute),
                parameters=parameters_of(getattr(type(self), attribute), keyword_only=True),
                **{**mark.rest, "title": mark.rest["title"] or mark.name.replace("_", " ").capitalize()},
            )
            for attribute, mark in self._of("action")
        )

    def notices(self) -> dict[str, Callable[..., Awaitable[Reply | None]]]:
        """Builders of notices, by kind."""
        return {f"{self.name}.{mark.name}": getattr(self, attribute) for attribute, mark in self._of("notice")}

    def afterwards(self) -> dict[str, Callable[..., Awaitable[None]]]:
        """What follows the delivery of a notice, by kind."""
        return {f"{self.name}.{mark.name}": getattr(self, attribute) for attribute, mark in self._of("afterwards")}

    def cards(self) -> dict[str, Callable[..., Awaitable[Reply | None]]]:
        """Builders of cards, by name."""
        return {f"{self.name}.{mark.name}": getattr(self, attribute) for attribute, mark in self._of("card")}

    async def farewell(self, person_id: int, work: Work, now: datetime) -> None:
        """What this feature does before somebody is erased, in the same transaction: close what others wait for.

        Rows that are the person's own need nothing: their stores erase them afterwards.
        """

    def feeds(self) -> dict[str, Callable[[str], Awaitable[bytes | None]]]:
        """Writers of calendar feeds, by name."""
        return {f"{self.name}.{mark.name}": getattr(self, attribute) for attribute, mark in self._of("feed")}

    def chores(self) -> dict[str, Callable[[datetime], Awaitable[None]]]:
        """What wants tending to every few minutes, by name."""
        return {f"{self.name}.{mark.name}": getattr(self, attribute) for attribute, mark in self._of("chore")}

    def _of(self, sort: str) -> list[tuple[str, _Mark]]:
        return [(attribute, mark) for attribute, mark in self._found if mark.sort == sort]


def _check(cls: type[Cog], attribute: str, mark: _Mark, parameters: tuple[Parameter, ...]) -> None:
    """Refuse a declaration that a platform would refuse later."""
    where = f"{cls.__name__}.{attribute}"
    if mark.sort == "action":
        action_id(f"{cls.name}.{mark.name}")
    if mark.sort == "command":
        if not 1 <= len(mark.name.split()) <= 2:
            raise TypeError(f"{where}: a command has one or two words, not {mark.name!r}")
        # Discord API, application command: description 1-100 characters, at most 25 options.
        if not 1 <= len(mark.rest["summary"]) <= 100:
            raise TypeError(f"{where}: a summary has 1 to 100 characters")
        if len([p for p in parameters if p.kind is not Kind.QUOTED]) > 25:
            raise TypeError(f"{where}: a command has at most 25 options")
    for parameter in parameters:
        offer = parameter.ask.suggest
        if offer is not None and not hasattr(cls, offer):
            raise TypeError(f"{where}: no method {offer!r} to suggest values of {parameter.name!r}")
        if parameter.ask.hint is not None and not hasattr(cls, parameter.ask.hint):
            raise TypeError(f"{where}: no method {parameter.ask.hint!r} to say something beside {parameter.name!r}")
