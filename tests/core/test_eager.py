import asyncio

import pytest

from core.eager import begin


async def test_what_need_not_wait_is_done_at_once():
    done = []

    async def work() -> None:
        done.append(1)

    assert begin(work()) is None
    assert done == [1]


async def test_what_waits_is_finished_by_a_task():
    let, steps = asyncio.Event(), []

    async def work() -> None:
        steps.append("begun")
        await let.wait()
        await asyncio.sleep(0)
        steps.append("done")

    rest = begin(work())
    assert steps == ["begun"]
    let.set()
    assert rest is not None
    await rest
    assert steps == ["begun", "done"]


async def test_what_it_raises_is_raised_at_once_or_by_the_task():
    async def fail(wait_s: float | None) -> None:
        if wait_s is not None:
            await asyncio.sleep(wait_s)
        raise ValueError(str(wait_s))

    with pytest.raises(ValueError, match="None"):
        begin(fail(None))
    rest = begin(fail(0))
    assert rest is not None
    with pytest.raises(ValueError, match="0"):
        await rest


async def test_a_cancellation_reaches_it_where_it_waits():
    steps = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            steps.append("tidied")

    rest = begin(work())
    assert rest is not None
    await asyncio.sleep(0)
    rest.cancel()
    with pytest.raises(asyncio.CancelledError):
        await rest
    assert steps == ["tidied"]
