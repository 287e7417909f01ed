"""A Discord of the tests' own on loopback: gateway and REST, strict about everything the documentation says.

What it will not take is answered as Discord would answer it and kept in `FakeDiscord.violations`, so that a request
that is wrong fails the test even where the program shrugs.
"""

from tests.fakes.discord.server import FakeDiscord

__all__ = ["FakeDiscord"]
