"""One slip of the finger in the longer words of time: a letter lost, added, changed, or two swapped.

Every word one letter shorter than a known one is entered once, at import. A typed word, and every word one letter
shorter than it, is looked up there: two words share an entry when they are at most a few letters apart, and a short
comparison settles whether it was one slip. A look-up costs one set of slices, whatever the number of known words.
"""

from __future__ import annotations

from typing import Final

from cogs.kit.when.words import MONTH_NAMES, WEEKDAY_NAMES, Entry

#: Shortest word a slip is forgiven in, in letters (when_policy, spelling).
_SHORTEST: Final = 5

_KNOWN: dict[str, Entry] = {}
_SHORTER: dict[str, list[str]] = {}

#: Words and names one slip away from a word of time that are themselves.
_THEMSELVES: Final = frozenset(
    "match marsh larch parch starch march's marc marcy marci marco marcos marcia mach marche macho patch "
    "sundry sundae frida toad toady toddy today's todays augusta augustus augusto apron montage money mundane "
    "tonights arch nigh night tonigh monda quarts quartz quart quint latch watch batch monkey mar'ch reach"
    .split()
)  # fmt: skip


def enter(word: str, entry: Entry) -> None:
    """Let one slip be forgiven in this word; shorter words than the policy names are left out."""
    if len(word) < _SHORTEST or word in _KNOWN:
        return
    _KNOWN[word] = entry
    for shorter in _without_one(word):
        _SHORTER.setdefault(shorter, []).append(word)
    _SHORTER.setdefault(word, []).append(word)


def slipped(word: str) -> Entry | None:
    """What a misspelt word means: its entry, or the sort "slip" when two readings are as near, or None."""
    if word in _THEMSELVES:
        return None
    near: set[str] = set(_SHORTER.get(word, ()))
    for shorter in _without_one(word):
        near.update(_SHORTER.get(shorter, ()))
        if shorter in _KNOWN:
            near.add(shorter)
    entries = {_KNOWN[known] for known in near if _one_slip(word, known)}
    if not entries:
        return None
    return entries.pop() if len(entries) == 1 else ("slip", tuple(sorted(entries, key=str)))


def _without_one(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


def _one_slip(typed: str, known: str) -> bool:
    if typed == known:
        return True
    if abs(len(typed) - len(known)) > 1:
        return False
    place = 0
    while place < min(len(typed), len(known)) and typed[place] == known[place]:
        place += 1
    left, right = typed[place:], known[place:]
    return (
        left[1:] == right
        or left == right[1:]
        or left[1:] == right[1:]
        or (left[:2] == right[1::-1] and left[2:] == right[2:] and len(right) > 1)
    )


def _enter_english() -> None:
    for index, name in enumerate(WEEKDAY_NAMES):
        enter(name, ("weekday", index))
        enter(name + "s", ("weekdays", index))
    for index, name in enumerate(MONTH_NAMES, 1):
        enter(name, ("month", index))
    for word, entry in (
        ("tomorrow", ("relday", 1)),
        ("yesterday", ("relday", -1)),
        ("today", ("relday", 0)),
        ("tonight", ("tonight", None)),
    ):
        enter(word, entry)


_enter_english()
