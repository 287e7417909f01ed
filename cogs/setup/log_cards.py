"""How the condition of a community and its log are shown."""

from __future__ import annotations

from collections.abc import Sequence

from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.reply import MAIN, AnyButton, Button, Reply, Row, Upload
from cogs.kit.words import Code, Line, Moment, Plain, Shown, Span, Strong, line
from cogs.setup.community_cards import rights
from cogs.setup.logbook import PAGE, Health, who
from storage.records.health import Condition
from storage.records.moderation import AuditEntry


def health(found: Health, zone: str) -> Reply:
    """How the community is served: what is missing, what is paused, what was lost."""
    setup, condition = found.setup, found.condition
    boards = len(setup.boards)
    if found.well:
        first = f"All is well: {boards} board{'s' if boards != 1 else ''}, nothing lost in the last 7 days."
        if not boards:
            first = "Nothing is wrong, but no channel is a board yet: /setup channels."
    else:
        first = "Something wants mending."
    lines: list[Line] = [line(first), *troubles(condition, zone), *rights(setup.lacks)]
    if any(missing is None for _, missing in setup.lacks):
        lines.append(line("The platform did not say just now what I may do; ask again in a minute."))
    if condition.waiting:
        lines.append(line(f"{condition.waiting} messages wait for a channel here."))
    if condition.closed:
        one = condition.closed == 1
        lines.append(
            line(f"{condition.closed} member{'' if one else 's'} take{'s' if one else ''} no private messages from me; "
                 "they read theirs when they next write to me.")
        )  # fmt: skip
    if found.waiting_for_you:
        count = f"{PAGE}+" if found.waiting_for_you > PAGE else str(found.waiting_for_you)
        lines.append(line(f"{count} in the moderators' queue: ", Code("/mod queue")))
    return Reply(
        title=f"How {setup.community.name} is served",
        lines=tuple(lines),
        buttons=(Button("Check again", action("log.health"), MAIN), Button("Log", action("log.page", 0))),
    )


def troubles(condition: Condition, zone: str) -> tuple[Line, ...]:
    """What is refused now, and what was lost."""
    lines = [line("Paused: ", Strong(one.label), f": {one.trouble}.") for one in condition.paused]
    for one in condition.failed[:6]:
        name = one.channel if " " in one.channel else f"#{one.channel.removeprefix('#')}"
        count = f"{one.count} message{'s' if one.count != 1 else ''}"
        last = Moment(one.last, zone, Shown.SHORT)
        lines.append(line("Lost: ", Strong(name), f": {count}, last ", last, f": {one.trouble}."))
    return tuple(lines)


def digest(condition: Condition, community: str, zone: str) -> Reply:
    """The day's word to moderators."""
    return Reply(
        title=f"{community}: something could not be posted",
        lines=troubles(condition, zone),
        buttons=(Button("Check now", action("log.health"), MAIN),),
        also=(line("One of these a day at most, and none when all is well."),),
        silent=True,
    )


# --- the log ----------------------------------------------------------------------------------------------------------

_DEEDS = {
    "removed": "took down",
    "restored": "put up",
    "kept": "left up",
    "withheld": "held back",
    "mended": "let up, mended by its poster,",
    "muted": "paused the posts of",
    "unmuted": "let post again",
    "set": "set",
    "changed": "changed",
    "closed": "closed",
    "reopened": "opened again",
    "answered": "answered about",
}


def log(entries: Sequence[AuditEntry], number: int, page: int, call: Call) -> Reply:
    """A page of the log, newest first."""
    if not entries:
        none = "That is all there is." if page else "Nothing has been done here yet."
        return Reply(title="Log of the moderators", lines=(line(none),))
    buttons: list[AnyButton] = []
    if page:
        buttons.append(Button("Newer", action("log.page", page - 1)))
    if number > (page + 1) * PAGE:
        buttons.append(Button("Older", action("log.page", page + 1)))
    return Reply(
        title=f"Log of the moderators, {number} line{'s' if number != 1 else ''}",
        rows=tuple(Row(_entry(one, call.zone_or_utc)) for one in entries),
        buttons=(*buttons, Button("As a file", action("log.file"))),
        also=(line("Only moderators read this. Who reported is not in it."),),
    )


def _entry(entry: AuditEntry, zone: str) -> Line:
    deed = _DEEDS.get(entry.act, entry.act)
    spans: list[Span] = [Moment(entry.at, zone, Shown.SHORT), Plain(f" {who(entry)} {deed} "), Strong(entry.subject)]
    before, after = entry.details.get("before"), entry.details.get("after")
    if after is not None:
        spans.append(Plain(f": {after}, was {before}"))
    fields = entry.details.get("fields")
    if isinstance(fields, list):
        spans.append(Plain(f": {', '.join(str(one).replace('_', ' ') for one in fields)}"))
    if entry.reason:
        spans.append(Plain(f": “{entry.reason}”"))
    return tuple(spans)


def file(written: Upload, count: int) -> Reply:
    """The log to keep."""
    return Reply(
        lines=(line(f"{count} line{'s' if count != 1 else ''}, oldest first. Times are UTC."),), files=(written,)
    )
