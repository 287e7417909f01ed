"""The console's script language, played through python-telegram-bot: people are accounts in one group.

The script's channels are topics of the group, or the first of them is the group itself.

A line is typed where the speaker stands; `!press` presses a key of the newest message that the speaker can see, or
follows its link. What a speaker hears is what the fake shows them: private messages, messages of their groups, alerts.
A private chat is open before the first word: people pressed Start one day, and the program is newer than that.
"""

from __future__ import annotations

import mimetypes
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.desk.guests import Visitor
from bot.on_console.meta import later
from bot.on_telegram.sender import address_of
from tests.fakes.telegram.rig import Rig
from tests.fakes.telegram.world import Account, Alerted, Post, Room


class NotAsTold(AssertionError):
    """A story went another way."""


class Player:
    """Plays lines. The first person spoken as administers every group."""

    def __init__(self, rig: Rig, *, topics: bool) -> None:
        """topics: every channel is a topic; else the group itself is the first one."""
        self._rig = rig
        self._world = rig.world
        self._people: dict[str, Account] = {}
        self._group: Room | None = None
        self._use_topics = topics
        self._channels: dict[str, int | None] = {}
        self._places: dict[int, str | None] = {}
        self._since: dict[int, int] = {}
        #: Who spoke from which place in the log on; and up to where people have looked into their inbox.
        self._turns: list[tuple[int, int]] = []
        self._looked: dict[int, int] = {}
        self._inboxes: dict[int, list[Post | Alerted]] = {}
        self._files: list[Path] = []
        self._speaker: Account | None = None

    async def play(self, script: str) -> None:
        """Raises NotAsTold with the line's number and what was said."""
        script = _PLATFORM.sub(lambda found: _SWAPPED[found[0]], script)
        for number, text in enumerate(script.splitlines(), 1):
            text = text.strip()
            if not text or text == "#" or text.startswith("# "):
                continue
            try:
                if text.startswith("!"):
                    word, _, rest = text[1:].partition(" ")
                    if word == "quit":
                        return
                    await getattr(self, _DEEDS.get(word, f"_{word}"))(rest.strip())
                else:
                    await self._say(text)
            except NotAsTold as fault:
                raise NotAsTold(f"line {number}: {text}\n{fault}") from None

    # Who, where, when

    @property
    def speaker(self) -> Account:
        if self._speaker is None:
            self._speaker = self._person("Me")
        return self._speaker

    @property
    def place(self) -> str | None:
        """The channel the speaker stands in; None: their private chat."""
        return self._places.get(self.speaker.id)

    async def _join(self, account: Account) -> Room:
        """Everybody belongs to one community, as in the console; whoever comes first made the group."""
        if self._group is None:
            self._group = self._world.group("The local community", account)
            await self._world.add_bot(self._group, account)
        self._group.members.setdefault(account.id, "member")
        await self._rig.settled()
        title = self._group.title
        await self._rig.house.guests.call(
            Visitor(
                surface="telegram",
                account=str(account.id),
                name=account.name,
                handle=account.username,
                address=str(self._group.id),
                community=(str(self._group.id), title),
                channel=(str(self._group.id), title, "group"),
            )
        )
        return self._group

    def _person(self, name: str) -> Account:
        key = " ".join(name.casefold().split())
        if key not in self._people:
            account = self._world.person(name, started=True, username="".join(c for c in key if c.isalnum()))
            account.language = "en-GB"
            self._people[key] = account
        return self._people[key]

    async def _as(self, name: str) -> None:
        self._speaker = self._person(name)
        await self._join(self._speaker)
        self._looked.setdefault(self._speaker.id, self._now())
        self._turns.append((self._now(), self._speaker.id))

    async def _in(self, place: str) -> None:
        name = place.removeprefix("#")
        if place == "dm":
            self._places[self.speaker.id] = None
            return
        if name not in self._channels:
            await self._open(name)
        self._places[self.speaker.id] = name

    async def _open(self, name: str) -> None:
        """A channel of the script; gig cards hang in the first one and in those called gigs, as in the console."""
        group = await self._join(self.speaker)
        first = not self._channels
        thread = None if first and not self._use_topics else self._world.count("message")
        self._channels[name] = thread
        if thread is not None:
            group.topics[thread] = name
        address = address_of(group.id, thread)
        async with self._rig.house.tools.open_work() as work:
            community = await work.communities.at("telegram", str(group.id))
            assert community is not None
            for one in await work.communities.channels_of(community.id) if first else ():
                await work.communities.change_channel(one.id, board=False)
            shape = "topic" if thread is not None else "group"
            channel = await work.communities.greet_channel(community.id, "telegram", address, name, shape)
            await work.communities.change_channel(channel.id, board=first or name.startswith("gigs"))
            await work.commit()

    async def _clock(self, text: str) -> None:
        """!now: set the clock; without a moment it only tells the time, which nobody in a chat does."""
        if text:
            self._begin()
            moment = datetime.fromisoformat(text)
            await self._go_to(moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))

    async def _go_to(self, moment: datetime) -> None:
        def move(to: datetime) -> None:
            self._rig.clock.move(to=to)

        if moment > self._rig.clock.now():
            await self._rig.house.courier.deliver_due(until=moment, move=move)
        move(moment)
        await self._rig.settled()

    async def _advance(self, length: str) -> None:
        self._begin()
        moment = later(self._rig.clock.now(), length)
        assert moment is not None, length
        await self._go_to(moment)

    async def _restart(self, _: str) -> None:
        await self._rig.restart()
        await self._rig.settled()

    # What is done

    async def _say(self, text: str) -> None:
        self._begin()
        extra = await self._attached(text)
        asking = self._asking(text) if self.place is not None else None
        if self.place is None or (asking is not None and self._is_mine(asking)):
            await self._world.say(self.speaker, "" if extra else text, **extra)
            await self._rig.settled()
            return
        before = self._now()
        thread = self._channels[self.place]
        await self._world.say(self.speaker, "" if extra else text, self._group, thread=thread, reply_to=asking, **extra)
        await self._rig.settled()
        await self._follow(before)

    def _asking(self, text: str) -> Post | None:
        """The question that a line typed in a channel answers: there, or in the private chat where it moved to."""
        if text.startswith("/"):
            return None
        return next((post for post in self._visible() if self._asks(post)), None)

    def _asks(self, post: Post) -> bool:
        return post.asks is not None or any("desk.cancel" in one.get("callback_data", "") for one in post.buttons())

    async def _attached(self, caption: str) -> dict[str, Any]:
        if not self._files:
            return {}
        path = self._files.pop(0)
        name = f"file{self._world.count('message')}"
        self._world.files[name] = path.read_bytes()
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        document = {"file_id": name, "file_unique_id": name, "file_name": path.name, "mime_type": kind}
        entities = [{"type": "bot_command", "offset": 0, "length": len(caption.split()[0])}]
        return {
            "document": document | {"file_size": path.stat().st_size},
            "caption": caption,
            "caption_entities": entities if caption.startswith("/") else [],
        }

    async def _upload(self, path: str) -> None:
        self._files.append(Path(path))

    async def _follow(self, before: int) -> None:
        """Tap "Continue in private" where the answer did not come there by itself."""
        new = [one for one in self._new(before) if isinstance(one, Post)]
        if any(self._is_mine(one) for one in new):
            return
        for post in new:
            for one in post.buttons():
                if "?start=" in one.get("url", ""):
                    await self._world.say(self.speaker, f"/start {one['url'].partition('?start=')[2]}")
                    await self._rig.settled()
                    return

    async def _press(self, rest: str) -> None:
        label, at, about = rest.rpartition(" @ ")
        label, about = (label.strip(), about.strip()) if at else (rest, "")
        self._begin()
        found = self._find(label, about)
        if found is None:
            raise NotAsTold(f"there is no button {label} that {self.speaker.name} can see")
        await self._tap(*found)

    async def _tap(self, post: Post, button: dict[str, str]) -> None:
        before = self._now()
        if "callback_data" in button:
            await self._world.press_data(self.speaker, post, button["callback_data"])
        elif "?start=" in button.get("url", ""):
            await self._world.say(self.speaker, f"/start {button['url'].partition('?start=')[2]}")
        await self._rig.settled()
        if post.chat != self.speaker.id:
            await self._follow(before)

    async def _choose(self, value: str) -> None:
        self._begin()
        posts = [post for post in self._visible() if self._asks(post)]
        if posts:
            offered = [b for b in posts[0].buttons() if "desk.choose" in b.get("callback_data", "")]
            if value.isdigit() and 1 <= int(value) <= len(offered):
                await self._tap(posts[0], offered[int(value) - 1])
                return
            for button in offered:
                if _squeezed(button["text"]) == _squeezed(value):
                    await self._tap(posts[0], button)
                    return
        await self._world.say(self.speaker, value)
        await self._rig.settled()

    def _find(self, label: str, about: str) -> tuple[Post, dict[str, str]] | None:
        posts = self._visible()
        if about:
            posts = [post for post in posts if about.casefold() in _words(post.words)]
        if label.isdigit():
            number = int(label)
            return next(((p, p.buttons()[number - 1]) for p in posts if 1 <= number <= len(p.buttons())), None)
        wanted = _squeezed(label)
        for fits in (str.__eq__, str.startswith):
            for post in posts:
                for button in post.buttons():
                    if fits(_squeezed(button["text"]), wanted):
                        return post, button
        return None

    # What is heard

    async def _inbox(self, _: str) -> None:
        """What came to the private chat while others spoke is what is heard now, wherever the speaker stands."""
        since = self._looked.get(self.speaker.id, 0)
        missed = [
            one
            for place, one in enumerate(self._new(since), since)
            if self._is_to_me(one) and self._who_spoke_at(place) != self.speaker.id
        ]
        self._begin()
        self._looked[self.speaker.id] = self._now()
        self._inboxes[self.speaker.id] = missed

    def _who_spoke_at(self, place: int) -> int:
        return next((account for start, account in reversed(self._turns) if start <= place), 0)

    async def _expect(self, text: str) -> None:
        heard = "\n".join(_text(one) for one in self._heard())
        if _squeezed(text) not in _squeezed(heard):
            raise NotAsTold(f"since {self.speaker.name}'s last line was said:\n{heard or '(nothing)'}")

    async def _refute(self, text: str) -> None:
        heard = self._heard()
        if self.place is not None:
            inbox = self._inboxes.get(self.speaker.id, [])
            heard = [one for one in heard if one in inbox or isinstance(one, Alerted) or one.chat != self.speaker.id]
        said = "\n".join(_fresh(one) for one in heard)
        if _squeezed(text) in _squeezed(said):
            raise NotAsTold(f"since {self.speaker.name}'s last line was said:\n{said}")

    def _begin(self) -> None:
        self._since[self.speaker.id] = self._now()
        self._inboxes.pop(self.speaker.id, None)

    def _now(self) -> int:
        return len(self._world.log)

    def _new(self, since: int) -> list[Post | Alerted]:
        return self._world.log[since:]

    def _heard(self) -> list[Post | Alerted]:
        groups = self._my_groups()
        new = self._new(self._since.get(self.speaker.id, 0))
        return [
            *self._inboxes.get(self.speaker.id, ()),
            *(one for one in new if self._is_to_me(one) or (one.chat in groups and isinstance(one, Post))),
        ]

    def _is_to_me(self, one: Post | Alerted) -> bool:
        if isinstance(one, Alerted):
            return one.user == self.speaker.id and bool(one.text)
        return self._is_mine(one)

    def _visible(self) -> list[Post]:
        """Messages of the bot that the speaker can see, the newest first."""
        groups = self._my_groups()
        found = [p for p in self._world.posts.values() if p.by_bot and (p.chat == self.speaker.id or p.chat in groups)]
        return sorted(found, key=lambda post: (post.at, post.id), reverse=True)

    def _my_groups(self) -> set[int]:
        return {self._group.id} if self._group is not None and self.speaker.id in self._group.members else set()

    def _is_mine(self, post: Post) -> bool:
        return post.chat == self.speaker.id


def _text(one: Post | Alerted) -> str:
    if isinstance(one, Alerted):
        return one.text or ""
    file = f"<file {one.file[0]}>" if one.file else ""
    buttons = "  ".join(f"({number}) {button['text']}" for number, button in enumerate(one.buttons(), 1))
    copies = " ".join(button["copy_text"]["text"] for button in one.buttons() if "copy_text" in button)
    links = " ".join(
        attributes["href"] for tag, _, attributes in (one.shown.entities if one.shown else ()) if tag == "a"
    )
    return "\n".join(part for part in (one.words, file, buttons, copies, links) if part)


def _fresh(one: Post | Alerted) -> str:
    """Of a message drawn anew only the lines that it did not have."""
    if isinstance(one, Alerted) or not one.edited:
        return _text(one)
    before = set(one.before.split("\n"))
    return "\n".join(line for line in _text(one).split("\n") if line not in before)


def _squeezed(text: str) -> str:
    return " ".join(text.translate(_STRAIGHT).casefold().split())


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in text.casefold()).split()


#: What stories say of the platform they are told on is said of this one.
_SWAPPED = {"the console": "Telegram", "on Telegram": "on Console", "console": "telegram", "telegram": "console"}
_PLATFORM = re.compile("|".join(_SWAPPED))
#: Meta lines whose method has another name.
_DEEDS = {"now": "_clock"}
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})
