"""Tests, in the order of the house: `bot`, `cogs`, `storage`, then whole conversations and measurements."""
