"""The reader of time phrases: what a musician types becomes a time, or a question, or is turned down."""

from __future__ import annotations

from cogs.kit.when.find import Found, find
from cogs.kit.when.hang import hang
from cogs.kit.when.parse import parse
from cogs.kit.when.value import INVALID, Hook, Kind, When

__all__ = ["INVALID", "Found", "Hook", "Kind", "When", "find", "hang", "parse"]
