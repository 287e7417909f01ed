"""Two communities with one board: who links them, what crosses, and what stays whose."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.answer import Answer
from cogs.gigs.searching import fits
from cogs.kit.action import action
from cogs.kit.reply import Reply
from storage.records.fee import Basis, Fee, Unit
from storage.records.gig import Gig, GigFilter, KindOfWork
from storage.records.link import BoardFilter
from storage.records.money import Money
from storage.records.times import Span
from storage.reference import instruments
from storage.work import OpenWork
from tests.cogs.front import labels, text_of
from tests.cogs.towns import DISCORD, LINE, TELEGRAM, Towns, code_in
from tests.conftest import START, MovableClock

#: Moderates both, from either platform; two people to the program.
MO, MOT = "Mo@discord", "Mo@telegram"
ADA, BOB = "Ada@discord", "Bob@telegram"


SAYS_WHO_PAYS = '/gig post role=drums when="Sat 28 Nov 19:30" where=Leeds fee=£220 pays="the client"'


@pytest.fixture
def towns(open_work: OpenWork, clock: MovableClock) -> Towns:
    return Towns(open_work, clock)


async def link_boards(towns: Towns) -> None:
    code = code_in(await towns.say(MO, "/setup link", place="#gigs"))
    await towns.say(MOT, f"/setup link {code}", place="#gigs")
    linked = await towns.press(MOT, "Link the boards", place="#gigs")
    assert "share their boards now" in text_of(linked)


async def post(towns: Towns, text: str = LINE, who: str = ADA) -> int:
    answer = await towns.say(who, text, place="#gigs")
    assert "Posted G" in text_of(answer), text_of(answer)
    return int(text_of(answer).split("Posted G")[1].split(":")[0])


async def cards(towns: Towns, surface: str) -> list[str]:
    return [text_of(card) for card in await towns.board(surface)]


# --- linking ----------------------------------------------------------------------------------------------------------


async def test_both_sides_say_yes_and_see_both_names(towns: Towns) -> None:
    code = code_in(await towns.say(MO, "/setup link", place="#gigs"))

    asked = await towns.say(MOT, f"/setup link {code}", place="#gigs")

    assert "The Band on Discord offers its board to The Pit on Telegram." in text_of(asked)
    await towns.press(MOT, "Link the boards", place="#gigs")
    assert "The Pit on Telegram has taken the code" in await towns.letter(MO)
    assert "The Pit on Telegram. What comes: everything. What goes: everything." in text_of(
        await towns.say(MO, "/setup links", place="#gigs")
    )


@pytest.mark.parametrize("line", ["/setup link", "/setup links", "/setup unlink", "/setup link 22222222"])
async def test_only_moderators_link(towns: Towns, line: str) -> None:
    assert "Only moderators" in text_of(await towns.say(ADA, line, place="#gigs"))


async def test_a_press_needs_the_right_at_that_moment_and_the_same_hands(towns: Towns) -> None:
    code = code_in(await towns.say(MO, "/setup link", place="#gigs"))
    await towns.say(MOT, f"/setup link {code}", place="#gigs")
    confirm = action("boards.confirm", 1)
    assert "Only moderators" in text_of(await towns.press_id(BOB, confirm, place="#gigs"))
    assert "has run out" in text_of(await towns.press_id(MO, confirm, place="#gigs"))  # made it, did not type it in
    assert "share their boards" in text_of(await towns.press_id(MOT, confirm, place="#gigs"))
    assert "has run out" in text_of(await towns.press_id(MOT, confirm, place="#gigs"))


async def test_whoever_made_the_code_must_still_belong_there(towns: Towns) -> None:
    code = code_in(await towns.say(MO, "/setup link", place="#gigs"))
    await towns.say(MOT, f"/setup link {code}", place="#gigs")
    mo = await towns.person_id(MO)
    async with towns.tools.open_work() as work:
        band = await work.communities.at(DISCORD, "discord-hall")
        assert band is not None
        await work.communities.leave(mo, band.id, towns.clock.now())
        await work.commit()
    assert "has run out" in text_of(await towns.press(MOT, "Link the boards", place="#gigs"))


async def test_a_code_is_for_one_thing_once_and_for_ten_minutes(towns: Towns) -> None:
    code = code_in(await towns.say(MO, "/setup link", place="#gigs"))
    assert "not known" in text_of(await towns.say(BOB, f"/link {code}"))
    assert "made here" in text_of(await towns.say(MO, f"/setup link {code}", place="#gigs"))
    await towns.pass_by(timedelta(minutes=10))
    assert "not known" in text_of(await towns.say(MOT, f"/setup link {code}", place="#gigs"))
    code = code_in(await towns.say(MO, "/setup link", place="#gigs"))
    await towns.say(MOT, f"/setup link {code}", place="#gigs")
    assert "not known" in text_of(await towns.say(MOT, f"/setup link {code}", place="#gigs"))
    await towns.pass_by(timedelta(minutes=10))
    assert "has run out" in text_of(await towns.press_id(MOT, action("boards.confirm", 2), place="#gigs"))


@pytest.mark.usefixtures("anywhere")
async def test_linking_twice_makes_one_link(towns: Towns) -> None:
    code = code_in(await towns.say(MO, "/setup link", place="#gigs"))
    back = code_in(await towns.say(MOT, "/setup link", place="#gigs"))
    await towns.say(MOT, f"/setup link {code}", place="#gigs")
    await towns.say(MO, f"/setup link {back}", place="#gigs")
    said = await asyncio.gather(
        towns.press_id(MOT, action("boards.confirm", 1), place="#gigs"),
        towns.press_id(MO, action("boards.confirm", 2), place="#gigs"),
    )
    assert sorted("share their boards" in text_of(one) for one in said) == [False, True]
    async with towns.tools.open_work(reading=True) as work:
        assert [len(await work.boards.of(n)) for n in (1, 2)] == [1, 1]
    code = code_in(await towns.say(MO, "/setup link", place="#gigs"))
    assert "linked already" in text_of(await towns.say(MOT, f"/setup link {code}", place="#gigs"))


# --- one gig, two boards ----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("anywhere")
async def test_a_gig_hangs_on_both_boards_and_an_answer_from_either_ends_on_both(towns: Towns) -> None:
    await link_boards(towns)
    gig_id = await post(towns)

    for surface in (DISCORD, TELEGRAM):
        assert ["wanted" in card for card in await cards(towns, surface)] == [True]
    assert "From The Band, linked with this board" in (await cards(towns, TELEGRAM))[0]
    said = await towns.press_id(BOB, action("answers.give", gig_id, "ink"))
    assert "You're in if they pick you" in text_of(said)
    letter = await towns.letter(ADA)
    assert "Bob" in letter
    await towns.press(ADA, "Ink")

    for surface in (DISCORD, TELEGRAM):
        assert ["Filled" in card for card in await cards(towns, surface)] == [True]
    assert "Bob" not in "".join(await cards(towns, DISCORD)) + "".join(await cards(towns, TELEGRAM))
    assert any("inked" in text_of(one) for one in await towns.inbox(BOB))


async def test_the_other_side_sees_what_hangs_there_and_nothing_else(towns: Towns) -> None:
    before = await post(towns)
    await link_boards(towns)
    after = await post(towns)
    await towns.deliver()
    nothing = text_of(await towns.say(BOB, "/gig show G99")).replace("G99", "G1")
    assert text_of(await towns.say(BOB, f"/gig show G{before}")) == nothing
    assert "wanted" in text_of(await towns.say(BOB, f"/gig show G{after}"))
    unpaid = await post(towns, "/gig drums, Sat 28 Nov 19:30, Leeds, unpaid, function")
    assert len(await cards(towns, TELEGRAM)) == 1
    assert text_of(await towns.say(BOB, f"/gig show G{unpaid}")) == nothing.replace("G1", f"G{unpaid}")


async def test_moderators_of_the_other_side_have_no_say_in_the_gig(towns: Towns) -> None:
    await link_boards(towns)
    gig_id = await post(towns)
    assert "somebody else's post" in text_of(await towns.say(MOT, f"/gig close G{gig_id} cancelled", place="#gigs"))
    assert "wanted" in (await cards(towns, DISCORD))[0]


async def test_whoever_watches_on_the_other_side_hears_of_it(towns: Towns) -> None:
    await link_boards(towns)
    await towns.say(BOB, "/watch drums")
    await post(towns)
    assert any("It fits what you watch for" in text_of(one) for one in await towns.inbox(BOB))


async def test_leaving_the_other_side_ends_what_could_be_seen_of_it(towns: Towns) -> None:
    await link_boards(towns)
    gig_id = await post(towns)
    bob = await towns.person_id(BOB)
    async with towns.tools.open_work() as work:
        assert await work.boards.lets_see(gig_id, bob)
        pit = await work.communities.at(TELEGRAM, "telegram-hall")
        assert pit is not None
        await work.communities.leave(bob, pit.id, towns.clock.now())
        assert not await work.boards.lets_see(gig_id, bob)


async def test_what_hangs_here_is_in_the_lists_here_and_only_while_it_hangs(towns: Towns) -> None:
    await link_boards(towns)
    own = await post(towns, "/gig drums, Sun 29 Nov 19:30, Leeds, £100, function", who="Cleo@telegram")
    soon = await post(towns)
    bass = await post(towns, "/gig bass, Mon 30 Nov 19:30, York, £80, session")

    def listed(answer: Answer) -> list[int]:
        return [int(ref) for ref in re.findall(r"G(\d+)", text_of(answer))]

    assert listed(await towns.say(BOB, "/gigs")) == [soon, own, bass]
    assert listed(await towns.say(BOB, "/gigs leeds")) == [soon, own]
    assert listed(await towns.say(BOB, "/gigs bass")) == [bass]
    assert listed(await towns.say(BOB, "/gigs min 150")) == [soon]
    assert listed(await towns.say(ADA, "/gigs")) == [soon, own, bass]
    await towns.press_id(BOB, action("answers.give", bass, "ink"))
    assert listed(await towns.say(BOB, "/gigs mine")) == [bass]
    await towns.press_id(MO, action("boards.unlink", 1), place="#gigs")
    assert listed(await towns.say(BOB, "/gigs")) == [own]


@given(st.data())
def test_sifting_says_the_same_as_the_filter_of_a_link(data: st.DataObject) -> None:
    """Both ask chair, kind and fee; where they ask the same they agree."""
    gig = a_gig(data.draw(st.sampled_from(["drums", "trumpet"])), data.draw(st.integers(1, 300)))
    roles = tuple(data.draw(st.sets(st.sampled_from(["drums", "trumpet"]))))
    least = data.draw(st.none() | st.builds(Money, st.integers(0, 30000), st.sampled_from(["GBP", "EUR"])))
    kind = data.draw(st.none() | st.sampled_from([KindOfWork.FUNCTION, KindOfWork.SESSION]))
    wanted = GigFilter(community_id=1, roles=roles, at_least=least, kind=kind)
    passing = BoardFilter(roles=roles, at_least=least, kinds=(kind,) if kind else ())
    assert fits(gig, wanted) == passing.passes(gig, frozenset(instruments.alike(gig.role)))


def a_gig(role: str, pounds: int) -> Gig:
    return Gig(
        id=1,
        community_id=2,
        poster_id=1,
        role=role,
        span=Span(START + timedelta(days=5), None, "Europe/London"),
        where="Leeds",
        fee=Fee(Basis.PAID, Money(pounds * 100, "GBP"), Unit.FLAT),
        kind=KindOfWork.FUNCTION,
        posted_at=START,
        state_at=START,
        expires_at=START + timedelta(days=5),
    )


# --- apart ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [MO, MOT])
async def test_either_side_ends_it_and_the_cards_come_off(towns: Towns, who: str) -> None:
    await link_boards(towns)
    gig_id = await post(towns)
    await towns.deliver()
    await towns.say(who, "/setup links", place="#gigs")
    await towns.press(who, "Unlink", place="#gigs")

    ended = await towns.press(who, "Unlink the boards", place="#gigs")

    assert "are apart. 1 card comes off." in text_of(ended)
    assert await cards(towns, TELEGRAM) == [f"G{gig_id} is no longer on this board."]
    assert "wanted" in (await cards(towns, DISCORD))[0]
    nothing = text_of(await towns.press_id(BOB, action("answers.give", 99, "ink"))).replace("G99", f"G{gig_id}")
    assert text_of(await towns.press_id(BOB, action("answers.give", gig_id, "ink"))) == nothing
    await post(towns)
    assert len(await cards(towns, TELEGRAM)) == 1


async def test_a_link_of_others_is_as_good_as_none(towns: Towns) -> None:
    await link_boards(towns)
    nothing = text_of(await towns.press_id(MO, action("boards.part", 99), place="#gigs"))
    for deed in ("part", "unlink", "takes", "gives"):
        assert text_of(await towns.press_id(MO, action(f"boards.{deed}", 2), place="#gigs")) == nothing
    assert labels(await towns.say(MO, "/setup links", place="#gigs")) == ["What comes", "What goes", "Unlink"]


async def test_one_side_taking_a_card_off_leaves_the_others_alone(towns: Towns) -> None:
    await link_boards(towns)
    gig_id = await post(towns)
    await towns.deliver()
    async with towns.tools.open_work() as work:
        hung = await work.boards.take_off(gig_id, 2, towns.clock.now(), reason="no")
        assert hung is not None
        await work.notices.refresh("gigs.linked", hung.id, towns.clock.now())
        assert await work.boards.take_off(gig_id, 2, towns.clock.now()) is None
        await work.commit()
    assert "no longer" in (await cards(towns, TELEGRAM))[0]
    assert "wanted" in (await cards(towns, DISCORD))[0]
    async with towns.tools.open_work() as work:
        assert await work.boards.put_back(gig_id, 2) is not None
        await work.notices.refresh("gigs.linked", hung.id, towns.clock.now())
        await work.commit()
    assert "wanted" in (await cards(towns, TELEGRAM))[0]


async def test_moderators_take_a_card_off_their_own_board_alone(towns: Towns) -> None:
    await link_boards(towns)
    gig_id = await post(towns)
    await towns.deliver()
    await towns.press_id(BOB, action("answers.give", gig_id, "ink"))

    removed = await towns.say(MOT, f"/mod remove G{gig_id} not ours", place="#gigs")

    assert "is off this board" in text_of(removed)
    assert await cards(towns, TELEGRAM) == [f"G{gig_id} is no longer on this board."]
    assert "wanted" in (await cards(towns, DISCORD))[0]
    nothing = text_of(await towns.say("Cleo@telegram", "/gig show G99")).replace("G99", f"G{gig_id}")
    assert text_of(await towns.say("Cleo@telegram", f"/gig show G{gig_id}")) == nothing
    assert "I'm in, waiting for the poster" in text_of(await towns.say(BOB, f"/gig show G{gig_id}"))
    assert not any("off the board" in text_of(one) for one in await towns.inbox(ADA))
    back = await towns.say(MOT, f"/mod restore G{gig_id} it is fine", place="#gigs")
    assert "is back as it was: open." in text_of(back)
    assert "wanted" in (await cards(towns, TELEGRAM))[0]


async def test_who_is_in_can_step_back_when_the_boards_are_apart(towns: Towns) -> None:
    await link_boards(towns)
    gig_id = await post(towns)
    await towns.press_id(BOB, action("answers.give", gig_id, "ink"))
    await towns.press_id(MO, action("boards.unlink", 1), place="#gigs")

    said = await towns.press_id(BOB, action("answers.back", gig_id))

    assert f"G{gig_id}" in text_of(said)
    async with towns.tools.open_work(reading=True) as work:
        assert [answer.state.value for answer in await work.answers.to(gig_id)] == ["withdrawn"]


async def test_what_the_other_boards_rules_ask_for_keeps_a_gig_off_it_and_its_log_says_why(towns: Towns) -> None:
    await link_boards(towns)
    async with towns.tools.open_work() as work:
        pit = await work.communities.at(TELEGRAM, "telegram-hall")
        assert pit is not None
        await work.communities.set_setting(pit.id, "rules", {"needed": ["pays"]})
        await work.commit()

    kept_off, crosses = await post(towns), await post(towns, SAYS_WHO_PAYS)

    assert len(await cards(towns, DISCORD)) == 2
    assert [f"G{crosses}" in card for card in await cards(towns, TELEGRAM)] == [True]
    async with towns.tools.open_work(reading=True) as work:
        log = await work.audit.of(pit.id, limit=9)
    assert [(one.act, one.subject, one.reason) for one in log if one.act == "not hung"] == [
        ("not hung", f"G{kept_off}", "it does not say: who pays")
    ]


# --- what passes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "button"), [(MOT, "What comes"), (MO, "What goes")])
@pytest.mark.parametrize(
    ("field", "text", "passes"),
    [
        ("roles", "bass, trumpet", False),
        ("roles", "drums", True),
        ("region", "York", False),
        ("region", "leeds", True),
        ("kinds", "session", False),
        ("kinds", "session, function", True),
        ("min_fee", "£220.01", False),
        ("min_fee", "£220", True),
        ("min_fee", "$10", False),
    ],
)
async def test_each_side_narrows_what_passes(
    towns: Towns, who: str, button: str, field: str, text: str, passes: bool
) -> None:
    await link_boards(towns)
    await towns.say(who, "/setup links", place="#gigs")
    opened = await towns.press(who, button, place="#gigs")
    assert opened.reply.form is not None and opened.reply.form.token is not None
    call = await towns.call(who, "#gigs")
    narrowed = await towns.desk.submit(call, opened.reply.form.token, {field: text, **_skipped(opened.reply, field)})
    assert "from now on" in text_of(narrowed)

    await post(towns)

    assert len(await cards(towns, TELEGRAM)) == passes
    assert len(await cards(towns, DISCORD)) == 1


def _skipped(reply: Reply, field: str) -> dict[str, str]:
    assert reply.form is not None
    return {one.name: "" for one in reply.form.fields if one.name != field}


@given(
    st.builds(
        BoardFilter,
        roles=st.lists(st.sampled_from(["drums", "bass"])).map(tuple),
        words=st.lists(st.sampled_from(["leeds", "ünï"])).map(tuple),
        kinds=st.lists(st.sampled_from(KindOfWork)).map(tuple),
        at_least=st.none() | st.builds(Money, st.integers(0, 10**9), st.sampled_from(["GBP", "EUR"])),
    )
)
def test_a_filter_is_kept_as_it_was_said(wanted: BoardFilter) -> None:
    said: dict[str, list[int | str]] = wanted.as_json()  # type: ignore[assignment]  # as it comes back from the column
    assert BoardFilter.of_json(said) == wanted
