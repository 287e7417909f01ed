"""Who is free, found the short way, is who is free: nobody missed, nobody invented, over clock changes too."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from cogs.availability.calendar import Verdict
from cogs.availability.candidates import WhoService
from cogs.kit.ask import Role
from cogs.kit.tools import Tools
from storage.records.times import Span
from storage.work import OpenWork
from tests.cogs.availability.crowd import ZONES, gather, the_long_way
from tests.cogs.availability.people import MONDAY, caller
from tests.conftest import MovableClock

DRUMS = Role("drum-kit", "Drum kit", "percussion")
#: Days near which one of the crowd's zones changes its clocks, and an ordinary one.
DAYS = (date(2026, 10, 25), date(2026, 11, 1), date(2026, 12, 9), date(2027, 3, 28), date(2027, 4, 4))


def spans(chance: random.Random) -> Span:
    day = chance.choice(DAYS) + timedelta(days=chance.randrange(-2, 3))
    zone = chance.choice(ZONES)
    if chance.random() < 0.3:
        return Span.of_days(day, day + timedelta(days=chance.randrange(3)), zone)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=15 * chance.randrange(96))
    return Span(start, start + timedelta(minutes=15 * chance.randrange(1, 60)), zone)


@pytest.mark.usefixtures("anywhere")
async def test_nobody_is_missed_or_invented(open_work: OpenWork, clock: MovableClock) -> None:
    chance, size = random.Random(7), 60
    async with open_work() as work:
        await gather(work, size, 8)
        await work.commit()
    service = WhoService(Tools(open_work=open_work, clock=clock))
    met: dict[Verdict, int] = dict.fromkeys(Verdict, 0)
    for _ in range(40):
        span = spans(chance)
        found = await service.who(caller(person_id=size + 1), DRUMS, span, None)
        async with open_work(reading=True) as work:
            expected = await the_long_way(work, list(range(1, size + 1)), span, MONDAY)
        short = dict.fromkeys(found.free, Verdict.FREE)
        short |= dict.fromkeys(found.maybe, Verdict.MAYBE)
        short |= dict.fromkeys(found.unknown, Verdict.UNKNOWN)
        assert short == {one: said for one, said in expected.items() if said is not Verdict.NO}, span
        assert found.away == sum(said is Verdict.NO for said in expected.values())
        for said in expected.values():
            met[said] += 1
    assert all(count > 20 for count in met.values())  # the crowd says enough of everything
