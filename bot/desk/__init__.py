"""The front desk: every surface brings its commands, presses, forms and words here, and takes a `Reply` back.

No platform library and no feature is known here. The desk reads what was typed, checks who may do it, calls the
handler, keeps half-filled forms, offers undo, turns faults into private answers and bugs into an apology with a
reference.
"""
