import asyncio

import pytest

from domain.messages import Job
from domain.timetable import DEFAULTS
from tasks.registry import HANDLERS, WAKE, look_now, timetable


def test_every_job_has_a_handler():
    assert set(HANDLERS) == set(Job)


@pytest.mark.parametrize("job", Job)
async def test_every_wake_up_lets_the_timers_look(job):
    wake = asyncio.Event()
    await HANDLERS[job]({WAKE: wake})
    assert wake.is_set()


def test_valkey_wakes_at_each_time_of_the_timetable_and_not_for_what_is_off():
    by_name = {entry.name: entry for entry in timetable("prune_runs=off; make_partitions=0,30 5")}
    assert set(by_name) == {job for job, times in DEFAULTS.items() if times != "off"} - {"prune_runs"}
    assert (by_name["make_partitions"].minute, by_name["make_partitions"].hour) == ({0, 30}, {5})
    assert {entry.coroutine for entry in by_name.values()} == {look_now}
