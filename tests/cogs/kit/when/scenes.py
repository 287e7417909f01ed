"""The moments and places the cases are read in, and the short notation their answers are written in.

A case is a line `text => answer` under a `[scene]`. An answer is `!` (turned down), `?` (asked, with anchor and offset
where the phrase hangs on an event), a day, a moment by the wall clock of the scene's zone (or with its offset),
`a..b` for a range (an open side left empty), `a + b` for several moments, and `R first FREQ=...` for a repeat.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cogs.kit.when import When, parse


@dataclass(frozen=True, slots=True)
class Place:
    """Now and here."""

    now: datetime
    tz: str
    dayfirst: bool = True


def _at(now: str, tz: str, *, dayfirst: bool = True) -> Place:
    return Place(datetime.fromisoformat(now), tz, dayfirst)


SCENES = {
    "london": _at("2027-05-12T08:00:00Z", "Europe/London"),
    "newyork": _at("2027-08-16T20:00:00Z", "America/New_York", dayfirst=False),
    "chicago": _at("2027-08-16T20:00:00Z", "America/Chicago", dayfirst=False),
    "sydney": _at("2027-04-01T01:00:00Z", "Australia/Sydney"),
    "kolkata": _at("2027-02-28T14:45:00Z", "Asia/Kolkata"),
    "sunday": _at("2027-02-28T14:45:00Z", "Asia/Kolkata"),
    "friday": _at("2027-06-04T10:00:00Z", "Europe/London"),
    "may21": _at("2027-05-21T11:00:00Z", "Europe/London"),
    "midnight": _at("2027-05-14T22:20:00Z", "Europe/Berlin"),
    "yearend": _at("2027-12-30T15:00:00Z", "America/New_York", dayfirst=False),
    "leapday": _at("2028-02-29T11:00:00Z", "Europe/Berlin"),
    "endofmonth": _at("2027-01-31T12:00:00Z", "Europe/London"),
    "spring": _at("2027-03-27T22:00:00Z", "Europe/London"),
    "autumn": _at("2027-10-30T18:00:00Z", "Europe/London"),
    "nyspring": _at("2027-03-13T23:00:00Z", "America/New_York", dayfirst=False),
    "lordhowe": _at("2027-04-03T07:00:00Z", "Australia/Lord_Howe"),
    "auckland": _at("2027-09-25T08:00:00Z", "Pacific/Auckland"),
    "madrid": _at("2027-05-12T07:00:00Z", "Europe/Madrid"),
    "berlin": _at("2027-05-12T07:00:00Z", "Europe/Berlin"),
    "paris": _at("2027-05-12T07:00:00Z", "Europe/Paris"),
    "saopaulo": _at("2027-05-12T12:00:00Z", "America/Sao_Paulo"),
}
CASES_DIR = Path(__file__).parent / "cases"


@dataclass(frozen=True, slots=True)
class Case:
    """One phrase, where it was typed, and the answer it should get."""

    category: str
    scene: str
    text: str
    answer: str

    @property
    def place(self) -> Place:
        return SCENES[self.scene]

    def read(self) -> When:
        return parse(self.text, now=self.place.now, tz=self.place.tz, dayfirst=self.place.dayfirst)


def cases() -> list[Case]:
    """Every case of every file, in order."""
    found: list[Case] = []
    for path in sorted(CASES_DIR.glob("*.txt")):
        scene = ""
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line.startswith("[") and line.endswith("]"):
                scene = line[1:-1]
            elif " => " in line and not line.startswith("#"):
                text, _, answer = line.rpartition(" => ")
                found.append(Case(path.stem, scene, text, answer))
    return found


def _moment(text: str, tz: str) -> datetime | date | None:
    if not text:
        return None
    if len(text) == 10:
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(tz))
    return moment.astimezone(UTC)


def expected(case: Case) -> dict[str, object]:
    """The answer spelt out: kind, start, end, rrule, parts, anchor and offset, moments in UTC."""
    tz, answer = case.place.tz, case.answer.strip()
    whole: dict[str, object] = {
        "kind": "", "start": None, "end": None, "rrule": None, "parts": [], "anchor": None, "offset": None,
    }  # fmt: skip
    if answer[0] == "!":
        return whole | {"kind": "invalid"}
    if answer[0] == "?":
        *anchor, offset = answer[1:].split() or [""]
        return whole | {"kind": "ambiguous", "anchor": " ".join(anchor) or None, "offset": offset or None}
    if answer.startswith("R "):
        _, first, rule = answer.split(" ")
        start, _, end = first.partition("..")
        return whole | {"kind": "recurrence", "start": _moment(start, tz), "end": _moment(end, tz), "rrule": rule}
    if ".." in answer:
        start, _, end = answer.partition("..")
        return whole | {"kind": "range", "start": _moment(start, tz), "end": _moment(end, tz)}
    parts = [_moment(part, tz) for part in answer.split(" + ")]
    kind = "instant" if isinstance(parts[0], datetime) else "date"
    return whole | {"kind": kind, "start": parts[0], "parts": parts if len(parts) > 1 else []}


def given(when: When) -> dict[str, object]:
    """A reading in the same shape as `expected`."""

    def plain(point: datetime | date | None) -> datetime | date | None:
        return point.astimezone(UTC) if isinstance(point, datetime) else point

    return {
        "kind": str(when.kind),
        "start": plain(when.start),
        "end": plain(when.end),
        "rrule": when.rrule,
        "parts": [plain(part) for part in when.parts],
        "anchor": when.anchor,
        "offset": when.offset,
    }
