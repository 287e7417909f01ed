"""Who is told what about a gig: notices, kept in the transaction of the change that causes them.

A notice is drawn from the gig as it is when it is read, so the newest of a kind says everything an older one would.
What has not gone out yet is called off first: nobody hears twice about a thing that was changed twice in a row.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from cogs.gigs import crossing, rules
from storage.records.answer import Answer, AnswerState
from storage.records.gig import Gig
from storage.records.notice import Args, Lane, NewNotice
from storage.records.people import Community, Topic
from storage.records.times import milliseconds
from storage.records.watch import Watch, WatchHow
from storage.reference import instruments
from storage.work import Work

#: The community's setting by which moderators let a post mention the platform role of its chair.
PING_ROLES = "ping_roles"


async def tell(
    work: Work,
    kind: str,
    person_id: int,
    gig: Gig,
    now: datetime,
    *,
    args: Args,
    topic: Topic | None = None,
    due_at: datetime | None = None,
    urgent: bool | None = None,
    first: bool = False,
) -> None:
    """Keep a notice to one person, instead of one of the same kind and subject that waits for them still.

    first: none can be waiting, so none is looked for.
    topic: None for what cannot be switched off: a chair given, taken away, moved. The first of `args` is the subject.
    """
    due = due_at or now
    subject, about = next(iter(args.items()))
    if not first:
        await work.notices.cancel(kind, now, **{subject: about, "to": person_id})
    await work.notices.add(
        NewNotice(
            kind=kind,
            person_id=person_id,
            args={**args, "to": person_id},
            due_at=due,
            # Each is a message of its own, two in one moment too: the transaction keeps it once, the key need not.
            key=f"{kind}:{about}:{person_id}:{secrets.token_urlsafe(6)}",
            lane=Lane.URGENT,
            topic=topic,
            urgent=rules.is_soon(gig, now) if urgent is None else urgent,
        ),
        now,
    )


async def tell_players(
    work: Work, kind: str, answers: Iterable[Answer], gig: Gig, now: datetime, **more: int | str | None
) -> int:
    """Keep a notice about the gig to everybody who gave these answers; to how many."""
    told = 0
    for answer in answers:
        await tell(work, kind, answer.person_id, gig, now, args={"gig_id": gig.id, **more})
        told += 1
    return told


async def tell_changes(work: Work, answers: Iterable[Answer], gig: Gig, since: int, now: datetime) -> int:
    """Tell players what changed after revision `since`, or after an older one of which they have not read; how many."""
    told = 0
    for answer in answers:
        unread = [
            int(waiting.args["since"] or 0)
            for waiting in await work.notices.of_person(answer.person_id)
            if waiting.kind == "gigs.changed" and waiting.args["gig_id"] == gig.id
        ]
        told += await tell_players(work, "gigs.changed", [answer], gig, now, since=min([since, *unread]))
    return told


async def say_filled(work: Work, gig: Gig, now: datetime) -> int:
    """The last chair is taken: pencils are lifted, and whoever waited is told so, never for whom; how many."""
    for answer in await work.answers.to(gig.id, {AnswerState.PENCILLED}):
        await work.answers.move(answer.id, AnswerState.WAITING, {AnswerState.PENCILLED}, now)
    waiting = await work.answers.to(gig.id, {AnswerState.WAITING})
    for answer in waiting:
        await tell(work, "answers.filled", answer.person_id, gig, now, args={"gig_id": gig.id}, topic=Topic.OFFERS)
    await call_off_alarms(work, gig, now)
    return len(waiting)


async def hang(work: Work, gig: Gig, channel_ids: Iterable[int], now: datetime) -> tuple[Community, ...]:
    """Put the card up in channels, and on linked boards that take it; on whose boards, with their watchers told.

    One that is for few crosses no link.
    """
    for channel_id in channel_ids:
        await work.notices.add(
            NewNotice(
                kind="gigs.posted",
                channel_id=channel_id,
                args={"gig_id": gig.id},
                due_at=now,
                key=f"gigs.posted:{gig.id}:{channel_id}",
                expires_after=max(gig.expires_at - now, rules.UNDO_FOR),
            ),
            now,
        )
    reached = () if gig.for_few else await crossing.hang(work, gig, now)
    for other in reached:
        await tell_watchers(work, gig, other, now)
    return reached


async def redraw(work: Work, gig: Gig, now: datetime) -> None:
    """Have every card of the gig drawn again, on the board and in private chats."""
    await work.notices.refresh("gigs.board", gig.id, now)
    await crossing.redraw(work, gig.id, now)


async def move_reminders(work: Work, gig: Gig, now: datetime) -> None:
    """The gig has moved: have whoever is to be reminded before it looked after at once, not when they look next."""
    for reminder in await work.reminders.hung_on(gig.id):
        # Looks are numbered by the minute they fall due, which no gig is changed often enough to reach.
        await work.notices.add(reminder.look(now, gig.revision), now)


async def set_alarms(work: Work, gig: Gig, now: datetime, *, new: bool = False) -> None:
    """Have the poster told when the reply-by time passes and when the post leaves the board, instead of before.

    new: this post has none yet to be called off.
    """
    if not new:
        await call_off_alarms(work, gig, now)
    if gig.reply_by is not None and now < gig.reply_by < gig.expires_at:
        await tell(
            work,
            "gigs.reply_by",
            gig.poster_id,
            gig,
            now,
            args={"gig_id": gig.id},
            topic=Topic.OFFERS,
            due_at=gig.reply_by,
            urgent=gig.span.start - gig.reply_by <= rules.SOON,
            first=True,
        )
    await tell(
        work,
        "gigs.expire",
        gig.poster_id,
        gig,
        now,
        args={"gig_id": gig.id},
        topic=Topic.OFFERS,
        due_at=gig.expires_at,
        urgent=False,
        first=True,
    )


async def call_off_alarms(work: Work, gig: Gig, now: datetime) -> None:
    """Nobody waits for answers any more."""
    await work.notices.cancel("gigs.reply_by", now, gig_id=gig.id)
    await work.notices.cancel("gigs.expire", now, gig_id=gig.id)


async def tell_watchers(work: Work, gig: Gig, community: Community, now: datetime) -> int:
    """Tell everybody there whose watch this post fits, as they asked; how many. Unpaid posts only to who takes them."""
    roles = instruments.alike(gig.role)
    fitting = [
        watch
        for watch in await work.watches.for_roles(community.id, roles)
        if watch.person_id != gig.poster_id and rules.fits(watch, gig)
    ]
    floors = await work.rates.floors_of({watch.person_id for watch in fitting})
    fitting = [watch for watch in fitting if rules.holds(watch, gig, floors.get(watch.person_id, ()))]
    people = await work.people.many(sorted({watch.person_id for watch in fitting}))
    takers = {person_id for person_id, person in people.items() if person.takes_unpaid or not gig.unpaid}
    at_once = {watch.person_id for watch in fitting if _at_once(watch, gig, community)} & takers
    in_the_morning = {watch.person_id for watch in fitting if watch.how is WatchHow.DIGEST} & takers - at_once
    if gig.unpaid:
        at_once |= set(await work.watches.takers_of_unpaid(community.id, roles)) - {gig.poster_id}
        in_the_morning -= at_once
    await work.notices.add_many(
        [
            NewNotice(
                kind="find.hit",
                person_id=person_id,
                args={"gig_id": gig.id, "to": person_id},
                due_at=now,
                key=f"find.hit:{gig.id}:{person_id}",
                topic=Topic.GIGS,
                urgent=rules.is_soon(gig, now),
                expires_after=max(gig.expires_at - now, rules.UNDO_FOR),
            )
            for person_id in sorted(at_once)
        ],
        now,
    )
    for person_id in sorted(in_the_morning):
        morning = rules.next_morning(now, people[person_id].zone or community.zone or "UTC")
        # One a morning, made only when there is something in it: an idle watch costs nothing.
        await work.notices.add(
            NewNotice(
                kind="find.digest",
                person_id=person_id,
                args={"to": person_id, "since": milliseconds(now)},
                due_at=morning,
                key=f"find.digest:{person_id}:{milliseconds(morning)}",
                topic=Topic.DIGESTS,
            ),
            now,
        )
    return len(at_once | in_the_morning)


def _at_once(watch: Watch, gig: Gig, community: Community) -> bool:
    """Whether a watch means a message now. Where posts may not mention roles, a role ping becomes one."""
    pings = bool(community.settings.get(PING_ROLES)) and not gig.unpaid
    return watch.how is WatchHow.DM or (watch.how is WatchHow.PING and not pings)


async def role_to_ping(work: Work, gig: Gig, community: Community) -> str | None:
    """The platform role that the first card of a post mentions: moderators allow it, and somebody asked for it."""
    if gig.unpaid or not community.settings.get(PING_ROLES):
        return None
    watching = await work.watches.for_roles(gig.community_id, instruments.alike(gig.role))
    if not any(watch.how is WatchHow.PING and rules.fits(watch, gig) for watch in watching):
        return None
    return instruments.chair(gig.role).name
