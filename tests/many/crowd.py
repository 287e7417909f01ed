"""Reminders of many people at once, kept as the program keeps them, without anybody typing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from cogs.reminders import planning
from storage import engine
from storage.records.reminder import Reminder, Timing
from tests.fakes.telegram.world import Account
from tests.many.fleet import Fleet


async def keep(fleet: Fleet, wanted: Iterable[tuple[Account, list[float]]], *, start: float) -> dict[str, int]:
    """Keep notes for people on Telegram, and tell the couriers.

    wanted: for each person the seconds after the first moment at which they want one. start: when that moment is, in
    seconds from now. Returns the notes that are kept, each with its number of copies, which is 1.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    first, kept = now + timedelta(seconds=start), {}
    storage = await engine.open(fleet.postgres.url(fleet.name))
    try:
        async with storage.open_work() as work:
            for who, offsets in wanted:
                address = str(who.id)
                person = await work.people.greet("telegram", address, who.name, now, dm=address)
                await work.people.change(person.id, zone="UTC", quiet_from=person.quiet_to)
                for n, offset in enumerate(offsets):
                    note, at = f"{who.name}.{n}.0.", first + timedelta(seconds=offset)
                    timing = Timing(zone="UTC", at=at, day=at.date(), clock=at.time())
                    reminder = Reminder(person_id=person.id, text=f"Note {note}", timing=timing, made_at=now)
                    reminder = await work.reminders.add(reminder)
                    await planning.plan(work, reminder, now, after=now)
                    kept[note] = 1
            await work.commit()
    finally:
        await storage.close()
    return kept


async def couriers(fleet: Fleet) -> int:
    """How many processes show that they send on Telegram."""
    rows = await fleet.rows("SELECT count(*) AS n FROM courier_processes WHERE platform = 'telegram'")
    return int(rows[0]["n"])
