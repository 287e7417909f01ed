"""Names of commands and options as people of another country say them: /dep in Britain, /sub in America.

Discord sends the untranslated names with every command, so nothing but the menus knows of this. A locale without a
name of its own falls back from American to British English and the other way round; so both have theirs.
"""

from __future__ import annotations

import re

import discord
from discord import app_commands

#: Trade words that are shown in American English instead of the British ones. Options keep the rest: a word such as
#: "call" means one thing in a schedule and another in a list of units.
_AMERICAN = {"dep": "sub", "deps": "subs", "fixer": "contractor", "porterage": "cartage", "mu": "union"}
_WORDS = re.compile(r"\b(deps?|fixer|porterage)\b", re.IGNORECASE)
#: What tells the words of both countries apart, "dep or sub", is right in both.
_BOTH = re.compile(r"\b(subs?|contractor|cartage|UK)\b", re.IGNORECASE)


def worded(text: str) -> str | app_commands.locale_str:
    """The text, to be translated if Americans say it differently: about each of those thirty locales are asked."""
    return app_commands.locale_str(text) if _in_american(text) is not None else text


class Words(app_commands.Translator):
    """Translates by swapping trade words; there is one language so far."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The string in that locale; None: as it is everywhere else."""
        if locale not in (discord.Locale.american_english, discord.Locale.british_english):
            return None
        american = _in_american(string.message)
        if american is None:
            return None
        return american if locale is discord.Locale.american_english else string.message


def _in_american(british: str) -> str | None:
    """The same in American English; None: it is the same there, or would be too long for Discord."""
    american = _AMERICAN.get(british) or _WORDS.sub(_swapped, british)
    return None if american == british or len(american) > 100 or _BOTH.search(british) else american


def _swapped(found: re.Match[str]) -> str:
    word = found[0]
    swapped = _AMERICAN.get(word.casefold(), word)
    return swapped.capitalize() if word[0].isupper() else swapped
