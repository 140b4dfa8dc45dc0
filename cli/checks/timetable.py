"""Is everything done that is to be done by the timetable?"""

from collections.abc import AsyncIterator

import asyncpg

from cli.checks import Finding
from core.clock import Clock
from domain.timetable import read_timetable
from resolvers.timetable.states import read_job_states

_WITHIN_S = 5.0


async def check_timetable(url: str, times: str | None, clock: Clock) -> AsyncIterator[Finding]:
    """Look at how the jobs of the timetable went; nothing where the database cannot tell, which is said elsewhere."""
    try:
        connection = await asyncpg.connect(url, timeout=_WITHIN_S, command_timeout=_WITHIN_S)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return
    try:
        states = await read_job_states(connection, read_timetable(times), clock.now())
    except asyncpg.UndefinedTableError:
        return
    finally:
        await connection.close()
    wrong = [state for state in states if state.problem]
    for state in wrong:
        yield Finding("warn", "Scheduled work", f"{state.job} {state.problem}: see the worker's log, or tocsin run.")
    if not wrong:
        yield Finding("ok", "Scheduled work", "nothing failed, nothing is late")
