"""Parts for tests of notices: somebody to promise things to, and each of a courier's deeds in a Work of its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from storage.records.notice import Delivery, Ended, Lane, NewNotice, Notice, PutBack
from storage.records.people import Person
from storage.work import OpenWork
from tests.conftest import START

MINUTE = timedelta(minutes=1)
LEASE = timedelta(seconds=60)


async def somebody(open_work: OpenWork, name: str = "Player One", surface: str = "console") -> Person:
    """A person with one account, whose private chat is "dm:<name>"."""
    async with open_work() as work:
        found = await work.people.greet(surface, name, name, START, dm=f"dm:{name}")
        await work.commit()
    return found


def notice(to: Person, n: int = 0, *, after: timedelta = timedelta(0), **rest: Any) -> NewNotice:
    """A notice with a number, due `after` the start."""
    return NewNotice(
        **{"kind": "t.say", "due_at": START + after, "person_id": to.id, "args": {"n": n, "also": "x"}, **rest}
    )


async def add(open_work: OpenWork, *new: NewNotice) -> list[int | None]:
    """Keep notices one by one in one Work; their ids, None for what was kept already."""
    async with open_work() as work:
        ids = [await work.notices.add(one, START) for one in new]
        await work.commit()
    return ids


async def claim(
    open_work: OpenWork,
    n: int = 10,
    *,
    now: datetime = START,
    owner: str = "me",
    lane: Lane = Lane.NORMAL,
    platform: str = "console",
) -> list[Notice]:
    """Claim up to `n` for a LEASE."""
    async with open_work() as work:
        found = await work.notices.claim(platform, lane, now, LEASE, n, owner)
        await work.commit()
    return found


async def report(open_work: OpenWork, *reports: Ended | PutBack, owner: str = "me", now: datetime = START) -> set[int]:
    """Report what ended and what is put back; ids of what ended by this."""
    async with open_work() as work:
        done = await work.notices.ack_many(owner, [one for one in reports if isinstance(one, Ended)], now)
        await work.notices.put_back(owner, [one for one in reports if isinstance(one, PutBack)])
        await work.commit()
    return done


async def stands(open_work: OpenWork, notice_id: int) -> Delivery | None:
    """A notice as it stands now."""
    async with open_work(reading=True) as work:
        return await work.notices.get(notice_id)
