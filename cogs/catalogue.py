"""The list of cogs, in menu order. Taking a feature out of the house is its folder and its lines here."""

from __future__ import annotations

from cogs.kit.cog import Cog
from cogs.kit.tools import Tools

#: Other first words of commands, with the one they stand for: American and British trade words.
GROUP_ALIASES = {"sub": "dep"}


def furnish(tools: Tools) -> tuple[Cog, ...]:
    """Every cog, made with what the program has to offer."""
    return ()
