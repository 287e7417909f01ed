"""Plays the console's scripts on Discord: the same lines, said as somebody there would, and the same facts expected.

A line becomes a slash command with typed options; `!press` presses the newest button of that name; a form that opens
takes the plain lines that follow, field by field. What cannot be said on Discord is listed in `Player.unsaid`.
"""

from __future__ import annotations

import asyncio
import difflib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.desk.guests import Visitor
from bot.desk.own_words import own_word
from bot.desk.wording import distance
from bot.on_console.files import read_upload
from bot.on_console.meta import later
from bot.on_console.transcript import squeezed
from bot.on_discord.options import annotation, has_choices, is_option
from cogs.kit.ask import Kind, Parameter
from cogs.kit.call import Call
from cogs.kit.cog import Command
from cogs.kit.faults import Fault
from cogs.kit.oneline import read_line
from cogs.kit.reading import read
from tests.fakes.discord.interactions import DEFER_UPDATE, Interaction
from tests.fakes.discord.limits import walk
from tests.fakes.discord.program import Program
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Channel, Message, User


@dataclass
class Heard:
    """Something that was said. only: whose eyes it was for. answers: what it came of; fresh: what is new in it."""

    text: str
    fresh: str
    only: int | None
    answers: str


@dataclass
class Form:
    """A modal that somebody has before them, and what was written into it so far."""

    opened: Interaction
    values: dict[str, Any] = field(default_factory=dict)
    passed: list[str] = field(default_factory=list)

    @property
    def fields(self) -> list[dict[str, Any]]:
        assert self.opened.modal is not None
        return [one["component"] for one in self.opened.modal["components"] if one["type"] == 18]

    @property
    def open(self) -> list[dict[str, Any]]:
        return [one for one in self.fields if one["custom_id"] not in self.passed]


#: Lines by which nobody does anything.
_NO_DEEDS = ("# ", "!expect", "!refute", "!as", "!restart")


class Player:
    """One community on a fake Discord, and everybody in it."""

    def __init__(self, fake: FakeDiscord, program: Program) -> None:
        self._fake = fake
        self._program = program
        self._guild = fake.add_guild("The local community")
        self._people: dict[str, User] = {}
        self._places: dict[int, Channel] = {}
        self._speaker: User | None = None
        self._marks: dict[int, int] = {}
        self._heard: list[Heard] = []
        self._texts: dict[int, str] = {}
        self._number = 0
        self._forms: dict[int, Form] = {}
        self._uploads: list[dict[str, Any]] = []
        self._seen: dict[int, int] = {}
        self.failed: list[str] = []
        self.unsaid: list[str] = []

    async def play(self, script: str) -> None:
        """Play the lines; what was not as expected is in `failed`."""
        lines, skipping = [one.strip() for one in script.splitlines()], False
        for number, text in enumerate(lines, 1):
            if not text or text == "#" or text.startswith("# "):
                continue
            following = next((one for one in lines[number:] if one and not one.startswith(_NO_DEEDS)), "!quit")
            if text == "!quit":
                return
            if skipping and text.startswith(("!expect", "!refute")):
                continue
            # A story that names the surface it is told on means the one it is told on.
            text = re.sub(r"\bconsole$", "discord", text.replace("on the console", "on Discord"))
            try:
                problem = await self._line(text, following)
                skipping = False
            except (AssertionError, TimeoutError) as error:
                self.unsaid.append(f"line {number}: {text}: {error}")
                skipping = True
                continue
            if problem:
                self.failed.append(f"line {number}: {problem}")

    # Lines

    async def _line(self, text: str, following: str) -> str | None:
        if not text.startswith("!"):
            await self._say(text, following)
            return None
        word, _, rest = text[1:].partition(" ")
        rest = rest.strip()
        match word:
            case "as":
                await self._speak_as(rest)
            case "in":
                await self._stand_in(rest)
            case "press":
                label, at, about = rest.rpartition(" @ ")
                await self._press(label if at else rest, about if at else None, following)
            case "choose":
                await self._choose(rest, following)
            case "upload":
                upload = await asyncio.to_thread(read_upload, rest)
                self._uploads.append(self._fake.attachment(upload.name, upload.content, upload.kind))
            case "now" | "advance":
                await self._go_to(rest, word)
            case "inbox":
                self._show_inbox()
            case "restart":
                await self._program.restart()
            case "expect":
                return self._expect(rest)
            case "refute":
                return self._refute(rest)
            case _:
                raise AssertionError("no such meta line")
        return None

    async def _speak_as(self, name: str) -> None:
        key = name.casefold()
        if key not in self._people:
            user = self._fake.add_user(name)
            if not self._people:
                self._guild.moderators.add(user.id)
            self._people[key] = user
            # Whoever is spoken as belongs to the community, as in the console.
            await self._program.house.guests.call(
                Visitor(
                    surface="discord",
                    account=str(user.id),
                    name=name,
                    address=str(self._fake.dm(user).id),
                    community=(str(self._guild.id), self._guild.name),
                )
            )
        self._speaker = self._people[key]
        self._places.setdefault(self._speaker.id, self._fake.dm(self._speaker))

    async def _stand_in(self, place: str) -> None:
        user = await self._who()
        if place == "dm":
            self._places[user.id] = self._fake.dm(user)
            return
        name = place.removeprefix("#").casefold()
        known = next((c for c in self._guild.channels if c.name == name), None)
        if known is None:
            first = not self._guild.channels
            known = self._fake.add_channel(Channel(name, self._guild.id))
            await self._fake.gateway.dispatch("CHANNEL_CREATE", known.payload(), guild_id=self._guild.id)
            if first or name == "gigs" or name.startswith("gigs-"):
                owner = next(iter(self._people.values()))
                await (await self._fake.slash(owner, known, "setup channels")).settled()
                self._listen("setting up")
        self._places[user.id] = known

    async def _say(self, text: str, following: str) -> None:
        user = await self._who()
        form = self._forms.get(user.id)
        bare = text.removeprefix("/")
        if not text.startswith("/") and form is not None and not own_word(text):
            self._begin(user)
            await self._write(user, form, text, following)
            return
        if not text.startswith("/") and not self._program.house.desk.speller.read(text).command:
            question = self._question(user)
            if text.isdecimal() and (question is None or int(text) <= len(question.buttons)):
                await self._press(text, None, following)
                return
            assert question is not None, "nothing asks for that"
            self._begin(user)
            opened = await self._done(await self._fake.press(user, question, question.buttons[0][1]), "press")
            assert opened is not None, "the form did not open"
            self._ask_only(opened, squeezed(_readable(question.text, self._now())))
            await self._write(user, opened, text, following)
            return
        self._forms.pop(user.id, None)
        self._begin(user)
        word = own_word(text)
        if word is not None:
            await self._done(await self._fake.slash(user, self._places[user.id], word), "command")
            return
        name, options = await self._options(user, bare)
        await self._done(await self._fake.slash(user, self._places[user.id], name, options), "command", following)

    async def _options(self, user: User, text: str) -> tuple[str, dict[str, Any]]:
        """A typed line as the command and its options."""
        desk = self._program.house.desk
        spelled = desk.speller.read(text)
        assert spelled.command is not None, "not a command by itself"
        command = spelled.command
        call = await self._call(user)
        texts: dict[str, Any] = dict(spelled.given)
        if spelled.line.strip():
            found = read_line(command.parameters, spelled.line, call, given=texts)
            texts |= found.values
        waiting = [p for p in command.parameters if p.kind is Kind.UPLOAD]
        uploads, self._uploads = self._uploads, []
        made: dict[str, Any] = {p.name: one for p, one in zip(waiting, uploads, strict=False)}
        for parameter in command.parameters:
            given = texts.get(parameter.name)
            if given is not None and is_option(parameter):
                made[parameter.name] = self._typed(parameter, given, call)
        return self._name(command), made

    def _name(self, command: Command) -> str:
        groups = {n.split()[0] for n in self._program.house.desk.index.commands if " " in n}
        return f"{command.name} open" if command.name in groups else command.name

    def _typed(self, parameter: Parameter, text: str, call: Call) -> Any:
        """A typed value as the kind of option that Discord has for it."""
        if annotation(parameter).__class__ is type and annotation(parameter).__name__ == "User":
            user = self._people.get(text.removeprefix("@").casefold())
            assert user is not None, f"nobody on Discord is called {text}"
            return user
        if parameter.kind is Kind.YESNO or has_choices(parameter):
            try:
                value = read(parameter, text, call)
            except Fault as fault:
                raise AssertionError(f"{parameter.name} cannot be {text!r} on Discord") from fault
            return value if parameter.kind is Kind.YESNO else str(value.value)
        if parameter.kind is Kind.WHOLE and not parameter.many and parameter.ask.suggest is None:
            return int(text)
        return text

    async def _write(self, user: User, form: Form, text: str, following: str) -> None:
        """Write a line into the next field of a form; hand it in when nothing more is going to be written."""
        open_ones = form.open
        assert open_ones, "the form has no field left"
        one = open_ones[0]
        name = one["custom_id"]
        form.passed.append(name)
        if text.casefold() not in ("skip", "-"):
            form.values[name] = self._field(one, text)
        await self._maybe_submit(user, form, following, skipped=name not in form.values)

    def _field(self, one: dict[str, Any], text: str) -> Any:
        if one["type"] == 5:
            user = self._people.get(text.removeprefix("@").casefold())
            assert user is not None, f"nobody on Discord is called {text}"
            return user
        if one["type"] in (21, 22, 3):
            offered = {o["label"]: o["value"] for o in one["options"]}
            near = difflib.get_close_matches(text.casefold(), [label.casefold() for label in offered], n=1, cutoff=0.3)
            by_label = {label.casefold(): value for label, value in offered.items()}
            return by_label[near[0]] if near else text
        return text

    async def _maybe_submit(self, user: User, form: Form, following: str, *, skipped: bool) -> None:
        """Hand a form in, unless what follows is written into it too."""
        steps = ("!choose", "!press Skip", "!press Cancel", "!upload")
        plain = not following.startswith(("!", "/"))
        needed = any(one.get("required", True) for one in form.open)
        if form.open and (
            following.startswith(steps)
            or following.casefold() in ("skip", "-")
            or (plain and (needed or skipped))
        ):
            self._look_at(form)
            return
        del self._forms[user.id]
        await self._done(await self._fake.submit(form.opened, form.values), "press", following)

    async def _press(self, label: str, about: str | None, following: str) -> None:
        user = await self._who()
        form = self._forms.get(user.id)
        if form is not None and label in ("Skip", "Cancel"):
            self._begin(user)
            if label == "Cancel":  # closing a form says nothing to anybody
                del self._forms[user.id]
                self._heard.append(Heard("Cancelled. Nothing was sent.", "", user.id, "press"))
            else:
                await self._write(user, form, "skip", following)
            return
        self._begin(user)
        if form is not None and any(label.casefold() in o["label"].casefold() for o in _offers(form)):
            await self._write(user, form, label, following)
            return
        message, custom_id = self._find(user, label, about)
        await self._done(await self._fake.press_id(user, message, custom_id), "press", following)

    async def _choose(self, value: str, following: str) -> None:
        user = await self._who()
        form = self._forms.get(user.id)
        if form is None:
            await self._press(value, None, following)
            return
        self._begin(user)
        await self._write(user, form, value, following)

    def _find(self, user: User, label: str, about: str | None) -> tuple[Message, str]:
        visible = [m for m in self._fake.visible(user) if m.buttons]
        if about is not None:
            visible = [m for m in visible if _is_about(m, about)]
        if label.isdecimal():
            number = int(label)
            found = next(((m, m.buttons[number - 1][1]) for m in visible if len(m.buttons) >= number), None)
            assert found is not None, f"there is no button {label}"
            return found
        wanted = squeezed(label)
        for fits in (str.__eq__, str.startswith):
            for message in visible:
                for shown, custom_id in message.buttons:
                    if fits(squeezed(shown), wanted):
                        return message, custom_id
        raise AssertionError(f"there is no button {label}")

    def _question(self, user: User) -> Message | None:
        """The newest message that asks something and offers its form."""
        for message in self._fake.visible(user):
            if message.buttons and message.buttons[0][0] in ("Fill in", "Continue"):
                return message
        return None

    async def _done(self, interaction: Interaction, how: str, following: str = "!") -> Form | None:
        """What comes of an interaction: said, or a form to be filled in."""
        await interaction.answered(10)
        if interaction.modal is None:
            if interaction.answer_type != DEFER_UPDATE or not interaction.said:
                await interaction.settled(10)
            await self._program.deliver()
            self._listen(how)
            return None
        form = Form(interaction)
        # What stands there already is not asked again, unless there is nothing else.
        filled = [one["custom_id"] for one in form.fields if _is_filled(one)]
        form.passed = filled if len(filled) < len(form.fields) else []
        self._forms[interaction.user.id] = form
        self._look_at(form)
        self._listen(how)
        return form

    def _ask_only(self, form: Form, question: str) -> None:
        """Of a form behind a question the field that the question is about."""
        assert form.opened.modal is not None
        asked = [
            one["component"]["custom_id"]
            for one in form.opened.modal["components"]
            if one.get("description") and squeezed(one["description"].rstrip("?")) in question
        ]
        if asked:
            form.passed = [one["custom_id"] for one in form.fields if one["custom_id"] != asked[-1]]

    def _look_at(self, form: Form) -> None:
        """What is read on a form: its title, and every field with its question."""
        modal = form.opened.modal
        assert modal is not None
        said = [modal["title"]]
        for one in modal["components"]:
            inside = one["component"]
            said += [one["label"], one.get("description") or "", inside.get("value") or ""]
            said += [o["label"] for o in inside.get("options", ())]
            said.append(f"For example: {inside.get('placeholder') or ''}")
        text = _readable("\n".join(said), self._now())
        self._heard.append(Heard(text, text, form.opened.user.id, "press"))

    # Time

    async def _go_to(self, text: str, word: str) -> None:
        user = self._speaker
        if user is not None:
            self._begin(user)
        clock, courier = self._program.clock, self._program.house.courier
        moment: datetime | None
        if word == "advance":
            moment = later(clock.now(), text)
        elif not text:
            return
        else:
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("UTC"))
        assert moment is not None, "not a length of time"
        if moment <= clock.now():
            clock.set(moment)
            await courier.deliver_due()
        else:
            await courier.deliver_due(until=moment.astimezone(UTC), move=clock.set)
        self._listen("time")

    # Listening

    def _listen(self, how: str) -> None:
        """Take down what was said or changed since the last time."""
        fresh = sorted(
            (m for m in self._fake.messages.values() if m.number > self._number and not m.deleted and not m.loading),
            key=lambda m: m.number,
        )
        for message in fresh:
            self._number = max(self._number, message.number)
            shown = [_readable(message.text, self._now())]
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

    def _show_inbox(self) -> None:
        """What came to the speaker and was not looked at yet."""
        assert self._speaker is not None
        user = self._speaker
        self._begin(user)
        waiting = [
            m for m in self._fake.messages.values()
            if m.channel.recipient is user and m.nonce is not None and m.number > self._seen.get(user.id, 0)
        ]  # fmt: skip
        for message in sorted(waiting, key=lambda m: m.number):
            text = _readable(message.text, self._now())
            self._heard.append(Heard(text, text, user.id, "inbox"))
            self._seen[user.id] = message.number

    def _expect(self, text: str) -> str | None:
        heard = self._since()
        if squeezed(text) in squeezed("\n".join(one.text for one in heard)):
            return None
        return self._report(f"expected “{text}”", heard)

    def _refute(self, text: str) -> str | None:
        assert self._speaker is not None
        heard = self._since()
        if self._places[self._speaker.id].guild_id is not None:
            heard = [one for one in heard if one.only is None or one.answers == "press"]
        if squeezed(text) not in squeezed("\n".join(one.fresh for one in heard)):
            return None
        return self._report(f"did not expect “{text}”", heard)

    def _report(self, what: str, heard: list[Heard]) -> str:
        said = [f"  {part}" for one in heard for part in one.text.split("\n")]
        return "\n".join([f"{what}; {self._speaker and self._speaker.name} saw:", *(said or ["  (nothing)"])])

    def _since(self) -> list[Heard]:
        assert self._speaker is not None
        mine = self._heard[self._marks.get(self._speaker.id, 0) :]
        return [one for one in mine if one.only in (None, self._speaker.id)]

    def _begin(self, user: User) -> None:
        self._marks[user.id] = len(self._heard)

    async def _who(self) -> User:
        if self._speaker is None:
            await self._speak_as("Me")
        assert self._speaker is not None
        return self._speaker

    def _now(self) -> datetime:
        return self._program.clock.now()

    async def _call(self, user: User) -> Call:
        place = self._places[user.id]
        shared = place.guild_id is not None
        return await self._program.house.guests.call(
            Visitor(
                surface="discord",
                account=str(user.id),
                name=user.name,
                address=str(place.id),
                dm=None if shared else str(place.id),
                community=(str(self._guild.id), self._guild.name) if shared else None,
                channel=(str(place.id), place.name, "text") if shared else None,
                locale=user.locale,
            )
        )


def _offers(form: Form) -> list[dict[str, Any]]:
    return form.open[0].get("options", []) if form.open else []


def _is_filled(one: dict[str, Any]) -> bool:
    return bool(one.get("value")) or any(option.get("default") for option in one.get("options", ()))


def _is_about(message: Message, ref: str) -> bool:
    words = "".join(c if c.isalnum() else " " for c in message.text.casefold()).split()
    return ref.casefold() in words


def _readable(text: str, now: datetime) -> str:
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


STORIES = Path(__file__).resolve().parents[2] / "stories"

__all__ = ["STORIES", "Player", "walk"]
