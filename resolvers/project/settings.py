"""Making projects, and changing what is set of them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Unpack
from uuid import UUID

from sqlmodel import col, func, select

from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor, Scope
from domain.errors import InvalidInput, NotFound
from domain.inbound import filters_as_json, rules_as_json
from domain.ownership import OwnershipRule, ownership_as_json
from domain.policy import Target, TargetKind
from domain.project import Plan, ProjectSettings, check_settings, retention_days
from domain.rules import stored_rules
from models import Developer, Project, Team
from resolvers.audit import record_audit, record_change
from resolvers.conflicts import flush_unique
from resolvers.developer.sight import developer_in_sight, team_in_sight
from resolvers.intake.flush import project_lock
from resolvers.resources import Resources
from resolvers.sight import in_sight


async def create_project(
    res: Resources,
    actor: Actor,
    *,
    slug: str,
    name: str,
    plan: Plan | None = None,
    retention: timedelta | None = None,
    max_events: int | None = None,
    redact_keys: Sequence[str] = (),
    owner_id: UUID | None = None,
) -> Project:
    """Leave a new project; what is left out is as the settings of the installation say.

    Raises: PermissionDenied, InvalidInput, Conflict (the slug is taken).
    """
    actor.require_everywhere(Scope.ADMIN)
    retention = retention or timedelta(days=res.settings.event_retention_days)
    checked = check_settings(
        {"slug": slug, "name": name, "retention": retention, "max_events": max_events, "redact_keys": [*redact_keys]}
    )
    at = res.clock.now()
    async with res.db.transaction() as tx:
        project = Project(
            id=uuid7(at),
            slug=checked["slug"],
            name=checked["name"],
            plan=plan or Plan(res.settings.default_plan),
            retention_days=retention_days(retention),
            max_events=max_events,
            owner_id=await _existing(tx, actor, owner_id),
            redact_keys=checked["redact_keys"],
            created_at=at,
        )
        tx.session.add(project)
        await flush_unique(tx, project_slug_key="Another project has this slug.")
        record_audit(
            res,
            tx,
            actor,
            "createProject",
            target_kind="Project",
            target_id=project.id,
            project_id=project.id,
            after={"slug": project.slug, **_facts(project)},
        )
    return project


async def update_project(
    res: Resources, actor: Actor, *, project_id: UUID, **settings: Unpack[ProjectSettings]
) -> Project:
    """Leave the project as the settings say; what is left out stays, and lists are given whole.

    Rules hold for events that come to the door 5 seconds later, and nothing that is stored is moved by them.

    Raises: PermissionDenied, NotFound, InvalidInput.
    """
    actor.require(Scope.ADMIN, project_id)
    checked = check_settings(settings)
    async with res.db.transaction() as tx:
        if "grouping_rules" in checked:
            await tx.session.exec(select(func.pg_advisory_xact_lock(project_lock(project_id))))
        project = await _lock(tx, actor, project_id)
        before = _facts(project)
        for field in ("name", "plan", "max_events", "redact_keys", "hourly_quota", "spike_protection"):
            if field in checked:
                setattr(project, field, checked[field])
        if "retention" in checked:
            project.retention_days = retention_days(checked["retention"])
        if "grouping_rules" in checked:
            project.grouping_rules = stored_rules(checked["grouping_rules"])
        if "inbound_filters" in checked:
            project.inbound_filters = filters_as_json(checked["inbound_filters"])
        if "sampling_rules" in checked:
            project.sampling_rules = rules_as_json(checked["sampling_rules"])
        if "ownership_rules" in checked:
            await _check_owners(tx, actor, checked["ownership_rules"])
            project.ownership_rules = ownership_as_json(checked["ownership_rules"])
        if "owner_id" in checked:
            project.owner_id = await _existing(tx, actor, checked["owner_id"])
        tx.session.add(project)
        record_change(
            res,
            tx,
            actor,
            "updateProject",
            target_kind="Project",
            target_id=project_id,
            project_id=project_id,
            before=before,
            after=_facts(project),
        )
    return project


async def _lock(tx: Transaction, actor: Actor, project_id: UUID) -> Project:
    query = select(Project).where(Project.id == project_id, in_sight(actor, col(Project.id)))
    project = (await tx.session.exec(query.with_for_update(key_share=True))).first()
    if project is None:
        raise NotFound("No such project.")
    return project


async def _existing(tx: Transaction, actor: Actor, owner_id: UUID | None) -> UUID | None:
    """The id, if it is that of a developer in sight.

    Raises: InvalidInput.
    """
    if owner_id is not None:
        found = await tx.session.exec(select(Developer.id).where(Developer.id == owner_id, developer_in_sight(actor)))
        if found.first() is None:
            raise InvalidInput("There is no such developer.", ("ownerId",))
    return owner_id


async def _check_owners(tx: Transaction, actor: Actor, rules: Sequence[OwnershipRule]) -> None:
    """Return where all who own something are there, in sight.

    Raises: InvalidInput that says in which rule not.
    """
    wanted = {owner.id for rule in rules for owner in rule.owners}
    people = select(Developer.id).where(col(Developer.id).in_(wanted), developer_in_sight(actor))
    teams = select(Team.id).where(col(Team.id).in_(wanted), team_in_sight(actor))
    found = {
        *(Target(TargetKind.DEVELOPER, id) for id in (await tx.session.exec(people)).all()),
        *(Target(TargetKind.TEAM, id) for id in (await tx.session.exec(teams)).all()),
    }
    for place, rule in enumerate(rules):
        if missing := next((owner for owner in rule.owners if owner not in found), None):
            raise InvalidInput(f"There is no such {missing.kind.lower()}.", ("ownershipRules", str(place)))


def _facts(project: Project) -> dict[str, Any]:
    return {
        "name": project.name,
        "plan": project.plan,
        "retentionDays": project.retention_days,
        "maxEvents": project.max_events,
        "redactKeys": project.redact_keys,
        "groupingRules": project.grouping_rules,
        "ownerId": project.owner_id and str(project.owner_id),
        "hourlyQuota": project.hourly_quota,
        "spikeProtection": project.spike_protection,
        "inboundFilters": project.inbound_filters,
        "samplingRules": project.sampling_rules,
        "ownershipRules": project.ownership_rules,
    }
