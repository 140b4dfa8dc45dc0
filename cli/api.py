"""`tocsin api`: the API alone."""

import asyncio
import signal
import socket
from typing import Annotated

import typer

from api.app import create_app
from api.server import make_server
from cli.configuration import read_settings_with_stores
from cli.migrated import wait_migrated
from core import log

# After that the door opens without a database, and spools.
_AWAY_S = 3.0


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
    make_server(create_app(settings), settings).run(sockets=None if fd is None else [socket.socket(fileno=fd)])
