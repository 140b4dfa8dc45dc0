"""`/health/…`: the truth about each part, for load balancers, people and Prometheus."""

from collections.abc import Awaitable, Callable
from math import ceil
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.answers import as_json, problem, try_later
from api.credentials import credential_of
from domain.access import Scope
from domain.errors import LimitExceeded, PermissionDenied, Unauthenticated, Unavailable
from resolvers.access import authenticate
from resolvers.health import Check, can_take_errors, check_parts
from resolvers.warning.overdue import Work
from schema.errors import RATE_LIMITED

_WAITING = Gauge("tocsin_writer_waiting_events", "Events that were taken and are not yet on disk.")
_PART = Gauge("tocsin_part_is_well", "Whether a part of the installation is well.", ("part",))
_FEED_LAG = Gauge("tocsin_feed_lag_seconds", "How far readers of the feed are behind what was written.")
_SPOOLED = Gauge("tocsin_spool_waiting_events", "Events that wait in the spool for PostgreSQL.")
_SPOOLED_BYTES = Gauge("tocsin_spool_waiting_bytes", "Bytes that they take there.")
_DEAD = Gauge("tocsin_dead_letters", "Events that left the spool and could not be stored.")
_JOB = Gauge("tocsin_scheduled_job_is_well", "Whether a job of the timetable went well and was not missed.", ("job",))
_OVERDUE = Gauge("tocsin_overdue", "What was due more than five minutes ago and is not done.", ("work",))
_UNAVAILABLE = 503


async def liveness(_: Request) -> Response:
    """200 as long as the process answers at all."""
    return as_json({"status": "alive"})


async def readiness(request: Request) -> Response:
    """200 while errors can be taken, else 503."""
    return _answer(await can_take_errors(request.app.state.resources), detailed=False)


async def summary(request: Request) -> Response:
    """Every part in one word; 503 while errors cannot be taken."""
    return _answer(await check_parts(request.app.state.resources), detailed=False)


async def detailed(request: Request) -> Response:
    """Every part with its facts, for those with READ."""
    return await _refusal(request) or _answer(await check_parts(request.app.state.resources), detailed=True)


async def metrics(request: Request) -> Response:
    """What Prometheus scrapes, for those with READ."""
    if refusal := await _refusal(request):
        return refusal
    parts = await check_parts(request.app.state.resources)
    for name, check in parts.items():
        _PART.labels(name).set(check.is_well)
    _WAITING.set(request.app.state.resources.writer.depth[0])
    _FEED_LAG.set(parts["feed"].facts.get("seconds", 0))
    spool = parts["spool"].facts
    _SPOOLED.set(spool.get("waitingEvents", 0))
    _SPOOLED_BYTES.set(spool.get("waitingBytes", 0))
    _DEAD.set(spool.get("deadLetters", 0))
    for work in Work:
        _OVERDUE.labels(work).set(parts["overdue"].facts.get(work, {}).get("count", 0))
    for job, state in parts["timetable"].facts.get("jobs", {}).items():
        _JOB.labels(job).set(state["problem"] is None)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _refusal(request: Request) -> Response | None:
    try:
        actor = await authenticate(request.app.state.resources, credential_of(request))
        actor.require(Scope.READ)
    except Unavailable as away:
        return try_later(away)
    except Unauthenticated as refusal:
        return problem(401, "UNAUTHENTICATED", refusal.message)
    except PermissionDenied as refusal:
        return problem(403, "FORBIDDEN", refusal.message)
    return None


def _answer(parts: dict[str, Check], *, detailed: bool) -> Response:
    is_ready = all(check.is_well for check in parts.values() if check.is_needed)
    is_well = all(check.is_well for check in parts.values())
    status = "ok" if is_well else "degraded" if is_ready else "unavailable"
    shown: dict[str, Any] = {name: _shown(check, detailed=detailed) for name, check in parts.items()}
    return as_json({"status": status, "parts": shown}, 200 if is_ready else _UNAVAILABLE)


def _shown(check: Check, *, detailed: bool) -> Any:
    word = "ok" if check.is_well else "unavailable"
    return {"status": word, **check.facts} if detailed else word


def _limited(path: str, ask: Callable[[Request], Awaitable[Response]]) -> Route:
    """A route that one address may ask so many times a minute; liveness never waits for Valkey and is not refused."""

    async def answer(request: Request) -> Response:
        address = request.client.host if request.client else "nobody"
        try:
            await request.app.state.resources.admission.health(address)
        except LimitExceeded as refusal:
            response = problem(429, RATE_LIMITED, refusal.message, retryAfter=refusal.retry_after_s)
            response.headers["Retry-After"] = str(ceil(refusal.retry_after_s))
            return response
        return await ask(request)

    return Route(path, answer)


ROUTES = [
    _limited("/health/", summary),
    Route("/health/liveness", liveness),
    _limited("/health/readiness", readiness),
    _limited("/health/detailed", detailed),
    _limited("/health/metrics", metrics),
]
