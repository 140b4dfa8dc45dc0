"""How much each person has to do, and what the last seven days brought them: one statement for each kind of figure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, and_, case, column, exists, func, values
from sqlmodel import col, select

from core.db import AnySelect, ReadSession
from core.ids import lowest_uuid7_at
from domain.access import Actor, ActorKind, Scope
from domain.alert import AlertStatus
from domain.errors import NotFound
from domain.issue import APPEARING, ActivityKind, IssueStatus
from domain.notification import Channel
from domain.stats import Coverage, StatsFilter
from domain.workload import WEEK, nights, shares, utilisation
from models import Activity, Alert, ApiToken, Developer, Issue, Notification, Team, TeamMember
from resolvers.developer.sight import developer_in_sight, team_in_sight
from resolvers.resources import Resources
from resolvers.sight import in_sight
from resolvers.times import MEDIAN, AskedTimes, spans_of

MOST = 500


@dataclass(slots=True)
class Workload:
    """What somebody has now, and what the last seven days brought: in the projects that the asker may see."""

    developer: Developer
    open: int = 0
    acknowledged: int = 0
    escalated: int = 0
    resolved: int = 0
    median_time_to_resolve: timedelta | None = None
    pages: int = 0
    night_pages: int = 0
    page_share: float | None = field(default=None)
    night_page_share: float | None = field(default=None)

    @property
    def utilisation(self) -> float:
        """The open issues as a share of what they may have."""
        return utilisation(self.open, self.developer.max_load)


async def list_workload(res: Resources, actor: Actor, *, team_id: UUID | None = None) -> list[Workload]:
    """The workload of everybody in sight, or of everybody in sight of that team, by name; of the first 500.

    Raises: PermissionDenied, NotFound (no such team in sight).
    """
    actor.require(Scope.READ)
    until = res.clock.now()
    week = Coverage(until - WEEK, until)
    async with res.db.reading() as session:
        people = {row.id: Workload(row) for row in await _people(session, actor, team_id)}
        await _count_open(session, actor, people)
        await _count_resolved(session, actor, people, week)
        await _count_pages(session, actor, people, week)
    found = list(people.values())
    pages, at_night = shares([each.pages for each in found]), shares([each.night_pages for each in found])
    for each, page_share, night_share in zip(found, pages, at_night, strict=True):
        each.page_share, each.night_page_share = page_share, night_share
    return found


async def _people(session: ReadSession, actor: Actor, team_id: UUID | None) -> Sequence[Developer]:
    query = select(Developer).where(developer_in_sight(actor)).order_by(col(Developer.name), col(Developer.id))
    if team_id is not None:
        if not (await session.exec(select(Team.id).where(Team.id == team_id, team_in_sight(actor)))).first():
            raise NotFound("There is no such team.")
        members = select(TeamMember.developer_id).where(TeamMember.team_id == team_id)
        query = query.where(col(Developer.id).in_(members))
    return (await session.exec(query.limit(MOST))).all()


async def _count_open(session: ReadSession, actor: Actor, people: dict[UUID, Workload]) -> None:
    """What is theirs and unresolved: taken, and with an open alert that has climbed."""
    climbed = exists().where(
        col(Alert.issue_id) == col(Issue.id), col(Alert.status) != AlertStatus.RESOLVED, col(Alert.level) > 0
    )
    query: AnySelect = (
        select(
            col(Issue.assignee_id),
            func.count(),
            func.count().filter(col(Issue.acknowledged_at).is_not(None)),
            func.count().filter(climbed),
        )
        .where(col(Issue.assignee_id).in_(people), Issue.status == IssueStatus.UNRESOLVED)
        .where(in_sight(actor, col(Issue.project_id)), col(Issue.merged_into_id).is_(None))
        .group_by(col(Issue.assignee_id))
    )
    for id, count, acknowledged, escalated in await session.rows(query):
        each = people[id]
        each.open, each.acknowledged, each.escalated = count, acknowledged, escalated


async def _count_resolved(session: ReadSession, actor: Actor, people: dict[UUID, Workload], week: Coverage) -> None:
    """What they resolved themselves, also with a token of theirs, and how long it had stood."""
    who = case((col(Activity.actor_kind) == ActorKind.DEVELOPER, col(Activity.actor_id)), else_=col(ApiToken.owner_id))
    asked = AskedTimes(actor, StatsFilter(), week, week.until)
    by_token = and_(col(Activity.actor_kind) == ActorKind.TOKEN, col(ApiToken.id) == col(Activity.actor_id))
    took = (
        spans_of(asked, ActivityKind.RESOLVED, APPEARING, who.label("who"))
        .outerjoin(ApiToken, by_token)
        .where(who.in_(people))
        .subquery()
    )
    query: AnySelect = select(took.c.who, func.count(), MEDIAN(took.c.span)).group_by(took.c.who)
    for id, count, median in await session.rows(query):
        people[id].resolved, people[id].median_time_to_resolve = count, median


async def _count_pages(session: ReadSession, actor: Actor, people: dict[UUID, Workload], week: Coverage) -> None:
    """How many alerts they were told of by a message that left, and of how many at their night."""
    zones = sorted({each.developer.timezone for each in people.values()})
    spans = [(zone, *night) for zone in zones for night in nights(ZoneInfo(zone), week.since, week.until)]
    if not spans:
        return
    night = values(
        column("zone", Developer.__table__.c.timezone.type),  # type: ignore[attr-defined]  # SQLModel's table
        column("since", DateTime(timezone=True)),
        column("until", DateTime(timezone=True)),
        name="night",
    ).data(spans)
    sent_at = col(Notification.sent_at)
    is_night = exists().where(
        night.c.zone == col(Developer.timezone), night.c.since <= sent_at, sent_at < night.c.until
    )
    alerts = func.count(col(Notification.alert_id).distinct())
    query: AnySelect = (
        select(col(Notification.recipient_id), alerts, alerts.filter(is_night))
        .join(Developer, col(Developer.id) == col(Notification.recipient_id))
        .where(
            col(Notification.recipient_id).in_(people),
            # Whatever was sent in that time was written in it, or up to as much before.
            col(Notification.id) >= lowest_uuid7_at(week.since - WEEK),
            sent_at >= week.since,
            sent_at < week.until,
            col(Notification.alert_id).is_not(None),
            col(Notification.channel) != Channel.DASHBOARD,
            in_sight(actor, col(Notification.project_id)),
        )
        .group_by(col(Notification.recipient_id))
    )
    for id, pages, at_night in await session.rows(query):
        people[id].pages, people[id].night_pages = pages, at_night
