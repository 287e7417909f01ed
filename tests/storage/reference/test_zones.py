"""Zones by city, country, letters, or what somebody's clock shows."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.reference import zones
from storage.reference.cities import REPRESENTATIVE
from storage.reference.zones import by_local_time, find, suggest

_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/London", "Europe/London"),
        ("europe/london", "Europe/London"),
        ("America/New York", "America/New_York"),
        ("america/new_york", "America/New_York"),
        ("New York", "America/New_York"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("são paulo", "America/Sao_Paulo"),
        ("SAO_PAULO", "America/Sao_Paulo"),
        ("Leeds", "Europe/London"),
        ("Manchester", "Europe/London"),
        ("Glasgow", "Europe/London"),
        ("Bristol", "Europe/London"),
        ("Liverpool", "Europe/London"),
        ("Nashville", "America/Chicago"),
        ("Austin", "America/Chicago"),
        ("New Orleans", "America/Chicago"),
        ("Boston", "America/New_York"),
        ("Atlanta", "America/New_York"),
        ("Philadelphia", "America/New_York"),
        ("Miami", "America/New_York"),
        ("Washington, D.C.", "America/New_York"),
        ("Seattle", "America/Los_Angeles"),
        ("San Francisco", "America/Los_Angeles"),
        ("LA", "America/Los_Angeles"),
        ("Munich", "Europe/Berlin"),
        ("München", "Europe/Berlin"),
        ("Muenchen", "Europe/Berlin"),
        ("Hamburg", "Europe/Berlin"),
        ("Köln", "Europe/Berlin"),
        ("Cologne", "Europe/Berlin"),
        ("Leipzig", "Europe/Berlin"),
        ("Lyon", "Europe/Paris"),
        ("Barcelona", "Europe/Madrid"),
        ("Milan", "Europe/Rome"),
        ("Montréal", "America/Toronto"),
        ("Mumbai", "Asia/Kolkata"),
        ("St. Louis", "America/Chicago"),
        ("Lord Howe", "Australia/Lord_Howe"),
        ("PST", "America/Los_Angeles"),
        ("et", "America/New_York"),
        ("UTC", "UTC"),
        ("Germany", "Europe/Berlin"),
        ("Norway", "Europe/Oslo"),
        ("UK", "Europe/London"),
        ("England", "Europe/London"),
        ("Portland, OR", "America/Los_Angeles"),
        ("Portland, Maine", "America/New_York"),
        ("Birmingham, AL", "America/Chicago"),
        ("Birmingham UK", "Europe/London"),
        ("London, Ontario", "America/Toronto"),
        ("Los Angeles, CA", "America/Los_Angeles"),
        ("Nashville TN", "America/Chicago"),
        ("Newcastle NSW", "Australia/Sydney"),
        ("Newcastle, Australia", "Australia/Sydney"),
    ],
)
def test_one_place_one_zone(text: str, zone: str) -> None:
    assert find(text) == (zone,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Portland", ("America/Los_Angeles", "America/New_York")),
        ("Birmingham", ("Europe/London", "America/Chicago")),
        ("Cambridge", ("Europe/London", "America/New_York")),
        ("GMT", ("Europe/London", "UTC")),
    ],
)
def test_a_name_of_two_places_gives_both_the_likelier_first(text: str, expected: tuple[str, ...]) -> None:
    assert find(text) == expected


def test_a_country_hint_puts_its_own_first() -> None:
    assert find("Birmingham", country="US") == ("America/Chicago", "Europe/London")
    assert find("Newcastle", country="Australia")[0] == "Australia/Sydney"


def test_a_country_with_several_clocks_gives_each_once() -> None:
    us = find("USA")
    assert us[:4] == ("America/New_York", "America/Los_Angeles", "America/Chicago", "America/Denver")
    assert "America/Phoenix" in us
    assert "America/Detroit" not in us
    assert find("Canada")[0] == "America/Toronto"


@pytest.mark.parametrize("text", ["", "  ", "xyzzy", "is", "no", "new", "EST5EDT!", ",", ", ,", "/"])
def test_what_is_no_place_gives_none(text: str) -> None:
    assert find(text) == ()


@given(st.text(max_size=100))
def test_any_text_gives_zones_of_the_database(text: str) -> None:
    assert set(find(text)) <= zones.zones_of_the_database()


def test_every_zone_is_found_by_its_own_name_however_typed() -> None:
    missed = [zone for zone in zones.zones_of_the_database() if find(zone.upper().replace("_", " ")) != (zone,)]
    assert missed == []


@pytest.mark.parametrize(
    ("prefix", "first"),
    [
        ("", "Europe/London"),
        ("lee", "Europe/London"),
        ("new", "America/New_York"),
        ("ber", "Europe/Berlin"),
        ("nash", "America/Chicago"),
        ("são", "America/Sao_Paulo"),
        ("europe/p", "Europe/Paris"),
        ("auck", "Pacific/Auckland"),
    ],
)
def test_suggestions_start_with_what_was_meant(prefix: str, first: str) -> None:
    assert suggest(prefix)[0] == first


@given(st.text(max_size=12), st.integers(0, 25))
@settings(max_examples=50)
def test_suggestions_never_repeat_and_never_exceed_the_limit(prefix: str, limit: int) -> None:
    offered = suggest(prefix, limit)
    assert len(offered) == len(set(offered)) <= limit
    assert set(offered) <= zones.zones_of_the_database()


def test_noon_in_london_is_noon_in_london() -> None:
    assert by_local_time(_NOON, time(12, 0)) == ("Europe/London", "Europe/Dublin", "Atlantic/Reykjavik")


def test_a_clock_a_few_minutes_out_is_still_the_same_clock() -> None:
    assert by_local_time(_NOON, time(11, 53))[0] == "Europe/London"
    assert by_local_time(_NOON, time(12, 6))[0] == "Europe/London"


def test_half_and_quarter_hours_find_their_own_place_first() -> None:
    assert by_local_time(_NOON, time(17, 30))[0] == "Asia/Kolkata"
    assert by_local_time(_NOON, time(17, 45))[0] == "Asia/Kathmandu"
    assert by_local_time(_NOON, time(8, 30))[0] == "America/St_Johns"


def test_midnight_is_crossed() -> None:
    # 23:55 in London; a clock five minutes fast shows 00:00.
    assert by_local_time(datetime(2026, 11, 23, 23, 55, tzinfo=UTC), time(0, 0))[0] == "Europe/London"


def test_summer_time_counts() -> None:
    july = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    assert by_local_time(july, time(13, 0))[0] == "Europe/London"
    assert "Africa/Lagos" in by_local_time(july, time(13, 0))


def test_a_country_hint_comes_first() -> None:
    assert by_local_time(_NOON, time(13, 0), country="IT")[0] == "Europe/Rome"
    assert by_local_time(_NOON, time(7, 0), country="CA")[0] == "America/Toronto"


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        by_local_time(datetime(2026, 11, 23, 12, 0), time(12, 0))  # noqa: DTZ001 (naive on purpose)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC)),  # noqa: DTZ001
    st.times(),
)
@settings(max_examples=60)
def test_every_place_offered_shows_about_that_time(now: datetime, clock: time) -> None:
    offered = by_local_time(now, clock)
    assert len(offered) <= 6
    for zone in offered:
        local = now.astimezone(ZoneInfo(zone))
        apart = abs(timedelta(hours=local.hour - clock.hour, minutes=local.minute - clock.minute))
        assert min(apart, timedelta(days=1) - apart) <= timedelta(minutes=30)


def test_everybody_is_offered_a_place_with_their_clock() -> None:
    for zone in REPRESENTATIVE:
        local = _NOON.astimezone(ZoneInfo(zone))
        offered = by_local_time(_NOON, local.time())
        assert local.utcoffset() in {_NOON.astimezone(ZoneInfo(one)).utcoffset() for one in offered}, zone


@pytest.mark.parametrize(
    ("typed", "zone"),
    [("Europe/Londn", "Europe/London"), ("new yorkk", "America/New_York"), ("Manchster", "Europe/London")],
)
def test_a_slip_is_near_its_city_and_never_found_by_itself(typed: str, zone: str) -> None:
    assert zones.find(typed) == ()
    assert zone in zones.near(typed)


@pytest.mark.parametrize("typed", ["", "xx", "qqqqqqq", "the pub on the corner"])
def test_what_is_like_no_city_is_near_none(typed: str) -> None:
    assert zones.near(typed) == ()
