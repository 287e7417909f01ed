"""Discord: slash commands, menus, forms and buttons in; cards, lists and private answers out.

Only this package knows discord.py. Views draw and never act: one router takes every press and every form, so that a
button works after a restart, on another process, a year later. No privileged intent is asked for.
"""
