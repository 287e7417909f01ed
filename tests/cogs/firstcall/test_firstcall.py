"""Call lists: kept in order, private to their owner, and first among who is free."""

from __future__ import annotations

import pytest

from storage.work import OpenWork
from tests.cogs.front import Front, text_of

pytestmark = pytest.mark.usefixtures("anywhere")


async def band(front: Front) -> None:
    for name in ("Bob", "Cleo", "Sam"):
        await front.say(name, "/me profile keys region=Leeds")


async def order(front: Front, owner: str = "Ada", more: str = "") -> list[str]:
    """Who is on the lists, as they are shown."""
    answer = await front.say(owner, f"/firstcall show {more}".strip())
    return [text_of(answer.reply.with_(title=None, lines=(), rows=(row,), also=())) for row in answer.reply.rows]


async def test_who_is_put_at_a_place_stands_there(front: Front) -> None:
    await band(front)
    await front.say("Ada", "/firstcall keys @Sam 1")
    await front.say("Ada", "/firstcall keys @Cleo")
    said = text_of(await front.say("Ada", "/firstcall keys @Bob 1"))
    assert "Bob is now number 1 of 3 for Keyboards" in said
    assert await order(front) == ["Keyboards 1 Bob", "Keyboards 2 Sam", "Keyboards 3 Cleo"]
    await front.say("Ada", "/firstcall move keys @Cleo 2")
    assert await order(front) == ["Keyboards 1 Bob", "Keyboards 2 Cleo", "Keyboards 3 Sam"]
    await front.press("Ada", "Open")  # Bob's
    await front.press("Ada", "Move down")
    assert await order(front) == ["Keyboards 1 Cleo", "Keyboards 2 Bob", "Keyboards 3 Sam"]


async def test_adding_twice_keeps_one_line_and_takes_the_note(front: Front) -> None:
    await band(front)
    await front.say("Ada", "/firstcall keys @Sam")
    await front.say("Ada", "/firstcall add keys @Sam note=Reads anything")
    await front.say("Ada", "/firstcall add keys @Sam list=Weddings")
    assert await order(front) == ["Keyboards 1 Sam · Reads anything", "Keyboards (weddings) 1 Sam"]
    assert await order(front, more="list=weddings") == ["Keyboards (weddings) 1 Sam"]


async def test_taken_off_and_brought_back_to_the_same_place(front: Front) -> None:
    await band(front)
    for name in ("Sam", "Bob", "Cleo"):
        await front.say("Ada", f"/firstcall add keys @{name} note=first met {name}")
    await front.say("Ada", "/firstcall remove keys @Sam")
    await front.press("Ada", "Undo")
    assert (await order(front))[0] == "Keyboards 1 Sam · first met Sam"
    await front.say("Ada", "/firstcall remove keys @Sam")
    assert [one.split()[2] for one in await order(front)] == ["Bob", "Cleo"]
    assert "not on that list" in text_of(await front.say("Ada", "/firstcall remove keys @Sam"))


async def test_a_list_is_its_owners_alone(front: Front, open_work: OpenWork) -> None:
    await band(front)
    await front.say("Ada", "/firstcall add keys @Sam note=Late twice")
    assert await order(front, "Sam") == []
    opened = (await front.say("Ada", "/firstcall show")).reply.rows[0].buttons[0]
    for stranger in ("Bob", "Sam"):
        assert "Late" not in text_of(await front.press_id(stranger, opened.action))  # type: ignore[union-attr]
        entry = opened.action.split(":")[-1]  # type: ignore[union-attr]
        for deed in (f"1:firstcall.take_off:{entry}", f"1:firstcall.put_back:{entry}", f"1:firstcall.shift:{entry}:1"):
            await front.press_id(stranger, deed)
    assert await order(front) == ["Keyboards 1 Sam · Late twice"]
    ada, sam = await front.person("Ada"), await front.person("Sam")
    async with open_work() as work:
        assert (await work.export(sam.id)).get("call_lists") == []
        assert [row["note"] for row in (await work.export(ada.id))["call_lists"]] == ["Late twice"]
        assert (await work.forget(sam.id))["call_lists"] == 1
        await work.commit()
    assert await order(front) == []


async def test_nobody_calls_themself(front: Front) -> None:
    assert "That is you" in text_of(await front.say("Ada", "/firstcall keys @Ada"))


async def test_who_is_free_begins_with_the_call_list(front: Front, open_work: OpenWork) -> None:
    await band(front)
    await front.say("Bob", "/me profile doubles=piano")
    await front.say("Ada", "/firstcall keys @Sam")
    await front.say("Ada", "/firstcall keys @Cleo 1")
    ids = [(await front.person(name)).id for name in ("Ada", "Bob")]
    async with open_work() as work:
        for person_id in ids:
            await work.people.change(person_id, zone="Europe/London")
        await work.commit()
    said = text_of(await front.say("Ada", "/who keys 14 Dec 2026 19:30", place="#gigs"))
    shown = [line.split()[2].rstrip(",") for line in said.splitlines() if line.startswith("Not known")]
    assert shown == ["Cleo", "Sam", "Bob"]
    assert said.count("on your list") == 2
    others = text_of(await front.say("Bob", "/who keys 14 Dec 2026 19:30", place="#gigs"))
    assert "on your list" not in others
