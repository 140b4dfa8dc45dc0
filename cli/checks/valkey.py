"""Is Valkey there, and does it keep what it is given?"""

from collections.abc import AsyncIterator

from redis.asyncio import Redis
from redis.exceptions import RedisError

from cli.checks import Finding
from resolvers.intake.spool import SPOOL

_WITHIN_S = 5.0


async def check_valkey(url: str) -> AsyncIterator[Finding]:
    """Look at version, persistence and eviction of the Valkey (or Redis)."""
    client = Redis.from_url(url, socket_timeout=_WITHIN_S, socket_connect_timeout=_WITHIN_S)
    try:
        info = await client.info("everything")
        waiting, size = await client.xlen(f"{SPOOL}:entries"), int(await client.get(f"{SPOOL}:bytes") or 0)
    except (OSError, RedisError) as error:
        yield Finding("FAIL", "Valkey", f"cannot be reached ({error}): check TOCSIN_REDIS_URL.")
        return
    finally:
        await client.aclose()
    yield _version(info)
    yield _persistence(info)
    yield _eviction(info)
    yield _spool(waiting, size)


def _version(info: dict[str, object]) -> Finding:
    name = "Valkey" if "valkey_version" in info else "Redis"
    return Finding("ok", "Valkey", f"{name} {info.get('valkey_version', info['redis_version'])}")


def _persistence(info: dict[str, object]) -> Finding:
    if not info.get("aof_enabled"):
        words = "off: what waits there while the database is away would be lost; set appendonly yes."
        return Finding("warn", "Persistence", words)
    if info.get("aof_last_write_status") != "ok":
        return Finding("FAIL", "Persistence", "the last write to the append-only file failed: look at its disk.")
    return Finding("ok", "Persistence", "append-only file on")


def _spool(waiting: int, size: int) -> Finding:
    if waiting:
        return Finding("warn", "Spool", f"{waiting:,} events ({size:,} bytes) wait for PostgreSQL and a running API.")
    return Finding("ok", "Spool", "nothing waits")


def _eviction(info: dict[str, object]) -> Finding:
    policy = info.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        return Finding("warn", "Eviction", f"{policy}: data may vanish; set maxmemory-policy noeviction.")
    return Finding("ok", "Eviction", "off")
