"""Linked boards: a gig that is posted in one community hangs in another too, on whatever platform that is.

Moderators of one make a code, moderators of the other type it in and confirm: each a moderator by the platform's own
rights at that moment. Either side takes the link apart whenever it likes, and its board is its own again at once.

A link has two directions, and each side has a word in both: what it gives, and what it takes. What crosses is the card
alone. The gig stays where it was posted: its poster picks, its own moderators close it, and who answered is the
poster's business wherever the answer came from. How a card hangs on the board of others: `cogs.gigs.crossing`.
"""
