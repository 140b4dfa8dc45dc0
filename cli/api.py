"""`tocsin api`: the API alone."""

import asyncio
import math
import signal
import socket
from typing import Annotated

import typer
import uvicorn

from api.app import create_app
from cli.configuration import read_settings_with_stores
from cli.migrated import wait_migrated
from core import log
from core.settings import Settings

# After that the door opens without a database, and spools.
_AWAY_S = 3.0
_SOCKET_MESSAGE_BYTES = 2**20


def main(
    fd: Annotated[int | None, typer.Option(help="A listening socket to use, by its file descriptor.")] = None,
) -> None:
    """Run the API alone."""
    settings = read_settings_with_stores()
    log.configure(settings.log_level, settings.log_format)
    assert settings.database_url is not None
    asyncio.run(wait_migrated(settings.database_url, away_s=_AWAY_S))
    # uvicorn raises the signal again that stopped it: we have stopped, and in order.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    uvicorn.Server(_configuration(settings)).run(sockets=None if fd is None else [socket.socket(fileno=fd)])


def _configuration(settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=_SOCKET_MESSAGE_BYTES,
        timeout_graceful_shutdown=math.ceil(settings.drain_s),
        backlog=2048,
        access_log=False,
        log_config=None,
        server_header=False,
    )
