"""Which figures may be shown of what people told in private, and what remains that somebody could learn.

The model
---------
Reports belong to a *family*: one community, role, kind of work, unit and currency. Families share no report and no
figure spans two of them, so a difference between two families says nothing about anybody.

Inside a family there is a fixed set of *cells*: everywhere, each country, region and town; and at each place those of
one union status, of one band of years played, or of one calendar year. There are no others. Two filters are never
combined, and nobody can ask for a cell of their own making. Figures are made in weekly batches and looked up
afterwards; within a batch everybody who asks gets the same answer.

A figure is made like this:

1. A person counts in the first batch after they spoke, and only once they have been in the community for 14 days
   (`SETTLED`). Months are the finest time there is. Months older than 24 are not counted.
2. Every sum is put on a coarse grid *first* (`on_grid`: 100, 125, 150, 175, 200, 250 … 500, 600 … 1000). Nothing after
   this step ever looks at the exact sum.
3. A person's reports in the cell become one sum, the lower of the middle ones. So one person is one in n, and as n is
   never below 5 nobody weighs more than 20 %, under the bound of 25 %.
4. Sums far from the others (more than 3.5 scaled median absolute deviations) are held back, and are not counted as
   people.
5. Under 5 people there is no figure; from 5 to 9 the median; from 10 also the quartiles. All are members of the grid.
   The number of people is shown as "5 to 9", "10 to 14" and so on.
6. A cell is shown only beside a wider one whose other people are none or at least 5: with a town shown and its
   region shown, nobody is alone in the difference. The same holds for the parts of a place and for a part of a town
   against that part of its region.
7. A shown figure changes only when the part of at least 5 people in it has changed (`CHANGED`), so that one new or
   corrected entry, or one that is withdrawn, cannot be read off by comparing two weeks. When fewer than 5 people are
   left, it is no longer shown from the next batch on.

What it promises
----------------
Because of step 2 everything that is ever shown depends on a person only through their sums on the grid, and on which
cells they are in. Two people who were paid £210 and £222 cannot be told apart by anything that anybody does: shares,
withdrawals, corrections, filters, in any order, over any number of batches, by any number of colluding people.

What remains
------------
- Somebody who controls all but one of the people of a cell (with five, four) can choose their own sums so that the
  median follows the fifth. They learn that person's sum as it stands on the grid: "nearer 200 than 175 or 250", which
  is a step of 10 to 25 %. The same they would read off the rounded median if everybody else were known to them. They
  learn it no finer by repeating it, and no faster than once a week.
- They also learn that somebody else is in the cell, since it is shown at all, and in which week it appeared or went.
  Whose report it is they must know from elsewhere.
- Who makes up accounts has to have them in the community for two weeks before they count. That is a cost and no proof;
  moderators who let in anybody weaken the number 5 by as many as one person brings.
- A figure made of people's reports stays until its next change when one of them withdraws or is erased. It is a number
  on a grid made of at least five people; the report itself is gone at once.
- Whoever runs the database sees the reports. They are protected from readers of figures, not from the house.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TypeVar

from storage.records.rate import Counted, Level, Measure, RateCell
from storage.records.times import milliseconds

K = TypeVar("K")

#: Fewest people behind a figure, in the rest of a wider one, and in a change of it.
FEWEST = 5
CHANGED = FEWEST
#: Fewest people for quartiles.
FEWEST_FOR_QUARTILES = 10
#: How long somebody has been in the community before their word counts.
SETTLED = timedelta(days=14)
#: How many months back reports count.
MONTHS_BACK = 24
#: Batches begin on this weekday (0 is Monday) at this hour, UTC.
BATCH_WEEKDAY, BATCH_HOUR = 0, 4
#: Sums of people further from the median than this many scaled deviations are held back. Iglewicz and Hoaglin (1993),
#: How to Detect and Handle Outliers, recommend 3.5 of the deviation scaled by 1.4826. In ten-thousandths.
_FAR = 35_000 * 14_826
#: The deviation is taken for at least a tenth of the median: on a grid, most people often stand on the same line.
_LEAST_DEVIATION = 10


@dataclass(frozen=True, slots=True, order=True)
class CellId:
    """Which people of a family a figure is of, and what of theirs."""

    level: Level
    place: str
    part: str = ""
    measure: Measure = Measure.BASE


def on_grid(minor: int) -> int:
    """The nearest line of the privacy grid to a sum of minor units, half a step going up; 0 stays 0.

    Between 1 and 2 of any power of ten a step is a quarter of it, up to 5 a half, and then a whole. It never turns two
    sums round: of two sums, the larger never lands on the smaller line.
    """
    if minor <= 0:
        return 0
    power = int(10 ** (len(str(minor)) - 1))
    lead = minor // power
    step = max(1, power // 4) if lead < 2 else max(1, power // 2) if lead < 5 else power
    below = minor - (minor % step)
    return below + step if (minor - below) * 2 >= step else below


def batch_of(now: datetime) -> datetime:
    """When the batch began that is shown at a moment."""
    day = now - timedelta(days=(now.weekday() - BATCH_WEEKDAY) % 7)
    begun = day.replace(hour=BATCH_HOUR, minute=0, second=0, microsecond=0)
    return begun if begun <= now else begun - timedelta(days=7)


def oldest_month(batch: datetime) -> date:
    """The first month that a batch still counts."""
    months = batch.year * 12 + batch.month - 1 - (MONTHS_BACK - 1)
    return date(months // 12, months % 12 + 1, 1)


def shown_people(count: int) -> int:
    """How many people are said to stand behind a figure: at least so many, in steps of five."""
    return count - count % FEWEST


Breath = Callable[[], None]


def publish(
    reports: Iterable[Counted], before: Iterable[RateCell], batch: datetime, breathe: Breath = lambda: None
) -> dict[CellId, RateCell]:
    """The figures of a family from this batch on.

    reports: what the batch counts, of one family. before: what is shown now. The result takes its place; it holds a
    figure of `before` itself where too little has changed. breathe: called every few microseconds of work, for a
    caller that must let others have the processor.
    """
    members = _members(reports, breathe)
    fit = {}
    for id, people in members.items():
        breathe()
        cell = _figure(id, people, batch)
        if cell is not None:
            fit[id] = cell
    shown = _without_differences(fit, members, breathe)
    old = {CellId(cell.level, cell.place, cell.part, cell.measure): cell for cell in before}
    return {id: _kept(old.get(id), shown[id], members[id], breathe) for id in shown}


def _kept(old: RateCell | None, new: RateCell, people: People, breathe: Breath) -> RateCell:
    """The old figure until at least five people's part in it has changed.

    Counted from below, without keeping who was in it: those who are in it now and changed nothing since cannot be more
    than were in it then.
    """
    if old is None:
        return new
    made_at, unchanged = milliseconds(old.made_at), 0
    for changed_at in people.changed.values():
        unchanged += changed_at < made_at
        breathe()
    changed = max(len(people.lines), old.counted) - min(unchanged, old.counted)
    return new if changed >= CHANGED else old


class People:
    """Who is in a cell. lines: the one sum of each, on the grid. changed: when they last changed a part in it.

    Plain numbers in plain dictionaries: with a list for each of a hundred thousand people, the collector of garbage
    would stop the program to look through them.
    """

    __slots__ = ("changed", "lines", "parent")

    def __init__(self, parent: CellId | None) -> None:
        self.lines: dict[int, int] = {}
        self.changed: dict[int, int] = {}
        #: The same part of the next wider place; None for everywhere.
        self.parent = parent

    def keys(self) -> Set[int]:
        """Their ids."""
        return self.lines.keys()


Members = dict[CellId, People]


def _members(reports: Iterable[Counted], breathe: Breath = lambda: None) -> Members:
    """Who is in which cell, with their one sum there. From here on nobody's exact sum is known."""
    found: Members = {}
    alike: dict[tuple[object, ...], list[tuple[CellId, People]]] = {}  # many reports are in the same cells
    for person, theirs in groupby(sorted(reports, key=_person), key=_person):
        several: dict[CellId, list[int]] = {}
        for report in theirs:
            breathe()
            key = (*report[3:9], report.extras is None)
            cells = alike.get(key)
            if cells is None:
                cells = alike[key] = [(id, found.setdefault(id, People(up))) for id, up in _cells_of(report)]
            base = on_grid(report.base)
            extras = None if report.extras is None else on_grid(report.extras)
            for id, people in cells:
                line = extras if id.measure is Measure.EXTRAS and extras is not None else base
                if person in people.lines:
                    several.setdefault(id, [people.lines[person]]).append(line)
                    people.changed[person] = max(people.changed[person], report.changed_at)
                else:
                    people.lines[person] = line
                    people.changed[person] = report.changed_at
        for id, lines in several.items():
            found[id].lines[person] = _middle(sorted(lines))
    return found


def _person(report: Counted) -> int:
    return report.person_id


def places_of(report: Counted) -> Iterator[tuple[Level, str]]:
    """The places a report counts for, widest first."""
    yield Level.ALL, ""
    if report.country is not None:
        yield Level.COUNTRY, report.country
    if report.region_key is not None:
        yield Level.REGION, report.region_key
    if report.city_key is not None:
        yield Level.CITY, report.city_key


def _cells_of(report: Counted) -> Iterator[tuple[CellId, CellId | None]]:
    """The cells a report counts for, each with the same part of the next wider place."""
    parts = ["", f"year:{report.year}"]
    if report.union is not None:
        parts.append(f"union:{report.union}")
    if report.years is not None:
        parts.append(f"years:{report.years}")
    kinds = [(part, Measure.BASE) for part in parts]
    if report.extras is not None:
        kinds.append(("", Measure.EXTRAS))
    wider: tuple[Level, str] | None = None
    for level, place in places_of(report):
        for part, measure in kinds:
            yield CellId(level, place, part, measure), None if wider is None else CellId(*wider, part, measure)
        wider = level, place


def _figure(id: CellId, people: People, batch: datetime) -> RateCell | None:
    """The figure of a cell; None where there are too few people."""
    kept = without_outliers(sorted(people.lines.values()))
    count = len(kept)
    if count < FEWEST:
        return None
    quartiles = count >= FEWEST_FOR_QUARTILES
    return RateCell(
        level=id.level,
        place=id.place,
        part=id.part,
        measure=id.measure,
        middle=_middle(kept),
        low=kept[(count + 3) // 4 - 1] if quartiles else None,
        high=kept[(3 * count + 3) // 4 - 1] if quartiles else None,
        people=shown_people(count),
        counted=len(people.lines),
        made_at=batch,
    )


def _middle(ascending: Sequence[int]) -> int:
    """The median; of an even number the lower of the two, so that it is always somebody's line of the grid."""
    return ascending[(len(ascending) + 1) // 2 - 1]


def without_outliers(ascending: Sequence[int]) -> list[int]:
    """Sums on the grid without those far from the rest, by median absolute deviation."""
    if len(ascending) < FEWEST:
        return list(ascending)
    centre = _middle(ascending)
    deviation = max(_middle(sorted(abs(one - centre) for one in ascending)), centre // _LEAST_DEVIATION, 1)
    return [one for one in ascending if abs(one - centre) * 100_000_000 <= deviation * _FAR]


# --- differences ------------------------------------------------------------------------------------------------------


def _without_differences(fit: Mapping[CellId, RateCell], members: Members, breathe: Breath) -> dict[CellId, RateCell]:
    """Those figures that stand beside each other without leaving fewer than five people in a difference.

    From wide to narrow; among the parts of one whole the larger are kept before the smaller.
    """
    shown: dict[CellId, RateCell] = {}
    for level in (Level.ALL, Level.COUNTRY, Level.REGION, Level.CITY):
        here = [id for id in fit if id.level is level]
        wholes = [id for id in here if id.part == ""]
        for group in _by(wholes, lambda id: (id.measure, members[id].parent)).values():
            _add(shown, fit, members, group, members[group[0]].parent, breathe)
        parts = [id for id in here if id.part and CellId(id.level, id.place) in shown]
        shown.update({id: fit[id] for id in _parts(parts, shown, members, breathe)})
    extras = [id for id in shown if id.measure is Measure.EXTRAS and CellId(id.level, id.place) not in shown]
    return {id: cell for id, cell in shown.items() if id not in extras}


def _by(ids: Iterable[CellId], key: Callable[[CellId], K]) -> dict[K, list[CellId]]:
    groups: dict[K, list[CellId]] = {}
    for id in ids:
        groups.setdefault(key(id), []).append(id)
    return groups


def _parts(parts: Iterable[CellId], shown: Mapping[CellId, RateCell], members: Members, breathe: Breath) -> set[CellId]:
    """Which parts of places may stand: a part has two wholes, everybody there, and that part of the wider place.

    What is left out beside one whole changes the rest of the other, so both are asked until nothing changes.
    """
    left = set(parts)
    while True:
        kept: set[CellId] = set()
        for wider, group in _by(left, lambda id: members[id].parent).items():
            if wider is None:
                kept.update(group)
            elif wider in shown:
                kept.update(_chosen(group, members[wider].keys(), members, breathe))
        stay: set[CellId] = set()
        for group in _by(kept, lambda id: (id.level, id.place, id.part.partition(":")[0])).values():
            whole = CellId(group[0].level, group[0].place)
            stay.update(_chosen(group, members[whole].keys(), members, breathe))
        if stay == left:
            return stay
        left = stay


def _add(
    shown: dict[CellId, RateCell],
    fit: Mapping[CellId, RateCell],
    members: Members,
    group: Sequence[CellId],
    whole: CellId | None,
    breathe: Breath,
) -> None:
    """Show the members of a group that have one whole, as many as leave nobody nearly alone in the rest of it."""
    if whole is None:
        shown.update({id: fit[id] for id in group})
    elif whole in shown:
        shown.update({id: fit[id] for id in _chosen(group, members[whole].keys(), members, breathe)})


def _chosen(group: Sequence[CellId], everybody: Set[int], members: Members, breathe: Breath) -> list[CellId]:
    """As many of a group as leave nobody nearly alone in the rest of everybody, each by itself and all together."""
    chosen = []
    for id in group:
        breathe()
        if _hides(everybody - members[id].keys()):
            chosen.append(id)
    chosen.sort(key=lambda id: (-len(members[id].lines), id))
    while chosen:
        rest = set(everybody)
        for id in chosen:
            breathe()
            rest -= members[id].keys()
        if _hides(rest):
            break
        chosen.pop()
    return chosen


def _hides(people: Set[int]) -> bool:
    """Whether a difference of these people tells of nobody: there are none, or enough."""
    return not 0 < len(people) < FEWEST
