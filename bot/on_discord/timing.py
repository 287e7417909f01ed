"""Answering an interaction in time: at once, after a deferral, as a follow-up, or as an ordinary message when late.

Discord wants a first answer within three seconds and takes others for fifteen minutes; the first one also fixes who
sees it. Both rules live here and nowhere else. One `Turn` answers one interaction, once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

import aiohttp
import discord
from discord import ui

from bot.on_discord.callers import between_us
from bot.on_discord.render import Drawn
from bot.on_discord.views import Made, made

log = logging.getLogger(__name__)

# Discord developer documentation, Receiving and Responding to Interactions, read August 2026.
ANSWER_WITHIN = 3.0
TOKEN_LIVES = 15 * 60.0

#: When nothing was said by then, the answer is deferred. Half of what Discord allows: the way there takes time too.
PATIENCE = 1.5
#: A form can only be the first answer, so something that opens one gets longer.
FORM_PATIENCE = 2.2
#: An interaction that was long on its way to us is not given less than this while there is time: clocks may differ.
LEAST_PATIENCE = 0.4
#: What the way back to Discord may take.
WAY_BACK = 0.3
#: However late it is, an answer that is at hand goes out without a deferral before it.
_AT_ONCE = 0.05

#: Unknown interaction, unknown webhook or message, an expired token, access lost: only an ordinary message will do.
_TOO_LATE = frozenset({10062, 10008, 10015, 50027, 50001})
_ALREADY = 40060

#: The connection broke: whether Discord has had it is not known.
_BROKEN_OFF = (aiohttp.ClientError, OSError)

#: Sends a drawing outside the interaction: (drawing, whether only the person may see it).
Otherwise = Callable[[Drawn, bool], Awaitable["tuple[str, str] | None"]]


class Turn:
    """The answer to one interaction. As a context manager it defers by itself when nothing is said in time.

    private: who sees the answer if it has to be deferred before it is known. opens_form: it may be a form.
    otherwise: how to say something when the interaction takes nothing any more.
    """

    def __init__(
        self, interaction: discord.Interaction[Any], *, private: bool, opens_form: bool, otherwise: Otherwise
    ) -> None:
        self._interaction = interaction
        self._private = private
        self._patience = _patience(interaction, FORM_PATIENCE if opens_form else PATIENCE)
        self._otherwise = otherwise
        self._first = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._deferring: asyncio.Task[None] | None = None
        self._deferred = False
        # On a press the message under the button is ours to change, and a deferral leaves it as it is.
        self._on_message = interaction.message is not None
        # Between the two of us nothing needs hiding, and a hidden message is gone when the app is opened anew.
        self._alone = between_us(interaction)

    async def __aenter__(self) -> Self:
        self._timer = asyncio.get_running_loop().call_later(self._patience, self._run_out)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._deferring is not None:
            await asyncio.gather(self._deferring, return_exceptions=True)

    @property
    def takes_form(self) -> bool:
        """Whether a modal can still be opened: nothing was said yet, and the interaction is not itself a modal."""
        return (
            not self._interaction.response.is_done()
            and not self._first.locked()
            and self._interaction.type is not discord.InteractionType.modal_submit
        )

    async def form(self, modal: ui.Modal) -> bool:
        """Open a modal; False when it is too late for one."""
        async with self._first:
            lost = False
            while self.takes_form_now():
                try:
                    await self._interaction.response.send_modal(modal)
                except discord.HTTPException as error:
                    if lost and error.code == _ALREADY:
                        return True  # it had arrived
                    if error.code not in (*_TOO_LATE, _ALREADY):
                        raise
                    log.warning("a form was not opened: Discord answered %s", error.code)
                    return False
                except _BROKEN_OFF:
                    if lost:
                        raise
                    lost = True
                else:
                    return True
        return False

    def takes_form_now(self) -> bool:
        """The same, for whoever holds the lock."""
        return (
            not self._interaction.response.is_done()
            and self._interaction.type is not discord.InteractionType.modal_submit
        )

    async def show(self, drawn: Drawn, *, private: bool, replaces: bool = False) -> tuple[str, str] | None:
        """Say it; (channel, message) where it stands, None when only the person sees it or that is not known.

        replaces: change the message under the pressed button, if there is one.
        """
        replaces = replaces and self._on_message
        try:
            return await self._show(drawn, private=private, replaces=replaces)
        except _BROKEN_OFF:
            # It may have arrived. Discord takes the first answer once only, and an edit twice does no harm.
            return await self._show(drawn, private=private, replaces=replaces)

    async def _show(self, drawn: Drawn, *, private: bool, replaces: bool) -> tuple[str, str] | None:
        try:
            async with self._first:
                if not self._interaction.response.is_done():
                    return await self._say_first(made(drawn), private=private, replaces=replaces)
            return await self._say_later(drawn, private=private, replaces=replaces)
        except discord.HTTPException as error:
            if error.code == _ALREADY:
                return await self._say_after_all(drawn, private=private, replaces=replaces)
            if error.code not in _TOO_LATE and not (error.status == 401 and self._is_old()):
                raise
            log.info("an answer came too late for its interaction (%s); it is sent as a message", error.code)
            return await self._otherwise(drawn, private)

    async def acknowledge(self) -> None:
        """End the press without saying anything."""
        async with self._first:
            if not self._interaction.response.is_done():
                await self._interaction.response.defer()

    def _run_out(self) -> None:
        # A task only when it comes to that: most answers are quicker.
        self._deferring = asyncio.create_task(self._defer())

    async def _defer(self) -> None:
        async with self._first:
            if self._interaction.response.is_done():
                return
            try:
                if self._on_message:
                    await self._interaction.response.defer()
                else:
                    await self._interaction.response.defer(ephemeral=self._hidden(self._private), thinking=True)
                self._deferred = True
            except discord.HTTPException as error:
                log.warning("an interaction could not be deferred: Discord answered %s", error.code)
            except _BROKEN_OFF:
                log.warning("an interaction may not have been deferred: no answer came")

    async def _say_first(self, said: Made, *, private: bool, replaces: bool) -> tuple[str, str] | None:
        response = self._interaction.response
        if replaces:
            answered = await response.edit_message(**said.edit())
        else:
            hidden = self._hidden(private)
            answered = await response.send_message(**said.new(), ephemeral=hidden, suppress_embeds=_quiet(said))
        if self._hidden(private) and not (replaces and self._seen_by_all()):
            return None
        return self._stands(answered.message_id if answered is not None else None)

    async def _say_later(self, drawn: Drawn, *, private: bool, replaces: bool) -> tuple[str, str] | None:
        if replaces:
            message = await self._interaction.edit_original_response(**made(drawn).edit())
            return self._stands(message.id) if self._seen_by_all() else None
        if self._on_message or not self._deferred:
            return await self._follow_up(made(drawn), private=private)
        if self._hidden(private) == self._hidden(self._private):
            message = await self._interaction.edit_original_response(**made(drawn).edit())
            self._deferred = False
            return None if self._hidden(private) else self._stands(message.id)
        # Who sees the placeholder was settled when it was put up; so it goes, and what is said takes its own way.
        await self._interaction.delete_original_response()
        self._deferred = False
        return await self._follow_up(made(drawn), private=private)

    async def _say_after_all(self, drawn: Drawn, *, private: bool, replaces: bool) -> tuple[str, str] | None:
        """Discord has had an answer already: ours, whose receipt was lost, or that of another process."""
        if replaces:
            return await self._say_later(drawn, private=private, replaces=True)
        try:
            there = await self._interaction.original_response()
        except discord.DiscordException:
            return await self._follow_up(made(drawn), private=private)
        source = self._interaction.message
        if there.flags.loading:  # a deferral, whose place is still to be taken
            self._deferred = True
            return await self._say_later(drawn, private=private, replaces=False)
        if source is not None and there.id == source.id:  # a deferral that leaves the message as it is
            return await self._follow_up(made(drawn), private=private)
        return None if self._hidden(private) else self._stands(there.id)

    async def _follow_up(self, said: Made, *, private: bool) -> tuple[str, str] | None:
        try:
            message = await self._interaction.followup.send(
                **said.new(), ephemeral=self._hidden(private), suppress_embeds=_quiet(said), wait=True
            )
        except _BROKEN_OFF as error:  # a second one might be said twice
            log.warning("whether an answer arrived is not known: %s", type(error).__name__)
            return None
        return None if self._hidden(private) else self._stands(message.id)

    def _hidden(self, private: bool) -> bool:
        """Whether something private must be hidden from others who could see it."""
        return private and not self._alone

    def _seen_by_all(self) -> bool:
        """Whether the message under the button is an ordinary one, which can be found again."""
        message = self._interaction.message
        return message is not None and not message.flags.ephemeral

    def _stands(self, message_id: int | None) -> tuple[str, str] | None:
        message = self._interaction.message
        if message_id is None and message is not None:
            message_id = message.id
        if message_id is None or self._interaction.channel_id is None:
            return None
        return str(self._interaction.channel_id), str(message_id)

    def _is_old(self) -> bool:
        age = discord.utils.utcnow() - self._interaction.created_at
        return age.total_seconds() > TOKEN_LIVES - 30


def _quiet(said: Made) -> bool:
    """Notes bring no previews of the addresses in them; cards have none anyway, and take no such flag."""
    return said.content is not None and not isinstance(said.view, ui.LayoutView)


def _patience(interaction: discord.Interaction[Any], longest: float) -> float:
    """How long to wait before deferring, less what the interaction has been waiting for us already."""
    age = (discord.utils.utcnow() - interaction.created_at).total_seconds()
    if not 0 < age < ANSWER_WITHIN:  # no time at all, or clocks that differ
        return longest
    least = max(_AT_ONCE, min(LEAST_PATIENCE, ANSWER_WITHIN - WAY_BACK - age))
    return max(least, longest - age)
