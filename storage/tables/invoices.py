"""Clients, invoices, payments, what an owner's invoices share, and the weekly invoice hour."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from storage.records.client import Preset
from storage.records.invoice import InvoiceKind, InvoiceState, LateRuleChoice, Tone, Towards
from storage.tables.base import METADATA, partial
from storage.tables.columns import (
    Choice,
    Day,
    Flag,
    Id,
    Json,
    Key,
    Moment,
    MoneyMinor,
    Typed,
    WallClock,
    own_id,
    person,
)

_OPEN = text("state = 'sent'")

#: name_key: the name folded, by which one owner's clients are found and shared days-to-pay are put together.
clients = Table(
    "clients",
    METADATA,
    own_id(),
    person(),
    Column("name", Typed, nullable=False),
    Column("name_key", Key, nullable=False),
    Column("contact", Typed),
    Column("address", Typed),
    Column("business", Flag),
    Column("country", Text),
    Column("language", Text),
    Column("currency", Text),
    Column("terms", Typed),
    Column("tax_number", Typed),
    Column("note", Typed),
    Column("made_at", Moment, nullable=False),
    Column("deleted_at", Moment),
    Index(None, "person_id", "name_key"),
    Index(None, "name_key"),
    sqlite_autoincrement=True,
)

#: items: a JSON list of {what, quantity, price in minor units}. tax_rate, late_rate: decimals as text, so that they
#: stay exact. pause: JSON. gig_id: no foreign key, since an invoice outlives its gig. total_minor: for sums and lists.
invoices = Table(
    "invoices",
    METADATA,
    own_id(),
    person(),
    Column("client_id", Id, ForeignKey("clients.id"), nullable=False, index=True),
    Column("kind", Choice(InvoiceKind), nullable=False),
    Column("year", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("number", Text, nullable=False),
    Column("gig_id", Id),
    Column("credits_id", Id, ForeignKey("invoices.id"), index=True),
    Column("issued_on", Day, nullable=False),
    Column("worked_on", Day),
    Column("currency", Text, nullable=False),
    Column("items", Json, nullable=False),
    Column("tax_label", Typed),
    Column("tax_rate", Text),
    Column("tax_number", Typed),
    Column("total_minor", MoneyMinor, nullable=False),
    Column("due_on", Day, nullable=False),
    Column("terms", Typed),
    Column("deposit_minor", MoneyMinor),
    Column("deposit_due", Day),
    Column("po", Typed),
    Column("notes", Typed),
    Column("state", Choice(InvoiceState), nullable=False),
    Column("sent_on", Day),
    Column("sent_how", Typed),
    Column("paid_minor", MoneyMinor, nullable=False),
    Column("settled_on", Day),
    Column("pause", Json),
    Column("reason", Typed),
    Column("late_rule", Choice(LateRuleChoice)),
    Column("late_rate", Text),
    Column("planned", Integer, nullable=False),
    Column("next_at", Moment),
    Column("rung_on", Day),
    Column("chased_on", Day),
    Column("chased_tone", Choice(Tone)),
    Column("snoozed_until", Day),
    Column("made_at", Moment, nullable=False),
    Column("state_at", Moment, nullable=False),
    UniqueConstraint("person_id", "year", "sequence"),
    Index(None, "person_id", "state", "due_on"),
    partial("ix_invoices_open", "person_id", "due_on", where=_OPEN),
    Index(None, "gig_id"),
    sqlite_autoincrement=True,
)

payments = Table(
    "payments",
    METADATA,
    own_id(),
    Column("invoice_id", Id, ForeignKey("invoices.id"), nullable=False, index=True),
    Column("amount_minor", MoneyMinor, nullable=False),
    Column("amount_currency", Text, nullable=False),
    Column("towards", Choice(Towards), nullable=False),
    Column("day", Day, nullable=False),
    Column("how", Typed),
    Column("made_at", Moment, nullable=False),
    Column("undone_at", Moment),
    sqlite_autoincrement=True,
)

#: The last number given to an owner in a year; raised in the transaction that keeps the invoice.
invoice_numbers = Table(
    "invoice_numbers",
    METADATA,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

billing = Table(
    "billing",
    METADATA,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("name", Typed),
    Column("address", Typed),
    Column("country", Text),
    Column("tax_number", Typed),
    Column("tax_label", Typed),
    Column("tax_rate", Text),
    Column("tax_note", Typed),
    Column("account_name", Typed),
    Column("iban", Text),
    Column("bic", Text),
    Column("bank", Typed),
    Column("terms", Typed),
    Column("preset", Choice(Preset), nullable=False),
    Column("steps", Json),
    Column("hour", WallClock, nullable=False),
    Column("base_rates", Json, nullable=False),
    Column("shares_days", Flag, nullable=False),
)

invoice_hours = Table(
    "invoice_hours",
    METADATA,
    Column("community_id", Id, ForeignKey("communities.id"), primary_key=True),
    Column("channel_id", Id, ForeignKey("channels.id"), nullable=False, index=True),
    Column("weekday", Integer, nullable=False),
    Column("clock", WallClock, nullable=False),
    Column("zone", Text, nullable=False),
    Column("active", Flag, nullable=False),
    Column("planned", Integer, nullable=False),
    Column("next_at", Moment),
)
