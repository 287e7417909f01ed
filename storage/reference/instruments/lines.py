"""Which chairs a line is about: "2 tpt + bari, Sat 28 Nov, function" names two.

A chair missed costs one question; a chair invented sends the wrong people a gig. So words that musicians also use for
other things (keys, kit, strings) count only where something beside them says that a player is meant, and gear, venues
and what the house provides are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from storage.reference.instruments.cues import cues_in, settle
from storage.reference.instruments.lexicon import Entry, lexicon
from storage.reference.instruments.rows import Ambiguous, Instrument, InstrumentType, by_id
from storage.reference.instruments.words import Doubt
from storage.reference.phrases import Hit, Word, fold, is_glued, words_of


class Found(NamedTuple):
    """A chair named in a line, and where: `text[start:end]`."""

    start: int
    end: int
    #: An Ambiguous where the line itself leaves it open; ask its question.
    what: Instrument | Ambiguous


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ASKING_BEFORE = _set(
    "dep deps depping deputy sub subs substitute need needs needed needing seeking seek want wants wanted require"
    " required require looking find on plays playing play any anyone principal lead 1st 2nd 3rd 4th first second third"
    " fourth urgent urgently session doubling cover covering chair seat missing x hire book booking role for"
)
_ASKING_AFTER = _set(
    "dep deps depping deputy sub subs needed wanted required player players chair chairs seat seats please pls urgently"
    " asap dbl double doubling doubler position vacancy opening spot urgent wtd reqd cover stand-in 1 2 3"
)
_TIME_AFTER = _set(
    "mon tue tues wed weds thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday today"
    " tonight tomorrow jan feb march apr april june july aug sept sep oct nov dec january february august september"
    " october november december next this on"
)
_ARTICLES = _set("a an the of and good great decent solid")
# The house has it, or somebody else is playing it: not a chair to fill.
_THERE_ALREADY = _set("provided supplied included sorted covered booked filled onsite inhouse")
_OWNED = _set("house own my your our his her their bring using")
_REFUSED = _set("no without not minus")
_GEAR = _set(
    "amp amps rig stand stands stool stools case cases string strings pedal pedals pedalboard rug riser shield mic mics"
    " cable cables cab cabs lesson lessons hire tuner shop store repair repairs solo solos line lines riff riffs sound"
    " sounds patch patches loop loops track tracks tech technician stems fill fills heavy tab tabs drop range"
)
_PLACE = _set(
    "bar pub club inn arms street st road rd lane ln avenue hotel lounge cafe tavern house hall court works theatre"
    " theater room rooms studio studios park square hill venue festival magazine records"
)
_GROUP = _set("trio duo quintet sextet septet octet quartet band bands orchestra ensemble trios duos concerto sonata")
_TEACHING = _set("teacher teachers tutor tutors")
_SEGMENT_END = re.compile(r"[,;|\n•·/+&()\[\]]|\s[-–—]\s|:\s")
_COUNT = re.compile(r"\d{1,2}x?|x\d{1,2}", re.ASCII)
# A fee, a number of players, a day of a month or a time of day: what follows a chair at the start of a line.
_FIGURE_AFTER = re.compile(
    r"\s*(?:[£$€]|x\s?\d"
    r"|\d{1,2}(?:st|nd|rd|th)?[\s./-]{0,2}(?:\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"|\d{1,2}(?:[:.]\d\d)?\s?(?:am|pm))",
    re.ASCII | re.IGNORECASE,
)
#: No platform lets anybody send a longer line (Telegram Bot API, message text, 4096 characters).
_LONGEST = 4096


def scan(text: str) -> list[Found]:
    """The chairs a line names, from left to right, never overlapping; [] when it names none.

    Only the first 4096 characters are read.
    """
    text = text[:_LONGEST]
    words = words_of(text)
    hits = lexicon().hits(text, words)
    reader = _Line(text, words, hits)
    kept = [hit for hit in hits if reader.believes(hit)]
    plain = [hit.meaning.meaning for hit in kept if isinstance(hit.meaning.meaning, Instrument)]
    doubtful = [fold(hit.phrase) for hit in kept if isinstance(hit.meaning.meaning, Doubt)]
    cues = cues_in(text, plain, doubtful)
    found = []
    for hit in kept:
        start, end = words[hit.first].start, words[hit.last].end
        after = reader.word(hit.last + 1)
        meaning = hit.meaning.meaning
        if after is not None and after.key in _TEACHING and text[end : after.start].isspace():
            found.append(Found(start, after.end, by_id("teacher")))
        elif isinstance(meaning, Doubt):
            found.append(Found(start, end, settle(text[start:end], meaning, cues)))
        elif meaning is not None:
            found.append(Found(start, end, meaning))
    return _joined(text, found)


def _joined(text: str, found: list[Found]) -> list[Found]:
    """The same chairs with each named once: "kit drummer" is one, and "guitar teacher" has used up its second word."""
    joined: list[Found] = []
    for one in found:
        last = joined[-1] if joined else None
        if last is not None and one.start < last.end:
            continue
        if last is not None and one.what == last.what and text[last.end : one.start].isspace():
            joined[-1] = Found(last.start, one.end, last.what)
        else:
            joined.append(one)
    return joined


class _Line:
    """One line under the question whether a word in it means a chair."""

    def __init__(self, text: str, words: Sequence[Word], hits: Sequence[Hit[Entry]]) -> None:
        self._text = text
        self._words = words
        self._others = {at for hit in hits if not hit.meaning.quiet for at in range(hit.first, hit.last + 1)}

    def word(self, at: int) -> Word | None:
        return self._words[at] if 0 <= at < len(self._words) else None

    def _key(self, at: int) -> str:
        word = self.word(at)
        return word.key if word else ""

    def _gap(self, left: int, right: int) -> str:
        """What stands between two words; a segment's end where there is no word."""
        if left < 0 or right >= len(self._words):
            return ","
        return self._text[self._words[left].end : self._words[right].start]

    def believes(self, hit: Hit[Entry]) -> bool:
        entry = hit.meaning
        if entry.quiet or entry.meaning is None or self._glued(hit) or self._passed_over(hit):
            return False
        group = isinstance(entry.meaning, Instrument) and entry.meaning.type is InstrumentType.ENSEMBLE
        if group:
            # After another chair, an ensemble by itself is who plays: "cello, City Symphony Orchestra".
            opens = hit.first == min(self._others)
            return (self._asked_for(hit) or (opens and self._alone(hit))) and not self._employer(hit)
        if fold(hit.phrase) == "md" and self._is_maryland(hit):
            return False
        return not entry.weak or self._alone(hit) or self._asked_for(hit) or self._beside_another(hit)

    def _employer(self, hit: Hit[Entry]) -> bool:
        """Whether the ensemble is who the chair is in: "cello for string quartet", but not "looking for a choir"."""
        at = hit.first - 1
        while self._key(at) in _ARTICLES:
            at -= 1
        return self._key(at) in ("for", "with", "in", "at") and self._key(at - 1) not in ("looking", "asking", "search")

    def _is_maryland(self, hit: Hit[Entry]) -> bool:
        """Whether "MD" follows a place and a comma; after another chair and a comma it is a musical director."""
        at = hit.first - 1
        return at >= 0 and at not in self._others and "," in self._gap(at, hit.first) and not self._asked_for(hit)

    def _glued(self, hit: Hit[Entry]) -> bool:
        start, end = self._words[hit.first].start, self._words[hit.last].end
        if not is_glued(self._text, start, end):
            return False
        # "sax-dep" and "bass-player" hang on a word that asks; "bass-heavy" does not.
        hyphen_after = self._text[end : end + 1] in ("-", "–") and self._key(hit.last + 1) in _ASKING_AFTER
        hyphen_before = self._text[start - 1 : start] in ("-", "–") and self._key(hit.first - 1) in _ASKING_BEFORE
        return not (hyphen_after or hyphen_before)

    def _passed_over(self, hit: Hit[Entry]) -> bool:
        after, gap = self._key(hit.last + 1), self._gap(hit.last, hit.last + 1)
        asked_after = gap.isspace() and after in _ASKING_AFTER
        if gap.isspace() and (after in _GEAR | _GROUP | _THERE_ALREADY):
            return True
        if gap.isspace() and (after in _PLACE or self._names_a_place(hit)):
            return True
        if after in ("is", "are", "in") and self._key(hit.last + 2) in _THERE_ALREADY | {"house"}:
            return True
        before = self._key(hit.first - 1) if self._gap(hit.first - 1, hit.first).isspace() else ""
        return before in _REFUSED or (before in _OWNED and not asked_after)

    def _names_a_place(self, hit: Hit[Entry]) -> bool:
        """Whether it opens a name such as "the Organ Grinder Pub"."""
        named = self._key(hit.first - 1) in ("the", "at") and self._key(hit.last + 2) in _PLACE
        initials = [self._text[word.start] for word in self._words[hit.first : hit.last + 2]]
        return named and all(letter.isupper() for letter in initials)

    def _asked_for(self, hit: Hit[Entry]) -> bool:
        at = hit.first - 1
        while at >= 0 and self._key(at) in _ARTICLES and self._gap(at, at + 1).isspace():
            at -= 1
        before = self._key(at) if self._gap(at, at + 1).strip() in ("", "x", "-") else ""
        if before in _ASKING_BEFORE or _COUNT.fullmatch(before):
            return True
        if hit.first == 0 and _FIGURE_AFTER.match(self._text, self._words[hit.last].end) is not None:
            return True
        if self._gap(hit.last, hit.last + 1).strip() not in ("", "-"):
            return False
        after = self._key(hit.last + 1)
        if after == "for" and hit.first == 0:
            after = self._key(hit.last + 2)
        return after in _ASKING_AFTER or (hit.first == 0 and after in _TIME_AFTER)

    def _alone(self, hit: Hit[Entry]) -> bool:
        """Whether the phrase fills its part of the line: "…, keys, …"."""
        left = self._gap(hit.first - 1, hit.first)
        right = self._gap(hit.last, hit.last + 1)
        opens = hit.first == 0 or _SEGMENT_END.search(left) is not None
        closes = hit.last == len(self._words) - 1 or _SEGMENT_END.search(right) is not None
        return opens and closes

    def _beside_another(self, hit: Hit[Entry]) -> bool:
        """Whether another chair stands right beside it: "bass and keys", "fl/cl"."""
        for neighbour, step in ((hit.first - 1, -1), (hit.last + 1, 1)):
            at = neighbour
            if self._key(at) in ("and", "or", "plus", "und", "et", "y", "e"):
                at += step
            if at in self._others and 0 <= at < len(self._words):
                return True
        return False
