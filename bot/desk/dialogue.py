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
from enum import Enum

from bot.desk.filling import ZONE, Filled, needs_zone
from bot.desk.targets import Target
from bot.desk.wording import line_text
from cogs.kit.action import action
from cogs.kit.ask import Kind, Parameter, Role, label_of
from cogs.kit.call import Call
from cogs.kit.cog import Cog
from cogs.kit.faults import Fault, Misread
from cogs.kit.form import Choice, Form, Problem
from cogs.kit.reading import read
from cogs.kit.reply import DANGER, LABEL_CHARACTERS, MAIN, PRIVATE, QUIET, AnyButton, Button, Reply
from cogs.kit.words import Code, Line, Strong, line
from storage.records.draft import Draft
from storage.records.fee import Fee, Unit
from storage.records.money import Money
from storage.work import OpenWork

#: Half-filled forms are kept this long; product rule: buttons and forms work for ever, within reason.
KEPT = timedelta(days=60)
#: Among a draft's values: what stands there already is asked for too.
FIXING = "_fixing"
#: Among a draft's values: every field is asked for, those too that need not be filled in.
WHOLE = "_whole"
#: Among a draft's values, before a field's name: what stands there while it is asked for again.
WAS = "_was_"
#: What the steps at a question are called on their buttons; an optional field that holds something is cleared instead.
_LABELS = {"keep": "Keep it", "done": "Done", "back": "Back", "cancel": "Cancel"}
#: What people type instead of pressing them.
_SPOKEN = {
    "keep": {"keep it", "keep", "same", "the same", "unchanged", "no change", "leave it"},
    "done": {"done", "i'm done", "save", "save it", "finish", "finished", "that's all", "thats all", "that's it"},
    "skip": {"skip", "skip it", "-"},
    "clear": {"clear it", "clear", "skip", "-"},
    "back": {"back", "go back"},
    "cancel": {"cancel", "stop", "quit", "never mind", "nevermind", "forget it"},
}
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
            lines=(
                *_now(draft, parameter, problem, filled.call),
                *_question(parameter, problem, hints.get(parameter.name, ())),
            ),
            buttons=_buttons(draft, parameter, offered, problem, many=self.has_many(draft, target, filled)),
            form=form,
            replies=PRIVATE,
        )

    def fields(self, draft: Draft, target: Target, filled: Filled) -> tuple[Parameter, ...]:
        """The fields of the form: what is missing or wrong, or everything when the whole form was wanted."""
        zone = (ZONE,) if needs_zone(target, draft.values, filled.call) or ZONE.name in filled.problems else ()
        # A quoted message comes with the menu opened on it, a hidden field with its button: asked for only when needed.
        needed = {p.name for p in filled.missing} | set(filled.problems) | {*draft.asked_fields, draft.asked}
        shown = tuple(p for p in target.parameters if p.name in needed or not (p.ask.hidden or p.kind is Kind.QUOTED))
        if WHOLE in draft.values:
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
        if WHOLE not in draft.values:
            return None
        passed = self._passed(draft, filled)
        return next((p for p in self.fields(draft, target, filled) if p.name not in passed), None)

    def has_many(self, draft: Draft, target: Target, filled: Filled) -> bool:
        """Whether a form could be handed in as it is, with something said, while several questions are still open."""
        if not filled.ready or WHOLE not in draft.values or not any(name[0] != "_" for name in draft.values):
            return False
        passed = self._passed(draft, filled)
        return sum(p.name not in passed for p in self.fields(draft, target, filled)) > 1

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
        values=dict(given) | ({WHOLE: "1"} if whole else {}),
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


def _now(draft: Draft, parameter: Parameter, problem: Problem | None, call: Call) -> list[Line]:
    """What stands in a field of a form that is gone through again."""
    standing = draft.values.get(parameter.name, "") if FIXING in draft.values and not problem else ""
    text = draft.values.get(WAS + parameter.name, standing)
    if not text:
        return []
    try:
        value = read(parameter, text, call)
    except Misread:
        value = None
    return [line(f"{parameter.label} now: ", *_shown(value, text), ".")]


def _shown(value: object, text: str) -> Line:
    """A value as people write it, where what is kept of it is a code."""
    match value:
        case Role():
            return line(value.label)
        case Enum():
            return line(label_of(value))
        case bool():
            return line("yes" if value else "no")
        case Money():
            return line(value)
        case Fee(money=Money() as money, unit=unit):
            return line(money) if unit is Unit.FLAT else line(money, f" a {unit.value}")
    return line(text[:200])


def _question(parameter: Parameter, problem: Problem | None, hint: Line = ()) -> list[Line]:
    """The question, last; what is wrong with an answer comes first, unless it is a question itself."""
    lines: list[Line] = []
    question = _asked(parameter)
    if problem is not None and problem.text.endswith("?"):
        question = problem.text
    elif problem is not None:
        lines.append(line(problem.text))
    if problem is None or not problem.choices:
        if hint:
            lines.append(hint)
        example = (problem.example if problem else None) or parameter.ask.example
        if example and "example" not in question.casefold():
            lines.append(line("For example: ", Code(example)))
    return [*lines, line(Strong(question))]


def _asked(parameter: Parameter) -> str:
    question = parameter.ask.question.rstrip()
    return question if question.endswith("?") else f"{question.rstrip('.')}?"


def _buttons(
    draft: Draft, parameter: Parameter, offered: tuple[Choice, ...], problem: Problem | None, *, many: bool
) -> tuple[AnyButton, ...]:
    buttons: list[AnyButton] = [
        Button(choice.label[:LABEL_CHARACTERS], action("desk.choose", draft.token, number))
        for number, choice in enumerate(offered)
    ]
    for step in steps(draft, parameter, problem, many=many):
        style = MAIN if step == "done" else DANGER if step == "cancel" else QUIET
        buttons.append(Button(_label(draft, parameter, step), action(f"desk.{step}", draft.token), style))
    return tuple(buttons)


def steps(draft: Draft, parameter: Parameter, problem: Problem | None, *, many: bool) -> tuple[str, ...]:
    """What can be done at an open question beside answering it: keep, skip, done, back, cancel, as its buttons stand.

    many: more optional questions are to come than somebody wants to skip one by one.
    """
    found = []
    fixing = FIXING in draft.values
    stands = WAS + parameter.name in draft.values or (fixing and not problem and parameter.name in draft.values)
    can_wait = not parameter.required and not (problem is not None and problem.needed)
    if stands:
        found += ["keep", "skip"] if can_wait else ["keep"]
    if fixing or many:
        found.append("done")
    if can_wait and "skip" not in found:
        found.append("skip")
    if any(name != parameter.name for name in draft.asked_fields):
        found.append("back")
    return (*found, "cancel")


def typed_step(text: str, draft: Draft, parameter: Parameter, problem: Problem | None, *, many: bool) -> str | None:
    """The step that a typed answer means: what a button under the question says, or another plain word for it.

    None for an answer, and for a word that the field itself takes: somebody's "back" may be what hurts.
    """
    word = text.strip().casefold().rstrip(".!").replace("\u2019", "'")
    own = {*parameter.ask.also, *(said.casefold() for c in parameter.choices() for said in (c.label, c.value))}
    if word in own or any(word in (label.casefold(), value.casefold()) for label, value in draft.offered):
        return None
    there = steps(draft, parameter, problem, many=many)
    if not parameter.required:
        there = (*there, "skip")  # what a board's rules ask for is asked again by whoever knows them
    holds = _label(draft, parameter, "skip") == "Clear it"
    said = {**_SPOKEN, "skip": _SPOKEN["clear"]} if holds else _SPOKEN
    meant = next((step for step in there if word in said[step]), None)
    if meant is None and word in _SPOKEN["done"] and "skip" in there and WHOLE in draft.values:
        return "skip"  # the last question of a form that one could be done with before
    return meant


def _label(draft: Draft, parameter: Parameter, step: str) -> str:
    if step == "skip":
        stands = WAS + parameter.name in draft.values or (FIXING in draft.values and parameter.name in draft.values)
        return "Clear it" if stands else "Skip"
    return _LABELS[step]
