import asyncio

import pytest

from core.budget import Budget, Full


async def test_together_they_hold_no_more_than_there_is():
    budget = Budget(10)
    one, other = budget.hold(), budget.hold()
    await one.grow(7)
    with pytest.raises(Full):
        await other.grow(4)
    await other.grow(3)
    assert budget.held == 10
    one.release()
    other.release()
    assert budget.held == 0


async def test_one_alone_may_hold_any_number():
    budget = Budget(10)
    one, other = budget.hold(), budget.hold()
    await one.grow(7)
    await one.grow(70)
    with pytest.raises(Full):
        await other.grow(1)


async def test_who_waits_goes_on_once_something_is_released():
    budget = Budget(10)
    one, others = budget.hold(), [budget.hold() for _ in range(3)]
    await one.grow(10)
    waiting = [asyncio.create_task(other.grow(3)) for other in others]
    await asyncio.sleep(0)
    one.release()
    await asyncio.gather(*waiting)
    assert budget.held == 9
