"""Looking after a database from outside: how it is, bringing it up to date, keeping it safe, moving it.

Every result, turned into text, is a sentence for the person who asked. What cannot be done is `Unreachable`,
`NewerDatabase` or `NotSafe`, and then nothing was changed.
"""

from storage.upkeep.condition import Status, status
from storage.upkeep.copies import Copied, copy
from storage.upkeep.safety import Kept, Restored, backup, restore
from storage.upkeep.upgrading import Upgraded, upgrade

__all__ = ["Copied", "Kept", "Restored", "Status", "Upgraded", "backup", "copy", "restore", "status", "upgrade"]
