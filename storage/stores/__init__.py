"""Stores: one per family of tables, with questions and deeds as methods, records in and records out.

A store works inside the transaction it is made with and never commits. What two people may try at once is one
conditional statement here, so that exactly one of them gets the row back. What differs by engine stays in this package.

Adding one: a class on `base.Store`, an attribute on `storage.work.Work`. A store that keeps anything about a person
has `export` and `forget`; a test compares them with the tables.
"""
