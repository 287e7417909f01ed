"""The closed sets that settings are chosen from, as they are asked for and tapped."""

from __future__ import annotations

from enum import StrEnum

from storage.records.people import Topic


class WhichWords(StrEnum):
    """Whose trade words are shown."""

    UK = "uk"
    US = "us"
    COMMUNITY = "community"

    @property
    def label(self) -> str:
        """With a few of them, which says more than a country."""
        return {"uk": "UK: dep, fixer, pencil", "us": "US: sub, contractor, hold", "community": "My community's"}[self]


class WhichClock(StrEnum):
    """How somebody writes hours."""

    TWELVE = "12"
    TWENTY_FOUR = "24"
    ASK = "ask"

    @property
    def label(self) -> str:
        """With the same evening in both."""
        return {"12": "12 hours: 7:30 pm", "24": "24 hours: 19:30", "ask": "Ask me each time"}[self]


class Kinds(StrEnum):
    """Kinds of messages, and all of them at once."""

    OFFERS = "offers"
    GIGS = "gigs"
    INVOICES = "invoices"
    BREAKS = "breaks"
    DIGESTS = "digests"
    REMINDERS = "reminders"
    ALL = "all"

    @property
    def label(self) -> str:
        """As on the panel."""
        return "All of them" if self is Kinds.ALL else self.value.capitalize()

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The kinds meant."""
        return tuple(Topic) if self is Kinds.ALL else (Topic(self.value),)


class WhereTo(StrEnum):
    """Where messages of a kind go."""

    DM = "dm"
    DISCORD = "discord"
    TELEGRAM = "telegram"
    CONSOLE = "console"
    OFF = "off"

    @property
    def label(self) -> str:
        """As it is tapped."""
        return {
            "dm": "Wherever I last wrote",
            "discord": "Discord",
            "telegram": "Telegram",
            "console": "Console",
            "off": "Off",
        }[self]


class SeenBy(StrEnum):
    """Who may see a profile and find its owner by it."""

    COMMUNITY = "community"
    CONTACTS = "contacts"
    NOBODY = "nobody"

    @property
    def label(self) -> str:
        """As it is tapped."""
        return {
            "community": "Everybody in my communities",
            "contacts": "People I have worked with",
            "nobody": "Nobody",
        }[self]


#: Other words for the choices above, as people type them.
WORDS_ALSO = {
    "british": "uk",
    "english": "uk",
    "gb": "uk",
    "dep": "uk",
    "american": "us",
    "usa": "us",
    "sub": "us",
    "theirs": "community",
    "default": "community",
}
CLOCK_ALSO = {
    "12h": "12",
    "12 hour": "12",
    "12 hours": "12",
    "am pm": "12",
    "ampm": "12",
    "24h": "24",
    "24 hour": "24",
    "24 hours": "24",
    "military": "24",
    "either": "ask",
    "default": "ask",
}
KINDS_ALSO = {
    "everything": "all",
    "offer": "offers",
    "gig": "gigs",
    "watches": "gigs",
    "invoice": "invoices",
    "break": "breaks",
    "digest": "digests",
    "reminder": "reminders",
}
WHERE_ALSO = {
    "here": "dm",
    "on": "dm",
    "default": "dm",
    "private": "dm",
    "stop": "off",
    "none": "off",
    "mute": "off",
    "nowhere": "off",
}
SEEN_ALSO = {
    "everyone": "community",
    "everybody": "community",
    "public": "community",
    "communities": "community",
    "worked with": "contacts",
    "private": "nobody",
    "hidden": "nobody",
    "no one": "nobody",
    "noone": "nobody",
}
