"""The courier on a real database, with a sender that records, refuses and loses answers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.desk.surface import Moved, Refused, TooFast, Unavailable, Unchanged, Unsure, Vanished
from cogs.kit.reply import CardRef, Reply, say
from storage.faults import Unreachable
from storage.records.notice import Lane, NewNotice, Notice, Outcome
from storage.work import OpenWork, Work
from tests.bot.desk.courier_parts import FakeSender, courier, keep, number, person
from tests.conftest import START, MovableClock

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


async def state(open_work: OpenWork, notice_id: int | None):
    async with open_work(reading=True) as work:
        found = await work.notices.get(notice_id or 0)
    assert found is not None
    return found


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
    from tests.bot.desk.courier_parts import draw_number

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


async def test_what_fails_eight_times_is_given_up_and_recorded(open_work, clock):
    one = await person(open_work)
    (bad,) = await keep(open_work, number(1, one))
    sender = FakeSender(says=lambda target, key: Unavailable("no"))
    post = courier(open_work, clock, sender)
    waits = []
    for _ in range(20):
        await post.deliver_due()
        kept = await state(open_work, bad)
        if kept.next_at is None:
            break
        waits.append(kept.next_at - clock.now())
        clock.move(to=kept.next_at)
    assert len(sender.tried) == 8
    assert kept.result == Outcome.GAVE_UP
    assert kept.due_at == START
    assert all(timedelta(seconds=1) <= wait <= timedelta(seconds=5 * 2 ** (n + 1)) for n, wait in enumerate(waits))


async def test_a_blocked_account_leads_to_the_other_platform(open_work, clock, anywhere):
    one = await person(open_work, "One", "telegram")
    async with open_work() as work:
        await work.people.greet("discord", "d1", "One", START - HOUR, dm="dc1")
        await work.people.attach("discord", "d1", one.id)
        await work.commit()
    ids = await keep(open_work, number(1, one), number(2, one, after=HOUR))
    telegram = FakeSender("telegram", says=lambda target, key: Refused("blocked by the user"))
    discord = FakeSender("discord", knows_keys=True)
    post = courier(open_work, clock, telegram, discord)
    await post.deliver_due()
    assert discord.texts == ["number 1"]
    assert discord.sent[0].target.dest == "dc1"
    assert (await state(open_work, ids[1])).platform == "discord"
    async with open_work(reading=True) as work:
        identity = await work.people.identity("telegram", "One")
    assert identity is not None
    assert identity.unreachable == "blocked by the user"
    clock.move(HOUR)
    await post.deliver_due()
    assert discord.texts == ["number 1", "number 2"]
    assert len(telegram.tried) == 1


async def test_who_is_reached_nowhere_gets_it_when_they_are_heard_of_again(open_work, clock, anywhere):
    one = await person(open_work)
    (late,) = await keep(open_work, number(1, one))
    refusing = True
    sender = FakeSender(says=lambda target, key: Refused("closed") if refusing else None)
    post = courier(open_work, clock, sender)
    await post.deliver_due()
    kept = await state(open_work, late)
    assert (kept.platform, kept.result) == ("", None)
    refusing = False
    clock.move(HOUR)
    async with open_work() as work:
        await work.people.mark_reachable("console", "Player One")
        assert await work.notices.reroute(one.id, clock.now()) == 1
        await work.commit()
    await post.deliver_due()
    assert sender.texts == [f"number 1\nLate: this was due {START.isoformat()}"]


async def test_who_is_never_heard_of_again_misses_it_on_the_record(open_work, clock, anywhere):
    async with open_work() as work:
        nobody = await work.people.add("Nobody", START)
        await work.commit()
    (lost,) = await keep(open_work, number(1, nobody))
    post = courier(open_work, clock, FakeSender())
    clock.move(timedelta(days=7))
    await post.deliver_due()
    kept = await state(open_work, lost)
    assert (kept.result, kept.trouble) == (Outcome.MISSED, "nowhere takes messages for this person")


async def test_a_kind_switched_off_is_recorded_and_not_sent(open_work, clock):
    one = await person(open_work)
    async with open_work() as work:
        await work.people.set_setting(one.id, "notify.gigs", "off")
        await work.commit()
    before = number(1, one, topic="gigs")
    (kept_off,) = await keep(open_work, before)
    sender = FakeSender()
    post = courier(open_work, clock, sender)
    await post.deliver_due()
    assert (await state(open_work, kept_off)).result == Outcome.SWITCHED_OFF
    (switched_later,) = await keep(open_work, number(2, one, topic="digests"))
    async with open_work() as work:
        await work.people.set_setting(one.id, "notify.digests", "off")
        await work.commit()
    await post.deliver_due()
    assert (await state(open_work, switched_later)).result == Outcome.SWITCHED_OFF
    assert sender.sent == []


async def test_the_chosen_platform_is_used_for_its_topic(open_work, clock):
    one = await person(open_work, "One", "telegram")
    async with open_work() as work:
        await work.people.greet("discord", "d1", "One", START - HOUR, dm="dc1")
        await work.people.attach("discord", "d1", one.id)
        await work.people.set_setting(one.id, "notify.gigs", "discord")
        await work.commit()
    await keep(open_work, number(1, one, topic="gigs"), number(2, one, topic="invoices"))
    telegram, discord = FakeSender("telegram"), FakeSender("discord")
    await courier(open_work, clock, telegram, discord).deliver_due()
    assert (telegram.texts, discord.texts) == (["number 2"], ["number 1"])


async def test_a_new_private_chat_is_remembered_for_the_rest(open_work, clock):
    one = await person(open_work, dm=None)
    ids = await keep(open_work, number(1, one), number(2, one, after=HOUR))
    await courier(open_work, clock, FakeSender()).deliver_due()
    assert (await state(open_work, ids[1])).dest == "dm-Player One"


async def channel(open_work: OpenWork, address: str = "#gigs", zone: str | None = None):
    async with open_work() as work:
        community = await work.communities.greet("console", "hall", "The Hall", START)
        if zone:
            await work.communities.change(community.id, zone=zone)
        found = await work.communities.greet_channel(community.id, "console", address, address)
        await work.commit()
    return found


def to_channel(n: int, channel_id: int, **rest):
    after = rest.pop("after", timedelta(0))
    return NewNotice(kind="t.say", due_at=START + after, channel_id=channel_id, args={"n": n}, **rest)


async def test_a_channel_that_refuses_is_closed_in_one_go_and_heals_by_itself(open_work, clock, anywhere):
    place = await channel(open_work)
    ids = await keep(
        open_work,
        *[to_channel(n, place.id, after=n * HOUR) for n in range(4)],
        to_channel(9, place.id, after=5 * HOUR, series_id="weekly"),
    )
    refusing = True
    sender = FakeSender(says=lambda target, key: Refused("no right to post") if refusing else None)
    post = courier(open_work, clock, sender)
    await post.deliver_due()
    assert [(await state(open_work, one)).result for one in ids] == [Outcome.REFUSED] * 4 + [None]
    assert len(sender.tried) == 1
    async with open_work(reading=True) as work:
        assert (await work.communities.channel_by_id(place.id)).trouble == "no right to post"
        assert len(await work.notices.troubles(START, community_id=place.community_id)) == 4
        assert await work.notices.troubles(START, community_id=place.community_id + 1) == []
    refusing = False
    clock.move(5 * HOUR)
    await post.deliver_due()
    assert sender.texts == ["number 9"]
    async with open_work(reading=True) as work:
        assert (await work.communities.channel_by_id(place.id)).trouble is None


async def test_a_chat_that_moved_is_followed(open_work, clock):
    place = await channel(open_work, "-100")
    await keep(open_work, to_channel(1, place.id), to_channel(2, place.id, after=HOUR))
    sender = FakeSender(says=lambda target, key: Moved("-200") if target.dest == "-100" else None)
    post = courier(open_work, clock, sender)
    await post.deliver_due()
    clock.move(HOUR)
    await post.deliver_due()
    assert [one.target.dest for one in sender.sent] == ["-200", "-200"]
    assert len(sender.tried) == 3


async def test_a_chat_that_keeps_moving_is_given_up(open_work, clock):
    place = await channel(open_work, "-100")
    (lost,) = await keep(open_work, to_channel(1, place.id))
    places = iter(range(1000))
    sender = FakeSender(says=lambda target, key: Moved(f"-3{next(places)}"))
    await courier(open_work, clock, sender).deliver_due()
    assert (await state(open_work, lost)).result == Outcome.GAVE_UP


async def test_channels_are_written_to_in_silence_by_night(open_work, clock):
    place = await channel(open_work, zone="Asia/Tokyo")  # 10:00 UTC is 19:00 there
    await keep(open_work, to_channel(1, place.id), to_channel(2, place.id, after=4 * HOUR))
    sender = FakeSender()
    post = courier(open_work, clock, sender)
    await post.deliver_due()
    clock.move(4 * HOUR)
    await post.deliver_due()
    assert [one.silent for one in sender.sent] == [False, True]


async def test_quiet_hours_hold_what_is_not_urgent_until_they_end(open_work, clock):
    from datetime import time

    one = await person(open_work, quiet_from=time(22), quiet_to=time(8), zone="Australia/Sydney")  # 10 UTC is 21:00
    ids = await keep(
        open_work,
        number(1, one, after=4 * HOUR),
        number(2, one, after=4 * HOUR, urgent=True),
        number(3, one, after=30 * MINUTE),
        number(4, one, after=4 * HOUR, topic="breaks"),
    )
    async with open_work() as work:
        await work.people.set_setting(one.id, "night.breaks", "on")
        await work.commit()
    sender = FakeSender()
    post = courier(open_work, clock, sender)
    clock.move(30 * MINUTE)
    await post.deliver_due()
    assert sender.texts == ["number 3"]
    clock.move(to=START + 4 * HOUR)
    await post.deliver_due()
    assert sorted(sender.texts[1:]) == ["number 2", "number 4"]
    held = await state(open_work, ids[0])
    assert held.due_at == START + 4 * HOUR
    assert held.next_at == START + 11 * HOUR
    clock.move(to=held.next_at)
    await post.deliver_due()
    assert sender.texts[3] == (
        f"number 1\nHeld until your quiet hours were over; it was due {(START + 4 * HOUR).isoformat()}"
    )


@pytest.mark.parametrize(("lane", "result"), [(Lane.SOFT, Outcome.UNSURE), (Lane.NORMAL, None), (Lane.URGENT, None)])
async def test_a_lost_answer_without_keys_is_repeated_and_said_so_or_skipped(open_work, clock, lane, result):
    one = await person(open_work)
    (lost,) = await keep(open_work, number(1, one, lane=lane, urgent=True))
    losing = True
    sender = FakeSender(says=lambda target, key: Unsure("no answer") if losing else None)
    post = courier(open_work, clock, sender)
    await post.deliver_due()
    assert (await state(open_work, lost)).result == result
    losing = False
    clock.move(MINUTE)
    await post.deliver_due()
    again = ["number 1\nSent again: I could not tell whether it reached you the first time."]
    assert sender.texts == ([] if result else again)


async def test_a_lost_answer_with_keys_is_repeated_under_the_same_key(open_work, clock):
    one = await person(open_work)
    await keep(open_work, number(1, one))
    losing = True
    sender = FakeSender(knows_keys=True, says=lambda target, key: Unsure("no answer") if losing else None)
    post = courier(open_work, clock, sender)
    await post.deliver_due()
    losing = False
    clock.move(MINUTE)
    await post.deliver_due()
    assert len(sender.tried) == 2
    assert len(set(sender.tried)) == 1
    assert len(sender.tried[0]) <= 25
    assert sender.texts == ["number 1"]


async def test_a_common_message_keeps_its_company_and_key_when_repeated(open_work, clock, anywhere):
    one = await person(open_work)
    await keep(open_work, number(1, one, lane=Lane.NORMAL), number(2, one, lane=Lane.NORMAL))
    losing = True
    sender = FakeSender(knows_keys=True, says=lambda target, key: Unsure("no answer") if losing else None)
    post = courier(open_work, clock, sender)
    await post.deliver_due()
    losing = False
    clock.move(MINUTE)
    await keep(open_work, number(3, one, lane=Lane.NORMAL))
    await post.deliver_due()
    assert sender.tried[0] == sender.tried[1]
    assert sorted(sender.texts) == ["2 things for you now\nnumber 1\nnumber 2", "number 3"]


async def test_being_told_to_wait_counts_as_no_failure(open_work, clock):
    one = await person(open_work)
    (slow,) = await keep(open_work, number(1, one))
    asked = iter([TooFast(30), TooFast(30, everywhere=True), None])
    sender = FakeSender(says=lambda target, key: next(asked))
    post = courier(open_work, clock, sender)
    await post.deliver_due()
    kept = await state(open_work, slow)
    assert kept.attempt == 0
    assert timedelta(seconds=30) <= kept.next_at - clock.now() <= timedelta(seconds=31)
    for _ in range(2):
        clock.move(timedelta(seconds=31))
        await post.deliver_due()
    assert sender.texts == ["number 1"]


async def card_hangs(open_work: OpenWork, subject: int = 12, message: str = "m1", place="#gigs"):
    where = await channel(open_work, place)
    async with open_work() as work:
        posting = await work.postings.hang(
            "t.card", subject, surface="console", address=place, message=message, now=START, channel_id=where.id
        )
        await work.commit()
    return posting


async def refresh(open_work: OpenWork, clock: MovableClock, subject: int = 12):
    async with open_work() as work:
        await work.notices.refresh("t.card", subject, clock.now())
        await work.commit()


async def draw_card(subject_id: int, work: Work) -> Reply | None:
    return say(f"card {subject_id}")


async def test_a_card_is_redrawn_once_wherever_it_hangs(open_work, clock, anywhere):
    first = await card_hangs(open_work)
    second = await card_hangs(open_work, message="m2", place="#jazz")
    await card_hangs(open_work, subject=13, message="m3")
    sender = FakeSender()
    post = courier(open_work, clock, sender, cards={"t.card": draw_card})
    for _ in range(3):
        await refresh(open_work, clock)
    await post.deliver_due()
    assert [posting.id for posting, _ in sender.redrawn] == [first.id, second.id]
    await refresh(open_work, clock)
    await post.deliver_due()
    assert len(sender.redrawn) == 4


async def test_a_card_that_changes_while_it_is_redrawn_is_redrawn_again(open_work, clock, anywhere):
    await card_hangs(open_work)
    sender = FakeSender()
    post = courier(open_work, clock, sender, cards={"t.card": draw_card})
    await refresh(open_work, clock)
    original = sender.redraw

    async def slow(posting, reply):
        if not sender.redrawn:
            await refresh(open_work, clock)
        await original(posting, reply)

    sender.redraw = slow
    await post.deliver_due()
    assert len(sender.redrawn) == 2


async def test_an_unchanged_card_is_a_success_and_a_vanished_one_is_forgotten(open_work, clock):
    kept = await card_hangs(open_work, message="m1")
    gone = await card_hangs(open_work, message="m2")
    faults = {f"redraw:{kept.id}": Unchanged(), f"redraw:{gone.id}": Vanished()}
    sender = FakeSender(says=lambda target, key: faults.get(key))
    post = courier(open_work, clock, sender, cards={"t.card": draw_card})
    await refresh(open_work, clock)
    await post.deliver_due()
    async with open_work(reading=True) as work:
        assert [posting.id for posting in await work.postings.of("t.card", 12)] == [kept.id]
        assert (await work.notices.by_key(f"refresh:{kept.id}")).result == Outcome.SENT
        assert (await work.notices.by_key(f"refresh:{gone.id}")).result == Outcome.DROPPED


async def test_a_kind_that_nobody_draws_waits_for_a_program_that_does(open_work, clock, caplog):
    one = await person(open_work)
    (kept,) = await keep(open_work, number(1, one, kind="t.new"))
    sender = FakeSender()
    await courier(open_work, clock, sender).deliver_due()
    assert (await state(open_work, kept)).result is None
    from tests.bot.desk.courier_parts import draw_number

    clock.move(5 * MINUTE)
    await courier(open_work, clock, sender, builders={"t.new": draw_number}).deliver_due()
    assert len(sender.sent) == 1
