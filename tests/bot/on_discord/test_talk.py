"""Commands, forms, menus, suggestions and presses, through the real client."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from cogs import catalogue
from cogs.setup.cog import SetupCog
from tests.bot.on_console.sample_cog import MarketCog
from tests.bot.on_discord.conftest import Band
from tests.bot.on_discord.sample_cog import OddCog
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.limits import CARD
from tests.fakes.discord.program import Program
from tests.fakes.discord.rights import VIEW, taken_away
from tests.fakes.discord.world import Channel, Guild, Message, User, snowflake, stamp

GIG = {"role": "bass", "when": "Sat 28 Nov 19:30", "fee": "£250"}


async def posted(fake: FakeDiscord, program: Program, band: Band) -> Message:
    """A stall on the board; Ada posted it, who goes by London's time. The card in #gigs."""
    await know_zone(fake, band.ada, band.gigs)
    async with program.house.storage.open_work() as work:
        channel = await work.communities.channel("discord", str(band.gigs.id))
        assert channel is not None
        await work.communities.change_channel(channel.id, board=True)
        await work.commit()
    done = await (await fake.slash(band.ada, band.gigs, "stall post", dict(GIG))).settled()
    assert "Posted" in done.text
    await program.deliver()
    return next(m for m in fake.visible(band.bob, band.gigs) if m.only is None)


async def know_zone(fake: FakeDiscord, user: User, channel: Channel) -> None:
    opened = await (await fake.slash(user, channel, "stall post")).answered()
    await (await fake.submit(opened, {"your_zone": "London", **GIG})).settled()


async def test_a_private_answer_is_ephemeral_and_a_public_one_is_not(
    fake: FakeDiscord, program: Program, band: Band
) -> None:
    secret = await (await fake.slash(band.ada, band.gigs, "stall secret")).settled()
    shout = await (await fake.slash(band.ada, band.gigs, "stall shout", {"text": "hello"})).settled()

    assert (secret.text, secret.said[0].only) == ("Worth **£999**.", band.ada.id)
    assert (shout.text, shout.said[0].only) == ("hello", None)


async def test_a_bare_command_opens_the_form_and_the_form_does_it(
    fake: FakeDiscord, program: Program, band: Band
) -> None:
    opened = await (await fake.slash(band.ada, band.gigs, "stall post")).answered()
    assert opened.modal is not None
    fields = [one["component"]["custom_id"] for one in opened.modal["components"]]
    assert fields == ["your_zone", "role", "when", "fee"]

    done = await (await fake.submit(opened, {"your_zone": "Leeds", **GIG})).settled()

    assert "Sat 28 Nov 2026, 19:30 Europe/London" in done.text
    assert "<t:1795894200:F> (<t:1795894200:R>)" in done.text
    assert done.said[0].only == band.ada.id
    assert [label for label, _ in done.said[0].buttons] == ["Fix", "Undo"]


async def test_what_was_given_is_not_asked_again(fake: FakeDiscord, program: Program, band: Band) -> None:
    await know_zone(fake, band.ada, band.gigs)
    opened = await (await fake.slash(band.ada, band.gigs, "stall post", {"role": "bass", "fee": "£250"})).answered()

    assert opened.modal is not None
    assert [one["component"]["custom_id"] for one in opened.modal["components"]] == ["when"]
    done = await (await fake.submit(opened, {"when": "Sat 28 Nov 19:30"})).settled()
    assert "Sat 28 Nov 2026, 19:30" in done.text


async def test_what_cannot_be_read_is_said_and_the_form_comes_back_prefilled(
    fake: FakeDiscord, program: Program, band: Band
) -> None:
    opened = await (await fake.slash(band.ada, band.gigs, "stall post")).answered()
    wrong = await (await fake.submit(opened, {"your_zone": "Leeds", **GIG, "fee": "a lot"})).settled()
    assert wrong.said[0].only == band.ada.id
    assert "Fill in" in [label for label, _ in wrong.said[0].buttons]

    again = await (await fake.press(band.ada, wrong.said[0], "Fill in")).answered()
    assert again.modal is not None
    values = {one["component"]["custom_id"]: one["component"].get("value") for one in again.modal["components"]}
    assert values["fee"] == "a lot"
    done = await (await fake.submit(again, {"fee": "£250"})).settled()
    assert "Posted" in done.text
    # The question's place is taken by the answer: no button of it is left to press.
    assert done.said[0].id == wrong.said[0].id


async def test_a_form_longer_than_a_page_goes_on_behind_a_button(
    fake: FakeDiscord, programs: Callable[..., Program], band: Band
) -> None:
    await programs(lambda tools: (OddCog(tools),)).start()
    first = await (await fake.slash(band.ada, band.gigs, "odd form")).answered()
    assert first.modal is not None and first.modal["title"] == "Seven questions 1/2"
    names = [one["component"]["custom_id"] for one in first.modal["components"]]
    assert names == ["one", "two", "three", "styles", "five"]
    assert first.modal["components"][3]["component"]["type"] == 22

    between = await (await fake.submit(first, {"one": "a", "styles": ["jazz", "rock"]})).settled()
    assert between.said[0].buttons[0][0] == "Continue"
    second = await (await fake.press(band.ada, between.said[0], "Continue")).answered()
    assert second.modal is not None and second.modal["title"] == "Seven questions 2/2"
    done = await (await fake.submit(second, {"six": "f", "seven": "no"})).settled()

    assert done.text == "a None None jazz+rock None f False"
    assert done.said[0].only == band.ada.id


async def test_values_to_tap_are_circles_in_a_form(fake: FakeDiscord, program: Program, band: Band) -> None:
    opened = await (await fake.slash(band.ada, band.gigs, "stall whole")).answered()
    assert opened.modal is not None
    types = {one["component"]["custom_id"]: one["component"]["type"] for one in opened.modal["components"]}
    assert types == {"sort": 21, "seats": 4, "public": 21, "who": 5}

    done = await (await fake.submit(opened, {"sort": "food", "seats": "2", "public": "yes", "who": band.bob})).settled()

    assert done.text == "Whole: food, 2 seats, public True, for Bob."


async def test_options_have_types_and_people_come_as_people(fake: FakeDiscord, program: Program, band: Band) -> None:
    options = {"sort": "session", "seats": 3, "public": False, "who": band.cleo}
    done = await (await fake.slash(band.ada, band.gigs, "stall whole", options)).settled()

    assert done.text == "Whole: session, 3 seats, public False, for Cleo."


async def test_a_file_is_taken_and_given_back(fake: FakeDiscord, program: Program, band: Band) -> None:
    photo = fake.attachment("stand.png", b"\x89PNG 12345", "image/png")
    done = await (await fake.slash(band.ada, band.gigs, "stall photo", {"photo": photo})).settled()

    assert "Kept 10 bytes." in done.text
    assert done.said[0].flags & CARD
    gallery = next(one for one in done.said[0].components if one["type"] == 12)
    assert gallery["items"][0]["description"]
    assert list(fake.files.values()).count(b"\x89PNG 12345") == 2


async def test_a_file_can_be_put_into_a_form(fake: FakeDiscord, program: Program, band: Band) -> None:
    opened = await (await fake.slash(band.ada, band.gigs, "stall photo")).answered()
    photo = fake.attachment("chart.pdf", b"%PDF", "application/pdf")

    done = await (await fake.submit(opened, {"photo": photo})).settled()

    assert "Kept 4 bytes." in done.text


async def test_roles_and_people_are_suggested(fake: FakeDiscord, program: Program, band: Band) -> None:
    roles = await fake.suggestions(band.ada, band.gigs, "stall post", "role", "sax")
    # A person is picked from Discord's own list.
    whole = next(o for o in fake.commands[0]["options"] if o["name"] == "whole")

    assert {"name": "Alto saxophone", "value": "alto-sax"} in roles
    assert next(o["type"] for o in whole["options"] if o["name"] == "who") == 6


async def test_a_card_is_answered_by_everybody_and_drawn_anew(fake: FakeDiscord, program: Program, band: Band) -> None:
    card = await posted(fake, program, band)
    assert card.is_card and "**In:** 0" in card.text

    pressed = await (await fake.press(band.bob, card, "I'm in")).settled()
    await program.deliver()

    assert (pressed.text, pressed.said[0].only) == ("You are in for `S2`.", band.bob.id)
    assert "**In:** 1" in card.text
    mine = fake.visible(band.ada, fake.dm(band.ada))
    assert [one.text for one in mine] == ["Bob is in."]


async def test_two_people_press_at_once(fake: FakeDiscord, program: Program, band: Band) -> None:
    card = await posted(fake, program, band)

    one, two = await asyncio.gather(fake.press(band.bob, card, "I'm in"), fake.press(band.cleo, card, "I'm in"))
    await one.settled()
    await two.settled()

    assert {one.said[0].only, two.said[0].only} == {band.bob.id, band.cleo.id}


async def test_a_press_works_after_a_restart(fake: FakeDiscord, program: Program, band: Band) -> None:
    card = await posted(fake, program, band)
    await program.restart()

    pressed = await (await fake.press(band.cleo, card, "I'm in")).settled()

    assert "You are in" in pressed.text


async def test_a_form_opened_before_a_restart_is_taken_after_it(
    fake: FakeDiscord, program: Program, band: Band
) -> None:
    opened = await (await fake.slash(band.ada, band.gigs, "stall post")).answered()
    await program.restart()

    done = await (await fake.submit(opened, {"your_zone": "Leeds", **GIG})).settled()

    assert "Posted" in done.text


async def test_a_press_that_asks_opens_its_form(fake: FakeDiscord, program: Program, band: Band) -> None:
    card = await posted(fake, program, band)
    opened = await (await fake.press(band.bob, card, "Counter")).answered()
    assert opened.modal is not None and opened.modal["title"] == "Offer another sum"

    done = await (await fake.submit(opened, {"fee": "£300"})).settled()

    assert (done.text, done.said[0].only) == ("Offered £300.", band.bob.id)
    assert "Offered" not in card.text


async def test_ids_that_nobody_made_are_answered_and_foreign_ones_left_alone(
    fake: FakeDiscord, program: Program, band: Band
) -> None:
    card = await posted(fake, program, band)
    for custom_id in ("fc:stalls.join:zzzzzzzzzzzzzzzz", "fc:nonsense", "fc:desk.form:x:0", "fc:desk.open:nope:0"):
        pressed = await (await fake.press_id(band.bob, card, custom_id)).settled()
        assert pressed.said[0].only == band.bob.id
    foreign = await fake.press_id(band.bob, card, "someone-elses")
    await (await fake.slash(band.bob, band.gigs, "stall secret")).settled()  # everything before it has been handled
    assert foreign.answer_type is None


async def test_undo_and_close_stay_private(fake: FakeDiscord, program: Program, band: Band) -> None:
    await know_zone(fake, band.ada, band.gigs)
    done = await (await fake.slash(band.ada, band.gigs, "stall post", dict(GIG))).settled()
    undone = await (await fake.press(band.ada, done.said[0], "Undo")).settled()

    assert undone.said[0].only == band.ada.id
    assert "Closed" in undone.text


async def test_moderators_are_who_discord_says_at_this_moment(fake: FakeDiscord, program: Program, band: Band) -> None:
    allowed = await (await fake.slash(band.ada, band.gigs, "stall rule")).settled()
    refused = await (await fake.slash(band.bob, band.gigs, "stall rule")).settled()
    band.guild.moderators.discard(band.ada.id)
    no_longer = await (await fake.slash(band.ada, band.gigs, "stall rule")).settled()

    assert allowed.text == "Ruled."
    assert "Only moderators" in refused.text and refused.said[0].only == band.bob.id
    assert "Only moderators" in no_longer.text


async def test_in_a_private_chat_everything_is_said_there(fake: FakeDiscord, program: Program, band: Band) -> None:
    here = fake.dm(band.bob)
    secret = await (await fake.slash(band.bob, here, "stall secret")).settled()

    assert "£999" in secret.text
    async with program.house.storage.open_work(reading=True) as work:
        identity = await work.people.identity("discord", str(band.bob.id))
    assert identity is not None and identity.dm == str(here.id)


async def test_what_people_type_never_pings(fake: FakeDiscord, program: Program, band: Band) -> None:
    text = f"@everyone <@{band.bob.id}> <@&{band.guild.id}> **loud** [x](https://evil.example)"
    said = await (await fake.slash(band.ada, band.gigs, "stall shout", {"text": text})).settled()

    assert fake.pings == []
    assert f"<@{band.bob.id}>" not in said.text and "**loud**" not in said.text


async def test_menus_on_messages_and_people(fake: FakeDiscord, programs: Callable[..., Program], band: Band) -> None:
    await programs(lambda tools: (OddCog(tools), MarketCog(tools))).start()
    shout = await (await fake.slash(band.bob, band.gigs, "stall shout", {"text": "dep needed Sat"})).settled()

    saved = await (await fake.menu(band.ada, band.gigs, "Save as odd", shout.said[0])).settled()
    added = await (await fake.menu(band.ada, band.gigs, "Add to my odd list", band.cleo)).settled()

    assert (saved.text, saved.said[0].only) == ("Saved: dep needed Sat", band.ada.id)
    assert added.text == "Added Cleo."


async def test_what_was_forwarded_or_drawn_as_a_card_is_read_too(
    fake: FakeDiscord, programs: Callable[..., Program], band: Band
) -> None:
    await programs(lambda tools: (OddCog(tools),)).start()
    card = (await (await fake.slash(band.bob, band.gigs, "odd wheel")).settled()).said[0]
    original = {"content": "dep needed Sun", "type": 0, "embeds": [], "attachments": [], "flags": 0, "components": []}
    original |= {"timestamp": stamp(), "edited_timestamp": None, "mentions": [], "mention_roles": []}
    bare = Message(snowflake(), band.gigs, band.bob)

    forwarded = await fake.menu(band.ada, band.gigs, "Save as odd", bare, message_snapshots=[{"message": original}])
    drawn = await fake.menu(band.ada, band.gigs, "Save as odd", card)

    assert (await forwarded.settled()).text == "Saved: dep needed Sun"
    assert "Wheel" in (await drawn.settled()).text and "Still." in drawn.text


async def test_help_says_how_one_begins_here(fake: FakeDiscord, programs: Callable[..., Program], band: Band) -> None:
    await programs(catalogue.furnish).start()
    helped = await (await fake.slash(band.ada, band.gigs, "help")).settled()

    # A line cannot be typed on Discord: commands are picked.
    assert "Type / and pick a command, such as </gig post:" in helped.text and "Write one line" not in helped.text


async def test_suggestions_that_fail_are_none(fake: FakeDiscord, programs: Callable[..., Program], band: Band) -> None:
    await programs(lambda tools: (OddCog(tools),)).start()

    assert await fake.suggestions(band.ada, band.gigs, "odd pick", "id", "boom") == []


async def test_who_sets_up_can_name_any_channel_where_the_bot_may_write(
    fake: FakeDiscord, programs: Callable[..., Program], band: Band
) -> None:
    secret = fake.add_channel(Channel("board-room", band.guild.id))
    secret.overwrites = [taken_away(band.guild.id, VIEW)]
    await programs(lambda tools: (SetupCog(tools),)).start()

    offered = await fake.suggestions(band.ada, band.gigs, "setup channels", "channel", "")
    named = await (await fake.slash(band.ada, band.gigs, "setup channels", {"channel": "lounge"})).settled()

    assert [one["value"] for one in offered] == ["gigs", "lounge"]
    assert "#lounge" in named.text and "do not know" not in named.text


async def test_ids_are_suggested_and_commands_can_be_tapped(
    fake: FakeDiscord, programs: Callable[..., Program], band: Band
) -> None:
    await programs(lambda tools: (OddCog(tools),)).start()
    offered = await fake.suggestions(band.ada, band.gigs, "odd pick", "id", "s")
    picked = await (await fake.slash(band.ada, band.gigs, "odd pick", {"id": "S3"})).settled()

    assert len(offered) == 25 and offered[0] == {"name": "S0 of Ada", "value": "S0"}
    number = next(one["id"] for one in fake.commands if one["name"] == "odd")
    assert picked.text == f"Picked `S3`. More: </odd list:{number}> </odd save:{number}>"


async def test_long_answers_and_crowded_lists_fit(
    fake: FakeDiscord, programs: Callable[..., Program], band: Band
) -> None:
    await programs(lambda tools: (OddCog(tools),)).start()
    long = await (await fake.slash(band.ada, band.gigs, "odd long")).settled()
    crowded = await (await fake.slash(band.ada, band.gigs, "odd list")).settled()

    whole = next(content for name, content in fake.files.items() if name.endswith("whole.txt")).decode()
    assert "Line 0 of" in long.text and "Line 199 of" not in long.text and "Line 199 of" in whole
    assert "Next" in [label for label, _ in crowded.said[0].buttons]
    pressed = await (await fake.press_id(band.ada, crowded.said[0], crowded.said[0].buttons[1][1])).answered()
    assert pressed.answer_type is not None


async def test_used_by_somebody_where_it_is_not_a_member_it_stays_private(
    fake: FakeDiscord, program: Program, band: Band
) -> None:
    """A person who installed it for themselves takes it into a server that never did."""
    elsewhere = Guild("Not ours")
    hall = Channel("hall", elsewhere.id)
    fake.channels[hall.id] = hall
    said = await (await fake.slash(band.ada, hall, "stall shout", {"text": "hello"})).settled()

    assert said.said[0].only == band.ada.id
    async with program.house.storage.open_work(reading=True) as work:
        assert await work.communities.at("discord", str(elsewhere.id)) is None
