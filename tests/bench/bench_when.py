"""How right and how fast times are read, beside dateparser, parsedatetime and (where installed) chrono-node.

Every reader gets the same phrases: the case files of the reader's tests, each with its own now and zone. An answer is
right when it says what the case says; it is asked when the reader wants a question (or says nothing) where the case
has an answer; it is silently wrong when it answers something else, or answers where the case is a question or no time.
The other readers know only moments and days, so a case counts as right for them when the start is right: a lenient
measure, in their favour. Run: python -m tests.bench.bench_when
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from cogs.kit.when import Kind
from tests.bench.table import Row, as_text, row
from tests.cogs.kit.when.scenes import Case, cases, expected, given

#: What a reader makes of a case: a moment, a day, or None for nothing.
Reading = datetime | date | None
_FOREIGN = "languages"
_CHRONO = """
const chrono = require('chrono-node');
const cases = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const out = cases.map(c => {
  const reader = c.dayfirst ? chrono.en.GB : chrono.en;
  const begun = process.hrtime.bigint();
  const found = reader.parse(c.text, {instant: new Date(c.now), timezone: c.offset}, {forwardDate: true});
  const us = Number(process.hrtime.bigint() - begun) / 1000;
  return {us, start: found.length ? found[0].start.date().toISOString() : null};
});
console.log(JSON.stringify(out));
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One reader over all phrases: shares in percent, times in milliseconds."""

    reader: str
    right: float
    asked: float
    wrong: float
    p50: float
    p99: float
    import_ms: float | None = None
    long_ms: float | None = None


def _measured(
    reader: str, verdicts: list[str], spent: list[float], import_ms: float | None = None, long_ms: float | None = None
) -> Measured:
    spent = sorted(spent)
    right, asked, wrong = (round(100 * verdicts.count(each) / len(verdicts), 1) for each in ("right", "asked", "wrong"))
    p50, p99 = spent[len(spent) // 2] * 1000, spent[int(len(spent) * 0.99)] * 1000
    return Measured(reader, right, asked, wrong, round(p50, 4), round(p99, 4), import_ms, long_ms)


def _ours(told: list[Case]) -> Measured:
    verdicts: list[str] = []
    for case in told:
        read, wanted = given(case.read()), expected(case)
        right = read == wanted
        verdicts.append("right" if right else "asked" if read["kind"] in ("ambiguous", "invalid") else "wrong")
    spent: list[float] = []
    for _ in range(3):
        for case in told:
            begun = time.perf_counter()
            case.read()
            spent.append(time.perf_counter() - begun)
    long = Case("", "london", "friday " * 1429, "")
    begun = time.perf_counter()
    assert long.read().kind is Kind.INVALID
    longest = time.perf_counter() - begun
    return _measured("first call", verdicts, spent, _import_ms("cogs.kit.when"), round(longest * 1000, 4))


def _import_ms(module: str) -> float:
    """Import time in a fresh process, bytecode allowed, the best of three."""
    script = f"import time; t = time.perf_counter(); import {module}; print((time.perf_counter() - t) * 1000)"
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", script]
    runs = [
        float(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    ]
    return round(min(runs), 1)


def _verdict(case: Case, read: Reading) -> str:
    wanted = expected(case)
    if wanted["kind"] in ("ambiguous", "invalid"):
        return "right" if read is None else "wrong"
    if read is None:
        return "asked"
    start = wanted["start"] if wanted["start"] is not None else wanted["end"]
    if isinstance(start, datetime):
        return "right" if isinstance(read, datetime) and read.astimezone(UTC) == start else "wrong"
    shown = read.astimezone(ZoneInfo(case.place.tz)).date() if isinstance(read, datetime) else read
    return "right" if shown == start else "wrong"


def _other(name: str, told: list[Case], read: Callable[[Case], Reading], module: str) -> Measured:
    verdicts: list[str] = []
    spent: list[float] = []
    for case in told[:20]:
        read(case)  # warm: language data is loaded on first use
    for case in told:
        begun = time.perf_counter()
        result = read(case)
        spent.append(time.perf_counter() - begun)
        verdicts.append(_verdict(case, result))
    begun = time.perf_counter()
    read(Case("", "london", "friday " * 1429, ""))
    longest = time.perf_counter() - begun
    return _measured(name, verdicts, spent, _import_ms(module), round(longest * 1000, 1))


def _dateparser() -> Callable[[Case], Reading]:
    from dateparser.date import DateDataParser

    parsers = {
        order: DateDataParser(
            languages=["en"],
            settings={"DATE_ORDER": order, "PREFER_DATES_FROM": "future", "PREFER_LOCALE_DATE_ORDER": False},
        )
        for order in ("DMY", "MDY")
    }

    def read(case: Case) -> Reading:
        parser = parsers["DMY" if case.place.dayfirst else "MDY"]
        zone = ZoneInfo(case.place.tz)
        parser._settings.RELATIVE_BASE = case.place.now.astimezone(zone).replace(tzinfo=None)
        try:
            found = parser.get_date_data(case.text).date_obj
        except (ValueError, OverflowError, TypeError):
            return None
        return None if found is None else found if found.tzinfo else found.replace(tzinfo=zone)

    return read


def _parsedatetime() -> Callable[[Case], Reading]:
    import parsedatetime

    calendars = {}
    for dayfirst, name in ((True, "en_AU"), (False, "en_US")):
        constants = parsedatetime.Constants(name, usePyICU=False)
        calendars[dayfirst] = parsedatetime.Calendar(constants, version=parsedatetime.VERSION_CONTEXT_STYLE)

    def read(case: Case) -> Reading:
        zone = ZoneInfo(case.place.tz)
        base = case.place.now.astimezone(zone).replace(tzinfo=None)
        try:
            found, context = calendars[case.place.dayfirst].parseDT(case.text, sourceTime=base)
        except (ValueError, OverflowError, TypeError, AttributeError):
            return None
        return found.replace(tzinfo=zone) if context.hasDateOrTime else None

    return read


def _offset_minutes(case: Case) -> float:
    offset = case.place.now.astimezone(ZoneInfo(case.place.tz)).utcoffset()
    return 0.0 if offset is None else offset.total_seconds() / 60


def _chrono(told: list[Case]) -> Measured | None:
    node = shutil.which("node")
    if node is None:
        return None
    installed = subprocess.run([node, "-e", "require('chrono-node')"], capture_output=True, check=False)
    if installed.returncode:
        return None
    asked = [
        {
            "text": case.text,
            "now": case.place.now.isoformat(),
            "dayfirst": case.place.dayfirst,
            "offset": _offset_minutes(case),
        }
        for case in told
    ]
    done = subprocess.run([node, "-e", _CHRONO], input=json.dumps(asked), capture_output=True, text=True, check=True)
    answers = json.loads(done.stdout)
    verdicts = [
        _verdict(case, datetime.fromisoformat(answer["start"]) if answer["start"] else None)
        for case, answer in zip(told, answers, strict=True)
    ]
    return _measured("chrono-node", verdicts, [answer["us"] / 1e6 for answer in answers])


def measure() -> list[Measured]:
    """Every reader that is installed, ours first, dateparser second; in English, as the others read little else."""
    told = [case for case in cases() if case.category != _FOREIGN]
    measured = [_ours(told)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        measured.append(_other("dateparser (English)", told, _dateparser(), "dateparser"))
        if importlib.util.find_spec("parsedatetime") is not None:
            measured.append(_other("parsedatetime", told, _parsedatetime(), "parsedatetime"))
    chrono = _chrono(told)
    return [*measured, *([chrono] if chrono is not None else [])]


def rows(scale: str = "small") -> list[Row]:
    """Shares and times beside dateparser, one row for every peer's shares besides; `scale` changes nothing."""
    ours, dateparser, *others = measure()
    own = "the reader's own test phrases, so not unseen ones"
    beside = dateparser.reader
    return [
        row("phrases read right", ours.right, "%", beside=beside, beside_value=dateparser.right, at_least=95, note=own),
        row("phrases asked about", ours.asked, "%", beside=beside, beside_value=dateparser.asked, note=own),
        row("silently wrong", ours.wrong, "%", beside=beside, beside_value=dateparser.wrong, at_most=1, note=own),
        row("p50 of a phrase", ours.p50, "ms", beside=beside, beside_value=dateparser.p50, at_most=0.25, of="ratio"),
        row("p99 of a phrase", ours.p99, "ms", beside=beside, beside_value=dateparser.p99, at_most=1),
        row("import", ours.import_ms or 0, "ms", beside=beside, beside_value=dateparser.import_ms, at_most=60),
        row("10,000 characters", ours.long_ms or 0, "ms", beside=beside, beside_value=dateparser.long_ms, at_most=1),
        *(
            one
            for peer in others
            for one in (
                row("phrases read right", ours.right, "%", beside=peer.reader, beside_value=peer.right, note=own),
                row("silently wrong", ours.wrong, "%", beside=peer.reader, beside_value=peer.wrong, note=own),
                row("p50 of a phrase", ours.p50, "ms", beside=peer.reader, beside_value=peer.p50),
            )
        ),
    ]


def main() -> None:
    """Print one line for every reader, then what is compared with a target."""
    for each in measure():
        print(each)
    print(as_text({"when": rows()}))


if __name__ == "__main__":
    main()
