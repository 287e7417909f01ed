"""Passing gigs on, with credit, and the private ledger of who passed whom what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from cogs.gigs import asked, letters, lists
from cogs.gigs.cog import community_words
from cogs.gigs.outcomes import Passed
from cogs.gigs.parts import short
from cogs.gigs.passing import PassingService, handed
from cogs.gigs.suggesting import Suggesting
from cogs.kit.ask import Ask
from cogs.kit.call import Call
from cogs.kit.cog import Cog, action, command, notice
from cogs.kit.form import Choice
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from cogs.kit.words import Who, line
from storage.records.gig import LISTED
from storage.records.notice import Notice
from storage.records.people import Person
from storage.work import Work

Colleague = Annotated[Person, Ask("To whom?", label="Colleague", example="@sam")]
Word = Annotated[str | None, Ask("A word to go with it?", label="Note", example="Right up your street", max_length=200)]


class ReferralsCog(Cog, name="referrals", topic="Gigs"):
    """Pass a gig to a colleague, and see who passed you work."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._service = PassingService(tools)
        self._suggest = Suggesting(tools)

    @command("gig refer", "Pass a gig to a colleague, with credit to you", example="/gig refer G12 @sam")
    async def refer(self, call: Call, id_: asked.Which, player: Colleague, note: Word = None) -> Reply:
        """They get the card privately, and hear from whom."""
        return self._passed(await self._service.refer(call, id_, player, note))

    @action("hand", title="Pass it on")
    async def hand(self, call: Call, gig_id: int, *, player: Colleague, note: Word = None) -> Reply:
        """The same from a button."""
        return self._passed(await self._service.refer(call, gig_id, player, note))

    def _passed(self, done: Passed) -> Reply:
        who = Who(done.receiver.id, done.receiver.name)
        if done.again:
            return Reply(lines=(line("You had passed ", *short(done.gig), " to ", who, " already."),))
        return Reply(
            lines=(
                line("Passed to ", who, ": ", *short(done.gig), "."),
                line("They hear that it came from you. If they get it, so do you."),
            )
        )

    @command("ledger", "Who passed you gigs, to whom you passed some, and who is owed a thank-you")
    async def ledger(self, call: Call) -> Reply:
        """Private, both ways."""
        return lists.ledger(await self._service.ledger(call), call)

    @action("thanked")
    async def thanked(self, call: Call, giver_id: int) -> Reply:
        """Note that somebody has been thanked."""
        return lists.ledger(await self._service.thank(call, giver_id), call)

    @notice("passed")
    async def passed(self, notice: Notice, work: Work) -> Reply | None:
        """To the colleague; not when the gig is gone by now."""
        now = self._tools.clock.now()
        found = await handed(work, int(notice.args["referral_id"] or 0))
        if found is None or found.gig.standing(now) not in LISTED:
            return None
        poster = await work.people.get(found.gig.poster_id)
        words = found.receiver.words or await community_words(work, found.gig, self._tools)
        return letters.passed_on(found, poster, now, words)

    @notice("won")
    async def won(self, notice: Notice, work: Work) -> Reply | None:
        """To whoever passed it on: it became work."""
        found = await handed(work, int(notice.args["referral_id"] or 0))
        return letters.won(found) if found is not None and found.referral.won_at is not None else None

    async def some_gigs(self, call: Call, typed: str) -> Sequence[Choice]:
        """Gigs that the caller may look at."""
        return await self._suggest.some_gigs(call, typed)
