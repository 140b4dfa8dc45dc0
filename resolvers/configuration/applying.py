"""Making a configuration stand: each change by the use case that a person would use for it."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias
from uuid import UUID

from sqlmodel import col, select

from domain.access import Actor, Scope
from domain.alert_rule.definition import RuleFilter
from domain.configuration import Change, Fields, Kind, check_references, find_changes
from domain.contact import QuietHours
from domain.errors import InvalidInput
from domain.ownership import OwnershipRule
from domain.policy import Step, TargetKind
from domain.target import Target
from models import NotificationRule, Rotation
from resolvers.alert_rule.settings import create_alert_rule, update_alert_rule
from resolvers.configuration.file import ConfigurationFile
from resolvers.configuration.standing import Known, read_standing
from resolvers.contact.methods import create_contact_method
from resolvers.contact.rules import create_notification_rule, delete_notification_rule
from resolvers.developer.settings import create_developer, update_developer
from resolvers.notification_template.settings import create_notification_template, update_notification_template
from resolvers.policy.settings import create_policy, update_policy
from resolvers.project.settings import create_project, update_project
from resolvers.resources import Resources
from resolvers.schedule.override import create_override, update_override
from resolvers.schedule.rotation import create_rotation, delete_rotation, update_rotation
from resolvers.schedule.settings import create_schedule, update_schedule
from resolvers.target.settings import set_response_targets
from resolvers.team.settings import create_team, update_team

_METHODS, _RULES, _ROTATIONS = "contact_methods", "notification_rules", "rotations"
_OWNERSHIP = "ownership_rules"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done so that a file stands, and what stands before."""

    changes: list[Change]
    known: Known
    unchanged: int


@dataclass(frozen=True, slots=True)
class _Hand:
    """Who makes it stand, and what is known by then."""

    res: Resources
    actor: Actor
    known: Known


async def plan_configuration(res: Resources, actor: Actor, file: ConfigurationFile) -> Plan:
    """What is to be done so that all that the file says stands. What it does not say stays as it is.

    Raises: PermissionDenied, InvalidInput (it names what there is not, or would change what cannot be changed).
    """
    actor.require_everywhere(Scope.ADMIN)
    at = res.clock.now()
    known, things = await read_standing(res, at), file.things(at)
    check_references(file.references(at), things, known.things)
    changes = [change for change in map(_additive, find_changes(things, known.things)) if change is not None]
    for change in changes:
        _refuse_fixed(change)
    return Plan(changes, known, len(things) - len(changes))


async def apply_configuration(res: Resources, actor: Actor, plan: Plan) -> None:
    """Leave all changes of the plan done, in its order. What was done stays, if one cannot be: plan anew, and go on.

    Raises: PermissionDenied, InvalidInput, NotFound, Conflict; the message says of what.
    """
    hand = _Hand(res, actor, plan.known)
    for change in plan.changes:
        await _PUT[change.kind](hand, change)
    for change in plan.changes:
        if change.kind is Kind.DEVELOPER and "manager" in change.after:
            await _set_manager(hand, change)
        if change.kind is Kind.PROJECT and _OWNERSHIP in change.after:
            await _set_ownership(hand, change)


def _additive(change: Change) -> Change | None:
    """Ways to reach people are added only: what a person has added, and shown to be theirs, stays."""
    if change.before is None or _METHODS not in change.after:
        return change
    missing = [method for method in change.after[_METHODS] if method not in change.before[_METHODS]]
    before, after = ({**side, _METHODS: methods} for side, methods in ((change.before, []), (change.after, missing)))
    if not missing:
        del before[_METHODS], after[_METHODS]
    return replace(change, before=before, after=after) if after else None


def _refuse_fixed(change: Change) -> None:
    """Return where nothing is changed that a thing keeps for good.

    Raises: InvalidInput.
    """
    fixed = {"trigger", "project"} & set(change.after) if change.kind is Kind.ALERT_RULE and change.before else set()
    for field in sorted(fixed):
        raise InvalidInput(f"The {field} of the {change.kind} {change.name!r} cannot be changed: give it a new name.")


async def _put_developer(hand: _Hand, change: Change) -> None:
    fields = _only(change.after, "name", "role", "timezone", "services", "max_load")
    if change.before is None:
        made = await create_developer(hand.res, hand.actor, email=change.name, **fields)
        hand.known.ids[change.kind, change.name] = made.id
    elif fields:
        await update_developer(hand.res, hand.actor, developer_id=_id(hand, change), **fields)
    await _add_methods(hand, _id(hand, change), change.after.get(_METHODS, ()))
    if _RULES in change.after:
        await _replace_rules(hand, _id(hand, change), change.after[_RULES])


async def _set_manager(hand: _Hand, change: Change) -> None:
    """When all developers are there."""
    manager_id = hand.known.id_of(Kind.DEVELOPER, change.after["manager"])
    await update_developer(hand.res, hand.actor, developer_id=_id(hand, change), manager_id=manager_id)


async def _add_methods(hand: _Hand, developer_id: UUID, methods: Sequence[Fields]) -> None:
    for method in methods:
        await create_contact_method(hand.res, hand.actor, developer_id=developer_id, **method)


async def _replace_rules(hand: _Hand, developer_id: UUID, rules: Sequence[Fields]) -> None:
    query = select(NotificationRule.id).where(col(NotificationRule.developer_id) == developer_id)
    async with hand.res.db.reading() as session:
        before = (await session.exec(query)).all()
    for rule_id in before:
        await delete_notification_rule(hand.res, hand.actor, rule_id=rule_id)
    for rule in rules:
        settings = {**rule, "quiet_hours": _hours(rule["quiet_hours"])}
        await create_notification_rule(hand.res, hand.actor, developer_id=developer_id, **settings)


async def _put_project(hand: _Hand, change: Change) -> None:
    fields = {**_only(change.after, "name", "plan", "retention"), **_ids(hand, change, owner=Kind.DEVELOPER)}
    if change.before is None:
        made = await create_project(hand.res, hand.actor, slug=change.name, **fields)
        hand.known.ids[change.kind, change.name] = made.id
    elif fields:
        await update_project(hand.res, hand.actor, project_id=_id(hand, change), **fields)


async def _set_ownership(hand: _Hand, change: Change) -> None:
    """Leave the project with the rules that are said; teams are made after projects, and are there only now."""
    rules = [_ownership_rule(hand.known, rule) for rule in change.after[_OWNERSHIP]]
    await update_project(hand.res, hand.actor, project_id=_id(hand, change), ownership_rules=rules)


def _ownership_rule(known: Known, rule: Fields) -> OwnershipRule:
    teams = [] if rule["team"] is None else [(TargetKind.TEAM, rule["team"])]
    owners = known.targets_of([*teams, *((TargetKind.DEVELOPER, name) for name in rule["developers"])])
    tag = None if rule["tag"] is None else (rule["tag"]["key"], rule["tag"]["value"])
    return OwnershipRule(tuple(owners), rule["path"], tag, rule["service"])


async def _put_team(hand: _Hand, change: Change) -> None:
    fields = {**_only(change.after, "name"), **_ids(hand, change, lead=Kind.DEVELOPER)}
    for field, kind in (("member", Kind.DEVELOPER), ("project", Kind.PROJECT)):
        if f"{field}s" in change.after:
            fields[f"{field}_ids"] = hand.known.ids_of(kind, change.after[f"{field}s"])
    if change.before is None:
        made = await create_team(hand.res, hand.actor, slug=change.name, **fields)
        hand.known.ids[change.kind, change.name] = made.id
    else:
        await update_team(hand.res, hand.actor, team_id=_id(hand, change), **fields)


async def _put_schedule(hand: _Hand, change: Change) -> None:
    fields = {**_only(change.after, "timezone", "services"), **_ids(hand, change, team=Kind.TEAM)}
    if change.before is None:
        made = await create_schedule(hand.res, hand.actor, name=change.name, **fields)
        hand.known.ids[change.kind, change.name] = made.id
    elif fields:
        await update_schedule(hand.res, hand.actor, schedule_id=_id(hand, change), **fields)
    if _ROTATIONS in change.after:
        await _put_rotations(hand, _id(hand, change), change.after[_ROTATIONS])


async def _put_rotations(hand: _Hand, schedule_id: UUID, rotations: Sequence[Fields]) -> None:
    """Leave the schedule with these, and no others."""
    query = select(Rotation.name, Rotation.id).where(col(Rotation.schedule_id) == schedule_id)
    async with hand.res.db.reading() as session:
        before = dict((await session.exec(query.order_by(col(Rotation.id)))).all())
        every = (await session.exec(select(Rotation.id).where(col(Rotation.schedule_id) == schedule_id))).all()
    kept = {before[rotation["name"]] for rotation in rotations if rotation["name"] in before}
    for rotation_id in [id for id in every if id not in kept]:
        await delete_rotation(hand.res, hand.actor, rotation_id=rotation_id)
    for rotation in rotations:
        settings: Any = {name: value for name, value in rotation.items() if name != "participants"}
        settings["participant_ids"] = hand.known.ids_of(Kind.DEVELOPER, rotation["participants"])
        if rotation["name"] in before:
            await update_rotation(hand.res, hand.actor, rotation_id=before[rotation["name"]], **settings)
        else:
            await create_rotation(hand.res, hand.actor, schedule_id=schedule_id, **settings)


async def _put_override(hand: _Hand, change: Change) -> None:
    if change.before is not None:
        await update_override(hand.res, hand.actor, override_id=_id(hand, change), **change.after)
        return
    place = change.place
    await create_override(
        hand.res,
        hand.actor,
        schedule_id=hand.known.ids[Kind.SCHEDULE, place["schedule"]],
        starts_at=place["starts_at"],
        ends_at=place["ends_at"],
        add_id=hand.known.id_of(Kind.DEVELOPER, place["add"]),
        remove_id=hand.known.id_of(Kind.DEVELOPER, place["remove"]),
        **change.after,
    )


async def _put_policy(hand: _Hand, change: Change) -> None:
    fields = {**_only(change.after, "services", "repeat"), **_ids(hand, change, team=Kind.TEAM)}
    if "steps" in change.after:
        fields["steps"] = [
            Step(step["delay"], tuple(hand.known.targets_of(step["targets"])), tuple(step["channels"]))
            for step in change.after["steps"]
        ]
    if change.before is None:
        made = await create_policy(hand.res, hand.actor, name=change.name, **fields)
        hand.known.ids[change.kind, change.name] = made.id
    else:
        await update_policy(hand.res, hand.actor, policy_id=_id(hand, change), **fields)


async def _put_alert_rule(hand: _Hand, change: Change) -> None:
    plain = ("is_enabled", "threshold", "window", "channels", "cooldown", "template")
    fields = {**_only(change.after, *plain), **_ids(hand, change, policy=Kind.POLICY)}
    if "recipients" in change.after:
        fields["recipients"] = hand.known.targets_of(change.after["recipients"])
    if "active_hours" in change.after:
        fields["active_hours"] = _hours(change.after["active_hours"])
    if "filter" in change.after:
        fields["filter"] = _filter(change.after["filter"])
    if change.before is None:
        its = _only(change.after, "trigger", "project")
        made = await create_alert_rule(hand.res, hand.actor, name=change.name, **its, **fields)
        hand.known.ids[change.kind, change.name] = made.id
    else:
        await update_alert_rule(hand.res, hand.actor, rule_id=_id(hand, change), **fields)


async def _put_template(hand: _Hand, change: Change) -> None:
    if change.before is None:
        await create_notification_template(hand.res, hand.actor, **change.place, **change.after)
    else:
        await update_notification_template(hand.res, hand.actor, template_id=_id(hand, change), **change.after)


async def _put_targets(hand: _Hand, change: Change) -> None:
    project_id = hand.known.id_of(Kind.PROJECT, change.place["project"])
    targets = [Target(**target) for target in change.after["targets"]]
    await set_response_targets(hand.res, hand.actor, targets=targets, project_id=project_id)


def _id(hand: _Hand, change: Change) -> UUID:
    return hand.known.ids[change.kind, change.name]


def _ids(hand: _Hand, change: Change, **kinds: Kind) -> dict[str, Any]:
    """The id of each of these that the change names."""
    named = {field: kind for field, kind in kinds.items() if field in change.after}
    return {f"{field}_id": hand.known.id_of(kind, change.after[field]) for field, kind in named.items()}


def _only(fields: Fields, *names: str) -> dict[str, Any]:
    return {name: fields[name] for name in names if name in fields}


def _hours(value: Fields | None) -> QuietHours | None:
    return None if value is None else QuietHours(**value)


def _filter(value: Fields) -> RuleFilter:
    return RuleFilter(
        tuple(value["services"]),
        tuple(value["environments"]),
        tuple(value["severities"]),
        tuple(value["error_types"]),
        tuple(value["tags"].items()),
    )


_Put: TypeAlias = Callable[[_Hand, Change], Awaitable[None]]
_PUT: Mapping[Kind, _Put] = {
    Kind.DEVELOPER: _put_developer,
    Kind.PROJECT: _put_project,
    Kind.TEAM: _put_team,
    Kind.SCHEDULE: _put_schedule,
    Kind.OVERRIDE: _put_override,
    Kind.POLICY: _put_policy,
    Kind.ALERT_RULE: _put_alert_rule,
    Kind.TEMPLATE: _put_template,
    Kind.TARGETS: _put_targets,
}


def changed_fields(change: Change) -> Iterator[tuple[str, Any, Any]]:
    """Each field that differs: its name, what it is (none of what is new), and what it will be."""
    for name, after in change.after.items():
        yield name, None if change.before is None else change.before.get(name), after
