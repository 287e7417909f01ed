"""The desk: a command, press, form or plain text comes in, the right handler is called, an `Answer` goes back.

Every request passes the same gate: faults become private replies, bugs an apology with a reference.
"""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from bot.desk import figures, manners
from bot.desk.answer import Answer
from bot.desk.dialogue import suggest
from bot.desk.figures import NOTHING, Figures
from bot.desk.filling import Given
from bot.desk.flood import Flood
from bot.desk.forms import Forms
from bot.desk.overheard import Overheard
from bot.desk.rights import Rights
from bot.desk.spelling import Speller
from bot.desk.targets import Index, Target
from bot.desk.warming import Warming
from cogs.kit.action import BadAction, action, take_apart
from cogs.kit.ask import Kind, Parameter
from cogs.kit.call import Call
from cogs.kit.cog import Cog, Command
from cogs.kit.faults import Fault, Misread, Stale
from cogs.kit.form import Choice
from cogs.kit.oneline import read_line
from cogs.kit.reply import LABEL_CHARACTERS, PRIVATE, Button, Reply, Upload
from cogs.kit.tools import Tools
from cogs.kit.words import Code, line
from storage.faults import Unreachable
from storage.reference import instruments, zones

#: Where a clause may be cut short and still say something.
_PAUSE = re.compile(r"\s(?:in\s)?(?:by|for|that|when|whether|which|who)\s")


class Desk:
    """One for the whole program; holds no state of any person or conversation.

    tools: the very ones the cogs hold, with `open_work` made by `closing.once_only`, so that forms are handed in once.
    warming: what requests wait for, where there is somebody else to hold up.
    """

    def __init__(
        self,
        cogs: Sequence[Cog],
        tools: Tools,
        group_aliases: Mapping[str, str] | None = None,
        figures: Figures | None = None,
        flood: Flood | None = None,
        warming: Warming | None = None,
    ) -> None:
        self.index = Index(cogs)
        self.speller = Speller(list(self.index.commands.values()), group_aliases or {})
        self._tools = tools
        self._rights = Rights(tools)
        self._overheard = Overheard(self.index.commands.values(), tools.open_work)
        self._forms = Forms(self.index, tools.open_work, self._rights)
        self._figures = figures or Figures()
        self._flood = flood
        self._warming = warming

    # What surfaces call

    async def command(
        self, call: Call, name: str, given: Mapping[str, Given] | None = None, free_text: str = ""
    ) -> Answer:
        """Run a command by its name with what was given, by parameter, and with free text still to be read."""
        return await self._gate(call, "command", lambda: self._command(call, name, given or {}, free_text))

    async def spelled(self, call: Call, text: str, uploads: Sequence[Upload] = ()) -> Answer:
        """Run a typed line: a command in any of its spellings, a group's menu, or a hint at what was meant."""
        return await self._gate(call, "typed line", lambda: self._spelled(call, text, uploads))

    async def press(self, call: Call, action_id: str, given: Mapping[str, Given] | None = None) -> Answer:
        """Do what a button says. Anybody may send any id: rights and state are checked by whoever acts."""
        return await self._gate(call, "press", lambda: self._press(call, action_id, given or {}))

    async def submit(self, call: Call, token: str, given: Mapping[str, Given]) -> Answer:
        """Take in a page of a form: its fields by name; an empty text clears what the draft had."""
        return await self._gate(call, "form", lambda: self._forms.submit(call, token, given))

    async def heard(
        self, call: Call, text: str, uploads: Sequence[Upload] = (), *, anywhere: bool = False
    ) -> Answer | None:
        """Plain text: the answer to the caller's open question in this place (or anywhere); None when none is open."""
        async with self._tools.open_work(reading=True) as work:
            draft = await work.drafts.open_question(call.person_id, None if anywhere else call.place.key)
        if draft is None or draft.asked is None:
            return None
        asked: Given = uploads[0] if uploads else text
        return await self._gate(call, "answer", lambda: self._forms.answered(call, draft, asked))

    async def suggest(self, call: Call, name: str, parameter_name: str, typed: str) -> tuple[Choice, ...]:
        """At most 25 values that fit what is being typed; never raises, since there is nobody to be told."""
        if self._warming is not None:
            await self._warming.done()
        try:
            target = self.index.command(name)
            parameter = next(p for p in target.parameters if p.name == parameter_name)
            if parameter.ask.suggest:
                return (await suggest(self.index.cogs, target, parameter, call, typed))[:25]
            return (await self._usual(call, parameter, typed))[:25]
        except (Fault, StopIteration, KeyError, Unreachable):
            return ()

    # The gate

    async def _gate(self, call: Call, sort: str, work: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer of `work`, whatever becomes of it; and it is counted. sort: what was done, one of a few words."""
        if (held := self._held_back(call, sort)) is not None:
            return held
        began = time.perf_counter()
        if self._warming is not None:
            await self._warming.done()
        with figures.request() as found:
            try:
                answer = await self._welcomed(call, await work())
                ended = "done" if answer.reply.form is None else "asked"
            except Exception as error:  # noqa: BLE001  # the one place where a bug ends; the trace goes to the log
                answer = Answer(self._excuse(error, call, found[0] if found else sort), private=True)
                ended = figures.outcome(error)
        self._figures.requests[call.surface, found[0] if found else NOTHING, ended] += 1
        self._figures.took[sort].note(time.perf_counter() - began)
        return answer

    def _held_back(self, call: Call, sort: str) -> Answer | None:
        """What somebody gets who asks for too much at once; None: they do not.

        A filled-in form is taken all the same: what was typed there is worth more than what taking it costs.
        """
        held = self._flood.enter(call.person_id, call.place.key if call.place.shared else None) if self._flood else None
        if held is None or sort == "form":
            return None
        self._figures.requests[call.surface, NOTHING, "held back"] += 1
        return Answer(manners.excuse(manners.too_much(call, held.seconds), call), private=True, aside=held.told)

    def is_crowding(self, call: Call) -> bool:
        """Whether the caller's next request will be held back, so that nothing need be fetched for it first."""
        return self._flood is not None and self._flood.is_full(call.person_id)

    def _excuse(self, error: Exception, call: Call, doing: str) -> Reply:
        if isinstance(error, Unreachable):
            error = manners.no_records(error)
        return manners.excuse(error, call) if isinstance(error, Fault) else manners.apologise(error, call, doing)

    async def _welcomed(self, call: Call, answer: Answer) -> Answer:
        """The answer, with the first words of the cogs under it when it is the first private one of somebody new."""
        if not call.is_new or not answer.private or answer.reply.form is not None:
            return answer
        try:
            async with self._tools.open_work() as work:
                told = not await work.people.begin_tour(call.person_id)
                person = await work.people.get(call.person_id)
                await work.commit()
        except Unreachable:  # the answer stands; they are told the next time
            return answer
        if told or person is None:
            return answer
        words = filter(None, (cog.first_words(person) for cog in self.index.cogs.values()))
        return replace(answer, reply=replace(answer.reply, also=(*answer.reply.also, *words)))

    # Commands

    async def _command(self, call: Call, name: str, given: Mapping[str, Given], free_text: str) -> Answer:
        target = self.index.command(name)
        figures.asked_for(target.key)
        call = await self._rights.entitled(call, target)
        texts: dict[str, Given] = {k: v for k, v in given.items() if v != ""}
        leftovers = ""
        if free_text.strip():
            if len(free_text) > 4000:
                raise Misread(f"That is {len(free_text)} characters; a line of at most 4000 can be read.")
            read = read_line(target.parameters, free_text, call, given=texts)
            texts |= await self._parted(call, target, read.values)
            leftovers = read.left
        answer = await self._forms.go_on(call, target, texts, whole=target.opens_form and not texts)
        if leftovers:
            note = line("I did not use this part: ", Code(leftovers[:200]))
            answer = replace(answer, reply=replace(answer.reply, also=(*answer.reply.also, note)))
        return answer

    async def _parted(self, call: Call, target: Target, values: Mapping[str, str]) -> Mapping[str, str]:
        """The values of one line, with words behind a known name given to the text that comes after it.

        "Bob thanks for Friday" is Bob and a note, where there is a Bob and nobody of the longer name.
        """
        for place, name in enumerate(target.parameters):
            words = values.get(name.name, "").split()
            later = [p for p in target.parameters[place + 1 :] if p.kind in (Kind.TEXT, Kind.LONG) and not p.ask.find]
            text = min(later, key=lambda p: (p.name != "note", not p.required, not p.ask.free), default=None)
            named = name.kind is Kind.PERSON and not name.many
            listed = name.kind is Kind.TEXT and name.ask.suggest is not None and text is not None and text.required
            if text is None or len(words) < 2 or not (named or listed):
                continue
            for count in range(len(words), 0, -1):
                head, rest = " ".join(words[:count]).rstrip(",:;"), " ".join(words[count:]).lstrip(",:;- ")
                if await self._is_known(call, target, name, head):
                    number = next(
                        (p.name for p in target.parameters if p.kind is Kind.WHOLE and p.name not in values), ""
                    )
                    if number and (led := re.match(r"(\d{1,3})(?!\w)[\s,:;-]*", rest)):
                        values, rest = {**values, number: led[1]}, rest[led.end() :]
                    behind = ", ".join(filter(None, (rest, values.get(text.name))))
                    return {**values, name.name: head} | ({text.name: behind} if behind else {})
        return values

    async def _is_known(self, call: Call, target: Target, parameter: Parameter, name: str) -> bool:
        """Whether somebody, or something the cog offers, is called exactly that."""
        if parameter.kind is not Kind.PERSON:
            offered = await suggest(self.index.cogs, target, parameter, call, name)
            return any(name.casefold() in (one.label.casefold(), one.value.casefold()) for one in offered)
        if call.community_id is None:
            return False
        async with self._tools.open_work(reading=True) as work:
            found = await work.people.named(call.community_id, name)
        return any(one.name.casefold() == name.casefold().removeprefix("@") for one in found)

    async def _spelled(self, call: Call, text: str, uploads: Sequence[Upload]) -> Answer:
        spelled = self.speller.read(text)
        if spelled.command is not None:
            given: dict[str, Given] = dict(spelled.given)
            waiting = [p for p in spelled.command.parameters if p.kind is Kind.UPLOAD]
            given |= {p.name: upload for p, upload in zip(waiting, uploads, strict=False)}
            return await self._command(call, spelled.command.name, given, spelled.line)
        if spelled.group is not None:
            return Answer(self._menu(spelled.group, spelled.line), private=True)
        if not text.lstrip().startswith("/") and not call.place.shared:
            offer = await self._overheard.offer(call, text)
            if offer is not None:
                return Answer(offer, private=True)
        near = ", ".join(f"/{name}" for name in spelled.near)
        hint = line("Did you mean ", Code(near), "?") if near else line("See what there is with ", Code("/help"), ".")
        first = text.split()[0] if text.split() else "/"
        return Answer(
            Reply(lines=(line("I know no command ", Code(first[:40]), "."), hint), replies=PRIVATE), private=True
        )

    def _menu(self, group: str, rest: str) -> Reply:
        commands = [c for c in self.index.commands.values() if c.name.split()[0] == group and " " in c.name]
        unread = (line("I could not tell what to do with ", Code(rest[:80]), "."),) if rest else ()
        listed = tuple(line(Code(f"/{c.name}"), f"  {c.summary}") for c in commands)
        buttons = tuple(Button(_in_brief(c), action("desk.run", c.key)) for c in commands[:9])
        return Reply(lines=(*unread, *listed), buttons=buttons, replies=PRIVATE)

    # Presses

    async def _press(self, call: Call, action_id: str, given: Mapping[str, Given]) -> Answer:
        try:
            pressed = take_apart(action_id)
            if pressed.name.startswith("desk."):
                return await self._own(call, pressed.name.removeprefix("desk."), pressed.args, given)
            target = self.index.press(pressed)
            figures.asked_for(target.key)
        except BadAction:
            raise Stale("That button is from an older version of me and no longer does anything.") from None
        call = await self._rights.entitled(call, target)
        whole = bool(target.parameters) and not given
        return await self._forms.go_on(call, target, given, whole=whole)

    async def _own(self, call: Call, name: str, args: Sequence[str], given: Mapping[str, Given]) -> Answer:
        """The desk's own buttons."""
        match name, *args:
            case "run", key:
                command = key.replace(".", " ")
                if command in self.index.commands:
                    return await self._command(call, command, given, "")
            case "meant", token, key:
                text, command = await self._overheard.text_of(call, token), key.replace(".", " ")
                if text is None:
                    raise Stale("I no longer have that text. Write it again, with the command before it.")
                if command in self.index.commands:
                    return await self._command(call, command, {}, text)
            case "undo", number:
                return await self._undo(call, _count(number))
            case "choose", token, number:
                draft = await self._forms.draft(call, token)
                choice = _count(number)
                if draft.asked is not None and choice < len(draft.offered):
                    return await self._forms.answered(call, draft, draft.offered[choice][1])
                return await self._forms.resume(call, draft)
            case "skip" | "keep" | "done" | "back" | "cancel" | "open", token:
                return await self._forms.step(call, name, await self._forms.draft(call, token))
        raise BadAction(name)

    async def _undo(self, call: Call, undo_id: int | None) -> Answer:
        async with self._tools.open_work() as work:
            undo = (
                await work.drafts.take_undo(undo_id, call.person_id, call.now)
                if undo_id is not None
                else await work.drafts.latest_undo(call.person_id, call.now)
            )
            if undo is not None and undo_id is None:
                undo = await work.drafts.take_undo(undo.id, call.person_id, call.now)
            await work.commit()
        if undo is None:
            raise Stale("There is nothing left to undo: it was undone before, or ten minutes have passed.")
        return await self._press(call, undo.action, {})

    async def undo_last(self, call: Call) -> Answer:
        """Take back the caller's last deed, within ten minutes (`/undo`)."""
        return await self._gate(call, "undo", lambda: self._undo(call, None))

    # Forms and questions

    async def resume(self, call: Call, token: str | None = None) -> Answer:
        """Take up the caller's newest half-filled form, or the one behind a deep link."""
        return await self._gate(call, "resume", lambda: self._take_up(call, token))

    async def _take_up(self, call: Call, token: str | None) -> Answer:
        if token is not None:
            return await self._forms.resume(call, await self._forms.draft(call, token))
        async with self._tools.open_work(reading=True) as work:
            draft = await work.drafts.newest(call.person_id, call.now)
        if draft is None:
            raise Stale("There is no half-filled form of yours.")
        return await self._forms.resume(call, draft)

    async def leave(self, call: Call, *, drop: bool = False) -> bool:
        """Close the caller's open question: kept for /resume, or dropped. Whether there was one."""
        async with self._tools.open_work() as work:
            draft = await work.drafts.open_question(call.person_id, None)
            if draft is None:
                return False
            if drop:
                await work.drafts.drop(draft.token, draft.person_id)
            else:
                await work.drafts.change(draft.token, draft.person_id, asked=None, offered=())
            await work.commit()
        return True

    # Suggestions

    async def _usual(self, call: Call, parameter: Parameter, typed: str) -> tuple[Choice, ...]:
        match parameter.kind:
            case Kind.ROLE:
                return tuple(Choice(i.name, i.id) for i in instruments.suggest(typed, limit=25))
            case Kind.ZONE:
                return tuple(Choice(zone, zone) for zone in zones.suggest(typed, limit=25))
            case Kind.CHOICE | Kind.YESNO:
                return tuple(c for c in parameter.choices() if typed.casefold() in c.label.casefold())
            case Kind.PERSON if call.community_id is not None:
                async with self._tools.open_work(reading=True) as work:
                    people = await work.people.named(call.community_id, typed.removeprefix("@"))
                return tuple(Choice(p.name, f"person:{p.id}") for p in people)
        return ()


def _count(text: str) -> int:
    """A number out of one of the desk's own buttons. Raises BadAction for anything else."""
    if not text.isascii() or not text.isalnum() or len(text) > 12:
        raise BadAction(text)
    return int(text, 36)


def _in_brief(command: Command) -> str:
    """What a menu's button says: the summary's first clause, less of it where that is long, or the name."""
    clause = re.split(r"[:;,(]", command.summary, maxsplit=1)[0].rstrip()
    pauses = [len(clause), *(pause.start() for pause in _PAUSE.finditer(clause))]
    fitting = [clause[:pause] for pause in pauses if pause <= LABEL_CHARACTERS and " " in clause[:pause]]
    return max(fitting, key=len, default=command.name.capitalize())
