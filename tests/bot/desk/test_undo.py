from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from sqlalchemy import func, select

from bot.desk.closing import once_only
from bot.desk.desk import Desk
from bot.desk.guests import Guests, Visitor
from cogs import catalogue
from cogs.kit.call import Call
from cogs.kit.reply import Button
from cogs.kit.tools import Tools
from storage.engine import Storage
from storage.tables.base import METADATA
from storage.work import Work
from tests.bot.desk.sample import NotesCog
from tests.conftest import MovableClock

DEEDS: dict[str, Mapping[str, str]] = {
    "gig post": {"role": "drums", "when": "Sat 28 Nov 19:30", "where": "Leeds", "fee": "£220"},
    "remind me": {"what": "send charts", "when": "tomorrow 9am"},
    "avail set": {"state": "free", "when": "Sat 28 Nov"},
    "client add": {"name": "Smith"},
    "me currency": {"currency": "EUR"},
    "me notify": {"kind": "gigs", "where": "off"},
    "me profile": {"roles": "drums"},
    "rest off": {"when": "12-14 Jan"},
    "hearing log": {"level": "98", "minutes": "40"},
    "rate share": {
        "role": "drums", "type": "function", "region": "Leeds", "country": "GB", "paid": "£180", "month": "Oct 2026",
    },
    "setup words": {"words": "sub"},
}  # fmt: skip


class Killed(BaseException):
    """The process ends here."""


class Life:
    """Lets a number of commits through; at the next one the program ends, as a kill would end it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left: int | None = None
        commit = Work.commit

        async def counted(work: Work) -> None:
            if self.left is not None:
                if self.left == 0:
                    raise Killed
                self.left -= 1
            await commit(work)

        monkeypatch.setattr(Work, "commit", counted)


async def rows_by_table(storage: Storage) -> dict[str, int]:
    async with storage.open_work(reading=True) as work:
        return {
            table.name: (await work.connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in METADATA.sorted_tables
        }


def opened(storage: Storage, clock: MovableClock) -> Desk:
    """The whole program's desk, as after a start."""
    tools = Tools(open_work=once_only(storage.open_work), clock=clock)
    return Desk(catalogue.furnish(tools), tools, catalogue.GROUP_ALIASES)


async def moderator(storage: Storage, clock: MovableClock) -> Call:
    tools = Tools(open_work=once_only(storage.open_work), clock=clock)
    visitor = Visitor(
        surface="console", account="ada", name="Ada", address="#gigs", community=("local", "Local"),
        channel=("#gigs", "gigs", "text"), moderator=True,
    )  # fmt: skip
    call = await Guests(tools).call(visitor)
    async with storage.open_work() as work:
        await work.people.change(call.person_id, zone="Europe/London")
        await work.people.begin_tour(call.person_id)
        await work.commit()
    return await Guests(tools).call(visitor)


@pytest.mark.parametrize("name", DEEDS)
async def test_no_kill_leaves_a_deed_without_its_undo(
    anywhere: str, storage: Storage, clock: MovableClock, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    call = await moderator(storage, clock)
    life, before = Life(monkeypatch), await rows_by_table(storage)
    life.left = 0
    with pytest.raises(Killed):
        await opened(storage, clock).command(call, name, DEEDS[name])
    assert await rows_by_table(storage) == before
    life.left = 1
    try:
        answer = await opened(storage, clock).command(call, name, DEEDS[name])
    except Killed:
        pass
    else:
        assert [b.label for b in answer.reply.buttons if isinstance(b, Button)][-1] == "Undo"
    assert (await rows_by_table(storage))["undos"] == before["undos"] + 1
    life.left = None
    undone = await opened(storage, clock).undo_last(call)
    assert "nothing left" not in str(undone.reply)


async def test_a_form_handed_in_twice_at_once_offers_one_undo(
    anywhere: str, storage: Storage, clock: MovableClock
) -> None:
    tools = Tools(open_work=once_only(storage.open_work), clock=clock)
    desk = Desk((NotesCog(tools),), tools)
    call = await moderator(storage, clock)
    await desk.command(call, "note add", {"role": "drums", "when": "2026-11-28T19:30"})
    answers = await asyncio.gather(*(desk.heard(call, "£40") for _ in range(4)))
    offered = [b for a in answers if a is not None for b in a.reply.buttons if isinstance(b, Button)]
    assert [b.label for b in offered if b.label == "Undo"] == ["Undo"]
    found = await rows_by_table(storage)
    assert (found["undos"], found["drafts"]) == (1, 0)
