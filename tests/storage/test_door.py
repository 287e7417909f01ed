"""One look at who somebody is and where they are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from storage.work import OpenWork

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.usefixtures("anywhere")
async def test_members_are_known_with_all_that_their_call_needs(open_work: OpenWork) -> None:
    async with open_work() as work:
        ada = await work.people.greet("discord", "1", "Ada", NOW, dm="9")
        await work.people.change(ada.id, zone="Europe/London", locale="en-US")
        band = await work.communities.greet("discord", "7", "The Band", NOW)
        await work.communities.join(ada.id, band.id, NOW)
        gigs = await work.communities.greet_channel(band.id, "discord", "77", "gigs")
        await work.commit()

    async with open_work(reading=True) as work:
        found = await work.door.arrival("discord", "1", "7", "77")
        elsewhere = await work.door.arrival("discord", "1", "7", "78")
        identity = await work.people.identity("discord", "1")
        person = await work.people.get(ada.id)
    assert found is not None and elsewhere is not None
    assert (found.identity, found.person, found.community, found.channel) == (identity, person, band, gigs)
    assert elsewhere.channel is None


async def test_strangers_guests_and_those_who_left_are_not(open_work: OpenWork) -> None:
    async with open_work() as work:
        ada = await work.people.greet("discord", "1", "Ada", NOW)
        band = await work.communities.greet("discord", "7", "The Band", NOW)
        await work.communities.join(ada.id, band.id, NOW)
        await work.people.greet("discord", "2", "Bob", NOW)
        await work.commit()
    async with open_work() as work:
        assert await work.door.arrival("discord", "3", "7", "77") is None
        assert await work.door.arrival("discord", "2", "7", "77") is None
        assert await work.door.arrival("telegram", "1", "7", "77") is None
        assert await work.door.arrival("discord", "1", "8", "77") is None
        await work.communities.leave(ada.id, band.id, NOW)
        assert await work.door.arrival("discord", "1", "7", "77") is None
