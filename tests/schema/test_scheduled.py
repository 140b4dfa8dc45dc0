from datetime import timedelta

from core.clock import ManualClock
from domain.timetable import ScheduledJob
from resolvers.resources import Resources
from resolvers.timetable.run import run_due, run_job
from tests.support.actors import acting
from tests.support.factories.developer import make_developer
from tests.support.graphql import ask, ask_for_codes
from tests.support.jobs import Chore

JOBS = "{ scheduledJobs { name times nextAt problem lastRun { job dueAt status error result finishedAt } } }"
RUNS = """query($job: String, $first: Int, $after: String) { scheduledRuns(job: $job, first: $first, after: $after) {
  nodes { job dueAt status error result } pageInfo { hasNextPage endCursor } } }"""


async def test_jobs_and_their_runs_can_be_asked_for(res: Resources, clock: ManualClock):
    actor = acting(await make_developer(res))
    await run_due(res, ScheduledJob.PRUNE_RUNS, Chore(), due_at=clock.now())
    await clock.advance(timedelta(minutes=1))
    await run_job(res, ScheduledJob.PRUNE_RUNS, Chore(ValueError("no")))
    await run_job(res, ScheduledJob.PRUNE_EVENTS, Chore())
    jobs = {job["name"]: job for job in (await ask(res, actor, JOBS))["scheduledJobs"]}
    assert set(jobs) == set(ScheduledJob)
    assert jobs["prune_runs"]["problem"] == "failed at 2026-03-02 03:01 UTC: ValueError: no"
    assert jobs["prune_runs"]["lastRun"]["error"] == "ValueError: no"
    assert (jobs["escalate"]["times"], jobs["escalate"]["nextAt"], jobs["escalate"]["lastRun"]) == (None, None, None)
    page = (await ask(res, actor, RUNS, first=2))["scheduledRuns"]
    assert [(run["job"], run["status"]) for run in page["nodes"]] == [("prune_events", "OK"), ("prune_runs", "FAILED")]
    assert page["pageInfo"]["hasNextPage"]
    (last,) = (await ask(res, actor, RUNS, after=page["pageInfo"]["endCursor"]))["scheduledRuns"]["nodes"]
    assert (last["job"], last["dueAt"], last["result"]) == ("prune_runs", "2026-03-02T03:00:00Z", {"done": 1})
    assert len((await ask(res, actor, RUNS, job="prune_runs"))["scheduledRuns"]["nodes"]) == 2
    assert await ask_for_codes(res, actor, RUNS, job="nothing") == ["INVALID_INPUT"]
