"""Call lists: whom somebody calls first for a chair, who comes next, and why.

A list is private to whoever keeps it. Nobody learns that they are on one, or at which place; a player who forgets
themself goes from every list without a word. What a list does, other features do with it: "who is free" shows its
people first, and a gig can be offered to them alone.
"""
