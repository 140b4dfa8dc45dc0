import asyncpg
import pytest
from sqlalchemy import exc, text

from core.away import is_away
from core.db import Database
from resolvers.resources import Resources


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (None, False),
        (ValueError("x"), False),
        (ConnectionRefusedError(), True),
        (TimeoutError(), True),
        (asyncpg.ConnectionDoesNotExistError(), True),
        (asyncpg.CannotConnectNowError(), True),
        (asyncpg.TooManyConnectionsError(), True),
        (asyncpg.UndefinedTableError(), False),
        (exc.TimeoutError(), True),
    ],
)
def test_errors_of_the_driver(error, expected):
    assert is_away(error) is expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SELECT * FROM nothing", False),
        ("SELECT 1 / 0", False),
        ("SELECT timestamptz '0001-01-01 00:00+00' - interval '9000 years'", False),
        ("DO $$ BEGIN RAISE SQLSTATE 'P0001'; END $$", False),
        ("DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$", True),  # a deadlock
        ("DO $$ BEGIN RAISE SQLSTATE '57014'; END $$", True),  # took too long
        ("DO $$ BEGIN RAISE SQLSTATE '57P01'; END $$", True),  # shutting down
        ("DO $$ BEGIN RAISE SQLSTATE '53100'; END $$", True),  # the disk is full
        ("DO $$ BEGIN RAISE SQLSTATE '25P04'; END $$", True),  # the transaction took too long
    ],
)
async def test_errors_of_a_session(res: Resources, statement, expected):
    with pytest.raises(exc.DBAPIError) as caught:
        async with res.db.reading() as session:
            await (await session.connection()).execute(text(statement))
    assert is_away(caught.value) is expected


async def test_a_server_that_is_not_there():
    async def send(_: object) -> None: ...

    db = Database("postgresql://nobody@127.0.0.1:1/nothing", connections=4, deliver=send)
    with pytest.raises(ConnectionError) as caught:
        async with db.reading() as session:
            await (await session.connection()).execute(text("SELECT 1"))
    assert is_away(caught.value)
