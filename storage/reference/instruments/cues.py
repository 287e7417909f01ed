"""What a line says, beside the doubtful word itself, about which chair is meant."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from storage.reference.instruments.lexicon import rows_of
from storage.reference.instruments.rows import Ambiguous, Family, Instrument, by_id
from storage.reference.instruments.words import Cue, Doubt
from storage.reference.phrases import fold

_WORDS = {
    Cue.BAND: "band|function|functions|wedding|weddings|party|corporate|covers|pub|rock|pop|funk|soul|reggae|ska|disco"
    "|motown|indie|metal|punk|tribute|rnb|r&b|hip hop|country band|worship|ceilidh|cover band|horn section",
    Cue.ORCHESTRA: "orchestra|orchestral|orch|symphony|symphonic|philharmonic|philharmonia|sinfonia|sinfonietta|chamber"
    "|concerto|opera|ballet|string quartet|string quintet|string section|strings|oratorio|concert orchestra",
    Cue.JAZZ_TRIO: "jazz trio|piano trio|jazz piano trio",
    Cue.CHOIR: "choir|choral|chorus|satb|ssaa|choristers|consort|evensong|voices|vocal ensemble|lay clerk|chorister",
    Cue.BLUES: "blues|bluesy",
    Cue.HORN_LINE: "sax|saxes|saxophones|big band|sax section|horn section|reeds|horn line",
    Cue.WINDS: "wind band|wind ensemble|winds|woodwind|wind list",
}
# A band named as part of another ensemble says nothing about a rock band.
_OTHER_BANDS = re.compile(r"\b(?:big|brass|wind|concert|military|pipe|steel|jazz|marching) bands?\b")


@cache
def _patterns() -> dict[Cue, re.Pattern[str]]:
    return {
        cue: re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words.split('|')))})(?!\w)")
        for cue, words in _WORDS.items()
    }


def cues_in(text: str, others: Collection[Instrument], doubtful: Collection[str] = ()) -> frozenset[Cue]:
    """The cues of a line.

    others: the plain instruments named in the same line.
    doubtful: its doubtful words, folded ("bari"), which can still tell about each other.
    """
    line = fold(text)
    cues = {
        cue
        for cue, pattern in _patterns().items()
        if pattern.search(_OTHER_BANDS.sub(" ", line) if cue is Cue.BAND else line)
    }
    ids = {row.id for row in others}
    families = {row.family for row in others}
    if ids & {"violin", "viola", "cello", "string-quartet", "orchestra", "string-section"}:
        cues.add(Cue.ORCHESTRA)
    if "drums" in ids and ids & {"guitar", "electric-guitar", "lead-vocal"}:
        cues.add(Cue.BAND)
    if ids & {"horn-section"}:
        cues |= {Cue.BAND, Cue.HORN_LINE}
    if Family.WOODWIND in families:
        cues |= {Cue.WINDS, Cue.HORN_LINE}
    if Family.BRASS in families or {"bari", "baris"} & set(doubtful):
        cues.add(Cue.HORN_LINE)
    if "choir" in ids:
        cues.add(Cue.CHOIR)
    return frozenset(cues)


def settle(word: str, doubt: Doubt, cues: frozenset[Cue]) -> Instrument | Ambiguous:
    """The one chair the cues leave, or the question to ask.

    word: as typed, for the question's context.
    """
    choices = rows_of(doubt)
    if doubt.only_with and not cues & set(doubt.only_with):
        return choices[0]
    left = {id for cue, id in doubt.settled if cue in cues}
    if len(left) == 1:
        return by_id(left.pop())
    return Ambiguous(text=word, choices=choices, question=doubt.question)
