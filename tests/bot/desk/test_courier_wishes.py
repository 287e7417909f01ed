"""What readers have set is kept to: kinds switched off, the platform of a topic, silence by night, quiet hours."""

from __future__ import annotations

from datetime import time

from storage.records.notice import Outcome
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
