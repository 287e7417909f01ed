"""What falls due is sent once and in order, late ones and small ones together, with what follows it written too."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from cogs.kit.reply import CardRef, Reply, say
from storage.faults import Unreachable
from storage.records.notice import Lane, Notice, Outcome
from storage.work import Work
from tests.bot.desk.courier_parts import HOUR, MINUTE, FakeSender, courier, draw_number, keep, number, person, state
from tests.conftest import START


async def test_what_is_due_arrives_and_the_rest_waits(open_work, clock, anywhere):
    one = await person(open_work)
    ids = await keep(open_work, number(1, one), number(2, one, after=HOUR))
    sender = FakeSender()
    post = courier(open_work, clock, sender)
    assert await post.deliver_due() == 1
    assert sender.texts == ["number 1"]
    assert sender.sent[0].target.dest == "dm:Player One"
    assert (await state(open_work, ids[0])).result == Outcome.SENT
    assert await post.deliver_due() == 0
    clock.move(HOUR)
    assert await post.deliver_due() == 1
    assert sender.texts == ["number 1", "number 2"]


async def test_urgent_ones_go_first_then_by_time(open_work, clock, anywhere):
    one, two, three = [await person(open_work, f"P{n}") for n in range(3)]
    await keep(
        open_work,
        number(1, one, lane=Lane.SOFT, urgent=True),
        number(2, two, lane=Lane.NORMAL, after=timedelta(seconds=2)),
        number(3, three, lane=Lane.URGENT, after=timedelta(seconds=9)),
        number(4, one, lane=Lane.URGENT, after=timedelta(seconds=5)),
    )
    clock.move(timedelta(seconds=10))
    sender = FakeSender()
    await courier(open_work, clock, sender).deliver_due()
    assert sender.texts == ["number 4", "number 3", "number 2", "number 1"]


async def test_going_on_until_a_time_sends_each_on_its_own_moment(open_work, clock):
    one = await person(open_work)
    await keep(open_work, number(2, one, after=2 * HOUR), number(1, one, after=HOUR), number(3, one, after=9 * HOUR))
    seen = []
    sender = FakeSender(says=lambda target, key: seen.append(clock.now()))
    sent = await courier(open_work, clock, sender).deliver_due(
        until=START + 5 * HOUR, move=lambda to: clock.move(to=to)
    )
    assert sent == 2
    assert seen == [START + HOUR, START + 2 * HOUR]
    assert sender.texts == ["number 1", "number 2"]
    assert clock.now() == START + 5 * HOUR


async def test_what_is_no_longer_true_is_dropped(open_work, clock):
    one = await person(open_work)
    (gone,) = await keep(open_work, number(1, one, kind="t.gone"))

    async def nothing(notice: Notice, work: Work) -> Reply | None:
        return None

    sender = FakeSender()
    await courier(open_work, clock, sender, builders={"t.gone": nothing}).deliver_due()
    assert sender.sent == []
    assert (await state(open_work, gone)).result == Outcome.DROPPED


async def test_late_ones_say_so_from_two_minutes_on(open_work, clock):
    one = await person(open_work)
    (first,) = await keep(open_work, number(1, one))
    sender = FakeSender()
    post = courier(open_work, clock, sender)
    clock.move(2 * MINUTE)
    await post.deliver_due()
    assert sender.texts == ["number 1"]
    (second,) = await keep(open_work, number(2, one))
    clock.move(timedelta(milliseconds=1))
    await post.deliver_due()
    assert sender.texts[1] == f"number 2\nLate: this was due {START.isoformat()}"
    assert (await state(open_work, first)).result == Outcome.SENT
    assert (await state(open_work, second)).result == Outcome.LATE


async def test_three_late_ones_for_one_reader_become_one_digest(open_work, clock):
    one, two = await person(open_work, "One"), await person(open_work, "Two")
    ids = await keep(open_work, *[number(n, one, after=n * MINUTE) for n in range(3)], number(9, two))
    clock.move(HOUR)
    sender = FakeSender()
    assert await courier(open_work, clock, sender).deliver_due() == 2
    digest = next(text for one_sent, text in zip(sender.sent, sender.texts, strict=True) if one_sent.reply.rows)
    assert digest.splitlines()[0] == "Late: 3 messages I could not send on time"
    assert [line.split("+")[0] for line in digest.splitlines()[1:]] == [
        (START + n * MINUTE).isoformat().split("+")[0] for n in range(3)
    ]
    assert {(await state(open_work, one_id)).result for one_id in ids[:3]} == {Outcome.DIGESTED}
    assert (await state(open_work, ids[3])).result == Outcome.LATE


async def test_a_digest_is_whole_however_small_the_claims(open_work, clock):
    one, two = await person(open_work, "One"), await person(open_work, "Two")
    await keep(open_work, *[number(n, (one, two)[n % 2], after=n * MINUTE) for n in range(12)])
    clock.move(HOUR)
    sender = FakeSender()
    assert await courier(open_work, clock, sender, batch=2).deliver_due() == 2
    said = re.findall(r"number (\d+)", " ".join(sender.texts))
    assert sorted(map(int, said)) == list(range(12))


async def test_small_things_due_together_travel_together_and_urgent_ones_alone(open_work, clock):
    one = await person(open_work)
    await keep(
        open_work,
        number(1, one, lane=Lane.NORMAL),
        number(2, one, lane=Lane.NORMAL, after=timedelta(seconds=30)),
        number(3, one, lane=Lane.URGENT, after=timedelta(seconds=40)),
    )
    clock.move(timedelta(seconds=50))
    sender = FakeSender()
    assert await courier(open_work, clock, sender).deliver_due() == 2
    assert sender.texts == ["number 3", "2 things for you now\nnumber 1\nnumber 2"]


async def test_cards_and_files_never_disappear_into_a_common_message(open_work, clock):
    one = await person(open_work)

    async def card(notice: Notice, work: Work) -> Reply | None:
        return say("a card", card=CardRef("t.card", int(notice.args["n"] or 0)))

    await keep(open_work, *[number(n, one, kind="t.card", lane=Lane.NORMAL) for n in range(3)])
    clock.move(HOUR)
    sender = FakeSender()
    assert await courier(open_work, clock, sender, builders={"t.card": card}).deliver_due() == 3
    async with open_work(reading=True) as work:
        assert [p.message for n in range(3) for p in await work.postings.of("t.card", n)] == ["m1", "m2", "m3"]


async def test_expired_ones_are_recorded_as_missed_and_seen_by_moderators(open_work, clock):
    one = await person(open_work)
    (old,) = await keep(open_work, number(1, one))
    clock.move(timedelta(days=7, seconds=1))
    sender = FakeSender()
    await courier(open_work, clock, sender).deliver_due()
    assert sender.sent == []
    assert (await state(open_work, old)).result == Outcome.MISSED
    async with open_work(reading=True) as work:
        assert [trouble.id for trouble in await work.notices.troubles(START)] == [old]


async def test_exactly_seven_days_late_still_arrives(open_work, clock):
    one = await person(open_work)
    await keep(open_work, number(1, one))
    clock.move(timedelta(days=7))
    sender = FakeSender()
    await courier(open_work, clock, sender).deliver_due()
    assert sender.texts == [f"number 1\nLate: this was due {START.isoformat()}"]


async def test_of_a_series_only_the_latest_missed_one_is_sent(open_work, clock):
    one = await person(open_work)
    ids = await keep(
        open_work,
        *[number(n, one, after=n * HOUR, series_id="daily", occurrence=n) for n in range(5)],
    )
    clock.move(3 * HOUR)
    sender = FakeSender()
    post = courier(open_work, clock, sender)
    await post.deliver_due()
    assert sender.texts == ["number 3"]
    assert [(await state(open_work, one_id)).result for one_id in ids] == [Outcome.SUPERSEDED] * 3 + [
        Outcome.SENT,
        None,
    ]
    clock.move(HOUR)
    await post.deliver_due()
    assert sender.texts == ["number 3", "number 4"]


async def test_what_follows_is_written_with_the_delivery_or_not_at_all(open_work, clock):
    one = await person(open_work)
    await keep(open_work, number(0, one, series_id="s"))
    results = []

    async def next_one(notice: Notice, work: Work) -> None:
        results.append(notice.result)
        n = notice.occurrence + 1
        await work.notices.add(number(n, one, after=n * HOUR, series_id="s", occurrence=n), clock.now())

    sender = FakeSender()
    post = courier(open_work, clock, sender, after={"t.say": next_one})
    for _ in range(3):
        await post.deliver_due()
        clock.move(HOUR)
    assert sender.texts == ["number 0", "number 1", "number 2"]
    assert results == [Outcome.SENT] * 3


async def test_a_database_that_is_cut_off_in_a_follow_up_is_no_bug_of_it(open_work, clock):
    one = await person(open_work)
    await keep(open_work, number(0, one))
    followed = []

    async def cut_off_once(notice: Notice, work: Work) -> None:
        followed.append(notice.id)
        if len(followed) == 1:
            raise Unreachable("cut off")

    post = courier(open_work, clock, FakeSender(), after={"t.say": cut_off_once})
    with pytest.raises(Unreachable):
        await post.deliver_due()
    clock.move(HOUR)
    await post.deliver_due()
    assert len(followed) == 2, "the delivery was recorded without what follows it"


async def test_a_follow_up_that_fails_does_not_send_anything_twice(open_work, clock, caplog):
    one, two = await person(open_work, "One"), await person(open_work, "Two")
    ids = await keep(open_work, number(1, one), number(2, two, kind="t.other"))

    async def fails(notice: Notice, work: Work) -> None:
        await work.notices.add(number(99, one, after=HOUR), clock.now())
        raise RuntimeError("a bug")

    sender = FakeSender()
    post = courier(open_work, clock, sender, after={"t.say": fails}, builders={"t.other": draw_number})
    await post.deliver_due()
    await post.deliver_due()
    assert sorted(sender.texts) == ["number 1", "number 2"]
    assert [(await state(open_work, one_id)).result for one_id in ids] == [Outcome.SENT] * 2
    assert "what follows it failed" in caplog.text
    assert await post.next_due() is None


async def test_a_builder_that_fails_is_tried_again_and_costs_nobody_else(open_work, clock, anywhere):
    one, two = await person(open_work, "One"), await person(open_work, "Two")
    broken = True

    async def shaky(notice: Notice, work: Work) -> Reply | None:
        if broken:
            raise RuntimeError("a bug")
        return say("mended")

    (bad, _) = await keep(open_work, number(1, one, kind="t.shaky"), number(2, two))
    sender = FakeSender()
    post = courier(open_work, clock, sender, builders={"t.shaky": shaky})
    await post.deliver_due()
    assert sender.texts == ["number 2"]
    kept = await state(open_work, bad)
    assert kept.result is None
    assert kept.trouble == "could not be drawn (RuntimeError)"
    broken = False
    clock.move(MINUTE)
    await post.deliver_due()
    assert sender.texts == ["number 2", "mended"]


async def test_a_kind_that_nobody_draws_waits_for_a_program_that_does(open_work, clock, caplog):
    one = await person(open_work)
    (kept,) = await keep(open_work, number(1, one, kind="t.new"))
    sender = FakeSender()
    await courier(open_work, clock, sender).deliver_due()
    assert (await state(open_work, kept)).result is None
    clock.move(5 * MINUTE)
    await courier(open_work, clock, sender, builders={"t.new": draw_number}).deliver_due()
    assert len(sender.sent) == 1
