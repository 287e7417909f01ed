"""The cellar: what the bot knows, and how it is kept.

Records are frozen and plain so that every feature can hold the same nouns without importing another feature, and so
that nothing above this floor can reach the database by touching an attribute. Stores speak SQLAlchemy Core, not the
ORM: records leave the store anyway, an identity map would buy little, and lazy loading under asyncio is a trap.

SQLite has one writing connection and a few reading ones; several writers on one file cost ten times the latency.
Writers who stand in line share a sync of the disk (`storage.disk`): 200 writes at once take 0.1 s instead of 2 s at
8 ms a sync, an SD card's, and nothing is said before it is on disk.
Statements go to its thread one trip each (`storage.sqlite`): a read and a write with their commit take about 1 ms, of
which half is the disk's sync, 10-20 % less than over plain aiosqlite. They are built in the expression language and
run past SQLAlchemy's execution, which takes a third of the time (`storage.stores.ready`, `storage.stores.shapes`).
PostgreSQL runs the same stores. What differs by engine lives in `storage.stores` and in what opens and looks after
databases (`connections`, `copying`, `engine`, `migrations`, `upkeep`), nowhere else.

Adding a family of tables: the record, the table, a step drafted by `python -m storage.migrations.draft "Keep …"`
and read through, the store, one line in `work.py`.
"""
