import random
import re
from datetime import timedelta

import pytest
from sqlalchemy.exc import SQLAlchemyError

from domain.access import ANONYMOUS, system
from domain.errors import InvalidInput, Unauthenticated
from domain.event import EventFilter, Severity
from domain.page import PageRequest
from domain.span import TimeRange
from models import EventKey
from resolvers.event.list import count_events, find_event, list_events
from resolvers.event.loaders import EventRef, events_by_id, events_by_ref, payloads_by_ref
from resolvers.issue.loaders import issues_by_key_id
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_event, make_issue, make_key
from tests.support.factories.project import make_project
from tests.support.graphql import counted_statements

HOUR = timedelta(hours=1)


async def listed(res: Resources, actor, **arguments) -> list:
    page = await list_events(res, actor, **arguments)
    return [event.id for event in page.items]


async def make_some(res: Resources) -> list:
    """Ids of events of two projects, two issues each, one with two keys, on two days; newest first."""
    ids = []
    for _ in range(2):
        project = await make_project(res)
        for _ in range(2):
            issue = await make_issue(res, project, events=0)
            key = await make_key(res, issue)
            for hours in (0, 1, 5, 6):
                ids.append((await make_event(res, issue, at=START - hours * HOUR)).id)
                ids.append((await make_event(res, issue, key=key, at=START - hours * HOUR)).id)
    return sorted(ids, reverse=True)


async def test_the_newest_come_first_whatever_project_key_and_day(res: Resources):
    ids = await make_some(res)
    assert await listed(res, system(), page=PageRequest(200)) == ids


async def test_any_page_is_what_the_sorted_list_has_there(res: Resources):
    ids = await make_some(res)
    cursors = (await list_events(res, system(), page=PageRequest(200))).cursors
    dice = random.Random(3)
    for _ in range(60):
        after, before = (dice.choice([None, *range(len(ids))]) for _ in range(2))
        size, backward = dice.randrange(len(ids) + 2), dice.random() < 0.5
        request = PageRequest(
            size,
            after=None if after is None else cursors[after],
            before=None if before is None else cursors[before],
            backward=backward,
        )
        between = ids[0 if after is None else after + 1 : len(ids) if before is None else before]
        expected = between[max(0, len(between) - size) :] if backward else between[:size]
        page = await list_events(res, system(), page=request)
        assert [event.id for event in page.items] == expected
        assert (page.has_previous if backward else page.has_next) == (len(between) > size)


async def test_each_part_of_the_filter_lets_pass_what_it_names(res: Resources):
    project, other = await make_project(res, slug="shop"), await make_project(res)
    issue = await make_issue(res, project, events=0)
    wanted = await make_event(
        res,
        issue,
        at=START - 5 * HOUR,
        service="billing",
        environment="staging",
        severity=Severity.CRITICAL,
        release="1.1",
        error_type="KeyError",
    )
    await make_issue(res, other, severity=Severity.LOW)
    for passing in (
        EventFilter(project=("shop",)),
        EventFilter(service=("billing",)),
        EventFilter(environment=("staging", "nowhere")),
        EventFilter(severity=(Severity.CRITICAL,)),
        EventFilter(min_severity=Severity.HIGH),
        EventFilter(release=("1.1",)),
        EventFilter(error_type=("KeyError",)),
        EventFilter(issue=(issue.id,)),
        EventFilter(issue=(issue.id,), project=("shop",)),
        EventFilter(received=TimeRange(until=START)),
        EventFilter(received=TimeRange(since=START - 5 * HOUR, until=START - 4 * HOUR)),
    ):
        assert await listed(res, system(), filter=passing) == [wanted.id], passing
        assert await count_events(res, system(), filter=passing) == 1, passing
    for failing in (
        EventFilter(service=()),
        EventFilter(issue=(issue.id,), project=(other.slug,)),
        EventFilter(issue=()),
        EventFilter(received=TimeRange(until=START - 5 * HOUR)),
        EventFilter(service=("billing",), severity=(Severity.LOW,)),
    ):
        assert await listed(res, system(), filter=failing) == [], failing
        assert await count_events(res, system(), filter=failing) == 0, failing
    assert wanted.id not in await listed(res, system(), filter=EventFilter(received=TimeRange(last=HOUR)))


async def test_any_time_may_be_asked_for(res: Resources):
    await make_some(res)
    for year in (1, 1969, 9999):
        for received in (TimeRange(since=START.replace(year=year)), TimeRange(until=START.replace(year=year))):
            assert len(await listed(res, system(), filter=EventFilter(received=received))) in (0, 25)


async def test_events_are_looked_for_in_the_partition_of_their_day_alone(res: Resources):
    event = await make_event(res, await make_issue(res, await make_project(res), events=0))
    parameters = []
    with counted_statements(res, parameters=parameters) as statements:
        await events_by_id(res, system(), [event.id])
        await events_by_ref(res, system(), [EventRef(event.project_id, event.id)])
        await payloads_by_ref(res, system(), [EventRef(event.project_id, event.id)])
    assert len(statements) == 3
    for statement, sent in zip(statements, parameters, strict=True):
        plan = "\n".join(line for (line,) in await res.db.raw.fetch(f"EXPLAIN {statement}", *sent))
        assert len(set(re.findall(r" on (event_\w+)", plan))) == 1, plan


async def test_only_projects_in_sight_are_listed_counted_and_found(res: Resources):
    mine, other = await make_project(res), await make_project(res)
    issue, hidden_issue = await make_issue(res, mine, events=0), await make_issue(res, other, events=0)
    seen, hidden = await make_event(res, issue), await make_event(res, hidden_issue)
    actor = acting(await make_developer(res), mine)
    refs = [EventRef(other.id, hidden.id), EventRef(mine.id, seen.id)]
    assert await listed(res, actor) == [seen.id]
    assert await listed(res, actor, filter=EventFilter(issue=(issue.id, hidden_issue.id))) == [seen.id]
    assert await listed(res, actor, filter=EventFilter(project=(other.slug,))) == []
    assert await count_events(res, actor) == 1
    assert await find_event(res, actor, event_id=hidden.event_id) is None
    assert [event and event.id for event in await events_by_id(res, actor, [hidden.id, seen.id])] == [None, seen.id]
    assert [event and event.id for event in await events_by_ref(res, actor, refs)] == [None, seen.id]
    assert await payloads_by_ref(res, actor, refs) == [{}, {}]
    assert await issues_by_key_id(res, actor, [hidden.grouping_key_id, seen.grouping_key_id]) == [None, issue]


async def test_a_project_with_another_events_id_does_not_lead_to_it(res: Resources):
    mine, other = await make_project(res), await make_project(res)
    event = await make_event(res, await make_issue(res, other))
    assert await events_by_ref(res, system(), [EventRef(mine.id, event.id)]) == [None]


async def test_who_is_nobody_is_refused(res: Resources):
    for refused in (list_events(res, ANONYMOUS), count_events(res, ANONYMOUS), find_event(res, ANONYMOUS, event_id="")):
        with pytest.raises(Unauthenticated):
            await refused


async def test_payloads_are_read_only_when_asked_for(res: Resources):
    issue = await make_issue(res, await make_project(res), events=0)
    event = await make_event(res, issue, payload={"endpoint": "GET /"})
    (row,) = (await list_events(res, system())).items
    with pytest.raises(SQLAlchemyError):
        _ = row.payload
    assert await payloads_by_ref(res, system(), [EventRef(issue.project_id, event.id)]) == [{"endpoint": "GET /"}]


async def named(res: Resources, issue, name: str):
    event = await make_event(res, issue, event_id=name)
    async with res.db.transaction() as tx:
        tx.session.add(EventKey(project_id=issue.project_id, event_id=name, id=event.id, received_at=START))
    return event


async def test_an_event_is_found_by_the_id_that_its_reporter_or_the_door_gave(res: Resources):
    shop, other = await make_project(res, slug="shop"), await make_project(res)
    issue = await make_issue(res, shop, events=0)
    by_text = await named(res, issue, "order-7")
    by_uuid = await named(res, issue, "0123456789abcdef0123456789abcdef")
    by_door = await make_event(res, issue)
    for name, event in (
        ("order-7", by_text),
        (" order-7 ", by_text),
        ("01234567-89AB-CDEF-0123-456789ABCDEF", by_uuid),
        (by_door.id.hex, by_door),
        (str(by_door.id), by_door),
    ):
        for project in (None, "shop"):
            assert (await find_event(res, system(), event_id=name, project=project)).id == event.id, name
        assert await find_event(res, system(), event_id=name, project=other.slug) is None


async def test_a_row_id_is_no_name_of_an_event_that_its_reporter_named(res: Resources):
    event = await named(res, await make_issue(res, await make_project(res)), "order-7")
    assert await find_event(res, system(), event_id=event.id.hex) is None


async def test_of_events_with_one_name_in_several_projects_the_newest_is_found(res: Resources):
    for _ in range(3):
        newest = await named(res, await make_issue(res, await make_project(res)), "order-7")
    assert (await find_event(res, system(), event_id="order-7")).id == newest.id


@pytest.mark.parametrize("name", ["a\0b", "\ud83d", "x" * 1001])
async def test_a_name_that_could_not_be_stored_is_refused(res: Resources, name: str):
    with pytest.raises(InvalidInput):
        await find_event(res, system(), event_id=name)
    with pytest.raises(InvalidInput):
        await find_event(res, system(), event_id="fine", project=name)
