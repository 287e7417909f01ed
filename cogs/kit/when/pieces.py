"""From tokens to pieces: days, spans, clocks, ranges, repeats and the small words between them.

First every rule of the grammar has its turn at every place; then numbers become clocks where their neighbours say
so, and the two ends of a range are joined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, cast

from cogs.kit.when.clocks import Clock
from cogs.kit.when.days import Calendar, Day, Relative, Weekday
from cogs.kit.when.noise import judge_weak, mark_noise, name_cut_weekdays
from cogs.kit.when.read_clocks import CLOCK_RULES
from cogs.kit.when.read_dates import Read, is_dash
from cogs.kit.when.read_days import DAY_RULES
from cogs.kit.when.read_lengths import LENGTH_RULES
from cogs.kit.when.read_repeats import REPEAT_RULES
from cogs.kit.when.read_zones import name_zones
from cogs.kit.when.scene import Impossible, Unsure
from cogs.kit.when.spans import Both, Run, Span
from cogs.kit.when.terms import TERM_RULES
from cogs.kit.when.tokens import SENTINELS, Token

Rule = Callable[[list[Token], int, bool], Read | None]


def _joined_rules() -> dict[str, tuple[Rule, ...]]:
    rules: dict[str, tuple[Rule, ...]] = {}
    families: tuple[Mapping[str, tuple[Rule, ...]], ...] = (
        REPEAT_RULES,
        TERM_RULES,
        LENGTH_RULES,
        DAY_RULES,
        CLOCK_RULES,
    )
    for family in families:
        for sort, more in family.items():
            rules[sort] = rules.get(sort, ()) + more
    return rules


_RULES: Final = _joined_rules()

#: Small words that may stand between two pieces that belong together.
FILLERS: Final = frozenset({"the", "approx", "at", "on", "um", "of", "in", "article"})
_TO_CLOCK: Final = frozenset(
    {"at", "um", "label", "ender", "doubles", "after", "before", "until", "by", "from", "notbefore"}
)
_LIST_JOINTS: Final = frozenset({"and", "or", "fand"})


def pieces(tokens: list[Token], dayfirst: bool, *, lenient: bool = False) -> list[Token]:
    """Every token of a phrase, the ones that belong together made one.

    Raises Impossible for a clock that cannot be and Unsure for a range that cannot be read; where lenient, as in a
    line that holds much besides times, both become loose ends instead.
    """
    last = tokens[-1].end if tokens else 0
    tokens.extend(Token("end of text", None, "", last, last) for _ in range(SENTINELS))
    name_cut_weekdays(tokens)
    mark_noise(tokens)
    judge_weak(tokens)
    found = _grouped(tokens, dayfirst, lenient=lenient)
    name_zones(found)
    _promote(found)
    return _ranges(found, lenient=lenient)


def _grouped(tokens: list[Token], dayfirst: bool, *, lenient: bool) -> list[Token]:
    found: list[Token] = []
    place, count = 0, len(tokens) - SENTINELS
    while place < count:
        token = tokens[place]
        for rule in _RULES.get(token.sort, ()):
            try:
                read = rule(tokens, place, dayfirst)
            except Impossible:
                if not lenient:
                    raise
                token.sort, read = "unread", None
            if read is not None:
                found.extend(read[0])
                place = read[1]
                break
        else:
            found.append(token)
            place += 1
    return found


def _neighbour(
    found: list[Token], place: int, step: int, through: frozenset[str] = frozenset({"approx", "the"})
) -> Token | None:
    at = place + step
    while 0 <= at < len(found):
        token = found[at]
        if token.sort not in through and token.text not in (",", ":", "time", "="):
            return token
        at += step
    return None


def _clock_of(token: Token) -> Clock | None:
    """The clock a bare number would be, or None where it can be none."""
    if token.sort not in ("num", "numword"):
        return None
    value = cast(int, token.value)
    digits = token.text
    if token.sort == "numword":
        return Clock(value) if 1 <= value <= 12 else None
    if len(digits) in (3, 4) and digits.isdigit():
        if value % 100 > 59 or value // 100 > 23:
            return None
        return Clock(value // 100, value % 100, wide=digits[0] == "0" or value >= 1300, written=True)
    if len(digits) > 2 or not 0 <= value <= 24:
        return None
    return Clock(value, wide=digits[0] == "0")


def _promote(found: list[Token]) -> None:
    """Make clocks of bare numbers whose neighbours say that is what they are, in place."""
    doubles = any(token.sort == "doubles" for token in found)
    for place, token in enumerate(found):
        if token.sort == "hclock":
            clock = cast(Clock, token.value)
            alone = all(other.sort in FILLERS | {"approx", "word"} for other in found if other is not token)
            token.sort = "unread" if alone and clock.hour <= 12 and not _said_at(found, place) else "clock"
            continue
        clock_or_none = _clock_of(token)
        if clock_or_none is None:
            continue
        if len(token.text) == 3 and place and found[place - 1].sort == "the":  # "at the 100 club" is a place
            continue
        if _numbered_label(found, place) or _numbered_studio(found, place):
            token.sort = "noise"
        elif _is_clock(found, place, len(token.text) == 4 and token.sort == "num", doubles=doubles):
            token.sort, token.value = "clock", clock_or_none


def _said_at(found: list[Token], place: int) -> bool:
    before = _neighbour(found, place, -1)
    return before is not None and before.sort in _TO_CLOCK


def _numbered_label(found: list[Token], place: int) -> bool:
    """`set 1 8pm`, `show 2 at 9`: the number counts the sets."""
    if (
        place == 0
        or found[place - 1].sort != "label"
        or found[place - 1].value not in ("set", "show", "session", "gig")
    ):
        return False
    token = found[place]
    if token.sort != "num" or cast(int, token.value) > 4 or place + 1 >= len(found):
        return False
    following = found[place + 1]
    return following.sort in ("clock", "at") or (
        following.text == ":" and place + 2 < len(found) and following.start > token.end
    )


def _numbered_studio(found: list[Token], place: int) -> bool:
    """`studio 2, friday 10-6`: the number is a door's where the clock comes later."""
    if place == 0 or found[place - 1].text != "studio" or (place + 1 < len(found) and is_dash(found[place + 1])):
        return False
    return any(token.sort in ("clock", "num") for token in found[place + 1 :])


def _is_clock(found: list[Token], place: int, long: bool, *, doubles: bool) -> bool:
    before, after = _neighbour(found, place, -1), _neighbour(found, place, 1)
    if before is not None:
        if before.sort in _TO_CLOCK:
            return True
        if before.sort == "part" or (doubles and before.sort in ("day", "clock", "and")):
            return True
        if before.sort in ("day", "span", "repeat") and long:
            return True
        if is_dash(before) or before.sort in _LIST_JOINTS or before.text in ("/", "&"):
            other = _neighbour(found, found.index(before), -1)
            if other is not None and other.sort == "clock" and found[place].end > before.end:
                return True
    if after is not None:
        if after.sort == "uhr" and (after.text == "uhr" or cast(int, found[place].value) > 12):
            return True
        if after.sort == "part" or (after.sort == "in" and _is_part(found, place)):
            return True
        if isinstance(after.value, Relative) and after.value.days == 0 and _part_follows(found, after):
            return True
        if long and after.sort in ("day", "span", "repeat", "zone") and not _joined(found, place):
            return True
        if is_dash(after) or after.sort in ("and", "or", "fand", "at", "a", "um", "article") or after.text == "/":
            return _joins_clock(found, place, after)
    return len(found[place].text) == 4 and found[place].text[0] == "0"


def _joined(found: list[Token], place: int) -> bool:
    return place + 1 < len(found) and is_dash(found[place + 1])


def _is_part(found: list[Token], place: int) -> bool:
    at = place + 1
    while at < len(found) and found[at].sort in ("in", "the", "approx"):
        at += 1
    return at < len(found) and found[at].sort == "part"


def _part_follows(found: list[Token], day: Token) -> bool:
    at = found.index(day) + 1
    return at < len(found) and found[at].sort == "part"


def _joins_clock(found: list[Token], place: int, joint: Token) -> bool:
    """Whether a number and what follows a dash or "and" are the two ends of a range of clocks, or a list of clocks."""
    other = _neighbour(found, found.index(joint), 1, frozenset({"approx", "the", "at", "um"}))
    if other is None:
        return False
    if other.sort in ("clock", "hclock"):
        return joint.sort not in ("at", "article", "fand") or _led(found, place)
    if _clock_of(other) is None:
        return False
    if is_dash(joint):
        return True
    before = _neighbour(found, place, -1)
    return before is not None and before.sort in ("between", "flead", "from") and (joint.sort != "or")


def _led(found: list[Token], place: int) -> bool:
    before = _neighbour(found, place, -1)
    return before is not None and before.sort in ("between", "flead", "from", "of")


def _ranges(found: list[Token], *, lenient: bool) -> list[Token]:
    """Join the two ends of every range into one piece."""
    joined: list[Token] = []
    place = 0
    while place < len(found):
        token = found[place]
        if _joins(found, place, joined):
            right = place + 1
            while right < len(found) and found[right].sort in FILLERS:
                right += 1
            left = len(joined) - 1
            while left >= 0 and joined[left].sort in FILLERS:
                left -= 1
            try:
                whole = _join(joined, left, found, right) if left >= 0 and right < len(found) else None
            except Unsure:
                if not lenient:
                    raise
                whole = None
            if whole is not None:
                piece, begins, after = whole
                kept = [each for each in joined[begins:] if piece.sort == "range" and each.sort in ("day", "zone")]
                del joined[begins:]
                piece.start = _drop_lead(joined, piece.start)
                joined.append(piece)
                joined.extend(kept)
                place = after
                continue
            if token.text == "-":
                place += 1
                continue
        joined.append(token)
        place += 1
    return joined


def _joins(found: list[Token], place: int, joined: list[Token]) -> bool:
    """Whether a token joins two ends: a dash or a word for it, or "and" after "between"."""
    token = found[place]
    if is_dash(token):
        return True
    if token.sort in ("and", "fand", "a", "article", "at"):
        for before in range(len(joined) - 1, max(-1, len(joined) - 6), -1):
            sort = joined[before].sort
            if (
                sort == "between"
                or (sort == "flead" and token.sort != "and")
                or (joined[before].text == "de" and token.sort in ("a", "article", "at"))
            ):
                return True
            if sort == "word":
                return False
    return False


def _drop_lead(joined: list[Token], start: int) -> int:
    """Take away the word that announced a range (from, between); the place where the range begins with it."""
    while joined and joined[-1].sort in FILLERS and joined[-1].sort != "at":
        if joined[-1].text == "de":
            return joined.pop().start
        joined.pop()
    if joined and joined[-1].sort in ("from", "between", "flead", "for"):
        return joined.pop().start
    return start


def _join(joined: list[Token], left: int, found: list[Token], right: int) -> tuple[Token, int, int] | None:
    """The joined piece, the place in `joined` where it begins and the place in `found` after it."""
    first, last = joined[left], found[right]
    start, end = first.start, last.end
    stretch = _stretch(joined, left, found, right)
    if stretch is not None:
        return stretch
    if first.sort == "clock" and last.sort == "clock":
        return Token("range", (first.value, last.value), "", start, end), left, right + 1
    if first.sort == "moment" and last.sort == "moment":
        return Token("moments", (first.value, last.value), "", start, end), left, right + 1
    if first.sort == "day" and last.sort == "day":
        begin, finish = cast(Day, first.value), cast(Day, last.value)
        _share_year(begin, finish)
        begin, finish = _share_week(begin, finish)
        return Token("span", Run(begin, finish), "", start, end), left, right + 1
    if first.sort in ("day", "zone") and last.sort == "clock":
        return _day_between(joined, left, found, right)
    if first.sort == "span" and last.sort == "span":
        return Token("span", Both(cast(Span, first.value), cast(Span, last.value)), "", start, end), left, right + 1
    return None


def _day_between(joined: list[Token], left: int, found: list[Token], right: int) -> tuple[Token, int, int] | None:
    """`8pm Friday to 10pm`, `9am PT - 5pm`: the day or zone after the first clock belongs to the whole range."""
    at = left
    while at >= 0 and joined[at].sort in FILLERS | {"day", "zone"}:
        at -= 1
    if at < 0 or joined[at].sort != "clock":
        return None
    return Token("range", (joined[at].value, found[right].value), "", joined[at].start, found[right].end), at, right + 1


def _stretch(joined: list[Token], left: int, found: list[Token], right: int) -> tuple[Token, int, int] | None:
    """`Fri 6pm - Sun 2pm`, day and clock in either order at each end: one range of times.

    Raises Unsure where the first end has both and the second only a day.
    """
    first, last = joined[left], found[right]
    before, after = left - 1, right + 1
    while before >= 0 and (joined[before].sort in FILLERS or joined[before].text == ","):
        before -= 1
    while after < len(found) and (found[after].sort in FILLERS or found[after].text == ","):
        after += 1
    if before < 0 or {first.sort, joined[before].sort} != {"day", "clock"}:
        return None
    if after >= len(found) or {last.sort, found[after].sort} != {"day", "clock"}:
        if first.sort == "clock" and last.sort == "day":
            raise Unsure(last.text)
        return None
    begin_day, begin_clock = (first, joined[before]) if first.sort == "day" else (joined[before], first)
    end_day, end_clock = (last, found[after]) if last.sort == "day" else (found[after], last)
    begin, finish = cast(Day, begin_day.value), cast(Day, end_day.value)
    _share_year(begin, finish)
    value = (begin, begin_clock.value, finish, end_clock.value)
    return Token("stretch", value, "", joined[before].start, found[after].end), before, after + 1


def _share_year(begin: Day, finish: Day) -> None:
    """A year written at the end of a span belongs to its beginning too."""
    if isinstance(begin, Calendar) and isinstance(finish, Calendar) and begin.year is None and finish.year is not None:
        later = (begin.month, begin.day) > (finish.month, finish.day)
        begin.year = finish.year - 1 if later else finish.year


def _share_week(begin: Day, finish: Day) -> tuple[Day, Day]:
    """`Tue to Thu next week`: a week named at the end holds both days, where they stand in its order."""
    if (
        isinstance(begin, Weekday)
        and isinstance(finish, Weekday)
        and begin.how == "bare"
        and finish.how in ("week", "this")
        and begin.number < finish.number
    ):
        return Weekday(begin.number, "week", finish.weeks), Weekday(finish.number, "week", finish.weeks)
    return begin, finish
