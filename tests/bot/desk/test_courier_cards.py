"""Cards that hang somewhere are redrawn once for all changes, and forgotten once they are gone."""

from __future__ import annotations

from bot.desk.surface import Unchanged, Vanished
from storage.records.notice import Outcome
from tests.bot.desk.courier_parts import FakeSender, card_hangs, courier, draw_card, refresh


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
