"""What a project keeps no longer goes in small steps, and the events that tell more than others stay."""

from datetime import datetime, timedelta

import pytest

from core.clock import ManualClock
from domain.access import system
from models import Event, Project
from models.kept import KEPT_EVENT
from resolvers.event import prune
from resolvers.event.list import find_event
from resolvers.event.loaders import EventRef, events_by_id, events_by_ref, payloads_by_ref
from resolvers.event.prune import prune_events
from resolvers.partitions import drop_partitions, make_partitions
from resolvers.resources import Resources
from tests.support.factories.issue import find_key, make_event, make_issue
from tests.support.factories.project import make_project


async def kept(res: Resources) -> dict[str, str]:
    rows = await res.db.raw.fetch("SELECT event_id, telling FROM kept_event ORDER BY id")
    return {row["event_id"]: row["telling"] for row in rows}


async def left(res: Resources) -> list[str]:
    rows = await res.db.raw.fetch("SELECT event_id FROM event ORDER BY id")
    return [row["event_id"] for row in rows]


async def make_events(res: Resources, issue, *rows: tuple[str, str | None]) -> list[Event]:
    """Events of an issue, named, each of a release, one a minute."""
    key = await find_key(res, issue)
    start: datetime = res.clock.now()
    return [
        await make_event(
            res,
            issue,
            key=key,
            at=start + timedelta(minutes=number),
            event_id=name,
            release=release,
            payload={"endpoint": name},
        )
        for number, (name, release) in enumerate(rows)
    ]


@pytest.fixture
async def short(res: Resources) -> Project:
    """A project that keeps its events for a day, where the installation keeps them for 90."""
    return await make_project(res, retention_days=1)


ROWS = (("a", "1.0"), ("b", "1.0"), ("c", "1.1"), ("d", None), ("e", "1.1"))


async def test_past_its_time_only_what_tells_more_stays(res: Resources, clock: ManualClock, short: Project):
    events = await make_events(res, await make_issue(res, short, events=0), *ROWS)
    assert await prune_events(res) == 0
    await clock.advance(timedelta(days=2))
    assert await prune_events(res) == 5
    assert await left(res) == []
    assert await kept(res) == {"a": "FIRST", "c": "RELEASE", "e": "LAST"}
    assert await prune_events(res) == 0
    first, gone = EventRef(short.id, events[0].id), EventRef(short.id, events[1].id)
    assert [event and event.event_id for event in await events_by_ref(res, system("test"), [first, gone])] == [
        "a",
        None,
    ]
    assert [event and event.event_id for event in await events_by_id(res, system("test"), [first.id, gone.id])] == [
        "a",
        None,
    ]
    assert await payloads_by_ref(res, system("test"), [first, gone]) == [{"endpoint": "a"}, {}]
    assert (await find_event(res, system("test"), event_id="e")).id == events[4].id


async def test_the_steps_do_not_change_what_stays(
    res: Resources, clock: ManualClock, short: Project, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(prune, "_STEP", 1)
    await make_events(res, await make_issue(res, short, events=0), *ROWS)
    await clock.advance(timedelta(days=2))
    assert await prune_events(res) == 5
    assert await kept(res) == {"a": "FIRST", "c": "RELEASE", "e": "LAST"}


async def test_a_last_event_makes_room_for_a_later_one(res: Resources, clock: ManualClock, short: Project):
    issue = await make_issue(res, short, events=0)
    await make_events(res, issue, *ROWS)
    await clock.advance(timedelta(days=2))
    await make_partitions(res)
    await prune_events(res)
    await make_events(res, issue, ("f", "1.1"))
    await clock.advance(timedelta(days=2))
    assert await prune_events(res) == 1
    assert await kept(res) == {"a": "FIRST", "c": "RELEASE", "f": "LAST"}


async def test_only_the_newest_releases_keep_an_event(res: Resources, clock: ManualClock, short: Project):
    rows = [(f"e{number}", f"1.{number}") for number in range(23)]
    await make_events(res, await make_issue(res, short, events=0), *rows)
    await clock.advance(timedelta(days=2))
    await prune_events(res)
    assert list(await kept(res)) == ["e0", *(f"e{number}" for number in range(3, 23))]


async def test_past_its_count_the_oldest_go(res: Resources):
    project = await make_project(res, max_events=2)
    other = await make_issue(res, await make_project(res), events=0)
    await make_events(res, await make_issue(res, project, events=0), *ROWS)
    await make_events(res, other, ("other", None))
    assert await prune_events(res) == 3
    assert sorted(await left(res)) == ["d", "e", "other"]
    assert await kept(res) == {"a": "FIRST", "c": "RELEASE"}


async def test_what_tells_more_outlives_its_partition(res: Resources, clock: ManualClock):
    await make_events(res, await make_issue(res, await make_project(res), events=0), *ROWS)
    await clock.advance(timedelta(days=92))
    assert await prune_events(res) == 0
    assert any(name.startswith("event_") for name in await drop_partitions(res))
    assert await left(res) == []
    assert await kept(res) == {"a": "FIRST", "c": "RELEASE", "e": "LAST"}


def test_a_kept_event_has_all_that_an_event_has():
    columns = {column.name for column in Event.metadata.tables["event"].columns}
    assert {column.name for column in KEPT_EVENT.columns} == columns | {"telling"}
