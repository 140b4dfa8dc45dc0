"""Making developers, and changing what is set of them."""

from collections.abc import Sequence
from typing import Any, Unpack
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, delete, select

from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor, Role, Scope
from domain.developer import USUAL_LOAD, DeveloperSettings, check_manager, check_role, check_settings
from domain.errors import InvalidInput, NotFound
from models import Developer, DeveloperService
from resolvers.audit import record_audit, record_change
from resolvers.conflicts import flush_unique
from resolvers.resources import Resources

# Who is whose manager, and who is an OWNER, are rules over all developers: changes take turns.
_TURN = 0x70C53
_EMAIL_TAKEN = "Another developer has this mail address."


async def create_developer(
    res: Resources,
    actor: Actor,
    *,
    name: str,
    email: str,
    role: Role = Role.DEVELOPER,
    timezone: str = "UTC",
    services: Sequence[str] = (),
    manager_id: UUID | None = None,
    max_load: int = USUAL_LOAD,
) -> Developer:
    """Leave a new developer, who knows these services.

    Raises: PermissionDenied, InvalidInput, Conflict (the mail address is taken).
    """
    actor.require_everywhere(Scope.ADMIN)
    checked = check_settings(
        {"name": name, "email": email, "timezone": timezone, "services": [*services], "max_load": max_load}
    )
    check_role(actor, None, role, other_owners=0)
    at = res.clock.now()
    async with res.db.transaction() as tx:
        developer = Developer(
            id=uuid7(at),
            name=checked["name"],
            email=checked["email"],
            role=role,
            timezone=timezone,
            manager_id=await _existing(tx, manager_id),
            max_load=max_load,
            created_at=at,
        )
        tx.session.add(developer)
        await flush_unique(tx, developer_email=_EMAIL_TAKEN)
        _add_services(tx, developer.id, checked["services"])
        facts = _facts(developer, checked["services"])
        record_audit(res, tx, actor, "createDeveloper", target_kind="Developer", target_id=developer.id, after=facts)
    return developer


async def update_developer(
    res: Resources, actor: Actor, *, developer_id: UUID, **settings: Unpack[DeveloperSettings]
) -> Developer:
    """Leave the developer as the settings say; what is left out stays, and `services` are all that they know.

    Raises: PermissionDenied, NotFound, InvalidInput, Conflict (the mail address is taken, the only OWNER).
    """
    actor.require_everywhere(Scope.ADMIN)
    checked = check_settings(settings)
    async with res.db.transaction() as tx:
        developer = await _lock(tx, developer_id)
        services = await _services(tx, developer_id)
        before = _facts(developer, services)
        await _check_rules(tx, actor, developer, checked)
        for field in ("name", "email", "role", "timezone", "manager_id", "max_load"):
            if field in checked:
                setattr(developer, field, checked[field])
        tx.session.add(developer)
        await flush_unique(tx, developer_email=_EMAIL_TAKEN)
        if "services" in checked:
            services = await _replace_services(tx, developer_id, services, checked["services"])
        after = _facts(developer, services)
        record_change(
            res,
            tx,
            actor,
            "updateDeveloper",
            target_kind="Developer",
            target_id=developer_id,
            before=before,
            after=after,
        )
    return developer


async def _lock(tx: Transaction, developer_id: UUID) -> Developer:
    await tx.session.exec(select(func.pg_advisory_xact_lock(_TURN)))
    query = select(Developer).where(Developer.id == developer_id).with_for_update(key_share=True)
    developer = (await tx.session.exec(query)).first()
    if developer is None:
        raise NotFound("No such developer.")
    return developer


async def _check_rules(tx: Transaction, actor: Actor, developer: Developer, checked: DeveloperSettings) -> None:
    """Return if the actor may change this developer so.

    Raises: PermissionDenied, InvalidInput, Conflict.
    """
    others = select(func.count()).where(col(Developer.role) == Role.OWNER, col(Developer.id) != developer.id)
    other_owners = (await tx.session.exec(others)).one()
    check_role(actor, developer.role, checked.get("role", developer.role), other_owners=other_owners)
    if checked.get("manager_id") is not None:
        await _existing(tx, checked["manager_id"])
        rows = await tx.session.exec(select(Developer.id, Developer.manager_id))
        check_manager(developer.id, checked["manager_id"], dict(rows.all()))


async def _existing(tx: Transaction, manager_id: UUID | None) -> UUID | None:
    """The id, if it is somebody's.

    Raises: InvalidInput.
    """
    if manager_id is not None:
        found = await tx.session.exec(select(Developer.id).where(Developer.id == manager_id))
        if found.first() is None:
            raise InvalidInput("There is no such developer.", ("managerId",))
    return manager_id


async def _services(tx: Transaction, developer_id: UUID) -> list[str]:
    query = select(DeveloperService.service).where(DeveloperService.developer_id == developer_id)
    return sorted((await tx.session.exec(query)).all())


async def _replace_services(tx: Transaction, developer_id: UUID, before: list[str], after: list[str]) -> list[str]:
    gone = sorted(set(before) - set(after))
    await tx.session.exec(
        delete(DeveloperService).where(
            col(DeveloperService.developer_id) == developer_id, col(DeveloperService.service).in_(gone)
        )
    )
    _add_services(tx, developer_id, sorted(set(after) - set(before)))
    return after


def _add_services(tx: Transaction, developer_id: UUID, services: Sequence[str]) -> None:
    tx.session.add_all([DeveloperService(developer_id=developer_id, service=service) for service in services])


def _facts(developer: Developer, services: list[str]) -> dict[str, Any]:
    return {
        "name": developer.name,
        "email": developer.email,
        "role": developer.role,
        "timezone": developer.timezone,
        "managerId": developer.manager_id and str(developer.manager_id),
        "maxLoad": developer.max_load,
        "services": services,
    }
