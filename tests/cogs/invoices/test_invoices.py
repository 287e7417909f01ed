"""Invoices made, changed, sent, paid, made void and written off, from the typed line to the database."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from storage.records.fee import Basis, Fee, Unit
from storage.records.invoice import InvoiceKind, InvoiceState, Standing
from storage.records.money import Money
from tests.cogs.front import labels, text_of
from tests.cogs.invoices.front import Till

BOB, CLEO, ADA = "Bob", "Cleo", "Ada"


async def test_one_line_makes_an_invoice_and_repeats_its_due_date(till: Till) -> None:
    said = text_of(await till.say(BOB, "/invoice Smith 450 due 30d"))
    for part in ("2026-001", "I1", "draft", "Smith", "£450", "Wed 23 Dec 2026, in 30 days"):
        assert part in said
    kept = await till.invoice()
    assert (kept.state, kept.total, kept.due_on) == (InvoiceState.DRAFT, Money(45000, "GBP"), date(2026, 12, 23))


@pytest.mark.parametrize(
    ("line", "client", "what", "total", "deposit", "due"),
    [
        ("Smith 450 due 30d", "Smith", "Music services", "450.00", None, date(2026, 12, 23)),
        ("450 Smith net 14", "Smith", "Music services", "450.00", None, date(2026, 12, 7)),
        ("Smith, gala, £1,200.50 deposit 100 net 60 vat 20", "Smith", "gala", "1440.60", "100.00", date(2027, 1, 22)),
        ("Jones & Sons €90 due EOM", "Jones & Sons", "Music services", "90.00", None, date(2026, 11, 30)),
        ("Smith 450", "Smith", "Music services", "450.00", None, date(2026, 12, 23)),
    ],
)  # fmt: skip
async def test_lines_are_read_as_people_write_them(
    till: Till, line: str, client: str, what: str, total: str, deposit: str | None, due: date
) -> None:
    await till.say(BOB, f"/invoice {line}")
    kept = await till.invoice()
    assert client in text_of(await till.say(BOB, "/client show C1"))
    assert (kept.items[0].what, str(kept.total.amount), kept.due_on) == (what, total, due)
    assert (None if kept.deposit is None else str(kept.deposit.amount)) == deposit


async def test_what_is_missing_is_asked_for_and_nothing_is_lost(till: Till) -> None:
    asked = await till.say(BOB, "/invoice new due=EOM")
    assert "Who pays?" in text_of(asked)
    assert "How much" in text_of(await till.say(BOB, "Smith"))
    wrong = text_of(await till.say(BOB, "lots"))
    assert "could not read “lots”" in wrong
    assert "Mon 30 Nov 2026" in text_of(await till.say(BOB, "450"))


async def test_a_gig_says_who_pays_how_much_and_for_what(till: Till) -> None:
    gig = await till.gig(ADA, BOB)
    said = text_of(await till.say(BOB, f'/invoice new gig={gig.ref} due="2 weeks after the gig"'))
    for part in ("Ada", "£220", "Bass guitar, Leeds", "Sat 12 Dec 2026"):
        assert part in said
    assert (await till.invoice()).worked_on == date(2026, 11, 28)
    assert "is for G1 already" in text_of(await till.say(BOB, f"/invoice new gig={gig.ref}"))


async def test_the_agreed_counter_is_invoiced_and_the_payer_s_name_is_used(till: Till) -> None:
    counter = Fee(Basis.PAID, Money(2500, "GBP"), Unit.HOUR)
    await till.gig(ADA, BOB, counter=counter, pays="Grand Hotel")
    said = text_of(await till.say(BOB, "/invoice new gig=G1"))
    assert "£75" in said
    assert "Grand Hotel" in said


async def test_a_quoted_gig_asks_how_much(till: Till) -> None:
    await till.gig(ADA, BOB, fee=Fee(Basis.QUOTE))
    assert "How much" in text_of(await till.say(BOB, "/invoice new gig=G1"))


async def test_only_the_inked_player_invoices_a_gig(till: Till) -> None:
    await till.gig(ADA, BOB)
    assert "the players invoice you" in text_of(await till.say(ADA, "/invoice new gig=G1"))
    assert "not inked" in text_of(await till.say(CLEO, "/invoice new gig=G1"))
    stranger = text_of(await till.say("Eve", "/invoice new gig=G1"))
    assert stranger == text_of(await till.say("Eve", "/invoice new gig=G999")).replace("G999", "G1")


async def test_somebody_else_s_invoice_and_client_answer_as_none(till: Till) -> None:
    await till.say(BOB, "/invoice Smith 450")
    for line in (
        "/invoice show I1", "/invoice pdf I1", "/invoice sent I1", "/paid I1", "/chase I1", "/invoice void I1 x",
        "/invoice edit I1 due EOM", "/pause I1 holiday", "/invoice resume I1", "/invoice interest I1",
        "/invoice writeoff I1", "/client show C1", "/client statement C1", "/client note C1 hello",
    ):  # fmt: skip
        said = text_of(await till.say(CLEO, line))
        none = text_of(await till.say(CLEO, line.replace("I1", "I99").replace("C1", "C99")))
        assert said == none.replace("I99", "I1").replace("C99", "C1"), line
        assert "Smith" not in said
    before = await till.invoice()
    for deed in (
        "invoices.show:1", "invoices.paid:1", "invoices.sent:1", "invoices.unmake:1", "chasing.sent_it:1:firm",
        "chasing.snooze:1", "invoiceset.fix:1:due", "clients.show:1", "clients.restore:1", "clients.remove:1",
    ):  # fmt: skip
        assert "There is no" in text_of(await till.press_id(CLEO, f"fc:{deed}")), deed
    assert await till.invoice() == before


async def test_everything_about_money_is_private(till: Till) -> None:
    for line in ("/invoice Smith 450", "/invoices", "/paid I1 50", "/chase I1", "/clients", "/invoice ageing"):
        assert (await till.say(BOB, line, place="#gigs")).private, line


async def test_a_draft_can_be_changed_in_every_part(till: Till) -> None:
    await till.say(BOB, "/invoice Smith 450")
    for line in (
        "items 2 x Rehearsal @ 80; Gig @ 300", "tax VAT 20%", "deposit 100", "deposit_due on receipt", "due EOM",
        "po PO-7", "notes Thank you", "client Jones",
    ):  # fmt: skip
        assert "Changed" in text_of(await till.say(BOB, f"/invoice edit I1 {line}")), line
    kept = await till.invoice()
    assert (kept.total, kept.deposit, kept.due_on, kept.po) == (
        Money(55200, "GBP"), Money(10000, "GBP"), date(2026, 11, 30), "PO-7",
    )  # fmt: skip
    assert "Jones" in text_of(await till.say(BOB, "/invoice show I1"))


async def test_a_wrong_value_reopens_the_form_and_fix_has_what_is_there(till: Till) -> None:
    await till.say(BOB, "/invoice Smith 450")
    await till.press(BOB, "Fix")
    form = await till.press(BOB, "Due date")
    assert form.reply.form is not None
    assert form.reply.form.values == {"value": "23 Dec 2026"}
    assert "not a clear time" in text_of(await till.say(BOB, "whenever they like"))
    assert "Mon 30 Nov 2026" in text_of(await till.say(BOB, "EOM"))


async def test_once_it_is_out_its_sums_stay(till: Till) -> None:
    await till.say(BOB, "/invoice Smith 450")
    await till.say(BOB, "/invoice sent I1")
    assert "amount stays" in text_of(await till.say(BOB, "/invoice edit I1 amount 500"))
    assert "Changed" in text_of(await till.say(BOB, "/invoice edit I1 due net 60"))
    assert "Amount" not in labels(await till.press(BOB, "Fix"))


async def test_part_payments_count_and_pressing_twice_pays_once(till: Till) -> None:
    await till.say(BOB, "/invoice Smith 450")
    await till.say(BOB, "/invoice sent I1")
    assert "Still owed: £250" in text_of(await till.say(BOB, "/paid I1 200 by bank"))
    assert "part-paid" in text_of(await till.say(BOB, "/invoices")).casefold()
    paid = await till.say(BOB, "/invoice show I1")
    button = next(b for b in paid.reply.buttons if b.label == "Paid")
    assert "That is all of it" in text_of(await till.press_id(BOB, button.action))  # type: ignore[union-attr]
    assert "is paid" in text_of(await till.press_id(BOB, button.action))  # type: ignore[union-attr]
    assert (await till.invoice()).standing(date(2026, 11, 23)) is Standing.PAID


@pytest.mark.parametrize(
    ("line", "paid", "how", "day"),
    [
        ("200", "200.00", None, 23),
        ("£200 by bank transfer", "200.00", "bank transfer", 23),
        ("200 cash on 20 Nov", "200.00", "cash", 20),
        ("yesterday", "450.00", None, 22),
        ("in full, by card", "450.00", "card", 23),
        ("200.50 yesterday", "200.50", None, 22),
    ],
)
async def test_payments_are_read_as_people_write_them(
    till: Till, line: str, paid: str, how: str | None, day: int
) -> None:
    await till.say(BOB, "/invoice Smith 450")
    await till.say(BOB, f"/paid I1 {line}")
    async with till.tools.open_work(reading=True) as work:
        (found,) = await work.invoices.payments_of([1])
    assert (str(found.amount.amount), found.how, found.day) == (paid, how, date(2026, 11, day))


async def test_words_for_a_sum_do_not_mark_the_whole_as_paid(till: Till) -> None:
    await till.say(BOB, "/invoice Smith 450")
    assert "could not read “two hundred”" in text_of(await till.say(BOB, "/paid I1 two hundred"))
    assert (await till.invoice()).paid == Money(0, "GBP")


async def test_a_payment_can_be_taken_back_and_put_right(till: Till) -> None:
    await till.say(BOB, "/invoice Smith 450")
    await till.say(BOB, "/paid I1 200")
    await till.press(BOB, "Fix")
    await till.say(BOB, "150")
    assert "Still owed: £300" in text_of(await till.press(BOB, "Skip"))
    await till.press(BOB, "Undo")
    assert (await till.invoice()).paid == Money(0, "GBP")
    assert "more than the 450" in text_of(await till.say(BOB, "/paid I1 451"))


async def test_a_payment_in_another_currency_or_in_the_future_is_asked_about(till: Till) -> None:
    await till.say(BOB, "/invoice Smith 450")
    assert "is in GBP" in text_of(await till.say(BOB, "/invoice paid I1 amount=€50"))
    assert "not come yet" in text_of(await till.say(BOB, "/invoice paid I1 amount=50 date=tomorrow"))


async def test_void_needs_a_reason_and_what_was_sent_gets_a_credit_note(till: Till) -> None:
    await till.say(BOB, "/invoice Smith 450")
    await till.say(BOB, "/invoice sent I1")
    assert "Why is it void?" in text_of(await till.say(BOB, "/invoice void I1"))
    said = await till.say(BOB, "wrong name")
    assert "credit note 2026-002" in text_of(said)
    credit = await till.invoice(2)
    assert (credit.kind, credit.credits_id, credit.total) == (InvoiceKind.CREDIT, 1, Money(45000, "GBP"))
    assert await till.waiting(BOB) == []
    files = (await till.press(BOB, "Credit note as PDF")).reply.files
    assert files[0].name == "credit-note-2026-002.pdf"


async def test_void_can_be_undone_and_the_credit_note_keeps_its_number(till: Till) -> None:
    await till.say(BOB, "/invoice Smith 450")
    await till.say(BOB, "/invoice sent I1")
    await till.say(BOB, "/invoice void I1 wrong name")
    await till.press(BOB, "Undo")
    assert (await till.invoice()).open
    assert (await till.invoice(2)).state is InvoiceState.VOID
    await till.say(BOB, "/invoice Jones 100")
    assert (await till.invoice(3)).number == "2026-003"


async def test_an_unwanted_draft_becomes_void_and_keeps_its_number(till: Till) -> None:
    await till.say(BOB, "/invoice Smith 450")
    assert "Void" in text_of(await till.press(BOB, "Undo"))
    await till.say(BOB, "/invoice Smith 450")
    assert (await till.invoice(2)).number == "2026-002"
    assert (await till.invoice(1)).state is InvoiceState.VOID


async def test_what_was_partly_paid_is_not_void_but_written_off(till: Till) -> None:
    await till.say(BOB, "/invoice Smith 450")
    await till.say(BOB, "/paid I1 200")
    assert "cannot be void" in text_of(await till.say(BOB, "/invoice void I1 bust"))
    assert "Written off" in text_of(await till.say(BOB, "/invoice writeoff I1 bust"))
    assert await till.waiting(BOB) == []
    await till.press(BOB, "Undo")
    assert (await till.invoice()).open


async def test_many_at_once_get_numbers_in_a_row(till: Till) -> None:
    await till.say(BOB, "/invoice Smith 1")
    call = await till.call(BOB)
    await asyncio.gather(*(till.desk.spelled(call, f"/invoice Smith {n}") for n in range(2, 9)))
    async with till.tools.open_work(reading=True) as work:
        found = await work.invoices.everything_of(call.person_id)
        assert await work.clients.count(call.person_id) == 1
    assert sorted(one.sequence for one in found) == list(range(1, 9))


async def test_papers_come_as_files_and_an_e_invoice_says_what_it_lacks(till: Till) -> None:
    await till.say(BOB, "/invoice Smith 450")
    answer = await till.say(BOB, "/invoice pdf I1")
    assert [(f.name, f.kind, f.content[:5]) for f in answer.reply.files] == [
        ("invoice-2026-001.pdf", "application/pdf", b"%PDF-")
    ]
    assert "your country" in text_of(await till.press(BOB, "With e-invoice"))
    await till.say(BOB, "/invoice details country=UK iban=DE89370400440532013000")
    await till.say(BOB, "/client edit Smith country=DE")
    assert "is inside" in text_of(await till.say(BOB, "/invoice pdf I1 e-invoice"))


async def test_details_are_kept_once_and_wrong_ones_are_asked_again(till: Till) -> None:
    assert "check digits" in text_of(await till.say(BOB, "/invoice details iban=DE89370400440532013001"))
    assert "GB33 BUKB 2020 1555 5555 55" in text_of(await till.say(BOB, "GB33BUKB20201555555555"))
    await till.say(BOB, '/invoice details tax="VAT 20%" tax_number=GB1 terms="net 14"')
    said = text_of(await till.say(BOB, "/invoice Smith 100"))
    assert "VAT 20 %: £100 + £20" in said
    assert "Mon 7 Dec 2026" in said


async def test_lists_are_paged_and_narrowed(till: Till) -> None:
    for number in range(1, 11):
        await till.say(BOB, f"/invoice Client{number} {number}0")
    first = await till.say(BOB, "/invoices")
    assert "page 1 of 2" in text_of(first)
    second = await till.press(BOB, "Next")
    assert second.reply.replaces
    assert "I1 " in text_of(second)
    await till.say(BOB, "/invoice sent I3")
    assert "Invoices · 10" not in text_of(await till.say(BOB, "/invoices sent"))
    assert "I3" in text_of(await till.say(BOB, "/invoice list client=Client3"))
    assert "No overdue invoices" in text_of(await till.say(BOB, "/invoices overdue"))


async def test_everything_is_exported_and_forgotten_with_its_owner(till: Till) -> None:
    await till.say(BOB, "/invoice Smith 450")
    await till.say(BOB, "/paid I1 200")
    bob = await till.person(BOB)
    async with till.tools.open_work() as work:
        mine = await work.export(bob.id)
        assert {name: len(mine[name]) for name in ("invoices", "clients", "payments")} == {
            "invoices": 1, "clients": 1, "payments": 1,
        }  # fmt: skip
        await work.forget(bob.id)
        assert await work.invoices.get(1) is None
        await work.commit()


@pytest.mark.parametrize("sum_", ["-5", "£-5", "-£5", "−5"])
async def test_a_sum_below_nothing_is_asked_about_and_never_taken_without_its_sign(till: Till, sum_: str) -> None:
    assert "negative" in text_of(await till.say("Bob", f"/invoice Smith {sum_}"))
    await till.say("Bob", "/invoice Smith 490")
    await till.say("Bob", "/invoice sent I1")
    assert "negative" in text_of(await till.say("Bob", f"/paid I1 {sum_}"))
    assert "£490 owed" in text_of(await till.say("Bob", "/invoice show I1"))


async def test_a_day_of_figures_is_no_payment(till: Till) -> None:
    await till.say("Bob", "/invoice Smith 490")
    await till.say("Bob", "/invoice sent I1 2026-11-01")
    assert "Paid: £100 on Fri 20 Nov 2026" in text_of(await till.say("Bob", "/paid I1 100 2026-11-20"))
    assert "Paid: £390 on Fri 20 Nov 2026" in text_of(await till.say("Bob", "/paid I1 2026-11-20"))


async def test_items_are_read_off_one_line(till: Till) -> None:
    said = text_of(await till.say("Bob", "/invoice Smith, 3 x Rehearsal @ 80; Session 250"))
    for fact in ("Client: Smith", "Rehearsal: 3 × £80 = £240", "Session: 1 × £250 = £250", "Total: £490"):
        assert fact in said
