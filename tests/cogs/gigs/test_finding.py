"""Lists and searches page by page, watches of every sort, passing on and the ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage.records.answer import AnswerState
from storage.records.fee import Unit
from storage.records.money import Money
from storage.records.rate import RateFloor
from tests.cogs.front import labels, placed, text_of
from tests.cogs.gigs.front import LINE, MODERATOR, Board


async def shown(board: Board, line: str, who: str = "Bob") -> list[str]:
    """The ids on a list."""
    answer = await board.say(who, line)
    return [word for row in answer.reply.rows for word in text_of_row(row).split() if word.startswith("G")][:20]


def text_of_row(row: object) -> str:
    return "".join(getattr(span, "text", "") for span in row.line)  # type: ignore[attr-defined]  # a Row


@pytest.fixture
async def full(board: Board) -> Board:
    for line in (
        "/gig bass guitar, Sat 28 Nov 19:30, Leeds, £220, function",
        "/gig double bass, Fri 27 Nov 20:00, York, £120, live",
        "/gig drums, Sat 5 Dec 19:30, the Brudenell, Leeds, £90/hour for 4 hours, live",
        "/gig keys, Sat 12 Dec 19:30, Leeds, quotes, session",
        "/gig bass, Sat 12 Dec 20:00, Hull, £300, tour",
    ):
        await board.post("Ada", line)
    return board


@pytest.mark.parametrize(
    ("line", "ids"),
    [
        ("/gigs", ["G2", "G1", "G3", "G4", "G5"]),
        ("/gigs bass leeds", ["G1"]),
        ("/gigs bass", ["G2", "G1", "G5"]),
        ("/gigs bass guitar", ["G1", "G5"]),
        ("/gigs keys leeds", ["G4"]),
        ("/gigs leeds", ["G4", "G3", "G1"]),
        ("/gigs brudenell", ["G3"]),
        ("/gigs min 200", ["G1", "G3", "G5"]),
        ("/gigs leeds min 300", ["G3"]),
        ("/gig list type=live", ["G2", "G3"]),
        ("/gig list when=12 Dec", ["G4", "G5"]),
        ('/gig list role=drums when="5 Dec"', ["G3"]),
        ("/gigs next week", ["G3"]),
        ("/gigs nowhere at all", []),
    ],
)
async def test_a_search_finds_what_was_asked_for(full: Board, line: str, ids: list[str]) -> None:
    assert await shown(full, line) == ids


async def test_one_s_own_list_has_posts_and_answers_in_every_state(full: Board) -> None:
    await full.give("Bob", 3)
    await full.give("Bob", 4, "pass")
    await full.say("Ada", "/gig close G2 cancelled")
    assert await shown(full, "/gigs mine") == ["G3"]
    assert await shown(full, "/gigs mine", "Ada") == ["G5", "G4", "G3", "G2", "G1"]
    assert "cancelled" in text_of(await full.say("Ada", "/gigs mine"))


async def test_a_list_is_cut_into_pages_of_eight(board: Board) -> None:
    for number in range(19):
        await board.post("Ada", f"/gig drums, {number + 1} Dec 19:30, Leeds, £220")
    answer = await board.say("Bob", "/gigs drums")
    seen = list(answer.reply.rows)
    assert "Next" in labels(answer)
    for size in (8, 3):
        answer = await board.press("Bob", "Next")
        assert answer.reply.replaces
        assert len(answer.reply.rows) == size
        seen += answer.reply.rows
    assert "Next" not in labels(answer)
    assert len({text_of_row(row) for row in seen}) == 19
    assert len((await board.press("Bob", "Back")).reply.rows) == 8


async def test_nobody_pages_through_somebody_elses_list(board: Board) -> None:
    for number in range(9):
        await board.post("Ada", f"/gig drums, {number + 1} Dec 19:30, Leeds, £220")
    answer = await board.say("Bob", "/gigs")
    [button] = [b for b in answer.reply.buttons if getattr(b, "label", "") == "Next"]
    assert "too old to page through" in text_of(await board.press_id("Cleo", button.action))  # type: ignore[union-attr]


async def test_an_old_list_says_that_it_is_too_old(board: Board) -> None:
    for number in range(9):
        await board.post("Ada", f"/gig drums, {number + 1} Dec 19:30, Leeds, £220")
    await board.say("Bob", "/gigs")
    [forget] = [chore for cog in board.cogs for chore in cog.chores().values()]
    await forget(board.clock.now() + timedelta(days=59))
    assert "page 2" in text_of(await board.press("Bob", "Next"))
    await board.say("Bob", "/gigs")
    await forget(board.clock.now() + timedelta(days=61))
    assert "too old to page through" in text_of(await board.press("Bob", "Next"))


async def test_a_watch_tells_at_once_of_what_fits_and_of_nothing_else(board: Board) -> None:
    await board.say("Bob", "/watch bass leeds min 150")
    await board.say("Ada", "/watch bass leeds min 150")
    await board.post("Ada", "/gig drums, Sat 28 Nov 19:30, Leeds, £220")
    await board.post("Ada", "/gig bass, Sat 28 Nov 19:30, York, £220")
    await board.post("Ada", "/gig bass, Sat 28 Nov 19:30, Leeds, £140")
    answer = await board.say("Ada", "/gig double bass, Sat 28 Nov 19:30, the Brudenell, Leeds, £150", place="#gigs")
    assert "1 person is told of it" in text_of(answer)
    sent = placed(await board.deliver())
    assert sorted(place for place, _ in sent) == ["#gigs", "dm:bob"]
    assert "It fits what you watch for" in text_of(dict(sent)["dm:bob"])


async def test_two_watches_that_fit_are_one_message(board: Board) -> None:
    await board.say("Bob", "/watch drums")
    await board.say("Bob", "/watch leeds")
    await board.say("Ada", LINE, place="#gigs")
    assert len(await board.letters("Bob")) == 1


async def test_a_digest_comes_in_the_morning_with_what_is_still_to_be_had(board: Board) -> None:
    await board.say("Bob", "/gig watch how=digest")
    await board.post()
    await board.post("Ada", "/gig keys, Sat 5 Dec 19:30, Leeds, £220")
    await board.say("Ada", "/gig close G1 filled")
    assert await board.letters("Bob") == []
    sent = placed(await board.until(datetime(2026, 11, 24, 9, tzinfo=UTC)))
    [(place, digest)] = sent
    assert place == "dm:bob"
    assert "1 new gig for you" in text_of(digest)
    assert "G2" in text_of(digest)
    assert placed(await board.pass_by(days=3)) == []


async def test_a_role_is_pinged_only_where_moderators_allow_it(board: Board) -> None:
    answer = await board.say("Bob", "/gig watch role=drums how=ping")
    assert "told privately instead" in text_of(answer)
    await board.say("Ada", LINE, place="#gigs")
    sent = dict(placed(await board.deliver()))
    assert "dm:bob" in sent
    assert sent["#gigs"].ping_role is None
    call = await board.call("Bob", "#gigs")
    async with board.tools.open_work() as work:
        await work.communities.set_setting(call.community_id or 0, "ping_roles", True)
        await work.commit()
    await board.say("Ada", LINE, place="#gigs")
    sent = dict(placed(await board.deliver()))
    assert set(sent) == {"#gigs"}
    assert sent["#gigs"].ping_role == "Drum kit"
    await board.say("Ada", "/gig keys, Sat 5 Dec 19:30, Leeds, £220", place="#gigs")
    assert dict(placed(await board.deliver()))["#gigs"].ping_role is None


async def test_a_watch_can_be_taken_down_and_put_back(board: Board) -> None:
    await board.say("Bob", "/watch drums")
    await board.say("Bob", "/unwatch")
    await board.press("Bob", "Take down")
    await board.post()
    assert len(board.sender.sent) == 1
    await board.press("Bob", "Undo")
    await board.say("Ada", LINE, place="#gigs")
    assert len(await board.letters("Bob")) == 1


async def test_a_watch_is_taken_down_by_what_it_is_for(board: Board) -> None:
    for wanted in ("drums leeds", "drums york", "trumpet"):
        await board.say("Bob", f"/watch {wanted}")
    both = await board.say("Bob", "/unwatch drums")
    assert labels(both) == ["Take down"] * 2 and "Trumpet" not in text_of(both)
    none = text_of(await board.say("Bob", "/unwatch violin"))
    assert "Nothing was taken down" in none and "Trumpet" in none
    assert "No longer watching for Drum kit in york" in text_of(await board.say("Bob", "/unwatch drums york"))
    assert "Drum kit in york" in text_of(await board.press("Bob", "Undo"))
    assert len(labels(await board.say("Bob", "/unwatch"))) == 3


async def test_twenty_watches_are_the_most_and_the_same_one_counts_once(board: Board) -> None:
    for number in range(20):
        await board.say("Bob", f"/watch town{number}")
    assert "Watching for any chair in town3" in text_of(await board.say("Bob", "/watch town3"))
    assert "20 watches" in text_of(await board.say("Bob", "/watch town99"))


async def test_unpaid_is_watched_only_by_who_takes_it(board: Board) -> None:
    await board.say("Bob", "/watch drums")
    await board.say("Ada", "/gig drums, Sat 28 Nov 19:30, Leeds, unpaid", place="#gigs")
    assert await board.letters("Bob") == []
    await board.change("Bob", takes_unpaid=True)
    await board.say("Ada", "/gig drums, Sat 28 Nov 19:30, Leeds, unpaid", place="#gigs")
    assert ["You asked to see unpaid gigs" in letter for letter in await board.letters("Bob")] == [True]


async def test_a_gig_is_passed_on_with_credit_and_the_giver_hears_that_it_worked(board: Board) -> None:
    gig = await board.post()
    await board.person("Cleo")
    await board.person("Dan")
    await board.say("Bob", '/gig refer id=G1 player=Cleo note="right up your street"')
    [letter] = await board.letters("Cleo")
    assert "Bob passed this on to you" in letter
    assert "right up your street" in letter
    await board.say("Cleo", "/gig refer id=G1 player=Dan")
    [letter] = await board.letters("Dan")
    assert "Cleo passed this on to you" in letter
    assert "It came by way of Bob" in letter
    await board.give("Dan", gig)
    await board.pick("Ada", gig, "Dan")
    told = {place: text_of(reply) for place, reply in placed(await board.deliver())}
    assert "Dan got G1 through you" in told["dm:cleo"]
    assert "dm:bob" not in told
    assert await board.state(gig, "Dan") is AnswerState.INKED


async def test_the_ledger_has_two_sides_and_remembers_thanks(board: Board) -> None:
    gig = await board.post()
    await board.person("Cleo")
    assert "Nobody has passed you a gig" in text_of(await board.say("Cleo", "/ledger"))
    await board.say("Bob", "/gig refer id=G1 player=Cleo")
    await board.give("Cleo", gig)
    await board.pick("Ada", gig, "Cleo")
    said = text_of(await board.say("Cleo", "/ledger"))
    assert "From Bob: 1 gig, 1 became work" in said
    assert "no thanks yet" in said
    assert "you thanked them" in text_of(await board.press("Cleo", "Mark thanked"))
    assert "To Cleo: 1 gig, 1 became work" in text_of(await board.say("Bob", "/ledger"))
    assert "thanked you" in text_of(await board.say("Bob", "/ledger"))


async def test_passing_on_has_its_bounds(board: Board) -> None:
    await board.post()
    for number in range(6):
        await board.person(f"Player {number}")
    assert "That is you" in text_of(await board.say("Bob", "/gig refer id=G1 player=Bob"))
    assert "Ada posted G1" in text_of(await board.say("Bob", "/gig refer id=G1 player=Ada"))
    for number in range(5):
        await board.say("Bob", f'/gig refer id=G1 player="Player {number}"')
    assert "already" in text_of(await board.say("Bob", '/gig refer id=G1 player="Player 0"'))
    assert "more would be a mailing" in text_of(await board.say("Bob", '/gig refer id=G1 player="Player 5"'))
    assert len([place for place, _ in placed(await board.deliver()) if place.startswith("dm:player")]) == 5


async def test_a_referral_of_a_gig_that_is_gone_is_not_delivered(board: Board) -> None:
    await board.post()
    await board.person("Cleo")
    await board.say("Bob", "/gig refer id=G1 player=Cleo")
    await board.say("Ada", "/gig close G1 cancelled")
    assert await board.letters("Cleo") == []


async def test_ids_and_players_are_offered_while_somebody_types(full: Board) -> None:
    call = await full.call("Bob", "#gigs")
    found = await full.desk.suggest(call, "gig show", "id", "")
    assert {choice.value for choice in found} == {"G1", "G2", "G3", "G4", "G5"}
    assert [choice.value for choice in await full.desk.suggest(call, "gig show", "id", "g3")] == ["G3"]
    assert [choice.value for choice in await full.desk.suggest(call, "gig show", "id", "brud")] == ["G3"]
    assert await full.desk.suggest(call, "gig edit", "id", "") == ()
    await full.give("Cleo", 1)
    cleo = await full.person("Cleo")
    offered = await full.desk.suggest(await full.call("Ada"), "gig pick", "player", "")
    assert [choice.value for choice in offered] == [f"person:{cleo.id}"]
    assert await full.desk.suggest(await full.call(MODERATOR), "gig pick", "player", "") == ()


# --- one's own floor --------------------------------------------------------------------------------------------------


async def floor(board: Board, who: str, unit: Unit, pounds: int) -> None:
    person = await board.person(who)
    async with board.tools.open_work() as work:
        least = RateFloor(person_id=person.id, unit=unit, least=Money(pounds * 100, "GBP"), set_at=board.clock.now())
        await work.rates.set_floor(least)
        await work.commit()


@pytest.mark.parametrize(
    ("unit", "pounds", "fee", "told"),
    [
        (Unit.FLAT, 200, "£220", True),
        (Unit.FLAT, 220, "£220", True),
        (Unit.FLAT, 250, "£220", False),
        (Unit.FLAT, 250, "£120/day", False),  # which comes to 120
        (Unit.FLAT, 250, "€120", True),
        (Unit.FLAT, 250, "quote", True),
        (Unit.HOUR, 50, "£40/hour", False),
        (Unit.HOUR, 50, "£60/hour", True),
        (Unit.HOUR, 50, "£40", True),
    ],
)
@pytest.mark.parametrize("how", ["dm", "digest"])
async def test_a_watch_without_a_minimum_keeps_to_one_s_floor(
    board: Board, unit: Unit, pounds: int, fee: str, told: bool, how: str
) -> None:
    await floor(board, "Bob", unit, pounds)
    await board.say("Bob", f"/gig watch role=drums how={how}", place="#gigs")
    await board.post("Ada", f"/gig drums, Sat 28 Nov 19:30, Leeds, {fee}, function")
    await board.pass_by(hours=24)
    letters = [one for one in board.sender.sent if one.target.dest == "dm:bob"]
    assert bool(letters) is told


async def test_a_minimum_of_its_own_comes_before_the_floor(board: Board) -> None:
    await floor(board, "Bob", Unit.FLAT, 300)
    said = text_of(await board.say("Bob", "/watch drums min 0", place="#gigs"))
    assert "whatever it pays" in said
    assert "floor" not in said
    await board.post("Ada", "/gig drums, Sat 28 Nov 19:30, Leeds, quote, function")
    await board.post("Ada", "/gig drums, Sun 29 Nov 19:30, Leeds, £90, function")
    assert len([one for one in board.sender.sent if one.target.dest == "dm:bob"]) == 2


async def test_a_watch_says_that_the_floor_counts(board: Board) -> None:
    assert "floor" not in text_of(await board.say("Bob", "/watch drums", place="#gigs"))
    await floor(board, "Bob", Unit.FLAT, 150)
    await floor(board, "Bob", Unit.HOUR, 40)
    said = text_of(await board.say("Bob", "/watch bass", place="#gigs"))
    assert "Nothing under your floor is told: £150 or £40 an hour. To hear of everything, add min 0." in said
    assert "Nothing under your floor is told" in text_of(await board.say("Bob", "/unwatch", place="#gigs"))
    assert "floor" not in text_of(await board.say("Cy", "/watch bass", place="#gigs"))
