"""Clients: kept, noted, changed, removed; statements, ageing, and days to pay that point at nobody."""

from __future__ import annotations

import csv
import io
from datetime import date

from storage.records.client import Billing, Client
from storage.records.invoice import InvoiceState
from tests.cogs.front import labels, text_of
from tests.cogs.invoices.front import Till
from tests.cogs.invoices.samples import invoice

BOB, CLEO = "Bob", "Cleo"


async def test_a_client_s_terms_currency_and_language_are_used(till: Till) -> None:
    said = text_of(
        await till.say(
            BOB, '/client add name="Jazz GmbH" terms="EOM" currency=EUR language=de country=Germany business=yes'
        )
    )
    for part in ("Jazz GmbH", "C1", "EOM", "EUR", "DE", "business"):
        assert part in said
    made = text_of(await till.say(BOB, "/invoice Jazz GmbH 450"))
    assert "€450" in made
    assert "Mon 30 Nov 2026" in made


async def test_notes_are_their_owner_s_alone(till: Till) -> None:
    await till.say(BOB, "/client add name=Smith")
    await till.say(BOB, '/client note name=Smith note="pays if you ring Jo"')
    assert "ring Jo" in text_of(await till.say(BOB, "/client Smith"))
    await till.say(CLEO, "/client add name=Smith")
    assert "ring Jo" not in text_of(await till.say(CLEO, "/client Smith"))


async def test_a_name_that_is_there_is_filled_in_not_doubled(till: Till) -> None:
    await till.say(BOB, "/invoice Smith 450")
    await till.say(BOB, '/client add name="SMITH" terms="net 14"')
    listed = text_of(await till.say(BOB, "/clients"))
    assert listed.count("C1") == 1
    assert "C2" not in listed
    assert "Smith" in listed


async def test_wrong_terms_country_and_currency_are_asked_again(till: Till) -> None:
    assert "could not read" in text_of(await till.say(BOB, '/client add name=Smith terms="banana"'))
    assert "know no currency" in text_of(await till.say(BOB, "/client add name=Smith currency=QQQ"))
    assert "know no country" in text_of(await till.say(BOB, "/client add name=Smith country=Narnia"))


async def test_a_client_is_changed_by_command_and_by_form(till: Till) -> None:
    await till.say(BOB, "/client add name=Smith")
    await till.say(BOB, '/client edit name=Smith terms="net 14" new_name="Smith Ltd"')
    assert "net 14" in text_of(await till.say(BOB, "/client Smith Ltd"))
    await till.press(BOB, "Fix")
    await till.press(BOB, "Business")
    assert "private person" in text_of(await till.say(BOB, "no"))
    await till.say(BOB, "/client add name=Jones")
    assert "is called Jones already" in text_of(await till.say(BOB, "/client edit name=C1 new_name=Jones"))


async def test_a_client_is_removed_and_brought_back_and_stays_while_they_owe(till: Till) -> None:
    await till.say(BOB, "/client add name=Smith")
    await till.say(BOB, "/client remove Smith")
    assert "No clients yet" in text_of(await till.say(BOB, "/clients"))
    await till.say(BOB, "/client add name=Jones")
    await till.say(BOB, "/client remove Jones")
    assert "Jones" in text_of(await till.press(BOB, "Undo"))
    await till.say(BOB, "/invoice Jones 10")
    await till.say(BOB, "/invoice sent I1")
    assert "still owes" in text_of(await till.say(BOB, "/client remove Jones"))


async def test_an_unknown_client_is_offered_to_be_added(till: Till) -> None:
    assert '/client add name="Nobody"' in text_of(await till.say(BOB, "/client Nobody"))


async def test_a_statement_has_a_file_for_each_currency_that_adds_up(till: Till) -> None:
    assert "Nothing was sent" in await _statement_of_new(till)
    await till.say(BOB, "/invoice Smith 450")
    await till.say(BOB, "/paid I1 200")
    await till.say(BOB, "/invoice Smith €90")
    await till.say(BOB, "/invoice sent I2")
    pdf = await till.say(BOB, "/client statement Smith")
    assert [f.name for f in pdf.reply.files] == ["statement-C1-EUR-2026-11-23.pdf", "statement-C1-GBP-2026-11-23.pdf"]
    _, pounds = (await till.say(BOB, "/client statement Smith csv")).reply.files
    rows = list(csv.DictReader(io.StringIO(pounds.content.decode("utf-8-sig"))))
    assert [row["change"] for row in rows] == ["450.00", "-200.00"]
    assert rows[-1]["balance"] == "250.00"


async def _statement_of_new(till: Till) -> str:
    await till.say(BOB, "/client add name=Smith")
    return text_of(await till.say(BOB, "/client statement Smith"))


async def test_ageing_shows_each_currency_by_itself(till: Till) -> None:
    for line in ("Smith 450 due 7d", "Smith €90 due 40d"):
        await till.say(BOB, f"/invoice {line}")
    await till.say(BOB, "/invoice sent I1")
    await till.say(BOB, "/invoice sent I2")
    await till.pass_by(days=45)
    said = text_of(await till.say(BOB, "/invoice ageing"))
    assert "31–60 days late: £450" in said
    assert "1–30 days late: €90" in said
    assert "Owed in GBP: £450" in said


async def test_my_own_days_to_pay_are_the_middle_of_my_invoices(till: Till) -> None:
    for number, days in enumerate((2, 4, 30), 1):
        await till.say(BOB, "/invoice Smith 10")
        await till.say(BOB, f"/invoice sent I{number}")
        await till.pass_by(days=days)
        await till.say(BOB, f"/paid I{number}")
    assert "in 4 days, the middle of 3 invoices" in text_of(await till.say(BOB, "/client Smith"))


async def test_members_days_show_from_five_who_share_and_never_who(till: Till) -> None:
    await till.say(BOB, "/client add name=Smith")
    people = []
    for number in range(6):
        people.append(await till.person(f"Player{number}"))
    async with till.tools.open_work() as work:
        for person in people:
            client = await work.clients.add(Client(person_id=person.id, name="smith", made_at=till.clock.now()))
            await work.clients.set_billing(Billing(person_id=person.id, shares_days=person is not people[5]))
            await work.invoices.add(
                invoice(
                    person_id=person.id, client_id=client.id, state=InvoiceState.SENT, issued_on=date(2026, 9, 1),
                    sent_on=date(2026, 9, 1), due_on=date(2026, 10, 1), paid_minor=22000,
                    settled_on=date(2026, 10, 3),
                )
            )  # fmt: skip
        await work.commit()
    assert "in about 35 days (median of 5 people" in text_of(await till.say(BOB, "/client Smith"))
    assert "yours alone" in text_of(await till.say("Player0", "/client sharing no"))
    said = text_of(await till.say(BOB, "/client Smith"))
    assert "Pays members" not in said
    assert "Player" not in said


async def test_sharing_is_off_until_somebody_says_so(till: Till) -> None:
    answer = await till.say(BOB, "/client sharing")
    assert "yours alone" in text_of(answer)
    assert labels(answer) == ["Share my days to pay"]
    assert "Your days to pay count" in text_of(await till.press(BOB, "Share my days"))


async def test_a_client_in_one_line(till: Till) -> None:
    said = text_of(await till.say(BOB, "/client add Smith Ltd, jo@smith.example, net 30"))
    for part in ("Kept: Smith Ltd · C1", "Contact: jo@smith.example", "Terms: net 30"):
        assert part in said
    noted = text_of(await till.say(BOB, "/client note Smith Ltd pays late, ring Jo"))
    assert "Noted: Smith Ltd" in noted and "pays late, ring Jo" in noted
    changed = text_of(await till.say(BOB, "/client edit Smith Ltd 14 days, +44 7700 900123"))
    assert "Contact: +44 7700 900123" in changed and "Terms: 14 days" in changed


async def test_a_changed_draft_says_its_total_and_a_paid_one_when(till: Till) -> None:
    await till.say(BOB, "/invoice Smith 450")
    assert "Draft · £500.55" in text_of(await till.say(BOB, "/invoice edit I1 amount 500.55"))
    await till.say(BOB, "/invoice sent I1")
    await till.say(BOB, "/paid I1")
    assert "Paid on Mon 23 Nov 2026, sent Mon 23 Nov" in text_of(await till.say(BOB, "/invoice show I1"))
