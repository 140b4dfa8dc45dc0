"""Tenants: teams that share an installation and must not see each other, each with one of everything."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlmodel import SQLModel, select

import models
from core.ids import uuid7
from domain.access import ActorKind, Role, system
from domain.discarded import counted
from domain.feedback import Feedback
from domain.issue import ActivityKind, Resolution
from domain.notification import Channel, Outcome
from domain.ownership import OwnershipRule
from domain.policy import Target, TargetKind
from domain.timetable import ScheduledJob
from resolvers.access import authenticate
from resolvers.developer.time_off import create_time_off
from resolvers.discarded import add_discarded
from resolvers.erasure.request import erase_person
from resolvers.feedback import keep_feedback
from resolvers.intake.log import log_error
from resolvers.issue.acknowledge import acknowledge_issue
from resolvers.issue.comment import comment_on_issue
from resolvers.issue.escalate import escalate_issue
from resolvers.issue.resolve import resolve_issue
from resolvers.project.settings import update_project
from resolvers.resources import Resources
from resolvers.schedule.imported import create_imported_calendar
from resolvers.schedule.override import create_override
from resolvers.schedule.rotation import update_rotation
from resolvers.sourcemap.upload import upload_source_map
from resolvers.timetable.run import run_job
from resolvers.triage import take_triage
from schema.node import global_id
from tasks.jobs import WORK
from tests.support.actors import acting
from tests.support.calendars import a_calendar, a_span
from tests.support.factories.access import make_api_token, make_key
from tests.support.factories.alert_rule import make_alert_rule
from tests.support.factories.contact import make_contact, make_rule
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.notification_template import make_template
from tests.support.factories.pattern import make_pattern
from tests.support.factories.policy import a_step, make_policy
from tests.support.factories.project import make_project
from tests.support.factories.saved_search import keep_searches
from tests.support.factories.schedule import make_schedule
from tests.support.factories.surge import make_surge
from tests.support.factories.target import make_target
from tests.support.mailbox import deliver_by, take_due
from tests.support.rows import all_rows, only_row

TABLES = {table.name: table for table in SQLModel.metadata.sorted_tables}
_ALIKE = (
    "activity", "alert", "alert_rule", "api_token", "contact_method", "developer", "escalation", "escalation_policy",
    "event", "feedback", "imported_calendar", "ingest_key", "issue", "notification", "notification_rule",
    "notification_template", "pattern", "project", "rotation", "saved_search", "schedule", "source_map", "team",
    "time_off",
)  # fmt: skip
KINDS = {table: table.title().replace("_", "") for table in _ALIKE} | {"schedule_override": "Override"}


@dataclass(frozen=True)
class Names:
    """All by which a caller could name what is a tenant's: texts, and global ids."""

    word: str
    slug: str
    service: str
    environment: str
    release: str
    error_type: str
    event_id: str
    short_id: str
    email: str
    nodes: dict[str, list[str]]

    def __getattr__(self, kind: str) -> str:
        """The global id of the first thing of that kind: `names.issue`."""
        if kind.startswith("_") or kind not in KINDS:
            raise AttributeError(kind)
        return self.nodes[KINDS[kind]][0]

    @property
    def all_nodes(self) -> list[str]:
        return [id for ids in self.nodes.values() for id in ids]


@dataclass(frozen=True)
class Tenant:
    """A team with a project, people, and what happened to them."""

    names: Names
    project: models.Project
    team: models.Team
    second_team: models.Team
    lead: models.Developer
    dev: models.Developer
    stranger: models.Developer
    token: models.ApiToken
    key: models.IngestKey
    issue_id: UUID
    resolved_id: UUID
    ids: frozenset[str]


def nobody(word: str) -> Names:
    """Names of what there is not."""
    nodes = {kind: [global_id(kind, uuid4()) for _ in range(2)] for kind in KINDS.values()}
    return replace(_named(word, uuid4().hex), nodes=nodes)


def _ownership(word: str, team: models.Team, dev: models.Developer) -> list[OwnershipRule]:
    return [
        OwnershipRule((Target(TargetKind.TEAM, team.id),), path=f"{word}/*", tag=(f"{word}tag", "*")),
        OwnershipRule((Target(TargetKind.DEVELOPER, dev.id),), service=f"{word} nowhere"),
    ]


async def make_tenant(res: Resources, word: str) -> Tenant:
    """One whose texts all hold the word; made by the use cases themselves. The writer must run."""
    before = await _ids(res)
    names = _named(word, short_id="")
    sampling = [{"rate": 1.0, "messages": [f"{word}*"]}]
    project = await make_project(
        res, slug=names.slug, name=f"{word} shop", redact_keys=[f"{word}key"], grouping_rules=_rules(word),
        sampling_rules=sampling, inbound_filters={"messages": [f"{word} unwanted"]},
    )  # fmt: skip
    people = {"services": (names.service,), "on_call": True}
    lead = await make_developer(res, name=f"{word} lead", email=names.email, **people)
    dev = await make_developer(res, name=f"{word} dev", email=f"{word}.dev@example.com", manager_id=lead.id, **people)
    stranger = await make_developer(res, name=f"{word} stranger", email=f"{word}.stranger@example.com")
    for person in (lead, dev):
        await _reachable(res, person, word)
    team = await make_team(
        res, slug=f"{word}-team", name=f"{word} team", members=(lead, dev), projects=(project,), lead_id=lead.id
    )
    await make_target(res, project)
    await update_project(res, system(), project_id=project.id, ownership_rules=_ownership(word, team, dev))
    second = await make_team(res, slug=f"{word}-second", name=f"{word} second", projects=(project,))
    await make_policy(
        res,
        a_step(5, lead, stranger),
        a_step(5, team),
        name=f"{word} policy",
        services=[names.service],
        team_id=team.id,
    )
    await make_alert_rule(res, lead, project=project, name=f"{word} rule", filter={"services": [names.service]})
    await make_template(res, project=project, text=f"{word} says {{{{ title }}}}")
    await keep_searches(res, lead, project, team, word)
    schedule = await make_schedule(res, lead, dev, team=team, name=f"{word} schedule", services=[names.service])
    await _override(res, schedule, dev, note=f"{word} swap")
    soon = {"starts_at": res.clock.now() + timedelta(days=5), "ends_at": res.clock.now() + timedelta(days=9)}
    await create_time_off(res, system(), developer_id=lead.id, **soon)
    theirs = a_calendar(a_span("05T03", "05T05", f"{word} lead"), a_span("06T03", "06T05", f"{word} unknown"))
    await create_imported_calendar(res, system(), schedule_id=schedule.id, name=f"{word} calendar", text=theirs)
    new = await make_api_token(res, dev, name=f"{word} token", project_ids=[project.id])
    await make_api_token(res, stranger, name=f"{word} stranger")
    key = await make_key(res, project, name=f"{word} key")
    await _change(res, models.IngestKey, key.id, webhook_mapping=[{"field": "message", "path": f"{word}.title"}])
    reporter, bot = await authenticate(res, key.public_key), await authenticate(res, new.secret)
    await upload_source_map(res, bot, _a_map(word), release=names.release, url=f"~/{word}.js", debug_id=str(uuid4()))
    stored = await log_error(res, reporter, a_report(names, eventId=names.event_id))
    resolved = await log_error(res, reporter, a_report(names, eventId=f"{word}-second", error_type=f"{word}Other"))
    await _work(res)
    said = Feedback(f"{word} cannot pay", word, f"{word}@example.com", f"https://{word}.example.com/", names.event_id)
    await keep_feedback(res, reporter, lambda _: said)
    await add_discarded(res, reporter, counted([{"reason": word, "category": word, "quantity": 3}]))
    await escalate_issue(res, acting(dev, project), issue_id=stored.issue_id, reason=f"{word} burns")
    await comment_on_issue(res, bot, issue_id=stored.issue_id, body=f"{word} comment")
    await acknowledge_issue(res, acting(lead, project), issue_id=stored.issue_id, note=f"{word} note")
    await resolve_issue(
        res, acting(dev, project), issue_id=resolved.issue_id, resolution=Resolution.FIXED, note=f"{word} note",
        in_release=names.release,
    )  # fmt: skip
    await _work(res)
    issues = await all_rows(res, models.Issue, models.Issue.project_id == project.id)
    await make_pattern(res, *issues, digest=b"of all", template=f"{word} failed", endpoints=[[f"/{word}", 1]])
    await make_surge(res, issues[0], service=f"{word} busy")
    tenant = Tenant(
        replace(names, short_id=stored.short_id), project, team, second, lead, dev, stranger, new.token, key,
        stored.issue_id, resolved.issue_id, frozenset(),
    )  # fmt: skip
    await _finish(res, tenant)
    nodes, ids = await _made_since(res, before)
    for kind, first in (("Developer", lead.id), ("Issue", stored.issue_id)):
        nodes[kind].sort(key=global_id(kind, first).__ne__)
    return replace(tenant, names=replace(tenant.names, nodes=nodes), ids=ids)


async def entangle(res: Resources, ours: Tenant, theirs: Tenant, owner: models.Developer) -> None:
    """Tie ours to people who are theirs, as when somebody changed teams, and let some people belong to both."""
    both, stranger = await make_developer(res, name="both"), theirs.stranger.id
    await run_job(res, ScheduledJob.PRUNE_RUNS, WORK[ScheduledJob.PRUNE_RUNS])
    given_away = {
        "assignee_id": stranger, "resolved_by_id": stranger, "acknowledged_by_id": stranger, "team_id": theirs.second_team.id,
    }  # fmt: skip
    await _change(res, models.Project, ours.project.id, owner_id=stranger)
    await _change(res, models.Team, ours.team.id, lead_id=stranger)
    await _change(res, models.Developer, ours.dev.id, manager_id=stranger)
    await _change(res, models.Issue, ours.resolved_id, **given_away)
    await _change(res, models.Issue, theirs.issue_id, assignee_id=both.id)
    await _change(res, models.Issue, theirs.resolved_id, assignee_id=owner.id)
    await _change(res, models.ApiToken, theirs.token.id, owner_id=both.id)
    await make_api_token(res, owner, name=f"{theirs.names.word} owners", project_ids=[theirs.project.id])
    await make_team(res, slug="shared", projects=(ours.project, theirs.project))
    alert = await only_row(res, models.Alert, models.Alert.issue_id == ours.resolved_id)
    await _change(res, models.Alert, alert.id, acknowledged_by_id=stranger)
    of_ours = await only_row(res, models.Schedule, models.Schedule.team_id == ours.team.id)
    await _override(res, of_ours, theirs.stranger)
    turns = await only_row(res, models.Rotation, models.Rotation.schedule_id == of_ours.id)
    await update_rotation(res, system(), rotation_id=turns.id, participant_ids=[ours.lead.id, stranger])
    async with res.db.transaction() as tx:
        tx.session.add_all(models.TeamMember(team_id=each.team.id, developer_id=both.id) for each in (ours, theirs))
        tx.session.add(_escalation(res, alert, stranger))
        tx.session.add(_activity(res, ours, ActorKind.DEVELOPER, stranger))
        tx.session.add(_activity(res, ours, ActorKind.TOKEN, theirs.token.id))
        tx.session.add(_activity(res, ours, ActorKind.INGEST_KEY, theirs.key.id))


async def make_owner(res: Resources) -> models.Developer:
    owner = await make_developer(res, name="owner", role=Role.OWNER)
    await _reachable(res, owner, "owner")
    return owner


async def _reachable(res: Resources, person: models.Developer, word: str) -> None:
    """Leave them a second address, and a rule that leaves their mail as it was."""
    await make_contact(res, person, Channel.WEBHOOK, value=f"https://{word}.example.com/{person.name}")
    await make_rule(res, person, Channel.EMAIL, quiet_start="03:30", quiet_end="04:00")


async def rows_about(res: Resources, tenant: Tenant) -> list[str]:
    """Every row of every table that holds anything of the tenant's."""
    return sorted(row for row in await _rows(res) if tenant.names.word in row or any(id in row for id in tenant.ids))


@asynccontextmanager
async def running(res: Resources) -> AsyncIterator[None]:
    """The writer of the process, at work."""
    task = asyncio.create_task(res.writer.run())
    try:
        yield
    finally:
        res.writer.close()
        await task


def _rules(word: str) -> dict[str, Any]:
    """Rules of grouping that nothing passes."""
    return {
        "fingerprint": [{"errorType": f"{word}Never", "fingerprint": [word]}],
        "inApp": [{"path": f"{word}/never", "inApp": True}],
    }


def _a_map(word: str) -> bytes:
    return b'{"version": 3, "sources": ["%s.ts"], "mappings": ""}' % word.encode()


def _named(word: str, short_id: str) -> Names:
    return Names(
        word=word, slug=f"{word}-shop", service=f"{word}-service", environment=f"{word}-qa", release=f"{word}-1.0",
        error_type=f"{word}Error", event_id=f"{word}-event", short_id=short_id, email=f"{word}.lead@example.com", nodes={},
    )  # fmt: skip


def a_report(names: Names, *, error_type: str | None = None, **more: Any) -> dict[str, Any]:
    """A report with every field that there is."""
    word, secret = names.word, {"kind": f"{names.word} value"}
    frame = {
        "function": word, "module": word, "filename": f"{word}.py", "absolutePath": f"/{word}.py", "line": 3, "column": 1,
        "contextLine": word, "preContext": [word], "postContext": [word], "inApp": True, "variables": secret,
    }  # fmt: skip
    return {
        "service": names.service, "errorType": error_type or names.error_type, "message": f"{word} failed",
        "severity": "HIGH", "environment": names.environment, "release": names.release, "dist": word, "errorCode": word,
        "stackTrace": f"{word} trace",
        "exceptions": [
            {"type": error_type or names.error_type, "message": word, "module": word, "handled": False, "frames": [frame]}
        ],
        "module": word, "function": word, "line": 3, "endpoint": f"/{word}",
        "request": {"method": "GET", "url": f"https://{word}.example.com/", "route": f"/{word}", "headers": secret, "query": secret, "body": secret},
        "response": {"statusCode": 500, "headers": secret, "body": secret},
        "user": {"id": word, "email": f"{word}@example.com", "username": word, "ipAddress": "127.0.0.1"},
        "sessionId": word, "serverName": word, "traceId": word, "spanId": word,
        "tags": [{"key": f"{word}tag", "value": word}, {"key": "region", "value": word}], "contexts": secret, **more,
        "breadcrumbs": [{"category": word, "level": "info", "message": word, "data": secret}],
    }  # fmt: skip


async def _work(res: Resources) -> None:
    """Do what the worker would: judge what is new, and send what is due."""

    async def send(_: models.Notification) -> Outcome:
        return Outcome(succeeded=True, status_code=250, detail="taken")

    await take_triage(res)
    for claim in await take_due(res, most=100):
        await deliver_by(res, claim, {Channel.EMAIL: send})


async def _finish(res: Resources, tenant: Tenant) -> None:
    """What no use case leaves: a step that a key took, and an SDK's name, which another door will bring."""
    word = tenant.names.word
    for event in await all_rows(res, models.Event, models.Event.project_id == tenant.project.id):
        await _change(
            res,
            models.Event,
            (event.project_id, event.id),
            payload={**event.payload, "sdk": {"name": word, "version": word}},
        )
    await erase_person(res, system(), project_id=tenant.project.id, known_as={"username": "somebody-else"})
    async with res.db.transaction() as tx:
        tx.session.add(_activity(res, tenant, ActorKind.INGEST_KEY, tenant.key.id))


async def _change(res: Resources, table: type[SQLModel], id: Any, **changes: object) -> None:
    async with res.db.transaction() as tx:
        row = await tx.session.get(table, id)
        for name, value in changes.items():
            setattr(row, name, value)
        tx.session.add(row)


def _activity(res: Resources, tenant: Tenant, kind: ActorKind, actor_id: UUID) -> models.Activity:
    at = res.clock.now()
    return models.Activity(
        id=uuid7(at), project_id=tenant.project.id, issue_id=tenant.issue_id, kind=ActivityKind.COMMENTED, actor_kind=kind,
        actor_id=actor_id, at=at, note="looked at it",
    )  # fmt: skip


def _escalation(res: Resources, alert: models.Alert, developer_id: UUID) -> models.Escalation:
    at = res.clock.now()
    return models.Escalation(
        id=uuid7(at), project_id=alert.project_id, alert_id=alert.id, level=1, from_id=developer_id, to_ids=[developer_id],
        reason="a change of teams", is_automatic=False, at=at,
    )  # fmt: skip


async def _override(res: Resources, schedule: models.Schedule, developer: models.Developer, **more: str) -> None:
    """Some days on which the developer is on call besides."""
    at = res.clock.now()
    span = {"starts_at": at, "ends_at": at + timedelta(days=3)}
    await create_override(res, system(), schedule_id=schedule.id, add_id=developer.id, **span, **more)


async def _rows(res: Resources) -> list[str]:
    rows: list[str] = []
    async with res.db.reading() as session:
        for name in TABLES:
            found = await session.rows(select(text(f"'{name} ' || to_jsonb(t)::text FROM \"{name}\" t")))  # type: ignore[call-overload]
            rows += [row[0] for row in found]
    return rows


async def _ids(res: Resources) -> set[tuple[str, str]]:
    """The id of every row of every table that has one."""
    found: set[tuple[str, str]] = set()
    async with res.db.reading() as session:
        for name, table in TABLES.items():
            if "id" in table.columns:
                found |= {(name, str(row[0])) for row in await session.rows(select(table.columns.id))}
    return found


async def _made_since(res: Resources, before: set[tuple[str, str]]) -> tuple[dict[str, list[str]], frozenset[str]]:
    new = sorted(await _ids(res) - before)
    nodes: dict[str, list[str]] = {kind: [] for kind in KINDS.values()}
    for table, id in new:
        if table in KINDS:
            nodes[KINDS[table]].append(global_id(KINDS[table], UUID(id)))
    return nodes, frozenset(id for _, id in new if len(id) == 36)
