"""Answered or deferred in time, private where it must be, and said elsewhere when it is too late."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.on_discord import timing
from tests.bot.on_discord.conftest import Band, eventually
from tests.bot.on_discord.sample_cog import OddCog
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.interactions import DEFER, DEFER_UPDATE, SAY
from tests.fakes.discord.program import Program


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deferring at once, so that nobody waits for it."""
    for name in ("PATIENCE", "FORM_PATIENCE", "LEAST_PATIENCE"):
        monkeypatch.setattr(timing, name, 0.01)


@pytest.fixture
async def odd(programs: Callable[..., Program]) -> OddCog:
    """A program with the odd cog."""
    found: list[OddCog] = []

    def furnish(tools: object) -> tuple[OddCog, ...]:
        found.append(OddCog(tools))  # type: ignore[arg-type]
        return (found[-1],)

    await programs(furnish).start()
    return found[0]


@pytest.mark.usefixtures("hurried")
async def test_a_slow_private_answer_is_deferred_privately(fake: FakeDiscord, band: Band, odd: OddCog) -> None:
    slow = await (await fake.slash(band.ada, band.gigs, "odd slow")).answered()
    assert slow.answer_type == DEFER and slow.original is not None and slow.original.only == band.ada.id

    odd.go_on.set()
    await slow.settled()

    assert slow.text == "At last." and slow.said == [slow.original]


@pytest.mark.usefixtures("hurried")
async def test_a_slow_public_answer_takes_the_place_of_its_deferral(fake: FakeDiscord, band: Band, odd: OddCog) -> None:
    slow = await (await fake.slash(band.ada, band.gigs, "odd parade")).answered()
    assert slow.original is not None and slow.original.only is None

    odd.go_on.set()
    await slow.settled()

    assert slow.text == "Here it comes." and slow.said == [slow.original]


@pytest.mark.usefixtures("hurried")
async def test_a_fault_after_a_public_deferral_is_seen_by_nobody_else(
    fake: FakeDiscord, band: Band, odd: OddCog
) -> None:
    slow = await (await fake.slash(band.ada, band.gigs, "odd parade", {"fail": True})).answered()
    odd.go_on.set()
    await slow.settled()

    assert slow.original is not None and slow.original.deleted
    assert "£40" in slow.text and slow.said[0].only == band.ada.id
    assert fake.visible(band.bob, band.gigs) == []


async def test_a_slow_press_leaves_its_message_alone_and_answers_privately(
    fake: FakeDiscord, band: Band, odd: OddCog, request: pytest.FixtureRequest
) -> None:
    odd.go_on.set()
    parade = await (await fake.slash(band.ada, band.gigs, "odd parade")).settled()
    odd.go_on.clear()
    request.getfixturevalue("hurried")
    pressed = await (await fake.press(band.bob, parade.said[0], "Wave")).answered()
    assert pressed.answer_type == DEFER_UPDATE

    odd.go_on.set()
    await pressed.settled()

    assert pressed.text == "You waved." and pressed.said[0].only == band.bob.id
    assert parade.said[0].text == "Here it comes."


@pytest.mark.usefixtures("hurried")
async def test_a_slow_press_can_still_change_its_message(fake: FakeDiscord, band: Band, odd: OddCog) -> None:
    wheel = await (await fake.slash(band.ada, band.gigs, "odd wheel")).settled()
    turned = await (await fake.press(band.bob, wheel.said[0], "Turn")).answered()
    odd.go_on.set()
    await turned.settled()

    assert "Turned" in wheel.said[0].text and turned.said == [wheel.said[0]]


async def test_a_quick_press_changes_its_message_at_once(fake: FakeDiscord, band: Band, odd: OddCog) -> None:
    odd.go_on.set()
    wheel = await (await fake.slash(band.ada, band.gigs, "odd wheel")).settled()
    await (await fake.press(band.bob, wheel.said[0], "Turn")).settled()

    assert "Turned" in wheel.said[0].text and wheel.said[0].edits == 1


@pytest.mark.usefixtures("hurried")
async def test_an_answer_after_the_token_died_comes_by_private_message(
    fake: FakeDiscord, band: Band, odd: OddCog
) -> None:
    slow = await (await fake.slash(band.ada, band.gigs, "odd slow")).answered()
    slow.expired = True
    odd.go_on.set()

    message = await fake.next_message(fake.dm(band.ada))

    assert message.text == "At last."
    assert fake.visible(band.bob, band.gigs) == []


@pytest.mark.usefixtures("hurried")
async def test_a_public_answer_after_the_token_died_comes_to_the_channel(
    fake: FakeDiscord, band: Band, odd: OddCog
) -> None:
    slow = await (await fake.slash(band.ada, band.gigs, "odd parade")).answered()
    slow.expired = True
    odd.go_on.set()

    assert (await fake.next_message(band.gigs)).text == "Here it comes."


async def test_an_interaction_that_is_gone_already_is_answered_by_private_message(
    fake: FakeDiscord, band: Band, odd: OddCog
) -> None:
    odd.go_on.set()
    fake.trouble("POST", "/callback$", (404, {"message": "Unknown interaction", "code": 10062}), times=9)
    await fake.slash(band.ada, band.gigs, "odd slow")

    assert (await fake.next_message(fake.dm(band.ada))).text == "At last."


async def answered_already(fake: FakeDiscord, band: Band) -> None:
    """The program has been told that there is an answer already, and has had the time to do what it does then."""
    await eventually(lambda: 40060 in fake.refusals)
    for _ in range(4):
        await (await fake.slash(band.cleo, band.gigs, "odd list")).settled()


async def test_an_interaction_that_was_answered_already_is_not_answered_twice(
    fake: FakeDiscord, band: Band, odd: OddCog
) -> None:
    odd.go_on.set()
    fake.trouble("POST", "/callback$", "doubled")
    slow = await (await fake.slash(band.ada, band.gigs, "odd slow")).settled()
    await answered_already(fake, band)

    assert [one.text for one in slow.said] == ["At last."]
    assert set(fake.refusals) == {40060}


@pytest.mark.usefixtures("hurried")
async def test_a_late_private_answer_to_closed_messages_is_lost_without_harm(
    fake: FakeDiscord, band: Band, odd: OddCog
) -> None:
    band.ada.dms_open = False
    slow = await (await fake.slash(band.ada, band.gigs, "odd slow")).answered()
    slow.expired = True
    odd.go_on.set()
    again = await (await fake.slash(band.ada, band.gigs, "odd slow")).settled()

    assert again.text == "At last."


async def test_a_bug_is_an_apology_to_one_person(fake: FakeDiscord, band: Band, odd: OddCog) -> None:
    broken = await (await fake.slash(band.ada, band.gigs, "odd bug")).settled()

    assert broken.said[0].only == band.ada.id and broken.answer_type == SAY
    assert "reference" in broken.text and "secret" not in broken.text


async def test_a_form_that_is_too_late_is_a_button_instead(fake: FakeDiscord, band: Band, odd: OddCog) -> None:
    fake.trouble("POST", "/callback$", (404, {"message": "Unknown interaction", "code": 10062}), times=9)
    late = await fake.slash(band.ada, band.gigs, "odd form")
    message = await fake.next_message(fake.dm(band.ada))
    assert late.modal is None

    fake.rest.troubles.clear()
    opened = await (await fake.press(band.ada, message, "Fill in")).answered()
    assert opened.modal is not None


async def test_an_answer_whose_receipt_was_lost_is_not_said_twice(fake: FakeDiscord, band: Band, odd: OddCog) -> None:
    odd.go_on.set()
    fake.trouble("POST", "/callback$", "lost")
    slow = await (await fake.slash(band.ada, band.gigs, "odd slow")).settled()
    await answered_already(fake, band)

    assert [one.text for one in slow.said] == ["At last."]
    assert [one.text for one in fake.visible(band.ada)].count("At last.") == 1


async def test_an_answer_that_never_left_is_sent_again(fake: FakeDiscord, band: Band, odd: OddCog) -> None:
    odd.go_on.set()
    fake.trouble("POST", "/callback$", "cut")
    slow = await (await fake.slash(band.ada, band.gigs, "odd slow")).settled()

    assert [one.text for one in slow.said] == ["At last."]


async def test_a_form_whose_receipt_was_lost_is_opened_once(fake: FakeDiscord, band: Band, odd: OddCog) -> None:
    fake.trouble("POST", "/callback$", "lost")
    opened = await (await fake.slash(band.ada, band.gigs, "odd form")).answered()
    await answered_already(fake, band)

    assert opened.modal is not None and opened.said == []


@pytest.mark.usefixtures("hurried")
async def test_a_deferral_whose_receipt_was_lost_is_taken_up(fake: FakeDiscord, band: Band, odd: OddCog) -> None:
    fake.trouble("POST", "/callback$", "lost")
    slow = await (await fake.slash(band.ada, band.gigs, "odd parade")).answered()
    assert slow.answer_type == DEFER
    odd.go_on.set()
    await slow.settled()

    assert [one.text for one in fake.visible(band.bob, band.gigs)] == ["Here it comes."]


@pytest.mark.usefixtures("hurried")
async def test_what_is_said_after_a_deferral_is_said_once_though_the_receipt_was_lost(
    fake: FakeDiscord, band: Band, odd: OddCog
) -> None:
    slow = await (await fake.slash(band.ada, band.gigs, "odd parade", {"fail": True})).answered()
    fake.trouble("POST", "/webhooks/", "lost")
    odd.go_on.set()
    await slow.settled()
    await (await fake.slash(band.ada, band.gigs, "odd list")).settled()

    assert len([one for one in fake.visible(band.ada) if "£40" in one.text]) == 1


@pytest.mark.parametrize("late", [1.4, 2.2])
async def test_what_was_long_on_its_way_is_deferred_before_it_is_too_late(
    fake: FakeDiscord, band: Band, odd: OddCog, late: float
) -> None:
    fake.late = late
    slow = await (await fake.slash(band.ada, band.gigs, "odd slow")).answered()
    assert slow.answer_type == DEFER and slow.first_after is not None and slow.first_after < 3.0
    odd.go_on.set()
    await slow.settled()

    assert slow.text == "At last." and fake.refusals == []


async def test_a_form_opens_though_the_press_was_long_on_its_way(fake: FakeDiscord, band: Band, odd: OddCog) -> None:
    fake.late = 1.5
    opened = await (await fake.slash(band.ada, band.gigs, "odd form")).answered()

    assert opened.modal is not None


@pytest.mark.parametrize("terse", [False, True])
async def test_between_two_nothing_is_hidden_and_so_nothing_is_lost(
    fake: FakeDiscord, band: Band, odd: OddCog, terse: bool
) -> None:
    odd.go_on.set()
    fake.terse = terse
    chat = fake.dm(band.ada)
    said = await (await fake.slash(band.ada, chat, "odd slow")).settled()

    # A hidden message is gone when the app is opened anew; in a private chat there is nobody to hide it from.
    assert said.said[0].only is None and fake.visible(band.bob) == []


@pytest.mark.usefixtures("hurried")
async def test_in_a_private_chat_a_deferral_keeps_its_place_for_a_fault(
    fake: FakeDiscord, band: Band, odd: OddCog
) -> None:
    slow = await (await fake.slash(band.ada, fake.dm(band.ada), "odd parade", {"fail": True})).answered()
    odd.go_on.set()
    await slow.settled()

    assert [one.text for one in fake.visible(band.ada)] == [slow.text] and "£40" in slow.text
