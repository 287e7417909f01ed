"""Kinds of work, the words of an engagement, and genres, with the closed set every gig is filed under.

`Kind` is the set every gig is filed under; the table's kinds are finer, and each belongs to one of that set.
Two words of the table stand in two rows: "pit" is read as theatre and "tour" as touring. "show" is left as a live gig,
which is right for a band; a line about a theatre nearly always says more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from storage.reference.phrases import Phrases, fold, is_glued, words_of
from storage.reference.reading import Row, read
from storage.reference.sources import Confidence, Source


class Kind(StrEnum):
    """What a gig is, for lists, watches and pay."""

    SESSION = "session"
    LIVE = "live"
    FUNCTION = "function"
    THEATRE = "theatre"
    #: Orchestral concerts, opera and ballet, and scoring.
    ORCHESTRAL = "orchestral"
    TOUR = "tour"
    REMOTE = "remote"
    DEMO = "demo"
    ADVERTISING = "advertising"
    TEACHING = "teaching"
    OTHER = "other"


class WordType(StrEnum):
    """What a row explains."""

    KIND = "kind"
    ENGAGEMENT_TERM = "engagement_term"
    GENRE = "genre"


#: Which of the closed set each kind of the table is filed under. A kind that is not here has no row in the table.
KIND_OF = {
    "studio": Kind.SESSION,
    "limited_release": Kind.SESSION,
    "games": Kind.SESSION,
    "library": Kind.SESSION,
    "demo": Kind.DEMO,
    "remote": Kind.REMOTE,
    "scoring": Kind.ORCHESTRAL,
    "sideline": Kind.ORCHESTRAL,
    "orchestral": Kind.ORCHESTRAL,
    "opera_ballet": Kind.ORCHESTRAL,
    "advertising": Kind.ADVERTISING,
    "live": Kind.LIVE,
    "broadcast": Kind.LIVE,
    "residency": Kind.LIVE,
    "function": Kind.FUNCTION,
    "ceremony": Kind.FUNCTION,
    "theatre": Kind.THEATRE,
    "touring": Kind.TOUR,
    "teaching": Kind.TEACHING,
    "workshop": Kind.TEACHING,
    "md_work": Kind.OTHER,
    "music_prep": Kind.OTHER,
    "contracting": Kind.OTHER,
    "dep": Kind.OTHER,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkKind:
    """One kind of work, engagement word or genre."""

    id: str
    type: WordType
    name: str
    aliases: tuple[str, ...]
    #: Id of the wider kind; None at the top.
    parent: str | None
    #: What is usually paid for, in words ("3-hour session").
    typical_unit: str | None
    #: What to ask before saying yes, in words.
    questions_to_ask: tuple[str, ...]
    #: Id under which published pay for it is listed; None: none is.
    rates_work_kind: str | None
    #: The closed set's kind; None for engagement words and genres.
    kind: Kind | None
    source: Source
    confidence: Confidence
    notes: str | None


class FoundKind(NamedTuple):
    """A kind of work named in a line, and where: `text[start:end]`."""

    start: int
    end: int
    what: WorkKind


def from_row(row: Row) -> WorkKind:
    """One line of work_kinds.csv. Raises BadRow."""
    kind = row.choice("type", WordType)
    asked = row.maybe("questions_to_ask") or ""
    return WorkKind(
        id=row.text("id"),
        type=kind,
        name=row.text("name"),
        aliases=row.many("aliases"),
        parent=row.maybe("parent"),
        typical_unit=row.maybe("typical_unit"),
        questions_to_ask=tuple(part.strip() for part in re.split(r"[|,]", asked) if part.strip()),
        rates_work_kind=row.maybe("rates_work_kind"),
        kind=KIND_OF.get(row.id, Kind.OTHER) if kind is WordType.KIND else None,
        source=row.source_of_words(),
        confidence=row.confidence(),
        notes=row.maybe("notes"),
    )


@cache
def everything() -> tuple[WorkKind, ...]:
    """Every row, in the order of the table."""
    return tuple(from_row(row) for row in read("work_kinds"))


def of_type(type: WordType) -> tuple[WorkKind, ...]:
    """The rows of one type, in the order of the table."""
    return tuple(row for row in everything() if row.type is type)


def by_id(id: str) -> WorkKind:
    """The row a record names. Raises KeyError."""
    return _index()[id]


@cache
def _index() -> dict[str, WorkKind]:
    return {row.id: row for row in everything()}


#: Words the table leaves out, in this project's own editing: id → words parted by "|".
MORE_NAMES = {
    "studio": "studio session|recording session|session work|overdub session|studio work|in the studio",
    "remote": "remote session|remote recording|from home|home studio|online recording|record at home",
    "scoring": "film session|scoring session|film scoring|film music",
    "games": "video game|game session|game music",
    "advertising": "jingles|adverts|advertising|ads|commercials|advertisement",
    "live": "live gig|live show|gigs|concerts|festival|club gig|live work|open air",
    "function": "weddings|functions|wedding gig|wedding reception|corporate gig|corporate event|parties|private party"
    "|birthday party|function band|wedding band|hochzeit|mariage|boda|bar mitzvah|bat mitzvah|ceilidh",
    "residency": "cruise ship|residencies",
    "ceremony": "wedding ceremony|church service|funerals",
    "orchestral": "orchestral concert|symphony|symphonic|oratorio",
    "opera_ballet": "operas|ballets",
    "theatre": "theater|pit dep|pit work|musicals|panto|pantomime|west end show|pit band|pit orchestra|theatre run"
    "|musical theatre|west end|broadway",
    "touring": "tours|on tour|touring band|tour dates",
    "teaching": "lesson|teach|music lessons",
    "workshop": "workshops|masterclasses",
}
# Read by `find`, where the question was "what kind?", but in a line they are mostly something else: a church or library
# is the venue, "spot" and "slot" a place in the evening, "sub" the player.
_QUIET = frozenset(
    "ad|ads|phono|picture|interactive|campaign|spot|run|dates|cover|sub|dep|deputy|substitute|stand-in|slot|service"
    "|parts|chart|leading|copying|md|library|game|games|church|party|parties|organist|coaching|tuition|commercial"
    "|commercials|musical director|musical directors|lead sheet|dep list|symphony|live lounge|record date|from home"
    "|in the studio|registry office|booking players|teach|slots|spots|services|charts|scratch".split("|")
)
# "session drummer" says who, not what.
_PLAYER = frozenset(
    "player players musician musicians drummer drummers guitarist bassist singer vocalist pianist keyboardist keys bass"
    " guitar drums violinist cellist trumpeter saxophonist sax".split()
)
_VENUE = frozenset("royal street st road rd lane bar cafe square building".split())
# Only "I live in Leeds" is a sentence about a home; "live in the studio" is not about one either way.
_LIVING = frozenset("i we they you who people".split())


@cache
def _phrases() -> Phrases[WorkKind]:
    kinds = of_type(WordType.KIND)
    first = [("pit", by_id("theatre")), ("tour", by_id("touring")), ("show", by_id("live")), ("shows", by_id("live"))]
    named = [(alias, row) for row in kinds for alias in (row.name, row.id.replace("_", " "), *row.aliases)]
    more = [(word, by_id(id)) for id, words in MORE_NAMES.items() for word in words.split("|")]
    return Phrases([*first, *named, *more, *((f"{alias}s", row) for alias, row in named if alias[-1:].isalpha())])


def find(text: str) -> WorkKind | None:
    """The kind of work an answer names by id, name or alias, or the one kind a short answer mentions; else None."""
    known = _phrases().exact(text[:200])
    if known is not None:
        return known
    named = {one.what.id: one.what for one in scan(text[:200])}
    return next(iter(named.values())) if len(named) == 1 else None


def kind_of(text: str) -> Kind | None:
    """Which of the closed set an answer names: by its own word ("other", "session") or by any kind under it."""
    try:
        return Kind(fold(text))
    except ValueError:
        row = find(text)
        return row.kind if row else None


def scan(text: str) -> list[FoundKind]:
    """The kinds of work a line names, left to right; [] when it names none.

    A wide word is left out beside a narrower one of its own branch: "wedding gig" is a function, "remote session" is
    remote. Only the first 4096 characters are read, the longest message a platform lets through.
    """
    text = text[:4096]
    words = words_of(text)
    found = []
    for hit in _phrases().hits(text, words):
        start, end = words[hit.first].start, words[hit.last].end
        before = words[hit.first - 1].key if hit.first else ""
        after = words[hit.last + 1].key if hit.last + 1 < len(words) else ""
        key = fold(text[start:end])
        if key in _QUIET or hit.meaning.id == "dep" or is_glued(text, start, end):
            continue
        if (after in _VENUE and text[end : end + 1] == " ") or (key == "live" and before in _LIVING):
            continue
        if key in ("session", "sessions") and (after in _PLAYER or before == "jam"):
            continue
        found.append(FoundKind(start, end, hit.meaning))
    wider = {id for one in found for id in _above(one.what)}
    return [one for one in found if one.what.id not in wider]


def _above(row: WorkKind) -> set[str]:
    above = set()
    while row.parent is not None and row.parent not in above:
        above.add(row.parent)
        row = by_id(row.parent)
    return above


def rate_kinds_of(work_kind: str) -> frozenset[str]:
    """The ids under which published pay for a kind of work is listed.

    work_kind: an id of the table, or a member of `Kind`, which takes in every kind filed under it. An id that is both
        ("demo", "live") is read as the member. `Kind.OTHER` has no pay of its own.
    Raises KeyError for neither.
    """
    try:
        kind = Kind(work_kind)
    except ValueError:
        row = by_id(work_kind)
        return frozenset((row.rates_work_kind,)) if row.rates_work_kind else frozenset()
    if kind is Kind.OTHER:
        return frozenset()
    return frozenset(
        row.rates_work_kind for row in of_type(WordType.KIND) if row.kind is kind and row.rates_work_kind is not None
    )
