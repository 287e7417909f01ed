"""What is somebody else's answers exactly as what does not exist: by button, by id, by token, after leaving."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from cogs.kit.ask import Kind
from cogs.kit.call import Call
from storage.engine import Storage
from storage.work import OpenWork
from tests.bot.town import NOBODYS, NORTH, SOUTH, Town, filled, of_deed, press_id, said
from tests.conftest import MovableClock

#: Ids that Bob's things have: the tables are new, so they are low.
HIS = (1, 2)
#: Whose answers are compared: the moderator of another community, there and in private, and somebody who left.
OUTSIDERS = ("Mallory in the South", "Mallory in private", "Lea in private")


@pytest.fixture
async def town(open_work: OpenWork, clock: MovableClock) -> AsyncIterator[Town]:
    made = Town(open_work, clock)
    await made.settle()
    yield made


async def outsider(town: Town, who: str) -> Call:
    name, _, where = who.partition(" in ")
    return await town.call(name, SOUTH if where == "the South" else None, moderator=where == "the South")


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_no_press_with_the_id_of_somebody_elses_thing_tells_more_than_one_with_none(town: Town, who: str) -> None:
    before = await town.of_bob()
    told: list[str] = []
    tried = 0
    for number, deed in enumerate(town.desk.index.deeds.values()):
        given = filled(of_deed(deed))
        missing = press_id(deed, NOBODYS)
        if missing is None or missing == press_id(deed, 1) or _about_oneself(deed.name):
            continue
        # Somebody new each time: what one of them made by pressing is not the next one's either.
        call = await outsider(town, who.replace("Mallory", f"Mallory{number}"))
        nothing = said(await town.desk.press(call, missing, given))
        for his in HIS if deed.name not in _OF_A_COMMUNITY else HIS[:1]:
            pressed = press_id(deed, his)
            assert pressed is not None
            tried += 1
            answer = said(await town.desk.press(call, pressed, given))
            if answer != nothing:
                told.append(f"{pressed}: {answer!r}, not {nothing!r}")
    assert tried > 250
    assert not told, "\n" + "\n".join(told)
    assert await town.of_bob() == before


#: Their number is that of a community or channel; of those the outsider has one too, and Bob's is the first.
_OF_A_COMMUNITY = {"setup.use", "setup.stop", "avail.share"}


def _about_oneself(name: str) -> bool:
    """Whether the number in it is no id: a page, a step, minutes. Each was looked at by hand."""
    return name in {
        "hearing.test_later",  # days
        "home.step",
        "home.skip",
        "breaks.hush",  # minutes
        "breaks.skip",  # which turn of one's own timer
        "breaks.snooze",
        "who.page",
        "avail.diary",  # months ahead
        "checkin.restore",  # a moment
    }


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_no_token_of_somebody_elses_leads_anywhere(town: Town, who: str) -> None:
    before = await town.of_bob()
    call = await outsider(town, who)
    assert len(town.tokens) >= 3
    for name in ("gigs.confirm", "gigs.rework", "gigs.drop", "find.page"):
        deed = town.desk.index.deeds[name]
        missing = press_id(deed, "A" * 12)
        assert missing is not None
        for token in town.tokens:
            pressed = press_id(deed, token)
            assert pressed is not None
            assert said(await town.desk.press(call, pressed)) == said(await town.desk.press(call, missing)), pressed
    for step in ("open", "skip", "back", "cancel", "choose"):
        more = ":0" if step == "choose" else ""
        nothing = said(await town.desk.press(call, f"fc:desk.{step}:{'A' * 12}{more}"))
        for token in town.tokens:
            assert said(await town.desk.press(call, f"fc:desk.{step}:{token}{more}")) == nothing
            assert said(await town.desk.resume(call, token)) == said(await town.desk.resume(call, "A" * 12))
            assert said(await town.desk.submit(call, token, {})) == said(await town.desk.submit(call, "A" * 12, {}))
    assert await town.of_bob() == before


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_no_command_with_somebody_elses_id_tells_more_than_one_with_none(town: Town, who: str) -> None:
    before = await town.of_bob()
    call = await outsider(town, who)
    tried = 0
    for command in town.desk.index.commands.values():
        refs = [one for one in command.parameters if one.kind is Kind.REF]
        if not refs:
            continue
        for his in HIS:
            texts = [
                filled(command.parameters) | {one.name: f"{one.ask.ref}{number}" for one in refs}
                for number in (his, NOBODYS)
            ]
            tried += 1
            answers = [said(await town.desk.command(call, command.name, given)) for given in texts]
            assert answers[0] == answers[1], (command.name, his)
    assert tried > 50
    assert await town.of_bob() == before


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_undoing_is_for_whoever_did_it(town: Town, who: str) -> None:
    call = await outsider(town, who)
    nothing = said(await town.desk.press(call, "fc:desk.undo:zz"))
    for number in range(1, 30):
        assert said(await town.desk.press(call, f"fc:desk.undo:{_base36(number)}")) == nothing


#: Things of one person that others in the same community have no business with either.
PRIVATE_COGS = (
    "invoices", "invoiceset", "chasing", "clients", "reminders", "remindset", "avail", "ics", "rates", "hearing",
    "rest", "checkin", "firstcall", "find", "settings", "profile", "link",
)  # fmt: skip


async def test_neighbours_and_their_moderator_get_at_nothing_private_either(town: Town) -> None:
    before = await town.of_bob()
    for name in ("Cleo", "Ada"):
        call = await town.call(name, NORTH, moderator=name == "Ada")
        for deed in town.desk.index.deeds.values():
            if deed.cog not in PRIVATE_COGS or _about_oneself(deed.name) or deed.name in ("ics.gig", "avail.share"):
                continue
            given = filled(of_deed(deed))
            missing = press_id(deed, NOBODYS)
            if missing is None or missing == press_id(deed, 1):
                continue
            nothing = said(await town.desk.press(call, missing, given))
            for his in HIS:
                pressed = press_id(deed, his)
                assert pressed is not None
                assert said(await town.desk.press(call, pressed, given)) == nothing, (name, pressed)
    assert await town.of_bob() == before


async def test_lists_and_searches_of_outsiders_hold_nothing_of_his(town: Town) -> None:
    for who in OUTSIDERS:
        call = await outsider(town, who)
        for text in ("/gigs", "/gigs drums leeds", "/invoices", "/reminders", "/clients", "/mod queue", "/setup audit",
                     "/setup export", "/setup health", "/avail who drums Sat", "/me show @Bob", "/diary"):  # fmt: skip
            answer = said(await town.desk.spelled(call, text))
            for secret in ("Ilkley", "Quillfeather", "223", "457", "Zebedee", "secret", "Cleo"):
                assert secret not in answer, (who, text, answer)


async def test_suggestions_hold_nothing_of_his(town: Town) -> None:
    for who in OUTSIDERS:
        call = await outsider(town, who)
        for command in town.desk.index.commands.values():
            for parameter in command.parameters:
                for typed in ("", "b"):
                    found = await town.desk.suggest(call, command.name, parameter.name, typed)
                    shown = " ".join(f"{one.label} {one.value}" for one in found)
                    for secret in ("G1 ", "I1 ", "Quillfeather", "R1 ", "Bob", "@Cleo"):
                        assert secret not in f"{shown} ", (who, command.name, parameter.name, shown)


async def test_a_person_picked_by_number_is_found_among_ones_own_people_only(town: Town) -> None:
    """Numbers of people can be typed by anybody; a stranger's leads to nobody."""
    bob = await town.person_id("Bob")
    call = await outsider(town, "Mallory in the South")
    for command in ("me show", "avail ask", "firstcall add"):
        target = town.desk.index.commands.get(command)
        if target is None:
            continue
        people = [one.name for one in target.parameters if one.kind is Kind.PERSON]
        given = filled(target.parameters)
        answers = [
            said(await town.desk.command(call, command, given | dict.fromkeys(people, f"person:{number}")))
            for number in (bob, NOBODYS)
        ]
        assert answers[0] == answers[1], command


async def test_the_log_of_a_community_is_its_moderators_alone(town: Town, storage: Storage) -> None:
    ada = await town.call("Ada", NORTH, moderator=True)
    await town.desk.command(ada, "mod remove", {"id": "G1", "reason": "not paid"})
    log = said(await town.desk.command(ada, "setup audit"))
    assert "not paid" in log
    assert "Cleo" not in log
    assert "secret" not in log
    mallory = await outsider(town, "Mallory in the South")
    assert "not paid" not in said(await town.desk.command(mallory, "setup audit"))
    exported = (await town.desk.command(ada, "setup export")).reply.files[0].content.decode()
    assert "not paid" in exported
    assert "Cleo" not in exported
    assert "secret" not in exported
    cleo = await town.call("Cleo", NORTH)
    refused = said(await town.desk.command(cleo, "setup audit"))
    assert "Only moderators" in refused
    assert said(await town.desk.command(cleo, "setup export")) == refused


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return digits[number] if number < 36 else _base36(number // 36) + digits[number % 36]
