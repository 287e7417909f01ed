"""Names of places and clocks that the IANA database lacks, by zone: hand-written, for `zones`."""

from __future__ import annotations

#: Cities without a zone named after them: zone → cities. A city in several lists is asked about, in this order.
CITIES = {
    "Europe/London": "Leeds|Manchester|Birmingham|Glasgow|Bristol|Liverpool|Edinburgh|Cardiff|Sheffield|Newcastle"
    "|Newcastle upon Tyne|Nottingham|Leicester|Brighton|Cambridge|Oxford|Bath|York|Norwich|Swansea|Aberdeen|Dundee"
    "|Southampton|Portsmouth|Plymouth|Exeter|Hull|Bradford|Coventry|Reading|Gateshead|Derby|Stoke|Inverness"
    "|Milton Keynes|Bournemouth|Croydon|Salford|Londonderry|Derry",
    "Europe/Dublin": "Cork|Galway|Limerick|Waterford",
    "America/New_York": "Boston|Atlanta|Philadelphia|Philly|Miami|Washington|Washington DC|DC|NYC|New York City"
    "|Brooklyn|Manhattan|Pittsburgh|Baltimore|Charlotte|Cleveland|Columbus|Cincinnati|Orlando|Tampa|Raleigh|Durham"
    "|Asheville|Buffalo|Rochester|Newark|Hartford|Providence|Richmond|Charleston|Savannah|Jacksonville|Ann Arbor"
    "|Portland|Cambridge|Athens|Long Island|Queens|Bronx|Harlem",
    "America/Chicago": "Nashville|Austin|New Orleans|NOLA|Memphis|Dallas|Houston|San Antonio|Fort Worth|Minneapolis"
    "|Saint Paul|St Paul|St Louis|Saint Louis|Kansas City|Milwaukee|Madison|Oklahoma City|Tulsa|Omaha"
    "|Birmingham|Muscle Shoals|Baton Rouge|Lafayette|Little Rock|Branson|Jackson|Des Moines|Mobile",
    "America/Denver": "Salt Lake City|Albuquerque|Santa Fe|Boulder|Colorado Springs|El Paso|Boise City",
    "America/Phoenix": "Tucson|Scottsdale|Tempe",
    "America/Los_Angeles": "LA|Hollywood|Seattle|San Francisco|SF|Portland|Oakland|San Diego|Las Vegas|Sacramento"
    "|San Jose|Long Beach|Burbank|Pasadena|Santa Monica|Berkeley|Spokane|Reno|Bakersfield|Anaheim|Bay Area",
    "America/Toronto": "Montreal|Ottawa|Quebec|Quebec City|Hamilton|Mississauga|Kitchener|Waterloo",
    "America/Edmonton": "Calgary|Banff",
    "America/Vancouver": "Victoria|Surrey|Burnaby",
    "America/Winnipeg": "Brandon",
    "Europe/Berlin": "Munich|München|Muenchen|Hamburg|Cologne|Köln|Koeln|Leipzig|Frankfurt|Stuttgart|Dresden"
    "|Düsseldorf|Duesseldorf|Hannover|Hanover|Bremen|Nuremberg|Nürnberg|Mannheim|Essen|Dortmund|Weimar|Freiburg"
    "|Heidelberg|Karlsruhe|Bonn|Münster|Halle",
    "Europe/Paris": "Lyon|Marseille|Toulouse|Bordeaux|Nantes|Lille|Strasbourg|Nice|Montpellier|Rennes|Grenoble",
    "Europe/Madrid": "Barcelona|Valencia|Seville|Sevilla|Bilbao|Malaga|Granada|Zaragoza|Ibiza|Palma|Mallorca",
    "Europe/Rome": "Milan|Milano|Roma|Naples|Napoli|Turin|Torino|Florence|Firenze|Bologna|Venice|Venezia|Genoa"
    "|Palermo|Verona",
    "Europe/Vienna": "Salzburg|Graz|Linz|Innsbruck|Wien",
    "Europe/Zurich": "Geneva|Genève|Basel|Bern|Lausanne|Lucerne|Montreux",
    "Europe/Amsterdam": "Rotterdam|The Hague|Den Haag|Utrecht|Groningen|Eindhoven",
    "Europe/Brussels": "Antwerp|Antwerpen|Ghent|Gent|Bruges|Liège",
    "Europe/Lisbon": "Porto|Lisboa",
    "Europe/Stockholm": "Gothenburg|Göteborg|Malmö",
    "Europe/Copenhagen": "Aarhus|København|Odense",
    "Europe/Oslo": "Bergen|Trondheim|Stavanger",
    "Europe/Helsinki": "Tampere|Turku",
    "Europe/Warsaw": "Krakow|Kraków|Wroclaw|Gdansk|Katowice|Warszawa",
    "Europe/Prague": "Brno|Praha",
    "Europe/Athens": "Thessaloniki",
    "Europe/Moscow": "St Petersburg|Saint Petersburg",
    "Europe/Kyiv": "Lviv|Odesa|Kiev",
    "Australia/Sydney": "Newcastle|Wollongong|Canberra",
    "Australia/Melbourne": "Geelong|Ballarat",
    "Australia/Brisbane": "Gold Coast|Cairns|Byron",
    "Pacific/Auckland": "Hamilton|Wellington|Christchurch|Dunedin",
    "America/Sao_Paulo": "Rio|Rio de Janeiro|Belo Horizonte|Brasilia|Curitiba",
    "America/Mexico_City": "Guadalajara|CDMX",
    "America/Argentina/Buenos_Aires": "Rosario",
    "America/Bogota": "Medellin|Cali",
    "Asia/Kolkata": "Mumbai|Bombay|Delhi|New Delhi|Chennai|Madras|Bangalore|Bengaluru|Hyderabad|Pune|Goa|Calcutta",
    "Asia/Shanghai": "Beijing|Peking|Guangzhou|Shenzhen|Chengdu",
    "Asia/Tokyo": "Osaka|Kyoto|Nagoya|Yokohama",
    "Asia/Jerusalem": "Tel Aviv|Haifa",
    "Asia/Dubai": "Abu Dhabi",
    "Asia/Ho_Chi_Minh": "Saigon|Hanoi",
    "Africa/Johannesburg": "Cape Town|Durban|Pretoria",
    "Africa/Lagos": "Abuja",
}

#: What people call their zone. The summer and the winter letters of a place both mean the place.
LETTERS = {
    "Europe/London": "gmt|bst|uk time|british time",
    "America/New_York": "et|est|edt|eastern|eastern time",
    "America/Chicago": "ct|cst|cdt|central|central time",
    "America/Denver": "mt|mst|mdt|mountain|mountain time",
    "America/Los_Angeles": "pt|pst|pdt|pacific|pacific time",
    "Europe/Berlin": "cet|cest|mez|mesz",
    "Europe/Athens": "eet|eest",
    "Australia/Sydney": "aest|aedt",
    "Australia/Perth": "awst",
    "Australia/Adelaide": "acst|acdt",
    "Pacific/Auckland": "nzst|nzdt",
    "Asia/Tokyo": "jst",
    "Asia/Kolkata": "ist",
    "Europe/Dublin": "ist",
    "Asia/Jerusalem": "ist",
    "Asia/Shanghai": "cst",
    "UTC": "utc|z|zulu|universal time|gmt",
}

#: One well-known place for each clock in the world, those with most players first.
REPRESENTATIVE = (
    "Europe/London America/New_York America/Los_Angeles America/Chicago Europe/Berlin Europe/Paris Australia/Sydney"
    " America/Toronto Europe/Dublin America/Denver Europe/Madrid Europe/Amsterdam Europe/Rome America/Vancouver"
    " Australia/Melbourne Pacific/Auckland Asia/Tokyo America/Sao_Paulo America/Mexico_City Asia/Kolkata"
    " Africa/Johannesburg Africa/Lagos Asia/Singapore Asia/Shanghai Asia/Seoul Europe/Athens Europe/Helsinki"
    " Europe/Istanbul Asia/Jerusalem Africa/Cairo Africa/Nairobi Europe/Moscow Asia/Dubai America/Phoenix"
    " America/Argentina/Buenos_Aires America/Bogota America/Santiago America/Edmonton America/Winnipeg"
    " America/Halifax America/St_Johns"
    " Australia/Brisbane Australia/Perth Australia/Adelaide Australia/Darwin Pacific/Honolulu America/Anchorage"
    " Asia/Bangkok Asia/Jakarta Asia/Manila Asia/Karachi Asia/Dhaka Asia/Kathmandu Asia/Yangon Asia/Tehran Asia/Kabul"
    " Asia/Tashkent Atlantic/Azores Atlantic/Cape_Verde America/Noronha Atlantic/Reykjavik Pacific/Noumea"
    " Pacific/Fiji Australia/Lord_Howe Australia/Eucla Pacific/Chatham Pacific/Tongatapu Pacific/Kiritimati"
    " Pacific/Pago_Pago Pacific/Marquesas Pacific/Gambier"
).split()

#: Where a city is known in two places, the zone most people mean.
MEANT_FIRST = {"portland": "America/Los_Angeles"}

_EASTERN, _CENTRAL = "America/New_York", "America/Chicago"
_MOUNTAIN, _PACIFIC = "America/Denver", "America/Los_Angeles"

#: States, provinces and nations people write behind a city, with the zones in use there, the busier first. They go
#: before country codes: "CA" behind a city is California, not Canada.
STATES: dict[str, tuple[str, ...]] = {
    name: zones
    for zones, names in (
        (
            (_EASTERN,),
            "ct|connecticut|dc|de|delaware|ga|georgia|me|maine|md|maryland|ma|massachusetts|nh|new hampshire|nj"
            "|new jersey|ny|new york|nc|north carolina|oh|ohio|pa|pennsylvania|ri|rhode island|sc|south carolina|vt"
            "|vermont|va|virginia|wv|west virginia",
        ),
        ((_EASTERN, _CENTRAL), "fl|florida|ky|kentucky|in|indiana|mi|michigan"),
        (
            (_CENTRAL,),
            "al|alabama|ar|arkansas|il|illinois|ia|iowa|la|louisiana|mn|minnesota|ms|mississippi|mo|missouri|ok"
            "|oklahoma|wi|wisconsin",
        ),
        ((_CENTRAL, _EASTERN), "tn|tennessee"),
        ((_CENTRAL, _MOUNTAIN), "tx|texas|ks|kansas|ne|nebraska|nd|north dakota|sd|south dakota"),
        ((_MOUNTAIN,), "co|colorado|mt|montana|nm|new mexico|ut|utah|wy|wyoming"),
        ((_MOUNTAIN, _PACIFIC), "id|idaho"),
        ((_PACIFIC,), "ca|california|nv|nevada|or|oregon|washington"),
        ((_PACIFIC, "Australia/Perth"), "wa"),
        (("Australia/Perth",), "western australia"),
        (("America/Phoenix",), "az|arizona"),
        (("America/Anchorage",), "ak|alaska"),
        (("Pacific/Honolulu",), "hi|hawaii"),
        (("America/Toronto",), "on|ont|ontario|qc|quebec"),
        (("America/Vancouver",), "bc|british columbia"),
        (("America/Edmonton",), "ab|alberta"),
        (("America/Winnipeg",), "mb|manitoba"),
        (("America/Halifax",), "ns|nova scotia|nb|new brunswick"),
        (("Australia/Sydney",), "nsw|new south wales|act"),
        (("Australia/Melbourne",), "vic|victoria"),
        (("Australia/Brisbane",), "qld|queensland"),
        (("Australia/Adelaide",), "south australia"),
        (("Europe/London",), "england|scotland|wales|northern ireland"),
    )
    for name in names.split("|")
}
