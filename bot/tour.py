"""`firstcall tour`: every command, its form, an answer and the cards that follow, as each surface draws them.

A small community is played on a database in memory: every command that gives an example of itself is run. What comes
back is drawn by the surfaces that are there; `bot.on_<surface>.preview` says how.
"""

from __future__ import annotations

import importlib
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from types import ModuleType

from bot.desk.courier import Courier
from bot.desk.desk import Desk
from bot.desk.guests import Guests, Visitor
from bot.desk.surface import Sent, Target
from bot.desk.wording import span_text
from bot.settings import Settings
from cogs import catalogue
from cogs.kit.cog import Cog, Command
from cogs.kit.reply import Reply
from cogs.kit.tools import Defaults, Tools
from storage import engine
from storage.records.posting import Posting

log = logging.getLogger(__name__)

SURFACES = ("console", "discord", "telegram")

#: Monday morning in a week in which nothing odd happens.
_MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


#: What an example speaks of, by its letter: the lines that make it, each with who says it. {ref}: what was made.
_MADE = {
    "G": (
        ("Ada", "/gig bass, Sat 28 Nov 19:30, Leeds, £220, function, reply by Thu 6pm"),
        ("Sam", "/gig answer {ref} ink"),
    ),
    "I": (("Ada", "/invoice Smith 450 due 30d"),),
    "R": (("Ada", "/remind me tomorrow 9am send charts to Jo"),),
    "P": (("Ada", "/rate share role=violin type=session region=London paid=£180 month=October"),),
    "A": (("Ada", "/avail free tomorrow"),),
}
#: What has happened before, by the command whose example it is; lines are Ada's unless it says whose.
_SINCE: dict[str, tuple[str | tuple[str, str], ...]] = {
    "break skip": ("/break practice",),
    "break snooze": ("/break practice",),
    "gig reopen": ("/gig close {ref} cancelled",),
    "invoice chase": ("/invoice sent {ref}",),
    "invoice interest": ("/invoice sent {ref} 1 Oct",),
    "invoice pause": ("/invoice sent {ref}",),
    "invoice resume": ("/invoice sent {ref}", "/invoice pause {ref} dispute"),
    "invoice void": ("/invoice sent {ref}",),
    "invoice writeoff": ("/invoice sent {ref}",),
    "mod keep": (("Bob", "/gig report {ref} scam"),),
    "mod unmute_posts": ('/mod mute_posts player=@sam reason="the same post four times" for="7 days"',),
    "mod restore": ("/mod remove {ref} no fee and no venue",),
    "remind resume": ("/remind pause {ref}",),
    "setup words": ("/setup start words=sub",),
}
#: What is taken back at once, since later examples would not be possible.
_TAKEN_BACK = {"setup rules", "mod mute_posts"}
#: Who says an example that the thing's maker cannot.
_SAYS = {"gig answer": "Bob", "gig refer": "Bob", "gig report": "Bob"}
#: Said instead of an example that only works with another community, or on another platform.
_ALONE = {"me link": "/link", "setup link": "/setup link", "setup unlink": "/setup links"}
#: Said in the channel, since it belongs there.
_ALOUD = {"break group", "remind channel"}
_REF = re.compile(r"(?<!\w)([A-Z])\d+(?!\w)")


class _Clock:
    """Stands still, and is moved on for the deliveries."""

    def __init__(self) -> None:
        self._now = _MONDAY

    def now(self) -> datetime:
        """The moment at which it stands."""
        return self._now

    def set(self, now: datetime) -> None:
        """Stand there."""
        self._now = now


class _Collector:
    """Takes deliveries, to be drawn later."""

    name = "console"
    knows_keys = True

    def __init__(self) -> None:
        self.replies: list[Reply] = []

    async def deliver(self, target: Target, reply: Reply, *, key: str, silent: bool) -> Sent:
        """Keep the reply."""
        self.replies.append(reply)
        return Sent(str(len(self.replies)), target.dest or "dm")

    async def redraw(self, posting: Posting, reply: Reply) -> None:
        """A card that changed is another thing to look at."""
        self.replies.append(reply)


@dataclass(frozen=True, slots=True)
class Played:
    """What a command of the tour answered. line: what was written."""

    command: Command
    line: str
    reply: Reply


@dataclass(frozen=True, slots=True)
class Show:
    """Everything there is to draw: what commands answered, and what arrived because of them."""

    cogs: tuple[Cog, ...]
    played: list[Played]
    delivered: list[Reply]


class _Company:
    """The people of the tour, who say lines to a desk."""

    def __init__(self, desk: Desk, guests: Guests, courier: Courier) -> None:
        self._desk = desk
        self._guests = guests
        self._courier = courier

    async def say(self, name: str, text: str, *, aloud: bool = False) -> Reply:
        """What somebody is answered; what follows from it is delivered. aloud: they say it in the channel."""
        answer = await self._desk.spelled(await self._guests.call(_visitor(name, in_channel=aloud)), text)
        await self._courier.deliver_due()
        return answer.reply

    async def example(self, command: Command) -> Played:
        """A command's example, about something that was made for it."""
        text = _ALONE.get(command.name) or command.example or f"/{command.name}"
        named, made = _REF.search(text), None
        making = _MADE.get(named[1], ()) if named is not None else ()
        since = (one if isinstance(one, tuple) else ("Ada", one) for one in _SINCE.get(command.name, ()))
        for name, before in (*making, *since):
            reply = await self.say(name, before.format(ref=made))
            made = made or (_ref_in(reply, named[1]) if named is not None else None)
        if made is not None:
            text = _REF.sub(made, text, count=1)
        aloud = command.name in _ALOUD
        played = Played(command, text, await self.say(_SAYS.get(command.name, "Ada"), text, aloud=aloud))
        if command.name in _TAKEN_BACK:
            await self._desk.undo_last(await self._guests.call(_visitor("Ada", in_channel=aloud)))
        return played


def _ref_in(reply: Reply, letter: str) -> str | None:
    """The first id with that letter that a reply names."""
    said = " ".join([reply.title or "", *(span_text(span, _MONDAY, "en-GB") for one in reply.lines for span in one)])
    return next((found[0] for found in _REF.finditer(said) if found[1] == letter), None)


async def tour(settings: Settings, only: frozenset[str] | None, say: Callable[[str], object]) -> int:
    """Draw everything on every surface, or on those in `only`; 0, or 1 when something could not be drawn."""
    surfaces = {name: found for name in SURFACES if only is None or name in only if (found := _surface(name))}
    for name in sorted((only or frozenset()) - set(surfaces)):
        say(f"{name} is not part of this program.")
    given = settings.defaults
    defaults = Defaults(zone=given.zone, currency=given.currency, locale=given.locale, words=given.words)
    show = await play(defaults)
    failed = 0
    for name, surface in surfaces.items():
        failed += _draw(name, surface, show, defaults.locale, say)
    return 1 if failed else 0


async def play(defaults: Defaults) -> Show:
    """Run every command's example in a small community on a database in memory, and let a month pass."""
    storage = await engine.open("sqlite://")
    try:
        clock = _Clock()
        tools = Tools(open_work=storage.open_work, clock=clock, defaults=defaults)
        cogs = catalogue.furnish(tools)
        return Show(cogs, *await _play(cogs, tools, clock))
    finally:
        await storage.close()


def _surface(name: str) -> ModuleType | None:
    """How a surface draws; None when the program was taken apart and does not have it."""
    try:
        return importlib.import_module(f"bot.on_{name}.preview")
    except ModuleNotFoundError as missing:
        if missing.name is not None and missing.name.startswith(f"bot.on_{name}"):
            return None
        raise


async def _play(cogs: tuple[Cog, ...], tools: Tools, clock: _Clock) -> tuple[list[Played], list[Reply]]:
    """Run every command's example as the moderator of a small community."""
    desk, guests, collector = Desk(cogs, tools, catalogue.GROUP_ALIASES), Guests(tools), _Collector()
    courier = Courier(
        tools.open_work,
        clock,
        [collector],
        {kind: builder for cog in cogs for kind, builder in cog.notices().items()},
        cards={card: builder for cog in cogs for card, builder in cog.cards().items()},
        after={kind: follow for cog in cogs for kind, follow in cog.afterwards().items()},
    )
    ada = await guests.call(_visitor("Ada", in_channel=True))
    for name in ("Bob", "Sam", "Jo"):  # whom the examples speak of
        await guests.call(_visitor(name, in_channel=True))
    async with tools.open_work() as work:
        await work.people.change(ada.person_id, zone="Europe/London")
        if ada.place.channel_id is not None:
            await work.communities.change_channel(ada.place.channel_id, board=True)
        await work.commit()
    company = _Company(desk, guests, courier)
    await company.say("Sam", "/me profile roles=drums region=Leeds")
    played = [await company.example(command) for cog in cogs for command in cog.commands()]
    await courier.deliver_due(until=_MONDAY + timedelta(days=30), move=clock.set)
    return played, collector.replies


def _visitor(name: str, *, in_channel: bool) -> Visitor:
    account = name.casefold()
    place = (
        ("#gigs", ("local", "The community"), ("#gigs", "gigs", "text"))
        if in_channel
        else (f"dm:{account}", None, None)
    )
    return Visitor(
        surface="console",
        account=account,
        name=name,
        address=place[0],
        community=place[1],
        channel=place[2],
        dm=f"dm:{account}",
        moderator=name == "Ada",
    )


def _draw(name: str, surface: ModuleType, show: Show, locale: str, say: Callable[[str], object]) -> int:
    """Say what one surface shows; how many things it failed to draw."""
    failed = 0

    def attempt(what: str, drawing: Callable[[], str]) -> None:
        nonlocal failed
        try:
            say(_indented(drawing()))
        except Exception:  # one drawing that fails must not hide the others; the exit code tells
            log.exception("%s cannot draw %s", name, what)
            say(f"  ({what} could not be drawn; see the log)")
            failed += 1

    say(f"{name.upper()}\n{'=' * len(name)}")
    topic = None
    for cog in show.cogs:
        if cog.topic != topic:
            topic = cog.topic
            say(f"\n{topic}\n{'-' * len(topic)}")
        for one in (one for one in show.played if one.command.cog == cog.name):
            command = one.command
            say(f"\n{command.summary}")
            attempt(f"the command {command.name}", partial(surface.preview_command, command))
            if command.example:
                say(f"\n  {one.line}")
            attempt(f"an answer to {command.name}", partial(surface.preview, one.reply, _MONDAY, locale))
    say("\nWhat arrives in the month after\n-------------------------------")
    for reply in show.delivered:
        say("")
        attempt("a delivery", partial(surface.preview, reply, _MONDAY, locale))
    say("")
    return failed


def _indented(text: str) -> str:
    return "\n".join(f"  {one}" if one else "" for one in text.split("\n"))
