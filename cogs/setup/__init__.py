"""Setting a community up: so far, which of its channels gig cards are hung in.

A channel is known once the bot was used in it, or was told of it by the platform: the simplest way is to say it there.
"""
