"""How the installation is: each part looked at, none believed."""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import asyncpg
import psutil
from redis.exceptions import RedisError

from core.away import AWAY
from models.migrate import newest_revision
from resolvers.archive.confirmed import erasures_wait
from resolvers.archive.outcome import outcomes
from resolvers.heartbeat import last_beats
from resolvers.resources import Resources
from resolvers.timetable.states import job_states
from resolvers.warning.overdue import find_overdue

_PATIENCE_S = 2.0
# The worker says every few seconds that it lives.
WORKER_SILENT_S = 30


@dataclass(frozen=True, slots=True)
class Check:
    """One part: whether it is well, whether errors can be taken without it, and the facts."""

    is_well: bool
    is_needed: bool
    facts: dict[str, Any] = field(default_factory=dict)


async def check_parts(res: Resources) -> dict[str, Check]:
    """Every part of the installation, looked at now; a part that does not answer in 2 s is not well."""
    looks: dict[str, tuple[bool, Callable[[Resources], Awaitable[tuple[bool, dict[str, Any]]]]]] = {
        "database": (True, _database),
        "valkey": (False, _valkey),
        "spool": (False, _spool),
        "bus": (False, _bus),
        "writer": (True, _writer),
        "feed": (False, _feed),
        "worker": (False, _worker),
        "archive": (False, _archive),
        "timetable": (False, _timetable),
        "overdue": (False, _overdue),
        "machine": (False, _machine),
    }
    found = await asyncio.gather(*(_look(res, look) for _, look in looks.values()))
    parts = {
        name: Check(is_well, is_needed, facts)
        for (name, (is_needed, _)), (is_well, facts) in zip(looks.items(), found, strict=True)
    }
    return parts | {"database": _stood_in_for(parts["database"], parts["spool"])}


async def can_take_errors(res: Resources) -> dict[str, Check]:
    """The parts without which no error can be stored, looked at now."""
    database, spool, writer = await asyncio.gather(_look(res, _database), _look(res, _spool), _look(res, _writer))
    stands_in = Check(spool[0], False, spool[1])
    parts = {
        "database": _stood_in_for(Check(database[0], True, database[1]), stands_in),
        "writer": Check(writer[0], True, writer[1]),
    }
    return parts if database[0] else parts | {"spool": stands_in}


def _stood_in_for(database: Check, spool: Check) -> Check:
    """Whether errors can be taken without the database: while it is away and the spool is well."""
    is_ours = bool(database.facts.get("is_current", True))
    return replace(database, is_needed=not (is_ours and spool.is_well and spool.facts["knowsCallers"]))


async def _look(
    res: Resources, look: Callable[[Resources], Awaitable[tuple[bool, dict[str, Any]]]]
) -> tuple[bool, dict[str, Any]]:
    began = time.perf_counter()
    try:
        is_well, facts = await asyncio.wait_for(look(res), _PATIENCE_S)
    except (*AWAY, asyncpg.PostgresError, RedisError) as error:
        is_well, facts = False, {"error": str(error) or type(error).__name__}
    return is_well, {**facts, "ms": round((time.perf_counter() - began) * 1000, 1)}


async def _database(res: Resources) -> tuple[bool, dict[str, Any]]:
    row = await res.db.raw.fetchrow(
        "SELECT current_setting('server_version') AS version, (SELECT version_num FROM alembic_version) AS revision,"
        " pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS is_read_only,"
        " (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()) AS connections"
    )
    assert row is not None
    facts = dict(row)
    facts["is_current"] = facts["revision"] == newest_revision()
    if reason := res.writer.absence.reason:
        facts["takesNothing"] = reason
    return facts["is_current"] and not facts["is_read_only"] and not reason, facts


async def _valkey(res: Resources) -> tuple[bool, dict[str, Any]]:
    facts = await res.queue.describe()
    return True, facts


async def _spool(res: Resources) -> tuple[bool, dict[str, Any]]:
    state, known = await res.spool.state(), await res.register.read()
    facts = {"waitingEvents": state.entries, "waitingBytes": state.size, "knowsCallers": known is not None}
    with suppress(*AWAY, asyncpg.PostgresError, TimeoutError):
        async with asyncio.timeout(_PATIENCE_S / 2):
            facts["deadLetters"] = await res.db.raw.fetchval("SELECT count(*) FROM dead_letter")
    return state.problem is None, facts | ({"problem": state.problem} if state.problem else {})


async def _bus(res: Resources) -> tuple[bool, dict[str, Any]]:
    return res.bus.is_connected, {"isConnected": res.bus.is_connected}


async def _writer(res: Resources) -> tuple[bool, dict[str, Any]]:
    events, size = res.writer.depth
    is_full = events >= res.settings.writer_queue_events or size >= res.settings.writer_queue_bytes
    return not is_full, {"waitingEvents": events, "waitingBytes": size}


async def _feed(res: Resources) -> tuple[bool, dict[str, Any]]:
    lag = await res.feed.lag()
    return lag["seconds"] < res.settings.stream_position_s, lag


async def _worker(res: Resources) -> tuple[bool, dict[str, Any]]:
    now = res.clock.now()
    beats = await last_beats(res)
    ages = {name: round((now - at).total_seconds(), 1) for name, at in beats.items()}
    return any(age < WORKER_SILENT_S for age in ages.values()), {"secondsSinceSeen": ages}


async def _archive(res: Resources) -> tuple[bool, dict[str, Any]]:
    if res.settings.archive is None:
        waits = await erasures_wait(res)
        return not waits, {"isSet": False, **({"problem": _NO_ARCHIVE} if waits else {})}
    found = await outcomes(res)
    facts = {
        row.command: {"succeededAt": row.succeeded_at, "failedAt": row.failed_at, "failure": row.failure}
        for row in found
    }
    return all(row.failure is None for row in found), {"isSet": True, **facts}


async def _timetable(res: Resources) -> tuple[bool, dict[str, Any]]:
    states = await job_states(res)
    jobs = {
        state.job: {
            "nextAt": state.next_at,
            "status": run.status if (run := state.last_run) else None,
            "startedAt": run.started_at if run else None,
            "problem": state.problem,
        }
        for state in states
    }
    return not any(state.problem for state in states), {"jobs": jobs}


async def _overdue(res: Resources) -> tuple[bool, dict[str, Any]]:
    found = await find_overdue(res)
    facts = {work.value: {"count": overdue.count, "since": overdue.since} for work, overdue in found.items()}
    return not any(overdue.count for overdue in found.values()), facts


async def _machine(res: Resources) -> tuple[bool, dict[str, Any]]:
    disk = shutil.disk_usage(res.settings.data_dir if res.settings.data_dir.exists() else "/")
    memory = psutil.virtual_memory()
    facts = {
        "cpuPercent": psutil.cpu_percent(),
        "load": [round(load, 2) for load in psutil.getloadavg()],
        "memoryAvailableBytes": memory.available,
        "processBytes": psutil.Process().memory_info().rss,
        "diskFreeBytes": disk.free,
    }
    return disk.free > _LEAST_DISK_BYTES and memory.percent < _MOST_MEMORY_PERCENT, facts


_NO_ARCHIVE = "Somebody is to be erased from archived files, and TOCSIN_ARCHIVE is not set."
_LEAST_DISK_BYTES = 200 * 2**20
_MOST_MEMORY_PERCENT = 97
