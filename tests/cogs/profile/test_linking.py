"""One person on two platforms: codes, both sides' yes, what becomes one, and the way back."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.surface import Refused
from cogs.kit import codes
from cogs.kit.action import action
from storage.records.people import Identity
from storage.stores.links import LinkStore
from storage.work import OpenWork
from tests.cogs.front import labels, text_of
from tests.cogs.towns import Towns, code_in, link
from tests.conftest import START, MovableClock

ADA, BOB = "Ada@discord", "Bob@telegram"


@pytest.fixture
def towns(open_work: OpenWork, clock: MovableClock) -> Towns:
    return Towns(open_work, clock)


async def accounts(towns: Towns, name: str) -> list[Identity]:
    person_id = await towns.person_id(name)
    async with towns.tools.open_work(reading=True) as work:
        return await work.people.identities_of(person_id)


async def are_one(towns: Towns, one: str, other: str) -> bool:
    return await towns.person_id(one) == await towns.person_id(other)


# --- codes ------------------------------------------------------------------------------------------------------------


@given(st.data())
def test_a_code_is_read_however_it_is_typed(data: st.DataObject) -> None:
    code = codes.new_code()
    typed = "".join(
        data.draw(st.sampled_from(["", " ", "-", " - "])) + (c.lower() if data.draw(st.booleans()) else c) for c in code
    )
    assert codes.read_code(typed) == code


@given(st.text(max_size=12))
def test_what_is_no_code_is_none(text: str) -> None:
    read = codes.read_code(text)
    assert read is None or (len(read) == codes.LENGTH and set(read) <= set(codes.ALPHABET))


def test_a_code_says_nothing_without_the_key() -> None:
    assert codes.hashed("7KQ2M9XA", "one") != codes.hashed("7KQ2M9XA", "another")
    assert "7KQ2M9XA" not in codes.hashed("7KQ2M9XA", "one")


async def test_the_code_itself_is_nowhere_in_the_database(towns: Towns) -> None:
    code = code_in(await towns.say(ADA, "/me link"))
    person_id = await towns.person_id(ADA)
    async with towns.tools.open_work(reading=True) as work:
        kept = await work.export(person_id)
    assert code not in str(kept)
    assert kept["link_codes"]


# --- both sides say yes -----------------------------------------------------------------------------------------------


async def test_both_are_asked_by_name_before_anything_is_one(towns: Towns) -> None:
    code = code_in(await towns.say(ADA, "/me link"))
    asked = await towns.say(BOB, f"/link {code.lower()}")
    assert asked.private
    assert "Ada on Discord made the code." in text_of(asked)
    assert "Bob on Telegram typed it in." in text_of(asked)
    assert not await are_one(towns, ADA, BOB)

    await towns.press(BOB, "Link them")
    assert not await are_one(towns, ADA, BOB)
    assert "Bob on Telegram typed in the code that you made as Ada on Discord." in await towns.letter(ADA)

    done = await towns.press(ADA, "Yes, both are me")
    assert "are one now" in text_of(done)
    assert await are_one(towns, ADA, BOB)


@pytest.mark.usefixtures("anywhere")
async def test_both_are_told_with_a_way_back(towns: Towns) -> None:
    await link(towns, ADA, BOB)

    for name in (ADA, BOB):
        assert "Your accounts are linked" in await towns.letter(name)
    parted = await towns.press(BOB, "Unlink")

    assert "Bob on Telegram is an account of its own again" in text_of(parted)
    assert not await are_one(towns, ADA, BOB)
    assert "Your Telegram account is no longer linked." in await towns.letter(ADA)
    assert "This account is no longer linked." in await towns.letter(BOB)


@pytest.mark.parametrize("who", [ADA, BOB])
async def test_either_side_can_say_no(towns: Towns, who: str) -> None:
    code = code_in(await towns.say(ADA, "/me link"))
    await towns.say(BOB, f"/link {code}")
    if who == ADA:
        await towns.press(BOB, "Link them")
        await towns.letter(ADA)
    refused = await towns.press(who, "No, that is not me" if who == ADA else "That is not me")
    assert "Nothing was linked" in text_of(refused)
    assert "was used, refused, or has run out" in text_of(await towns.press_id(ADA, action("link.accept", 1)))
    assert not await are_one(towns, ADA, BOB)


async def test_the_question_can_be_had_where_no_message_arrived(towns: Towns) -> None:
    code = code_in(await towns.say(ADA, "/me link"))
    await towns.say(BOB, f"/link {code}")
    await towns.press(BOB, "Link them")

    asked = await towns.say(ADA, "/me link")

    assert "Yes, both are me" in labels(asked)
    await towns.press(ADA, "Yes, both are me")
    assert await are_one(towns, ADA, BOB)


# --- what does not work -----------------------------------------------------------------------------------------------

NOT_KNOWN = "That code is not known, was used, or is older than ten minutes."


async def test_a_code_works_once(towns: Towns) -> None:
    code = code_in(await towns.say(ADA, "/me link"))
    await towns.say(BOB, f"/link {code}")
    assert NOT_KNOWN in text_of(await towns.say("Cleo@telegram", f"/link {code}"))
    assert NOT_KNOWN in text_of(await towns.say(BOB, f"/link {code}"))


@pytest.mark.usefixtures("anywhere")
async def test_of_two_who_type_it_at_once_one_gets_it(towns: Towns) -> None:
    code = code_in(await towns.say(ADA, "/me link"))
    players = [f"P{number}@telegram" for number in range(4)]
    for player in players:
        await towns.person_id(player)
    answers = await asyncio.gather(*(towns.say(player, f"/link {code}") for player in players))
    assert sum("Are both of these you?" in text_of(answer) for answer in answers) == 1
    assert sum(NOT_KNOWN in text_of(answer) for answer in answers) == 3


async def test_a_code_runs_out_at_every_step(towns: Towns) -> None:
    ten = timedelta(minutes=10)
    code = code_in(await towns.say(ADA, "/me link"))
    await towns.pass_by(ten)
    assert NOT_KNOWN in text_of(await towns.say(BOB, f"/link {code}"))

    code = code_in(await towns.say(ADA, "/me link"))
    await towns.say(BOB, f"/link {code}")
    await towns.pass_by(ten)
    assert "has run out" in text_of(await towns.press(BOB, "Link them"))

    code = code_in(await towns.say(ADA, "/me link"))
    await towns.say(BOB, f"/link {code}")
    await towns.press(BOB, "Link them")
    await towns.letter(ADA)
    await towns.pass_by(ten)
    assert "has run out" in text_of(await towns.press(ADA, "Yes, both are me"))
    assert not await are_one(towns, ADA, BOB)


async def test_a_new_code_makes_the_old_one_worthless(towns: Towns) -> None:
    code = code_in(await towns.say(ADA, "/me link"))
    await towns.say(ADA, "/me link")
    assert NOT_KNOWN in text_of(await towns.say(BOB, f"/link {code}"))


async def test_ones_own_code_is_not_used_up_by_typing_it_in_the_wrong_place(towns: Towns) -> None:
    code = code_in(await towns.say(ADA, "/me link"))
    assert "That is your own code." in text_of(await towns.say(ADA, f"/link {code}"))
    assert "Are both of these you?" in text_of(await towns.say(BOB, f"/link {code}"))


async def test_five_tries_an_hour_and_then_not_even_the_right_one(towns: Towns) -> None:
    code = code_in(await towns.say(ADA, "/me link"))
    for _ in range(5):
        assert NOT_KNOWN in text_of(await towns.say(BOB, "/link 22222222"))
    assert "tried too often" in text_of(await towns.say(BOB, f"/link {code}"))
    await towns.pass_by(timedelta(hours=1))
    code = code_in(await towns.say(ADA, "/me link"))
    assert "Are both of these you?" in text_of(await towns.say(BOB, f"/link {code}"))


@pytest.mark.usefixtures("anywhere")
async def test_tries_at_once_are_counted_one_by_one(towns: Towns) -> None:
    await towns.person_id(BOB)
    answers = await asyncio.gather(*(towns.say(BOB, "/link 22222222") for _ in range(9)))
    assert sum(NOT_KNOWN in text_of(answer) for answer in answers) == 5


async def test_five_people_an_hour_at_one_account(towns: Towns) -> None:
    for number in range(6):
        code = code_in(await towns.say(ADA, "/me link"))
        answer = text_of(await towns.say(f"P{number}@telegram", f"/link {code}"))
        assert ("Are both of these you?" in answer) is (number < 5)
    assert "tried too often" in answer


async def test_two_accounts_on_one_platform_are_two_people(towns: Towns) -> None:
    code = code_in(await towns.say(ADA, "/me link"))
    assert "have an account on Discord already" in text_of(await towns.say("Eve@discord", f"/link {code}"))
    await link(towns, ADA, BOB)
    code = code_in(await towns.say(ADA, "/me link"))
    assert "have an account on Telegram already" in text_of(await towns.say("Cleo@telegram", f"/link {code}"))


@pytest.mark.parametrize("deed", ["confirm", "accept", "refuse"])
async def test_a_strangers_press_finds_nothing(towns: Towns, deed: str) -> None:
    code = code_in(await towns.say(ADA, "/me link"))
    await towns.say(BOB, f"/link {code}")
    await towns.press(BOB, "Link them")
    nothing = text_of(await towns.press_id("Cleo@telegram", action(f"link.{deed}", 99)))
    assert text_of(await towns.press_id("Cleo@telegram", action(f"link.{deed}", 1))) == nothing
    assert "Yes, both are me" in labels(await towns.say(ADA, "/me link"))


async def test_whoever_typed_it_cannot_say_yes_for_the_other_side(towns: Towns) -> None:
    code = code_in(await towns.say(ADA, "/me link"))
    await towns.say(BOB, f"/link {code}")
    await towns.press(BOB, "Link them")
    assert "has run out" in text_of(await towns.press_id(BOB, action("link.accept", 1)))
    assert not await are_one(towns, ADA, BOB)


@pytest.mark.usefixtures("anywhere")
async def test_saying_yes_twice_does_it_once(towns: Towns) -> None:
    code = code_in(await towns.say(ADA, "/me link"))
    await towns.say(BOB, f"/link {code}")
    await towns.press(BOB, "Link them")
    await towns.letter(ADA)
    answers = await asyncio.gather(*(towns.press(ADA, "Yes, both are me") for _ in range(3)))
    assert sum("are one now" in text_of(answer) for answer in answers) == 1
    assert await are_one(towns, ADA, BOB)


async def test_who_has_asked_to_be_forgotten_is_not_linked(towns: Towns) -> None:
    await towns.say(ADA, "/me forget yes")
    code = code_in(await towns.say(ADA, "/me link"))
    assert "asked to be forgotten" in text_of(await towns.say(BOB, f"/link {code}"))


# --- what becomes one -------------------------------------------------------------------------------------------------


async def test_what_goes_wrong_half_way_changes_nothing(towns: Towns, monkeypatch: pytest.MonkeyPatch) -> None:
    code = code_in(await towns.say(ADA, "/me link"))
    await towns.say(BOB, f"/link {code}")
    await towns.press(BOB, "Link them")
    await towns.letter(ADA)
    before = [await accounts(towns, name) for name in (ADA, BOB)]

    async def killed(*_: object) -> None:
        raise KeyError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr(LinkStore, "joined", killed)
        assert "went wrong" in text_of(await towns.press(ADA, "Yes, both are me"))

    assert [await accounts(towns, name) for name in (ADA, BOB)] == before
    await towns.press_id(ADA, action("link.accept", 1))
    assert await are_one(towns, ADA, BOB)


async def test_one_person_takes_one_chair_and_the_other_is_free_again(towns: Towns) -> None:
    poster = "Mo@discord"
    two = '/gig post role=trumpet when="Sat 28 Nov 19:30" where=Leeds fee=£220 seats=2'
    assert "Posted G1" in text_of(await towns.say(poster, two, place="#gigs"))
    async with towns.tools.open_work() as work:
        hall = await work.communities.at("discord", "discord-hall")
        assert hall is not None
        bob = (await work.people.greet("telegram", "bob", "Bob", towns.clock.now(), dm="dm:telegram:bob")).id
        await work.communities.join(bob, hall.id, towns.clock.now())
        await work.commit()
    for name in (ADA, BOB):
        await towns.press_id(name, action("answers.give", 1, "ink"))
    for offer in (1, 2):
        await towns.press_id(poster, action("answers.pick", offer, "inked"))
    assert "Filled" in text_of((await towns.board("discord"))[0])

    await link(towns, ADA, BOB)

    assert "Filled" not in text_of((await towns.board("discord"))[0])
    async with towns.tools.open_work(reading=True) as work:
        gig = await work.gigs.get(1)
    assert gig is not None and (gig.inked, gig.free_seats) == (1, 1)


async def test_a_message_that_one_platform_refuses_goes_by_the_other_at_once(towns: Towns) -> None:
    await link(towns, ADA, BOB)
    await towns.inbox(ADA)
    await towns.inbox(BOB)
    await towns.say(ADA, "/notify reminders discord")
    await towns.say(ADA, '/remind me when="Wed 25 Nov 09:30" what="strings"')
    towns.senders["discord"].says = lambda target, key: Refused("their private messages are closed")

    await towns.pass_by(timedelta(days=2))

    assert any("strings" in text_of(one) for one in await towns.inbox(BOB))
    refused = {one.surface: one.unreachable for one in await accounts(towns, BOB)}
    assert refused["discord"] == "their private messages are closed"
    told = text_of(await towns.say(BOB, "/unlink"))
    assert "Messages to Ada on Discord are refused there: their private messages are closed." in told


async def test_being_forgotten_forgets_both_accounts(towns: Towns) -> None:
    await link(towns, ADA, BOB)
    await towns.say(BOB, "/me forget yes")
    await towns.pass_by(timedelta(minutes=11))
    async with towns.tools.open_work(reading=True) as work:
        known = [await work.people.identity("discord", "ada"), await work.people.identity("telegram", "bob")]
    assert [one is None for one in known].count(True) >= 1
    assert not await are_one(towns, ADA, BOB)


async def test_three_accounts_are_one_and_each_can_go(towns: Towns) -> None:
    await link(towns, ADA, BOB)
    async with towns.tools.open_work() as work:
        console = await work.people.greet("console", "kim", "Kim", towns.clock.now(), dm="dm:console:kim")
        merged = await work.merging.merge(person_of(await work.people.identity("discord", "ada")), console.id, START)
        assert merged.brought
        await work.commit()
    unlinked = await towns.say(BOB, "/unlink")
    assert labels(unlinked) == ["Unlink Telegram"]
    await towns.press(BOB, "Unlink Telegram")
    assert not await are_one(towns, ADA, BOB)
    assert {one.surface for one in await accounts(towns, ADA)} == {"discord", "console"}


def person_of(identity: Identity | None) -> int:
    assert identity is not None
    return identity.person_id
