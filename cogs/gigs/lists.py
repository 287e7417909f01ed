"""Lists: gigs page by page, watches, and the ledger of referrals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from cogs.gigs import cards, parts
from cogs.gigs.outcomes import Ledger, Page
from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.reply import AnyButton, Button, Reply, Row
from cogs.kit.words import Code, Line, Moment, Pay, Plain, Shown, Span, Who, line
from storage.records.answer import AnswerState
from storage.records.fee import Basis, Fee
from storage.records.gig import LISTED, Gig, GigFilter
from storage.records.people import Words
from storage.records.rate import RateFloor
from storage.records.referral import LedgerLine
from storage.records.watch import Watch, WatchHow
from storage.reference import instruments

#: Lines of each half of the ledger.
LEDGER_SHOWN = 10


def gigs(page: Page, call: Call) -> Reply:
    """One page of gigs; each row opens its gig."""
    if not page.gigs:
        return _nothing(page, call)
    rows = tuple(Row(_gig_line(gig, page, call), (Button("Show", action("gigs.show", gig.id)),)) for gig in page.gigs)
    buttons: list[AnyButton] = []
    if page.token is not None and page.number:
        buttons.append(Button("Back", action("find.page", page.token, page.number - 1)))
    if page.token is not None and page.more:
        buttons.append(Button("Next", action("find.page", page.token, page.number + 1)))
    order = "newest first" if page.own or page.wanted.words else "soonest first"
    what = "Your gigs" if page.own else "Gigs"
    number = f", page {page.number + 1}" if page.number or page.more else ""
    return Reply(
        title=f"{what}, {order}{number}",
        rows=rows,
        buttons=tuple(buttons),
        also=_filter_lines(page.wanted, call.zone_or_utc),
    )


def _gig_line(gig: Gig, page: Page, call: Call) -> Line:
    spans: list[Span] = [*parts.short(gig), Plain(", "), *parts.fee_spans(gig.fee, call.words)]
    standing = gig.standing(call.now)
    if page.own or standing not in LISTED:
        spans.append(Plain(f", {parts.state_text(standing, call.words).casefold()}"))
    mine = page.mine.get(gig.id)
    if mine is not None and mine.state is not AnswerState.PASSED:
        spans.append(Plain(f" (you: {cards.mine_text(mine, call.words)})"))
    return tuple(spans)


def _filter_lines(wanted: GigFilter, zone: str) -> tuple[Line, ...]:
    said: list[Span] = []

    def add(*spans: Span) -> None:
        said.extend((Plain(", "), *spans) if said else spans)

    if wanted.roles:
        add(Plain(" or ".join(parts.chair(role) for role in wanted.roles)))
    if wanted.words:
        add(Plain(" ".join(wanted.words)))
    if wanted.kind is not None:
        add(Plain(wanted.kind.value))
    if wanted.at_least is not None:
        add(Plain("from "), Pay(wanted.at_least))
    if wanted.start_from is not None:
        add(Moment(wanted.start_from, zone, Shown.SHORT))
        if wanted.start_to is not None:
            add(Plain("before "), Moment(wanted.start_to, zone, Shown.SHORT))
    return (line("Only: ", *said),) if said else ()


def _nothing(page: Page, call: Call) -> Reply:
    if page.number:
        return Reply(lines=(line("That is all there is."),), also=_filter_lines(page.wanted, call.zone_or_utc))
    if page.own:
        return Reply(lines=(line("You have posted no gigs and answered none. To post one: ", Code("/gig post")),))
    narrowed = _filter_lines(page.wanted, call.zone_or_utc)
    hint = (
        line("To hear of the next one that fits: ", Code("/watch"))
        if narrowed
        else line("To post one: ", Code("/gig post"))
    )
    return Reply(
        lines=(line("No open gig fits." if narrowed else "There is no open gig just now."), hint), also=narrowed
    )


# --- watches ----------------------------------------------------------------------------------------------------------


def watch_line(watch: Watch) -> Line:
    """What a watch looks for, and how it tells."""
    chairs = " or ".join(parts.chair(role) for role in watch.roles) or "any chair"
    spans: list[Span] = [Plain(chairs)]
    if watch.region:
        spans.append(Plain(f" in {watch.region}"))
    if watch.kind is not None:
        spans.append(Plain(f", {watch.kind.value}"))
    if watch.at_least is not None:
        spans += [Plain(", from "), Pay(watch.at_least)] if watch.at_least.minor else [Plain(", whatever it pays")]
    how = {
        WatchHow.DM: "told at once",
        WatchHow.DIGEST: "one message at 9 in the morning",
        WatchHow.PING: "by role mention",
    }
    return (*spans, Plain(f": {how[watch.how]}"))


def floor_lines(watched: Iterable[Watch], floors: Sequence[RateFloor], words: Words | None) -> tuple[Line, ...]:
    """That one's own floor counts where a watch names no minimum; () where none does, or there is no floor."""
    if not floors or all(watch.at_least is not None for watch in watched):
        return ()
    said: list[Span] = []
    for floor in floors:
        fee = Fee(Basis.PAID, floor.least, floor.unit)
        said += [*((Plain(" or "),) if said else ()), *parts.fee_spans(fee, words)]
    return (line("Nothing under your floor is told: ", *said, ". To hear of everything, add ", Code("min 0"), "."),)


def watching(watch: Watch, *, pings: bool, floors: Sequence[RateFloor] = (), words: Words | None = None) -> Reply:
    """A watch was kept. floors: the reader's own."""
    lines = [line("Watching for ", *watch_line(watch), ".")]
    if watch.how is WatchHow.PING:
        names = ", ".join(instruments.chair(role).name for role in watch.roles) or "your chair"
        lines.append(
            line(f"Posts mention the role called {names}, if you have it.")
            if pings
            else line("Moderators here do not let posts mention roles, so you are told privately instead.")
        )
    return Reply(
        lines=(*lines, *floor_lines([watch], floors, words)),
        buttons=(Button("Take it down", action("find.drop", watch.id)),),
    )


def watches(
    found: list[Watch], floors: Sequence[RateFloor] = (), words: Words | None = None, *, note: Line | None = None
) -> Reply:
    """What somebody watches for. floors: the reader's own. note: said above it."""
    if not found:
        return Reply(lines=(line("You watch for nothing here. For example: ", Code("/watch bass leeds min 150")),))
    rows = tuple(Row(watch_line(watch), (Button("Take down", action("find.drop", watch.id)),)) for watch in found)
    lines = (note,) if note is not None else ()
    return Reply(title="You watch for", lines=lines, rows=rows, also=floor_lines(found, floors, words))


def unwatched(watch: Watch) -> Reply:
    """A watch was taken down."""
    return Reply(lines=(line("No longer watching for ", *watch_line(watch), "."),))


# --- the ledger -------------------------------------------------------------------------------------------------------


def ledger(found: Ledger, call: Call) -> Reply:
    """Who passed the reader work, to whom they passed it, and who might be owed a word."""
    if not found.to_me and not found.by_me:
        return Reply(
            lines=(
                line("Nobody has passed you a gig here yet, and you have passed on none."),
                line("To pass one on: ", Code("/gig refer")),
            )
        )
    rows: list[Row] = []
    for entry in found.to_me[:LEDGER_SHOWN]:
        person = found.people.get(entry.person_id)
        if person is None:
            continue
        owed = entry.thanked_at is None or entry.thanked_at < entry.last_at
        button = (Button("Mark thanked", action("referrals.thanked", person.id)),) if owed else ()
        rows.append(
            Row(
                line("From ", Who(person.id, person.name), ": ", *_entry(entry, call, thanks="you thanked them")),
                button,
            )
        )
    for entry in found.by_me[:LEDGER_SHOWN]:
        person = found.people.get(entry.person_id)
        if person is not None:
            rows.append(Row(line("To ", Who(person.id, person.name), ": ", *_entry(entry, call, thanks="thanked you"))))
    rest = len(found.to_me) + len(found.by_me) - len(rows)
    return Reply(
        title="Gigs passed on",
        rows=tuple(rows),
        also=(line(f"{rest} older ones are not shown."),) if rest > 0 else (),
    )


def _entry(entry: LedgerLine, call: Call, *, thanks: str) -> tuple[Span, ...]:
    became = f", {entry.won} became work" if entry.won else ""
    spans: list[Span] = [
        Plain(f"{entry.passed} gig{'s' if entry.passed != 1 else ''}{became}, last "),
        _day(entry.last_at, call),
    ]
    spans += [Plain(f", {thanks} "), _day(entry.thanked_at, call)] if entry.thanked_at else [Plain(", no thanks yet")]
    return tuple(spans)


def _day(at: datetime, call: Call) -> Span:
    return Moment(at, call.zone_or_utc, Shown.SHORT)
