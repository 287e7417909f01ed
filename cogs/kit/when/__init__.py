"""The reader of time phrases: what a musician types becomes a time, or a question, or is turned down.

`parse` reads one phrase, `find` the phrases in a longer line, `hang` settles a phrase that hangs on an event once the
event is known. `suggest.py` holds dateparser's guesses, for questions only. The grammar is written by hand, because the
rule that matters most cannot be bolted on afterwards: a number or a word of time that the reading did not use means it
was not understood. A reading answers, asks or declines; it never drops a part and answers the rest.

The way of a phrase: `folding` (one plain shape), `tokens` with the words of `words`, `labels`, `languages` and the
forgiven slips of `slips`, `noise` (what is no time), the rules in `read_*` and `terms` (which tokens belong together),
`pieces` (which numbers are clocks, what are the ends of a range), `phrase` (sorted), `settle`, `repeats`, `clocks`,
`days` and `spans` (which day, which hour). Where a reading forks it asks its `scene`; every way on becomes an option.

Choices made where the rules of the product leave room, each for the reading that costs nobody a gig:

- An evening word before a range that begins 7-11 and crosses noon (`gig 9-1`, `show 8-12`) is asked about: nine in the
  morning by the rule for ranges, nine in the evening by the word.
- 12 and 1-4 beside `night` or `tonight` (`friday night at 1`) may be the small hours of the next day: asked.
- A clock out of order in a list (`show 8pm, load-in 4pm`) is asked about when the next such clock is 12 hours off.
- `19:30-10` is asked about: both ends are 24-hour by the rule, and nobody plays until ten the next morning.
- One clock on several days (`Fri-Sun 8pm`) is asked about: every day, or the first?
- A part of the day that is under way has not passed: `friday night` said on Friday at 19:00 is a question.
- `20-22 May` said on 21 May is a question: the days under way, or next year's?
- `before Friday` ends on Thursday and `after Friday` begins on Saturday, because the last day of a range is included;
  `until Friday` and `from Friday` include it.
- `midnight tonight` is asked about, as is midnight with any day.
- `tomorrow 5` and `friday 8` are asked about: a bare digit beside a day may be a clock or a day of the month.
- A fourth clock style: a date written year first with a clock in two digits (`2027-05-20 10:00`) is on the 24-hour
  clock. `10:00` elsewhere is asked about like `9:30`.
- Four digits after a day and month are a year when they could be one (`20 June 2030`); `20 June 1930` is asked about.
- `próximo lunes`, like the German and French for it, is asked about.
- Three clocks and an end (`load-in 4, show 8, wrap 11`) are a range from the first to the last, with `parts` for the
  clocks before the end; a label with a range after an earlier clock is read the same way.
- `FREQ=WEEKLY` on two days `for 3 weeks` counts six.
- A 24-hour profile spares the question about a written clock (`9:30`), never about a bare hour (`at 9`).
- A word between two times that turns them (`7pm not 8pm`, `moved from Friday to Saturday`) makes a question.
"""

from __future__ import annotations

from cogs.kit.when.find import Found, find
from cogs.kit.when.hang import hang
from cogs.kit.when.parse import parse
from cogs.kit.when.value import INVALID, Hook, Kind, When

__all__ = ["INVALID", "Found", "Hook", "Kind", "When", "find", "hang", "parse"]
