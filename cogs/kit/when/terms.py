"""Terms on invoices: net 30, 2/10 net 30, EOM, net 10 EOM, on receipt; the invoice is dated today."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, cast

from cogs.kit.when.days import Day, Nth, Relative
from cogs.kit.when.read_dates import Read, one
from cogs.kit.when.scene import Scene
from cogs.kit.when.tokens import Token


class AfterMonthEnd(Day):
    """So many days after the last day of this month."""

    __slots__ = ("days",)

    def __init__(self, days: int) -> None:
        self.days = days

    def on(self, scene: Scene, clock: int | None) -> date:
        """Counted from the last day of the month today is in."""
        return Nth(-1, None, shift=0).on(scene, None) + timedelta(days=self.days)


def read_net(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """`net 30`, `net 10 EOM`; a discount before it (`2/10`) is used up."""
    place = start + 1
    if tokens[place].text == "-":
        place += 1
    days = tokens[place]
    if days.sort not in ("num", "numword"):
        if days.sort == "eom":
            return one("day", AfterMonthEnd(0), tokens, start, place + 1)
        return None
    count = cast(int, days.value)
    place += 1
    if tokens[place].sort == "unit" and tokens[place].value == "day":
        place += 1
    if tokens[place].sort == "eom":
        return one("day", AfterMonthEnd(count), tokens, start, place + 1)
    return one("day", Relative(count), tokens, start, place)


def read_discount(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """`2/10 net 30`: the discount before the term."""
    place = start + 1
    if tokens[place].text == ",":
        place += 1
    if tokens[place].sort != "net":
        return None
    term = read_net(tokens, place, dayfirst)
    return None if term is None else one("day", term[0][0].value, tokens, start, term[1])


def read_eom(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """The last day of this month."""
    return one("day", AfterMonthEnd(0), tokens, start, start + 1)


def read_receipt(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """Today: the invoice is received when it is sent."""
    if tokens[start].text == "receipt":
        return None
    return one("day", Relative(0), tokens, start, start + 1)


TERM_RULES: Final = {
    "net": (read_net,),
    "slash": (read_discount,),
    "eom": (read_eom,),
    "receipt": (read_receipt,),
}
