"""Which region and country a town belongs to, for figures that are pooled by place.

A region here is what people of the country would call it: one of the twelve nations and regions of the United Kingdom
(ITL 1), a state, province or Land. Hand-written for the towns where many players live; a town that is not listed still
has a country, from the zone it is found under or from where its people say they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from storage.reference import zones
from storage.reference.countries import code_of, is_country
from storage.reference.phrases import fold


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is, from narrow to wide; each part as it is shown, None where it is not known or too wide.

    country: ISO 3166 two-letter code.
    """

    city: str | None
    region: str | None
    country: str | None

    @property
    def city_key(self) -> str | None:
        """The town with its country, as records of one town are found again: "GB/leeds"."""
        return None if self.city is None else f"{self.country or ''}/{fold(self.city)}"

    @property
    def region_key(self) -> str | None:
        """The region with its country: "GB/yorkshire"."""
        return None if self.region is None else f"{self.country or ''}/{fold(self.region)}"


    def steps(self) -> tuple[tuple[str, str], ...]:
        """From here to everywhere: ("city", key), ("region", key), ("country", code), ("all", ""); what is known."""
        known = (("city", self.city_key), ("region", self.region_key), ("country", self.country), ("all", ""))
        return tuple((level, key) for level, key in known if key is not None)


#: Country, region and its towns. A town that is a region of its own (London) stands in both places.
_REGIONS = """
GB|London|croydon,richmond,wembley,hackney,brixton,camden,greenwich,soho,shoreditch
GB|South East|brighton,oxford,reading,guildford,milton keynes,southampton,portsmouth,canterbury,hastings,slough
GB|South West|bristol,bath,exeter,plymouth,truro,bournemouth,swindon,cheltenham,gloucester
GB|East of England|cambridge,norwich,ipswich,colchester,peterborough,luton,st albans,southend,watford
GB|East Midlands|nottingham,derby,leicester,lincoln,northampton
GB|West Midlands|birmingham,coventry,wolverhampton,stoke,stoke on trent,worcester,shrewsbury
GB|Yorkshire|leeds,sheffield,bradford,york,hull,huddersfield,halifax,wakefield,harrogate,doncaster,rotherham
GB|North West|manchester,liverpool,salford,bolton,preston,blackpool,chester,stockport,lancaster,carlisle
GB|North East|newcastle,newcastle upon tyne,gateshead,sunderland,durham,middlesbrough
GB|Scotland|glasgow,edinburgh,aberdeen,dundee,inverness,perth,stirling
GB|Wales|cardiff,swansea,newport,wrexham,bangor
GB|Northern Ireland|belfast,derry,londonderry,lisburn
US|New York|new york,new york city,nyc,brooklyn,manhattan,queens,buffalo,rochester
US|New Jersey|newark,jersey city
US|California|los angeles,la,hollywood,burbank,santa monica,long beach,pasadena,san diego
US|California|san francisco,oakland,san jose,sacramento
US|Tennessee|nashville,memphis,knoxville
US|Texas|austin,dallas,houston,san antonio,fort worth
US|Illinois|chicago
US|Massachusetts|boston
US|Georgia|atlanta
US|Louisiana|new orleans
US|Florida|miami,orlando,tampa
US|Pennsylvania|philadelphia,pittsburgh
US|Washington|seattle
US|Oregon|portland
US|Nevada|las vegas
US|Michigan|detroit
US|Minnesota|minneapolis
US|Colorado|denver
US|Ohio|cleveland,columbus,cincinnati
US|North Carolina|charlotte,raleigh,asheville
US|Missouri|st louis,kansas city
US|Wisconsin|milwaukee
US|Alabama|muscle shoals
CA|Ontario|toronto,ottawa,hamilton
CA|Quebec|montreal
CA|British Columbia|vancouver
CA|Alberta|calgary,edmonton
DE|Bavaria|munich,munchen,muenchen,nuremberg
DE|North Rhine-Westphalia|cologne,koln,koeln,dusseldorf,dortmund,essen
DE|Saxony|leipzig,dresden
DE|Hesse|frankfurt
DE|Baden-Württemberg|stuttgart,mannheim
DE|Lower Saxony|hannover
AU|New South Wales|sydney
AU|Victoria|melbourne
AU|Queensland|brisbane,gold coast
AU|Western Australia|perth wa
AU|South Australia|adelaide
"""
#: Other names of a place: short or in its own language → the name its figures are kept under.
_SAME = {
    "nyc": "New York City",
    "new york": "New York City",
    "la": "Los Angeles",
    "munchen": "Munich",
    "muenchen": "Munich",
    "koln": "Cologne",
    "koeln": "Cologne",
    "newcastle upon tyne": "Newcastle",
    "stoke on trent": "Stoke",
    "londonderry": "Derry",
}
#: Regions that are also said with other words.
_REGION_NAMES = {
    "yorkshire and the humber": "Yorkshire",
    "west yorkshire": "Yorkshire",
    "south yorkshire": "Yorkshire",
    "new york state": "New York",
}


def place_of(text: str, country: str | None = None) -> Place:
    """The place in a text: "Leeds", "the Sage, Gateshead", "Yorkshire", "UK"; the last part that is known decides.

    country: where the asker is, for a town that this table does not know; None: not known.
    A town nobody knows is kept as it was written, with that country and without a region.
    """
    parts = [part.strip() for part in text[:120].split(",") if part.strip()]
    home = code_of(country) if country else None
    within = next((_country(part) for part in reversed(parts) if _country(part)), None)
    for part in reversed(parts):
        found = _known(part, within or home)
        if found is not None and (within is None or found.country == within):
            return found
    if within is not None and all(_country(part) for part in parts):
        return Place(None, None, within)
    last = next((part for part in reversed(parts) if not _country(part)), text.strip())
    if within is None:
        there = [code for zone in zones.find(last, country=home)[:1] for code in zones.countries_of(zone)]
        within = there[0] if len(there) == 1 else home
    town = " ".join(last.split())[:60]
    return Place((town.title() if town.islower() else town) or None, None, within)


def _country(part: str) -> str | None:
    return code_of(part) if is_country(part) else None


def _known(part: str, country: str | None) -> Place | None:
    folded = fold(part)
    if folded == "london":
        return Place("London", "London", "GB")
    town = _towns().get(folded)
    region = _regions().get(folded)
    # "New York" and "Washington" are asked about as the place where gigs are: the town before the state.
    if town is not None and (region is None or folded == "new york"):
        return Place(_SAME.get(folded, part.strip().title()), town[1], town[0])
    if region is not None and (country is None or region[0] == country or town is None):
        return Place(None, region[1], region[0])
    return None


@cache
def _towns() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for one in _REGIONS.strip().splitlines():
        country, region, towns = one.split("|")
        for town in towns.split(","):
            found.setdefault(fold(town), (country, region))
    return found


@cache
def _regions() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for one in _REGIONS.strip().splitlines():
        country, region, _ = one.split("|")
        found.setdefault(fold(region), (country, region))
    for name, region in _REGION_NAMES.items():
        found[name] = found[fold(region)]
    return found
