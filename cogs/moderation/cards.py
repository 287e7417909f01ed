"""What reporters, moderators and posters are told."""

from __future__ import annotations

from collections.abc import Sequence

from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.reply import DANGER, MAIN, AnyButton, Button, Reply, Row
from cogs.kit.words import Code, Line, Moment, Plain, Shown, Span, Strong, Who, line
from cogs.moderation.waiting import PAGE, Queue, Waiting
from storage.records.gig import HIDDEN, Gig
from storage.records.moderation import Mute, Report, ReportReason
from storage.records.people import Person
from storage.reference import instruments

REASONS = {
    ReportReason.SCAM: "scam",
    ReportReason.LOW_DETAIL: "too little detail",
    ReportReason.UNSAFE: "unsafe",
    ReportReason.DISCRIMINATION: "discrimination",
    ReportReason.OTHER: "something else",
}


def reported(ref: str, *, new: bool) -> Reply:
    """Thanks to a reporter, and that it stays with the moderators."""
    said = line("Thank you. The moderators will look at ", Code(ref), ".") if new else line(
        "You have reported ", Code(ref), " before, and the moderators have it."
    )  # fmt: skip
    return Reply(lines=(said, line("Nobody is told that it was you, not even the moderators.")))


# --- the queue --------------------------------------------------------------------------------------------------------


def queue(found: Queue, call: Call) -> Reply:
    """What waits for a decision; below, what is down and who may not post."""
    rows = [_row(one) for one in found.waiting]
    for kept in found.removed:
        rows.append(
            Row(
                line("Off the board: ", Code(f"G{kept.gig_id}"), f", “{_short(kept.reason or '')}”"),
                (Button(f"Put back G{kept.gig_id}", action("mod.restore", kept.gig_id)),),
            )
        )
    for mute, person in found.mutes:
        until = Moment(mute.until, call.zone_or_utc, Shown.SHORT)
        rows.append(
            Row(
                line("May not post: ", Who(person.id, person.name), " until ", until, f", “{_short(mute.reason)}”"),
                (Button(f"Let {person.name[:20]} post", action("mod.unmute", person.id)),),
            )
        )
    buttons: list[AnyButton] = []
    if found.page:
        buttons.append(Button("Back", action("mod.page", found.page - 1)))
    if found.more:
        buttons.append(Button("Next", action("mod.page", found.page + 1)))
    count = len(found.waiting)
    said = line("Nothing waits for you.") if not count else ()
    return Reply(
        title="For moderators" if not count else f"For moderators: {count}{'+' if found.more else ''} to look at",
        lines=(said,) if said else (),
        rows=tuple(rows[: PAGE * 2]),
        buttons=tuple(buttons),
        also=(line("What was done and why: ", Code("/setup audit")),),
    )


def _row(one: Waiting) -> Row:
    gig = one.gig
    spans: list[Span] = [Code(gig.ref), Plain(f" {_chair(gig)}")]
    if one.poster is not None:
        spans += [Plain(", by "), Who(one.poster.id, one.poster.name)]
    if one.withheld is not None and one.withheld.alarms:
        spans.append(Plain(f". Held back: {'; '.join(alarm.label for alarm in one.withheld.alarms)}"))
    if one.reports:
        spans.append(Plain(f". {_reports(one.reports)}"))
    up = (
        Button(f"Put up {gig.ref}", action("mod.restore", gig.id), MAIN)
        if gig.state in HIDDEN
        else Button(f"Leave {gig.ref} up", action("mod.keep", gig.id))
    )
    return Row(
        tuple(spans),
        (Button(f"Show {gig.ref}", action("gigs.show", gig.id)), up,
         Button(f"Remove {gig.ref}", action("mod.remove", gig.id), DANGER)),
    )  # fmt: skip


def _reports(reports: Sequence[Report]) -> str:
    counted = {reason: sum(one.reason is reason for one in reports) for reason in ReportReason}
    said = ", ".join(f"{REASONS[reason]}{f' ({n})' if n > 1 else ''}" for reason, n in counted.items() if n)
    notes = "; ".join(f"“{_short(one.note)}”" for one in reports if one.note)
    count = f"{len(reports)} report{'s' if len(reports) != 1 else ''}"
    return f"{count}: {said}{f'. {notes}' if notes else ''}"


def _chair(gig: Gig) -> str:
    try:
        name = instruments.chair(gig.role).name
    except KeyError:
        name = gig.role
    return f"{name}, {gig.where}" if gig.where else name


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:119]}…"


# --- decisions --------------------------------------------------------------------------------------------------------


def removed(gig: Gig, told: int | None) -> Reply:
    """It is off the board; who hears of it. told: None for a gig of a linked community, which goes on at home."""
    if told is None:
        return Reply(
            lines=(line(Code(gig.ref), " is off this board. It came over a link, and goes on where it was posted."),),
        )
    heard = f" and {told} who answered" if told else ""
    return Reply(
        lines=(
            line(Code(gig.ref), " is off the board. Its card says no more than that."),
            line(f"Its poster{heard} will be told; the reason goes to the poster alone."),
        ),
        buttons=(
            Button("Pause their posts", action("mod.mute", gig.id), DANGER),
            Button("Back to the queue", action("mod.page", 0)),
        ),
    )


def restored(gig: Gig, home: int | None) -> Reply:
    """It is back as it was. home: the community whose board it is; that of the gig, unless it came over a link."""
    told = " Its poster is told." if gig.community_id == home else ""
    return Reply(
        lines=(line(Code(gig.ref), f" is back as it was: {gig.state.value}.{told}"),),
        buttons=(Button("Back to the queue", action("mod.page", 0)),),
    )


def left(gig: Gig) -> Reply:
    """Reports were looked at, and nothing follows."""
    return Reply(
        lines=(line(Code(gig.ref), " stays up. Its reports are settled, and nobody is told."),),
        buttons=(Button("Back to the queue", action("mod.page", 0)),),
    )


def muted(person: Person, mute: Mute, call: Call) -> Reply:
    """Somebody posts nothing for a while."""
    until = Moment(mute.until, call.zone_or_utc)
    return Reply(
        lines=(
            line(Who(person.id, person.name), " can post and change no gigs here until ", until, "."),
            line("They are told so, with your reason. Answering gigs stays open to them."),
        ),
    )


def unmuted(person: Person) -> Reply:
    """They post again."""
    return Reply(lines=(line(Who(person.id, person.name), " can post here again, and is told so."),))


# --- to posters -------------------------------------------------------------------------------------------------------


def your_post_is_down(gig: Gig, reason: str, community: str) -> Reply:
    """Kindly, with the reason and how to answer."""
    return Reply(
        title=f"{gig.ref} is off the board",
        lines=(
            line("The moderators of ", Strong(community), " took your post for ", Code(gig.ref), " down."),
            line("Their reason: ", Plain(f"“{reason}”")),
            line("Nobody else was told why. Your post is kept as it was, and can go up again."),
        ),
        buttons=(
            Button("Answer the moderators", action("mod.answer", gig.id), MAIN),
            Button("Show the post", action("gigs.show", gig.id)),
        ),
    )


def your_post_is_up(gig: Gig, community: str) -> Reply:
    """It is on the board (again)."""
    return Reply(
        lines=(
            line("The moderators of ", Strong(community), " have looked at ", Code(gig.ref), ": it is on the board."),
        ),
        buttons=(Button("Show the post", action("gigs.show", gig.id)),),
    )


def you_are_muted(mute: Mute, community: str, zone: str) -> Reply:
    """Kindly, with the reason and the end of it."""
    return Reply(
        title="Your posts are paused",
        lines=(
            line("The moderators of ", Strong(community), " have paused your gig posts."),
            line("Until: ", Moment(mute.until, zone)),
            line("Their reason: ", Plain(f"“{mute.reason}”")),
            line("Everything else works as before. To talk it over, write to one of them."),
        ),
    )


def you_may_post(community: str) -> Reply:
    """It is over."""
    return Reply(lines=(line("You can post gigs in ", Strong(community), " again."),))


def answered(text: str, *, heard: bool) -> Reply:
    """To the poster who wrote to the moderators."""
    then = "They read it in their own channel." if heard else "They find it in their log when they look."
    return Reply(lines=(line("Passed on to the moderators: ", Plain(f"“{text}”")), line(then)))


# --- to moderators, in their channel ----------------------------------------------------------------------------------


def waiting(ref: str) -> Reply:
    """Something wants a look. The channel may have readers who are no moderators, so it says no more."""
    return Reply(
        lines=(line(Code(ref), " wants a moderator's eye."),),
        buttons=(Button("Open the queue", action("mod.page", 0), MAIN),),
    )


def poster_says(ref: str, text: str) -> Reply:
    """What the poster of a post that was taken down says to it."""
    said: Line = line("The poster of ", Code(ref), " writes: ", Plain(f"“{text}”"))
    return Reply(lines=(said,), buttons=(Button("Open the queue", action("mod.page", 0)),))
