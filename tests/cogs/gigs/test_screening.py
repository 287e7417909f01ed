"""Signs of fraud: what is one, and above all what is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.gigs.screening import COPIED_FROM, alarms
from storage.records.fee import Basis, Fee, Unit
from storage.records.gig import Gig, KindOfWork, Terms
from storage.records.moderation import Alarm
from storage.records.money import Money
from storage.records.rate import Level, Measure, RateCell
from storage.records.times import Span

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def gig(what: str | None = None, *, where: str = "Leeds", fee: int = 22_000, **terms: str) -> Gig:
    return Gig(
        id=1,
        community_id=1,
        poster_id=1,
        role="drums",
        span=Span(NOON, None, "Europe/London"),
        where=where,
        fee=Fee(Basis.PAID, Money(fee, "GBP"), Unit.FLAT),
        kind=KindOfWork.FUNCTION,
        what=what,
        terms=Terms(**terms),  # type: ignore[arg-type]  # texts only
        posted_at=NOON,
        state_at=NOON,
        expires_at=NOON,
    )


@pytest.mark.parametrize(
    ("what", "sign"),
    [
        ("We pay by cheque, you bank it and send the rest to my driver", Alarm.OVERPAYMENT),
        ("A check will be sent. Deposit the check, keep your fee and forward the balance to the sound man",
         Alarm.OVERPAYMENT),
        ("The payment covers transport too, so transfer the excess back to us", Alarm.OVERPAYMENT),
        ("If we overpay you please just return it by Western Union", Alarm.OVERPAYMENT),
        ("Keep £300 and send the money back to the agency", Alarm.OVERPAYMENT),
        ("Fee is paid in Amazon gift cards on the night", Alarm.CARDS),
        ("You buy steam cards for the guests and send me photos of the codes", Alarm.CARDS),
        ("Salary paid with bitcoin only", Alarm.COINS),
        ("Cruise contract, USDT payments", Alarm.COINS),
        ("There is a registration fee of £40, refundable", Alarm.UPFRONT),
        ("Musicians have to pay 50 pounds to secure the audition", Alarm.UPFRONT),
        ("Applicants must send £75 for the visa", Alarm.UPFRONT),
        ("Pay a deposit to reserve your spot on the ship", Alarm.UPFRONT),
        ("Refundable deposit from players", Alarm.UPFRONT),
        ("Details and set list: bit.ly/3xYz12", Alarm.SHORT_LINK),
        ("Ｂｉｔ.ly/abc for the contract", Alarm.SHORT_LINK),
        ("We pay by che\u200bque, you bank it and se\u200bnd the rest to my driver", Alarm.OVERPAYMENT),
    ],
)  # fmt: skip
def test_a_sign_is_seen(what: str, sign: Alarm) -> None:
    assert alarms(gig(what)) == (sign,)


#: What fixers, bandleaders and players really write; none of it may be held back.
HONEST = (
    "Wedding band, black suit, paid by cheque on the night",
    "Cheque or bank transfer within 30 days, send your invoice to the office",
    "Deposit by cheque now, then send an invoice for the balance",
    "Deposit of 50 % paid to you in advance, balance on the night",
    "We pay a 25 % deposit and transfer the balance to players on Monday",
    "I will pay the balance on the night in cash",
    "I will send the rest of the charts by Friday",
    "Payment on the night. I can send the rest of the set list on request",
    "Corporate party for a crypto conference at the ExCeL, 2 x 45",
    "Bitcoin Expo drinks reception, jazz trio, suits",
    "Gift card launch event in the shopping centre, two short sets",
    "Ticketed show; players get two guest tickets and a drinks voucher",
    "WhatsApp me if you are running late: +44 7700 900123",
    "Text me on 07700 900123 for the postcode",
    "Questions to fixer@example.org, charts on Dropbox",
    "Players pay their own parking, £5 in the car park behind the hall",
    "You will send us stems, 48/24, dry and DI",
    "You must pay attention to the click from bar 9",
    "Please check the parts and return the folder to the library afterwards",
    "Bank holiday gig, check the website, please send a short bio",
    "Union membership required. Audition by video, no fee for that",
    "Registration from 18:00 at the stage door",
    "Check your levels; deposit your case in the cash office, send me a message when there",
    "Bring a tab? Ceilidh, first set at 8, second before ten",
    "£250 plus £20 parking, invoice to the trust, paid within 14 days",
    "Last minute! Need someone tonight, good money, straightforward set",
    "Deps wanted for panto, 24 shows, MU/UK Theatre rates, holiday pay on top",
    "Recording at Abbey Road, two sessions, buyout on top, paid through the fixer",
    "Return flight and hotel paid, per diem in euros, visa costs refunded by the promoter",
    "Refund of travel up to £30 by bank transfer",
    "Set list at https://example.org/set and https://www.youtube.com/watch?v=abc",
    "Trust fund charity do, fee is modest, food and a bed",
)  # fmt: skip


@pytest.mark.parametrize("what", HONEST)
def test_honest_work_goes_up(what: str) -> None:
    assert alarms(gig(what)) == ()


def test_how_it_is_paid_is_read_as_such() -> None:
    assert alarms(gig(pay_by="bitcoin")) == (Alarm.COINS,)
    assert alarms(gig(pay_by="cheque, 30 days")) == ()


@pytest.mark.parametrize("where", ["TBA", "online", "?", "to be confirmed"])
def test_a_number_and_no_venue(where: str) -> None:
    assert alarms(gig("Contact on WhatsApp only +44 7700 900123", where=where)) == (Alarm.CONTACT_ONLY,)
    assert alarms(gig("Venue follows, function set", where=where)) == ()
    remote = replace(gig("Mail takes to me@example.org", where=where), kind=KindOfWork.REMOTE)
    assert alarms(remote) == ()


def range_of(people: int, low: int | None, middle: int, high: int | None) -> RateCell:
    return RateCell(
        level=Level.ALL,
        place="",
        part="",
        measure=next(iter(Measure)),
        middle=middle,
        low=low,
        high=high,
        people=people,
        counted=people,
        made_at=NOON,
    )


def test_a_fee_out_of_all_proportion_needs_a_range_to_stand_beside() -> None:
    assert alarms(gig(fee=500_000)) == ()
    assert alarms(gig(fee=500_000), range_=range_of(6, None, 20_000, None)) == ()  # too few to say so
    assert alarms(gig(fee=125_000), range_=range_of(12, 18_000, 20_000, 25_000)) == ()
    assert alarms(gig(fee=125_001), range_=range_of(12, 18_000, 20_000, 25_000)) == (Alarm.TOO_GOOD,)


def test_copied_words_count_only_when_they_are_many() -> None:
    long = "Ten-piece soul band, three sets of forty-five, lounge suits, food, parking and a proper green room"
    assert len(long) > COPIED_FROM
    assert alarms(gig(long.upper() + "."), others=[long]) == (Alarm.COPIED,)
    assert alarms(gig("Ceilidh band, black tie"), others=["Ceilidh band, black tie"]) == ()
    assert alarms(gig(long), others=[long + " and a bed"]) == ()


def test_several_signs_come_in_a_fixed_order() -> None:
    both = "Paid in bitcoin. Registration fee payable first. See bit.ly/x1"

    assert alarms(gig(both)) == (Alarm.COINS, Alarm.UPFRONT, Alarm.SHORT_LINK)


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert set(alarms(gig(text, where=text[:100]))) <= set(Alarm)


def test_long_texts_are_read_quickly() -> None:
    """No pattern may take its time over a text that is made to be slow."""
    import time

    began = time.perf_counter()
    for word in ("cheque deposit send ", "pay ", "you must pay ", "send the ", "registration fee ", "a " * 20):
        alarms(gig((word * 300)[:300]))
    assert time.perf_counter() - began < 1.0
