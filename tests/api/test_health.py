"""What `/health/…` says, while all is well and while it is not."""

import httpx

from tests.support.serving import Served


async def get(served: Served, path: str, credential: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {credential}"} if credential else {}
    async with httpx.AsyncClient() as client:
        return await client.get(served.url + path, headers=headers)


async def test_anybody_may_ask_whether_it_lives_and_is_ready(served: Served):
    assert (await get(served, "/health/liveness")).json() == {"status": "alive"}
    ready = await get(served, "/health/readiness")
    assert (ready.status_code, ready.json()) == (200, {"status": "ok", "parts": {"database": "ok", "writer": "ok"}})


async def test_a_worker_that_was_never_seen_is_said_and_errors_are_taken_all_the_same(served: Served):
    summary = await get(served, "/health/")
    assert summary.status_code == 200
    assert summary.json()["status"] == "degraded"
    assert summary.json()["parts"]["worker"] == "unavailable"


async def test_the_facts_are_for_those_who_may_read(served: Served):
    assert (await get(served, "/health/detailed")).status_code == 401
    assert (await get(served, "/health/detailed", served.credentials.ingest_key)).status_code == 403
    parts = (await get(served, "/health/detailed", served.credentials.token)).json()["parts"]
    assert parts["database"]["is_current"] is True
    assert parts["writer"]["waitingEvents"] == 0
    assert parts["valkey"]["status"] == "ok"
    assert parts["machine"]["diskFreeBytes"] > 0
    assert "seconds" in parts["feed"]


async def test_prometheus_gets_its_metrics(served: Served):
    assert (await get(served, "/health/metrics")).status_code == 401
    text = (await get(served, "/health/metrics", served.credentials.token)).text
    assert 'tocsin_part_is_well{part="database"} 1.0' in text
    assert "tocsin_writer_batch_seconds_count" in text
