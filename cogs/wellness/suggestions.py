"""Small things to do in a break: for hands, shoulders, jaw and breath, ears, eyes, water, air, by what somebody plays.

Each is two lines at most, the second its source. They say what is pleasant and usual, never what ails or cures anybody.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from cogs.kit.words import Line, Web, line
from storage.records.wellness import BreakMode
from storage.reference import instruments, wellness
from storage.reference.instruments import Family


class Part(StrEnum):
    """What a suggestion is for."""

    HANDS = "hands"
    SHOULDERS = "shoulders"
    JAW = "jaw"
    BREATH = "breath"
    EARS = "ears"
    EYES = "eyes"
    WATER = "water"
    AIR = "air"


@dataclass(frozen=True, slots=True)
class Source:
    """Who says so. url: where it was read."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing to do. families: for whose instruments; empty: for everybody. desk: also away from an instrument."""

    part: Part
    text: str
    source: Source
    families: frozenset[Family] = frozenset()
    desk: bool = True


def _row(row_id: str) -> Source:
    """The source of a row of wellness.csv."""
    row = wellness.by_id(row_id)
    assert row.source.url is not None
    return Source(row.authority, row.source.url)


# Pages beyond wellness.csv, read in November 2026; said here in our own words.
#: Janet Horvath, "Keep moving": let the arms hang, roll the shoulders, free thumbs and fingers.
_HORVATH = Source("Playing (Less) Hurt", "http://playinglesshurt.blogspot.com/2010/04/keep-moving-daily-tips-1.html")
#: Bill Plake on the Alexander Technique: neither hold the breath nor clench the jaw nor lift the shoulders.
_PLAKE = Source("Bill Plake, Alexander teacher", "https://billplakemusic.org/2011/07/page/5")
#: Water before, during and after a performance; singers above all.
_WATER = Source("Wise Musician", "https://www.wisemusician.com/hydration/hydration/")
_CHORUS = Source("Chorus America", "https://chorusamerica.org/singers/keeping-singers-well-hydration")
#: A stuffy room wants fresh air; singing and playing groups: windows and doors at opposite ends.
_AIR = Source("HSE", "https://hse.gov.uk/ventilation/examples-of-improving-ventilation.htm")
_MAKING_MUSIC = Source(
    "Making Music", "https://makingmusic.org.uk/faq/covidrisk-assessmentpriority-actionsevent/3-provide-adequate-ventilation"
)  # fmt: skip

_STRINGS = frozenset({Family.STRINGS, Family.GUITAR, Family.BASS})
_FINGERS = _STRINGS | {Family.KEYBOARDS, Family.WOODWIND, Family.ELECTRONIC}
_BLOWN = frozenset({Family.WOODWIND, Family.BRASS})
_BREATHED = _BLOWN | {Family.VOICE}
_LOUD = frozenset({Family.PERCUSSION, Family.BRASS, Family.GUITAR, Family.BASS, Family.ELECTRONIC})

_GUIDES = {
    "bapam": _row("bapam-break"), "warmup": _row("bapam-warmup"), "nasm": _row("nasm-breaks"), "low": _row("niosh-low"),
    "quiet": _row("niosh-rest"), "protect": _row("niosh-protect"), "eyes": _row("eyes-202020"),
}  # fmt: skip

SUGGESTIONS = (
    Suggestion(Part.HANDS, "Put the instrument down and let both arms hang for a while.", _HORVATH, desk=False),
    Suggestion(
        Part.HANDS, "Open your hands, let go of thumbs and fingers, make slow circles with the wrists.", _HORVATH
    ),
    Suggestion(
        Part.HANDS, "Hands off the strings: shake them out and let them lie open.", _HORVATH, _STRINGS, desk=False
    ),
    Suggestion(
        Part.HANDS, "Hands off the keys: let both arms uncurl and hang.", _HORVATH, _FINGERS - _STRINGS, desk=False
    ),
    Suggestion(
        Part.HANDS,
        "Lay the sticks down, and shake thumbs and fingers loose.",
        _HORVATH,
        frozenset({Family.PERCUSSION}),
        desk=False,
    ),
    Suggestion(
        Part.HANDS,
        "Leave the hard passage alone for these minutes: rest is part of practice.",
        _GUIDES["nasm"],
        desk=False,
    ),
    Suggestion(Part.SHOULDERS, "Roll your shoulders a few times, then let them drop.", _HORVATH),
    Suggestion(
        Part.SHOULDERS,
        "Chin free of the instrument: look slowly left, then right.",
        _HORVATH,
        frozenset({Family.STRINGS}),
        desk=False,
    ),
    Suggestion(
        Part.SHOULDERS,
        "Strap off. Move your feet, and change how you stand.",
        _HORVATH,
        frozenset({Family.GUITAR, Family.BASS, Family.WOODWIND}),
        desk=False,
    ),
    Suggestion(Part.SHOULDERS, "Stand up, press your shoulder blades together once, and walk a few steps.", _HORVATH),
    Suggestion(
        Part.SHOULDERS, "Five minutes every half hour is the rule: take all five, off the chair.", _GUIDES["bapam"]
    ),
    Suggestion(Part.JAW, "Let your jaw hang loose for a moment, nothing held.", _PLAKE, _BLOWN, desk=False),
    Suggestion(Part.JAW, "Unclench your teeth, and let your neck go with them.", _PLAKE),
    Suggestion(
        Part.BREATH, "Breathe out slowly and wait for the next breath to come by itself.", _PLAKE, _BREATHED, desk=False
    ),
    Suggestion(Part.BREATH, "Notice whether you hold your breath in the hard bars. For now, do not.", _PLAKE),
    Suggestion(
        Part.BREATH,
        "No notes, no talking: give your voice the whole break.",
        _CHORUS,
        frozenset({Family.VOICE}),
        desk=False,
    ),
    Suggestion(Part.EARS, "Spend this break where it is quiet, away from the monitors.", _GUIDES["quiet"], desk=False),
    Suggestion(
        Part.EARS,
        "Could the next stretch be a notch quieter? Your ears would not mind.",
        _GUIDES["low"],
        _LOUD,
        desk=False,
    ),
    Suggestion(
        Part.EARS,
        "Are your plugs in the case? The next set is a good moment to have them in.",
        _GUIDES["protect"],
        _LOUD,
        desk=False,
    ),
    Suggestion(
        Part.EARS,
        "Headphones off until the break is over.",
        _GUIDES["low"],
        frozenset({Family.ELECTRONIC, Family.PRODUCTION_ROLE}),
    ),
    Suggestion(Part.EYES, "Look at something far away, 20 feet or more, for 20 seconds.", _GUIDES["eyes"]),
    Suggestion(Part.EYES, "Eyes off the page and the screen: find the farthest thing you can see.", _GUIDES["eyes"]),
    Suggestion(Part.WATER, "A glass of water, now rather than after the session.", _WATER),
    Suggestion(Part.WATER, "Fill the bottle and keep it by the stand.", _WATER, desk=False),
    Suggestion(
        Part.WATER, "Small sips of water: your voice has been working.", _CHORUS, frozenset({Family.VOICE}), desk=False
    ),
    Suggestion(Part.AIR, "Open a window, or step outside the door.", _AIR),
    Suggestion(Part.AIR, "Doors at both ends open for five minutes make the room new.", _MAKING_MUSIC, desk=False),
)


def families_of(roles: Collection[str]) -> frozenset[Family]:
    """The families of what somebody plays, by the ids of their roles; ids nobody knows are left out."""
    found = set()
    for role in roles:
        try:
            found.add(instruments.chair(role).family)
        except KeyError:
            continue
    return frozenset(found)


def fitting(families: Collection[Family], mode: BreakMode) -> tuple[Suggestion, ...]:
    """What suits those instruments and that work, in the order of the list."""
    return tuple(
        one
        for one in SUGGESTIONS
        if (not one.families or one.families & set(families)) and (one.desk or mode is not BreakMode.DESK)
    )


def suggestion(families: Collection[Family], mode: BreakMode, person: int, number: int) -> Suggestion:
    """The suggestion for a person's break with that number.

    All that fit come once before any comes again, in an order of the person's own, and never two of one part in a row
    while there is another.
    """
    found = list(fitting(families, mode))
    round_, place = divmod(max(0, number), len(found))
    order = Random(f"{person}:{round_}")
    order.shuffle(found)
    mixed: list[Suggestion] = []
    while found:
        last = mixed[-1].part if mixed else None
        # The part with most left goes first where two would meet at the end.
        left = {part: sum(one.part is part for one in found) for part in Part}
        others = [one for one in found if one.part is not last] or found
        best = max(others, key=lambda one: left[one.part] * 2 > len(found))
        mixed.append(best)
        found.remove(best)
    return mixed[place]


def lines_of(one: Suggestion) -> tuple[Line, Line]:
    """The suggestion, and who says so."""
    return line(one.text), line("Source: ", Web(one.source.name, one.source.url))
