from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.reference import nearby, zones

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("latitude", "longitude", "first", "among"),
    [
        (51.5, -0.1, "Europe/London", "Europe/London"),
        (53.80, -1.55, "Europe/London", "Europe/London"),  # Leeds
        (40.71, -74.01, "America/New_York", "America/New_York"),
        (36.16, -86.78, None, "America/Chicago"),  # Nashville, nearer to Louisville, whose clock is another
        (48.14, 11.58, None, "Europe/Berlin"),  # Munich, nearer to Zurich, whose clock is the same
        (-36.85, 174.76, "Pacific/Auckland", "Pacific/Auckland"),
        (-17.9, -179.9, "Pacific/Fiji", "Pacific/Fiji"),  # over the seam: the nearest city lies at +178
    ],
)
def test_a_place_is_offered_the_clocks_around_it(latitude: float, longitude: float, first: str, among: str) -> None:
    found = nearby.zones(latitude, longitude, NOW)

    assert first is None or found[0] == first
    assert among in found


def test_one_clock_is_offered_once() -> None:
    assert nearby.zones(51.5, -0.1, NOW) == ("Europe/London",)


@given(st.floats(-90, 90), st.floats(-180, 180))
@settings(max_examples=60, deadline=None)
def test_everywhere_is_somewhere(latitude: float, longitude: float) -> None:
    found = nearby.zones(latitude, longitude, NOW)

    assert found
    assert set(found) <= zones.zones_of_the_database()
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(("latitude", "longitude"), [(91, 0), (0, 181), (float("nan"), 0)])
def test_what_is_off_the_globe_is_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(ValueError, match="globe"):
        nearby.zones(latitude, longitude, NOW)
