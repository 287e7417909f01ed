"""What players say and whom the poster picks: answers move, chairs are taken and freed, everybody hears their part."""

from __future__ import annotations

from datetime import datetime

from cogs.gigs import rules, telling
from cogs.gigs.outcomes import Picked, Said
from cogs.gigs.rules import Deed
from cogs.gigs.service import look, manage, runs
from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.faults import Conflict, NotAllowed, NotFound, Stale
from cogs.kit.tools import Tools
from cogs.kit.undo import offer_undo
from cogs.kit.words import Code, Plain
from storage.records.answer import ENGAGED, Answer, AnswerKind, AnswerState
from storage.records.fee import Fee
from storage.records.gig import LISTED, Gig, GigState
from storage.records.people import Person, Topic
from storage.work import Work


def how_it_stands(gig: Gig, call: Call) -> Stale:
    """What somebody is told who presses a button of a gig that takes no answers any more."""
    standing = gig.standing(call.now)
    at = gig.expires_at if standing is GigState.EXPIRED and gig.state is not standing else gig.state_at
    words = {
        GigState.FILLED: "was filled",
        GigState.CANCELLED: "was cancelled",
        GigState.POSTPONED: "was postponed",
        GigState.EXPIRED: "left the board",
        GigState.REVIEW: "is off the board",
        GigState.REMOVED: "is off the board",
    }
    return Stale(Code(gig.ref), Plain(f" {words.get(standing, 'has changed')}."), at=at)


def let_go_word(state: AnswerState) -> str:
    """What was done to somebody who was let go, before the gig it was done for."""
    return "released from" if state is AnswerState.RELEASED else "told no for"


async def freed(work: Work, gig: Gig, now: datetime) -> Gig:
    """After an answer has left: count again, and if a full gig has room now, say so to whoever still waits."""
    settled = await work.gigs.settle(gig.id, now)
    if settled.state in LISTED and settled.expires_at <= now and not rules.is_over(gig.span, now):
        # Filled long ago, so that its thirty days on the board are over; it needs new ones.
        settled = await work.gigs.extend(gig.id, rules.expiry(gig.span, now)) or settled
    if gig.state is GigState.FILLED and settled.state in LISTED and settled.standing(now) in LISTED:
        for waiting in await work.answers.to(gig.id, {AnswerState.WAITING}):
            await work.notices.cancel("answers.filled", now, gig_id=gig.id, to=waiting.person_id)
            await telling.tell(
                work,
                "answers.free",
                waiting.person_id,
                settled,
                now,
                args={"gig_id": gig.id},
                topic=Topic.OFFERS,
            )
        await telling.set_alarms(work, settled, now)
    await telling.redraw(work, settled, now)
    return settled


class AnswerService:
    """What is done to answers."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work
        self._clock = tools.clock

    async def say(
        self, call: Call, gig_id: int, reply: AnswerKind, *, fee: Fee | None = None, note: str | None = None
    ) -> Said:
        """Answer a gig, or answer it differently; the poster is told, nobody else.

        Raises Stale when it takes no answers any more, Conflict on one's own gig or when inked already.
        """
        async with self._open_work() as work:
            gig = await look(work, gig_id, call.person_id, holding=True)
            if gig.poster_id == call.person_id:
                raise Conflict(f"{gig.ref} is your own post.", how=f"See who answered: /gig show id={gig.ref}")
            before = await work.answers.of(gig_id, call.person_id)
            if before is not None and _same(before, reply, fee, note):
                return Said(gig=gig, answer=before, again=True)
            deed = Deed.SAY if rules.is_offer(reply) else Deed.PASS
            after = rules.follows(deed, before.state if before else None)
            if after is None:
                raise Conflict(
                    f"You are inked for {gig.ref}.", how="If you cannot do it, step back and say so to the poster."
                )
            if after is AnswerState.WITHDRAWN:
                assert before is not None
                return await self._step_back(work, gig, before, call)
            if not rules.wants_answers(gig, call.now):
                raise how_it_stands(gig, call)
            answer = await work.answers.say(gig_id, call.person_id, reply, after, call.now, fee=fee, note=note)
            await self._tell_poster(work, gig, answer, before, call)
            await work.notices.cancel("answers.free", call.now, gig_id=gig_id, to=call.person_id)
            clashes = None
            if answer.state is not AnswerState.PASSED:
                clashes = await work.diaries.clashes(call.person_id, gig.span, but_gig=gig_id)
            await work.commit()
        return Said(gig=gig, answer=answer, clashes=clashes)

    async def _tell_poster(self, work: Work, gig: Gig, answer: Answer, before: Answer | None, call: Call) -> None:
        if answer.state is AnswerState.PASSED:
            # A pass is worth a word only from somebody who had said yes; a board full of passes is noise.
            await work.notices.cancel("answers.told", call.now, answer_id=answer.id)
            if before is None or before.state is not AnswerState.WAITING:
                return
        await telling.tell(
            work, "answers.told", gig.poster_id, gig, call.now, args={"answer_id": answer.id}, topic=Topic.OFFERS
        )

    async def step_back(self, call: Call, gig_id: int) -> Said:
        """Take one's answer back, whatever became of it; a chair that was taken is free again.

        Raises Stale when there is nothing to take back.
        """
        async with self._open_work() as work:
            gig = await look(work, gig_id, call.person_id, holding=True)
            answer = await work.answers.of(gig_id, call.person_id)
            if answer is None or rules.follows(Deed.WITHDRAW, answer.state) is None:
                raise Stale(f"You are not down for {gig.ref}.")
            return await self._step_back(work, gig, answer, call)

    async def _step_back(self, work: Work, gig: Gig, answer: Answer, call: Call) -> Said:
        _refuse_when_over(gig, answer, call)
        moved = await work.answers.move(answer.id, AnswerState.WITHDRAWN, {answer.state}, call.now)
        assert moved is not None  # the gig is held
        settled = await freed(work, gig, call.now)
        await work.notices.cancel("answers.told", call.now, answer_id=answer.id)
        await telling.tell(
            work,
            "answers.withdrew",
            gig.poster_id,
            gig,
            call.now,
            args={"answer_id": answer.id},
            topic=None if answer.state in ENGAGED else Topic.OFFERS,
        )
        await offer_undo(work, call, f"Stepped back from {gig.ref}", action("answers.restore", answer.id))
        await work.commit()
        return Said(gig=settled, answer=moved, stepped_back=True)

    async def pick(self, call: Call, answer_id: int, state: AnswerState) -> Picked:
        """Ink or pencil a player who answered, and tell them; when the last chair goes, tell the others.

        Of two who pick for the last chair one wins. Raises Stale when it is gone, or the answer was taken back.
        """
        deed = Deed.INK if state is AnswerState.INKED else Deed.PENCIL
        async with self._open_work() as work:
            gig, answer = await self._theirs(work, answer_id, call)
            player = await _player(work, answer)
            if answer.state is state:
                return Picked(gig=gig, answer=answer, player=player, again=True)
            if rules.follows(deed, answer.state) is None:
                raise Stale(*_stands(answer, player))
            if not rules.wants_answers(gig, call.now):
                raise how_it_stands(gig, call)
            if deed is Deed.INK and await work.gigs.take_seat(gig.id) is None:
                raise Stale(f"Every chair of {gig.ref} is taken.")
            moved = await work.answers.move(answer.id, state, rules.from_states(deed), call.now, got_it=gig.revision)
            assert moved is not None  # the gig is held
            gig = await work.gigs.settle(gig.id, call.now)
            await self._tell_player(work, "answers.picked", gig, moved, call)
            others = 0
            if gig.state is GigState.FILLED:
                others = await telling.say_filled(work, gig, call.now)
                gig = await work.gigs.settle(gig.id, call.now)
            if deed is Deed.INK:
                await self._credit(work, gig, moved, call)
            await telling.redraw(work, gig, call.now)
            await work.commit()
        return Picked(gig=gig, answer=moved, player=player, others=others)

    async def _credit(self, work: Work, gig: Gig, answer: Answer, call: Call) -> None:
        """Whoever passed this gig to the player hears that it became work."""
        referral = await work.referrals.first_to(gig.id, answer.person_id)
        if referral is not None and await work.referrals.won(referral.id, call.now) is not None:
            await telling.tell(
                work,
                "referrals.won",
                referral.giver_id,
                gig,
                call.now,
                args={"referral_id": referral.id},
                topic=Topic.GIGS,
            )

    async def let_go(self, call: Call, answer_id: int, *, note: str | None = None) -> Picked:
        """Decline an answer, or release a player who was pencilled or inked; they are told."""
        async with self._open_work() as work:
            gig, answer = await self._theirs(work, answer_id, call)
            player = await _player(work, answer)
            deed = Deed.RELEASE if answer.state in ENGAGED else Deed.DECLINE
            if answer.state in (AnswerState.RELEASED, AnswerState.DECLINED):
                return Picked(gig=gig, answer=answer, player=player, again=True)
            after = rules.follows(deed, answer.state)
            if after is None:
                raise Stale(*_stands(answer, player))
            _refuse_when_over(gig, answer, call)
            moved = await work.answers.move(answer.id, after, {answer.state}, call.now)
            assert moved is not None  # the gig is held
            settled = await freed(work, gig, call.now)
            await work.notices.cancel("answers.picked", call.now, answer_id=answer.id)
            await self._tell_player(work, "answers.let_go", settled, moved, call, note=note)
            done = f"{player.name[:40]} {let_go_word(moved.state)} {gig.ref}"
            await offer_undo(work, call, done, action("answers.restore", answer.id))
            await work.commit()
        return Picked(gig=settled, answer=moved, player=player)

    async def restore(self, call: Call, answer_id: int) -> Picked:
        """Undo a release, a no or a step back, within ten minutes, by whoever did it; if the chair is still free.

        Raises Stale otherwise.
        """
        async with self._open_work() as work:
            answer = await work.answers.get(answer_id)
            held = await work.gigs.hold(answer.gig_id) if answer is not None else None
            answer = await work.answers.get(answer_id)
            if answer is None or held is None:
                raise NotFound("answer", f"O{answer_id}")
            by_player = answer.state is AnswerState.WITHDRAWN
            if not (answer.person_id == call.person_id if by_player else runs(held, call)):
                raise NotFound("answer", f"O{answer_id}")
            if not rules.can_restore(answer, call.now):
                raise Stale("That can no longer be taken back.")
            before = answer.before
            assert before is not None  # can_restore says so
            if before in ENGAGED and not rules.wants_answers(held, call.now):
                raise how_it_stands(held, call)
            if before is AnswerState.INKED and await work.gigs.take_seat(held.id) is None:
                raise Stale(f"Every chair of {held.ref} is taken by now.")
            back = await work.answers.move(answer.id, before, {answer.state}, call.now)
            assert back is not None  # the gig is held
            gig = await work.gigs.settle(held.id, call.now)
            if gig.state is GigState.FILLED:
                await telling.say_filled(work, gig, call.now)
            player = await _player(work, back)
            await self._take_words_back(work, gig, back, call, by_player=by_player)
            await telling.redraw(work, gig, call.now)
            await work.commit()
        return Picked(gig=gig, answer=back, player=player)

    async def _take_words_back(self, work: Work, gig: Gig, answer: Answer, call: Call, *, by_player: bool) -> None:
        """Call off what has not been read; who has read it hears how it is now."""
        kind = "answers.withdrew" if by_player else "answers.let_go"
        if await work.notices.cancel(kind, call.now, answer_id=answer.id):
            return
        if by_player:
            await telling.tell(work, "answers.returned", gig.poster_id, gig, call.now, args={"answer_id": answer.id})
        elif answer.state in ENGAGED:
            await self._tell_player(work, "answers.picked", gig, answer, call)

    async def got_it(self, call: Call, gig_id: int) -> Said:
        """A player who is pencilled or inked has seen what was changed. Raises Stale for anybody else."""
        async with self._open_work() as work:
            gig = await look(work, gig_id, call.person_id, holding=True)
            answer = await work.answers.of(gig_id, call.person_id)
            if answer is None or answer.state not in ENGAGED:
                raise Stale(f"You are not down for {gig.ref}.")
            seen = await work.answers.got_it(answer.id, gig.revision)
            await work.commit()
        return Said(gig=gig, answer=seen or answer, again=seen is None)

    async def answer_of(self, call: Call, gig_id: int, person: Person) -> Answer:
        """What a player said to one of the caller's gigs. Raises Conflict when they said nothing."""
        async with self._open_work(reading=True) as work:
            gig = await manage(work, gig_id, call, holding=False)
            answer = await work.answers.of(gig_id, person.id)
        if answer is None:
            raise Conflict(
                f"{person.name} has not answered {gig.ref}.", how="You can pass it on to them with /gig refer."
            )
        return answer

    async def _theirs(self, work: Work, answer_id: int, call: Call) -> tuple[Gig, Answer]:
        """An answer and its gig, held, for somebody who runs the gig; to others there is no such answer."""
        answer = await work.answers.get(answer_id)
        if answer is None:
            raise NotFound("answer", f"O{answer_id}")
        try:
            gig = await manage(work, answer.gig_id, call)
        except NotAllowed:
            raise NotFound("answer", f"O{answer_id}") from None
        except NotFound:
            raise NotFound("answer", f"O{answer_id}") from None
        answer = await work.answers.get(answer_id)  # again, now that nobody else can move it
        if answer is None:
            raise NotFound("answer", f"O{answer_id}")
        return gig, answer

    async def _tell_player(
        self, work: Work, kind: str, gig: Gig, answer: Answer, call: Call, *, note: str | None = None
    ) -> None:
        args: dict[str, int | str | None] = {"answer_id": answer.id, "state": answer.state.value}
        if note:
            args["note"] = note
        await telling.tell(work, kind, answer.person_id, gig, call.now, args=args)


def _refuse_when_over(gig: Gig, answer: Answer, call: Call) -> None:
    """Nobody leaves a gig that has been played: who was inked is what its invoice and its thanks hang on."""
    if answer.state in ENGAGED and rules.is_over(gig.span, call.now):
        raise Stale(Code(gig.ref), Plain(" is over."), at=rules.gig_time(gig.span))


async def _player(work: Work, answer: Answer) -> Person:
    player = await work.people.get(answer.person_id)
    assert player is not None  # the foreign key holds
    return player


def _same(before: Answer, reply: AnswerKind, fee: Fee | None, note: str | None) -> bool:
    """Whether saying this would change nothing: the same button twice."""
    if reply is AnswerKind.PASS:
        return before.state in (AnswerState.PASSED, AnswerState.WITHDRAWN)
    standing = before.state in (AnswerState.WAITING, AnswerState.PENCILLED)
    inked = before.state is AnswerState.INKED and reply is AnswerKind.INK
    return inked or (standing and (before.reply, before.fee, before.note) == (reply, fee, note))


def _stands(answer: Answer, player: Person) -> tuple[str, ...]:
    words = {
        AnswerState.WITHDRAWN: "has stepped back",
        AnswerState.PASSED: "has passed",
        AnswerState.DECLINED: "was told no; they can answer again",
        AnswerState.RELEASED: "was released; they can answer again",
        AnswerState.INKED: "is inked",
        AnswerState.PENCILLED: "is pencilled",
    }
    return (f"{player.name} {words.get(answer.state, 'has changed their answer')}.",)
