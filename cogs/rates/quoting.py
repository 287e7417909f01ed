"""One's own quote, item by item, and what a gig is worth once time and costs are counted. Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from storage.records.fee import Unit
from storage.records.money import Money

#: Hours that a unit pays for by custom (`storage.records.fee.Unit`); the others have none.
HOURS = {Unit.CALL: 3, Unit.HOUR: 1}
#: Largest surcharge that is read as one: beyond it the figure is a slip.
MOST_PERCENT = 300


class Unclear(ValueError):
    """A surcharge that was not understood; `args[0]` says why, `example` shows what would be."""

    def __init__(self, what: str, example: str) -> None:
        super().__init__(what)
        self.example = example


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a quote. note: how it came about ("15%", "2 h at £60")."""

    label: str
    amount: Money
    note: str = ""


ReadMoney = Callable[[str], Money]


def surcharge(label: str, text: str, whole: Money, read: ReadMoney) -> Item:
    """An item that is a share of the base ("15%") or a sum ("£30"). Raises Unclear."""
    said = text.strip()
    if match := re.fullmatch(r"(\d{1,4}(?:[.,]\d{1,2})?)\s*(?:%|percent|per cent)", said, re.IGNORECASE):
        share = Decimal(match[1].replace(",", "."))
        if share > MOST_PERCENT:
            raise Unclear(f"{share}% is more than any surcharge. Check the noughts.", "15% or £30")
        return Item(label, whole.times(Fraction(share) / 100), f"{share.normalize():f}%")
    if not re.search(r"\d", said):
        raise Unclear(f"How much is it for {label.casefold()}?", "15% or £30")
    amount = read(said)
    if amount.currency != whole.currency:
        raise Unclear(f"The base is in {whole.currency}; {label.casefold()} is in {amount.currency}.", "15%")
    return Item(label, amount)


def overtime(text: str, base: Money, unit: Unit, read: ReadMoney, show: Callable[[Money], str]) -> Item:
    """Hours past the end: "2h", at the base's own hourly share, or "2h at £60". Raises Unclear."""
    match = re.fullmatch(
        r"(\d{1,2}(?:[.,]\d{1,2})?)\s*(?:h|hrs?|hours?)?\s*(?:ot|overtime)?\s*(?:(?:at|@|x)\s*(.+))?",
        text.strip(),
        re.IGNORECASE,
    )
    if match is None:
        raise Unclear("I could not read that as hours of overtime.", "2h at £60")
    hours = Decimal(match[1].replace(",", "."))
    if match[2]:
        rate = read(match[2])
        if rate.currency != base.currency:
            raise Unclear(f"The base is in {base.currency}; overtime is in {rate.currency}.", "2h")
    elif unit in HOURS:
        rate = base.times(Fraction(1, HOURS[unit]))
    else:
        raise Unclear("What does an hour of overtime cost?", "2h at £60")
    return Item("Overtime", rate.times(hours), f"{hours.normalize():f} h at {show(rate)}")


def total(items: Sequence[Item]) -> Money:
    """The sum of one currency's items."""
    whole = items[0].amount
    for item in items[1:]:
        whole = whole + item.amount
    return whole


def text_of(
    title: str, day: date, items: Sequence[Item], hold: Item | None, show: Callable[[Money], str]
) -> str:  # fmt: skip
    """The quote as text to paste."""
    lines = [f"{title}, {day.day} {day:%b %Y}", ""]
    for item in items:
        note = f" ({item.note})" if item.note else ""
        lines.append(f"{item.label}{note}: {show(item.amount)}")
    lines += ["", f"Total: {show(total(items))}"]
    if hold is not None:
        lines.append(f"To hold the date: {show(hold.amount)}")
    return "\n".join(lines)


# --- reading one line -------------------------------------------------------------------------------------------------

_CODE = r"(?:gbp|eur|usd|cad|aud|nzd|chf|sek|nok|dkk|pln|czk|jpy)"
_SUM = rf"(?:(?:[£€$]|\b{_CODE}\b)\s?)?\d[\d.,]*\s?(?:%|{_CODE}\b)?"
Place = tuple[int, int, str]


def finder(words: str, bare: str = "") -> Callable[[str], Place | None]:
    """Finds "<word> 25", "<word> £25", "25 <word>" or, where `bare` says what to take for it, the word alone."""
    behind = rf"\+?\s*\b(?:{words})\b(?:\s*(?:fee|hours))?\s*(?:of|at|:)?\s*({_SUM})"
    before = rf"\+\s*({_SUM})\s*\b(?:{words})\b"
    alone = rf"\+?\s*\b(?:{words})\b"

    def find(text: str) -> Place | None:
        for pattern in (behind, before):
            if match := _compiled(pattern).search(text):
                return match.start(), match.end(), match[1].strip()
        match = _compiled(alone).search(text) if bare else None
        return (match.start(), match.end(), bare) if match else None

    return find


@functools.cache  # there are thirty, and a start would wait 7 ms for them
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_BASE = re.compile(rf"^\s*({_SUM}k?)(?!\s*(?:h|hours?|hrs?|x|×|miles?|min)\b)|((?:[£€$])\s?\d[\d.,]*)", re.IGNORECASE)
_OVERTIME = re.compile(
    rf"\+?\s*(\d[\d.]*\s*(?:h|hrs?|hours?)\s*(?:ot|overtime)\b(?:\s*(?:at|@)\s*{_SUM})?)", re.IGNORECASE
)
_OVERTIME_BEHIND = re.compile(
    rf"\+?\s*\b(?:ot|overtime)\s*(\d[\d.]*\s*(?:h|hrs?|hours?)\b(?:\s*(?:at|@)\s*{_SUM})?)", re.IGNORECASE
)
_TIMES = re.compile(
    r"(?<![\w.])(\d{1,3})\s*[x×](?!\w)"
    r"|(?<![\w.£€$])(?<!ot )(?<!overtime )(?<!x )(\d{1,3})\s+(?:hours|calls|sessions|services|shows|songs|days)(?!\w)"
    r"(?!\s*(?:of\s+)?(?:ot|overtime)(?!\w))",
    re.IGNORECASE,
)


def find_base(text: str) -> Place | None:
    """The sum a line begins with, else the first with a currency mark."""
    match = _BASE.search(text)
    return (match.start(), match.end(), (match[1] or match[2]).strip()) if match else None


def find_sum(text: str) -> Place | None:
    """The sum a line begins with, whatever follows it: "40 hour" is forty an hour, "off" is nothing."""
    if off := re.match(r"\s*(?:off|none|nothing|no)(?!\w)", text, re.IGNORECASE):
        return off.start(), off.end(), "0"
    match = re.match(rf"\s*({_SUM})", text, re.IGNORECASE)
    return (match.start(), match.end(), match[1].strip()) if match else None


def find_overtime(text: str) -> Place | None:
    """ "2h ot", "2 hours overtime at £60", "ot 2h"."""
    match = _OVERTIME.search(text) or _OVERTIME_BEHIND.search(text)
    return (match.start(), match.end(), match[1].strip()) if match else None


def find_times(text: str) -> Place | None:
    """ "3x", "3 hours"."""
    match = _TIMES.search(text)
    return (match.start(), match.end(), match[1] or match[2]) if match else None


def find_what(text: str) -> Place | None:
    """A gig's id, or a sum: what "is it worth it?" is asked about."""
    match = re.search(r"(?<!\w)#?(g\d{1,9})(?!\w)", text, re.IGNORECASE)
    return (match.start(), match.end(), match[1]) if match else find_base(text)


def find_length(words: str) -> Callable[[str], Place | None]:
    """Finds hours that stand behind one of the words ("prep 2h"); with no words, hours that stand alone ("6h")."""
    lead = rf"\b(?:{words})\s*" if words else r"(?<!prep )(?<!preparation )(?<!travel )(?<![\w.])"
    hours = r"(\d{1,2}(?:\.\d{1,2})?\s*(?:h|hrs?|hours?)(?:\s*[0-5]?\d\s*m(?:in)?\b(?!\s+(?:of\s+)?travel))?)"
    bare = rf"|{lead}(\d{{1,2}}(?:\.\d{{1,2}})?)(?![\w.])" if words else ""  # "prep 2"
    pattern = re.compile(rf"{lead}{hours}\b{bare}", re.IGNORECASE)

    def find(text: str) -> Place | None:
        match = pattern.search(text)
        return (match.start(), match.end(), match[1] or f"{match[2]}h") if match else None

    return find


def find_number(pattern: str) -> Callable[[str], Place | None]:
    """Finds what the first group of the pattern that took anything says."""
    compiled = re.compile(pattern, re.IGNORECASE)

    def find(text: str) -> Place | None:
        match = compiled.search(text)
        return (match.start(), match.end(), next(filter(None, match.groups()), "")) if match else None

    return find


# --- worth ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What is left of a fee, and per hour of all the time it takes. minutes: everything together; 0: nothing said."""

    fee: Money
    costs: Money
    mileage: Money | None
    minutes: int

    @property
    def left(self) -> Money:
        """The fee without costs and miles."""
        spent = self.costs if self.mileage is None else self.costs + self.mileage
        return self.fee - spent

    @property
    def hourly(self) -> Money | None:
        """What is left per hour; None when no time is known."""
        return self.left.times(Fraction(60, self.minutes)) if self.minutes > 0 else None
