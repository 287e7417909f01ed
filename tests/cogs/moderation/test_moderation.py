"""Reports, the queue and its deeds: who learns what, and what is left as it was."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.desk.answer import Answer
from cogs.gigs.answers_cog import AnswersCog
from cogs.gigs.cog import GigsCog
from cogs.gigs.find_cog import FindCog
from cogs.gigs.fix_cog import FixCog
from cogs.gigs.moderated import ModeratedBoard
from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.cog import Cog
from cogs.kit.tools import Tools
from cogs.moderation.cog import ModCog
from cogs.setup.community_cog import CommunityCog
from cogs.setup.log_cog import LogCog
from storage.records.gig import GigState
from storage.records.moderation import AuditEntry
from storage.records.notice import NewNotice
from storage.work import OpenWork
from tests.cogs.front import Hall, text_of
from tests.conftest import MovableClock

LINE = "/gig drums, Sat 28 Nov 19:30, Leeds, £220, function"


def furnish(tools: Tools) -> Sequence[Cog]:
    return (
        GigsCog(tools),
        FixCog(tools),
        AnswersCog(tools),
        FindCog(tools),
        ModCog(tools, ModeratedBoard()),
        CommunityCog(tools),
        LogCog(tools),
    )


class Court(Hall):
    """The hall with a board, and Mo who moderates it."""

    moderator = "Mo"

    async def open(self) -> Court:
        mo = await self.call("Mo", "#gigs")
        async with self.tools.open_work() as work:
            assert mo.place.channel_id is not None
            await work.communities.change_channel(mo.place.channel_id, board=True)
            await work.commit()
        return self

    async def press_id(self, name: str, action_id: str) -> Answer:
        await self.call(name, "#gigs")  # who presses is a member
        return await super().press_id(name, action_id)

    async def post(self, who: str = "Ada", text: str = LINE) -> int:
        answer = await self.say(who, text, place="#gigs")
        await self.deliver()
        return int(text_of(answer).split("Posted G")[1].split(":")[0])

    async def do(self, who: str, name: str, **given: str) -> Answer:
        return await self.desk.command(await self.call(who, "#gigs"), name, given)

    async def report(self, who: str, gig_id: int, reason: str = "scam", note: str = "") -> Answer:
        return await self.do(who, "gig report", id=f"G{gig_id}", reason=reason, note=note)

    async def state(self, gig_id: int) -> GigState:
        async with self.tools.open_work(reading=True) as work:
            gig = await work.gigs.get(gig_id)
        assert gig is not None
        return gig.state

    async def log(self) -> list[AuditEntry]:
        async with self.tools.open_work(reading=True) as work:
            return await work.audit.of(1, limit=50)

    async def letters(self, who: str) -> list[str]:
        return [text_of(one.reply) for one in await self.deliver() if one.target.dest == f"dm:{who.casefold()}"]


@pytest.fixture
async def court(open_work: OpenWork, clock: MovableClock) -> Court:
    return await Court(open_work, clock, furnish).open()


async def test_one_report_a_person_and_no_more_than_is_fair(court: Court) -> None:
    ids = [await court.post("Ada", LINE.replace("£220", f"£{200 + n}")) for n in range(11)]
    assert "Thank you" in text_of(await court.report("Bob", ids[0]))
    assert "reported G1 before" in text_of(await court.report("Bob", ids[0], "unsafe"))
    for gig_id in ids[1:10]:
        await court.report("Bob", gig_id)

    assert "many reports in one day" in text_of(await court.report("Bob", ids[10]))


async def test_a_report_by_the_menu_of_a_message_finds_the_gig_in_it(court: Court) -> None:
    await court.post()

    asked = await court.do("Bob", "gig report", message="Drum kit wanted\nG1 Open\nWhen: Sat 28 Nov 2026")
    done = await court.say("Bob", "scam")
    lost = await court.do("Bob", "gig report", message="Anybody got a spare lead?")

    assert "What is wrong with G1?" in text_of(asked)
    assert "Thank you" in text_of(done)
    assert "Which gig is it about?" in text_of(lost)


async def test_the_queue_says_how_many_and_why_and_never_who(court: Court) -> None:
    gig_id = await court.post()
    await court.report("Bob", gig_id, "scam", "asked me for a deposit")
    await court.report("Cleo", gig_id, "scam")
    await court.report("Dan", gig_id, "unsafe")

    shown = text_of(await court.do("Mo", "mod queue"))

    assert "3 reports: scam (2), unsafe. “asked me for a deposit”" in shown
    assert not [name for name in ("Bob", "Cleo", "Dan") if name in shown]


async def test_settled_reports_wait_no_longer_and_the_log_says_why(court: Court) -> None:
    gig_id = await court.post()
    await court.report("Bob", gig_id)
    kept = await court.do("Mo", "mod keep", id="G1", reason="known band")

    assert "stays up" in text_of(kept)
    assert "Nothing waits" in text_of(await court.do("Mo", "mod queue"))
    assert "Nothing waits about G1" in text_of(await court.do("Mo", "mod keep", id="G1", reason="again"))
    (entry,) = await court.log()
    assert (entry.act, entry.actor, entry.subject, entry.reason) == ("kept", "Mo", "G1", "known band")


async def test_taken_down_the_poster_alone_reads_why_and_can_answer(court: Court) -> None:
    gig_id = await court.post()
    await court.press_id("Cleo", action("answers.give", gig_id, "ink"))
    await court.deliver()

    await court.do("Mo", "mod remove", id="G1", reason="players were not paid")
    sent = await court.deliver()
    to = {one.target.dest: text_of(one.reply) for one in sent}

    assert "“players were not paid”" in to["dm:ada"]
    assert "was taken off the board by the moderators" in to["dm:cleo"]
    assert "not paid" not in to["dm:cleo"]
    hung = [text_of(reply) for _, reply in court.sender.redrawn]
    assert "is off the board" in hung[-1]
    assert "Leeds" not in hung[-1]
    answer = await court.desk.press(
        await court.call("Ada"), action("mod.answer", gig_id), {"text": "That was another band"}
    )
    assert "Passed on" in text_of(answer)
    assert (await court.log())[0].reason == "That was another band"
    stranger = await court.desk.press(await court.call("Cleo"), action("mod.answer", gig_id), {"text": "x"})
    assert "no gig G1" in text_of(stranger)


@pytest.mark.parametrize("state", ["open", "held", "filled", "cancelled", "postponed"])
async def test_put_back_it_is_as_it_was(court: Court, state: str) -> None:
    gig_id = await court.post()
    await court.press_id("Cleo", action("answers.give", gig_id, "ink"))
    if state in ("held", "filled"):
        await court.press_id("Ada", action("answers.pick", 1, "inked" if state == "filled" else "pencilled"))
    if state in ("cancelled", "postponed"):
        await court.press_id("Ada", action("gigs.end", gig_id, state))
    await court.deliver()
    before = await court.state(gig_id)
    assert before.value == state

    await court.do("Mo", "mod remove", id="G1", reason="a mistake")
    assert await court.state(gig_id) is GigState.REMOVED
    await court.do("Mo", "mod restore", id="G1", reason="sorry")

    assert await court.state(gig_id) is before
    async with court.tools.open_work(reading=True) as work:
        assert len(await work.answers.to(gig_id)) == 1
        assert await work.moderation.withheld(gig_id) is None


async def test_taking_down_can_be_taken_back_at_once(court: Court) -> None:
    await court.post()
    removed = await court.do("Mo", "mod remove", id="G1", reason="a mistake")
    undo = next(b for b in removed.reply.buttons if b.label == "Undo")

    call = await court.call("Mo", "#gigs")
    await court.desk.press(call, undo.action)  # type: ignore[union-attr]  # an ordinary button

    assert await court.state(1) is GigState.OPEN
    assert "is off the board" not in str(await court.letters("Ada"))  # it was not sent yet, and is no longer true


async def test_of_two_moderators_at_once_one_decides(court: Court) -> None:
    await court.post()
    call = await court.call("Mo", "#gigs")

    answers = await asyncio.gather(
        *(court.desk.command(call, "mod remove", {"id": "G1", "reason": f"reason {n}"}) for n in range(4))
    )

    assert len([one for one in answers if "is off the board. Its card" in text_of(one)]) == 1
    assert len([entry for entry in await court.log() if entry.act == "removed"]) == 1


async def test_a_pause_ends_by_itself_and_can_be_lifted(court: Court) -> None:
    await court.post()
    muted = await court.do("Mo", "mod mute_posts", id="G1", reason="four times the same", **{"for": "2 days"})
    assert "Ada can post and change no gigs here until" in text_of(muted)
    assert "four times the same" in str(await court.letters("Ada"))
    assert "paused your posts" in text_of(await court.say("Ada", LINE, place="#gigs"))
    assert "paused your posts" in text_of(await court.say("Ada", "/gig edit id=G1 field=where value=York"))

    await court.pass_by(days=2, seconds=1)
    assert "Posted" in text_of(await court.say("Ada", LINE, place="#gigs"))

    await court.do("Mo", "mod mute_posts", id="G1", reason="again")
    await court.do("Mo", "mod unmute_posts", player="@Ada", reason="we talked")
    assert "Posted" in text_of(await court.say("Ada", LINE.replace("220", "230"), place="#gigs"))


async def test_nobody_pauses_themselves(court: Court) -> None:
    await court.post("Mo")

    assert "yourself" in text_of(await court.do("Mo", "mod mute_posts", id="G1", reason="tired"))


async def test_the_report_channel_hears_once_an_hour_and_no_names(court: Court) -> None:
    gig_id = await court.post()
    await court.call("Mo", "#mods")
    await court.do("Mo", "setup rules", report_channel="#mods")
    await court.report("Bob", gig_id)
    await court.report("Cleo", gig_id)

    told = [text_of(one.reply) for one in await court.deliver() if one.target.dest == "#mods"]

    assert len(told) == 1
    assert "G1 wants a moderator's eye." in told[0]
    assert "Bob" not in told[0]


# --- rights -----------------------------------------------------------------------------------------------------------

DEEDS = (
    *("mod.page", "mod.remove", "mod.restore", "mod.undone", "mod.keep", "mod.mute", "mod.unmute"),
    *("log.page", "log.health", "log.file"),
    *("community.rules", "community.roles", "community.back"),
)


@pytest.mark.parametrize("name", DEEDS)
async def test_members_press_no_moderators_button(court: Court, name: str) -> None:
    await court.post()
    takes = name.startswith("mod.") or name == "log.page"
    pressed = action(name, 1) if takes else action(name)

    for place in ("#gigs", "dm"):
        answer = await court.desk.press(await court.call("Cleo", place), pressed, {"reason": "because"})
        assert "Only moderators" in text_of(answer)
    assert await court.log() == []


async def test_a_form_opened_by_a_moderator_is_not_handed_in_by_one_no_more(court: Court) -> None:
    await court.post()
    opened = await court.desk.press(await court.call("Mo", "#gigs"), action("mod.remove", 1))
    assert opened.draft is not None

    no_longer: Call = replace(await court.call("Mo", "#gigs"), rights=(await court.call("Cleo", "#gigs")).rights)
    for answer in (
        await court.desk.submit(no_longer, opened.draft, {"reason": "because"}),
        await court.desk.heard(no_longer, "because", anywhere=True),
        await court.desk.resume(no_longer, opened.draft),
    ):
        assert answer is not None
        assert "Only moderators" in text_of(answer)

    assert await court.state(1) is GigState.OPEN
    again = await court.desk.submit(await court.call("Mo", "#gigs"), opened.draft, {"reason": "because"})
    assert "is off the board" in text_of(again)


async def test_another_communitys_moderator_finds_nothing(court: Court) -> None:
    await court.post()
    other = replace(await court.call("Mo", "#gigs"), community_id=999)

    answers = [text_of(await court.desk.command(other, "mod remove", {"id": f"G{n}", "reason": "x"})) for n in (1, 987)]

    assert answers[0].replace("G1", "G987") == answers[1]
    assert await court.state(1) is GigState.OPEN


# --- health -----------------------------------------------------------------------------------------------------------


async def ail(court: Court, name: str) -> None:
    """Posts to a channel are refused from now on."""
    call = await court.call("Mo", name)
    async with court.tools.open_work() as work:
        assert call.place.channel_id is not None
        await work.notices.set_channel_trouble(call.place.channel_id, "I may not write there")
        await work.commit()


async def digests(court: Court) -> list[str]:
    (cog,) = [one for one in court.cogs if isinstance(one, LogCog)]
    await cog.digests(court.clock.now())
    return [text_of(one.reply) for one in await court.deliver() if "could not be posted" in text_of(one.reply)]


async def test_the_digest_comes_once_a_day_from_nine_on_and_not_when_all_is_well(court: Court) -> None:
    await court.call("Mo", "#mods")
    await court.do("Mo", "setup rules", report_channel="#mods")
    await court.do("Mo", "setup words", zone="Leeds")
    assert await digests(court) == []  # all is well

    await ail(court, "#gigs")
    assert "something could not be posted" in (await digests(court))[0]
    assert await digests(court) == []
    await court.pass_by(hours=12)
    assert await digests(court) == []  # ten in the evening, the same day
    await court.pass_by(hours=8)
    assert await digests(court) == []  # the next day, but six in the morning
    await court.pass_by(hours=4)
    assert len(await digests(court)) == 1


async def test_the_digest_is_spared_where_a_missing_right_was_told_today(court: Court) -> None:
    mods = await court.call("Mo", "#mods")
    await court.do("Mo", "setup rules", report_channel="#mods")
    await ail(court, "#gigs")
    now = court.clock.now()
    told = NewNotice(
        kind="rights.missing",
        channel_id=mods.place.channel_id,
        args={"channel": 1},
        due_at=now,
        key=f"rights.missing:1:{now:%Y%m%d}",
    )
    async with court.tools.open_work() as work:
        await work.notices.add(told, now)
        await work.commit()

    assert await digests(court) == []
    await court.pass_by(hours=24)
    assert len(await digests(court)) == 1


async def test_health_shows_what_is_paused_and_what_was_lost(court: Court) -> None:
    await ail(court, "#gigs")

    shown = text_of(await court.do("Mo", "setup health"))

    assert "Something wants mending" in shown
    assert "I may not write there" in shown


async def test_the_log_outlives_who_wrote_it(court: Court) -> None:
    await court.post()
    await court.do("Mo", "mod remove", id="G1", reason="not paid")
    mo = await court.person("Mo")
    async with court.tools.open_work() as work:
        await work.forget(mo.id)
        await work.commit()

    (entry,) = await court.log()

    assert (entry.act, entry.reason, entry.actor_id, entry.actor) == ("removed", "not paid", None, None)


async def test_days_pass_in_the_log_as_they_were(court: Court) -> None:
    """Newest first, a page at a time."""
    for days in (1, 2, 3, 4, 5, 6, 7, 8, 9):
        await court.do("Mo", "setup rules", days=str(days))
        await court.pass_by(minutes=1)

    first = text_of(await court.do("Mo", "setup audit"))
    second = text_of(await court.desk.press(await court.call("Mo", "#gigs"), action("log.page", 1)))

    assert "9 lines" in first
    assert "Days up: 9 days, was 8 days" in first
    assert "Days up: 1 days, was 30 days" not in first
    assert "Days up: 1 days, was 30 days" in second
