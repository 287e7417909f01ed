"""Payment terms as musicians and clients say them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.invoices.terms import due_on, month_end, months_later
from cogs.kit.faults import Misread
from tests.cogs.invoices.samples import TODAY, call

GIG = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("net 30", date(2026, 12, 23)),
        ("Net30", date(2026, 12, 23)),
        ("30d", date(2026, 12, 23)),
        ("30", date(2026, 12, 23)),
        ("within 14 days", date(2026, 12, 7)),
        ("EOM", date(2026, 11, 30)),
        ("end of the month", date(2026, 11, 30)),
        ("30 days EOM", date(2026, 12, 31)),
        ("EOM + 15", date(2026, 12, 15)),
        ("on receipt", TODAY),
        ("2 weeks", date(2026, 12, 7)),
        ("2 weeks after the gig", date(2026, 12, 12)),
        ("30 days after G1", date(2026, 12, 28)),
        ("a month after the gig", date(2026, 12, 28)),
        ("the day after the gig", date(2026, 11, 29)),
        ("on the night", GIG),
        ("31 Jan", date(2027, 1, 31)),
        ("in 2 weeks", date(2026, 12, 7)),
    ],
)
def test_terms_come_to_a_day(said: str, day: date) -> None:
    assert due_on(said, TODAY, call(), worked_on=GIG) == day


@pytest.mark.parametrize("said", ["banana", "", "2 weeks after the gig", "net 900", "1 January 2020"])
def test_terms_that_come_to_no_day_reopen_the_field(said: str) -> None:
    with pytest.raises(Misread) as fault:
        due_on(said, TODAY, call(), field="deposit_due")
    assert fault.value.field == "deposit_due"


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 365))
def test_net_days_are_counted_from_the_date_on_it(issued: date, days: int) -> None:
    assert due_on(f"net {days}", issued, call()) == issued + timedelta(days=days)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 24))
def test_months_keep_inside_the_calendar(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == min(day.day, month_end(later).day)
    assert month_end(day) + timedelta(days=1) == months_later(day.replace(day=1), 1)
