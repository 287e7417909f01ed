"""Finding known words in a line somebody typed: whole words only, blind to case and accents, longest first.

A hit keeps its place in the text as typed, so that whoever reads the line can take it out and read the rest.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

T = TypeVar("T")

# Letters and digits of any script, with the accents that may follow them as separate characters.
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
# What may stand between two words of one phrase ("alto sax", "alto-sax", "t.bells"): never a comma, slash or line end.
_JOIN = re.compile(r"[ \t\u00a0]{1,3}|[ \t\u00a0]?[-–\u2011][ \t\u00a0]?|[.’']")
#: Addresses hide words that are not meant as words.
_ADDRESS = re.compile(r"(?:https?://|www\.)\S*|[^\s@]{1,64}@[^\s@]{1,255}", re.IGNORECASE)


def fold(text: str) -> str:
    """The text without case, accents or repeated blanks: "Flöte" and "FLOTE" are one word."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(plain.split())


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a line: where it stands in the text as typed, and its folded form."""

    start: int
    end: int
    key: str


def words_of(text: str) -> list[Word]:
    """The words of a line, in order; those inside web and mail addresses left out."""
    hidden = [match.span() for match in _ADDRESS.finditer(text)]
    return [
        Word(match.start(), match.end(), fold(match.group()))
        for match in _WORD.finditer(text)
        if not any(start <= match.start() < end for start, end in hidden)
    ]


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """A phrase found: its first and last word by position in the list of words, and what it means."""

    first: int
    last: int
    meaning: T
    phrase: str


class Phrases(Generic[T]):
    """A dictionary of phrases of one or more words."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        """Takes the first meaning given for each phrase; decide clashes before they get here."""
        self._meanings: dict[tuple[str, ...], tuple[str, T]] = {}
        self._joins: dict[tuple[str, ...], tuple[str, ...]] = {}
        for phrase, meaning in entries:
            words = words_of(phrase)
            key = tuple(word.key for word in words)
            if not key or key in self._meanings:
                continue
            self._meanings[key] = (phrase, meaning)
            self._joins[key] = tuple(phrase[left.end : right.start].strip() for left, right in pairwise(words))
        self._longest = max((len(key) for key in self._meanings), default=0)

    def exact(self, text: str) -> T | None:
        """The meaning of a text that is one phrase and nothing else, or None."""
        found = self._meanings.get(tuple(word.key for word in words_of(text)))
        return found[1] if found else None

    def hits(self, text: str, words: Sequence[Word]) -> list[Hit[T]]:
        """Every phrase in the line, left to right, never overlapping, the longest at each place.

        words: `words_of(text)`.
        """
        found: list[Hit[T]] = []
        at = 0
        while at < len(words):
            hit = self._longest_at(text, words, at)
            if hit is None:
                at += 1
            else:
                found.append(hit)
                at = hit.last + 1
        return found

    def _longest_at(self, text: str, words: Sequence[Word], at: int) -> Hit[T] | None:
        for size in range(min(self._longest, len(words) - at), 0, -1):
            key = tuple(word.key for word in words[at : at + size])
            known = self._meanings.get(key)
            if known is not None and self._joined(text, words[at : at + size], key):
                return Hit(at, at + size - 1, known[1], known[0])
        return None

    def _joined(self, text: str, words: Sequence[Word], key: tuple[str, ...]) -> bool:
        for left, right, own in zip(words, words[1:], self._joins[key], strict=False):
            gap = text[left.end : right.start]
            # A phrase written with a slash or an ampersand ("v/o", "r&b") is found with its own sign only.
            if _JOIN.fullmatch(gap) is None and (not own or gap.strip() != own):
                return False
        return True


def is_glued(text: str, start: int, end: int) -> bool:
    """Whether the piece hangs on its neighbours ("bass-heavy", "@drums", "drummer's"), so is not a word by itself."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if before[-1:] in ("@", "_") or after[:1] == "_":
        return True
    if len(before) == 2 and before[1] in "-–'’." and before[0].isalnum():
        return True
    return len(after) == 2 and after[0] in "-–'’." and after[1].isalnum()
