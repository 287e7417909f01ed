"""Typed text to a setting: quiet hours, currencies, languages, distances, links. Pure; raises Misread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time
from urllib.parse import urlsplit

from cogs.kit.faults import Misread
from cogs.kit.form import Choice

#: What empties a field.
NOTHING = frozenset({"none", "nothing", "clear", "remove", "delete", "empty", "no"})
#: What gives a choice back to the community, or to the program when the community made none.
THEIRS = frozenset({"community", "the community's", "default", "usual", "same as the community", "reset"})

#: The same clock twice means that no hours are quiet (`bot.desk.quiet`).
NEVER_QUIET = (time(0), time(0))
_OFF = frozenset({"off", "none", "never", "no", "nothing", "always on", "no quiet hours"})
_CLOCK = re.compile(r"(?P<h>\d{1,2})(?:[:.h]?(?P<m>\d{2}))?\s*(?P<half>am|pm|a\.m\.|p\.m\.)?")
_TO = re.compile(r"\s*(?:-|–|—|−|\bto\b|\buntil\b|\btill\b|\btil\b)\s*")
#: Longer than this and "10-8" was perhaps meant as ten in the evening.
_LONGEST_NIGHT_HOURS = 14
_QUIET_EXAMPLE = "22-8, or off"

_LOCALE_WORDS = {
    "english": "en-GB",
    "uk": "en-GB",
    "british": "en-GB",
    "british english": "en-GB",
    "us": "en-US",
    "american": "en-US",
    "american english": "en-US",
    "australian": "en-AU",
    "canadian": "en-CA",
    "irish": "en-IE",
    "german": "de-DE",
    "deutsch": "de-DE",
    "austrian": "de-AT",
    "swiss": "de-CH",
    "french": "fr-FR",
    "francais": "fr-FR",
    "français": "fr-FR",
    "spanish": "es-ES",
    "espanol": "es-ES",
    "español": "es-ES",
    "italian": "it-IT",
    "italiano": "it-IT",
    "dutch": "nl-NL",
    "nederlands": "nl-NL",
    "portuguese": "pt-PT",
    "brazilian": "pt-BR",
    "swedish": "sv-SE",
    "danish": "da-DK",
    "norwegian": "nb-NO",
    "polish": "pl-PL",
    "japanese": "ja-JP",
}
_TAG = re.compile(r"[a-z]{2,3}(?:[-_][a-z]{4})?(?:[-_](?:[a-z]{2}|\d{3}))?", re.IGNORECASE)

#: International mile, exactly (International yard and pound agreement, 1959).
KM_PER_MILE = 1.609344
_RADIUS = re.compile(r"(?:up to |within )?(\d{1,5})\s*(km|kms|kilomet(?:re|er)s?|mi|mile|miles|m)?", re.IGNORECASE)
_FARTHEST_KM = 20_000

MOST_LINKS = 6
_LINK = re.compile(r"(?:https?://)?[^\s/@:.]+(?:\.[^\s/@:.]+)+(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)


@contextmanager
def typed_into(field: str) -> Iterator[None]:
    """Whatever is misread in here was typed into this field, which is then asked again."""
    try:
        yield
    except Misread as fault:
        fault.field = field
        raise


def is_nothing(text: str) -> bool:
    """Whether somebody wants a field emptied."""
    return text.strip().casefold() in NOTHING


def is_theirs(text: str) -> bool:
    """Whether somebody wants to follow the community again."""
    return text.strip().casefold().replace("’", "'") in THEIRS


def read_quiet(start: str, end: str | None = None) -> tuple[time, time]:
    """Wall clock from and to: ("22-8", None), ("10pm", "8am"), ("off", None). The same clock twice means never.

    Raises Misread; on the field "to" when only the beginning was said.
    """
    said = " ".join(start.casefold().split()).removeprefix("from ").removeprefix("between ")
    if said in _OFF:
        return NEVER_QUIET
    parts, last = _TO.split(re.sub(r"\band\b", "-", said)), "to"
    if len(parts) == 2:  # a range said at once stands above an end that an older form still holds
        (said, end), last = parts, "from"
    elif len(parts) > 2:
        raise _unread_quiet(start, "from")
    begins, unclear = _clock(said, "from")
    if end is None:
        raise Misread(f"Quiet from {begins:%H:%M}. The end is missing.", example="8 or 8:00", field="to")
    ends, _ = _clock(" ".join(end.casefold().split()), last)
    hours = (ends.hour - begins.hour + (ends.minute - begins.minute) / 60) % 24
    if unclear and hours > _LONGEST_NIGHT_HOURS:
        evening = begins.replace(hour=(begins.hour + 12) % 24)
        raise Misread(
            "Do they begin in the evening or in the morning?",
            choices=tuple(
                Choice(hours_text(first, ends), f"{first:%H:%M}-{ends:%H:%M}") for first in (evening, begins)
            ),
            field="from",
        )
    return begins, ends


def _clock(said: str, field: str) -> tuple[time, bool]:
    """A wall clock, and whether it may as well be meant twelve hours later. field: where it was typed."""
    if said in ("midnight", "12 midnight", "24", "24:00"):
        return time(0), False
    if said in ("noon", "midday", "12 noon"):
        return time(12), False
    match = _CLOCK.fullmatch(said) if said.isascii() else None
    if match is None:
        raise _unread_quiet(said, field)
    hour, minute = int(match["h"]), int(match["m"] or 0)
    half = (match["half"] or "").replace(".", "")
    if minute > 59 or hour > (12 if half else 23) or (half and hour == 0):
        raise Misread(f"No clock shows “{_short(said)}”.", example=_QUIET_EXAMPLE, field=field)
    if half:
        return time(hour % 12 + (12 if half == "pm" else 0), minute), False
    # "08:00" is written by people who count to 24, and so is a nought at midnight.
    return time(hour, minute), 1 <= hour <= 12 and not match["h"].startswith("0")


def _unread_quiet(said: str, field: str) -> Misread:
    return Misread(f"I could not read “{_short(said)}” as quiet hours.", example=_QUIET_EXAMPLE, field=field)


def hours_text(start: time, end: time) -> str:
    """ "22:00 to 08:00", or "off"."""
    return "off" if start == end else f"{start:%H:%M} to {end:%H:%M}"


def read_locale(text: str) -> str:
    """A language tag for a tag or a language's name: "en-GB", "de_AT", "German". Raises Misread.

    Known are the languages and regions of the Unicode CLDR, as Babel ships it.
    """
    from babel import Locale, UnknownLocaleError  # 40 ms, and wanted by few

    said = " ".join(text.split())
    tag = _LOCALE_WORDS.get(said.casefold(), said)
    if _TAG.fullmatch(tag):
        try:
            known = Locale.parse(tag.replace("_", "-"), sep="-")
        except (UnknownLocaleError, ValueError):
            pass
        else:
            return "-".join(part for part in (known.language, known.script, known.territory) if part)
    raise Misread(f"I know no way of writing called “{_short(said)}”.", example="British, American, German or fr-CA")


def locale_name(tag: str) -> str:
    """The name of a language tag in English: "British English"; the tag itself when it is not known."""
    from babel import Locale, UnknownLocaleError  # see `read_locale`

    try:
        return str(Locale.parse(tag.replace("_", "-"), sep="-").get_display_name("en_GB") or tag)
    except (UnknownLocaleError, ValueError):
        return tag


def read_radius(text: str, *, miles: bool) -> int:
    """Whole kilometres in "30 miles", "50 km" or a bare number, which counts miles if `miles`. Raises Misread."""
    match = _RADIUS.fullmatch(" ".join(text.split()))
    if match is None or not text.isascii():
        raise Misread(f"I could not read “{_short(text)}” as a distance.", example="30 miles or 50 km")
    unit = (match[2] or "").casefold()
    in_miles = miles if not unit else unit.startswith("m")
    km = round(int(match[1]) * KM_PER_MILE) if in_miles else int(match[1])
    if km > _FARTHEST_KM:
        raise Misread(f"{_short(text)} goes round the world. Check the noughts.", example="30 miles or 50 km")
    return km


def radius_text(km: int) -> str:
    """ "48 km (30 miles)"."""
    miles = round(km / KM_PER_MILE)
    return f"{km} km ({miles} mile{'' if miles == 1 else 's'})"


def read_links(text: str) -> tuple[str, ...]:
    """Web addresses, separated by blanks or commas; "www." and bare names get https. Raises Misread."""
    found = []
    for word in re.split(r"[\s,;]+", text.strip()):
        if not word:
            continue
        if not _LINK.fullmatch(word) or len(word) > 150:
            raise Misread(f"“{_short(word)}” is not a web address.", example="https://bob.example/reel")
        url = word if "://" in word else f"https://{word}"
        try:
            host = urlsplit(url).hostname
        except ValueError:
            host = None
        if not host or url.split("://", 1)[0].casefold() not in ("http", "https"):
            raise Misread(f"“{_short(word)}” is not a web address.", example="https://bob.example/reel")
        scheme, rest = url.split("://", 1)
        found.append(f"{scheme.casefold()}://{rest}")
    links = tuple(dict.fromkeys(found))
    if not links:
        raise Misread("Nothing was written there.", example="https://bob.example/reel")
    if len(links) > MOST_LINKS:
        raise Misread(f"That is {len(links)} links; {MOST_LINKS} at most fit.")
    return links


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
