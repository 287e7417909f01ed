"""Typed text to ready values: what is missing, what is wrong, and the zone that is asked before a clock is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.desk import naming
from bot.desk.targets import Target
from cogs.kit import moments
from cogs.kit.ask import TIMES, Ask, Kind, Parameter, Quoted, Zone
from cogs.kit.call import Call
from cogs.kit.faults import Misread
from cogs.kit.form import Choice, Problem
from cogs.kit.offline import offline
from cogs.kit.reading import clean, read
from cogs.kit.reply import Upload
from storage.records.people import Person
from storage.work import OpenWork

#: A value as a surface hands it over: typed text, a file, or "person:12" for somebody picked from a list.
Given = str | Upload

#: Asked once, before the first clock of somebody whose zone is not known. The name cannot be typed by accident.
ZONE = Parameter(
    name="your_zone",
    attribute="your_zone",
    kind=Kind.ZONE,
    ask=Ask(
        "Which city are you in? Or what time is it for you now?",
        label="Your city or zone",
        example="Leeds, or 19:30",
    ),
    required=True,
)
assert Zone is not None  # kept beside ZONE: the annotation of the same kind


@dataclass(slots=True)
class Filled:
    """The outcome of one reading.

    values: ready values by parameter name. problems: what was wrong, by name. missing: required and not given.
    call: the caller, with their zone if this very reading told it.
    """

    call: Call
    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    missing: tuple[Parameter, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether the handler can be called."""
        return not self.problems and not self.missing


def needs_zone(target: Target, given: Mapping[str, Given], call: Call) -> bool:
    """Whether a wall clock is about to be read for somebody whose zone is not known."""
    if call.zone is not None:
        return False
    return any(
        p.needs_zone and (p.required or p.name in given) and not str(given.get(p.name, "")).startswith("<t:")
        for p in target.parameters
    )


async def fill(target: Target, given: Mapping[str, Given], call: Call, open_work: OpenWork) -> Filled:
    """Read everything in `given`; unknown names are ignored. A zone given here is kept with the person at once."""
    filled = Filled(call)
    parameters = target.parameters
    if needs_zone(target, given, call):
        parameters = (ZONE, *parameters)
    if ZONE in parameters and (text := given.get(ZONE.name)):
        try:
            zone = read(ZONE, str(text), call)
        except Misread as fault:
            filled.problems[ZONE.name] = _problem(fault)
        else:
            async with open_work() as work:
                await work.people.change(call.person_id, zone=zone)
                await work.commit()
            filled.call = call = replace(call, zone=zone)
    zone_open = ZONE in parameters and call.zone is None
    for parameter in parameters:
        if parameter is ZONE or (zone_open and parameter.needs_zone):
            continue  # a clock is read only once its zone is known
        value = given.get(parameter.name)
        if value is None or value == "":
            continue
        try:
            filled.values[parameter.name] = await _value(parameter, value, call, open_work)
        except Misread as fault:
            filled.problems[parameter.name] = _problem(fault)
    filled.missing = tuple(
        p
        for p in parameters
        if p.required
        and p.name not in filled.values
        and p.name not in filled.problems
        and not (p is ZONE and call.zone is not None)
        and not (zone_open and p.needs_zone and p.name in given)
    )
    return filled


async def _value(parameter: Parameter, value: Given, call: Call, open_work: OpenWork) -> Any:
    if isinstance(value, Upload):
        if parameter.kind is Kind.QUOTED:
            return Quoted(value.name)
        if parameter.kind is not Kind.UPLOAD:
            raise Misread("A file does not fit here; write it as text.", example=parameter.ask.example)
        return value
    try:
        read_value = read(parameter, value, call)
    except Misread as fault:
        if parameter.kind in TIMES and not fault.choices and len(value) <= 80:
            await _guess(fault, value, call)
        raise
    if parameter.kind is not Kind.PERSON:
        return read_value
    if parameter.many:
        return tuple([await find_person(name, call, open_work) for name in read_value])
    return await find_person(read_value, call, open_work)


async def _guess(fault: Misread, text: str, call: Call) -> None:
    """Put what another reader makes of an unread time into the question, to be tapped; it never answers by itself."""
    choices = await offline(moments.guesses, text, call)
    if choices:
        fault.what = f"I am not sure what “{clean(text)[:40]}” means. Is it this, or something else?"
        fault.choices = choices


async def find_person(text: str, call: Call, open_work: OpenWork) -> Person:
    """The one person of the caller's community meant by a name or "person:12". Raises Misread with who it could be."""
    async with open_work(reading=True) as work:
        if naming.is_number(text):
            picked = await naming.named(work, text, call.person_id)
            if picked is None:
                raise Misread("I know nobody like that in this community.", example="@sam, as it is written here")
            return picked
        found = await work.people.named(call.community_id, text) if call.community_id is not None else []
    if len(found) == 1:
        return found[0]
    if found:
        exact = [p for p in found if p.name.casefold() == text.casefold()]
        if len(exact) == 1:
            return exact[0]
        raise Misread(
            f"There is more than one {clean(text)} here. Which?",
            choices=tuple(Choice(p.name, f"person:{p.id}") for p in found[:6]),
        )
    raise Misread(
        f"I know nobody called “{clean(text)[:40]}” in this community.", example="@sam, as it is written here"
    )


def _problem(fault: Misread) -> Problem:
    return Problem(fault.what, fault.example, fault.choices)
