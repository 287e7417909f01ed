"""Find the phrases about time in a longer line, with their places: what a one-line command is made of.

Readings are the same as `parse` would give; what differs is caution. Beside other words a lone month, holiday or part
of the day may be a name or a title ("June Smith", "Christmas party"), and counts only as a field of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

from cogs.kit.when.clocks import Clock
from cogs.kit.when.days import Calendar, MonthDay
from cogs.kit.when.folding import folded_with_places
from cogs.kit.when.parse import answer_pieces
from cogs.kit.when.pieces import FILLERS, pieces
from cogs.kit.when.scene import Scene
from cogs.kit.when.spans import Month
from cogs.kit.when.tokens import Token, tokens
from cogs.kit.when.value import Kind, When
from cogs.kit.when.zones import by_name

#: Longest line searched, in characters: the longest message either platform delivers.
LONGEST_LINE: Final = 4096
_TIME: Final = frozenset(
    "day span clock range part repeat moment moments elapsed stretch hang unread slip now dayend sametime "
    "twofold".split()
)
#: What belongs to a time when it follows one.
_TAILS: Final = frozenset({"zone", "during", "shift", "count", "tbc"})
_LEADS: Final = frozenset({"by", "after", "before", "from", "until", "notbefore", "starting"})
_GLUE: Final = FILLERS | {"label", "ender", "status", "doubles", "and", "or", "fand", "allday", "sometime", "oclock"}
_MARKS: Final = frozenset(",:-/()&+@")
_DAYS: Final = frozenset({"day", "span", "repeat", "moment", "elapsed", "stretch", "hang"})
_CLOCKS: Final = frozenset({"clock", "range", "part"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One phrase about time in a longer text."""

    #: Place of the phrase in the text given, end excluded; a lead word is part of it.
    start: int
    end: int
    #: The phrase as typed.
    text: str
    #: The word that leads it: "by", "until", "from", "after", "before", "within", "not before", "starting" or "".
    lead: str
    when: When


def find(text: str, *, now: datetime, tz: str | tzinfo, dayfirst: bool, clock: int | None = None) -> tuple[Found, ...]:
    """The phrases about time in a text, in order; each is read as `parse` reads it, questions included.

    Fees, meters, tempos, chords and ids are never found, nor a bare length or number. At most the first 4,096
    characters are searched. Never raises for any text; raises ValueError for a naive `now`.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    zone = by_name(tz) if isinstance(tz, str) else tz
    if zone is None or not text or text.isspace():
        return ()
    text = text[:LONGEST_LINE]
    plain, places = folded_with_places(text)
    cut = pieces(tokens(plain), dayfirst, lenient=True)
    found: list[Found] = []
    for run in _runs(cut):
        start, end = run[0].start, run[-1].end
        if places is not None:
            start, end = places[start], places[end - 1] + 1
        try:
            when = answer_pieces(Scene(now.astimezone(UTC), zone, dayfirst=dayfirst, clock=clock), run)
        except (OverflowError, ValueError):
            continue  # a day or moment outside the calendar
        if when.kind is not Kind.INVALID:
            found.append(Found(start=start, end=end, text=text[start:end], lead=_lead(run[0]), when=when))
    return tuple(found)


def _lead(first: Token) -> str:
    if first.sort in _LEADS:
        return "not before" if first.sort == "notbefore" else first.sort
    opening = first.text.split(" ", 1)[0]
    return "within" if first.sort in ("elapsed", "day") and opening == "within" else ""


def _runs(cut: list[Token]) -> list[list[Token]]:
    """Pieces that stand together as one phrase each, without the words around them."""
    runs: list[list[Token]] = []
    run: list[Token] = []
    place = 0
    while place < len(cut):
        token = cut[place]
        if token.sort in _LEADS and _leads_time(cut, place):
            if run and not _continues(run, token, cut, place):
                runs.append(run)
                run = []
            run.append(token)
        elif _is_time(cut, place):
            if run and _starts_anew(run, token):
                runs.append(run)
                run = []
            run.append(token)
        elif (token.sort in _TAILS and _holds_time(run)) or (token.sort in _GLUE or token.text in _MARKS):
            run.append(token)
        elif token.sort == "num" and _dangles(cut, place):
            token.sort = "unread"
            run.append(token)
        else:
            runs.append(run)
            run = []
        place += 1
    runs.append(run)
    trimmed = [_trimmed(each, cut) for each in runs]
    return [each for each in trimmed if each and _stands(each, cut)]


def _holds_time(run: list[Token]) -> bool:
    return any(token.sort in _TIME for token in run)


def _is_time(cut: list[Token], place: int) -> bool:
    token = cut[place]
    if token.sort not in _TIME:
        return False
    before = cut[place - 1] if place > 0 else None
    if isinstance(token.value, MonthDay) and token.value.weekday is None and token.text[0].isdigit():
        # "1st" alone is a rank; "the 1st", "by 1st" and "until the 1st" are days.
        return before is not None and before.sort in _LEADS | {"the", "on", "clock", "range"}
    return True


def _leads_time(cut: list[Token], place: int) -> bool:
    at = place + 1
    while at < len(cut) and cut[at].sort in FILLERS:
        at += 1
    return at < len(cut) and _is_time(cut, at)


def _continues(run: list[Token], lead: Token, cut: list[Token], place: int) -> bool:
    """Whether a lead word goes on with the phrase before it (tomorrow after 5, every Friday until June)."""
    if lead.sort in ("by", "notbefore") or not _holds_time(run):
        return False
    if any(token.sort == "repeat" for token in run):
        return True
    gap = any(token.text == "," or token.sort in ("label", "status") for token in _since_time(run))
    return not gap and not any(token.sort in ("clock", "range", "span", *_LEADS) for token in run)


def _since_time(run: list[Token]) -> list[Token]:
    tail: list[Token] = []
    for token in reversed(run):
        if token.sort in _TIME:
            break
        tail.append(token)
    return tail


def _starts_anew(run: list[Token], token: Token) -> bool:
    """Whether a time begins a phrase of its own rather than adding to the one before it."""
    if not _holds_time(run):
        return False
    tail = _since_time(run)
    apart = any(each.text == "," for each in tail)
    either = any(each.sort in ("or", "and") or each.text in ("/", "-", "&") for each in tail)
    if token.sort in _DAYS:
        dated = any(each.sort in _DAYS for each in run)
        return (
            dated and not either and (apart or any(each.sort in _CLOCKS for each in run)) and not _repeats(run, token)
        )
    if token.sort in _CLOCKS:
        return False
    return apart


def _repeats(run: list[Token], token: Token) -> bool:
    return any(each.sort == "repeat" for each in run) or token.sort == "repeat"


def _dangles(cut: list[Token], place: int) -> bool:
    """Whether a bare number stands right after a day and before nothing: part of a time that was not understood."""
    if place == 0 or cut[place - 1].sort != "day":
        return False
    return place + 1 >= len(cut) or cut[place + 1].text in (",", ".", ";")


def _trimmed(run: list[Token], cut: list[Token]) -> list[Token]:
    """The run from its first time (with its lead or label's clock) to its last."""
    first = next((place for place, token in enumerate(run) if token.sort in _TIME or token.sort in _LEADS), None)
    if first is None or not _holds_time(run):
        return []
    last = max(place for place, token in enumerate(run) if token.sort in _TIME or token.sort in _TAILS)
    labelled = first
    while labelled > 0 and run[labelled - 1].sort in {"label", "ender", "doubles", *FILLERS}:
        labelled -= 1
    while labelled < first and run[labelled].sort in FILLERS:
        labelled += 1
    return run[labelled : last + 1]


def _stands(run: list[Token], cut: list[Token]) -> bool:
    """Whether a run that may be a name or a count stands as a field of its own, or is plainly a time."""
    telling = [token for token in run if token.sort not in FILLERS]
    if len(telling) > 1:
        return True
    token = telling[0]
    alone = _bounded(run, cut)
    if token.sort in ("part", "now", "dayend", "twofold", "sametime", "slip", "unread"):
        return alone
    if isinstance(token.value, Month) and token.value.month is not None and token.value.year is None:
        return alone or token.value.third is not None or _after_in(run, cut)
    if isinstance(token.value, Calendar) and not any(char.isdigit() for char in token.text):
        return alone
    if token.sort == "range" and isinstance(token.value, tuple):
        return alone or any(isinstance(end, Clock) and (end.half or end.wide or end.written) for end in token.value)
    if token.sort == "clock" and token.text.isdigit():
        return alone or len(token.text) == 4
    return True


def _bounded(run: list[Token], cut: list[Token]) -> bool:
    begin, finish = cut.index(run[0]), cut.index(run[-1])
    edges = (",", ";", ".", "?", "!", "|")
    before = (
        begin == 0
        or cut[begin - 1].text in edges
        or cut[begin - 1].sort in ("status", "label", "noise", "fee", "at", "on")
    )
    after = (
        finish + 1 >= len(cut) or cut[finish + 1].text in edges or cut[finish + 1].sort in ("fee", "label", "status")
    )
    return before and after


def _after_in(run: list[Token], cut: list[Token]) -> bool:
    begin = cut.index(run[0])
    return (begin > 0 and cut[begin - 1].sort == "in") or run[0].sort == "in"
