"""What people do about issues: the mutations, their inputs and their answers."""

from datetime import datetime, timedelta
from typing import Annotated

import strawberry

from domain.event import Severity
from domain.issue import Resolution
from resolvers.issue import acknowledge, assign, comment, escalate, ignore, merge, resolve, severity, snooze, split
from schema.activity import Activity
from schema.argument import Input
from schema.context import Info
from schema.failure import Conflict, InvalidInput, NobodyOnCall, NotFound
from schema.issue import Issue
from schema.node import ID, read_id

IssueResult = Annotated[
    Issue | NotFound | InvalidInput | Conflict,
    strawberry.union("IssueResult", description="The issue as it is now, or why nothing was done."),
]
AssignIssueResult = Annotated[
    Issue | NotFound | InvalidInput | Conflict | NobodyOnCall,
    strawberry.union("AssignIssueResult", description="The issue as it is now, or why nobody was given or told of it."),
]
CommentResult = Annotated[
    Activity | NotFound | InvalidInput | Conflict,
    strawberry.union("CommentResult", description="The comment on the timeline, or why it was not taken."),
]
_ISSUE = "The issue."
_NOTE = "Why, for the timeline; at most 2,000 characters."


@strawberry.input(description="Who is to have an issue.")
class AssignIssueInput:
    """Who is to have an issue."""

    issue_id: ID = strawberry.field(description=_ISSUE)
    developer_id: ID | None = strawberry.field(
        default=None,
        description="Who is to have it. Left out: routing chooses who knows the service, is on call and has room,"
        " unless somebody has the issue already.",
    )
    team_id: ID | None = strawberry.field(
        default=None, description="Whose issue it is to be; without `developerId`, routing chooses among its members."
    )
    note: str | None = strawberry.field(default=None, description=_NOTE)


@strawberry.input(description="Which issue is to be nobody's.")
class UnassignIssueInput:
    """Which issue is to be nobody's."""

    issue_id: ID = strawberry.field(description=_ISSUE)
    note: str | None = strawberry.field(default=None, description=_NOTE)


@strawberry.input(description="Which issue you look at.")
class AcknowledgeIssueInput:
    """Which issue the caller looks at."""

    issue_id: ID = strawberry.field(description=_ISSUE)
    note: str | None = strawberry.field(default=None, description=_NOTE)


@strawberry.input(description="Which issue needs somebody higher up.")
class EscalateIssueInput:
    """Which issue needs somebody higher up."""

    issue_id: ID = strawberry.field(description=_ISSUE)
    reason: str = strawberry.field(description="Why, for whom it goes to; at most 2,000 characters.")
    to_developer_id: ID | None = strawberry.field(
        default=None,
        description="Who is to be told. Left out: the manager of who was told last, else the lead of the team, else"
        " who answers for the project; those told before are passed over while there is anybody else.",
    )


@strawberry.input(description="How an issue was dealt with.")
class ResolveIssueInput:
    """How an issue was dealt with."""

    issue_id: ID = strawberry.field(description=_ISSUE)
    resolution: Resolution | None = strawberry.field(default=Resolution.FIXED, description="Why it is resolved.")
    note: str | None = strawberry.field(default=None, description=_NOTE)
    in_release: str | None = strawberry.field(
        default=None, description="The release that has the fix: events of older ones are no regression."
    )
    in_next_release: bool | None = strawberry.field(
        default=False,
        description="Whether the fix comes with the next release: events of those seen by now are no regression.",
    )


@strawberry.input(description="Which issue is to be open again.")
class ReopenIssueInput:
    """Which issue is to be open again."""

    issue_id: ID = strawberry.field(description=_ISSUE)
    note: str | None = strawberry.field(default=None, description=_NOTE)


@strawberry.input(description="Until when an issue is to be quiet: give one of `until`, `for` and `untilEventCount`.")
class SnoozeIssueInput:
    """Until when an issue is to be quiet."""

    issue_id: ID = strawberry.field(description=_ISSUE)
    until: datetime | None = strawberry.field(default=None, description="Until then, at most 366 days from now.")
    for_: timedelta | None = strawberry.field(name="for", default=None, description="For so long, at most 366 days.")
    until_event_count: int | None = strawberry.field(
        default=None, description="Until it has had so many events in all: more than its present `eventCount`."
    )
    note: str | None = strawberry.field(default=None, description=_NOTE)


@strawberry.input(description="Which issue is to be quiet for good.")
class IgnoreIssueInput:
    """Which issue is to be quiet for good."""

    issue_id: ID = strawberry.field(description=_ISSUE)
    note: str | None = strawberry.field(default=None, description=_NOTE)


@strawberry.input(description="How bad an issue is.")
class SetSeverityInput:
    """How bad an issue is."""

    issue_id: ID = strawberry.field(description=_ISSUE)
    severity: Severity = strawberry.field(description="How bad it is; its events do not change that any more.")
    note: str | None = strawberry.field(default=None, description=_NOTE)


@strawberry.input(description="Which issues are one.")
class MergeIssuesInput:
    """Which issues are one."""

    into_issue_id: ID = strawberry.field(description="The issue that stays, with all events, those to come too.")
    issue_ids: list[ID] = strawberry.field(
        description="The issues that go into it, 1 to 100 of the same project, of any of its services."
    )


@strawberry.input(description="Which grouping keys of an issue are another one.")
class SplitIssueInput:
    """Which grouping keys of an issue are another one."""

    issue_id: ID = strawberry.field(description=_ISSUE)
    grouping_keys: list[str] = strawberry.field(
        description="The keys that leave, in hex as `Issue.grouping` has them, 1 to 1,000; at least one by which events"
        " came must leave, and one must stay."
    )


@strawberry.input(description="What is to be said beside an issue.")
class CommentOnIssueInput:
    """What is to be said beside an issue."""

    issue_id: ID = strawberry.field(description=_ISSUE)
    body: str = strawberry.field(description="The comment, of 1 to 10,000 characters.")


@strawberry.type
class TriageMutation:
    """What can be done about an issue."""

    @strawberry.mutation(description="Give an issue to somebody, and tell them.")
    async def assign_issue(self, info: Info, input: Input[AssignIssueInput]) -> AssignIssueResult | None:
        """Give an issue to somebody."""
        row = await assign.assign_issue(
            info.context.resources,
            info.context.actor,
            issue_id=read_id(input.issue_id, "Issue", "issueId"),
            developer_id=read_id(input.developer_id, "Developer", "developerId")
            if input.developer_id is not None
            else None,
            team_id=read_id(input.team_id, "Team", "teamId") if input.team_id is not None else None,
            note=input.note,
        )
        return Issue.from_row(row)

    @strawberry.mutation(description="Leave an issue nobody's; its team keeps it.")
    async def unassign_issue(self, info: Info, input: Input[UnassignIssueInput]) -> IssueResult | None:
        """Leave an issue nobody's."""
        issue_id = read_id(input.issue_id, "Issue", "issueId")
        context = info.context
        row = await assign.unassign_issue(context.resources, context.actor, issue_id=issue_id, note=input.note)
        return Issue.from_row(row)

    @strawberry.mutation(description="Say that you look at an issue: its alert stops ringing.")
    async def acknowledge_issue(self, info: Info, input: Input[AcknowledgeIssueInput]) -> IssueResult | None:
        """Say that the caller looks at an issue."""
        issue_id = read_id(input.issue_id, "Issue", "issueId")
        context = info.context
        row = await acknowledge.acknowledge_issue(context.resources, context.actor, issue_id=issue_id, note=input.note)
        return Issue.from_row(row)

    @strawberry.mutation(description="Call for somebody higher up: the issue's alert, or a new one, climbs and rings.")
    async def escalate_issue(self, info: Info, input: Input[EscalateIssueInput]) -> AssignIssueResult | None:
        """Call for somebody higher up."""
        to = input.to_developer_id
        row = await escalate.escalate_issue(
            info.context.resources,
            info.context.actor,
            issue_id=read_id(input.issue_id, "Issue", "issueId"),
            reason=input.reason,
            to_developer_id=read_id(to, "Developer", "toDeveloperId") if to is not None else None,
        )
        return Issue.from_row(row)

    @strawberry.mutation(description="Resolve an issue, and its alert. Seen again, it is a regression.")
    async def resolve_issue(self, info: Info, input: Input[ResolveIssueInput]) -> IssueResult | None:
        """Resolve an issue, and its alert."""
        row = await resolve.resolve_issue(
            info.context.resources,
            info.context.actor,
            issue_id=read_id(input.issue_id, "Issue", "issueId"),
            resolution=input.resolution or Resolution.FIXED,
            note=input.note,
            in_release=input.in_release,
            in_next_release=bool(input.in_next_release),
        )
        return Issue.from_row(row)

    @strawberry.mutation(description="Open an issue again that was resolved, snoozed or ignored.")
    async def reopen_issue(self, info: Info, input: Input[ReopenIssueInput]) -> IssueResult | None:
        """Open an issue again."""
        issue_id = read_id(input.issue_id, "Issue", "issueId")
        context = info.context
        row = await resolve.reopen_issue(context.resources, context.actor, issue_id=issue_id, note=input.note)
        return Issue.from_row(row)

    @strawberry.mutation(description="Let an issue be quiet until a time, or until it has had so many events.")
    async def snooze_issue(self, info: Info, input: Input[SnoozeIssueInput]) -> IssueResult | None:
        """Let an issue be quiet for some time."""
        row = await snooze.snooze_issue(
            info.context.resources,
            info.context.actor,
            issue_id=read_id(input.issue_id, "Issue", "issueId"),
            until=input.until,
            span=input.for_,
            event_count=input.until_event_count,
            note=input.note,
        )
        return Issue.from_row(row)

    @strawberry.mutation(description="Let an issue be quiet for good.")
    async def ignore_issue(self, info: Info, input: Input[IgnoreIssueInput]) -> IssueResult | None:
        """Let an issue be quiet for good."""
        issue_id = read_id(input.issue_id, "Issue", "issueId")
        context = info.context
        row = await ignore.ignore_issue(context.resources, context.actor, issue_id=issue_id, note=input.note)
        return Issue.from_row(row)

    @strawberry.mutation(description="Say how bad an issue is; its events do not change that any more.")
    async def set_issue_severity(self, info: Info, input: Input[SetSeverityInput]) -> IssueResult | None:
        """Say how bad an issue is."""
        row = await severity.set_issue_severity(
            info.context.resources,
            info.context.actor,
            issue_id=read_id(input.issue_id, "Issue", "issueId"),
            severity=input.severity,
            note=input.note,
        )
        return Issue.from_row(row)

    @strawberry.mutation(
        description="Make several issues one, which has the events of all, those to come too. `splitIssue` undoes it."
    )
    async def merge_issues(self, info: Info, input: Input[MergeIssuesInput]) -> IssueResult | None:
        """Make several issues one."""
        into = read_id(input.into_issue_id, "Issue", "intoIssueId")
        ids = [read_id(id, "Issue", "issueIds") for id in input.issue_ids]
        context = info.context
        row = await merge.merge_issues(context.resources, context.actor, into_issue_id=into, issue_ids=ids)
        return Issue.from_row(row)

    @strawberry.mutation(
        description="Let some grouping keys of an issue leave it, with their events, and hand back the issue that has"
        " them now: a new one, or, where all keys that a merge brought leave, the issue that was merged away."
    )
    async def split_issue(self, info: Info, input: Input[SplitIssueInput]) -> IssueResult | None:
        """Let some grouping keys of an issue leave it."""
        issue_id = read_id(input.issue_id, "Issue", "issueId")
        context = info.context
        row = await split.split_issue(
            context.resources, context.actor, issue_id=issue_id, grouping_keys=input.grouping_keys
        )
        return Issue.from_row(row)

    @strawberry.mutation(description="Write something on an issue's timeline.")
    async def comment_on_issue(self, info: Info, input: Input[CommentOnIssueInput]) -> CommentResult | None:
        """Write something on an issue's timeline."""
        issue_id = read_id(input.issue_id, "Issue", "issueId")
        context = info.context
        row = await comment.comment_on_issue(context.resources, context.actor, issue_id=issue_id, body=input.body)
        return Activity.from_row(row)
