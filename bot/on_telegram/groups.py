"""Groups, topics and channels: being added, promoted and removed, moving house, and what topics are called.

Also whether a private chat is open: Telegram tells when somebody blocks the bot, and when they come back.
"""

from __future__ import annotations

import logging

from telegram import Chat, ChatMember, ChatMemberRestricted, ChatMemberUpdated, Message
from telegram.constants import ChatMemberStatus, ChatType

from bot.desk.surface import SendFault
from bot.on_telegram.callers import TELEGRAM, Came, is_nobody, thread_of
from bot.on_telegram.parts import Parts
from bot.on_telegram.render import draw
from bot.on_telegram.sender import address_of
from cogs.kit.action import action
from cogs.kit.reply import MAIN, Button, Reply
from cogs.kit.words import Code, line

log = logging.getLogger(__name__)

_OUT = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.BANNED})
#: The command that says where gig cards hang, by its name in action ids.
_SETUP = "setup channels"


class Groups:
    """Keeps what is known of chats as the platform has it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def changed(self, update: ChatMemberUpdated) -> None:
        """The bot's own standing in a chat changed."""
        was_in, is_in = _is_in(update.old_chat_member), _is_in(update.new_chat_member)
        if update.chat.type == ChatType.PRIVATE:
            await self._private(update.chat, is_in=is_in)
            return
        self._parts.callers.forget_admins(update.chat.id)
        if not is_in:
            await self._removed(update.chat)
            return
        await self._greeted(update.chat)
        await self._rights(update.chat, update.new_chat_member)
        if not was_in:
            if not is_nobody(update.from_user) and update.chat.type != ChatType.CHANNEL:
                await self._parts.callers.call(Came(update.chat, update.from_user))
            await self._welcome(update.chat)

    async def service(self, message: Message) -> bool:
        """What a service message tells; whether it was one."""
        if message.migrate_to_chat_id is not None:
            await self.moved(str(message.chat.id), str(message.migrate_to_chat_id))
            return True
        if message.migrate_from_chat_id is not None:
            await self.moved(str(message.migrate_from_chat_id), str(message.chat.id))
            return True
        await self._topic(message)
        if message.new_chat_title is not None:
            await self._renamed(str(message.chat.id), message.new_chat_title)
        if message.left_chat_member is not None:
            await self._left(message)
        return any(
            (
                message.forum_topic_created,
                message.forum_topic_edited,
                message.forum_topic_reopened,
                message.new_chat_title,
                message.left_chat_member,
            )
        )

    async def _topic(self, message: Message) -> None:
        """What a topic is called, and that it takes posts again."""
        thread = thread_of(message)
        if thread is None:
            return
        replied = message.reply_to_message
        created = message.forum_topic_created or (replied.forum_topic_created if replied is not None else None)
        named = created.name if created else message.forum_topic_edited.name if message.forum_topic_edited else None
        if named:
            self._parts.callers.call_topic(message.chat.id, thread, named)
        address = address_of(message.chat.id, thread)
        if message.forum_topic_edited is not None and named:
            await self._renamed(address, named)
        if message.forum_topic_reopened is not None:
            async with self._parts.tools.open_work() as work:
                channel = await work.communities.channel(TELEGRAM, address)
                if channel is not None and channel.trouble is not None:
                    await work.notices.set_channel_trouble(channel.id, None)
                    await work.commit()

    async def _renamed(self, address: str, name: str) -> None:
        """A chat or a topic has another name; with a chat its community has it too."""
        async with self._parts.tools.open_work() as work:
            channel = await work.communities.channel(TELEGRAM, address)
            if channel is not None:
                await work.communities.change_channel(channel.id, name=name)
            community = await work.communities.at(TELEGRAM, address)
            if community is not None:
                await work.communities.change(community.id, name=name)
            await work.commit()

    async def moved(self, old: str, new: str) -> None:
        """A group became a supergroup: rewrite its address wherever it is kept. Doing it twice changes nothing."""
        async with self._parts.tools.open_work() as work:
            await work.communities.move_channel(TELEGRAM, old, new)
            await work.commit()

    async def _private(self, chat: Chat, *, is_in: bool) -> None:
        async with self._parts.tools.open_work() as work:
            if is_in:
                await work.people.mark_reachable(TELEGRAM, str(chat.id))
            else:
                await work.people.mark_unreachable(TELEGRAM, str(chat.id), "they blocked the bot")
            await work.commit()

    async def _removed(self, chat: Chat) -> None:
        async with self._parts.tools.open_work() as work:
            community = await work.communities.at(TELEGRAM, str(chat.id))
            if community is not None:
                await work.communities.deactivate(community.id)
                await work.commit()

    async def _greeted(self, chat: Chat) -> None:
        """Keep the chat as a community; it is where gig cards hang until somebody says otherwise.

        Not so with topics: there a card hangs in the topic in which the gig was posted, until a board was chosen.
        """
        title = chat.title or "Group"
        shape = "channel" if chat.type == ChatType.CHANNEL else "group"
        async with self._parts.tools.open_work() as work:
            community = await work.communities.greet(TELEGRAM, str(chat.id), title, self._parts.tools.clock.now())
            first = not await work.communities.channels_of(community.id)
            channel = await work.communities.greet_channel(community.id, TELEGRAM, str(chat.id), title, shape)
            if first and not chat.is_forum:
                await work.communities.change_channel(channel.id, board=True)
            await work.commit()

    async def _rights(self, chat: Chat, member: ChatMember) -> None:
        """Whether the bot may write there, as Telegram says now."""
        silenced = isinstance(member, ChatMemberRestricted) and not member.can_send_messages
        if chat.type == ChatType.CHANNEL:
            silenced = not getattr(member, "can_post_messages", False)
        async with self._parts.tools.open_work() as work:
            channel = await work.communities.channel(TELEGRAM, str(chat.id))
            trouble = "the bot may not write there" if silenced else None
            if channel is not None and channel.trouble != trouble:
                await work.notices.set_channel_trouble(channel.id, trouble)
                await work.commit()

    async def _welcome(self, chat: Chat) -> None:
        """One line with the way to set things up. A channel's readers are spared it: its posts are for them."""
        if chat.type == ChatType.CHANNEL:
            return
        buttons: tuple[Button, ...] = ()
        if _SETUP in self._parts.desk.index.commands:
            buttons = (Button("Choose where gigs are posted", action("desk.run", _SETUP.replace(" ", ".")), MAIN),)
        reply = Reply(
            lines=(
                line("Hello. Post work with ", Code("/gig"), "; cards hang here. Everything private stays private."),
            ),
            buttons=buttons,
            silent=True,
        )
        drawn = draw(reply, self._parts.tools.clock.now(), self._parts.tools.defaults.locale)
        try:
            await self._parts.sender.answer(address_of(chat.id), drawn)
        except SendFault as fault:
            log.info("a group could not be greeted: %s", type(fault).__name__)

    async def _left(self, message: Message) -> None:
        """Somebody left the group: what belongs to its members is no longer theirs."""
        gone = message.left_chat_member
        assert gone is not None
        async with self._parts.tools.open_work() as work:
            identity = await work.people.identity(TELEGRAM, str(gone.id))
            community = await work.communities.at(TELEGRAM, str(message.chat.id))
            if identity is not None and community is not None:
                await work.communities.leave(identity.person_id, community.id, self._parts.tools.clock.now())
                await work.commit()


def _is_in(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in _OUT
