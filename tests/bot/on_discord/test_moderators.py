"""Setting up and moderating a server: missing rights by Discord's own names, rights of today, and who has left."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.app import Furnish
from cogs import catalogue
from tests.bot.on_discord.conftest import Band, eventually
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.program import MONDAY, Program
from tests.fakes.discord.world import ALLOWED, User, snowflake

SEND, MANAGE_THREADS = 1 << 11, 1 << 34
GIG = {"role": "drums", "when": "Sat 28 Nov 19:30", "where": "Leeds", "fee": "£220"}


@pytest.fixture
def furnish() -> Furnish:
    return catalogue.furnish


async def said(fake: FakeDiscord, band: Band, who: User, name: str, **options: object) -> str:
    """A command in the board's channel, or in private where there is no server; what was said."""
    interaction: Interaction = await fake.slash(who, band.gigs, name, dict(options))
    return (await interaction.settled()).text


async def here(fake: FakeDiscord, band: Band, who: User) -> None:
    await said(fake, band, who, "me zone", zone="Europe/London")


async def test_what_the_bot_lacks_is_named_as_discord_names_it(fake: FakeDiscord, program: Program, band: Band) -> None:
    assert "I have every right I need in" in await said(fake, band, band.ada, "setup start", region="Leeds")

    band.guild.permissions = ALLOWED & ~SEND
    role = {"guild_id": str(band.guild.id), "role": band.guild.everyone()}
    await fake.gateway.dispatch("GUILD_ROLE_UPDATE", role, guild_id=band.guild.id)
    client = program.surface._client
    assert client is not None
    await eventually(lambda: not client.get_guild(band.guild.id).me.guild_permissions.send_messages)

    shown = await said(fake, band, band.ada, "setup health")
    assert "I lack: Send Messages" in shown.replace("*", "")
    assert "Edit Channel, Permissions" in shown


async def test_the_account_must_have_its_age(fake: FakeDiscord, program: Program, band: Band) -> None:
    """Discord tells it by the account's own id."""
    young, old = (
        fake.add_user(f"Made {days} days ago", id=snowflake((MONDAY - timedelta(days=days)).timestamp()))
        for days in (5, 31)
    )
    for one in (young, old):
        await here(fake, band, one)
    await said(fake, band, band.ada, "setup rules", account_days=30)

    assert "at least 30 days old, and yours is 5 days old" in await said(fake, band, young, "gig post", **GIG)
    assert "Posted" in await said(fake, band, old, "gig post", **GIG)


async def test_roles_that_may_post(fake: FakeDiscord, program: Program, band: Band) -> None:
    await here(fake, band, band.bob)
    await said(fake, band, band.ada, "setup rules", posters="roles", roles="Fixer")

    assert "the role Fixer" in await said(fake, band, band.bob, "gig post", **GIG)
    await here(fake, band, band.ada)
    assert "Posted" in await said(fake, band, band.ada, "gig post", **GIG)


async def test_a_form_is_not_handed_in_by_who_moderates_no_more(
    fake: FakeDiscord, program: Program, band: Band
) -> None:
    await here(fake, band, band.ada)
    await said(fake, band, band.ada, "gig post", **GIG)
    opened = await (await fake.slash(band.ada, band.gigs, "mod remove", {"id": "G1"})).answered()
    assert opened.modal is not None

    band.guild.moderators.discard(band.ada.id)
    refused = await (await fake.submit(opened, {"reason": "because"})).settled()

    assert "Only moderators" in refused.text
    band.guild.moderators.add(band.ada.id)
    opened = await (await fake.slash(band.ada, band.gigs, "mod remove", {"id": "G1"})).answered()
    assert "is off the board" in (await (await fake.submit(opened, {"reason": "because"})).settled()).text


async def test_who_has_left_the_server_sees_its_gigs_no_more(fake: FakeDiscord, program: Program, band: Band) -> None:
    await here(fake, band, band.ada)
    await here(fake, band, band.bob)
    await said(fake, band, band.ada, "gig post", **GIG)
    chat = fake.dm(band.bob)

    band.guild.gone.add(band.bob.id)
    shown = (await (await fake.slash(band.bob, chat, "gig show", {"id": "G1"})).settled()).text
    nothing = (await (await fake.slash(band.bob, chat, "gig show", {"id": "G987"})).settled()).text

    assert shown.replace("G1", "G987") == nothing


async def test_the_menu_of_a_card_reports_it(fake: FakeDiscord, program: Program, band: Band) -> None:
    await here(fake, band, band.ada)
    await here(fake, band, band.bob)
    await said(fake, band, band.ada, "setup channels")
    await said(fake, band, band.ada, "gig post", **GIG)
    await program.deliver()
    card = await fake.next_message(band.gigs)

    opened = await (await fake.menu(band.bob, band.gigs, "Report", card)).answered()

    assert "G1" in (opened.text or str(opened.modal))
    assert "Which gig" not in opened.text
