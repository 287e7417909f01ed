"""The ladder as its owner lives it: what comes when, what stops it, and what the channel sees."""

from __future__ import annotations

from datetime import UTC, date, datetime

from cogs.invoices import planning
from storage.records.invoice import PauseReason
from storage.records.notice import Lane, Notice, Outcome
from tests.bot.desk.courier_parts import Delivered
from tests.cogs.front import labels, text_of
from tests.cogs.invoices.front import Till, message_in

BOB, ADA, CLEO = "Bob", "Ada", "Cleo"


def days(found: list[Delivered], till: Till) -> list[str]:
    return [text_of(one.reply).splitlines()[1].split(":")[0] for one in found]


async def sent_invoice(till: Till, line: str = "/invoice Smith 450 due 30d") -> None:
    await till.say(BOB, line)
    await till.say(BOB, "/invoice sent I1")


async def test_the_whole_ladder_comes_each_step_once_at_the_owner_s_hour(till: Till) -> None:
    await sent_invoice(till)
    found = await till.pass_by(days=80)
    assert days(found, till) == [
        "Due soon", "Overdue by 1 day", "Overdue by 7 days", "Overdue by 14 days", "Overdue by 30 days",
        "Overdue by 37 days", "Overdue by 44 days",
    ]  # fmt: skip
    person = await till.person(BOB)
    async with till.tools.open_work(reading=True) as work:
        done = await work.notices.of_person(person.id, ended_since=datetime(2026, 1, 1, tzinfo=UTC))
    assert [d.due_at.hour for d in done if d.result == Outcome.SENT] == [10] * 7


async def test_each_step_hands_over_a_message_at_its_tone_with_what_is_owed_that_day(till: Till) -> None:
    await sent_invoice(till)
    soon, _, _, firm, final = await till.pass_by(days=65)
    assert "is due on 23 December 2026" in message_in(soon)
    assert "14 days overdue" in message_in(firm)
    assert "within 7 days" in message_in(final)
    assert labels_of(firm) == ["Sent it", "Paid", "Part paid", "Promised", "Dispute", "Snooze"]


def labels_of(delivered: Delivered) -> list[str]:
    return [one.label for one in delivered.reply.buttons if one.label != "Message to copy"]


async def test_paid_stops_it_at_once(till: Till) -> None:
    await sent_invoice(till)
    await till.pass_by(days=32)
    await till.say(BOB, "/paid I1")
    assert await till.pass_by(days=100) == []
    assert await till.waiting(BOB) == []


async def test_a_payment_in_the_very_moment_of_a_step_leaves_nothing_to_say(till: Till) -> None:
    """The notice is due and the money arrives before it is drawn."""
    await sent_invoice(till)
    till.clock.move(to=datetime(2026, 12, 20, 10, 0, tzinfo=UTC))
    await till.say(BOB, "/paid I1")
    await till.courier.deliver_due()
    assert till.sender.sent == []


async def test_a_step_that_was_already_being_sent_when_it_was_planned_anew_says_nothing(till: Till) -> None:
    await sent_invoice(till)
    before = await till.invoice()
    await till.say(BOB, "/invoice edit I1 due net 60")
    after = await till.invoice()
    assert (before.open, after.open) == (True, True)
    assert planning.is_true(a_step(before.planned), before, date(2026, 12, 20))
    assert not planning.is_true(a_step(before.planned), after, date(2026, 12, 20))


def a_step(number: int) -> Notice:
    at = datetime(2026, 12, 20, 10, tzinfo=UTC)
    return Notice(
        id=1, kind=planning.RUNG, platform="console", dest="dm:bob", person_id=1, channel_id=None,
        args={"invoice_id": 1}, lane=Lane.NORMAL, due_at=at, expires_at=at, attempt=1, owner="me", key="k",
        occurrence=number,
    )  # fmt: skip


async def test_a_dispute_stops_it_until_it_is_resumed(till: Till) -> None:
    await sent_invoice(till)
    assert "disputed" in text_of(await till.say(BOB, "/pause I1 dispute"))
    assert await till.pass_by(days=40) == []
    await till.say(BOB, "/invoice resume I1")
    assert days(await till.pass_by(days=6), till) == ["Overdue by 14 days"]


async def test_a_promise_is_followed_up_the_day_after(till: Till) -> None:
    await sent_invoice(till)
    assert "Until when" in text_of(await till.say(BOB, "/pause I1 promised"))
    assert "promised until Thu 31 Dec 2026" in text_of(await till.say(BOB, "31 Dec"))
    assert days(await till.pass_by(days=41), till) == ["Overdue by 9 days"]
    assert (await till.invoice()).pause is None


async def test_a_changed_due_date_plans_it_anew(till: Till) -> None:
    await sent_invoice(till)
    await till.say(BOB, "/invoice edit I1 due net 60")
    assert days(await till.pass_by(days=61), till) == ["Due soon", "Overdue by 1 day"]


async def test_nothing_comes_the_morning_after_sending_the_message(till: Till) -> None:
    await sent_invoice(till)
    await till.until(datetime(2026, 12, 23, 12, tzinfo=UTC))
    answer = await till.say(BOB, "/chase I1")
    assert "Friendly message" in text_of(answer)
    await till.press(BOB, "Sent it")
    assert days(await till.pass_by(days=8), till) == ["Overdue by 7 days"]


async def test_a_snooze_comes_in_three_days(till: Till) -> None:
    await sent_invoice(till)
    await till.until(datetime(2026, 12, 24, 12, tzinfo=UTC))
    await till.say(BOB, "/chase I1")
    await till.press(BOB, "Snooze")
    assert days(await till.pass_by(days=7), till) == ["Overdue by 4 days", "Overdue by 7 days"]


async def test_a_part_payment_changes_what_the_next_message_asks_for(till: Till) -> None:
    await sent_invoice(till)
    await till.say(BOB, "/paid I1 200")
    (soon,) = await till.pass_by(days=28)
    assert "£250.00" in message_in(soon)


async def test_a_deposit_is_chased_first_by_its_own_date(till: Till) -> None:
    await till.say(BOB, '/invoice new client=Smith amount=450 deposit=100 deposit_due="net 7" due="net 30"')
    await till.say(BOB, "/invoice sent I1")
    (soon, late) = await till.pass_by(days=9)
    assert "deposit" in message_in(soon)
    assert "£100.00" in message_in(late)
    await till.say(BOB, "/paid I1 100")
    assert days(await till.pass_by(days=19), till) == ["Due soon"]


async def test_the_program_may_be_off_and_nothing_is_doubled_or_lost(till: Till) -> None:
    await sent_invoice(till)
    till.clock.move(to=datetime(2026, 12, 26, 15, tzinfo=UTC))  # it was off on the 20th and the 24th
    till.courier = till.new_courier()
    await till.courier.deliver_due()
    assert days(till.sender.sent, till) == ["Overdue by 3 days"]
    assert days(await till.pass_by(days=5), till) == ["Overdue by 7 days"]


async def test_the_ladder_and_the_hour_are_the_owner_s(till: Till) -> None:
    await sent_invoice(till)
    said = text_of(await till.say(BOB, "/invoice ladder gentle hour=18:30"))
    assert "18:30 Europe/London" in said
    found = await till.waiting(BOB)
    assert [one.due_at for one in found] == [datetime(2026, 12, 26, 18, 30, tzinfo=UTC)]
    assert "could not read" in text_of(await till.say(BOB, "/invoice ladder steps=soon"))
    own = text_of(await till.say(BOB, '/invoice ladder steps="-10,+2"'))
    assert "−10, +2 days, then weekly" in own


async def test_the_message_speaks_the_client_s_language_and_any_that_is_asked_for(till: Till) -> None:
    await till.say(BOB, "/client add name=Smith language=de")
    await sent_invoice(till)
    await till.until(datetime(2027, 1, 10, tzinfo=UTC))
    german = (await till.say(BOB, "/chase I1")).reply
    assert "überfällig" in message_in(german)
    assert "450,00 £" in message_in(german).replace("\u00a0", " ")
    for language, word in (("fr", "retard"), ("es", "retraso"), ("en", "overdue")):
        assert word in message_in((await till.say(BOB, f"/chase I1 firm {language}")).reply)


async def test_late_sums_are_worked_out_and_asked_for_in_firm_messages(till: Till) -> None:
    await till.say(BOB, "/client add name=Smith country=UK business=yes")
    await sent_invoice(till)
    await till.until(datetime(2027, 1, 6, 12, tzinfo=UTC))
    assert "base rate not entered" in text_of(await till.say(BOB, "/invoice interest I1"))
    said = text_of(await till.say(BOB, "/invoice interest I1 rate=3.75"))
    for part in (
        "£450 × 11.75 % × 14 / 365 = £2.03",
        "Fixed sum, once: £40",
        "£42.03",
        "£492.03",
        "not legal advice",
        "gov.uk",
    ):
        assert part in said, part
    assert "£42.03" in message_in((await till.say(BOB, "/chase I1")).reply)
    assert "£42.03" not in message_in((await till.say(BOB, "/chase I1 friendly")).reply)


async def test_late_sums_stay_when_the_principal_is_paid_and_can_be_paid_too(till: Till) -> None:
    await till.say(BOB, "/client add name=Smith country=UK business=yes")
    await sent_invoice(till)
    await till.until(datetime(2027, 1, 6, 12, tzinfo=UTC))
    await till.say(BOB, "/invoice interest I1 rate=3.75")
    assert "Late sums of £42.03 stay open" in text_of(await till.say(BOB, "/paid I1"))
    await till.pass_by(days=30)
    assert "£42.03" in text_of(await till.say(BOB, "/invoice interest I1"))
    assert "towards interest" in text_of(await till.say(BOB, "/paid I1 42.03"))
    assert "still owed: £0" in text_of(await till.say(BOB, "/invoice interest I1"))
    assert "more than" in text_of(await till.say(BOB, "/paid I1 1"))


async def test_a_private_person_owes_no_statutory_interest(till: Till) -> None:
    await till.say(BOB, "/client add name=Smith country=UK business=no")
    await sent_invoice(till)
    await till.until(datetime(2027, 1, 6, 12, tzinfo=UTC))
    assert "private person" in text_of(await till.say(BOB, "/invoice interest I1 uk"))
    said = text_of(await till.say(BOB, "/invoice interest I1 contract 8"))
    assert "£450 × 8 % × 14 / 365" in said
    message = message_in((await till.say(BOB, "/chase I1 firm")).reply)
    assert "As agreed, £1.38" in message
    assert "By law" not in message


async def test_wrong_words_are_asked_about(till: Till) -> None:
    await till.say(BOB, "/invoice Smith 450")
    assert "is a draft" in text_of(await till.say(BOB, "/chase I1"))
    assert "is a draft" in text_of(await till.say(BOB, "/pause I1 holiday"))
    await till.say(BOB, "/invoice sent I1")
    assert "not paused" in text_of(await till.say(BOB, "/invoice resume I1"))
    assert "percent" in text_of(await till.say(BOB, "/invoice interest I1 rate=lots"))


async def test_quiet_hours_hold_a_step_back(till: Till) -> None:
    await sent_invoice(till)
    await till.say(BOB, "/invoice ladder hour=23:00")
    (soon,) = await till.until(datetime(2026, 12, 21, 9, tzinfo=UTC))
    assert "Due soon" in text_of(soon.reply)
    person = await till.person(BOB)
    async with till.tools.open_work(reading=True) as work:
        done = await work.notices.of_person(person.id, ended_since=datetime(2026, 1, 1, tzinfo=UTC))
    ended = [d.ended_at for d in done if d.result in (Outcome.SENT, Outcome.LATE)]
    assert ended == [datetime(2026, 12, 21, 8, tzinfo=UTC)]


# --- the invoice hour -------------------------------------------------------------------------------------------------


async def test_the_invoice_hour_comes_weekly_and_shows_nobody_s_data(till: Till) -> None:
    await sent_invoice(till)
    said = text_of(await till.say(ADA, '/invoice hour when="Fri 16:00"', place="#gigs"))
    assert "Fridays at 16:00" in said
    found = [one for one in await till.pass_by(days=15) if one.target.channel_id is not None]
    assert len(found) == 2
    assert "Smith" not in text_of(found[0].reply)
    assert "450" not in text_of(found[0].reply)
    assert [one.label for one in found[0].reply.buttons] == ["What's mine?"]
    mine = await till.press_id(BOB, found[0].reply.buttons[0].action)  # type: ignore[union-attr]
    assert mine.private
    await till.say(CLEO, "/invoice Jones 80")
    hers = text_of(await till.press_id(CLEO, found[0].reply.buttons[0].action))  # type: ignore[union-attr]
    assert "Jones" in hers
    assert "Smith" not in hers


async def test_what_is_mine_sorts_what_to_send_what_is_due_and_what_is_late(till: Till) -> None:
    await till.say(BOB, "/invoice Draft 10")
    for name, due in (("Late", "due 7d"), ("Soon", "due 12d"), ("Far", "due 60d"), ("Fought", "due 7d")):
        await till.say(BOB, f"/invoice {name} 20 {due}")
    for number in range(2, 6):
        await till.say(BOB, f"/invoice sent I{number}")
    await till.say(BOB, "/pause I5 dispute")
    await till.pass_by(days=8)
    said = text_of(await till.press_id(BOB, "fc:invoices.mine"))
    assert said.index("To send: 1") < said.index("Draft") < said.index("To chase: 1") < said.index("Late")
    assert "Due soon: 1" in said
    assert "Far" not in said
    assert "Fought" not in said


async def test_only_moderators_set_the_hour_and_it_can_be_switched_off(till: Till) -> None:
    assert "Only moderators" in text_of(await till.say(CLEO, '/invoice hour when="Fri 16:00"', place="#gigs"))
    await till.say(ADA, '/invoice hour when="Fri 16:00"', place="#gigs")
    assert "is off" in text_of(await till.say(ADA, "/invoice hour off=yes", place="#gigs"))
    assert await till.pass_by(days=15) == []
    await till.say(ADA, '/invoice hour when="Mon 17:00"', place="#gigs")
    assert len(await till.pass_by(days=8)) == 1


async def test_a_pause_knows_its_reason(till: Till) -> None:
    await sent_invoice(till)
    await till.say(BOB, "/pause I1 holiday until 10 Dec")
    pause = (await till.invoice()).pause
    assert pause is not None
    assert (pause.reason, pause.until, pause.since) == (PauseReason.HOLIDAY, date(2026, 12, 10), date(2026, 11, 23))
    assert labels(await till.say(BOB, "/invoice show I1"))[4] == "Resume"
