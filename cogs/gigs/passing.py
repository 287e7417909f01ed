"""Passing a gig on to a colleague, and the ledger of who passed whom what."""

from __future__ import annotations

from cogs.gigs import rules, telling
from cogs.gigs.answering import how_it_stands
from cogs.gigs.outcomes import Handed, Ledger, Passed
from cogs.gigs.service import look
from cogs.kit.call import Call
from cogs.kit.faults import Conflict, NotFound
from cogs.kit.tools import Tools
from storage.records.gig import Audience, Gig
from storage.records.people import Person, Topic
from storage.work import Work


class PassingService:
    """What people do with referrals."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work

    async def refer(self, call: Call, gig_id: int, receiver: Person, note: str | None) -> Passed:
        """Pass a gig on; the colleague is told privately, with credit to the caller.

        Raises Conflict for the poster, oneself, unpaid gigs, somebody outside the community, or a sixth colleague.
        """
        async with self._open_work() as work:
            gig = await look(work, gig_id, call.person_id, holding=True)
            if not rules.wants_answers(gig, call.now):
                raise how_it_stands(gig, call)
            await self._check(work, gig, call, receiver)
            kept = await work.referrals.pass_on(gig.id, call.person_id, receiver.id, call.now, note=note)
            if kept is None:
                return Passed(gig=gig, receiver=receiver, again=True)
            if await work.referrals.number_by(gig.id, call.person_id) > rules.REFERRALS_A_GIG:
                raise Conflict(f"You have passed {gig.ref} to {rules.REFERRALS_A_GIG} people; more would be a mailing.")
            await telling.tell(
                work,
                "referrals.passed",
                receiver.id,
                gig,
                call.now,
                args={"referral_id": kept.id},
                topic=Topic.GIGS,
            )
            await work.commit()
        return Passed(gig=gig, receiver=receiver)

    async def _check(self, work: Work, gig: Gig, call: Call, receiver: Person) -> None:
        if receiver.id == call.person_id:
            raise Conflict("That is you.", how=f"To answer yourself: /gig answer id={gig.ref} reply=ink")
        if receiver.id == gig.poster_id:
            raise Conflict(f"{receiver.name} posted {gig.ref}.")
        if not await work.communities.is_member(receiver.id, gig.community_id):
            raise Conflict(f"{receiver.name} is not in the community where {gig.ref} was posted.")
        if gig.audience is not Audience.BOARD:
            raise Conflict(
                f"{gig.ref} is offered to a few people in private, so it is not passed on here.",
                how="Ask its poster, or tell them whom you would send.",
            )
        if gig.unpaid:
            raise Conflict(
                "Unpaid gigs are not passed on here: they go to people who asked to see them.",
                how="Tell your colleague yourself.",
            )

    async def ledger(self, call: Call) -> Ledger:
        """Who passed the caller work, and to whom they passed it."""
        async with self._open_work(reading=True) as work:
            to_me = await work.referrals.passed_to(call.person_id)
            by_me = await work.referrals.passed_by(call.person_id)
            people = await work.people.many(sorted({entry.person_id for entry in (*to_me, *by_me)}))
        return Ledger(to_me=to_me, by_me=by_me, people=people)

    async def thank(self, call: Call, giver_id: int) -> Ledger:
        """Note that the caller has thanked somebody for what they passed on. Raises NotFound when there was nothing."""
        async with self._open_work() as work:
            if not await work.referrals.thank(giver_id, call.person_id, call.now):
                raise NotFound("referral", list_command="/ledger")
            await work.commit()
        return await self.ledger(call)


async def handed(work: Work, referral_id: int) -> Handed | None:
    """A referral with everybody in it; None when some of it is gone."""
    referral = await work.referrals.get(referral_id)
    gig = await work.gigs.get(referral.gig_id) if referral is not None else None
    if referral is None or gig is None:
        return None
    links = await work.referrals.chain(referral.id)
    ids = [link.giver_id for link in links]
    people = await work.people.many(sorted({referral.giver_id, referral.receiver_id, *ids}))
    if not {referral.giver_id, referral.receiver_id} <= people.keys():
        return None
    return Handed(
        gig=gig,
        referral=referral,
        giver=people[referral.giver_id],
        receiver=people[referral.receiver_id],
        chain=tuple(people[person_id] for person_id in ids if person_id in people),
    )
