"""What a platform answers: refused, blocked, moved, slow down, nothing at all; and where a message goes then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.desk.surface import Moved, Refused, TooFast, Unavailable, Unsure
from storage.records.notice import Lane, Outcome
from tests.bot.desk.courier_parts import (
    HOUR,
    MINUTE,
    FakeSender,
    channel,
    courier,
    keep,
    number,
    person,
    state,
    to_channel,
)
from tests.conftest import START


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


async def test_a_new_private_chat_is_remembered_for_the_rest(open_work, clock):
    one = await person(open_work, dm=None)
    ids = await keep(open_work, number(1, one), number(2, one, after=HOUR))
    await courier(open_work, clock, FakeSender()).deliver_due()
    assert (await state(open_work, ids[1])).dest == "dm-Player One"


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
