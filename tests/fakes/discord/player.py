"""Plays the console's scripts on Discord: the same lines, said as somebody there would, and the same facts expected.

A line becomes a slash command with typed options; `!press` presses the newest button of that name; a form that opens
takes the plain lines that follow, field by field. What cannot be said on Discord is listed in `Player.unsaid`.
"""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.desk.guests import Visitor
from bot.desk.own_words import own_word
from bot.desk.wording import moment_text
from bot.on_console.files import read_upload
from bot.on_console.meta import later
from bot.on_console.transcript import squeezed
from cogs.kit.call import Call
from cogs.kit.words import Moment
from tests.fakes.discord.filling import SKIP, Form
from tests.fakes.discord.hearing import Hearing, form_text, readable
from tests.fakes.discord.interactions import DEFER_UPDATE, Interaction
from tests.fakes.discord.program import Program
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.typing import typed
from tests.fakes.discord.world import Channel, Message, User, snowflake

#: Lines by which nobody does anything.
_NO_DEEDS = ("# ", "!expect", "!refute", "!as", "!restart")

#: Lines that go on with an open form.
_STEPS = ("!choose", "!press Skip", "!press Cancel", "!upload")


class Player:
    """One community on a fake Discord, and everybody in it."""

    def __init__(self, fake: FakeDiscord, program: Program) -> None:
        self._fake = fake
        self._program = program
        self._guild = fake.add_guild("The local community")
        self._people: dict[str, User] = {}
        self._places: dict[int, Channel] = {}
        self._speaker: User | None = None
        self._hearing = Hearing(fake, self._now)
        self._forms: dict[int, Form] = {}
        self._uploads: list[dict[str, Any]] = []
        self.failed: list[str] = []
        self.unsaid: list[str] = []

    async def play(self, script: str) -> None:
        """Play the lines; what was not as expected is in `failed`."""
        await self._fake.join(self._guild)
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
                self._hearing.inbox(await self._who())
            case "restart":
                await self._program.restart()
            case "expect":
                return self._hearing.expect(await self._who(), rest)
            case "refute":
                user = await self._who()
                return self._hearing.refute(user, rest, shared=self._places[user.id].guild_id is not None)
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
                self._hearing.listen("setting up")
        self._places[user.id] = known

    async def _say(self, text: str, following: str) -> None:
        user = await self._who()
        form = self._forms.get(user.id)
        if self._is_plain(text):
            if form is None:
                form = await self._open_the_question(user, text, following)
            else:
                self._hearing.begin(user)
            if form is not None:
                await self._write(user, form, text, following)
            return
        self._forms.pop(user.id, None)
        self._hearing.begin(user)
        word = own_word(text)
        place = self._places[user.id]
        if word is not None:
            await self._done(await self._fake.slash(user, place, word), "command")
            return
        uploads, self._uploads = self._uploads, []
        said = typed(self._program.house.desk, await self._call(user), text.removeprefix("/"), uploads, self._person)
        if place.guild_id is None and not self._fake.is_offered(place, said.name):
            place = self._guild.channels[0]  # what is for moderators is said in the server itself
        if said.quoted is not None and said.command.menu is not None:
            # A message is not typed into an option: one opens the menu of the message itself.
            quoted = Message(snowflake(), place, user, content=said.quoted)
            made = await self._fake.menu(user, place, said.command.menu[1], quoted)
        else:
            made = await self._fake.slash(user, place, said.name, said.options)
        await self._done(made, "command", following)

    def _is_plain(self, text: str) -> bool:
        """Whether a line is something written rather than a command: only a form takes it."""
        if text.startswith(("/", "!")) or own_word(text):
            return False
        return self._speaker_writes() or not self._program.house.desk.speller.read(text).command

    def _speaker_writes(self) -> bool:
        return self._speaker is not None and self._speaker.id in self._forms

    # Forms and buttons

    async def _open_the_question(self, user: User, text: str, following: str) -> Form | None:
        """Open the form behind the newest question. None when the line was the number of a button, and is done."""
        question = self._question(user)
        if text.isdecimal() and (question is None or int(text) <= len(question.buttons)):
            await self._press(text, None, following)
            return None
        assert question is not None, "nothing asks for that"
        self._hearing.begin(user)
        form = await self._done(await self._fake.press(user, question, question.buttons[0][1]), "press")
        assert form is not None, "the form did not open"
        form.ask_only(squeezed(readable(question.text, self._now())))
        return form

    async def _write(self, user: User, form: Form, text: str, following: str) -> None:
        """Write a line into the next field of a form; hand it in when nothing more is going to be written."""
        form.write(text, self._person)
        more = following.startswith(_STEPS) or following.casefold() in SKIP or self._is_plain(following)
        if form.open and more:
            self._hearing.look(user, form_text(form.modal))
            return
        del self._forms[user.id]
        await self._done(await self._fake.submit(form.opened, form.values), "press", following)

    async def _press(self, label: str, about: str | None, following: str) -> None:
        user = await self._who()
        form = self._forms.get(user.id)
        self._hearing.begin(user)
        if form is not None and label == "Cancel":  # closing a form says nothing to anybody
            del self._forms[user.id]
            self._hearing.look(user, "Cancelled. Nothing was sent.")
        elif form is not None and label == "Skip":
            await self._write(user, form, "skip", following)
        elif form is not None and form.offers(label):
            await self._write(user, form, label, following)
        else:
            message, custom_id = self._find(user, label, about)
            await self._done(await self._fake.press_id(user, message, custom_id), "press", following)

    async def _choose(self, value: str, following: str) -> None:
        user = await self._who()
        form = self._forms.get(user.id)
        if form is None:
            await self._press(value, None, following)
            return
        self._hearing.begin(user)
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
            self._hearing.listen(how)
            return None
        form = Form(interaction)
        self._forms[interaction.user.id] = form
        self._hearing.look(interaction.user, form_text(form.modal))
        self._hearing.listen(how)
        return form

    # Time

    async def _go_to(self, text: str, word: str) -> None:
        user = self._speaker
        if user is not None:
            self._hearing.begin(user)
        clock, courier = self._program.clock, self._program.house.courier
        moment: datetime | None
        if word == "advance":
            moment = later(clock.now(), text)
        elif not text:
            user = await self._who()
            zone = (await self._call(user)).zone or "UTC"
            self._hearing.look(user, moment_text(Moment(clock.now(), zone), clock.now()))
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
        self._hearing.listen("time")

    # People

    async def _who(self) -> User:
        if self._speaker is None:
            await self._speak_as("Me")
        assert self._speaker is not None
        return self._speaker

    def _person(self, name: str) -> User:
        """Somebody whom the speaker picks from Discord's list of people.

        Whoever is on the list is there; of the accounts on it only other apps are nobody whom one could know.
        """
        user = self._people.get(name.removeprefix("@").casefold())
        return user or self._fake.add_user(name.removeprefix("@"), bot=True)

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


def _is_about(message: Message, ref: str) -> bool:
    words = "".join(c if c.isalnum() else " " for c in message.text.casefold()).split()
    return ref.casefold() in words
