"""What the database keeps no longer is in files before it goes: each event once, as it was, whatever happens."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from pyarrow import parquet

from core.clock import ManualClock
from domain.access import system
from domain.archive import MARK, read_name
from domain.errors import Conflict, InvalidInput, NotFound, PermissionDenied, Unavailable
from models import ArchivedDay, Event, Project
from models.archived_event import SCHEMA
from models.event import SEARCHED
from models.kept import EVENT_COLUMNS
from resolvers.archive import part, write
from resolvers.archive.place import place
from resolvers.archive.read import list_archived
from resolvers.archive.run import archive_expired
from resolvers.event.prune import prune_events
from resolvers.partitions import drop_partitions
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.archives import archived_events
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import find_key, make_event, make_issue
from tests.support.factories.project import make_project
from tests.support.rows import all_rows

ADMIN = system("test")
DAY = date(2026, 3, 2)
PAYLOAD = {"user": {"id": "ü-7"}, "tags": [["country", "ÖÄ"]], "number": 1.5, "none": None, "text": 'a\nb\u2028"\\'}


async def age(clock: ManualClock) -> None:
    """Let the first days be past keeping."""
    await clock.advance(timedelta(days=92))


def names(res: Resources) -> list[str]:
    return [stored.name for stored in place(res).list()]


async def left(res: Resources) -> int:
    count: int = await res.db.raw.fetchval("SELECT count(*) FROM event")
    return count


def as_stored(event: Event) -> dict[str, object]:
    """The event as `archived_events` should show it."""
    row = {name: getattr(event, name) for name in EVENT_COLUMNS if name not in SEARCHED}
    texts = {name: str(row[name]) for name in ("project_id", "id", "grouping_key_id", "severity", "source")}
    times = {name: row[name].isoformat() for name in ("occurred_at", "received_at")}
    return {**row, **texts, **times}


async def test_what_is_read_back_is_what_was_stored(archiving: Resources, clock: ManualClock):
    res = archiving
    project, other = await make_project(res), await make_project(res)
    issue = await make_issue(res, project, events=0)
    fields = {"release": "1.0", "error_code": "E1", "culprit": "shop.pay", "ingest_notes": ["cut", "ä"]}
    stored = [await make_event(res, issue, payload=PAYLOAD, **fields), await make_event(res, issue)]
    stored.append(await make_event(res, issue, at=clock.now() + timedelta(days=1)))
    await make_issue(res, other, events=1)
    await age(clock)
    done = await archive_expired(res, ADMIN)
    assert sorted(done) == sorted(
        [(project.number, DAY, 2), (other.number, DAY, 1), (project.number, DAY + timedelta(days=1), 1)]
    )
    assert await drop_partitions(res)
    assert await left(res) == 0
    found = await archived_events(res, project)
    assert {row.pop("issue") for row in found} == {issue.short_id}
    assert found == [as_stored(event) for event in stored]
    assert len(await archived_events(res, other)) == 1


def test_a_file_has_all_that_an_event_has_but_what_is_made_of_its_payload():
    assert set(SCHEMA.names) == {*EVENT_COLUMNS, "issue"} - {*SEARCHED}


async def test_nothing_is_archived_before_its_time(archiving: Resources, clock: ManualClock):
    await make_issue(archiving, await make_project(archiving), events=1)
    await clock.advance(timedelta(days=90))
    assert await archive_expired(archiving, ADMIN) == []
    assert names(archiving) == [MARK]
    assert await archive_expired(archiving, ADMIN, before=DAY + timedelta(days=1)) != []


async def test_without_an_archive_partitions_go_as_before(res: Resources, clock: ManualClock):
    await make_issue(res, await make_project(res), events=1)
    await age(clock)
    with pytest.raises(NotFound):
        await archive_expired(res, ADMIN)
    assert "event_20260302" in await drop_partitions(res)


async def test_what_was_cut_off_is_neither_lost_nor_there_twice(
    archiving: Resources, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
):
    res = archiving
    monkeypatch.setattr(write, "_STEP", 2)
    monkeypatch.setattr(write, "_PART_BYTES", 2_000)
    monkeypatch.setattr(part, "GROUP_ROWS", 2)
    project = await make_project(res)
    await make_issue(res, project, events=11)
    await age(clock)
    with monkeypatch.context() as broken:
        broken.setattr(part.Part, "finish", _failing_after(2, part.Part.finish))
        with pytest.raises(Unavailable):
            await archive_expired(res, ADMIN)
    assert "event_20260302" not in await drop_partitions(res)
    assert 0 < len(await archived_events(res, project)) < 11
    await archive_expired(res, ADMIN)
    ids = [row["id"] for row in await archived_events(res, project)]
    assert sorted(ids) == [str(event.id) for event in await all_rows(res, Event)]
    assert not [name for name in names(res) if read_name(name) is None and name != MARK]
    # Killed after the last file and before that is known: the next run writes nothing more.
    before = names(res)
    await res.db.raw.execute("UPDATE archived_day SET event_count = 0")
    assert await archive_expired(res, ADMIN) == [(project.number, DAY, 11)]
    assert names(res) == before
    assert "event_20260302" in await drop_partitions(res)


def _failing_after(files: int, finish):
    done = []

    def fail(self) -> None:
        if len(done) == files:
            raise OSError(28, "No space left on device")
        done.append(self)
        finish(self)

    return fail


async def test_what_a_project_keeps_for_less_is_archived_before_it_is_pruned(
    in_directory: Resources, clock: ManualClock
):
    res = in_directory
    short, long = await make_project(res, retention_days=1), await make_project(res)
    issue = await make_issue(res, short, events=3)
    await make_issue(res, long, events=1)
    at = clock.now()
    await clock.advance(timedelta(days=2))
    assert await prune_events(res) == 0
    assert await archive_expired(res, ADMIN) == [(short.number, DAY, 3)]
    late = await make_event(res, issue, at=at)
    assert await prune_events(res) == 3
    assert await archive_expired(res, ADMIN) == [(short.number, DAY, 1)]
    assert await prune_events(res) == 1
    # One that comes when all others have gone is seen to be new as well.
    last = await make_event(res, issue, at=at)
    assert await prune_events(res) == 0
    assert await archive_expired(res, ADMIN) == [(short.number, DAY, 1)]
    assert await prune_events(res) == 1
    found = [row["id"] for row in await archived_events(res, short)]
    assert (len(found), found[3:]) == (5, [str(late.id), str(last.id)])
    assert await left(res) == 1


async def test_events_that_come_late_are_added(in_directory: Resources, clock: ManualClock):
    res = in_directory
    project = await make_project(res)
    issue = await make_issue(res, project, events=2)
    at = clock.now()
    await age(clock)
    await archive_expired(res, ADMIN)
    late = await make_event(res, issue, at=at)
    assert "event_20260302" not in await drop_partitions(res)
    assert await archive_expired(res, ADMIN) == [(project.number, DAY, 3)]
    found = await archived_events(res, project)
    assert (len(found), found[-1]["id"]) == (3, str(late.id))
    assert "event_20260302" in await drop_partitions(res)


async def test_a_place_that_cannot_be_written_keeps_the_partition(
    in_directory: Resources, clock: ManualClock, tmp_path: Path
):
    await make_issue(in_directory, await make_project(in_directory), events=1)
    await age(clock)
    (tmp_path / "archive").write_text("no directory")
    with pytest.raises(Unavailable, match="archive does not work"):
        await archive_expired(in_directory, ADMIN)
    assert "event_20260302" not in await drop_partitions(in_directory)
    assert await left(in_directory) == 1
    (tmp_path / "archive").unlink()
    await archive_expired(in_directory, ADMIN)
    assert "event_20260302" in await drop_partitions(in_directory)


async def test_an_archive_that_is_not_mounted_is_not_begun_anew(
    in_directory: Resources, clock: ManualClock, tmp_path: Path
):
    await make_issue(in_directory, await make_project(in_directory), events=1)
    await age(clock)
    await archive_expired(in_directory, ADMIN)
    (tmp_path / "archive").rename(tmp_path / "elsewhere")
    with pytest.raises(Unavailable, match="is it mounted"):
        await archive_expired(in_directory, ADMIN)


async def test_an_event_that_cannot_be_read_keeps_its_partition_and_is_named(
    in_directory: Resources, clock: ManualClock
):
    res = in_directory
    bad = await make_event(res, await make_issue(res, await make_project(res), events=1))
    await res.db.raw.execute("UPDATE event SET payload = '\\xff00' WHERE id = $1", bad.id)
    await age(clock)
    with pytest.raises(Conflict, match=str(bad.id)):
        await archive_expired(res, ADMIN)
    assert "event_20260302" not in await drop_partitions(res)
    assert [day.event_count for day in await _days(res)] == [0]


async def _days(res: Resources) -> list[ArchivedDay]:
    rows = await res.db.raw.fetch("SELECT * FROM archived_day")
    return [ArchivedDay(**dict(row)) for row in rows]


async def test_a_file_that_lost_a_byte_is_told(in_directory: Resources, clock: ManualClock, tmp_path: Path):
    res = in_directory
    project = await make_project(res)
    await make_event(res, await make_issue(res, project, events=0), payload={"text": "abc" * 1_000})
    await age(clock)
    await archive_expired(res, ADMIN)
    (path,) = (tmp_path / "archive").rglob("*.parquet")
    place_of_payload = parquet.read_metadata(path).row_group(0).column(SCHEMA.get_field_index("payload"))
    content = bytearray(path.read_bytes())
    content[place_of_payload.data_page_offset + place_of_payload.total_compressed_size - 1] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(Unavailable):
        await archived_events(res, project)


async def test_only_what_is_asked_for_is_read(in_directory: Resources, clock: ManualClock):
    res = in_directory
    project = await make_project(res)
    issue, other = await make_issue(res, project, events=1), await make_issue(res, project, events=2)
    await make_event(res, issue, at=clock.now() + timedelta(days=1), event_id="next-day")
    await make_issue(res, project, events=0)
    await age(clock)
    await archive_expired(res, ADMIN)
    count = {
        "all": len(await archived_events(res, project)),
        "issue": len(await archived_events(res, project, issue=issue.short_id.lower())),
        "from": len(await archived_events(res, project, first=DAY + timedelta(days=1))),
        "to": len(await archived_events(res, project, last=DAY)),
        "event": len(await archived_events(res, project, event_id="next-day")),
        "event of another": len(await archived_events(res, project, event_id="next-day", issue=other.short_id)),
    }
    assert count == {"all": 4, "issue": 2, "from": 1, "to": 3, "event": 1, "event of another": 0}
    ours = (await archived_events(res, project))[0]["id"]
    assert len(await archived_events(res, project, event_id=ours)) == 1
    # An issue has the events of the keys that it has now.
    key = await find_key(res, other)
    await res.db.raw.execute("UPDATE grouping_key SET issue_id = $1 WHERE id = $2", issue.id, key.id)
    assert len(await archived_events(res, project, issue=issue.short_id)) == 4
    with pytest.raises(NotFound):
        await archived_events(res, project, issue="NONE-1")
    with pytest.raises(InvalidInput):
        await archived_events(res, project, first=DAY, last=DAY - timedelta(days=1))


async def test_files_are_listed_and_what_is_none_of_ours_is_not(
    in_directory: Resources, clock: ManualClock, tmp_path: Path
):
    project = await make_project(in_directory)
    await make_issue(in_directory, project, events=3)
    await age(clock)
    await archive_expired(in_directory, ADMIN)
    (tmp_path / "archive" / str(project.number) / "notes.txt").write_text("ours")
    (file,) = list_archived(in_directory, ADMIN)
    assert str(file.name) == f"{project.number}/2026-03/event_20260302-0001.parquet"
    assert (file.event_count, file.bytes) == (3, (tmp_path / "archive" / str(file.name)).stat().st_size)


async def test_it_is_for_those_who_may_do_everything(in_directory: Resources):
    project: Project = await make_project(in_directory)
    developer = acting(await make_developer(in_directory), project)
    with pytest.raises(PermissionDenied):
        await archive_expired(in_directory, developer)
    with pytest.raises(PermissionDenied):
        list(list_archived(in_directory, developer))
