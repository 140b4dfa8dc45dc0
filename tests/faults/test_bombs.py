"""A bomb costs what its bytes cost: a real API process takes hostile bodies, and its memory is looked at."""

import asyncio
import gzip
import json
import socket
import threading
from contextlib import contextmanager

import httpx
import psutil
import pytest

from api.ingest.decoding import zstd
from core.settings import Settings
from resolvers.resources import open_resources
from resolvers.setup import first_setup
from tests.support.command import running
from tests.support.crew import Door
from tests.support.db import make_settings
from tests.support.plain_http import plain_http

MIB = 2**20
ERROR = {"service": "web", "errorType": "E", "message": "m"}
# What all bodies may take together, one of 32 MiB with its pieces, and what the allocator keeps.
MOST_GROWTH = 300 * MIB
AT_ONCE = 12


def gzip_of_zeros() -> tuple[bytes, str]:
    return gzip.compress(b"\0" * (512 * MIB), 1), "gzip"


def zstd_of_zeros() -> tuple[bytes, str]:
    return zstd.compress(b"\0" * (512 * MIB)), "zstd"


def deep() -> tuple[bytes, str]:
    return json.dumps(ERROR | {"contexts": "@"}).replace('"@"', "[" * 800_000 + "]" * 800_000).encode(), ""


def tags() -> tuple[bytes, str]:
    return json.dumps(ERROR | {"tags": {f"tag{number}": "x" * 10 for number in range(100_000)}}).encode(), ""


def frames() -> tuple[bytes, str]:
    frame = {"function": "f", "filename": "a.py", "line": 1}
    return gzip.compress(
        json.dumps(ERROR | {"exceptions": [{"type": "E", "frames": [frame] * 100_000}]}).encode()
    ), "gzip"


def text() -> tuple[bytes, str]:
    return gzip.compress(json.dumps(ERROR | {"message": "m" * (30 * MIB)}).encode()), "gzip"


@contextmanager
def peak_of(process: psutil.Process):
    """Look at the resident memory of the process all the time; the list has the peak."""
    peak, is_over = [process.memory_info().rss], threading.Event()

    def look() -> None:
        while not is_over.wait(0.005):
            peak[0] = max(peak[0], process.memory_info().rss)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peak
    finally:
        is_over.set()
        watcher.join()


async def _throw(url: str, key: str, make) -> set[int]:
    body, encoding = await asyncio.to_thread(make)
    headers = {"X-Tocsin-Key": key} | ({"Content-Encoding": encoding} if encoding else {})

    async def one(client: httpx.AsyncClient) -> int:
        return (await client.post(url + "/api/errors", content=body, headers=headers)).status_code

    async with plain_http(timeout=50) as client:
        return set(await asyncio.gather(*(one(client) for _ in range(AT_ONCE))))


@pytest.mark.faults
@pytest.mark.timeout(240)
async def test_a_bomb_costs_what_its_bytes_cost(database_url: str, redis_url: str):
    settings: Settings = make_settings(database_url, redis_url, bodies_bytes=128 * MIB)
    async with open_resources(settings) as res:
        credentials = await first_setup(res)
    assert credentials is not None
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        fd, url = listener.fileno(), f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with running(settings, "api", f"--fd={fd}", pass_fds=(fd,)) as command:
            await Door(url + "/graphql", "", credentials.token).wait_ready()
            process = psutil.Process(command.pid)
            before = process.memory_info().rss
            for make, allowed in (
                (gzip_of_zeros, {413, 429}),
                (zstd_of_zeros, {413, 429}),
                (deep, {200, 400, 429}),
                (tags, {200, 429}),
                (frames, {200, 429}),
                (text, {200, 429}),
            ):
                with peak_of(process) as peak:
                    statuses = await _throw(url, credentials.ingest_key, make)
                assert statuses <= allowed, (make.__name__, statuses)
                assert peak[0] - before < MOST_GROWTH, (make.__name__, (peak[0] - before) // MIB)
            await Door(url + "/graphql", "", credentials.token).wait_ready()
