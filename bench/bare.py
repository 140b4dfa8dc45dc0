"""The limits: a bare Starlette app that does the same work without our layers.

`/log` and `/batch` bring reports to the disk by the same group commit, one INSERT a flush into one table with two
indexes; `/envelope` decompresses and parses those of an SDK first; `/ws` sends every text posted to `/say` to all
sockets; `/dashboard` answers what the dashboard's list answers.
"""

import asyncio
import gzip
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bench import dashboard
from core.batch import Batcher
from core.clock import SystemClock
from core.ids import uuid7

TABLE = """
CREATE TABLE IF NOT EXISTS bare_event (
  project_id uuid, id uuid, event_id text, service text, environment text, severity text, error_type text,
  message text, culprit text, occurred_at timestamptz, received_at timestamptz, payload jsonb,
  PRIMARY KEY (project_id, id));
CREATE INDEX IF NOT EXISTS bare_service ON bare_event (project_id, service, id);
CREATE INDEX IF NOT EXISTS bare_type ON bare_event (project_id, error_type, id);
"""
_INSERT = """
INSERT INTO bare_event SELECT a, b, c, d, e, f, g, h, i, j, k, l::jsonb
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
              $9::text[], $10::timestamptz[], $11::timestamptz[], $12::text[]) AS r (a, b, c, d, e, f, g, h, i, j, k, l)
"""
_PROJECT = UUID(int=1)
_clock = SystemClock()


def _row(report: dict[str, Any]) -> tuple[Any, ...]:
    at = _clock.now()
    id = uuid7(at)
    plain = (report["service"], "production", report["severity"], report["errorType"], report["message"], None)
    return (_PROJECT, id, id.hex, *plain, at, at, orjson.dumps(report).decode())


async def log(request: Request) -> Response:
    report = orjson.loads(await request.body())
    row = _row(report)
    await request.app.state.batcher.put([(row, 1000)])[0]
    return Response(orjson.dumps({"id": row[2]}), media_type="application/json")


async def batch(request: Request) -> Response:
    reports = orjson.loads(await request.body())
    rows = [(_row(report), 1000) for report in reports]
    await asyncio.gather(*request.app.state.batcher.put(rows))
    return Response(orjson.dumps([row[2] for row, _ in rows]), media_type="application/json")


async def envelope(request: Request) -> Response:
    lines = gzip.decompress(await request.body()).split(b"\n", 2)
    event = orjson.loads(lines[2])
    at = _clock.now()
    id = uuid7(at)
    thrown = event["exception"]["values"][-1]
    what = ("shop", event["environment"], "MEDIUM", thrown["type"], thrown["value"], None)
    row = (_PROJECT, id, event["event_id"], *what, at, at, orjson.dumps(event).decode())
    await request.app.state.batcher.put([(row, 12_000)])[0]
    return Response(orjson.dumps({"id": row[2]}), media_type="application/json")


async def watch(socket: WebSocket) -> None:
    await socket.accept(subprotocol="graphql-transport-ws")
    sockets = socket.app.state.sockets
    sockets.add(socket)
    try:
        await socket.receive_text()
    except WebSocketDisconnect:
        sockets.discard(socket)


async def say(request: Request) -> Response:
    text = (await request.body()).decode()
    for socket in list(request.app.state.sockets):
        await socket.send_text(text)
    return Response("{}", media_type="application/json")


async def list_issues(request: Request) -> Response:
    today = _clock.now().date()
    rows = await dashboard.read_rows(request.app.state.connection, today)
    return Response(dashboard.answer(rows, today), media_type="application/json")


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    connection = await asyncpg.connect(os.environ["TOCSIN_DATABASE_URL"])  # noqa: TID251 - not the product
    await connection.execute(TABLE)

    async def flush(rows: Sequence[Any]) -> Sequence[Any]:
        await connection.execute(_INSERT, *zip(*rows, strict=True))
        return rows

    app.state.connection = connection
    app.state.sockets = set()
    app.state.batcher = Batcher(flush, most_items=100_000, most_bytes=2**30, batch_items=1000)
    running = asyncio.create_task(app.state.batcher.run())
    yield
    app.state.batcher.close()
    await running
    await connection.close()


def create_app() -> Starlette:
    routes = [
        Route("/log", log, methods=["POST"]),
        Route("/batch", batch, methods=["POST"]),
        Route("/envelope", envelope, methods=["POST"]),
        Route("/say", say, methods=["POST"]),
        Route("/dashboard", list_issues),
        WebSocketRoute("/ws", watch),
    ]
    return Starlette(routes=routes, lifespan=_lifespan)


def unique() -> str:
    return uuid4().hex
