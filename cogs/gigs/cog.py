"""Posting, showing and closing gigs, the card on the board, and what is told when a post changes."""

from __future__ import annotations

import dataclasses
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from cogs.gigs import asked, cards, crossing, leaving, letters, paid, rules, telling, typed
from cogs.gigs.details import checked
from cogs.gigs.service import GigService
from cogs.gigs.suggesting import Suggesting
from cogs.kit.ask import Ask, Quoted, parameters_of
from cogs.kit.call import Call
from cogs.kit.cog import Cog, Menu, Where, action, afterwards, card, command, notice
from cogs.kit.faults import Misread, Stale
from cogs.kit.form import Choice, Form, Problem
from cogs.kit.oneline import read_line
from cogs.kit.reading import read
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from cogs.kit.words import Line, line
from storage.records.answer import INTERESTED, AnswerState
from storage.records.draft import Draft
from storage.records.gig import HIDDEN, LISTED, OFF, Gig, GigState, Terms
from storage.records.notice import Notice
from storage.records.people import Person, Words
from storage.work import Work

#: How long a message that was read into a post waits to be confirmed.
_CONFIRM_FOR = timedelta(days=7)


class GigsCog(Cog, name="gigs", topic="Gigs"):
    """Post a gig, see who answered, close it.

    First Call's own kind of cog, not discord.py's.
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._service = GigService(tools)
        self._suggest = Suggesting(tools)

    # --- posting ------------------------------------------------------------------------------------------------------

    @command(
        "gig post",
        "Put a gig on the board",
        where=Where.COMMUNITY,
        one_line=("gig",),
        aliases=("post",),
        example="/gig bass, Sat 28 Nov 19:30, Leeds, £220, function, reply by Thu 6pm",
        overheard=("Post it as a gig", "role", "when"),
    )
    async def post(
        self,
        call: Call,
        role: asked.Chair,
        when: asked.When,
        where: asked.Where,
        fee: asked.Pay,
        type_: asked.Kind = None,
        what: asked.What = None,
        unit: asked.Per = None,
        seats: asked.Seats = None,
        length: asked.Length = None,
        call_time: asked.CallTime = None,
        reply_by: asked.ReplyBy = None,
        pays: asked.Pays = None,
        pay_by: asked.PayBy = None,
        extras: asked.Extras = None,
        usage: asked.UsageTerms = None,
        union: asked.Union = None,
        credit: asked.Credit = None,
        cancellation: asked.Cancellation = None,
        audience: asked.ToWhom = None,
        clock: asked.Clock = None,
        below: asked.Below = None,
    ) -> Reply:
        """What was typed becomes a post; what it lacks is asked for before, what it could say more is shown after."""
        terms = Terms(
            pays=pays,
            pay_by=pay_by,
            extras=extras,
            usage=usage,
            union=union,
            credit=credit,
            cancellation=cancellation,
        )
        said = {"role": role, "when": when, "where": where, "fee": fee, "type_": type_, "what": what, "seats": seats}
        said |= {"length": length, "call_time": call_time, "reply_by": reply_by, "clock": clock, "audience": audience}
        said["unit"] = unit
        details = checked(said, terms, call)
        return cards.posted(await self._service.post(call, details, below=below), call)

    @command(
        "gig save",
        "Turn a message into a gig post; you see what was read before anything is posted",
        where=Where.COMMUNITY,
        menu=(Menu.MESSAGE, "Save as gig"),
    )
    async def save(
        self, call: Call, message: Annotated[Quoted, Ask("Which message? Paste its text here", max_length=1000)]
    ) -> Reply:
        """A message is read like one line, echoed, and posted only when somebody says so."""
        parameters = parameters_of(GigsCog.post)
        found = read_line(parameters, re.sub(r"[!?]+", ",", message), call)  # "Dep needed!" is a piece of its own
        problems = typed.problems(parameters, found.values, call)
        if problems or call.zone is None:
            return Reply(
                lines=(line("I could not read all of it."),),
                form=Form(
                    title="Save as a gig", fields=parameters, then="gig post", values=found.values, problems=problems
                ),
            )
        token = secrets.token_urlsafe(9)
        async with self._tools.open_work() as work:
            await work.drafts.keep(
                Draft(
                    token=token,
                    person_id=call.person_id,
                    place=call.place.key,
                    target="command:gig.post",
                    community_id=call.community_id,
                    values=found.values,
                    made_at=call.now,
                    expires_at=call.now + _CONFIRM_FOR,
                )
            )
            await work.commit()
        return cards.understood(typed.echo(parameters, found.values, call), token, left=found.left)

    @action("confirm")
    async def confirm(self, call: Call, token: str) -> Reply:
        """Post what was read in a message."""
        values = await self._waiting(call, token)
        given: dict[str, Any] = {}
        for parameter in parameters_of(GigsCog.post):
            if parameter.name in values:
                given[parameter.attribute] = read(parameter, values[parameter.name], call)
        terms = Terms(**{field.name: given.get(field.name) for field in dataclasses.fields(Terms)})
        try:
            return cards.posted(await self._service.post(call, checked(given, terms, call), draft=token), call)
        except Misread as fault:
            problem = Problem(fault.what, fault.example, fault.choices, fault.needed)
            return self._rework(values, {fault.field: problem} if fault.field else {})

    @action("rework")
    async def rework(self, call: Call, token: str) -> Reply:
        """Open what was read as a form."""
        return self._rework(await self._waiting(call, token), {})

    @action("drop")
    async def drop(self, call: Call, token: str) -> Reply:
        """Forget what was read."""
        async with self._tools.open_work() as work:
            await work.drafts.drop(token, call.person_id)
            await work.commit()
        return Reply(lines=(line("Dropped. Nothing was posted."),), replaces=True)

    async def _waiting(self, call: Call, token: str) -> dict[str, str]:
        async with self._tools.open_work(reading=True) as work:
            draft = await work.drafts.get(token, call.person_id)
        if draft is None or draft.expires_at <= call.now:
            raise Stale("That was posted or dropped already.")
        return draft.values

    def _rework(self, values: dict[str, str], problems: dict[str, Problem]) -> Reply:
        return Reply(
            form=Form(
                title="Post a gig",
                fields=parameters_of(GigsCog.post),
                then="gig post",
                values=values,
                problems=problems,
                fixing=True,
            )
        )

    @action("unpost")
    async def unpost(self, call: Call, gig_id: int) -> Reply:
        """Undo a post: whoever answered meanwhile is told that it is off."""
        return cards.closed(await self._service.close(call, gig_id, GigState.CANCELLED))

    # --- showing ------------------------------------------------------------------------------------------------------

    @command("gig show", "One gig: what was said, and for its poster who answered", example="/gig show G12")
    async def show(self, call: Call, id_: asked.Which) -> Reply:
        """The card, with what only this reader may know."""
        return await self._shown(call, id_)

    @action("show")
    async def shown(self, call: Call, gig_id: int) -> Reply:
        """The same from a button."""
        return await self._shown(call, gig_id)

    async def _shown(self, call: Call, gig_id: int) -> Reply:
        view = await self._service.show(call, gig_id)
        return await paid.with_fact(self._tools.open_work, cards.show(view, call), view.gig, call.words)

    @action("answers")
    async def answers(self, call: Call, gig_id: int, page: int) -> Reply:
        """A page of the answers to one's own gig."""
        return cards.show(await self._service.show(call, gig_id), call, page=max(0, page))

    @action("asker")
    async def asker(self, call: Call, gig_id: int) -> Reply:
        """Who posted it, as far as everybody may know."""
        return cards.asker(*await self._service.asker(call, gig_id), call)

    # --- closing ------------------------------------------------------------------------------------------------------

    @command(
        "gig close",
        "Take a gig off the board: filled, cancelled or postponed",
        aliases=("gig cancel",),
        example="/gig close G12 filled",
    )
    async def close(
        self,
        call: Call,
        id_: asked.Mine,
        reason: Annotated[asked.Reason, Ask("What became of it?", label="Reason", also=asked.REASON_ALSO)],
    ) -> Reply:
        """Everybody who answered is told; ten minutes to think again."""
        return cards.closed(await self._service.close(call, id_, GigState(reason.value)))

    @action("closing")
    async def closing(self, call: Call, gig_id: int) -> Reply:
        """Ask why before closing."""
        return cards.closing(await self._service.mine_to_change(call, gig_id), call.now)

    @action("end")
    async def end(self, call: Call, gig_id: int, state: GigState) -> Reply:
        """Close it for the reason on the button."""
        if state in LISTED or state in HIDDEN or state is GigState.EXPIRED:
            raise Stale("That button is from an older version of me and no longer does anything.")
        return cards.closed(await self._service.close(call, gig_id, state))

    @command("gig reopen", "Put a closed gig back on the board", example="/gig reopen G12")
    async def reopen(self, call: Call, id_: asked.Mine) -> Reply:
        """As its answers stand; whoever was told that it is off hears that it is on."""
        return cards.reopened(await self._service.reopen(call, id_), call.words)

    @action("reopen")
    async def reopened(self, call: Call, gig_id: int) -> Reply:
        """The same from a button, and the undo of closing."""
        return cards.reopened(await self._service.reopen(call, gig_id), call.words)

    # --- what hangs and what is told ----------------------------------------------------------------------------------

    @card("board")
    async def board(self, subject_id: int, work: Work) -> Reply | None:
        """The public card, wherever it hangs."""
        gig = await work.gigs.get(subject_id)
        if gig is None:
            return leaving.home_card(subject_id)
        poster = await work.people.get(gig.poster_id)
        words = await community_words(work, gig, self._tools)
        beside = await paid.beside(work, gig, words)
        return cards.board(gig, poster, self._tools.clock.now(), words, paid=beside)

    @notice("posted")
    async def posted(self, notice: Notice, work: Work) -> Reply | None:
        """The card's first hanging; not at all when the post was taken back before."""
        gig = await work.gigs.get(int(notice.args["gig_id"] or 0))
        if gig is None or gig.standing(self._tools.clock.now()) in (GigState.CANCELLED, GigState.EXPIRED, *HIDDEN):
            return None
        reply = await self.board(gig.id, work)
        community = await work.communities.get(gig.community_id)
        if reply is None or community is None:
            return None
        return reply.with_(ping_role=await telling.role_to_ping(work, gig, community))

    @card(crossing.CARD.removeprefix("gigs."))
    async def linked(self, subject_id: int, work: Work) -> Reply | None:
        """The public card on the board of another community, whose number there is `subject_id`."""
        hung = await work.boards.get_hung(subject_id)
        gig = await work.gigs.get(hung.gig_id) if hung is not None else None
        home = await work.communities.get(gig.community_id) if gig is not None else None
        there = await work.communities.get(hung.community_id) if hung is not None else None
        if hung is None or gig is None or home is None or there is None:
            return leaving.linked_card(subject_id)
        poster = await work.people.get(gig.poster_id)
        words = there.words or self._tools.defaults.words
        at_home = cards.board(gig, poster, self._tools.clock.now(), words)
        return crossing.card(at_home, hung.id, home, removed=gig if hung.removed_at is not None else None)

    @notice("crossed")
    async def crossed(self, notice: Notice, work: Work) -> Reply | None:
        """The first hanging on a linked board; not at all when the gig was taken back or taken off before."""
        hung = await work.boards.get_hung(int(notice.args["hung_id"] or 0))
        gig = await work.gigs.get(hung.gig_id) if hung is not None else None
        if hung is None or gig is None or hung.removed_at is not None:
            return None
        if gig.standing(self._tools.clock.now()) not in (*LISTED, GigState.FILLED):
            return None
        return await self.linked(hung.id, work)

    @notice("reply_by")
    async def reply_by(self, notice: Notice, work: Work) -> Reply | None:
        """The poster's own deadline has come."""
        gig = await work.gigs.get(int(notice.args["gig_id"] or 0))
        if gig is None or gig.standing(self._tools.clock.now()) not in LISTED or gig.reply_by != notice.due_at:
            return None
        waiting = await work.answers.to(gig.id, {AnswerState.WAITING})
        people = await work.people.many([answer.person_id for answer in waiting])
        return letters.reply_by_passed(gig, [people[a.person_id] for a in waiting if a.person_id in people])

    @notice("expire")
    async def expire(self, notice: Notice, work: Work) -> Reply | None:
        """The post leaves the board. A gig that was filled needs no word."""
        now = self._tools.clock.now()
        gig = await work.gigs.get(int(notice.args["gig_id"] or 0))
        if gig is None or gig.closed or gig.standing(now) is not GigState.EXPIRED:
            return None
        waiting = await work.answers.to(gig.id, {AnswerState.WAITING})
        return letters.expired(gig, len(waiting), over=rules.is_over(gig.span, now))

    @afterwards("expire")
    async def expired(self, notice: Notice, work: Work) -> None:
        """Write it down and have the card say so, whether or not the poster could be told."""
        await self._service.expire(notice, work)

    @notice("changed")
    async def changed(self, notice: Notice, work: Work) -> Reply | None:
        """What is different since the player last heard."""
        gig, player, words = await self._of_player(notice, work)
        answer = await work.answers.of(gig.id, player.id) if gig is not None and player is not None else None
        if gig is None or answer is None or answer.state not in INTERESTED:
            return None
        if gig.standing(self._tools.clock.now()) in OFF:
            return None
        changes = await work.gigs.changes(gig.id, int(notice.args["since"] or 0))
        return letters.changed(answer, gig, changes, words)

    @notice("closed")
    async def closed(self, notice: Notice, work: Work) -> Reply | None:
        """It is off; not told when it is on again by now."""
        gig, player, words = await self._of_player(notice, work)
        answer = await work.answers.of(gig.id, player.id) if gig is not None and player is not None else None
        if gig is None or answer is None or answer.state not in INTERESTED or not gig.closed:
            return None
        return letters.ended(answer, gig, words)

    @notice("reopened")
    async def back_on(self, notice: Notice, work: Work) -> Reply | None:
        """It is on again; not told when it is off once more."""
        gig, player, words = await self._of_player(notice, work)
        answer = await work.answers.of(gig.id, player.id) if gig is not None and player is not None else None
        if gig is None or answer is None or answer.state not in INTERESTED or gig.closed:
            return None
        return letters.back_on(answer, gig, words)

    @notice("left")
    async def left(self, notice: Notice, work: Work) -> Reply | None:
        """It went with its poster, who was erased."""
        player = await work.people.get(int(notice.args["to"] or 0))
        return leaving.letter(notice.args, player.words if player is not None else None)

    async def farewell(self, person_id: int, work: Work, now: datetime) -> None:
        """Whoever is erased takes their gigs along, and gives back their chairs; who counted on them is told."""
        await leaving.leave(work, person_id, now)
        await leaving.give_back(work, person_id, now)

    @notice("without")
    async def without(self, notice: Notice, work: Work) -> Reply | None:
        """A player on it was erased. Nothing is said of a gig that is off by now."""
        gig, poster, words = await self._of_player(notice, work)
        now = self._tools.clock.now()
        if gig is None or poster is None or gig.standing(now) in OFF:
            return None
        return leaving.without(gig, AnswerState(str(notice.args["state"])), now, words)

    async def _of_player(self, notice: Notice, work: Work) -> tuple[Gig | None, Person | None, Words | None]:
        gig = await work.gigs.get(int(notice.args["gig_id"] or 0))
        player = await work.people.get(int(notice.args["to"] or 0))
        if gig is None or player is None:
            return None, None, None
        return gig, player, player.words or await community_words(work, gig, self._tools)

    # --- suggestions --------------------------------------------------------------------------------------------------

    async def fee_hint(self, call: Call, values: Mapping[str, str]) -> Line:
        """What members were paid for such a gig, beside the question for its fee."""
        role, kind = (typed.so_far(parameters_of(GigsCog.post), name, values, call) for name in ("role", "type"))
        here, where = call.community_id, values.get("where")
        if role is None or here is None:
            return ()
        return await paid.before_a_post(self._tools.open_work, call, here, role.id, kind, where)

    async def chairs(self, call: Call, typed: str) -> Sequence[Choice]:
        """Chairs while somebody types."""
        return self._suggest.chairs(typed)

    async def some_gigs(self, call: Call, typed: str) -> Sequence[Choice]:
        """Gigs that the caller may look at."""
        return await self._suggest.some_gigs(call, typed)

    async def own_gigs(self, call: Call, typed: str) -> Sequence[Choice]:
        """The caller's own posts."""
        return await self._suggest.own_gigs(call, typed)


async def community_words(work: Work, gig: Gig, tools: Tools) -> Words:
    """Whose trade words a gig's community goes by."""
    community = await work.communities.get(gig.community_id)
    return (community.words if community is not None else None) or tools.defaults.words
