"""One line of free text to the values of a command: `/gig bass, Sat 28 Nov 19:30, Leeds, £220, function, reply by Thu`.

Each kind takes what it recognises, in any order, commas or not; what is left over goes to the text parameters in their
order, piece by piece, the last of them taking all that remains. The result is text again, by parameter, so that the one
reader (`reading`) judges it, asks where it is unclear and words what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cogs.kit.amounts import IN_LINE
from cogs.kit.ask import TIMES, Kind, Parameter, label_of
from cogs.kit.call import Call
from cogs.kit.when import find
from storage.reference import instruments

_BETWEEN = re.compile(r"^[\s,;:·|]+|[\s,;:·|]+$")
_PIECES = re.compile(r"\s*[,;\n|·\x00]\s*")
_LENGTH = re.compile(
    r"\b(?:for|lasting)\s+((?:\d+(?:\.\d+)?\s*(?:hours?|hrs?|h)(?:\s*\d{1,2}\s*(?:min(?:ute)?s?|m)?)?|\d+\s*min(?:ute)?s?))\b",
    re.IGNORECASE,
)
_WITHIN = re.compile(r"\bwithin\s+(\d+(?:\.\d+)?\s*(?:hours?|hrs?|h|days?|d|min(?:ute)?s?|m))\b", re.IGNORECASE)
_PERSON = re.compile(r"(?<![\w@])@([\w.\-]{2,40})")
#: Words that only lead to the next value and mean nothing when it has been taken.
_LOOSE = re.compile(
    r"^(?:(?:at|in|on|for|with|by|from|and|the|a|an|to|dep|needed|wanted|looking|need|fee|pays|paying)\b\s*)+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one line gave. values: typed text by parameter name; left: what nothing wanted."""

    values: dict[str, str]
    left: str = ""


class _Rest:
    """The line with what was taken blotted out, so that places stay true and nothing is taken twice."""

    def __init__(self, text: str) -> None:
        self.text = text

    def take(self, start: int, end: int) -> str:
        taken = self.text[start:end]
        self.text = self.text[:start] + "\x00" * (end - start) + self.text[end:]
        return taken

    def pieces(self) -> list[str]:
        found = (_BETWEEN.sub("", piece) for piece in _PIECES.split(re.sub(r"\x00+", "\x00", self.text)))
        return [piece for piece in found if piece and not _LOOSE.match(piece)]


def read_line(parameters: Sequence[Parameter], text: str, call: Call, *, given: Iterable[str] = ()) -> Reading:
    """Values for `parameters` out of `text`; those in `given` are already known and take nothing."""
    rest, values = _Rest(text), dict[str, str]()
    open_ones = [p for p in parameters if p.name not in set(given) and not p.ask.hidden]
    for step in (_refs, _people, _lengths, _sums, _times, _roles, _choices, _numbers):
        step(rest, open_ones, values, call)
    _texts(rest, open_ones, values)
    return Reading(values, ", ".join(rest.pieces()))


def _of(parameters: Sequence[Parameter], values: dict[str, str], *kinds: Kind) -> list[Parameter]:
    return [p for p in parameters if p.kind in kinds and p.name not in values]


def _refs(rest: _Rest, parameters: Sequence[Parameter], values: dict[str, str], call: Call) -> None:
    for parameter in _of(parameters, values, Kind.REF):
        match = re.search(rf"(?<!\w)#?{parameter.ask.ref}\d{{1,9}}(?!\w)", rest.text, re.IGNORECASE)
        if match:
            values[parameter.name] = rest.take(*match.span())


def _people(rest: _Rest, parameters: Sequence[Parameter], values: dict[str, str], call: Call) -> None:
    for parameter in _of(parameters, values, Kind.PERSON):
        found = list(_PERSON.finditer(rest.text))
        if found:
            wanted = found if parameter.many else found[:1]
            values[parameter.name] = ", ".join(rest.take(*match.span()) for match in wanted)


def _lengths(rest: _Rest, parameters: Sequence[Parameter], values: dict[str, str], call: Call) -> None:
    for parameter in _of(parameters, values, Kind.LENGTH):
        match = _cued(parameter, rest.text, r"(\d+(?:\.\d+)?\s*(?:hours?|hrs?|h|days?|d|min(?:ute)?s?|m)(?:\s*\d+)?)\b")
        if match is None:
            match = None if parameter.ask.cues else _LENGTH.search(rest.text)
        if match:
            values[parameter.name] = match[1]
            rest.take(*match.span())


def _sums(rest: _Rest, parameters: Sequence[Parameter], values: dict[str, str], call: Call) -> None:
    wanted = _of(parameters, values, Kind.FEE, Kind.MONEY)
    for parameter in [p for p in wanted if p.ask.cues]:
        match = _cued(parameter, rest.text, rf"({IN_LINE.pattern}|\d[\d.,]*)")
        if match:
            values[parameter.name] = match[1]
            rest.take(*match.span())
    for parameter in [p for p in wanted if not p.ask.cues]:
        match = IN_LINE.search(rest.text)
        if match:
            values[parameter.name] = rest.take(*match.span())


def _times(rest: _Rest, parameters: Sequence[Parameter], values: dict[str, str], call: Call) -> None:
    wanted = [p for p in parameters if p.kind in TIMES and p.name not in values]
    for parameter in [p for p in wanted if "within" in p.ask.cues]:
        match = _WITHIN.search(rest.text)
        if match:
            values[parameter.name] = f"in {match[1]}"
            rest.take(*match.span())
    if not [p for p in wanted if p.name not in values]:
        return
    found = find(
        rest.text.replace("\x00", " "), now=call.now, tz=call.zone_or_utc, dayfirst=call.dayfirst, clock=call.clock
    )
    plain = [p for p in wanted if not p.ask.cues]
    for phrase in found:
        before = rest.text[: phrase.start].rstrip().casefold()
        cued, cue = _led(wanted, values, before, phrase.text.casefold())
        if cued is not None:
            start = len(before) - len(cue) if before.endswith(cue) and cue else phrase.start
            values[cued.name] = _without(phrase.text, cue)
            rest.take(start, phrase.end)
        elif plain and plain[0].name not in values:
            values[plain[0].name] = rest.take(phrase.start, phrase.end)
            if plain[0].many:
                continue
            plain = plain[1:]
        elif plain and plain[0].many:
            values[plain[0].name] += ", " + rest.take(phrase.start, phrase.end)


def _led(wanted: Sequence[Parameter], values: dict[str, str], before: str, phrase: str) -> tuple[Parameter | None, str]:
    """The parameter whose cue stands right before the phrase ("reply" + "by Thu"), or at its beginning."""
    for parameter in wanted:
        if parameter.name in values:
            continue
        for cue in sorted(parameter.ask.cues, key=len, reverse=True):
            head, _, tail = cue.rpartition(" ")
            if before.endswith(cue) and not before[: -len(cue)][-1:].isalnum():
                return parameter, cue
            if head and before.endswith(head) and phrase.startswith(tail + " "):
                return parameter, head
            if phrase.startswith(cue + " "):
                return parameter, cue
    return None, ""


def _without(phrase: str, cue: str) -> str:
    return phrase[len(cue) :].strip() if cue and phrase.casefold().startswith(cue + " ") else phrase


def _roles(rest: _Rest, parameters: Sequence[Parameter], values: dict[str, str], call: Call) -> None:
    # What stands behind a cue ("doubling flute") goes to the parameter that has it, the rest to the one without.
    for parameter in sorted(_of(parameters, values, Kind.ROLE), key=lambda p: not p.ask.cues):
        found = list(instruments.scan(rest.text))
        if parameter.ask.cues:
            words = "|".join(map(re.escape, parameter.ask.cues))
            cue = re.search(rf"(?<!\w)(?:{words})(?!\w)", rest.text, re.IGNORECASE)
            found = [one for one in found if cue is not None and one[0] >= cue.end()]
            if found and cue is not None:
                rest.take(*cue.span())
        if not found:
            continue
        wanted = found if parameter.many else found[:1]
        values[parameter.name] = ", ".join(rest.text[start:end] for start, end, _ in wanted)
        for start, end, _ in wanted:
            rest.take(start, end)


def _choices(rest: _Rest, parameters: Sequence[Parameter], values: dict[str, str], call: Call) -> None:
    for parameter in _of(parameters, values, Kind.CHOICE):
        words = {label_of(m): str(m.value) for m in parameter.enum or ()}
        words |= {str(m.value): str(m.value) for m in parameter.enum or ()} | dict(parameter.ask.also)
        for word in sorted(words, key=len, reverse=True):
            match = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", rest.text, re.IGNORECASE)
            if match:
                values[parameter.name] = words[word]
                rest.take(*match.span())
                break


def _numbers(rest: _Rest, parameters: Sequence[Parameter], values: dict[str, str], call: Call) -> None:
    for parameter in _of(parameters, values, Kind.WHOLE):
        match = _cued(parameter, rest.text, r"(\d{1,9})\b") if parameter.ask.cues else None
        if match is None:
            # "3 seats", "80 miles": the parameter's own name behind the number.
            match = re.search(rf"(?<![\w.,])(\d{{1,9}})\s*{re.escape(parameter.name.rstrip('s'))}s?\b", rest.text, re.I)
        if match is None and parameter.required and len(_of(parameters, values, Kind.WHOLE)) == 1:
            match = re.search(r"(?<![\w.,£$€])(\d{1,9})(?![\w.,])", rest.text)
        if match:
            values[parameter.name] = match[1]
            rest.take(*match.span())


def _texts(rest: _Rest, parameters: Sequence[Parameter], values: dict[str, str]) -> None:
    """Left-over pieces to the open text parameters; a person or zone that is required, or alone, takes one as well."""
    takers = [
        p
        for p in parameters
        if p.name not in values
        and p.ask.free
        and (
            p.kind in (Kind.TEXT, Kind.LONG)
            or (p.kind in (Kind.PERSON, Kind.ZONE, Kind.ROLE, Kind.QUOTED) and (p.required or len(parameters) == 1))
        )
    ]
    takers += [
        p for p in parameters if p.required and p.name not in values and p not in takers and p.kind is not Kind.UPLOAD
    ]
    pieces = rest.pieces()
    if len(takers) == 1 and takers[0].kind in (Kind.TEXT, Kind.LONG):
        pieces = [", ".join(pieces)] if pieces else []
    used = 0
    for position, parameter in enumerate(takers):
        if used >= len(pieces):
            break
        last_text = parameter.kind in (Kind.TEXT, Kind.LONG) and not any(
            p.kind in (Kind.TEXT, Kind.LONG) for p in takers[position + 1 :]
        )
        values[parameter.name] = ", ".join(pieces[used:]) if last_text else pieces[used]
        used = len(pieces) if last_text else used + 1
    rest.text = "\x00".join(pieces[used:])


def _cued(parameter: Parameter, text: str, value: str) -> re.Match[str] | None:
    """A value behind one of the parameter's cues; group 1 is the value."""
    for cue in sorted(parameter.ask.cues, key=len, reverse=True):
        match = re.search(rf"(?<!\w){re.escape(cue)}\s*:?\s*{value}", text, re.IGNORECASE)
        if match:
            return match
    return None
