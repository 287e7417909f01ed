"""Reading months, choosing the narrowest figure there is, and the words for how much it can carry. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from storage.records.rate import Level, Measure, RateCell, UnionStatus, Years
from storage.reference.regions import Place

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: Earliest month that is taken: with a year's slip an entry would never count, and nobody would know why.
TAKEN_MONTHS = 24


class NoMonth(ValueError):
    """The text names no month, or one that is not taken; `args[0]` says why in a sentence."""


def month_of(text: str, today: date) -> date:
    """The first day of the month in "Oct 2026", "October", "2026-10", "10/2026", "this month" or "last month".

    A bare name is the last such month. Raises NoMonth for others, for one to come, and for one too long ago to count.
    """
    said = " ".join(text.casefold().replace(",", " ").split())
    here = today.year * 12 + today.month - 1
    if said in ("this month", "now"):
        months = here
    elif said == "last month":
        months = here - 1
    elif match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})(?:[-/.]\d{1,2})?", said):
        months = _months(int(match[1]), int(match[2]), text)
    elif match := re.fullmatch(r"(\d{1,2})[-/.](\d{4})", said):
        months = _months(int(match[2]), int(match[1]), text)
    elif match := re.fullmatch(r"([a-z]{3,9})\.?(?: (\d{4}))?", said):
        if match[1][:3] not in _MONTHS:
            raise NoMonth(f"I could not read “{text[:30]}” as a month.")
        number = _MONTHS.index(match[1][:3]) + 1
        year = int(match[2]) if match[2] else today.year - (number > today.month)
        months = _months(year, number, text)
    else:
        raise NoMonth(f"I could not read “{text[:30]}” as a month.")
    if months > here:
        raise NoMonth("That month is still to come. Share what was paid, once it was.")
    if here - months >= TAKEN_MONTHS:
        raise NoMonth(f"That is too long ago: {TAKEN_MONTHS} months count.")
    return date(months // 12, months % 12 + 1, 1)


def _months(year: int, month: int, text: str) -> int:
    if not (1900 <= year <= 2999 and 1 <= month <= 12):
        raise NoMonth(f"I could not read “{text[:30]}” as a month.")
    return year * 12 + month - 1


def ladder(place: Place) -> tuple[tuple[Level, str], ...]:
    """From the place asked for to everywhere, narrow to wide."""
    return tuple((Level(level), key) for level, key in place.steps())


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The figure that answers a question. dropped: which of the wishes it does not narrow to, in words."""

    cell: RateCell
    dropped: tuple[str, ...]
    extras: RateCell | None
    by_year: tuple[tuple[int, RateCell], ...]


def choose(
    cells: Iterable[RateCell],
    steps: Sequence[tuple[Level, str]],
    *,
    union: UnionStatus | None = None,
    years: Years | None = None,
) -> Chosen | None:
    """The narrowest figure there is: at the nearest place, first of those asked for, then of everybody there.

    There is no figure of a union status and years together; the status is tried first.
    """
    by_id = {(cell.level, cell.place, cell.part, cell.measure): cell for cell in cells}
    wishes = [(f"union:{union.value}", union.label)] if union is not None else []
    wishes += [(f"years:{years.value}", years.label)] if years is not None else []
    for level, place in steps:
        for part, _ in (*wishes, ("", "")):
            cell = by_id.get((level, place, part, Measure.BASE))
            if cell is None:
                continue
            spread = sorted(
                (int(one.part.removeprefix("year:")), one)
                for one in by_id.values()
                if (one.level, one.place, one.measure) == (level, place, Measure.BASE) and one.part.startswith("year:")
            )
            return Chosen(
                cell=cell,
                dropped=tuple(label for name, label in wishes if name != part),
                extras=by_id.get((level, place, "", Measure.EXTRAS)),
                by_year=tuple(spread),
            )
    return None


def people_text(cell: RateCell) -> str:
    """ "5 to 9 people": never the exact number."""
    return f"{cell.people} to {cell.people + 4} people"


def confidence(cell: RateCell) -> str:
    """How much a figure can carry, in a word: by how many people stand behind it."""
    if cell.people < 10:
        return "thin"
    if cell.people < 25:
        return "fair"
    return "good" if cell.people < 60 else "strong"


def batch_age(cell: RateCell, now: datetime) -> int:
    """Whole days since the figure was made."""
    return (now - cell.made_at).days
