"""Presses of buttons: acknowledged first, then done.

In a group the acknowledgement can carry a short private answer, so it waits a moment for one; in a private chat there
is nothing to wait for.
"""

from __future__ import annotations

import asyncio

from telegram import CallbackQuery, Message
from telegram.constants import ChatType

from bot.desk.answer import Answer
from bot.on_telegram.answers import Answers
from bot.on_telegram.callers import Came, is_nobody, thread_of
from bot.on_telegram.parts import Parts
from cogs.kit.action import BadAction, take_apart
from cogs.kit.call import Call, Right

#: How long an acknowledgement waits for words it could carry, in seconds. Telegram gives more, a thumb less.
_WAIT = 1.0


class Presses:
    """Takes presses in."""

    def __init__(self, parts: Parts, answers: Answers) -> None:
        self._parts = parts
        self._answers = answers

    async def take(self, query: CallbackQuery) -> None:
        """Do what a button says, and answer where the answer belongs."""
        message = query.message
        if message is None or query.data is None or is_nobody(query.from_user):
            await self._parts.sender.acknowledge(query.id)
            return
        known = message if isinstance(message, Message) else None  # None: too old for Telegram to tell more about it
        came = Came(
            message.chat,
            query.from_user,
            thread_of(known) if known is not None else None,
            message.message_id,
            media=known is not None and known.text is None and known.caption is not None,
            query=query.id,
        )
        acknowledgement = _Acknowledgement(self._parts, query.id)
        asked: str | None = None
        if message.chat.type == ChatType.PRIVATE:
            acknowledging = asyncio.ensure_future(acknowledgement.give())
            answer, call = await self._pressed(came, query.data)
            await acknowledging
        else:
            asked = await self._asked(came, query.data)
            doing = asyncio.ensure_future(self._pressed(came, query.data))
            done, _ = await asyncio.wait({doing}, timeout=_WAIT)
            if not done:
                await acknowledgement.give()
            answer, call = await doing
            if not answer.private:
                await acknowledgement.give()
        await self._answers.give(call, answer, came, alerting=acknowledgement.give_with)
        await acknowledgement.give()
        if asked is not None and answer.draft is None:
            await self._answers.dialogue.strip(asked)

    async def _asked(self, came: Came, data: str) -> str | None:
        """The question in a group that a press answers, by whoever it was asked of."""
        if not data.startswith("fc:desk."):
            return None
        return await self._answers.dialogue.asked_there(await self._parts.callers.call(came), came)

    async def _pressed(self, came: Came, data: str) -> tuple[Answer, Call]:
        call = await self._parts.callers.call(came, moderating=self._needs_moderator(data))
        return await self._parts.desk.press(call, data), call

    def _needs_moderator(self, data: str) -> bool:
        try:
            name, args = (pressed := take_apart(data)).name, pressed.args
        except BadAction:
            return False
        if name == "desk.run" and args:
            command = self._parts.desk.index.commands.get(args[0].replace(".", " "))
            return command is not None and command.needs is Right.MODERATE
        deed = self._parts.desk.index.deeds.get(name)
        return deed is not None and deed.needs is Right.MODERATE


class _Acknowledgement:
    """The one answer that a press gets from Telegram's side."""

    def __init__(self, parts: Parts, query_id: str) -> None:
        self._parts = parts
        self._query_id = query_id
        self._given = False

    async def give(self) -> None:
        """End the spinner, unless that is done."""
        if not self._given:
            self._given = True
            await self._parts.sender.acknowledge(self._query_id)

    async def give_with(self, text: str | None = None, *, url: str | None = None) -> bool:
        """End the spinner with an alert or a way elsewhere; whether that was still possible."""
        if self._given:
            return False
        self._given = True
        await self._parts.sender.acknowledge(self._query_id, text, url)
        return True
