"""What Telegram says at this moment: what the bot lacks in a chat, and how somebody stands in it."""

from __future__ import annotations

from telegram import Bot, ChatMember, ChatMemberAdministrator, ChatMemberOwner, ChatMemberRestricted
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.on_telegram.sender import taken_apart
from cogs.kit.places import Missing, Standing
from storage.records.people import Channel

_OUT = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.BANNED})


async def missing_rights(bot: Bot, bot_id: int, channel: Channel) -> tuple[Missing, ...] | None:
    """What the bot lacks in a chat to hang and change cards; None when Telegram does not say.

    Whether a topic is closed nobody is told before something is sent there; that stands in the channel's own record.
    """
    chat_id, _ = taken_apart(channel.address)
    try:
        me = await bot.get_chat_member(chat_id, bot_id)
        chat = await bot.get_chat(chat_id)
    except (Forbidden, BadRequest):
        return (_IN,)
    except TelegramError:
        return None
    if not is_member(me):
        return (_IN,)
    if chat.type == ChatType.CHANNEL:
        posts = isinstance(me, ChatMemberOwner) or (isinstance(me, ChatMemberAdministrator) and me.can_post_messages)
        return () if posts else (_POST,)
    if is_admin(me):
        return ()
    allowed = me if isinstance(me, ChatMemberRestricted) else chat.permissions
    if allowed is None:
        return ()
    lacking = [] if allowed.can_send_messages else [_SEND]
    if not (allowed.can_send_photos and allowed.can_send_documents):
        lacking.append(_FILES)
    return tuple(lacking)


_IN = Missing("membership", "I am not in that chat. Add me to it: open my profile, Add to Group or Channel.")
_POST = Missing("Post Messages", "Open the channel, Administrators, add me, and switch on Post Messages.")
_SEND = Missing(
    "Send Messages", "Open the group, Permissions, and allow Send Messages; or make me an administrator without rights."
)
_FILES = Missing("Photos and Files", "Open the group, Permissions, and allow Photos and Files, for charts and PDFs.")


def is_member(member: ChatMember) -> bool:
    """Whether somebody is in the chat, as Telegram says of them."""
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in _OUT


def is_admin(member: ChatMember) -> bool:
    """Whether somebody administers the chat."""
    return member.status in (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


async def standing(bot: Bot, chat_id: int, user_id: int) -> Standing | None:
    """How somebody stands in a chat; None when Telegram does not say.

    A bot without rights is not sure to be told of one member, but always of all administrators; then whoever is none of
    them counts as a member.
    """
    try:
        member = await bot.get_chat_member(chat_id, user_id)
    except BadRequest as error:
        # Telegram's words for somebody who never was there.
        if any(word in error.message.casefold() for word in ("participant_id_invalid", "user not found")):
            return Standing(member=False)
    except TelegramError:
        return None
    else:
        return Standing(member=is_member(member), moderator=is_admin(member))
    try:
        admins = await bot.get_chat_administrators(chat_id)
    except TelegramError:
        return None
    return Standing(member=True, moderator=any(one.user.id == user_id for one in admins))
