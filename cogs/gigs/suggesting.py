"""What is offered while somebody types an id, a chair or a name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from cogs.gigs import parts
from cogs.kit.call import Call
from cogs.kit.form import Choice
from cogs.kit.moments import short_text
from cogs.kit.tools import Tools
from storage.records.answer import INTERESTED
from storage.records.gig import LISTED, Gig, GigFilter, folded_words
from storage.reference import instruments
from storage.work import Work

#: The most that Discord shows (application command option choices).
MOST = 25
_ID = re.compile(r"#?g?(\d{1,9})", re.IGNORECASE | re.ASCII)


class Suggesting:
    """Choices for the options of the gig commands."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work

    def chairs(self, typed: str) -> list[Choice]:
        """Chairs that fit what was typed; the usual ones when nothing was."""
        return [Choice(chair.name, chair.id) for chair in instruments.suggest(typed, limit=MOST)]

    async def some_gigs(self, call: Call, typed: str) -> list[Choice]:
        """Gigs that the caller may see: their own first, then what is open."""
        async with self._open_work(reading=True) as work:
            found = await self._own(work, call)
            found += await self._open(work, call, typed)
        return _choices(found, typed)

    async def own_gigs(self, call: Call, typed: str) -> list[Choice]:
        """The caller's own posts, newest first."""
        async with self._open_work(reading=True) as work:
            found = await self._own(work, call)
        return _choices([gig for gig in found if gig.poster_id == call.person_id], typed)

    async def players(self, call: Call, typed: str) -> list[Choice]:
        """Who has answered the caller's open gigs."""
        async with self._open_work(reading=True) as work:
            gigs = [gig for gig in await self._own(work, call) if gig.poster_id == call.person_id]
            asked = [
                answer.person_id
                for gig in gigs[:MOST]
                if gig.state in LISTED or not gig.closed
                for answer in await work.answers.to(gig.id, INTERESTED)
            ]
            people = await work.people.many(list(dict.fromkeys(asked)))
        name = typed.removeprefix("@").casefold()
        return [Choice(p.name, f"person:{p.id}") for p in people.values() if p.name.casefold().startswith(name)][:MOST]

    async def _own(self, work: Work, call: Call) -> list[Gig]:
        if call.community_id is None:
            return []
        wanted = GigFilter(community_id=call.community_id, poster_id=call.person_id)
        return await work.gig_search.find(wanted, call.now, limit=MOST)

    async def _open(self, work: Work, call: Call, typed: str) -> list[Gig]:
        if call.community_id is None:
            return []
        words = () if _ID.fullmatch(typed.strip()) else folded_words(typed)[:6]
        here = GigFilter(community_id=call.community_id)
        found = await work.gig_search.find(here, call.now, limit=MOST)  # half a word is looked for among the next ones
        if words:
            found += await work.gig_search.find(replace(here, words=words), call.now, limit=MOST)
        return found


def _choices(gigs: Iterable[Gig], typed: str) -> list[Choice]:
    """Each once; those whose id starts with what was typed first, when an id is being typed."""
    each = {gig.id: gig for gig in gigs}
    match = _ID.fullmatch(typed.strip())
    if match is not None:
        chosen = [gig for gig in each.values() if str(gig.id).startswith(match[1])]
    else:
        words = folded_words(typed)
        chosen = [gig for gig in each.values() if all(_starts(gig, word) for word in words)]
    return [Choice(_label(gig)[:100], gig.ref) for gig in chosen[:MOST]]


def _starts(gig: Gig, word: str) -> bool:
    return any(known.startswith(word) for known in folded_words(_label(gig)))


def _label(gig: Gig) -> str:
    when = short_text(gig.span.first_day if gig.span.whole_days else gig.span.start, gig.span.zone)
    return ", ".join(part for part in (f"{gig.ref} {parts.chair(gig.role)}", when, gig.where) if part)
