"""Where an answer goes, and who may see it.

In a private chat everything is an ordinary message, and what replaces a message is an edit of it. In a group only what
is public is said. Anything else goes to the private chat; the group sees no more than that there is an answer, with a
button that leads there. Somebody who never pressed Start cannot be written to: for them the button is the way.
"""

from __future__ import annotations

import contextlib
import logging
from dataclasses import replace
from typing import Protocol

from telegram import Message
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.desk.answer import Answer
from bot.desk.surface import Refused, SendFault, Sent, TooFast, Unchanged, Vanished
from bot.on_telegram.callers import TELEGRAM, Came, name_of
from bot.on_telegram.dialogue import Dialogue, typed_here
from bot.on_telegram.keyboard import KeyDrawn
from bot.on_telegram.links import Wanted, fitting, packed
from bot.on_telegram.parts import Parts
from bot.on_telegram.pickers import Pickers
from bot.on_telegram.render import Drawn, alert, draw, fits_alert, says_all
from bot.on_telegram.sender import NO_PREVIEW, markup
from bot.on_telegram.spans import plain
from cogs.kit.call import Call
from cogs.kit.reply import CardRef, Reply
from cogs.kit.words import line

log = logging.getLogger(__name__)


class Alert(Protocol):
    """Ends the wait of a press, with words in an alert or by opening an address; whether it still waited."""

    async def __call__(self, text: str | None = None, *, url: str | None = None) -> bool:
        """Do so, once."""


_ELSEWHERE = "The answer is in our private chat."
_CONTINUE = "I answer that in our private chat. It opens with one tap:"
_OPEN = "Open our private chat once, so that I can tell you what comes of it:"
_THERE = line("Answer in our private chat.")


def _portable(reply: Reply) -> Reply:
    """A reply as it can wait behind a link; it says so when a file cannot."""
    if len(fitting(reply.files)) == len(reply.files):
        return reply
    return reply.with_(also=(*reply.also, line("There is a file too, too large to be kept here. Ask for it again.")))


def _asked_here(reply: Reply) -> Reply:
    """A question as an alert, which has no place to answer it."""
    return reply if reply.form is None else reply.with_(also=(*reply.also, _THERE))


async def no_alert(text: str | None = None, *, url: str | None = None) -> bool:
    """For what is no press, or was acknowledged already."""
    return False


class Answers:
    """Gives answers to people; how that failed is logged, since there is nobody else to be told."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.pickers = Pickers(parts)
        self.dialogue = Dialogue(parts, self.pickers)
        self._ephemeral: bool | None = None

    async def give(
        self, call: Call, answer: Answer, came: Came, *, alerting: Alert = no_alert, nodding: bool = False
    ) -> None:
        """Put an answer where it belongs.

        nodding: a sign on the message is enough in a group when the answer reached the private chat.
        """
        if answer.aside:
            await alerting(alert(answer.reply, call.now, call.locale))
            return
        try:
            if came.private:
                await self._in_private(call, answer, came)
            elif not answer.private:
                await self._in_place(call, answer.reply, came)
            else:
                await self._from_group(call, answer, came, alerting, nodding=nodding)
        except SendFault as fault:
            log.warning("an answer did not arrive: %s", type(fault).__name__)
            if isinstance(fault, Refused):
                await self._refused(call, came, fault)
            if not came.private and not answer.private and isinstance(fault, Refused | TooFast):
                await self._instead(call, answer.reply)

    async def _instead(self, call: Call, reply: Reply) -> None:
        """What cannot be said in a group just now is said to whoever asked, where their private chat is open."""
        dm = await self._open_chat(call)
        if dm is None:
            return
        note = line("I cannot write in the group just now, so you have it here.")
        with contextlib.suppress(SendFault):
            await self._parts.sender.answer(dm, self._draw(call, reply.with_(also=(*reply.also, note))))

    async def show(self, call: Call, came: Came, drawn: Drawn, card: CardRef | None) -> None:
        """Show an answer that was drawn before."""
        try:
            sent = await self._parts.sender.answer(came.address, drawn)
        except SendFault as fault:
            log.warning("an answer did not arrive: %s", type(fault).__name__)
        else:
            await self._hang(call, card, sent, private=came.private)

    def _draw(self, call: Call, reply: Reply, *, single: bool = False) -> Drawn:
        return draw(reply, call.now, call.locale, bare=call.plain_text, single=single)

    async def _in_private(self, call: Call, answer: Answer, came: Came) -> None:
        sent = await self._in_place(call, answer.reply, came, quoting=False)
        await self.dialogue.asked(call, answer, came, sent)

    async def _in_place(self, call: Call, reply: Reply, came: Came, *, quoting: bool = True) -> Sent:
        """Say it where it was asked: by redrawing the pressed message, or with a new one.

        quoting: as a reply to what it answers, so that others in the group can tell.
        """
        if reply.replaces and came.pressed and came.message is not None and not reply.files:
            try:
                await self._parts.sender.redo(
                    came.address, came.message, self._draw(call, reply, single=True), media=came.media
                )
            except Unchanged:
                pass
            except Vanished:
                return await self._new(call, reply, came, quoting=False)
            sent = Sent(str(came.message), came.address)
            await self._hang(call, reply.card, sent, private=came.private)
            return sent
        return await self._new(call, reply, came, quoting=quoting)

    async def _new(self, call: Call, reply: Reply, came: Came, *, quoting: bool) -> Sent:
        drawn = self._draw(call, reply)
        sent = await self._parts.sender.answer(came.address, drawn, reply_to=came.message if quoting else None)
        await self._hang(call, reply.card, sent, private=came.private)
        return sent

    # From a group to one person

    async def _from_group(self, call: Call, answer: Answer, came: Came, alerting: Alert, *, nodding: bool) -> None:
        reply = answer.reply
        if self.dialogue.belongs_here(came, answer):
            await self._ask_here(call, answer, came)
            return
        short = came.pressed and fits_alert(reply, call.now, call.locale)
        if short and await alerting(alert(reply, call.now, call.locale)):
            return
        dm = await self._open_chat(call)
        if dm is not None:
            try:
                sent = await self._parts.sender.answer(dm, self._draw(call, reply))
            except Refused as fault:
                await self._unreachable(came, fault)
            else:
                await self._hang(call, reply.card, sent, private=True)
                await self.dialogue.asked(call, answer, came, sent)
                if came.pressed and await alerting(_ELSEWHERE):
                    return
                if came.chat.type == ChatType.CHANNEL:
                    return  # its readers have nothing to do with it
                if nodding and answer.draft is None and came.message is not None:
                    await self._parts.sender.nod(came.chat.id, came.message)
                else:
                    await self._lead(call, came, _ELSEWHERE, Wanted("look", ""))
                return
        # The deed is done and must not be done again by following the link: the link brings the answer to it.
        told = Wanted("told", packed(self._draw(call, _portable(reply)), reply.card))
        if came.chat.type == ChatType.CHANNEL:
            await alerting(url=self._parts.link(await self._token(call, told, answer.draft)))
            return
        said = await alerting(alert(_asked_here(reply), call.now, call.locale))
        text = _CONTINUE
        if said and says_all(reply, call.now, call.locale):
            if await self._parts.links.shown(call.person_id, came.address, call.now):
                return
            text = _OPEN
        if came.pressed and await self._ephemerally(call, answer, came, told, text):
            return
        await self._lead(call, came, text, told, draft=answer.draft)

    async def _ask_here(self, call: Call, answer: Answer, came: Came) -> None:
        """Ask in the group. Whoever is asked is answered or named, so that the reply opens for them alone."""
        typed = typed_here(answer.reply)
        drawn = self._draw(call, typed or answer.reply, single=True)
        if typed is not None:
            drawn = replace(drawn, asks="Your answer")
            if came.pressed:
                name = f'<a href="tg://user?id={came.user.id}">{plain(name_of(came.user)).html}</a>'
                drawn = replace(drawn, texts=(f"{name}\n{drawn.texts[0]}",))
        sent = await self._parts.sender.answer(came.address, drawn, reply_to=None if came.pressed else came.message)
        await self.dialogue.asked(call, answer, came, sent)

    async def _open_chat(self, call: Call) -> str | None:
        """The address of the caller's private chat; None when it was never opened, or is closed."""
        async with self._parts.tools.open_work(reading=True) as work:
            for identity in await work.people.identities_of(call.person_id):
                if identity.surface == TELEGRAM and identity.unreachable is None:
                    return identity.dm
        return None

    async def _lead(self, call: Call, came: Came, text: str, wanted: Wanted, *, draft: str | None = None) -> None:
        token = await self._token(call, wanted, draft)
        drawn = self._leading(text, token)
        sent = await self._parts.sender.answer(came.address, drawn, reply_to=None if came.pressed else came.message)
        await self._hangs(call, token, sent)

    async def _hangs(self, call: Call, token: str, way: Sent) -> None:
        """Remember where a way is shown; the one that was there before is taken away."""
        for before in await self._parts.links.hangs(call.person_id, token, way):
            await self._parts.sender.remove(before.dest, int(before.message))

    def _leading(self, text: str, token: str) -> Drawn:
        return Drawn(
            (plain(text).html,), ((KeyDrawn("Continue in private", url=self._parts.link(token)),),), silent=True
        )

    async def _token(self, call: Call, wanted: Wanted, draft: str | None) -> str:
        """What the link carries: a form's own token, or a new one."""
        wanted = Wanted("form") if draft is not None else wanted
        return await self._parts.links.make(call.person_id, wanted, call.now, draft)

    async def followed(self, wanted: Wanted) -> None:
        """A way into the private chat was used: the message in the group has done its work."""
        if wanted.way is not None:
            await self._parts.sender.remove(wanted.way.dest, int(wanted.way.message))

    async def _ephemerally(self, call: Call, answer: Answer, came: Came, wanted: Wanted, text: str) -> bool:
        """Say it in the group so that only the presser sees it, where the platform can do that; whether it could.

        A server that does not know such messages shows them to everybody. So the first one holds nothing but the way
        into the private chat, which may be seen by all; only when the server says that one reader got it, the answer
        follows. (Bot API 10.2 and 10.3; python-telegram-bot 22.8 takes the parameter only through api_kwargs.)
        """
        token = await self._token(call, wanted, answer.draft)
        link = self._leading(text, token)
        if self._ephemeral is None:
            shown = await self._to_one(came, link)
            if shown is None:
                return False
            self._ephemeral = "ephemeral_message_id" in shown.api_kwargs
            if not self._ephemeral:  # everybody saw the way, which is what the fall-back would have shown them
                await self._hangs(call, token, Sent(str(shown.message_id), came.address))
                return True
        if not self._ephemeral:
            return False
        drawn = self._draw(call, answer.reply, single=True)
        return await self._to_one(came, replace(drawn, keys=(*drawn.keys, *link.keys))) is not None

    async def _to_one(self, came: Came, drawn: Drawn) -> Message | None:
        """Send a message meant for one reader; None when the server refused it."""
        reader = {"receiver_user_id": came.user.id, "callback_query_id": came.query}
        try:
            return await self._parts.sender.bot.send_message(
                came.chat.id,
                drawn.texts[0],
                parse_mode="HTML",
                link_preview_options=NO_PREVIEW,
                message_thread_id=came.thread,
                reply_markup=markup(drawn.keys),
                disable_notification=True,
                api_kwargs={"ephemeral_message_parameters": reader},
            )
        except TelegramError as error:
            log.info("a message for one reader was refused: %s", type(error).__name__)
            return None

    # What follows

    async def _hang(self, call: Call, card: CardRef | None, sent: Sent, *, private: bool) -> None:
        """Remember where a card hangs."""
        if card is None:
            return
        async with self._parts.tools.open_work() as work:
            await work.postings.hang(
                card.card,
                card.subject_id,
                surface=TELEGRAM,
                address=sent.dest,
                message=sent.message,
                now=call.now,
                channel_id=None if private else call.place.channel_id,
                person_id=call.person_id if private else None,
            )
            await work.commit()

    async def _refused(self, call: Call, came: Came, fault: Refused) -> None:
        log.info("the reason: %s", fault.reason)
        if came.private:
            await self._unreachable(came, fault)
        elif call.place.channel_id is not None:
            async with self._parts.tools.open_work() as work:
                await work.notices.set_channel_trouble(call.place.channel_id, fault.reason)
                await work.commit()

    async def _unreachable(self, came: Came, fault: Refused) -> None:
        async with self._parts.tools.open_work() as work:
            await work.people.mark_unreachable(TELEGRAM, str(came.user.id), fault.reason)
            await work.commit()
