"""One line of free text to the values of a command: `/gig bass, Sat 28 Nov 19:30, Leeds, £220, function, reply by Thu`.

Each kind takes what it recognises, in any order, commas or not; what is left over goes to the text parameters in their
order, piece by piece, the last of them taking all that remains. The result is text again, by parameter, so that the one
reader (`reading`) judges it, asks where it is unclear and words what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cogs.kit.amounts import IN_LINE
from cogs.kit.ask import TIMES, Kind, Parameter, label_of
from cogs.kit.call import Call
from cogs.kit.moments import names_only_clocks
from cogs.kit.when import Found, find, parse
from cogs.kit.when import Kind as Answer
from storage.reference import instruments, zones

#: What stood between a left-over piece and a value that was taken: punctuation, and a word that only led to the value.
_BETWEEN = re.compile(
    r"^[\s,;:·|.\-–—]+(?=[^\d\W]|\d|$)|[\s,;:·|\-–—]+$|^(?:(?:at|in|on|for|to|@)\s+)|\s+(?:on|at|by|from|in|for|@|-)$",
    re.IGNORECASE,
)
_PIECES = re.compile(r"\s*[,;\n|·\x00]\s*")
_QUOTED = re.compile(r"^[\"“]\s*([^\"“”]*[^\"“”\s])\s*[\"”]$")
_QUOTED_LAST = re.compile(r"(?<=\s)[\"“]([^\"“”\x00]+)[\"”]\s*$")
_LENGTH = re.compile(
    r"\b(?:for|lasting)\s+((?:\d+(?:\.\d+)?\s*(?:hours?|hrs?|h)(?:\s*\d{1,2}\s*(?:min(?:ute)?s?|m)?)?|\d+\s*min(?:ute)?s?))\b",
    re.IGNORECASE,
)
_WITHIN = re.compile(r"\bwithin\s+(\d+(?:\.\d+)?\s*(?:hours?|hrs?|h|days?|d|min(?:ute)?s?|m))\b", re.IGNORECASE)
_PERSON = re.compile(r"(?<![\w@])@([\w.\-]{2,40})")
#: Four digits are as likely a clock, one or two below twenty an hour or a number of players.
_BARE_SUM = re.compile(r"(?:^|(?<=[,;\n|·\x00]))\s*([2-9]\d|[1-9]\d\d|\d{5,6})(?:\.00)?\s*(?=[,;\n|·\x00]|$)")
_PLAYER = re.compile(r"\s+players?(?!\w)", re.IGNORECASE)
#: Chairs whose bare name means more than one instrument.
_BARE = frozenset({"bass", "Bass", "alto", "Alto", "tenor", "Tenor", "horns", "Horns", "bari", "Bari"})
#: Words that only lead to the next value and mean nothing when it has been taken.
_LOOSE = re.compile(
    r"^(?:(?:at|in|on|for|with|by|from|and|the|a|an|to|am|um|ab|den|le|el|los|à|às|em|deps?|subs?|needed|wanted|looking|needs?|fee|pays|paying|per)\b\s*)+$",
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
        #: The line as it was, for what a word means beside the others.
        self.whole = text

    def take(self, start: int, end: int) -> str:
        taken = self.text[start:end]
        self.text = self.text[:start] + "\x00" * (end - start) + self.text[end:]
        return taken

    def pieces(self) -> list[str]:
        found = (_trimmed(piece) for piece in _PIECES.split(re.sub(r"\x00+", "\x00", self.text)))
        return [piece for piece in found if any(c.isalnum() for c in piece) and not _LOOSE.match(piece)]


def _trimmed(piece: str) -> str:
    """A left-over piece without what only joined it to its neighbours; twice, for "on," and the like."""
    for _ in range(3):
        piece = _BETWEEN.sub("", piece)
    return piece.removesuffix(".") if piece.count(".") == 1 else piece


def read_line(parameters: Sequence[Parameter], text: str, call: Call, *, given: Iterable[str] = ()) -> Reading:
    """Values for `parameters` out of `text`; those in `given` are already known and take nothing."""
    rest, values = _Rest(_field_named(parameters, text)), dict[str, str]()
    known = set(given)
    open_ones = [p for p in parameters if p.name not in known and not p.ask.hidden and (p.ask.free or p.required)]
    _found(rest, open_ones, values)
    open_ones = [p for p in open_ones if p.ask.find is None]
    for step in (_refs, _people, _lengths, _sums, _times, _roles, _choices, _numbers, _bare_sums):
        step(rest, open_ones, values, call)
    _times_that_are_not(rest, open_ones, values)
    _texts(rest, open_ones, values)
    return Reading(values, ", ".join(rest.pieces()))


def _field_named(parameters: Sequence[Parameter], text: str) -> str:
    """The line with "when=8pm" and "when: 8pm" as "when 8pm", where a field to change is named by such a word."""
    for field in parameters:
        if field.name == "field" and field.kind is Kind.CHOICE:
            words = {str(member.value) for member in field.enum or ()} | set(field.ask.also)
            named = rf"(?<!\w)({'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})\s*[=:]\s*(?=\S)"
            return re.sub(named, r"\1 ", text, count=1, flags=re.IGNORECASE)
    return text


def _of(parameters: Sequence[Parameter], values: dict[str, str], *kinds: Kind) -> list[Parameter]:
    return [p for p in parameters if p.kind in kinds and p.name not in values]


def _found(rest: _Rest, parameters: Sequence[Parameter], values: dict[str, str]) -> None:
    """What a parameter finds in its own way goes first: the others would take it apart."""
    for parameter in parameters:
        place = parameter.ask.find(rest.text) if parameter.ask.find is not None else None
        if place is not None:
            values[parameter.name] = place[2]
            rest.take(place[0], place[1])


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
    for one in found:
        phrase = _with_foreign_day(one, rest.text, call)
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


#: The word before a clock, with a small one between them: "dinsdag om 20:00".
_DAY_BEFORE = re.compile(r"([^\W\d_]{3,20})(?:\s+[^\W\d_]{1,4}\.?)?\s+$")


def _with_foreign_day(phrase: Found, text: str, call: Call) -> Found:
    """A clock together with a word before it that names a day in a language the reader does not read.

    To be asked about as one: without the word, today would be taken for it.
    """
    before = _DAY_BEFORE.search(text, max(0, phrase.start - 40), phrase.start)
    if before is None or not names_only_clocks(phrase.text):
        return phrase
    said = text[before.start() : phrase.end]
    when = parse(said, now=call.now, tz=call.zone_or_utc, dayfirst=call.dayfirst, clock=call.clock)
    if when.kind is not Answer.AMBIGUOUS or not when.unread:
        return phrase
    return replace(phrase, start=before.start(), text=said, when=when)


#: What somebody means for a date or a clock, whether or not there is one like it: "31 Nov", "25:70", "30/2".
_LIKE_A_TIME = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?\s*(?:of\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\b\d{1,2}[:/]\d{1,2}\b",
    re.IGNORECASE,
)


def _times_that_are_not(rest: _Rest, parameters: Sequence[Parameter], values: dict[str, str]) -> None:
    """A piece that was meant for the time and cannot be read goes there all the same, to be asked about by name."""
    missing = [p for p in parameters if p.kind in TIMES and p.required and not p.ask.cues and p.name not in values]
    for piece in re.finditer(r"[^,;\n|·\x00]+", rest.text) if missing else ():
        if _LIKE_A_TIME.search(piece[0]):
            values[missing[0].name] = rest.take(*piece.span()).strip()
            return


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
        # In the whole line: "function" says which bass is meant, though it was taken already.
        found = [one for one in instruments.scan(rest.whole) if "\x00" not in rest.text[one.start : one.end]]
        if parameter.ask.cues:
            words = "|".join(map(re.escape, parameter.ask.cues))
            cue = re.search(rf"(?<!\w)(?:{words})(?!\w)", rest.text, re.IGNORECASE)
            found = [one for one in found if cue is not None and one[0] >= cue.end()]
            if found and cue is not None:
                rest.take(*cue.span())
        if not found and parameter.required:
            values |= _led_by_a_role(rest, parameter)
        if not found:
            continue
        wanted = found if parameter.many else found[:1]
        # The rest of the line may have settled which bass is meant; the bare word could not say so again.
        values[parameter.name] = ", ".join(
            one.what.name if isinstance(one.what, instruments.Instrument) and rest.text[one.start : one.end] in _BARE
            else rest.text[one.start : one.end]
            for one in wanted
        )  # fmt: skip
        for one in wanted:
            behind = _PLAYER.match(rest.text, one.end)  # "bass player": no part of what is left
            rest.take(one.start, behind.end() if behind is not None else one.end)


def _led_by_a_role(rest: _Rest, parameter: Parameter) -> dict[str, str]:
    """A required chair at the head of a piece: "keys Bob", which a careful scan takes for a name."""
    for match in re.finditer(r"(?:^|(?<=[,;\n\x00]))\s*(\w+)(?=\s)", rest.text):
        if instruments.find(match[1]) is not None:
            return {parameter.name: rest.take(*match.span(1))}
    return {}


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


def _bare_sums(rest: _Rest, parameters: Sequence[Parameter], values: dict[str, str], call: Call) -> None:
    """A piece that is nothing but a number, once all else has taken its own: what it pays, in one's own currency."""
    for parameter in [p for p in _of(parameters, values, Kind.FEE) if p.required and not p.ask.cues]:
        match = _BARE_SUM.search(rest.text)
        if match:
            values[parameter.name] = match[1]
            rest.take(*match.span(1))


def _texts(rest: _Rest, parameters: Sequence[Parameter], values: dict[str, str]) -> None:
    """Left-over pieces to the open text parameters; what is required, or alone, takes one as well."""
    alone = len(parameters) == 1
    takers = [
        p
        for p in parameters
        if p.name not in values
        and p.ask.free
        and (
            p.kind in (Kind.TEXT, Kind.LONG)
            or (p.kind in (Kind.PERSON, Kind.ZONE, Kind.ROLE, Kind.QUOTED) and (p.required or alone))
        )
    ]
    takers += [
        p
        for p in parameters
        if (p.required or alone) and p.name not in values and p not in takers and p.kind is not Kind.UPLOAD
    ]
    pieces = rest.pieces()
    if alone and takers and takers[0].kind is Kind.YESNO and not pieces:
        pieces = [text for text in [_BETWEEN.sub("", rest.text.replace("\x00", " "))] if text]  # "on" is an answer here
    if len(takers) == 1 and takers[0].kind in (Kind.TEXT, Kind.LONG, Kind.QUOTED):
        pieces = [", ".join(pieces)] if pieces else []
    elif len(takers) > 1 and (quoted := _QUOTED_LAST.search(rest.text)):  # Smith "pays, if you ring Jo"
        rest.take(*quoted.span())
        pieces = [*rest.pieces(), quoted[1].strip()]
    pieces = [_QUOTED.sub(r"\1", piece) for piece in pieces]  # as option="value" loses them
    used = 0
    for position, parameter in enumerate(takers):
        if used >= len(pieces):
            break
        if parameter.ask.place and not any(c.isalpha() for c in pieces[used]):
            continue  # a number that nothing else took is no place: better asked
        last_text = parameter.kind in (Kind.TEXT, Kind.LONG) and not any(
            p.kind in (Kind.TEXT, Kind.LONG) for p in takers[position + 1 :]
        )
        if last_text:
            values[parameter.name], used = ", ".join(pieces[used:]), len(pieces)
            continue
        values[parameter.name], used = pieces[used], used + 1
        if parameter.ask.place and used < len(pieces) and zones.find(pieces[used]):  # "the Sage, Gateshead"
            values[parameter.name], used = f"{pieces[used - 1]}, {pieces[used]}", used + 1
    rest.text = "\x00".join(pieces[used:])


def _cued(parameter: Parameter, text: str, value: str) -> re.Match[str] | None:
    """A value behind one of the parameter's cues; group 1 is the value."""
    for cue in sorted(parameter.ask.cues, key=len, reverse=True):
        match = re.search(rf"(?<!\w){re.escape(cue)}\s*:?\s*{value}", text, re.IGNORECASE)
        if match:
            return match
    return None
