"""Which published pay is shown for which chair, and when it is marked as dated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from storage.reference import rates
from storage.reference.rates import Freshness, RateItem, Standing
from storage.reference.sources import Confidence


def _ids(role: str | None, kind: str, country: str) -> list[str]:
    return [rate.id for rate in rates.published_for(role, kind, country)]


def _rate(id: str) -> rates.PublishedRate:
    return next(rate for rate in rates.everything() if rate.id == id)


def test_a_row_comes_back_exactly_as_published() -> None:
    rate = _rate("us-afm257-demo")
    assert (str(rate.value), rate.currency, rate.unit) == ("170.00", "USD", "per 3-hour session")
    assert (rate.status, rate.freshness, rate.union) == (Standing.AGREEMENT, Freshness.CURRENT, True)
    assert str(rate.effective_from) == "2024-07-01"
    assert rate.effective_to is None
    assert rate.value_max is None


def test_a_percentage_has_no_currency() -> None:
    rate = _rate("us-afm-srla-uplift-2025")
    assert (rate.value, rate.currency) == (Decimal(3), None)


def test_what_is_shown_today_is_neither_old_nor_replaced_nor_weak() -> None:
    shown = rates.current()
    assert {rate.freshness for rate in shown} == {Freshness.CURRENT, Freshness.DATED}
    assert Confidence.LOW not in {rate.confidence for rate in shown}
    assert len(shown) == 110
    assert len(rates.everything()) == 152


def test_a_weak_figure_is_not_shown_however_fresh() -> None:
    fresh = _rate("us-afm257-demo")
    assert fresh.is_shown
    assert not replace(fresh, confidence=Confidence.LOW).is_shown


def test_a_wedding_in_the_uk_has_the_unions_function_fee() -> None:
    (rate,) = rates.published_for("bass-guitar", "function", "GB")
    assert (rate.id, rate.value, rate.status) == ("gb-mu-gig-function", Decimal("206.00"), Standing.RECOMMENDED)


def test_the_country_may_be_a_name() -> None:
    assert _ids("drums", "live", "UK") == _ids("drums", "live", "gb") != []


def test_a_tables_older_years_are_never_offered() -> None:
    offered = _ids(None, "live", "GB")
    assert "gb-mu-gig-pub" in offered
    assert "gb-mu-gig-pub-2022" not in offered
    assert "us-l802-clubdate-2004" not in _ids(None, "function", "US")


def test_base_pay_comes_first_and_extras_after() -> None:
    items = [rate.item is RateItem.BASE for rate in rates.published_for("double-bass", "live", "GB")]
    assert items == sorted(items, reverse=True)
    assert True in items and False in items


def test_figures_in_force_come_before_dated_ones() -> None:
    dated = [
        rate.freshness is Freshness.DATED
        for rate in rates.published_for("violin", "live", "DE")
        if rate.item is RateItem.BASE
    ]
    assert dated == sorted(dated)
    assert len(set(dated)) == 2


@pytest.mark.parametrize(
    ("role", "group"),
    [("bass-guitar", "gb-mu-porter-a"), ("tuba", "gb-mu-porter-b"), ("cello", "gb-mu-porter-c"), ("violin", None)],
)
def test_porterage_is_for_the_instruments_own_group(role: str, group: str | None) -> None:
    paid = [rate.id for rate in rates.published_for(role, "live", "GB") if rate.item is RateItem.PORTERAGE]
    assert paid == ([] if group is None else [group])


def test_every_porterage_row_that_is_shown_names_its_group() -> None:
    paid = [rate for rate in rates.current() if rate.item is RateItem.PORTERAGE]
    assert {rates.porterage_group(rate) for rate in paid} == {"A", "B", "C"}


def test_organists_fees_are_for_organists() -> None:
    assert "gb-mu-org-special" in _ids("organ", "ceremony", "GB")
    assert _ids("violin", "ceremony", "GB") == []


def test_leader_and_contractor_pay_is_not_the_side_players() -> None:
    assert "us-l21-leader" in _ids("leader", "live", "US")
    assert "us-l21-leader" not in _ids("bass-guitar", "live", "US")
    assert "us-afm-film-om" in _ids("contractor", "scoring", "US")


def test_an_engineer_is_not_offered_players_fees() -> None:
    assert _ids("engineer", "session", "GB") == []


def test_a_kind_takes_in_the_kinds_filed_under_it() -> None:
    kinds = {rate.work_kind for rate in rates.published_for(None, "orchestral", "GB")}
    assert kinds == {"orchestral", "opera_ballet"}
    assert {rate.work_kind for rate in rates.published_for(None, "opera_ballet", "GB")} == {"opera_ballet"}


def test_nothing_published_is_nothing_and_not_an_error() -> None:
    assert _ids("drums", "live", "IE") == []
    assert _ids("drums", "other", "GB") == []


def test_a_role_or_kind_nobody_knows_is_refused() -> None:
    with pytest.raises(KeyError):
        rates.published_for("kazoo", "live", "GB")
    with pytest.raises(KeyError):
        rates.published_for("drums", "busking", "GB")


def test_a_current_figure_is_dated_the_day_after_its_term() -> None:
    rate = _rate("de-dmr-day")
    assert not rate.is_dated(date(2026, 12, 31))
    assert rate.is_dated(date(2027, 1, 1))


def test_a_figure_labelled_dated_is_dated_on_any_day() -> None:
    assert _rate("gb-mu-gig-pub").is_dated(date(2023, 5, 1))
