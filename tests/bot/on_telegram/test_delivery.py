"""The sending half: what each refusal, delay and silence of the Bot API means to the courier, and to whoever waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from bot.desk.surface import (
    Moved,
    Refused,
    SendFault,
    Target,
    TooFast,
    Unavailable,
    Unchanged,
    Unsure,
    Vanished,
)
from bot.on_telegram.application import TelegramSurface
from bot.on_telegram.troubles import meaning, seconds_of
from cogs.kit.action import action
from cogs.kit.reply import Button, CardRef, Reply, Upload, say
from cogs.kit.words import Moment
from storage.records.posting import Posting
from tests.fakes.telegram.rig import MONDAY, Rig
from tests.fakes.telegram.wire import Refusal
from tests.fakes.telegram.world import Account

CARD = Reply(
    title="Bass wanted", card=CardRef("stalls.board", 1), buttons=(Button("I'm in", action("stalls.join", 1)),)
)


@pytest.fixture
async def ada(rig: Rig) -> Account:
    return rig.world.person("Ada", started=True)


async def deliver(rig: Rig, who: Account | int, reply: Reply | None = None, *, silent: bool = False) -> Any:
    address = str(who if isinstance(who, int) else who.id)
    return await rig.surface.deliver(Target(address), reply or say("hello"), key="n1", silent=silent)


def posting(address: int, message: str) -> Posting:
    return Posting(
        id=1, card="stalls.board", subject_id=1, surface="telegram", address=str(address), message=message,
        channel_id=None, person_id=None, made_at=MONDAY,
    )  # fmt: skip


async def test_what_is_sent_arrives_once_where_it_should(rig: Rig, ada: Account) -> None:
    sent = await deliver(rig, ada, CARD, silent=True)

    post = rig.world.last(ada)
    assert (sent.dest, sent.message) == (str(ada.id), str(post.id))
    assert post.words == "Bass wanted"
    assert post.silent
    assert post.buttons()[0]["callback_data"] == "fc:stalls.join:1"


def _blocked(ada: Account) -> None:
    ada.blocked = True


def _deactivated(ada: Account) -> None:
    ada.deactivated = True


def _not_started(ada: Account) -> None:
    ada.started = False


@pytest.mark.parametrize(
    ("deed", "reason"),
    [(_blocked, "blocked"), (_deactivated, "gone"), (_not_started, "not pressed Start")],
)  # fmt: skip
async def test_people_who_take_no_messages(
    rig: Rig, ada: Account, deed: Callable[[Account], None], reason: str
) -> None:
    deed(ada)

    with pytest.raises(Refused, match=reason):
        await deliver(rig, ada)


async def test_chats_that_take_no_messages(rig: Rig, ada: Account) -> None:
    room = rig.world.group("Deps", ada)
    with pytest.raises(Refused, match="removed"):
        await deliver(rig, room.id)
    room.bot_in, room.bot_writes = True, False
    with pytest.raises(Refused, match="may not write"):
        await deliver(rig, room.id)
    with pytest.raises(Refused, match="no such chat"):
        await deliver(rig, -100999)
    with pytest.raises(Refused):
        await rig.surface.deliver(Target("#gigs"), say("x"), key="n1", silent=False)
    with pytest.raises(Refused, match="Start"):
        await rig.surface.deliver(Target(None), say("x"), key="n1", silent=False)


async def test_a_moved_group_is_told_with_its_new_address(rig: Rig, ada: Account) -> None:
    room, new = rig.world.group("Deps", ada, kind="group"), rig.world.group("Deps", ada)
    room.bot_in, room.moved_to = True, new.id

    with pytest.raises(Moved) as fault:
        await deliver(rig, room.id)

    assert fault.value.dest == str(new.id)


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ({"refusal": Refusal(429, "Too Many Requests: retry after 7", retry_after=7)}, TooFast),
        ({"refusal": Refusal(502, "Bad Gateway")}, Unavailable),
        ({"refusal": Refusal(500, "Internal Server Error")}, Unavailable),
        ({"refusal": Refusal(401, "Unauthorized")}, Unavailable),
        ({"lost": True}, Unsure),
        ({"cut": True}, Unsure),
    ],
)
async def test_failures_of_the_platform(rig: Rig, ada: Account, how: dict[str, Any], kind: type[SendFault]) -> None:
    rig.api.fail("sendMessage", **how)

    with pytest.raises(kind) as fault:
        await deliver(rig, ada)

    if isinstance(fault.value, TooFast):
        assert fault.value.seconds == 7
    assert len(rig.world.posted(ada)) == ("lost" in how)
    await deliver(rig, ada)  # and the next one arrives


async def test_no_connection_means_that_nothing_was_sent(rig: Rig, ada: Account) -> None:
    nowhere = replace(rig.settings.telegram, api_base_url="http://127.0.0.1:9/bot")
    house = rig.house
    surface = TelegramSurface(
        settings=replace(rig.settings, telegram=nowhere), tools=house.tools, desk=house.desk, guests=house.guests
    )

    with pytest.raises(Unavailable):
        await surface.deliver(Target(str(ada.id)), say("x"), key="n1", silent=False)
    with pytest.raises(RuntimeError, match="cannot be reached"):
        await surface.run(asyncio.Event())
    assert not surface.healthy()
    await surface.close()


def test_waits_are_read_in_both_of_their_shapes() -> None:
    assert seconds_of(RetryAfter(5)) == 5
    assert seconds_of(RetryAfter(timedelta(seconds=5))) == 5


def test_errors_nobody_has_seen_are_not_taken_for_success() -> None:
    assert isinstance(meaning(TimedOut()), Unsure)
    assert isinstance(meaning(NetworkError("odd")), Unavailable)
    assert isinstance(meaning(BadRequest("SOMETHING_NEW")), Unsure)


async def test_a_card_is_redrawn_where_it_hangs(rig: Rig, ada: Account) -> None:
    sent = await deliver(rig, ada, CARD)

    with pytest.raises(Unchanged):
        await rig.surface.redraw(posting(ada.id, sent.message), CARD)
    await rig.surface.redraw(posting(ada.id, sent.message), CARD.with_(title="Bass filled", buttons=()))
    post = rig.world.last(ada)
    assert (str(post.id), post.words, post.keys) == (sent.message, "Bass filled", [])
    with pytest.raises(Vanished):
        await rig.surface.redraw(posting(ada.id, "99999"), CARD)


async def test_a_server_that_knows_no_dates_gets_them_in_words(rig: Rig, ada: Account) -> None:
    rig.api.knows_times = False
    reply = say("At ", Moment(MONDAY + timedelta(days=1), "Europe/London"), " <sharp>")

    await deliver(rig, ada, reply)
    await deliver(rig, ada, reply)

    assert [post.words for post in rig.world.posted(ada)] == [
        "At Tue 24 Nov 2026, 10:00 Europe/London, tomorrow <sharp>"
    ] * 2
    assert len([call for call in rig.api.calls if call.method == "sendMessage" and not call.ok]) == 1


async def test_a_long_text_arrives_in_order_with_the_buttons_last(rig: Rig, ada: Account) -> None:
    long = Reply(lines=tuple(((say("x" * 3000)).lines[0]) for _ in range(2)), buttons=CARD.buttons)

    sent = await deliver(rig, ada, long)

    first, last = rig.world.posted(ada)
    assert (first.keys, str(last.id)) == ([], sent.message)
    assert last.keys


async def test_half_a_message_is_not_sent_again_as_if_nothing_had_come(rig: Rig, ada: Account) -> None:
    long = Reply(lines=tuple(((say("x" * 3000)).lines[0]) for _ in range(2)))
    seen: list[int] = []

    def second(given: dict[str, Any]) -> bool:
        seen.append(1)
        return len(seen) == 2

    rig.api.fail("sendMessage", refusal=Refusal(502, "Bad Gateway"), fits=second)

    with pytest.raises(Unsure):
        await deliver(rig, ada, long)


async def test_files_go_with_their_words(rig: Rig, ada: Account) -> None:
    paper = Upload("i9.pdf", b"%PDF", "application/pdf")
    chart = Upload("pay.png", b"png", "image/png", alt="Fees <by> month")

    await deliver(rig, ada, say("Invoice I9", files=(paper,)))
    await deliver(rig, ada, say("Two", files=(paper, chart)))

    kinds = [(post.kind, post.words) for post in rig.world.posted(ada)]
    assert kinds == [("document", "Invoice I9"), ("text", "Two"), ("document", ""), ("photo", "Fees <by> month")]


async def test_a_picture_of_an_odd_shape_goes_as_a_file(rig: Rig, ada: Account) -> None:
    rig.api.fail("sendPhoto", refusal=Refusal(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"))

    await deliver(rig, ada, say("Chart", files=(Upload("pay.png", b"png", "image/png", alt="Fees"),)))

    assert rig.world.last(ada).kind == "document"


# --- people who wait --------------------------------------------------------------------------------------------------


async def test_answers_are_patient_where_the_platform_asks_for_it(rig: Rig, ada: Account) -> None:
    rig.api.fail("sendMessage", refusal=Refusal(429, "Too Many Requests: retry after 1", retry_after=0.02))
    rig.api.fail("sendMessage", refusal=Refusal(502, "Bad Gateway"))

    await rig.world.say(ada, "/psst")
    await rig.settled()

    assert "£999" in rig.world.last(ada).words


async def test_an_answer_that_may_have_arrived_is_not_sent_twice(rig: Rig, ada: Account) -> None:
    rig.api.fail("sendMessage", lost=True)

    await rig.world.say(ada, "/psst")
    await rig.settled()

    assert len(rig.world.posted(ada)) == 1


async def test_a_flood_in_one_chat_does_not_hold_up_another(rig: Rig, ada: Account) -> None:
    bob = rig.world.person("Bob", started=True)
    rig.api.per_chat = (5, 1.0)

    for _ in range(6):
        await rig.world.say(ada, "/psst")
    await rig.world.say(bob, "/psst")
    await rig.settled()

    assert sum("£999" in post.words for post in rig.world.posted(ada)) == 6
    refused = next(n for n, call in enumerate(rig.api.calls) if call.method == "sendMessage" and not call.ok)
    served = [n for n, call in enumerate(rig.api.calls) if call.ok and call.given.get("chat_id") == bob.id]
    last = [n for n, call in enumerate(rig.api.calls) if call.ok and call.given.get("chat_id") == ada.id][-1]
    assert refused < last
    assert served[0] < last


async def test_whoever_blocked_the_bot_is_remembered_and_comes_back(rig: Rig, ada: Account) -> None:
    await rig.world.say(ada, "/start")
    await rig.settled()

    async def unreachable() -> str | None:
        async with rig.house.tools.open_work(reading=True) as work:
            identity = await work.people.identity("telegram", str(ada.id))
        assert identity is not None
        return identity.unreachable

    await rig.world.block(ada)
    await rig.settled()
    assert await unreachable() == "they blocked the bot"
    ada.blocked = False
    await rig.world.say(ada, "/start")
    await rig.settled()
    assert await unreachable() is None


async def test_a_chat_closed_since_is_noticed_at_the_next_answer(rig: Rig, ada: Account) -> None:
    room = rig.world.group("Deps", ada)
    await rig.world.add_bot(room, ada)
    await rig.world.say(ada, "/start")
    await rig.settled()
    ada.blocked = True

    await rig.world.say(ada, "/psst", room)
    await rig.settled()

    assert "Continue in private" in str(rig.world.last(room).keys)
    assert "999" not in rig.world.last(room).words
