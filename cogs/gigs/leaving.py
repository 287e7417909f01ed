"""When somebody is erased: their cards come down with their name, and whoever counted on them is told.

A gig goes with its poster and is gone by the time that a player reads so: what is said then is all in the notice. A
player's chair in the gig of another is given back first, as if they had stepped back themselves.
"""

from __future__ import annotations

from datetime import date, datetime

from cogs.gigs import answering, cards, crossing, parts, rules, telling
from cogs.kit.action import action
from cogs.kit.reply import Button, CardRef, Reply, Tags
from cogs.kit.words import Code, Day, line
from storage.records.answer import ENGAGED, INTERESTED, AnswerState
from storage.records.gig import LISTED, Gig, GigState
from storage.records.notice import Args
from storage.records.people import Words
from storage.work import Work


async def leave(work: Work, poster_id: int, now: datetime) -> None:
    """Have the cards of all their gigs drawn again, and tell who still counted on one that is to come.

    To be called before the gigs are erased, in the transaction that does so.
    """
    for gig in await work.gigs.posted_by(poster_id):
        await telling.redraw(work, gig, now)
        if gig.standing(now) not in (*LISTED, GigState.FILLED) or rules.is_over(gig.span, now):
            continue
        for answer in await work.answers.to(gig.id, INTERESTED):
            kept: Args = {
                "gig_id": gig.id,
                "role": gig.role,
                "day": gig.span.first_day.isoformat(),
                "state": answer.state.value,
            }
            await telling.tell(work, "gigs.left", answer.person_id, gig, now, args=kept, first=True)


async def give_back(work: Work, player_id: int, now: datetime) -> None:
    """Step back from every gig still to come, and tell its poster. To be called before the answers are erased."""
    for answer in await work.answers.engaged(player_id):
        gig = await work.gigs.hold(answer.gig_id)
        if gig is None or gig.poster_id == player_id or rules.is_over(gig.span, now):
            continue
        if await work.answers.move(answer.id, AnswerState.WITHDRAWN, {answer.state}, now) is None:
            continue
        await answering.freed(work, gig, now)
        kept: Args = {"gig_id": gig.id, "state": answer.state.value}
        await telling.tell(work, "gigs.without", gig.poster_id, gig, now, args=kept, first=True)


def without(gig: Gig, state: AnswerState, now: datetime, words: Words | None) -> Reply:
    """To a poster: somebody on their gig is no more. Nobody is named, since nothing of them is left."""
    lines = [line(f"Somebody you had {cards.state_word(state, words)} for ", *parts.short(gig), " has left for good.")]
    if gig.standing(now) in LISTED:
        lines.append(line("The chair is free again, and the card says so."))
    return Reply(lines=tuple(lines), buttons=(Button("Who answered", action("gigs.show", gig.id)),))


def letter(args: Args, words: Words | None) -> Reply:
    """To a player: the gig is off, for nobody is there any more who posted it."""
    role, day, state = str(args["role"]), date.fromisoformat(str(args["day"])), AnswerState(str(args["state"]))
    named = (Code(f"G{args['gig_id']}"), f" {parts.chair(role)}, ", Day(day))
    lines = [line(*named, " is off: whoever posted it has left, and their gigs with them.")]
    if state in ENGAGED:
        lines.append(line(f"You were {cards.state_word(state, words)} for it. That date is free again."))
    else:
        lines.append(line("Thanks for answering."))
    return Reply(lines=tuple(lines))


def home_card(gig_id: int) -> Reply:
    """What is left of a card of a gig that is no more."""
    return Reply(
        lines=(line(Code(f"G{gig_id}"), " is off the board."),),
        card=CardRef("gigs.board", gig_id),
        tags=Tags((), closed=True),
    )


def linked_card(hung_id: int) -> Reply:
    """The same on the board of another community, which has another number for it."""
    return Reply(
        lines=(line("This gig is off the board."),), card=CardRef(crossing.CARD, hung_id), tags=Tags((), closed=True)
    )
