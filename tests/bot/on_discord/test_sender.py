"""Messages that answer nothing: delivered once, redrawn, refused, delayed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.desk.surface import Refused, Target, TooFast, Unavailable, Unsure, Vanished
from bot.on_discord.nonces import nonce
from cogs.kit.reply import Reply, say
from storage.records.posting import Posting
from tests.bot.on_discord.conftest import Band, later
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.limits import SILENT
from tests.fakes.discord.program import MONDAY, Program
from tests.fakes.discord.world import THREAD, Channel, Message, User

HELLO = say("Hello.")


async def send(program: Program, target: Target, reply: Reply = HELLO, key: str = "k1", silent: bool = False) -> str:
    return (await program.surface.deliver(target, reply, key=key, silent=silent)).message


def to(user: User) -> Target:
    return Target(None, str(user.id), person_id=1)


def at(channel: Channel) -> Target:
    return Target(str(channel.id), channel_id=1)


# --- sends ------------------------------------------------------------------------------------------------------------


async def test_a_private_chat_is_opened_and_its_address_told(fake: FakeDiscord, program: Program, band: Band) -> None:
    sent = await program.surface.deliver(to(band.bob), HELLO, key="k", silent=True)

    message = fake.messages[int(sent.message)]
    assert (sent.dest, message.text) == (str(fake.dm(band.bob).id), "Hello.")
    assert message.flags & SILENT


async def test_a_send_whose_answer_was_lost_is_not_posted_twice(
    fake: FakeDiscord, program: Program, band: Band
) -> None:
    fake.trouble("POST", "/messages$", "lost")
    with pytest.raises(Unsure):
        await send(program, at(band.gigs))
    await send(program, at(band.gigs))

    assert [one.text for one in fake.visible(band.bob, band.gigs)] == ["Hello."]


def test_nonces_fit_and_differ() -> None:
    made = {nonce(f"notice:{n}:a rather long key that says what it is about") for n in range(1000)}
    assert len(made) == 1000 and all(len(one) <= 25 for one in made)


@pytest.mark.parametrize("code", [50007, 50278])
async def test_closed_private_messages_are_a_refusal(
    fake: FakeDiscord, program: Program, band: Band, code: int
) -> None:
    fake.trouble("POST", "/messages$", (403, {"message": "Cannot send messages to this user", "code": code}))
    with pytest.raises(Refused, match=r"closed|share no server"):
        await send(program, to(band.bob))


@pytest.mark.parametrize(("code", "said"), [(50001, "View Channel"), (50013, "Send Messages"), (10003, "gone")])
async def test_a_channel_that_takes_nothing_names_what_is_missing(
    fake: FakeDiscord, program: Program, band: Band, code: int, said: str
) -> None:
    band.gigs.closed = code
    with pytest.raises(Refused, match=said):
        await send(program, at(band.gigs))


async def test_a_short_429_is_waited_out(fake: FakeDiscord, program: Program, band: Band) -> None:
    fake.trouble("POST", "/messages$", _slow(0.01), Via="1.1 google", Retry_After="0.01")
    await send(program, at(band.gigs))

    assert len(fake.visible(band.bob, band.gigs)) == 1


async def test_a_long_429_is_handed_to_the_courier(fake: FakeDiscord, program: Program, band: Band) -> None:
    fake.trouble("POST", "/messages$", _slow(50.0), Via="1.1 google", Retry_After="50")
    with pytest.raises(TooFast) as slow:
        await send(program, at(band.gigs))

    assert 49 <= slow.value.seconds <= 51


async def test_discord_being_down_is_unavailable(
    fake: FakeDiscord, program: Program, band: Band, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_wait(_: float) -> None:
        return None

    monkeypatch.setattr("discord.http.asyncio.sleep", no_wait)
    fake.trouble("POST", "/messages$", (503, {"message": "no", "code": 0}), times=5)
    with pytest.raises(Unavailable):
        await send(program, at(band.gigs))


async def test_what_is_not_running_is_unavailable(fake: FakeDiscord, program: Program, band: Band) -> None:
    await program.stop()
    await fake.stop()
    program.surface._listens = False
    with pytest.raises(Unavailable):
        await send(program, at(band.gigs))


async def test_a_process_that_only_sends_needs_no_gateway(
    fake: FakeDiscord, band: Band, programs: Callable[..., Program]
) -> None:
    program = programs()
    await program.start()
    await program.stop()
    before = fake.gateway.heard["2"]
    program.surface._listens = False

    await send(program, at(band.gigs))

    assert fake.gateway.heard["2"] == before and program.surface.healthy()
    await program.surface.aclose()


async def test_a_failed_private_message_is_recorded_and_the_person_marked(
    fake: FakeDiscord, program: Program, band: Band
) -> None:
    await (await fake.slash(band.bob, band.gigs, "stall secret")).settled()
    band.bob.dms_open = False
    await (await fake.slash(band.bob, band.gigs, "stall remind", {"after": "2 h"})).settled()
    await program.house.courier.deliver_due(until=later(3), move=program.clock.set)

    async with program.house.storage.open_work(reading=True) as work:
        identity = await work.people.identity("discord", str(band.bob.id))
    assert identity is not None and identity.unreachable


# --- redraws ----------------------------------------------------------------------------------------------------------


def posting(message: Message, **about: object) -> Posting:
    base = Posting(
        id=1,
        card="odd.board",
        subject_id=1,
        surface="discord",
        address=str(message.channel.id),
        message=str(message.id),
        channel_id=1,
        person_id=None,
        made_at=MONDAY,
    )
    return replace(base, **about)  # type: ignore[arg-type]


async def test_a_message_that_is_gone_has_vanished(fake: FakeDiscord, program: Program, band: Band) -> None:
    message = fake.messages[int(await send(program, at(band.gigs)))]
    message.deleted = True
    with pytest.raises(Vanished):
        await program.surface.redraw(posting(message), HELLO)


async def test_a_note_becomes_a_card_and_stays_one(fake: FakeDiscord, program: Program, band: Band) -> None:
    message = fake.messages[int(await send(program, at(band.gigs)))]
    await program.surface.redraw(posting(message), Reply(title="Now a card", lines=(HELLO.lines[0],)))

    assert message.is_card and message.content == "" and "Now a card" in message.text


async def test_edits_that_come_too_often_wait(fake: FakeDiscord, program: Program, band: Band) -> None:
    message = fake.messages[int(await send(program, at(band.gigs)))]
    fake.trouble("PATCH", "/messages/", (400, {"message": "old", "code": 30046}))
    with pytest.raises(TooFast):
        await program.surface.redraw(posting(message), HELLO)


async def test_an_archived_thread_is_opened_for_a_change(fake: FakeDiscord, program: Program, band: Band) -> None:
    thread = fake.add_channel(Channel("deps", band.guild.id, THREAD, parent_id=band.gigs.id))
    message = fake.messages[int(await send(program, at(thread)))]
    thread.archived = True

    await program.surface.redraw(posting(message), say("Changed."))

    assert message.text == "Changed." and not thread.archived


def _slow(seconds: float) -> tuple[int, dict[str, object]]:
    return 429, {"message": "You are being rate limited.", "retry_after": seconds, "global": False}
