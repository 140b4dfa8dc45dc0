"""Who may log while many do already."""

import asyncio

import pytest

from domain.access import Actor
from domain.admission import DropReason, Endpoint
from domain.errors import LimitExceeded
from resolvers.intake.log import log_error
from resolvers.resources import Resources
from tests.support.factories.project import make_project
from tests.support.writing import a_report, reporter


def crowded(res: Resources, actor: Actor) -> list:
    """As many under way as may be."""
    blocks = []
    while not res.admission._pace.is_full:
        blocks.append(res.admission.under_way(actor))
        blocks[-1].__enter__()
    return blocks


async def test_where_as_many_are_under_way_as_may_be_one_more_is_refused_before_it_is_read(writing: Resources):
    actor = reporter(await make_project(writing))
    blocks = crowded(writing, actor)
    for ask in (
        lambda: writing.admission.knock(actor, Endpoint.SINGLE),
        lambda: log_error(writing, actor, a_report()),
    ):
        with pytest.raises(LimitExceeded) as refusal:
            await ask()
        assert refusal.value.reason == DropReason.QUEUE_FULL
    for block in blocks:
        block.__exit__(None, None, None)
    assert (await log_error(writing, actor, a_report())).row_id


async def test_who_fails_or_gives_up_leaves_room_for_the_next(writing: Resources):
    actor = reporter(await make_project(writing))
    for _ in range(200):
        with pytest.raises(ZeroDivisionError), writing.admission.under_way(actor):
            _ = 1 / 0
    tasks = [asyncio.create_task(log_error(writing, actor, a_report())) for _ in range(20)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert len(crowded(writing, actor)) == 64
