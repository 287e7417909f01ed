"""What is true of settings: how each is undone, whose choice is shown, who may see a profile. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from zoneinfo import available_timezones

from storage.records.money import CURRENCIES
from storage.records.people import Person, Topic, Visibility, Words

#: What kinds of messages are called.
TOPICS = {
    Topic.OFFERS: "Offers",
    Topic.GIGS: "Gigs",
    Topic.INVOICES: "Invoices",
    Topic.BREAKS: "Breaks",
    Topic.DIGESTS: "Digests",
    Topic.REMINDERS: "Reminders",
}


class Setting(StrEnum):
    """One thing on the panel that is set and undone by itself."""

    ZONE = "zone"
    CURRENCY = "currency"
    LOCALE = "locale"
    WORDS = "words"
    CLOCK = "clock"
    QUIET = "quiet"
    UNPAID = "unpaid"
    PLAIN = "plain"

    @property
    def label(self) -> str:
        """What it is called on the panel and on undo buttons."""
        return _LABELS[self]


_LABELS = {
    Setting.ZONE: "Your time",
    Setting.CURRENCY: "Currency",
    Setting.LOCALE: "Numbers and dates",
    Setting.WORDS: "Trade words",
    Setting.CLOCK: "Clock",
    Setting.QUIET: "Quiet hours",
    Setting.UNPAID: "Unpaid gigs",
    Setting.PLAIN: "Plain text",
}

#: The fields of a person that one profile change may touch, beside the roles.
PROFILE_FIELDS = ("region", "radius_km", "styles", "links", "union", "visibility")


class NotASetting(ValueError):
    """A value that this setting never had: an id made up by somebody."""


def undo_text(person: Person, setting: Setting) -> str:
    """The setting's present value, short enough for an action id; "" for never set."""
    match setting:
        case Setting.ZONE:
            return person.zone or ""
        case Setting.CURRENCY:
            return person.currency or ""
        case Setting.LOCALE:
            return person.locale or ""
        case Setting.WORDS:
            return person.words.value if person.words else ""
        case Setting.CLOCK:
            return str(person.clock or "")
        case Setting.QUIET:
            return f"{person.quiet_from:%H%M}-{person.quiet_to:%H%M}"
        case Setting.UNPAID:
            return "1" if person.takes_unpaid else "0"
        case Setting.PLAIN:
            return "1" if person.plain_text else "0"


def undone(setting: Setting, text: str) -> dict[str, object]:
    """The fields of a person that `undo_text` wrote down. Raises NotASetting: anybody may send any id."""
    try:
        return _undone(setting, text)
    except (KeyError, ValueError) as error:
        raise NotASetting(text) from error


def _undone(setting: Setting, text: str) -> dict[str, object]:
    match setting:
        case Setting.ZONE:
            return {"zone": _one_of(text, available_timezones())}
        case Setting.CURRENCY:
            return {"currency": _one_of(text, CURRENCIES)}
        case Setting.LOCALE:
            if len(text) > 15 or (not text.replace("-", "").isalnum() and text):
                raise ValueError(text)
            return {"locale": text or None}
        case Setting.WORDS:
            return {"words": Words(text) if text else None}
        case Setting.CLOCK:
            return {"clock": {"": None, "12": 12, "24": 24}[text]}
        case Setting.QUIET:
            start, end = text.split("-")
            return {"quiet_from": _clock(start), "quiet_to": _clock(end)}
        case Setting.UNPAID:
            return {"takes_unpaid": {"0": False, "1": True}[text]}
        case Setting.PLAIN:
            return {"plain_text": {"0": False, "1": True}[text]}


def _one_of(text: str, known: Collection[str]) -> str | None:
    if text and text not in known:
        raise ValueError(text)
    return text or None


def _clock(text: str) -> time:
    if len(text) != 4 or not text.isascii() or not text.isdigit():
        raise ValueError(text)
    return time(int(text[:2]), int(text[2:]))


def typed(person: Person, setting: Setting) -> dict[str, str]:
    """What is set already, as it would be typed into the setting's form; nothing for what was never set."""
    if setting is Setting.QUIET:
        if person.quiet_from == person.quiet_to:
            return {"from": "off"}
        return {"from": f"{person.quiet_from:%H:%M}", "to": f"{person.quiet_to:%H:%M}"}
    if setting in (Setting.UNPAID, Setting.PLAIN):
        return {}
    text = undo_text(person, setting)
    return {setting.value: text} if text else {}


class Whose(StrEnum):
    """Where a value that is in force comes from."""

    OWN = "yours"
    COMMUNITY = "this community's"
    APP = "as your app is set"
    PROGRAM = "the usual"


def whose(own: object, of_community: object, shown: object, usual: object) -> Whose:
    """Whose choice `shown` is, for a person with `own` in a community with `of_community` (None: none made)."""
    if own is not None:
        return Whose.OWN
    if of_community is not None and of_community == shown:
        return Whose.COMMUNITY
    return Whose.PROGRAM if shown == usual else Whose.APP


# --- where messages go ------------------------------------------------------------------------------------------------

#: The switch that names where a kind of message goes, and the one that lets it through at night (bot.desk.parcels).
NOTIFY, NIGHT = "notify.", "night."


_PLACES = {"dm": "m", "off": "o", "discord": "d", "telegram": "t", "console": "c"}
_LETTERS = {letter: place for place, letter in _PLACES.items()}


@dataclass(frozen=True, slots=True)
class Route:
    """Where one kind of message goes.

    where: "dm" for whichever platform they were seen on last, a platform, or "off". night: also in quiet hours.
    """

    where: str = "dm"
    night: bool = False

    @property
    def text(self) -> str:
        """Two letters, for an action id."""
        return _PLACES[self.where] + ("n" if self.night else "d")

    @classmethod
    def of_text(cls, text: str) -> Route:
        """What `text` wrote. Raises NotASetting."""
        if len(text) != 2 or text[0] not in _LETTERS or text[1] not in "nd":
            raise NotASetting(text)
        return cls(_LETTERS[text[0]], text[1] == "n")


def routes_text(chosen: Mapping[Topic, Route]) -> str:
    """Every kind's route, two letters each, in the order of the kinds."""
    return "".join(chosen[topic].text for topic in Topic)


def routes_of(text: str) -> dict[Topic, Route]:
    """What `routes_text` wrote. Raises NotASetting."""
    if len(text) != 2 * len(Topic):
        raise NotASetting(text)
    return {topic: Route.of_text(text[2 * at : 2 * at + 2]) for at, topic in enumerate(Topic)}


def routes(switches: Mapping[str, str]) -> dict[Topic, Route]:
    """Where every kind of message goes, by a person's switches."""
    return {topic: Route(switches.get(NOTIFY + topic, "dm"), switches.get(NIGHT + topic) == "on") for topic in Topic}


# --- profiles ---------------------------------------------------------------------------------------------------------


def profile_text(person: Person, number: int) -> str:
    """The profile as it is now, to be kept until the next change. number: says which change it came before."""
    kept = {name: getattr(person, name) for name in PROFILE_FIELDS}
    return json.dumps({"n": number, "roles": person.roles, "doubles": person.doubles, **kept}, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Before:
    """A profile before a change: the fields of the person, and what they played."""

    number: int
    roles: tuple[str, ...]
    doubles: tuple[str, ...]
    fields: dict[str, object]


def profile_before(text: str | None) -> Before | None:
    """What `profile_text` wrote; None when nothing is kept."""
    if text is None:
        return None
    kept = json.loads(text)
    fields = {name: kept[name] for name in PROFILE_FIELDS}
    fields["visibility"] = Visibility(kept["visibility"])
    return Before(int(kept["n"]), tuple(kept["roles"]), tuple(kept["doubles"]), fields)


def says_something(person: Person) -> bool:
    """Whether there is a profile at all: an empty one is answered like one that may not be seen."""
    return bool(person.roles or person.doubles or person.region or person.styles or person.links or person.union)


def may_see(person: Person, *, same_community: bool, contacts: bool) -> bool:
    """Whether somebody else may see this profile. contacts: the two have worked together through First Call."""
    match person.visibility:
        case Visibility.COMMUNITY:
            return same_community
        case Visibility.CONTACTS:
            return contacts
        case Visibility.NOBODY:
            return False


def counts_in_miles(locale: str, country: str | None, zone: str | None) -> bool:
    """Whether a bare distance is miles to this person: they are where road signs show miles.

    A zone that lies elsewhere speaks against a locale, which is often only what the program was set to.
    """
    place = country or locale.replace("_", "-").rpartition("-")[2].upper()
    elsewhere = zone is not None and zone != "Europe/London" and not zone.startswith("America/")
    return place in ("GB", "US") and not elsewhere
