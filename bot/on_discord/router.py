"""The one way in: commands, menus, suggestions, presses and submitted forms go to the desk, and its answers back.

Nothing is kept in memory between two interactions. What a button or a form is about stands in its id and in the
database, so that any process can take it at any time.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands

from bot.desk import manners
from bot.desk.answer import Answer
from bot.desk.desk import Desk
from bot.desk.filling import Given
from bot.desk.own_words import do_own_word
from bot.on_discord import modals, options
from bot.on_discord.callers import DISCORD, Callers, between_us
from bot.on_discord.render import Drawn, draw
from bot.on_discord.spans import Mentions
from bot.on_discord.timing import Turn
from bot.on_discord.views import read_id
from cogs.kit.action import PREFIX, BadAction, take_apart
from cogs.kit.ask import Parameter
from cogs.kit.call import Call, Right
from cogs.kit.cog import Command
from cogs.kit.faults import Fault, Stale
from cogs.kit.reply import PRIVATE, AnyButton, Reply
from cogs.kit.tools import Tools

log = logging.getLogger(__name__)

#: Suggestions that take longer are of no use: Discord waits three seconds, people less.
SUGGEST_WITHIN = 2.5

#: Buttons under the question of a form: what comes next takes the question's place.
_ANSWERS_A_QUESTION = ("fc:desk.choose:", "fc:desk.skip:", "fc:desk.back:")

#: Says something outside an interaction that takes no more: (its place and person, drawing, private).
Elsewhere = Callable[["discord.Interaction[Any]", Drawn, bool], Awaitable["tuple[str, str] | None"]]


class Router:
    """Answers interactions. mentions: commands that can be tapped, by name; filled in once they are known."""

    def __init__(self, desk: Desk, tools: Tools, callers: Callers, elsewhere: Elsewhere) -> None:
        self._desk = desk
        self._tools = tools
        self._callers = callers
        self._elsewhere = elsewhere
        self.mentions: Mentions = {}

    # What Discord sends

    async def command(self, interaction: discord.Interaction[Any], command: Command, values: Mapping[str, Any]) -> None:
        """A slash command, its options by the attribute of the parameter."""
        by_attribute = {one.attribute: one for one in command.parameters}

        async def work(call: Call) -> Answer:
            await self._acquaint(interaction, command, call)
            given = await options.given(values, by_attribute, self._introducer(call))
            return await self._desk.command(call, command.name, given)

        incomplete = any(p.required and not values.get(p.attribute) for p in by_attribute.values())
        private = command.replies is PRIVATE or interaction.guild_id is None
        await self._turn(interaction, work, private=private, opens_form=command.opens_form or incomplete)

    async def menu(
        self, interaction: discord.Interaction[Any], command: Command, given: Mapping[str, str | discord.User]
    ) -> None:
        """An entry of the menu of a message or a person."""

        async def work(call: Call) -> Answer:
            introduce = self._introducer(call)
            taken: dict[str, Given] = {
                name: value if isinstance(value, str) else await introduce(value) for name, value in given.items()
            }
            return await self._desk.command(call, command.name, taken)

        await self._turn(interaction, work, private=True, opens_form=True)

    async def own_word(self, interaction: discord.Interaction[Any], word: str) -> None:
        """/undo, /resume, /cancel."""

        async def work(call: Call) -> Answer:
            return await do_own_word(self._desk, call, word)

        await self._turn(interaction, work, private=True, opens_form=word == "resume")

    async def suggest(
        self, interaction: discord.Interaction[Any], command: Command, parameter: Parameter, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Values for an option that is being typed; none rather than late ones."""
        try:
            async with asyncio.timeout(SUGGEST_WITHIN):
                call = await self._callers.call(interaction)
                await self._acquaint(interaction, command, call)
                found = await self._desk.suggest(call, command.name, parameter.name, typed)
        except TimeoutError:
            log.warning("suggestions for %s took too long", parameter.name)
            return []
        except Exception:  # what is typed is taken without them; nobody is told of a failure in between
            log.exception("suggestions for %s failed", parameter.name)
            return []
        most = options.CHOICE_CHARACTERS
        return [
            app_commands.Choice(name=one.label[:most], value=one.value)
            for one in found[: options.MOST_CHOICES]
            if one.label and 1 <= len(one.value) <= most
        ]

    async def interaction(self, interaction: discord.Interaction[Any]) -> None:
        """A press or a submitted form; commands come by the tree. Foreign ids are left alone."""
        data: Mapping[str, Any] = interaction.data or {}
        custom_id = read_id(str(data.get("custom_id", "")))
        if not custom_id.startswith(PREFIX):
            return
        if interaction.type is discord.InteractionType.component:
            await self._press(interaction, custom_id)
        elif interaction.type is discord.InteractionType.modal_submit:
            await self._submit(interaction, custom_id, data)

    async def troubled(self, interaction: discord.Interaction[Any], error: Exception) -> None:
        """A command that discord.py could not call: Discord shows an older version of it, or there is a bug."""
        if interaction.type is discord.InteractionType.autocomplete:
            log.warning("suggestions failed: %s", type(error).__name__)
            return
        outdated = isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch)

        async def work(call: Call) -> Answer:
            if outdated:
                fault = Stale("That command has changed since. Type / once more to see it as it is now.")
                return Answer(manners.excuse(fault, call), private=True)
            return Answer(manners.apologise(error, call, "a slash command"), private=True)

        if not interaction.response.is_done():
            await self._turn(interaction, work, private=True, opens_form=False)
        else:
            log.error("a command failed after it was answered", exc_info=error)

    # Presses and forms

    async def _press(self, interaction: discord.Interaction[Any], custom_id: str) -> None:
        opened = modals.read_opener(custom_id)

        async def work(call: Call) -> Answer:
            answer = await self._desk.press(call, opened.action if opened else custom_id)
            return _in_place(answer) if custom_id.startswith(_ANSWERS_A_QUESTION) else answer

        await self._turn(
            interaction,
            work,
            private=True,
            opens_form=opened is not None or self._asks(custom_id),
            page=opened.page if opened else None,
            insists=opened is not None,
        )

    def _asks(self, custom_id: str) -> bool:
        """Whether a press may open a form. What leads to a prefilled one cannot be told beforehand."""
        try:
            deed = self._desk.index.deeds.get(take_apart(custom_id).name)
        except BadAction:
            return False
        return deed is None or bool(deed.parameters)

    async def _submit(self, interaction: discord.Interaction[Any], custom_id: str, data: Mapping[str, Any]) -> None:
        async def work(call: Call) -> Answer:
            page = modals.read_submit(custom_id)
            given = await modals.filled_in(data, interaction, self._introducer(call))
            answer = await self._desk.submit(call, page.token, given)
            return _in_place(answer) if _is_question(interaction.message) else answer

        await self._turn(interaction, work, private=True, opens_form=False, page=modals.page_after(custom_id))

    # Answers

    async def _turn(
        self,
        interaction: discord.Interaction[Any],
        work: Callable[[Call], Awaitable[Answer]],
        *,
        private: bool,
        opens_form: bool,
        page: int | None = None,
        insists: bool = False,
    ) -> None:
        """Do the work and say what comes of it, whatever comes of it.

        page: of the form that may be opened. insists: open it though something in it could not be taken.
        """

        async def otherwise(drawn: Drawn, private: bool) -> tuple[str, str] | None:
            return await self._elsewhere(interaction, drawn, private)

        async with Turn(interaction, private=private, opens_form=opens_form, otherwise=otherwise) as turn:
            call: Call | None = None
            try:
                call = await self._callers.call(interaction)
                answer = await work(call)
            except Fault as fault:
                assert call is not None
                answer = Answer(manners.excuse(fault, call), private=True)
            except BadAction:
                assert call is not None
                stale = Stale("That button is from an older version of me and no longer does anything.")
                answer = Answer(manners.excuse(stale, call), private=True)
            except Exception as error:  # noqa: BLE001  # nobody may be left with "This interaction failed"
                answer = Answer(manners.apologise(error, call, "an interaction"), private=True)
            try:
                await self._answer(interaction, turn, call, answer, page=page, insists=insists)
            except Exception as error:  # noqa: BLE001  # the deed is done; nobody may be left without a word of it
                sorry = manners.apologise(error, call, "drawing an answer")
                with contextlib.suppress(discord.HTTPException):
                    await turn.show(draw(sorry, self._tools.clock.now(), "en-GB"), private=True)

    async def _answer(
        self,
        interaction: discord.Interaction[Any],
        turn: Turn,
        call: Call | None,
        answer: Answer,
        *,
        page: int | None,
        insists: bool,
    ) -> None:
        reply = answer.reply
        if reply.form is not None and reply.form.token is not None:
            form = reply.form
            number = page if page is not None and not form.problems else modals.first_page(form)
            number = min(number, modals.pages(form) - 1)
            said_more = bool(reply.title or reply.fields or reply.rows or reply.files)
            if (insists or not form.problems) and not said_more and turn.takes_form:
                shown = modals.modal(form, number, with_people=interaction.guild_id is not None)
                if await turn.form(shown):
                    return
            button = modals.opener(form, number)
            buttons: tuple[AnyButton, ...] = (*((button,) if button else ()), *reply.buttons)
            reply = reply.with_(buttons=buttons)
        locale = call.locale if call is not None else str(interaction.locale)
        replaces = reply.replaces and _may_change(interaction, answer)
        message = interaction.message
        drawn = draw(
            reply,
            self._tools.clock.now(),
            locale,
            plain=call is not None and call.plain_text,
            # A card stays one for ever: what replaces it is a card too.
            card=True if replaces and message is not None and message.flags.components_v2 else None,
            mentions=self.mentions,
        )
        stands = await turn.show(drawn, private=answer.private, replaces=replaces)
        if stands is not None and reply.card is not None and call is not None:
            await self._hang(call, reply, stands)

    async def _hang(self, call: Call, reply: Reply, stands: tuple[str, str]) -> None:
        """Remember where a card was shown, so that it is drawn anew when its thing changes."""
        assert reply.card is not None
        channel, message = stands
        async with self._tools.open_work() as work:
            await work.postings.hang(
                reply.card.card,
                reply.card.subject_id,
                surface=DISCORD,
                address=channel,
                message=message,
                now=call.now,
                channel_id=call.place.channel_id,
                person_id=None if call.place.channel_id is not None else call.person_id,
            )
            await work.commit()

    async def _acquaint(self, interaction: discord.Interaction[Any], command: Command, call: Call) -> None:
        """Know the server's channels before somebody who sets it up names one."""
        guild = interaction.guild
        if command.needs is Right.MODERATE and Right.MODERATE in call.rights and guild is not None and guild.me:
            await self._callers.acquaint(guild)

    def _introducer(self, call: Call) -> options.Introduce:
        async def introduce(user: discord.User | discord.Member) -> str:
            return await self._callers.introduce(user, call.community_id)

        return introduce


def _in_place(answer: Answer) -> Answer:
    """A private answer that takes the place of the question before it, whose buttons lead nowhere any more."""
    return replace(answer, reply=answer.reply.with_(replaces=True)) if answer.private else answer


def _is_question(message: discord.Message | None) -> bool:
    """Whether a message is the question of a form: it has the button that opens it."""
    if message is None:
        return False
    return any(modals.read_opener(getattr(one, "custom_id", None) or "") for one in _every(message.components))


def _every(components: Iterable[discord.Component]) -> Iterator[discord.Component]:
    """Components with those inside them."""
    for one in components:
        yield one
        yield from _every(getattr(one, "children", ()))


def _may_change(interaction: discord.Interaction[Any], answer: Answer) -> bool:
    """Whether the message under the button may become the answer: a private one must not be shown to a channel."""
    message = interaction.message
    if message is None:
        return False
    return not answer.private or message.flags.ephemeral or between_us(interaction)
