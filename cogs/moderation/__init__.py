"""Keeping a board in order: reports by players, the moderators' queue, posts taken down and put back, mutes.

What shaped it:

- Who reported is read by no card, notice, log or file; only the reporter's own export has it.
- Nobody is accused in public. A card that is taken down says "off the board"; the reason goes to its poster alone, with
  a way to answer.
- Every deed has a reason and a line in the log of its community, written in the same transaction.
- What the deeds mean for a gig is the gig board's business: it is asked through `board.Board`.
"""
