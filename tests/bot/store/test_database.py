"""Schema, keys and what stands on the disk."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import inspect

from bot.store import migrate
from bot.store.database import Database, StoreError
from bot.store.models import HEAD, Base
from bot.store.sealing import Keyring, Unreadable
from bot.store.store import Store
from safety.types import Tier
from tests.bot.store.conftest import KEY, keep


async def test_migrations_make_exactly_the_schema_of_the_models(url):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    database = await Database.open(url, [KEY], migrate=True)
    differences = await database.read(
        lambda c: compare_metadata(MigrationContext.configure(c, opts={"compare_type": True}), Base.metadata)
    )
    assert differences == []
    await migrate.downgrade(database, "base")
    assert await database.read(lambda c: set(inspect(c).get_table_names())) <= {"alembic_version"}
    await database.close()


def test_the_code_knows_the_newest_migration():
    from alembic.script import ScriptDirectory

    assert ScriptDirectory.from_config(migrate.config()).get_current_head() == HEAD


async def test_an_empty_server_is_not_migrated_behind_the_host_s_back(url):
    if url.startswith("sqlite"):
        await (await Database.open(url, [KEY])).close()
    else:
        with pytest.raises(StoreError, match="spotter migrate"):
            await Database.open(url, [KEY])


async def test_processes_that_start_at_once_agree_on_schema_and_pepper(url):
    opened = await asyncio.gather(*(Database.open(url, [KEY], migrate=True) for _ in range(3)))
    assert len({database.pepper.person("ann") for database in opened}) == 1
    for database in opened:
        await database.close()


async def test_another_key_is_refused_with_what_to_do(url):
    await (await Database.open(url, [KEY], migrate=True)).close()
    with pytest.raises(StoreError, match="SPOTTER_SECRET_KEY"):
        await Database.open(url, ["another key of some length"], migrate=True)


async def test_a_rotation_keeps_everything_readable_and_then_drops_the_old_key(url):
    store = await Store.open(url, [KEY], migrate=True)
    made, case = await keep(store, tier=Tier.URGENT, flagged="tier")
    await store.close()
    store = await Store.open(url, ["the new key, long enough", KEY])
    assert (await store.exchanges.recall(made.id, "100", "ann")).question == "my foot is numb"
    assert await store.reseal() >= 4
    await store.close()
    store = await Store.open(url, ["the new key, long enough"])
    assert (await store.exchanges.recall(made.id, "100", "ann")).question == "my foot is numb"
    assert len(await store.cases.evidence(case, "100")) == 1
    await store.close()


async def test_no_word_of_a_message_and_no_name_stands_on_the_disk(tmp_path):
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 's.db'}", [KEY])
    made, case = await keep(
        store,
        "my xylophone foot is numb",
        person="annabel-9",
        conversation="talk-9",
        tier=Tier.URGENT,
        flagged="tier",
        handle="hook-token-9",
    )
    await store.cases.note(case, "100", "mod", "zanzibar note")
    await store.flags.report(made.id, "100", "reporter-9", "unsafe", "quokka report")
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    await store.close()
    files += b"".join(path.read_bytes() for path in tmp_path.iterdir())
    words = (
        b"xylophone",
        b"annabel-9",
        b"talk-9",
        b"zanzibar",
        b"quokka",
        b"hook-token-9",
        b"Brace",
        b"reporter-9",
    )
    assert [word for word in words if word in files] == []


async def test_a_database_that_cannot_be_opened_says_so_without_the_password(tmp_path):
    with pytest.raises(StoreError) as fault:
        await Database.open("postgresql+asyncpg://ann:hunter2@127.0.0.1:1/none", [KEY])
    assert "hunter2" not in str(fault.value)
    with pytest.raises(StoreError, match="SPOTTER_DATABASE_URL"):
        await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'no' / 'such' / 'folder' / 's.db'}", [KEY])


def test_a_sealed_value_opens_in_its_place_only_and_unchanged():
    ring = Keyring([KEY])
    sealed = ring.seal("my foot is numb", "evidence:100:a")
    assert ring.open(sealed, "evidence:100:a") == b"my foot is numb"
    for changed, place in (
        (sealed, "evidence:200:a"),
        (sealed[:-1] + bytes([sealed[-1] ^ 1]), "evidence:100:a"),
        (b"\x02" + sealed[1:], "evidence:100:a"),
    ):
        with pytest.raises(Unreadable):
            ring.open(changed, place)
    assert ring.seal("same", "x") != ring.seal("same", "x")
