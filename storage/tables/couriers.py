"""What processes that send through the same accounts know of each other. The reasons: `storage.stores.couriers`.

Times of rates and chats are microseconds since 1970: a message's place at 45 a second would be lost in milliseconds.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table

from storage.tables.base import METADATA
from storage.tables.columns import Key

#: Who sends on a platform, or did and is gone (`storage.line` knows which), with claims that nobody took up yet.
courier_processes = Table(
    "courier_processes",
    METADATA,
    Column("platform", Key, primary_key=True),
    Column("owner", Key, primary_key=True),
)

#: How much of a platform's rate is taken. taken_until: the places before it belong to somebody. closed_until: nothing
#: is sent before. speed: thousandths of the full rate, at `speed_at`; it recovers from there.
courier_rates = Table(
    "courier_rates",
    METADATA,
    Column("platform", Key, primary_key=True),
    Column("taken_until", BigInteger, nullable=False),
    Column("closed_until", BigInteger, nullable=False),
    Column("speed", Integer, nullable=False),
    Column("speed_at", BigInteger, nullable=False),
)

#: When a chat, or a message that is redrawn, takes the next one. Gone soon after that.
courier_chats = Table(
    "courier_chats",
    METADATA,
    Column("platform", Key, primary_key=True),
    Column("dest", Key, primary_key=True),
    Column("free_at", BigInteger, nullable=False),
)
