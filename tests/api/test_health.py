"""What `/health/…` says, while all is well and while it is not."""

from pathlib import Path

import httpx

from domain.access import system
from models import ArchivedDay
from resolvers.archive.outcome import RUN, note_failure, note_success
from resolvers.erasure.request import erase_person
from resolvers.project.listing import find_project
from resolvers.setup import first_setup
from tests.support.db import make_settings
from tests.support.plain_http import plain_http
from tests.support.serving import Served, serving


async def get(served: Served, path: str, credential: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {credential}"} if credential else {}
    async with plain_http() as client:
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


async def test_work_on_the_archive_that_failed_is_said_until_it_goes_well(
    database_url: str, redis_url: str, tmp_path: Path
):
    async with serving(make_settings(database_url, redis_url, archive=str(tmp_path))) as (url, app):
        credentials = await first_setup(app.state.resources)
        assert credentials is not None
        served = Served(url, app, credentials)

        async def told() -> dict:
            return (await get(served, "/health/detailed", credentials.token)).json()["parts"]["archive"]

        assert (await told()).items() >= {"status": "ok", "isSet": True}.items()
        await note_success(served.res, RUN)
        before = (await told())["run"]
        await note_failure(served.res, RUN, "The archive s3://x does not work: no such bucket" + "!" * 2000)
        assert (await get(served, "/health/")).json()["parts"]["archive"] == "unavailable"
        failed = await told()
        assert failed["status"] == "unavailable"
        assert failed["run"]["succeededAt"] == before["succeededAt"]
        assert failed["run"]["failure"].startswith("The archive s3://x does not work")
        assert len(failed["run"]["failure"]) == 1000
        await note_success(served.res, RUN)
        assert ((await told())["status"], (await told())["run"]["failure"]) == ("ok", None)


async def test_an_erasure_that_waits_for_an_archive_that_is_not_set_is_said(served: Served):
    parts = (await get(served, "/health/detailed", served.credentials.token)).json()["parts"]
    assert parts["archive"].items() >= {"status": "ok", "isSet": False}.items()
    project = await find_project(served.res, system("test"), slug="default")
    assert project is not None
    at = served.res.clock.now()
    async with served.res.db.transaction() as tx:
        tx.session.add(ArchivedDay(project_id=project.id, day=at.date(), has_files=True, event_count=1, archived_at=at))
    await erase_person(served.res, system("test"), project_id=project.id, known_as={"id": "u-7"})
    await served.res.db.raw.execute("UPDATE erasure SET is_in_archive = true")
    told = (await get(served, "/health/detailed", served.credentials.token)).json()["parts"]["archive"]
    assert (told["status"], "TOCSIN_ARCHIVE is not set" in told["problem"]) == ("unavailable", True)


async def test_prometheus_gets_its_metrics(served: Served):
    assert (await get(served, "/health/metrics")).status_code == 401
    text = (await get(served, "/health/metrics", served.credentials.token)).text
    assert 'tocsin_part_is_well{part="database"} 1.0' in text
    assert "tocsin_writer_batch_seconds_count" in text
    assert 'tocsin_overdue{work="escalations"} 0.0' in text
    assert 'tocsin_scheduled_job_is_well{job="make_partitions"} 1.0' in text
