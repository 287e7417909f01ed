"""Who does something, and where: an update becomes a `Call`. Platform ids end here."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass

from telegram import Bot, Chat, Message, User
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.desk.guests import Guests, Visitor
from bot.on_telegram.places import is_admin
from bot.on_telegram.sender import address_of
from cogs.kit.call import Call
from cogs.kit.tools import Tools

log = logging.getLogger(__name__)

TELEGRAM = "telegram"
#: How long somebody counts as an administrator without asking again, in seconds.
_ADMIN_FOR = 60.0
#: Chats and topics remembered; the oldest are forgotten first.
_REMEMBERED = 4096
#: Telegram's own accounts: posts of a linked channel in its group (777000), anonymous administrators, and people who
#: write as a channel (Bot API, Message.from).
_NOBODY = frozenset({777000, 1087968824, 136817688})


@dataclass(frozen=True, slots=True)
class Came:
    """Where something came from.

    message: the id of the message that was sent, or that the pressed button sits on. media: that message is a file with
    a caption, or a picture. pressed: it was a press. query: its id.
    """

    chat: Chat
    user: User
    thread: int | None = None
    message: int | None = None
    media: bool = False
    query: str | None = None

    @property
    def private(self) -> bool:
        """Whether only this person reads along."""
        return self.chat.type == ChatType.PRIVATE

    @property
    def pressed(self) -> bool:
        """Whether it was a press of a button."""
        return self.query is not None

    @property
    def address(self) -> str:
        """The chat, or the topic in it."""
        return address_of(self.chat.id, self.thread)


def thread_of(message: Message) -> int | None:
    """The topic a message stands in; None outside topics and in the general one, which is addressed without a number.

    A reply in an ordinary group has a thread number too, which is no topic.
    """
    if message.is_topic_message and message.message_thread_id not in (None, 1):
        return message.message_thread_id
    return None


def is_nobody(user: User | None) -> bool:
    """Whether no person can be told behind an account."""
    return user is None or user.id in _NOBODY or user.is_bot


class Callers:
    """Makes calls, and remembers for a minute who administers what."""

    def __init__(self, tools: Tools, guests: Guests, bot: Bot) -> None:
        self._tools = tools
        self._guests = guests
        self._bot = bot
        self._admins: OrderedDict[int, tuple[frozenset[int], float]] = OrderedDict()
        self._asking: dict[int, asyncio.Future[frozenset[int] | None]] = {}
        self._topics: OrderedDict[str, str] = OrderedDict()

    async def call(self, came: Came, *, moderating: bool = False) -> Call:
        """The call of whoever did something.

        moderating: it needs a moderator, so that in a private chat it is worth asking whether they administer the
        group that they are known from.
        """
        if came.private:
            call = await self._guests.call(self._in_private(came, moderator=False))
            if moderating and call.community_id is not None and await self._administers(call, came.user.id):
                call = await self._guests.call(self._in_private(came, moderator=True))
            return call
        return await self._guests.call(await self._in_shared(came))

    def _in_private(self, came: Came, *, moderator: bool) -> Visitor:
        return Visitor(
            surface=TELEGRAM,
            account=str(came.user.id),
            name=name_of(came.user),
            address=came.address,
            dm=str(came.chat.id),
            moderator=moderator,
            handle=came.user.username,
            locale=_locale(came.user),
        )

    async def _in_shared(self, came: Came) -> Visitor:
        title = came.chat.title or "Group"
        if came.thread is not None:
            channel = (came.address, await self._topic(came.address) or f"{title}, topic {came.thread}", "topic")
        else:
            shape = "channel" if came.chat.type == ChatType.CHANNEL else "group"
            channel = (came.address, title, shape)
        return Visitor(
            surface=TELEGRAM,
            account=str(came.user.id),
            name=name_of(came.user),
            address=came.address,
            community=(str(came.chat.id), title),
            channel=channel,
            moderator=await self.is_admin(came.chat.id, came.user.id),
            handle=came.user.username,
            locale=_locale(came.user),
        )

    async def _administers(self, call: Call, user_id: int) -> bool:
        """Whether the caller administers the Telegram chat behind their community."""
        async with self._tools.open_work(reading=True) as work:
            community = await work.communities.get(call.community_id) if call.community_id is not None else None
        if community is None or community.surface != TELEGRAM or not community.account.lstrip("-").isdigit():
            return False
        return await self.is_admin(int(community.account), user_id)

    async def is_admin(self, chat_id: int, user_id: int) -> bool:
        """Whether somebody administers a chat now, or did within the last minute.

        While nobody can say, what was known last; False when nothing was.
        """
        known = self._admins.get(chat_id)
        if known is not None and time.monotonic() - known[1] < _ADMIN_FOR:
            return user_id in known[0]
        asking = self._asking.get(chat_id)
        if asking is None:
            asking = self._asking[chat_id] = asyncio.ensure_future(self._admins_of(chat_id))
            asking.add_done_callback(lambda _: self._asking.pop(chat_id, None))
        found = await asyncio.shield(asking)
        if found is not None:
            return user_id in found
        if (one := await self._is_one(chat_id, user_id)) is not None:
            return one
        return known is not None and user_id in known[0]

    async def _admins_of(self, chat_id: int) -> frozenset[int] | None:
        """Who administers a chat, in one question for all who write there; None when nobody can say."""
        try:
            found = frozenset(one.user.id for one in await self._bot.get_chat_administrators(chat_id))
        except TelegramError as error:
            log.info("could not ask who administers a chat: %s", type(error).__name__)
            return None
        self._admins[chat_id] = (found, time.monotonic())
        self._admins.move_to_end(chat_id)
        while len(self._admins) > _REMEMBERED:
            self._admins.popitem(last=False)
        return found

    async def _is_one(self, chat_id: int, user_id: int) -> bool | None:
        """The same of one person; bots without rights are sure of an answer only to the question about all."""
        try:
            return is_admin(await self._bot.get_chat_member(chat_id, user_id))
        except TelegramError:
            return None

    def forget_admins(self, chat_id: int) -> None:
        """Ask again who administers a chat."""
        self._admins.pop(chat_id, None)

    async def _topic(self, address: str) -> str | None:
        """What a topic is called: Telegram says so when it is made or renamed, and with few of its messages."""
        if address not in self._topics:
            async with self._tools.open_work(reading=True) as work:
                kept = await work.communities.channel(TELEGRAM, address)
            if kept is None:
                return None
            self._keep_topic(address, kept.name)
        return self._topics[address]

    def call_topic(self, chat_id: int, thread: int, name: str) -> None:
        """A topic's name, as the platform showed it."""
        self._keep_topic(address_of(chat_id, thread), name)

    def _keep_topic(self, address: str, name: str) -> None:
        self._topics[address] = name
        while len(self._topics) > _REMEMBERED:
            self._topics.popitem(last=False)


def name_of(user: User) -> str:
    """How somebody is called in Telegram. A deleted account has no name at all."""
    return " ".join(user.full_name.split()) or user.username or "Somebody"


def _locale(user: User) -> str | None:
    """The language of their app. "en" alone says nothing of the order of dates, so it counts as not said."""
    code = user.language_code
    return code if code and code != "en" else None
