"""What is asked for when invoices are made, paid and chased, the sets that are tapped, and how one line is read."""

from __future__ import annotations

import re
from enum import StrEnum

from cogs.kit.amounts import IN_LINE
from cogs.kit.ask import Ask
from storage.records.invoice import Standing


class Shown(StrEnum):
    """What a list of invoices is narrowed to."""

    DRAFT = "draft"
    SENT = "sent"
    DUE = "due"
    OVERDUE = "overdue"
    PART_PAID = "part-paid"
    PAID = "paid"
    DISPUTED = "disputed"
    WRITTEN_OFF = "written off"
    VOID = "void"

    @property
    def standing(self) -> Standing | None:
        """The standing it stands for; None for "due", which is several."""
        return None if self is Shown.DUE else Standing(self.value)


class Part(StrEnum):
    """What can be changed about an invoice."""

    DUE = "due"
    AMOUNT = "amount"
    ITEMS = "items"
    CLIENT = "client"
    DEPOSIT = "deposit"
    DEPOSIT_DUE = "deposit_due"
    TAX = "tax"
    PO = "po"
    NOTES = "notes"
    DATE = "date"

    @property
    def label(self) -> str:
        """As it is tapped."""
        return {
            "due": "Due date", "amount": "Amount", "items": "Items", "client": "Client", "deposit": "Deposit",
            "deposit_due": "Deposit due", "tax": "Tax", "po": "PO", "notes": "Notes", "date": "Invoice date",
        }[self]  # fmt: skip


#: What stays changeable once a client has the paper; the rest would make two papers with one number.
AFTERWARDS = frozenset({Part.DUE, Part.DEPOSIT_DUE, Part.PO, Part.NOTES})

PART_ALSO = {"terms": "due", "sum": "amount", "item": "items", "vat": "tax", "note": "notes", "reference": "po"}


class Paper(StrEnum):
    """Which PDF."""

    PLAIN = "plain"
    E_INVOICE = "e-invoice"

    @property
    def label(self) -> str:
        """As it is tapped."""
        return "Plain PDF" if self is Paper.PLAIN else "With e-invoice (Factur-X, ZUGFeRD)"


class Format(StrEnum):
    """Which file."""

    CSV = "csv"
    JSON = "json"
    PDF = "pdf"


class ToneAsked(StrEnum):
    """Which message: the one that fits by now, or one by name."""

    NEXT = "next"
    FRIENDLY = "friendly"
    FIRM = "firm"
    FINAL = "final"


class Language(StrEnum):
    """The languages that messages are written in."""

    EN = "en"
    DE = "de"
    ES = "es"
    FR = "fr"

    @property
    def label(self) -> str:
        """As it is tapped."""
        return {"en": "English", "de": "Deutsch", "es": "Español", "fr": "Français"}[self]


LANGUAGE_ALSO = {
    "english": "en", "german": "de", "deutsch": "de", "spanish": "es", "español": "es", "french": "fr",
    "français": "fr",
}  # fmt: skip

# --- one line: `/invoice Smith 450 due 30d`, `/paid I9 200` -----------------------------------------------------------

_END = r"(?=$|[,;\n\x00]|\s+(?:deposit|po|tax|vat|for|notes?)\b)"
_DUE = re.compile(
    rf"(?<!\w)(?:due\s+(?P<due>.+?)|(?P<net>net\s*\d{{1,3}}(?:\s*d(?:ays)?)?(?:\s+eom)?)){_END}", re.IGNORECASE
)
_DEPOSIT = re.compile(rf"(?<!\w)deposit\s+(?P<sum>{IN_LINE.pattern}|\d[\d.,]*)", re.IGNORECASE)
_TAX = re.compile(
    r"(?<!\w)(?:(?:\+\s*)?(?:tax|vat|mwst\.?|tva|iva)\s*\d{1,2}(?:[.,]\d+)?\s*%?|(?:no|without) (?:tax|vat))(?!\w)",
    re.IGNORECASE,
)
#: A sign in front belongs to it: "-5" is asked about, not taken for five.
_BARE = re.compile(r"(?<![\w.,£€$#\-−])(?:(?<!\S)[-−])?\d(?:[\d.,]*\d)?k?(?![\w%])")
_SIGNED = re.compile(r"(?:[£€$¥]\s*[-−]\s*|(?<!\S)[-−][£€$¥])\d[\d.,]*")
_ITEMS = re.compile(r"(?<![\w.,£€$])\d{1,4}\s*[x×]\s+[^,;@\n\x00]+@\s*[^\s,;]+(?:\s*;\s*[^;\n\x00]+)*", re.IGNORECASE)
_HOW = re.compile(
    r"(?<!\w)(?:(?:by|via|per)\s+(?P<by>[^,;\x00]+)|(?P<word>(?:bank transfer|bank|bacs|transfer|cash|card|cheque|"
    r"check|paypal|wise|revolut|venmo|zelle|sepa|stripe|e-?mail|post))(?!\w))",
    re.IGNORECASE,
)
_NOT_A_SUM = re.compile(
    _HOW.pattern + r"|(?<!\w)(?:i\d+|on|the|it|all|in full|paid|today|yesterday|last|this|ago|days?|weeks?|"
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|"
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*)(?!\w)",
    re.IGNORECASE,
)


def find_due(text: str) -> tuple[int, int, str] | None:
    """Terms in a line: "due 30d", "net 30"."""
    match = _DUE.search(text)
    return None if match is None else (*match.span(), (match["due"] or match["net"]).strip())


def find_deposit(text: str) -> tuple[int, int, str] | None:
    """A deposit in a line: "deposit 50"."""
    match = _DEPOSIT.search(text)
    return None if match is None else (*match.span(), match["sum"])


def find_tax(text: str) -> tuple[int, int, str] | None:
    """A tax line in a line: "vat 20", "no tax"."""
    match = _TAX.search(text)
    if match is None:
        return None
    said = match[0].lstrip("+ ").strip()
    return (*match.span(), "none" if said.casefold().startswith(("no ", "without ")) else said)


def find_items(text: str) -> tuple[int, int, str] | None:
    """Items in a line: "3 x Rehearsal @ 80; Session 250"."""
    match = _ITEMS.search(text)
    return None if match is None else (*match.span(), match[0].strip())


def find_amount(text: str) -> tuple[int, int, str] | None:
    """The sum in a line, with or without its currency; not one that belongs to something else."""
    masked = text
    for other in (_ITEMS, _DUE, _DEPOSIT, _TAX):
        masked = other.sub(lambda match: "\x00" * len(match[0]), masked)
    match = _SIGNED.search(masked) or IN_LINE.search(masked) or _BARE.search(masked)
    return None if match is None else (*match.span(), match[0])


def find_payment(text: str) -> tuple[int, int, str] | None:
    """The sum in `/paid I9 200` or `/paid 9 200`: not the id, not a day."""
    marked = _SIGNED.search(text) or IN_LINE.search(text)
    if marked is not None:
        return (*marked.span(), marked[0])
    bare = list(_BARE.finditer(text))
    if text.lstrip()[:1].isdigit():  # the id, without its letter
        bare = bare[1:]
    months = r"\s*(?:/|\.|:|-|st|nd|rd|th|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    bare = [one for one in bare if not re.match(months, text[one.end() :], re.IGNORECASE)]
    if bare:
        return (*bare[0].span(), bare[0][0])
    # Words that are neither the id nor a day nor a way of paying were meant as the sum: "two hundred" is asked about,
    # since taking it for nothing would note the whole as paid.
    masked = _NOT_A_SUM.sub(lambda match: "\x00" * len(match[0]), text)
    left = re.search(r"[^\W\d_](?:[^\x00]*[^\W_])?", masked)
    return None if left is None else (*left.span(), left[0])


def find_how(text: str) -> tuple[int, int, str] | None:
    """A way of paying or sending: "by bank transfer", "cash"."""
    match = _HOW.search(text)
    return None if match is None else (*match.span(), match["by"] or match["word"])


_CONTACT = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w])\+?\d[\d ()/-]{6,}\d(?!\w)")
_TERMS = re.compile(
    r"(?<!\w)(?:terms?\s*:?\s*)?((?:net\s*)?\d{1,3}\s*d(?:ays)?(?:\s+net)?|net\s*\d{1,3}(?:\s+eom)?|eom|"
    r"(?:due )?on receipt)(?!\w)",
    re.IGNORECASE,
)


def find_contact(text: str) -> tuple[int, int, str] | None:
    """An e-mail address or a telephone number in a line."""
    match = _CONTACT.search(text)
    return None if match is None else (*match.span(), match[0])


def find_terms(text: str) -> tuple[int, int, str] | None:
    """Terms of payment in a line: "net 30", "14 days", "EOM"."""
    match = _TERMS.search(text)
    return None if match is None else (*match.span(), match[1])


# --- questions --------------------------------------------------------------------------------------------------------

WHICH = Ask("Which invoice?", label="Invoice", example="I9", ref="I", suggest="suggest_invoices")
CLIENT = Ask("Who pays?", label="Client", example="Smith", suggest="suggest_clients", max_length=120)
GIG = Ask("For which gig?", label="Gig", example="G12", ref="G", suggest="suggest_gigs")
WHAT = Ask("What is it for?", label="What", example="Bass at the Smith wedding", max_length=200)
AMOUNT = Ask("How much?", label="Amount", example="450", find=find_amount, max_length=40)
CURRENCY = Ask("In which currency?", label="Currency", example="EUR", free=False, max_length=10)
DUE = Ask("When is it due?", label="Due", example="net 30, EOM, 2 weeks after the gig", find=find_due, max_length=60)
DEPOSIT = Ask("Is there a deposit?", label="Deposit", example="50", find=find_deposit, max_length=40)
DEPOSIT_DUE = Ask("When is the deposit due?", label="Deposit due", example="on receipt", free=False, max_length=60)
ITEMS = Ask(
    "Which items, one a line?",
    label="Items",
    example="2 x Rehearsal @ 80; Session 250",
    find=find_items,
    max_length=2000,
)
TAX = Ask("Which tax?", label="Tax", example="VAT 20%, or none", find=find_tax, max_length=40)
PO = Ask("What is their order number?", label="PO", example="PO-77", free=False, max_length=60)
NOTES = Ask("What shall stand under it?", label="Notes", example="Thank you for having us.", free=False, max_length=800)
DAY = Ask("On which day?", label="Date", example="yesterday")
HOW = Ask("How?", label="How", example="by e-mail, bank transfer", find=find_how, max_length=60)
PAID = Ask("How much arrived, if not all of it?", label="Amount", example="200", find=find_payment, max_length=40)
UNTIL = Ask("Until when?", label="Until", example="Friday", cues=("until", "till", "by"))
VALUE = Ask("What shall it be?", label="New value", example="net 30", max_length=2000)
