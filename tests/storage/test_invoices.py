"""Invoices on every database: numbers without gaps, lists that agree with what a day says, days to pay."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from storage.engine import Storage
from storage.records.client import Billing, Client, InvoiceHour
from storage.records.invoice import (
    Invoice,
    InvoiceKind,
    InvoiceState,
    Item,
    LateRuleChoice,
    Pause,
    PauseReason,
    Payment,
    Standing,
    Tax,
    Tone,
    Towards,
)
from storage.records.money import Money

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
TODAY = date(2026, 11, 23)


async def an_owner(storage: Storage, name: str = "Bob") -> tuple[int, int]:
    """A person and one client of theirs."""
    async with storage.open_work() as work:
        person = await work.people.add(name, NOW)
        client = await work.clients.add(Client(person_id=person.id, name="Smith", made_at=NOW))
        await work.commit()
    return person.id, client.id


def an_invoice(owner: tuple[int, int], amount: int = 220, **rest: object) -> Invoice:
    values: dict[str, object] = {
        "person_id": owner[0], "client_id": owner[1], "issued_on": TODAY, "currency": "GBP",
        "items": (Item(what="Bass", price=Money.of(amount, "GBP")),), "due_on": date(2026, 12, 23), "made_at": NOW,
        "state_at": NOW,
    }  # fmt: skip
    return Invoice(**{**values, **rest})  # type: ignore[arg-type]


@pytest.mark.usefixtures("anywhere")
async def test_numbers_have_no_gaps_however_many_write_at_once_and_give_up(storage: Storage) -> None:
    bob, cleo = await an_owner(storage), await an_owner(storage, "Cleo")

    async def write(owner: tuple[int, int], keep: bool) -> None:
        async with storage.open_work() as work:
            await work.invoices.add(an_invoice(owner))
            if keep:
                await work.commit()

    await asyncio.gather(*(write(owner, turn % 3 != 0) for turn in range(12) for owner in (bob, cleo)))
    async with storage.open_work() as work:
        nextyear = await work.invoices.add(an_invoice(bob, issued_on=date(2027, 1, 2), due_on=date(2027, 2, 2)))
        found = [one.number for one in await work.invoices.everything_of(bob[0])]
    assert found == [*(f"2026-{n:03}" for n in range(1, 9)), "2027-001"]
    assert nextyear.number == "2027-001"
    async with storage.open_work(reading=True) as work:
        assert sorted(one.sequence for one in await work.invoices.everything_of(cleo[0])) == list(range(1, 9))


@pytest.mark.usefixtures("anywhere")
async def test_an_invoice_comes_back_as_it_was_written(storage: Storage) -> None:
    owner = await an_owner(storage)
    full = an_invoice(
        owner, gig_id=7, worked_on=TODAY, currency="KWD",
        items=(Item(what="Größe; *bold* 山", quantity=Decimal("2.5"), price=Money(1005, "KWD")),),
        tax=Tax(label="MwSt.", rate=Decimal("7.7"), number="DE1"), terms="net 30", deposit=Money(100, "KWD"),
        deposit_due=TODAY, po="PO-1", notes="Thanks", state=InvoiceState.SENT, sent_on=TODAY, sent_how="post",
        paid_minor=5, pause=Pause(reason=PauseReason.PROMISED, since=TODAY, until=date(2026, 12, 1), note="said Jo"),
        late_rule=LateRuleChoice.CONTRACT, late_rate=Decimal("8.25"), planned=3, next_at=NOW, rung_on=TODAY,
        chased_on=TODAY, chased_tone=Tone.FIRM, snoozed_until=TODAY,
    )  # fmt: skip
    async with storage.open_work() as work:
        kept = await work.invoices.add(full)
        await work.commit()
    async with storage.open_work(reading=True) as work:
        assert await work.invoices.get(kept.id) == kept
    assert kept == replace(full, id=kept.id, year=2026, sequence=1, number="2026-001")


@pytest.mark.usefixtures("anywhere")
async def test_a_list_by_standing_holds_what_stands_so_today(storage: Storage) -> None:
    owner = await an_owner(storage)
    sent = {"state": InvoiceState.SENT, "sent_on": date(2026, 10, 1)}
    late, soon = {"due_on": date(2026, 11, 22)}, {"due_on": date(2026, 11, 23)}
    dispute = Pause(reason=PauseReason.DISPUTE, since=TODAY)
    deposit = {"deposit": Money.of(50, "GBP"), "deposit_due": date(2026, 11, 1)}
    made = [
        an_invoice(owner),
        an_invoice(owner, **sent, **soon),
        an_invoice(owner, **sent, **late),
        an_invoice(owner, **sent, **late, pause=dispute),
        an_invoice(owner, **sent, **soon, paid_minor=100),
        an_invoice(owner, **sent, **late, paid_minor=22000),
        an_invoice(owner, **sent, **soon, **deposit, paid_minor=4999),
        an_invoice(owner, **sent, **soon, **deposit, paid_minor=5000),
        an_invoice(owner, **late, state=InvoiceState.VOID),
        an_invoice(owner, **late, state=InvoiceState.WRITTEN_OFF),
        an_invoice(owner, **sent, **late, kind=InvoiceKind.CREDIT),
    ]
    async with storage.open_work() as work:
        kept = [await work.invoices.add(one) for one in made]
        await work.commit()
    async with storage.open_work(reading=True) as work:
        for standing in Standing:
            found = {one.id for one in await work.invoices.of(owner[0], TODAY, standing=standing, n=50)}
            assert found == {one.id for one in kept if one.standing(TODAY) is standing}, standing
            assert await work.invoices.count(owner[0], TODAY, standing=standing) == len(found)
        due = {one.id for one in await work.invoices.of(owner[0], TODAY, due_by=TODAY, n=50)}
        assert due == {one.id for one in kept if one.open and one.next_part and one.next_part.due_on <= TODAY}
        assert await work.invoices.of(owner[0] + 1, TODAY) == []


@pytest.mark.usefixtures("anywhere")
async def test_settings_hours_and_clients_are_kept_in_place_of_what_was_there(storage: Storage) -> None:
    person, client_id = await an_owner(storage)
    async with storage.open_work() as work:
        community = await work.communities.greet("console", "hall", "Hall", NOW)
        channel = await work.communities.greet_channel(community.id, "console", "#gigs", "gigs")
        for hour in (9, 16):
            said = Billing(
                person_id=person, tax_rate=Decimal("19.5"), steps=(-3, 1), base_rates={"GB:2026H2": str(hour)},
                hour=time(hour), shares_days=True,
            )  # fmt: skip
            await work.clients.set_billing(said)
            weekly = InvoiceHour(
                community_id=community.id, channel_id=channel.id, weekday=4, clock=said.hour, zone="Europe/London"
            )
            await work.clients.set_hour(weekly)
        assert await work.clients.billing(person) == said
        assert await work.clients.hold_hour(community.id) == weekly
        assert await work.clients.hour(community.id) == weekly
        client = await work.clients.get(client_id)
        assert client is not None
        assert await work.clients.named(person, "  sMITH ") == client
        await work.clients.change(replace(client, deleted_at=NOW))
        assert await work.clients.named(person, "Smith") is None


@pytest.mark.usefixtures("anywhere")
async def test_shared_days_count_members_who_share_and_whole_months(storage: Storage) -> None:
    async with storage.open_work() as work:
        community = await work.communities.greet("console", "hall", "Hall", NOW)
        for number, (shares, joined, settled) in enumerate(
            [(True, True, 10), (False, True, 10), (True, False, 10), (True, True, 60)]
        ):
            person = await work.people.add(f"P{number}", NOW)
            if joined:
                await work.communities.join(person.id, community.id, NOW)
            await work.clients.set_billing(Billing(person_id=person.id, shares_days=shares))
            client = await work.clients.add(Client(person_id=person.id, name="SMITH", made_at=NOW))
            sent = date(2026, 10, 1)
            await work.invoices.add(
                an_invoice(
                    (person.id, client.id), state=InvoiceState.SENT, sent_on=sent, paid_minor=22000,
                    settled_on=sent + timedelta(days=settled),
                )
            )  # fmt: skip
        found = await work.invoices.days_shared(
            "smith", [community.id], before=date(2026, 11, 1), since=date(2024, 11, 1)
        )
    assert [one.days for one in found] == [10]


@pytest.mark.usefixtures("anywhere")
async def test_a_payment_taken_back_counts_no_more(storage: Storage) -> None:
    owner = await an_owner(storage)
    async with storage.open_work() as work:
        invoice = await work.invoices.add(an_invoice(owner))
        paid = await work.invoices.pay(
            Payment(invoice_id=invoice.id, amount=Money.of(5, "GBP"), towards=Towards.LATE, day=TODAY, made_at=NOW)
        )
        assert await work.invoices.payments_of([invoice.id]) == [paid]
        assert await work.invoices.take_back(replace(paid, undone_at=NOW))
        assert not await work.invoices.take_back(replace(paid, undone_at=NOW))
        assert await work.invoices.payments_of([invoice.id]) == []
