"""How the commands about pay ask for what they need."""

from __future__ import annotations

import re
from typing import Annotated

from cogs.kit.ask import Ask, Role
from storage.records.fee import Fee, Unit
from storage.records.gig import KindOfWork
from storage.records.money import Money
from storage.records.rate import UnionStatus, Years

_KIND_ALSO = {
    "wedding": "function",
    "weddings": "function",
    "corporate": "function",
    "party": "function",
    "gig": "live",
    "concert": "live",
    "recording": "session",
    "studio": "session",
    "theater": "theatre",
    "musical": "theatre",
    "pit": "theatre",
    "show": "theatre",
    "scoring": "orchestral",
    "orchestra": "orchestral",
    "opera": "orchestral",
    "touring": "tour",
    "home recording": "remote",
    "jingle": "advertising",
    "ad": "advertising",
    "lesson": "teaching",
    "workshop": "teaching",
}
_UNIT_ALSO = {"gig": "flat", "session": "call", "show": "service", "track": "song", "hourly": "hour", "daily": "day"}
_YEARS_ALSO = {"new": "under_5", "under 5": "under_5", "5-14": "5_to_14", "15+": "15_or_more", "15": "15_or_more"}
_UNION_ALSO = {"non-union": "non_union", "no": "non_union", "yes": "union", "mu": "union", "afm": "union"}

#: A month needs its year, or a word before it: March and May are more than months.
_NAME = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_MONTH = re.compile(rf"(?<!\w)(?:((?:last|this) month|{_NAME}\s+20\d\d)|in\s+({_NAME}))(?!\w)", re.IGNORECASE)


def find_month(text: str) -> tuple[int, int, str] | None:
    """A month in a line: "last month", "Oct 2026", "in October"."""
    match = _MONTH.search(text)
    return None if match is None else (*match.span(), match[1] or match[2])


_CHAIR = Ask("Which chair or role?", label="Role", example="violin", suggest="chairs")
_KIND = Ask("What kind of work?", label="Kind", example="session", also=_KIND_ALSO)
_PER = Ask("Per what?", label="Unit", example="call", also=_UNIT_ALSO)
_UNION = Ask("Under a union agreement?", label="Union", example="union", also=_UNION_ALSO, free=False)
_YEARS = Ask("How many years have you been paid to play?", label="Years", also=_YEARS_ALSO, free=False)

Chair = Annotated[Role, _CHAIR]
Kind = Annotated[KindOfWork, _KIND]
Region = Annotated[str | None, Ask("Where? A town, region or country", label="Region", example="Leeds", max_length=80)]
Per = Annotated[Unit | None, _PER]
Union = Annotated[UnionStatus | None, _UNION]
YearsPlayed = Annotated[Years | None, _YEARS]

Where = Annotated[str, Ask("Where was it? A town, region or country", label="Region", example="Leeds", max_length=80)]
Paid = Annotated[Fee, Ask("What did it pay, without extras?", label="Paid", example="£180/call")]
Extras = Annotated[
    Money | None,
    Ask("Extras on top, all together?", label="Extras", example="£35", cues=("extras", "extra", "plus", "+")),
]  # fmt: skip
Month = Annotated[
    str | None,
    Ask("In which month? Skip it for this one", label="Month", example="Oct 2026", max_length=20, find=find_month),
]
Which = Annotated[int, Ask("Which of your entries?", label="Entry", ref="P", example="P3", suggest="own_entries")]
