"""Places for archived files: a directory, and a bucket of an S3 server that the tests start."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import orjson
import pytest
from pyarrow import fs

from core.clock import ManualClock
from domain.access import system
from models import Project
from resolvers.archive.read import Wanted, read_archived
from resolvers.resources import Resources, open_resources
from tests.support.db import make_settings

KEYS = {"archive_access_key": "tocsin", "archive_secret_key": "not a secret"}
_START_S = 50.0


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3 server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("s3") / "log"
    with log.open("w") as out:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        environment = {"PATH": os.defpath, "HOME": str(log.parent)}
        server = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        _wait_for(server, port, log)
        yield f"127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def bucket(s3_server: str) -> str:
    """A new bucket, as `TOCSIN_ARCHIVE` names it."""
    name = f"events-{uuid4().hex}"
    server = fs.S3FileSystem(
        access_key=KEYS["archive_access_key"],
        secret_key=KEYS["archive_secret_key"],
        endpoint_override=s3_server,
        scheme="http",
        region="us-east-1",
        allow_bucket_creation=True,
    )
    server.create_dir(name)
    return f"s3://{name}/of%20tocsin?region=us-east-1&endpoint=http://{s3_server}"


@pytest.fixture(params=["directory", "bucket"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place for archived files, once of each kind."""
    return str(tmp_path / "archive") if request.param == "directory" else request.getfixturevalue("bucket")


@pytest.fixture
async def archiving(database_url: str, redis_url: str, clock: ManualClock, archive: str) -> AsyncIterator[Resources]:
    """Resources whose events go to an archive, of each kind in turn."""
    settings = make_settings(database_url, redis_url, archive=archive, **KEYS)
    async with open_resources(settings, clock) as res:
        yield res


@pytest.fixture
async def in_directory(
    database_url: str, redis_url: str, clock: ManualClock, tmp_path: Path
) -> AsyncIterator[Resources]:
    """Resources whose events go to a directory."""
    async with open_resources(make_settings(database_url, redis_url, archive=str(tmp_path / "archive")), clock) as res:
        yield res


async def archived_events(res: Resources, project: Project, **wanted: object) -> list[dict]:
    """The archived events of a project."""
    return [orjson.loads(line) for line in await read_archived(res, system("test"), project, Wanted(**wanted))]


def _wait_for(server: subprocess.Popen, port: int, log: Path) -> None:
    until = time.monotonic() + _START_S
    while server.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise AssertionError(f"The S3 server did not start:\n{log.read_text()}")
