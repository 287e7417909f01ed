"""Names of commands and options as people of another country say them: /dep in Britain, /sub in America.

Discord sends the untranslated names with every command, so nothing but the menus knows of this. A locale without a
name of its own falls back from American to British English and the other way round; so both have theirs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import discord
from discord import app_commands

#: Trade words that are shown in American English instead of the British ones. Options keep the rest: a word such as
#: "call" means one thing in a schedule and another in a list of units.
_AMERICAN = {"dep": "sub", "deps": "subs", "fixer": "contractor", "porterage": "cartage", "mu": "union"}
_WORDS = re.compile(r"\b(deps?|fixer|porterage)\b", re.IGNORECASE)


class Words(app_commands.Translator):
    """Translates by swapping trade words; there is one language so far."""

    def __init__(self, american: Mapping[str, str] | None = None) -> None:
        """american: further names of commands that are said differently there, British -> American."""
        super().__init__()
        self._american = {**_AMERICAN, **(american or {})}

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The string in that locale; None: as it is everywhere else."""
        if locale not in (discord.Locale.american_english, discord.Locale.british_english):
            return None
        british = string.message
        american = self._american.get(british) or _WORDS.sub(self._swapped, british)
        if american == british or len(american) > 100:
            return None
        return american if locale is discord.Locale.american_english else british

    def _swapped(self, found: re.Match[str]) -> str:
        word = found[0]
        swapped = self._american.get(word.casefold(), word)
        return swapped.capitalize() if word[0].isupper() else swapped
