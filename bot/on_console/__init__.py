"""The local chat: everything First Call does, in a terminal, without any account.

One person types for a whole community, on any day: `!as Bob` speaks as Bob, `!advance 3 days` moves the clock. The same
lines make a script, whose output is the same every time. The desk and the courier are the real ones, so a story told
here holds on the platforms too.

A terminal has no server behind it that remembers messages, so the database does (`storage.stores.said`). That is why a
button works after a restart, why `!inbox` knows what was not seen, and why a kill at any moment shows nothing twice: a
message counts as delivered once it is kept, and it is printed after that.
"""
