"""Settings as people type them."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.kit.currencies import read_currency
from cogs.kit.faults import Misread
from cogs.profile.reading import (
    NEVER_QUIET,
    hours_text,
    locale_name,
    radius_text,
    read_links,
    read_locale,
    read_quiet,
    read_radius,
    typed_into,
)

CLOCKS = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("22-8", (22, 8)),
        ("22:00-08:00", (22, 8)),
        ("2200 to 0800", (22, 8)),
        ("22.00 – 8.00", (22, 8)),
        ("10pm-8am", (22, 8)),
        ("from 10 pm until 8 a.m.", (22, 8)),
        ("between 23 and 7", (23, 7)),
        ("midnight to noon", (0, 12)),
        ("1-9", (1, 9)),
        ("12am-8", (0, 8)),
        ("14-16", (14, 16)),
    ],
)
def test_quiet_hours_are_read_as_people_write_them(typed: str, hours: tuple[int, int]) -> None:
    assert read_quiet(typed) == (time(hours[0]), time(hours[1]))


@given(CLOCKS, CLOCKS)
def test_any_two_clocks_written_out_are_read_back(start: time, end: time) -> None:
    begins, ends = f"{start:%H:%M}", f"{end:%H:%M}"
    try:
        assert read_quiet(begins, ends) == (start, end)
    except (
        Misread
    ) as fault:  # a long "night" that starts before one in the afternoon is asked about, and both are offered
        assert 10 <= start.hour <= 12
        assert [choice.value for choice in fault.choices][1] == f"{begins}-{ends}"


@given(CLOCKS, CLOCKS)
def test_a_range_that_was_offered_or_prefilled_settles(start: time, end: time) -> None:
    try:
        read = read_quiet(f"{start:%H:%M}-{end:%H:%M}")
    except Misread as fault:
        for choice in fault.choices:
            assert choice.label in (hours_text(start, end), hours_text(start.replace(hour=(start.hour + 12) % 24), end))
        return
    assert read == (start, end)


@pytest.mark.parametrize("typed", ["off", "Off", "never", "none"])
def test_quiet_hours_can_be_off(typed: str) -> None:
    assert read_quiet(typed) == NEVER_QUIET
    assert hours_text(*NEVER_QUIET) == "off"


def test_a_morning_that_was_perhaps_an_evening_is_asked_about() -> None:
    with pytest.raises(Misread) as caught:
        read_quiet("10-8")

    assert caught.value.field == "from"
    assert [choice.label for choice in caught.value.choices] == ["22:00 to 08:00", "10:00 to 08:00"]


def test_half_a_stretch_asks_for_its_end() -> None:
    with pytest.raises(Misread) as caught:
        read_quiet("22:30")

    assert caught.value.field == "to"
    assert "22:30" in caught.value.what


def test_a_range_stands_above_the_end_of_an_older_form() -> None:
    assert read_quiet("23-7", "09:00") == (time(23), time(7))


@pytest.mark.parametrize(
    "typed", ["", "25-8", "22:60-8", "13pm-8", "0am-8", "22-8-9", "ten till two", "٢٢-٨", "-", "22-"]
)
def test_what_is_no_stretch_of_hours_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Misread) as caught:
        read_quiet(typed)

    assert caught.value.example


@given(st.text(max_size=60), st.none() | st.text(max_size=20))
def test_no_text_breaks_the_reading_of_quiet_hours(start: str, end: str | None) -> None:
    try:
        read = read_quiet(start, end)
    except Misread as fault:
        assert fault.field in ("from", "to")
    else:
        assert all(isinstance(clock, time) and clock.second == 0 for clock in read)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("gbp", "GBP"), ("£", "GBP"), ("Quid", "GBP"), ("pounds", "GBP"), ("euros", "EUR"), ("€", "EUR"),
     ("us dollars", "USD"), ("A$", "AUD"), ("yen", "JPY"), ("zł", "PLN")],
)  # fmt: skip
def test_a_currency_is_known_by_code_sign_and_name(typed: str, code: str) -> None:
    assert read_currency(typed) == code


def test_dollars_are_asked_about() -> None:
    with pytest.raises(Misread) as caught:
        read_currency("dollars")

    assert [choice.value for choice in caught.value.choices] == ["USD", "CAD", "AUD", "NZD"]


@pytest.mark.parametrize("typed", ["", "doubloons", "XXX", "£££"])
def test_an_unknown_currency_is_refused(typed: str) -> None:
    with pytest.raises(Misread):
        read_currency(typed)


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("en-GB", "en-GB"),
        ("en_us", "en-US"),
        ("German", "de-DE"),
        ("de-at", "de-AT"),
        ("British", "en-GB"),
        ("fr", "fr"),
    ],
)
def test_a_way_of_writing_is_known_by_tag_and_by_name(typed: str, tag: str) -> None:
    assert read_locale(typed) == tag
    assert locale_name(tag) != tag


@pytest.mark.parametrize("typed", ["", "klingon", "xx-YY", "en-GB-oxendict-x-more", "../../etc"])
def test_an_unknown_way_of_writing_is_refused(typed: str) -> None:
    with pytest.raises(Misread):
        read_locale(typed)


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_languages_currencies_and_distances(text: str) -> None:
    for read in (read_locale, read_currency, lambda typed: read_radius(typed, miles=True), read_links):
        try:
            assert read(text)
        except Misread as fault:
            assert fault.what
        except AssertionError:
            assert read(text) == 0  # "0 km" is a distance


@pytest.mark.parametrize(
    ("typed", "miles", "km"), [("30 miles", False, 48), ("30", True, 48), ("30", False, 30), ("up to 50km", True, 50)]
)
def test_a_distance_is_read_in_both_measures(typed: str, miles: bool, km: int) -> None:
    assert read_radius(typed, miles=miles) == km


@given(st.integers(0, 12_000))
def test_miles_are_shown_as_they_were_said(miles: int) -> None:
    assert f"({miles} mile" in radius_text(read_radius(f"{miles} miles", miles=False))


@pytest.mark.parametrize("typed", ["far", "-5 km", "1e9 km", "99999 miles", "½ mile"])
def test_what_is_no_distance_is_refused(typed: str) -> None:
    with pytest.raises(Misread):
        read_radius(typed, miles=False)


def test_links_are_completed_and_kept_once() -> None:
    assert read_links("bob.example/reel, HTTPS://bob.example/reel https://x.example:8080/a?b=c") == (
        "https://bob.example/reel",
        "https://x.example:8080/a?b=c",
    )


@pytest.mark.parametrize(
    "typed",
    ["javascript:alert(1)", "ftp://bob.example", "bob", "https://", "user@bob.example", "https://a@bob.example",
     "//bob.example", " ".join(f"a{n}.example" for n in range(7))],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(typed: str) -> None:
    with pytest.raises(Misread):
        read_links(typed)


def test_a_fault_names_the_field_it_was_typed_into() -> None:
    with pytest.raises(Misread) as caught, typed_into("currency"):
        read_currency("doubloons")

    assert caught.value.field == "currency"
