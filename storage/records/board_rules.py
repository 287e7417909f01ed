"""What a community asks of the gigs on its board, as its moderators set it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, TypeVar

#: The community's setting under which the rules are kept.
RULES = "rules"

_E = TypeVar("_E", bound=StrEnum)


class Posters(StrEnum):
    """Who may put gigs on the board."""

    EVERYONE = "everyone"
    ROLES = "roles"  # members who have one of the platform roles that are named
    MODERATORS = "moderators"


class Needed(StrEnum):
    """What a post must say besides chair, time, place and fee; named as the options of `/gig post`."""

    TYPE = "type"
    WHAT = "what"
    START = "start"  # a start time, not only a day
    LENGTH = "length"
    CALL_TIME = "call_time"
    REPLY_BY = "reply_by"
    AMOUNT = "amount"  # a fee in figures: neither quotes nor unpaid
    PAYS = "pays"
    PAY_BY = "pay_by"
    EXTRAS = "extras"
    USAGE = "usage"
    CREDIT = "credit"
    UNION = "union"
    CANCELLATION = "cancellation"

    @property
    def label(self) -> str:
        """As moderators and posters read it."""
        special = {"type": "kind of work", "pays": "who pays", "pay_by": "when it is paid", "start": "start time"}
        special |= {"amount": "fee in figures", "union": "union or not", "reply_by": "reply by", "what": "what it is"}
        return special.get(self.value, self.value.replace("_", " "))


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRules:
    """The rules of one board; the defaults ask for nothing.

    roles: names of platform roles, as typed; any of them lets somebody post when `posters` is ROLES.
    account_days: how old a platform account must be, where the platform tells; 0: any age.
    posts_a_day: posts of one person in 24 hours; 0: as many as they like.
    days: how long a post stays up that is not over before.
    check_edits: changes are held to the rules too. screen: posts are looked through for signs of fraud.
    report_channel: id of the channel in which moderators hear of reports; None: they look into the queue.
    """

    posters: Posters = Posters.EVERYONE
    roles: tuple[str, ...] = ()
    needed: tuple[Needed, ...] = ()
    account_days: int = 0
    posts_a_day: int = 0
    days: int = 30
    check_edits: bool = True
    screen: bool = True
    report_channel: int | None = None

    @classmethod
    def of(cls, settings: Mapping[str, object]) -> BoardRules:
        """The rules in a community's settings. What this program does not know, or is no rule at all, is left out."""
        kept = settings.get(RULES)
        if not isinstance(kept, Mapping):
            return _NONE
        found: dict[str, Any] = {}
        for name, lowest, highest in (("account_days", 0, 3650), ("posts_a_day", 0, 100), ("days", 1, 365)):
            value = kept.get(name)
            if isinstance(value, int) and not isinstance(value, bool):
                found[name] = min(max(value, lowest), highest)
        for name in ("check_edits", "screen"):
            if isinstance(kept.get(name), bool):
                found[name] = kept[name]
        if isinstance(kept.get("report_channel"), int):
            found["report_channel"] = kept["report_channel"]
        roles = kept.get("roles")
        if isinstance(roles, list):
            found["roles"] = tuple(str(role) for role in roles)
        needed = kept.get("needed")
        if isinstance(needed, list):
            found["needed"] = tuple(_known(Needed, needed))
        found["posters"] = next(_known(Posters, [kept.get("posters")]), Posters.EVERYONE)
        return cls(**found)

    def kept(self) -> dict[str, object] | None:
        """As a community's setting: what differs from the defaults; None when nothing does."""
        usual = asdict(_NONE)
        said = {name: value for name, value in asdict(self).items() if value != usual[name]}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()} or None


def _known(members: type[_E], values: Iterable[object]) -> Iterator[_E]:
    known = {member.value: member for member in members}
    return iter([known[str(value)] for value in values if str(value) in known])


_NONE = BoardRules()
