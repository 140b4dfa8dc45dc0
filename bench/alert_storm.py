"""(i) a thousand alerts at once: until each is told by mail, in Slack and by text message; (j) to few people.

From the first report of an error to the last message that a receiver took, by the API, the worker and receivers that
are processes of their own. The limit sends as many messages by the same channels, and does nothing else.
"""

import asyncio
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial
from operator import attrgetter
from statistics import median
from typing import Any
from urllib.request import urlopen

import aiosmtplib
import httpx
import orjson
import psutil
from sqlalchemy import text

from bench.load import request, run_load
from bench.log_errors import count_stored, key_of
from bench.report import Figure
from bench.stage import App, Stage, app, cpu_seconds, worker
from core.ids import uuid7
from core.settings import ROOT
from domain.access import Role
from domain.notification import Channel
from models import ContactMethod, Developer, DeveloperService, Duty, Team, TeamMember, TeamProject
from resolvers.resources import open_resources

ALERTS, _FEW, _SERVICES, _AT_ONCE, _ROUNDS, _PATIENCE_S = 1_000, 100, 20, 32, 3, 120.0
_MAIL = (Channel.EMAIL,)
_NO_MORE = """
UPDATE notification SET next_attempt_at = NULL, status = 'DEAD' WHERE id = ANY (ARRAY(
  SELECT id FROM notification WHERE status IN ('PENDING', 'RETRYING') FOR UPDATE SKIP LOCKED))
"""
_UNDER_WAY = """
SELECT EXISTS (SELECT FROM triage)
    OR EXISTS (SELECT FROM notification WHERE status IN ('PENDING', 'SENDING', 'RETRYING'))
"""
_CHANNELS = (Channel.EMAIL, Channel.SLACK, Channel.SMS)


@dataclass(frozen=True)
class Receivers:
    """Where messages arrive."""

    mail_port: int
    port: int

    @property
    def settings(self) -> dict[str, object]:
        """What leads a worker to them."""
        url = f"http://127.0.0.1:{self.port}"
        return {
            "smtp_url": f"smtp://127.0.0.1:{self.mail_port}", "outbound_allowed": "127.0.0.1",
            "slack_url": f"{url}/slack", "slack_token": "xoxb-1", "twilio_url": url,
            "twilio_account_sid": "AC1", "twilio_auth_token": "hush", "twilio_from": "+1555", "log_level": "WARNING",
        }  # fmt: skip

    def report(self) -> list[tuple[str, str, str, float]]:
        """Each message so far: channel, whose, which, when."""
        with urlopen(f"http://127.0.0.1:{self.port}/report") as answer:
            return [tuple(row) for row in orjson.loads(answer.read())]

    def forget(self) -> None:
        """Leave none there."""
        with urlopen(f"http://127.0.0.1:{self.port}/forget"):
            pass


@contextmanager
def receivers() -> Iterator[Receivers]:
    """Receivers in a process of their own, within the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.receivers"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Receivers(*map(int, process.stdout.readline().split()))
    finally:
        process.stdin.close()
        process.wait(timeout=10)
        process.stdout.close()


def measure(stage: Stage) -> list[Figure]:
    """The two figures."""
    with receivers() as there:
        asyncio.run(seed(stage, people=ALERTS, service="mail", channels=_MAIL))
        asyncio.run(seed(stage, people=ALERTS, service="each", channels=_CHANNELS))
        asyncio.run(seed(stage, people=_FEW, service="few", channels=_CHANNELS))
        with (
            app(stage, "api.app:create_app", "/health/liveness") as ours,
            worker(stage, **there.settings) as process,
        ):
            here = Scene(stage, ours, process, there)
            figures = [_each(here, "mail", _MAIL, "by mail alone"), _each(here, "each", _CHANNELS, "by three ways")]
            few = median(_storm(here, "few", places=_FEW * len(_CHANNELS)).firsts_s for _ in range(_ROUNDS))
    places = _FEW * len(_CHANNELS)
    note = (
        f"the first to each of {places} places; the last of those left after {few:.1f} s; the rest waits for its turn"
    )
    limit = figures[-1].limit
    return [
        *figures,
        Figure(f"(j) alerts at once, to {_FEW} people by three ways", places / few, limit, "messages/s", note),
    ]


def _each(here: "Scene", service: str, channels: Sequence[Channel], ways: str) -> Figure:
    """A thousand alerts to as many people."""
    ours, limit = _in_turns(here, service, channels)
    total = ALERTS * len(channels)
    note = (
        f"all {total} messages left after {ours.took_s:.1f} s, the limit's after {limit.took_s:.1f} s; processor time, "
        f"judging included, {1000 * ours.cpu_s / total:.1f} ms a message, the limit's {1000 * limit.cpu_s / total:.1f}"
    )
    name = f"(i) alerts at once, each to another person {ways}"
    return Figure(name, total / ours.took_s, total / limit.took_s, "messages/s", note)


@dataclass(frozen=True)
class Scene:
    """What runs."""

    stage: Stage
    api: App
    worker: psutil.Process
    receivers: Receivers


@dataclass(frozen=True)
class Storm:
    """How long until the last message left, until each place had its first; and the sender's processor time."""

    took_s: float
    firsts_s: float
    cpu_s: float


def _in_turns(here: Scene, service: str, channels: Sequence[Channel]) -> tuple[Storm, Storm]:
    """Ours and the limit's, each the one in the middle of several that took turns."""
    limits, ours = [], []
    for _ in range(_ROUNDS):
        limits.append(_limit(here.receivers, channels))
        ours.append(_storm(here, service, places=ALERTS * len(channels)))
    middle = _ROUNDS // 2
    by_time = attrgetter("took_s")
    return sorted(ours, key=by_time)[middle], sorted(limits, key=by_time)[middle]


def _storm(here: Scene, service: str, *, places: int) -> Storm:
    """Report a thousand new errors at once, and wait until so many places had a first message."""
    asyncio.run(_forget(here.stage))
    here.receivers.forget()
    wholes = [_errors(here.stage, here.api, service, part) for part in range(10)]
    began, cpu = time.monotonic(), cpu_seconds(here.worker)
    stored = asyncio.run(run_load(here.api.url, iter(wholes), connections=4, items=count_stored))
    assert stored.items == ALERTS, stored
    while len(firsts := _firsts(rows := here.receivers.report())) < places:
        assert time.monotonic() < began + _PATIENCE_S, len(rows)
        time.sleep(0.1)
    assert max(Counter(row[:3] for row in rows).values()) == 1, "something came twice"
    return Storm(max(row[3] for row in rows) - began, max(firsts.values()) - began, cpu_seconds(here.worker) - cpu)


def _firsts(rows: list[tuple[str, str, str, float]]) -> dict[tuple[str, str], float]:
    """When each place had its first message."""
    firsts: dict[tuple[str, str], float] = {}
    for channel, whose, _, at in rows:
        firsts.setdefault((channel, whose), at)
    return firsts


def _errors(stage: Stage, ours: App, service: str, part: int) -> bytes:
    """A hundred errors that nobody has seen, one after the other of each service."""
    marks = range(part * 100, part * 100 + 100)
    batch = [
        {
            "service": f"{service}-{mark % _SERVICES}", "severity": "CRITICAL", "message": f"no stock in {service}",
            "errorType": f"Storm{time.monotonic_ns():x}x{mark}Error",
        }
        for mark in marks
    ]  # fmt: skip
    return request(ours.url + "/api/errors/batch", orjson.dumps(batch), key_of(stage))


async def seed(stage: Stage, *, people: int, service: str, channels: Sequence[Channel]) -> None:
    """So many people on call, each for one of twenty services, reached by these channels."""
    async with open_resources(stage.settings) as res:
        at = res.clock.now()
        async with res.db.transaction() as tx:
            connection = await tx.session.connection()
            slug = {"slug": stage.settings.first_project}
            found = await connection.execute(text("SELECT id FROM project WHERE slug = :slug"), slug)
            team = Team(id=uuid7(at), slug=service, name=service)
            tx.session.add(team)
            await tx.session.flush()
            tx.session.add(TeamProject(team_id=team.id, project_id=found.scalar_one()))
            developers = [_developer(at, service, number) for number in range(people)]
            tx.session.add_all(developers)
            await tx.session.flush()
            for number, one in enumerate(developers):
                tx.session.add(TeamMember(team_id=team.id, developer_id=one.id))
                tx.session.add(DeveloperService(developer_id=one.id, service=f"{service}-{number % _SERVICES}"))
                tx.session.add(Duty(id=uuid7(at), developer_id=one.id, starts_at=at))
                values = {Channel.SLACK: f"U{one.id.hex[-10:]}".upper(), Channel.SMS: f"+49{one.id.int % 10**11:011}"}
                tx.session.add_all([_method(at, one, *pair) for pair in values.items() if pair[0] in channels])


def _method(at: Any, one: Developer, channel: Channel, value: str) -> ContactMethod:
    return ContactMethod(id=uuid7(at), developer_id=one.id, channel=channel, value=value, verified_at=at, created_at=at)


def _developer(at: Any, service: str, number: int) -> Developer:
    return Developer(
        id=uuid7(at), name=f"{service} {number}", email=f"{service}-{number}@example.com", role=Role.DEVELOPER,
        timezone="UTC", max_load=1_000, created_at=at,
    )  # fmt: skip


async def _forget(stage: Stage) -> None:
    """Leave no message, so that none counts as sent lately; what is under way is written down before."""
    async with open_resources(stage.settings) as res, asyncio.timeout(_PATIENCE_S):
        while await res.db.raw.fetchval(_UNDER_WAY):
            await res.db.raw.execute(_NO_MORE)
            await asyncio.sleep(0.1)
        await res.db.raw.execute("TRUNCATE notification CASCADE")


def _limit(there: Receivers, channels: Sequence[Channel]) -> Storm:
    """How long it takes to send as many by the same channels, and nothing else."""
    there.forget()
    cpu = time.process_time()
    took_s = asyncio.run(_send_all(there, channels))
    return Storm(took_s, took_s, time.process_time() - cpu)


async def _send_all(there: Receivers, channels: Sequence[Channel]) -> float:
    url, room = f"http://127.0.0.1:{there.port}", asyncio.Semaphore(_AT_ONCE)
    began = time.monotonic()
    async with httpx.AsyncClient(trust_env=False) as client:
        send = {
            Channel.EMAIL: partial(_mail, there),
            Channel.SLACK: lambda n: client.post(f"{url}/slack/x", json={"channel": f"U{n}", "text": "x" * 2000}),
            Channel.SMS: lambda n: client.post(
                f"{url}/sms", data={"To": f"+49{n}", "Body": "x" * 160}, auth=("AC1", "hush")
            ),
        }

        async def one(channel: Channel, number: int) -> None:
            async with room:
                await send[channel](number)

        await asyncio.gather(*(one(channel, number) for number in range(ALERTS) for channel in channels))
    return time.monotonic() - began


async def _mail(there: Receivers, number: int) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "tocsin@example.com", f"<p{number}@example.com>", "Bench"
    message.set_content("x" * 1000)
    message.add_alternative("<p>" + "x" * 4000, subtype="html")
    await aiosmtplib.send(message, hostname="127.0.0.1", port=there.mail_port)
