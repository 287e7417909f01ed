"""Questions: how an unfinished form is kept, asked one field at a time, gone back in, and taken up again.

The state is a draft row and nothing else, so that any process can take the next answer, a restart or a month later. The
same draft is a modal on Discord: a reply that carries `form` also carries the next question in words and buttons, and
each surface uses what it can draw.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.desk.filling import ZONE, Filled, needs_zone
from bot.desk.targets import Target
from bot.desk.wording import line_text
from cogs.kit.action import action
from cogs.kit.ask import Kind, Parameter
from cogs.kit.call import Call
from cogs.kit.cog import Cog
from cogs.kit.faults import Fault
from cogs.kit.form import Choice, Form, Problem
from cogs.kit.reply import DANGER, LABEL_CHARACTERS, MAIN, PRIVATE, AnyButton, Button, Reply
from cogs.kit.words import Code, Line, Strong, line
from storage.records.draft import Draft
from storage.work import OpenWork

#: Half-filled forms are kept this long; product rule: buttons and forms work for ever, within reason.
KEPT = timedelta(days=60)
#: Among a draft's values: what stands there already is asked for too.
FIXING = "_fixing"
#: Telegram and phones: more buttons than this under a question are worse than typing.
_OFFERED = 12


class Dialogue:
    """Keeps drafts and words their questions."""

    def __init__(self, open_work: OpenWork, cogs: Mapping[str, Cog]) -> None:
        self._open_work = open_work
        self._cogs = cogs

    async def begin(
        self,
        call: Call,
        target: Target,
        given: Mapping[str, str],
        filled: Filled,
        *,
        whole: bool = False,
        fixing: bool = False,
    ) -> Reply:
        """Keep what was given and ask for the rest; `whole` asks every field, skippable ones too.

        fixing: what was given is asked for as well, to be kept or changed.
        """
        draft = _draft(call, target, given, whole=whole)
        if fixing:
            draft = replace(draft, values=draft.values | {FIXING: "1"})
        async with self._open_work() as work:
            await work.drafts.keep(draft)
            await work.commit()
        return await self.ask(filled.call, draft, target, filled)

    async def lay_by(self, call: Call, target: Target, given: Mapping[str, str]) -> None:
        """Keep what was typed for another day, without a question; /resume takes it up."""
        async with self._open_work() as work:
            await work.drafts.keep(_draft(call, target, given, whole=True))
            await work.commit()

    async def ask(self, call: Call, draft: Draft, target: Target, filled: Filled) -> Reply:
        """The next open question of a draft, which is remembered as the one that plain text answers."""
        fields = self.fields(draft, target, filled)
        open_ones = [p for p in fields if p.name in filled.problems or p.name not in self._passed(draft, filled)]
        parameter = open_ones[0] if open_ones else fields[0]
        problem = filled.problems.get(parameter.name)
        offered = await self._offers(call, target, parameter, problem)
        typed = {k: v for k, v in draft.values.items() if not k.startswith("_")}
        hints = await self._hints(call, target, fields, typed)
        draft = replace(draft, asked=parameter.name, offered=tuple((c.label, c.value) for c in offered))
        async with self._open_work() as work:
            await work.drafts.change(
                draft.token, draft.person_id, asked=draft.asked, offered=draft.offered, place=call.place.key
            )
            await work.commit()
        form = Form(
            title=target.title,
            fields=fields,
            then=target.key,
            values=typed,
            problems=filled.problems,
            hints={name: line_text(said, call.now, call.locale) for name, said in hints.items()},
            token=draft.token,
        )
        return Reply(
            lines=(*_now(draft, parameter, problem), *_question(parameter, problem, hints.get(parameter.name, ()))),
            buttons=_buttons(draft, parameter, offered, problem),
            form=form,
            replies=PRIVATE,
        )

    def fields(self, draft: Draft, target: Target, filled: Filled) -> tuple[Parameter, ...]:
        """The fields of the form: what is missing or wrong, or everything when the whole form was wanted."""
        zone = (ZONE,) if needs_zone(target, draft.values, filled.call) or ZONE.name in filled.problems else ()
        # A quoted message comes with the menu opened on it, a hidden field with its button: asked for only when needed.
        needed = {p.name for p in filled.missing} | set(filled.problems) | {*draft.asked_fields, draft.asked}
        shown = tuple(p for p in target.parameters if p.name in needed or not (p.ask.hidden or p.kind is Kind.QUOTED))
        if "_whole" in draft.values:
            return zone + shown
        return zone + (tuple(p for p in shown if p.name in needed) or shown)

    def _passed(self, draft: Draft, filled: Filled) -> set[str]:
        if FIXING in draft.values:
            return set(draft.asked_fields)
        return {name for name in draft.values if name not in filled.problems} | set(draft.asked_fields)

    def next_open(self, draft: Draft, target: Target, filled: Filled) -> Parameter | None:
        """The next field still to be asked; None when the form can be handed in."""
        if filled.missing or filled.problems:
            return next(iter(filled.missing), None) or target.parameters[0]
        if "_whole" not in draft.values:
            return None
        passed = self._passed(draft, filled)
        return next((p for p in self.fields(draft, target, filled) if p.name not in passed), None)

    async def _hints(
        self, call: Call, target: Target, fields: Sequence[Parameter], typed: Mapping[str, str]
    ) -> dict[str, Line]:
        """What the cog has to say beside fields, by name."""
        owner = getattr(target.handler, "__self__", None)
        found: dict[str, Line] = {}
        for parameter in fields:
            tell = getattr(owner, parameter.ask.hint, None) if parameter.ask.hint is not None else None
            if tell is None:
                continue
            try:
                said: Line = await tell(call, typed, *target.args)
            except Fault:  # the handler says so itself, once the form is handed in
                continue
            if said:
                found[parameter.name] = said
        return found

    async def _offers(
        self, call: Call, target: Target, parameter: Parameter, problem: Problem | None
    ) -> tuple[Choice, ...]:
        if problem is not None and problem.choices:
            return problem.choices[:_OFFERED]
        if parameter.kind in (Kind.CHOICE, Kind.YESNO):
            return parameter.choices()[:_OFFERED]
        if parameter is ZONE or parameter.ask.suggest is None:
            return ()
        found = await suggest(self._cogs, target, parameter, call, "")
        return tuple(found)[:6]


def _draft(call: Call, target: Target, given: Mapping[str, str], *, whole: bool) -> Draft:
    """A new draft of what was given so far."""
    return Draft(
        token=secrets.token_urlsafe(9),
        person_id=call.person_id,
        place=call.place.key,
        target=target.key,
        community_id=call.community_id,
        values=dict(given) | ({"_whole": "1"} if whole else {}),
        made_at=call.now,
        expires_at=call.now + KEPT,
    )


async def suggest(
    cogs: Mapping[str, Cog], target: Target, parameter: Parameter, call: Call, typed: str
) -> tuple[Choice, ...]:
    """The cog's own suggestions for a parameter, by the method that its Ask names."""
    owner = getattr(target.handler, "__self__", None)
    offer = getattr(owner, parameter.ask.suggest or "", None)
    return tuple(await offer(call, typed)) if offer is not None else ()


def _now(draft: Draft, parameter: Parameter, problem: Problem | None) -> list[Line]:
    """What stands in a field of a form that is gone through again."""
    value = draft.values.get(parameter.name)
    if FIXING not in draft.values or problem is not None or not value:
        return []
    return [line(f"{parameter.label} now: ", value[:200], ".")]


def _question(parameter: Parameter, problem: Problem | None, hint: Line = ()) -> list[Line]:
    lines: list[Line] = []
    if problem is not None:
        lines.append(line(problem.text))
    example = (problem.example if problem else None) or parameter.ask.example
    if problem is not None and problem.choices:
        return lines if problem.text.endswith("?") else [*lines, line(Strong(_asked(parameter)))]
    if hint:
        lines.append(hint)
    if example and "example" not in parameter.ask.question.casefold():
        lines.append(line("For example: ", Code(example)))
    lines.append(line(Strong(_asked(parameter))))
    return lines


def _asked(parameter: Parameter) -> str:
    question = parameter.ask.question.rstrip()
    return question if question.endswith("?") else f"{question.rstrip('.')}?"


def _buttons(
    draft: Draft, parameter: Parameter, offered: tuple[Choice, ...], problem: Problem | None
) -> tuple[AnyButton, ...]:  # fmt: skip
    buttons: list[AnyButton] = [
        Button(choice.label[:LABEL_CHARACTERS], action("desk.choose", draft.token, number))
        for number, choice in enumerate(offered)
    ]
    if FIXING in draft.values:
        if draft.values.get(parameter.name) and problem is None:
            buttons.append(Button("Keep it", action("desk.keep", draft.token)))
            if not parameter.required:
                buttons.append(Button("Clear it", action("desk.skip", draft.token)))
        buttons.append(Button("Done", action("desk.done", draft.token), MAIN))
    can_wait = not parameter.required and not (problem is not None and problem.needed)
    if can_wait and parameter.name not in draft.values:
        buttons.append(Button("Skip", action("desk.skip", draft.token)))
    if draft.asked_fields:
        buttons.append(Button("Back", action("desk.back", draft.token)))
    buttons.append(Button("Cancel", action("desk.cancel", draft.token), DANGER))
    return tuple(buttons)
