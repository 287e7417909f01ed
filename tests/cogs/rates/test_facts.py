"""Published figures are shown as printed, with their source; moderators may add their own, and switch figures off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desk.answer import Answer
from cogs.kit.call import Right
from cogs.rates.facts import Body, body_of, published
from storage.records.gig import KindOfWork
from storage.reference.rates import Freshness, everything
from storage.reference.sources import Confidence
from tests.cogs.front import Front, labels, text_of

SOURCE = '/rate source body="Local 9" type=live pay=£200 per="per gig" covers="Three hours" link=https://example.org/r'


async def moderate(front: Front, line: str) -> Answer:
    call = replace(
        await front.call("Mo", "#hall"), zone="Europe/London", rights=frozenset({Right.MEMBER, Right.MODERATE})
    )
    return await front.desk.spelled(call, line)


async def test_a_published_figure_comes_with_body_standing_dates_and_page(front: Front) -> None:
    said = text_of(await front.say("Ada", "/rate scale session UK"))
    assert "£130 per 3-hour session" in said
    assert "Agreement, from 2019 to 2025. The last figure published that we know of." in said
    assert "https://musiciansunion.org.uk/" in said
    assert "not what to charge" in said


def test_old_and_weak_figures_are_never_shown_and_dated_ones_come_later() -> None:
    for kind in KindOfWork:
        for country in ("GB", "US", "DE", "CA"):
            rows = published(kind, country, None)
            assert all(row.freshness in (Freshness.CURRENT, Freshness.DATED) for row in rows)
            assert all(row.confidence is not Confidence.LOW for row in rows)


def test_every_row_has_a_body_and_the_bodies_part_them() -> None:
    bodies = {body_of(row) for row in everything()}
    assert bodies == set(Body)
    whole = published(KindOfWork.SESSION, "GB", None)
    assert sum(len(published(KindOfWork.SESSION, "GB", body)) for body in Body) == len(whole) > 0


async def test_pages_turn(front: Front) -> None:
    await front.say("Ada", "/rate scale session UK")
    assert "Page 2 of" in text_of(await front.press("Ada", "Next"))
    assert "Page 1 of" in text_of(await front.press("Ada", "Back"))


async def test_moderators_add_a_figure_with_its_page_and_take_it_off(front: Front) -> None:
    assert "Kept as F1" in text_of(await moderate(front, SOURCE))
    answer = await front.say("Ada", "/rate scale live UK", place="#hall")
    assert "£200 per gig: Three hours. Added by this community's moderators" in text_of(answer)
    assert "Remove F1" not in labels(answer)
    assert "£200 per gig" in text_of(await front.say("Ada", "/rate ask violin live london", place="#hall"))
    refused = await front.press_id("Ada", "fc:ratefacts.remove:1")
    assert "moderators" in text_of(refused)
    call = replace(
        await front.call("Mo", "#hall"), zone="Europe/London", rights=frozenset({Right.MEMBER, Right.MODERATE})
    )
    assert "Removed" in text_of(await front.desk.press(call, "fc:ratefacts.remove:1"))
    assert "£200 per gig" not in text_of(await front.say("Ada", "/rate scale live UK", place="#hall"))
    assert "Back on the list" in text_of(await front.desk.press(call, "fc:ratefacts.restore:1"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (SOURCE.replace("https://example.org/r", "example.org"), "needs the page"),
        (SOURCE + " up_to=€300", "same currency"),
        (SOURCE + " up_to=£100", "higher"),
        (SOURCE + " since=2026-05-01 until=2026-04-01", "end before it began"),
    ],
)
async def test_a_figure_that_does_not_hold_together_is_refused(front: Front, line: str, said: str) -> None:
    assert said in str((await moderate(front, line)).reply)


async def test_members_cannot_add_or_switch(front: Front) -> None:
    assert "moderators" in text_of(await front.say("Ada", SOURCE, place="#hall"))
    assert "moderators" in text_of(await front.say("Ada", "/setup rates off", place="#hall"))
    assert "are off" in text_of(await moderate(front, "/setup rates off"))
    assert "keeps no figures" in text_of(await front.say("Ada", "/rate ask violin live london", place="#hall"))
    assert "are on" in text_of(await moderate(front, "/setup rates on"))
