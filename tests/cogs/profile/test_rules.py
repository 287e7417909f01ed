"""What is true of settings."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.kit.action import action
from cogs.profile import rules
from cogs.profile.rules import NotASetting, Route, Setting, Whose
from storage.records.people import Person, Topic, Visibility, Words

BOB = Person(id=7, name="Bob", made_at=datetime(2026, 11, 23, tzinfo=UTC))

PEOPLE = st.builds(
    lambda **changed: replace(BOB, **changed),
    zone=st.sampled_from([None, "Europe/London", "America/Argentina/ComodRivadavia"]),
    currency=st.sampled_from([None, "GBP", "JPY"]),
    locale=st.sampled_from([None, "en-GB", "zh-Hans-CN"]),
    words=st.sampled_from([None, *Words]),
    clock=st.sampled_from([None, 12, 24]),
    quiet_from=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    quiet_to=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    takes_unpaid=st.booleans(),
    plain_text=st.booleans(),
)
ROUTES = st.builds(Route, st.sampled_from(["dm", "off", "discord", "telegram", "console"]), st.booleans())


@given(PEOPLE, PEOPLE, st.sampled_from(Setting))
def test_an_undo_brings_back_what_was_set_and_touches_nothing_else(
    before: Person, after: Person, what: Setting
) -> None:
    undone = replace(after, **rules.undone(what, rules.undo_text(before, what)))

    assert rules.undo_text(undone, what) == rules.undo_text(before, what)
    assert all(
        rules.undo_text(undone, other) == rules.undo_text(after, other) for other in Setting if other is not what
    )


@given(PEOPLE, st.sampled_from(Setting))
def test_an_undo_fits_into_an_action_id(person: Person, what: Setting) -> None:
    assert action("settings.back", what, rules.undo_text(person, what))


@given(st.sampled_from(Setting), st.text(max_size=40))
def test_an_undo_made_up_by_somebody_sets_nothing_impossible(what: Setting, text: str) -> None:
    try:
        changed = rules.undone(what, text)
    except NotASetting:
        return
    assert set(changed) <= {field.name for field in fields(Person)}
    assert rules.undone(what, rules.undo_text(replace(BOB, **changed), what)) == changed


@given(st.fixed_dictionaries(dict.fromkeys(Topic, ROUTES)))
def test_all_routes_are_undone_by_one_short_id(chosen: dict[Topic, Route]) -> None:
    text = rules.routes_text(chosen)

    assert rules.routes_of(text) == chosen
    assert action("settings.routes", text)


@pytest.mark.parametrize("text", ["", "x", "mdx", "zz", "m", "md" * 7])
def test_a_route_made_up_by_somebody_is_refused(text: str) -> None:
    with pytest.raises(NotASetting):
        rules.routes_of(text)
    with pytest.raises(NotASetting):
        Route.of_text(text or "?")


def test_switches_say_where_each_kind_goes() -> None:
    routes = rules.routes({"notify.gigs": "telegram", "night.gigs": "on", "notify.breaks": "off", "other": "x"})

    assert routes[Topic.GIGS] == Route("telegram", night=True)
    assert routes[Topic.BREAKS] == Route("off")
    assert routes[Topic.OFFERS] == Route()


def test_a_profile_is_kept_whole_until_the_next_change() -> None:
    bob = replace(
        BOB, roles=("trumpet",), doubles=("flute",), region="Leeds", radius_km=48, visibility=Visibility.NOBODY
    )

    before = rules.profile_before(rules.profile_text(bob, 3))

    assert before is not None
    assert (before.number, before.roles, before.doubles) == (3, ("trumpet",), ("flute",))
    assert replace(BOB, roles=("trumpet",), doubles=("flute",), **before.fields) == bob
    assert rules.profile_before(None) is None


@pytest.mark.parametrize(
    ("own", "community", "shown", "usual", "source"),
    [
        ("EUR", "GBP", "EUR", "USD", Whose.OWN),
        (None, "GBP", "GBP", "USD", Whose.COMMUNITY),
        (None, None, "USD", "USD", Whose.PROGRAM),
        (None, "GBP", "CHF", "USD", Whose.APP),
    ],
)
def test_the_panel_knows_whose_choice_it_shows(
    own: str | None, community: str | None, shown: str, usual: str, source: Whose
) -> None:
    assert rules.whose(own, community, shown, usual) is source


@pytest.mark.parametrize(
    ("visibility", "strangers", "members", "contacts"),
    [
        (Visibility.COMMUNITY, False, True, True),
        (Visibility.CONTACTS, False, False, True),
        (Visibility.NOBODY, False, False, False),
    ],
)
def test_a_profile_is_seen_by_whom_it_was_meant_for(
    visibility: Visibility, strangers: bool, members: bool, contacts: bool
) -> None:
    bob = replace(BOB, visibility=visibility)

    assert rules.may_see(bob, same_community=False, contacts=False) is strangers
    assert rules.may_see(bob, same_community=True, contacts=False) is members
    assert rules.may_see(bob, same_community=True, contacts=True) is contacts


@pytest.mark.parametrize(
    ("locale", "country", "zone", "miles"),
    [
        ("en-GB", None, "Europe/London", True),
        ("en-US", None, None, True),
        ("en-GB", None, "Europe/Berlin", False),
        ("de-DE", None, None, False),
        ("en-GB", "FR", "Europe/London", False),
        ("en-US", None, "America/Chicago", True),
    ],
)
def test_a_bare_distance_is_miles_where_road_signs_are(
    locale: str, country: str | None, zone: str | None, miles: bool
) -> None:
    assert rules.counts_in_miles(locale, country, zone) is miles


def test_a_form_is_filled_with_what_is_set() -> None:
    quiet = replace(BOB, quiet_from=time(21), quiet_to=time(9, 15))

    assert rules.typed(quiet, Setting.QUIET) == {"from": "21:00", "to": "09:15"}
    assert rules.typed(replace(quiet, quiet_to=time(21)), Setting.QUIET) == {"from": "off"}
    assert rules.typed(replace(BOB, clock=24), Setting.CLOCK) == {"clock": "24"}
    assert rules.typed(BOB, Setting.ZONE) == {}
