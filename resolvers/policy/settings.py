"""Making escalation policies, changing what is set of them, and taking them away."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Unpack
from uuid import UUID

from sqlmodel import select

from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor, Scope
from domain.errors import NotFound
from domain.policy import PolicySettings, Step, Target, TargetKind, check_settings, write_steps
from models import EscalationPolicy
from resolvers.audit import record_audit, record_change
from resolvers.conflicts import flush_unique
from resolvers.policy.known import check_targets
from resolvers.resources import Resources

_NAME_TAKEN = "Another policy has this name."
_audit = partial(record_audit, target_kind="EscalationPolicy")
_audit_change = partial(record_change, target_kind="EscalationPolicy")


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
    if team_id is not None:
        await check_targets(tx, [Target(TargetKind.TEAM, team_id)], "teamId")
    await check_targets(tx, [target for step in checked.get("steps", ()) for target in step.targets], "steps")


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
