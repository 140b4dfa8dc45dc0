"""A loop gone wild: a project's own past sets the cap, what is above it is turned away and counted, and its owner told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest

from core.clock import ManualClock
from core.settings import Settings
from models import Project
from resolvers.dropped import write_drops
from resolvers.setup import Credentials, first_setup
from tests.support.db import make_settings
from tests.support.mailbox import Mailbox, body, send_due
from tests.support.plain_http import plain_http
from tests.support.rows import only_row
from tests.support.serving import Served, serving

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
A_DAY = (2, 3, 4)  # events in the one busy hour of each
CAP = 2 * 3
ENVELOPE = b'{}\n{"type":"event"}\n{"message":"boom"}\n'
SHOW = '{ project(slug: "default") { usedThisHour droppedThisHour { name count } } }'


@pytest.fixture
def settings(database_url: str, redis_url: str, mailbox: Mailbox) -> Settings:
    spike = {"spike_floor_per_hour": 1, "spike_factor": 2}
    return make_settings(database_url, redis_url, smtp_url=mailbox.url, **spike)


@asynccontextmanager
async def running(settings: Settings, clock: ManualClock, known: Credentials | None = None) -> AsyncIterator[Served]:
    """An API that knows what is usual, as it looks when it starts."""
    async with serving(settings, clock) as (url, app):
        credentials = known or await first_setup(app.state.resources)
        assert credentials is not None
        yield Served(url, app, credentials)


async def report(served: Served, count: int) -> list[httpx.Response]:
    address = f"{served.url}/api/{served.credentials.project_number}/envelope/"
    async with plain_http(params={"sentry_key": served.credentials.ingest_key}) as client:
        return [await client.post(address, content=ENVELOPE) for _ in range(count)]


async def statuses(served: Served, count: int) -> list[int]:
    return [answer.status_code for answer in await report(served, count)]


async def live_three_days(settings: Settings, clock: ManualClock) -> Credentials:
    async with running(settings, clock) as served:
        for count in A_DAY:
            assert await statuses(served, count) == [200] * count
            await clock.advance(DAY)
        return served.credentials


async def know_the_cap(served: Served) -> None:
    project = await only_row(served.res, Project, Project.slug == "default")
    while not (cap := served.res.admission.usual.cap(project.id)):
        await asyncio.sleep(0.01)
    assert cap == CAP


async def test_what_is_far_more_than_usual_is_refused_counted_and_told_once_an_hour(
    settings: Settings, clock: ManualClock, mailbox: Mailbox
):
    known = await live_three_days(settings, clock)
    async with running(settings, clock, known) as served:
        await know_the_cap(served)
        answers = await report(served, CAP + 3)
        assert [answer.status_code for answer in answers] == [200] * CAP + [429] * 3
        assert answers[-1].headers["X-Sentry-Rate-Limits"] == "3600:default;error:project:spike"
        assert answers[-1].json()["detail"].startswith(f"Spike protection: {CAP} events an hour are let in")
        await shown(served, used=CAP, spikes=3)
        await send_due(served.res)
        assert await statuses(served, 2) == [429] * 2
        await shown(served, used=CAP, spikes=5)
        await send_due(served.res)
        (mail,) = mailbox.mails
        assert mailbox.recipients == ["owner@localhost"]
        assert mail["Subject"] == "[default] Events are turned away"
        for kind in ("plain", "html"):
            assert "Far more events arrive than is usual for it" in body(mail, kind)
        assert "Hour:         2026-03-05 03:00 UTC to 2026-03-05 04:00 UTC" in body(mail)

        await clock.advance(HOUR)
        assert await statuses(served, CAP + 1) == [200] * CAP + [429]
        await shown(served, used=CAP, spikes=1)
        await send_due(served.res)
        first, second = await mailbox.wait_for_mails(2)
        assert first["Message-ID"] != second["Message-ID"]
        assert "2026-03-05 04:00 UTC" in body(second)


async def test_a_project_without_a_past_has_no_cap(settings: Settings, clock: ManualClock):
    async with running(settings, clock) as served:
        await served.res.admission.usual.read(clock.now())
        assert await statuses(served, 3 * CAP) == [200] * 3 * CAP


async def shown(served: Served, *, used: int, spikes: int) -> None:
    """Return once that is what the project shows: what was turned away is written down every second."""
    expected = {"usedThisHour": used, "droppedThisHour": [{"name": "SPIKE", "count": spikes}]}
    await write_drops(served.res)
    while (await served.ask(SHOW))["data"]["project"] != expected:
        await asyncio.sleep(0.05)
