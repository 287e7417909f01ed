"""The front desk: every surface brings its commands, presses, forms and words here, and takes a `Reply` back.

No platform library and no feature is known here. The desk reads what was typed, checks who may do it, calls the
handler, keeps half-filled forms, offers undo, turns faults into private answers and bugs into an apology with a
reference.

What is said unasked goes out by the courier: `courier` runs it, `round` is its work on one platform, `watch` what lies
around that. `drawing` asks features for today's words, `parcels` makes messages of them (`digest`, `lateness`,
`quiet`), `delivery` sends one and judges how that ended. How fast: `budgets` for one process, `sharing` for several on
one account, which `presence` shows to each other.
"""
