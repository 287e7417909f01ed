"""Methods of the Bot API about chats, their members and the bot itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.fakes.telegram.limits import Limits
from tests.fakes.telegram.wire import Refusal
from tests.fakes.telegram.world import ADMIN_RIGHTS, BOT, Account, Room


@dataclass
class Chats(Limits):
    """Who is in which chat, and what the bot says of itself."""

    async def do_get_me(self, given: dict[str, Any]) -> dict[str, Any]:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}

    async def do_set_my_commands(self, given: dict[str, Any]) -> bool:
        if len(given["commands"]) > 100:
            raise Refusal(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
        for one in given["commands"]:
            if not (1 <= len(one["command"]) <= 32 and one["command"].replace("_", "").isalnum()):
                raise Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
            if one["command"] != one["command"].lower() or not 1 <= len(one["description"]) <= 256:
                raise Refusal(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        scope = given.get("scope", {"type": "default"})["type"]
        self.world.commands[scope, given.get("language_code", "")] = given["commands"]
        return True

    async def do_get_chat_member(self, given: dict[str, Any]) -> dict[str, Any]:
        room = self._room(given)
        if given["user_id"] == BOT["id"]:
            return {"user": BOT, **self._own_standing(room)}
        user = self.world.accounts.get(given["user_id"])
        if user is None:
            raise Refusal(400, "Bad Request: PARTICIPANT_ID_INVALID")
        if room.type != "private" and room.bot_status != "administrator":
            # Bot API: "only guaranteed to work for other users if the bot is an administrator in the chat".
            raise Refusal(400, "Bad Request: CHAT_ADMIN_REQUIRED")
        return _member(room, user)

    def _own_standing(self, room: Room) -> dict[str, Any]:
        if not room.bot_in:
            return {"status": "left"}
        if room.bot_status == "administrator":
            may = {"can_post_messages": room.bot_writes} if room.type == "channel" else {}
            return {"status": "administrator", **dict.fromkeys(ADMIN_RIGHTS, False), **may}
        return {"status": "member"}

    async def do_get_chat(self, given: dict[str, Any]) -> dict[str, Any]:
        room = self._room(given)
        entry = room.entry() | {
            "accent_color_id": 1, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(_GIFTS, False),
        }  # fmt: skip
        if room.type not in ("private", "channel"):
            entry["permissions"] = dict.fromkeys(_PERMISSIONS, room.bot_writes)
        return entry

    async def do_get_chat_administrators(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        room = self._room(given)
        if room.type == "private":
            raise Refusal(400, "Bad Request: there are no administrators in the private chat")
        found = [self.world.accounts[one] for one, status in room.members.items() if status in _ADMINS]
        return [_member(room, one) for one in found]


_ADMINS = ("administrator", "creator")
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
_PERMISSIONS = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
    "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
    "can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics",
)  # fmt: skip


def _member(room: Room, user: Account) -> dict[str, Any]:
    status = room.members.get(user.id, "left")
    made: dict[str, Any] = {"user": user.entry(), "status": status}
    if status in _ADMINS:
        made |= {"is_anonymous": False}
    if status == "administrator":
        made |= dict.fromkeys(ADMIN_RIGHTS, False)
    return made
