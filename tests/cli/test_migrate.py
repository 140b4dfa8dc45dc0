import asyncio
import signal
import subprocess
import sys
import textwrap

import asyncpg
import pytest
from sqlmodel import select

from cli.installation import credentials_path, read_credentials
from cli.part import environment_with
from core.settings import ROOT
from domain.access import Role
from models import Developer
from resolvers.access import authenticate
from resolvers.resources import Resources
from tests.support.running import again, tocsin

_AT_COMMIT = """
    CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(2); RETURN NULL; END';
    CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON developer DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION dawdle();
"""


@pytest.fixture
def settings(tmp_path, database_url, redis_url):
    return {"data_dir": tmp_path, "database_url": database_url, "redis_url": redis_url}


def _environment(settings) -> dict[str, str]:
    return environment_with({f"TOCSIN_{name}".upper(): str(value) for name, value in settings.items()})


async def _developers(res: Resources) -> list[Developer]:
    async with res.db.reading() as session:
        return list((await session.exec(select(Developer))).all())


async def _check_credentials(res: Resources, data_dir) -> None:
    owner = await authenticate(res, read_credentials(data_dir, "http://here").token)
    assert owner.role == Role.OWNER
    (developer,) = await _developers(res)
    assert owner.developer_id == developer.id


async def test_an_empty_database_is_set_up_once_and_its_credentials_work(res: Resources, settings, tmp_path):
    first, second = tocsin("migrate", **settings), again("migrate", **settings)
    assert str(credentials_path(tmp_path)) in first.stdout, first.stderr
    assert second.stdout == "The database is up to date.\n"
    await _check_credentials(res, tmp_path)


async def test_a_kill_while_the_database_commits_loses_no_credentials(res: Resources, settings, database_url, tmp_path):
    connection = await asyncpg.connect(database_url)
    await connection.execute(_AT_COMMIT)
    await connection.close()
    process = subprocess.Popen([sys.executable, "-m", "cli", "migrate"], cwd=ROOT, env=_environment(settings))
    while not credentials_path(tmp_path).exists():
        assert process.poll() is None
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.5)  # on its way into the commit
    process.kill()
    assert process.wait() == -signal.SIGKILL
    while not await _developers(res):
        await asyncio.sleep(0.1)
    assert again("migrate", **settings).returncode == 0
    await _check_credentials(res, tmp_path)


async def test_after_a_kill_before_the_commit_new_credentials_take_the_place_of_those_that_never_held(
    res: Resources, settings, tmp_path
):
    code = """
        import os
        from cli import migrate
        keep = migrate._keep
        def keep_and_die(settings, made):
            keep(settings, made)
            os.kill(os.getpid(), 9)
        migrate._keep = keep_and_die
        migrate.main()
    """
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, env=_environment(settings), check=False
    )
    assert killed.returncode == -signal.SIGKILL
    never_held = read_credentials(tmp_path, "http://here").token
    assert await _developers(res) == []
    assert again("migrate", **settings).returncode == 0
    assert read_credentials(tmp_path, "http://here").token != never_held
    await _check_credentials(res, tmp_path)
