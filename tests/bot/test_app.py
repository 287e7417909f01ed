from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from bot import app, supervisor
from bot.desk.desk import Desk
from bot.desk.guests import Guests, Visitor
from bot.desk.surface import Hopeless, Sent, Target
from bot.settings import App, Secret, Settings, Telegram, Web
from cogs.kit.cog import Cog, notice
from cogs.kit.reply import Reply, say
from cogs.kit.tools import Tools
from storage.records.notice import NewNotice, Notice
from storage.records.posting import Posting
from storage.work import Work


class BellCog(Cog, name="bell", topic="Bell"):
    """Rings."""

    @notice("ring")
    async def ring(self, notice: Notice, work: Work) -> Reply | None:
        return say("Ding.")


class Stage:
    """A platform on which one person arrives, has a notice kept, and waits for it."""

    name = "telegram"
    knows_keys = True

    def __init__(self, tools: Tools, guests: Guests, *, refused: bool = False) -> None:
        self.tools = tools
        self.guests = guests
        self.refused = refused
        self.delivered: list[tuple[str | None, Reply]] = []
        self.arrived = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        if self.refused:
            raise Hopeless("the token is refused")
        call = await self.guests.call(
            Visitor(surface="telegram", account="7", name="Ada", address="7", dm="7", community=None)
        )
        async with self.tools.open_work() as work:
            new = NewNotice(kind="bell.ring", person_id=call.person_id, due_at=call.now, urgent=True)
            await work.notices.add(new, call.now)
            await work.commit()
        # Well under the courier's poll of 5 s: the commit itself woke it.
        async with asyncio.timeout(3):
            await self.arrived.wait()
        stop.set()

    async def deliver(self, target: Target, reply: Reply, *, key: str, silent: bool) -> Sent:
        self.delivered.append((target.dest, reply))
        self.arrived.set()
        return Sent("1", target.dest or "")

    async def redraw(self, posting: Posting, reply: Reply) -> None:
        raise AssertionError

    def healthy(self) -> bool:
        return True


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(app=App(data_dir=tmp_path), telegram=Telegram(token=Secret("1:abc")), web=Web(listen=None))


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> list[Stage]:
    """The platforms that a run makes; signals are left alone."""
    made: list[Stage] = []

    def surfaces(settings: Settings, tools: Tools, desk: Desk, guests: Guests) -> Iterable[Stage]:
        made.append(Stage(tools, guests))
        return made

    monkeypatch.setattr(app, "_surfaces", surfaces)
    monkeypatch.setattr(supervisor, "stop_on_signals", lambda stop: None)
    return made


async def test_a_run_joins_surface_desk_database_and_courier(settings: Settings, stages: list[Stage]) -> None:
    async with asyncio.timeout(20):
        assert await app._run(settings, None, lambda tools: (BellCog(),)) == 0
    assert stages[0].delivered == [("7", say("Ding."))]


async def test_when_every_platform_has_given_up_the_exit_code_says_so(
    settings: Settings, stages: list[Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "_surfaces", lambda _, tools, desk, guests: [Stage(tools, guests, refused=True)])
    async with asyncio.timeout(20):
        assert await app._run(settings, None) == 69


async def test_a_part_that_is_not_configured_cannot_be_run_alone(settings: Settings, stages: list[Stage]) -> None:
    assert await app._run(settings, frozenset({"discord"})) == 78
    assert stages[0].delivered == []


@pytest.mark.parametrize(
    ("only", "asked"),
    [(None, ["telegram"]), (frozenset({"web"}), []), (frozenset({"web", "telegram", "courier"}), ["telegram"])],
)
async def test_the_web_surface_answers_for_the_parts_of_its_own_process(
    only: frozenset[str] | None,
    asked: list[str],
    settings: Settings,
    stages: list[Stage],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []

    def web(listen: object, house: object, surfaces: Iterable[Stage]) -> supervisor.Part:
        told.extend(one.name for one in surfaces)

        async def serve(stop: asyncio.Event) -> None:
            if only == frozenset({"web"}):
                stop.set()  # nobody else would
            await stop.wait()

        return serve

    monkeypatch.setattr(app, "_web", web)
    async with asyncio.timeout(20):
        assert await app._run(replace(settings, web=Web()), only, lambda tools: (BellCog(),)) == 0
    assert told == asked
