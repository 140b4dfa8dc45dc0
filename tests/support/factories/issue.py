from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from uuid import uuid4

from sqlmodel import select, update

from core.ids import uuid7
from domain.event import Severity
from domain.grouping import GroupingKind
from domain.issue import IssueStatus
from domain.report import IngestSource
from domain.search.frames import cut
from models import (
    DailyCount,
    DayCount,
    Event,
    GroupingKey,
    HourlyCount,
    Issue,
    IssueCounter,
    IssueSeen,
    IssueSpan,
    KeyFacet,
    KeyFrames,
    MinuteCount,
    Project,
)
from models.stats import HOURS_OF_DAY
from resolvers.issue.frames import note_frames_of
from resolvers.resources import Resources


async def make_issue(
    res: Resources, project: Project, *, events: int = 1, counter: Mapping[str, object] | None = None, **overrides
) -> Issue:
    """An issue with one grouping key, its counter, and so many events, written past the writer."""
    at = res.clock.now()
    issue = Issue(
        **{
            "id": uuid7(at),
            "project_id": project.id,
            "short_id": f"CHECKOUT-{uuid4().hex[:10].upper()}",
            "title": "ValueError: bad total",
            "error_type": "ValueError",
            "message": "bad total",
            "culprit": "checkout.total",
            "service": "checkout",
            "severity": Severity.HIGH,
            "status": IssueStatus.UNRESOLVED,
            "first_seen_at": at,
            **overrides,
        }
    )
    key = GroupingKey(
        id=uuid7(at),
        project_id=project.id,
        hash=uuid4().bytes,
        version=1,
        kind=GroupingKind.IN_APP,
        issue_id=issue.id,
        created_at=at,
    )
    rows = [make_event_row(issue, key, at) for _ in range(events)]
    counted = {
        "event_count": events,
        "user_count": 0,
        "last_seen_at": at,
        "last_event_id": rows[-1].id if rows else uuid7(at),
        "last_day_count": 0,
        "most_a_day": 0,
        **(counter or {}),
    }
    counted.setdefault("last_day", counted["last_seen_at"].date())
    async with res.db.transaction() as tx:
        tx.session.add_all([issue, key, *rows])
        tx.session.add(IssueCounter(project_id=project.id, issue_id=issue.id, **counted))
    return issue


def make_event_row(issue: Issue, key: GroupingKey, at, **overrides) -> Event:
    id = uuid7(at)
    return Event(
        **{
            "project_id": issue.project_id,
            "id": id,
            "event_id": id.hex,
            "grouping_key_id": key.id,
            "service": issue.service,
            "environment": "production",
            "severity": issue.severity,
            "error_type": issue.error_type,
            "message": issue.message,
            "source": IngestSource.GRAPHQL,
            "occurred_at": at,
            "received_at": at,
            "payload": {},
            "ingest_notes": [],
            **overrides,
        }
    )


async def make_key(res: Resources, issue: Issue, *, hash: bytes | None = None, kind=GroupingKind.FULL) -> GroupingKey:
    """One more grouping key of an issue."""
    at = res.clock.now()
    key = GroupingKey(
        id=uuid7(at),
        project_id=issue.project_id,
        hash=hash or uuid4().bytes,
        version=1,
        kind=kind,
        issue_id=issue.id,
        created_at=at,
    )
    async with res.db.transaction() as tx:
        tx.session.add(key)
    return key


async def find_key(res: Resources, issue: Issue) -> GroupingKey:
    """The oldest grouping key of an issue."""
    async with res.db.reading() as session:
        query = select(GroupingKey).where(GroupingKey.issue_id == issue.id).order_by(GroupingKey.id)
        return (await session.exec(query)).first()


async def make_event(
    res: Resources, issue: Issue, *, key: GroupingKey | None = None, at: datetime | None = None, **overrides
) -> Event:
    """One more event of an issue, received at `at`, which counters and rollups do not know of."""
    event = make_event_row(issue, key or await find_key(res, issue), at or res.clock.now(), **overrides)
    async with res.db.transaction() as tx:
        tx.session.add(event)
    return event


async def make_facets(res: Resources, issue: Issue, kind: str, *values: str, key: GroupingKey | None = None) -> None:
    """Environments or releases that an issue was seen with."""
    key = key or await find_key(res, issue)
    at = res.clock.now()
    async with res.db.transaction() as tx:
        tx.session.add_all(
            KeyFacet(project_id=issue.project_id, key_id=key.id, kind=kind, value=value, first_seen_at=at)
            for value in values
        )


async def count_events(
    res: Resources, issue: Issue, at: datetime, count: int, *, release: str = "", **overrides
) -> None:
    """So many events of an issue in the rollups, by minute, hour and day, its counter and spans, without the events themselves."""
    key = await find_key(res, issue)
    counted = {"project_id": issue.project_id, "environment": "production", "severity": issue.severity, **overrides}
    minute = at.replace(second=0, microsecond=0)
    hour = minute.replace(minute=0)
    async with res.db.transaction() as tx:
        await _add(tx, MinuteCount, count, minute=minute, service=issue.service, **counted)
        await _add(tx, HourlyCount, count, hour=hour, service=issue.service, release=release, **counted)
        await _add_day(tx, count, at, service=issue.service, release=release, **counted)
        await _add(tx, DailyCount, count, day=at.date(), key_id=key.id, **counted)
        for environment in ("", counted["environment"]):
            await _span(tx, at.date(), issue_id=issue.id, **{**counted, "environment": environment})
        counter = await tx.session.get(IssueCounter, issue.id)
        counter.last_day, counter.most_a_day = max(counter.last_day, at.date()), counter.most_a_day + count
        counter.last_seen_at = max(counter.last_seen_at, at)
        counter.event_count = max(counter.event_count, counter.most_a_day)
        seen = await tx.session.get(IssueSeen, issue.id)
        seen.last_day = max(seen.last_day or at.date(), at.date())
        tx.session.add_all([counter, seen])


async def _span(tx, day: date, **key) -> None:
    span = await tx.session.get(IssueSpan, key) or IssueSpan(first_day=day, last_day=day, **key)
    span.first_day, span.last_day = min(span.first_day, day), max(span.last_day, day)
    tx.session.add(span)


async def _add(tx, kind: type[MinuteCount | HourlyCount | DayCount | DailyCount], count: int, **key) -> None:
    row = await tx.session.get(kind, key) or kind(event_count=0, **key)
    row.event_count += count
    tx.session.add(row)


async def _add_day(tx, count: int, at: datetime, **kind) -> None:
    key = {"day": at.date(), **kind}
    await _add(tx, DayCount, count, **key)
    await tx.session.flush()
    hour = HOURS_OF_DAY[at.hour]
    more = update(DayCount).filter_by(**key).values({hour: getattr(DayCount, hour) + count})
    await tx.session.exec(more.execution_options(synchronize_session=False))


async def make_frames(res: Resources, issue: Issue, *lines: str, key: GroupingKey | None = None) -> None:
    """The frames by whose words a grouping key of an issue is found, as the writer notes them."""
    key = key or await find_key(res, issue)
    async with res.db.transaction() as tx:
        tx.session.add(KeyFrames(key_id=key.id, **asdict(cut(lines))))
        await note_frames_of(tx, [issue.id])
