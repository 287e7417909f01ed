"""The papers, opened and looked at: text taken out again, the page drawn, the e-invoice read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.invoices import facturx, paper, scanning, sums
from cogs.invoices.paper import Sheet
from cogs.invoices.typesetting import Printed
from cogs.kit.faults import Misread
from storage.records.invoice import Invoice, InvoiceKind, InvoiceState, Item, Tax
from tests.cogs.invoices.samples import NOW, TODAY, billing, client, invoice, money, payment

IBAN = "DE89370400440532013000"
RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"

FULL: dict[str, Any] = {
    "items": (
        Item(what="Bass guitar, *function* #1 $x$ @all", price=money(450, "EUR")),
        Item(what="Rehearsal", quantity=Decimal("2.5"), price=money("40.50", "EUR")),
    ),
    "tax": Tax(label="MwSt.", rate=Decimal(19), number="DE123456789"),
    "terms": "net 30",
    "deposit": money(100, "EUR"),
    "deposit_due": date(2026, 11, 30),
    "po": "PO-77",
    "worked_on": date(2026, 11, 28),
    "notes": "Thank you.\nSee you soon.",
}
OWNER: dict[str, Any] = {
    "name": "Bob Bass", "address": "12 Low Road\nLeeds", "country": "GB", "tax_number": "DE123456789",
    "account_name": "Bob Bass", "iban": IBAN, "bic": "COBADEFFXXX",
}  # fmt: skip


def sheet(made: Invoice, *, locale: str = "en-GB", owner: dict[str, Any] | None = None, **rest: Any) -> Sheet:
    return Sheet(
        invoice=made, client=client(**rest), billing=billing(**(OWNER if owner is None else owner)), name="Bob",
        locale=locale,
    )  # fmt: skip


def opened(printed: Printed) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(printed.pdf)


def text_of(printed: Printed) -> str:
    document = opened(printed)
    pages = "\n".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(pages.replace("\u00a0", " ").replace("\u202f", " ").split())


def test_one_clean_page_says_everything_and_runs_nothing() -> None:
    printed = paper.invoice_pdf(sheet(invoice(currency="EUR", **FULL)), NOW)
    said = text_of(printed)
    for part in (
        "Bob Bass 12 Low Road Leeds", "Invoice 2026-007", "Smith Ltd", "23 November 2026", "28 November 2026",
        "23 December 2026", "PO-77", "Bass guitar, *function* #1 $x$ @all", "€450.00", "2.5 €40.50 €101.25",
        "Subtotal €551.25", "MwSt. 19 % €104.74", "Total €655.99", "Deposit due 30 November 2026 €100.00",
        "Balance due 23 December 2026 €555.99", "DE89 3704 0044 0532 0130 00", "COBADEFFXXX", "Terms: net 30",
        "Thank you. See you soon.", "Tax number: DE123456789",
    ):  # fmt: skip
        assert part in said, (part, said)
    assert len(opened(printed)) == 1
    assert printed.whole


def test_the_page_is_drawn_with_ink_inside_its_margins_and_a_code() -> None:
    page = opened(paper.invoice_pdf(sheet(invoice(currency="EUR", **FULL)), NOW))[0]
    picture = page.render(scale=2).to_pil().convert("L")
    wide, high = picture.size
    dark = picture.point(lambda shade: 255 if shade < 128 else 0)
    box = dark.getbbox()
    assert box is not None
    margin = wide * 0.08
    assert box[0] > margin
    assert box[2] < wide - margin
    assert box[3] > high * 0.5
    code = dark.crop((int(wide * 0.72), int(high * 0.45), int(wide * 0.92), int(high * 0.6)))
    assert code.histogram()[255] > 5000  # the squares of the code are much blacker than text
    without = opened(paper.invoice_pdf(sheet(invoice(**{**FULL, **_in_pounds()})), NOW))[0]
    plain = without.render(scale=2).to_pil().convert("L").point(lambda shade: 255 if shade < 128 else 0)
    assert plain.crop((int(wide * 0.72), int(high * 0.45), int(wide * 0.92), int(high * 0.6))).histogram()[255] < 5000


def _in_pounds() -> dict[str, Any]:
    return {"currency": "GBP", "items": (Item(what="Bass", price=money(450)),), "deposit": None, "deposit_due": None}


@pytest.mark.parametrize(
    ("language", "locale", "words"),
    [
        ("de", "en-GB", ("Rechnung", "23. Dezember 2026", "450,00 €", "Gesamtbetrag 655,99 €")),
        ("fr", "en-GB", ("Facture", "23 décembre 2026", "450,00 €", "Total 655,99 €")),
        ("es", "en-GB", ("Factura", "23 de diciembre de 2026", "450,00 €", "Total 655,99 €")),
        (None, "en-US", ("Invoice", "December 23, 2026", "€450.00")),
        ("it", "de-AT", ("Rechnung", "23. Dezember 2026")),
    ],
)
def test_it_speaks_the_client_s_language_with_its_figures(language: str | None, locale: str, words: tuple[str]) -> None:
    said = text_of(paper.invoice_pdf(sheet(invoice(currency="EUR", **FULL), locale=locale, language=language), NOW))
    for word in words:
        assert word in said, (word, said)


@pytest.mark.parametrize(
    ("locale", "wide"), [("en-GB", 595), ("en-US", 612), ("fr-CA", 612), ("de", 595), ("es-MX", 612)]
)
def test_the_paper_is_the_locale_s(locale: str, wide: int) -> None:
    page = opened(paper.invoice_pdf(sheet(invoice(), locale=locale), NOW))[0]
    assert round(page.get_width()) == wide


NAMES = (
    "Zoë Łukasz Żółć Nguyễn", "Ђорђе Јовановић", "Ελένη", "მარიამ", "Աննա", "שלמה", "محمد", "अमिताभ", "অনিল", "தமிழ்",
    "తెలుగు", "สมชาย", "ລາວ", "ខ្មែរ", "မြန်မာ", "አበበ", "山田太郎", "김철수", "陳大文",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_script_that_names_use_has_a_font(name: str) -> None:
    printed = paper.invoice_pdf(sheet(invoice(), name=name), NOW)
    assert printed.whole  # PDF/A refuses a letter without a glyph


def test_a_letter_without_a_font_is_told_and_the_paper_is_made() -> None:
    printed = paper.invoice_pdf(sheet(invoice(), name="ꆈꌠ"), NOW)  # Yi
    assert not printed.whole
    assert "2026-007" in text_of(printed)


@settings(max_examples=15, deadline=None)
@given(st.text(min_size=1, max_size=60), st.text(max_size=80))
def test_whatever_is_typed_is_printed_and_never_run(name: str, notes: str) -> None:
    printed = paper.invoice_pdf(sheet(invoice(notes=notes), name=name), NOW)
    assert "£220.00" in text_of(printed)


def test_a_credit_note_names_what_it_takes_back_and_asks_for_nothing() -> None:
    credit = invoice(kind=InvoiceKind.CREDIT, number="2026-008", credits_id=8)
    said = text_of(paper.invoice_pdf(replace(sheet(credit), credited=invoice()), NOW))
    assert "Credit note 2026-008" in said
    assert "Credits invoice 2026-007" in said
    assert "IBAN" not in said


def test_where_no_tax_is_charged_the_note_about_it_stands() -> None:
    said = text_of(paper.invoice_pdf(sheet(invoice(), owner={**OWNER, "tax_note": "Kein USt-Ausweis, § 19 UStG"}), NOW))
    assert "Kein USt-Ausweis, § 19 UStG" in said


# --- the code ---------------------------------------------------------------------------------------------------------


def test_a_code_is_made_for_euro_accounts_only() -> None:
    made = scanning.transfer_code("Bob", IBAN, None, money(5, "EUR"), "2026-001")
    assert made is not None
    assert made.startswith("<svg")
    assert scanning.transfer_code("Bob", IBAN, None, money(5), "2026-001") is None
    assert scanning.transfer_code("Bob", None, None, money(5, "EUR"), "2026-001") is None


def test_a_slip_in_an_iban_is_found() -> None:
    assert scanning.read_iban("de89 3704 0044 0532 0130 00") == IBAN
    for wrong in ("DE89370400440532013001", "DE89", "hello"):
        with pytest.raises(Misread):
            scanning.read_iban(wrong)


# --- e-invoice --------------------------------------------------------------------------------------------------------


def xml_of(made: Invoice, **rest: Any) -> ET.Element:
    printed = paper.invoice_pdf(sheet(made, country="DE", **rest), NOW, e_invoice=True)
    document = opened(printed)
    assert [document.get_attachment(n).get_name() for n in range(document.count_attachments())] == ["factur-x.xml"]
    assert b"<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>" in printed.pdf
    assert "2026-007" in text_of(printed)
    return ET.fromstring(bytes(document.get_attachment(0).get_data()))


def test_the_e_invoice_inside_says_the_same_as_the_page() -> None:
    made = invoice(currency="EUR", **FULL)
    root = xml_of(made)

    def one(tag: str) -> str:
        return next(root.iter(f"{RAM}{tag}")).text or ""

    assert one("GrandTotalAmount") == "655.99" == str(made.total.amount)
    assert one("TaxTotalAmount") == "104.74"
    assert one("DuePayableAmount") == "655.99"
    assert one("IBANID") == IBAN
    assert [e.text for e in root.iter(f"{RAM}CategoryCode")] == ["S", "S", "S"]
    lines = [Decimal(e.text or "") for e in root.iter(f"{RAM}LineTotalAmount")]
    assert sum(lines[:-1]) == lines[-1] == made.net.amount


def test_without_tax_it_says_why() -> None:
    assert {e.text for e in xml_of(invoice(currency="EUR")).iter(f"{RAM}CategoryCode")} == {"E"}


def test_an_e_invoice_that_would_not_be_whole_says_what_is_missing() -> None:
    for rest, owner, missing in (
        ({}, OWNER, "the country of Smith Ltd"),
        ({"country": "DE"}, {**OWNER, "country": None}, "your country"),
    ):
        with pytest.raises(facturx.Incomplete, match=missing):
            paper.invoice_pdf(sheet(invoice(), owner=owner, **rest), NOW, e_invoice=True)
    taxed = invoice(tax=Tax(label="VAT", rate=Decimal(20)))
    with pytest.raises(facturx.Incomplete, match="tax number"):
        paper.invoice_pdf(sheet(taxed, owner={**OWNER, "tax_number": None}, country="DE"), NOW, e_invoice=True)


def test_only_papers_with_metadata_can_be_declared() -> None:
    with pytest.raises(ValueError, match="metadata"):
        facturx.declared(b"%PDF-1.7\n%%EOF")


# --- statement --------------------------------------------------------------------------------------------------------


def test_a_statement_ends_in_what_is_owed() -> None:
    made = [
        invoice(id=9), invoice(id=10, number="2026-008", amount=100),
        invoice(id=11, number="2026-009", amount=50, state=InvoiceState.VOID),
        invoice(id=12, number="2026-010", amount=50, kind=InvoiceKind.CREDIT, credits_id=11),
        invoice(id=13, number="2026-011", amount=30, state=InvoiceState.DRAFT),
        invoice(id=14, number="2026-012", amount=40, state=InvoiceState.WRITTEN_OFF),
    ]  # fmt: skip
    rows = sums.account(made, [payment(20, TODAY)], "GBP")
    assert rows[-1].balance == money(300)
    assert sum(row.change.minor for row in rows) == 30000
    ages = sums.ageing(made, TODAY)[0]
    said = text_of(paper.statement_pdf(sheet(made[0]), rows, ages.buckets, TODAY, NOW))
    for part in (
        "Statement GBP",
        "Invoice 2026-007",
        "Payment 2026-007",
        "-£20.00",
        "Credit note 2026-010",
        "Amount due £300.00",
    ):
        assert part in said, (part, said)
    assert "2026-011" not in said


def test_real_clocks_show_parts_of_a_second() -> None:
    assert len(opened(paper.invoice_pdf(sheet(invoice()), NOW.replace(microsecond=219_000)))) == 1
