"""Readings to put inside a question when the grammar declines: what dateparser makes of a text, as candidates only.

dateparser guesses where this package asks, so nothing it says is ever an answer. It is imported here and nowhere
else, on the first call or by `warm`: loading it takes about a tenth of a second and keeps some megabytes. Its
languages are fixed to the six this product meets beside English (Italian and Dutch are read by nobody else here);
left to guess, it needs seconds for the first text it cannot read.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Final

from cogs.kit.when.folding import collapsed
from cogs.kit.when.parse import MOST_OPTIONS, parse
from cogs.kit.when.scene import Scene
from cogs.kit.when.value import Kind, When
from cogs.kit.when.zones import by_name

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

LANGUAGES: Final = ("en", "de", "es", "fr", "pt", "it", "nl")
#: Longest text handed over, in characters.
LONGEST: Final = 80
_parsers: dict[bool, Any] = {}  # two at most: day first and month first
#: A guess farther off than this, or in the past, is not worth a button.
_FARTHEST: Final = timedelta(days=3 * 366)


def warm() -> None:
    """Load dateparser and its language data; slow, so call it off the event loop at start. Safe to call twice."""
    for dayfirst in (True, False):
        _parser(dayfirst).get_date_data("tomorrow at 5pm")


def _parser(dayfirst: bool) -> DateDataParser:
    if dayfirst not in _parsers:
        from dateparser.date import DateDataParser

        order = "DMY" if dayfirst else "MDY"
        # No TIMEZONE setting: it would make dateparser look the local zone up, and the base below already says it.
        settings = {"PREFER_DATES_FROM": "future", "DATE_ORDER": order, "PREFER_LOCALE_DATE_ORDER": False}
        _parsers[dayfirst] = DateDataParser(languages=list(LANGUAGES), settings=settings)
    parser: DateDataParser = _parsers[dayfirst]
    return parser


def suggest(
    text: str, *, now: datetime, tz: str | tzinfo, dayfirst: bool, clock: int | None = None
) -> tuple[When, ...]:
    """Up to four answers to offer for a text, soonest first: the grammar's own, then dateparser's guess.

    The arguments are those of `parse`. Every candidate is a complete instant or day and wants a tap before it is
    believed; none may be offered without its full date. Empty where neither has an idea, or the text is longer than
    80 characters. Never raises for any text.
    """
    when = parse(text, now=now, tz=tz, dayfirst=dayfirst, clock=clock)
    if when.is_answer:
        return (when,)
    found = list(when.options)
    zone = by_name(tz) if isinstance(tz, str) else tz
    short = collapsed(text)
    if zone is None or not short or len(short) > LONGEST:
        return tuple(found)
    guess = _guess(short, Scene(now.astimezone(UTC), zone, dayfirst=dayfirst, clock=clock))
    if guess is not None and guess not in found:
        found.append(guess)
    return tuple(found[:MOST_OPTIONS])


def _guess(text: str, scene: Scene) -> When | None:
    parser = _parser(scene.dayfirst)
    # The base is a wall clock, so that "tomorrow 5pm" keeps the clock of the person's own day. It is set on the kept
    # parser, because dateparser remembers every settings object it is given, and one per moment would grow for ever.
    wall = scene.now.astimezone(scene.home).replace(tzinfo=None)
    parser._settings.RELATIVE_BASE = wall
    try:
        data = parser.get_date_data(text)
        farthest = (wall + _FARTHEST).date()
    except (OverflowError, ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError):
        return None  # dateparser's own slips on odd text; a missing suggestion costs nothing
    moment = data.date_obj
    if moment is None or not wall.date() <= moment.date() <= farthest:
        return None
    try:
        if moment.tzinfo is not None:
            return When(kind=Kind.INSTANT, start=scene.seen(moment))
        if (moment.hour, moment.minute) in ((0, 0), (wall.hour, wall.minute)):
            return When(kind=Kind.DATE, start=moment.date())  # no clock was said: the base's shines through
        seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
        return When(kind=Kind.INSTANT, start=scene.at(moment.date(), seconds))
    except (OverflowError, ValueError):
        return None
