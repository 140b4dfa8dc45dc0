"""Making escalation policies, changing what is set of them, and taking them away."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, Unpack
from uuid import UUID

from sqlmodel import col, select

from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor, Scope
from domain.errors import InvalidInput, NotFound
from domain.policy import PolicySettings, Step, TargetKind, check_settings, write_steps
from models import Developer, EscalationPolicy, Schedule, Team
from resolvers.audit import record_audit, record_change
from resolvers.conflicts import flush_unique
from resolvers.resources import Resources

_NAME_TAKEN = "Another policy has this name."
_audit = partial(record_audit, target_kind="EscalationPolicy")
_audit_change = partial(record_change, target_kind="EscalationPolicy")
_TARGETS = {TargetKind.DEVELOPER: Developer.id, TargetKind.SCHEDULE: Schedule.id, TargetKind.TEAM: Team.id}


async def create_policy(
    res: Resources,
    actor: Actor,
    *,
    name: str,
    steps: Sequence[Step],
    team_id: UUID | None = None,
    services: Sequence[str] = (),
    repeat: int = 0,
) -> EscalationPolicy:
    """Leave a new policy, which alerts climb that begin from now on.

    Raises: PermissionDenied, InvalidInput, Conflict (the name is taken).
    """
    actor.require_everywhere(Scope.ADMIN)
    checked = check_settings(
        {"name": name, "team_id": team_id, "services": [*services], "repeat": repeat, "steps": [*steps]}
    )
    at = res.clock.now()
    async with res.db.transaction() as tx:
        await _check_known(tx, checked)
        policy = EscalationPolicy(id=uuid7(at), created_at=at, **_columns(checked))
        tx.session.add(policy)
        await flush_unique(tx, escalation_policy_name_key=_NAME_TAKEN)
        _audit(res, tx, actor, "createEscalationPolicy", target_id=policy.id, after=_facts(policy))
    return policy


async def update_policy(
    res: Resources, actor: Actor, *, policy_id: UUID, **settings: Unpack[PolicySettings]
) -> EscalationPolicy:
    """Leave the policy as the settings say; what is left out stays. Alerts that ring climb what it was before.

    Raises: PermissionDenied, NotFound, InvalidInput, Conflict (the name is taken).
    """
    actor.require_everywhere(Scope.ADMIN)
    checked = check_settings(settings)
    async with res.db.transaction() as tx:
        policy = await _lock(tx, policy_id)
        await _check_known(tx, checked)
        before = _facts(policy)
        for name, value in _columns(checked).items():
            setattr(policy, name, value)
        tx.session.add(policy)
        await flush_unique(tx, escalation_policy_name_key=_NAME_TAKEN)
        _audit_change(
            res, tx, actor, "updateEscalationPolicy", target_id=policy_id, before=before, after=_facts(policy)
        )
    return policy


async def delete_policy(res: Resources, actor: Actor, *, policy_id: UUID) -> EscalationPolicy:
    """Leave no such policy; hand back what it was. Alerts that ring go on to climb it.

    Raises: PermissionDenied, NotFound.
    """
    actor.require_everywhere(Scope.ADMIN)
    async with res.db.transaction() as tx:
        policy = await _lock(tx, policy_id)
        await tx.session.delete(policy)
        _audit(res, tx, actor, "deleteEscalationPolicy", target_id=policy_id, before=_facts(policy))
    return policy


async def _lock(tx: Transaction, policy_id: UUID) -> EscalationPolicy:
    query = select(EscalationPolicy).where(EscalationPolicy.id == policy_id).with_for_update()
    policy = (await tx.session.exec(query)).first()
    if policy is None:
        raise NotFound("No such EscalationPolicy.")
    return policy


async def _check_known(tx: Transaction, checked: PolicySettings) -> None:
    """Return where its team and all targets are there.

    Raises: InvalidInput.
    """
    team_id = checked.get("team_id")
    if team_id is not None and team_id not in await _there(tx, TargetKind.TEAM, [team_id]):
        raise InvalidInput("There is no such team.", ("teamId",))
    targets = {target for step in checked.get("steps", ()) for target in step.targets}
    for kind in TargetKind:
        wanted = {target.id for target in targets if target.kind is kind}
        if wanted and wanted - await _there(tx, kind, wanted):
            raise InvalidInput(f"There is no such {kind.lower()}.", ("steps",))


async def _there(tx: Transaction, kind: TargetKind, ids: Iterable[UUID]) -> set[UUID]:
    """Which of them there are."""
    column = col(_TARGETS[kind])
    return set((await tx.session.exec(select(column).where(column.in_(ids)))).all())


def _columns(checked: PolicySettings) -> dict[str, Any]:
    """The settings as the table has them."""
    columns: dict[str, Any] = {**checked}
    if "steps" in checked:
        columns["steps"] = write_steps(checked["steps"])
    return columns


def _facts(policy: EscalationPolicy) -> dict[str, Any]:
    return {
        "name": policy.name,
        "teamId": policy.team_id and str(policy.team_id),
        "services": policy.services,
        "repeat": policy.repeat,
        "steps": policy.steps,
    }
