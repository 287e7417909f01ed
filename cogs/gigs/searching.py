"""Finding the gigs of a community's board: its own, which the database searches, and those that hang there by a link.

The latter are few, tens where there are thousands of one's own, so they are read and sifted here.
"""

from __future__ import annotations

from datetime import datetime

from storage.records.answer import INTERESTED
from storage.records.gig import LISTED, Gig, GigFilter
from storage.reference import instruments
from storage.stores.gig_words import search_words
from storage.work import Work


async def find(work: Work, wanted: GigFilter, now: datetime, *, limit: int, offset: int = 0) -> list[Gig]:
    """A page of what fits, in the order of `GigSearch.find`; of somebody's own, also what they answered over a link."""
    if not await work.boards.of(wanted.community_id):
        return await work.gig_search.find(wanted, now, limit=limit, offset=offset)
    beyond = await work.boards.hung_here(wanted.community_id)
    if wanted.poster_id is not None:
        said = await work.answers.mine_to([gig.id for gig in beyond], wanted.poster_id)
        answered = {gig_id for gig_id, answer in said.items() if answer.state in INTERESTED}
        beyond = [gig for gig in beyond if gig.id in answered]
    else:
        beyond = [gig for gig in beyond if gig.standing(now) in LISTED]
    found = await work.gig_search.find(wanted, now, limit=offset + limit)
    found += [gig for gig in beyond if fits(gig, wanted)]
    newest_first = bool(wanted.words) or wanted.poster_id is not None
    if newest_first:
        found.sort(key=lambda gig: -gig.id)
    else:
        found.sort(key=lambda gig: (gig.span.start, gig.id))
    return found[offset : offset + limit]


def fits(gig: Gig, wanted: GigFilter) -> bool:
    """Whether a gig of another community is what is looked for; the same questions as `GigSearch` asks in SQL."""
    if wanted.roles and not set(instruments.alike(gig.role)) & set(wanted.roles):
        return False
    if not set(wanted.words) <= set(search_words(gig)):
        return False
    if wanted.kind is not None and gig.kind is not wanted.kind:
        return False
    if wanted.posted_after is not None and gig.posted_at <= wanted.posted_after:
        return False
    if wanted.start_to is not None and gig.span.start >= wanted.start_to:
        return False
    if wanted.start_from is not None and gig.span.start < wanted.start_from:
        runs_on = gig.span.end is not None and gig.span.end > wanted.start_from and gig.span.whole_days
        if not runs_on:
            return False
    if wanted.at_least is None:
        return True
    worth = gig.worth()
    return worth is not None and worth.currency == wanted.at_least.currency and worth.minor >= wanted.at_least.minor
