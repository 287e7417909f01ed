"""Zones a phrase may name: letters with a fixed offset, letters for a zone with its summer time, cities.

The table of cities is written out here, because asking the zone database for its names reads hundreds of files.
Source: the IANA time zone database, 2026a, last part of each zone's name; beside them, cities musicians tour
that share the zone of a larger neighbour.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

#: Fixed offsets from UTC, in minutes.
FIXED: Final[dict[str, int]] = {
    "utc": 0, "gmt": 0, "z": 0, "zulu": 0, "est": -300, "edt": -240, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480,
    "pdt": -420, "bst": 60, "cet": 60, "cest": 120, "aest": 600, "aedt": 660,
}  # fmt: skip
#: Letters for a zone with its summer time.
LIVING: Final[dict[str, str]] = {
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles",
}  # fmt: skip
#: Letters several places use for themselves: zones they may mean.
SHARED: Final[dict[str, tuple[str, ...]]] = {
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "cst": ("America/Chicago", "Asia/Shanghai", "America/Havana"),
}
#: Words that go on with "time" for a zone of North America.
REGIONS: Final[dict[str, str]] = {
    "eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver",
    "pacific": "America/Los_Angeles", "uk": "Europe/London", "british": "Europe/London",
}  # fmt: skip
OFFSET_NAMES: Final = frozenset({*FIXED, *LIVING, *SHARED})
#: Letters that are words besides; they name a zone only right after a clock.
SHY: Final = frozenset({"et", "ct", "mt", "pt", "z", "est"})

_CITIES: Final = """
Africa/ Abidjan Accra Addis_Ababa=Nairobi Algiers Cairo Casablanca Dakar=Abidjan Dar_es_Salaam=Nairobi
 Harare=Maputo Johannesburg Cape_Town=Johannesburg Durban=Johannesburg Kampala=Nairobi Khartoum Kigali=Maputo
 Kinshasa=Lagos Lagos Luanda=Lagos Lusaka=Maputo Maputo Monrovia Nairobi Tripoli Tunis Windhoek
America/ Anchorage Asuncion Bogota Boise Buenos_Aires=Argentina/Buenos_Aires Caracas Chicago Cancun Denver Detroit
 Edmonton Guatemala Guayaquil Halifax Havana Jamaica Kingston=Jamaica Juneau La_Paz Lima Los_Angeles Managua Manaus
 Martinique Mexico_City Monterrey Montevideo Montreal=Toronto New_York Nassau=Toronto Ottawa=Toronto Panama Phoenix
 Port_of_Spain=Puerto_Rico Puerto_Rico Quito=Guayaquil Recife Regina Rio=Sao_Paulo Rio_de_Janeiro=Sao_Paulo
 San_Juan=Puerto_Rico Santiago Santo_Domingo Sao_Paulo St_Johns Tijuana Toronto Vancouver Winnipeg Calgary=Edmonton
 Quebec=Toronto Bahia Salvador=Bahia Fortaleza Cordoba=Argentina/Cordoba LA=Los_Angeles NYC=New_York NY=New_York
 San_Francisco=Los_Angeles SF=Los_Angeles San_Diego=Los_Angeles Seattle=Los_Angeles Portland=Los_Angeles
 Las_Vegas=Los_Angeles Vegas=Los_Angeles Oakland=Los_Angeles Sacramento=Los_Angeles Nashville=Chicago
 Memphis=Chicago New_Orleans=Chicago Austin=Chicago Dallas=Chicago Houston=Chicago San_Antonio=Chicago
 Minneapolis=Chicago Milwaukee=Chicago St_Louis=Chicago Kansas_City=Chicago Boston=New_York Miami=New_York
 Atlanta=New_York Philadelphia=New_York Philly=New_York Washington=New_York DC=New_York Washington_DC=New_York
 Orlando=New_York Pittsburgh=New_York Cleveland=New_York Charlotte=New_York Baltimore=New_York Brooklyn=New_York
 Salt_Lake_City=Denver Albuquerque=Denver Tucson=Phoenix Honolulu=Pacific/Honolulu
Asia/ Almaty Amman Baghdad Bahrain=Qatar Baku Bangkok Beirut Beijing=Shanghai Brunei=Kuching Kolkata
 Calcutta=Kolkata Colombo Damascus Delhi=Kolkata New_Delhi=Kolkata Dhaka Dubai Abu_Dhabi=Dubai Hanoi=Ho_Chi_Minh
 Ho_Chi_Minh Saigon=Ho_Chi_Minh Hong_Kong Jakarta Jerusalem Kabul Karachi Kathmandu Kuala_Lumpur=Singapore
 Kuwait=Riyadh Macau Manila Mumbai=Kolkata Bombay=Kolkata Bangalore=Kolkata Bengaluru=Kolkata Chennai=Kolkata
 Hyderabad=Kolkata Muscat=Dubai Nicosia Novosibirsk Osaka=Tokyo Kyoto=Tokyo Phnom_Penh=Bangkok Pyongyang Qatar
 Doha=Qatar Riyadh Seoul Shanghai Singapore Taipei Tashkent Tbilisi Tehran Tel_Aviv=Jerusalem Tokyo Ulaanbaatar
 Vladivostok Yangon=Rangoon Yekaterinburg Yerevan Istanbul=Europe/Istanbul
Atlantic/ Azores Bermuda Canary Cape_Verde Faroe Madeira Reykjavik=Africa/Abidjan Stanley
Australia/ Adelaide Brisbane Broken_Hill Canberra=Sydney Darwin Hobart Lord_Howe Melbourne Perth Sydney
 Gold_Coast=Brisbane Newcastle_NSW=Sydney Wollongong=Sydney
Europe/ Amsterdam=Brussels Andorra Antwerp=Brussels Athens Barcelona=Madrid Belfast=London Belgrade Berlin
 Bern=Zurich Bilbao=Madrid Birmingham=London Bordeaux=Paris Bratislava=Prague Brighton=London Bristol=London
 Brussels Bucharest Budapest Cardiff=London Chisinau Cologne=Berlin Copenhagen=Berlin Cork=Dublin Dresden=Berlin
 Dublin Dusseldorf=Berlin Edinburgh=London Florence=Rome Frankfurt=Berlin Geneva=Zurich Gibraltar Glasgow=London
 Gothenburg=Stockholm Hamburg=Berlin Helsinki Kaliningrad Kiev=Kyiv Krakow=Warsaw Kyiv Leeds=London Leipzig=Berlin
 Lisbon Liverpool=London Ljubljana=Belgrade London Luxembourg=Brussels Lyon=Paris Madrid Malaga=Madrid Malta
 Manchester=London Marseille=Paris Milan=Rome Minsk Monaco=Paris Moscow Munich=Berlin Naples=Rome Newcastle=London
 Nice=Paris Oslo=Berlin Oxford=London Cambridge=London Paris Podgorica=Belgrade Porto=Lisbon Prague Riga Rome
 Rotterdam=Brussels Sarajevo=Belgrade Seville=Madrid Sheffield=London Skopje=Belgrade Sofia Stockholm=Berlin
 Stuttgart=Berlin Tallinn Tirane Turin=Rome Vaduz=Zurich Valencia=Madrid Venice=Rome Vienna Vilnius Warsaw
 York=London Zagreb=Belgrade Zurich
Indian/ Maldives Mauritius
Pacific/ Apia Auckland Chatham Fiji Guam Honolulu Hawaii=Honolulu Noumea Pago_Pago Port_Moresby Suva=Fiji Tahiti
 Tongatapu Wellington=Auckland Christchurch=Auckland Dunedin=Auckland
""".strip()


def _cities() -> dict[str, str]:
    table: dict[str, str] = {}
    region = ""
    for entry in _CITIES.split():
        if entry.endswith("/"):
            region = entry
            continue
        city, _, zone = entry.partition("=")
        zone = zone or city
        known = zone if zone.startswith(("Europe/", "Pacific/", "Africa/")) else region + zone
        table[city.replace("_", " ").lower()] = known
    return table


CITIES: Final[dict[str, str]] = _cities()
#: Most words in the name of a city.
CITY_WORDS: Final = max(len(city.split()) for city in CITIES)

_OFFSET: Final = re.compile(r"(?:utc|gmt)?([+-])(\d{1,2}):?(\d{2})?$")


@lru_cache(maxsize=256)
def by_name(name: str) -> ZoneInfo | None:
    """The zone of an IANA name, or None when the database has no such zone; at most 256 are kept."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def named(letters: str) -> tzinfo | None:
    """The zone of letters, of `+02:00` or `utc+2`; None for SHARED letters and for anything else."""
    if letters in FIXED:
        return timezone(timedelta(minutes=FIXED[letters]))
    if letters in LIVING:
        return by_name(LIVING[letters])
    match = _OFFSET.match(letters)
    if match is None:
        return None
    hours, minutes = int(match[2]), int(match[3] or 0)
    if hours > 14 or minutes > 59:
        return None
    away = timedelta(hours=hours, minutes=minutes)
    return timezone(-away if match[1] == "-" else away)


def goes_by(letters: str, home: tzinfo, now: datetime) -> bool:
    """Whether a zone is called by these letters somewhere in the year around now."""
    for days in (0, 182):
        name = (now + timedelta(days=days)).astimezone(home).tzname()
        if name is not None and name.lower() == letters:
            return True
    return False
