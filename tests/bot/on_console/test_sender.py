from __future__ import annotations

import pytest

from bot.desk.surface import Refused, Target, Unchanged, Vanished
from bot.on_console.sender import ConsoleSender
from cogs.kit.reply import CardRef, Reply, say
from storage.records.posting import Posting
from tests.house import MONDAY, House


@pytest.fixture
def sender(house: House) -> ConsoleSender:
    return ConsoleSender(house.shell.program.tools, house.shell.transcript)


async def test_a_delivery_under_a_known_key_is_the_same_message(house: House, sender: ConsoleSender) -> None:
    await house.play("!as Ada\n!as Bob")
    ada = Target("dm:ada", account="ada", person_id=1)
    first = await sender.deliver(ada, say("Call time is 18:00."), key="k1", silent=False)
    again = await sender.deliver(ada, say("Call time is 18:00."), key="k1", silent=False)
    other = await sender.deliver(ada, say("Call time is 18:00."), key="k2", silent=False)
    assert first == again != other
    assert house.said == ["[dm Ada] bot: Call time is 18:00."] * 2


async def test_a_private_chat_need_not_have_been_opened(house: House, sender: ConsoleSender) -> None:
    await house.play("!as Ada")
    sent = await sender.deliver(Target(None, account="ada", person_id=1), say("Hello."), key="k", silent=True)
    assert sent.dest == "dm:ada"
    assert house.said == ["[dm Ada] bot: Hello."]


@pytest.mark.parametrize("target", [Target("#nowhere"), Target("dm:nobody"), Target(None)])
async def test_no_such_place_refuses(house: House, sender: ConsoleSender, target: Target) -> None:
    with pytest.raises(Refused):
        await sender.deliver(target, say("Hello."), key="k", silent=False)


async def test_a_redraw_changes_the_message_where_it_stands(house: House, sender: ConsoleSender) -> None:
    await house.play("!as Ada\n!in #gigs")
    card = CardRef("stalls.board", 1)
    sent = await sender.deliver(Target("#gigs"), say("open", card=card), key="k", silent=False)
    await sender.redraw(_posting(sent.message), say("filled", card=card))
    assert house.said[-1] == "[#gigs] bot: (edited) filled"
    with pytest.raises(Unchanged):
        await sender.redraw(_posting(sent.message), say("filled", card=card))


@pytest.mark.parametrize("message", ["999", "not ours"])
async def test_a_message_that_is_gone_cannot_be_redrawn(house: House, sender: ConsoleSender, message: str) -> None:
    await house.play("!as Ada\n!in #gigs")
    with pytest.raises(Vanished):
        await sender.redraw(_posting(message), Reply(lines=()))


def _posting(message: str) -> Posting:
    return Posting(
        id=1,
        card="stalls.board",
        subject_id=1,
        surface="console",
        address="#gigs",
        message=message,
        channel_id=1,
        person_id=None,
        made_at=MONDAY,
    )
