"""Invoices: made from a gig, a client or nothing, numbered, sent as a PDF, chased and paid.

Everything here is its owner's alone: an id of somebody else's invoice or client answers as one that does not exist.
Reminders go to the owner, never to the client; each hands over a message to send. All sums follow from items, tax and
payments (`storage.records.invoice`), so nothing can drift apart: no total is kept that could be wrong.

A number is given when an invoice is made and never again, so a draft that is not wanted becomes void and keeps its
number: tax offices ask about gaps, not about void papers.
"""
