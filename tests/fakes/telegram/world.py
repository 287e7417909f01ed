"""The people, chats and messages of a small Telegram, and what its people do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram.markup import Shown

BOT = {"id": 4242, "is_bot": True, "first_name": "First Call", "username": "FirstCallBot"}


@dataclass(slots=True)
class Account:
    """Somebody. started: whether they ever pressed Start, and did not block the bot since."""

    id: int
    name: str
    username: str | None = None
    language: str | None = "en"
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    def entry(self) -> dict[str, Any]:
        made: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": self.name}
        if self.username:
            made["username"] = self.username
        if self.language:
            made["language_code"] = self.language
        return made


@dataclass(slots=True)
class Room:
    """A chat. members: status by user id. topics: name by thread; closed: those that take nothing."""

    id: int
    type: str
    title: str = ""
    members: dict[int, str] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    bot_in: bool = True
    bot_writes: bool = True
    bot_status: str = "member"
    moved_to: int | None = None

    def entry(self) -> dict[str, Any]:
        made: dict[str, Any] = {"id": self.id, "type": self.type}
        if self.type != "private":
            made["title"] = self.title
        if self.topics:
            made["is_forum"] = True
        return made


@dataclass(slots=True)
class Post:
    """A message. by_bot: ours. at: counts everything that was written or changed, in order."""

    chat: int
    id: int
    author: dict[str, Any]
    text: str
    shown: Shown | None = None
    keys: list[list[dict[str, Any]]] = field(default_factory=list)
    thread: int | None = None
    reply_to: int | None = None
    kind: str = "text"
    file: tuple[str, bytes] | None = None
    silent: bool = False
    #: What the input field shows of whoever is to reply; None: nobody is asked to.
    asks: str | None = None
    at: int = 0
    by_bot: bool = False
    edited: bool = False
    before: str = ""

    @property
    def words(self) -> str:
        return self.shown.text if self.shown is not None else self.text

    def buttons(self) -> list[dict[str, Any]]:
        return [one for row in self.keys for one in row]

    def button(self, label: str) -> dict[str, Any]:
        return next(one for one in self.buttons() if one["text"] == label)


@dataclass(frozen=True, slots=True)
class Alerted:
    """A press was acknowledged, with words or without."""

    user: int
    chat: int
    text: str | None
    at: int


class World:
    """Everything there is, and a queue of updates for the bot."""

    def __init__(self) -> None:
        self.accounts: dict[int, Account] = {}
        self.rooms: dict[int, Room] = {}
        self.posts: dict[tuple[int, int], Post] = {}
        self.log: list[Post | Alerted] = []
        self.queries: dict[str, tuple[int, int, bool]] = {}
        self.updates: list[dict[str, Any]] = []
        self.changed = asyncio.Condition()
        #: Messages in groups that one reader saw: who, what, with which keys.
        self.for_one: list[tuple[int, str, list[list[dict[str, Any]]]]] = []
        self.files: dict[str, bytes] = {}
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.unix = 1795428000
        self._next = {"user": 1000, "group": 500, "message": 10, "update": 1, "at": 1, "query": 1}

    def count(self, what: str) -> int:
        self._next[what] += 1
        return self._next[what]

    # Who there is

    def person(self, name: str, *, started: bool = False, username: str | None = None) -> Account:
        account = Account(self.count("user"), name, username or name.lower(), started=started)
        self.accounts[account.id] = account
        self.rooms[account.id] = Room(account.id, "private")
        return account

    def group(self, title: str, *admins: Account, kind: str = "supergroup") -> Room:
        number = self.count("group")
        room = Room(int(f"-100{number}") if kind != "group" else -number, kind, title, bot_in=False)
        room.members = {one.id: "administrator" for one in admins}
        self.rooms[room.id] = room
        return room

    # What people do; each puts an update in the queue

    async def push(self, kind: str, entry: dict[str, Any]) -> dict[str, Any]:
        update = {"update_id": self.count("update"), kind: entry}
        await self.push_again(update)
        return update

    async def push_again(self, update: dict[str, Any]) -> None:
        async with self.changed:
            self.updates.append(update)
            self.changed.notify_all()

    def message(
        self, who: Account | None, room: Room, text: str = "", thread: int | None = None, **extra: Any
    ) -> dict[str, Any]:
        author = who.entry() if who is not None else None
        post = Post(room.id, self.count("message"), author or {}, text, thread=thread, at=self.count("at"))
        self.posts[room.id, post.id] = post
        entry: dict[str, Any] = {"message_id": post.id, "date": self.unix, "chat": room.entry()}
        if author:
            entry["from"] = author
        if text:
            entry["text"] = text
        if text.startswith("/"):
            entry["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        if thread is not None:
            entry |= {"message_thread_id": thread, "is_topic_message": True}
        return entry | extra

    async def say(
        self, who: Account, text: str, room: Room | None = None, *, thread: int | None = None,
        reply_to: Post | None = None, **extra: Any,
    ) -> dict[str, Any]:  # fmt: skip
        room = room or self.rooms[who.id]
        if room.type == "private":
            who.started = True
        else:
            room.members.setdefault(who.id, "member")
        if reply_to is not None:
            replied = {"message_id": reply_to.id, "date": self.unix, "chat": room.entry(), "from": reply_to.author}
            replied["text"] = reply_to.words
            extra["reply_to_message"] = replied
        return await self.push("message", self.message(who, room, text, thread, **extra))

    async def press(self, who: Account, post: Post, label: str) -> str:
        button = post.button(label)
        assert "callback_data" in button, f"{label} opens an address: {button}"
        return await self.press_data(who, post, button["callback_data"])

    async def press_data(self, who: Account, post: Post, data: str) -> str:
        room = self.rooms[post.chat]
        query = f"q{self.count('query')}"
        self.queries[query] = (who.id, room.id, False)
        message: dict[str, Any] = {
            "message_id": post.id, "date": self.unix, "chat": room.entry(), "from": BOT,
        }  # fmt: skip
        message["text" if post.kind == "text" else "caption"] = post.words
        if post.kind == "document":
            message["document"] = {"file_id": "f", "file_unique_id": "f", "file_name": "x"}
        if post.thread is not None:
            message |= {"message_thread_id": post.thread, "is_topic_message": True}
        entry = {"id": query, "from": who.entry(), "chat_instance": "1", "data": data, "message": message}
        await self.push("callback_query", entry)
        return query

    async def standing(self, room: Room, by: Account, before: str, after: str, **rights: Any) -> None:
        """The bot's own membership changes."""
        room.bot_in, room.bot_status = after not in ("left", "kicked"), after
        old: dict[str, Any] = {"user": BOT, "status": before}
        new: dict[str, Any] = {"user": BOT, "status": after, **rights}
        for one in (old, new):
            if one["status"] == "administrator":
                one |= {name: False for name in ADMIN_RIGHTS if name not in one}
            if one["status"] == "kicked":
                one.setdefault("until_date", 0)
        entry = {"chat": room.entry(), "from": by.entry(), "date": self.unix}
        await self.push("my_chat_member", entry | {"old_chat_member": old, "new_chat_member": new})

    async def add_bot(self, room: Room, by: Account) -> None:
        await self.standing(room, by, "left", "member")

    async def block(self, who: Account) -> None:
        who.blocked = True
        await self.standing(self.rooms[who.id], who, "member", "kicked")

    async def migrate(self, room: Room, by: Account) -> Room:
        """The group becomes a supergroup, with another id."""
        moved = self.group(room.title)
        moved.members, moved.bot_in = dict(room.members), True
        room.moved_to = moved.id
        await self.push("message", self.message(by, room, migrate_to_chat_id=moved.id))
        await self.push("message", self.message(by, moved, migrate_from_chat_id=room.id))
        return moved

    # What is to be seen

    def posted(self, where: Room | Account) -> list[Post]:
        """What the bot has written there, oldest first."""
        return sorted((p for p in self.posts.values() if p.chat == where.id and p.by_bot), key=lambda post: post.id)

    def last(self, where: Room | Account) -> Post:
        found = self.posted(where)
        assert found, f"nothing was written to {where}"
        return found[-1]

    def alerts(self, who: Account) -> list[str]:
        return [one.text for one in self.log if isinstance(one, Alerted) and one.user == who.id and one.text]

    def find(self, where: Room | Account, fits: Callable[[Post], bool]) -> Post:
        return next(post for post in reversed(self.posted(where)) if fits(post))


ADMIN_RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories",
)  # fmt: skip
