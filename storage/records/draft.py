"""Half-filled forms and things that can still be undone: state that must survive a restart."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A form on its way to being complete.

    token: opaque and random; what buttons and deep links carry. It is a key, not a right: the person is checked too.
    place: "<surface>:<address>" of the conversation in which it is being filled in.
    target: "<cog>.<command>" or "<cog>.<action>" that gets the values.
    values: what was given so far, as typed, by field name. fixed: arguments of an action target, already encoded.
    asked: the field whose answer the next plain text is; None while no question is open.
    asked_fields: fields already passed, in order, for Back; a skipped one is in it without a value.
    offered: what can be tapped for the open question: (label, text that is read when it is chosen), in order.
    prompt: the message id of the open question, to be edited; None where the surface does not edit.
    """

    token: str
    person_id: int
    place: str
    target: str
    community_id: int | None = None
    values: dict[str, str] = field(default_factory=dict)
    fixed: str = ""
    asked: str | None = None
    asked_fields: tuple[str, ...] = ()
    offered: tuple[tuple[str, str], ...] = ()
    prompt: str | None = None
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """One deed that its doer may take back until `until`; `action` is the encoded action that does so."""

    id: int
    person_id: int
    label: str
    action: str
    until: datetime
    used_at: datetime | None = None
