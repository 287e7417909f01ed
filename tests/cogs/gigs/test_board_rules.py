"""What a community's rules say to a post: pure, and then at the board itself, for new posts and for changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.gigs.board_rules import Standing, missing, refusal
from cogs.kit.call import Call, Place, Right
from storage.records.board_rules import RULES, BoardRules, Needed, Posters
from storage.records.gig import GigState
from storage.records.moderation import Alarm, Mute
from tests.cogs.front import labels, text_of
from tests.cogs.gigs.front import LINE, MODERATOR, Board
from tests.cogs.gigs.test_screening import gig

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def call(**more: object) -> Call:
    made = Call(
        person_id=1, name="Bob", community_id=1, surface="discord", place=Place("discord:1", shared=True), now=NOW
    )
    return replace(made, **more)  # type: ignore[arg-type]  # fields of a call


def why(rules: BoardRules, standing: Standing | None = None, **more: object) -> str:
    new = bool(more.pop("new", True))
    fault = refusal(rules, standing or Standing(), call(**more), new=new)
    return "" if fault is None else str(fault)


MODERATES = frozenset({Right.MEMBER, Right.MODERATE})


def test_without_rules_everybody_may_post() -> None:
    assert why(BoardRules()) == ""


def test_who_may_post() -> None:
    assert "Moderators alone" in why(BoardRules(posters=Posters.MODERATORS))
    assert why(BoardRules(posters=Posters.MODERATORS), rights=MODERATES) == ""
    fixers = BoardRules(posters=Posters.ROLES, roles=("Fixer", "Band Leader"))
    assert "the role Fixer or Band Leader" in why(fixers, roles=frozenset({"drums"}))
    assert why(fixers, roles=frozenset({"band leader"})) == ""


def test_an_account_must_have_its_age_where_the_platform_tells_it() -> None:
    rules = BoardRules(account_days=30)
    assert "yours is 29 days old" in why(rules, account_made=NOW - timedelta(days=30) + timedelta(seconds=1))
    assert why(rules, account_made=NOW - timedelta(days=30)) == ""
    assert why(rules, account_made=None) == ""


@given(limit=st.integers(1, 5), ages=st.lists(st.integers(0, 86_399), max_size=8))
def test_the_limit_of_posts_counts_the_last_day(limit: int, ages: list[int]) -> None:
    posted = sorted(NOW - timedelta(seconds=age) for age in ages)
    fault = refusal(BoardRules(posts_a_day=limit), Standing(posted=posted), call())
    assert (fault is None) is (len(posted) < limit)
    if fault is not None:
        until = fault.until  # type: ignore[attr-defined]  # TryLater
        assert NOW < until <= NOW + timedelta(days=1)
        # When that time has come, there is room again.
        assert sum(one > until - timedelta(days=1) for one in posted) < limit


def test_a_change_counts_towards_no_limit() -> None:
    full = Standing(posted=[NOW] * 3)
    assert why(BoardRules(posts_a_day=3), full) != ""
    assert why(BoardRules(posts_a_day=3), full, new=False) == ""


def test_a_mute_binds_moderators_too() -> None:
    mute = Mute(community_id=1, person_id=1, until=NOW + timedelta(days=3), reason="four times the same", made_at=NOW)
    assert "four times the same" in why(BoardRules(), Standing(mute=mute), rights=MODERATES)


def test_what_is_missing_comes_in_a_fixed_order() -> None:
    rules = BoardRules(needed=(Needed.PAYS, Needed.LENGTH, Needed.AMOUNT))
    assert missing(rules, gig()) == [Needed.LENGTH, Needed.PAYS]
    assert missing(rules, gig(pays="the client")) == [Needed.LENGTH]


settings = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
NAMES = ("posters", "roles", "needed", "account_days", "posts_a_day", "days", "check_edits", "screen", "report_channel")


@given(st.dictionaries(st.sampled_from(NAMES), settings))
def test_whatever_was_kept_is_read(kept: dict[str, object]) -> None:
    """An older or newer program may have written it."""
    rules = BoardRules.of({RULES: kept})
    assert BoardRules.of({RULES: rules.kept()}) == rules


# --- at the board -----------------------------------------------------------------------------------------------------


async def rule(board: Board, **rules: object) -> None:
    post = await board.call("Ada", "#gigs")
    async with board.tools.open_work() as work:
        assert post.community_id is not None
        await work.communities.set_setting(post.community_id, RULES, BoardRules(**rules).kept())  # type: ignore[arg-type]
        await work.commit()


async def test_what_a_post_lacks_is_asked_for_and_the_rest_is_kept(board: Board) -> None:
    await rule(board, needed=(Needed.LENGTH,))
    asked = await board.say("Ada", LINE, place="#gigs")
    assert "one more thing: length" in text_of(asked)
    assert "Skip" not in labels(asked)

    posted = await board.say("Ada", "3 hours", place="#gigs")

    assert "Posted G1" in text_of(posted)
    assert (await board.gig(1)).where == "Leeds"


async def test_a_refused_post_is_kept_for_another_day(board: Board) -> None:
    await rule(board, posts_a_day=1)
    await board.post()

    second = await board.say("Ada", LINE.replace("drums", "bass"), place="#gigs")
    assert "1 post a person in 24 hours" in text_of(second)
    assert "What you typed is kept" in text_of(second)

    await board.pass_by(days=1)
    call_ = await board.call("Ada", "#gigs")
    taken_up = await board.desk.resume(call_)
    assert taken_up.reply.form is not None
    assert taken_up.reply.form.values["fee"] == "£220"


async def test_the_community_says_how_long_a_post_stays_up(board: Board) -> None:
    await rule(board, days=2)
    found = await board.gig(await board.post())

    assert found.expires_at == found.posted_at + timedelta(days=2)


async def test_a_change_may_not_take_out_what_is_asked_for(board: Board) -> None:
    given = {"role": "drums", "when": "Sat 28 Nov 19:30", "where": "Leeds", "fee": "£220", "length": "3 hours"}
    await board.desk.command(await board.call("Ada", "#gigs"), "gig post", given)
    await rule(board, needed=(Needed.LENGTH, Needed.PAYS))

    refused = await board.say("Ada", "/gig edit id=G1 field=length value=-")
    allowed = await board.say("Ada", "/gig edit id=G1 field=where value=York")  # what it never said stays unsaid

    assert "one more thing: length" in text_of(refused)
    assert "Changed G1" in text_of(allowed)


async def shady(board: Board, who: str = "Ada") -> int:
    given = {"role": "drums", "when": "Sat 28 Nov 19:30", "where": "Leeds", "fee": "£220"}
    what = "You get a cheque: bank the cheque and send the rest to my driver"
    await board.desk.command(await board.call(who, "#gigs"), "gig post", {**given, "what": what})
    await board.deliver()
    return 1


async def test_what_gives_pause_hangs_nowhere_and_tells_nobody(board: Board) -> None:
    await board.say("Cleo", "/watch drums how=dm", place="#gigs")
    gig_id = await shady(board)

    assert (await board.gig(gig_id)).state is GigState.REVIEW
    assert not [one for one in board.sender.sent if "Drum" in text_of(one.reply)]
    assert "no gig G1" in text_of(await board.say("Cleo", "/gig show G1"))
    assert "no gig G1" in text_of(await board.give("Cleo", gig_id))
    assert "G1" not in text_of(await board.say("Cleo", "/gigs", place="#gigs"))


async def test_mended_it_goes_up_and_watchers_hear(board: Board) -> None:
    await board.say("Cleo", "/watch drums how=dm", place="#gigs")
    gig_id = await shady(board)

    changed = await board.say("Ada", "/gig edit id=G1 field=what value=Ceilidh")

    assert "It goes up on the board" in text_of(changed)
    assert (await board.gig(gig_id)).state is GigState.OPEN
    sent = [text_of(one.reply) for one in await board.deliver()]
    assert len([one for one in sent if "Drum kit wanted" in one]) == 2  # the card, and Cleo's


async def test_a_change_is_looked_through_too(board: Board) -> None:
    gig_id = await board.post()
    await board.give("Cleo", gig_id)

    changed = await board.say("Ada", '/gig edit id=G1 field=what value="pay is in bitcoin only"')

    assert "waits for a moderator" in text_of(changed)
    assert "is off the board" in text_of(await board.card(gig_id))
    assert await board.letters("Cleo") == []  # nobody is accused before somebody has looked
    async with board.tools.open_work(reading=True) as work:
        kept = await work.moderation.withheld(gig_id)
    assert kept is not None
    assert (kept.alarms, kept.hung, kept.state) == ((Alarm.COINS,), True, GigState.OPEN)


async def test_a_community_can_do_without_the_screen(board: Board) -> None:
    await rule(board, screen=False)
    gig_id = await shady(board)

    assert (await board.gig(gig_id)).state is GigState.OPEN


async def test_words_copied_from_somebody_else_give_pause(board: Board) -> None:
    words = "Ten-piece soul band, three sets of forty-five, lounge suits, food, parking and a proper green room"
    given = {"role": "drums", "when": "Sat 28 Nov 19:30", "where": "Leeds", "fee": "£220", "what": words}
    await board.desk.command(await board.call("Ada", "#gigs"), "gig post", given)

    again = await board.desk.command(await board.call("Ada", "#gigs"), "gig post", {**given, "role": "bass"})
    copied = await board.desk.command(await board.call("Bob", "#gigs"), "gig post", {**given, "role": "keys"})

    assert "Posted G2" in text_of(again)  # one's own words for another chair
    assert "the words of somebody else's post" in text_of(copied)


@pytest.mark.parametrize("deed", ["closed", "changed"])
async def test_what_a_moderator_does_to_a_post_is_in_the_log(board: Board, deed: str) -> None:
    await board.post()
    line = "/gig close G1 cancelled" if deed == "closed" else "/gig edit id=G1 field=where value=York"
    await board.say(MODERATOR, line, place="#gigs")

    async with board.tools.open_work(reading=True) as work:
        (entry,) = await work.audit.of(1, limit=9)
    assert (entry.act, entry.subject, entry.actor) == (deed, "G1", MODERATOR)
