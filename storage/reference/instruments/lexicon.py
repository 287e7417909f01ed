"""Every phrase that can name a chair, each with one meaning: an instrument, a doubt, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from storage.reference.instruments.rows import Instrument, by_id, everything
from storage.reference.instruments.words import (
    DOUBTS,
    MORE_NAMES,
    NOT_CHAIRS,
    NUMBERED,
    QUIET,
    SHORT_AND_PLAIN,
    WEAK,
    Doubt,
)
from storage.reference.phrases import Phrases, fold

#: None: the phrase is known and names no chair.
Meaning = Instrument | Doubt | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase and how readily a line is believed to mean it."""

    meaning: Meaning
    #: Never taken from a line.
    quiet: bool
    #: Taken from a line only beside a sign that a chair is meant.
    weak: bool


def _plurals(phrase: str) -> Iterator[str]:
    """Regular English plurals: of the last word, which is enough for "tenor saxes" and "bass trombones"."""
    if len(phrase) < 3 or phrase[-1] in "s.&" or not phrase[-1].isalpha():
        return
    yield phrase + ("es" if phrase.endswith(("x", "ch", "sh")) else "s")
    if phrase.endswith("o"):
        yield phrase + "es"
    if phrase.endswith("man"):
        yield phrase[:-3] + "men"


def names_of(row: Instrument) -> Iterator[str]:
    """Everything one row is called, likeliest names first, as written."""
    yield row.name
    yield row.id.replace("-", " ")
    yield from row.name.split(" / ")
    yield from row.aliases
    yield from (word for _, word in row.other_names)
    yield from MORE_NAMES.get(row.id, "").split("|")
    if row.abbr:
        yield row.abbr
    # "S|A|T|B" for a choir is a list of letters, not a name.
    if row.score_abbr and "|" not in row.score_abbr:
        yield row.score_abbr


def _entry(phrase: str, meaning: Meaning) -> Entry:
    key = fold(phrase)
    short = len(key) <= 3 and key not in SHORT_AND_PLAIN
    role = isinstance(meaning, Instrument) and meaning.type in ("role", "ensemble") and " " not in key
    return Entry(meaning, key in QUIET, short or role or key in WEAK)


def _spellings(name: str) -> Iterator[str]:
    yield name
    if "ö" in name or "ä" in name or "ü" in name:
        yield name.replace("ö", "oe").replace("ä", "ae").replace("ü", "ue")
    if "-" in name:
        yield name.replace("-", "")


@cache
def lexicon() -> Phrases[Entry]:
    """All phrases, doubts before the rows that claim the same word, singular before plural."""
    entries = [(word, _entry(word, doubt)) for word, doubt in DOUBTS.items()]
    entries += [(phrase, _entry(phrase, None)) for phrase in sorted(NOT_CHAIRS)]
    named = [(spelling, row) for row in everything() for name in names_of(row) if name for spelling in _spellings(name)]
    entries += [(name, _entry(name, row)) for name, row in named]
    for name, row in named:
        entry = _entry(name, row)
        entries += [
            (plural, Entry(row, entry.quiet or fold(plural) in QUIET, entry.weak or fold(plural) in WEAK))
            for plural in _plurals(name)
        ]
    known = dict(entries)
    for stem in NUMBERED.split("|"):
        # A number says that a chair is meant, however everyday the word is.
        entries += [(f"{stem}{number}", Entry(known[stem].meaning, False, False)) for number in range(1, 7)]
    return Phrases(entries)


def rows_of(doubt: Doubt) -> tuple[Instrument, ...]:
    """The choices of a doubt as rows."""
    return tuple(by_id(id) for id in doubt.choices)
