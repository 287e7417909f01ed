"""How far it is between towns: right enough to tell who lives near, and silent where it is not known."""

from __future__ import annotations

import pytest

from storage.reference import towns
from storage.reference.cities import CITIES


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ("Leeds", "York", 35),
        ("leeds", "London", 272),
        ("Manchester", "Liverpool", 50),
        ("New York", "Boston", 306),
        ("München", "Berlin", 504),
        ("Los Angeles", "San Francisco", 559),
        ("Sydney", "Canberra", 248),
        ("Leeds, West Yorkshire", "LEEDS", 0),
    ],
)
def test_the_distance_is_known_to_within_ten_kilometres(one: str, other: str, km: int) -> None:
    found = towns.distance_km(one, other)
    assert found is not None and abs(found - km) < 12
    assert towns.distance_km(other, one) == pytest.approx(found)


@pytest.mark.parametrize("town", ["", "Nowhere", "Leedsx", ","])
def test_of_what_is_not_known_nothing_is_said(town: str) -> None:
    assert towns.distance_km("Leeds", town) is None
    assert not towns.is_known(town)


def test_every_written_town_is_near_others_of_its_own_zone() -> None:
    """A slip in a sign or a digit would put a town across the sea from the city its clock is named for."""
    for zone in ("Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Madrid"):
        city = zone.split("/")[1]
        known = [name for name in CITIES[zone].split("|") if towns.is_known(name)]
        assert len(known) >= 5
        for name in known:
            apart = towns.distance_km(city, name)
            assert apart is not None and apart < 1000, name
