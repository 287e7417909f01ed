"""Breaks, ears, rest and check-ins: opt-in, private, and never a doctor.

A break timer is a row and one notice for what comes next; what follows is kept in the transaction that records the
delivery, so a restart in mid-break goes on where it was, and a break nobody could take any more is not announced late.
While somebody plays a call, sleeps, or is outside the hours they chose, their timer stands still and begins afresh.

A group's timer hangs as one card that is drawn anew in place. Each break is announced once, without a sound; only those
who asked for it are told privately. Nobody has two timers at once.

What people write about their ears and themselves is in rows that only they can ask for. Notices, buttons and undo
carry numbers of rows and nothing else, so that no list of messages and no log can give anything away.
"""
