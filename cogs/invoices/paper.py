"""Invoices, credit notes and statements as papers: which words and figures stand where, in the client's language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cogs.invoices import facturx
from cogs.invoices.letters import day_in, language_of, locale_for, money_in
from cogs.invoices.scanning import grouped, transfer_code
from cogs.invoices.typesetting import Printed, typeset
from storage.records.client import Billing, Client
from storage.records.invoice import Invoice, InvoiceKind, Standing
from storage.records.money import Money

#: Territories that write on US Letter; all others on A4 (Unicode CLDR 46, supplemental measurement data, paperSize).
_LETTER = frozenset("BZ CA CL CO CR GT MX NI PA PH PR SV US VE".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything a paper needs. name: the owner's, where they said no other. locale: the owner's."""

    invoice: Invoice
    client: Client
    billing: Billing
    name: str
    locale: str
    credited: Invoice | None = None


def size_of(locale: str) -> str:
    """The paper of a locale: "us-letter" or "a4"."""
    territory = locale.replace("-", "_").split("_")[-1].upper() if len(locale) > 2 else ""
    return "us-letter" if territory in _LETTER else "a4"


def file_name(invoice: Invoice) -> str:
    """The name of the PDF as it is sent to a client."""
    sort = "credit-note" if invoice.kind is InvoiceKind.CREDIT else "invoice"
    return f"{sort}-{invoice.number}.pdf"


def invoice_pdf(sheet: Sheet, now: datetime, *, e_invoice: bool = False) -> Printed:
    """The invoice or credit note. e_invoice: with Factur-X inside. Raises `facturx.Incomplete` for what is unsaid."""
    xml = facturx.write(sheet.invoice, sheet.client, sheet.billing, sheet.name) if e_invoice else None
    code = _code(sheet)
    printed = typeset(_invoice(sheet), now, code=code, xml=xml)
    return Printed(facturx.declared(printed.pdf), printed.whole) if e_invoice else printed


def _code(sheet: Sheet) -> str | None:
    invoice, billing = sheet.invoice, sheet.billing
    if invoice.kind is InvoiceKind.CREDIT:
        return None
    name = billing.account_name or billing.name or sheet.name
    return transfer_code(name, billing.iban, billing.bic, invoice.owed, invoice.number)


def _invoice(sheet: Sheet) -> dict[str, Any]:
    invoice, client = sheet.invoice, sheet.client
    language = language_of(client.language, sheet.locale)
    where, words = locale_for(language, sheet.locale), WORDS[language]
    credit = invoice.kind is InvoiceKind.CREDIT
    facts = [(words["date"], day_in(invoice.issued_on, where))]
    if credit and sheet.credited is not None:
        facts.append((words["credits"], sheet.credited.number))
    if invoice.worked_on is not None:
        facts.append((words["worked"], day_in(invoice.worked_on, where)))
    if not credit:
        facts.append((words["due"], day_in(invoice.due_on, where)))
    if invoice.po:
        facts.append((words["po"], invoice.po))
    return {
        **_frame(sheet, language),
        "title": words["credit" if credit else "invoice"],
        "number": invoice.number,
        "facts": facts,
        "columns": [words["what"], words["quantity"], words["price"], words["amount"]],
        "rows": [
            [item.what, quantity_in(item.quantity, where), money_in(item.price, where), money_in(item.total, where)]
            for item in invoice.items
        ],
        "totals": _totals(invoice, words, where),
        "remark": "" if invoice.tax is not None else sheet.billing.tax_note or "",
        "parts": [] if credit else _parts(invoice, words, where),
        "account": [] if credit else _account(sheet.billing, words, invoice.number),
        "notes": "\n".join(x for x in (None if credit else _terms(invoice, words), invoice.notes) if x),
    }


def _frame(sheet: Sheet, language: str) -> dict[str, Any]:
    billing, client, words = sheet.billing, sheet.client, WORDS[language]
    number = billing.tax_number or (sheet.invoice.tax.number if sheet.invoice.tax is not None else None)
    return {
        "size": size_of(sheet.locale),
        "lang": language,
        "to": words["to"],
        "pay": words["pay"],
        "code_label": words["scan"],
        "code_alt": words["scan_alt"],
        "sender": {"name": billing.name or sheet.name, "lines": _lines(billing.address)},
        "receiver": {
            "name": client.name,
            "lines": [*_lines(client.address), *([client.tax_number] if client.tax_number else [])],
        },
        "footer": f"{words['tax_number']}: {number}" if number else "",
    }


def _lines(text: str | None) -> list[str]:
    return [one.strip() for one in re.split(r"[\n;]", text or "") if one.strip()]


def _totals(invoice: Invoice, words: dict[str, str], where: str) -> list[tuple[str, str, bool]]:
    rows: list[tuple[str, str, bool]] = []
    if invoice.tax is not None:
        rate = quantity_in(invoice.tax.rate, where)
        rows.append((words["net"], money_in(invoice.net, where), False))
        rows.append((f"{invoice.tax.label} {rate} %", money_in(invoice.tax_amount, where), False))
    rows.append((words["total"], money_in(invoice.total, where), True))
    if invoice.paid.minor > 0 and invoice.kind is InvoiceKind.INVOICE:
        rows.append((words["paid"], money_in(-invoice.paid, where), False))
        rows.append((words["owed"], money_in(invoice.owed, where), True))
    return rows


def _parts(invoice: Invoice, words: dict[str, str], where: str) -> list[list[str]]:
    if invoice.deposit is None:
        return []
    return [
        [words[part.label], words["due_by"].format(day=day_in(part.due_on, where)), money_in(part.amount, where)]
        for part in invoice.parts
    ]


def _account(billing: Billing, words: dict[str, str], number: str) -> list[tuple[str, str]]:
    rows = []
    if billing.account_name:
        rows.append((words["holder"], billing.account_name))
    if billing.iban:
        rows.append(("IBAN", grouped(billing.iban)))
    if billing.bic:
        rows.append(("BIC", billing.bic))
    if billing.bank:
        rows.append((words["account"], "\n".join(_lines(billing.bank))))
    return [*rows, (words["reference"], number)] if rows else []


def _terms(invoice: Invoice, words: dict[str, str]) -> str | None:
    return f"{words['terms']}: {invoice.terms}" if invoice.terms else None


def quantity_in(number: Decimal, where: str) -> str:
    """A count as the locale writes it, without noughts behind."""
    from babel.numbers import format_decimal  # see letters

    return str(format_decimal(number.normalize(), locale=where, format="#,##0.###"))


# --- statement --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """A line of a statement: what happened on a day, and by how much the debt grew or shrank."""

    day: date
    what: str
    number: str
    change: Money
    balance: Money


def statement_pdf(
    sheet: Sheet, rows: Sequence[StatementRow], buckets: Sequence[tuple[str, Money]], today: date, now: datetime
) -> Printed:
    """A client's account in one currency, with what is open by age."""
    language = language_of(sheet.client.language, sheet.locale)
    where, words = locale_for(language, sheet.locale), WORDS[language]
    balance = rows[-1].balance if rows else Money(0, sheet.invoice.currency)
    paper = {
        **_frame(sheet, language),
        "title": words["statement"],
        "number": balance.currency,
        "facts": [(words["date"], day_in(today, where))],
        "columns": [words["what"], words["date"], words["amount"], words["balance"]],
        "rows": [
            [
                f"{words[row.what]} {row.number}",
                day_in(row.day, where),
                money_in(row.change, where),
                money_in(row.balance, where),
            ]
            for row in rows
        ],
        "totals": [
            *((words["current"] if name == "current" else f"{name} {words['days']}", money_in(sum_, where), False)
              for name, sum_ in buckets if sum_.minor),
            (words["owed"], money_in(balance, where), True),
        ],
        "remark": "",
        "parts": [],
        "account": _account(sheet.billing, words, sheet.client.name)[:-1],
        "notes": "",
    }  # fmt: skip
    return typeset(paper, now)


#: What a card says of a standing that a client need not see.
HIDDEN = frozenset({Standing.DRAFT, Standing.VOID})

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "invoice": "Invoice", "credit": "Credit note", "statement": "Statement", "date": "Date", "due": "Due",
        "worked": "Date of work", "po": "Your reference", "credits": "Credits invoice", "to": "Bill to",
        "what": "Description", "quantity": "Qty", "price": "Price", "amount": "Amount", "net": "Subtotal",
        "total": "Total", "paid": "Paid", "owed": "Amount due", "deposit": "Deposit", "balance": "Balance",
        "due_by": "due {day}", "pay": "Please pay to", "holder": "Account name", "account": "Account",
        "reference": "Reference", "scan": "Scan to pay", "scan_alt": "Code for a transfer by a banking app",
        "terms": "Terms", "tax_number": "Tax number", "payment": "Payment", "written_off": "Written off",
        "current": "Not yet due", "days": "days late",
    },
    "de": {
        "invoice": "Rechnung", "credit": "Stornorechnung", "statement": "Kontoauszug", "date": "Datum",
        "due": "Zahlbar bis", "worked": "Leistungsdatum", "po": "Ihr Zeichen", "credits": "Storno zu Rechnung",
        "to": "An", "what": "Beschreibung", "quantity": "Menge", "price": "Preis", "amount": "Betrag",
        "net": "Netto", "total": "Gesamtbetrag", "paid": "Bezahlt", "owed": "Offener Betrag",
        "deposit": "Anzahlung", "balance": "Restbetrag", "due_by": "zahlbar bis {day}", "pay": "Bitte überweisen an",
        "holder": "Kontoinhaber", "account": "Konto", "reference": "Verwendungszweck", "scan": "Mit Banking-App",
        "scan_alt": "Code für eine Überweisung mit der Banking-App", "terms": "Zahlungsbedingungen",
        "tax_number": "Steuernummer", "payment": "Zahlung", "written_off": "Abgeschrieben",
        "current": "Noch nicht fällig", "days": "Tage überfällig",
    },
    "es": {
        "invoice": "Factura", "credit": "Factura rectificativa", "statement": "Estado de cuenta", "date": "Fecha",
        "due": "Vencimiento", "worked": "Fecha del trabajo", "po": "Su referencia", "credits": "Rectifica la factura",
        "to": "Para", "what": "Concepto", "quantity": "Cant.", "price": "Precio", "amount": "Importe",
        "net": "Base imponible", "total": "Total", "paid": "Pagado", "owed": "Pendiente", "deposit": "Anticipo",
        "balance": "Saldo", "due_by": "vence el {day}", "pay": "Forma de pago", "holder": "Titular",
        "account": "Cuenta", "reference": "Concepto", "scan": "Pagar con la app",
        "scan_alt": "Código para una transferencia con la app del banco", "terms": "Condiciones",
        "tax_number": "NIF", "payment": "Pago", "written_off": "Dado de baja", "current": "No vencido",
        "days": "días de retraso",
    },
    "fr": {
        "invoice": "Facture", "credit": "Avoir", "statement": "Relevé de compte", "date": "Date",
        "due": "Échéance", "worked": "Date de la prestation", "po": "Votre référence",
        "credits": "Annule la facture", "to": "À", "what": "Désignation", "quantity": "Qté", "price": "Prix",
        "amount": "Montant", "net": "Total HT", "total": "Total", "paid": "Payé", "owed": "Reste à payer",
        "deposit": "Acompte", "balance": "Solde", "due_by": "à régler le {day}", "pay": "Règlement",
        "holder": "Titulaire", "account": "Compte", "reference": "Référence", "scan": "Payer avec l’appli",
        "scan_alt": "Code pour un virement avec l’appli bancaire", "terms": "Conditions",
        "tax_number": "Numéro fiscal", "payment": "Paiement", "written_off": "Passé en perte",
        "current": "Non échu", "days": "jours de retard",
    },
}  # fmt: skip
