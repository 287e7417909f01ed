"""The words by which gigs are found, the same for what is kept and for what is asked.

Besides the words that people typed there are marks for what is not text: community, chair, kind of work. With them the
full-text index alone narrows a search down, instead of reading every gig in the world that is in Leeds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from storage.records.gig import Gig, KindOfWork, folded_words
from storage.reference import instruments

#: A typed word that would pass for the mark of a community, and so put a gig into somebody else's lists.
_LIKE_A_MARK = re.compile(r"xc\d")


def community_mark(community_id: int) -> str:
    """The word that every gig of a community has."""
    return f"xc{community_id}"


def role_mark(community_id: int, role: str) -> str:
    """The word of every gig of a community that somebody who looks for this chair there wants to see.

    role: an instrument's id. One word for both: among a million gigs, looking into two long lists costs twice.
    """
    return f"{community_mark(community_id)}r" + "".join(c for c in role if c.isalnum())


def kind_mark(kind: KindOfWork) -> str:
    """The word that every gig of a kind of work has."""
    return f"xk{kind.value}"


def search_words(gig: Gig) -> tuple[str, ...]:
    """Everything a gig is found by. A place in several words is found by each of them, and so is its chair's name."""
    try:
        chair = instruments.chair(gig.role).name
    except KeyError:  # a chair that this version of the program no longer knows
        chair = gig.role
    here = gig.community_id
    marks = [community_mark(here), *(role_mark(here, role) for role in sorted(instruments.alike(gig.role)))]
    if gig.kind is not None:
        marks.append(kind_mark(gig.kind))
    typed = " ".join(part for part in (gig.where, gig.what, chair, gig.kind and gig.kind.value) if part)
    return (*marks, *(word for word in folded_words(typed) if not _LIKE_A_MARK.match(word)))


def sqlite_query(all_of: Iterable[str], any_of: Iterable[str]) -> str:
    """An FTS5 expression: every word of the first, and one of the second if there are any. Words hold only letters
    and digits, and stand in quotes, so that nobody's "NOT" is an operator.
    """
    parts = [f'"{word}"' for word in all_of]
    either = [f'"{word}"' for word in any_of]
    if either:
        parts.append(f"({' OR '.join(either)})")
    return " AND ".join(parts)


def postgres_query(all_of: Iterable[str], any_of: Iterable[str]) -> str:
    """The same as a tsquery."""
    parts = [f"'{word}'" for word in all_of]
    either = [f"'{word}'" for word in any_of]
    if either:
        parts.append(f"({' | '.join(either)})")
    return " & ".join(parts)
