"""A Bot API of the tests' own on loopback, as strict as the real one where that has bitten somebody."""
