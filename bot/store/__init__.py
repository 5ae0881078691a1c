"""The only SQL: what is kept, for how long, and who may see it.

`bot.store.store.Store` is the door; each file beside it holds one kind of thing that is kept. SQLite and PostgreSQL run the same code.
Every text column is sealed (AES-GCM, `sealing.py`), people and conversations are keyed hashes, every query carries the guild's id.
"""
