"""`firstcall tour`: every command, its form, an answer and the cards that follow, as each surface draws them.

A small community is played on a database in memory: every command that gives an example of itself is run. What comes
back is drawn by the surfaces that are there; `bot.on_<surface>.preview` says how.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from types import ModuleType

from bot.desk.courier import Courier
from bot.desk.desk import Desk
from bot.desk.guests import Guests, Visitor
from bot.desk.surface import Sent, Target
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
class _Played:
    """What a command of the tour answered."""

    command: Command
    reply: Reply


async def tour(settings: Settings, only: frozenset[str] | None, say: Callable[[str], object]) -> int:
    """Draw everything on every surface, or on those in `only`; 0, or 1 when something could not be drawn."""
    surfaces = {name: found for name in SURFACES if only is None or name in only if (found := _surface(name))}
    for name in sorted((only or frozenset()) - set(surfaces)):
        say(f"{name} is not part of this program.")
    given = settings.defaults
    storage = await engine.open("sqlite://")
    try:
        clock = _Clock()
        defaults = Defaults(zone=given.zone, currency=given.currency, locale=given.locale, words=given.words)
        tools = Tools(open_work=storage.open_work, clock=clock, defaults=defaults)
        cogs = catalogue.furnish(tools)
        played, delivered = await _play(cogs, tools, clock)
    finally:
        await storage.close()
    failed = 0
    for name, surface in surfaces.items():
        failed += _draw(name, surface, cogs, played, delivered, tools, say)
    return 1 if failed else 0


def _surface(name: str) -> ModuleType | None:
    """How a surface draws; None when the program was taken apart and does not have it."""
    try:
        return importlib.import_module(f"bot.on_{name}.preview")
    except ModuleNotFoundError as missing:
        if missing.name is not None and missing.name.startswith(f"bot.on_{name}"):
            return None
        raise


async def _play(cogs: tuple[Cog, ...], tools: Tools, clock: _Clock) -> tuple[list[_Played], list[Reply]]:
    """Run every command's example as the moderator of a small community."""
    desk, guests, collector = Desk(cogs, tools, catalogue.GROUP_ALIASES), Guests(tools), _Collector()
    courier = Courier(
        tools.open_work,
        clock,
        [collector],
        {kind: builder for cog in cogs for kind, builder in cog.notices().items()},
        cards={card: builder for cog in cogs for card, builder in cog.cards().items()},
        after={kind: follow for cog in cogs for kind, follow in cog.afterwards().items()},
        alone=True,
    )
    ada = await guests.call(_visitor("Ada", in_channel=True))
    for name in ("Bob", "Sam"):  # whom the examples speak of
        await guests.call(_visitor(name, in_channel=True))
    async with tools.open_work() as work:
        await work.people.change(ada.person_id, zone="Europe/London")
        if ada.place.channel_id is not None:
            await work.communities.change_channel(ada.place.channel_id, board=True)
        await work.commit()
    ada = await guests.call(_visitor("Ada", in_channel=False))
    played = []
    for cog in cogs:
        for command in cog.commands():
            answer = await desk.spelled(ada, command.example or f"/{command.name}")
            played.append(_Played(command, answer.reply))
            await courier.deliver_due()
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


def _draw(
    name: str,
    surface: ModuleType,
    cogs: tuple[Cog, ...],
    played: list[_Played],
    delivered: list[Reply],
    tools: Tools,
    say: Callable[[str], object],
) -> int:
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

    locale = tools.defaults.locale
    say(f"{name.upper()}\n{'=' * len(name)}")
    topic = None
    for cog in cogs:
        if cog.topic != topic:
            topic = cog.topic
            say(f"\n{topic}\n{'-' * len(topic)}")
        for one in (one for one in played if one.command.cog == cog.name):
            command = one.command
            say(f"\n{command.summary}")
            attempt(f"the command {command.name}", partial(surface.preview_command, command))
            if command.example:
                say(f"\n  {command.example}")
            attempt(f"an answer to {command.name}", partial(surface.preview, one.reply, _MONDAY, locale))
    say("\nWhat arrives in the month after\n-------------------------------")
    for reply in delivered:
        say("")
        attempt("a delivery", partial(surface.preview, reply, _MONDAY, locale))
    say("")
    return failed


def _indented(text: str) -> str:
    return "\n".join(f"  {one}" if one else "" for one in text.split("\n"))
