"""Answering gigs and picking players: the five buttons under a card, the poster's three, and what each side is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

from cogs.gigs import asked, cards, letters, paid
from cogs.gigs.answering import AnswerService, let_go_word
from cogs.gigs.clashes import clash_lines
from cogs.gigs.cog import community_words
from cogs.gigs.outcomes import Picked, Said
from cogs.gigs.parts import fee_spans, short
from cogs.gigs.service import look
from cogs.gigs.suggesting import Suggesting
from cogs.kit.action import action as action_id
from cogs.kit.ask import Ask
from cogs.kit.call import Call
from cogs.kit.cog import Cog, action, command, notice
from cogs.kit.faults import Misread, Stale
from cogs.kit.form import Choice
from cogs.kit.reply import DANGER, Button, Reply
from cogs.kit.tools import Tools
from cogs.kit.words import Code, Line, Plain, Who, line, term
from storage.records.answer import ENGAGED, INTERESTED, Answer, AnswerKind, AnswerState
from storage.records.fee import Fee
from storage.records.gig import LISTED, OFF, Gig, GigState
from storage.records.notice import Notice
from storage.records.people import Person, Words
from storage.work import Work

Counter = Annotated[Fee, Ask("What would you do it for?", label="Your fee", example="£250", hint="gig_hint")]
_FEE = Ask("For what fee? Only with counter", label="Your fee", example="£250", hint="gig_hint")


class AnswersCog(Cog, name="answers", topic="Gigs"):
    """Answer a gig, and pick who plays it."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._service = AnswerService(tools)
        self._suggest = Suggesting(tools)

    # --- the player ---------------------------------------------------------------------------------------------------

    @command("gig answer", "Answer a gig: I'm in, pencil me, pass, or counter", example="/gig answer G12 ink")
    async def answer(
        self,
        call: Call,
        id_: asked.Which,
        reply: Annotated[AnswerKind, Ask("What do you say?", label="Answer", also=asked.ANSWER_ALSO)],
        fee: Annotated[Fee | None, _FEE] = None,
        note: asked.Note = None,
    ) -> Reply:
        """Only the poster sees it. A fee makes it a counter-offer."""
        if reply is AnswerKind.COUNTER and fee is None:
            raise Misread("What would you do it for?", example="£250", field="fee")
        if fee is not None and reply is AnswerKind.INK:
            reply = AnswerKind.COUNTER
        counter = fee if reply is AnswerKind.COUNTER else None
        return await self._beside(await self._service.say(call, id_, reply, fee=counter, note=note), call)

    @action("give")
    async def give(self, call: Call, gig_id: int, reply: AnswerKind) -> Reply:
        """The buttons under a card. A counter-offer needs a fee, and has its own."""
        if reply is AnswerKind.COUNTER:
            raise Stale("That button is from an older version of me and no longer does anything.")
        return await self._beside(await self._service.say(call, gig_id, reply), call)

    @action("counter", title="Counter-offer")
    async def counter(self, call: Call, gig_id: int, *, fee: Counter, note: asked.Note = None) -> Reply:
        """In, for another fee."""
        said = await self._service.say(call, gig_id, AnswerKind.COUNTER, fee=fee, note=note)
        return await self._beside(said, call)

    @action("back")
    async def back(self, call: Call, gig_id: int) -> Reply:
        """Take one's answer back, from whatever it has become."""
        return self._said(await self._service.step_back(call, gig_id), call)

    @action("got_it")
    async def got_it(self, call: Call, gig_id: int) -> Reply:
        """What was changed has been seen."""
        said = await self._service.got_it(call, gig_id)
        word = "You had said so already" if said.again else "Noted"
        return Reply(lines=(line(f"{word}: you know ", *short(said.gig), "."),))

    async def _beside(self, said: Said, call: Call) -> Reply:
        """What was said, with where the fee sits that it was said to."""
        gig = said.gig if said.answer.fee is None else replace(said.gig, fee=said.answer.fee)
        reply = self._said(said, call)
        if said.answer.state is AnswerState.PASSED:
            return reply
        return await paid.with_fact(self._tools.open_work, reply, gig, call.words)

    def _said(self, said: Said, call: Call) -> Reply:
        gig, answer = said.gig, said.answer
        if said.stepped_back:
            return Reply(lines=(line("You have stepped back from ", *short(gig), ". The poster is told."),))
        first = _what_was_said(answer, gig, call)
        if said.again:
            first = line("Noted already. ", *first)
        if answer.state is AnswerState.PASSED:
            return Reply(lines=(first,))
        buttons = () if answer.state is AnswerState.INKED else (_take_back(gig),)
        warned = clash_lines(said.clashes, call.words)
        return Reply(lines=(first, *warned, line("Nobody but the poster sees it.")), buttons=buttons)

    # --- the poster ---------------------------------------------------------------------------------------------------

    @command("gig pick", "Ink or pencil somebody who answered your gig", example="/gig pick G12 @sam ink")
    async def pick(
        self,
        call: Call,
        id_: asked.Mine,
        player: Annotated[Person, Ask("Who gets the chair?", label="Player", example="@sam", suggest="players")],
        as_: Annotated[
            asked.PickAs | None, Ask("Inked, or pencilled for now?", label="How firmly", also=asked.PICK_ALSO)
        ] = None,
    ) -> Reply:
        """They are told; when the last chair goes, the others are too."""
        answer = await self._service.answer_of(call, id_, player)
        state = AnswerState.PENCILLED if as_ is asked.PickAs.PENCIL else AnswerState.INKED
        return self._picked(await self._service.pick(call, answer.id, state), call)

    @action("pick")
    async def picked_by_button(self, call: Call, answer_id: int, state: AnswerState) -> Reply:
        """Ink and Pencil under an answer."""
        if state not in ENGAGED:
            raise Stale("That button is from an older version of me and no longer does anything.")
        return self._picked(await self._service.pick(call, answer_id, state), call)

    @command("gig release", "Let a player go from your gig, or tell them no", example="/gig release G12 @sam")
    async def release(
        self,
        call: Call,
        id_: asked.Mine,
        player: Annotated[Person, Ask("Whom do you let go?", label="Player", example="@sam", suggest="players")],
        note: Annotated[
            str | None, Ask("A word to them?", label="Note", example="The date moved, sorry", max_length=200)
        ] = None,
    ) -> Reply:
        """They are told, with your note; the chair is free again."""
        answer = await self._service.answer_of(call, id_, player)
        return self._let_go(await self._service.let_go(call, answer.id, note=note), call)

    @action("let_go")
    async def let_go(self, call: Call, answer_id: int) -> Reply:
        """Decline and Release under an answer."""
        return self._let_go(await self._service.let_go(call, answer_id), call)

    @action("restore")
    async def restore(self, call: Call, answer_id: int) -> Reply:
        """Undo a release, a no, or a step back."""
        done = await self._service.restore(call, answer_id)
        word = cards.state_word(done.answer.state, call.words)
        if done.answer.person_id == call.person_id:
            return Reply(lines=(line("As it was: you are ", word, " for ", *short(done.gig), "."),))
        return Reply(lines=(line("As it was: ", Who(done.player.id, done.player.name), f" is {word}."),))

    def _picked(self, done: Picked, call: Call) -> Reply:
        gig, who = done.gig, Who(done.player.id, done.player.name)
        word = cards.state_word(done.answer.state, call.words)
        if done.again:
            return Reply(lines=(line(who, f" is {word} for ", Code(gig.ref), " already."),))
        lines: list[Line] = [line(who, f" is {word} for ", *short(gig), ", and is told.")]
        if done.answer.fee is not None:
            lines.append(line("For ", *fee_spans(done.answer.fee, call.words), ", as they asked."))
        if gig.state is GigState.FILLED:
            others = f" {done.others} who waited {'is' if done.others == 1 else 'are'} told so." if done.others else ""
            lines.append(line(f"{gig.ref} is filled.{others}"))
        elif gig.seats > 1:
            lines.append(line(f"{gig.free_seats} of {gig.seats} chairs still free."))
        return Reply(
            lines=tuple(lines),
            buttons=(
                Button("Release", action_id("answers.let_go", done.answer.id), DANGER),
                Button("Who answered", action_id("gigs.answers", gig.id, 0)),
            ),
        )

    def _let_go(self, done: Picked, call: Call) -> Reply:
        who = Who(done.player.id, done.player.name)
        word = let_go_word(done.answer.state)
        if done.again:
            return Reply(lines=(line(who, f" was {word} ", Code(done.gig.ref), " already."),))
        return Reply(lines=(line(who, f" is {word} ", *short(done.gig), "."),))

    # --- what is told -------------------------------------------------------------------------------------------------

    @notice("told")
    async def told(self, notice: Notice, work: Work) -> Reply | None:
        """To the poster: somebody answered. Not told once the poster has decided, or it was taken back."""
        found = await self._read_back(notice, work)
        if found is None:
            return None
        answer, gig, player, words = found
        if answer.state not in (AnswerState.WAITING, AnswerState.PENCILLED, AnswerState.PASSED):
            return None
        return letters.told(answer, player, gig, self._tools.clock.now(), words)

    @notice("withdrew")
    async def withdrew(self, notice: Notice, work: Work) -> Reply | None:
        """To the poster: somebody stepped back."""
        found = await self._read_back(notice, work)
        if found is None or found[0].state is not AnswerState.WITHDRAWN:
            return None
        answer, gig, player, _ = found
        return letters.withdrew(answer, player, gig, self._tools.clock.now())

    @notice("returned")
    async def returned(self, notice: Notice, work: Work) -> Reply | None:
        """To the poster: a step back that they have read of was taken back."""
        found = await self._read_back(notice, work)
        if found is None or found[0].state not in INTERESTED:
            return None
        answer, gig, player, words = found
        return letters.returned(answer, player, gig, words)

    @notice("picked")
    async def picked(self, notice: Notice, work: Work) -> Reply | None:
        """To the player: inked or pencilled, unless that has changed since."""
        found = await self._read_back(notice, work)
        if found is None or found[0].state not in ENGAGED or found[0].state.value != notice.args["state"]:
            return None
        answer, gig, _, words = found
        if gig.state in OFF:
            return None  # its own notice says that it is off
        return letters.picked(answer, gig, words)

    @notice("let_go")
    async def was_let_go(self, notice: Notice, work: Work) -> Reply | None:
        """To the player: released, or not this time."""
        found = await self._read_back(notice, work)
        if found is None or found[0].state not in (AnswerState.RELEASED, AnswerState.DECLINED):
            return None
        note = notice.args.get("note")
        return letters.let_go(found[0], found[1], str(note) if note else None)

    @notice("filled")
    async def filled(self, notice: Notice, work: Work) -> Reply | None:
        """To whoever waited: every chair is taken."""
        gig, answer = await self._waiting(notice, work)
        if gig is None or answer is None or gig.state is not GigState.FILLED:
            return None
        return letters.filled(gig)

    @notice("free")
    async def free(self, notice: Notice, work: Work) -> Reply | None:
        """To whoever waited: there is room again."""
        gig, answer = await self._waiting(notice, work)
        if gig is None or answer is None or gig.standing(self._tools.clock.now()) not in LISTED:
            return None
        return letters.free_again(answer, gig)

    async def _waiting(self, notice: Notice, work: Work) -> tuple[Gig | None, Answer | None]:
        gig = await work.gigs.get(int(notice.args["gig_id"] or 0))
        answer = await work.answers.of(gig.id, int(notice.args["to"] or 0)) if gig is not None else None
        if answer is None or answer.state not in INTERESTED - ENGAGED:
            return None, None
        return gig, answer

    async def _read_back(self, notice: Notice, work: Work) -> tuple[Answer, Gig, Person, Words] | None:
        answer = await work.answers.get(int(notice.args["answer_id"] or 0))
        gig = await work.gigs.get(answer.gig_id) if answer is not None else None
        player = await work.people.get(answer.person_id) if answer is not None else None
        reader = await work.people.get(int(notice.args["to"] or 0))
        if answer is None or gig is None or player is None:
            return None
        words = (reader.words if reader is not None else None) or await community_words(work, gig, self._tools)
        return answer, gig, player, words

    # --- suggestions --------------------------------------------------------------------------------------------------

    async def gig_hint(self, call: Call, values: Mapping[str, str], gig_id: int | None = None) -> Line:
        """What members were paid for such a gig, beside the question for a counter-offer."""
        said = values.get("id", "").lstrip("#Gg")
        number = gig_id if gig_id is not None else int(said) if said.isdecimal() and len(said) < 10 else None
        if number is None:
            return ()
        async with self._tools.open_work(reading=True) as work:
            return await paid.before_a_counter(work, await look(work, number, call.person_id), call.words)

    async def some_gigs(self, call: Call, typed: str) -> Sequence[Choice]:
        """Gigs that the caller may look at."""
        return await self._suggest.some_gigs(call, typed)

    async def own_gigs(self, call: Call, typed: str) -> Sequence[Choice]:
        """The caller's own posts."""
        return await self._suggest.own_gigs(call, typed)

    async def players(self, call: Call, typed: str) -> Sequence[Choice]:
        """Who has answered the caller's gigs."""
        return await self._suggest.players(call, typed)


def _take_back(gig: Gig) -> Button:
    return Button("Take it back", action_id("answers.back", gig.id))


def _what_was_said(answer: Answer, gig: Gig, call: Call) -> Line:
    """The player's own answer, repeated to them."""
    if answer.state is AnswerState.INKED:
        return line(f"You are {term('inked', call.words)} for ", *short(gig), ".")
    match answer.reply:
        case AnswerKind.PASS:
            return line("You pass on ", *short(gig), ".")
        case AnswerKind.PENCIL:
            said = line("You asked for a ", term("pencil", call.words), ": ", *short(gig))
        case AnswerKind.COUNTER:
            assert answer.fee is not None  # a counter-offer has one
            said = line("You offer to do it for ", *fee_spans(answer.fee, call.words), ": ", *short(gig))
        case _:
            said = line("You're in if they pick you: ", *short(gig))
    return (*said, Plain("."))
