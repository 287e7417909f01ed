"""Published facts shipped with the program: pay, late-payment law, tax dates, health, help lines, terms, and the names
of instruments, kinds of work and time zones.

Each family is a module with a frozen record, `everything()`, and the questions features ask. Rows are text in CSV so
that a musician can correct one without programming; `SOURCES.md` says how, and `check` says whether it still holds
together. Tables are read at the first question and kept, since the program never changes them. Nothing here reads the
clock: a question that depends on the day is handed the day.
"""

from __future__ import annotations
