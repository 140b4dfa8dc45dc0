"""The migration that packs payloads loses nothing of what is stored."""

from typing import Any

import orjson
from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from core.db import with_scheme
from models.migrate import migration_config
from models.payload import unpack
from resolvers.resources import Resources
from tests.support.factories.issue import make_event, make_issue
from tests.support.factories.project import make_project

PAYLOAD = {"tags": [["country", "ÖÄ"]], "contexts": {"nothing": None, "number": 1.5, "text": "\\u0041 \n"}}


async def test_payloads_are_unpacked_and_packed_again(res: Resources, database_url: str):
    event = await make_event(res, await make_issue(res, await make_project(res), events=3), payload=PAYLOAD)

    def there_and_back(connection: Connection) -> list[Any]:
        query = text("SELECT payload FROM event WHERE id = :id").bindparams(id=event.id)
        found = []
        for direction, revision in ((command.downgrade, "0006"), (command.upgrade, "head")):
            direction(migration_config(connection), revision)
            found.append(connection.execute(query).scalar_one())
        return found

    engine = create_async_engine(with_scheme(database_url, "postgresql+asyncpg"), json_deserializer=orjson.loads)
    async with engine.connect() as connection:
        plain, packed = await connection.run_sync(there_and_back)
    await engine.dispose()
    assert plain == PAYLOAD
    assert orjson.loads(unpack(packed)) == PAYLOAD
