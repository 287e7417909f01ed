"""From a place on the map to a time zone: the nearest of the cities that the IANA database gives coordinates for.

Near a border it may be the neighbour's; whoever asks shows the answer and lets it be changed.
"""

from __future__ import annotations

import math
import re
from functools import cache

# zone1970.tab: degrees and minutes, with or without seconds, latitude then longitude ("+513030-0000731"); ISO 6709.
_PLACE = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?([+-])(\d\d\d)(\d\d)(\d\d)?")


def zone(latitude: float, longitude: float) -> str:
    """The IANA zone of the nearest city. Degrees, north and east positive. Raises ValueError outside the globe."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(f"not on the globe: {latitude}, {longitude}")
    here = _point(latitude, longitude)
    return max(_cities(), key=lambda city: sum(a * b for a, b in zip(city[1], here, strict=True)))[0]


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
