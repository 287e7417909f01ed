"""The one collection of tables, and how their keys and constraints are named."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Any

from sqlalchemy import Index, MetaData, Table
from sqlalchemy.sql.elements import TextClause


class Tables(MetaData):
    """The tables. Those that nobody has used yet are loaded by whoever wants them all."""

    @property
    def sorted_tables(self) -> list[Table]:
        """Every table there is, those that others point at first."""
        self.complete()
        return super().sorted_tables

    def complete(self) -> None:
        """Load what is not loaded yet, for whoever reads `tables`."""
        for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
            importlib.import_module(f"{__package__}.{module.name}")


#: Constraints need names from the first migration on: SQLite rebuilds a table to change one, and must find it.
METADATA = Tables(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def partial(name: str, *columns: Any, where: TextClause, unique: bool = False) -> Index:
    """An index over the rows that fit `where`.

    What it says to PostgreSQL is kept aside until `for_postgres`: naming that dialect loads all of it, which is 4 MB
    and a tenth of the start of a program on SQLite.
    """
    return Index(name, *columns, unique=unique, sqlite_where=where, info={"where": where})


def for_postgres() -> None:
    """Complete the tables for whoever writes DDL from them, such as a draft of a migration."""
    for table in METADATA.sorted_tables:
        for index in table.indexes:
            if "where" in index.info:
                index.dialect_options["postgresql"]["where"] = index.info["where"]


def is_search_index(name: str) -> bool:
    """Whether the name is that of a full-text index or one of the tables it keeps itself in."""
    return "_fts" in name
