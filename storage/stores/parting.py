"""The way back from a merge: an account becomes a person of its own again, with what it had brought along.

What was made while the two were one stays with the first; what is the new person's by its nature follows it: the
communities of its platform, messages that wait and are about its things, copies of the settings as they are now.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, and_, or_, select, update

from storage.records.link import PersonLink
from storage.stores.availability import AvailabilityStore
from storage.stores.base import Store
from storage.stores.merging import pointers, readdressed
from storage.tables.answers import answers
from storage.tables.availability import calendar_busy, calendars
from storage.tables.columns import Choice, Day, folded
from storage.tables.communities import communities, memberships
from storage.tables.date_polls import date_poll_guests, date_polls
from storage.tables.gigs import gigs
from storage.tables.invoices import billing, clients, invoice_numbers, invoices
from storage.tables.notices import notices
from storage.tables.people import identities, people, person_roles, person_settings
from storage.tables.postings import postings
from storage.tables.referrals import referrals
from storage.tables.reminders import reminders
from storage.tables.wellness import break_timers

#: One row or a list for each person: the new person gets a copy of what is there now.
_COPIED = (person_roles, person_settings, billing)
#: Not given back by its key: copied, found another way below, or made anew.
_OTHERWISE = frozenset({*_COPIED, memberships, notices, invoices, invoice_numbers, calendar_busy})
#: Switches that belong to the first alone.
_NOT_COPIED = ("profile.before", "telegram.links")

#: Whose a thing is, by the argument of a notice that names it.
_OWNERS: Mapping[str, tuple[Column[Any], ...]] = {
    "reminder_id": (reminders.c.person_id,),
    "invoice_id": (invoices.c.person_id,),
    "timer_id": (break_timers.c.person_id,),
    "referral_id": (referrals.c.giver_id, referrals.c.receiver_id),
    "poll_id": (date_polls.c.person_id,),
}


class PartStore(Store):
    """The deed."""

    async def part(self, link: PersonLink, now: datetime) -> int:
        """Make the account a person of its own, and give it back what it brought; that person's id.

        link: as it was kept, and taken away by now. An account that was joined to the account goes with it.
        """
        kept = link.person_id
        new = await self._newcomer(link, now)
        brought = {name: list(keys) for name, keys in link.brought.items()}
        for column in pointers():
            if column.table not in _OTHERWISE:
                for key in brought.get(str(column), ()):
                    await self._give(column, key, kept, new)
        mine = select(identities.c.surface).where(identities.c.person_id == new)
        surfaces = set((await self._run(mine)).scalars())
        theirs = select(communities.c.id).where(communities.c.surface.in_(surfaces))
        await self._do(
            update(memberships)
            .where(memberships.c.person_id == kept, memberships.c.community_id.in_(theirs))
            .values(person_id=new)
        )
        await self._do(
            update(postings).where(postings.c.person_id == kept, postings.c.surface.in_(surfaces)).values(person_id=new)
        )
        await self._invoices(link, kept, new)
        await self._busy(kept, new)
        await self._notices(kept, new)
        await AvailabilityStore(self._transaction).pack([kept, new])
        return new

    async def _newcomer(self, link: PersonLink, now: datetime) -> int:
        """A person with the settings of the first as they are now, and the account's own name."""
        kept = link.person_id
        row = (await self._run(select(people).where(people.c.id == kept))).mappings().one()
        account = and_(identities.c.surface == link.surface, identities.c.account == link.account)
        name = (await self._run(select(identities.c.name).where(account))).scalar() or row["name"]
        values = {**row, "name": name, "name_key": folded(name), "made_at": now}
        del values["id"]
        new = int((await self._run(people.insert().values(**values).returning(people.c.id))).scalar_one())
        for table in _COPIED:
            rows = (await self._run(select(table).where(table.c.person_id == kept))).mappings().all()
            for one in rows:
                if table is person_settings and (one["name"] in _NOT_COPIED or one["name"].startswith("notify.")):
                    continue
                await self._do(table.insert().values(**{**one, "person_id": new}))
        await self._do(update(identities).where(account, identities.c.person_id == kept).values(person_id=new))
        return new

    async def _give(self, column: Column[Any], key: list[int | str], kept: int, new: int) -> None:
        """One row back to the new person, if it is still there."""
        table = column.table
        others = [c for c in table.primary_key if c is not column]
        at = [c == _typed(c, value) for c, value in zip(others, key, strict=True)]
        if others:
            await self._do(update(table).where(column == kept, *at).values({column.name: new}))

    async def _invoices(self, link: PersonLink, kept: int, new: int) -> None:
        """Theirs as they were numbered, with a copy of the client where others need it too.

        An invoice that was corrected while they were one stays, and so does its correction: the two stand in one
        series.
        """
        theirs = {int(key[0]) for key in link.brought.get(str(invoices.c.person_id), ())}
        rows = (
            await self._run(
                select(invoices.c.id, invoices.c.credits_id, invoices.c.year, invoices.c.sequence).where(
                    invoices.c.person_id == kept, or_(invoices.c.id.in_(theirs), invoices.c.credits_id.in_(theirs))
                )
            )
        ).all()
        ties = [(row.id, row.credits_id) for row in rows if row.credits_id is not None]
        staying = {one for tie in ties if not set(tie) <= theirs for one in tie}
        last: dict[int, int] = {}
        for row in rows:
            if row.id not in theirs - staying:
                continue
            sequence = link.sequences.get(str(row.id), row.sequence)
            await self._do(update(invoices).where(invoices.c.id == row.id).values(person_id=new, sequence=sequence))
            last[row.year] = max(last.get(row.year, 0), sequence)
        for year, number in last.items():
            await self._do(invoice_numbers.insert().values(person_id=new, year=year, last=number))
        strangers = (
            await self._run(
                select(invoices.c.person_id, invoices.c.client_id)
                .join(clients, clients.c.id == invoices.c.client_id)
                .where(invoices.c.person_id.in_((kept, new)), clients.c.person_id != invoices.c.person_id)
                .distinct()
            )
        ).all()
        for stranger in strangers:
            owner, client_id = stranger.person_id, stranger.client_id
            client = (await self._run(select(clients).where(clients.c.id == client_id))).mappings().one()
            values = {name: value for name, value in client.items() if name != "id"} | {"person_id": owner}
            copied = await self._run(clients.insert().values(**values).returning(clients.c.id))
            await self._do(
                update(invoices)
                .where(invoices.c.person_id == owner, invoices.c.client_id == client_id)
                .values(client_id=copied.scalar_one())
            )

    async def _busy(self, kept: int, new: int) -> None:
        """What was read from a calendar goes with the calendar."""
        theirs = select(calendars.c.id).where(calendars.c.person_id == new)
        await self._do(
            update(calendar_busy)
            .where(calendar_busy.c.person_id == kept, calendar_busy.c.calendar_id.in_(theirs))
            .values(person_id=new)
        )

    async def _notices(self, kept: int, new: int) -> None:
        """What waits to be said about something of the new person's is said to them."""
        rows = (
            await self._run(select(notices).where(notices.c.person_id == kept, notices.c.next_at.is_not(None)))
        ).mappings().all()  # fmt: skip
        for row in rows:
            owners = await self._owners(row["args"])
            if new in owners and kept not in owners:
                args = readdressed(row["args"], kept, new)
                await self._do(update(notices).where(notices.c.id == row["id"]).values(person_id=new, args=args))

    async def _owners(self, args: Mapping[str, Any]) -> set[int]:
        """Everybody whom the thing that a notice names belongs to."""
        found: set[int] = set()
        for name, columns in _OWNERS.items():
            if name in args:
                row = (await self._run(select(*columns).where(columns[0].table.c.id == args[name]))).first()
                found |= set(row or ())
        if "poll_id" in args:
            guests = select(date_poll_guests.c.person_id).where(date_poll_guests.c.poll_id == args["poll_id"])
            found |= set((await self._run(guests)).scalars())
        answer = answers.c.id == args["answer_id"] if "answer_id" in args else None
        if answer is None and "gig_id" in args:
            answer = answers.c.gig_id == args["gig_id"]
            found |= set((await self._run(select(gigs.c.poster_id).where(gigs.c.id == args["gig_id"]))).scalars())
        if answer is not None:
            rows = await self._run(
                select(answers.c.person_id, gigs.c.poster_id).join(gigs, gigs.c.id == answers.c.gig_id).where(answer)
            )
            found |= {person_id for row in rows for person_id in row}
        return found - {None}


def _typed(column: Column[Any], value: int | str) -> Any:
    """Part of a key as the column takes it."""
    if isinstance(column.type, Day):
        return datetime.fromisoformat(str(value)).date()
    if isinstance(column.type, Choice):
        return column.type.members(value)
    return int(value) if isinstance(column.type, Integer) else value
