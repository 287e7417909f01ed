"""Files that a spreadsheet reads right and never runs."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

from cogs.invoices import sheets
from storage.records.invoice import InvoiceKind, Item
from tests.cogs.invoices.samples import TODAY, client, invoice, money, payment


def read(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_sums_are_plain_decimals_and_credits_are_taken_off() -> None:
    made = [invoice("1200.50"), invoice("5000", "JPY", id=10), invoice("1200.50", id=11, kind=InvoiceKind.CREDIT)]
    rows = read(sheets.invoices_csv(made, {3: client(name="Größe, 山田 “Ltd”")}, TODAY))
    assert [(row["total"], row["currency"]) for row in rows] == [
        ("1200.50", "GBP"),
        ("5000", "JPY"),
        ("-1200.50", "GBP"),
    ]
    assert sum(Decimal(row["total"]) for row in rows if row["currency"] == "GBP") == 0
    assert rows[0]["client"] == "Größe, 山田 “Ltd”"
    assert rows[0]["due_on"] == "2026-12-23"


def test_a_formula_for_a_name_is_defused_in_the_file() -> None:
    rows = read(sheets.invoices_csv([invoice(po="=1+1")], {3: client(name='=HYPERLINK("http://x")')}, TODAY))
    assert rows[0]["client"] == '\'=HYPERLINK("http://x")'
    assert rows[0]["po"] == "'=1+1"


def test_json_has_items_and_payments_as_text() -> None:
    made = invoice(items=(Item(what="Bass", quantity=Decimal("2.5"), price=money("40.10")),))
    content = json.loads(sheets.invoices_json([made], {3: client()}, [payment("100.25", TODAY)], TODAY))
    one = content["invoices"][0]
    assert one["total"] == "100.25"
    assert one["items"] == [{"what": "Bass", "quantity": "2.5", "price": "40.10", "total": "100.25"}]
    assert one["payments"] == [{"day": "2026-11-23", "amount": "100.25", "towards": "invoice", "how": ""}]
