"""How an issue looks from outside."""

from datetime import datetime, timedelta
from typing import Annotated, Self
from uuid import UUID

import strawberry

import models
from domain.event import Severity
from domain.issue import IssueStatus, Resolution
from domain.page import page_request
from domain.stats import Bucket
from resolvers.event.loaders import EventRef
from resolvers.issue.similar import SimilarTo
from resolvers.issue.tags import TagOf
from resolvers.pages import PageKey
from schema.activity import Activity
from schema.alert import Alert
from schema.connection import (
    After,
    Before,
    Connection,
    CountedConnection,
    First,
    Last,
    Size,
    connection,
    counted_connection,
)
from schema.context import Info
from schema.developer import Developer
from schema.due import IssueDue
from schema.elsewhere import Elsewhere
from schema.escalation import Escalation
from schema.event import HELD, Event
from schema.feedback import Feedback
from schema.grouping import GroupingExplanation
from schema.lists import LOADED
from schema.node import Node, present
from schema.notification import Notification
from schema.project import Project
from schema.scalars import Count
from schema.selected import selects
from schema.tag import TagValue
from schema.team import Team
from schema.time_point import OnlyDays, TimePoint, daily_points

_TIMELINE = timedelta(days=14)


@strawberry.type(description="Every event with one grouping key in one project: the thing that people triage.")
class Issue(Node):
    """Every event with one grouping key in one project: the thing that people triage."""

    project_id: strawberry.Private[UUID]
    assignee_id: strawberry.Private[UUID | None]
    team_id: strawberry.Private[UUID | None]
    acknowledged_by_id: strawberry.Private[UUID | None]
    resolved_by_id: strawberry.Private[UUID | None]
    merged_into_id: strawberry.Private[UUID | None]
    counter: strawberry.Private[models.IssueCounter | None]

    short_id: str = strawberry.field(description="Readable and stable: CHECKOUT-1F.")
    title: str = strawberry.field(description="What to call it in a list.")
    error_type: str = strawberry.field(description="The class or kind of the error.")
    message: str = strawberry.field(description="What its first event said.")
    culprit: str | None = strawberry.field(description="Where it happens, in a few words.")
    service: str = strawberry.field(description="What reports it.")
    severity: Severity = strawberry.field(description="The worst seen, unless it was set by hand.")
    status: IssueStatus = strawberry.field(description="Where triage stands.")
    is_regression: bool = strawberry.field(description="Whether it was resolved once, and seen again.")
    first_seen_at: datetime = strawberry.field(description="When its first event came.")
    first_release: str | None = strawberry.field(description="The release in which it was first seen.")
    assignment_reason: str | None = strawberry.field(description="Why the assignee was chosen.")
    acknowledged_at: datetime | None = strawberry.field(description="When somebody said that they look at it.")
    resolved_at: datetime | None = strawberry.field(description="When it was resolved.")
    resolution: Resolution | None = strawberry.field(description="Why it was resolved.")
    resolved_in_release: str | None = strawberry.field(description="The release from which on it is fixed.")
    resolution_note: str | None = strawberry.field(description="What was said when it was resolved.")
    snoozed_until: datetime | None = strawberry.field(description="When its snooze ends.")
    snoozed_until_event_count: Count | None = strawberry.field(description="The `eventCount` at which its snooze ends.")
    version: int = strawberry.field(
        description="Grows with every change: of two views of one issue, the higher is the newer."
    )

    @strawberry.field(description="The project that it belongs to.", metadata=LOADED)
    async def project(self, info: Info) -> Project:
        """The project that it belongs to."""
        row = await info.context.loaders.project_by_id.load(self.project_id)
        return Project.from_row(present(row))

    @strawberry.field(description="Where it was seen, by name.", metadata=LOADED)
    async def environments(self, info: Info) -> list[str]:
        """Where it was seen."""
        return await info.context.loaders.environments_by_issue_id.load(self.uuid)

    @strawberry.field(description="The keys of the tags of its events, by name: at most 100.", metadata=LOADED)
    async def tag_keys(self, info: Info) -> list[str]:
        """The keys of the tags of its events."""
        return await info.context.loaders.tag_keys_by_issue_id.load(self.uuid)

    @strawberry.field(
        description="What values a tag had in its events, those first that came last. The first 50 of each grouping key"
        " are noted; how often each came is not.",
        metadata=LOADED,
    )
    async def tag_values(
        self,
        info: Info,
        key: Annotated[str, strawberry.argument(description="The key of the tag; its case counts.")],
        first: Annotated[int, strawberry.argument(description="How many, at most 50.")] = 10,
    ) -> list[TagValue]:
        """What values a tag had in its events."""
        noted = await info.context.loaders.tag_values.load(TagOf(self.uuid, key, first))
        return [TagValue.from_noted(self.uuid, value) for value in noted]

    @strawberry.field(description="When its latest event came.", metadata=LOADED)
    async def last_seen_at(self, info: Info) -> datetime:
        """When its latest event came."""
        return (await self._counted(info)).last_seen_at

    @strawberry.field(description="How many events it has had.", metadata=LOADED)
    async def event_count(self, info: Info) -> Count:
        """How many events it has had."""
        return Count((await self._counted(info)).event_count)

    @strawberry.field(description="How many users it happened to.", metadata=LOADED)
    async def user_count(self, info: Info) -> Count:
        """How many users it happened to."""
        return Count((await self._counted(info)).user_count)

    @strawberry.field(description="The release of the latest event that named one.", metadata=LOADED)
    async def last_release(self, info: Info) -> str | None:
        """The release of the latest event that named one."""
        return (await self._counted(info)).last_release

    @strawberry.field(description="Its newest event, which stays when others go.", metadata=LOADED)
    async def latest_event(self, info: Info) -> Event | None:
        """Its newest event."""
        counter, loaders = await self._counted(info), info.context.loaders
        events = loaders.whole_event_by_ref if selects(info, HELD) else loaders.event_by_ref
        row = await events.load(EventRef(self.project_id, counter.last_event_id))
        return Event.from_row(row) if row else None

    @strawberry.field(description="Whose it is; null where nobody has it, or nobody you may see.", metadata=LOADED)
    async def assignee(self, info: Info) -> Developer | None:
        """Whose it is."""
        return await _developer(info, self.assignee_id)

    @strawberry.field(description="The team that has it; null where none has it, or none you may see.", metadata=LOADED)
    async def team(self, info: Info) -> Team | None:
        """The team that has it."""
        row = await info.context.loaders.team_by_id.load(self.team_id) if self.team_id else None
        return Team.from_row(row) if row else None

    @strawberry.field(
        description="Who said that they look at it; null where nobody did, or nobody you may see.", metadata=LOADED
    )
    async def acknowledged_by(self, info: Info) -> Developer | None:
        """Who said that they look at it."""
        return await _developer(info, self.acknowledged_by_id)

    @strawberry.field(description="Who resolved it; null where nobody did, or nobody you may see.", metadata=LOADED)
    async def resolved_by(self, info: Info) -> Developer | None:
        """Who resolved it."""
        return await _developer(info, self.resolved_by_id)

    @strawberry.field(description="The open demand for a human, if there is one.", metadata=LOADED)
    async def alert(self, info: Info) -> Alert | None:
        """The open demand for a human."""
        row = await info.context.loaders.open_alert_by_issue_id.load(self.uuid)
        return Alert.from_row(row) if row else None

    @strawberry.field(
        description="When it is to be acknowledged and resolved, by the targets for its severity.", metadata=LOADED
    )
    async def due(self, info: Info) -> IssueDue:
        """When it is due."""
        return IssueDue.from_dues(await info.context.loaders.dues_by_issue_id.load(self.uuid))

    @strawberry.field(description="The steps that its alerts climbed, first to last.", metadata=LOADED)
    async def escalations(self, info: Info) -> list[Escalation]:
        """The steps that its alerts climbed."""
        rows = await info.context.loaders.escalations_by_issue_id.load(self.uuid)
        return [Escalation.from_row(row) for row in rows]

    @strawberry.field(description="All its alerts, newest first.", metadata=LOADED)
    async def alerts(self, info: Info, first: Size = 25, after: After = None) -> Connection[Alert]:
        """All its alerts, newest first."""
        key = PageKey(self.uuid, page_request(first, after))
        return connection(await info.context.loaders.alert_page_by_issue.load(key), Alert.from_row)

    @strawberry.field(description="Its events, newest first.", metadata=LOADED)
    async def events(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> CountedConnection[Event]:
        """Its events, newest first."""
        loaders = info.context.loaders
        page = await loaders.event_page_by_issue.load(PageKey(self.uuid, page_request(first, after, last, before)))
        return counted_connection(page, Event.from_row, lambda: loaders.event_count_by_issue_id.load(self.uuid))

    @strawberry.field(description="What people said of its events, newest first.", metadata=LOADED)
    async def feedback(self, info: Info, first: Size = 25, after: After = None) -> Connection[Feedback]:
        """What people said of its events."""
        key = PageKey(self.uuid, page_request(first, after))
        return connection(await info.context.loaders.feedback_page_by_issue.load(key), Feedback.from_row)

    @strawberry.field(description="What happened to it, newest first.", metadata=LOADED)
    async def activity(self, info: Info, first: Size = 25, after: After = None) -> Connection[Activity]:
        """What happened to it, newest first."""
        key = PageKey(self.uuid, page_request(first, after))
        return connection(await info.context.loaders.activity_page_by_issue.load(key), Activity.from_row)

    @strawberry.field(description="How often it occurred, oldest first, with the days that had none.", metadata=LOADED)
    async def timeline(
        self,
        info: Info,
        last: Annotated[
            timedelta | None,
            strawberry.argument(description="How far back, to whole UTC days: two weeks unless given."),
        ] = None,
        bucket: OnlyDays = Bucket.DAY,
    ) -> list[TimePoint]:
        """How often it occurred."""
        of = info.context.loaders.timeline_by_issue
        return await daily_points(info, of, self.uuid, _TIMELINE if last is None else last, bucket)

    @strawberry.field(description="Who was told of it, or was to be told, newest first.", metadata=LOADED)
    async def notifications(self, info: Info, first: Size = 25, after: After = None) -> CountedConnection[Notification]:
        """Who was told of it, newest first."""
        loaders = info.context.loaders
        page = await loaders.notification_page_by_issue.load(PageKey(self.uuid, page_request(first, after)))
        return counted_connection(
            page, Notification.from_row, lambda: loaders.notification_count_by_issue_id.load(self.uuid)
        )

    @strawberry.field(
        description="Why events land here: each part of the grouping key, and what it was taken from.", metadata=LOADED
    )
    async def grouping(self, info: Info) -> GroupingExplanation:
        """Why events land here."""
        found = await info.context.loaders.explanation_by_issue_id.load(self.uuid)
        return GroupingExplanation.from_explanation(present(found))

    @strawberry.field(
        description="The issue that has its events since it was merged; null where it stands for itself.",
        metadata=LOADED,
    )
    async def merged_into(self, info: Info) -> Self | None:
        """The issue that has its events since it was merged."""
        row = await info.context.loaders.issue_by_id.load(self.merged_into_id) if self.merged_into_id else None
        return self.from_row(row) if row else None

    @strawberry.field(
        description="The issues that were merged into it, the latest first; their keys can be split off.",
        metadata=LOADED,
    )
    async def merged_issues(self, info: Info) -> list[Self]:
        """The issues that were merged into it."""
        rows = await info.context.loaders.merged_by_issue_id.load(self.uuid)
        return [self.from_row(row) for row in rows]

    @strawberry.field(
        description="Issues of its project that might be the same, the most alike first: by calls, type, place, words."
        " The newest 50 of its type, and of those at its place, are looked at.",
        metadata=LOADED,
    )
    async def similar(
        self, info: Info, first: Annotated[int, strawberry.argument(description="How many, at most 20.")] = 5
    ) -> list[Self]:
        """Issues that might be the same."""
        rows = await info.context.loaders.similar_issues.load(SimilarTo(self.uuid, first))
        return [self.from_row(row) for row in rows]

    @strawberry.field(
        description="The pattern that it is of; null where no other issue has its template.", metadata=LOADED
    )
    async def pattern(self, info: Info) -> Annotated["Pattern", strawberry.lazy("schema.pattern")] | None:  # type: ignore[name-defined]  # noqa: F821 - it leads back
        """The pattern that it is of."""
        row = await info.context.loaders.pattern_by_issue_id.load(self.uuid)
        return Node.of("Pattern", row) if row else None

    @strawberry.field(
        description="Where else its error type and template occur, most events first: at most 50 services of the"
        " projects that you may see, its own service too if it has other such issues.",
        metadata=LOADED,
    )
    async def also_happens_in(self, info: Info) -> list[Elsewhere]:
        """Where else it happens."""
        return [Elsewhere.from_found(one) for one in await info.context.loaders.elsewhere_by_issue_id.load(self.uuid)]

    @strawberry.field(description="Where people look at it.", metadata=LOADED)
    def url(self, info: Info) -> str:
        """Where people look at it."""
        return f"{info.context.resources.settings.base_url}/issues/{self.short_id}"

    async def _counted(self, info: Info) -> models.IssueCounter:
        """Its counter: the one it was read with, or the present one."""
        return self.counter or present(await info.context.loaders.counter_by_issue_id.load(self.uuid))

    @classmethod
    def from_row(cls, row: models.Issue, counter: models.IssueCounter | None = None) -> Self:
        """The issue of a row, and of its counter where that was read with it."""
        return cls(
            uuid=row.id,
            project_id=row.project_id,
            assignee_id=row.assignee_id,
            team_id=row.team_id,
            acknowledged_by_id=row.acknowledged_by_id,
            resolved_by_id=row.resolved_by_id,
            merged_into_id=row.merged_into_id,
            counter=counter,
            short_id=row.short_id,
            title=row.title,
            error_type=row.error_type,
            message=row.message,
            culprit=row.culprit,
            service=row.service,
            severity=row.severity,
            status=row.status,
            is_regression=row.is_regression,
            first_seen_at=row.first_seen_at,
            first_release=row.first_release,
            assignment_reason=row.assignment_reason,
            acknowledged_at=row.acknowledged_at,
            resolved_at=row.resolved_at,
            resolution=row.resolution,
            resolved_in_release=row.resolved_in_release,
            resolution_note=row.resolution_note,
            snoozed_until=row.snoozed_until,
            snoozed_until_event_count=None
            if row.snoozed_until_event_count is None
            else Count(row.snoozed_until_event_count),
            version=row.version,
        )


async def _developer(info: Info, id: UUID | None) -> Developer | None:
    row = await info.context.loaders.developer_by_id.load(id) if id else None
    return Developer.from_row(row) if row else None
