"""Setting a community up: its channels, words, roles and board rules; how well it is served; the log of all that.

What shaped it:

- Moderators are who the platform says they are at that moment; nothing here remembers it.
- Every part is optional and has a default, so that `/setup start` can be answered with Skip from end to end.
- A change says what it was before, in the log and to whoever made it, and can be taken back for ten minutes.
- A channel is known once the bot was used in it, or was told of it by the platform: the simplest way is to say it
  there. What the bot lacks in it is asked of the platform then and there, and said by the platform's own names.
- The digest of what could not be posted comes once a day at most, and not at all when all is well.
"""
