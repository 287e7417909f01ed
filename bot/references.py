"""`firstcall references check`: whether the published figures hold together, and which should be looked up again."""

from __future__ import annotations

from datetime import date

from storage.reference import check as tables

_GOOD, _BUG = 0, 1


def check(today: date) -> tuple[list[str], int]:
    """What to print, and the exit code: 1 when a table is wrong. Figures past their term are named; that is no error.

    today: the day by which a published end has passed.
    """
    if problems := tables.problems():
        return [*problems, f"{len(problems)} to correct in storage/reference."], _BUG
    lines = ["The tables hold together."]
    past = tables.past_term(today)
    if past:
        lines += ["", f"Marked as current, and past the end that was published ({len(past)}); look for what followed:"]
        lines += [f"  {rate.id}: {rate.covers} (until {rate.effective_to}), {rate.source.url}" for rate in past]
    return lines, _GOOD
