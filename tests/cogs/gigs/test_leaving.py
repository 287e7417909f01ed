"""When whoever posted a gig is erased: no card keeps their name, and nobody keeps a date for nothing."""

from __future__ import annotations

from datetime import timedelta

from cogs.gigs.cog import GigsCog
from tests.cogs.front import text_of
from tests.cogs.gigs.front import Board


async def erase(board: Board, who: str) -> None:
    person = await board.person(who)
    async with board.tools.open_work() as work:
        await GigsCog(board.tools).farewell(person.id, work, board.clock.now())
        await work.forget(person.id)
        await work.commit()


async def test_players_learn_that_the_date_is_free_and_the_card_loses_the_name(board: Board) -> None:
    gig_id = await board.post()
    await board.give("Bob", gig_id)
    await board.give("Cleo", gig_id)
    await board.pick("Ada", gig_id, "Bob")
    assert "Posted by Ada" in text_of(await board.card(gig_id))
    board.sender.sent.clear()

    await erase(board, "Ada")
    delivered = {one.target.dest: text_of(one.reply) for one in await board.deliver()}

    assert delivered["dm:bob"] == (
        "G1 Drum kit, Sat 28 Nov 2026 is off: whoever posted it has left, and their gigs with them.\n"
        "You were inked for it. That date is free again."
    )
    assert "Thanks for answering." in delivered["dm:cleo"]
    assert text_of(await board.card(gig_id)) == "G1 is off the board."


async def test_of_a_gig_that_was_played_nobody_is_told(board: Board) -> None:
    gig_id = await board.post()
    await board.give("Bob", gig_id)
    await board.pick("Ada", gig_id, "Bob")
    await board.deliver()
    board.clock.move(timedelta(days=8))

    await erase(board, "Ada")

    assert await board.letters("Bob") == []
    assert text_of(await board.card(gig_id)) == "G1 is off the board."


async def test_a_poster_learns_that_a_player_is_no_more_and_the_card_has_a_chair_again(board: Board) -> None:
    gig_id = await board.post()
    await board.give("Bob", gig_id)
    await board.give("Cleo", gig_id)
    await board.pick("Ada", gig_id, "Bob")
    assert "filled" in text_of(await board.card(gig_id))

    await erase(board, "Bob")
    delivered = {one.target.dest: text_of(one.reply) for one in await board.deliver()}

    assert delivered["dm:ada"] == (
        "Somebody you had inked for G1 Drum kit, Sat 28 Nov, 19:30, Leeds has left for good.\n"
        "The chair is free again, and the card says so."
    )
    assert "G1" in delivered["dm:cleo"]  # who still waits hears that there is room again
    assert "Drum kit wanted" in text_of(await board.card(gig_id))
    assert (await board.gig(gig_id)).inked == 0


async def test_who_only_waited_leaves_without_a_word(board: Board) -> None:
    gig_id = await board.post()
    await board.give("Bob", gig_id)
    await board.deliver()

    await erase(board, "Bob")

    assert await board.letters("Ada") == []
