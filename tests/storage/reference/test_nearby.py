from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.reference import nearby, zones


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (53.80, -1.55, "Europe/London"),
        (40.71, -74.01, "America/New_York"),
        (36.16, -86.78, "America/Chicago"),
        (-36.85, 174.76, "Pacific/Auckland"),
        (-17.9, -179.9, "Pacific/Fiji"),  # over the seam: the nearest city lies at +178
        (0, 0, "Africa/Abidjan"),
        (90, 0, "Europe/Berlin"),
    ],
)
def test_a_place_goes_by_the_clock_of_the_nearest_city(latitude: float, longitude: float, zone: str) -> None:
    assert nearby.zone(latitude, longitude) == zone


@given(st.floats(-90, 90), st.floats(-180, 180))
@settings(max_examples=60, deadline=None)
def test_everywhere_is_somewhere(latitude: float, longitude: float) -> None:
    assert nearby.zone(latitude, longitude) in zones.zones_of_the_database()


@pytest.mark.parametrize(("latitude", "longitude"), [(91, 0), (0, 181), (float("nan"), 0)])
def test_what_is_off_the_globe_is_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(ValueError, match="globe"):
        nearby.zone(latitude, longitude)
