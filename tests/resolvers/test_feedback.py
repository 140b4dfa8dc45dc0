from datetime import timedelta

import pytest
from sqlmodel import select

from core.clock import ManualClock
from core.ids import uuid7
from domain.access import ANONYMOUS, system
from domain.discarded import KEPT, SHOWN, counted
from domain.errors import InvalidInput, PermissionDenied, Unauthenticated, Unavailable
from domain.feedback import Feedback as Said
from domain.page import PageRequest
from models import DiscardedCount, Feedback, Project
from resolvers.discarded import add_discarded, discarded_by_project_id, prune_discarded
from resolvers.feedback import (
    feedback_by_id,
    feedback_pages_by_event,
    feedback_pages_by_issue,
    feedback_pages_by_project,
    keep_feedback,
    link_feedback,
    prune_feedback,
)
from resolvers.pages import PageKey
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.cutting import cut_connections
from tests.support.factories.developer import make_developer
from tests.support.factories.project import make_project
from tests.support.graphql import counted_statements
from tests.support.rows import all_rows, only_row
from tests.support.writing import log, reporter

EVENT_ID = "fc6d8c0c43fc4630ad850ee518f1b9d0"


async def say(res: Resources, project: Project, message: str = "I cannot pay", **more) -> str:
    said = Said(message, **{"event_id": EVENT_ID, **more})
    return await keep_feedback(res, reporter(project), lambda _: said)


async def count_discarded(res: Resources) -> int:
    """How many rows of counts there are, which have no id."""
    async with res.db.reading() as session:
        return len((await session.exec(select(DiscardedCount))).all())


async def test_it_is_kept_once_with_its_event(writing: Resources):
    project = await make_project(writing)
    stored = await log(writing, project, eventId=EVENT_ID)
    for _ in range(2):
        await say(writing, project, name="Ann", email="ann@example.com", url="/pay")
    row = await only_row(writing, Feedback)
    assert (row.message, row.name, row.email, row.url) == ("I cannot pay", "Ann", "ann@example.com", "/pay")
    assert (row.project_id, row.event_id, row.row_id) == (project.id, EVENT_ID, stored.row_id)
    await say(writing, project, "Still not")
    assert len(await all_rows(writing, Feedback)) == 2


async def test_it_may_come_before_its_event(writing: Resources):
    project = await make_project(writing)
    await say(writing, project)
    await say(writing, project, "without an event", event_id=None)
    assert await link_feedback(writing) == 0
    stored = await log(writing, project, eventId=EVENT_ID)
    assert await link_feedback(writing) == 1
    assert await link_feedback(writing) == 0
    row = await only_row(writing, Feedback, Feedback.event_id == EVENT_ID)
    assert row.row_id == stored.row_id
    assert row.grouping_key_id is not None


async def test_an_event_of_that_id_in_another_project_is_another(writing: Resources):
    project, other = await make_project(writing), await make_project(writing)
    await log(writing, other, eventId=EVENT_ID)
    await say(writing, project)
    assert await link_feedback(writing) == 0
    assert (await only_row(writing, Feedback)).row_id is None
    await say(writing, other)
    assert len(await all_rows(writing, Feedback)) == 2


async def test_each_event_issue_and_project_has_its_own_newest_first(writing: Resources):
    project = await make_project(writing)
    events = [await log(writing, project, eventId=f"{n:032x}", errorType=f"Error{n}") for n in range(2)]
    for n in range(2):
        for word in ("first", "second"):
            await say(writing, project, f"{word} of {n}", event_id=f"{n:032x}")
    await say(writing, project, "of none", event_id=None)
    everything = PageRequest(9)
    with counted_statements(writing) as statements:
        by_event = await feedback_pages_by_event(
            writing, system(), [PageKey(event.row_id, everything) for event in events]
        )
        by_issue = await feedback_pages_by_issue(
            writing, system(), [PageKey(event.issue_id, everything) for event in events]
        )
    assert len(statements) == 2
    for pages in (by_event, by_issue):
        assert [[row.message for row in page.items] for page in pages] == [
            ["second of 0", "first of 0"],
            ["second of 1", "first of 1"],
        ]
    (page,) = await feedback_pages_by_project(writing, system(), [PageKey(project.id, PageRequest(1))])
    assert ([row.message for row in page.items], page.has_next) == (["of none"], True)
    rest = PageRequest(9, after=page.cursors[0])
    (page,) = await feedback_pages_by_project(writing, system(), [PageKey(project.id, rest)])
    assert (len(page.items), page.has_next) == (4, False)
    with pytest.raises(InvalidInput):
        await feedback_pages_by_project(writing, system(), [PageKey(project.id, PageRequest(after="x"))])


async def test_what_is_out_of_sight_is_not_there(writing: Resources):
    project = await make_project(writing)
    stored = await log(writing, project, eventId=EVENT_ID)
    await say(writing, project)
    await add_discarded(writing, reporter(project), counted([{"quantity": 1}]))
    row = await only_row(writing, Feedback)
    stranger = acting(await make_developer(writing), await make_project(writing))
    lists = (
        (feedback_pages_by_event, stored.row_id),
        (feedback_pages_by_issue, stored.issue_id),
        (feedback_pages_by_project, project.id),
    )
    for pages, id in lists:
        key = PageKey(id, PageRequest())
        assert [page.items for page in await pages(writing, stranger, [key])] == [[]]
        assert [len(page.items) for page in await pages(writing, system(), [key])] == [1]
        with pytest.raises(Unauthenticated):
            await pages(writing, ANONYMOUS, [key])
    assert await feedback_by_id(writing, stranger, [row.id]) == [None]
    assert await feedback_by_id(writing, system(), [row.id]) == [row]
    assert await discarded_by_project_id(writing, stranger, [project.id]) == [[]]
    for ask in (feedback_by_id, discarded_by_project_id):
        with pytest.raises(PermissionDenied):
            await ask(writing, reporter(project), [project.id])


async def test_who_may_not_log_to_a_project_leaves_nothing(res: Resources):
    project, other = await make_project(res), await make_project(res)
    with pytest.raises(InvalidInput, match="no such project"):
        await keep_feedback(res, reporter(project), lambda _: Said("No"), project=other.number)
    with pytest.raises(InvalidInput, match="no such project"):
        await add_discarded(res, reporter(project), counted([{"quantity": 1}]), project=other.number)
    with pytest.raises(Unauthenticated):
        await keep_feedback(res, ANONYMOUS, lambda _: Said("No"), project=project.number)
    assert (await all_rows(res, Feedback), await count_discarded(res)) == ([], 0)


async def test_a_lost_connection_loses_nothing(res: Resources):
    project = await make_project(res)
    await say(res, project, "before")
    await cut_connections(res.db.raw)
    await say(res, project, "after")
    await add_discarded(res, reporter(project), counted([{"quantity": 1}]))
    assert await res.db.raw.fetchval("SELECT array_agg(message ORDER BY id) FROM feedback") == ["before", "after"]
    assert await res.db.raw.fetchval("SELECT count FROM discarded_count") == 1


async def test_while_the_database_is_away_nothing_is_pretended(res: Resources):
    project = await make_project(res)
    await say(res, project, "before")
    await res.db.raw.close()
    with pytest.raises(Unavailable):
        await say(res, project, "while it is away")
    with pytest.raises(Unavailable):
        await add_discarded(res, reporter(project), counted([{"quantity": 1}]))


async def test_it_is_kept_as_long_as_its_project_keeps_events(res: Resources, clock: ManualClock):
    brief, long = await make_project(res, retention_days=3), await make_project(res, retention_days=30)
    at = clock.now() - timedelta(days=4)
    async with res.db.transaction() as tx:
        tx.session.add_all(
            Feedback(id=uuid7(at), project_id=project.id, feedback_id="1", message="old", at=at)
            for project in (brief, long)
        )
    await say(res, brief, "new")
    assert await prune_feedback(res) == 1
    assert {(row.project_id, row.message) for row in await all_rows(res, Feedback)} == {
        (long.id, "old"),
        (brief.id, "new"),
    }


async def test_discards_are_added_up_and_shown_for_a_day(res: Resources, clock: ManualClock):
    project = await make_project(res)
    report = counted([
        {"reason": "before_send", "category": "error", "quantity": 2},
        {"reason": "sample_rate", "category": "transaction", "quantity": 9},
    ])  # fmt: skip
    for _ in range(2):
        await add_discarded(res, reporter(project), report)
    await add_discarded(res, reporter(project), counted([]))
    await clock.advance(timedelta(hours=1))
    await add_discarded(res, reporter(project), report)

    async def shown() -> list[tuple[str, str, int]]:
        (found,) = await discarded_by_project_id(res, system(), [project.id])
        return [(each.reason, each.category, each.count) for each in found]

    assert await shown() == [("sample_rate", "transaction", 27), ("before_send", "error", 6)]
    await clock.advance(SHOWN - timedelta(hours=1))
    assert await shown() == [("sample_rate", "transaction", 9), ("before_send", "error", 2)]
    await clock.advance(timedelta(hours=1))
    assert await shown() == []
    await prune_discarded(res)
    assert await count_discarded(res) == 4
    await clock.advance(KEPT)
    await prune_discarded(res)
    assert await count_discarded(res) == 0
