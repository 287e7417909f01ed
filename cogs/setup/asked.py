"""How the choices of moderators are asked for."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from cogs.kit.ask import Ask, Zone
from storage.records.board_rules import Posters


class Trade(StrEnum):
    """Whose trade words cards use here, by the word for a stand-in."""

    DEP = "dep"
    SUB = "sub"

    @property
    def label(self) -> str:
        """With a few of them, which says more than a country."""
        return {"dep": "dep, fixer, pencil (UK)", "sub": "sub, contractor, hold (US)"}[self.value]


class Who(StrEnum):
    """Who may post gigs."""

    EVERYONE = "everyone"
    ROLES = "roles"
    MODERATORS = "moderators"

    @property
    def label(self) -> str:
        """As it is tapped."""
        return {"everyone": "Everyone", "roles": "Members with a role I name", "moderators": "Moderators only"}[
            self.value
        ]

    @property
    def posters(self) -> Posters:
        """As it is kept."""
        return Posters(self.value)


class Part(StrEnum):
    """One thing that can be chosen, by the option that says it."""

    POSTERS = "posters"
    ROLES = "roles"
    REQUIRED = "required"
    ACCOUNT_DAYS = "account_days"
    POSTS_A_DAY = "posts_a_day"
    DAYS = "days"
    CHECK_EDITS = "check_edits"
    SCREEN = "screen"
    REPORT_CHANNEL = "report_channel"
    WORDS = "words"
    REGION = "region"
    CURRENCY = "currency"
    ZONE = "zone"
    MENTION = "mention"
    EVENTS = "events"


class FileKind(StrEnum):
    """What a log is written as."""

    CSV = "csv"
    JSON = "json"


TRADE_ALSO = {"uk": "dep", "deputy": "dep", "us": "sub", "substitute": "sub"}
WHO_ALSO = {"all": "everyone", "anyone": "everyone", "members": "everyone", "mods": "moderators", "role": "roles"}

BoardHere = Annotated[
    str | None,
    Ask("In which channel shall gig cards hang?", label="Board channel", example="gigs",
        suggest="channels", max_length=100),
]  # fmt: skip
WhoPosts = Annotated[Who | None, Ask("Who may post gigs?", label="Who may post", also=WHO_ALSO)]
Roles = Annotated[
    str | None,
    Ask("Which roles, by their names?", label="Roles", example="Fixer, Bandleader", max_length=200, free=False),
]
AskedRoles = Annotated[
    str | None,
    Ask("Which roles, by their names?", label="Roles", example="Fixer, Bandleader", max_length=200, hidden=True),
]
Words = Annotated[Trade | None, Ask("Which words do you use?", label="Words", also=TRADE_ALSO)]
Region = Annotated[str | None, Ask("Where are most of your gigs?", label="Region", example="Leeds", max_length=80)]
Currency = Annotated[
    str | None, Ask("In which currency are fees?", label="Currency", example="GBP", max_length=30, free=False)
]
Clock = Annotated[Zone | None, Ask("Which city's clock do you go by?", label="Zone", example="Leeds", free=False)]

Pings = Annotated[
    bool | None,
    Ask("May a gig card mention the role of its chair, such as @Drums?", label="Mention roles", free=False),
]
Events = Annotated[
    bool | None,
    Ask("Shall filled public gigs become server events?", label="Server events", free=False),
]

Required = Annotated[
    str | None,
    Ask("What must every post say besides, or none?", label="Must say", example="kind, length, who pays",
        suggest="fields", max_length=200, free=False),
]  # fmt: skip
AccountDays = Annotated[
    int | None,
    Ask("How many days old must an account be, or 0 for any age?", label="Account age", at_least=0, at_most=3650,
        example="30", free=False),
]  # fmt: skip
PostsADay = Annotated[
    int | None,
    Ask("How many posts may one person put up in a day, or 0 for any?", label="Posts a day", at_least=0,
        at_most=100, example="3", free=False),
]  # fmt: skip
DaysUp = Annotated[
    int | None,
    Ask("How many days does a post stay up at most?", label="Days up", at_least=1, at_most=365, example="30",
        free=False),
]  # fmt: skip
CheckEdits = Annotated[bool | None, Ask("Do the rules hold for changes too?", label="Changes too", free=False)]
Screen = Annotated[
    bool | None, Ask("Shall posts be looked through for signs of fraud?", label="Fraud screen", free=False)
]
ReportsTo = Annotated[
    str | None,
    Ask("In which channel do moderators hear of reports, or none?", label="Report channel", example="mods",
        suggest="channels", max_length=100, free=False),
]  # fmt: skip
