"""The language that features and surfaces share.

A feature declares commands, actions and notices (`cog`), asks for what it needs (`ask`), is told who calls (`call`) and
answers with meaning (`reply`, `words`). It never builds markup, never sees a platform, never sleeps.

Grow this package only when two features need the same thing.
"""
