"""A new invoice out of what was said: whose name it is in, what it is for, and on what terms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from cogs.invoices import rules, terms
from cogs.invoices.kept import Wanted
from cogs.kit.amounts import read_money
from cogs.kit.call import Call
from cogs.kit.faults import Conflict, Misread, NotAllowed, NotFound
from storage.records.answer import AnswerState
from storage.records.client import Billing, Client
from storage.records.fee import Fee, Unit
from storage.records.gig import Gig
from storage.records.invoice import Invoice, Item, Tax
from storage.records.money import Money
from storage.reference import instruments
from storage.work import Work

#: What posters write for "I pay": the invoice goes to the poster then.
_THE_POSTER = frozenset(
    "me i us we myself poster bandleader band leader bl mine fixer contractor client the client tbc".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FromGig:
    """What a gig says of an invoice: who pays, what for, how much, and the days of the work."""

    gig: Gig
    payer: str
    fee: Fee
    what: str
    first_day: date
    last_day: date


async def from_gig(work: Work, call: Call, gig_id: int) -> FromGig:
    """The caller's own engagement. Raises NotFound for a gig they may not see, and says why for one they did not play.

    The player invoices who pays, so only who was inked can: what their chair pays is nobody else's.
    """
    gig = await work.gigs.get(gig_id)
    answer = None if gig is None else await work.answers.of(gig_id, call.person_id)
    if gig is None or not (
        answer is not None
        or gig.poster_id == call.person_id
        or (not gig.for_few and await work.communities.is_member(call.person_id, gig.community_id))
    ):
        raise NotFound("gig", f"G{gig_id}", list_command="/gigs")
    if answer is None or answer.state is not AnswerState.INKED:
        if gig.poster_id == call.person_id:
            raise Conflict(f"You posted {gig.ref}, so the players invoice you.", how="/invoice new client=Smith 220")
        raise NotAllowed(f"You were not inked for {gig.ref}.", how="Name the client instead: /invoice Smith 220")
    before = await work.invoices.of_gig(call.person_id, gig_id)
    if before is not None:
        raise Conflict(f"{before.ref} is for {gig.ref} already.", how=f"/invoice show {before.ref}")
    poster = await work.people.get(gig.poster_id)
    payer = gig.terms.pays or ""
    if not payer or payer.casefold().strip(" .") in _THE_POSTER:
        payer = poster.name if poster is not None else "the client"
    return FromGig(
        gig=gig, payer=payer, fee=answer.fee or gig.fee, what=_work(gig), first_day=gig.span.first_day,
        last_day=gig.span.last_day,
    )  # fmt: skip


def _work(gig: Gig) -> str:
    try:
        role = instruments.chair(gig.role).name
    except KeyError:
        role = gig.role.replace("_", " ")
    role = role[:1].upper() + role[1:]
    parts = (role, gig.what or (gig.kind.value if gig.kind is not None else None), gig.where)
    return ", ".join(part for part in parts if part)[:200]


async def client_named(work: Work, call: Call, name: str) -> Client:
    """The owner's client by id or name, made if there is none yet. Raises NotFound for an id that is not theirs."""
    bare = name.strip()
    if bare[:1].casefold() == "c" and bare[1:].isascii() and bare[1:].isdigit() and len(bare) <= 10:
        found = await work.clients.get(int(bare[1:]))
        if found is None or found.person_id != call.person_id or found.deleted_at is not None:
            raise NotFound("client", bare.upper(), list_command="/client list")
        return found
    known = await work.clients.named(call.person_id, bare)
    return known or await work.clients.add(Client(person_id=call.person_id, name=bare[:120], made_at=call.now))


async def draft(work: Work, call: Call, wanted: Wanted) -> tuple[Invoice, Client]:
    """The invoice, not yet kept. Raises Misread with the field to fill in or to change."""
    gig = None if wanted.gig_id is None else await from_gig(work, call, wanted.gig_id)
    name = wanted.client or (gig.payer if gig is not None else None)
    if name is None:
        raise Misread("Say who pays: a name, or the gig it is for.", example="Smith, or G12", field="client")
    client = await client_named(work, call, name)
    billing = await work.clients.billing(call.person_id)
    currency = _currency(wanted, gig, client, call)
    items = _items(wanted, gig, currency, call)
    issued = rules.today(call.now, call.zone)
    worked = gig.last_day if gig is not None else None
    said = wanted.due or (gig.gig.terms.pay_by if gig is not None and not client.terms else None)
    due_terms, due = _due(said, client, billing, issued, worked, call, asked=wanted.due is not None)
    deposit = _money(wanted.deposit, currency, call, "deposit") if wanted.deposit else None
    deposit_due = None
    if deposit is not None:
        deposit_due = min(
            terms.due_on(wanted.deposit_due or "on receipt", issued, call, worked_on=worked, field="deposit_due"), due
        )
    tax = _tax(wanted.tax, billing)
    return rules.checked(
        Invoice(
            person_id=call.person_id, client_id=client.id, gig_id=wanted.gig_id, issued_on=issued, worked_on=worked,
            currency=currency, items=items, tax=tax, due_on=due, terms=due_terms, deposit=deposit,
            deposit_due=deposit_due, po=wanted.po, notes=wanted.notes, made_at=call.now, state_at=call.now,
        )
    ), client  # fmt: skip


def _currency(wanted: Wanted, gig: FromGig | None, client: Client, call: Call) -> str:
    if wanted.currency:
        return rules.read_currency(wanted.currency)
    if gig is not None and gig.fee.money is not None:
        return gig.fee.money.currency
    usual = client.currency or call.currency
    if wanted.amount and not wanted.items:
        return read_named(wanted.amount, usual, call, "amount").currency
    return usual


def _items(wanted: Wanted, gig: FromGig | None, currency: str, call: Call) -> tuple[Item, ...]:
    if wanted.items:
        return rules.read_items(wanted.items, currency, call)
    what = wanted.what or (gig.what if gig is not None else "Music services")
    if wanted.amount:
        return (Item(what=what, price=_money(wanted.amount, currency, call, "amount")),)
    if gig is not None and gig.fee.money is not None and gig.fee.unit is Unit.DAY:
        return (Item(what=what, quantity=Decimal((gig.last_day - gig.first_day).days + 1), price=gig.fee.money),)
    worth = None if gig is None else replace(gig.gig, fee=gig.fee).worth()
    if worth is None:
        raise Misread("How much is it for?", example="450, or £450", field="amount")
    return (Item(what=what, price=worth),)


def read_named(text: str, currency: str, call: Call, field: str) -> Money:
    """A sum, in `currency` when none is named. Raises Misread on that field."""
    try:
        return read_money(text, replace(call, currency=currency))
    except Misread as fault:
        fault.field = field
        raise


def _money(text: str, currency: str, call: Call, field: str) -> Money:
    money = read_named(text, currency, call, field)
    if money.currency != currency:
        raise Misread(f"The invoice is in {currency}; “{text[:30]}” is not.", example=f"40 {currency}", field=field)
    return money


def _due(
    said: str | None, client: Client, billing: Billing, issued: date, worked: date | None, call: Call, *, asked: bool
) -> tuple[str, date]:
    """Terms in words and the day they come to. What the gig or the client said in words that mean no day is passed
    over; what the caller asked for is not.
    """
    if said is not None:
        try:
            day = terms.due_on(said, issued, call, worked_on=worked)
        except Misread:
            if asked:
                raise
        else:
            # Work still to come is not paid for before it is done, unless somebody says so.
            return said, day if asked or worked is None else max(day, worked)
    usual = client.terms or billing.terms or terms.USUAL
    try:
        return usual, terms.due_on(usual, issued, call, worked_on=worked)
    except Misread:
        return terms.USUAL, issued + timedelta(days=30)


def _tax(said: str | None, billing: Billing) -> Tax | None:
    if said is not None:
        return rules.read_tax(said, billing.tax_label, billing.tax_number)
    if billing.tax_rate is None or not billing.tax_rate:
        return None
    return Tax(label=billing.tax_label or "VAT", rate=billing.tax_rate, number=billing.tax_number)
