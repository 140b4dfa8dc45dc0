"""Issues, the grouping keys that lead to them, their counters and their timeline."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Computed, Date, Index, Sequence, SmallInteger, text
from sqlmodel import Field, SQLModel

from domain.access import ActorKind
from domain.event import Severity
from domain.grouping import GroupingKind
from domain.issue import ActivityKind, IssueStatus, Resolution
from models.columns import digest, enum_column, instant, json

ISSUE_NUMBER = Sequence("issue_number", metadata=SQLModel.metadata)
_RANK = "CASE severity {} END".format(" ".join(f"WHEN '{severity}' THEN {severity.rank}" for severity in Severity))
_TURNS = "'FIRST_SEEN', 'REGRESSED', 'REOPENED', 'WOKEN', 'ACKNOWLEDGED', 'RESOLVED'"


class Issue(SQLModel, table=True):
    """All events that share a grouping key: what people triage. Hot counters live in `IssueCounter`.

    One that was merged away stands as it stood then, without a key; `merged_into_id` leads to one that was not.
    """

    __tablename__ = "issue"
    __table_args__ = (
        Index("issue_first_seen", "project_id", "first_seen_at", "id"),
        Index("issue_severity", "project_id", "severity_rank", "id"),
        Index("issue_assigned", "assignee_id", postgresql_where=text("assignee_id IS NOT NULL")),
        Index("issue_snoozed", "snoozed_until", postgresql_where=text("status = 'SNOOZED'")),
        Index("issue_merged", "merged_into_id", postgresql_where=text("merged_into_id IS NOT NULL")),
        Index("issue_error_type", "project_id", "error_type", "id"),
        Index("issue_service", "project_id", "service", "id"),
        Index("issue_culprit", "project_id", "culprit", "id", postgresql_where=text("culprit IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    short_id: str = Field(unique=True)
    title: str
    error_type: str
    message: str
    culprit: str | None = None
    service: str
    severity: Severity = Field(sa_column=enum_column(Severity))
    severity_rank: int | None = Field(
        default=None, sa_column=Column(SmallInteger, Computed(_RANK, persisted=True), nullable=False)
    )
    severity_is_set: bool = False
    status: IssueStatus = Field(sa_column=enum_column(IssueStatus))
    is_regression: bool = False
    first_seen_at: datetime = Field(sa_column=instant())
    first_release: str | None = None
    assignee_id: UUID | None = Field(default=None, foreign_key="developer.id")
    assignment_reason: str | None = None
    assigned_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    team_id: UUID | None = Field(default=None, foreign_key="team.id")
    acknowledged_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    acknowledged_by_id: UUID | None = Field(default=None, foreign_key="developer.id")
    resolved_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    resolved_by_id: UUID | None = Field(default=None, foreign_key="developer.id")
    resolution: Resolution | None = Field(default=None, sa_column=enum_column(Resolution, nullable=True))
    resolved_in_release: str | None = None
    resolved_after_release: str | None = None
    resolution_note: str | None = None
    snoozed_until: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    snoozed_until_event_count: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    merged_into_id: UUID | None = Field(default=None, foreign_key="issue.id")
    merged_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    version: int = 1


class IssueCounter(SQLModel, table=True):
    """What changes with each event: narrow, and locked last.

    How many events there were on its last UTC day is `last_day_count`; on no day were there more than `most_a_day`.
    """

    __tablename__ = "issue_counter"
    __table_args__ = (
        Index("issue_counter_last_seen", "project_id", "last_seen_at", "issue_id"),
        Index("issue_counter_events", "project_id", "event_count", "issue_id"),
        Index("issue_counter_users", "project_id", "user_count", "issue_id"),
        {"postgresql_with": {"fillfactor": 70}},
    )

    project_id: UUID
    issue_id: UUID = Field(primary_key=True)
    event_count: int = Field(sa_column=Column(BigInteger, nullable=False))
    user_count: int = Field(sa_column=Column(BigInteger, nullable=False))
    last_seen_at: datetime = Field(sa_column=instant())
    last_event_id: UUID
    last_release: str | None = None
    last_day: date = Field(sa_column=Column(Date, nullable=False))
    last_day_count: int = Field(sa_column=Column(BigInteger, nullable=False))
    most_a_day: int = Field(sa_column=Column(BigInteger, nullable=False))


class GroupingKey(SQLModel, table=True):
    """A versioned digest that belongs to one issue. Keys own the mapping: merge and split re-point them.

    `merged_from_id` is the issue that was merged away with the key, so that the merge can be undone.
    """

    __tablename__ = "grouping_key"
    __table_args__ = (
        Index("grouping_key_hash", "project_id", "hash", unique=True),
        Index("grouping_key_issue", "issue_id"),
    )

    id: UUID = Field(primary_key=True)
    project_id: UUID
    hash: bytes = Field(sa_column=digest())
    version: int = Field(sa_column=Column(SmallInteger, nullable=False))
    kind: GroupingKind = Field(sa_column=enum_column(GroupingKind))
    issue_id: UUID
    created_at: datetime = Field(sa_column=instant())
    merged_from_id: UUID | None = None


class KeyUser(SQLModel, table=True):
    """A user (a digest of who) seen with a key; an issue's users are those of its keys, each once."""

    __tablename__ = "key_user"
    __table_args__ = (Index("key_user_by_user", "user_hash"),)

    project_id: UUID = Field(primary_key=True)
    key_id: UUID = Field(primary_key=True)
    user_hash: bytes = Field(sa_column=digest(primary_key=True))


# How the kind of a facet begins that is a tag: its key follows.
TAG = "tag."


class KeyFacet(SQLModel, table=True):
    """An environment, a release, or one of the first values of a tag, seen with a key."""

    __tablename__ = "key_facet"
    __table_args__ = (Index("key_facet_value", "project_id", "kind", "value", "key_id"),)

    project_id: UUID = Field(primary_key=True)
    key_id: UUID = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    first_seen_at: datetime = Field(sa_column=instant())


class Activity(SQLModel, table=True):
    """One step in the life of an issue, and who took it."""

    __tablename__ = "activity"
    __table_args__ = (
        Index("activity_issue", "issue_id", "id"),
        # What figures of people's work are made of; most steps are others.
        Index(
            "activity_turn",
            "project_id",
            "kind",
            "at",
            postgresql_where=text(f"kind IN ({_TURNS})"),
        ),
    )

    id: UUID = Field(primary_key=True)
    project_id: UUID
    issue_id: UUID
    kind: ActivityKind = Field(sa_column=enum_column(ActivityKind))
    actor_kind: ActorKind = Field(sa_column=enum_column(ActorKind))
    actor_id: UUID | None = None
    at: datetime = Field(sa_column=instant())
    note: str | None = None
    details: dict[str, Any] | None = Field(default=None, sa_column=json())
