from urllib.parse import urlsplit

from sqlmodel import select

from models import Developer
from models.migrate import migrate_async
from resolvers.resources import open_resources
from tests.support.db import make_settings


async def test_a_url_may_name_host_and_role_behind_the_database(database_url: str, redis_url: str):
    parts = urlsplit(database_url)
    url = f"postgresql://{parts.path}?{parts.query}&user={parts.username}&password={parts.password}"
    await migrate_async(url)
    async with open_resources(make_settings(url, redis_url)) as res:
        assert await res.db.raw.fetchval("SELECT current_user") == parts.username
        async with res.db.reading() as session:
            assert (await session.exec(select(Developer))).all() == []
