"""Whose time is free: what people say, what their gigs and calendars say, and who can do which of some dates.

What somebody says is kept as a pattern on a wall clock (`storage.records.availability`) and laid out on the days that
are asked about; nothing is written out ahead, so a pattern without an end costs one row and stays right when a zone
changes its clocks. What was said last counts. A confirmed gig, or something in an imported calendar, takes the time it
takes whatever was said; a pencil makes it a maybe.

Others learn one word about a time: free, maybe, or not known. Who said no, or is taken, is left out of the list. The
reason, the note, the gig, the calendar are for the owner alone.

Of an imported calendar only from-when-to-when is kept. A link is read without ever touching a private address.
"""
