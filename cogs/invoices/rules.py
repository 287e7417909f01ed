"""What is true of items, tax, deposits and payments. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from cogs.invoices.terms import months_later
from cogs.kit.amounts import read_money
from cogs.kit.call import Call
from cogs.kit.faults import Conflict, Misread
from storage.records.invoice import Invoice, InvoiceState, Item, Payment, Tax, Towards
from storage.records.money import CURRENCIES, Money
from storage.reference.countries import code_of

#: Lines on one page; more belong on a second invoice.
MOST_ITEMS = 20
#: A rate beyond this is a slip: the highest value added tax anywhere is 27 % (Hungary, 2026).
HIGHEST_TAX = 50
#: One of something.
ONE = Decimal(1)

_QUANTITY = re.compile(r"(?P<count>\d{1,5}(?:[.,]\d{1,3})?)\s*(?:x|×|\*)\s*(?P<rest>.+)", re.IGNORECASE)
_TAX = re.compile(r"(?:(?P<label>[^\W\d][^\d%]{0,19}?)\s*)?(?P<rate>\d{1,2}(?:[.,]\d{1,3})?)\s*%?")
#: A comma behind a price parts two items, too; one inside the words does not.
_PRICED = re.compile(r"(@\s*[^\s,;@]*\d(?:\s?[A-Z]{3})?),\s+")
_HALF_A_YEAR = timedelta(days=183)
_SHORT_NAMES = frozenset({"vat", "gst", "hst", "tva", "iva", "igic"})
_NO_TAX = frozenset({"no", "none", "0", "0%", "no tax", "no vat", "exempt"})


def today(now: datetime, zone: str | None) -> date:
    """The calendar day in a zone; UTC's where none is known."""
    return now.astimezone(ZoneInfo(zone or "UTC")).date()


def past_day(day: date | None, today: date) -> date:
    """The day something was done; None: today. Raises Misread for one still to come.

    A day without a year is read as the next one; "20 Nov" said on 23 November of a payment means three days ago, so
    what lies up to half a year back counts as that.
    """
    if day is None or day <= today:
        return day or today
    last_year = months_later(day, -12)
    if today - _HALF_A_YEAR <= last_year:
        return last_year
    raise Misread("That day has not come yet.", example="yesterday", field="date")


def read_items(text: str, currency: str, call: Call) -> tuple[Item, ...]:
    """ "2 x Rehearsal @ 80; Session 250" as items, one to a line or between semicolons. Raises Misread."""
    pieces = [piece.strip() for piece in re.split(r"[;\n]", _PRICED.sub(r"\1;", text)) if piece.strip()]
    if not 1 <= len(pieces) <= MOST_ITEMS:
        raise Misread(
            f"An invoice has 1 to {MOST_ITEMS} items.", example="2 x Rehearsal @ 80; Session 250", field="items"
        )
    return tuple(_item(piece, currency, call) for piece in pieces)


def _item(text: str, currency: str, call: Call) -> Item:
    quantity, rest = Decimal(1), text
    counted = _QUANTITY.fullmatch(text)
    if counted:
        quantity, rest = Decimal(counted["count"].replace(",", ".")), counted["rest"]
    what, price = _apart(rest)
    if not what or not price or not quantity:
        raise Misread(
            f"I could not read “{text[:40]}” as an item with its price.",
            example="2 x Rehearsal @ 80; Session 250",
            field="items",
        )
    try:
        money = read_money(price, replace(call, currency=currency))
    except Misread as fault:
        fault.field, fault.choices = "items", ()
        raise
    if money.currency != currency:
        raise Misread(f"One invoice has one currency, here {currency}; “{price}” is another.", field="items")
    return Item(what=what[:200], quantity=quantity, price=money)


def _apart(text: str) -> tuple[str, str]:
    """The words and the price behind them: after an @, else the last word that has a digit."""
    if "@" in text:
        what, _, price = text.rpartition("@")
        return what.strip(" :,-"), price.strip()
    found = re.search(r"(?:[£€$¥]|\b[A-Za-z]{3}\s)?\s?\d[\d.,]*(?:\s?(?:[£€$¥]|[A-Za-z]{3}))?$", text)
    return ("", "") if found is None else (text[: found.start()].strip(" :,-"), found[0].strip())


def items_text(items: Iterable[Item]) -> str:
    """Items as they could have been typed."""
    written = []
    for item in items:
        count = "" if item.quantity == 1 else f"{item.quantity.normalize():f} x "
        written.append(f"{count}{item.what.replace(';', ',')} @ {item.price.amount} {item.price.currency}")
    return "\n".join(written)


def read_tax(text: str, label: str | None, number: str | None) -> Tax | None:
    """ "20", "VAT 20%", "MwSt 7,7"; None for "none". Raises Misread."""
    said = text.strip()
    if said.casefold() in _NO_TAX:
        return None
    match = _TAX.fullmatch(said)
    rate = Decimal(match["rate"].replace(",", ".")) if match else None
    if match is None or rate is None or rate > HIGHEST_TAX:
        raise Misread(f"I could not read “{said[:40]}” as a tax rate.", example="20%, VAT 20%, none", field="tax")
    name = (match["label"] or label or "VAT").strip(" :,+")
    name = name.upper() if name.casefold() in _SHORT_NAMES else name[:1].upper() + name[1:]
    return Tax(label=name, rate=rate, number=number) if rate else None


def read_currency(text: str) -> str:
    """An ISO 4217 code. Raises Misread."""
    code = {"£": "GBP", "€": "EUR", "$": "USD"}.get(text.strip(), text.strip().upper())
    if code not in CURRENCIES:
        raise Misread(f"I know no currency “{text[:20]}”.", example="GBP, EUR, USD", field="currency")
    return code


def read_country(text: str) -> str:
    """An ISO 3166 two-letter code out of a code or a usual name. Raises Misread."""
    code = code_of(text)
    if not re.fullmatch(r"[A-Z]{2}", code):
        raise Misread(f"I know no country “{text[:30]}”.", example="UK, DE, France", field="country")
    return code


def read_rate(text: str, field: str = "rate") -> Decimal:
    """Percent a year: "3.75", "3,75 %". Raises Misread."""
    try:
        rate = Decimal(text.strip().rstrip("%").strip().replace(",", "."))
    except InvalidOperation:
        rate = Decimal(-1)
    if not rate.is_finite() or not -5 <= rate <= 100 or rate == -1:
        raise Misread(f"I could not read “{text[:20]}” as percent a year.", example="3.75", field=field)
    return rate


def checked(invoice: Invoice) -> Invoice:
    """The invoice, if its sums make sense. Raises Misread with the field to change."""
    if invoice.total.minor <= 0:
        raise Misread("An invoice is for more than nothing.", example="£220", field="amount")
    if invoice.deposit is not None and invoice.deposit_due is not None:
        if not 0 < invoice.deposit.minor < invoice.total.minor:
            raise Misread("A deposit is less than the whole.", example="£50", field="deposit")
        if invoice.deposit_due > invoice.due_on:
            raise Misread("A deposit is due before the rest.", example="on receipt", field="deposit_due")
    return invoice


def settled(invoice: Invoice, payments: Sequence[Payment]) -> Invoice:
    """The invoice with what came in counted anew."""
    principal = [one for one in payments if one.towards is Towards.PRINCIPAL]
    paid = sum(one.amount.minor for one in principal)
    done = paid >= invoice.total.minor
    last = max((one.day for one in principal), default=None)
    return replace(invoice, paid_minor=paid, settled_on=last if done else None)


def split(invoice: Invoice, amount: Money | None, late_owed: Money) -> tuple[Money, Money]:
    """A payment apart into principal and late sums; None: all that is owed of the principal.

    Raises Conflict for what is not open, Misread for more than is owed.
    """
    nothing = Money(0, invoice.currency)
    if amount is None:
        if invoice.owed.minor <= 0:
            raise Conflict(f"{invoice.ref} is paid.", how="Name the amount if more came in, such as late interest.")
        return invoice.owed, nothing
    if amount.currency != invoice.currency:
        raise Misread(
            f"{invoice.ref} is in {invoice.currency}. Say what arrived in {invoice.currency}.",
            example=f"{invoice.owed.amount} {invoice.currency}",
            field="amount",
        )
    if amount.minor <= 0:
        raise Misread("A payment is more than nothing.", example=str(invoice.owed.amount), field="amount")
    principal = min(amount, invoice.owed)
    rest = amount - principal
    if rest.minor > late_owed.minor:
        raise Misread(
            f"That is more than the {invoice.owed.amount + late_owed.amount} {invoice.currency} that are owed.",
            example=str(invoice.owed.amount),
            field="amount",
        )
    return principal, rest


def payable(invoice: Invoice) -> Invoice:
    """The invoice, if a payment can be noted on it. Raises Conflict."""
    if invoice.state in (InvoiceState.VOID, InvoiceState.WRITTEN_OFF):
        raise Conflict(f"{invoice.ref} was {invoice.state.value.replace('_', ' ')}.", how="Reopen it first.")
    return invoice
