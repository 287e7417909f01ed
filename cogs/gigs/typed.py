"""What the typed values of a post come to, before it is posted: what can be read, what is wrong, what is echoed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cogs.gigs import parts
from cogs.kit.ask import Kind, Parameter
from cogs.kit.call import Call
from cogs.kit.faults import Misread
from cogs.kit.form import Problem
from cogs.kit.reading import read
from cogs.kit.reply import Field
from cogs.kit.words import line


def so_far(parameters: Sequence[Parameter], name: str, values: Mapping[str, str], call: Call) -> Any:
    """What a half-filled form holds in a field; None for nothing, and for what cannot be read yet."""
    [parameter] = (one for one in parameters if one.name == name)
    try:
        return read(parameter, values[name], call) if name in values else None
    except Misread:
        return None


def problems(parameters: Sequence[Parameter], values: dict[str, str], call: Call) -> dict[str, Problem]:
    """What is wrong with, or missing from, what one line gave."""
    found: dict[str, Problem] = {}
    for parameter in parameters:
        if parameter.name not in values:
            if parameter.required:
                found[parameter.name] = Problem(
                    f"The message says nothing for “{parameter.label}”.", parameter.ask.example
                )
            continue
        try:
            read(parameter, values[parameter.name], call)
        except Misread as fault:
            found[parameter.name] = Problem(fault.what, fault.example, fault.choices)
    return found


def echo(parameters: Sequence[Parameter], values: dict[str, str], call: Call) -> list[Field]:
    """What was read, as it will be posted."""
    fields = []
    for parameter in parameters:
        if parameter.name not in values:
            continue
        value = read(parameter, values[parameter.name], call)
        match parameter.kind:
            case Kind.SPAN:
                said = parts.when_spans(value)
            case Kind.FEE:
                said = parts.fee_spans(value, call.words)
            case Kind.MOMENT:
                said = parts.moment_spans(value, call.zone_or_utc)
            case Kind.ROLE:
                said = line(value.label)
            case _:
                said = line(values[parameter.name])
        fields.append(Field(parameter.label, said))
    return fields
