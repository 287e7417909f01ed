"""What a community's rules say to a post. Pure: the same questions for a new post and for a changed one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cogs.gigs.fields import GigField, is_said
from cogs.kit.call import Call, Right
from cogs.kit.faults import Conflict, Fault, Misread, NotAllowed, TryLater
from storage.records.board_rules import BoardRules, Needed, Posters
from storage.records.fee import Basis
from storage.records.gig import Gig
from storage.records.moderation import Mute

#: Over which stretch posts of one person are counted.
A_DAY = timedelta(days=1)

_EXAMPLES = {
    Needed.TYPE: "function",
    Needed.WHAT: "Ceilidh band, black tie",
    Needed.START: "Sat 28 Nov 19:30",
    Needed.LENGTH: "3 hours",
    Needed.CALL_TIME: "17:30",
    Needed.REPLY_BY: "Thu 6pm",
    Needed.AMOUNT: "£220",
    Needed.PAYS: "the client",
    Needed.PAY_BY: "on the night",
    Needed.EXTRAS: "travel £30",
    Needed.CREDIT: "by name",
    Needed.CANCELLATION: "half within a week",
}
#: The option of `/gig post` that says what is needed, where it has another name.
_OPTION = {Needed.START: "when", Needed.AMOUNT: "fee"}


def missing(rules: BoardRules, gig: Gig) -> list[Needed]:
    """What the rules ask for and the post does not say, in their order."""
    return [needed for needed in Needed if needed in rules.needed and not _says(gig, needed)]


def _says(gig: Gig, needed: Needed) -> bool:
    if needed is Needed.START:
        return not gig.span.whole_days
    if needed is Needed.AMOUNT:
        return gig.fee.basis is Basis.PAID
    if needed is Needed.CALL_TIME and gig.span.whole_days:
        return True  # there is no start that it could come before
    return is_said(gig, GigField(needed.value))


def ask_for(needed: Needed, *, field: str | None = None) -> Misread:
    """The fault that asks the poster for what is needed. field: where it is asked; None: in its own option."""
    return Misread(
        f"The rules of this board ask for one more thing: {needed.label}.",
        example=_EXAMPLES.get(needed),
        field=field or _OPTION.get(needed, needed.value),
        needed=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a poster in the community.

    posted: when they put gigs up there in the last day, oldest first. mute: the one that holds now.
    """

    posted: Sequence[datetime] = ()
    mute: Mute | None = None


def refusal(rules: BoardRules, standing: Standing, call: Call, *, new: bool = True) -> Fault | None:
    """Why the caller may not post there now, as they are told it; None when they may.

    Moderators are bound by a mute and nothing else. new: a change of a post counts towards no limit.
    """
    if standing.mute is not None:
        return _later(
            f"Moderators have paused your posts here. Their reason: {standing.mute.reason}", until=standing.mute.until
        )
    if call.may(Right.MODERATE):
        return None
    if rules.posters is Posters.MODERATORS:
        return _kept(
            NotAllowed(
                "Moderators alone put gigs on this board.", how="Ask one of them to post it, or to change who may post."
            )
        )
    if rules.posters is Posters.ROLES and not {role.casefold() for role in rules.roles} & call.roles:
        names = " or ".join(rules.roles) or "that moderators have yet to name"
        how = "Ask a moderator for it." if call.place.shared else "If you have it, post from the server itself."
        return _kept(NotAllowed(f"Posting here needs the role {names}.", how=how))
    if rules.account_days and call.account_made is not None:
        age = call.now - call.account_made
        if age < timedelta(days=rules.account_days):
            return _later(
                f"This board takes posts from accounts that are at least {_days(rules.account_days)} old, and yours is"
                f" {_days(max(0, age.days))} old.",
                until=call.account_made + timedelta(days=rules.account_days),
            )
    if new and rules.posts_a_day and len(standing.posted) >= rules.posts_a_day:
        count = rules.posts_a_day
        return _later(
            f"This board takes {count} post{'s' if count != 1 else ''} a person in 24 hours, and you have had yours.",
            until=standing.posted[-count] + A_DAY,
        )
    return None


def _days(count: int) -> str:
    return f"{count} day{'s' if count != 1 else ''}"


def _later(what: str, *, until: datetime) -> Fault:
    return _kept(TryLater(what, until=until))


def _kept(fault: Fault) -> Fault:
    fault.keeps = True
    return fault


def refuse_change(rules: BoardRules, before: Gig, after: Gig) -> Conflict | Misread | None:
    """Why a change is not taken: it leaves out what the rules ask for, and what was there before."""
    if not rules.check_edits:
        return None
    lost = [needed for needed in missing(rules, after) if needed not in missing(rules, before)]
    return ask_for(lost[0], field="value") if lost else None
