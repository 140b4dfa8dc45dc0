"""What waits for whoever comes on call: alerts that are open, and issues that those before them leave."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, func, true
from sqlmodel import col, select

from core.db import Transaction
from domain.access import Role
from domain.alert import AlertStatus
from domain.issue import IssueStatus
from domain.notification import one_line
from models import Alert, Developer, Issue, Schedule, TeamMember, TeamProject

_MOST_SHOWN = 10
_LONGEST = 160
_STANDING = {AlertStatus.TRIGGERED: "ringing", AlertStatus.ACKNOWLEDGED: "acknowledged"}


async def waiting_for(tx: Transaction, schedule: Schedule, person: Developer) -> tuple[list[str], int]:
    """The worst of the open alerts of the schedule that the person may see, each in a line, and how many there are.

    The schedule's are those of its services, and of its team's projects.
    """
    query = (
        select(  # type: ignore[call-overload]  # it knows no window
            Alert.status, Issue.severity, Issue.short_id, Issue.title, func.count().over()
        )
        .join(Issue, col(Issue.id) == col(Alert.issue_id))
        .where(col(Alert.status) != AlertStatus.RESOLVED, *_is_of(schedule, person))
        .order_by(col(Issue.severity_rank).desc(), col(Alert.id))
        .limit(_MOST_SHOWN)
    )
    rows = (await tx.session.exec(query)).all()
    shown = [
        one_line(f"[{severity}] {short_id} {title} ({_STANDING[status]})", _LONGEST)
        for status, severity, short_id, title, _ in rows
    ]
    return shown, rows[0][-1] if rows else 0


async def unresolved_of(
    tx: Transaction, schedule: Schedule, person: Developer, before: Collection[UUID]
) -> list[tuple[str, int]]:
    """Who of those before has how many unresolved issues that are the schedule's and that the person may see."""
    query = (
        select(Developer.name, func.count())
        .join(Issue, col(Issue.assignee_id) == col(Developer.id))
        .where(
            col(Developer.id).in_(before),
            col(Issue.status) == IssueStatus.UNRESOLVED,
            col(Issue.merged_into_id).is_(None),
            *_is_of(schedule, person),
        )
        .group_by(col(Developer.id))
        .order_by(col(Developer.name))
    )
    return [(name, count) for name, count in (await tx.session.exec(query)).all()]


def _is_of(schedule: Schedule, person: Developer) -> list[ColumnElement[bool]]:
    """The conditions that an issue is the schedule's, and in a project that the person may see."""
    of_person = (
        select(TeamProject.project_id)
        .join(TeamMember, col(TeamMember.team_id) == col(TeamProject.team_id))
        .where(col(TeamMember.developer_id) == person.id)
    )
    of_team = select(TeamProject.project_id).where(col(TeamProject.team_id) == schedule.team_id)
    sees_all = person.role in (Role.OWNER, Role.ADMIN)
    return [
        true() if sees_all else col(Issue.project_id).in_(of_person),
        col(Issue.project_id).in_(of_team) if schedule.team_id else true(),
        col(Issue.service).in_(schedule.services) if schedule.services else true(),
    ]
