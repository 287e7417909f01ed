"""What people are told privately about gigs: to the poster, to players, to whoever passed one on or watches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from cogs.gigs import cards, parts
from cogs.gigs.fields import GigField
from cogs.gigs.outcomes import Handed
from cogs.kit.action import action
from cogs.kit.reply import DANGER, MAIN, Button, Field, Reply, Row
from cogs.kit.words import Code, Line, Plain, Shown, Span, Who, line, term
from storage.records.answer import ENGAGED, Answer, AnswerKind, AnswerState
from storage.records.fee import Basis, Fee, Unit
from storage.records.gig import LISTED, Gig, GigChange, GigState
from storage.records.money import Money
from storage.records.people import Person, Words
from storage.records.times import Span as Stretch

# --- to the poster ----------------------------------------------------------------------------------------------------


def told(answer: Answer, player: Person, gig: Gig, now: datetime, words: Words | None) -> Reply:
    """Somebody answered."""
    if answer.state is AnswerState.PASSED:
        return Reply(lines=(line(Who(player.id, player.name), " has passed on ", *parts.short(gig), "."),))
    return Reply(
        title=f"An answer to {gig.ref}",
        lines=(cards.answer_line(answer, player, gig, words), line(*parts.short(gig))),
        buttons=cards.decide_buttons(answer, gig, now),
        also=(line("Only you see this. Everybody who answered: ", Code(f"/gig show {gig.ref}")),),
    )


def withdrew(answer: Answer, player: Person, gig: Gig, now: datetime) -> Reply:
    """Somebody took their answer back."""
    lines = [line(Who(player.id, player.name), " has stepped back from ", *parts.short(gig), ".")]
    if answer.before in ENGAGED and gig.standing(now) in LISTED:
        lines.append(line("The chair is free again, and the card says so."))
    return Reply(lines=tuple(lines), buttons=(Button("Who answered", action("gigs.answers", gig.id, 0)),))


def returned(answer: Answer, player: Person, gig: Gig, words: Words | None) -> Reply:
    """Somebody who had stepped back has taken that back, within minutes."""
    word = cards.state_word(answer.state, words)
    return Reply(
        lines=(
            line(Who(player.id, player.name), " has not stepped back after all: ", *parts.short(gig), "."),
            line(f"They are {word} as before."),
        ),
        buttons=(Button("Who answered", action("gigs.answers", gig.id, 0)),),
    )


def reply_by_passed(gig: Gig, waiting: Sequence[Person]) -> Reply:
    """The time by which players were to answer is over; what the poster does now is theirs to say."""
    count = len(waiting)
    if not waiting:
        said: Line = line("Nobody is waiting for you. The card stays up until the gig.")
    else:
        names: list[Span] = []
        for person in waiting[:6]:
            names += [Plain(", ") if names else Plain(""), Who(person.id, person.name)]
        rest = f" and {count - 6} more" if count > 6 else ""
        said = line(f"{count} waiting for you: ", *names, f"{rest}.")
    return Reply(
        title=f"{gig.ref}: the reply-by time has passed",
        lines=(line(*parts.short(gig)), said),
        buttons=(
            Button("Who answered", action("gigs.answers", gig.id, 0), MAIN),
            Button("Close it", action("gigs.closing", gig.id)),
        ),
    )


def expired(gig: Gig, waiting: int, *, over: bool) -> Reply:
    """The post left the board by itself."""
    lines = [line(*parts.short(gig), " has left the board: " + ("its time has come." if over else "30 days are over."))]
    if waiting:
        lines.append(line(f"{waiting} {'answer was' if waiting == 1 else 'answers were'} still waiting for you."))
    buttons = [Button("Who answered", action("gigs.answers", gig.id, 0))] if waiting else []
    if not over:
        buttons.append(Button("Keep it up", action("gigs.reopen", gig.id), MAIN))
    return Reply(lines=tuple(lines), buttons=tuple(buttons))


# --- to players -------------------------------------------------------------------------------------------------------


def picked(answer: Answer, gig: Gig, words: Words | None) -> Reply:
    """The poster has inked or pencilled the reader."""
    inked = answer.state is AnswerState.INKED
    word = term("inked" if inked else "pencilled", words)
    chair = parts.chair(gig.role)
    opening = line(f"You are {word} for ", Code(gig.ref), f": {chair}.")
    lines = [opening, line("The chair is yours." if inked else "It is provisional until you are inked or released.")]
    return Reply(
        lines=tuple(lines),
        fields=parts.fields(gig, words, fee=answer.fee),
        buttons=(
            Button("Step back", action("answers.back", gig.id), DANGER),
            Button("Who's asking?", action("gigs.asker", gig.id)),
            Button("Calendar file", action("ics.gig", gig.id)),
        ),
        entry=parts.entry(gig, tentative=not inked),
    )


def let_go(answer: Answer, gig: Gig, note: str | None) -> Reply:
    """The poster has said no, or has released the reader."""
    if answer.state is AnswerState.RELEASED:
        first = line("You are released from ", *parts.short(gig), ". That date is free again.")
    else:
        first = line("Not this time for ", *parts.short(gig), ". Thanks for answering.")
    return Reply(lines=(first, *((line("From the poster: ", Plain(f"“{note}”")),) if note else ())))


def filled(gig: Gig) -> Reply:
    """Every chair is taken, and the reader has none of them."""
    return Reply(
        lines=(
            line(*parts.short(gig), " is filled. Thanks for answering."),
            line("If a chair comes free you hear of it."),
        ),
        buttons=(Button("Take my answer back", action("answers.back", gig.id)),),
    )


def free_again(answer: Answer, gig: Gig) -> Reply:
    """A chair of a full gig has come free, and the reader had answered."""
    return Reply(
        lines=(
            line(*parts.short(gig), " has a free chair again."),
            line(f"You said {cards.said_text(answer)}. If that still holds there is nothing to do."),
        ),
        buttons=(
            *((Button("I'm in", action("answers.give", gig.id, AnswerKind.INK), MAIN),) if _could_ink(answer) else ()),
            Button("Step back", action("answers.back", gig.id), DANGER),
        ),
    )


def _could_ink(answer: Answer) -> bool:
    return answer.reply is AnswerKind.PENCIL


_ENDINGS = {
    GigState.CANCELLED: "is cancelled",
    GigState.POSTPONED: "is postponed; there is no new date yet",
    GigState.FILLED: "has been filled another way",
    GigState.REMOVED: "was taken off the board by the moderators",
}


def ended(answer: Answer, gig: Gig, words: Words | None) -> Reply:
    """The poster closed a gig that the reader had answered."""
    lines = [line(*parts.short(gig), f" {_ENDINGS.get(gig.state, 'is closed')}.")]
    if answer.state in ENGAGED and gig.state is not GigState.FILLED:
        then = {
            GigState.CANCELLED: "That date is free again.",
            GigState.REMOVED: "Ask its poster, or a moderator, before you count on it.",
        }.get(gig.state, "You would be asked anew for a new date.")
        lines.append(line(f"You were {cards.state_word(answer.state, words)} for it. {then}"))
    elif answer.state in ENGAGED:
        lines.append(line(f"You are still {cards.state_word(answer.state, words)} for it."))
    else:
        lines.append(line("Thanks for answering."))
    return Reply(lines=tuple(lines), buttons=(Button("Who's asking?", action("gigs.asker", gig.id)),))


def back_on(answer: Answer, gig: Gig, words: Words | None) -> Reply:
    """A gig that was off is on again."""
    return Reply(
        lines=(
            line(*parts.short(gig), " is back on."),
            line(f"You: {cards.mine_text(answer, words)}."),
        ),
        fields=(parts.when_field(gig),),
        buttons=(Button("Step back", action("answers.back", gig.id), DANGER),),
    )


def changed(answer: Answer, gig: Gig, changes: Sequence[GigChange], words: Words | None) -> Reply | None:
    """What is different now, old and new; who is in says whether it still suits. None when all is as it was."""
    merged = _merged(changes)
    if not merged:
        return None
    lines = [line(*parts.short(gig), " has changed.")]
    engaged = answer.state in ENGAGED
    if engaged:
        lines.append(line(f"You are {cards.state_word(answer.state, words)}. Does it still suit you?"))
    step_back = Button("Step back", action("answers.back", gig.id), DANGER)
    return Reply(
        lines=tuple(lines),
        fields=tuple(_difference(name, before, after, words) for name, (before, after) in merged.items()),
        buttons=(Button("Got it", action("answers.got_it", gig.id), MAIN), step_back) if engaged else (step_back,),
    )


def _merged(changes: Sequence[GigChange]) -> dict[str, tuple[object, object]]:
    """Each field once, from what stood there first to what stands there last; what went there and back is left out."""
    found: dict[str, tuple[object, object]] = {}
    for change in changes:
        first = found[change.field][0] if change.field in found else change.before
        found[change.field] = (first, change.after)
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}


def _difference(name: str, before: object, after: object, words: Words | None) -> Field:
    return Field(GigField(name).label, line(*_shown(name, before, words), " → ", *_shown(name, after, words)))


def _shown(name: str, value: object, words: Words | None) -> Line:
    """A value as `GigChange` keeps it, in spans."""
    if value is None:
        return line("not said")
    if isinstance(value, Mapping) and "start" in value:
        end = value.get("end")
        return parts.when_spans(
            Stretch(
                datetime.fromisoformat(str(value["start"])),
                None if end is None else datetime.fromisoformat(str(end)),
                str(value["zone"]),
                bool(value["whole_days"]),
            ),
            Shown.SHORT,
        )
    if isinstance(value, Mapping) and "basis" in value:
        minor = value.get("minor")
        money = None if minor is None else Money(int(str(minor)), str(value["currency"]))
        return parts.fee_spans(Fee(Basis(value["basis"]), money, Unit(value["unit"])), words)
    if isinstance(value, Mapping) and "at" in value:
        at = datetime.fromisoformat(str(value["at"]))
        return parts.moment_spans(at, str(value["zone"]))
    if name == "role":
        return line(parts.chair(str(value)))
    return line(str(value).replace("_", " ") if name in ("usage", "union") else str(value))


# --- to colleagues and watchers ---------------------------------------------------------------------------------------


def passed_on(handed: Handed, poster: Person | None, now: datetime, words: Words | None) -> Reply:
    """A colleague thought of the reader."""
    giver = handed.giver
    lines = [line(Who(giver.id, giver.name), " passed this on to you.")]
    before = [person for person in handed.chain if person.id != giver.id]
    if before:
        names: list[Span] = []
        for person in before:
            names += [Plain(", ") if names else Plain(""), Who(person.id, person.name)]
        lines.append(line("It came by way of ", *names, "."))
    if handed.referral.note:
        lines.append(line(Who(giver.id, giver.name), ": ", Plain(f"“{handed.referral.note}”")))
    return _private_card(handed.gig, poster, now, words, lines)


def hit(
    gig: Gig, poster: Person | None, now: datetime, words: Words | None, *, why: str, paid: tuple[Line, ...] = ()
) -> Reply:
    """A new post fits what the reader watches for. paid: where its fee sits beside what members were paid."""
    card = _private_card(gig, poster, now, words, [], paid)
    return card.with_(also=(*card.also, line(why)))


def offered(gig: Gig, poster: Person | None, now: datetime, words: Words | None) -> Reply:
    """The poster asks the reader, and not the board. That there is a list is nobody's business but the poster's."""
    who: Span = Who(poster.id, poster.name) if poster is not None else Plain("Its poster")
    card = _private_card(gig, poster, now, words, [line(who, " asks you directly. It is not on the board.")])
    return card.with_(buttons=card.buttons[:-1])  # what is offered in private is not passed on


def _private_card(
    gig: Gig,
    poster: Person | None,
    now: datetime,
    words: Words | None,
    lines: Sequence[Line],
    paid: tuple[Line, ...] = (),
) -> Reply:
    card = cards.board(gig, poster, now, words, paid=paid)
    hand = Button("Pass it on", action("referrals.hand", gig.id))
    return card.with_(lines=(*lines, *card.lines), buttons=(*card.buttons, hand), card=None, tags=None)


def won(handed: Handed) -> Reply:
    """What the reader passed on became work."""
    receiver = handed.receiver
    return Reply(
        lines=(
            line(Who(receiver.id, receiver.name), " got ", Code(handed.gig.ref), " through you."),
            line(*parts.short(handed.gig)),
        )
    )


def digest(gigs: Sequence[Gig], words: Words | None) -> Reply:
    """The morning's list of what came in for the reader's watches."""
    rows = tuple(
        Row(
            line(*parts.short(gig), ", ", *parts.fee_spans(gig.fee, words)),
            (Button("Show", action("gigs.show", gig.id)),),
        )
        for gig in gigs[:8]
    )
    more = len(gigs) - len(rows)
    also = (line("These fit what you watch for. Change that with ", Code("/unwatch"), "."),)
    return Reply(
        title=f"{len(gigs)} new gig{'s' if len(gigs) != 1 else ''} for you",
        rows=rows,
        lines=(line(f"{more} more are in ", Code("/gigs"), "."),) if more > 0 else (),
        also=also,
    )
