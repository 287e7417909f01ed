"""Every setting, declared once: section, default, kind, what it is for.

A key is a dataclass field made with `key`. Keys without a value in any source take the field's default, so
`Settings()` is exactly what an empty configuration gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

from bot.settings import kinds
from bot.settings.secret import Secret
from storage.records.people import Words

T = TypeVar("T")


class LogLevel(StrEnum):
    """From which weight up a line is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """How a log line is written: for eyes, or one JSON object a line for collectors."""

    TEXT = "text"
    JSON = "json"


class TelegramMode(StrEnum):
    """How updates arrive: asked for, or pushed to an address that Telegram can reach."""

    POLLING = "polling"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What is known about a setting besides its value.

    name: "<section>.<key>". default: as the field has it. meaning: what it does, with its unit.
    unlocks, obtain: only where leaving it out switches something off: what it switches on, and how to come by a value.
    alias: an environment name that hosts set by custom; weakest of all sources.
    """

    name: str
    kind: kinds.Kind[Any]
    default: object
    meaning: str
    example: str
    unlocks: str = ""
    obtain: str = ""
    alias: str = ""

    @property
    def variable(self) -> str:
        """The environment variable that overrides it."""
        section, _, key = self.name.partition(".")
        return f"FIRSTCALL_{section}__{key}".upper()

    @property
    def optional(self) -> bool:
        """Whether nothing at all is a value of it."""
        return isinstance(self.kind, kinds.OrNone | kinds.Automatic | kinds.ShardIds)

    @property
    def secret(self) -> bool:
        """Whether its value must not be shown, and may come from a file named by `<variable>_FILE`."""
        inner = self.kind.kind if isinstance(self.kind, kinds.OrNone) else self.kind
        return isinstance(inner, kinds.Hidden)


def key(
    kind: kinds.Kind[T],
    default: T,
    meaning: str,
    *,
    example: str,
    unlocks: str = "",
    obtain: str = "",
    alias: str = "",
) -> T:
    """A dataclass field that is a setting. Typed as its value, as `dataclasses.field` is."""
    about = {
        "kind": kind,
        "default": default,
        "meaning": meaning,
        "example": example,
        "unlocks": unlocks,
        "obtain": obtain,
        "alias": alias,
    }
    made: T = field(default=default, metadata=about)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """Where First Call keeps things, and what it writes about itself."""

    data_dir: Path = key(
        kinds.Folder(),
        Path("data"),
        "folder of the SQLite file, backups and uploads",
        example="/var/lib/firstcall",
        alias="DATA_DIR",
    )
    log_level: LogLevel = key(
        kinds.Choice(LogLevel),
        LogLevel.INFO,
        "from which weight up lines are logged: debug, info, warning, error",
        example="info",
        alias="LOG_LEVEL",
    )
    log_format: LogFormat = key(
        kinds.Choice(LogFormat),
        LogFormat.TEXT,
        "text for eyes, or json: one object a line",
        example="json",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """Which database. `url` may still hold `{data_dir}` and may carry a password: use `Settings.database_url`."""

    url: Secret = key(
        kinds.Hidden(kinds.DatabaseAddress()),
        Secret("sqlite:///{data_dir}/firstcall.db"),
        "SQLite file, or a PostgreSQL database for more than one process",
        example="postgresql://firstcall@localhost/firstcall",
        alias="DATABASE_URL",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Discord:
    """The Discord surface. Off without a token."""

    token: Secret | None = key(
        kinds.OrNone(kinds.Hidden(kinds.Text("a bot token, without spaces and without the word Bot", r"[!-~]{5,200}"))),
        None,
        "the bot's token; none: Discord is off",
        example="(Developer Portal, your application, Bot, Reset Token)",
        unlocks="First Call in Discord servers and direct messages",
        obtain="discord.com/developers/applications: New Application, then Bot, Reset Token; then `firstcall invite`",
        alias="DISCORD_TOKEN",
    )
    application_id: int | None = key(
        kinds.OrNone(kinds.DigitsId()),
        None,
        "the application's id, for `firstcall invite`; none: read from the token",
        example="123456789012345678",
    )
    api_base_url: str = key(
        kinds.Address("https", "http", private=True),
        "https://discord.com/api/v10",
        "where Discord's API is; another one for tests and proxies",
        example="https://discord.com/api/v10",
    )
    gateway_url: str | None = key(
        kinds.OrNone(kinds.Address("wss", "ws", private=True)),
        None,
        "the gateway's address; none: asked of the API before connecting",
        example="wss://gateway.discord.gg",
    )
    shards: int | None = key(
        kinds.Automatic(kinds.Whole(1, kinds.ShardIds.MOST)),
        None,
        "into how many shards all processes together divide the servers; automatic: as Discord advises",
        example="8",
    )
    shard_ids: tuple[int, ...] | None = key(
        kinds.ShardIds(),
        None,
        "which of the shards this process carries; automatic: all",
        example="0-3",
    )
    dev_guild: int | None = key(
        kinds.OrNone(kinds.DigitsId()),
        None,
        "id of a server that gets command changes at once, while developing",
        example="123456789012345678",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Telegram:
    """The Telegram surface. Off without a token."""

    token: Secret | None = key(
        kinds.OrNone(kinds.Hidden(kinds.Text("a bot token: digits, a colon, letters", r"[0-9]+:[A-Za-z0-9_-]{3,200}"))),
        None,
        "the bot's token; none: Telegram is off",
        example="(in Telegram: @BotFather, /newbot)",
        unlocks="First Call in Telegram groups and private chats",
        obtain="in Telegram, write /newbot to @BotFather and copy the token; then `firstcall invite`",
        alias="TELEGRAM_TOKEN",
    )
    api_base_url: str = key(
        kinds.Address("https", "http", private=True),
        "https://api.telegram.org/bot",
        "where the Bot API is, up to the token; another one for tests or a Bot API server of your own",
        example="https://api.telegram.org/bot",
    )
    file_base_url: str = key(
        kinds.Address("https", "http", private=True),
        "https://api.telegram.org/file/bot",
        "where files are fetched, up to the token",
        example="https://api.telegram.org/file/bot",
    )
    mode: TelegramMode = key(
        kinds.Choice(TelegramMode),
        TelegramMode.POLLING,
        "polling needs no public address; webhook lets several processes share the updates",
        example="polling",
    )
    webhook_url: str | None = key(
        kinds.OrNone(kinds.Address("https", "http", private=True)),
        None,
        "public address that Telegram pushes updates to, passed on to web.listen",
        example="https://bot.example.org/telegram/updates",
    )
    webhook_secret: Secret | None = key(
        kinds.OrNone(kinds.Hidden(kinds.Text("1 to 256 of A-Z a-z 0-9 _ -", r"[A-Za-z0-9_-]{1,256}"))),
        None,
        "word that every pushed update must carry; make one up",
        example="(any 32 letters and digits)",
        unlocks="telegram.mode = webhook",
        obtain="make one up, for instance with: openssl rand -hex 24",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """The small web server: health, metrics, calendar feeds, Telegram's webhook."""

    listen: kinds.Listen | None = key(
        kinds.OrNone(kinds.ListenAddress()),
        kinds.Listen("127.0.0.1", 8080),
        "host and port of health, metrics, calendars and the webhook; empty: off",
        example="127.0.0.1:8080",
    )
    public_url: str | None = key(
        kinds.OrNone(kinds.Address("https", "http", private=False)),
        None,
        "address at which people reach the web server",
        example="https://bot.example.org",
        unlocks="calendar links that a phone can subscribe to",
        obtain="a domain name and a proxy with TLS in front of web.listen",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """How reminders and deadlines are fetched for delivery."""

    poll_seconds: float = key(
        kinds.Seconds(0.05, 30),
        5.0,
        "seconds between looks for what other processes made due; 30 at most, so that a suspended machine notices",
        example="5",
    )
    batch: int = key(
        kinds.Whole(1, 10_000),
        200,
        "messages claimed at most in one go",
        example="200",
    )
    lease_seconds: int = key(
        kinds.Whole(20, 3600, what="a whole number of seconds"),
        60,
        "seconds after which what a dead process had claimed is due again",
        example="60",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much at once is too much, for each process; a third of a minute's worth may come in a burst."""

    per_person: int = key(
        kinds.Whole(0, 100_000),
        90,
        "requests a minute from one person, before they are asked to wait; 0: any number",
        example="90",
    )
    per_chat: int = key(
        kinds.Whole(0, 1_000_000),
        600,
        "requests a minute in one channel or group, before people there are asked to wait; 0: any number",
        example="600",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """For communities and people who have set none of their own."""

    zone: str = key(kinds.ZoneName(), "UTC", "IANA time zone", example="Europe/London")
    currency: str = key(kinds.CurrencyCode(), "GBP", "ISO 4217 code", example="EUR")
    locale: str = key(kinds.LocaleTag(), "en-GB", "language and country of numbers and dates", example="de-DE")
    words: Words = key(
        kinds.Choice(Words),
        Words.UK,
        "trade words shown: uk (dep, fixer) or us (sub, contractor)",
        example="us",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings. `origins` says which keys were given, and where: "config.toml", or the variable's name."""

    app: App = App()
    database: Database = Database()
    discord: Discord = Discord()
    telegram: Telegram = Telegram()
    web: Web = Web()
    courier: Courier = Courier()
    limits: Limits = Limits()
    defaults: Defaults = Defaults()
    origins: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def database_url(self) -> Secret:
        """The database's address with `{data_dir}` filled in."""
        return self.database_at(self.database.url)

    def database_at(self, address: Secret) -> Secret:
        """Another database's address, read from a command line, with `{data_dir}` filled in."""
        return Secret(address.reveal().replace("{data_dir}", self.app.data_dir.as_posix()))

    @property
    def has_platform(self) -> bool:
        """Whether a platform has a token; without one the program is the local console."""
        return self.discord.token is not None or self.telegram.token is not None

    def value(self, name: str) -> object:
        """The value of the key called "<section>.<key>"."""
        section, _, key_name = name.partition(".")
        return getattr(getattr(self, section), key_name)

    def secrets(self) -> tuple[str, ...]:
        """Every secret in the clear, for the log to blank out. Of the database's address only the password, both as
        it is written there (percent-encoded) and as the server gets it.
        """
        found = [value.reveal() for name in KEYS if isinstance(value := self.value(name), Secret)]
        address = self.database.url.reveal()
        found.remove(address)
        password = kinds.split_address(address, "").password
        return (*found, *sorted({password, unquote(password)})) if password else tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleOptions:
    """What was asked for on the command line of one console session. None: not said.

    database: address in place of the configured one. speaker: who types at first (`!as`).
    now: aware UTC moment at which the session's clock starts; None: the real clock.
    zone: IANA zone of people who have set none. script: file of lines to play; None: the terminal, or standard input.
    """

    database: Secret | None = None
    speaker: str | None = None
    now: datetime | None = None
    zone: str | None = None
    script: Path | None = None


SECTIONS: Mapping[str, type] = {
    "app": App,
    "database": Database,
    "discord": Discord,
    "telegram": Telegram,
    "web": Web,
    "courier": Courier,
    "limits": Limits,
    "defaults": Defaults,
}


def _keys() -> Iterator[Key]:
    for section, kind in SECTIONS.items():
        for made in fields(kind):
            yield Key(name=f"{section}.{made.name}", **made.metadata)


#: Every key by its full name, in the order in which they are documented.
KEYS: Mapping[str, Key] = {made.name: made for made in _keys()}
