"""Profiles and settings, from the typed line to the database and back."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cogs.kit.action import action
from storage.records.answer import AnswerKind, AnswerState
from storage.records.fee import Basis, Fee
from storage.records.gig import Gig
from storage.records.notice import NewNotice
from storage.records.people import Visibility, Words
from storage.records.times import Span
from storage.work import OpenWork
from tests.cogs.front import Front, labels, text_of
from tests.conftest import START


async def community_of(open_work: OpenWork, **chosen: object) -> int:
    async with open_work() as work:
        community = await work.communities.at("console", "hall")
        assert community is not None
        if chosen:
            await work.communities.change(community.id, **chosen)
            await work.commit()
    return community.id


# --- the panel --------------------------------------------------------------------------------------------------------


async def test_the_panel_says_whose_choice_it_shows(front: Front, open_work: OpenWork) -> None:
    await front.person("Ada")
    await community_of(open_work, currency="EUR", words=Words.US, zone="Europe/Dublin")

    before = text_of(await front.say("Ada", "/me"))
    await front.say("Ada", "/me currency CHF")
    after = text_of(await front.say("Ada", "/settings"))

    assert "Your time: not known; I will ask before I read a clock (this community goes by Europe/Dublin)" in before
    assert "Currency: EUR (this community's)" in before
    assert "Trade words: US (sub, contractor, hold) (this community's)" in before
    assert "Numbers and dates: English (United Kingdom), en-GB (the usual); I ask which of 3/4 comes first" in before
    assert "Currency: CHF\n" in after


async def test_a_switch_of_the_panel_redraws_it_where_it_stands(front: Front) -> None:
    await front.say("Ada", "/me")

    answer = await front.press("Ada", "Show me unpaid gigs")

    assert answer.reply.replaces
    assert answer.private
    assert text_of(answer).startswith("Your settings\nUnpaid gigs: shown to you.")
    assert "Hide unpaid gigs" in labels(answer)
    assert (await front.person("Ada")).takes_unpaid


async def test_a_form_behind_the_panel_ends_on_the_panel(front: Front) -> None:
    await front.say("Ada", "/me")
    asked = await front.press("Ada", "Change quiet hours")

    answer = await front.say("Ada", "21-7")

    assert asked.reply.form is not None
    assert asked.reply.form.values == {"from": "22:00", "to": "08:00"}
    assert answer.reply.replaces
    assert text_of(answer).startswith("Your settings\nQuiet hours: 21:00 to 07:00 UTC; urgent ones still arrive.")


@pytest.mark.parametrize("place", ["dm", "#gigs"])
@pytest.mark.parametrize(
    "typed",
    ["/me", "/settings", "/tz Leeds", "/me profile trumpet", "/me show", "/quiet off", "/notify gigs off", "/help"],
)
async def test_everything_about_oneself_is_private(front: Front, place: str, typed: str) -> None:
    assert (await front.say("Ada", typed, place=place)).private


# --- one setting ------------------------------------------------------------------------------------------------------

TYPED = {
    "/tz Leeds": ("Your time: Europe/London, where it is 10:00.", "zone", "Europe/London"),
    "/me zone America/New_York": ("Your time: America/New_York, where it is 05:00.", "zone", "America/New_York"),
    "/me currency euros": ("Currency: EUR.", "currency", "EUR"),
    "/me locale american": ("Numbers and dates: English (United States), en-US: 3/4 is 4 March.", "locale", "en-US"),
    "/me words american": ("Trade words: US (sub, contractor, hold).", "words", Words.US),
    "/me clock 24h": ("Clock: 24 hours: “at 9” is 09:00.", "clock", 24),
    "/quiet 23:30-7": ("Quiet hours: 23:30 to 07:00 UTC; urgent ones still arrive.", "quiet_from", time(23, 30)),
    "/me unpaid yes": ("Unpaid gigs: shown to you.", "takes_unpaid", True),
    "/me plain on": ("Plain text: on, for screen readers.", "plain_text", True),
}


@pytest.mark.parametrize("typed", TYPED)
async def test_a_setting_is_echoed_kept_and_undone(front: Front, typed: str) -> None:
    echo, field, value = TYPED[typed]
    await front.say("Ada", "/help")  # the first answer ever carries a hint
    before = await front.person("Ada")

    answer = await front.say("Ada", typed)
    after = await front.person("Ada")
    undone = await front.press("Ada", "Undo")

    assert text_of(answer).splitlines()[0] == echo
    assert "Fix" in labels(answer)
    assert getattr(after, field) == value
    assert text_of(undone).startswith("Undone.")
    assert await front.person("Ada") == before


async def test_a_choice_is_given_back_to_the_community(front: Front, open_work: OpenWork) -> None:
    await front.person("Ada")
    await community_of(open_work, currency="EUR", locale="de-DE", words=Words.US)
    for typed in ("/me currency GBP", "/me locale en-GB", "/me words uk", "/me clock 24"):
        await front.say("Ada", typed)

    assert "Currency: EUR (this community's)." in text_of(await front.say("Ada", "/me currency community"))
    assert "de-DE: 3/4 is 3 April (this community's)" in text_of(await front.say("Ada", "/me locale community"))
    assert "US (sub, contractor, hold) (this community's)" in text_of(await front.say("Ada", "/me words community"))
    assert "I ask when" in text_of(await front.say("Ada", "/me clock ask"))
    ada = await front.person("Ada")
    assert (ada.currency, ada.locale, ada.words, ada.clock) == (None, None, None, None)


async def test_a_clock_leads_to_cities_to_tap(front: Front) -> None:
    asked = await front.say("Ada", "/tz 11:00")

    assert "Europe/Berlin" in labels(asked)
    assert "Europe/Berlin, where it is 11:00" in text_of(await front.press("Ada", "Europe/Berlin"))


async def test_fix_opens_the_form_with_what_is_there(front: Front) -> None:
    await front.say("Ada", "/tz Leeds")

    asked = await front.press("Ada", "Fix")

    assert asked.reply.form is not None
    assert asked.reply.form.values == {"zone": "Europe/London"}


@pytest.mark.parametrize(
    "pressed",
    [
        action("settings.back", "zone", "Mars/Olympus"),
        action("settings.set", "clock", "13"),
        action("settings.set", "quiet", "9999-0000"),
        action("settings.change", "unpaid"),
        action("settings.routes", "zz"),
        action("settings.route", "gigs", "zz"),
        action("settings.set", "nonsense", "1"),
        action("profile.back", 4),
    ],
)
async def test_a_button_made_up_by_somebody_changes_nothing(front: Front, pressed: str) -> None:
    await front.say("Ada", "/help")
    before = await front.person("Ada")

    answer = await front.press_id("Ada", pressed)

    assert "Nothing was changed." in text_of(answer)
    assert await front.person("Ada") == before


# --- messages ---------------------------------------------------------------------------------------------------------


async def test_a_kind_that_is_switched_off_is_off_for_what_waits_too(front: Front, open_work: OpenWork) -> None:
    ada = await front.person("Ada")
    async with open_work() as work:
        kept = await work.notices.add(
            NewNotice(kind="t.t", person_id=ada.id, due_at=START, topic="invoices", key="waiting"), START
        )
        await work.commit()

    answer = await front.say("Ada", "/notify invoices off")

    async with open_work(reading=True) as work:
        waiting = await work.notices.get(kept or 0)
    assert text_of(answer).splitlines()[0] == "Invoices: off."
    assert waiting is not None
    assert waiting.platform == "off"
    assert "Messages: Invoices: off · the others" in text_of(await front.say("Ada", "/me"))


async def test_all_messages_are_moved_and_brought_back_at_once(front: Front, open_work: OpenWork) -> None:
    ada = await front.person("Ada")
    await front.say("Ada", "/notify gigs off")
    await front.press("Ada", "Fix")
    await front.say("Ada", "All of them")
    await front.say("Ada", "Console")
    moved = await front.say("Ada", "yes")
    async with open_work(reading=True) as work:
        switches = await work.people.settings(ada.id)

    await front.press("Ada", "Undo")

    assert "All messages: on the console, also in quiet hours." in text_of(moved)
    assert switches["notify.offers"] == "console"
    assert switches["night.offers"] == "on"
    async with open_work(reading=True) as work:
        assert await work.people.settings(ada.id) == {"notify.gigs": "off"}


async def test_a_platform_without_an_account_is_refused(front: Front, open_work: OpenWork) -> None:
    answer = await front.say("Ada", "/notify offers telegram")

    ada = await front.person("Ada")
    assert "I do not know you on Telegram." in text_of(answer)
    async with open_work(reading=True) as work:
        assert await work.people.settings(ada.id) == {}


# --- the profile ------------------------------------------------------------------------------------------------------


async def test_a_profile_is_filled_in_one_line(front: Front) -> None:
    answer = await front.say("Ada", "/me profile trumpet, flugel, doubling flute, Leeds")
    ada = await front.person("Ada")

    assert ada.roles == ("trumpet", "flugelhorn")
    assert ada.doubles == ("flute",)
    assert ada.region == "Leeds"
    assert "Plays: Trumpet, Flugelhorn\nDoubles: Flute\nRegion: Leeds" in text_of(answer)


async def test_an_unclear_chair_is_asked_about_and_the_others_stay(front: Front) -> None:
    asked = await front.say("Ada", '/me profile roles="trumpet, alto, flugel"')

    await front.press("Ada", "Alto sax")

    assert "Alto flute" in labels(asked)
    assert (await front.person("Ada")).roles == ("trumpet", "alto-sax", "flugelhorn")


async def test_an_empty_profile_opens_the_form_and_a_full_one_its_buttons(front: Front) -> None:
    first = await front.say("Ada", "/me profile")
    await front.press("Ada", "Cancel")
    await front.say("Ada", "/me profile trumpet")
    second = await front.say("Ada", "/me profile")

    assert first.reply.form is not None
    assert [field.name for field in first.reply.form.fields] == [
        "roles", "doubles", "region", "travel_radius", "styles", "links", "union", "visibility",
    ]  # fmt: skip
    assert second.reply.form is None
    assert "Change roles" in labels(second)


async def test_one_part_changes_and_the_rest_stays_until_it_is_undone(front: Front) -> None:
    await front.say("Ada", '/me profile roles=trumpet region=Leeds union="MU" travel_radius="30 miles"')
    before = await front.person("Ada")

    await front.say("Ada", '/me profile union=none links="bob.example"')
    after = await front.person("Ada")
    await front.press("Ada", "Undo")

    assert (after.union, after.links) == (None, "https://bob.example")
    assert (after.roles, after.region, after.radius_km) == (("trumpet",), "Leeds", 48)
    assert await front.person("Ada") == before


async def test_an_undo_after_a_later_change_would_lose_it_and_is_refused(front: Front) -> None:
    first = await front.say("Ada", "/me profile region=Leeds")
    undo = next(b.action for b in first.reply.buttons if b.label == "Undo")  # type: ignore[union-attr]  # it has one
    await front.say("Ada", "/me profile region=York")

    answer = await front.press_id("Ada", undo)

    assert "changed again since" in text_of(answer)
    assert (await front.person("Ada")).region == "York"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    roles=st.lists(
        st.sampled_from(["trumpet", "Flugel", "tpt", "bass", "alto", "keys", "drums", "kazoo?!", "=1+1", "@all", ""])
        | st.text(max_size=12),
        max_size=5,
    )
)
async def test_any_chairs_are_kept_asked_about_or_refused_and_never_half(front: Front, roles: list[str]) -> None:
    await front.say("Ada", "/me profile roles=violin")

    answer = await front.press("Ada", "Change roles")
    answer = await front.say("Ada", ", ".join(roles).replace("/", " "))

    kept = (await front.person("Ada")).roles
    if answer.reply.form is None and answer.reply.title == "Your profile":
        assert kept
        assert len(set(kept)) == len(kept)
    else:
        assert kept == ("violin",)
        assert "sorry" not in text_of(answer).casefold()


# --- what others see --------------------------------------------------------------------------------------------------


async def test_a_colleague_sees_what_the_owner_shows_and_no_more(front: Front) -> None:
    await front.say("Ada", '/me profile roles=trumpet region=Leeds travel_radius="30 miles" union=MU')
    await front.say("Ada", "/tz Leeds")
    await front.person("Bob")

    seen = text_of(await front.say("Bob", "/me show Ada", place="#gigs"))

    assert seen.splitlines()[0] == "Ada"
    assert "Plays: Trumpet" in seen
    assert "Union: MU" in seen
    assert "48" not in seen
    assert "Europe/London" not in seen


async def test_hidden_and_empty_profiles_answer_alike(front: Front) -> None:
    await front.person("Cleo")
    await front.say("Ada", "/me profile roles=trumpet visibility=nobody")
    await front.person("Bob")

    hidden = text_of(await front.say("Bob", "/me show Ada", place="#gigs"))
    empty = text_of(await front.say("Bob", "/me show Cleo", place="#gigs"))

    assert hidden.replace("Ada", "?") == empty.replace("Cleo", "?")


async def test_a_stranger_sees_no_profile_even_by_number(front: Front, open_work: OpenWork) -> None:
    await front.say("Ada", "/me profile roles=trumpet")
    ada = await front.person("Ada")
    await front.say("Eve", "/me")  # in no community

    answer = await front.say("Eve", f"/me show player=person:{ada.id}")

    assert "Trumpet" not in text_of(answer)
    assert "Ada" not in text_of(answer)
    assert "know nobody like that" in text_of(answer)


async def test_contacts_are_people_who_were_inked_together(front: Front, open_work: OpenWork) -> None:
    await front.say("Ada", f"/me profile roles=trumpet visibility={Visibility.CONTACTS.value}")
    ada, bob, cleo = [await front.person(name) for name in ("Ada", "Bob", "Cleo")]
    hall = await community_of(open_work)
    gig = Gig(
        id=0, community_id=hall, poster_id=bob.id, role="trumpet", span=Span(START, None, "UTC"), fee=Fee(Basis.QUOTE),
        posted_at=START, state_at=START, expires_at=START,
    )  # fmt: skip
    async with open_work() as work:
        kept = await work.gigs.add(gig)
        await work.answers.say(kept.id, ada.id, AnswerKind.INK, AnswerState.INKED, START)
        await work.answers.say(kept.id, cleo.id, AnswerKind.INK, AnswerState.WAITING, START)
        await work.commit()

    assert "Trumpet" in text_of(await front.say("Bob", "/me show Ada", place="#gigs"))
    assert "no profile" in text_of(await front.say("Cleo", "/me show Ada", place="#gigs"))
    async with open_work() as work:
        await work.answers.say(kept.id, cleo.id, AnswerKind.INK, AnswerState.INKED, START)
        await work.commit()
    assert "Trumpet" in text_of(await front.say("Cleo", "/me show Ada", place="#gigs"))
