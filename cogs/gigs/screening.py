"""Signs of fraud in a post. Pure, and shy: what honest fixers write every day must pass.

Fraud against musicians mostly goes one of a few ways: a cheque for too much, "send the rest on to the driver"; pay in
gift cards or coins; a fee to be paid before the work; a number to write to and nothing else; a fee nobody pays. A sign
therefore needs two things that belong together ("cheque" and "the rest"), never one word alone: cheques, deposits,
WhatsApp and crypto conferences are all part of honest work.

The patterns are ours; the posts they are tried on, honest and not, stand in the tests.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from storage.records.gig import Gig, KindOfWork
from storage.records.moderation import Alarm
from storage.records.rate import RateCell

#: A fee this many times the upper end of what members were paid is out of all proportion.
TOO_GOOD_FROM = 5
#: Descriptions shorter than this are alike by chance ("Ceilidh band, black tie").
COPIED_FROM = 60

_SOME = r"(?:\W+\w+){0,%d}?\W+"  # so many words at most between two that belong together
_MONEY = r"(?:che(?:que|ck)s?|payments?|money|funds|over\s?pa(?:y|id|ying|yment)|deposit(?:ed)?)"
_ON = r"(?:send|forward|wire|return|refund|transfer|pass)(?:s|ing)?"
_REST = r"(?:rest|remainder|remaining|difference|balance|excess|surplus|overpayment|extra)"
_MUSIC = r"(?:charts?|parts|music|set|sets|details|info|tunes|songs|dots|tracks|stems|files|band|team|week|year)"
_COIN = r"(?:bitcoins?|btc|crypto(?:currency|currencies)?|usdt|tether|ethereum|eth|dogecoin)"
_CARD = r"(?:gift\s?cards?|(?:itunes|steam|amazon|google\s?play|apple|vanilla|razer)\s+(?:gift\s?)?cards?)"
_PAID = r"(?:paid|pay|pays|paying|payment|payments|fee|salary|wages|settled|settle)"
_PLAYERS = r"(?:you|players?|musicians?|applicants?|deps?|subs?|candidates?)"
_MUST = r"(?:must|have\s+to|need\s+to|should|will|are\s+to)\s+(?:first\s+)?"
_TO_GET_IN = (
    r"(?:to\s+(?:register|audition|apply|join|secure|reserve|confirm|hold|guarantee|be\s+considered)|up\s?-?\s?front"
    r"|in\s+advance|first|before\s+(?:the\s+)?(?:work|gig|job|audition|booking))"
)

_PATTERNS: dict[Alarm, tuple[re.Pattern[str], ...]] = {
    alarm: tuple(re.compile(pattern) for pattern in patterns)
    for alarm, patterns in {
        Alarm.OVERPAYMENT: (
            rf"\b{_MONEY}\b{_SOME % 16}{_ON}\b{_SOME % 3}(?:the|any|all)\s+(?:\w+\s+)?{_REST}\b"
            rf"(?!\s+of\s+(?:the\s+|your\s+)?{_MUSIC}){_SOME % 4}"
            rf"(?:back|on\s+to|via|to\s+(?:the|my|our|me|us|another)\b(?!\s+(?:band|players?|musicians?|deps?)\b))",
            rf"\b(?:an?|the|by|our|my|this)\W+che(?:que|ck)s?\b{_SOME % 10}"
            rf"(?:deposit(?:ed)?|banked|cashed|(?:bank|cash)\s+(?:it|the))\b{_SOME % 12}{_ON}\b"
            r"(?!\W+(?:(?:an?|your|the|me|us)\W+)?(?:invoice|details|bank|charts?|remittance))",
            r"\bsend\b(?:\W+\w+){0,3}?\W+(?:fee|money|funds|payment)\W+back\b",
            rf"\bover\s?pa(?:y|id|ying|yment)\b{_SOME % 10}(?:back|return|refund|forward|send)\b",
        ),
        Alarm.CARDS: (
            rf"\b{_PAID}\b{_SOME % 5}(?:in|by|with|via|through|using)\W+(?:\w+\W+)?{_CARD}",
            rf"\b(?:buy|purchase|get|send)\b{_SOME % 3}{_CARD}{_SOME % 6}"
            r"(?:send|codes?|photos?|scratch|to\s+(?:me|us))\b",
        ),
        Alarm.COINS: (
            rf"\b{_PAID}\b{_SOME % 3}(?:in|by|with|via|through|using)\W+{_COIN}\b",
            rf"\b{_COIN}\s+(?:payments?|only|wallet)\b",
            rf"\bpay by \W*{_COIN}\b",
            rf"\b(?:send|transfer)\b{_SOME % 4}{_COIN}\b(?!\s+(?:conference|expo|summit|party|event))",
        ),
        Alarm.UPFRONT: (
            r"\b(?:registration|joining|processing|admin(?:istration)?|application|audition|training|enrol(?:l)?ment"
            r"|clearance)\s+(?:fee|charge|cost)s?\b(?:\W+\w+){0,5}?\W+"
            r"(?:required|needed|payable|upfront|up\s+front|in\s+advance|first|before|refund\w*|(?:must\s+|to\s+)?be\s+paid)\b",
            rf"\b{_PLAYERS}\s+{_MUST}pay\b{_SOME % 8}{_TO_GET_IN}\b",
            rf"\b{_PLAYERS}\s+{_MUST}(?:send|transfer|deposit)"
            rf"\b\W*(?:\w+\W+){{0,2}}?(?:[£$€]\s?\d|\d+\s?(?:gbp|usd|eur|pounds|dollars|euros))",
            r"\b(?:pay|send|transfer)\W+(?:(?:a|the|your)\W+)?(?:\w+\W+)?(?:fee|deposit|[£$€]\s?\d[\d.,]*)\W+"
            r"(?:\w+\W+){0,2}?"
            r"to\s+(?:secure|reserve|confirm|hold|guarantee)\s+(?:your|the|a)\s+(?:spot|place|slot|seat|chair|audition)\b",
            rf"\b(?:refundable|security)\s+deposit\s+(?:from|by|of)\s+(?:the\s+)?{_PLAYERS}\b",
        ),
        Alarm.SHORT_LINK: (
            r"(?<![\w.-])(?:bit\.ly|tinyurl\.com|goo\.gl|is\.gd|cutt\.ly|rb\.gy|shorturl\.at|ow\.ly|tiny\.cc|rebrand\.ly"
            r"|t\.ly|shorte\.st|adf\.ly|bl\.ink|t\.co)/\w",
        ),
    }.items()
}
_MESSENGER = re.compile(
    r"\b(?:whats\s?app|telegram|signal|text|sms|dm|message|e-?mail|mail|contact|write|call|ring)\b|wa\.me/|t\.me/"
)
_NUMBER = re.compile(r"(?:\+|\b00|\b0)\d[\d\s().-]{7,}\d|[\w.+-]+@[\w-]+\.[\w.]+|wa\.me/|t\.me/")
_ONLY = re.compile(r"\b(?:only|directly|for\s+(?:more\s+)?(?:details|info|information)|to\s+apply)\b")
_NOWHERE = re.compile(
    r"(?:tb[acd]|to\s+be\s+(?:announced|confirmed|advised)|on\s?-?line|anywhere|various|n/?a|\?+|-+)?"
)


def alarms(gig: Gig, *, range_: RateCell | None = None, others: Iterable[str] = ()) -> tuple[Alarm, ...]:
    """The signs of fraud in a post, in a fixed order; empty for almost every one.

    range_: what members were paid for such work. others: how other people described what they have on the board.
    """
    said = _flat(" . ".join(filter(None, _texts(gig))))
    found = {alarm for alarm, patterns in _PATTERNS.items() if any(one.search(said) for one in patterns)}
    if _is_contact_only(gig, said):
        found.add(Alarm.CONTACT_ONLY)
    if _is_too_good(gig, range_):
        found.add(Alarm.TOO_GOOD)
    if gig.what is not None and len(own := bare(gig.what)) >= COPIED_FROM and own in {bare(one) for one in others}:
        found.add(Alarm.COPIED)
    return tuple(alarm for alarm in Alarm if alarm in found)


def _texts(gig: Gig) -> tuple[str | None, ...]:
    terms = gig.terms
    pay = f"pay by {terms.pay_by}" if terms.pay_by else None  # "bitcoin" there is a way of paying
    return gig.what, gig.where, terms.pays, pay, terms.extras, terms.credit, terms.cancellation


def _is_contact_only(gig: Gig, said: str) -> bool:
    """Nothing but a way to reach somebody: no venue, and a number or an address instead of buttons."""
    if gig.kind is KindOfWork.REMOTE or not _NOWHERE.fullmatch(_flat(gig.where or "").strip()):
        return False
    return bool(_NUMBER.search(said)) and bool(_MESSENGER.search(said) or _ONLY.search(said))


def _is_too_good(gig: Gig, range_: RateCell | None) -> bool:
    money = gig.fee.money
    if money is None or range_ is None or range_.people < 10:
        return False
    top = range_.high if range_.high is not None else range_.middle
    return money.minor > TOO_GOOD_FROM * top


def bare(text: str) -> str:
    """A description as two are compared: letters and digits alone."""
    return " ".join("".join(c if c.isalnum() else " " for c in _flat(text)).split())


def _flat(text: str) -> str:
    """Small letters without tricks: compatible forms joined, what cannot be seen taken out, white space single."""
    joined = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c for c in joined if unicodedata.category(c) != "Cf").split())
