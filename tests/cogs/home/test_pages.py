"""Help, made of the catalogue."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

import pytest

from bot.desk.spelling import Speller
from cogs import catalogue
from cogs.home import pages
from cogs.kit.ask import Ask, Role
from cogs.kit.call import Call, Place, Right
from cogs.kit.cog import Cog, Command, command
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from storage.work import OpenWork
from tests.conftest import MovableClock

CALL = Call(
    person_id=1, name="Ada", community_id=1, surface="console", place=Place("console:dm", shared=False),
    now=datetime(2026, 11, 23, tzinfo=UTC),
)  # fmt: skip
MODERATOR = replace(CALL, rights=frozenset(Right))


class TunesCog(Cog, name="tunes", topic="Tunes & sets"):
    """What we play tonight."""

    @command("tune add", "Add a tune", aliases=("add_tune",))
    async def add(
        self,
        call: Call,
        title: Annotated[str, Ask("Which tune?", example="All of me")],
        role: Annotated[Role, Ask("Who?")],
    ) -> Reply:
        return Reply()

    @command("tune purge", "Throw all tunes away", needs=Right.MODERATE)
    async def purge(self, call: Call) -> Reply:
        return Reply()


class MoreTunesCog(Cog, name="more", topic="Tunes & sets"):
    """Even more."""

    @command("tunes", "List the tunes", example="/tunes tonight")
    async def all(self, call: Call) -> Reply:
        return Reply()


PAGES = pages.topics([TunesCog(), MoreTunesCog()], CALL)


def test_cogs_on_one_topic_share_its_page_and_members_see_what_they_may_do() -> None:
    assert [(page.key, page.title, page.intro) for page in PAGES] == [
        ("tunessets", "Tunes & sets", "What we play tonight.")
    ]
    assert [c.name for c in PAGES[0].commands] == ["tune add", "tunes"]
    assert len(pages.topics([TunesCog()], MODERATOR)[0].commands) == 2


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Tunes & sets", "tunessets"),
        ("tunes", "tunes"),
        ("/tune add", "tune add"),
        ("add_tune", "tune add"),
        ("add tune", "tune add"),
        ("tune", "tunessets"),
        ("purge", None),
        ("", None),
        ("!!!", None),
    ],
)
def test_help_is_found_by_topic_command_and_alias(typed: str, found: str | None) -> None:
    page = pages.find(PAGES, typed)

    assert (None if page is None else page.name if isinstance(page, Command) else page.key) == found


def test_an_example_is_the_commands_own_or_made_of_what_it_needs() -> None:
    add, tunes = PAGES[0].commands

    assert pages.example_of(tunes) == "/tunes tonight"
    assert pages.example_of(add) == '/tune add title="All of me" role="alto sax"'


def test_a_page_beyond_the_last_is_the_last() -> None:
    commands = PAGES[0].commands * 10

    assert pages.page_of(commands, 0) == (commands[:8], 3)
    assert pages.page_of(commands, 99) == (commands[16:20], 3)
    assert pages.page_of(commands, -5) == (commands[:8], 3)
    assert pages.page_of((), 0) == ((), 1)


def test_every_example_in_the_catalogue_leads_to_its_command(open_work: OpenWork, clock: MovableClock) -> None:
    cogs = catalogue.furnish(Tools(open_work=open_work, clock=clock))
    commands = [c for cog in cogs for c in cog.commands()]
    speller = Speller(commands, catalogue.GROUP_ALIASES)

    for one in commands:
        spelled = speller.read(pages.example_of(one))
        assert spelled.command is not None, one.name
        assert spelled.command.name == one.name
