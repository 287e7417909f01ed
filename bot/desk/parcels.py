"""From what was claimed to what is sent: who must wait, who is too late, and what travels in one message. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.desk.digest import DIGEST_FROM, Entry, can_share, caught_up, shares, together
from bot.desk.lateness import AGAIN, LATE, is_late, kept_quiet_line, late_line, marked
from bot.desk.quiet import NIGHT, quiet_until
from bot.desk.surface import Target
from cogs.kit.reply import Reply
from storage.records.notice import OFF, REFRESH, Ended, Lane, Notice, Outcome, PutBack, Reach
from storage.records.posting import Posting

#: Soft notices are looked at up to this long after their time, on purpose (`storage.stores.notices.SPREAD`).
SPREAD = timedelta(minutes=5)

#: Discord recognises a repeated nonce for "the past few minutes" (Developer docs, Create Message, read November 2026).
KEYS_LIVE = timedelta(minutes=3)

Reaches = Mapping[tuple[int | None, int | None], Reach]


@dataclass(slots=True)
class Drawn:
    """A claimed notice with today's words. posting: the message to be redrawn, for a card that changed."""

    notice: Notice
    reply: Reply
    posting: Posting | None = None


@dataclass(slots=True)
class Parcel:
    """One message to be sent, for one or more notices.

    dest: what the budget counts by. result: the `Outcome` to be recorded when it arrives.
    known_trouble: why this reader refused messages last time, so that an arrival can clear it.
    posting: the message to be redrawn; None for a new one.
    meant_at: when it was meant to come, quiet hours and the spread of soft ones allowed for; None for a redrawn card.
    """

    notices: tuple[Notice, ...]
    target: Target
    dest: str
    reply: Reply
    key: str
    silent: bool
    result: str
    known_trouble: str | None = None
    posting: Posting | None = None
    meant_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sorted:
    """What is to be drawn, what ended without a message, what waits, and whose notices must find another way."""

    ready: tuple[Notice, ...]
    ended: tuple[tuple[Notice, Ended], ...]
    back: tuple[PutBack, ...]
    astray: tuple[int, ...]


def sort_out(
    claimed: Iterable[Notice], reaches: Reaches, latest: Mapping[str, int], now: datetime, *, knows_keys: bool
) -> Sorted:
    """Decide, before anything is drawn, which claimed notices can be sent now.

    latest: of each series the highest occurrence that is due; the earlier ones are overtaken.
    knows_keys: whether the platform recognises what it got before; where it does not, a soft notice that may have
    arrived is not repeated.
    """
    ready: list[Notice] = []
    ended: list[tuple[Notice, Ended]] = []
    back: list[PutBack] = []
    astray: set[int] = set()

    def end(notice: Notice, result: str, trouble: str | None = None) -> None:
        ended.append((notice, Ended(notice.id, notice.attempt, result, trouble=trouble)))

    for notice in claimed:
        reach = reaches.get((notice.person_id, notice.channel_id))
        if now > notice.expires_at:
            end(notice, Outcome.MISSED, "its time had passed")
        elif notice.series_id is not None and notice.occurrence < latest.get(notice.series_id, 0):
            end(notice, Outcome.SUPERSEDED)
        elif notice.kind == REFRESH:
            ready.append(notice)
        elif reach is None or reach.gone:
            if notice.person_id is None:
                end(notice, Outcome.REFUSED, "the bot is no longer there")
            else:
                back.append(PutBack(notice.id, notice.attempt, now, counted=False))
                astray.add(notice.person_id)
        elif notice.person_id is not None and reach.unreachable is not None:
            back.append(PutBack(notice.id, notice.attempt, now, counted=False, trouble=reach.unreachable))
            astray.add(notice.person_id)
        elif notice.topic is not None and reach.switches.get(f"notify.{notice.topic}") == OFF:
            end(notice, Outcome.SWITCHED_OFF)
        elif notice.doubtful and not knows_keys and notice.lane is Lane.SOFT:
            end(notice, Outcome.UNSURE, "it may have arrived, and is not worth a repetition")
        elif (awake := sleeps_until(notice, reach, now)) is not None:
            back.append(PutBack(notice.id, notice.attempt, awake, counted=False))
        else:
            ready.append(notice)
    return Sorted(tuple(ready), tuple(ended), tuple(back), tuple(sorted(astray)))


def sleeps_until(notice: Notice, reach: Reach, at: datetime) -> datetime | None:
    """When the reader's quiet hours around `at` end, for a notice that respects them; None when it may be sent then."""
    if notice.urgent or notice.person_id is None or reach.quiet is None:
        return None
    if notice.topic is not None and reach.switches.get(f"night.{notice.topic}") == "on":
        return None
    return quiet_until(at, reach.zone, reach.quiet)


def pack(drawn: Iterable[Drawn], reaches: Reaches, now: datetime, *, knows_keys: bool) -> list[Parcel]:
    """Put drawn notices into messages: urgent ones first, each destination's small ones together."""
    by_reader: dict[tuple[int | None, int | None, str | None], list[Drawn]] = {}
    parcels: list[Parcel] = []
    for one in drawn:
        if one.notice.kind == REFRESH:
            parcels.append(_redraw(one))
        else:
            notice = one.notice
            by_reader.setdefault((notice.person_id, notice.channel_id, notice.bundle), []).append(one)
    for (person_id, channel_id, bundle), group in by_reader.items():
        reach = reaches[person_id, channel_id]
        parcels += _of_reader(group, reach, bundle, now, knows_keys=knows_keys)
    parcels.sort(key=_turn)
    return parcels


def _of_reader(
    group: Sequence[Drawn], reach: Reach, bundle: str | None, now: datetime, *, knows_keys: bool
) -> list[Parcel]:
    """The messages for one reader.

    A bundle is repeated as one message whatever became of its notices: a second one under its key would be taken for
    the first, and without keys a reader would see more repeated than was sent. Likewise what may have arrived alone
    goes alone again, under its own key.
    """
    if len(group) == 1:
        return [_alone(group[0], reach, now, knows_keys=knows_keys)]
    free = [one for one in group if can_share(one.reply) and not one.notice.doubtful]
    late = [one for one in free if _late(one.notice, reach, now)]
    if bundle is not None:
        drawing = caught_up if len(late) >= DIGEST_FROM else together
        return [_common(_entries(group, reach, now), drawing, reach, bundle, now, knows_keys=knows_keys)]
    if len(late) < DIGEST_FROM:
        late = []
    listed = {one.notice.id for one in late}
    small = [one for one in free if one.notice.id not in listed and one.notice.lane is not Lane.URGENT]
    joined = listed | {one.notice.id for one in small}
    alone = [one for one in group if one.notice.id not in joined]
    parcels = []
    for few in _cut(late, reach, now):
        parcels.append(_common(few, caught_up, reach, None, now, knows_keys=knows_keys))
    for few in _cut(small, reach, now):
        if len(few) == 1:
            alone.append(few[0][0])
        else:
            parcels.append(_common(few, together, reach, None, now, knows_keys=knows_keys))
    return [_alone(one, reach, now, knows_keys=knows_keys) for one in alone] + parcels


def _entries(drawn: Sequence[Drawn], reach: Reach, now: datetime) -> list[tuple[Drawn, Entry]]:
    zone = reach.zone or "UTC"
    return [(one, Entry(one.reply, one.notice.due_at, zone, late=_late(one.notice, reach, now))) for one in drawn]


def _cut(drawn: Sequence[Drawn], reach: Reach, now: datetime) -> list[list[tuple[Drawn, Entry]]]:
    """`drawn` in groups small enough for one message each."""
    left = _entries(drawn, reach, now)
    found = []
    for few in shares([entry for _, entry in left]):
        found.append(left[: len(few)])
        left = left[len(few) :]
    return found


def _common(
    few: Sequence[tuple[Drawn, Entry]],
    drawing: Callable[[Sequence[Entry]], Reply],
    reach: Reach,
    bundle: str | None,
    now: datetime,
    *,
    knows_keys: bool,
) -> Parcel:
    """Several notices in one message."""
    first = few[0][0].notice
    reply = drawing([entry for _, entry in few])
    again = any(_again(one.notice, now, knows_keys=knows_keys) for one, _ in few)
    return Parcel(
        notices=tuple(one.notice for one, _ in few),
        target=_target(first, reach),
        dest=_counted_by(first, reach),
        reply=marked(reply, AGAIN) if again else reply,
        key=bundle or f"b{first.id:x}.{len(few):x}.{_milliseconds(now):x}",
        silent=_silent(first, reply, reach, now),
        result=Outcome.DIGESTED if drawing is caught_up else Outcome.SENT,
        known_trouble=reach.unreachable,
        meant_at=_meant_at(first, reach, now),
    )


def _alone(one: Drawn, reach: Reach, now: datetime, *, knows_keys: bool) -> Parcel:
    """One notice in its own message, with the marks it needs."""
    notice, zone = one.notice, reach.zone or "UTC"
    late = _late(notice, reach, now)
    marks = []
    if late:
        marks.append(late_line(notice.due_at, zone))
    elif is_late(notice.due_at, now) and sleeps_until(notice, reach, notice.due_at) is not None:
        marks.append(kept_quiet_line(notice.due_at, zone))
    if _again(notice, now, knows_keys=knows_keys):
        marks.append(AGAIN)
    return Parcel(
        notices=(notice,),
        target=_target(notice, reach),
        dest=_counted_by(notice, reach),
        reply=marked(one.reply, *marks),
        key=notice.bundle or own_key(notice),
        silent=_silent(notice, one.reply, reach, now),
        result=Outcome.LATE if late else Outcome.SENT,
        known_trouble=reach.unreachable,
        meant_at=_meant_at(notice, reach, now),
    )


def _redraw(one: Drawn) -> Parcel:
    """A card drawn again where it hangs."""
    assert one.posting is not None
    notice = one.notice
    return Parcel(
        notices=(notice,),
        posting=one.posting,
        target=Target(dest=one.posting.address, person_id=one.posting.person_id, channel_id=one.posting.channel_id),
        dest=f"{one.posting.address}/{one.posting.message}",
        reply=one.reply,
        key=own_key(notice),
        silent=True,
        result=Outcome.SENT,
    )


def _late(notice: Notice, reach: Reach, now: datetime) -> bool:
    """Whether it comes later than anybody could have meant: quiet hours and the spread of soft ones are meant."""
    return is_late(_meant_at(notice, reach, now), now)


def _meant_at(notice: Notice, reach: Reach, now: datetime) -> datetime:
    """When it was to come at the latest; what comes in time was meant for when it was due."""
    if now - notice.due_at <= LATE:
        return notice.due_at
    meant = sleeps_until(notice, reach, notice.due_at) or notice.due_at
    return meant + SPREAD if notice.lane is Lane.SOFT and not notice.urgent else meant


def _again(notice: Notice, now: datetime, *, knows_keys: bool) -> bool:
    """Whether the reader may see this twice: it may have arrived, and the platform would not know it again."""
    return notice.doubtful and (not knows_keys or now - notice.due_at > KEYS_LIVE)


def _target(notice: Notice, reach: Reach) -> Target:
    return Target(
        reach.dest, reach.account, notice.person_id, notice.channel_id, reach.locale, reach.zone, reach.plain_text
    )


def _counted_by(notice: Notice, reach: Reach) -> str:
    return reach.dest or f"@{reach.account}"


def _silent(notice: Notice, reply: Reply, reach: Reach, now: datetime) -> bool:
    """Without a sound: when the reply wants so, and in a channel by night."""
    if reply.silent:
        return True
    return notice.channel_id is not None and not notice.urgent and quiet_until(now, reach.zone, NIGHT) is not None


def own_key(notice: Notice) -> str:
    """What a platform recognises a repeated message by: the notice and its due time, at most 25 characters.

    Discord API, Create Message, nonce: up to 25 characters.
    """
    return f"n{notice.id:x}.{_milliseconds(notice.due_at):x}"


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _turn(parcel: Parcel) -> tuple[int, datetime]:
    """Urgent ones first, then the earliest promise."""
    first = parcel.notices[0]
    return first.lane, first.due_at


def with_result(notice: Notice, result: str) -> Notice:
    """The notice as what follows it sees it: ended."""
    return replace(notice, result=result)
