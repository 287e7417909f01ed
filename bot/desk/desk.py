"""The desk: a command, press, form or plain text comes in, the right handler is called, an `Answer` goes back.

Every request passes the same gate: faults become private replies, bugs an apology with a reference.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.desk import manners
from bot.desk.closing import handing_in
from bot.desk.dialogue import KEPT, Dialogue, suggest
from bot.desk.filling import ZONE, Filled, Given, fill
from bot.desk.spelling import Speller
from bot.desk.targets import Index, Target
from cogs.kit.action import BadAction, action, take_apart
from cogs.kit.ask import Kind, Parameter
from cogs.kit.call import Call, Right
from cogs.kit.cog import Cog, Where
from cogs.kit.faults import Fault, Misread, NotAllowed, Stale, TryLater
from cogs.kit.form import Choice, Form, Problem
from cogs.kit.oneline import read_line
from cogs.kit.reply import PRIVATE, Button, Reply, Upload, Visibility
from cogs.kit.tools import Tools
from cogs.kit.words import Code, line
from storage.faults import Unreachable
from storage.records.draft import Draft
from storage.reference import instruments, zones

#: Product rule 6: what is destroyed can be undone for this long.
UNDO_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the surface: the reply, and whether only the caller may see it.

    draft: the half-filled form behind an open question, so that the surface may remember the message that asks it.
    """

    reply: Reply
    private: bool

    @property
    def draft(self) -> str | None:
        """The token of the form that this answer opens, if it does."""
        return self.reply.form.token if self.reply.form else None


class Desk:
    """One for the whole program; holds no state of any person or conversation.

    tools: the very ones the cogs hold, with `open_work` made by `closing.once_only`, so that forms are handed in once.
    """

    def __init__(self, cogs: Sequence[Cog], tools: Tools, group_aliases: Mapping[str, str] | None = None) -> None:
        self.index = Index(cogs)
        self.speller = Speller(list(self.index.commands.values()), group_aliases or {})
        self._tools = tools
        self._dialogue = Dialogue(tools.open_work, self.index.cogs)

    # What surfaces call

    async def command(
        self, call: Call, name: str, given: Mapping[str, Given] | None = None, free_text: str = ""
    ) -> Answer:
        """Run a command by its name with what was given, by parameter, and with free text still to be read."""
        return await self._gate(call, f"command {name}", lambda: self._command(call, name, given or {}, free_text))

    async def spelled(self, call: Call, text: str, uploads: Sequence[Upload] = ()) -> Answer:
        """Run a typed line: a command in any of its spellings, a group's menu, or a hint at what was meant."""
        return await self._gate(call, "a typed line", lambda: self._spelled(call, text, uploads))

    async def press(self, call: Call, action_id: str, given: Mapping[str, Given] | None = None) -> Answer:
        """Do what a button says. Anybody may send any id: rights and state are checked by whoever acts."""
        return await self._gate(call, "a press", lambda: self._press(call, action_id, given or {}))

    async def submit(self, call: Call, token: str, given: Mapping[str, Given]) -> Answer:
        """Take in a page of a form: its fields by name; an empty text clears what the draft had."""
        return await self._gate(call, "a form", lambda: self._submit(call, token, given))

    async def heard(
        self, call: Call, text: str, uploads: Sequence[Upload] = (), *, anywhere: bool = False
    ) -> Answer | None:
        """Plain text: the answer to the caller's open question in this place (or anywhere); None when none is open."""
        async with self._tools.open_work(reading=True) as work:
            draft = await work.drafts.open_question(call.person_id, None if anywhere else call.place.key)
        if draft is None or draft.asked is None:
            return None
        asked: Given = uploads[0] if uploads else text
        return await self._gate(call, "an answer", lambda: self._answered(call, draft, asked))

    async def suggest(self, call: Call, name: str, parameter_name: str, typed: str) -> tuple[Choice, ...]:
        """At most 25 values that fit what is being typed; never raises, since there is nobody to be told."""
        try:
            target = self.index.command(name)
            parameter = next(p for p in target.parameters if p.name == parameter_name)
            if parameter.ask.suggest:
                return (await suggest(self.index.cogs, target, parameter, call, typed))[:25]
            return (await self._usual(call, parameter, typed))[:25]
        except (Fault, StopIteration, KeyError, Unreachable):
            return ()

    # The gate

    async def _gate(self, call: Call, doing: str, work: Callable[[], Awaitable[Answer]]) -> Answer:
        try:
            return await self._welcomed(call, await work())
        except Fault as fault:
            return Answer(manners.excuse(fault, call), private=True)
        except Unreachable as fault:
            later = TryLater(f"I cannot reach my records just now ({fault.reason}). Nothing was changed.")
            return Answer(manners.excuse(later, call), private=True)
        except Exception as error:  # noqa: BLE001  # the one place where a bug ends; the trace goes to the log
            return Answer(manners.apologise(error, call, doing), private=True)

    async def _welcomed(self, call: Call, answer: Answer) -> Answer:
        """The answer, with the first words of the cogs under it when it is the first private one of somebody new."""
        words = tuple(cog.first_words for cog in self.index.cogs.values() if cog.first_words)
        if not call.is_new or not words or not answer.private or answer.reply.form is not None:
            return answer
        try:
            async with self._tools.open_work() as work:
                told = not await work.people.begin_tour(call.person_id)
                await work.commit()
        except Unreachable:  # the answer stands; they are told the next time
            return answer
        if told:
            return answer
        return replace(answer, reply=replace(answer.reply, also=(*answer.reply.also, *words)))

    # Commands

    async def _command(self, call: Call, name: str, given: Mapping[str, Given], free_text: str) -> Answer:
        target = self.index.command(name)
        self._may(call, target)
        texts: dict[str, Given] = {k: v for k, v in given.items() if v != ""}
        leftovers = ""
        if free_text.strip():
            if len(free_text) > 4000:
                raise Misread(f"That is {len(free_text)} characters; a line of at most 4000 can be read.")
            read = read_line(target.parameters, free_text, call, given=texts)
            texts |= read.values
            leftovers = read.left
        answer = await self._go_on(call, target, texts, whole=target.opens_form and not texts)
        if leftovers:
            note = line("I did not use this part: ", Code(leftovers[:200]))
            answer = replace(answer, reply=replace(answer.reply, also=(*answer.reply.also, note)))
        return answer

    async def _spelled(self, call: Call, text: str, uploads: Sequence[Upload]) -> Answer:
        spelled = self.speller.read(text)
        if spelled.command is not None:
            given: dict[str, Given] = dict(spelled.given)
            waiting = [p for p in spelled.command.parameters if p.kind is Kind.UPLOAD]
            given |= {p.name: upload for p, upload in zip(waiting, uploads, strict=False)}
            return await self._command(call, spelled.command.name, given, spelled.line)
        if spelled.group is not None:
            return Answer(self._menu(spelled.group, spelled.line), private=True)
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
        buttons = tuple(
            Button(c.summary[:38] if len(c.summary) <= 38 else c.name.capitalize(), action("desk.run", c.key))
            for c in commands[:9]
        )
        return Reply(lines=(*unread, *listed), buttons=buttons, replies=PRIVATE)

    def _may(self, call: Call, target: Target) -> None:
        if target.needs is Right.MODERATE and not call.may(Right.MODERATE):
            raise NotAllowed("Only moderators of this community may do that.", how="Ask one of them to do it.")
        if target.where is Where.COMMUNITY and call.community_id is None:
            raise NotAllowed(
                "That belongs to a community, and you are in none that I know of.",
                how="Use it in your server or group, where I am a member; after that it works here too.",
            )

    async def _go_on(
        self, call: Call, target: Target, texts: Mapping[str, Given], *, whole: bool = False, draft: Draft | None = None
    ) -> Answer:
        """Call the handler when everything is there; otherwise keep what is and ask."""
        filled = await fill(target, texts, call, self._tools.open_work)
        if filled.ready and not whole:
            return await self._do(filled.call, target, texts, filled, draft)
        return await self._ask(filled.call, target, texts, filled, draft, whole=whole)

    async def _ask(
        self,
        call: Call,
        target: Target,
        texts: Mapping[str, Given],
        filled: Filled,
        draft: Draft | None,
        *,
        whole: bool = False,
    ) -> Answer:
        kept = {name: value for name, value in texts.items() if isinstance(value, str)}
        if draft is None:
            return Answer(await self._dialogue.begin(call, target, kept, filled, whole=whole), private=True)
        return Answer(await self._dialogue.ask(call, replace(draft, values=kept), target, filled), private=True)

    async def _do(
        self, call: Call, target: Target, texts: Mapping[str, Given], filled: Filled, draft: Draft | None
    ) -> Answer:
        try:
            reply = await self._hand_in(call, target, filled, draft)
        except Misread as fault:
            known = {p.name for p in target.parameters}
            if fault.field not in known:
                raise
            assert fault.field is not None
            filled.problems[fault.field] = Problem(fault.what, fault.example, fault.choices)
            return await self._ask(call, target, texts, filled, draft)
        return await self._finish(call, reply, target.replies)

    async def _hand_in(self, call: Call, target: Target, filled: Filled, draft: Draft | None) -> Reply:
        """Run the handler; its form, if it came by one, goes with the first thing the handler keeps."""
        if draft is None:
            return await target.do(call, filled.values)
        with handing_in(draft.token, draft.person_id) as closing:
            reply = await target.do(call, filled.values)
            if not closing.closed:  # the handler kept nothing: a question answered, a list shown
                async with self._tools.open_work() as work:
                    await work.commit()
        return reply

    async def _finish(self, call: Call, reply: Reply, declared: Visibility) -> Answer:
        """What every reply of a handler gets: undo kept and offered, form kept and asked, privacy settled."""
        if reply.undo is not None:
            async with self._tools.open_work() as work:
                undo = await work.drafts.offer(
                    call.person_id, reply.undo.label, reply.undo.action, call.now + UNDO_FOR
                )
                await work.commit()
            button = Button("Undo", action("desk.undo", undo.id))
            reply = replace(reply, buttons=(*reply.buttons, button), undo=None)
        if reply.form is not None and reply.form.token is None:
            asked = await self._open_form(call, reply.form)
            reply = replace(asked, lines=(*reply.lines, *asked.lines), title=reply.title)
        visibility = reply.replies or declared
        return Answer(reply, private=visibility is PRIVATE or not call.place.shared)

    async def _open_form(self, call: Call, form: Form) -> Reply:
        key = form.then if form.then.startswith(("command:", "fc:")) else f"command:{form.then.replace(' ', '.')}"
        target = replace(self.index.remembered(key), title=form.title)
        filled = await fill(target, form.values, call, self._tools.open_work)
        filled.problems.update(form.problems)
        whole = not form.problems
        return await self._dialogue.begin(call, target, dict(form.values), filled, whole=whole)

    # Presses

    async def _press(self, call: Call, action_id: str, given: Mapping[str, Given]) -> Answer:
        try:
            pressed = take_apart(action_id)
            if pressed.name.startswith("desk."):
                return await self._own(call, pressed.name.removeprefix("desk."), pressed.args, given)
            target = self.index.press(pressed)
        except BadAction:
            raise Stale("That button is from an older version of me and no longer does anything.") from None
        self._may(call, target)
        whole = bool(target.parameters) and not given
        return await self._go_on(call, target, given, whole=whole)

    async def _own(self, call: Call, name: str, args: Sequence[str], given: Mapping[str, Given]) -> Answer:
        """The desk's own buttons."""
        match name, *args:
            case "run", key:
                command = key.replace(".", " ")
                if command in self.index.commands:
                    return await self._command(call, command, given, "")
            case "undo", number:
                return await self._undo(call, _count(number))
            case "choose", token, number:
                draft = await self._draft(call, token)
                choice = _count(number)
                if draft.asked is not None and choice < len(draft.offered):
                    return await self._answered(call, draft, draft.offered[choice][1])
                return await self._resume(call, draft)
            case "skip" | "back" | "cancel" | "open", token:
                return await self._step(call, name, await self._draft(call, token))
        raise BadAction(name)

    async def _step(self, call: Call, name: str, draft: Draft) -> Answer:
        target = self.index.remembered(draft.target)
        match name:
            case "cancel":
                async with self._tools.open_work() as work:
                    await work.drafts.drop(draft.token, draft.person_id)
                    await work.commit()
                return Answer(
                    Reply(lines=(line("Cancelled. Nothing was sent."),), replaces=True, replies=PRIVATE), True
                )
            case "skip" if draft.asked and not self._required(target, draft.asked):
                passed = (*draft.asked_fields, draft.asked)
                values = {k: v for k, v in draft.values.items() if k != draft.asked}
                return await self._kept(call, replace(draft, asked_fields=passed, asked=None, values=values), target)
            case "back" if draft.asked_fields:
                *passed_before, last = draft.asked_fields
                values = {k: v for k, v in draft.values.items() if k != last}
                values["_before"] = draft.values.get(last, "")
                values = {k: v for k, v in values.items() if v}
                return await self._kept(
                    call,
                    replace(draft, asked_fields=tuple(passed_before), asked=None, values=values),
                    target,
                    again=True,
                )
        return await self._resume(call, draft)

    def _required(self, target: Target, name: str) -> bool:
        return any(p.required for p in (ZONE, *target.parameters) if p.name == name)

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

    async def _draft(self, call: Call, token: str) -> Draft:
        async with self._tools.open_work(reading=True) as work:
            draft = await work.drafts.get(token, call.person_id)
        if draft is None or draft.expires_at <= call.now:
            raise Stale(
                "That form has been sent, cancelled or has expired. Start it again; nothing was lost but its fields."
            )
        return draft

    async def _answered(self, call: Call, draft: Draft, value: Given) -> Answer:
        target = self.index.remembered(draft.target)
        assert draft.asked is not None
        if isinstance(value, Upload):
            filled = await fill(target, {**draft.values, draft.asked: value}, call, self._tools.open_work)
            if filled.ready:
                return await self._do(filled.call, target, draft.values, filled, draft)
            value = value.name
        if value.strip().casefold() in ("skip", "-") and not self._required(target, draft.asked):
            return await self._step(call, "skip", draft)
        values = {**draft.values, draft.asked: value}
        passed = (*[name for name in draft.asked_fields if name != draft.asked], draft.asked)
        return await self._kept(call, replace(draft, values=values, asked_fields=passed), target)

    async def _submit(self, call: Call, token: str, given: Mapping[str, Given]) -> Answer:
        draft = await self._draft(call, token)
        target = self.index.remembered(draft.target)
        values: dict[str, Given] = {**draft.values, **given}
        values = {name: value for name, value in values.items() if value != ""}
        uploads = {name: value for name, value in values.items() if isinstance(value, Upload)}
        texts = {name: value for name, value in values.items() if isinstance(value, str)}
        passed = tuple(dict.fromkeys((*draft.asked_fields, *given)))
        return await self._kept(
            call, replace(draft, values=texts, asked_fields=passed, asked=None), target, uploads=uploads
        )

    async def _kept(
        self,
        call: Call,
        draft: Draft,
        target: Target,
        *,
        uploads: Mapping[str, Upload] | None = None,
        again: bool = False,
    ) -> Answer:
        """Write the draft down, then go on with it: hand it in when it is complete, ask the next question otherwise."""
        async with self._tools.open_work() as work:
            await work.drafts.change(
                draft.token,
                draft.person_id,
                values=draft.values,
                asked_fields=draft.asked_fields,
                asked=draft.asked,
                expires_at=call.now + KEPT,
            )
            await work.commit()
        filled = await fill(target, {**draft.values, **(uploads or {})}, call, self._tools.open_work)
        draft = replace(draft, values={k: v for k, v in draft.values.items() if k != "_before"})
        if not again and filled.ready and self._dialogue.next_open(draft, target, filled) is None:
            return await self._do(filled.call, target, {**draft.values, **(uploads or {})}, filled, draft)
        for name in filled.problems:  # a field that was not taken is open again
            draft = replace(draft, asked_fields=tuple(n for n in draft.asked_fields if n != name))
        reply = await self._dialogue.ask(filled.call, draft, target, filled)
        return Answer(replace(reply, replaces=True), private=True)

    async def _resume(self, call: Call, draft: Draft) -> Answer:
        target = self.index.remembered(draft.target)
        filled = await fill(target, draft.values, call, self._tools.open_work)
        return Answer(await self._dialogue.ask(filled.call, draft, target, filled), private=True)

    async def resume(self, call: Call, token: str | None = None) -> Answer:
        """Take up the caller's newest half-filled form, or the one behind a deep link."""
        return await self._gate(call, "resume", lambda: self._take_up(call, token))

    async def _take_up(self, call: Call, token: str | None) -> Answer:
        if token is not None:
            return await self._resume(call, await self._draft(call, token))
        async with self._tools.open_work(reading=True) as work:
            draft = await work.drafts.newest(call.person_id, call.now)
        if draft is None:
            raise Stale("There is no half-filled form of yours.")
        return await self._resume(call, draft)

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
