from __future__ import annotations

from bot.settings import Settings
from bot.tour import play, tour
from cogs import catalogue
from cogs.kit.tools import Defaults, Tools
from storage import engine
from tests.conftest import MovableClock


async def test_the_tour_draws_every_command_of_the_catalogue() -> None:
    said: list[str] = []
    code = await tour(Settings(), frozenset({"console"}), said.append)
    text = "\n".join(said)

    storage = await engine.open("sqlite://")
    cogs = catalogue.furnish(Tools(open_work=storage.open_work, clock=MovableClock()))
    await storage.close()
    missing = [c.name for cog in cogs for c in cog.commands() if f"  /{c.name}" not in text or c.summary not in text]
    assert missing == []
    assert "could not be drawn" not in text
    assert "something went wrong" not in text
    assert code == 0


async def test_every_example_does_what_it_is_an_example_of() -> None:
    show = await play(Defaults())
    played = {one.command.name: one for one in show.played if one.command.example}
    asked = {name for name, one in played.items() if any(b.label == "Cancel" for b in one.reply.buttons)}
    refused = {
        name: one.line
        for name, one in played.items()
        if "There is no" in str(one.reply.lines) or "I know no" in str(one.reply.lines)
    }
    assert len(played) > 50
    assert not asked
    assert not refused


async def test_a_surface_that_is_not_there_is_said_to_be_missing() -> None:
    said: list[str] = []
    await tour(Settings(), frozenset({"smoke_signals"}), said.append)
    assert said == ["smoke_signals is not part of this program."]
