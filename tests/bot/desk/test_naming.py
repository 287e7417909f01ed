"""Who is found by number: people one is with, and people whom a platform showed; nobody by guessing."""

from __future__ import annotations

from bot.desk import naming
from storage.work import OpenWork
from tests.conftest import MovableClock


async def test_a_mark_names_one_person_and_no_other(open_work: OpenWork, clock: MovableClock) -> None:
    async with open_work() as work:
        ada, bob, cleo = [await work.people.add(name, clock.now()) for name in ("Ada", "Bob", "Cleo")]
        await work.commit()

    marked = await naming.handed_over(open_work, bob.id)

    assert marked == await naming.handed_over(open_work, bob.id)  # drafts outlive a restart
    async with open_work(reading=True) as work:
        assert await naming.named(work, marked, ada.id) == bob
        assert await naming.named(work, marked.replace(f"person:{bob.id}.", f"person:{cleo.id}."), ada.id) is None
        assert await naming.named(work, f"person:{bob.id}", ada.id) is None
        assert await naming.named(work, f"person:{ada.id}", ada.id) == ada
        assert await naming.named(work, f"person:{bob.id}.{'0' * 12}", ada.id) is None


async def test_a_bare_number_is_enough_among_members(open_work: OpenWork, clock: MovableClock) -> None:
    now = clock.now()
    async with open_work() as work:
        ada, bob = [await work.people.add(name, now) for name in ("Ada", "Bob")]
        place = await work.communities.greet("console", "hall", "The Hall", now)
        for person in (ada, bob):
            await work.communities.join(person.id, place.id, now)
        await work.commit()
    async with open_work() as work:
        assert await naming.named(work, f"person:{bob.id}", ada.id) == bob
        await work.communities.leave(bob.id, place.id, now)
        assert await naming.named(work, f"person:{bob.id}", ada.id) is None
