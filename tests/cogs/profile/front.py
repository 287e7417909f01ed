"""The front door, where it stood before it was everybody's."""

from tests.cogs.front import Front, buttons, labels, text_of

__all__ = ["Front", "buttons", "labels", "text_of"]
