"""Setting within which time issues are to be dealt with, of a project or of all."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func
from sqlmodel import col, select

from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor, Scope
from domain.errors import NotFound
from domain.target import Target, check_targets, targets_as_json
from models import Project, ResponseTarget
from resolvers.audit import record_audit
from resolvers.resources import Resources
from resolvers.sight import in_sight
from resolvers.target.holding import targets_of

_TURN = 0x7A26E7
# What is set for all projects belongs to none.
_EVERYWHERE = UUID(int=0)


async def set_response_targets(
    res: Resources, actor: Actor, *, targets: Sequence[Target], project_id: UUID | None = None
) -> list[Target]:
    """Leave these as all targets of the project, or of the installation where none is named; hand them back.

    For a severity of which a project has none, those of the installation hold.

    Raises: PermissionDenied, NotFound, InvalidInput.
    """
    if project_id is None:
        actor.require_everywhere(Scope.ADMIN)
    else:
        actor.require(Scope.ADMIN, project_id)
    checked = check_targets(targets)
    async with res.db.transaction() as tx:
        await tx.session.exec(select(func.pg_advisory_xact_lock(_TURN)))
        if project_id is not None:
            await _check_there(tx, actor, project_id)
        before = await targets_of(tx.session, project_id)
        is_its = col(ResponseTarget.project_id).is_not_distinct_from(project_id)
        await tx.session.exec(delete(ResponseTarget).where(is_its))
        tx.session.add_all(_row(res, project_id, target) for target in checked)
        record_audit(
            res,
            tx,
            actor,
            "setResponseTargets",
            target_kind="Project",
            target_id=project_id or _EVERYWHERE,
            project_id=project_id,
            before={"targets": targets_as_json(before)},
            after={"targets": targets_as_json(checked)},
        )
    return checked


async def _check_there(tx: Transaction, actor: Actor, project_id: UUID) -> None:
    query = select(Project.id).where(Project.id == project_id, in_sight(actor, col(Project.id)))
    if (await tx.session.exec(query)).first() is None:
        raise NotFound("No such Project.")


def _row(res: Resources, project_id: UUID | None, target: Target) -> ResponseTarget:
    return ResponseTarget(
        id=uuid7(res.clock.now()),
        project_id=project_id,
        severity=target.severity,
        acknowledge_within=target.acknowledge_within,
        resolve_within=target.resolve_within,
        warn_at=target.warn_at,
    )
