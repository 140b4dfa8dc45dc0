"""What stands, as a configuration file would say it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import SQLModel, col, select

from core.db import ReadSession
from domain.configuration import Fields, Kind, name_override, name_targets, name_template
from domain.ownership import OwnershipRule, ownership_from_json
from domain.policy import Target, TargetKind, read_steps
from domain.target import check_targets
from models import (
    AlertRule,
    ContactMethod,
    Developer,
    DeveloperService,
    EscalationPolicy,
    NotificationRule,
    NotificationTemplate,
    Project,
    ResponseTarget,
    Rotation,
    RotationParticipant,
    Schedule,
    ScheduleOverride,
    Team,
    TeamMember,
    TeamProject,
)
from resolvers.alert_rule.reading import filter_of, settings_of
from resolvers.configuration.alerting import KINDS
from resolvers.configuration.target import targets_as_fields
from resolvers.contact.person import read_digest, read_quiet_hours
from resolvers.resources import Resources
from resolvers.target.holding import read_target

Row = TypeVar("Row", bound=SQLModel)


@dataclass(slots=True)
class Known:
    """All that stands by its name, and the ids that names have."""

    things: dict[tuple[Kind, str], Fields] = field(default_factory=dict)
    ids: dict[tuple[Kind, str], UUID] = field(default_factory=dict)

    def id_of(self, kind: Kind, name: str | None) -> UUID | None:
        """The id of what has the name; none for no name."""
        return None if name is None else self.ids[kind, name]

    def ids_of(self, kind: Kind, names: Iterable[str]) -> list[UUID]:
        """The ids of what has these names."""
        return [self.ids[kind, name] for name in names]

    def targets_of(self, named: Iterable[tuple[TargetKind, str]]) -> list[Target]:
        """The targets that are named."""
        return [Target(kind, self.ids[KINDS[kind], name]) for kind, name in named]


async def read_standing(res: Resources, at: datetime) -> Known:
    """All that stands of what can be kept in a file and is not over at that time, out of one snapshot."""
    async with res.db.reading() as session:
        tables = _Tables(
            await _all(session, Developer),
            await _all(session, Project),
            await _all(session, Team),
            await _all(session, Schedule),
            await _all(session, EscalationPolicy),
            await _all(session, AlertRule),
            await _all(session, ScheduleOverride, col(ScheduleOverride.ends_at) > at),
            await _all(session, NotificationTemplate),
            await _all(session, ResponseTarget),
        )
        return tables.known(await _parts(session))


@dataclass(frozen=True, slots=True)
class _Parts:
    """What belongs to the things: by the id of what it belongs to."""

    services: Mapping[UUID, list[DeveloperService]]
    methods: Mapping[UUID, list[ContactMethod]]
    rules: Mapping[UUID, list[NotificationRule]]
    members: Mapping[UUID, list[TeamMember]]
    projects: Mapping[UUID, list[TeamProject]]
    rotations: Mapping[UUID, list[Rotation]]
    participants: Mapping[UUID, list[RotationParticipant]]


async def _parts(session: ReadSession) -> _Parts:
    return _Parts(
        _by(await _all(session, DeveloperService), lambda row: row.developer_id),
        _by(await _all(session, ContactMethod), lambda row: row.developer_id),
        _by(await _all(session, NotificationRule), lambda row: row.developer_id),
        _by(await _all(session, TeamMember), lambda row: row.team_id),
        _by(await _all(session, TeamProject), lambda row: row.team_id),
        _by(await _all(session, Rotation), lambda row: row.schedule_id),
        _by(await _all(session, RotationParticipant), lambda row: row.rotation_id),
    )


@dataclass(frozen=True, slots=True)
class _Tables:
    """The rows of each kind."""

    developers: list[Developer]
    projects: list[Project]
    teams: list[Team]
    schedules: list[Schedule]
    policies: list[EscalationPolicy]
    rules: list[AlertRule]
    overrides: list[ScheduleOverride]
    templates: list[NotificationTemplate]
    targets: list[ResponseTarget]

    def known(self, parts: _Parts) -> Known:
        """All of them by their names."""
        names, known = self._names(), Known()
        for kind, rows, say in (
            (Kind.DEVELOPER, self.developers, _developer),
            (Kind.PROJECT, self.projects, _project),
            (Kind.TEAM, self.teams, _team),
            (Kind.SCHEDULE, self.schedules, _schedule),
            (Kind.POLICY, self.policies, _policy),
            (Kind.ALERT_RULE, self.rules, _alert_rule),
            (Kind.OVERRIDE, self.overrides, _override),
            (Kind.TEMPLATE, self.templates, _template),
        ):
            for row in rows:
                known.ids[kind, names[row.id]] = row.id
                known.things[kind, names[row.id]] = say(row, names, parts)
        for project_id in (None, *(row.id for row in self.projects)):
            known.things[Kind.TARGETS, name_targets(names[project_id] if project_id else None)] = self._targets_of(
                project_id
            )
        return known

    def _targets_of(self, project_id: UUID | None) -> Fields:
        """Those that are set of the project itself, or for all: none, where none are."""
        return targets_as_fields(
            check_targets([read_target(row) for row in self.targets if row.project_id == project_id])
        )

    def _names(self) -> dict[UUID, str]:
        """By which name each of them is known."""
        slugs: list[Project | Team] = [*self.projects, *self.teams]
        named: list[Schedule | EscalationPolicy | AlertRule] = [*self.schedules, *self.policies, *self.rules]
        emails = {row.id: row.email.lower() for row in self.developers}
        names = {**emails, **{row.id: row.slug for row in slugs}, **{row.id: row.name for row in named}}
        return names | self._places(names)

    def _places(self, names: Mapping[Any, str]) -> dict[UUID, str]:
        """Those of what is known by its place."""
        overrides = {
            row.id: name_override(
                names[row.schedule_id], row.starts_at, row.ends_at, names.get(row.add_id), names.get(row.remove_id)
            )
            for row in self.overrides
        }
        templates = {row.id: name_template(row.channel, row.kind, names.get(row.project_id)) for row in self.templates}
        return overrides | templates


def _developer(row: Any, names: Mapping[UUID, str], parts: _Parts) -> Fields:
    return {
        "name": row.name,
        "role": row.role,
        "timezone": row.timezone,
        "services": sorted(service.service for service in parts.services.get(row.id, ())),
        "max_load": row.max_load,
        "manager": names.get(row.manager_id),
        "contact_methods": [
            {"channel": method.channel, "value": method.value} for method in parts.methods.get(row.id, ())
        ],
        "notification_rules": [_notification_rule(rule) for rule in parts.rules.get(row.id, ())],
    }


def _notification_rule(row: NotificationRule) -> Fields:
    quiet = read_quiet_hours(row)
    return {
        "channel": row.channel,
        "min_severity": row.min_severity,
        "importance": row.importance,
        "delay": timedelta(seconds=row.delay_s),
        "quiet_hours": asdict(quiet) if quiet else None,
        "digest_every": read_digest(row),
    }


def _project(row: Any, names: Mapping[UUID, str], parts: _Parts) -> Fields:  # noqa: ARG001 - as all of them
    return {
        "name": row.name,
        "plan": row.plan,
        "retention": timedelta(days=row.retention_days),
        "owner": names.get(row.owner_id),
        "ownership_rules": [_ownership_rule(rule, names) for rule in ownership_from_json(row.ownership_rules)],
    }


def _ownership_rule(rule: OwnershipRule, names: Mapping[UUID, str]) -> Fields:
    owners = _named(rule.owners, names)
    return {
        "team": next((name for kind, name in owners if kind is TargetKind.TEAM), None),
        "developers": [name for kind, name in owners if kind is TargetKind.DEVELOPER],
        "path": rule.path,
        "tag": None if rule.tag is None else {"key": rule.tag[0], "value": rule.tag[1]},
        "service": rule.service,
    }


def _team(row: Any, names: Mapping[UUID, str], parts: _Parts) -> Fields:
    return {
        "name": row.name,
        "lead": names.get(row.lead_id),
        "members": sorted(names[member.developer_id] for member in parts.members.get(row.id, ())),
        "projects": sorted(names[project.project_id] for project in parts.projects.get(row.id, ())),
    }


def _schedule(row: Any, names: Mapping[UUID, str], parts: _Parts) -> Fields:
    return {
        "timezone": row.timezone,
        "services": sorted(row.services),
        "team": names.get(row.team_id),
        "rotations": [_rotation(rotation, names, parts) for rotation in parts.rotations.get(row.id, ())],
    }


def _rotation(row: Rotation, names: Mapping[UUID, str], parts: _Parts) -> Fields:
    turns = sorted(parts.participants.get(row.id, ()), key=lambda turn: turn.position)
    return {
        "name": row.name,
        "kind": row.kind,
        "length": row.length,
        "starts_at": row.starts_at,
        "active_days": row.active_days,
        "active_from": row.active_from,
        "active_until": row.active_until,
        "participants": [names[turn.developer_id] for turn in turns],
    }


def _override(row: Any, names: Mapping[UUID, str], parts: _Parts) -> Fields:  # noqa: ARG001 - as all of them
    return {"note": row.note}


def _template(row: Any, names: Mapping[UUID, str], parts: _Parts) -> Fields:  # noqa: ARG001 - as all of them
    return {"subject": row.subject, "text": row.text}


def _policy(row: Any, names: Mapping[UUID, str], parts: _Parts) -> Fields:  # noqa: ARG001 - as all of them
    steps = [
        {"delay": step.delay, "targets": _named(step.targets, names), "channels": list(step.channels)}
        for step in read_steps(row.steps)
    ]
    return {
        "team": names.get(row.team_id),
        "services": sorted(row.services),
        "repeat": row.repeat,
        "steps": steps,
    }


def _alert_rule(row: Any, names: Mapping[UUID, str], parts: _Parts) -> Fields:  # noqa: ARG001 - as all of them
    settings, filter = settings_of(row), filter_of(row)
    hours = settings["active_hours"]
    return {
        "trigger": row.trigger,
        "project": names.get(row.project_id),
        "is_enabled": row.is_enabled,
        "threshold": row.threshold,
        "window": settings["window"],
        "filter": {
            "services": sorted(filter.services),
            "environments": sorted(filter.environments),
            "severities": list(filter.severities),
            "error_types": sorted(filter.error_types),
            "tags": dict(filter.tags),
        },
        "policy": names.get(row.policy_id),
        "recipients": _named(settings["recipients"], names),
        "channels": settings["channels"],
        "cooldown": settings["cooldown"],
        "active_hours": asdict(hours) if hours else None,
        "template": row.template,
    }


def _named(targets: Iterable[Target], names: Mapping[UUID, str]) -> list[tuple[TargetKind, str]]:
    """The targets by their names; one that is gone has none, and so differs from all that a file can say."""
    return [(target.kind, names.get(target.id, "")) for target in targets]


async def _all(session: ReadSession, table: type[Row], *where: ColumnElement[bool]) -> list[Row]:
    keys = [col(getattr(table, column.name)) for column in table.__table__.primary_key]  # type: ignore[attr-defined]
    return list((await session.exec(select(table).where(*where).order_by(*keys))).all())


def _by(rows: Iterable[Row], owner: Callable[[Row], UUID]) -> Mapping[UUID, list[Row]]:
    found: defaultdict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[owner(row)].append(row)
    return found
