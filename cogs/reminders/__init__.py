"""Reminders in plain words: once, again and again, before a gig, for oneself or for a channel.

A repeat is kept as a zone, a wall clock and a rule, and counted forward on the calendar; nothing is ever found by
adding seconds, so that nine o'clock stays nine o'clock on the night the clocks change. Only hours and minutes
("every 2 hours") are elapsed time, as they are in every other phrase.

Each reminder has one notice waiting for its next time (and one for each lead before it), kept in the transaction that
sets it. The one after that is kept in the transaction that records the delivery, so that a kill at any moment loses
none and doubles none. A snooze is a notice of its own and leaves the repeat alone.

What hangs on a gig is a distance, not a date. A silent look finds out whether the gig has moved: one that is kept with
every change of the gig's time, one now and then for what changed otherwise, and one right before it rings. This room
never asks the room of the gigs, only the records.
"""
