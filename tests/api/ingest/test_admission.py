"""Limits, quotas, filters and sampling at the door, over real HTTP, for every dialect."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from sqlmodel import select
from starlette.applications import Starlette

from core.clock import ManualClock
from domain.notification import NotificationKind
from models import DroppedCount, Event, IngestKey, Notification, Project
from resolvers.dropped import write_drops
from schema.node import global_id
from tests.support.db import make_settings
from tests.support.plain_http import plain_http
from tests.support.rows import all_rows, only_row
from tests.support.serving import Served, first_setup, serving

ERROR = {"service": "web", "errorType": "ValueError", "message": "bad total"}
LOG = """mutation ($input: LogErrorInput!) { logError(input: $input) {
  ... on LoggedError { outcome } ... on Failure { code message } } }"""
LOG_SEVERAL = """mutation ($inputs: [LogErrorInput!]!) { logErrors(inputs: $inputs) {
  stored refused results { outcome failure { code message path ... on RateLimited { retryAfter } } } } }"""
UPDATE = """mutation ($input: UpdateProjectInput!) { updateProject(input: $input) {
  ... on Project { plan hourlyQuota } ... on Failure { code message path } } }"""
UPDATE_KEY = """mutation ($input: UpdateIngestKeyInput!) { updateIngestKey(input: $input) {
  ... on IngestKey { rateLimitPerMinute } ... on Failure { code message path } } }"""
SHOW = '{ project(slug: "default") { plan hourlyQuota usedThisHour droppedThisHour { name count } } }'
ENVELOPE = b'{}\n{"type":"event"}\n{"message":"boom"}\n'


@pytest.fixture
async def served(database_url: str, redis_url: str, clock: ManualClock) -> AsyncIterator[Served]:
    """A running API whose clock stands still, so that no minute and no hour ends within a test."""
    async with serving(make_settings(database_url, redis_url), clock) as (url, app):
        yield await set_up(url, app)


@pytest.fixture
async def tight(database_url: str, redis_url: str, clock: ManualClock) -> AsyncIterator[Served]:
    """The same of plans that allow little."""
    few = {"free_quota_per_hour": 5, "single_per_minute": 8, "batch_per_minute": 3, "list_per_minute": 4,
           "detail_per_minute": 6, "health_per_minute": 3}  # fmt: skip
    async with serving(make_settings(database_url, redis_url, **few), clock) as (url, app):
        yield await set_up(url, app)


async def set_up(url: str, app: Starlette) -> Served:
    credentials = await first_setup(app.state.resources)
    assert credentials is not None
    return Served(url, app, credentials)


async def first_project(served: Served) -> Project:
    return await only_row(served.res, Project, Project.slug == "default")


async def update(served: Served, **changes: Any) -> dict[str, Any]:
    """Set something of the first project, in effect at once."""
    project = await first_project(served)
    answer = await served.ask(UPDATE, input={"projectId": global_id("Project", project.id), **changes})
    served.res.writer.destinations._read_at = None
    await served.ask(LOG, credential=served.credentials.ingest_key, input={**ERROR, "eventId": "seen before"})
    return answer["data"]["updateProject"]


async def limit_key(served: Served, limit: int | None) -> None:
    key = await only_row(served.res, IngestKey, IngestKey.public_key == served.credentials.ingest_key)
    answer = await served.ask(
        UPDATE_KEY, input={"ingestKeyId": global_id("IngestKey", key.id), "rateLimitPerMinute": limit}
    )
    assert answer["data"]["updateIngestKey"] == {"rateLimitPerMinute": limit}


async def post(served: Served, to: str, content: object = ERROR, **headers: str) -> httpx.Response:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    key = {"Authorization": f"Bearer {served.credentials.ingest_key}"}
    async with plain_http() as client:
        return await client.post(served.url + to, content=body, headers={**key, **headers})


async def envelope(served: Served) -> httpx.Response:
    to = f"/api/{served.credentials.project_number}/envelope/?sentry_key={served.credentials.ingest_key}"
    async with plain_http() as client:
        return await client.post(served.url + to, content=ENVELOPE)


async def ask_as_key(served: Served, document: str, **variables: object) -> dict[str, Any]:
    return await served.ask(document, credential=served.credentials.ingest_key, **variables)


async def dropped(served: Served) -> dict[str, int]:
    async with served.res.db.reading() as session:
        rows = (await session.exec(select(DroppedCount))).all()
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.reason.value] = counts.get(row.reason.value, 0) + row.event_count
    return counts


async def wait_dropped(served: Served, **expected: int) -> None:
    """Return once these counts are written down, which the app does every second."""
    while (counts := await dropped(served)) != expected:
        assert all(counts.get(reason, 0) <= expected.get(reason, 0) for reason in counts), counts
        await asyncio.sleep(0.05)


async def refusal_after(send: Callable[[], Awaitable[httpx.Response]], most: int) -> httpx.Response:
    """What the call is told that is one too many."""
    answers = [await send() for _ in range(most + 1)]
    assert [answer.status_code for answer in answers] == [200] * most + [429]
    return answers[-1]


async def test_the_first_project_of_an_installation_has_no_limits(tight: Served):
    for _ in range(12):
        assert (await post(tight, "/api/errors")).status_code == 200
    shown = (await tight.ask(SHOW))["data"]["project"]
    assert shown == {"plan": "ENTERPRISE", "hourlyQuota": None, "usedThisHour": 12, "droppedThisHour": []}


async def test_a_key_logs_no_more_a_minute_than_it_may_by_any_door(served: Served):
    await limit_key(served, 3)
    refused = await refusal_after(lambda: post(served, "/api/errors"), 3)
    assert refused.headers["RateLimit-Limit"] == "3"
    assert refused.headers["RateLimit-Remaining"] == "0"
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.json()["detail"] == "The ingest key may log 3 events a minute."
    by_graphql = await ask_as_key(served, LOG, input=ERROR)
    extensions = by_graphql["errors"][0]["extensions"]
    assert extensions["code"] == "RATE_LIMITED"
    assert 0 < extensions["retryAfter"] <= 60
    by_sentry = await envelope(served)
    assert by_sentry.status_code == 429
    assert by_sentry.headers["X-Sentry-Rate-Limits"].split(":", 1)[1] == "default;error:key:key_limit"
    by_otlp = await post(served, "/v1/logs", _otlp(1), **{"Content-Type": "application/json"})
    assert by_otlp.status_code == 429
    assert int(by_otlp.headers["Retry-After"]) > 0
    await limit_key(served, None)
    assert (await post(served, "/api/errors")).status_code == 200


async def test_of_a_batch_the_first_are_let_in_and_each_of_the_rest_says_why_not(served: Served):
    assert (await update(served, hourlyQuota=4))["hourlyQuota"] == 4
    first = (await ask_as_key(served, LOG_SEVERAL, inputs=[ERROR, {**ERROR, "service": ""}, *[ERROR] * 4]))["data"][
        "logErrors"
    ]
    outcomes = [result["outcome"] for result in first["results"]]
    assert outcomes == ["STORED", "INVALID", "STORED", "STORED", "RATE_LIMITED", "RATE_LIMITED"]
    assert (first["stored"], first["refused"]) == (3, 3)
    failure = first["results"][4]["failure"]
    assert (failure["code"], failure["path"]) == ("RATE_LIMITED", ["inputs", "4"])
    assert failure["message"] == "The project's quota of 4 events an hour is used up."
    assert 0 < failure["retryAfter"] <= 3600
    none = await ask_as_key(served, LOG_SEVERAL, inputs=[ERROR] * 2)
    assert (none["data"]["logErrors"], none["errors"][0]["extensions"]["code"]) == (None, "RATE_LIMITED")
    by_sentry = await envelope(served)
    assert by_sentry.headers["X-Sentry-Rate-Limits"].split(":", 1)[1] == "default;error:project:quota"
    while (counts := await dropped(served)).get("QUOTA", 0) < 4 or counts.get("INVALID") != 1:
        await asyncio.sleep(0.05)


async def test_what_was_turned_away_is_shown_and_told_once(served: Served):
    await update(served, hourlyQuota=1)
    for _ in range(3):
        assert (await post(served, "/api/errors")).status_code == 429
        await write_drops(served.res)
    await wait_dropped(served, QUOTA=3)
    shown = (await served.ask(SHOW))["data"]["project"]
    assert (shown["hourlyQuota"], shown["usedThisHour"]) == (1, 1)
    assert shown["droppedThisHour"] == [{"name": "QUOTA", "count": 3}]
    (told,) = await all_rows(served.res, Notification, Notification.kind == NotificationKind.EVENTS_DROPPED)
    assert (told.subject, told.destination) == ("[default] Events are turned away", "owner@localhost")
    assert "quota" in told.content["why"]


async def test_a_free_project_has_its_quota_and_its_callers_their_limits(tight: Served):
    assert await update(tight, plan="FREE") == {"plan": "FREE", "hourlyQuota": 5}
    statuses = [(await post(tight, "/api/errors")).status_code for _ in range(6)]
    assert statuses == [200] * 4 + [429] * 2
    answers = [await post(tight, "/api/errors/batch", [ERROR]) for _ in range(7)]
    assert {answer.status_code for answer in answers} == {429}
    assert any(answer.json()["detail"].startswith("At most 3 calls of this kind (BATCH)") for answer in answers)
    while not (await dropped(tight)).get("ENDPOINT_LIMIT"):
        await asyncio.sleep(0.05)


async def test_questions_of_a_free_caller_are_counted_by_root_field(tight: Served):
    await update(tight, plan="FREE")
    project = await first_project(tight)
    made = await tight.ask(
        "mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { ... on CreatedApiToken { secret } } }",
        input={"name": "confined", "scopes": ["READ"], "projectIds": [global_id("Project", project.id)]},
    )
    secret = made["data"]["createApiToken"]["secret"]
    assert "errors" not in await tight.ask(
        "{ a: projects { id } b: projects { id } c: issues { nodes { id } } }", credential=secret
    )
    refused = await tight.ask("{ a: projects { id } b: projects { id } }", credential=secret)
    assert refused["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert "errors" not in await tight.ask("{ projects { id } }", credential=secret)
    assert "errors" not in await tight.ask("{ viewer { scopes } }", credential=secret)
    for _ in range(10):
        assert "errors" not in await tight.ask("{ projects { id } }")  # who sees all is not limited


async def test_health_is_answered_so_often_and_liveness_always(tight: Served):
    async with plain_http() as client:
        refused = await refusal_after(lambda: client.get(tight.url + "/health/readiness"), 3)
        assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
        assert (await client.get(tight.url + "/health/liveness")).status_code == 200


async def test_what_is_filtered_is_answered_and_not_stored(served: Served):
    assert "message" not in await update(served, inboundFilters={"messages": ["noise*"], "localhost": True})
    noise = {**ERROR, "message": "noise again", "eventId": "n-1"}
    assert (await ask_as_key(served, LOG, input=noise))["data"]["logError"] == {"outcome": "FILTERED"}
    batch = (await post(served, "/api/errors/batch", [noise, ERROR])).json()
    assert (batch["stored"], batch["refused"]) == (1, 0)
    assert [result["outcome"] for result in batch["results"]] == ["FILTERED", "STORED"]
    local = {**ERROR, "request": {"url": "http://localhost:3000/"}}
    assert (await post(served, "/api/errors", local)).json()["outcome"] == "FILTERED"
    assert len(await all_rows(served.res, Event)) == 2
    await wait_dropped(served, FILTERED_MESSAGE=2, FILTERED_LOCALHOST=1)


async def test_a_share_is_kept_and_a_retry_is_decided_as_before(served: Served):
    await update(served, samplingRules=[{"rate": 1, "severities": ["HIGH"]}, {"rate": 0.5}])
    batch = [{**ERROR, "eventId": f"e-{number}"} for number in range(200)]
    first, again = [(await post(served, "/api/errors/batch", batch)).json() for _ in range(2)]
    kept = [place for place, result in enumerate(first["results"]) if result["outcome"] == "STORED"]
    assert 60 < len(kept) < 140
    assert [p for p, result in enumerate(again["results"]) if result["outcome"] == "DUPLICATE"] == kept
    high = [{**error, "severity": "HIGH", "eventId": f"h-{n}"} for n, error in enumerate(batch[:50])]
    assert (await post(served, "/api/errors/batch", high)).json()["stored"] == 50


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"hourlyQuota": 0}, ["hourlyQuota"]),
        ({"inboundFilters": {"messages": ["x" * 501]}}, ["inboundFilters", "messages"]),
        ({"samplingRules": [{"rate": 2}]}, ["samplingRules", "0", "rate"]),
    ],
)
async def test_what_cannot_be_set_is_named(served: Served, changes: dict[str, Any], path: list[str]):
    refused = await update(served, **changes)
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", *path])


async def test_a_key_that_is_limited_says_so_before_the_body_is_read(served: Served):
    await limit_key(served, 1)
    await refusal_after(lambda: post(served, "/api/errors"), 1)
    host, _, port = served.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /api/errors HTTP/1.1\r\nHost: a\r\nX-Tocsin-Key: {served.credentials.ingest_key}\r\nContent-Length: 1000\r\n\r\n"
    writer.write(head.encode())
    assert (await asyncio.wait_for(reader.readline(), 30)).split()[1] == b"429"
    writer.close()
    await writer.wait_closed()


async def test_what_is_too_large_is_counted(served: Served):
    assert (await post(served, "/api/errors", b"x" * (9 * 2**20))).status_code == 413
    await wait_dropped(served, TOO_LARGE=1)


async def test_several_apis_together_let_in_the_quota_and_no_more(
    database_url: str, redis_url: str, clock: ManualClock
):
    settings = make_settings(database_url, redis_url)
    async with serving(settings, clock) as (one_url, one_app), serving(settings, clock) as (other_url, other_app):
        one = await set_up(one_url, one_app)
        other = Served(other_url, other_app, one.credentials)
        await update(one, hourlyQuota=50)
        other.res.writer.destinations._read_at = None
        await asyncio.gather(*(post(served, "/api/errors") for served in (one, other) for _ in range(40)))
        async with one.res.db.reading() as session:
            stored = len((await session.exec(select(Event.id))).all())
        assert 50 - 2 <= stored <= 50


def _otlp(count: int) -> dict[str, Any]:
    attributes = [{"key": "exception.type", "value": {"stringValue": "E"}}]
    records = [{"timeUnixNano": "1", "severityNumber": 17, "attributes": attributes} for _ in range(count)]
    return {"resourceLogs": [{"scopeLogs": [{"logRecords": records}]}]}
