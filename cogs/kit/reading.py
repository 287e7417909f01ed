"""Typed text to a value, or `Misread` with what was wrong and an example. One reader for every surface.

Discord hands money and times over as text too, so "£250" and "next fri 7pm" mean the same everywhere. A person's name
needs the database: PERSON comes back as the cleaned text and the desk looks it up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from cogs.kit import moments
from cogs.kit.amounts import read_fee, read_money
from cogs.kit.ask import Kind, Parameter, Role, label_of
from cogs.kit.call import Call
from cogs.kit.faults import Misread
from cogs.kit.form import Choice
from storage.reference import instruments, zones

_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0xFEFF])
_LENGTH = re.compile(
    r"(?:(?P<d>\d+(?:\.\d+)?)\s*d(?:ays?)?)?\s*(?:(?P<h>\d+(?:[.,]\d+)?)\s*h(?:(?:ou)?rs?)?)?\s*"
    r"(?:(?P<m>\d+)\s*(?:m|min|mins|minutes?)?)?",
    re.IGNORECASE,
)


def clean(text: str, *, lines: bool = False) -> str:
    """The text without control and direction-changing characters, in NFC, trimmed; blanks collapsed unless `lines`."""
    text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode()).translate(_BIDI)
    if lines:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = "".join(c for c in text if c == "\n" or c == "\t" or unicodedata.category(c) != "Cc")
        return re.sub(r"\n{3,}", "\n\n", text).strip()
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return " ".join(text.split())


def read(parameter: Parameter, text: str, call: Call) -> Any:
    """The value of `parameter` in `text`. Raises Misread, with the parameter's name on it."""
    try:
        if parameter.many:
            parts = [part for part in re.split(r"\s*(?:,|;|\n|/|\+|&|\band\b)\s*", clean(text, lines=True)) if part]
            if not parts:
                raise Misread("Nothing was written there.", example=parameter.ask.example)
            if len(parts) > 25:
                raise Misread(f"That is {len(parts)} entries; 25 at most fit.", example=parameter.ask.example)
            return tuple(_one_of(parameter, parts, at, call) for at in range(len(parts)))
        return _READERS[parameter.kind](parameter, text, call)
    except Misread as fault:
        fault.field = fault.field or parameter.name
        fault.example = fault.example or parameter.ask.example
        raise


def _one_of(parameter: Parameter, parts: list[str], at: int, call: Call) -> Any:
    """The value of one part of a list. A question about it offers the whole list with that part settled."""
    try:
        return _READERS[parameter.kind](parameter, parts[at], call)
    except Misread as fault:
        before, after = parts[:at], parts[at + 1 :]
        fault.choices = tuple(
            Choice(choice.label, ", ".join((*before, choice.value, *after))) for choice in fault.choices
        )
        raise


def _text(parameter: Parameter, text: str, call: Call) -> str:
    said = clean(text, lines=parameter.kind in (Kind.LONG, Kind.QUOTED))
    if not said:
        raise Misread("Nothing was written there.")
    if len(said) > parameter.max_length:
        raise Misread(
            f"That is {len(said)} characters; {parameter.max_length} at most fit here. Shorten it and send it again."
        )
    return said


def _whole(parameter: Parameter, text: str, call: Call) -> int:
    said = clean(text)
    match = re.fullmatch(r"([+-]?\d{1,12})(?:\s*(?:minutes?|mins?|miles?|km|seats?|hours?|days?|people|%|h|m))?", said)
    if not match or not said.isascii():
        raise Misread(f"I could not read “{_short(said)}” as a whole number.", example=parameter.ask.example or "3")
    number = int(match[1])
    low, high = parameter.ask.at_least, parameter.ask.at_most
    if low is not None and number < low:
        raise Misread(f"{number} is too small: {low} is the least.")
    if high is not None and number > high:
        raise Misread(f"{number} is too large: {high} is the most.")
    return number


def _ref(parameter: Parameter, text: str, call: Call) -> int:
    said, letter = clean(text), parameter.ask.ref or ""
    match = re.fullmatch(rf"#?(?:{letter}\s?)?(\d{{1,9}})", said, re.IGNORECASE | re.ASCII)
    if not match:
        raise Misread(f"I could not read “{_short(said)}” as an id.", example=f"{letter}12")
    return int(match[1])


def _yesno(parameter: Parameter, text: str, call: Call) -> bool:
    said = clean(text).casefold()
    if said in {"yes", "y", "yeah", "yep", "ok", "sure", "true", "on", "1", "ja", "oui", "si", "sí", "sim"}:
        return True
    if said in {"no", "n", "nope", "nah", "false", "off", "0", "nein", "non", "não"}:
        return False
    raise Misread(f"I could not read “{_short(said)}” as yes or no.", choices=parameter.choices(), example="yes")


def _choice(parameter: Parameter, text: str, call: Call) -> Any:
    said = _fold(clean(text))
    enum = parameter.enum
    assert enum is not None
    also = {_fold(word): value for word, value in parameter.ask.also.items()}
    for member in enum:
        if said in (_fold(str(member.value)), _fold(label_of(member)), _fold(member.name)):
            return member
    if said in also:
        return enum(also[said])
    starts = [member for member in enum if said and _fold(label_of(member)).startswith(said)]
    if len(starts) == 1:
        return starts[0]
    shown = ", ".join(label_of(member) for member in list(enum)[:12])
    raise Misread(
        f"“{_short(clean(text))}” is not one of: {shown}.",
        choices=parameter.choices(),
        example=label_of(next(iter(enum))),
    )


def length_of(text: str) -> int | None:
    """The minutes in "90 min", "2h30", "in half an hour" or "3 days"; None for a text that is no length of time."""
    said = clean(text).casefold().removeprefix("in ").removeprefix("within ").removeprefix("for ")
    said = {"half an hour": "30 min", "an hour": "1 h", "a day": "1 d", "an hour and a half": "90 min"}.get(said, said)
    said = re.sub(r"(\d+)\s*weeks?", lambda m: f"{int(m[1]) * 7} d", said) if len(said) < 40 else said
    match = _LENGTH.fullmatch(said) if len(said) < 40 and said.isascii() else None
    if not match or not any(match.groups()):
        return None
    number = {name: float((value or "0").replace(",", ".")) for name, value in match.groupdict().items()}
    return round(number["d"] * 1440 + number["h"] * 60 + number["m"])


def _length(parameter: Parameter, text: str, call: Call) -> timedelta:
    minutes = length_of(text)
    if minutes is None:
        raise Misread(f"I could not read “{_short(clean(text))}” as a length of time.", example="90 min or 2h30")
    low, high = parameter.ask.at_least or 1, parameter.ask.at_most or 60 * 24 * 400
    if not low <= minutes <= high:
        raise Misread(f"{_short(clean(text))} is out of bounds: from {low} to {high} minutes.", example="2 h")
    return timedelta(minutes=minutes)


def _role(parameter: Parameter, text: str, call: Call) -> Role:
    said = clean(text)
    if len(said) > 80:
        raise Misread(f"“{_short(said)}” is no instrument or chair that I know.", example="alto sax")
    found = _chair(said)
    if isinstance(found, instruments.Instrument):
        return Role(found.id, found.name, found.family)
    if found is None:
        near = tuple(Choice(i.name, i.id) for i in instruments.suggest(said, limit=4))
        raise Misread(f"“{_short(said)}” is no instrument or chair that I know.", choices=near, example="alto sax")
    raise Misread(found.question, choices=tuple(Choice(i.name, i.id) for i in found.choices[:4]), example="alto sax")


def _chair(said: str) -> instruments.Instrument | instruments.Ambiguous | None:
    """The chair an id or a name stands for; "bass" and "sax" may stay open."""
    try:
        return instruments.chair(said)
    except KeyError:
        found = instruments.find(said)
    if isinstance(found, instruments.Ambiguous):
        return instruments.open_chair(tuple(choice.id for choice in found.choices)) or found
    return found


_OFFSET = re.compile(r"(?:utc|gmt)?\s?([+\-−])\s?(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)


def _zone(parameter: Parameter, text: str, call: Call) -> str:
    said = clean(text)
    found = zones.find(said) if len(said) <= 80 else ()
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        raise Misread(f"Which “{said}”?", choices=tuple(Choice(zone, zone) for zone in found[:4]))
    offset = _OFFSET.fullmatch(said)
    if offset is not None:
        away = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0)) * (1 if offset[1] == "+" else -1)
        near = zones.by_local_time(call.now, (call.now + away).time()) if abs(away) <= timedelta(hours=14) else ()
        if near:
            raise Misread(
                "That clock changes with the place. Tap the nearest city.",
                choices=tuple(Choice(z, z) for z in near),
                example="Leeds",
            )
    clock = moments.bare_clock(said)
    if clock is not None:
        near = zones.by_local_time(call.now, clock)
        raise Misread(
            "Whose clock is that? Tap the nearest city.", choices=tuple(Choice(z, z) for z in near), example="Leeds"
        )
    alike = zones.near(said)
    raise Misread(
        f"I know no city or zone called “{_short(said)}”." + (" Do you mean one of these?" if alike else ""),
        example="Leeds, Europe/London, or the time it is for you: 19:30",
        choices=tuple(Choice(zone, zone) for zone in alike),
    )


def _money(parameter: Parameter, text: str, call: Call) -> Any:
    return read_money(clean(text), call)


def _fee(parameter: Parameter, text: str, call: Call) -> Any:
    return read_fee(clean(text), call)


def _moment(parameter: Parameter, text: str, call: Call) -> datetime:
    return moments.read_moment(clean(text), call)


def _day(parameter: Parameter, text: str, call: Call) -> date:
    return moments.read_day(clean(text), call)


def _span(parameter: Parameter, text: str, call: Call) -> Any:
    return moments.read_span(clean(text), call)


def _when(parameter: Parameter, text: str, call: Call) -> Any:
    return moments.read_when(clean(text), call)


def _person(parameter: Parameter, text: str, call: Call) -> str:
    said = clean(text).removeprefix("@")
    if not said or len(said) > 80:
        raise Misread("Who is meant? A name, as it is written here.", example="@sam")
    return said


def _never(parameter: Parameter, text: str, call: Call) -> Any:
    raise Misread("A file is needed here. Attach it and send it again.")


def _fold(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^a-z0-9+]+", " ", "".join(c for c in bare if not unicodedata.combining(c))).strip()


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


_READERS: dict[Kind, Callable[[Parameter, str, Call], Any]] = {
    Kind.TEXT: _text,
    Kind.LONG: _text,
    Kind.QUOTED: _text,
    Kind.WHOLE: _whole,
    Kind.REF: _ref,
    Kind.MONEY: _money,
    Kind.FEE: _fee,
    Kind.YESNO: _yesno,
    Kind.CHOICE: _choice,
    Kind.MOMENT: _moment,
    Kind.SPAN: _span,
    Kind.DAY: _day,
    Kind.WHEN: _when,
    Kind.LENGTH: _length,
    Kind.PERSON: _person,
    Kind.ROLE: _role,
    Kind.ZONE: _zone,
    Kind.UPLOAD: _never,
}
