"""One typed line at a time: a command, an answer to the open question, or a meta line; and then whatever is due.

The shell plays every person of the local community. What it remembers itself is only who speaks, where each of them
stands, and files waiting to be attached: everything else is in the database, so that `!restart` can really restart.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.desk.answer import Answer
from bot.desk.courier import Courier
from bot.desk.desk import Desk
from bot.desk.guests import Guests
from bot.desk.own_words import do_own_word, own_word
from bot.on_console.clock import MovableClock
from bot.on_console.local import DM, Local, Speaker
from bot.on_console.transcript import Spot, Transcript, squeezed
from cogs.kit.action import BadAction
from cogs.kit.ask import TIMES, Kind
from cogs.kit.call import Call
from cogs.kit.reply import Upload
from cogs.kit.tools import Tools
from cogs.kit.words import Code, line
from storage.records.draft import Draft
from storage.records.said import Said


class Program(Protocol):
    """The running program, as `bot.app` puts it together."""

    tools: Tools
    desk: Desk
    guests: Guests
    courier: Courier

    async def tend(self) -> None:
        """Do what a running program does for itself now and then."""

    async def stop(self) -> None:
        """Let go of everything, as at the end of the process."""


#: Questions that are answered by a button, and those that a number answers as it stands.
_TAPPED = frozenset({Kind.CHOICE, Kind.YESNO})
_NUMBERS = frozenset({Kind.WHOLE, Kind.MONEY, Kind.FEE, Kind.LENGTH}) | TIMES


#: How often, by a clock that is moved, the program sees to itself at most.
_TENDED_EVERY = timedelta(hours=6)
#: How often a way through time is stopped on, however long it is.
_MOST_STOPS = 14


@dataclass(frozen=True, slots=True)
class Failed:
    """An expectation that was not met. text: what was expected, and what was said instead."""

    text: str


class Shell:
    """Takes lines in; what comes of them goes to the transcript."""

    def __init__(
        self,
        begin: Callable[[], Awaitable[Program]],
        clock: MovableClock,
        transcript: Transcript,
        *,
        end: Callable[[], Awaitable[None]],
        speaker: str | None = None,
        zone: str | None = None,
    ) -> None:
        """begin: starts the program, at first and again after `!restart`. end: lets go of what restarts hand on.

        speaker: who speaks until `!as`; None: whoever owns the community, or somebody called Me.
        zone: IANA zone of people who have set none; None: they are asked.
        """
        self._begin = begin
        self._end = end
        self._name = speaker
        #: Whose clock counts for people who have set none; None: they are asked.
        self.zone = zone
        self._places: dict[str, str] = {}
        self._uploads: list[Upload] = []
        self._program: Program | None = None
        self._tended_at: datetime | None = None
        self.clock = clock
        self.transcript = transcript
        #: Lines that nothing could be done with: unknown meta lines, buttons that are not there.
        self.unplayable = 0

    # The program

    @property
    def program(self) -> Program:
        """The running program."""
        assert self._program is not None, "start the shell first"
        return self._program

    @property
    def local(self) -> Local:
        """The local community of the running program."""
        return Local(self.program.tools, self.zone)

    async def start(self) -> None:
        """Start the program, and deliver what fell due while it was away."""
        self._program = await self._begin()
        self.transcript.open_work = self._program.tools.open_work
        await self.deliver()

    async def stop(self) -> None:
        """Stop the program."""
        program, self._program = self._program, None
        if program is not None:
            await program.stop()

    async def close(self) -> None:
        """Stop the program, and everything that a restart would have handed on."""
        await self.stop()
        await self._end()

    async def restart(self) -> None:
        """Stop and start the program on the same database."""
        await self.stop()
        await self.start()

    async def deliver(self) -> None:
        """Deliver everything that is due now."""
        await self.program.courier.deliver_due()

    async def move(self, moment: datetime) -> None:
        """Move the clock on; what falls due on the way is delivered in order, each at its own time.

        Of a long way every day is lived through, or every few of them: what nobody asked for, such as a word about
        rest, is noticed by looking.
        """
        for stop in days_between(self.clock.now(), moment):
            await self.program.courier.deliver_due(until=stop, move=self.clock.set)
            if self._tended_at is None or not timedelta(0) <= stop - self._tended_at < _TENDED_EVERY:
                await self.tend()

    async def tend(self) -> None:
        """Have the program see to itself, and deliver what comes of it."""
        self._tended_at = self.clock.now()
        await self.program.tend()
        await self.deliver()

    # Who speaks, and where

    async def speaker(self) -> Speaker:
        """Who speaks now; made if this is their first word."""
        if self._name is None:
            self._name = await self.local.first_speaker() or "Me"
        speaker = await self.local.speaker(self._name)
        self.transcript.speaking = speaker.person_id
        return speaker

    async def speaker_if_any(self) -> Speaker | None:
        """Who speaks now; None while nobody has spoken: who sets the clock first is not the first of the community."""
        if self._name is None and await self.local.first_speaker() is None:
            return None
        return await self.speaker()

    async def speak_as(self, name: str) -> None:
        """Speak as this person from now on, where they stood last; privately with the bot at first."""
        self._name = name
        await self.speaker()

    async def stand_in(self, place: str) -> None:
        """Put the speaker into a channel ("#gigs"), or into their private chat ("dm")."""
        speaker = await self.speaker()
        self._places[speaker.account] = DM if place.casefold() == DM else await self.local.channel(place)

    def place_of(self, speaker: Speaker) -> str:
        """Where somebody stands: "dm", or a channel such as "#gigs"."""
        return self._places.get(speaker.account, DM)

    async def call(self, speaker: Speaker, place: str | None = None) -> Call:
        """A request of the speaker from where they stand, or from `place`."""
        return await self.program.guests.call(speaker.visitor(place or self.place_of(speaker)))

    # What is said

    async def say(self, text: str) -> None:
        """Take a line that is no meta line: a command, an answer to the open question, or the number of a button."""
        if await self._is_press(text):
            await self.press(text)
            return
        speaker = await self.speaker()
        self.transcript.begin_line(speaker.account)
        call = await self.call(speaker)
        uploads, self._uploads = tuple(self._uploads), []
        answer = await self._answer_to(call, text, uploads)
        await self.show(speaker, call, answer, moved=True)
        await self.deliver()

    async def _answer_to(self, call: Call, text: str, uploads: Sequence[Upload]) -> Answer:
        desk = self.program.desk
        word = own_word(text)
        if word is not None:
            return await do_own_word(desk, call, word)
        question = await self.open_question(call)
        if question is None:
            return await desk.spelled(call, text, uploads)
        if not self._is_command(text, question):
            answer = await desk.heard(call, _chosen(question, text), uploads, anywhere=True)
            if answer is not None:
                return answer
        await desk.leave(call)
        answer = await desk.spelled(call, text, uploads)
        waits = line("The form you left is kept: ", Code("/resume"))
        return Answer(answer.reply.with_(also=(*answer.reply.also, waits)), answer.private)

    def _is_command(self, text: str, question: Draft) -> bool:
        """Whether a line is a command although a question is open.

        What is offered for the question is its answer, even when it is also the first word of some command: "session"
        is a kind of work. For the same reason the name of a group alone is no command here without its slash.
        """
        if text.startswith("/"):
            return True
        if any(squeezed(text) in (squeezed(label), squeezed(value)) for label, value in question.offered):
            return False
        if squeezed(text) in self._examples(question):
            return False
        return self.program.desk.speller.read(text).command is not None

    def _examples(self, question: Draft) -> set[str]:
        """What is shown as an answer to the open question: "gigs", for a channel."""
        try:
            target = self.program.desk.index.remembered(question.target)
        except BadAction:  # of an older version; whoever takes the answer says so
            return set()
        asked = next((p for p in target.parameters if p.name == question.asked), None)
        return {squeezed(one) for one in (asked.ask.example or "").split(",")} if asked is not None else set()

    async def open_question(self, call: Call) -> Draft | None:
        """The caller's form whose question is open, wherever it was asked."""
        async with self.program.tools.open_work(reading=True) as work:
            draft = await work.drafts.open_question(call.person_id, None)
        return draft if draft is not None and draft.asked is not None and draft.expires_at > call.now else None

    async def choose(self, value: str) -> None:
        """Pick from the list that waits: by what it shows, by its number, or by its value."""
        speaker = await self.speaker()
        self.transcript.begin_line(speaker.account)
        call = await self.call(speaker)
        question = await self.open_question(call)
        if question is None:
            await self.press(value)
            return
        if value.isdigit() and 1 <= int(value) <= len(question.offered):
            value = question.offered[int(value) - 1][1]
        answer = await self.program.desk.heard(call, _chosen(question, value), anywhere=True)
        if answer is not None:
            await self.show(speaker, call, answer)
        await self.deliver()

    async def press(self, label: str, about: str | None = None) -> None:
        """Press a button by label or number on the newest message that has it. about: a short id, for its card."""
        speaker = await self.speaker()
        self.transcript.begin_line(speaker.account)
        found = await self._find(speaker, label, about)
        if found is None:
            where = f" on {about}" if about else ""
            await self.puzzled(f"There is no button {label}{where} that {speaker.name} can see.")
            return
        said, action_id = found
        call = await self.call(speaker, said.place if said.person_id is None else DM)
        answer = await self.program.desk.press(call, action_id)
        await self.show(speaker, call, answer, pressed=said)
        await self.deliver()

    async def _find(self, speaker: Speaker, label: str, about: str | None) -> tuple[Said, str] | None:
        async with self.program.tools.open_work(reading=True) as work:
            visible = await work.said.visible_to(speaker.person_id)
        if about is not None:
            visible = [said for said in visible if _is_about(said, about)]
        if label.isdigit():
            number = int(label)
            with_it = (said for said in visible if 1 <= number <= len(said.buttons))
            return next(((said, said.buttons[number - 1][1]) for said in with_it), None)
        wanted = squeezed(label)
        for fits in (str.__eq__, str.startswith):  # the whole label anywhere wins over the beginning of a newer one
            for said in visible:
                for shown, action_id in said.buttons:
                    if fits(squeezed(shown), wanted):
                        return said, action_id
        return None

    async def labels(self) -> list[str]:
        """The labels of the buttons that the speaker can see, those of newer messages first."""
        speaker = await self.speaker()
        async with self.program.tools.open_work(reading=True) as work:
            visible = await work.said.visible_to(speaker.person_id)
        return list(dict.fromkeys(label for said in visible for label, _ in said.buttons))

    async def _is_press(self, text: str) -> bool:
        """Whether a bare number means a button: always, unless the open question could be answered by it."""
        if not text.isdecimal() or self.has_uploads:
            return False
        question = await self.open_question(await self.call(await self.speaker()))
        if question is None:
            return True
        target = self.program.desk.index.remembered(question.target)
        kind = next((p.kind for p in target.parameters if p.name == question.asked), None)
        return kind in _TAPPED or (bool(question.offered) and kind not in _NUMBERS)

    # What comes back

    async def show(
        self, speaker: Speaker, call: Call, answer: Answer, *, pressed: Said | None = None, moved: bool = False
    ) -> None:
        """Put an answer where it belongs. moved: a private one, asked for in a channel, is not seen there."""
        private = Spot(speaker.address, f"dm {speaker.name}", person_id=call.person_id)
        spot = private
        if not answer.private and call.place.shared:
            address = call.place.key.partition(":")[2]
            spot = Spot(address, address, channel_id=call.place.channel_id)
        if pressed is not None and answer.reply.replaces and pressed.place == spot.address:
            await self.transcript.redraw(pressed, spot, answer.reply, call.now, call.locale, as_answer=True)
            return
        await self.transcript.say(
            spot, answer.reply, call.now, call.locale, hang=True, moved=moved and call.place.shared and spot is private
        )

    async def remark(self, text: str) -> None:
        """Tell the speaker something that is the console's own business."""
        speaker = await self.speaker()
        self.transcript.note(speaker.person_id, f"dm {speaker.name}", text)

    async def puzzled(self, text: str) -> None:
        """Remark that a line could not be played."""
        self.unplayable += 1
        await self.remark(text)

    def attach(self, upload: Upload) -> None:
        """Attach a file to the next line."""
        self._uploads.append(upload)

    @property
    def has_uploads(self) -> bool:
        """Whether a file waits for the next line."""
        return bool(self._uploads)

    async def ask_again(self) -> None:
        """Repeat the open question with what can be chosen: what an empty answer does."""
        speaker = await self.speaker()
        call = await self.call(speaker)
        if await self.open_question(call) is not None:
            await self.show(speaker, call, await self.program.desk.resume(call))

    async def give_up(self) -> bool:
        """Close the open form, as Cancel does; whether one was open."""
        speaker = await self.speaker()
        call = await self.call(speaker)
        if await self.open_question(call) is None:
            return False
        await self.show(speaker, call, await do_own_word(self.program.desk, call, "cancel"))
        return True


def days_between(start: datetime, end: datetime) -> list[datetime]:
    """Where to stop on the way: after each day, at most so many times; at least at the end."""
    days = max(1, min(_MOST_STOPS, math.ceil((end - start) / timedelta(days=1))))
    return [*(start + (end - start) * n / days for n in range(1, days)), end]


def _chosen(question: Draft, text: str) -> str:
    """What is read when this was chosen from the open question's offers: their value, else the text itself."""
    for label, value in question.offered:
        if squeezed(text) == squeezed(label):
            return value
    return text


def _is_about(said: Said, ref: str) -> bool:
    """Whether a message is about the thing with this short id: its card, or a message that names it."""
    ref = ref.casefold()
    if said.card is not None and ref[:1] == said.card[:1] and ref[1:] == str(said.subject_id):
        return True
    words = "".join(c if c.isalnum() else " " for c in said.text.casefold()).split()
    return ref in words
