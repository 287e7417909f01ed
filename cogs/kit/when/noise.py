"""Numbers and words that look like times and are none: meters, tempos, chords, fees, strings, chairs.

What belongs to one of these is marked as noise before the grammar sees it, so that it can neither make a time nor
stand in the way of one. The other half of the work: a weekday or month that is an English word besides (`sat`, `may`)
is turned into a plain word unless it keeps company with a time.
"""

from __future__ import annotations

from typing import Final

from cogs.kit.when.languages import CUT_WEEKDAYS, WEAK_FOREIGN
from cogs.kit.when.tokens import SENTINELS, Token

_METERS: Final = frozenset(
    "shuffle feel time groove meter metre swing waltz beat bar bars jig section signature "
    "clave funk rhythm blues ballad "
    "tune song pattern gospel afro afrobeat samba reel polka vamp riff intro outro odd".split()
)
_TEMPO: Final = frozenset(("bpm", "tempo", "tempi", "mm"))
_AFTER_NUMBER: Final = frozenset("bpm hz khz db string strings stringed str bar bars".split())
_MONEY: Final = frozenset(
    "quid pounds pound euros euro eur gbp usd dollars dollar bucks buck cash aud nzd cad "
    "chf sek nok dkk brl reais rand "
    "rupees inr percent".split()
)
_PAYS: Final = frozenset(
    "fee fees pays pay paying paid budget rate rates quote quoted price bpm tempo tuned tuning".split()
)
_CHAIRS: Final = frozenset(
    "violin violins viola violas cello cellos bass trumpet trumpets trombone trombones "
    "horn horns clarinet clarinets flute "
    "flutes oboe bassoon sax saxes alto tenor bari soprano guitar guitars keys keyboard "
    "chair desk fiddle percussion drum "
    "drums drummer vocal vocals vocalist harp tuba piccolo timpani player position inversion string strings "
    "dep sub time rate floor street avenue".split()
)
_FLAT_AND_SHARP: Final = frozenset("#♯♭")
_LETTERS: Final = frozenset("abcdefgh")
#: Sorts in whose company a weak weekday or month counts.
_TIMELY: Final = frozenset(
    "num numword ord ordword clock hm point weekday weekdays month relday tonight part parts noon midnight unit "
    "daygroup weekend spanweek slash date dotted freq holiday every next this last coming half quarter other "
    "doubles iso zone allday".split()
)
#: Sorts looked through when judging company.
_GLUE: Final = frozenset({"at", "the", "of", "approx", "or", "and", "to", "until", "third", "end", "from", "between"})
#: Sorts right before a weak weekday that are enough company.
_LEADS: Final = frozenset(
    "on by from until before after notbefore between status label every next this last coming starting doubles "
    "except".split()
)
_MONTH_LEADS: Final = frozenset(
    {"in", "of", "by", "until", "before", "after", "from", "third", "end", "next", "this", "last", "starting"}
)


def mark_noise(tokens: list[Token]) -> None:
    """Turn tokens that belong to meters, tempos, chords, fees and chairs into noise, in place."""
    for place, token in enumerate(tokens):
        sort = token.sort
        if sort in ("num", "decimal", "numword", "point", "ord", "ordword"):
            _number(tokens, place)
        elif sort == "slash":
            _meter(tokens, place)
        elif sort == "fee":
            _fee(tokens, place)
        elif sort == "fand" and token.text == "et":
            _eastern(tokens, place)
        elif sort == "month" and token.weak and tokens[place + 1].text in ("tempo", "feel", "beat", "style", "time"):
            token.sort = "noise"
            tokens[place + 1].sort = "noise"


def _eastern(tokens: list[Token], place: int) -> None:
    """`3pm ET` is a zone; French "et" joins two things, and nothing else than a time follows it."""
    before = tokens[place - 1].sort if place > 0 else ""
    joins = tokens[place + 1].sort in _TIMELY - {"weekday"}
    if before in ("clock", "point", "hm", "num", "noon", "midnight") and not joins:
        tokens[place].sort, tokens[place].value = "zone", "et"


def _silence(tokens: list[Token], start: int, end: int) -> None:
    for token in tokens[start:end]:
        token.sort = "noise"


def _number(tokens: list[Token], place: int) -> None:
    token, following = tokens[place], tokens[place + 1]
    after = place + 2 if following.text == "-" else place + 1
    if token.sort in ("ord", "ordword"):
        if following.text in _CHAIRS:
            _silence(tokens, place, place + 2)
        return
    if following.text == "-" and tokens[place + 2].sort == "num" and tokens[place + 3].text in _AFTER_NUMBER | _MONEY:
        _silence(tokens, place, place + 4)
        return
    if tokens[after].text in _AFTER_NUMBER or (tokens[after].text in _MONEY and after == place + 1):
        _silence(tokens, place, after + 1)
        if tokens[after].text in _MONEY:
            _fee(tokens, after)
        return
    if following.text == "each":
        _silence(tokens, place, place + 2)
        return
    if place == 0:
        return
    before = tokens[place - 1]
    if before.text in ("bar", "bars"):
        joined = following.text == "-" and tokens[place + 2].sort == "num"
        _silence(tokens, place, place + (3 if joined else 1))
        return
    if (
        (before.text in _FLAT_AND_SHARP and not before.text.isspace())
        or before.text == "="
        or (before.text in ("is", "of", ":", "around", "about") and place > 1 and tokens[place - 2].text in _PAYS)
    ):
        _silence(tokens, place - 1, place + 1)
    elif before.text in _PAYS and following.sort != "unit":
        _silence(tokens, place, place + 1)


def _meter(tokens: list[Token], place: int) -> None:
    values = tokens[place].value
    lower = values[1] if isinstance(values, tuple) and len(values) == 2 else 0
    if lower not in (2, 4, 8, 16, 32):
        return
    after = place + 2 if tokens[place + 1].text == "-" else place + 1
    if tokens[after].text in _METERS:
        _silence(tokens, place, after + 1)
    elif place > 0 and (tokens[place - 1].sort == "in" or tokens[place - 1].text in _METERS - {"time"}):
        _silence(tokens, place, place + 1)


def _fee(tokens: list[Token], place: int) -> None:
    """Silence what says how a fee is counted: each, per hour, a day, /hr."""
    after = place + 1
    following = tokens[after]
    counted = following.text in ("/", "per") and tokens[after + 1].sort in ("unit", "part", "label", "word", "hm")
    a_day = following.sort == "article" and tokens[after + 1].sort in ("unit", "part")
    if following.text in ("each", "flat", "cash", "pp", "ph", "p", "net", "gross", "plus"):
        _silence(tokens, after, after + 1)
    elif counted or a_day:
        _silence(tokens, after, after + 2)


def name_cut_weekdays(tokens: list[Token]) -> None:
    """Make weekdays of "Sa 15 Uhr", "vie 20h", "Fr., 3.10.", in place; in other company they are words."""
    uhr = any(token.text == "uhr" for token in tokens)
    for place, token in enumerate(tokens[:-SENTINELS]):
        number = CUT_WEEKDAYS.get(token.text)
        if number is None or token.sort == "weekday":
            continue
        after = place + 1
        while tokens[after].text in (".", ",", "um") or tokens[after].sort == "at" or tokens[after].text == "a":
            after += 1
        sort = tokens[after].sort
        if sort in ("hm", "dotted") or (uhr and len(token.text) == 2 and sort in ("num", "clock", "point")):
            token.sort, token.value, token.weak = "weekday", number, False


def judge_weak(tokens: list[Token]) -> None:
    """Turn weak weekdays and months without company into plain words, in place."""
    weak = [
        place for place, token in enumerate(tokens) if token.weak and token.sort not in ("noise", "word", "ordword")
    ]
    if not weak:
        return
    for place in weak:
        if tokens[place].text in WEAK_FOREIGN and tokens[place].sort == "month" and not _after_number(tokens, place):
            tokens[place].sort = "word"
    others = any(token.sort in ("word", "noise") for token in tokens[:-1])
    if not others:
        return
    for place in weak:
        if tokens[place].sort != "word" and tokens[place].text not in WEAK_FOREIGN and not _in_company(tokens, place):
            tokens[place].sort = "word"


def _after_number(tokens: list[Token], place: int) -> bool:
    """Whether a month that is a name besides (Marco, Julio, Mai) follows its day, or stands where no name would."""
    if len(tokens) - SENTINELS == 1 and tokens[place].text not in ("marco", "julio"):
        return True
    before = place - 1
    while before >= 0 and (tokens[before].sort in ("of", "the") or tokens[before].text in (".", "-")):
        before -= 1
    if before < 0:
        return False
    return tokens[before].sort in ("num", "ord", "numword", "in", "fnum", "ordword", "end", "third")


def _in_company(tokens: list[Token], place: int) -> bool:
    token = tokens[place]
    before = tokens[place - 1] if place > 0 else None
    if before is not None and before.sort in (_MONTH_LEADS if token.sort == "month" else _LEADS):
        return True
    for step in (-1, 1):
        at = place + step
        skipped = 0
        while 0 <= at < len(tokens) - 1 and skipped < 3:
            near = tokens[at]
            if near.sort in _TIMELY and (not near.weak or near.sort != token.sort or near.text != token.text):
                return True
            through = (
                near.sort in _GLUE or near.text in ("-", "/", ".", ":") or (near.text == "," and token.sort != "month")
            )
            if not through:
                break
            at += step
            skipped += 1
    return False
