"""What people type, in private and in groups: commands, answers to questions, and what they share.

In a group silence is the rule: only a command that is ours, or a reply to a question that we asked there, is taken.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from telegram import Message, MessageEntity
from telegram.constants import ChatAction, ChatType
from telegram.error import TelegramError

from bot.desk.answer import Answer
from bot.desk.filling import Given
from bot.desk.own_words import do_own_word, own_word
from bot.desk.spelling import Spelled
from bot.desk.surface import SendFault
from bot.on_telegram.answers import Answers
from bot.on_telegram.callers import Came, is_nobody, thread_of
from bot.on_telegram.dialogue import word_of
from bot.on_telegram.files import CannotFetch, fetch, has_file
from bot.on_telegram.links import is_token, unpacked
from bot.on_telegram.parts import Parts
from bot.on_telegram.pickers import mention_text, shared_people
from bot.on_telegram.render import draw
from bot.on_telegram.sender import address_of
from cogs.kit.ask import Kind
from cogs.kit.call import Call, Right
from cogs.kit.cog import Command, Menu, Where
from cogs.kit.reply import PRIVATE, PUBLIC, Reply, Upload
from cogs.kit.words import Code, line
from storage.records.draft import Draft
from storage.reference import nearby

log = logging.getLogger(__name__)
T = TypeVar("T")

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?(?=\s|$)")
#: When an answer takes longer than this, people see "typing…". In seconds.
_TYPING_AFTER = 1.5
#: Clocks offered for a place.
_ZONES = 4
#: The command behind /stop.
_SWITCH_OFF = ("me notify", {"kind": "all", "where": "off"})

_UNHEARD = line("I read text, photos and documents. Write it in words, please.")


@dataclass(frozen=True, slots=True)
class Said:
    """A message as text: mentions and dates replaced by what is read for them. addressed: it names this bot."""

    text: str
    word: str | None
    rest: str
    addressed: bool
    foreign: bool


class Messages:
    """Takes messages in."""

    def __init__(self, parts: Parts, answers: Answers) -> None:
        self._parts = parts
        self._answers = answers
        self._pickers = answers.pickers
        self._dialogue = answers.dialogue

    async def take(self, message: Message) -> None:
        """Do what a message says, if it is for us."""
        if message.chat.type == ChatType.CHANNEL or message.is_automatic_forward or message.via_bot:
            return
        private = message.chat.type == ChatType.PRIVATE
        said = await self._said(message)
        if said.foreign or (not private and said.word is None and message.reply_to_message is None):
            return
        if not private and message.forward_origin is not None:
            return  # whoever forwards somebody's command to a group shows it, and does not give it
        if is_nobody(message.from_user):
            await self._anonymous(message, said)
            return
        assert message.from_user is not None
        came = Came(message.chat, message.from_user, thread_of(message), message.message_id)
        if private:
            await self._private(message, said, came)
        elif said.word is not None:
            await self._in_group(message, said, came)
        else:
            await self._reply_in_group(message, said, came)

    # Private chats

    async def _private(self, message: Message, said: Said, came: Came) -> None:
        if said.word == "start" and is_token(said.rest):
            await self._start(came, said.rest)
            return
        if said.word is not None:
            await self._typed(message, said, came, await self._call(came, said.text))
            return
        call = await self._parts.callers.call(came)
        question = await self._dialogue.question(call)
        if message.location is not None:
            await self._located(call, came, message.location.latitude, message.location.longitude, question)
            return
        text = await shared_people(self._parts, message) or said.text
        uploads = await self._uploads(message, call, came)
        if uploads is None:
            return
        if not (text or uploads):
            if message.effective_attachment is not None:
                await self._answers.give(call, Answer(Reply(lines=(_UNHEARD,)), private=True), came)
            return
        if question is not None:
            answer = await self._waiting(came, self._dialogue.heard(call, question, text, uploads, anywhere=True))
            if answer is not None:
                await self._answers.give(call, answer, came)
                return
        if not text:
            hint = line("I have the file, but not what it is for. Send it once more with a line such as ",
                        Code("/avail import"), " under it.")  # fmt: skip
            await self._answers.give(call, Answer(Reply(lines=(hint,)), private=True), came)
            return
        answer = await self._waiting(came, self._parts.desk.spelled(call, text, uploads))
        await self._answers.give(call, answer, came)

    async def _typed(self, message: Message, said: Said, came: Came, call: Call) -> None:
        """A command in a private chat."""
        own = own_word(said.word or "") if not said.rest else None
        if own is not None:
            await self._own(call, came, own)
            return
        if said.word == "stop" and not said.rest:
            await self._answers.give(call, await self._stop(call), came)
            return
        uploads = await self._uploads(message, call, came)
        if uploads is None:
            return
        answer = await self._waiting(came, self._leaving(call, said.text, uploads, message))
        await self._answers.give(call, answer, came)

    async def _leaving(self, call: Call, text: str, uploads: Sequence[Upload], message: Message) -> Answer:
        """Run a command; a form that was open is left for it, and kept."""
        question = await self._dialogue.question(call)
        if question is None:
            return await self._run(call, text, uploads, message)
        await self._parts.desk.leave(call)
        answer = await self._run(call, text, uploads, message)
        if question.prompt is not None:
            await self._dialogue.strip(question.prompt)
        if not answer.private:
            return answer
        waits = line("The form you left is kept: ", Code("/resume"))
        return Answer(answer.reply.with_(also=(*answer.reply.also, waits)), private=True)

    async def _own(self, call: Call, came: Came, word: str) -> None:
        """/cancel, /undo and /resume."""
        question = await self._dialogue.question(call)
        answer = await do_own_word(self._parts.desk, call, word)
        if word == "cancel" and question is not None and question.prompt is not None:
            await self._dialogue.strip(question.prompt)
        await self._answers.give(call, answer, came)

    async def _stop(self, call: Call) -> Answer:
        """Every message that nobody asked for, off: what Telegram's people expect of /stop."""
        name, given = _SWITCH_OFF
        answer = await self._parts.desk.command(call, name, given)
        on_again = line("Nothing comes by itself any more. Switch it on again with ", Code("/notify all telegram"), ".")
        return Answer(answer.reply.with_(also=(*answer.reply.also, on_again)), answer.private)

    async def _start(self, came: Came, payload: str) -> None:
        """Start was pressed behind a link: go on with what the link is for."""
        call = await self._parts.callers.call(came, moderating=True)
        if payload.startswith("l_"):  # from the other platform: linking two accounts
            answer = await self._parts.desk.spelled(call, f"/link {payload[2:]}")
        else:
            wanted = await self._parts.links.open(call.person_id, payload, call.now)
            if wanted is not None:
                await self._answers.followed(wanted)
            if wanted is None or wanted.sort == "form":
                await self._parts.desk.leave(call)  # the form behind the link is the one to be answered now
                answer = await self._parts.desk.resume(call, payload)
                if answer.draft is None and call.is_new:  # a link from somewhere else brought them here
                    answer = await self._parts.desk.spelled(call, "/start")
            elif wanted.sort == "told":
                await self._answers.show(call, came, *unpacked(wanted.what))
                return
            else:
                answer = Answer(Reply(lines=(line("Here we are. Your answer is just above."),)), private=True)
        await self._answers.give(call, answer, came)

    async def _located(self, call: Call, came: Came, latitude: float, longitude: float, question: Draft | None) -> None:
        """A place becomes a time zone, or a choice of a few; the place itself goes no further than this."""
        try:
            found = nearby.zones(latitude, longitude, call.now)[:_ZONES]
        except ValueError:
            return
        answering = question is not None and self._kind(question) is Kind.ZONE
        if len(found) > 1:
            texts = found if answering else [f"/tz {zone}" for zone in found]
            await self._pickers.choose(came.user.id, "Which of these clocks is yours?", texts)
            return
        answer = None
        if question is not None and answering:
            answer = await self._dialogue.heard(call, question, found[0], anywhere=True)
        if answer is None:
            answer = await self._parts.desk.spelled(call, f"/tz {found[0]}")
        await self._answers.give(call, answer, came)

    def _kind(self, question: Draft) -> Kind | None:
        if question.asked == "your_zone":  # asked by the desk itself before it reads a clock
            return Kind.ZONE
        target = self._parts.desk.index.remembered(question.target)
        return next((one.kind for one in target.parameters if one.name == question.asked), None)

    # Groups

    async def _in_group(self, message: Message, said: Said, came: Came) -> None:
        own = own_word(said.word or "") if not said.rest else None
        stopping = said.word == "stop" and not said.rest
        spelled = self._parts.desk.speller.read(said.text)
        ours = own is not None or stopping or spelled.command is not None or spelled.group is not None
        if not (ours or said.addressed):
            return
        call = await self._call(came, said.text)
        if own is not None:
            if own == "cancel" and not said.addressed and await self._dialogue.question(call) is None:
                return  # it was meant for another bot
            await self._own(call, came, own)
            return
        if stopping:
            await self._answers.give(call, await self._stop(call), came)
            return
        uploads = await self._uploads(message, call, came)
        if uploads is None:
            return
        answer = await self._waiting(came, self._leaving(call, said.text, uploads, message))
        await self._answers.give(call, answer, came, nodding=_runs_in_groups(spelled))

    async def _reply_in_group(self, message: Message, said: Said, came: Came) -> None:
        """The answer to a question that was asked in this place, and to nothing else that we said here."""
        replied = message.reply_to_message
        if replied is None or not said.text or replied.from_user is None or not replied.from_user.is_bot:
            return
        call = await self._parts.callers.call(came)
        question = await self._dialogue.question(call, here=True)
        if question is None or question.prompt != f"{came.address}/{replied.message_id}":
            return
        if (pressed := word_of(said.text, question)) is not None:
            answer: Answer | None = await self._parts.desk.press(call, pressed)
            if answer is not None and answer.draft is None:  # cancelled, which a sign says well enough
                await self._parts.sender.nod(came.chat.id, message.message_id)
                await self._dialogue.strip(question.prompt)
                return
        else:
            answer = await self._dialogue.heard(call, question, said.text, anywhere=False)
        if answer is not None:
            await self._answers.give(call, answer, came)
            if answer.draft is None:
                await self._dialogue.strip(question.prompt)

    async def _anonymous(self, message: Message, said: Said) -> None:
        """An administrator who writes as the group: nobody can be answered, but they can be told why."""
        chat = message.sender_chat
        if said.word is None or chat is None or chat.id != message.chat.id:
            return
        spelled = self._parts.desk.speller.read(said.text)
        if not said.addressed and spelled.command is None and spelled.group is None:
            return
        reply = Reply(lines=(line("You write as the group, so I cannot tell who asks. Send it as yourself."),))
        drawn = draw(reply, self._parts.tools.clock.now(), self._parts.tools.defaults.locale)
        address = address_of(message.chat.id, thread_of(message))
        try:
            await self._parts.sender.answer(address, drawn, reply_to=message.message_id)
        except SendFault as fault:
            log.info("a group could not be told: %s", type(fault).__name__)

    # Both

    async def _call(self, came: Came, text: str) -> Call:
        command = self._parts.desk.speller.read(text).command
        return await self._parts.callers.call(came, moderating=command is not None and command.needs is Right.MODERATE)

    async def _run(self, call: Call, text: str, uploads: Sequence[Upload], message: Message | None) -> Answer:
        """A command line; of the message that it replies to, what the command can use."""
        spelled = self._parts.desk.speller.read(text)
        replied = message.reply_to_message if message is not None else None
        if spelled.command is None or replied is None or replied.forum_topic_created is not None:
            return await self._parts.desk.spelled(call, text, uploads)
        given = await self._from_replied(spelled.command, spelled.given, replied)
        if not given:
            return await self._parts.desk.spelled(call, text, uploads)
        waiting = [p for p in spelled.command.parameters if p.kind is Kind.UPLOAD]
        given |= {p.name: upload for p, upload in zip(waiting, uploads, strict=False)}
        return await self._parts.desk.command(call, spelled.command.name, {**given, **spelled.given}, spelled.line)

    async def _from_replied(self, command: Command, typed: Mapping[str, str], replied: Message) -> dict[str, Given]:
        given: dict[str, Given] = {}
        words = replied.text or replied.caption
        for one in command.parameters:
            if one.name in typed:
                continue
            if one.kind is Kind.QUOTED and words:
                given[one.name] = words[: one.max_length]
            elif one.kind is Kind.PERSON and command.menu is not None and command.menu[0] is Menu.PERSON:
                author = replied.from_user
                if author is not None and not is_nobody(author):
                    given[one.name] = await mention_text(self._parts, author)
        return given

    async def _uploads(self, message: Message, call: Call, came: Came) -> tuple[Upload, ...] | None:
        """The files of a message; None when they could not be had, which the person has been told."""
        if not has_file(message) or self._parts.desk.is_crowding(call):
            return ()
        try:
            return await fetch(message)
        except CannotFetch as fault:
            reply = Reply(lines=(line(str(fault)),), replies=PRIVATE)
            await self._answers.give(call, Answer(reply, private=True), came)
            return None

    async def _waiting(self, came: Came, work: Awaitable[T]) -> T:
        """The outcome of some work; while it takes long, people see that something is being written."""
        task = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({task}, timeout=_TYPING_AFTER)
        if not done:
            with contextlib.suppress(TelegramError):  # a courtesy
                await self._parts.sender.bot.send_chat_action(
                    came.chat.id, ChatAction.TYPING, message_thread_id=came.thread
                )
        return await task

    async def _said(self, message: Message) -> Said:
        text = await self._with_entities(message)
        found = _COMMAND.match(text)
        if found is None:
            return Said(text, None, "", addressed=False, foreign=False)
        word, bot = found[1].casefold(), found[2]
        ours = bot is not None and bot.casefold() == self._parts.username.casefold()
        rest = text[found.end() :].strip()
        bare = f"/{found[1]}{text[found.end() :]}"
        return Said(bare, word, rest, addressed=ours, foreign=bot is not None and not ours)

    async def _with_entities(self, message: Message) -> str:
        """The text with what the app knows better than any reader: dates as instants, people as people."""
        text = message.text or message.caption or ""
        found = message.entities or message.caption_entities
        if not found:
            return text
        raw = text.encode("utf-16-le", "surrogatepass")
        for entity in sorted(found, key=lambda one: one.offset, reverse=True):
            if entity.type == MessageEntity.DATE_TIME and entity.unix_time is not None:
                words = f"<t:{int(entity.unix_time.timestamp())}:f>"
            elif entity.type == MessageEntity.TEXT_MENTION and entity.user is not None:
                words = await mention_text(self._parts, entity.user)
            else:
                continue
            start, end = entity.offset * 2, (entity.offset + entity.length) * 2
            raw = raw[:start] + words.encode("utf-16-le", "surrogatepass") + raw[end:]
        return raw.decode("utf-16-le", "replace")


def concerns_us(message: Message) -> bool:
    """Whether a message can mean anything to us: at a glance, before anything is kept or looked up because of it."""
    if message.chat.type == ChatType.PRIVATE:
        return True
    if (message.text or message.caption or "").startswith("/"):
        return True
    replied = message.reply_to_message
    if replied is not None and replied.from_user is not None and replied.from_user.is_bot:
        return True
    return any(
        (
            message.migrate_to_chat_id,
            message.migrate_from_chat_id,
            message.left_chat_member,
            message.forum_topic_created,
            message.forum_topic_edited,
            message.forum_topic_reopened,
            message.new_chat_title,
        )
    )


def _runs_in_groups(spelled: Spelled) -> bool:
    """Whether a command belongs in a group: what it says is public, it is about the group, or it is for moderators."""
    command = spelled.command
    if command is None:
        return False
    return command.replies is PUBLIC or command.needs is Right.MODERATE or command.where is Where.COMMUNITY
