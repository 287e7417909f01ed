"""Plain frozen nouns: what a gig, a person, a notice is. Standard library only.

A record may answer questions about itself (`span.overlaps(other)`), never about the database. Moments are aware and in
UTC, refused otherwise when the record is made. Money is whole minor units with a currency.
"""
