"""Money: whole minor units and an ISO 4217 currency. Never a float, never added across currencies."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction

# ISO 4217 list one (amendment 176 and later): the currencies whose minor unit is not a hundredth.
_EXPONENTS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(),
        0,
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}

#: Currencies that First Call reads and shows; ISO 4217 codes of the places where its communities are.
CURRENCIES = frozenset(
    "GBP EUR USD CAD AUD NZD CHF SEK NOK DKK ISK PLN CZK HUF RON BGN JPY KRW CNY HKD SGD INR ZAR BRL MXN ARS CLP COP "
    "ILS TRY AED SAR KWD BHD OMR JOD TND MAD EGP KES NGN GHS THB MYR IDR PHP VND TWD UAH RSD GEL AMD PEN UYU".split()
)

#: Largest amount taken from a person, in major units: beyond it the figure is a slip, not a fee.
LARGEST_MAJOR = 100_000_000


class MixedCurrency(ValueError):
    """Two amounts in different currencies were added or compared."""


def exponent(currency: str) -> int:
    """How many decimals the currency has: 2 for GBP, 0 for JPY, 3 for KWD (ISO 4217)."""
    return _EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount. `minor` counts pence, cents, yen; it may be negative (a credit)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if len(self.currency) != 3 or not self.currency.isascii() or not self.currency.isupper():
            raise ValueError(f"not an ISO 4217 code: {self.currency!r}")

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Money:
        """The amount in major units ("220", "40.50"), rounded half up to the currency's decimals.

        Raises ValueError for what is not a finite number.
        """
        try:
            number = Decimal(amount)
        except InvalidOperation as error:
            raise ValueError(f"not an amount: {amount!r}") from error
        if not number.is_finite():
            raise ValueError(f"not an amount: {amount!r}")
        scaled = number.scaleb(exponent(currency)).to_integral_value(rounding=ROUND_HALF_UP)
        return cls(int(scaled), currency)

    @property
    def amount(self) -> Decimal:
        """The same amount in major units, with the currency's decimals: 220.00."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other).minor

    def times(self, factor: int | Decimal | Fraction) -> Money:
        """The amount times an exact factor, rounded half up (away from zero) once, to the minor unit."""
        exact = Fraction(self.minor) * Fraction(factor)
        whole, rest = divmod(abs(exact), 1)
        rounded = int(whole) + (1 if rest >= Fraction(1, 2) else 0)
        return Money(rounded if exact >= 0 else -rounded, self.currency)

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise MixedCurrency(f"{self.currency} and {other.currency}")
        return other
