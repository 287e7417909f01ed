"""Migrations: numbered steps from an empty database to the tables of today.

A step is `versions/<four digits>_<what>.py` with the digits as its revision; the program knows the newest by reading
the names of the files, so that a start on an up-to-date database costs one query and no import of Alembic.

A step is written out in plain SQLAlchemy types and imports nothing of ours: it must still do the same in five years.
SQLite changes a table by building it anew, so tables are altered in `op.batch_alter_table`. Foreign keys are off
meanwhile: dropping the old table would otherwise delete every row that points at it with ON DELETE CASCADE. They are
checked before the step is committed.
"""

from __future__ import annotations

from pathlib import Path

#: Where the steps are.
VERSIONS = Path(__file__).parent / "versions"

#: The newest revision this program knows.
HEAD = max((path.name[:4] for path in VERSIONS.glob("[0-9][0-9][0-9][0-9]_*.py")), default="0000")
