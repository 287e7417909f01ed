"""What a person means who names a new time for something said: the part that is named changes, the rest stands. Pure.

"8pm" of Saturday evening is Saturday's, "sunday" of it is Sunday evening, "until July" ends a pattern later. Where a
weekday is named for what comes every week, nobody but the person can tell whether one day or all of them move.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from cogs.availability import reading, rules
from cogs.availability.reading import Pattern
from cogs.kit.call import Call
from cogs.kit.faults import Misread
from cogs.kit.form import Choice
from cogs.kit.moments import names_only_clocks
from storage.records.availability import DAY_MINUTES, EVERY_DAY, Entry

_LEAD = re.compile(r"^\s*(?:(?:when|time|to|at|is|from now)\b|[:=,])\s*", re.IGNORECASE)
_REF = re.compile(r"(?<!\w)#?a\d{1,9}(?!\w)", re.IGNORECASE)
_NOTE = re.compile(r"\(([^()]{1,200})\)|(?<!\w)note\b\s*[:=]?\s*(.{1,200})$", re.IGNORECASE)
_STATE_WORD = re.compile(r"(?<!\w)(?:state\s*[:=]?|to)\s*$", re.IGNORECASE)
_PART_OF_DAY = re.compile(r"(?:in the |only |the )?(?:morning|lunchtime|afternoon|evening|night)s?", re.IGNORECASE)
_ALL_DAY = re.compile(r"(?<!\w)(?:all|the whole|whole) day", re.IGNORECASE)
_UNTIL = re.compile(r"(?:until|till?)\s+(?!\d{1,2}(?:[:.]\d\d)?\s*(?:[ap]m)?$|noon|mid)", re.IGNORECASE)
_WEEKDAY = re.compile(r"(?:on |next |this )?(mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}s?", re.IGNORECASE)
_SINGLE = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def find_note(text: str) -> tuple[int, int, str] | None:
    """Where a change speaks of the note: in brackets, or behind the word."""
    match = _NOTE.search(text)
    return None if match is None else (match.start(), match.end(), (match[1] or match[2]).strip())


def find_state(text: str) -> tuple[int, int, str] | None:
    """Where a change says free, maybe or no, with the word "state" before it; not in the note."""
    note = find_note(text)
    found = reading.find_state(text[: note[0]] if note is not None else text)
    if found is None:
        return None
    led = _STATE_WORD.search(text[: found[0]])
    return (led.start() if led is not None else found[0], found[1], found[2])


def find_when(text: str) -> tuple[int, int, str] | None:
    """What is left of a change beside its id and its note, the answer being out of it: it speaks of time."""
    note = find_note(text)
    start, end = 0, len(text) if note is None else note[0]
    ref = _REF.search(text, start, end)
    if ref is not None:
        start, end = (start, ref.start()) if text[: ref.start()].strip(" \x00") else (ref.end(), end)
    said = _bare(" ".join(text[start:end].replace("\x00", " ").split()).strip(" ,;:"))
    return (start, end, said) if any(c.isalnum() for c in said) else None


def changed(entry: Entry, text: str, call: Call) -> Pattern:
    """The pattern of an entry when a new time is named for it. Raises Misread, as the reader of times does."""
    said = _bare(text.strip())
    old = pattern_of(entry)
    if _UNTIL.match(said) and (entry.repeats or entry.last != entry.first):
        last = reading.read_pattern(said, call).last
        return old if last is None else reading.with_until(replace(old, last=None), last)
    if _ALL_DAY.fullmatch(said):
        return replace(old, begins=0, ends=DAY_MINUTES)
    if (fewer := reading.left_out_of(old, said, call)) is not None:
        return fewer
    weekday = _WEEKDAY.fullmatch(said)
    if weekday is not None and entry.repeats and not entry.listed:
        number = _SINGLE.index(weekday[1].casefold())
        if said.casefold()[:4] not in ("next", "this") and not entry.days >> number & 1:
            raise _one_or_all(entry, number, reading.read_pattern(said, call).first)
    new = reading.read_pattern(said, call)
    if _names_hours_alone(said):
        hours = replace(old, begins=new.begins, ends=new.ends, guessed=new.guessed)
        if new.guessed and (old.begins, old.ends) != (0, DAY_MINUTES):
            ends = DAY_MINUTES if old.ends == DAY_MINUTES else new.begins + old.ends - old.begins
            hours = replace(hours, ends=ends, guessed=False)
        return hours
    if (new.begins, new.ends) == (0, DAY_MINUTES) and _ALL_DAY.search(said) is None:
        return replace(new, begins=old.begins, ends=old.ends)
    return new


def pattern_of(entry: Entry) -> Pattern:
    """The pattern of something said."""
    return Pattern(
        entry.first, entry.last, entry.begins, entry.ends, entry.days, entry.every, entry.listed, entry.but
    )  # fmt: skip


def _bare(said: str) -> str:
    """A change without the words that only lead to its time."""
    while (led := _LEAD.match(said)) is not None and led.end() > 0:
        said = said[led.end() :]
    return said.strip()


def _names_hours_alone(said: str) -> bool:
    return names_only_clocks(said) or _PART_OF_DAY.fullmatch(said) is not None or reading.bounds_hours_alone(said)


def _one_or_all(entry: Entry, weekday: int, day: date) -> Misread:
    """Wednesday, said of what is every Tuesday evening: every Wednesday, or the next one alone?"""
    weekly = replace(entry, days=1 << weekday)
    once = replace(entry, first=day, last=day, days=EVERY_DAY, every=1, but=())
    return Misread(
        f"That is {rules.pattern_text(entry)}. Every {day:%A} instead, or {rules.day_text(day)} alone instead?",
        choices=(
            Choice(f"Every {day:%A}", rules.typed_text(weekly)),
            Choice(f"Only {rules.day_text(day)}"[:38], rules.typed_text(once)),
        ),
        field="when",
    )
