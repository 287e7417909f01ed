"""Sharing, batches, asking and withdrawing, on a real database."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.desk.answer import Answer
from cogs.kit.call import Call
from cogs.kit.offline import offline
from cogs.rates import batches
from storage.records.money import Money
from storage.records.rate import RateReport
from tests.cogs.front import Front, labels, text_of

PLAYERS = ("Ada", "Bob", "Cy", "Di", "Eve", "Fay", "Gus", "Hal", "Ivy", "Jo")
SUMS = (200, 200, 200, 250, 250, 250, 300, 300, 300, 350)
WEEK = timedelta(days=7)


async def known(front: Front, names: tuple[str, ...] = PLAYERS) -> None:
    """Everybody has been in the hall for three weeks."""
    for name in names:
        await front.say(name, "/me", place="#hall")
    front.clock.move(WEEK * 3)


async def share(front: Front, name: str, line: str = "violin, session, London, £200/call") -> Answer:
    return await front.say(name, f"/rate share {line}", place="#hall")


async def fill(front: Front, count: int = 10) -> None:
    await known(front)
    for name, paid in zip(PLAYERS[:count], SUMS, strict=False):
        await share(front, name, f"violin, session, London, £{paid}/call")
    front.clock.move(WEEK)


async def ask(front: Front, name: str = "Zed", line: str = "violin session london") -> str:
    return text_of(await front.say(name, f"/rate ask {line}", place="#hall"))


async def reports(front: Front, name: str) -> list[RateReport]:
    person = await front.person(name)
    async with front.tools.open_work(reading=True) as work:
        return await work.rates.of(person.id)


async def test_an_entry_is_echoed_and_seen_by_its_owner_alone(front: Front) -> None:
    said = text_of(await share(front, "Ada", "violin, session, London, £180/call"))
    assert "Kept as P1" in said
    assert "£180 a call" in said
    assert "P1 Violin, session, London" in text_of(await front.say("Ada", "/rate mine"))
    assert "P1" not in text_of(await front.say("Bob", "/rate mine"))
    for line in ("/rate withdraw P1", "/rate withdraw P99"):
        refused = text_of(await front.say("Bob", line))
        assert refused.replace("P99", "P1") == text_of(await front.say("Bob", "/rate withdraw P1"))
    assert len(await reports(front, "Ada")) == 1


async def test_ten_people_make_quartiles_from_the_next_batch_on(front: Front) -> None:
    await known(front)
    for name, paid in zip(PLAYERS, SUMS, strict=True):
        await share(front, name, f"violin, session, London, £{paid}/call")
    assert "Too few people" in await ask(front)
    front.clock.move(WEEK)
    answer = await front.say("Zed", "/rate ask violin session london", place="#hall")
    said = text_of(answer)
    assert "paid £200 to £300 a call; the median is £250" in said
    assert "10 to 14 people, London. Confidence: fair" in said
    assert "not what to charge" in said
    (upload,) = answer.reply.files
    assert upload.content.startswith(b"\x89PNG")
    assert upload.alt is not None
    assert "£200 to £300, median £250" in upload.alt


async def test_five_to_nine_make_a_median_without_a_picture(front: Front) -> None:
    await fill(front, 9)
    answer = await front.say("Zed", "/rate ask violin session london", place="#hall")
    assert "About £250 a call (median, coarsely rounded)" in text_of(answer)
    assert answer.reply.files == ()


async def test_everybody_is_told_the_same_within_a_batch_whatever_happens(front: Front) -> None:
    await fill(front)
    first = await ask(front)
    for name in PLAYERS[:9]:
        await share(front, name, "violin, session, London, £600/call")
        await front.say(name, "/rate withdraw P1")
    front.clock.move(WEEK - timedelta(hours=7))
    assert await ask(front, "Yan") == first
    front.clock.move(timedelta(hours=7))
    assert await ask(front, "Yan") != first


async def test_who_came_in_this_week_does_not_count(front: Front) -> None:
    for name in PLAYERS:
        await share(front, name)
    front.clock.move(WEEK)
    assert "Too few people" in await ask(front)
    front.clock.move(WEEK * 2)
    assert "10 to 14 people" in await ask(front)


async def test_currencies_are_never_mixed_and_another_unit_is_offered(front: Front) -> None:
    await fill(front, 5)
    for name in PLAYERS[5:]:
        await share(front, name, "violin, session, London, €200/call")
    front.clock.move(WEEK)
    assert "5 to 9 people" in await ask(front)
    answer = await front.say("Zed", "/rate ask violin session london unit=hour", place="#hall")
    assert "Too few people" in text_of(answer)
    assert "session a call in EUR" in labels(answer)
    euros = text_of(await front.press("Zed", "session a call in EUR"))
    assert "€200 a call" in euros


async def test_a_town_without_enough_is_widened_and_that_is_said(front: Front) -> None:
    await fill(front)
    said = await ask(front, line="violin session leeds")
    assert "There is no figure for Leeds alone, so this is wider: the UK." in said


async def test_an_entry_can_be_put_right(front: Front) -> None:
    await share(front, "Ada", "violin, session, London, £180/call")
    answer = await front.press("Ada", "Fix")
    assert answer.reply.form is not None
    assert dict(answer.reply.form.values)["paid"] == "180.00 GBP/call"
    person = await front.person("Ada")
    (before,) = await reports(front, "Ada")
    async with front.tools.open_work() as work:
        front.clock.move(WEEK)
        changed = replace(before, base=Money(19_000, "GBP"), changed_at=front.clock.now())
        assert await work.rates.change(changed) == changed
        assert await work.rates.change(replace(changed, person_id=person.id + 1)) is None
        await work.commit()
    assert "£190" in text_of(await front.say("Ada", "/rate mine"))


async def test_withdrawing_can_be_undone_and_then_counts(front: Front) -> None:
    await fill(front)
    await front.say("Ada", "/rate withdraw P1")
    assert await reports(front, "Ada") == []
    await front.press("Ada", "Undo")
    assert len(await reports(front, "Ada")) == 1


async def test_a_withdrawn_fifth_takes_the_figure_with_them(front: Front) -> None:
    await fill(front, 5)
    assert "5 to 9 people" in await ask(front)
    await front.say("Ada", "/rate withdraw P1")
    assert "5 to 9 people" in await ask(front)
    front.clock.move(WEEK)
    assert "Too few people" in await ask(front)


async def test_where_moderators_do_not_want_figures_there_are_none(front: Front) -> None:
    await fill(front)
    call: Call = await front.call("Ada", "#hall")
    assert call.community_id is not None
    async with front.tools.open_work() as work:
        await work.communities.set_setting(call.community_id, "community_rates", False)
        await work.commit()
    said = await ask(front)
    assert "keeps no figures" in said
    assert "Published" in said
    assert "£250" not in said
    assert "keeps no figures" in text_of(await share(front, "Ada"))


async def test_two_processes_make_a_batch_once(front: Front) -> None:
    await fill(front)
    now = front.clock.now()
    done = await asyncio.gather(*(batches.refresh_all(front.tools.open_work, now) for _ in range(3)))
    assert sum(done) == 1
    assert await batches.refresh_all(front.tools.open_work, now) == 0
    assert "10 to 14 people" in await ask(front)


async def test_what_is_erased_is_gone_from_the_reports(front: Front) -> None:
    await fill(front)
    person = await front.person("Ada")
    async with front.tools.open_work() as work:
        assert len((await work.export(person.id))["rate_reports"]) == 1
        await work.forget(person.id)
        await work.commit()
    async with front.tools.open_work(reading=True) as work:
        assert await work.rates.of(person.id) == []


@pytest.mark.parametrize("line", ["violin, session, London, quote", "violin, session, London, unpaid"])
async def test_only_what_was_paid_is_taken(front: Front, line: str) -> None:
    await share(front, "Ada", line)
    assert await reports(front, "Ada") == []


async def test_while_figures_are_counted_anybody_may_write(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch keeps nobody from sharing; what comes meanwhile waits for the next one."""
    await fill(front)
    beginning, asked = asyncio.Event(), asyncio.Event()
    publish = offline

    async def held(*args: Any) -> Any:
        beginning.set()
        await asked.wait()
        return await publish(*args)

    monkeypatch.setattr("cogs.rates.batches.offline", held)
    batch = asyncio.create_task(batches.refresh_all(front.tools.open_work, front.clock.now()))
    await beginning.wait()
    await asyncio.wait_for(share(front, "Zed", "violin, session, London, £900/call"), 5)
    asked.set()
    assert await batch == 1
    assert "10 to 14 people" in await ask(front)


async def test_the_kind_of_work_asked_about_is_counted_however_long_it_takes(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(front)
    for name in PLAYERS:
        await share(front, name, "violin, tour, London, £150/day")
    front.clock.move(WEEK)
    monkeypatch.setattr(batches, "_PATIENCE", 0)
    answer = await front.say("Zed", "/rate ask violin tour london", place="#hall")
    assert "£150" in text_of(answer)
    assert not any("session" in label for label in labels(answer))
    monkeypatch.undo()
    again = await front.say("Zed", "/rate ask violin tour london", place="#hall")
    assert any("session" in label.casefold() for label in labels(again))


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        ("violin, session, London, £180/call, extras 35", ("Where: London, the UK", "£180 a call, extras £35")),
        ("violin session london £180 a call last month", ("Where: London, the UK", "Month: Oct 2026")),
        ("drums, live, March, £100, in October", ("Where: March", "Month: Oct 2026")),
        ("drums, live, Leeds, £100 + £20", ("Paid: £100 for the whole gig, extras £20", "Month: Nov 2026")),
    ],
)
async def test_extras_and_the_month_are_no_part_of_the_place(front: Front, line: str, facts: tuple[str, ...]) -> None:
    said = text_of(await front.say("Ada", f"/rate share {line}"))
    for fact in facts:
        assert fact in said
