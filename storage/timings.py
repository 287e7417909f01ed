"""How long the database takes, counted as it works: waiting for a connection, whole transactions, single statements.

Counted in memory, at about a microsecond a time, by whether a transaction may write: on SQLite there is one connection
for those that do, and the line in front of it is the first thing to look at when answers come late. No text of any
statement is kept.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, event

#: Upper ends of the steps in which the database's seconds are counted. SQLite answers in a twentieth of a millisecond,
#: an SD card syncs in eight.
OF_DATABASE = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)

#: What a transaction is counted under.
READS, WRITES = "reading", "writing"

#: Execution option: what to call, with a connection's options and the moment at which a statement began, once it is
#: answered that went to the driver without SQLAlchemy (`storage.stores.direct`).
ANSWERED = "firstcall_answered"


class Spread:
    """How often something took how long, in steps."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        #: One for each bound, and one for what was longer than all of them.
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def note(self, seconds: float) -> None:
        """It took so long once more. Less than nothing, as of a clock that was set back, counts as nothing."""
        seconds = max(0.0, seconds)
        self.counts[bisect_left(self.bounds, seconds)] += 1
        self.total += seconds


def _both() -> dict[str, Spread]:
    return {READS: Spread(OF_DATABASE), WRITES: Spread(OF_DATABASE)}


class Timings:
    """One for an open database; everything by `READS` and `WRITES`.

    waited: seconds in line for a connection. lasted: from having it to letting it go, with what was written on disk.
    asked: single statements. in_line: how many wait for a connection now.
    """

    def __init__(self) -> None:
        self.waited = _both()
        self.lasted = _both()
        self.asked = _both()
        self.in_line: Counter[str] = Counter({READS: 0, WRITES: 0})

    def follow(self, engine: Engine, reads: str) -> None:
        """Count the statements of an engine. reads: the execution option of a transaction that only reads."""
        steady, asked = time.perf_counter, self.asked

        def before(_connection: Any, _cursor: Any, _text: Any, _values: Any, context: Any, _many: Any) -> None:
            context.firstcall_began = steady()

        def after(connection: Connection, _cursor: Any, _text: Any, _values: Any, context: Any, _many: Any) -> None:
            answered(connection.get_execution_options(), context.firstcall_began)

        def answered(options: Mapping[str, Any], began: float) -> None:
            asked[READS if reads in options else WRITES].note(steady() - began)

        event.listen(engine, "before_cursor_execute", before)
        event.listen(engine, "after_cursor_execute", after)
        engine.update_execution_options(**{ANSWERED: answered})
