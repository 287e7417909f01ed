"""Joins the floors by hand: settings, database, cogs, desk, courier, surfaces. Starts them and stops them.

Surfaces are imported in the branch that needs them: a console neither needs nor pays for discord.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import importlib
import logging
import signal
import sys
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.desk.closing import once_only
from bot.desk.courier import Courier
from bot.desk.desk import Desk
from bot.desk.figures import Figures
from bot.desk.flood import Flood
from bot.desk.guests import Guests
from bot.desk.places import Platforms
from bot.desk.warming import Warming
from bot.housekeeping import Housekeeping
from bot.pulse import Pulse
from bot.settings import ConsoleOptions, Settings
from bot.settings.kinds import Listen
from bot.settings.model import TelegramMode
from cogs import catalogue
from cogs.kit.cog import Cog
from cogs.kit.tools import Clock, Defaults, Tools
from storage import engine
from storage.engine import Storage
from storage.stores.base import PEOPLE
from storage.stores.notices import TOPIC

if TYPE_CHECKING:
    from bot.desk.surface import Sender, Surface
    from bot.on_console.shell import Shell
    from bot.on_console.transcript import Heard
    from bot.supervisor import Part

log = logging.getLogger(__name__)

#: Makes the cogs; tests furnish a house with cogs of their own.
Furnish = Callable[[Tools], tuple[Cog, ...]]

_GOOD, _UNREACHABLE, _BAD_CONFIGURATION = 0, 69, 78


@dataclass(slots=True)
class House:
    """The program without its surfaces: everything that one process has once.

    keeps_storage: `stop` leaves the database open, for one in memory that is to outlive a restart.
    """

    settings: Settings
    storage: Storage
    tools: Tools
    cogs: tuple[Cog, ...]
    desk: Desk
    guests: Guests
    courier: Courier
    figures: Figures
    housekeeping: Housekeeping
    keeps_storage: bool = False

    @classmethod
    async def open(
        cls,
        settings: Settings,
        clock: Clock,
        senders: Callable[[Tools, Desk, Guests], Iterable[Sender]],
        *,
        storage: Storage | None = None,
        url: str | None = None,
        alone: bool = False,
        flood: Flood | None = None,
        warming: Warming | None = None,
        furnish: Furnish = catalogue.furnish,
    ) -> House:
        """Open the database, bring it up to date, and put everything above it together.

        senders: makes the surfaces that the courier sends through. storage: an open database to use instead of `url`;
        url: instead of the configured one. alone: no other process sends through these surfaces' accounts.
        flood: what holds people back who ask for too much at once; None: nothing does. warming: what the first
        request waits for; None: nothing.
        Raises Unreachable and NewerDatabase.
        """
        storage = storage or await engine.open(url or settings.database_url.reveal(), backups=settings.app.data_dir)
        given = settings.defaults
        defaults = Defaults(zone=given.zone, currency=given.currency, locale=given.locale, words=given.words)
        platforms = Platforms()
        tools = Tools(
            open_work=once_only(storage.open_work),
            clock=clock,
            defaults=defaults,
            public_url=settings.web.public_url,
            places=platforms,
        )
        cogs = furnish(tools)
        figures = Figures()
        desk = Desk(cogs, tools, catalogue.GROUP_ALIASES, figures, flood, warming)
        guests = Guests(tools)
        surfaces = list(senders(tools, desk, guests))
        platforms.know(surfaces)
        courier = Courier(
            storage.open_work,
            clock,
            surfaces,
            {kind: builder for cog in cogs for kind, builder in cog.notices().items()},
            cards={card: builder for cog in cogs for card, builder in cog.cards().items()},
            after={kind: follow for cog in cogs for kind, follow in cog.afterwards().items()},
            line=None if alone else storage.line,
            poll=timedelta(seconds=settings.courier.poll_seconds),
            batch=settings.courier.batch,
            lease=timedelta(seconds=settings.courier.lease_seconds),
            figures=figures,
        )
        housekeeping = Housekeeping(storage, tools, [chore for cog in cogs for chore in cog.chores().values()])
        return cls(settings, storage, tools, cogs, desk, guests, courier, figures, housekeeping)

    async def tend(self) -> None:
        """What the parts of a running program do for themselves now and then, for one that has no parts."""
        await self.housekeeping.once()
        await self.courier.forget()

    async def stop(self) -> None:
        """Let go of the database. Whoever ran the courier or a surface has stopped it before."""
        if not self.keeps_storage:
            await self.storage.close()


# --- the console ------------------------------------------------------------------------------------------------------


def console(settings: Settings, options: ConsoleOptions) -> int:
    """Run the local chat until its end; the exit code. A script or a pipe is played, a terminal is talked with."""
    return asyncio.run(_until_terminated(_console(settings, options)))


async def _until_terminated(session: Coroutine[Any, Any, int]) -> int:
    """The session's exit code; SIGTERM ends it early, and well: what was not committed never happened."""
    task, asked = asyncio.ensure_future(session), asyncio.Event()

    def heard() -> None:
        asked.set()
        task.cancel()

    with contextlib.suppress(NotImplementedError):  # Windows has no such signals
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, heard)
    try:
        return await task
    except asyncio.CancelledError:
        if asked.is_set():
            return _GOOD
        raise


async def _console(settings: Settings, options: ConsoleOptions) -> int:
    from bot.on_console.script import lines_of, play, shown, standard_input

    def say(text: str) -> None:
        # What a person typed may hold half a character; a terminal of another encoding gets a question mark.
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")
        sys.stdout.flush()

    if options.script is None and sys.stdin.isatty():
        from bot.on_console.interactive import talk

        return await talk(lambda show: open_shell(settings, options, show), settings.app.data_dir)

    shell = open_shell(settings, options, lambda heard: say(shown(heard)))
    await shell.start()

    async def look() -> None:
        if shell.clock.is_real:
            await shell.deliver()

    try:
        return await play(shell, lines_of(options.script) if options.script else standard_input(look), say)
    finally:
        await shell.close()


def open_shell(
    settings: Settings,
    options: ConsoleOptions,
    show: Callable[[Heard], None],
    *,
    furnish: Furnish = catalogue.furnish,
) -> Shell:
    """A shell of the local chat, ready to be started; what is said goes to `show`."""
    from bot.on_console.clock import MovableClock
    from bot.on_console.files import Shelf
    from bot.on_console.sender import ConsoleSender
    from bot.on_console.shell import Shell
    from bot.on_console.transcript import Transcript

    clock = MovableClock(options.now)
    transcript = Transcript(show, Shelf(settings.app.data_dir / "console-files"))
    url = (options.database or settings.database_url).reveal()
    in_memory = url.partition("?")[0] in ("sqlite://", "sqlite:///:memory:")
    kept: list[Storage] = []

    async def begin() -> House:
        house = await House.open(
            settings,
            clock,
            lambda tools, desk, guests: [ConsoleSender(tools, transcript)],
            storage=kept[0] if kept else None,
            url=url,
            alone=True,
            furnish=furnish,
        )
        if in_memory:  # such a database ends with its last connection, so a restart hands it on
            kept[:] = [house.storage]
            house.keeps_storage = True
        if not gc.isenabled():  # as `bot.__main__` left it; what is there by now stays
            gc.freeze()
            gc.enable()
        return house

    async def end() -> None:
        for storage in kept:
            await storage.close()

    return Shell(begin, clock, transcript, end=end, speaker=options.speaker, zone=options.zone)


# --- the platforms ----------------------------------------------------------------------------------------------------


def run(settings: Settings, only: frozenset[str] | None) -> int:
    """Run everything that is configured, or the parts named in `only`, until a signal; the exit code.

    With nothing configured and no part named it is the console.
    """
    if only is None and not settings.has_platform:
        return console(settings, ConsoleOptions())
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(_run(settings, only))


async def _run(settings: Settings, only: frozenset[str] | None, furnish: Furnish = catalogue.furnish) -> int:
    from bot.supervisor import stop_on_signals, supervise

    stop = asyncio.Event()
    stop_on_signals(stop)
    surfaces: list[Surface] = []

    def senders(tools: Tools, desk: Desk, guests: Guests) -> list[Surface]:
        surfaces.extend(_surfaces(settings, tools, desk, guests))
        return surfaces

    flood = Flood(settings.limits.per_person, settings.limits.per_chat)
    house = await House.open(settings, _RealClock(), senders, flood=flood, warming=Warming(), furnish=furnish)
    try:
        await house.storage.listen(TOPIC, house.courier.wake)
        await house.storage.listen(PEOPLE, house.guests.forget)
        house.guests.remember()
        # What is loaded by now stays for good; looking through it again and again would hold the loop up for 30 ms.
        # What a start throws away stays with it: finding that 0.4 MB would cost a tenth of the start.
        gc.freeze()
        gc.enable()
        for surface in surfaces:
            if (tell := getattr(surface, "tell_replies_to", None)) is not None:
                tell(functools.partial(house.courier.replied, surface.name))
        parts = _parts(settings, house, surfaces, only)
        if settings.web.listen is not None and _serves(settings, parts, only):
            # Of platforms that other processes listen to, nothing is known here.
            parts["web"] = _web(settings.web.listen, house, [one for one in surfaces if one.name in parts])
        if not parts:
            log.error("nothing to run: %s is not configured; see firstcall check", ", ".join(sorted(only or ())))
            return _BAD_CONFIGURATION
        log.info("running %s", ", ".join(parts))
        parts["housekeeping"] = house.housekeeping.run
        if "courier" not in parts:
            parts["answers"] = house.courier.count
        parts["pulse"] = Pulse(house.figures).run
        hopeless = await supervise(parts, stop, helpers=("answers", "courier", "housekeeping", "pulse", "web"))
    finally:
        await house.stop()
    return _UNREACHABLE if hopeless else _GOOD


def _surfaces(settings: Settings, tools: Tools, desk: Desk, guests: Guests) -> list[Surface]:
    """The platforms that have a token."""
    made: list[Surface] = []
    for name, token, where in (
        ("DiscordSurface", settings.discord.token, "bot.on_discord.client"),
        ("TelegramSurface", settings.telegram.token, "bot.on_telegram.application"),
    ):
        if token is not None:
            surface = getattr(importlib.import_module(where), name)
            made.append(surface(settings=settings, tools=tools, desk=desk, guests=guests))
    return made


def _parts(
    settings: Settings, house: House, surfaces: Iterable[Surface], only: frozenset[str] | None
) -> dict[str, Part]:
    """What this process runs, by the names of `--only`."""
    parts: dict[str, Part] = {surface.name: surface.run for surface in surfaces}
    if parts:
        parts["courier"] = house.courier.run
    return {name: part for name, part in parts.items() if only is None or name in only}


def _serves(settings: Settings, parts: Mapping[str, Part], only: frozenset[str] | None) -> bool:
    """Whether this process has a web server: as a part of its own, or as the door through which Telegram pushes."""
    if only is None:
        return bool(parts)
    return "web" in only or ("telegram" in parts and settings.telegram.mode is TelegramMode.WEBHOOK)


def _web(listen: Listen, house: House, surfaces: Iterable[Surface]) -> Part:
    """The web server, told how the others are and where calendars come from."""
    from bot.on_web.condition import Backlog, Condition
    from bot.on_web.metrics import Metrics
    from bot.on_web.server import WebServer

    feeds = [feed for cog in house.cogs for feed in cog.feeds().values()]
    hooks = [hook for surface in surfaces if (hook := getattr(surface, "hook", None)) is not None]

    async def feed(secret: str) -> bytes | None:
        for write in feeds:
            if (calendar := await write(secret)) is not None:
                return calendar
        return None

    condition, standing = Condition(house.storage, surfaces), house.courier.standing
    backlog = Backlog(house.storage.open_work, house.tools.clock, standing())
    metrics = Metrics(house.figures, standing, condition.states, timings=house.storage.timings, backlog=backlog.count)
    hook = hooks[0] if hooks else None
    return WebServer(listen, states=condition.states, feed=feed, hook=hook, metrics=metrics.page).run


class _RealClock:
    """The world's time."""

    def now(self) -> datetime:
        """The present moment, UTC."""
        return datetime.now(UTC)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's where it is installed (it is not made for Windows); None: Python's own."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def tour(settings: Settings, only: frozenset[str] | None) -> int:
    """Print every command, its form and sample cards as the surfaces draw them; the exit code."""
    from bot.tour import tour as show

    return asyncio.run(show(settings, only, lambda text: sys.stdout.write(text + "\n")))
