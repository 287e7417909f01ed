"""Who is near, how a pattern reads, when it is asked about; and what the picture of a month says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cogs.availability import heatmap, rules
from cogs.availability.asked import Period
from cogs.availability.heatmap import Square
from tests.cogs.availability.people import MONDAY, entry


@pytest.mark.parametrize(
    ("home", "radius", "wanted", "near"),
    [
        ("Leeds", None, "York", True),
        ("London", None, "Leeds", False),
        ("London", 300, "Leeds", True),
        ("York", 10, "Leeds", False),
        (None, 500, "Leeds", False),
        ("Otley", None, "otley", True),
        ("Otley, West Yorkshire", None, "Otley", True),
        ("Otley", None, "Ilkley", False),
    ],
)
def test_who_is_near(home: str | None, radius: int | None, wanted: str, near: bool) -> None:
    assert rules.is_near(home, radius, wanted) is near


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"last": date(2026, 11, 23)}, "Mon 23 Nov 2026"),
        ({"last": date(2026, 12, 6), "begins": 840}, "Mon 23 Nov - Sun 6 Dec 2026, from 14:00 each day"),
        ({"days": 2, "begins": 1080, "ends": 1380}, "Tuesdays 18:00-23:00"),
        ({"days": 31, "last": date(2026, 12, 20)}, "weekdays, until Sun 20 Dec 2026"),
        ({"days": 2, "every": 2}, "every other week, Tuesdays"),
        ({"days": 96, "but": (date(2026, 12, 5),)}, "weekends, except Sat 5 Dec 2026"),
        ({"last": date(2026, 11, 23), "begins": 1320, "ends": 1560}, "Mon 23 Nov 2026 22:00-02:00"),
    ],
)
def test_a_pattern_reads_as_it_was_meant(fields: dict[str, object], text: str) -> None:
    assert rules.pattern_text(entry(**fields)) == text


def test_it_is_asked_about_once_in_the_late_morning_and_not_when_it_has_passed() -> None:
    assert rules.asking_time(MONDAY, "Europe/London") == datetime(2027, 1, 22, 11, tzinfo=UTC)
    old = entry(said_at=MONDAY - timedelta(days=61))
    asked = entry(said_at=MONDAY - timedelta(days=61), asked_at=MONDAY)
    passed = entry(said_at=MONDAY - timedelta(days=61), first=date(2026, 11, 1), last=date(2026, 11, 2))
    assert rules.to_ask_about([old, asked, passed, entry()], MONDAY) == [old]


def test_the_picture_has_a_colour_and_a_word_for_each_kind_of_day() -> None:
    squares = {
        date(2026, 11, 2): Square(date(2026, 11, 2), gigs=1),
        date(2026, 11, 3): Square(date(2026, 11, 3), taken=1),
        date(2026, 11, 4): Square(date(2026, 11, 4), free=1),
        date(2026, 11, 5): Square(date(2026, 11, 5)),
    }
    content = heatmap.picture(2026, 11, squares, date(2026, 11, 5))
    with Image.open(BytesIO(content)) as image:
        row = heatmap._TOP + (heatmap._TALL + heatmap._GAP) + 40
        shown = [
            image.getpixel((heatmap._LEFT + column * (heatmap._WIDE + heatmap._GAP) + 80, row)) for column in range(4)
        ]
    assert len(set(shown)) == 4
    assert heatmap.in_words(2026, 11, squares) == "November 2026: 1 gig on the 2; no on the 3; free on the 4."
    squares |= {date(2026, 11, n): Square(date(2026, 11, n), taken=1) for n in (10, 11, 12, 20, 21)}
    assert "no on the 3, 10 to 12, 20 and 21;" in heatmap.in_words(2026, 11, squares)
    assert heatmap.in_words(2026, 11, {}) == "November 2026: nothing known on any day."


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-36, 36))
def test_leafing_through_a_diary_leaves_no_day_out(today: date, ahead: int) -> None:
    for period in Period:
        first, last = period.days(today, ahead)
        assert period.days(today, ahead + 1)[0] == last + timedelta(days=1)
        assert first <= last
        if ahead == 0:
            assert first <= today <= last
