"""A group's timer: one card, anybody joins, each break said once, the leader's rights, many groups at once."""

from __future__ import annotations

import asyncio

import pytest

from bot.desk.budgets import PACES
from cogs.kit.action import action
from tests.bot.desk.courier_parts import Delivered
from tests.cogs.front import text_of
from tests.cogs.wellness.front import MODERATOR, Studio, at


def in_group(sent: list[Delivered], place: str = "#band") -> list[str]:
    return [one.text.splitlines()[0] for one in sent if one.target.dest == place]


def card_now(studio: Studio) -> str:
    return text_of(studio.sender.redrawn[-1][1])


async def started(studio: Studio, name: str = "Ada", place: str = "#band", mode: str = "rehearsal") -> None:
    answer = await studio.say(name, f"/break {mode}", place=place)
    assert "The timer runs" in text_of(answer)
    assert answer.private
    await studio.pass_by(seconds=1)


async def test_the_card_hangs_and_is_drawn_anew_in_place(studio: Studio) -> None:
    await started(studio)
    assert in_group(studio.sender.sent) == ["Rehearsal timer: 50 min, then 10 min off"]
    assert studio.sender.sent[0].silent

    await studio.press_id("Bob", action("together.join", 1))
    await studio.pass_by(seconds=10)

    assert "In: Ada, Bob" in card_now(studio)
    assert len(in_group(studio.sender.sent)) == 1  # no second card
    await studio.press_id("Bob", action("together.leave", 1))
    await studio.pass_by(seconds=10)
    assert "In: Ada\n" in card_now(studio)


async def test_a_break_is_announced_once_silently_and_told_only_to_who_asked(studio: Studio) -> None:
    await started(studio)
    await studio.press_id("Bob", action("together.join", 1))
    await studio.press_id("Cleo", action("together.tell", 1))

    sent = await studio.until(at("11:05"))

    announced = [one for one in sent if one.target.dest == "#band"]
    assert [one.text.splitlines()[0].split(",")[0] for one in announced] == ["Break: 10 minutes"]
    assert announced[0].silent
    assert announced[0].reply.ping_role is None
    private = [(one.target.account, one.text.split(":")[0].split(".")[0]) for one in sent if one.target.account]
    assert private == [("cleo", "The group's break"), ("cleo", "Back to the rehearsal")]
    assert "Playing until" in card_now(studio)

    await studio.press_id("Cleo", action("together.hush", 1))
    assert [one for one in await studio.until(at("12:01")) if one.target.account] == []


async def test_each_who_shares_it_has_the_break_in_their_stats(studio: Studio) -> None:
    await started(studio)
    await studio.press_id("Bob", action("together.join", 1))
    await studio.until(at("10:51"))

    assert "Taken: 1" in text_of(await studio.say("Bob", "/break stats"))
    assert "No breaks" in text_of(await studio.say("Cleo", "/break stats"))


async def test_joining_ends_ones_own_timer_and_starting_one_leaves_the_group(studio: Studio) -> None:
    await started(studio)
    await studio.say("Bob", "/break practice")
    assert "Your practice timer ended" in text_of(await studio.press_id("Bob", action("together.join", 1)))
    assert [one for one in await studio.until(at("10:27")) if one.target.account == "bob"] == []

    assert "left the group's" in text_of(await studio.say("Bob", "/break desk"))
    await studio.pass_by(seconds=10)
    assert "In: Ada\n" in card_now(studio)


async def test_only_the_leader_or_a_moderator_extends_or_ends(studio: Studio) -> None:
    await started(studio)
    for deed in ("extend", "end", "again"):
        assert "Only whoever leads" in text_of(await studio.press_id("Bob", action(f"together.{deed}", 1)))

    assert "5 minutes more" in text_of(await studio.press_id("Ada", action("together.extend", 1)))
    assert in_group(await studio.until(at("10:54"))) == []
    assert in_group(await studio.until(at("10:56")))[0].startswith("Break: 10")

    call = await studio.call(MODERATOR, "#band")
    answer = await studio.desk.press(call, action("together.end", 1))
    assert "has ended" in text_of(answer)
    assert "has ended" in text_of(await studio.press_id("Bob", action("together.join", 1)))
    assert in_group(await studio.until(at("13:00"))) == []
    assert "ended" in card_now(studio)


async def test_an_end_can_be_taken_back(studio: Studio) -> None:
    await started(studio)
    await studio.press_id("Ada", action("together.end", 1))
    await studio.press("Ada", "Undo")

    assert in_group(await studio.pass_by(minutes=51))[0].startswith("Break: 10")


async def test_the_leader_leaves_and_the_next_one_leads_and_the_last_one_ends_it(studio: Studio) -> None:
    await started(studio)
    await studio.press_id("Bob", action("together.join", 1))
    await studio.press_id("Ada", action("together.leave", 1))
    await studio.pass_by(seconds=10)
    assert "Leads: Bob" in card_now(studio)
    assert "Only whoever leads" in text_of(await studio.press_id("Ada", action("together.end", 1)))

    assert "Nobody was left" in text_of(await studio.press_id("Bob", action("together.leave", 1)))
    assert in_group(await studio.until(at("12:00"))) == []


async def test_one_timer_in_a_channel_and_many_groups_at_once(studio: Studio) -> None:
    await started(studio)
    assert "runs here already" in text_of(await studio.say("Bob", "/break session", place="#band"))
    for number in range(12):
        await started(studio, f"L{number}", f"#b{number}", "session" if number % 2 else "rehearsal")

    sent = await studio.until(at("11:30"))

    for number in range(12):
        assert sum(text.startswith("Break: ") for text in in_group(sent, f"#b{number}")) == 1


@pytest.mark.usefixtures("anywhere")
async def test_two_starts_at_once_make_one_timer(studio: Studio) -> None:
    calls = [await studio.call(name, "#band") for name in ("Ada", "Bob", "Cleo")]

    answers = await asyncio.gather(*(studio.desk.command(one, "break start", {"mode": "rehearsal"}) for one in calls))

    assert sorted("runs here already" in text_of(one) for one in answers) == [False, True, True]


async def test_a_stranger_cannot_join_by_a_guessed_number(studio: Studio) -> None:
    await started(studio)

    assert "no such timer" in text_of(await studio.press_id("Eve", action("together.join", 1)))
    assert "no such timer" in text_of(await studio.press_id("Ada", action("together.join", 7)))


async def test_joins_in_a_crowd_cost_few_edits(studio: Studio) -> None:
    """Telegram takes 20 messages a minute in a group; redraws asked for before one is drawn are one."""
    await started(studio)
    for number in range(15):
        await studio.press_id(f"P{number}", action("together.join", 1))
    before = len(studio.sender.redrawn)

    await studio.pass_by(seconds=1)

    assert len(studio.sender.redrawn) - before == 1
    assert "and 4 more" in card_now(studio)
    assert PACES["telegram"].apart_in_groups >= 3


async def test_a_group_that_put_the_bot_out_has_no_timer_left(studio: Studio) -> None:
    await started(studio)
    community = (await studio.call("Ada", "#band")).community_id
    assert community is not None
    async with studio.tools.open_work() as work:
        await work.communities.deactivate(community)
        await work.commit()

    await studio.until(at("16:00"))

    async with studio.tools.open_work(reading=True) as work:
        timer = await work.breaks.get(1)
    assert timer is not None
    assert not timer.runs


async def test_a_leader_who_is_erased_hands_it_on(studio: Studio) -> None:
    await started(studio)
    await studio.press_id("Bob", action("together.join", 1))
    ada = await studio.person("Ada")
    async with studio.tools.open_work() as work:
        for cog in studio.cogs:
            await cog.farewell(ada.id, work, studio.clock.now())
        await work.forget(ada.id)
        await work.commit()

    sent = await studio.until(at("10:51"))

    assert in_group(sent)[0].startswith("Break: 10")
    assert "Leads: Bob" in card_now(studio)


async def test_a_groups_timer_of_any_lengths_is_started_where_it_hangs(studio: Studio) -> None:
    assert "The timer runs" in text_of(await studio.say("Ada", "/break group own 40/10", place="#band"))
    assert in_group(await studio.pass_by(minutes=41)) == [
        "Own timer: 40 min, then 10 min off",
        in_group(studio.sender.sent)[1],
    ]
    assert in_group(studio.sender.sent)[1].startswith("Break: 10")
    assert "hangs in the group" in text_of(await studio.say("Bob", "/break group rehearsal"))
    assert "belongs to a community" in text_of(await studio.say("Eve", "/break group rehearsal"))


async def test_a_restart_in_a_break_says_nothing_twice(studio: Studio) -> None:
    await started(studio)
    await studio.until(at("10:51"))

    assert in_group(await studio.away_until(at("10:52"))) == []
    assert in_group(await studio.until(at("11:01"))) == []
    assert "Playing until" in card_now(studio)


@pytest.mark.parametrize("mode", ["practice", "desk"])
async def test_what_is_ones_own_stays_private_in_a_group(studio: Studio, mode: str) -> None:
    answer = await studio.say("Ada", f"/break {mode}", place="#band")
    await studio.pass_by(hours=2)

    assert answer.private
    assert in_group(studio.sender.sent) == []
