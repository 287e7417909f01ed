"""Forms from the first missing field to the handler: kept, asked, gone back in, handed in once, and taken up again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.desk import figures
from bot.desk.answer import Answer
from bot.desk.closing import handing_in, once_more
from bot.desk.dialogue import FIXING, KEPT, WAS, Dialogue, typed_step
from bot.desk.filling import ZONE, Filled, Given, fill
from bot.desk.rights import Rights
from bot.desk.targets import Index, Target
from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.faults import Fault, Misread, Stale
from cogs.kit.form import Form, Problem
from cogs.kit.reply import PRIVATE, Button, Reply, Upload, Visibility
from cogs.kit.undo import offers
from cogs.kit.words import line
from storage.records.draft import Draft
from storage.work import OpenWork

#: Text longer than this is no name of a button.
_LONGEST_STEP = 20


class Forms:
    """Fills targets; the state is in draft rows only."""

    def __init__(self, index: Index, open_work: OpenWork, rights: Rights) -> None:
        self._index = index
        self._open_work = open_work
        self._rights = rights
        self._dialogue = Dialogue(open_work, index.cogs)

    async def go_on(
        self, call: Call, target: Target, texts: Mapping[str, Given], *, whole: bool = False, draft: Draft | None = None
    ) -> Answer:
        """Call the handler when everything is there; otherwise keep what is and ask."""
        filled = await fill(target, texts, call, self._open_work)
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
        kept = _texts(texts)
        if draft is None:
            return Answer(await self._dialogue.begin(call, target, kept, filled, whole=whole), private=True)
        return Answer(await self._dialogue.ask(call, replace(draft, values=kept), target, filled), private=True)

    async def _do(
        self, call: Call, target: Target, texts: Mapping[str, Given], filled: Filled, draft: Draft | None
    ) -> Answer:
        try:
            with offers() as offered:
                reply = await self._hand_in(call, target, filled, draft)
        except Misread as fault:
            known = {p.name for p in target.parameters}
            if fault.field not in known:
                raise
            assert fault.field is not None
            needed = fault.needed or fault.field not in filled.values
            filled.problems[fault.field] = Problem(fault.what, fault.example, fault.choices, needed)
            return await self._ask(call, target, texts, filled, draft)
        except Fault as fault:
            if fault.keeps and draft is None:  # a form that was being handed in is there still
                await self._dialogue.lay_by(call, target, _texts(texts))
            raise
        return await self._finish(call, reply, target.replies, offered.undo_id)

    async def _hand_in(self, call: Call, target: Target, filled: Filled, draft: Draft | None) -> Reply:
        """Run the handler; its form, if it came by one, goes with the first thing the handler keeps."""
        if draft is None:
            return await once_more(lambda: target.do(call, filled.values))
        with handing_in(draft.token, draft.person_id) as closing:
            reply = await once_more(lambda: target.do(call, filled.values))
            if not closing.closed:  # the handler kept nothing: a question answered, a list shown
                async with self._open_work() as work:
                    await work.commit()
        return reply

    async def _finish(self, call: Call, reply: Reply, declared: Visibility, undo_id: int | None) -> Answer:
        """What every reply of a handler gets: its undo as a button, its form kept and asked, its privacy settled."""
        if undo_id is not None:
            reply = replace(reply, buttons=(*reply.buttons, Button("Undo", action("desk.undo", undo_id))))
        if reply.form is not None and reply.form.token is None:
            asked = await self._open_form(call, reply.form)
            reply = replace(asked, lines=(*reply.lines, *asked.lines), title=reply.title)
        visibility = reply.replies or declared
        return Answer(reply, private=visibility is PRIVATE or not call.place.shared)

    async def _open_form(self, call: Call, form: Form) -> Reply:
        key = form.then if form.then.startswith(("command:", "fc:")) else f"command:{form.then.replace(' ', '.')}"
        target = replace(self._index.remembered(key), title=form.title)
        filled = await fill(target, form.values, call, self._open_work)
        filled.problems.update(form.problems)
        whole = not form.problems
        return await self._dialogue.begin(
            call, target, dict(form.values), filled, whole=whole, fixing=whole and form.fixing
        )

    async def step(self, call: Call, name: str, draft: Draft) -> Answer:
        """Skip, keep, go back, cancel, be done, or open again."""
        target = self._target(draft)
        match name:
            case "cancel":
                async with self._open_work() as work:
                    await work.drafts.drop(draft.token, draft.person_id)
                    await work.commit()
                return Answer(
                    Reply(lines=(line("Cancelled. Nothing was sent."),), replaces=True, replies=PRIVATE), True
                )
        call = await self._rights.handing_in(call, target, draft)
        match name:
            case "skip" if draft.asked and not self._required(target, draft.asked):
                passed = (*draft.asked_fields, draft.asked)
                values = {k: v for k, v in draft.values.items() if k not in (draft.asked, WAS + draft.asked)}
                return await self._kept(call, replace(draft, asked_fields=passed, asked=None, values=values), target)
            case "keep" if draft.asked and {draft.asked, WAS + draft.asked} & draft.values.keys():
                passed = (*[n for n in draft.asked_fields if n != draft.asked], draft.asked)
                return await self._kept(
                    call, replace(draft, asked_fields=passed, asked=None, values=_as_was(draft)), target
                )
            case "done":
                draft = replace(draft, values=_as_was(draft))
                filled = await fill(target, draft.values, call, self._open_work)
                if filled.ready:
                    return await self._do(filled.call, target, draft.values, filled, draft)
            case "back" if earlier := [n for n in draft.asked_fields if n != draft.asked]:
                values = _as_was(draft)
                if FIXING not in values and earlier[-1] in values:
                    values[WAS + earlier[-1]] = values.pop(earlier[-1])
                passed = tuple(earlier[:-1])
                return await self._kept(
                    call, replace(draft, asked_fields=passed, asked=None, values=values), target, again=True
                )
        return await self.resume(call, draft)

    def _required(self, target: Target, name: str) -> bool:
        return any(p.required for p in (ZONE, *target.parameters) if p.name == name)

    async def draft(self, call: Call, token: str) -> Draft:
        """The caller's own draft. Raises Stale when it is gone, expired or somebody else's."""
        async with self._open_work(reading=True) as work:
            draft = await work.drafts.get(token, call.person_id)
        if draft is None or draft.expires_at <= call.now:
            raise Stale(
                "That form has been sent, cancelled or has expired. Start it again; nothing was lost but its fields."
            )
        return draft

    def _target(self, draft: Draft) -> Target:
        target = self._index.remembered(draft.target)
        figures.asked_for(target.key)
        return target

    async def answered(self, call: Call, draft: Draft, value: Given) -> Answer:
        """Take the answer to the open question of a draft and go on."""
        target = self._target(draft)
        call = await self._rights.handing_in(call, target, draft)
        assert draft.asked is not None
        if isinstance(value, Upload):
            filled = await fill(target, {**draft.values, draft.asked: value}, call, self._open_work)
            if filled.ready:
                return await self._do(filled.call, target, draft.values, filled, draft)
            value = value.name
        if (step := await self._step_meant(call, target, draft, value)) is not None:
            return await self.step(call, step, draft)
        values = {**draft.values, draft.asked: value}
        was = values.pop(WAS + draft.asked, draft.values.get(draft.asked) if FIXING in values else None)
        if was and draft.asked in (await fill(target, values, call, self._open_work)).problems:
            values[WAS + draft.asked] = was
        passed = (*[name for name in draft.asked_fields if name != draft.asked], draft.asked)
        return await self._kept(call, replace(draft, values=values, asked_fields=passed), target)

    async def _step_meant(self, call: Call, target: Target, draft: Draft, text: str) -> str | None:
        """The button under the open question that a typed answer says instead of answering; None for an answer."""
        parameter = next((p for p in (ZONE, *target.parameters) if p.name == draft.asked), None)
        if parameter is None or len(text) > _LONGEST_STEP:
            return None
        filled = await fill(target, draft.values, call, self._open_work)
        problem = filled.problems.get(parameter.name)
        return typed_step(text, draft, parameter, problem, many=self._dialogue.has_many(draft, target, filled))

    async def submit(self, call: Call, token: str, given: Mapping[str, Given]) -> Answer:
        """Take in a page of a form: its fields by name; an empty text clears what the draft had."""
        draft = await self.draft(call, token)
        target = self._target(draft)
        call = await self._rights.handing_in(call, target, draft)
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
        async with self._open_work() as work:
            await work.drafts.change(
                draft.token,
                draft.person_id,
                values=draft.values,
                asked_fields=draft.asked_fields,
                asked=draft.asked,
                expires_at=call.now + KEPT,
            )
            await work.commit()
        filled = await fill(target, {**draft.values, **(uploads or {})}, call, self._open_work)
        if not again and filled.ready and self._dialogue.next_open(draft, target, filled) is None:
            return await self._do(filled.call, target, {**draft.values, **(uploads or {})}, filled, draft)
        for name in filled.problems:  # a field that was not taken is open again
            draft = replace(draft, asked_fields=tuple(n for n in draft.asked_fields if n != name))
        reply = await self._dialogue.ask(filled.call, draft, target, filled)
        return Answer(replace(reply, replaces=True), private=True)

    async def resume(self, call: Call, draft: Draft) -> Answer:
        """Ask the open question of a draft again."""
        target = self._target(draft)
        call = await self._rights.handing_in(call, target, draft)
        filled = await fill(target, draft.values, call, self._open_work)
        return Answer(await self._dialogue.ask(filled.call, draft, target, filled), private=True)


def _as_was(draft: Draft) -> dict[str, str]:
    """The values of a draft without the answers that were not taken."""
    values = dict(draft.values)
    for name in [n for n in values if n.startswith(WAS)]:
        values[name.removeprefix(WAS)] = values.pop(name)
    return values


def _texts(given: Mapping[str, Given]) -> dict[str, str]:
    """What was typed; files are not kept with a form."""
    return {name: value for name, value in given.items() if isinstance(value, str)}
