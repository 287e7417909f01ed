"""Time zones by the names people give: a city, a country, a zone, or what their clock says now.

The cities are those of the IANA database (its `zone.tab` and `iso3166.tab`, from the tzdata package)
and a hand-written list of music cities that have no zone of their own. Answers are IANA names, likeliest first.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from storage.reference.cities import CITIES, LETTERS, MEANT_FIRST, REPRESENTATIVE, STATES
from storage.reference.countries import code_of
from storage.reference.phrases import fold

#: How far a clock may be from what somebody says it shows, in minutes: people round, and watches are wrong.
_NEAR_MINUTES = 30
_AT_MOST = 6


def _lines(name: str) -> list[list[str]]:
    from importlib.resources import files  # costs more than the rest of the module, and is needed once

    text = files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _countries_of() -> dict[str, tuple[str, ...]]:
    """Zone → two-letter codes of the countries that use it."""
    used: dict[str, tuple[str, ...]] = {}
    for cells in _lines("zone.tab"):
        used[cells[2]] = (*used.get(cells[2], ()), cells[0])
    return used


@cache
def _zones() -> tuple[str, ...]:
    """Zones somebody can live in, as a place and a city; the busiest first, then by name."""
    usual = {zone: at for at, zone in enumerate(REPRESENTATIVE)}
    return tuple(sorted(_countries_of(), key=lambda zone: (usual.get(zone, len(usual)), zone)))


@cache
def _every_name() -> dict[str, str]:
    """Folded name of each zone of the database, old names too → the name as the database writes it."""
    from importlib.resources import files

    listed = files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    # "EST", "GB" and their like name no place; people's letters for clocks are in cities.LETTERS.
    return {_key(name): name for name in listed if "/" in name and not name.startswith("Etc/")} | {"utc": "UTC"}


def _key(text: str) -> str:
    return " ".join(fold(text).replace("_", " ").replace("-", " ").replace(".", " ").replace("'", " ").split())


def _city(zone: str) -> str:
    return zone.rsplit("/", 1)[-1].replace("_", " ")


@cache
def _places() -> dict[str, tuple[str, ...]]:
    """Folded city, region or letters → zones, likeliest first."""
    places: dict[str, list[str]] = {}

    def add(name: str, zone: str) -> None:
        zones = places.setdefault(_key(name), [])
        if zone not in zones:
            zones.append(zone)

    for zone in _zones():
        add(_city(zone), zone)
    for zone, names in (*CITIES.items(), *LETTERS.items()):
        for name in names.split("|"):
            add(name, zone)
    return {
        name: tuple(sorted(zones, key=lambda zone: zone != MEANT_FIRST.get(name))) for name, zones in places.items()
    }


@cache
def _lands() -> dict[str, str]:
    """Folded country name → two-letter code, small letters."""
    return {_key(cells[1]): cells[0].casefold() for cells in _lines("iso3166.tab")}


@cache
def _zones_in(code: str) -> tuple[str, ...]:
    """The clocks of a country, the busiest first, one zone for each; () for a code that is no country's.

    Zones that now keep the same hours all year count as one: nobody chooses between Indianapolis and New York.
    """
    # zone.tab gives each zone to the country it is named in, so Norway has Europe/Oslo.
    own = {cells[2] for cells in _lines("zone.tab") if cells[0].casefold() == code}
    clocks: dict[tuple[object, ...], str] = {}
    for zone in _zones():
        if zone in own:
            hours = tuple(datetime(2026, month, 1, 12, tzinfo=ZoneInfo(zone)).utcoffset() for month in range(1, 13))
            clocks.setdefault(hours, zone)
    return tuple(clocks.values())


def _hinted(zones: tuple[str, ...], country: str | None) -> tuple[str, ...]:
    if country is None:
        return zones
    code = code_of(country)
    return tuple(sorted(zones, key=lambda zone: code not in _countries_of().get(zone, ())))


def find(text: str, *, country: str | None = None) -> tuple[str, ...]:
    """The zones a place may lie in, likeliest first: one when it is clear, several to ask about, () when unknown.

    text: a zone ("europe/london", "America/New York"), a city ("Leeds", "sao paulo"), a city with its country or
        state ("Portland, OR"), letters ("PST"), or a country ("Germany"; the US gives its zones, busiest first).
    country: two-letter code or name of where the person is thought to be; puts zones there first.
    """
    text = text[:80]
    typed = _key(text)
    known = _known(text, typed, country)
    if known or not typed:
        return known
    # "Portland, OR", "Leeds UK": the last part says which of the places with that name, or which country.
    city, comma, rest = text.partition(",")
    if not comma:
        city, _, rest = text.strip().rpartition(" ")
    zones = _known(city, _key(city), country)
    within = STATES.get(_key(rest)) or _known(rest, _key(rest), country)
    if not comma and not (zones and within):
        return ()
    return tuple(zone for zone in zones if zone in within) or within or zones


def _known(text: str, typed: str, country: str | None) -> tuple[str, ...]:
    """The zones of a text that is one name; typed: its key."""
    if typed in _every_name():
        return (_every_name()[typed],)
    if typed in _places():
        return _hinted(_places()[typed], country)
    land = code_of(text).casefold()
    code = _lands().get(typed, land if len(land) == 2 else "")
    # Two letters are a country only in capitals, as on a form: "is" and "no" are words.
    if len(typed) == 2 and not text.strip().isupper() and typed not in ("uk", "us", "gb"):
        return ()
    return _zones_in(code)


def suggest(prefix: str, limit: int = 25, *, country: str | None = None) -> tuple[str, ...]:
    """Zones to offer while somebody types a city or a zone, best first, each once; the busiest for an empty prefix.

    limit: 25 is the most Discord shows (application command option choices).
    """
    typed = _key(prefix[:80])
    if limit <= 0:
        return ()
    if not typed:
        return _hinted(tuple(REPRESENTATIVE), country)[:limit]
    ranked = dict.fromkeys(find(prefix, country=country))
    own = [zone for zone in REPRESENTATIVE if _key(_city(zone)).startswith(typed)]
    starting = [zone for name, zones in _places().items() if name.startswith(typed) for zone in zones]
    inside = [zone for name, zones in _places().items() if f" {typed}" in name for zone in zones]
    named = [zone for zone in _zones() if typed in _key(zone)]
    order = {zone: at for at, zone in enumerate(_zones())}
    for group in (own, starting, inside, named):
        ranked |= dict.fromkeys(_hinted(tuple(sorted(group, key=lambda zone: order.get(zone, len(order)))), country))
    return tuple(ranked)[:limit]


def near(text: str, limit: int = 3) -> tuple[str, ...]:
    """Zones whose name or city is spelled nearly so ("Londn", "new yorkk"); () for what is like none.

    Only for a question back: a slip is never taken for a place by itself.
    """
    from difflib import get_close_matches  # wanted by few

    typed = _key(text[:40].rpartition("/")[2])
    if len(typed) < 4:
        return ()
    found = [_places()[name][0] for name in get_close_matches(typed, _places(), n=2 * limit, cutoff=0.8)]
    return tuple(dict.fromkeys(found))[:limit]


def by_local_time(now: datetime, clock: time, *, country: str | None = None) -> tuple[str, ...]:
    """Well-known places where a wall clock now shows about what the person says theirs shows, at most six.

    now: the present moment, aware.
    clock: what they read off their clock, naive, on 24 hours; up to half an hour out is taken.
    country: where they are thought to be; its places come first, otherwise the nearest clock does.
    Raises ValueError for a naive `now`.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    told = clock.hour * 60 + clock.minute
    code = None if country is None else code_of(country)
    near: list[tuple[bool, int, int, str]] = []
    for at, zone in enumerate(REPRESENTATIVE):
        local = now.astimezone(UTC).astimezone(ZoneInfo(zone))
        apart = abs(local.hour * 60 + local.minute - told)
        apart = min(apart, 24 * 60 - apart)
        if apart <= _NEAR_MINUTES:
            here = code is not None and code in _countries_of().get(zone, ())
            # A minute or two is a slow watch, not another zone; zones differ by a quarter of an hour at least.
            near.append((not here, round(apart / 15), at, zone))
    return tuple(zone for *_, zone in sorted(near)[:_AT_MOST])


def zones_listed_here() -> frozenset[str]:
    """Every zone named by hand in `cities`, so that a check can hold them against the database."""
    by_state = {zone for zones in STATES.values() for zone in zones}
    return frozenset({*CITIES, *LETTERS, *REPRESENTATIVE, *MEANT_FIRST.values(), *by_state})


def zones_of_the_database() -> frozenset[str]:
    """Every zone name of the installed database, old names too."""
    return frozenset(_every_name().values())


def countries_of(zone: str) -> tuple[str, ...]:
    """The two-letter codes of the countries that a zone is listed under; () for a zone that names no place."""
    return _countries_of().get(zone, ())
