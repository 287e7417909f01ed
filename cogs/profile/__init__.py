"""Who somebody is as a player, and how they want to be spoken to: one panel, and a short command for each thing on it.

Three cogs share the room. `ProfileCog` holds what others may see (roles, region, links) and `SettingsCog` what only the
program needs (zone, currency, quiet hours); they share the panel. `LinkCog` makes two accounts one person and parts
them again: its reasons stand in `linking`. Everything is private.

A choice that was never made is not copied into the person's row: it stays empty, so that a community that changes its
currency takes along everybody who only followed it, and the panel says whose choice is being shown.

Small settings are undone by an action id that carries the value before; a profile is too long for that, so the one
before is kept as a switch of the person until the next change.
"""
