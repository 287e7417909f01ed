"""The cellar: what the bot knows, and how it is kept.

Records are frozen and plain so that every feature can hold the same nouns without importing another feature, and so
that nothing above this floor can reach the database by touching an attribute. Stores speak SQLAlchemy Core, not the
ORM: records leave the store anyway, an identity map would buy little, and lazy loading under asyncio is a trap.

SQLite has one writing connection and a few reading ones; several writers on one file cost ten times the latency.
PostgreSQL runs the same stores. What differs by engine lives in `storage.stores` and `storage.engine`, nowhere else.
"""
