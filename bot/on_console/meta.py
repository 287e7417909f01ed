"""Meta lines: what the person at the keyboard does, rather than the person who speaks. They begin with "!"."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.desk.wording import moment_text
from bot.on_console.files import CannotAttach, read_upload
from bot.on_console.shell import Failed, Shell
from bot.on_console.transcript import Heard, squeezed
from cogs.kit.words import Moment
from storage.records.times import utc

#: What a meta line leads to: nothing, the end of the session, or an expectation that was not met.
QUIT = "quit"
Outcome = Failed | str | None

_LENGTH = re.compile(
    r"(\d+(?:\.\d+)?)\s*(years?|y|months?|weeks?|w|days?|d|hours?|hrs?|hr|h|minutes?|mins?|min|m|seconds?|secs?|sec|s)\b",
    re.IGNORECASE,
)
_SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
#: Nobody needs to see more of a far future than this, and the calendar ends somewhere.
_FARTHEST = timedelta(days=366 * 20)


async def meta(shell: Shell, text: str) -> Outcome:
    """Do a meta line, "!" included."""
    word, _, rest = text.strip().removeprefix("!").partition(" ")
    deed = _DEEDS.get(word.casefold())
    if deed is None:
        await shell.puzzled(f"I know no meta line !{word}. There are: {', '.join(f'!{name}' for name in _DEEDS)}.")
        return None
    return await deed(shell, rest.strip())


async def _as(shell: Shell, name: str) -> Outcome:
    if not name or len(name) > 60 or not name.isprintable():
        await shell.puzzled("Say who is to speak: !as Ada")
        return None
    await shell.speak_as(name)
    return None


async def _in(shell: Shell, place: str) -> Outcome:
    if not re.fullmatch(r"#?[\w.-]{1,60}", place) or place == "#":
        await shell.puzzled("Say where: !in #gigs, or !in dm")
        return None
    await shell.stand_in(place)
    return None


async def _press(shell: Shell, rest: str) -> Outcome:
    label, at, about = rest.rpartition(" @ ")
    if not rest:
        await shell.puzzled("Say which button: !press I'm in, or its number; !press I'm in @ G12")
    else:
        await shell.press(label.strip() if at else rest, about.strip() if at else None)
    return None


async def _choose(shell: Shell, value: str) -> Outcome:
    if not value:
        await shell.puzzled("Say what to choose: !choose bass, or its number")
    else:
        await shell.choose(value)
    return None


async def _upload(shell: Shell, name: str) -> Outcome:
    try:
        shell.attach(await asyncio.to_thread(read_upload, name))
    except CannotAttach as fault:
        await shell.puzzled(str(fault))
    return None


async def _now(shell: Shell, text: str) -> Outcome:
    speaker = await shell.speaker_if_any()
    zone = (await shell.call(speaker)).zone_or_utc if speaker is not None else shell.zone or "UTC"
    if not text:
        now = shell.clock.now()
        await shell.remark(moment_text(Moment(now, zone), now).rpartition(",")[0])
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = utc(moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone)))
    except (ValueError, OverflowError):
        await shell.puzzled(f"I could not read “{text}” as a moment. For example: !now 2026-11-23T10:00Z")
        return None
    await _go_to(shell, moment)
    return None


async def _advance(shell: Shell, text: str) -> Outcome:
    at = shell.clock.now()
    moment = later(at, text)
    if moment is None or moment - at > _FARTHEST:
        await shell.puzzled(f"I could not read “{text}” as a length of time. For example: !advance 3 days")
        return None
    await _go_to(shell, moment)
    return None


async def _go_to(shell: Shell, moment: datetime) -> None:
    """Move the clock; what falls due on the way is delivered in order, each at its own time."""
    speaker = await shell.speaker_if_any()
    if speaker is not None:
        shell.transcript.begin_line(speaker.account)
    if moment <= shell.clock.now():
        shell.clock.set(moment)
        await shell.deliver()
        return
    shell.clock.set(shell.clock.now())
    await shell.move(moment)


async def _inbox(shell: Shell, _: str) -> Outcome:
    speaker = await shell.speaker()
    shell.transcript.begin_line(speaker.account)
    if not await shell.transcript.show_inbox(speaker.person_id, f"dm {speaker.name}"):
        await shell.remark("(nothing new)")
    return None


async def _restart(shell: Shell, _: str) -> Outcome:
    await shell.restart()
    return None


async def _expect(shell: Shell, text: str) -> Outcome:
    if not text:
        await shell.puzzled("Say what to expect: !expect £220")
        return None
    speaker = await shell.speaker()
    heard = shell.transcript.since_last_line(speaker.account)
    if squeezed(text) in squeezed("\n".join(one.drawn.text for one in heard)):
        return None
    return Failed(_report(f"expected “{text}”", speaker.name, heard))


async def _refute(shell: Shell, text: str) -> Outcome:
    """Fail when the text was said where the speaker stands.

    In a channel that is what everybody there saw, and the private answer to a press; a private answer that moved to
    the private chat is not there. Of a card that was drawn anew only what is new counts: nobody said the rest again.
    """
    speaker = await shell.speaker()
    heard = shell.transcript.since_last_line(speaker.account)
    if shell.place_of(speaker) != "dm":
        heard = [one for one in heard if one.person_id is None or (one.answers and not one.moved)]
    if squeezed(text) not in squeezed("\n".join(one.fresh for one in heard)):
        return None
    return Failed(_report(f"did not expect “{text}”", speaker.name, heard))


def _report(what: str, name: str, heard: list[Heard]) -> str:
    said = [f"  [{one.label}] {part}" for one in heard for part in one.drawn.text.split("\n")]
    return "\n".join([f"{what}; since {name}'s last line was said:", *(said or ["  (nothing)"])])


async def _quit(_: Shell, __: str) -> Outcome:
    return QUIT


def later(now: datetime, text: str) -> datetime | None:
    """The moment this much later: "3 days", "2h 30m", "1 month"; None for what is no length of time.

    Months and years go by the calendar; everything else is elapsed time.
    """
    parts = _LENGTH.findall(text)
    if not parts or re.sub(r"[\s,]|and", "", _LENGTH.sub("", text)):
        return None
    try:
        for number, unit in parts:
            unit = unit.casefold()
            if unit.startswith(("mo", "y")):
                months = round(float(number) * (12 if unit.startswith("y") else 1))
                now = _months_later(now, months)
            else:
                now += timedelta(seconds=float(number) * _SECONDS[unit[0]])
    except (OverflowError, ValueError):
        return None
    return now


def _months_later(now: datetime, months: int) -> datetime:
    """The same day so many months on, or the month's last when it is shorter."""
    years, month = divmod(now.month - 1 + months, 12)
    first = now.replace(year=now.year + years, month=month + 1, day=1)
    days = ((first + timedelta(days=32)).replace(day=1) - first).days
    return first.replace(day=min(now.day, days))


_DEEDS: dict[str, Callable[[Shell, str], Awaitable[Outcome]]] = {
    "as": _as,
    "in": _in,
    "press": _press,
    "choose": _choose,
    "upload": _upload,
    "now": _now,
    "advance": _advance,
    "inbox": _inbox,
    "restart": _restart,
    "expect": _expect,
    "refute": _refute,
    "quit": _quit,
}
#: The meta lines there are, for completion.
META_LINES = tuple(f"!{name}" for name in _DEEDS)
