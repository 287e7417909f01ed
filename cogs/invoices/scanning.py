"""The code a bank's app scans to fill in a transfer in euros, where the account allows it.

European Payments Council, Quick Response Code: Guidelines to enable data capture for the initiation of a SEPA credit
transfer, EPC069-12 v3.1: name 70 characters, amount 0.01 to 999 999 999.99 euros, text 140 characters.
"""

from __future__ import annotations

import io
import re

from cogs.kit.faults import Misread
from storage.records.money import Money

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_LARGEST = 99_999_999_999


def read_iban(text: str) -> str:
    """An IBAN without blanks, its check digits right (ISO 13616, modulo 97). Raises Misread."""
    iban = re.sub(r"[\s.-]", "", text).upper()
    if not _IBAN.fullmatch(iban):
        raise Misread(f"“{text[:40]}” is no IBAN.", example="DE89 3704 0044 0532 0130 00", field="iban")
    moved = "".join(str(int(c, 36)) for c in iban[4:] + iban[:4])
    if int(moved) % 97 != 1:
        raise Misread(f"The check digits of “{text[:40]}” are wrong: a slip in the number?", field="iban")
    return iban


def read_bic(text: str) -> str:
    """A BIC of 8 or 11 characters. Raises Misread."""
    bic = re.sub(r"\s", "", text).upper()
    if not _BIC.fullmatch(bic):
        raise Misread(f"“{text[:20]}” is no BIC.", example="COBADEFFXXX", field="bic")
    return bic


def grouped(iban: str) -> str:
    """An IBAN as people read it, in fours."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def transfer_code(name: str, iban: str | None, bic: str | None, amount: Money, text: str) -> str | None:
    """The code as SVG; None where there is none: another currency, no IBAN, or a sum beyond what it can carry."""
    if iban is None or amount.currency != "EUR" or not 1 <= amount.minor <= _LARGEST:
        return None
    from segno import helpers  # 20 ms, and only needed for papers in euros

    code = helpers.make_epc_qr(
        name=name[:70], iban=iban, bic=bic, amount=amount.amount, text=text[:140], encoding="utf-8"
    )
    written = io.BytesIO()
    code.save(written, kind="svg", border=1, xmldecl=False)
    return written.getvalue().decode()
