"""How the fields of a post are asked for: one declaration each, for `/gig post`, its forms and its one line."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from cogs.gigs import one_line
from cogs.kit.ask import Ask, Role, Zone
from storage.records.fee import Fee, Unit
from storage.records.gig import Audience, KindOfWork, UnionTerms, Usage
from storage.records.money import Money
from storage.records.times import Span

KIND_ALSO = {
    "wedding": "function",
    "corporate": "function",
    "party": "function",
    "function band": "function",
    "gig": "live",
    "concert": "live",
    "recording": "session",
    "studio": "session",
    "theater": "theatre",
    "musical": "theatre",
    "pit": "theatre",
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

Which = Annotated[int, Ask("Which gig?", label="Gig", ref="G", example="G12", suggest="some_gigs")]
Mine = Annotated[int, Ask("Which of your gigs?", label="Gig", ref="G", example="G12", suggest="own_gigs")]

Chair = Annotated[Role, Ask("Which chair needs filling?", label="Chair", example="alto sax", suggest="chairs")]
When = Annotated[Span, Ask("When is it?", label="When", example="Sat 28 Nov 19:30")]
Where = Annotated[str, Ask("Where is it?", label="Where", example="Leeds", max_length=120, place=True)]
Pay = Annotated[Fee, Ask("What does it pay?", label="Fee", example="£220, £60/hour, quote or unpaid", hint="fee_hint")]
Per = Annotated[
    Unit | None,
    Ask(
        "Is that for the whole gig, or per what?",
        label="Per",
        example="hour",
        also={"gig": "flat", "session": "call", "show": "service", "track": "song", "hourly": "hour", "daily": "day"},
        free=False,
    ),
]
Kind = Annotated[KindOfWork | None, Ask("What kind of work is it?", label="Kind", also=KIND_ALSO, find=one_line.kind)]
Seats = Annotated[
    int | None,
    Ask("How many chairs?", label="Chairs", at_least=1, at_most=50, example="2", find=one_line.seats),
]
What = Annotated[
    str | None,
    Ask(
        "What is it? Band, music, dress, anything else?",
        label="What",
        example="Ceilidh band, black tie",
        max_length=300,
    ),
]
Length = Annotated[
    timedelta | None, Ask("How long does it last?", label="Length", example="3 hours", at_most=60 * 24 * 14)
]
CallTime = Annotated[
    str | None,
    Ask("When are players to be there?", label="Call time", example="17:30", max_length=20, find=one_line.call_time),
]
ReplyBy = Annotated[
    datetime | None,
    Ask(
        "By when do you need to hear?",
        label="Reply by",
        example="Thu 6pm",
        cues=("reply by", "answer by", "reply before", "answers by", "replies by", "let me know by", "within"),
    ),
]
Pays = Annotated[
    str | None,
    Ask("Who pays?", label="Who pays", example="the client", max_length=80, find=one_line.pays),
]
PayBy = Annotated[
    str | None,
    Ask("When is it paid?", label="Pay by", example="on the night", max_length=80, find=one_line.pay_by),
]
Extras = Annotated[
    str | None,
    Ask(
        "Extras: doubling, porterage, overtime, travel, per diem?",
        label="Extras",
        example="travel £30, doubling 15%",
        max_length=200,
        free=False,
    ),
]
UsageTerms = Annotated[Usage | None, Ask("What may be done with the recording?", label="Usage", free=False)]
Credit = Annotated[
    str | None, Ask("How are players credited?", label="Credit", example="by name", max_length=80, free=False)
]
Union = Annotated[
    UnionTerms | None,
    Ask(
        "Is it under a union agreement?", label="Union", also={"non-union": "non_union", "no": "non_union"}, free=False
    ),
]
Cancellation = Annotated[
    str | None,
    Ask("What if it is cancelled?", label="Cancellation", example="half within a week", max_length=120, free=False),
]
ToWhom = Annotated[
    Audience | None,
    Ask(
        "Who is offered it?",
        label="Audience",
        also={"call list": "list", "my list": "list", "first call": "first", "everybody": "board"},
        find=one_line.audience,
    ),
]
#: What the poster says when the fee is under what others were paid; asked only then.
Below = Annotated[str | None, Ask("Post it as it is?", label="As it is", max_length=40, hidden=True)]
#: Whose wall clock was meant; asked only where the venue's differs from the poster's.
Clock = Annotated[Zone | None, Ask("Whose clock is that?", label="Whose clock", hidden=True)]

Note = Annotated[str | None, Ask("A word to go with it?", label="Note", example="I can bring a PA", max_length=200)]
MinFee = Annotated[
    Money | None,
    Ask(
        "What is the least it should pay?",
        label="Least fee",
        example="150",
        cues=("min", "minimum", "at least", "over"),
    ),
]
Region = Annotated[str | None, Ask("Where?", label="Region", example="Leeds", max_length=80)]
AnyChair = Annotated[Role | None, Ask("Which chair?", label="Chair", example="bass", suggest="chairs")]


class Reason(StrEnum):
    """Why a gig is closed."""

    FILLED = "filled"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"


class PickAs(StrEnum):
    """How firmly a player is picked."""

    INK = "ink"
    PENCIL = "pencil"


PICK_ALSO = {
    "inked": "ink",
    "confirm": "ink",
    "confirmed": "ink",
    "book": "ink",
    "hold": "pencil",
    "pencilled": "pencil",
}
ANSWER_ALSO = {
    "in": "ink",
    "i'm in": "ink",
    "im in": "ink",
    "yes": "ink",
    "pencil me": "pencil",
    "hold": "pencil",
    "no": "pass",
    "counter offer": "counter",
    "counter-offer": "counter",
}
REASON_ALSO = {"canceled": "cancelled", "off": "cancelled", "cancel": "cancelled", "filled elsewhere": "filled"}
HOW_ALSO = {
    "role ping": "ping",
    "role": "ping",
    "mention": "ping",
    "private": "dm",
    "at once": "dm",
    "morning": "digest",
    "daily": "digest",
}
