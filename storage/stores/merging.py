"""Two people who are one: everything of the second becomes the first's, in one transaction; and the way back.

No table is named here to be moved. Whatever column points at people is found in the tables themselves, so that a
family that is added later is merged as well. What is named are the exceptions: where two rows would stand in one
place, and "the newer one stays" is not the right answer.

Undoing it gives each row back that the second person brought along and that is still there (`PersonLink.brought`).
What was made while they were one stays with the first.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, UniqueConstraint, and_, delete, func, or_, select, true, update

from storage.records.answer import AnswerState
from storage.records.notice import Outcome
from storage.records.people import Visibility
from storage.stores.availability import AvailabilityStore
from storage.stores.base import Store
from storage.tables.answers import answers
from storage.tables.base import METADATA
from storage.tables.call_lists import call_lists
from storage.tables.columns import folded
from storage.tables.communities import memberships
from storage.tables.date_polls import date_poll_answers, date_poll_guests
from storage.tables.gigs import gig_filters, gigs
from storage.tables.invoices import billing, invoice_numbers, invoices
from storage.tables.notices import notices
from storage.tables.people import people, person_roles, person_settings
from storage.tables.referrals import referrals
from storage.tables.wellness import break_timers

#: By which of two rows in one place the newer one is known; the first of these that a table has.
_STAMPS = ("state_at", "answered_at", "set_at", "changed_at", "seen_at", "made_at", "joined_at", "said_at", "at")
#: What nobody chose: such a value gives way to one that somebody did.
_UNSET: Mapping[str, object] = {
    "visibility": Visibility.COMMUNITY,
    "takes_unpaid": False,
    "plain_text": False,
    "quiet_from": time(22),
    "quiet_to": time(8),
}
#: What the person themselves is, apart from what they chose.
_SELF = frozenset({"id", "name", "name_key", "tour_step", "made_at"})
#: Switches that are worth nothing to somebody else: the profile before the last change.
_FLEETING = frozenset({"profile.before"})
_RANK = {AnswerState.INKED: 3, AnswerState.PENCILLED: 2, AnswerState.WAITING: 1}


@dataclass(slots=True)
class Merged:
    """What came of a merge.

    brought, sequences: as in `PersonLink`. gigs: those whose answers became fewer, to be counted again.
    doubled: tables in which two rows stood in one place, and one stayed.
    """

    brought: dict[str, list[list[int | str]]] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)
    gigs: set[int] = field(default_factory=set)
    doubled: set[str] = field(default_factory=set)


class MergeStore(Store):
    """The deed. Afterwards the second person is no more, and no row of any table points at them."""

    async def hold(self, *person_ids: int) -> list[int]:
        """Nobody else changes these people before this Work is over; those of them that there are, in order."""
        rows = await self._run(
            select(people.c.id).where(people.c.id.in_(person_ids)).order_by(people.c.id).with_for_update()
        )
        return list(rows.scalars())

    async def merge(self, kept: int, gone: int, now: datetime) -> Merged:
        """Everything of `gone` becomes `kept`'s, who was there first.

        A setting that both chose is taken from `gone`, whose account is the newer one; roles, communities and lists are
        put together. Of two answers to one gig the firmer stays, of two rows in one place the newer one.
        Invoices keep their numbers; where both have the same, `gone`'s stand before the series of `kept`, which goes
        on without a gap.
        """
        done = Merged()
        await self._settings(kept, gone)
        await self._roles(kept, gone)
        await self._memberships(kept, gone, done)
        await self._billing(kept, gone)
        await self._invoices(kept, gone, done)
        await self._polls(kept, gone, done)
        await self._timers(kept, gone, now)
        await self._call_lists(kept, gone)
        await self._notices(kept, gone, now)
        for column in pointers():
            for key in keys_with(column):
                await self._make_room(column, key, kept, gone, done)
            await self._move(column, kept, gone, done)
        await self._not_to_oneself(kept, done)
        await AvailabilityStore(self._transaction).pack([kept])
        await self._do(delete(people).where(people.c.id == gone))
        return done

    # --- where "the newer one stays" is not the answer ----------------------------------------------------------------

    async def _settings(self, kept: int, gone: int) -> None:
        rows = (await self._run(select(people).where(people.c.id.in_((kept, gone))))).mappings().all()
        by_id = {row["id"]: row for row in rows}
        mine, theirs = by_id[kept], by_id[gone]
        chosen = {
            name: value
            for name, value in theirs.items()
            if name not in _SELF and value is not None and value != _UNSET.get(name)
        }
        if {"quiet_from", "quiet_to"} & chosen.keys():  # one choice in two columns
            chosen |= {"quiet_from": theirs["quiet_from"], "quiet_to": theirs["quiet_to"]}
        name = mine["name"] or theirs["name"]
        chosen |= {"name": name, "name_key": folded(name), "tour_step": max(mine["tour_step"], theirs["tour_step"])}
        await self._do(update(people).where(people.c.id == kept).values(**chosen))
        theirs_too = select(person_settings.c.name).where(person_settings.c.person_id == gone)
        await self._do(
            delete(person_settings).where(
                or_(
                    and_(person_settings.c.person_id == kept, person_settings.c.name.in_(theirs_too)),
                    and_(person_settings.c.person_id.in_((kept, gone)), person_settings.c.name.in_(_FLEETING)),
                )
            )
        )

    async def _roles(self, kept: int, gone: int) -> None:
        """What the first plays, then what only the second does; a main role of either is a main role."""
        rows = (
            await self._run(
                select(person_roles)
                .where(person_roles.c.person_id.in_((kept, gone)))
                .order_by(person_roles.c.person_id != kept, person_roles.c.position)
            )
        ).mappings().all()  # fmt: skip
        double: dict[str, bool] = {}
        for row in rows:
            double[row["role"]] = double.get(row["role"], True) and row["is_double"]
        await self._do(delete(person_roles).where(person_roles.c.person_id.in_((kept, gone))))
        if double:
            await self._do(
                person_roles.insert(),
                [
                    {"person_id": kept, "role": role, "position": position, "is_double": is_double}
                    for position, (role, is_double) in enumerate(sorted(double.items(), key=lambda one: one[1]))
                ],
            )

    async def _memberships(self, kept: int, gone: int, done: Merged) -> None:
        """In a community of both they have been since the first came, and are if either is."""
        mine, theirs = await self._in_one_place(memberships.c.person_id, memberships.c.community_id, kept, gone)
        for place in mine.keys() & theirs.keys():
            one, other = mine[place], theirs[place]
            seen = max(one, other, key=lambda row: row["seen_at"])
            left = [row["left_at"] for row in (one, other)]
            await self._do(
                update(memberships)
                .where(memberships.c.person_id == kept, memberships.c.community_id == place)
                .values(
                    moderator=seen["moderator"],
                    joined_at=min(one["joined_at"], other["joined_at"]),
                    seen_at=seen["seen_at"],
                    left_at=None if None in left else max(left),
                )
            )
            await self._do(
                delete(memberships).where(memberships.c.person_id == gone, memberships.c.community_id == place)
            )
            done.doubled.add("memberships")

    async def _in_one_place(
        self, owner: Column[Any], place: Column[Any], kept: int, gone: int
    ) -> tuple[dict[Any, Any], dict[Any, Any]]:
        """The rows of both people, each by the value of `place`."""
        rows = (await self._run(select(owner.table).where(owner.in_((kept, gone))))).mappings().all()
        mine = {row[place.name]: row for row in rows if row[owner.name] == kept}
        theirs = {row[place.name]: row for row in rows if row[owner.name] == gone}
        return mine, theirs

    async def _billing(self, kept: int, gone: int) -> None:
        """Line by line, the newer account's where it says something."""
        rows = (await self._run(select(billing).where(billing.c.person_id.in_((kept, gone))))).mappings().all()
        if len(rows) < 2:
            return
        theirs = next(row for row in rows if row["person_id"] == gone)
        said = {name: value for name, value in theirs.items() if value not in (None, {}) and name != "person_id"}
        await self._do(update(billing).where(billing.c.person_id == kept).values(**said))
        await self._do(delete(billing).where(billing.c.person_id == gone))

    async def _invoices(self, kept: int, gone: int, done: Merged) -> None:
        """In a year in which both wrote some, those of the second stand before the first one's, numbers as printed."""
        mine, theirs = await self._in_one_place(invoice_numbers.c.person_id, invoice_numbers.c.year, kept, gone)
        for year in sorted(mine.keys() & theirs.keys()):
            of_year = (invoices.c.person_id.in_((kept, gone)), invoices.c.year == year)
            lowest = min(0, (await self._run(select(func.min(invoices.c.sequence)).where(*of_year))).scalar() or 0)
            rows = await self._run(
                select(invoices.c.id, invoices.c.sequence)
                .where(invoices.c.person_id == gone, invoices.c.year == year)
                .order_by(invoices.c.sequence)
            )
            found = [(row.id, row.sequence) for row in rows]
            for place, (invoice_id, sequence) in enumerate(found, start=lowest - len(found)):
                await self._do(update(invoices).where(invoices.c.id == invoice_id).values(sequence=place))
                done.sequences[str(invoice_id)] = sequence
            await self._do(
                delete(invoice_numbers).where(invoice_numbers.c.person_id == gone, invoice_numbers.c.year == year)
            )

    async def _polls(self, kept: int, gone: int, done: Merged) -> None:
        """Asked twice for the same dates, they have said what they said last."""
        mine, theirs = await self._in_one_place(date_poll_guests.c.person_id, date_poll_guests.c.poll_id, kept, gone)
        for poll in mine.keys() & theirs.keys():
            first, second = mine[poll]["answered_at"], theirs[poll]["answered_at"]
            loser = kept if second is not None and (first is None or second > first) else gone
            for table in (date_poll_answers, date_poll_guests):
                await self._do(delete(table).where(table.c.poll_id == poll, table.c.person_id == loser))
            done.doubled.add("date_poll_guests")

    async def _timers(self, kept: int, gone: int, now: datetime) -> None:
        """Nobody plays against two clocks: of two that run, the one begun later goes on."""
        rows = (
            await self._run(
                select(break_timers.c.id)
                .where(
                    break_timers.c.person_id.in_((kept, gone)),
                    break_timers.c.ended_at.is_(None),
                    break_timers.c.channel_id.is_(None),
                )
                .order_by(break_timers.c.made_at.desc(), break_timers.c.id.desc())
            )
        ).scalars().all()  # fmt: skip
        await self._do(update(break_timers).where(break_timers.c.id.in_(rows[1:])).values(ended_at=now))

    async def _call_lists(self, kept: int, gone: int) -> None:
        """Those of the second stand behind those of the first, in their order."""
        mine, theirs = call_lists.alias("mine"), call_lists
        last = (
            select(func.coalesce(func.max(mine.c.place), 0))
            .where(mine.c.owner_id == kept, mine.c.role == theirs.c.role, mine.c.name == theirs.c.name)
            .scalar_subquery()
        )
        await self._do(update(theirs).where(theirs.c.owner_id == gone).values(place=theirs.c.place + last))

    async def _notices(self, kept: int, gone: int, now: datetime) -> None:
        """What waits to be said names its reader inside as well; and nobody is told the same thing twice."""
        rows = (
            await self._run(
                select(notices).where(notices.c.person_id.in_((kept, gone)), notices.c.next_at.is_not(None))
            )
        ).mappings().all()  # fmt: skip
        heard = {_what(row["kind"], row["args"]) for row in rows if row["person_id"] == kept}
        for row in rows:
            if row["person_id"] == kept:
                continue
            values: dict[str, Any] = {"args": readdressed(row["args"], gone, kept), "subject": row["subject"]}
            if row["subject"] in (f"to={gone}", f"person_id={gone}"):
                values["subject"] = row["subject"].replace(f"={gone}", f"={kept}")
            series = row["series_id"]
            again = False
            if series is not None and series.endswith(f":{gone}") and "person_id" in row["args"]:
                values["series_id"] = f"{series.removesuffix(f':{gone}')}:{kept}"
                again = await self._is_in_series(values["series_id"], row["occurrence"])
            if again or _what(row["kind"], values["args"]) in heard:
                values = {"next_at": None, "owner": None, "ended_at": now, "result": Outcome.CANCELLED}
            await self._do(update(notices).where(notices.c.id == row["id"]).values(**values))
        lists = (await self._run(select(gig_filters).where(gig_filters.c.person_id == gone))).mappings().all()
        for row in lists:  # "mine" in a list that is paged through goes by number too
            if row["filter"].get("poster_id") == gone:
                wanted = {**row["filter"], "poster_id": kept}
                await self._do(update(gig_filters).where(gig_filters.c.token == row["token"]).values(filter=wanted))

    async def _is_in_series(self, series: str, occurrence: int) -> bool:
        known = select(notices.c.id).where(notices.c.series_id == series, notices.c.occurrence == occurrence)
        return (await self._run(known)).first() is not None

    async def _not_to_oneself(self, kept: int, done: Merged) -> None:
        """Nobody answers their own gig, passes one on to themselves, or stands on their own call list."""
        await self._do(delete(call_lists).where(call_lists.c.owner_id == kept, call_lists.c.person_id == kept))
        own = select(gigs.c.id).where(gigs.c.poster_id == kept)
        rows = await self._run(
            delete(answers).where(answers.c.person_id == kept, answers.c.gig_id.in_(own)).returning(answers.c.gig_id)
        )
        done.gigs |= set(rows.scalars())
        mirrored = and_(referrals.c.giver_id == kept, referrals.c.receiver_id == kept)
        for row in (await self._run(select(referrals.c.id, referrals.c.parent_id).where(mirrored))).all():
            await self._do(update(referrals).where(referrals.c.parent_id == row.id).values(parent_id=row.parent_id))
            await self._do(delete(referrals).where(referrals.c.id == row.id))

    # --- everything else ----------------------------------------------------------------------------------------------

    async def _make_room(
        self, column: Column[Any], key: Sequence[Column[Any]], kept: int, gone: int, done: Merged
    ) -> None:
        """Of each two rows that would stand in one place one goes; what points at it points at the other then."""
        table = column.table
        first, second = table.alias("first"), table.alias("second")
        same: list[ColumnElement[bool]] = [first.c[c.name] == second.c[c.name] for c in key if c is not column]
        pairs = await self._run(
            select(*(c.label(f"a_{c.name}") for c in first.c), *(c.label(f"b_{c.name}") for c in second.c))
            .select_from(first)
            .join(second, and_(true(), *same))
            .where(first.c[column.name] == kept, second.c[column.name] == gone)
        )
        for pair in pairs.mappings().all():
            mine = {c.name: pair[f"a_{c.name}"] for c in table.c}
            theirs = {c.name: pair[f"b_{c.name}"] for c in table.c}
            stays, goes = (theirs, mine) if _second_stays(table, mine, theirs, len(key) == 1) else (mine, theirs)
            await self._repoint(table, goes, stays)
            await self._do(delete(table).where(*(c == goes[c.name] for c in table.primary_key)))
            done.doubled.add(table.name)
            if table is answers:
                done.gigs.add(goes["gig_id"])

    async def _repoint(self, table: Table, goes: Mapping[str, Any], stays: Mapping[str, Any]) -> None:
        if "id" not in table.c:
            return
        for other in METADATA.sorted_tables:
            for column in other.c:
                if column.references(table.c.id):
                    await self._do(update(other).where(column == goes["id"]).values({column.name: stays["id"]}))

    async def _move(self, column: Column[Any], kept: int, gone: int, done: Merged) -> None:
        table = column.table
        others = [c for c in table.primary_key if c is not column]
        rows = await self._run(
            update(table).where(column == gone).values({column.name: kept}).returning(*(others or [column]))
        )
        moved = [[_plain(value) for value in row] if others else [] for row in rows.all()]
        if moved:
            done.brought[str(column)] = moved


@functools.cache
def pointers() -> tuple[Column[Any], ...]:
    """Every column that points at people."""
    return tuple(c for table in METADATA.sorted_tables for c in table.c if c.references(people.c.id))


def keys_with(column: Column[Any]) -> list[list[Column[Any]]]:
    """The unique keys of the column's table that it is part of. Those that hold for some rows only are cared for."""
    table = column.table
    keys = [list(table.primary_key.columns)]
    keys += [list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    keys += [
        [c for c in index.expressions if isinstance(c, Column)]
        for index in table.indexes
        if index.unique and index.dialect_options["sqlite"]["where"] is None
    ]
    return [key for key in keys if column in key]


def readdressed(args: Mapping[str, Any], before: int, after: int) -> dict[str, Any]:
    """The arguments of a notice with another reader."""
    return {name: after if name in ("to", "person_id") and value == before else value for name, value in args.items()}


def _what(kind: str, args: Mapping[str, Any]) -> str:
    return f"{kind} {json.dumps(args, sort_keys=True)}"


def _second_stays(table: Table, mine: Mapping[str, Any], theirs: Mapping[str, Any], alone: bool) -> bool:
    """Whether the row of the newer account is the one to keep. alone: a table with one row for each person."""
    if table is answers:
        ranks = _RANK.get(mine["state"], 0), _RANK.get(theirs["state"], 0)
        if ranks[0] != ranks[1]:
            return ranks[1] > ranks[0]
    stamp = next((name for name in _STAMPS if name in table.c), None)
    if stamp is None or mine[stamp] is None or theirs[stamp] is None:
        return alone
    return bool(theirs[stamp] > mine[stamp])


def _plain(value: Any) -> int | str:
    """Part of a key as JSON knows it."""
    if isinstance(value, Enum):
        value = value.value
    return value.isoformat() if isinstance(value, date) else value
