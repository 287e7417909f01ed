"""Hello, the tour and help, at the front door."""

from __future__ import annotations

import pytest

from bot.desk import courier, dialogue
from cogs.home import cards
from cogs.kit.action import action
from storage.records.people import Person
from storage.work import OpenWork
from tests.cogs.front import Front, labels, text_of


async def switches(open_work: OpenWork, person: Person) -> dict[str, str]:
    async with open_work(reading=True) as work:
        return await work.people.settings(person.id)


# --- hello ------------------------------------------------------------------------------------------------------------


async def test_somebody_new_is_told_once_where_to_begin(front: Front) -> None:
    first = text_of(await front.say("Bob", "/me words uk"))
    second = text_of(await front.say("Bob", "/me words us"))

    assert first.splitlines()[-1] == "New here? Set your zone with /tz · what is kept of you: /privacy"
    assert "New here?" not in second


async def test_whoever_starts_at_the_start_needs_no_hint(front: Front) -> None:
    hello = await front.say("Bob", "/start")

    assert "New here?" not in text_of(hello)
    assert labels(hello) == ["Tell us what you play", "Help"]
    assert "New here?" not in text_of(await front.say("Bob", "/me words us"))


async def test_a_form_does_not_use_up_the_hint(front: Front) -> None:
    asked = await front.say("Bob", "/tz")
    done = await front.say("Bob", "Leeds")

    assert "New here?" not in text_of(asked)
    assert "New here? All you can set: /settings" in text_of(done)  # the zone they have said already


# --- the tour ---------------------------------------------------------------------------------------------------------


async def test_the_tour_takes_four_taps(front: Front, open_work: OpenWork) -> None:
    await front.say("Ada", "/start")
    steps = [await front.press("Ada", "Tell us what you play")]
    for tap in ("Europe/London", "Keyboards", "London", "Only offers and gigs"):
        steps.append(await front.press("Ada", tap))
    ada = await front.person("Ada")

    assert [step.reply.title for step in steps] == [
        "Step 1 of 4", "Step 2 of 4", "Step 3 of 4", "Step 4 of 4", "That is all",
    ]  # fmt: skip
    assert all(step.reply.replaces and step.private for step in steps)
    assert (ada.zone, ada.roles, ada.region, ada.tour_step) == ("Europe/London", ("keyboards",), "London", 5)
    assert await switches(open_work, ada) == {"notify.breaks": "off", "notify.digests": "off"}
    assert "Your time: Europe/London, where it is 10:00" in text_of(steps[-1])


async def test_every_step_can_be_skipped_and_nothing_is_set(front: Front, open_work: OpenWork) -> None:
    await front.say("Ada", "/tour")
    for _ in range(4):
        last = await front.press("Ada", "Skip")
    ada = await front.person("Ada")

    assert last.reply.title == "That is all"
    assert (ada.zone, ada.roles, ada.region) == (None, (), None)
    assert await switches(open_work, ada) == {}


async def test_the_tour_goes_on_where_it_was_left(front: Front) -> None:
    await front.say("Ada", "/tour")
    await front.press("Ada", "Europe/London")
    await front.press("Ada", "Skip")

    hello = await front.say("Ada", "/start")
    resumed = await front.press("Ada", "Go on with step 3 of 4")

    assert "Go on with step 3 of 4" in labels(hello)
    assert resumed.reply.title == "Step 3 of 4"


async def test_a_step_can_be_typed(front: Front) -> None:
    await front.say("Ada", "/tour")
    await front.press("Ada", "Another city")
    await front.say("Ada", "Manchester")
    await front.press("Ada", "Back")
    await front.press("Ada", "Keep Europe/London")
    await front.press("Ada", "Type it")
    await front.say("Ada", "trumpet, flugel")
    await front.press("Ada", "Type it")
    last = await front.say("Ada", "Hebden Bridge")
    ada = await front.person("Ada")

    assert (ada.zone, ada.roles, ada.region) == ("Europe/London", ("trumpet", "flugelhorn"), "Hebden Bridge")
    assert last.reply.title == "Step 4 of 4"


async def test_an_old_button_of_the_tour_throws_nobody_back(front: Front) -> None:
    await front.say("Ada", "/tour")
    for _ in range(4):
        await front.press("Ada", "Skip")

    answer = await front.press_id("Ada", action("home.zone", "Europe/Paris"))

    assert answer.reply.title == "Step 2 of 4"
    assert (await front.person("Ada")).tour_step == 5
    assert (await front.person("Ada")).zone == "Europe/Paris"


async def test_the_community_offers_its_own_zone_and_region_first(front: Front, open_work: OpenWork) -> None:
    await front.person("Ada")
    async with open_work() as work:
        community = await work.communities.at("console", "hall")
        assert community is not None
        await work.communities.change(community.id, zone="Europe/Dublin", region="Cork: the county", locale="en-IE")
        await work.commit()

    zone = await front.say("Ada", "/tour")
    await front.press("Ada", "Skip")
    region = await front.press("Ada", "Skip")

    assert labels(zone)[0] == "Europe/Dublin"
    assert "Cork: the county" not in labels(region)  # a colon does not fit into an action id
    async with open_work() as work:
        await work.communities.change(community.id, region="Cork")
        await work.commit()
    await front.press("Ada", "Back")
    assert labels(await front.press("Ada", "Skip"))[0] == "Cork"


async def test_hearing_everything_again_takes_back_only_what_was_switched_off(
    front: Front, open_work: OpenWork
) -> None:
    ada = await front.person("Ada")
    async with open_work() as work:
        await work.people.set_setting(ada.id, "notify.gigs", "console")
        await work.commit()
    await front.press_id("Ada", action("home.hears", "work"))

    await front.press_id("Ada", action("home.hears", "all"))

    assert await switches(open_work, ada) == {"notify.gigs": "console"}


@pytest.mark.parametrize(
    "pressed",
    [
        action("home.step", 9),
        action("home.skip", 0),
        action("home.zone", "Leeds"),
        action("home.zone", "nowhere"),
        action("home.plays", "kazoo quartet"),
        action("home.page", "no such page", 1),
        action("home.hears", "voices"),
    ],
)
async def test_a_button_made_up_by_somebody_changes_nothing(front: Front, pressed: str) -> None:
    await front.say("Ada", "/start")
    before = await front.person("Ada")

    answer = await front.press_id("Ada", pressed)

    assert "Nothing was changed." in text_of(answer)
    assert await front.person("Ada") == before


# --- help -------------------------------------------------------------------------------------------------------------


async def test_help_leads_from_topics_to_commands(front: Front) -> None:
    topics = await front.say("Ada", "/help")
    page = await front.press("Ada", "You")
    second = await front.press("Ada", "Next page")
    back = await front.press("Ada", "All topics")

    assert {"You", "Help"} <= set(labels(topics))
    assert "/me profile trumpet, flugel, Leeds" in text_of(page)
    assert page.reply.replaces
    assert len(page.reply.rows) == 8
    assert second.reply.title is not None
    assert second.reply.title.startswith("You, page 2 of")
    assert back.reply.title == "Help"


async def test_help_about_a_command_shows_its_options(front: Front) -> None:
    said = text_of(await front.say("Ada", "/help quiet"))

    assert said.startswith("/me quiet\n")
    assert "For example: /quiet 22-8" in said
    assert "to: Until when? 8:00 (may be left out)" in said


async def test_what_there_is_no_help_about_is_asked_again_with_the_topics(front: Front) -> None:
    asked = await front.say("Ada", "/help bagpipes")
    answer = await front.press("Ada", "You")

    assert "I have no help about “bagpipes”." in text_of(asked)
    assert "/me profile" in text_of(answer)


async def test_topics_are_offered_while_somebody_types(front: Front) -> None:
    call = await front.call("Ada")

    assert "You" in [choice.label for choice in await front.desk.suggest(call, "help", "topic", "")]
    assert "/me zone" in [choice.label for choice in await front.desk.suggest(call, "help", "topic", "/me z")]


# --- privacy ----------------------------------------------------------------------------------------------------------


async def test_the_privacy_page_counts_what_is_kept(front: Front) -> None:
    await front.say("Ada", "/me profile trumpet, flugel")

    said = text_of(await front.say("Ada", "/privacy"))

    assert "roles you play: 2" in said
    assert "accounts: 1" in said


async def test_the_privacy_page_says_how_long_as_long_as_it_is(front: Front) -> None:
    said = text_of(cards.privacy({}, forgotten_at=None, call=await front.call("Ada")))

    assert f"forms go after {dialogue.KEPT.days} days" in said
    assert f"messages that were sent after {courier.KEPT.days}" in said


async def test_an_export_holds_the_person_and_nobody_else(front: Front) -> None:
    await front.say("Bob", "/me profile region=Bobsville")
    await front.say("Ada", "/me profile region=Adaville")

    answer = await front.say("Ada", "/export json")

    content = answer.reply.files[0].content.decode()
    assert answer.private
    assert "Adaville" in content
    assert "Bob" not in content
