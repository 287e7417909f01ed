"""From a line about one's time to a pattern: "next week not before 2", "every Tuesday evening until June". Pure.

The reader of times knows days, ranges and repeats; what it does not know is put together here: an hour that bounds each
day of a range, and days that are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from cogs.kit.call import Call
from cogs.kit.faults import Misread
from cogs.kit.moments import parsed, read_when
from cogs.kit.reading import clean
from cogs.kit.when import Kind, When, parse
from storage.records.availability import DAY_MINUTES, EVERY_DAY, Free
from storage.reference import instruments

EXAMPLE = "next week not before 2, or every Tuesday evening until June"

#: How long something is taken to last when only its beginning was said: one call, by custom, in minutes.
_CALL = 180
#: Days written out for a monthly or yearly pattern, and how far ahead.
_MOST_LISTED = 120
_LISTED_FOR = timedelta(days=2 * 366)
#: Words behind a time that are taken for a note on it.
_MOST_BEHIND = 6
_LONGEST_MINUTES = 62 * DAY_MINUTES

_STATES = {
    Free.NO: r"not\s+(?:free|available|around)|unavailable|un-available|busy|can(?:not|'t|’t| not)(?:\s+do)?|away|off"
    r"|booked|taken|no(?!\s+(?:earlier|later|sooner|idea))",
    Free.MAYBE: r"maybe|may\s+be|perhaps|possibly|possible|probably|tentative(?:ly)?|not\s+sure|unsure",
    Free.FREE: r"free|available|around|yes|open|can\s+do|can",
}
_STATE = {state: re.compile(rf"(?<![\w’'-])(?:{words})(?![\w’'-])", re.IGNORECASE) for state, words in _STATES.items()}
_NOTE = re.compile(r"\(([^()]{1,200})\)|(?<!\w)(?:note|because|as)\s*[:=]\s*(.{1,200})$", re.IGNORECASE)

_PLAYER = re.compile(
    r"\s*(?!(?:from|to|until|next|this|today|tomorrow|all|on)\b)(@?[^\W\d][\w.\-]*(?:\s+(?!from\b|to\b|until\b)[^\W\d]\w*)*)",
    re.I,
)
_CLOCK = r"(?:at\s+)?(?P<clock>\d{1,2}(?:[:.]\d{2})?\s*(?:am|pm|a\.m\.|p\.m\.|h)?|noon|midday|midnight|lunch(?:time)?)"
_NOT_A_DATE = (
    r"(?!\s*(?:st|nd|rd|th)\b|[/.\d-]|\s*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"|\s*(?:days?|weeks?|months?)\b)"
)
_FROM_HOUR = re.compile(
    rf"[,;]?\s*(?:\bonly\s+)?\b(?P<lead>not\s+before|not\s+until|no\s+(?:earlier|sooner)\s+than|(?<!not\s)after|from)"
    rf"\s+{_CLOCK}{_NOT_A_DATE}(?:\s+(?:on|onwards?))?(?![\w])",
    re.IGNORECASE,
)
_TO_HOUR = re.compile(
    rf"[,;]?\s*(?:\bonly\s+)?\b(?P<lead>not\s+after|no\s+later\s+than|(?<!not\s)(?:before|until)|till|til)"
    rf"\s+{_CLOCK}{_NOT_A_DATE}(?![\w])",
    re.IGNORECASE,
)
_BOUNDED = re.compile(
    r"\b(?:not\s+(?:before|until|after)|no\s+(?:earlier|sooner|later)\s+than|only\s+(?:after|from|before|until))\b",
    re.I,
)
_BUT = re.compile(
    r"[,;]?\s*\b(?:except(?:\s+for)?|excluding|but\s+not(?!\s+(?:before|after|until))|apart\s+from|other\s+than|bar)\s+"
    r"(?P<days>.+?)(?=[,;]?\s*\b(?:until|till|til|from|not\s+before|not\s+after|after|before)\b|$)",
    re.IGNORECASE,
)
_LIST = re.compile(r"\s*(?:,|;|&|\band\b|\bor\b)\s*", re.IGNORECASE)
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("mon monday", "tue tues tuesday", "wed weds wednesday", "thu thur thurs thursday", "fri friday",
         "sat saturday", "sun sunday")
    )
    for name in names.split()
}  # fmt: skip
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DATE_WORD = re.compile(
    r"(?<!\w)(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
    r"|by|on|and|or|to|at|next|this|today|tomorrow|week|weekend)(?!\w)",
    re.IGNORECASE,
)
_FILLERS = re.compile(r"\b(?:most of|all of|all day|all|the whole of|whole|during|generally|usually)\b", re.IGNORECASE)
_COURTESY = re.compile(r"\b(?:please|thanks|thank you|inclusive|incl)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pattern:
    """What was said of when: the fields of an `Entry` that make its pattern. guessed: how long was not said."""

    first: date
    last: date | None
    begins: int = 0
    ends: int = DAY_MINUTES
    days: int = EVERY_DAY
    every: int = 1
    listed: tuple[date, ...] = ()
    but: tuple[date, ...] = ()
    guessed: bool = False


# --- finding the parts of a line --------------------------------------------------------------------------------------


def find_state(text: str) -> tuple[int, int, str] | None:
    """Where a line says free, maybe or no: the place, and which. The first such word that is not part of a time."""
    found = [
        (match.start(), match.end(), state.value)
        for state, pattern in _STATE.items()
        if (match := pattern.search(text)) is not None
    ]
    # "not free" is a no and holds a "free"; the longer one at the same place is meant, the earlier of two.
    return min(found, key=lambda place: (place[0], -place[1]), default=None)


def find_note(text: str) -> tuple[int, int, str] | None:
    """Where a line has a note: in brackets, or behind "note:"."""
    match = _NOTE.search(text)
    return None if match is None else (match.start(), match.end(), (match[1] or match[2]).strip())


def words_behind(text: str, call: Call) -> str | None:
    """What stands behind a time and changes nothing about it: "holidays" in "24-27 Dec holidays", kept as a note.

    None where every word counts, and for phrases that bound hours or leave days out, of which each word may count.
    """
    said = clean(text)
    if len(said) > 200 or any(bound.search(said) for bound in (_NOTE, _BOUNDED, _BUT, _FROM_HOUR, _TO_HOUR)):
        return None
    whole, words = _parse(said, call), said.split()
    if not whole.is_answer or whole.anchor:
        return None
    for kept in range(max(1, len(words) - _MOST_BEHIND), len(words)):
        if _parse(" ".join(words[:kept]), call) == whole:
            behind = _COURTESY.sub(" ", _FILLERS.sub(" ", " ".join(words[kept:]))).strip(" ,;.-")
            return behind if any(c.isalpha() for c in behind) else None
    return None


def find_rest(text: str) -> tuple[int, int, str] | None:
    """All that is left of a line once the state is out of it, up to the note: it speaks of time."""
    note = _NOTE.search(text)
    end = note.start() if note is not None else len(text)
    bare = " ".join(text[:end].replace("\x00", " ").split()).strip(" ,;:")
    return (0, end, bare) if bare else None


def find_player(text: str) -> tuple[int, int, str] | None:
    """A name at the head of a line, before any "from" or "to"."""
    match = _PLAYER.match(text)
    return None if match is None else (match.start(1), match.end(1), match[1])


def find_chair(text: str) -> tuple[int, int, str] | None:
    """A chair between dates ("keys 3 Jan", "3 Jan bass by Fri"), which a careful look takes for part of a name."""
    bare = _DATE_WORD.sub(lambda word: "\x00" * len(word[0]), text)
    for stretch in re.finditer(r"[^,;\d\x00]+", bare):
        words = list(re.finditer(r"(?<![\w@])[^\W\d_][\w'’-]*", stretch[0]))
        for first in range(len(words)):
            for last in range(min(first + 3, len(words)), first, -1):
                start, end = stretch.start() + words[first].start(), stretch.start() + words[last - 1].end()
                if instruments.find(text[start:end]) is not None:
                    return start, end, text[start:end]
    return None


# --- reading ----------------------------------------------------------------------------------------------------------


def read_pattern(text: str, call: Call) -> Pattern:
    """What a phrase says of when, on the caller's own clock. Raises Misread, as the reader of times does."""
    said = clean(text)
    if len(said) > 200:
        raise Misread("That is too long to read as a time.", example=EXAMPLE)
    if _BOUNDED.search(said) is None and _BUT.search(said) is None:  # the reader takes "not after 10" for "after 10"
        plain = _parse(said, call)
        if plain.is_answer and not plain.anchor:
            return _checked(_pattern(plain, call))
    rest, but_days = _taken(_BUT, said)
    rest, begins = _taken(_FROM_HOUR, rest)
    rest, ends = _taken(_TO_HOUR, rest)
    rest = _FILLERS.sub(" ", rest).strip(" ,;")
    if not (but_days or begins or ends):
        return _checked(_pattern(read_when(said, call), call))
    pattern = _pattern(read_when(rest or "today", call), call)
    if begins is not None:
        pattern = replace(pattern, begins=_clock(begins, call, late=False), guessed=False)
    if ends is not None:
        end = _clock(ends, call, late=True)
        pattern = replace(pattern, ends=end if end > pattern.begins else end + DAY_MINUTES, guessed=False)
    elif begins is not None and pattern.ends <= pattern.begins:
        pattern = replace(pattern, ends=DAY_MINUTES)
    if but_days is not None:
        pattern = _left_out(pattern, but_days["days"], call)
    return _checked(pattern)


def bounds_hours_alone(text: str) -> bool:
    """Whether a phrase bounds the hours and names no day: "not before 2", "after 6pm"."""
    rest = text
    for bound in (_FROM_HOUR, _TO_HOUR):
        rest, _ = _taken(bound, rest)
    return rest != text and not _FILLERS.sub(" ", rest).strip(" ,;")


def left_out_of(pattern: Pattern, text: str, call: Call) -> Pattern | None:
    """The pattern without the days of a phrase that says nothing else ("except 15 Dec"); None for other phrases."""
    match = _BUT.fullmatch(text)
    return None if match is None else _checked(_left_out(pattern, match["days"], call))


def with_repeat(pattern: Pattern, every: int) -> Pattern:
    """The same days again and again, of every week, or of every so many weeks; 0: every day."""
    if every == 0:
        return replace(pattern, last=None, days=EVERY_DAY, every=1)
    last = pattern.last or pattern.first
    days = 0
    for offset in range(min((last - pattern.first).days, 6) + 1):
        days |= 1 << (pattern.first + timedelta(days=offset)).weekday()
    return replace(pattern, last=None, days=days if pattern.days == EVERY_DAY else pattern.days, every=every)


def with_until(pattern: Pattern, until: date) -> Pattern:
    """None of it after that day. Raises Misread when nothing is left."""
    if until < pattern.first:
        raise Misread("That ends before it begins.", example="20 Dec", field="until")
    last = until if pattern.last is None else min(pattern.last, until)
    return replace(pattern, last=last, listed=tuple(day for day in pattern.listed if day <= last))


def _checked(pattern: Pattern) -> Pattern:
    if pattern.ends <= pattern.begins:
        raise Misread("That ends before it begins.", example=EXAMPLE)
    if pattern.ends - pattern.begins > _LONGEST_MINUTES:
        raise Misread("That is longer than I can keep as one; say it as days.", example="1 Jan - 28 Feb")
    return pattern


def _parse(text: str, call: Call) -> When:
    return parsed(text, call)


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, re.Match[str] | None]:
    match = pattern.search(text)
    if match is None:
        return text, None
    return f"{text[: match.start()]} {text[match.end() :]}".strip(), match


def _clock(match: re.Match[str], call: Call, *, late: bool) -> int:
    """Minutes after midnight. Without am or pm 7 to 11 are the morning's for a beginning, the evening's for an end."""
    said = match["clock"].strip().casefold()
    if said.startswith("lunch"):
        return (14 if late else 12) * 60
    if said == "midnight":
        return DAY_MINUTES if late else 0
    bare = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?", said)
    if bare and 7 <= int(bare[1]) <= 11 and not bare[1].startswith("0") and call.clock != 24:
        if int(bare[2] or 0) > 59:
            raise Misread(f"I could not read “{said}” as a clock.", example="2pm", field="when")
        return (int(bare[1]) + (12 if late else 0)) * 60 + int(bare[2] or 0)
    when = parse(
        f"tomorrow at {said}", now=call.now, tz="UTC", dayfirst=call.dayfirst, clock=call.clock
    )  # fmt: skip
    if when.kind is not Kind.INSTANT or not isinstance(when.start, datetime):
        raise Misread(f"I could not read “{said}” as a clock.", example="2pm", field="when")
    return when.start.hour * 60 + when.start.minute


def _left_out(pattern: Pattern, text: str, call: Call) -> Pattern:
    """The pattern without the days named: weekdays go from the week, dates one by one."""
    days, but = pattern.days, list(pattern.but)
    for piece in filter(None, _LIST.split(text.strip(" .,"))):
        word = piece.casefold().removeprefix("the ").removeprefix("on ").rstrip(".")
        number = _WEEKDAYS.get(word, _WEEKDAYS.get(word.removesuffix("s")))
        if number is not None:
            days &= ~(1 << number)
            continue
        if word in ("weekend", "weekends", "the weekend"):
            days &= 0b0011111
            continue
        if word == "weekdays":
            days &= 0b1100000
            continue
        when = read_when(piece, call)
        if when.kind is Kind.RECURRENCE or when.start is None:
            raise Misread(f"I could not tell which days “{piece}” leaves out.", example="except 15 Dec")
        first = _day(when.start, call)
        last = _day(when.end, call) if when.end is not None and not isinstance(when.end, datetime) else first
        but += [first + timedelta(days=n) for n in range(min((last - first).days, 366) + 1)]
    pattern = replace(pattern, days=days, but=tuple(sorted(set(but))))
    span = 7 if pattern.last is None else min((pattern.last - pattern.first).days + 1, 366)
    left = (pattern.first + timedelta(days=n) for n in range(max(span, 1)))
    if not pattern.listed and not any(days >> day.weekday() & 1 and day not in pattern.but for day in left):
        raise Misread("That leaves no day over.", example=EXAMPLE)
    return pattern


def _pattern(when: When, call: Call) -> Pattern:
    if when.anchor or not when.is_answer:
        raise Misread("That is not a time I can keep.", example=EXAMPLE)
    if when.kind is Kind.RECURRENCE:
        return _repeat(when, call)
    today = call.now.astimezone(_place(call)).date()
    if when.start is None:
        assert when.end is not None
        if isinstance(when.end, datetime):
            last, ends = _wall(when.end, call)
            return Pattern(min(today, last), last, 0, ends or DAY_MINUTES)
        return Pattern(min(today, when.end), when.end)
    if not isinstance(when.start, datetime):
        last_day = when.end if when.end is not None else None if when.kind is Kind.RANGE else when.start
        assert not isinstance(last_day, datetime)
        return Pattern(when.start, last_day)
    first, begins = _wall(when.start, call)
    if when.kind is Kind.RANGE and when.end is None:
        return Pattern(first, first, begins)
    end = when.end if isinstance(when.end, datetime) else when.parts[-1] if len(when.parts) > 1 else None
    if end is None:
        return Pattern(first, first, begins, begins + _CALL, guessed=True)
    return Pattern(first, first, begins, _after(first, end, call))


def _repeat(when: When, call: Call) -> Pattern:
    rule = dict(part.split("=", 1) for part in (when.rrule or "").split(";"))
    assert when.start is not None
    guessed = False
    if isinstance(when.start, datetime):
        first, begins = _wall(when.start, call)
        if when.wall is not None and when.start.utcoffset() == when.start.astimezone(_place(call)).utcoffset():
            begins = when.wall // 60  # skipped on the first day, in spring
        guessed = not isinstance(when.end, datetime)
        ends = _after(first, when.end, call) if isinstance(when.end, datetime) else begins + _CALL
    else:
        first, begins, ends = when.start, 0, DAY_MINUTES
    last = _until(rule.get("UNTIL"), call)
    every = int(rule.get("INTERVAL", "1"))
    if rule["FREQ"] == "WEEKLY" and "BYDAY" in rule and every <= 52:
        days = sum(1 << _CODES.index(code) for code in rule["BYDAY"].split(","))
        pattern = Pattern(first, last, begins, ends, days, every, guessed=guessed)
        return _counted(pattern, int(rule["COUNT"])) if "COUNT" in rule else pattern
    if rule["FREQ"] == "DAILY" and every == 1:
        pattern = Pattern(first, last, begins, ends, guessed=guessed)
        return _counted(pattern, int(rule["COUNT"])) if "COUNT" in rule else pattern
    listed = tuple(islice(_written_out(when.rrule or "", first, last), _MOST_LISTED))
    if not listed:
        raise Misread("That never comes.", example=EXAMPLE)
    return Pattern(first, listed[-1], begins, ends, listed=listed, guessed=guessed)


def _counted(pattern: Pattern, count: int) -> Pattern:
    """The last day of so many."""
    day, left = pattern.first, min(count, 1000)
    monday = pattern.first - timedelta(days=pattern.first.weekday())
    last = pattern.first
    while left:
        if pattern.days >> day.weekday() & 1 and (day - monday).days // 7 % pattern.every == 0:
            last, left = day, left - 1
        day += timedelta(days=1)
    return replace(pattern, last=last)


def _written_out(rrule: str, first: date, last: date | None) -> Iterator[date]:
    from dateutil.rrule import rrulestr  # wanted by few

    bare = ";".join(part for part in rrule.split(";") if not part.startswith("UNTIL"))
    until = min(last or date.max, first + _LISTED_FOR)
    for at in rrulestr(bare, dtstart=datetime(first.year, first.month, first.day)):  # noqa: DTZ001  # days of a calendar, of no zone
        if at.date() > until:
            return
        yield at.date()


def _until(stamp: str | None, call: Call) -> date | None:
    if stamp is None:
        return None
    if stamp.endswith("Z"):
        at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return at.astimezone(_place(call)).date()
    return date(int(stamp[:4]), int(stamp[4:6]), int(stamp[6:8]))


def _place(call: Call) -> ZoneInfo:
    return ZoneInfo(call.zone_or_utc)


def _day(point: date, call: Call) -> date:
    return point.astimezone(_place(call)).date() if isinstance(point, datetime) else point


def _wall(at: datetime, call: Call) -> tuple[date, int]:
    local = at.astimezone(_place(call))
    return local.date(), local.hour * 60 + local.minute


def _after(first: date, end: datetime, call: Call) -> int:
    """The wall clock of an end, in minutes after the midnight that begins `first`."""
    day, minutes = _wall(end, call)
    return (day - first).days * DAY_MINUTES + minutes
