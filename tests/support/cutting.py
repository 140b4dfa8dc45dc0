"""Cuts the connections that a test's database has, as a restart or a broken network would."""

from typing import Protocol

# Those of clients only: autovacuum may be at work in the database too, and nobody but a superuser may end that.
_CUT = """SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"""
_CUT_WAITING = f"{_CUT} AND wait_event_type = 'Lock'"


class Asking(Protocol):
    """A connection, or a pool of them."""

    async def fetch(self, query: str, /) -> list[tuple[int, bool]]: ...


async def cut_connections(asking: Asking, *, that_wait: bool = False) -> list[int]:
    """End every other connection to this database, or all that wait for a lock; answer PostgreSQL's ids of them."""
    rows = await asking.fetch(_CUT_WAITING if that_wait else _CUT)
    return [pid for pid, was_cut in rows if was_cut]
