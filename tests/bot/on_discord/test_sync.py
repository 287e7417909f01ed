"""What Discord is told of the commands, and when."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import discord
import pytest
from discord.app_commands import locale_str

from bot.on_discord import client as client_module
from bot.on_discord import sync
from bot.on_discord.commands import Tree, plant
from bot.on_discord.translate import Words, worded
from cogs import catalogue
from cogs.kit.cog import Cog
from cogs.kit.tools import Tools
from storage.work import OpenWork
from tests.bot.on_console.sample_cog import MarketCog
from tests.bot.on_discord.conftest import Band, eventually
from tests.bot.on_discord.sample_cog import OddCog
from tests.conftest import MovableClock
from tests.fakes.discord import FakeDiscord, limits
from tests.fakes.discord.program import Program


def told(fake: FakeDiscord, name: str) -> dict[str, Any]:
    return next(one for one in fake.commands if one["name"] == name)


async def test_told_once_and_again_only_when_something_changed(fake: FakeDiscord, program: Program, band: Band) -> None:
    await program.restart()
    assert len(fake.seen("PUT", "/commands$")) == 1

    program._furnish = lambda tools: (MarketCog(tools), OddCog(tools))
    await program.restart()
    assert len(fake.seen("PUT", "/commands$")) == 2


async def test_commands_that_are_not_taken_stop_nothing_and_are_told_again(
    fake: FakeDiscord, program: Program, band: Band, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "_LOOK_EVERY", 0.01)
    monkeypatch.setattr(sync, "_ASK_AGAIN", 0.05)
    full = {"message": "Max number of daily application command creates has been reached (200)", "code": 30034}
    fake.trouble("PUT", "/commands$", (400, full))
    program._furnish = lambda tools: (MarketCog(tools), OddCog(tools))
    await program.restart()
    former = await (await fake.slash(band.ada, band.gigs, "stall secret")).settled()
    assert "£999" in former.text

    await eventually(lambda: any(one["name"] == "odd" for one in fake.commands))
    listed = await (await fake.slash(band.ada, band.gigs, "odd list")).settled()
    assert "Entries" in listed.text


async def test_commands_of_a_server_under_development_go_there(
    fake: FakeDiscord, band: Band, programs: Callable[..., Program]
) -> None:
    await programs(dev_guild=band.guild.id).start()

    assert [one.path for one in fake.seen("PUT", "/commands$")] == [
        f"/applications/{fake.application_id}/guilds/{band.guild.id}/commands"
    ]


async def test_where_and_for_whom_commands_are_offered(
    fake: FakeDiscord, band: Band, programs: Callable[..., Program]
) -> None:
    await programs(lambda tools: (OddCog(tools), MarketCog(tools))).start()

    personal, community, moderators = told(fake, "odd"), told(fake, "dep"), told(fake, "rule")
    assert (personal["integration_types"], personal["contexts"]) == ([0, 1], [0, 1, 2])
    assert (community["integration_types"], community["contexts"]) == ([0], [0, 1])
    assert (moderators["integration_types"], moderators["contexts"]) == ([0], [0])
    assert moderators["default_member_permissions"] == discord.Permissions(manage_guild=True).value
    assert personal["default_member_permissions"] is None


async def test_trade_words_are_translated_for_americans(
    fake: FakeDiscord, band: Band, programs: Callable[..., Program]
) -> None:
    await programs(lambda tools: (OddCog(tools),)).start()
    dep = told(fake, "dep")

    assert dep["name_localizations"] == {"en-US": "sub", "en-GB": "dep"}
    find = dep["options"][0]
    assert find["description_localizations"] == {"en-US": "Find a sub", "en-GB": "Find a dep"}


async def test_options_have_the_kinds_that_discord_knows(
    fake: FakeDiscord, band: Band, programs: Callable[..., Program]
) -> None:
    await programs().start()
    options = {
        sub["name"]: {one["name"]: one for one in sub.get("options", ())} for sub in told(fake, "stall")["options"]
    }

    assert options["whole"]["public"]["type"] == 5
    assert (options["whole"]["seats"]["type"], options["whole"]["seats"]["max_value"]) == (4, 9)
    assert options["photo"]["photo"]["type"] == 11
    assert options["post"]["role"]["autocomplete"] is True
    assert [c["value"] for c in options["post"]["sort"]["choices"]] == ["food", "session"]
    assert not any(one.get("required") for sub in options.values() for one in sub.values())


async def test_plurals_open_lists(fake: FakeDiscord, band: Band, programs: Callable[..., Program]) -> None:
    await programs(lambda tools: (OddCog(tools), MarketCog(tools))).start()

    assert told(fake, "odds")["type"] == 1
    assert "psst" not in [one["name"] for one in fake.commands]


class _Nobody:
    """Takes nothing: the tree is only looked at."""

    async def command(self, *_: Any) -> None: ...

    async def suggest(self, *_: Any) -> list[Any]:
        return []

    async def menu(self, *_: Any) -> None: ...

    async def own_word(self, *_: Any) -> None: ...


@pytest.mark.parametrize("furnish", [catalogue.furnish, lambda tools: (OddCog(tools), MarketCog(tools))])
async def test_every_command_there_is_fits(
    furnish: Callable[[Any], tuple[Cog, ...]], open_work: OpenWork, clock: MovableClock
) -> None:
    cogs = furnish(Tools(open_work=open_work, clock=clock))
    tree = Tree(discord.Client(intents=discord.Intents.none()))
    await tree.set_translator(Words())
    plant(tree, [one for cog in cogs for one in cog.commands()], _Nobody())

    assert tree.translator is not None
    limits.commands([await one.get_translated_payload(tree, tree.translator) for one in tree.get_commands()])


async def test_words_of_both_countries_are_told_apart_in_both() -> None:
    words = Words()
    anywhere: Any = None
    for text, american in {
        "Find a dep": "Find a sub",
        "dep": "sub",
        "Choose UK or US trade words: dep or sub, fixer or contractor": None,
        "dep, fixer, pencil (UK)": None,
        "Porterage (cartage)?": None,
        "Porterage?": "Cartage?",
    }.items():
        assert await words.translate(locale_str(text), discord.Locale.american_english, anywhere) == american
        assert (worded(text) == text) is (american is None)


class _Listening(Words):
    """Remembers what it was asked about."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def translate(self, string: locale_str, locale: discord.Locale, context: Any) -> str | None:
        self.asked.append(string.message)
        return await super().translate(string, locale, context)


async def test_nothing_is_asked_about_that_is_said_alike_everywhere(open_work: OpenWork, clock: MovableClock) -> None:
    cogs = catalogue.furnish(Tools(open_work=open_work, clock=clock))
    tree = Tree(discord.Client(intents=discord.Intents.none()))
    plant(tree, [one for cog in cogs for one in cog.commands()], _Nobody())
    words = _Listening()
    payload = [await one.get_translated_payload(tree, words) for one in tree.get_commands()]

    menus = {one.name for one in tree.get_commands() if isinstance(one, discord.app_commands.ContextMenu)}
    assert any("en-US" in json.dumps(one) for one in payload)
    assert {text for text in words.asked if worded(text) == text} <= menus
    assert len(words.asked) < 2000  # of some fifty thousand
