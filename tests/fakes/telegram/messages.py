"""Methods of the Bot API that write, change and take away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.fakes.telegram.limits import Limits
from tests.fakes.telegram.markup import Shown
from tests.fakes.telegram.wire import Refusal
from tests.fakes.telegram.world import BOT, Alerted, Post, Room

_UNMODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


@dataclass
class Messages(Limits):
    """ephemeral: whether messages for one reader are known."""

    ephemeral: bool = False

    async def do_send_message(self, given: dict[str, Any]) -> dict[str, Any]:
        if "ephemeral_message_parameters" in given and self.ephemeral:
            shown, room = self._shown(given, "text", 4096), self._room(given)
            reader = given["ephemeral_message_parameters"]["receiver_user_id"]
            self.world.for_one.append((reader, shown.text, self._keys(given, room)))
            entry = {"message_id": 0, "date": self.world.unix, "chat": room.entry(), "text": shown.text}
            return entry | {"ephemeral_message_id": len(self.world.for_one)}
        room = self._writable(given)
        shown = self._shown(given, "text", 4096)
        return self._posted(room, given, shown, "text")

    async def do_send_document(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._media(given, "document")

    async def do_send_photo(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._media(given, "photo")

    def _media(self, given: dict[str, Any], kind: str) -> dict[str, Any]:
        room = self._writable(given)
        shown = self._shown(given, "caption", 1024) if given.get("caption") else None
        return self._posted(room, given, shown, kind)

    def _posted(self, room: Room, given: dict[str, Any], shown: Shown | None, kind: str) -> dict[str, Any]:
        self._pace(room)
        world = self.world
        reply = given.get("reply_parameters") or {}
        if reply and (room.id, reply["message_id"]) not in world.posts and not reply.get("allow_sending_without_reply"):
            raise Refusal(400, "Bad Request: message to be replied not found")
        post = Post(
            room.id, world.count("message"), BOT, shown.text if shown else "", shown, self._keys(given, room),
            given.get("message_thread_id"), reply.get("message_id"), kind, given.get("_file"),
            bool(given.get("disable_notification")), self._asks(given, reply, shown), world.count("at"), by_bot=True,
        )  # fmt: skip
        world.posts[room.id, post.id] = post
        world.log.append(post)
        entry = {"message_id": post.id, "date": world.unix, "chat": room.entry(), "from": BOT}
        if kind == "text":
            entry["text"] = post.text
        return entry

    def _asks(self, given: dict[str, Any], reply: dict[str, Any], shown: Shown | None) -> str | None:
        """What a ForceReply shows; it must be meant for somebody."""
        markup = given.get("reply_markup") or {}
        if not markup.get("force_reply"):
            return None
        named = any("tg://user" in more.get("href", "") for _, _, more in (shown.entities if shown else ()))
        assert markup.get("selective")
        assert reply or named, "nobody is asked"
        return str(markup.get("input_field_placeholder", ""))

    async def do_edit_message_text(self, given: dict[str, Any]) -> Any:
        return self._edited(given, "text", 4096)

    async def do_edit_message_caption(self, given: dict[str, Any]) -> Any:
        return self._edited(given, "caption", 1024)

    async def do_edit_message_reply_markup(self, given: dict[str, Any]) -> Any:
        post, room = self._editable(given)
        keys = self._keys(given, room)
        if keys == post.keys:
            raise Refusal(400, _UNMODIFIED)
        post.keys = keys
        return self._entry(post, room)

    def _edited(self, given: dict[str, Any], name: str, most: int) -> dict[str, Any]:
        post, room = self._editable(given)
        if (post.kind == "text") != (name == "text"):
            raise Refusal(400, f"Bad Request: there is no {name} in the message to edit")
        shown, keys = self._shown(given, name, most), self._keys(given, room)
        if (shown, keys) == (post.shown, post.keys):
            raise Refusal(400, _UNMODIFIED)
        self._pace(room)
        post.before, post.shown, post.keys, post.edited = post.words, shown, keys, True
        post.at = self.world.count("at")
        self.world.log.append(
            Post(
                post.chat,
                post.id,
                BOT,
                shown.text,
                shown,
                keys,
                post.thread,
                kind=post.kind,
                at=post.at,
                by_bot=True,
                edited=True,
                before=post.before,
            )
        )
        return self._entry(post, room)

    def _editable(self, given: dict[str, Any]) -> tuple[Post, Room]:
        room = self._writable(given)
        post = self.world.posts.get((room.id, given["message_id"]))
        if post is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        if not post.by_bot:
            raise Refusal(400, "Bad Request: message can't be edited")
        return post, room

    def _entry(self, post: Post, room: Room) -> dict[str, Any]:
        entry = {"message_id": post.id, "date": self.world.unix, "chat": room.entry(), "from": BOT}
        return entry | {"text": post.words}

    async def do_delete_message(self, given: dict[str, Any]) -> bool:
        room = self._room(given)
        if self.world.posts.pop((room.id, given["message_id"]), None) is None:
            raise Refusal(400, "Bad Request: message to delete not found")
        return True

    async def do_answer_callback_query(self, given: dict[str, Any]) -> bool:
        known = self.world.queries.get(given["callback_query_id"])
        if known is None or known[2]:
            raise Refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if len(given.get("text", "")) > 200:
            raise Refusal(400, "Bad Request: MESSAGE_TOO_LONG")
        user, chat, _ = known
        self.world.queries[given["callback_query_id"]] = (user, chat, True)
        self.world.log.append(Alerted(user, chat, given.get("text"), self.world.count("at")))
        return True

    async def do_send_chat_action(self, given: dict[str, Any]) -> bool:
        self._writable(given)
        return True

    async def do_set_message_reaction(self, given: dict[str, Any]) -> bool:
        room = self._writable(given)
        if (room.id, given["message_id"]) not in self.world.posts:
            raise Refusal(400, "Bad Request: message to react not found")
        return True

    async def do_get_file(self, given: dict[str, Any]) -> dict[str, Any]:
        content = self.world.files.get(given["file_id"])
        if content is None:
            raise Refusal(400, "Bad Request: invalid file_id")
        if len(content) > 20 * 1024 * 1024:
            raise Refusal(400, "Bad Request: file is too big")
        name = given["file_id"]
        return {"file_id": name, "file_unique_id": name, "file_size": len(content), "file_path": name}
