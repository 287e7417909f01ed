"""Which chair somebody means: instruments, voices, sections and roles by any name musicians use.

`find` reads an answer to "which instrument?", `scan` reads a whole line, `suggest` fills a list while somebody types.
A word that musicians use for two chairs comes back as an `Ambiguous` with its question unless the context settles it,
because a wrong guess costs somebody a gig and a question costs one tap. So "bass" alone asks; "bass" in a function line
is bass guitar, in an orchestral one double bass. "guitar" is a chair of its own and is not asked about: the table does
not call it ambiguous, and a bandleader who says "guitar" usually means a player who brings what the set needs.
"""

from __future__ import annotations

from functools import cache

from storage.reference.instruments.cues import cues_in, settle
from storage.reference.instruments.lexicon import Entry, lexicon, names_of
from storage.reference.instruments.lines import Found, scan
from storage.reference.instruments.open_chairs import alike, chair, open_chair
from storage.reference.instruments.rows import (
    Ambiguous,
    Family,
    Instrument,
    InstrumentType,
    by_id,
    everything,
)
from storage.reference.instruments.words import POPULAR, Doubt
from storage.reference.phrases import fold, words_of

__all__ = [
    "Ambiguous",
    "Family",
    "Found",
    "Instrument",
    "InstrumentType",
    "alike",
    "by_id",
    "chair",
    "everything",
    "find",
    "open_chair",
    "scan",
    "suggest",
]

#: Words around a chair that do not change which chair it is.
_AROUND = frozenset(
    "a an the dep deps deputy depping sub subs substitute needed wanted required player players chair chairs seat seats"
    " please pls asap urgent urgently need needs looking for find book booked principal co assistant lead solo session"
    " 1st 2nd 3rd 4th first second third fourth 1 2 3 4 i ii iii iv x good pro professional freelance male female me"
    " position part role on plays play any who".split()
)
#: The longest answer that is looked at; a chair's name is far shorter.
_LONGEST = 200


def find(text: str, *, context: str = "") -> Instrument | Ambiguous | None:
    """The chair an answer names, or the question that settles it, or None when it names none or several.

    text: an id, a name, an abbreviation, a plural, a player ("drummer"), in English or one of the table's languages,
        with words such as "dep", "2nd" or "needed" around it.
    context: the rest of what is known about the job ("function, Leeds"); it may settle a word with two meanings.
    """
    text = text[:_LONGEST]
    words = words_of(text)
    known = lexicon()
    # The whole answer first: "lead vocal" must not lose its "lead".
    first, last = 0, len(words)
    while first < last:
        piece = text[words[first].start : words[last - 1].end]
        entry = known.exact(piece)
        if entry is not None:
            return _meant(entry, piece, f"{text} {context}")
        if words[last - 1].key in _AROUND:
            last -= 1
        elif words[first].key in _AROUND:
            first += 1
        else:
            break
    named = scan(text)
    if len({one.what.id if isinstance(one.what, Instrument) else one.what.text for one in named}) != 1:
        return None
    only = named[0]
    if isinstance(only.what, Ambiguous) and context:
        entry = known.exact(only.what.text)
        return _meant(entry, only.what.text, f"{text} {context}") if entry else only.what
    return only.what


def _meant(entry: Entry, piece: str, line: str) -> Instrument | Ambiguous | None:
    if not isinstance(entry.meaning, Doubt):
        return entry.meaning
    others = [one.what for one in scan(line) if isinstance(one.what, Instrument)]
    # The word itself may have been settled by the line; it must not then vouch for itself.
    others = [row for row in others if row.id not in entry.meaning.choices]
    return settle(piece, entry.meaning, cues_in(line, others))


@cache
def _names() -> tuple[tuple[str, Instrument], ...]:
    return tuple((fold(name), row) for row in everything() for name in names_of(row) if name)


def suggest(prefix: str, limit: int = 25) -> tuple[Instrument, ...]:
    """Chairs to offer while somebody types, best first, each once; the usual ones for an empty prefix.

    What starts a name comes before what starts a later word; when nothing does, close spellings are offered.
    limit: 25 is the most Discord shows (application command option choices).
    """
    typed = fold(prefix[:_LONGEST])
    if limit <= 0:
        return ()
    if not typed:
        return tuple(by_id(id) for id in POPULAR[:limit])
    best: dict[str, tuple[int, int]] = {}
    for name, row in _names():
        if name == typed:
            rank = 0
        elif name.startswith(typed):
            rank = 1 if name == fold(row.name) else 2
        elif f" {typed}" in name:
            rank = 3
        else:
            continue
        usual = POPULAR.index(row.id) if row.id in POPULAR else len(POPULAR)
        best[row.id] = min(best.get(row.id, (9, 99)), (rank, usual))
    doubt = lexicon().exact(typed)
    if doubt is not None and isinstance(doubt.meaning, Doubt):
        best.update({id: (0, at) for at, id in enumerate(doubt.meaning.choices)})
    if not best:
        return _close_to(typed, limit)
    return tuple(by_id(id) for id in sorted(best, key=lambda id: best[id])[:limit])


def _close_to(typed: str, limit: int) -> tuple[Instrument, ...]:
    from difflib import get_close_matches  # only for a misspelling; not worth loading at the start

    names = {name: row for name, row in reversed(_names()) if len(name) > 3}
    close = get_close_matches(typed, list(names), n=limit, cutoff=0.72)
    return tuple({names[name].id: names[name] for name in close}.values())
