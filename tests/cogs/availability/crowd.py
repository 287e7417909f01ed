"""A crowd with things to say about its time, the same for the same seed; and the long way of asking it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Table, insert, select

from cogs.availability.calendar import Verdict, trusted, verdict
from storage.records.answer import AnswerKind, AnswerState
from storage.records.availability import DAY_MINUTES, EVERY_DAY, Diary, Free
from storage.records.fee import Basis, Fee
from storage.records.gig import Gig, GigState
from storage.records.people import Visibility
from storage.records.times import Span
from storage.tables.answers import answers
from storage.tables.availability import availability, availability_packs, calendar_busy, calendars
from storage.tables.communities import communities, memberships
from storage.tables.gigs import gigs
from storage.tables.people import people, person_roles
from storage.work import Work
from tests.cogs.availability.people import MONDAY

ZONES = ("Europe/London", "Europe/London", "Europe/London", "America/New_York", "Australia/Lord_Howe")
_EVER = date.max
#: People written one by one; a larger crowd is made of copies of them, which costs the database less.
_WRITTEN = 5000


def patterns(chance: random.Random, person_id: int, n: int, zones: Sequence[str] = ZONES) -> Iterator[dict[str, Any]]:
    """What one person might have said: mostly evenings and days of the week, some dates, some odd ones."""
    for _ in range(n):
        first = date(2026, 9, 1) + timedelta(days=chance.randrange(200))
        weekly = chance.random() < 0.6
        begins = chance.choice((0, 0, 540, 840, 1080, 1140, 1320))
        length = DAY_MINUTES if begins == 0 else chance.choice((180, 240, DAY_MINUTES - begins, 600))
        yield {
            "person_id": person_id,
            "state": chance.choice(list(Free)),
            "zone": chance.choice(zones),
            "first": first,
            "last": (_EVER if chance.random() < 0.5 else first + timedelta(days=chance.randrange(200)))
            if weekly
            else first + timedelta(days=chance.randrange(6)),
            "begins": begins,
            "ends": begins + length,
            "days": chance.randrange(1, EVERY_DAY) if weekly else EVERY_DAY,
            "every": chance.choice((1, 1, 1, 2)) if weekly else 1,
            "listed": None,
            "but": [(first + timedelta(days=7)).isoformat()] if chance.random() < 0.03 else None,
            "region": None,
            "note": None,
            "made_at": MONDAY,
            "said_at": MONDAY - timedelta(days=chance.randrange(70), minutes=chance.randrange(1440)),
            "asked_at": None,
            "deleted_at": MONDAY if chance.random() < 0.02 else None,
        }


async def gather(
    work: Work, size: int, each: int, *, share: float = 1.0, seed: int = 1, zones: Sequence[str] = ZONES
) -> None:
    """`size` members of community 1, ids from 1, of whom a share plays drums and the others trumpet."""
    chance = random.Random(seed)
    connection = work.connection
    await connection.execute(
        insert(communities),
        [{"id": 1, "surface": "c", "account": "1", "name": "Hall", "active": True, "settings": {}, "made_at": MONDAY}],
    )
    blank: dict[str, Any] = {
        "visibility": Visibility.COMMUNITY, "takes_unpaid": False, "plain_text": False,
        "quiet_from": time(22), "quiet_to": time(8), "tour_step": 5,
        "made_at": MONDAY, "zone": "Europe/London", "region": "Leeds",
    }  # fmt: skip
    some = min(size, _WRITTEN)
    for low in range(1, some + 1, 1000):
        ids = range(low, min(low + 1000, some + 1))
        await connection.execute(
            insert(people), [{**blank, "id": n, "name": f"P{n}", "name_key": f"p{n}"} for n in ids]
        )
        await connection.execute(
            insert(memberships),
            [
                {"person_id": n, "community_id": 1, "moderator": False, "joined_at": MONDAY, "seen_at": MONDAY}
                for n in ids
            ],
        )
        await connection.execute(
            insert(person_roles),
            [
                {
                    "person_id": n,
                    "role": "drum-kit" if chance.random() < share else "trumpet",
                    "position": 0,
                    "is_double": False,
                }
                for n in ids
            ],
        )
        rows = [one for n in ids for one in patterns(chance, n, each, zones)]
        if rows:
            await connection.execute(insert(availability), rows)
    await work.availability.pack(range(1, some + 1))
    await _fill_calendars(work, chance, some)
    for shift in range(some, size, some):
        for table, keys in (
            (people, ("id",)),
            (memberships, ("person_id",)),
            (person_roles, ("person_id",)),
            (availability, ("person_id",)),
            (availability_packs, ("person_id",)),
            (calendars, ("person_id", "id")),
            (calendar_busy, ("person_id", "calendar_id")),
        ):
            await connection.execute(_shifted(table, keys, shift, some))
    await _hire(work, chance, size)


async def _fill_calendars(work: Work, chance: random.Random, some: int) -> None:
    """One in three has imported a calendar, with their number: an event every three days, now and then a holiday."""
    owners = [n for n in range(1, some + 1) if chance.random() < 0.33]
    blank = {"url": None, "until": MONDAY, "made_at": MONDAY, "read_at": MONDAY, "next_at": None, "failures": 0}
    events = []
    for n in owners:
        for _ in range(50):
            start = MONDAY + timedelta(days=chance.randrange(-30, 120), minutes=30 * chance.randrange(48))
            length = timedelta(days=chance.randrange(1, 20)) if chance.random() < 0.05 else timedelta(hours=2)
            floating = chance.random() < 0.1
            events.append(
                {"calendar_id": n, "person_id": n, "start_at": start, "end_at": start + length, "floating": floating}
            )
    if owners:
        await work.connection.execute(insert(calendars), [{**blank, "id": n, "person_id": n} for n in owners])
        await work.connection.execute(insert(calendar_busy), events)


async def _hire(work: Work, chance: random.Random, size: int) -> None:
    """As many gigs as a tenth of the crowd over four months, all of the first person's, each with two who answered."""
    gigs_made, said = [], []
    for n in range(1, max(size // 10, 60) + 1):
        start = MONDAY + timedelta(days=chance.randrange(-10, 120), minutes=30 * chance.randrange(48))
        length = chance.choice((None, timedelta(hours=3), timedelta(hours=5), timedelta(days=chance.randrange(2, 12))))
        gig = Gig(
            id=n, community_id=1, poster_id=1, role="drum-kit", fee=Fee(Basis.QUOTE), posted_at=MONDAY, state_at=MONDAY,
            span=Span(start, None if length is None else start + length, "Europe/London"), expires_at=start,
            state=chance.choice((GigState.FILLED, GigState.OPEN, GigState.CANCELLED)),
        )  # fmt: skip
        gigs_made.append({**work.gigs.values_of(gig), "id": n})
        said += [
            {
                "gig_id": n, "person_id": player, "reply": AnswerKind.INK, "got_it": 0, "answered_at": MONDAY,
                "state": chance.choice(list(AnswerState)), "state_at": MONDAY,
            }
            for player in chance.sample(range(1, size + 1), 2)
        ]  # fmt: skip
    await work.connection.execute(insert(gigs), gigs_made)
    await work.connection.execute(insert(answers), said)


def _shifted(table: Table, keys: Sequence[str], shift: int, some: int) -> Any:
    """Write the first people's rows once more, for others."""
    names = [column.name for column in table.c if column.name != "id" or "id" in keys]
    values = [table.c[name] + shift if name in keys else table.c[name] for name in names]
    return insert(table).from_select(names, select(*values).where(table.c[keys[0]] <= some))


async def the_long_way(work: Work, person_ids: list[int], span: Span, now: datetime) -> dict[int, Verdict]:
    """Every diary laid out and judged by itself."""
    found = await work.diaries.diaries(person_ids, span.start, span.until())
    return {
        one: verdict(
            Diary(
                person_id=one,
                entries=trusted(diary.entries, now),
                bookings=diary.bookings,
                busy=diary.busy,
            ),
            span,
        )
        for one, diary in found.items()
    }
