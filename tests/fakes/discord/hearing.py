"""What the people of a story hear on Discord, and whether it is what the story says they do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.desk.wording import distance
from bot.on_console.transcript import squeezed
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import User


@dataclass
class Heard:
    """Something that was said. only: whose eyes it was for. answers: what it came of; fresh: what is new in it."""

    text: str
    fresh: str
    only: int | None
    answers: str


class Hearing:
    """Everything that was said on a fake Discord, in order, and how far everybody has read."""

    def __init__(self, fake: FakeDiscord, now: Callable[[], datetime]) -> None:
        self._fake = fake
        self._now = now
        self._heard: list[Heard] = []
        self._marks: dict[int, int] = {}
        self._texts: dict[int, str] = {}
        self._number = 0
        self._seen: dict[int, int] = {}

    def begin(self, user: User) -> None:
        """Somebody does something: expectations are about what comes from here on."""
        self._marks[user.id] = len(self._heard)

    def look(self, user: User, text: str) -> None:
        """Somebody sees something that is no message: a form, a clock."""
        shown = readable(text, self._now())
        self._heard.append(Heard(shown, shown, user.id, "press"))

    def listen(self, how: str) -> None:
        """Take down what was said or changed since the last time."""
        fresh = sorted(
            (m for m in self._fake.messages.values() if m.number > self._number and not m.deleted and not m.loading),
            key=lambda m: m.number,
        )
        for message in fresh:
            self._number = max(self._number, message.number)
            shown = [readable(message.text, self._now())]
            shown += [f"({number}) {label}" for number, (label, _) in enumerate(message.buttons, 1)]
            text = "\n".join(shown)
            before = set(self._texts.get(message.id, "").split("\n"))
            new = "\n".join(one for one in text.split("\n") if one not in before)
            self._texts[message.id] = text
            only = message.only
            if message.channel.recipient is not None:
                only = message.channel.recipient.id
            said_by = how if message.nonce is None else "delivery"
            self._heard.append(Heard(text, new, only, said_by))

    def inbox(self, user: User) -> None:
        """What came to somebody by private message and was not looked at yet."""
        self.begin(user)
        waiting = [
            m for m in self._fake.messages.values()
            if m.channel.recipient is user and m.nonce is not None and m.number > self._seen.get(user.id, 0)
        ]  # fmt: skip
        for message in sorted(waiting, key=lambda m: m.number):
            text = readable(message.text, self._now())
            self._heard.append(Heard(text, text, user.id, "inbox"))
            self._seen[user.id] = message.number

    def expect(self, user: User, text: str) -> str | None:
        """What is wrong when somebody should have heard that; None when they did."""
        heard = self._since(user)
        if squeezed(text) in squeezed("\n".join(one.text for one in heard)):
            return None
        return _report(f"expected “{text}”", user, heard)

    def refute(self, user: User, text: str, *, shared: bool) -> str | None:
        """The opposite. shared: they stand in a channel, so what was said to them alone is not what is meant."""
        heard = self._since(user)
        if shared:
            heard = [one for one in heard if one.only is None or one.answers == "press"]
        if squeezed(text) not in squeezed("\n".join(one.fresh for one in heard)):
            return None
        return _report(f"did not expect “{text}”", user, heard)

    def _since(self, user: User) -> list[Heard]:
        mine = self._heard[self._marks.get(user.id, 0) :]
        return [one for one in mine if one.only in (None, user.id)]


def form_text(modal: Mapping[str, object]) -> str:
    """What is read on a form: its title, and every field with its question and its choices."""
    said = [str(modal["title"])]
    components = modal["components"]
    assert isinstance(components, list)
    for one in components:
        inside = one["component"]
        said += [one["label"], one.get("description") or "", inside.get("value") or ""]
        said += [o["label"] for o in inside.get("options", ())]
        said.append(f"For example: {inside.get('placeholder') or ''}")
    return "\n".join(said)


def readable(text: str, now: datetime) -> str:
    """A message as its reader sees it: without the marks of Markdown, times as words."""

    def ago(found: re.Match[str]) -> str:
        return distance(datetime.fromtimestamp(int(found[1]), UTC), now, "UTC")

    text = re.sub(r" · <t:\d+:F> \(<t:(\d+):R>\)", lambda found: f", {ago(found)}", text)
    text = re.sub(r"(, \d\d:\d\d) \(<t:\d+:R>\)", r"\1", text)
    text = re.sub(r"<t:(\d+):R>", ago, text)
    text = re.sub(r"</([^:>]+):\d+>", r"/\1", text)
    text = re.sub(r"\[((?:\\.|[^\]\\])*)\]\(<([^>]*)>\)", r"\1 (\2)", text)
    text = re.sub(r"(?m)^(?:##|-#) ", "", text)
    text = re.sub(r"(?<!\\)(?:\*\*|`)", "", text)
    text = re.sub(r"\\(?=[^A-Za-z0-9\s])", "", text)
    return text.replace("\u200b", "")


def _report(what: str, user: User, heard: list[Heard]) -> str:
    said = [f"  {part}" for one in heard for part in one.text.split("\n")]
    return "\n".join([f"{what}; {user.name} saw:", *(said or ["  (nothing)"])])
