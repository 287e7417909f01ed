"""Chairs that stay open: "bass" for guitar or upright, "sax" for any size.

The table says to ask when the line does not settle which is meant. For these two words the question can be left to the
players: the card says "Bass (guitar or upright)", every bass player sees it, and the poster can narrow it with Fix. A
guess would hide the gig from half of them; a question would hold up a post that was clear to everybody who reads it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from storage.reference.instruments.rows import Instrument, by_id

#: The open chair: its id, its name, and the rows it covers, the first of which it borrows its family and source from.
_OPEN = {
    "bass": ("bass", "Bass (guitar or upright)", ("bass-guitar", "double-bass")),
    "sax": ("saxophone", "Saxophone", ("saxophone", "alto-sax", "tenor-sax", "soprano-sax", "baritone-sax")),
}


@cache
def open_chair(question_choices: tuple[str, ...]) -> Instrument | None:
    """The chair that leaves open which of these is meant; None where a question must be asked."""
    for id, name, covers in _OPEN.values():
        if set(question_choices) == set(covers):
            return _made(id, name, covers)
    return None


def chair(id: str) -> Instrument:
    """The chair a record names, open ones included. Raises KeyError."""
    for open_id, name, covers in _OPEN.values():
        if id == open_id:
            return _made(open_id, name, covers)
    return by_id(id)


@cache
def alike(id: str) -> frozenset[str]:
    """The chairs to look through when somebody looks for this one: its own, and those it covers or is covered by."""
    near = {id}
    for open_id, _, covers in _OPEN.values():
        if id == open_id:
            near.update(covers)
        elif id in covers:
            near.add(open_id)
    return frozenset(near)


def _made(id: str, name: str, covers: tuple[str, ...]) -> Instrument:
    first = by_id(covers[0])
    return first if id == first.id else replace(first, id=id, name=name, aliases=(id,), other_names=(), abbr=None)
