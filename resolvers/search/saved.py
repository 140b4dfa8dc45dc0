"""Searches that are kept: whose they are, who sees them, and who may change them."""

from collections.abc import Sequence
from typing import Any, Unpack
from uuid import UUID

from sqlalchemy import ColumnElement, false, func
from sqlmodel import and_, col, or_, select

from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor, Scope
from domain.errors import Conflict, NotFound, PermissionDenied
from domain.issue import IssueOrder
from domain.search.reading import SearchSubject
from domain.search.saved import MOST_SAVED, SavedSearchSettings, check_saved
from models import Project, SavedSearch, Team, TeamMember
from resolvers.asked import one_of
from resolvers.audit import record_audit, record_change
from resolvers.contact.charge import lock_developer
from resolvers.developer.sight import team_in_sight
from resolvers.resources import Resources
from resolvers.sight import in_sight

_KIND = "SavedSearch"


async def list_saved_searches(
    res: Resources, actor: Actor, *, subject: SearchSubject | None = None
) -> list[SavedSearch]:
    """The actor's own searches, and those of teams and projects in sight; of that subject where one is given, by name.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = select(SavedSearch).where(_in_sight(actor)).order_by(SavedSearch.name, col(SavedSearch.id))
    if subject is not None:
        query = query.where(SavedSearch.subject == subject)
    async with res.db.reading() as session:
        return list((await session.exec(query)).all())


async def saved_searches_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[SavedSearch | None]:
    """The search of each id, none where it is out of sight.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = select(SavedSearch).where(one_of(SavedSearch.id, ids), _in_sight(actor))
    async with res.db.reading() as session:
        found = {row.id: row for row in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


async def create_saved_search(
    res: Resources,
    actor: Actor,
    *,
    name: str,
    subject: SearchSubject,
    search: str,
    order: IssueOrder | None = None,
    team_id: UUID | None = None,
    project: str | None = None,
) -> SavedSearch:
    """Leave the search kept under that name: for a team of the actor's, for all who see a project, or for them alone.

    Raises: PermissionDenied, NotFound, InvalidInput, Conflict (they keep too many).
    """
    actor.require(Scope.TRIAGE)
    at = res.clock.now()
    settings = SavedSearchSettings(name=name, search=search, order=order)
    checked = check_saved(subject, settings, at, has_team=team_id is not None, has_project=project is not None)
    async with res.db.transaction() as tx:
        owner = await lock_developer(tx, actor, None)
        count = select(func.count()).where(col(SavedSearch.owner_id) == owner.id)
        if (await tx.session.exec(count)).one() >= MOST_SAVED:
            raise Conflict(f"You keep {MOST_SAVED} searches: delete one first.")
        row = SavedSearch(
            id=uuid7(at),
            owner_id=owner.id,
            team_id=await _find_team(tx, actor, team_id),
            project_id=await _find_project(tx, actor, project),
            subject=subject,
            created_at=at,
            **_columns(checked),
        )
        tx.session.add(row)
        record_audit(
            res, tx, actor, "createSavedSearch",
            target_kind=_KIND, target_id=row.id, project_id=row.project_id, after=_facts(row),
        )  # fmt: skip
    return row


async def update_saved_search(
    res: Resources, actor: Actor, *, saved_search_id: UUID, **settings: Unpack[SavedSearchSettings]
) -> SavedSearch:
    """Leave the search as the settings say; what is left out stays.

    Raises: PermissionDenied (it is somebody else's), NotFound, InvalidInput.
    """
    actor.require(Scope.TRIAGE)
    async with res.db.transaction() as tx:
        row = await _lock(tx, actor, saved_search_id)
        checked = check_saved(row.subject, settings, res.clock.now(), has_team=False, has_project=False)
        before = _facts(row)
        for column, value in _columns(checked).items():
            setattr(row, column, value)
        tx.session.add(row)
        record_change(
            res, tx, actor, "updateSavedSearch",
            target_kind=_KIND, target_id=row.id, project_id=row.project_id, before=before, after=_facts(row),
        )  # fmt: skip
    return row


async def delete_saved_search(res: Resources, actor: Actor, *, saved_search_id: UUID) -> SavedSearch:
    """Leave no such search; hand back what it was.

    Raises: PermissionDenied (it is somebody else's), NotFound.
    """
    actor.require(Scope.TRIAGE)
    async with res.db.transaction() as tx:
        row = await _lock(tx, actor, saved_search_id)
        await tx.session.delete(row)
        record_audit(
            res, tx, actor, "deleteSavedSearch",
            target_kind=_KIND, target_id=row.id, project_id=row.project_id, before=_facts(row),
        )  # fmt: skip
    return row


def _in_sight(actor: Actor) -> ColumnElement[bool]:
    """The condition that a search is the actor's own, or of a team or project in sight: one's own are nobody else's."""
    is_own = col(SavedSearch.owner_id) == actor.developer_id if actor.developer_id else false()
    team_id, project_id = col(SavedSearch.team_id), col(SavedSearch.project_id)
    return or_(
        and_(team_id.is_(None), project_id.is_(None), is_own),
        team_id.in_(select(Team.id).where(team_in_sight(actor))),
        and_(project_id.is_not(None), in_sight(actor, project_id)),
    )


async def _lock(tx: Transaction, actor: Actor, saved_search_id: UUID) -> SavedSearch:
    query = select(SavedSearch).where(SavedSearch.id == saved_search_id, _in_sight(actor)).with_for_update()
    row = (await tx.session.exec(query)).first()
    if row is None:
        raise NotFound("No such SavedSearch.")
    is_own = actor.developer_id is not None and row.owner_id == actor.developer_id
    if not is_own and not (_sets_for_all(actor) or await _is_member(tx, actor, row.team_id)):
        raise PermissionDenied("This search is somebody else's.")
    return row


async def _find_team(tx: Transaction, actor: Actor, team_id: UUID | None) -> UUID | None:
    """The team, which is one of the actor's, or any for who sets things for all."""
    if team_id is None:
        return None
    seen = select(Team.id).where(Team.id == team_id, team_in_sight(actor))
    if (await tx.session.exec(seen)).first() is None:
        raise NotFound("No such Team.")
    if not (_sets_for_all(actor) or await _is_member(tx, actor, team_id)):
        raise PermissionDenied("You are not in this team.")
    return team_id


async def _find_project(tx: Transaction, actor: Actor, slug: str | None) -> UUID | None:
    if slug is None:
        return None
    found = await tx.session.exec(select(Project.id).where(Project.slug == slug, in_sight(actor, col(Project.id))))
    if (project_id := found.first()) is None:
        raise NotFound("No such Project.")
    return project_id


def _sets_for_all(actor: Actor) -> bool:
    return Scope.ADMIN in actor.scopes and actor.project_ids is None


async def _is_member(tx: Transaction, actor: Actor, team_id: UUID | None) -> bool:
    if team_id is None or actor.developer_id is None:
        return False
    return await tx.session.get(TeamMember, (team_id, actor.developer_id)) is not None


def _columns(checked: SavedSearchSettings) -> dict[str, Any]:
    """The columns that keep the settings."""
    columns: dict[str, Any] = {name: value for name, value in checked.items() if name != "order"}
    if "order" in checked:
        order = checked["order"]
        columns |= {"order_field": order and order.field, "is_descending": order and order.descending}
    return columns


def _facts(row: SavedSearch) -> dict[str, Any]:
    return {
        "name": row.name,
        "subject": row.subject,
        "search": row.search,
        "teamId": row.team_id and str(row.team_id),
        "orderBy": row.order_field,
        "isDescending": row.is_descending,
    }
