"""Alerts of a running Tocsin that climb three levels within seconds, whatever is killed meanwhile."""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from cli.installation import find_running
from core.clock import SystemClock
from tests.support.crew import Crew, Door
from tests.support.siege import Siege

_log = logging.getLogger(__name__)
_LATEST = timedelta(seconds=10)
_AT_ONCE = 10
_PARTS = ("worker", "api", "valkey-server", "postgres")
_PEOPLE = """mutation($bob: CreateDeveloperInput!, $cyd: CreateDeveloperInput!) {
  bob: createDeveloper(input: $bob) { ... on Developer { id } ... on Failure { message } }
  cyd: createDeveloper(input: $cyd) { ... on Developer { id } ... on Failure { message } } }"""
_TEAM = """mutation($team: CreateTeamInput!) {
  createTeam(input: $team) { ... on Team { id } ... on Failure { message } } }"""
_POLICY = """mutation($policy: CreateEscalationPolicyInput!) {
  createEscalationPolicy(input: $policy) { ... on EscalationPolicy { id name } ... on Failure { message } } }"""
_LOG = """mutation($inputs: [LogErrorInput!]!) { logErrors(inputs: $inputs) {
  results { outcome failure { code message } } } }"""
# Nobody may have so short a delay: a test that waited for minutes would not be run.
_HURRY = """UPDATE escalation_policy SET steps = (
  SELECT jsonb_agg(step || jsonb_build_object('delayS', ($2::float8[])[place]) ORDER BY place)
    FROM jsonb_array_elements(steps) WITH ORDINALITY AS all_steps (step, place)) WHERE name = $1"""
_ALERTS = "SELECT id, level, triggered_at FROM alert WHERE project_id = $1"
_STEPS = "SELECT id, alert_id, level, to_ids, at FROM escalation WHERE project_id = $1 ORDER BY alert_id, id"
_SENT = """SELECT n.id, n.alert_id, n.idempotency_key, n.status, n.recipient_id, n.attempt_count FROM notification n
 WHERE n.project_id = $1 AND n.channel = 'EMAIL' AND n.kind = 'ESCALATION'"""


@dataclass
class Climbing:
    """So many alerts of one crew, and when something was away."""

    siege: Siege
    door: Door
    crew: Crew
    count: int
    delays_s: tuple[float, float, float]
    outages: list[tuple[datetime, datetime]] = field(default_factory=list)
    people: list[UUID] = field(default_factory=list)
    slowest: timedelta = timedelta()
    levels: int = 0

    async def prepare(self) -> None:
        """Leave a policy of three steps, for Ada, Bob and Cyd, one after the other, within seconds."""
        name = self.crew.slug
        made = await self.door.ask(_PEOPLE, **{one: self._person(one) for one in ("bob", "cyd")})
        ids = [self.crew.ada_id, made["bob"]["id"], made["cyd"]["id"]]
        steps = [{"delay": "PT1M", "targets": [id]} for id in ids]
        team = {"slug": f"{name}-more", "name": "More", "memberIds": ids[1:], "projectIds": [await self._project()]}
        team_id = (await self.door.ask(_TEAM, team=team))["createTeam"]["id"]
        policy = {"name": name, "services": ["checkout"], "steps": steps, "teamId": team_id}
        answer = await self.door.ask(_POLICY, policy=policy)
        assert answer["createEscalationPolicy"].get("name") == name, answer
        async with _database(self.siege) as database:
            await database.execute(_HURRY, name, self.delays_s)
            emails = [self.crew.ada, *(self._person(one)["email"] for one in ("bob", "cyd"))]
            found = await database.fetch("SELECT email, id FROM developer WHERE email = ANY($1)", emails)
            by_email = {row["email"]: row["id"] for row in found}
            self.people = [by_email[email] for email in emails]

    async def report(self) -> None:
        """Report as many errors, each of an issue of its own, some at a time, until all were answered."""
        for start in range(0, self.count, _AT_ONCE):
            numbers = range(start, min(start + _AT_ONCE, self.count))
            await self._log([_error(number) for number in numbers])

    async def kill(self, times: int, random: Random) -> None:
        """Kill that many parts at random moments, each part before any comes again, once the one before is back."""
        order = [part for _ in range(times) for part in random.sample(_PARTS, len(_PARTS))][:times]
        for part in order:
            await asyncio.sleep(random.uniform(0.1, 1.0))
            began = SystemClock().now()
            await self.siege.kill(part)
            if part != "api":
                await self.door.wait_ready()
            self.outages.append((began, SystemClock().now()))

    async def check(self) -> None:
        """Assert that every alert took every level once, in order and in time, and that everybody was mailed."""
        async with _database(self.siege) as database:
            project = await database.fetchval("SELECT id FROM project WHERE slug = $1", self.crew.slug)
            while not self._are_up(await database.fetch(_ALERTS, project)):
                await asyncio.sleep(0.2)
            while {row["status"] for row in await database.fetch(_SENT, project)} != {"SENT"}:
                await asyncio.sleep(0.2)
            alerts = {row["id"]: row["triggered_at"] for row in await database.fetch(_ALERTS, project)}
            steps, sent = await database.fetch(_STEPS, project), await database.fetch(_SENT, project)
        self._check_steps(alerts, steps)
        self._check_sent(steps, sent)
        _log.info("%s alerts, %s outages, latest %.1f s", len(alerts), len(self.outages), self.slowest.total_seconds())

    def _are_up(self, alerts: Sequence[Any]) -> bool:
        return len(alerts) == self.count and all(row["level"] == len(self.delays_s) for row in alerts)

    def _check_steps(self, alerts: dict[UUID, datetime], steps: Sequence[Any]) -> None:
        by_alert = defaultdict(list)
        for step in steps:
            by_alert[step["alert_id"]].append(step)
        assert set(by_alert) == set(alerts)
        self.levels = len(steps)
        for alert_id, its in by_alert.items():
            assert [step["level"] for step in its] == [1, 2, 3]
            assert [step["to_ids"] for step in its] == [[one] for one in self.people]
            before = alerts[alert_id]
            for delay_s, step in zip(self.delays_s, its, strict=True):
                due, before = before + timedelta(seconds=delay_s), step["at"]
                assert step["at"] >= due
                late = step["at"] - self._able_at(due, step["at"])
                self.slowest = max(self.slowest, late)
                assert late <= _LATEST, (due, step["at"], self.outages)

    def _able_at(self, due: datetime, at: datetime) -> datetime:
        """From when on it could have been taken: once it was due, and what was away until then was back."""
        return max([due, *(end for began, end in self.outages if began <= at and end >= due)])

    def _check_sent(self, steps: Sequence[Any], sent: Sequence[Any]) -> None:
        keys = Counter(row["idempotency_key"].split(":")[1] for row in sent)
        assert keys == Counter(str(step["id"]) for step in steps)
        mails = Counter(mail["Message-ID"].split("@")[0] for mail in self.siege.mailbox.mails)
        for row in sent:
            # Killed between the server's answer and the record, a worker cannot know: then a copy has the same id.
            assert 1 <= mails[f"<notification-{row['id']}"] <= row["attempt_count"]

    def _person(self, name: str) -> dict[str, Any]:
        return {"name": name.capitalize(), "email": f"{name}@{self.crew.slug}.test"}

    async def _project(self) -> str:
        found = await self.door.ask("query($slug: String!) { project(slug: $slug) { id } }", slug=self.crew.slug)
        id: str = found["project"]["id"]
        return id

    async def _log(self, errors: list[dict[str, Any]]) -> None:
        door = Door(self.door.graphql_url, self.door.ws_url, self.crew.key)
        while True:
            try:
                answer = await door.ask(_LOG, inputs=errors)
            except (httpx.HTTPError, ValueError):
                await asyncio.sleep(0.1)
                continue
            outcomes = {one["outcome"] for one in answer["logErrors"]["results"]}
            assert outcomes <= {"STORED", "SPOOLED", "DUPLICATE"}, answer
            return


def _error(number: int) -> dict[str, Any]:
    return {
        "service": "checkout", "severity": "HIGH", "errorType": "StormError", "message": f"storm {number}",
        "fingerprint": ["storm", str(number)], "eventId": f"storm-{number}",
    }  # fmt: skip


@asynccontextmanager
async def _database(siege: Siege) -> AsyncIterator[Any]:
    """A connection of one's own."""
    running = find_running(siege.up.data_dir)
    assert running is not None
    connection = await asyncpg.connect(running.database_url)
    try:
        yield connection
    finally:
        await connection.close()


async def climb(
    siege: Siege, *, alerts: int, kills: int, random: Random, delays_s: tuple[float, float, float] = (1, 1.5, 1.5)
) -> Climbing:
    """What became of so many alerts that climbed while so many parts were killed; all that must hold was checked."""
    climbing = Climbing(siege, siege.door, siege.crew, alerts, delays_s)
    await climbing.prepare()
    await asyncio.gather(climbing.report(), climbing.kill(kills, random))
    await climbing.check()
    return climbing
