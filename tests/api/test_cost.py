"""What an operation costs is told, and bounded for each caller in each minute, by whatever transport."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

import httpx
import pytest

from core.clock import ManualClock
from core.settings import DEAREST
from schema.limits import MOST_COST
from tests.support.db import make_settings
from tests.support.plain_http import plain_http
from tests.support.serving import Served, first_setup, serving
from tests.support.socket import LOG, admitted, log

DEAR = "{ issues(first: 200) { nodes { id title events(first: 20) { nodes { id } } } } }"
DEAR_TO_WATCH = f"subscription {{ errorLogged {{ ... on ErrorLogged {{ issue {{ events(first: 200) {{ nodes {{ {' '.join(f'a{n}: id' for n in range(30))} }} }} }} }} }} }}"
COST = 1 + 200 * (1 + 1 + 1 + 1 + 20 * 2)
ERROR = {"service": "web", "errorType": "ValueError", "message": "bad total"}
OURS = "application/graphql-response+json"


@pytest.fixture
async def served(database_url: str, redis_url: str, clock: ManualClock) -> AsyncIterator[Served]:
    """A running API where a caller may spend twice what one operation may cost; no minute ends by itself."""
    async with serving(make_settings(database_url, redis_url, cost_per_minute=2 * DEAREST), clock) as (url, app):
        credentials = await first_setup(app.state.resources)
        assert credentials is not None
        yield Served(url, app, credentials)


async def ask(served: Served, query: str, accept: str = "application/json", **variables: object) -> httpx.Response:
    headers = {"Authorization": f"Bearer {served.credentials.token}", "Accept": accept}
    async with plain_http() as client:
        return await client.post(
            f"{served.url}/graphql", json={"query": query, "variables": variables}, headers=headers
        )


def seconds_left(clock: ManualClock) -> int:
    return 60 - int(clock.now().timestamp()) % 60


async def test_an_answer_tells_what_it_cost_and_what_is_left(served: Served, clock: ManualClock):
    first = await ask(served, "{ viewer { scopes } }")
    left = 2 * DEAREST - 2
    of_minute = {"limit": 2 * DEAREST, "left": left, "resetIn": seconds_left(clock)}
    assert first.json()["extensions"] == {"cost": {"requested": 2, "limit": MOST_COST, "perMinute": of_minute}}
    rates = {name: first.headers[f"RateLimit-{name}"] for name in ("Limit", "Remaining", "Reset")}
    assert rates == {"Limit": str(2 * DEAREST), "Remaining": str(left), "Reset": str(seconds_left(clock))}
    second = await ask(served, DEAR)
    assert second.json()["extensions"]["cost"]["perMinute"]["left"] == left - COST
    async with admitted(served.ws_url, served.credentials.token) as client:
        await client.subscribe(query="{ viewer { scopes } }")
        assert (await client.next())["payload"]["extensions"]["cost"]["perMinute"]["left"] == left - COST - 2


async def test_what_logs_and_what_shows_nothing_costs_nothing(served: Served):
    for query, variables in (
        ("{ __typename }", {}),
        (LOG, {"input": ERROR}),
        ("mutation { logErrors(inputs: []) { stored } }", {}),
    ):
        answer = await ask(served, query, **variables)
        assert "extensions" not in answer.json()
        assert "ratelimit-limit" not in answer.headers
    mixed = await ask(
        served, "mutation { logErrors(inputs: []) { stored } markNotificationsRead(input: {}) { __typename } }"
    )
    assert mixed.json()["extensions"]["cost"]["requested"] > 1


async def test_who_has_spent_all_is_told_when_to_come_again(served: Served, clock: ManualClock):
    while (answer := await ask(served, DEAR)).status_code == 200:
        assert answer.json()["data"] == {"issues": {"nodes": []}}
    for accept in ("application/json", OURS):
        refused = await ask(served, DEAR, accept)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, str(seconds_left(clock)))
        assert "data" not in refused.json()
        (error,) = refused.json()["errors"]
        assert error["message"] == f"At most {2 * DEAREST:,} values a minute; this operation asks for {COST:,}."
        assert error["extensions"] == {"code": "RATE_LIMITED", "retryAfter": seconds_left(clock)}
        assert refused.headers["ratelimit-remaining"] == str(refused.json()["extensions"]["cost"]["perMinute"]["left"])
    assert (await ask(served, "{ viewer { scopes } }")).status_code == 200, "what is left is enough for that"
    assert await log(served)
    await clock.advance(timedelta(minutes=1))
    assert (await ask(served, DEAR)).status_code == 200


async def test_to_begin_to_watch_costs_once_and_is_refused_too(served: Served):
    async with admitted(served.ws_url, served.credentials.token) as client:
        await client.subscribe()
        await client.item()
        before = (await ask(served, "{ viewer { scopes } }")).json()["extensions"]["cost"]["perMinute"]["left"]
        assert before < 2 * DEAREST - 2
        while (await ask(served, DEAR)).status_code == 200:
            pass
        await client.subscribe("2", DEAR_TO_WATCH)
        while (message := await client.next())["id"] != "2":
            pass
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == "RATE_LIMITED"


async def test_processes_count_together(served: Served, redis_url: str, clock: ManualClock):
    settings = served.res.settings
    async with AsyncExitStack() as stack:
        url, app = await stack.enter_async_context(serving(settings, clock))
        both = [served, Served(url, app, served.credentials)]
        answered = 0
        for turn in range(8):
            answered += (await ask(both[turn % 2], DEAR)).status_code == 200
    assert answered == 2 * DEAREST // COST


async def test_without_a_bound_only_the_cost_is_told(database_url: str, redis_url: str):
    async with serving(make_settings(database_url, redis_url, cost_per_minute=0)) as (url, app):
        free = Served(url, app, await first_setup(app.state.resources))
        answer = await ask(free, "{ viewer { scopes } }")
    assert answer.json()["extensions"] == {"cost": {"requested": 2, "limit": MOST_COST}}
    assert "ratelimit-limit" not in answer.headers
