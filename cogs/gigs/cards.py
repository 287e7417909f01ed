"""The card on the board, and what is shown to whoever posts, looks at, changes or closes a gig."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cogs.gigs import paid, parts, rules
from cogs.gigs.fields import GigField
from cogs.gigs.outcomes import Changed, Posted, View
from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.reply import DANGER, MAIN, QUIET, AnyButton, Button, CardRef, Entry, Field, Reply, Row, Tags
from cogs.kit.words import Code, Line, Plain, Span, Strong, Who, line, term
from storage.records.answer import ENGAGED, Answer, AnswerKind, AnswerState
from storage.records.fee import Basis
from storage.records.gig import HIDDEN, LISTED, Audience, Gig, GigState, KindOfWork
from storage.records.moderation import Alarm
from storage.records.people import Person, Words

#: Answers shown under one's own gig at a time.
ANSWERS_SHOWN = rules.PAGE


def board(gig: Gig, poster: Person | None, now: datetime, words: Words | None, *, paid: tuple[Line, ...] = ()) -> Reply:
    """The public card. It says nothing of who answered, or what they asked for.

    paid: where the fee sits beside what members were paid.
    """
    standing = gig.standing(now)
    if standing in HIDDEN:
        return Reply(
            lines=(line(Code(gig.ref), " is off the board."),),
            card=CardRef("gigs.board", gig.id),
            tags=Tags((parts.family(gig.role),), closed=True),
        )
    listed = standing in LISTED
    by = line("Posted by ", Who(poster.id, poster.name)) if poster is not None else line("Its poster has left")
    published = parts.published(gig, now.date()) if listed else ()
    return Reply(
        title=f"{parts.chair(gig.role)} wanted" if listed else f"{parts.chair(gig.role)}: {standing.value}",
        lines=(line(Code(gig.ref), " ", Strong(parts.state_text(standing, words))),),
        fields=(*parts.fields(gig, words), *(parts.unsaid_field(gig) if listed else ())),
        also=(*(paid if listed else ()), *published, by),
        buttons=parts.answer_buttons(gig) if listed else (),
        card=CardRef("gigs.board", gig.id),
        entry=_entry(gig, standing),
        tags=_tags(gig, standing, words),
    )


def _tags(gig: Gig, standing: GigState, words: Words | None) -> Tags:
    pay = {Basis.PAID: "paid", Basis.QUOTE: "quotes", Basis.UNPAID: "unpaid"}[gig.fee.basis]
    if gig.unpaid and gig.terms.extras:
        pay = "expenses"
    state = parts.state_text(standing, words).casefold()
    closed = standing not in LISTED
    return Tags((parts.family(gig.role), pay, state), closed=closed, news=_NEWS.get(standing))


#: What those who follow a post want to hear of. Nobody needs a message because its time has passed.
_NEWS = {
    GigState.OPEN: line("Open again."),
    GigState.HELD: line("Open again."),
    GigState.FILLED: line("Filled. Thanks to everybody who answered."),
    GigState.POSTPONED: line("Postponed."),
    GigState.CANCELLED: line("Cancelled by whoever posted it."),
}

#: Kinds of work to which people come: a wedding or a session is nobody's evening out.
_WITH_AN_AUDIENCE = frozenset({KindOfWork.LIVE, KindOfWork.THEATRE, KindOfWork.ORCHESTRAL, KindOfWork.TOUR})


def _entry(gig: Gig, standing: GigState) -> Entry:
    """The gig as a date; once it is certain to happen, and people may come, one that a whole server may see."""
    filled = standing is GigState.FILLED
    return replace(parts.entry(gig, tentative=not filled), public=filled and gig.kind in _WITH_AN_AUDIENCE)


# --- what the poster sees ---------------------------------------------------------------------------------------------


def posted(done: Posted, call: Call) -> Reply:
    """What was understood, privately, with where it went and what to do when it is not what was meant."""
    gig = done.gig
    if done.alarms:
        return paid.with_line(_withheld(gig, done.alarms, call), gig, done.range_, call.words)
    reply = Reply(
        lines=(
            line("Posted ", Code(gig.ref), ": ", Strong(f"{parts.chair(gig.role)} wanted"), "."),
            _where_it_went(done),
        ),
        fields=(*parts.fields(gig, call.words), *parts.unsaid_field(gig)),
        buttons=(
            Button("Fix", action("fix.menu", gig.id)),
            Button("More details", action("fix.more", gig.id)),
            Button("Another chair", action("fix.another", gig.id)),
            *parts.widening(gig),
        ),
    )
    return paid.with_line(reply, gig, done.range_, call.words)


def _withheld(gig: Gig, alarms: Sequence[Alarm], call: Call) -> Reply:
    """To the poster alone: what gave pause, that no verdict is meant by it, and the two ways on."""
    return Reply(
        lines=(
            line(Code(gig.ref), " is kept, and waits for a moderator before anybody else sees it."),
            line("What gave pause: ", "; ".join(alarm.label for alarm in alarms), "."),
            line(
                "Fraud on players often looks like that, so a person has a look first. You are told what they decide."
            ),
            line("Not what you meant? Change the words, and it goes up at once."),
        ),
        fields=parts.fields(gig, call.words),
        buttons=(Button("Fix", action("fix.menu", gig.id)), Button("More details", action("fix.more", gig.id))),
    )


def _where_it_went(done: Posted) -> Line:
    if done.gig.audience is not Audience.BOARD:
        return line(
            f"It hangs on no board. {done.told} {'person' if done.told == 1 else 'people'} on your call list "
            f"{'is' if done.told == 1 else 'are'} offered it privately, and never told of any list."
        )
    if done.gig.unpaid:
        hear = "1 person here hears" if done.told == 1 else f"{done.told} people here hear"
        reached = f"{hear} of it because they asked for those" if done.told else "nobody here has asked for those yet"
        return line(f"Unpaid gigs hang on no board: {reached}.")
    if not done.channels:
        return line(
            "It has no card yet: no channel here is set aside for gigs. A moderator can choose one with ",
            Code("/setup channels"),
            ". Until then it is found with ",
            Code("/gigs"),
            ".",
        )
    names = ", ".join(channel.label for channel in done.channels)
    names += "".join(f", on the board of {community.name}" for community in done.beyond)
    watching = f" {done.told} {'person is' if done.told == 1 else 'people are'} told of it." if done.told else ""
    return line(f"Its card goes up in {names}.{watching}")


def show(view: View, call: Call, *, page: int = 0) -> Reply:
    """One gig for one reader: its card, what they said, and for the poster who answered."""
    gig = view.gig
    card = board(gig, view.poster, call.now, call.words)
    if gig.standing(call.now) in HIDDEN:
        card = card.with_(
            title=parts.chair(gig.role),
            lines=(line(Code(gig.ref), " ", Strong(parts.state_text(gig.state, call.words))),),
            fields=parts.fields(gig, call.words),
        )
    extra: list[Line] = []
    if view.through is not None:
        extra.append(line(Who(view.through[1].id, view.through[1].name), " passed this on to you."))
    if view.mine is not None:
        extra.append(line(f"You: {mine_text(view.mine, call.words)}."))
    buttons: tuple[AnyButton, ...] = card.buttons
    rows: tuple[Row, ...] = ()
    if view.answers is not None:
        extra.append(_count(view.answers))
        rows = _answer_rows(view, call, page)
        buttons = _owner_buttons(view, call, page)
    elif view.mine is not None and view.mine.state in (AnswerState.WAITING, *ENGAGED):
        buttons = (*_own_answer_buttons(view, call), *buttons[3:])
    if view.answers is not None and gig.audience is not Audience.BOARD and gig.standing(call.now) in LISTED:
        extra.append(line("It hangs on no board: only those on your call list are offered it."))
        buttons = (*buttons, *parts.widening(gig))
    if view.answers is None and gig.audience is Audience.BOARD and gig.standing(call.now) in LISTED:
        buttons = (*buttons, Button("Pass it on", action("referrals.hand", gig.id)))
    return card.with_(lines=(*card.lines, *extra), rows=rows, buttons=buttons, card=None, tags=None)


def _own_answer_buttons(view: View, call: Call) -> tuple[AnyButton, ...]:
    assert view.mine is not None
    gig, mine = view.gig, view.mine
    buttons: list[AnyButton] = []
    if mine.state in ENGAGED and mine.got_it < gig.revision:
        buttons.append(Button("Got it", action("answers.got_it", gig.id), MAIN))
    if mine.state is not AnswerState.INKED and gig.standing(call.now) in LISTED and mine.reply is not AnswerKind.INK:
        buttons.append(Button("I'm in", action("answers.give", gig.id, AnswerKind.INK)))
    buttons.append(Button("Step back", action("answers.back", gig.id), DANGER))
    return tuple(buttons)


_ORDER = {AnswerState.INKED: 0, AnswerState.PENCILLED: 1, AnswerState.WAITING: 2}


def _count(answers: Sequence[tuple[Answer, Person]]) -> Line:
    waiting = sum(answer.state is AnswerState.WAITING for answer, _ in answers)
    passed = sum(answer.state is AnswerState.PASSED for answer, _ in answers)
    if not answers:
        return line("Nobody has answered yet.")
    noun = "answer" if len(answers) == 1 else "answers"
    rest = f", {passed} passed" if passed else ""
    return line(f"{len(answers)} {noun}, {waiting} waiting for you{rest}. Only you see them.")


def _answer_rows(view: View, call: Call, page: int) -> tuple[Row, ...]:
    assert view.answers is not None
    shown = [pair for pair in view.answers if pair[0].state is not AnswerState.PASSED]
    shown.sort(key=lambda pair: (_ORDER.get(pair[0].state, 3), pair[0].id))
    first = page * ANSWERS_SHOWN
    return tuple(
        Row(answer_line(answer, player, view.gig, call.words), decide_buttons(answer, view.gig, call.now))
        for answer, player in shown[first : first + ANSWERS_SHOWN]
    )


def answer_line(answer: Answer, player: Person, gig: Gig, words: Words | None) -> Line:
    """One answer as its gig's poster reads it."""
    spans: list[Span] = [Code(answer.ref), Plain(" "), Who(player.id, player.name), Plain(f": {said_text(answer)}")]
    if answer.fee is not None:
        spans += [Plain(" for "), *parts.fee_spans(answer.fee, words)]
    if answer.note:
        spans.append(Plain(f", “{answer.note}”"))
    if answer.state is not AnswerState.WAITING:
        spans.append(Plain(f" ({state_word(answer.state, words)})"))
    if answer.state in ENGAGED and answer.got_it < gig.revision:
        spans.append(Plain(", has not said “got it” to the change yet"))
    return tuple(spans)


def said_text(answer: Answer) -> str:
    """What somebody said, in the words of the button they pressed."""
    return {
        AnswerKind.INK: "I'm in",
        AnswerKind.PENCIL: "Pencil me",
        AnswerKind.PASS: "Pass",
        AnswerKind.COUNTER: "in",
    }[answer.reply]


def state_word(state: AnswerState, words: Words | None) -> str:
    """Where an answer stands, in the community's trade words."""
    return {
        AnswerState.WAITING: "waiting",
        AnswerState.PENCILLED: term("pencilled", words),
        AnswerState.INKED: term("inked", words),
        AnswerState.DECLINED: "told no",
        AnswerState.RELEASED: "released",
        AnswerState.PASSED: "passed",
        AnswerState.WITHDRAWN: "stepped back",
    }[state]


def mine_text(answer: Answer, words: Words | None) -> str:
    """Where the reader's own answer stands."""
    return {
        AnswerState.WAITING: f"{said_text(answer)}, waiting for the poster",
        AnswerState.PENCILLED: term("pencilled", words),
        AnswerState.INKED: f"{term('inked', words)}, the chair is yours",
        AnswerState.DECLINED: "not this time",
        AnswerState.RELEASED: "released",
        AnswerState.PASSED: "passed",
        AnswerState.WITHDRAWN: "stepped back",
    }[answer.state]


def decide_buttons(answer: Answer, gig: Gig, now: datetime) -> tuple[AnyButton, ...]:
    """What the poster can do with an answer as it stands."""
    ink = Button("Ink", action("answers.pick", answer.id, AnswerState.INKED), MAIN)
    pencil = Button("Pencil", action("answers.pick", answer.id, AnswerState.PENCILLED))
    decline = Button("Decline", action("answers.let_go", answer.id))
    release = Button("Release", action("answers.let_go", answer.id), DANGER)
    open_ = gig.standing(now) in LISTED
    match answer.state:
        case AnswerState.WAITING:
            return (ink, pencil, decline) if open_ else (decline,)
        case AnswerState.PENCILLED:
            return (ink, release) if open_ else (release,)
        case AnswerState.INKED:
            return (release,)
    return ()


def _owner_buttons(view: View, call: Call, page: int) -> tuple[AnyButton, ...]:
    assert view.answers is not None
    gig = view.gig
    shown = sum(answer.state is not AnswerState.PASSED for answer, _ in view.answers)
    more: tuple[AnyButton, ...] = ()
    if page:
        more += (Button("Back", action("gigs.answers", gig.id, page - 1)),)
    if shown > (page + 1) * ANSWERS_SHOWN:
        more += (Button("Next", action("gigs.answers", gig.id, page + 1)),)
    if gig.standing(call.now) in LISTED:
        return (
            *more,
            Button("Fix", action("fix.menu", gig.id)),
            Button("More details", action("fix.more", gig.id)),
            Button("Close it", action("gigs.closing", gig.id)),
        )
    if gig.closed or gig.standing(call.now) is GigState.EXPIRED:
        return (*more, Button("Open again", action("gigs.reopen", gig.id)))
    return (*more, Button("Fix", action("fix.menu", gig.id)), Button("Close it", action("gigs.closing", gig.id)))


def asker(gig: Gig, poster: Person | None, record: tuple[int, int], days: int, call: Call) -> Reply:
    """Who stands behind a post: what everybody in the community could have seen anyway, and nothing else."""
    if poster is None:
        return Reply(lines=(line("Whoever posted ", Code(gig.ref), " has left."),))
    known = "joined today" if days < 1 else f"here for {days} day{'s' if days != 1 else ''}"
    count, filled = record
    return Reply(
        lines=(
            line(Who(poster.id, poster.name), " posted ", Code(gig.ref), f", {known} as far as I know."),
            line(f"{count} gig{'s' if count != 1 else ''} posted here, {filled} filled."),
        )
    )


def closing(gig: Gig, now: datetime) -> Reply:
    """How a gig can be closed, as buttons."""
    words = {
        GigState.FILLED: "Filled elsewhere",
        GigState.POSTPONED: "Postponed",
        GigState.CANCELLED: "Cancelled",
    }
    allowed = rules.CLOSINGS[gig.standing(now)]
    buttons = tuple(
        Button(label, action("gigs.end", gig.id, state), DANGER if state is GigState.CANCELLED else QUIET)
        for state, label in words.items()
        if state in allowed
    )
    return Reply(lines=(line("What became of ", *parts.short(gig), "?"),), buttons=buttons)


def closed(done: Changed) -> Reply:
    """It is off the board; who was told, and the way back."""
    gig = done.gig
    word = gig.state.value
    told = f" {done.told} {'person' if done.told == 1 else 'people'} who answered are told." if done.told else ""
    told = told.replace("1 person who answered are", "1 person who answered is")
    return Reply(lines=(line(Code(gig.ref), f" is {word}.{told}"),))


def reopened(done: Changed, words: Words | None) -> Reply:
    """It is back on the board."""
    state = parts.state_text(done.gig.state, words).casefold()
    told = f" {done.told} who answered {'is' if done.told == 1 else 'are'} told." if done.told else ""
    return Reply(lines=(line(*parts.short(done.gig), f": {state} again.{told}"),))


def changed(done: Changed, call: Call) -> Reply:
    """The post after a change, with who hears of it."""
    gig = done.gig
    if not done.fields:
        return Reply(lines=(line(Code(gig.ref), " says that already. Nothing was changed."),))
    if done.alarms:
        return _withheld(gig, done.alarms, call)
    heard = []
    if done.mended:
        heard.append("it goes up on the board")
    if done.asked:
        heard.append(f"{done.asked} who {'is' if done.asked == 1 else 'are'} in must say “got it” again")
    if done.told:
        heard.append(f"{done.told} who answered {'is' if done.told == 1 else 'are'} told")
    return Reply(
        lines=(
            line(
                "Changed ", Code(gig.ref), ": ", ", ".join(GigField(name).label.casefold() for name in done.fields), "."
            ),
            *((line(f"{' and '.join(heard)}.".capitalize()),) if heard else ()),
        ),
        fields=(*parts.fields(gig, call.words), *parts.unsaid_field(gig)),
        buttons=(
            Button("Fix", action("fix.menu", gig.id)),
            Button("More details", action("fix.more", gig.id)),
        ),
    )


def field_menu(gig: Gig, names: Sequence[tuple[str, str]], question: str) -> Reply:
    """Which field shall be changed, as buttons. names: (field, label)."""
    return Reply(
        lines=(line(question),),
        fields=parts.fields(gig, None),
        buttons=(
            *(Button(label, action("fix.field", gig.id, field)) for field, label in names),
            Button("All of it", action("fix.whole", gig.id)),
        ),
    )


def understood(fields: Sequence[Field], token: str, *, left: str) -> Reply:
    """What was read in a message, before anything is posted."""
    lost = (line("I did not use: ", Code(left[:200])),) if left else ()
    return Reply(
        title="Save as a gig",
        lines=(line("This is what I read. Post it?"),),
        fields=tuple(fields),
        also=lost,
        buttons=(
            Button("Post it", action("gigs.confirm", token), MAIN),
            Button("Change it", action("gigs.rework", token)),
            Button("Drop it", action("gigs.drop", token), DANGER),
        ),
    )
