"""What changed from one release of a project to another: which issues are new, which are fixed, which came back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from core.db import AnySelect
from core.keyset import Order, at, unique
from domain.access import Actor, Scope
from domain.errors import NotFound
from domain.issue import ActivityKind, IssueStatus
from domain.page import PageRequest
from models import Activity, Issue, IssueCounter, KeyFacet, Project, Release
from resolvers.issue.filter import RELEASE, seen_with
from resolvers.paging import Page, count_rows, read_page
from resolvers.release import check_version
from resolvers.resources import Resources
from resolvers.sight import in_sight

_BY_LAST_SEEN = Order("release comparison", (at(col(IssueCounter.last_seen_at)), unique(col(IssueCounter.issue_id))))


class Change(StrEnum):
    """What became of an issue from one release to another."""

    NEW = "NEW"
    FIXED = "FIXED"
    REGRESSED = "REGRESSED"


@dataclass(frozen=True, slots=True)
class Compared:
    """Two releases of a project that is in the actor's sight, and when it saw each first."""

    project_id: UUID
    base: str
    head: str
    base_at: datetime
    head_at: datetime


async def compare_two_releases(res: Resources, actor: Actor, *, project: str, base: str, head: str) -> Compared:
    """The two releases of the project of that slug.

    Raises: PermissionDenied, NotFound (the project, or it has not seen a release), InvalidInput.
    """
    actor.require(Scope.READ)
    for version in (base, head):
        check_version(version)
    query = (
        select(col(Release.version), col(Release.first_seen_at), col(Release.project_id))
        .join(Project, col(Project.id) == col(Release.project_id))
        .where(col(Project.slug) == project, in_sight(actor, col(Project.id)), col(Release.version).in_((base, head)))
    )
    async with res.db.reading() as session:
        found = {row[0]: row for row in await session.rows(query)}
    if not {base, head} <= set(found):
        raise NotFound("There is no such project, or it has not seen both releases.")
    return Compared(found[head][2], base, head, found[base][1], found[head][1])


async def list_changed(
    res: Resources, actor: Actor, compared: Compared, change: Change, page: PageRequest
) -> Page[tuple[Issue, IssueCounter]]:
    """The page of the issues of which that is true, the latest seen first.

    Raises: PermissionDenied, InvalidInput.
    """
    actor.require(Scope.READ, compared.project_id)
    query: AnySelect = select(Issue, IssueCounter).join(IssueCounter, col(IssueCounter.issue_id) == col(Issue.id))
    async with res.db.reading() as session:
        return await read_page(session, query.where(*_changed(compared, change)), _BY_LAST_SEEN, page)


async def count_changed(res: Resources, actor: Actor, compared: Compared, change: Change) -> int:
    """How many issues there are of which that is true, counting no further than 10,000.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ, compared.project_id)
    async with res.db.reading() as session:
        return await count_rows(session, select(col(Issue.id)).where(*_changed(compared, change)))


def _changed(compared: Compared, change: Change) -> list[ColumnElement[bool]]:
    of_project = [col(Issue.project_id) == compared.project_id, col(Issue.merged_into_id).is_(None)]
    return [*of_project, *_CONDITIONS[change](compared)]


def _seen_in(version: str) -> ColumnElement[bool]:
    return seen_with(RELEASE, col(KeyFacet.value) == version)


def _new(compared: Compared) -> list[ColumnElement[bool]]:
    """Seen in the head and not in the base, and not before the base was."""
    since = col(Issue.first_seen_at) >= compared.base_at
    return [_seen_in(compared.head), ~_seen_in(compared.base), since]


def _fixed(compared: Compared) -> list[ColumnElement[bool]]:
    """Seen in the base and not in the head, and resolved."""
    return [_seen_in(compared.base), ~_seen_in(compared.head), col(Issue.status) == IssueStatus.RESOLVED]


def _regressed(compared: Compared) -> list[ColumnElement[bool]]:
    """Seen in the head, and come back after it was resolved since the project saw the head first."""
    came_back = (
        select(col(Activity.id))
        .where(col(Activity.issue_id) == col(Issue.id), col(Activity.kind) == ActivityKind.REGRESSED)
        .where(col(Activity.at) >= compared.head_at)
        .exists()
    )
    return [_seen_in(compared.head), came_back]


_CONDITIONS = {Change.NEW: _new, Change.FIXED: _fixed, Change.REGRESSED: _regressed}
