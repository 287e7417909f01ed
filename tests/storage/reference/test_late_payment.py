"""Which late-payment rules a musician can point to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.reference import late_payment
from storage.reference.countries import EU_MEMBERS
from storage.reference.late_payment import Debtor, LateTopic, fixed_sum, rules_for
from storage.reference.sources import Confidence


def _ids(place: str, business: bool = True, **more: object) -> list[str]:
    return [rule.id for rule in rules_for(place, business, **more)]  # type: ignore[arg-type]  # keywords by name


def _interest(place: str) -> list[Decimal | None]:
    return [rule.value for rule in rules_for(place, True) if rule.topic is LateTopic.INTEREST]


def test_uk_interest_is_eight_points_and_simple() -> None:
    assert _interest("GB") == [Decimal(8), None]
    assert _ids("UK") == _ids("gb")


def test_announced_reforms_are_not_law() -> None:
    for place in ("GB", "EU", "DE", "US"):
        rules = rules_for(place, True)
        assert all(rule.in_force for rule in rules)
        assert LateTopic.PENDING_REFORM not in {rule.topic for rule in rules}
    assert any(not rule.in_force for rule in late_payment.everything())


def test_a_private_client_is_outside_the_uk_act() -> None:
    (rule,) = rules_for("GB", False)
    assert rule.topic is LateTopic.SCOPE
    assert rule.debtor is Debtor.PRIVATE
    assert _ids("DE", False) == []
    assert "gb-consumer" not in _ids("GB", True)


def test_weak_rows_are_hidden() -> None:
    assert "fr-interest" not in _ids("FR")
    assert all(rule.confidence is not Confidence.LOW for place in ("EU", "FR") for rule in rules_for(place, True))


def test_germany_has_its_own_margin_and_not_the_unions_beside_it() -> None:
    assert _interest("DE") == [Decimal(9)]
    assert [rule.id for rule in rules_for("DE", True) if rule.topic is LateTopic.FIXED_SUM] == ["de-fixed-40"]


def test_a_member_state_without_a_rule_gets_the_unions() -> None:
    assert _interest("IT") == [Decimal(8)]
    assert "eu-max-60" in _ids("DE")


def test_a_rule_for_some_businesses_does_not_displace_the_general_one() -> None:
    terms = [rule.id for rule in rules_for("DE", True) if rule.topic is LateTopic.DEFAULT_TERM]
    assert terms == ["de-term-30", "eu-default-30"]


@pytest.mark.parametrize("place", ["GB", "CH", "NO", "US", "AU"])
def test_outside_the_union_its_rules_do_not_apply(place: str) -> None:
    assert not [id for id in _ids(place) if id.startswith("eu-")]
    assert place not in EU_MEMBERS


def test_there_are_27_member_states() -> None:
    assert len(EU_MEMBERS) == 27


def test_a_californian_player_is_told_only_that_the_act_is_not_theirs() -> None:
    assert _ids("US", region="California") == ["us-ca-scope"]


def test_a_city_lies_in_its_state() -> None:
    new_york = _ids("US", region="New York City")
    assert "us-nyc-800" in new_york and "us-ny-double" in new_york
    assert "us-il-30" not in new_york
    assert "us-nyc-800" not in _ids("US", region="new york state")
    assert set(_ids("US", region="City of Los Angeles")) == {"us-la-600", "us-la-250", "us-ca-scope"}


def test_without_a_region_each_rule_names_its_own() -> None:
    assert all(rule.region for rule in rules_for("US", True))


def test_on_a_day_before_the_law_it_does_not_apply() -> None:
    assert "us-ny-double" not in _ids("US", on=date(2024, 8, 27))
    assert "us-ny-double" in _ids("US", on=date(2024, 8, 28))


@pytest.mark.parametrize(
    ("debt", "sum_due"),
    [("0.01", 40), ("999.99", 40), ("1000.00", 70), ("9999.99", 70), ("10000.00", 100), ("250000", 100)],
)
def test_the_uk_fixed_sum_follows_the_size_of_the_debt(debt: str, sum_due: int) -> None:
    rule = fixed_sum("GB", Decimal(debt))
    assert rule is not None
    assert (rule.value, rule.currency) == (Decimal(sum_due), "GBP")


@given(st.integers(min_value=1, max_value=10**9))
def test_every_debt_in_pence_has_exactly_one_fixed_sum(pence: int) -> None:
    debt = Decimal(pence).scaleb(-2)
    sums = [rule for rule in rules_for("GB", True) if rule.topic is LateTopic.FIXED_SUM and rule.covers_debt(debt)]
    assert len(sums) == 1


def test_where_the_law_gives_no_fixed_sum_there_is_none() -> None:
    assert fixed_sum("AU", Decimal(500)) is None
    assert fixed_sum("US", Decimal(500)) is None


def test_a_place_nobody_knows_has_no_rules() -> None:
    assert rules_for("ZZ", True) == ()
