"""The cog that changes reminders: one part at a time, by command, or by the form behind a button.

One part at a time, because a form of several questions is a long walk where questions come one by one, and because a
repeat should not be lost by somebody who only corrects an hour.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

from cogs.kit.action import action as action_id
from cogs.kit.ask import Ask, Parameter, parameters_of
from cogs.kit.call import Call
from cogs.kit.cog import Cog, action, command
from cogs.kit.faults import Misread
from cogs.kit.form import Choice, Form, Problem
from cogs.kit.moments import value_text
from cogs.kit.reading import read
from cogs.kit.reply import PRIVATE, Reply
from cogs.kit.when import When
from cogs.reminders import asked, cards, rules
from cogs.reminders.asked import Goes, Part
from cogs.reminders.phrases import lead_text, typed_text
from cogs.reminders.suggestions import Suggestions
from storage.records.reminder import Reminder

#: What takes each part, by the name of its action.
_SETTERS = {
    Part.WHEN: "set_time", Part.WHAT: "set_words", Part.REPEAT: "set_repeat", Part.UNTIL: "set_end",
    Part.LEAD: "set_lead", Part.WHERE: "set_place",
}  # fmt: skip


class RemindSetCog(Suggestions, Cog, name="remindset", topic="Reminders"):
    """Change a reminder: its time, its words, how often it comes."""

    @command("remind edit", "Change a reminder", example="/remind edit R4 when tomorrow 10am")
    async def edit(
        self,
        call: Call,
        id_: Annotated[int, asked.WHICH],
        field: Annotated[Part | None, Ask("What shall change?", also=asked.PART_ALSO, free=False)] = None,
        value: Annotated[
            str | None, Ask("What shall it be?", example="tomorrow 10am", max_length=rules.LONGEST)
        ] = None,
    ) -> Reply:
        """Change one thing about a reminder; with nothing said, offer what can be changed."""
        if field is None and value is not None:
            field, value = _taken_apart(value)
        if field is None:
            return cards.editing(await self._service.show(call, id_))
        if value is None or (call.zone is None and field in (Part.WHEN, Part.UNTIL)):
            return await self._form(call, id_, field, value)
        try:
            return await self._change(call, id_, field, value)
        except Misread as fault:
            if fault.field is None or fault.field != _asked(_SETTERS[field]).name:
                fault.field = "value"
                raise
            problem = Problem(fault.what, fault.example, fault.choices)
            return await self._form(call, id_, field, value, problem)

    async def _change(self, call: Call, reminder_id: int, field: Part, text: str) -> Reply:
        match field:
            case Part.WHEN:
                return await self.set_time(call, reminder_id, when=read(_asked("set_time"), text, call))
            case Part.WHAT:
                return await self.set_words(call, reminder_id, what=read(_asked("set_words"), text, call))
            case Part.REPEAT:
                return await self.set_repeat(call, reminder_id, repeat=read(_asked("set_repeat"), text, call))
            case Part.UNTIL:
                return await self.set_end(call, reminder_id, until=read(_asked("set_end"), text, call))
            case Part.LEAD:
                nothing = text.strip().casefold() in ("no", "none", "0", "off")
                lead = () if nothing else read(_asked("set_lead"), text, call)
                return await self.set_lead(call, reminder_id, lead=lead)
            case Part.WHERE:
                return await self.set_place(call, reminder_id, where=read(_asked("set_place"), text, call))

    async def _form(
        self, call: Call, reminder_id: int, field: Part, text: str | None, problem: Problem | None = None
    ) -> Reply:
        """The form for one part of it, with what is there now, or with what was typed and what is wrong with it."""
        reminder = (await self._service.show(call, reminder_id)).reminder
        setter = _SETTERS[field]
        parameter = _asked(setter)
        now = text if text is not None else _typed(reminder, field, call)
        return Reply(
            form=Form(
                title=f"{reminder.ref}: {field.label}",
                fields=(parameter,),
                then=action_id(f"remindset.{setter}", reminder_id),
                values={parameter.name: now} if now else {},
                problems={parameter.name: problem} if problem is not None else {},
            ),
            replies=PRIVATE,
        )

    @action("edit")
    async def edit_pressed(self, call: Call, reminder_id: int) -> Reply:
        """What can be changed about it."""
        return cards.editing(await self._service.show(call, reminder_id))

    @action("fix")
    async def fix(self, call: Call, reminder_id: int, field: Part = Part.WHEN) -> Reply:
        """Open the form for one part of it."""
        return await self._form(call, reminder_id, field, None)

    @action("set_time", title="When?")
    async def set_time(self, call: Call, reminder_id: int, *, when: Annotated[When, asked.WHEN]) -> Reply:
        """Another time."""
        timing = await self._service.timing(call, when)

        def change(reminder: Reminder) -> Reminder:
            settled = rules.moved(reminder.timing, timing, call.now, day_said=when.day_said)
            return replace(reminder, timing=settled, leads=rules.with_leads(settled, reminder.leads))

        return cards.changed(await self._service.change(call, reminder_id, change))

    @action("set_words", title="What about?")
    async def set_words(self, call: Call, reminder_id: int, *, what: Annotated[str, asked.WHAT]) -> Reply:
        """Other words."""
        kept = await self._service.change(call, reminder_id, lambda it: replace(it, text=rules.tidy(what)))
        return cards.changed(kept)

    @action("set_repeat", title="How often?")
    async def set_repeat(self, call: Call, reminder_id: int, *, repeat: Annotated[str, asked.REPEAT]) -> Reply:
        """Another repeat, counted from its next time; "no" for none."""

        def change(reminder: Reminder) -> Reminder:
            timing = rules.repeating(reminder, repeat, call)
            return replace(reminder, timing=timing, leads=rules.with_leads(timing, reminder.leads))

        return cards.changed(await self._service.change(call, reminder_id, change))

    @action("set_end", title="Until when?")
    async def set_end(self, call: Call, reminder_id: int, *, until: Annotated[datetime, asked.UNTIL]) -> Reply:
        """Another last day of a repeat."""
        kept = await self._service.change(
            call, reminder_id, lambda it: replace(it, timing=rules.with_end(it.timing, until, call.now))
        )
        return cards.changed(kept)

    @action("set_lead", title="How long before?")
    async def set_lead(
        self, call: Call, reminder_id: int, *, lead: Annotated[tuple[timedelta, ...] | None, asked.LEAD] = None
    ) -> Reply:
        """Other times ahead; skipped: none."""
        kept = await self._service.change(
            call, reminder_id, lambda it: replace(it, leads=rules.with_leads(it.timing, lead or ()))
        )
        return cards.changed(kept)

    @action("set_place", title="Where?")
    async def set_place(self, call: Call, reminder_id: int, *, where: Annotated[Goes, asked.WHERE]) -> Reply:
        """Another place for a private one."""
        if where is Goes.HERE:
            raise Misread(
                "A reminder stays private or stays in its channel. Set one for a channel with /remind channel.",
                example="dm",
                field="where",
            )
        platform = None if where is Goes.DM else await self._service.platform(call, where.value)
        kept = await self._service.change(call, reminder_id, lambda it: rules.sent_on(it, platform))
        return cards.changed(kept)


def _asked(setter: str) -> Parameter:
    """The one thing that a setter asks for."""
    return parameters_of(getattr(RemindSetCog, setter), keyword_only=True)[0]


def _taken_apart(text: str) -> tuple[Part | None, str | None]:
    """ "when tomorrow 10am" to the part and its value."""
    first, _, rest = text.strip().partition(" ")
    word = first.casefold().rstrip(":=")
    word = asked.PART_ALSO.get(word, word)
    if word not in set(Part):
        raise Misread(
            f"I could not tell what “{first[:40]}” is to change.",
            example="when tomorrow 10am",
            choices=tuple(Choice(part.label, part.value) for part in Part),
            field="field",
        )
    return Part(word), rest.strip(' "“”') or None


def _typed(reminder: Reminder, field: Part, call: Call) -> str | None:
    """What stands in a part now, as it could have been typed; None where there is nothing to start from."""
    timing = reminder.timing
    match field:
        case Part.WHEN if timing.hung is not None:
            return None
        case Part.WHEN if timing.rrule is not None:
            return typed_text(timing, call.now)
        case Part.WHEN:
            return value_text(timing.at if timing.clock is not None else timing.day, None, call.zone_or_utc)
        case Part.WHAT:
            return reminder.text
        case Part.LEAD:
            return ", ".join(lead_text(lead) for lead in reminder.leads)
    return None
