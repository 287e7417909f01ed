"""What the desk hands back to a surface."""

from __future__ import annotations

from dataclasses import dataclass

from cogs.kit.reply import Reply


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the surface: the reply, and whether only the caller may see it.

    aside: it was said a moment ago, and is said again only where that takes no message of its own.
    draft: the half-filled form behind an open question, so that the surface may remember the message that asks it.
    """

    reply: Reply
    private: bool
    aside: bool = False

    @property
    def draft(self) -> str | None:
        """The token of the form that this answer opens, if it does."""
        return self.reply.form.token if self.reply.form else None
