"""Tables: what SQLAlchemy knows of the database, one file per family. Only stores, engine and migrations open them.

A new family is one file here that declares its tables on `base.METADATA`, imported in the list below so that the
migrations see it, and one migration that writes it.
"""
