"""How far it is between towns: those where a zone is named after a city, and others where many players live.

The IANA database gives the place of each zone's city (zone1970.tab). The rest is hand-written to a tenth of a degree,
which is within seven kilometres: enough to tell who lives near, and no more is claimed.
"""

from __future__ import annotations

import math
import re
import unicodedata
from functools import cache

#: Mean radius of the Earth in kilometres (IUGG).
_RADIUS = 6371.0
# zone1970.tab: ISO 6709, degrees and minutes, with or without seconds.
_DEGREES = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?([+-])(\d\d\d)(\d\d)(\d\d)?")

#: Town → degrees north and east.
_TOWNS = """
leeds 53.8 -1.5|manchester 53.5 -2.2|salford 53.5 -2.3|birmingham 52.5 -1.9|glasgow 55.9 -4.3|edinburgh 55.9 -3.2
bristol 51.5 -2.6|bath 51.4 -2.4|liverpool 53.4 -3.0|cardiff 51.5 -3.2|swansea 51.6 -3.9|newport 51.6 -3.0
sheffield 53.4 -1.5|rotherham 53.4 -1.4|doncaster 53.5 -1.1|bradford 53.8 -1.8|wakefield 53.7 -1.5|york 54.0 -1.1
huddersfield 53.6 -1.8|halifax 53.7 -1.9|harrogate 54.0 -1.5|hull 53.7 -0.3|newcastle 55.0 -1.6|gateshead 54.9 -1.6
newcastle upon tyne 55.0 -1.6|sunderland 54.9 -1.4|durham 54.8 -1.6|middlesbrough 54.6 -1.2|carlisle 54.9 -2.9
lancaster 54.0 -2.8|preston 53.8 -2.7|blackpool 53.8 -3.0|bolton 53.6 -2.4|stockport 53.4 -2.2|chester 53.2 -2.9
nottingham 53.0 -1.1|derby 52.9 -1.5|leicester 52.6 -1.1|lincoln 53.2 -0.5|stoke 53.0 -2.2|coventry 52.4 -1.5
wolverhampton 52.6 -2.1|northampton 52.2 -0.9|milton keynes 52.0 -0.8|cambridge 52.2 0.1|norwich 52.6 1.3
ipswich 52.1 1.2|colchester 51.9 0.9|peterborough 52.6 -0.2|oxford 51.8 -1.3|reading 51.5 -1.0|swindon 51.6 -1.8
cheltenham 51.9 -2.1|gloucester 51.9 -2.2|worcester 52.2 -2.2|brighton 50.8 -0.1|guildford 51.2 -0.6|croydon 51.4 -0.1
watford 51.7 -0.4|luton 51.9 -0.4|st albans 51.8 -0.3|canterbury 51.3 1.1|southend 51.5 0.7|southampton 50.9 -1.4
portsmouth 50.8 -1.1|bournemouth 50.7 -1.9|exeter 50.7 -3.5|plymouth 50.4 -4.1|truro 50.3 -5.1|aberdeen 57.1 -2.1
dundee 56.5 -3.0|inverness 57.5 -4.2|perth 56.4 -3.4|stirling 56.1 -3.9|derry 55.0 -7.3|londonderry 55.0 -7.3
belfast 54.6 -5.9|cork 51.9 -8.5|galway 53.3 -9.1|limerick 52.7 -8.6|waterford 52.3 -7.1
boston 42.4 -71.1|philadelphia 40.0 -75.2|brooklyn 40.7 -74.0|nyc 40.7 -74.0|new york city 40.7 -74.0
queens 40.7 -73.8|newark 40.7 -74.2|washington 38.9 -77.0|washington dc 38.9 -77.0|baltimore 39.3 -76.6
atlanta 33.7 -84.4|miami 25.8 -80.2|orlando 28.5 -81.4|tampa 27.9 -82.5|charlotte 35.2 -80.8|raleigh 35.8 -78.6
asheville 35.6 -82.6|pittsburgh 40.4 -80.0|cleveland 41.5 -81.7|columbus 40.0 -83.0|cincinnati 39.1 -84.5
buffalo 42.9 -78.9|nashville 36.2 -86.8|memphis 35.1 -90.0|austin 30.3 -97.7|dallas 32.8 -96.8|houston 29.8 -95.4
san antonio 29.4 -98.5|new orleans 30.0 -90.1|minneapolis 45.0 -93.3|st louis 38.6 -90.2|kansas city 39.1 -94.6
milwaukee 43.0 -87.9|muscle shoals 34.7 -87.7|salt lake city 40.8 -111.9|la 34.1 -118.2|hollywood 34.1 -118.3
burbank 34.2 -118.3|santa monica 34.0 -118.5|long beach 33.8 -118.2|pasadena 34.1 -118.1|san diego 32.7 -117.2
san francisco 37.8 -122.4|oakland 37.8 -122.3|san jose 37.3 -121.9|sacramento 38.6 -121.5|seattle 47.6 -122.3
las vegas 36.2 -115.1|montreal 45.5 -73.6|ottawa 45.4 -75.7|quebec 46.8 -71.2|calgary 51.0 -114.1
munich 48.1 11.6|munchen 48.1 11.6|hamburg 53.6 10.0|cologne 50.9 7.0|koln 50.9 7.0|leipzig 51.3 12.4
frankfurt 50.1 8.7|stuttgart 48.8 9.2|dresden 51.1 13.7|dusseldorf 51.2 6.8|hannover 52.4 9.7|bremen 53.1 8.8
nuremberg 49.5 11.1|mannheim 49.5 8.5|lyon 45.8 4.8|marseille 43.3 5.4|toulouse 43.6 1.4|bordeaux 44.8 -0.6
nantes 47.2 -1.6|lille 50.6 3.1|strasbourg 48.6 7.8|nice 43.7 7.3|barcelona 41.4 2.2|valencia 39.5 -0.4
seville 37.4 -6.0|bilbao 43.3 -2.9|malaga 36.7 -4.4|ibiza 38.9 1.4|milan 45.5 9.2|naples 40.9 14.3|turin 45.1 7.7
florence 43.8 11.3|bologna 44.5 11.3|venice 45.4 12.3|salzburg 47.8 13.0|graz 47.1 15.4|geneva 46.2 6.1
basel 47.6 7.6|bern 46.9 7.4|lausanne 46.5 6.6|rotterdam 51.9 4.5|the hague 52.1 4.3|utrecht 52.1 5.1
antwerp 51.2 4.4|ghent 51.1 3.7|porto 41.1 -8.6|gothenburg 57.7 12.0|malmo 55.6 13.0|aarhus 56.2 10.2|bergen 60.4 5.3
krakow 50.1 19.9|gdansk 54.4 18.6|mumbai 19.1 72.9|delhi 28.6 77.2|chennai 13.1 80.3|bangalore 13.0 77.6
osaka 34.7 135.5|canberra -35.3 149.1|gold coast -28.0 153.4|wellington -41.3 174.8|cape town -33.9 18.4
"""


def distance_km(one: str, other: str) -> float | None:
    """Kilometres between two towns as the crow flies; None where one of them is not known here.

    What stands behind a comma ("Leeds, UK") is not read.
    """
    here, there = _find(one), _find(other)
    if here is None or there is None:
        return None
    north, south = math.radians(here[0]), math.radians(there[0])
    east = math.radians(there[1] - here[1])
    half = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
    return 2 * _RADIUS * math.asin(min(1.0, math.sqrt(half)))


def is_known(town: str) -> bool:
    """Whether it is known where that town is."""
    return _find(town) is not None


def _find(town: str) -> tuple[float, float] | None:
    return _places().get(_key(town.split(",")[0]))


def _key(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w]+", " ", bare).split()).removeprefix("greater ").removeprefix("central ")


@cache
def _places() -> dict[str, tuple[float, float]]:
    from importlib.resources import files  # costs more than the rest of the module, and is needed once

    text = files("tzdata").joinpath("zoneinfo", "zone1970.tab").read_text(encoding="utf-8")
    found: dict[str, tuple[float, float]] = {}
    for row in (line.split("\t") for line in text.splitlines() if line and not line.startswith("#")):
        match = _DEGREES.fullmatch(row[1])
        assert match is not None, row
        north, *latitude, east, longitude, minutes, seconds = match.groups()
        name = row[2].rsplit("/", 1)[-1].replace("_", " ")
        found[_key(name)] = (
            float(f"{north}1") * _decimal(*latitude),
            float(f"{east}1") * _decimal(longitude, minutes, seconds),
        )
    for cell in _TOWNS.replace("\n", "|").split("|"):
        if cell.strip():
            name, latitude_text, longitude_text = cell.strip().rsplit(" ", 2)
            found[_key(name)] = (float(latitude_text), float(longitude_text))
    return found


def _decimal(degrees: str, minutes: str, seconds: str | None) -> float:
    return int(degrees) + int(minutes) / 60 + int(seconds or 0) / 3600
