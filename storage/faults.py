"""What can go wrong in the cellar that a service should translate for a person."""

from __future__ import annotations


class StorageFault(Exception):
    """Anything storage says on purpose."""


class Gone(StorageFault):
    """The row is not there (any more)."""


class Clash(StorageFault):
    """Somebody else was faster, or a unique value is taken."""


class Unreachable(StorageFault):
    """The database does not answer: server down, disk full, file read-only or corrupt. `reason` is fit to be shown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Crossed(Unreachable):
    """Two transactions waited for each other, and the database undid this one. Done anew, it passes."""


class Unwritable(Unreachable):
    """The database answers questions and keeps nothing: its disk is full, failing, or may only be read."""


class NewerDatabase(StorageFault):
    """The database was migrated by a newer version of the program; this one must not touch it."""


class NotSafe(StorageFault):
    """What was asked would destroy something or mix two things; nothing was done. `reason` is fit to be shown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
