"""What a phrase says, sorted: its days, clocks, ranges, part of the day, repeat, lead words and loose ends."""

from __future__ import annotations

from typing import Final, cast

from cogs.kit.when.clocks import Clock
from cogs.kit.when.days import Day
from cogs.kit.when.labels import EVENING
from cogs.kit.when.pieces import FILLERS
from cogs.kit.when.read_lengths import Hanging, Length
from cogs.kit.when.read_repeats import Repeat
from cogs.kit.when.spans import Both, Run, Span
from cogs.kit.when.tokens import Token

#: Sorts that, left unused, mean the phrase was not understood.
_LOOSE: Final = frozenset(
    "num numword ord decimal point hm slash date dotted half unit next ago every unread slip dayofgroup twofold "
    "month weekday fromnow iso quarter sametime length edge andhalf stretch moments count during  shift".split()
)
_LEADS: Final = frozenset({"by", "after", "before", "from", "until", "notbefore", "starting", "to"})
_BOUND: Final = frozenset({"clock", "range", "day", "span", "moment", "elapsed", "stretch"})
#: Words before "from A to B" that make it a change, not a stretch.
_MOVES: Final = frozenset("moved changed rescheduled shifted postponed pushed switched swapped".split())
_JOINING: Final = frozenset({"and", "or", "fand"})


class Said:
    """A clock, or a range of clocks, with the label before it."""

    __slots__ = ("clock", "ender", "evening", "until")

    def __init__(self, clock: Clock, until: Clock | None, *, evening: bool, ender: bool) -> None:
        self.clock = clock
        #: Far end of a range of clocks; None for a single clock.
        self.until = until
        #: A word before it (show, doors) puts a bare 7 to 11 in the evening.
        self.evening = evening
        #: A word before it (wrap, out by) makes it the end of what came before.
        self.ender = ender


class Phrase:
    """The pieces of one phrase, by what they are."""

    __slots__ = (
        "count",
        "dayend",
        "days",
        "doubles",
        "during",
        "elapsed",
        "explicit_today",
        "feast",
        "hanging",
        "leads",
        "length",
        "loose",
        "moments",
        "parts",
        "repeats",
        "said",
        "sametime",
        "shift",
        "sometime",
        "spans",
        "stretch",
        "tbc",
        "twofold",
        "vague",
        "words",
        "zones",
    )  # fmt: skip

    def __init__(self) -> None:
        self.days: list[Day] = []
        self.spans: list[Span] = []
        self.said: list[Said] = []
        self.parts: list[str] = []
        self.repeats: list[Repeat] = []
        self.moments: list[object] = []
        self.elapsed: list[int] = []
        self.during: list[Length] = []
        self.length: list[Length] = []
        self.shift: list[int] = []
        self.stretch: list[tuple[Day, Clock, Day, Clock]] = []
        self.hanging: list[Hanging] = []
        self.count: list[int] = []
        self.zones: list[str] = []
        #: Lead words, each with the sort of piece it stands before: ("until", "day").
        self.leads: list[tuple[str, str]] = []
        self.loose: list[str] = []
        self.twofold: list[str] = []
        self.vague = False
        self.feast = False
        self.tbc = False
        self.doubles = False
        self.sametime = False
        self.sometime = False
        self.dayend = False
        self.words = False
        self.explicit_today = False

    @property
    def timeless(self) -> bool:
        """Whether nothing in the phrase is about time."""
        days = self.days or self.spans or self.stretch or self.dayend or self.hanging
        clocks = self.said or self.parts or self.moments or self.elapsed or self.sametime
        others = self.during or self.length or self.repeats or self.count or self.twofold
        return not (days or clocks or others or self.vague or self.feast or self.tbc)


def phrase(found: list[Token]) -> Phrase:
    """Sort the pieces of a phrase; nothing is settled yet."""
    said = Phrase()
    label: str | None = None
    crossed = False
    for place, token in enumerate(found):
        sort = token.sort
        if sort == "clock" or sort == "range":
            evening = label in EVENING
            first, until = (
                cast("tuple[Clock, Clock]", token.value) if sort == "range" else (cast(Clock, token.value), None)
            )
            said.said.append(Said(first, until, evening=evening, ender=label == "ender"))
            label, crossed = None, False
        elif sort == "label":
            label, crossed = cast(str, token.value), False
        elif sort == "ender":
            label, crossed = "ender", False
        elif sort == "word":
            said.words = True
            if _turns(said, token, found, place):
                said.loose.append(token.text)
            if crossed:
                label = None
        elif token.text == ",":
            crossed = True
        elif sort == "onwards":
            said.leads.append(("from", found[place - 1].sort if place else ""))
        elif token.text == "am" and place > 0 and found[place - 1].sort == "day" and place + 1 == len(found):
            said.loose.append(token.text)  # "friday am": the morning, or from when?
        elif sort in _LEADS:
            _lead(said, found, place)
        else:
            _sorted(said, token, found, place)
    return said


def _sorted(said: Phrase, token: Token, found: list[Token], place: int) -> None:
    sort, value = token.sort, token.value
    if sort == "day":
        said.days.append(cast(Day, value))
        said.explicit_today = said.explicit_today or token.text in (
            "today",
            "2day",
            "hoy",
            "heute",
            "hoje",
            "aujourd'hui",
        )
    elif sort == "span":
        said.spans.append(cast(Span, value))
    elif sort == "part":
        said.parts.append(cast(str, value))
    elif sort == "repeat":
        said.repeats.append(cast(Repeat, value))
        if len(said.repeats) > 1 and found[place - 1].sort in _JOINING and any(each.part for each in said.repeats):
            said.loose.append(token.text)  # "evenings and weekends" are two things, not the evenings of weekends
    elif sort in ("moment", "elapsed", "during", "length", "shift", "stretch", "count"):
        named = {"moment": said.moments, "elapsed": said.elapsed, "during": said.during, "length": said.length,
                 "shift": said.shift, "stretch": said.stretch, "count": said.count}[sort]  # fmt: skip
        cast("list[object]", named).append(value)
    elif sort == "moments":
        said.moments.extend(cast("tuple[object, object]", value))
        said.leads.append(("between", "moment"))
    elif sort == "hang":
        said.hanging.append(cast(Hanging, value))
    elif sort == "zone":
        said.zones.append(cast(str, value))
    elif sort == "vague" and value == "foreign":
        said.loose.append(token.text)  # a day that is not read here: what stands beside it is not the whole
    elif sort == "vague":
        said.feast = said.feast or value == "feast"
        said.vague = True
    elif sort == "now":
        said.elapsed.append(0)
    elif sort == "twofold":
        said.twofold.append(cast(str, value))
    elif sort in ("tbc", "doubles", "sametime", "sometime", "dayend"):
        setattr(said, sort, True)
    elif sort == "ordword" or (sort == "numword" and value == 1):
        if _beside_time(found, place):  # "the one on friday" counts nothing
            said.loose.append(token.text)
    elif sort in _LOOSE:
        said.loose.append(token.text)


def _beside_time(found: list[Token], place: int) -> bool:
    for step in (-1, 1):
        at = place + step
        while 0 <= at < len(found) and (found[at].sort in FILLERS or found[at].sort == "and"):
            at += step
        if 0 <= at < len(found) and found[at].sort in ("day", "clock", "span", "range", "repeat", "num"):
            return True
    return len(found) == 1


def _turns(said: Phrase, token: Token, found: list[Token], place: int) -> bool:
    """Whether a word turns the time around it: 7pm not 8pm, moved from Friday to Saturday, friday pm."""
    if token.text == "pm":
        return True
    if token.text == "not":
        return not said.timeless and any(piece.sort in _BOUND for piece in found[place + 1 : place + 4])
    return token.text in _MOVES and any(
        piece.sort == "range" or isinstance(piece.value, Run) for piece in found[place + 1 : place + 3]
    )


def _lead(said: Phrase, found: list[Token], place: int) -> None:
    """Keep a lead word where a time follows it at once; elsewhere it is only a word."""
    token = found[place]
    at = place + 1
    while at < len(found) and (found[at].sort in FILLERS or found[at].text == "-"):
        at += 1
    if at < len(found) and found[at].sort in _BOUND | {"part", "num"} and token.sort != "to":
        target = found[at].sort
        if token.sort == "from" and isinstance(found[at].value, Run | Both):
            return  # "from 20-22 June": the run says it all
        after = at + 1
        while after < len(found) and found[after].sort in FILLERS:
            after += 1
        repeats = any(piece.sort == "repeat" for piece in found)
        if target == "day" and not repeats and after < len(found) and found[after].sort in ("clock", "part"):
            target = found[after].sort
        elif target == "day" and token.sort == "from" and after < len(found) and found[after].sort == "range":
            return  # "from friday 7pm to midnight": the range says it all
        said.leads.append((token.sort, target))
    elif token.sort == "starting" and at < len(found) and found[at].sort == "hang":
        said.loose.append(token.text)


def alternatives(found: list[Token]) -> tuple[int, list[int]] | None:
    """Places of pieces that are offered instead of one another (tuesday or wednesday): None where there are none."""
    for place, token in enumerate(found):
        if token.sort == "or" or (token.text == "/" and 0 < place < len(found) - 1):
            left, right = place - 1, place + 1
            while left >= 0 and found[left].sort in FILLERS:
                left -= 1
            while right < len(found) and (found[right].sort in FILLERS or found[right].sort in _JOINING):
                right += 1
            if left < 0 or right >= len(found):
                continue
            timely = _BOUND | {"num", "part", "length", "repeat", "unread"}
            if found[left].sort in timely and found[right].sort in timely:
                return place, [left, right]
    return None
