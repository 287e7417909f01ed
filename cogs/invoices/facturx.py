"""An invoice as Factur-X / ZUGFeRD: the XML a bookkeeping program reads, and the mark in the PDF that announces it.

The profile is EN 16931 (Factur-X 1.0.07 of 2024, Cross Industry Invoice D22B). The PDF comes from Typst as PDF/A-3
with the XML attached; what Typst cannot write is the Factur-X part of the document's metadata. It is added as an
incremental update, which leaves every byte before it as it was.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree as ET  # only ever writes here; nothing foreign is parsed

from storage.records.client import Billing, Client
from storage.records.invoice import Invoice, InvoiceKind
from storage.records.money import Money

_RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
_RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
_UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
_PROFILE = "urn:cen.eu:en16931:2017"

#: UNTDID 1001: commercial invoice, credit note.
_INVOICE, _CREDIT = "380", "381"
#: UNECE Recommendation 20: "one", for items that are only counted.
_ONE = "C62"


class Incomplete(ValueError):
    """Something an e-invoice must say is not known. The message names it, for the owner."""


def write(invoice: Invoice, client: Client, billing: Billing, name: str) -> str:
    """The XML. Raises Incomplete."""
    if not billing.country:
        raise Incomplete("your country")
    if not client.country:
        raise Incomplete(f"the country of {client.name}")
    number = billing.tax_number or (invoice.tax.number if invoice.tax is not None else None)
    if invoice.tax is not None and not number:
        raise Incomplete("your tax number")
    for prefix, namespace in (("rsm", _RSM), ("ram", _RAM), ("udt", _UDT)):
        ET.register_namespace(prefix, namespace)
    root = ET.Element(f"{{{_RSM}}}CrossIndustryInvoice")
    context = _under(root, "ExchangedDocumentContext", _RSM)
    _text(_under(context, "GuidelineSpecifiedDocumentContextParameter"), "ID", _PROFILE)
    document = _under(root, "ExchangedDocument", _RSM)
    _text(document, "ID", invoice.number)
    _text(document, "TypeCode", _CREDIT if invoice.kind is InvoiceKind.CREDIT else _INVOICE)
    _day(document, "IssueDateTime", invoice.issued_on)
    if invoice.notes:
        _text(_under(document, "IncludedNote"), "Content", invoice.notes)
    trade = _under(root, "SupplyChainTradeTransaction", _RSM)
    vat = _Vat(invoice, billing, number)
    for position, item in enumerate(invoice.items, 1):
        line = _under(trade, "IncludedSupplyChainTradeLineItem")
        _text(_under(line, "AssociatedDocumentLineDocument"), "LineID", str(position))
        _text(_under(line, "SpecifiedTradeProduct"), "Name", item.what)
        price = _under(_under(line, "SpecifiedLineTradeAgreement"), "NetPriceProductTradePrice")
        _text(price, "ChargeAmount", _amount(item.price))
        quantity = _text(_under(line, "SpecifiedLineTradeDelivery"), "BilledQuantity", f"{item.quantity:f}")
        quantity.set("unitCode", _ONE)
        settlement = _under(line, "SpecifiedLineTradeSettlement")
        vat.line(_under(settlement, "ApplicableTradeTax"))
        summed = _under(settlement, "SpecifiedTradeSettlementLineMonetarySummation")
        _text(summed, "LineTotalAmount", _amount(item.total))
    agreement = _under(trade, "ApplicableHeaderTradeAgreement")
    if invoice.po:
        _text(agreement, "BuyerReference", invoice.po)
    seller = _under(agreement, "SellerTradeParty")
    _party(seller, billing.name or name, billing.address, billing.country)
    if number and vat.category != "O":
        _tax_number(seller, number)
    buyer = _under(agreement, "BuyerTradeParty")
    _party(buyer, client.name, client.address, client.country)
    if client.tax_number and vat.category != "O":
        _tax_number(buyer, client.tax_number)
    if invoice.po:
        _text(_under(agreement, "BuyerOrderReferencedDocument"), "IssuerAssignedID", invoice.po)
    delivery = _under(trade, "ApplicableHeaderTradeDelivery")
    if invoice.worked_on is not None:
        _day(_under(delivery, "ActualDeliverySupplyChainEvent"), "OccurrenceDateTime", invoice.worked_on)
    _settlement(_under(trade, "ApplicableHeaderTradeSettlement"), invoice, billing, vat)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode")


class _Vat:
    """The one tax line of an invoice. UNTDID 5305: S standard rate, E exempt, O not subject to the tax."""

    def __init__(self, invoice: Invoice, billing: Billing, number: str | None) -> None:
        self.rate = invoice.tax.rate if invoice.tax is not None else Decimal(0)
        self.category = "S" if self.rate else "E" if number else "O"
        self._reason = billing.tax_note or ("Exempt from VAT" if self.category == "E" else "Not subject to VAT")

    def line(self, tax: ET.Element) -> None:
        _text(tax, "TypeCode", "VAT")
        _text(tax, "CategoryCode", self.category)
        if self.category != "O":
            _text(tax, "RateApplicablePercent", f"{self.rate:f}")

    def summed(self, tax: ET.Element, invoice: Invoice) -> None:
        _text(tax, "CalculatedAmount", _amount(invoice.tax_amount))
        _text(tax, "TypeCode", "VAT")
        if self.category != "S":
            _text(tax, "ExemptionReason", self._reason)
        _text(tax, "BasisAmount", _amount(invoice.net))
        _text(tax, "CategoryCode", self.category)
        if self.category != "O":
            _text(tax, "RateApplicablePercent", f"{self.rate:f}")


def _settlement(settlement: ET.Element, invoice: Invoice, billing: Billing, vat: _Vat) -> None:
    _text(settlement, "PaymentReference", invoice.number)
    _text(settlement, "InvoiceCurrencyCode", invoice.currency)
    if billing.iban:
        means = _under(settlement, "SpecifiedTradeSettlementPaymentMeans")
        _text(means, "TypeCode", "58")  # UNTDID 4461: SEPA credit transfer
        account = _under(means, "PayeePartyCreditorFinancialAccount")
        _text(account, "IBANID", billing.iban)
        if billing.account_name:
            _text(account, "AccountName", billing.account_name)
        if billing.bic:
            _text(_under(means, "PayeeSpecifiedCreditorFinancialInstitution"), "BICID", billing.bic)
    vat.summed(_under(settlement, "ApplicableTradeTax"), invoice)
    terms = _under(settlement, "SpecifiedTradePaymentTerms")
    if invoice.terms:
        _text(terms, "Description", invoice.terms)
    _day(terms, "DueDateDateTime", invoice.due_on)
    summed = _under(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation")
    _text(summed, "LineTotalAmount", _amount(invoice.net))
    _text(summed, "TaxBasisTotalAmount", _amount(invoice.net))
    tax = _text(summed, "TaxTotalAmount", _amount(invoice.tax_amount))
    tax.set("currencyID", invoice.currency)
    _text(summed, "GrandTotalAmount", _amount(invoice.total))
    if invoice.paid.minor:
        _text(summed, "TotalPrepaidAmount", _amount(invoice.paid))
    _text(summed, "DuePayableAmount", _amount(invoice.owed))


def _party(party: ET.Element, name: str, address: str | None, country: str) -> None:
    _text(party, "Name", name)
    lines = [one.strip() for one in re.split(r"[\n;]", address or "") if one.strip()]
    postal = _under(party, "PostalTradeAddress")
    for tag, one in zip(("LineOne", "LineTwo", "LineThree"), lines, strict=False):
        _text(postal, tag, one)
    _text(postal, "CountryID", country)


def _tax_number(party: ET.Element, number: str) -> None:
    """With its country's letters it is a VAT number, without them one of the tax office."""
    bare = re.sub(r"\s", "", number)
    scheme = "VA" if re.match(r"[A-Z]{2}", bare) else "FC"
    _text(_under(party, "SpecifiedTaxRegistration"), "ID", bare if scheme == "VA" else number).set("schemeID", scheme)


def _under(parent: ET.Element, tag: str, namespace: str = _RAM) -> ET.Element:
    return ET.SubElement(parent, f"{{{namespace}}}{tag}")


def _text(parent: ET.Element, tag: str, text: str) -> ET.Element:
    element = _under(parent, tag)
    # XML 1.0 knows no control characters but these three.
    element.text = "".join(c for c in text if c >= " " or c in "\t\n\r")
    return element


def _day(parent: ET.Element, tag: str, day: date) -> None:
    stamp = ET.SubElement(_under(parent, tag), f"{{{_UDT}}}DateTimeString")
    stamp.set("format", "102")  # UNTDID 2379: CCYYMMDD
    stamp.text = f"{day:%Y%m%d}"


def _amount(money: Money) -> str:
    return f"{money.amount:f}"


# --- the PDF's own word about it --------------------------------------------------------------------------------------

_METADATA = re.compile(rb"(\d+) 0 obj\n<</Length \d+/Type/Metadata/Subtype/XML>>\nstream\n(.*?)\nendstream", re.DOTALL)
_TRAILER = re.compile(rb"trailer\n<<(.*?)>>\nstartxref\n(\d+)\n%%EOF\s*$", re.DOTALL)

#: What the file says of itself, and the description of those words that PDF/A asks for (Factur-X 1.0.07, chapter 6.3).
_SAID = (
    '<rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#">'
    "<fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>"
    "<fx:Version>1.0</fx:Version><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel></rdf:Description>"
)
_PROPERTIES = {
    "DocumentFileName": "The name of the embedded XML document",
    "DocumentType": "The type of the hybrid document in capital letters",
    "Version": "The version of the standard applying to the embedded XML document",
    "ConformanceLevel": "The conformance level of the embedded XML document",
}
_SCHEMA = (
    '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>'
    "<pdfaSchema:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>fx</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    + "".join(
        '<rdf:li rdf:parseType="Resource"><pdfaProperty:category>external</pdfaProperty:category>'
        f"<pdfaProperty:description>{what}</pdfaProperty:description><pdfaProperty:name>{name}</pdfaProperty:name>"
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType></rdf:li>"
        for name, what in _PROPERTIES.items()
    )
    + "</rdf:Seq></pdfaSchema:property></rdf:li>"
)


def declared(pdf: bytes) -> bytes:
    """The PDF with the Factur-X words in its metadata. Raises ValueError for one that Typst did not write."""
    found, trailer = _METADATA.search(pdf), _TRAILER.search(pdf)
    bag, end = b"<pdfaExtension:schemas><rdf:Bag>", b"</rdf:RDF>"
    if found is None or trailer is None or bag not in found[2] or end not in found[2]:
        raise ValueError("no metadata to add to")
    said = found[2].replace(bag, bag + _SCHEMA.encode(), 1).replace(end, _SAID.encode() + end, 1)
    number, at = int(found[1]), len(pdf) + 1
    written = b"%d 0 obj\n<</Length %d/Type/Metadata/Subtype/XML>>\nstream\n%s\nendstream\nendobj\n" % (
        number, len(said), said,
    )  # fmt: skip
    table = b"xref\n%d 1\n%010d 00000 n\r\ntrailer\n<<%s/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        number, at, trailer[1], int(trailer[2]), at + len(written),
    )  # fmt: skip
    return pdf + b"\n" + written + table
