"""Two people become one, and two again: nothing is lost on the way, in whatever table it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Table, UniqueConstraint, func, insert, select, text

from storage.engine import Storage
from storage.records.availability import Entry, Free
from storage.records.client import Client
from storage.records.invoice import Invoice, InvoiceKind, Item
from storage.records.link import PersonLink
from storage.records.money import Money
from storage.records.notice import NewNotice
from storage.records.people import Person
from storage.stores.merging import Merged, pointers
from storage.tables.availability import availability_packs
from storage.tables.base import METADATA
from storage.work import OpenWork, Work
from tests.conftest import START
from tests.storage.rows import one_of_each

PEOPLE = METADATA.tables["people"]
#: Tables of which both people have a row each, made from their columns.
THEIRS = list(dict.fromkeys(column.table for column in pointers()))
#: What is not moved row by row, and has tests of its own.
PUT_TOGETHER = {"person_roles", "person_settings", "memberships", "billing", "invoice_numbers"}

#: Where somebody else belongs into the picture: nobody answers their own gig, or passes one on to themselves.
THIRD = {"gigs": {"poster_id": 3}, "referrals": {"receiver_id": 3}, "call_lists": {"person_id": 3}}


def second(table: Table, values: dict[str, Any], clash: bool) -> dict[str, Any]:
    """A row of person 2 beside person 1's: in the same place, or in one of its own."""
    mine = dict(values)
    owning = {column for column in pointers() if column.table is table}
    keys = [list(table.primary_key.columns)]
    keys += [list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    keys += [[c for c in one.expressions if isinstance(c, Column)] for one in table.indexes if one.unique]
    for key in keys:
        shared = not owning & set(key)  # no two rows of anybody can be the same in these
        for column in set(key) - owning:
            if (shared or not clash) and (not column.foreign_keys or column.name == "id"):
                mine[column.name] = _other(values[column.name])
    return mine | {column.name: 2 for column in owning}


def _other(value: Any) -> Any:
    if isinstance(value, Enum):
        return next(member for member in type(value) if member is not value)
    if isinstance(value, datetime | date):
        return value + timedelta(days=1)
    return value + 1 if isinstance(value, int) else f"{value}'"


async def counts(work: Work) -> dict[str, int]:
    return {
        table.name: int((await work.connection.execute(select(func.count()).select_from(table))).scalar_one())
        for table in METADATA.sorted_tables
    }


async def filled(work: Work, clashing: set[str]) -> None:
    """A row of each table for person 1, and another for person 2."""
    for table, values in one_of_each().items():
        values |= THIRD.get(table.name, {})
        await work.connection.execute(insert(table), values)
        if table is PEOPLE:
            for number, name in ((2, "Kim"), (3, "Lee")):
                await work.connection.execute(insert(table), {**values, "id": number, "name": name})
    for table in THEIRS:
        values = second(table, one_of_each()[table], table.name in clashing)
        values |= {name: value for name, value in THIRD.get(table.name, {}).items() if table.name != "gigs"}
        await work.connection.execute(insert(table), values)


@pytest.mark.usefixtures("anywhere")
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(clashing=st.sets(st.sampled_from(sorted(table.name for table in THEIRS))))
async def test_nothing_is_lost_but_one_of_two_rows_in_one_place(storage: Storage, clashing: set[str]) -> None:
    async with storage.open_work() as work:  # not committed: the next example begins with nothing again
        await filled(work, clashing)
        before = await counts(work)

        done = await work.merging.merge(1, 2, START)

        after = await counts(work)
        for column in pointers():
            still = select(func.count()).select_from(column.table).where(column == 2)
            assert (await work.connection.execute(still)).scalar_one() == 0, str(column)
        assert await work.people.get(2) is None
        fewer = {name: before[name] - after[name] for name in before if before[name] != after[name]}
        assert fewer.pop("people") == 1
        fewer.pop("availability_packs", None)  # packed anew
        assert set(fewer.values()) <= {1}
        assert set(fewer) <= done.doubled | PUT_TOGETHER | {"answers", "date_poll_answers"}
        if work.dialect == "sqlite":  # PostgreSQL has refused it by now
            assert not (await work.connection.execute(text("PRAGMA foreign_key_check"))).all()


#: What goes back with its owner row by row, and can be looked for by its number.
NUMBERED = [table for table in THEIRS if "id" in table.c and table.name not in ("notices", "postings", "person_links")]


#: The second row hangs on a thing of the first's, as a correction on its invoice does, and stays with it.
TIED = {"calendar_busy", "invoices"}


async def test_parted_again_each_has_what_it_had_before(storage: Storage) -> None:
    async with storage.open_work() as work:
        await filled(work, set())
        before = {column: await owned(work, column) for column in pointers() if column.table in NUMBERED}
        done = await work.merging.merge(1, 2, START)
        new = await work.parting.part(await joined(work, done), START)
        for column, (first, second) in before.items():
            after = await owned(work, column, kept=1, other=new)
            if column.table.name not in done.doubled | TIED:
                assert after == (first, second), str(column)
        assert not (await work.connection.execute(text("PRAGMA foreign_key_check"))).all()


async def owned(work: Work, column: Column[Any], *, kept: int = 1, other: int = 2) -> tuple[set[int], set[int]]:
    rows = (await work.connection.execute(select(column.table.c.id, column))).all()
    return {row[0] for row in rows if row[1] == kept}, {row[0] for row in rows if row[1] == other}


async def joined(work: Work, done: Merged) -> PersonLink:
    """The link that a merge of 2 into 1 leaves, taken away again."""
    (key,) = done.brought["identities.person_id"]
    link = PersonLink(
        id=7,
        person_id=1,
        surface=str(key[0]),
        account=f"{key[1]} again",
        linked_at=START,
        brought=done.brought,
        sequences=done.sequences,
    )
    kept = await work.links.joined(link)
    assert await work.links.of(1)
    taken = await work.links.part(kept.id, 1)
    assert taken is not None and await work.links.part(kept.id, 1) is None
    return replace(taken, account=str(key[1]))


# --- settings ---------------------------------------------------------------------------------------------------------


async def two(work: Work) -> tuple[Person, Person]:
    """Two people, the first there first, with an account each."""
    ada = await work.people.greet("discord", "1", "Ada", START)
    bob = await work.people.greet("telegram", "2", "Bob", START)
    return ada, bob


async def test_what_both_chose_is_taken_from_the_newer_account_and_what_one_chose_stays(open_work: OpenWork) -> None:
    async with open_work() as work:
        ada, bob = await two(work)
        await work.people.change(ada.id, zone="Europe/London", currency="GBP", quiet_from=time(21), takes_unpaid=True)
        await work.people.change(bob.id, zone="Europe/Berlin", region="Leeds")
        await work.people.set_setting(ada.id, "notify.gigs", "off")
        await work.people.set_setting(ada.id, "night.gigs", "on")
        await work.people.set_setting(bob.id, "notify.gigs", "telegram")
        await work.people.set_roles(ada.id, ["drums", "bass_guitar"], ["piano"])
        await work.people.set_roles(bob.id, ["piano"], ["trumpet"])

        await work.merging.merge(ada.id, bob.id, START)

        one = await work.people.get(ada.id)
        assert one is not None
        assert (one.name, one.zone, one.currency, one.region) == ("Ada", "Europe/Berlin", "GBP", "Leeds")
        assert (one.quiet_from, one.quiet_to, one.takes_unpaid) == (time(21), time(8), True)
        assert (one.roles, one.doubles) == (("drums", "bass_guitar", "piano"), ("trumpet",))
        assert await work.people.settings(ada.id) == {"notify.gigs": "telegram", "night.gigs": "on"}
        assert {account.surface for account in await work.people.identities_of(ada.id)} == {"discord", "telegram"}


async def test_in_a_community_of_both_they_are_as_the_longer_and_the_freer(open_work: OpenWork) -> None:
    later = START + timedelta(days=3)
    async with open_work() as work:
        ada, bob = await two(work)
        hall = await work.communities.greet("console", "hall", "The Hall", START)
        await work.communities.join(ada.id, hall.id, START, moderator=True)
        await work.communities.leave(ada.id, hall.id, START)
        await work.communities.join(bob.id, hall.id, later)

        await work.merging.merge(ada.id, bob.id, later)

        found = await work.communities.membership(ada.id, hall.id)
        assert found is not None
        assert (found.joined_at, found.seen_at, found.left_at, found.moderator) == (START, later, None, False)


# --- invoices ---------------------------------------------------------------------------------------------------------


async def billed(work: Work, person_id: int, client_id: int, year: int) -> Invoice:
    day = date(year, 6, 1)
    return await work.invoices.add(
        Invoice(
            id=0,
            person_id=person_id,
            client_id=client_id,
            kind=InvoiceKind.INVOICE,
            issued_on=day,
            due_on=day,
            currency="GBP",
            items=(Item(what="A gig", price=Money(22000, "GBP")),),
            made_at=START,
            state_at=START,
        )
    )


async def client_of(work: Work, person_id: int) -> int:
    return (await work.clients.add(Client(id=0, person_id=person_id, name="Smith", made_at=START))).id


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=st.lists(st.tuples(st.booleans(), st.sampled_from([2025, 2026])), max_size=10))
async def test_invoices_keep_their_numbers_and_the_first_ones_series_goes_on_without_a_gap(
    open_work: OpenWork, written: list[tuple[bool, int]]
) -> None:
    async with open_work() as work:
        ada, bob = await two(work)
        clients = {person.id: await client_of(work, person.id) for person in (ada, bob)}
        made = []
        for is_ada, year in written:
            owner = ada.id if is_ada else bob.id
            made.append(await billed(work, owner, clients[owner], year))
        done = await work.merging.merge(ada.id, bob.id, START)

        for one in made:
            found = await work.invoices.get(one.id)
            assert found is not None and (found.person_id, found.number) == (ada.id, one.number)
        since = []
        for year in (2025, 2026):
            mine = [one for one in made if one.person_id == ada.id and one.year == year]
            theirs = [one for one in made if one.person_id == bob.id and one.year == year]
            new = await billed(work, ada.id, clients[bob.id], year)
            since.append(new)
            assert new.sequence == (len(mine) if mine else len(theirs)) + 1

        link = PersonLink(
            id=1,
            person_id=ada.id,
            surface="telegram",
            account="2",
            linked_at=START,
            brought=done.brought,
            sequences=done.sequences,
        )
        back = await work.parting.part(link, START)
        for one in made:
            owner = ada.id if one.person_id == ada.id else back
            found = await work.invoices.get(one.id)
            assert found is not None
            assert (found.person_id, found.number, found.sequence) == (owner, one.number, one.sequence)
        for one in [*made, *since]:  # what was made since stays, with a copy of the client that went
            found = await work.invoices.get(one.id)
            client = await work.clients.get(found.client_id) if found is not None else None
            assert found is not None and client is not None
            assert (client.person_id, client.name) == (found.person_id, "Smith")
        theirs = [one for one in made if one.person_id == bob.id and one.year == 2026]
        assert (await billed(work, back, clients[bob.id], 2026)).sequence == len(theirs) + 1


# --- what waits to be said --------------------------------------------------------------------------------------------


async def test_what_waits_is_said_once_to_the_one_and_goes_back_with_what_it_is_about(open_work: OpenWork) -> None:
    async with open_work() as work:
        ada, bob = await two(work)
        due = START + timedelta(days=1)
        timer = METADATA.tables["break_timers"]
        values = {**one_of_each()[timer], "person_id": bob.id, "community_id": None, "channel_id": None}
        await work.connection.execute(insert(timer), values)
        for person in (ada, bob):
            await work.notices.add(
                NewNotice(kind="find.hit", person_id=person.id, args={"gig_id": 5, "to": person.id}, due_at=due), START
            )
            await work.notices.add(
                NewNotice(
                    kind="rest.week",
                    person_id=person.id,
                    args={"person_id": person.id},
                    due_at=due,
                    series_id=f"rest.week:{person.id}",
                    occurrence=3,
                ),
                START,
            )
        about = NewNotice(kind="breaks.over", person_id=bob.id, args={"timer_id": values["id"]}, due_at=due)
        await work.notices.add(about, START)

        done = await work.merging.merge(ada.id, bob.id, START)

        waiting = await work.notices.of_person(ada.id)
        assert sorted(one.kind for one in waiting) == ["breaks.over", "find.hit", "rest.week"]
        named = [value for one in waiting for name, value in one.args.items() if name in ("to", "person_id")]
        assert named == [ada.id, ada.id]
        link = PersonLink(
            id=1, person_id=ada.id, surface="telegram", account="2", linked_at=START, brought=done.brought
        )
        back = await work.parting.part(link, START)
        assert [one.kind for one in await work.notices.of_person(back)] == ["breaks.over"]
        assert sorted(one.kind for one in await work.notices.of_person(ada.id)) == ["find.hit", "rest.week"]


async def test_what_both_said_of_their_time_is_packed_together_and_apart_again(storage: Storage) -> None:
    async def said(work: Work) -> dict[int, int]:
        rows = await work.connection.execute(select(availability_packs.c.person_id, availability_packs.c.entries))
        return {person_id: len(bytes(entries)) // 24 for person_id, entries in rows}

    async with storage.open_work() as work:
        ada = await work.people.greet("discord", "1", "Ada", START)
        kim = await work.people.greet("telegram", "2", "Kim", START)
        for person, times in ((ada, 1), (kim, 2)):
            for _ in range(times):
                await work.availability.add(
                    Entry(
                        id=0,
                        person_id=person.id,
                        state=Free.NO,
                        zone="Europe/London",
                        first=START.date(),
                        last=None,
                        made_at=START,
                        said_at=START,
                    )
                )
        assert await said(work) == {ada.id: 1, kim.id: 2}
        done = await work.merging.merge(ada.id, kim.id, START)
        assert await said(work) == {ada.id: 3}
        link = PersonLink(
            id=1, person_id=ada.id, surface="telegram", account="2", linked_at=START, brought=done.brought,
            sequences=done.sequences,
        )  # fmt: skip
        new = await work.parting.part(link, START)
        assert await said(work) == {ada.id: 1, new: 2}
