"""Grammar of zones: letters after a clock, a city or a region with "time", and words that only look like letters."""

from __future__ import annotations

from typing import Final

from cogs.kit.when.tokens import Token
from cogs.kit.when.zones import CITIES, CITY_WORDS, REGIONS, SHY

#: Words before "time" that name no other zone.
_OWN_TIMES: Final = frozenset(
    "my our local start kickoff finish set dinner lunch tea show sharp prompt first this bed play".split()
)


def name_zones(found: list[Token]) -> None:
    """Join cities and regions with the word "time" after them, and drop letters that name no zone here."""
    place = 0
    while place < len(found):
        token = found[place]
        if token.sort == "zone" and not _zone_counts(found, place):
            token.sort = "word"
        elif token.sort == "zone" and place + 1 < len(found) and found[place + 1].text == "time":
            del found[place + 1]
        elif token.text == "time" and token.sort == "status" and place > 0:
            place = _city(found, place)
        elif token.sort == "word" and token.text in REGIONS and place > 0 and found[place - 1].sort == "clock":
            token.sort, token.value = "zone", REGIONS[token.text]
        place += 1


def _zone_counts(found: list[Token], place: int) -> bool:
    if found[place].text[0] == "+":
        return place > 0 and found[place - 1].sort == "clock"
    before = found[place - 1].sort if place > 0 else ""
    if before == "mark" and found[place - 1].text == "(" and place > 1:
        before = found[place - 2].sort
    return found[place].text not in SHY or before in ("clock", "hclock", "range", "num")


def _city(found: list[Token], place: int) -> int:
    """Replace `<city> time` ending at a place by one zone; returns the place to go on from."""
    for words in range(min(CITY_WORDS, place), 0, -1):
        names = [token.text for token in found[place - words : place]]
        name = " ".join(word for word in names if word != ".").replace("- ", "")
        zone = CITIES.get(name) or (REGIONS.get(name) if words == 1 else None)
        if zone is not None:
            first = found[place - words]
            joined = Token("zone", zone, name + " time", first.start, found[place].end)
            found[place - words : place + 1] = [joined]
            return place - words
    if place > 1 and found[place - 1].sort == "word" and found[place - 2].sort in ("clock", "range"):
        if found[place - 1].text in _OWN_TIMES:
            return place
        # "8pm Gotham time": a zone nobody here knows is not to be dropped.
        found[place - 1].sort = "unread"
    return place
