"""From a place on the map to time zones: the cities that the IANA database gives coordinates for, nearest first.

The nearest city may lie behind a border or a zone's edge, so every clock of the neighbourhood is given, and whoever
asks lets people choose.
"""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from storage.reference.cities import REPRESENTATIVE

#: Cities up to this many times as far as the nearest one belong to the neighbourhood, and those closer than this many
#: kilometres anyhow; beyond the last number none does but the nearest.
_TIMES_AS_FAR, _NEAR, _FAR = 2.7, 150.0, 900.0
_EARTH = 6371.0

# zone1970.tab: degrees and minutes, with or without seconds, latitude then longitude ("+513030-0000731"); ISO 6709.
_PLACE = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?([+-])(\d\d\d)(\d\d)(\d\d)?")


def zones(latitude: float, longitude: float, now: datetime) -> tuple[str, ...]:
    """IANA zones whose clocks may be the ones of a place, nearest first, each clock once.

    Degrees, north and east positive. now: clocks that agree from now on for a year are one. Raises ValueError outside
    the globe.
    """
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(f"not on the globe: {latitude}, {longitude}")
    here = _point(latitude, longitude)
    by_distance = sorted((_kilometres(here, point), zone) for zone, point in _cities())
    reach = min(max(by_distance[0][0] * _TIMES_AS_FAR, _NEAR), _FAR)
    clocks: dict[tuple[timedelta | None, ...], str] = {}
    for distance, zone in by_distance:
        if distance > reach and clocks:
            break
        clocks.setdefault(_clock(zone, now), zone)
    return tuple(_well_known(zone, clock, now) for clock, zone in clocks.items())


def _well_known(zone: str, clock: tuple[timedelta | None, ...], now: datetime) -> str:
    """The zone people know, of those on the same continent with the same clock: few would say Tell City for Chicago."""
    if zone in REPRESENTATIVE:
        return zone
    continent = zone.partition("/")[0] + "/"
    usual = (one for one in REPRESENTATIVE if one.startswith(continent) and _clock(one, now) == clock)
    return next(usual, zone)


def _clock(zone: str, now: datetime) -> tuple[timedelta | None, ...]:
    place = ZoneInfo(zone)
    return tuple((now + timedelta(days=30 * month)).astimezone(place).utcoffset() for month in range(13))


@cache
def _cities() -> tuple[tuple[str, tuple[float, float, float]], ...]:
    from importlib.resources import files  # costs more than the rest of the module, and is needed once

    text = files("tzdata").joinpath("zoneinfo", "zone1970.tab").read_text(encoding="utf-8")
    cells = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple((row[2], _point(*_degrees(row[1]))) for row in cells)


def _degrees(written: str) -> tuple[float, float]:
    found = _PLACE.fullmatch(written)
    assert found is not None, written
    north, *latitude, east, longitude, minutes, seconds = found.groups()
    return (
        float(f"{north}1") * _decimal(*latitude),
        float(f"{east}1") * _decimal(longitude, minutes, seconds),
    )


def _decimal(degrees: str, minutes: str, seconds: str | None) -> float:
    return int(degrees) + int(minutes) / 60 + int(seconds or 0) / 3600


def _point(latitude: float, longitude: float) -> tuple[float, float, float]:
    """The place on a globe of radius 1, so that no seam runs through the Pacific."""
    north, east = math.radians(latitude), math.radians(longitude)
    return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)


def _kilometres(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """Along a great circle."""
    return _EARTH * 2 * math.asin(min(1.0, math.dist(one, other) / 2))
