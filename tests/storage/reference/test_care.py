"""Help lines, guidance and terms: the right ones, in the right order, never an unconfirmed one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from storage.reference import support, terms, wellness
from storage.reference.sources import Confidence
from storage.reference.terms import TermGroup
from storage.reference.wellness import LegalStatus, WellnessTopic


def test_lines_open_to_people_in_crisis_come_first() -> None:
    for country in support.countries():
        crisis = [line.crisis_line for line in support.lines_for(country)]
        assert crisis == sorted(crisis, reverse=True)
        assert True in crisis or country not in ("GB", "US", "CA", "AU", "IE")


def test_the_uk_lines_are_the_uks() -> None:
    lines = support.lines_for("UK")
    assert [line.id for line in lines] == ["gb-samaritans", "gb-music-minds-matter", "gb-bapam"]
    assert (lines[0].phone, lines[0].hours, lines[0].source_year) == ("116 123", "24/7", 2025)


def test_unconfirmed_numbers_are_never_given() -> None:
    weak = {line.id for line in support.everything() if line.confidence is Confidence.LOW}
    assert weak == {"us-musicares-south", "us-musicares-east"}
    assert not weak & {line.id for line in support.lines_for("US")}


def test_every_line_can_be_reached() -> None:
    for country in support.countries():
        for line in support.lines_for(country):
            assert line.phone or line.contact_url
            assert line.link.startswith("http")


def test_hours_that_are_not_known_are_not_invented() -> None:
    (bapam,) = [line for line in support.lines_for("GB") if line.id == "gb-bapam"]
    assert bapam.hours is None
    assert bapam.phone is None


def test_a_country_without_lines_is_told_apart() -> None:
    assert support.lines_for("FR") == ()
    assert support.countries() == ("GB", "IE", "US", "CA", "AU")


def test_the_hearing_limits_are_niosh_and_osha_as_published() -> None:
    niosh, osha = wellness.by_id("niosh-rel"), wellness.by_id("osha-pel")
    assert (niosh.value, niosh.legal_status) == (Decimal(85), LegalStatus.RECOMMENDATION)
    assert (osha.value, osha.legal_status) == (Decimal(90), LegalStatus.LAW)


def test_the_shipped_minutes_follow_the_shipped_formula() -> None:
    for level in (85, 88, 91, 94, 97, 100):
        assert wellness.by_id(f"niosh-{level}").value == Decimal(480) / 2 ** ((level - 85) // 3)


def test_a_value_that_is_a_date_is_read_as_one() -> None:
    row = wellness.by_id("uk-music-date")
    assert row.value is None
    assert str(row.since) == "2008-04-06"


@pytest.mark.parametrize("topic", list(WellnessTopic))
def test_every_topic_has_guidance(topic: WellnessTopic) -> None:
    rows = wellness.by_topic(topic)
    assert rows
    assert {row.topic for row in rows} == {topic}


@pytest.mark.parametrize("group", list(TermGroup))
def test_every_group_of_terms_has_rows_and_hides_weak_ones(group: TermGroup) -> None:
    rows = terms.by_group(group)
    assert rows
    assert all(row.group is group and row.confidence is not Confidence.LOW for row in rows)


def test_a_checklist_line_offers_its_choices() -> None:
    assert terms.by_id("field-deposit").options == ("none", "fixed sum", "25%", "50%")
    assert terms.by_id("field-parties").options == ()


def test_a_term_that_is_words_stays_words() -> None:
    assert terms.by_id("deliver-headroom").value == "-6 to -3"
    assert "field-revisions" not in {row.id for row in terms.by_group(TermGroup.CONTRACT_FIELD)}
    with pytest.raises(KeyError):
        terms.by_id("field-nothing")
