"""Read one phrase: fold it, cut it into tokens, sort its pieces, settle them, and ask where they fork."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo

from cogs.kit.when.folding import LONGEST, collapsed, folded
from cogs.kit.when.guess import offered
from cogs.kit.when.hang import hung
from cogs.kit.when.phrase import Phrase, alternatives, phrase
from cogs.kit.when.pieces import pieces
from cogs.kit.when.scene import Ask, Impossible, Scene, Unsure
from cogs.kit.when.settle import settled, the_part
from cogs.kit.when.tokens import Token, tokens
from cogs.kit.when.value import INVALID, Kind, When
from cogs.kit.when.zones import by_name

#: Most options one question offers, and the most readings tried to find them.
MOST_OPTIONS = 4
_MOST_TRIED = 24
#: How many times one phrase may say "or" before its alternatives are too many to read one by one.
_MOST_ALTERNATIVES = 3


def parse(text: str, *, now: datetime, tz: str | tzinfo, dayfirst: bool, clock: int | None = None) -> When:
    """Read one phrase as a time, or as a question about a time, or turn it down.

    text: what was typed; anything longer than 200 characters once white space is collapsed is turned down unread.
    now: aware moment at which it was typed. tz: the person's zone, by IANA name or as such.
    dayfirst: whether 12/3 is 12 March. clock: 12 or 24 where the person's profile says which clock they use; 24 reads
    "9:30" as it stands instead of asking. None: nobody said.

    Never raises for any text, and reads no clock, network, locale or environment. Raises ValueError for a naive `now`.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    short = collapsed(text)
    if short is None:
        return INVALID
    return read(folded(short), now=now, tz=tz, dayfirst=dayfirst, clock=clock)


def read(plain: str, *, now: datetime, tz: str | tzinfo, dayfirst: bool, clock: int | None) -> When:
    """Read one phrase already folded; see `parse`."""
    zone = by_name(tz) if isinstance(tz, str) else tz
    if zone is None or not plain or len(plain) > 4 * LONGEST:
        return INVALID
    try:
        scene = Scene(now.astimezone(UTC), zone, dayfirst=dayfirst, clock=clock)
        return answer(scene, tokens(plain))
    except (OverflowError, ValueError):
        return INVALID  # a day or moment outside the calendar


def answer(scene: Scene, cut: list[Token]) -> When:
    """Read tokens; raises OverflowError or ValueError for a moment outside the calendar."""
    try:
        found = pieces(cut, scene.dayfirst)
    except Impossible:
        return INVALID
    except Unsure as unsure:
        return When(kind=Kind.AMBIGUOUS, unread=unsure.unread)
    return answer_pieces(scene, found)


def _read(scene: Scene, found: list[Token]) -> When:
    said = phrase(found)
    if said.timeless:
        if said.loose and not said.words and not any(token.sort == "noise" or token.sort == "fee" for token in found):
            foreign = any(token.sort == "vague" and token.value == "foreign" for token in found)
            options = () if foreign else offered(scene, found)  # half of what was said is not worth a button
            return When(kind=Kind.AMBIGUOUS, options=options, unread=" ".join(said.loose))
        return _leftover(scene, found, said)
    try:
        return hung(scene, said, the_part(said)) if said.hanging else settled(scene, said)
    except Impossible:
        return INVALID
    except Unsure as unsure:
        return When(kind=Kind.AMBIGUOUS, options=offered(scene, found), unread=unsure.unread or _unused(found))
    except Ask as ask:
        return When(kind=Kind.AMBIGUOUS, options=_ways(scene, found, ask))


def _unused(found: list[Token]) -> str:
    """The words that most likely stood in the way."""
    odd = ("length", "during", "count", "twofold", "vague", "tbc", "shift", "stretch", "sametime")
    return " ".join(token.text for token in found if token.sort in odd)


def _leftover(scene: Scene, found: list[Token], said: Phrase) -> When:
    """A phrase without a time in it: a question when words of time are left over, else a refusal."""
    timely = ("unread", "slip", "unit", "next", "ago", "every", "weekday", "month", "dayofgroup", "sametime", "length")
    left = [token.text for token in found if token.sort in timely]
    return When(kind=Kind.AMBIGUOUS, unread=" ".join(said.loose)) if left else INVALID


def _ways(scene: Scene, found: list[Token], ask: Ask) -> tuple[When, ...]:
    """Every way on from a fork, each read to its end, soonest first."""
    ways: list[When] = []
    open_forks = [scene.chose(ask.key, value) for value in ask.values]
    tried = 0
    while open_forks and tried < _MOST_TRIED and len(ways) < MOST_OPTIONS:
        tried += 1
        way = open_forks.pop(0)
        try:
            value = _settle(way, found)
        except Ask as further:
            open_forks.extend(way.chose(further.key, choice) for choice in further.values)
        except (Unsure, Impossible, OverflowError, ValueError):
            continue
        else:
            if value.is_answer and value not in ways:
                ways.append(value)
    return soonest_first(ways)


def _settle(scene: Scene, found: list[Token]) -> When:
    said = phrase(found)
    return hung(scene, said, the_part(said)) if said.hanging else settled(scene, said)


def soonest_first(ways: list[When]) -> tuple[When, ...]:
    """Options in the order of their beginnings; a single one is no question and is dropped."""
    if len(ways) < 2:
        return ()
    return tuple(sorted(ways, key=_beginning)[:MOST_OPTIONS])


def _beginning(when: When) -> datetime:
    point = when.start if when.start is not None else when.end
    if isinstance(point, datetime):
        return point
    return datetime.combine(point or date.min, time(), UTC)


def _either(scene: Scene, found: list[Token], either: tuple[int, list[int]], depth: int) -> When:
    """Alternatives: the phrase is read once without each of them, and both readings are offered."""
    joint, sides = either
    ways: list[When] = []
    for other in sides:
        if depth >= _MOST_ALTERNATIVES or any(found[side].sort in ("num", "length") for side in sides):
            break  # a list too long for buttons; "2 or 3 weeks": halves of a length are no answers
        kept = [token for place, token in enumerate(found) if place not in (joint, other)]
        value = answer_pieces(scene.chose("", ""), kept, depth + 1)
        for way in value.options or (value,):
            if way.is_answer and way not in ways:
                ways.append(way)
    return When(kind=Kind.AMBIGUOUS, options=soonest_first(ways))


def answer_pieces(scene: Scene, found: list[Token], depth: int = 0) -> When:
    """Read pieces, alternatives among them or not; may raise OverflowError or ValueError, as `answer` may."""
    either = alternatives(found)
    return _either(scene, found, either, depth) if either is not None else _read(scene, found)
