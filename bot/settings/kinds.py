"""The kinds of value a setting can have: text from the environment or a TOML value in, a typed value out.

Every kind says in `expected` what it takes, so that a refusal can be answered without reading the source.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.settings.secret import Secret
from storage.records.money import CURRENCIES

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class Unreadable(Exception):
    """A value is not of its kind. `expected` completes the sentence "expected …"; `hint` may name a near miss."""

    def __init__(self, expected: str, hint: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.hint = hint


class Kind(Generic[T]):
    """One kind of value. Text is stripped before it comes here; only `OrNone` ever sees an empty one."""

    expected: str

    def of_text(self, text: str) -> T:
        """The value written as text. Raises Unreadable."""
        raise NotImplementedError

    def of_toml(self, raw: object) -> T:
        """The value as TOML has it: strings unless the kind has a type of its own there. Raises Unreadable."""
        if isinstance(raw, str) and raw.strip():
            return self.of_text(raw.strip())
        raise Unreadable(self.expected)


class OrNone(Kind[T | None]):
    """Another kind, or nothing, written as an empty string."""

    def __init__(self, kind: Kind[T]) -> None:
        self.kind = kind
        self.expected = f"{kind.expected}, or nothing"

    def of_text(self, text: str) -> T | None:
        """None for empty text."""
        return self.kind.of_text(text) if text else None

    def of_toml(self, raw: object) -> T | None:
        """None for an empty string."""
        return None if isinstance(raw, str) and not raw.strip() else self.kind.of_toml(raw)


class Text(Kind[str]):
    """Any text that `check` accepts: a compiled pattern that must match it whole."""

    def __init__(self, expected: str, pattern: str) -> None:
        self.expected = expected
        self._pattern = re.compile(pattern, re.ASCII)

    def of_text(self, text: str) -> str:
        """The text unchanged."""
        if not self._pattern.fullmatch(text):
            raise Unreadable(self.expected)
        return text


class Hidden(Kind[Secret]):
    """A secret whose plain text is of another kind."""

    def __init__(self, kind: Kind[str]) -> None:
        self.kind = kind
        self.expected = kind.expected

    def of_text(self, text: str) -> Secret:
        """The text, wrapped."""
        return Secret(self.kind.of_text(text))


class Whole(Kind[int]):
    """A whole number from `low` to `high`, both included."""

    def __init__(self, low: int, high: int, *, what: str = "a whole number") -> None:
        self._low, self._high = low, high
        self.expected = f"{what} from {low} to {high}"

    def of_text(self, text: str) -> int:
        """Decimal digits only."""
        if not re.fullmatch(r"-?[0-9]{1,19}", text):
            raise Unreadable(self.expected)
        return self._within(int(text))

    def of_toml(self, raw: object) -> int:
        """A TOML integer; text is refused, so that a slip in the file is seen."""
        if not isinstance(raw, int) or isinstance(raw, bool):
            raise Unreadable(self.expected)
        return self._within(raw)

    def _within(self, number: int) -> int:
        if not self._low <= number <= self._high:
            raise Unreadable(self.expected)
        return number


class Seconds(Kind[float]):
    """A length of time in seconds, fractions allowed."""

    def __init__(self, low: float, high: float) -> None:
        self._low, self._high = low, high
        self.expected = f"a number of seconds from {low:g} to {high:g}"

    def of_text(self, text: str) -> float:
        """Digits, with a decimal point if need be."""
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", text):
            raise Unreadable(self.expected)
        return self._within(float(text))

    def of_toml(self, raw: object) -> float:
        """A TOML integer or float."""
        if not isinstance(raw, int | float) or isinstance(raw, bool):
            raise Unreadable(self.expected)
        return self._within(raw)

    def _within(self, number: float) -> float:
        # Written so that nan fails too; compared before conversion, because a huge integer has no float.
        if not self._low <= number <= self._high:
            raise Unreadable(self.expected)
        return float(number)


class Choice(Kind[E]):
    """One of a closed set of words, case-blind."""

    def __init__(self, members: type[E]) -> None:
        self._members = {member.value: member for member in members}
        self.expected = f"one of {', '.join(self._members)}"

    def of_text(self, text: str) -> E:
        """The member whose value is written."""
        try:
            return self._members[text.lower()]
        except KeyError:
            near = difflib.get_close_matches(text.lower(), self._members, n=1)
            raise Unreadable(self.expected, near[0] if near else "") from None


class DigitsId(Kind[int]):
    """A platform's id: digits, as text or as a number."""

    expected = "an id, digits only (Discord shows Copy ID once Settings, Advanced, Developer Mode is on)"

    def of_text(self, text: str) -> int:
        """The digits as a number."""
        if not re.fullmatch(r"[0-9]{1,20}", text) or int(text) >= 2**64:
            raise Unreadable(self.expected)
        return int(text)

    def of_toml(self, raw: object) -> int:
        """A TOML string or integer."""
        if isinstance(raw, int) and not isinstance(raw, bool) and 0 < raw < 2**64:
            return self.of_text(str(raw))
        return super().of_toml(raw)


class Automatic(Kind[int | None]):
    """A whole number, or "automatic" (None)."""

    def __init__(self, number: Whole) -> None:
        self._number = number
        self.expected = f'{number.expected}, or "automatic"'

    def of_text(self, text: str) -> int | None:
        """None for "automatic" and for nothing."""
        return None if text.lower() in ("", "automatic") else self._number.of_text(text)

    def of_toml(self, raw: object) -> int | None:
        """A TOML integer, or one of the words."""
        if isinstance(raw, str) and raw.strip().lower() in ("", "automatic"):
            return None
        return self._number.of_toml(raw)


class ShardIds(Kind[tuple[int, ...] | None]):
    """Which shards this process carries: "0-3", "0,2,5", a list of numbers, or "automatic" (None: all of them)."""

    expected = 'shard numbers such as "0-3" or "0,2,5", or "automatic"'
    #: Discord hands out one shard for about a thousand servers; more than this is a slip of the finger.
    MOST = 16384

    def of_text(self, text: str) -> tuple[int, ...] | None:
        """Sorted, each number once."""
        if text.lower() in ("", "automatic"):
            return None
        numbers: set[int] = set()
        for part in text.split(","):
            found = re.fullmatch(r"\s*([0-9]{1,5})\s*(?:-\s*([0-9]{1,5})\s*)?", part)
            if not found:
                raise Unreadable(self.expected)
            first, last = int(found[1]), int(found[2] or found[1])
            if not first <= last < self.MOST:
                raise Unreadable(self.expected)
            numbers.update(range(first, last + 1))
        return tuple(sorted(numbers))

    def of_toml(self, raw: object) -> tuple[int, ...] | None:
        """A TOML string, integer, or array of integers."""
        if isinstance(raw, str):
            return self.of_text(raw.strip())
        numbers = raw if isinstance(raw, list) else [raw]
        whole = [n for n in numbers if isinstance(n, int) and not isinstance(n, bool) and 0 <= n < self.MOST]
        if not whole or len(whole) != len(numbers):
            raise Unreadable(self.expected)
        return tuple(sorted(set(whole)))


class Folder(Kind[Path]):
    """A folder, which need not exist yet. `~` is the home folder; relative paths start where the program does."""

    expected = "a path of a folder"

    def of_text(self, text: str) -> Path:
        """The path, with `~` filled in."""
        if not text.isprintable():
            raise Unreadable(self.expected)
        try:
            return Path(text).expanduser()
        except RuntimeError:
            raise Unreadable(f"{self.expected}; there is no home folder for ~ here") from None


class DatabaseAddress(Kind[str]):
    """An address of a SQLite file or a PostgreSQL database. `{data_dir}` in it is filled in later."""

    expected = "sqlite:///path/of/file.db or postgresql://user@host/database, without a driver"

    def of_text(self, text: str) -> str:
        """The address; Heroku's postgres:// is spelled out."""
        if text.startswith("postgres://"):
            text = "postgresql" + text.removeprefix("postgres")
        parts = split_address(text, self.expected)
        if parts.scheme == "sqlite" and (text == "sqlite://" or text.startswith("sqlite:///")) and text.isprintable():
            return text
        if parts.scheme == "postgresql" and text.startswith("postgresql://") and len(text) > len("postgresql://"):
            return text
        raise Unreadable(self.expected)


class Address(Kind[str]):
    """An address on the web with one of two schemes, with TLS and without; a slash at its end is dropped.

    private: without TLS only a loopback address is taken, because a bot token travels with every request.
    """

    def __init__(self, with_tls: str, without: str, *, private: bool) -> None:
        self._schemes = (with_tls, without)
        self._private = private
        self.expected = f"an address starting with {with_tls}://" + (
            f" ({without}:// only for this machine itself, such as {without}://127.0.0.1:8081)"
            if private
            else f" or {without}://"
        )

    def of_text(self, text: str) -> str:
        """The address without a slash at its end."""
        parts = split_address(text, self.expected)
        if parts.scheme not in self._schemes or not parts.hostname or parts.query or parts.fragment or "@" in text:
            raise Unreadable(self.expected)
        if self._private and parts.scheme == self._schemes[1] and not is_loopback(parts.hostname):
            raise Unreadable(self.expected)
        return text.rstrip("/")


@dataclass(frozen=True, slots=True)
class Listen:
    """Where the web server listens. port 0: any free one, for tests."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class ListenAddress(Kind[Listen]):
    """host:port, an IPv6 host in brackets."""

    expected = "host:port, such as 127.0.0.1:8080 or [::1]:8080"

    def of_text(self, text: str) -> Listen:
        """Both parts are required."""
        found = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9_.-]+)):([0-9]{1,5})", text)
        if not found or int(found[3]) > 65535:
            raise Unreadable(self.expected)
        return Listen(found[1] or found[2], int(found[3]))


class ZoneName(Kind[str]):
    """An IANA time zone that this machine or the tzdata package knows."""

    expected = "an IANA time zone, such as Europe/London"

    def of_text(self, text: str) -> str:
        """The name unchanged."""
        try:
            ZoneInfo(text)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            near = difflib.get_close_matches(text, available_timezones(), n=1)
            raise Unreadable(self.expected, near[0] if near else "") from None
        return text


class CurrencyCode(Kind[str]):
    """A currency First Call reads and shows, as an ISO 4217 code."""

    expected = "an ISO 4217 currency, such as GBP, EUR or USD"

    def of_text(self, text: str) -> str:
        """The code in capitals."""
        if text.upper() not in CURRENCIES:
            raise Unreadable(self.expected)
        return text.upper()


class LocaleTag(Kind[str]):
    """A language and a country, as in en-GB, that Babel has names, numbers and dates for."""

    expected = "a language and country, such as en-GB, en-US or de-DE"
    _PATTERN = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?")

    def of_text(self, text: str) -> str:
        """The tag with its usual capitals and hyphens."""
        found = self._PATTERN.fullmatch(text)
        if not found:
            raise Unreadable(self.expected)
        language, script, country = found[1].lower(), found[2], found[3]
        parts = [language, script.title() if script else None, country.upper() if country else None]
        tag = "-".join(part for part in parts if part)
        if tag == "en-GB":  # the default; asking Babel would cost every start some 30 ms
            return tag
        from babel import Locale, UnknownLocaleError

        try:
            Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            raise Unreadable(self.expected) from None
        return tag


def split_address(text: str, expected: str) -> SplitResult:
    """The parts of an address, its port checked. Raises Unreadable for spaces, control characters and bad ports."""
    if not text.isprintable() or " " in text:
        raise Unreadable(expected)
    try:
        parts = urlsplit(text)
        _ = parts.port, parts.hostname
    except ValueError:
        raise Unreadable(expected) from None
    return parts


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine itself, by its name or by its number."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
