"""The server that listens: uvicorn, that at its end sends away who watches before it waits for the rest."""

import asyncio
import math
import socket
from typing import Any

import uvicorn
from starlette.applications import Starlette

from api.sockets import Sockets
from api.wire import SocketProtocol
from core.settings import Settings

# A socket is asked with a ping of RFC 6455 whether it is still there, and closed with 1011 where it does not answer.
PING_S, PONG_S = 20.0, 20.0
# Of the time that a stopping process has, this part may pass until the last watcher is told.
_PART_TO_SEND_AWAY = 0.25
_LOOK_S = 0.1


class Server(uvicorn.Server):
    """Stops in order: no new connections, those who watch sent away, what was taken finished."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Bring everything to its end, within the time of `timeout_graceful_shutdown`."""
        for server in self.servers:
            server.close()
        for listening in sockets or ():
            listening.close()
        loop, most_s = asyncio.get_running_loop(), self.config.timeout_graceful_shutdown or 0
        began = loop.time()
        await self._send_away(most_s * _PART_TO_SEND_AWAY)
        self.config.timeout_graceful_shutdown = max(math.ceil(most_s - (loop.time() - began)), 1)
        await super().shutdown(sockets)

    async def _send_away(self, within_s: float) -> None:
        watching: Sockets = self.config.app.state.sockets  # type: ignore[union-attr]  # it is made with a Starlette
        away = asyncio.create_task(watching.send_away(within_s))
        while not away.done() and not self.force_exit:
            await asyncio.wait([away], timeout=_LOOK_S)
        away.cancel()


def make_server(app: Starlette, settings: Settings, **other: Any) -> Server:
    """A server of the app, that listens where the settings say; `other` are options of uvicorn."""
    options: dict[str, Any] = {
        "host": settings.host,
        "port": settings.port,
        "loop": "uvloop",
        "http": "httptools",
        "ws": SocketProtocol,
        "ws_per_message_deflate": False,
        "ws_max_size": settings.socket_message_bytes,
        "ws_ping_interval": PING_S,
        "ws_ping_timeout": PONG_S,
        "timeout_graceful_shutdown": math.ceil(settings.drain_s),
        "backlog": 2048,
        "access_log": False,
        "log_config": None,
        "server_header": False,
    }
    return Server(uvicorn.Config(app, **(options | other)))
