"""`tocsin run`: what the worker does by the timetable, by hand."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import typer

from cli.administration import administer
from domain.access import Actor
from domain.errors import Conflict
from domain.timetable import RunStatus, find_job
from resolvers.resources import Resources
from resolvers.timetable.run import Ran, run_job
from resolvers.timetable.states import JobState, list_scheduled_jobs
from tasks.jobs import WORK


def main(
    job: Annotated[str | None, typer.Argument(help="Which; without it they are listed.")] = None,
) -> None:
    """Do a scheduled job now, whatever the timetable says; without a name, list them with their last run."""
    if job is None:
        for line in administer(_list):
            print(line)
        return
    ran = administer(lambda resources, _: _run(resources, job))
    took = f"{ran.took.total_seconds():.1f} s"
    print("  ".join(filter(None, (job, ran.status, took, ran.error or _told(ran.result)))))
    if ran.status is not RunStatus.OK:
        raise typer.Exit(1)


async def _run(resources: Resources, name: str) -> Ran:
    job = find_job(name)
    ran = await run_job(resources, job, WORK[job])
    if ran is None:
        raise Conflict(f"Another process does {job} at this moment.")
    return ran


async def _list(resources: Resources, actor: Actor) -> list[str]:
    states = await list_scheduled_jobs(resources, actor)
    rows = [("job", "when (UTC)", "next", "last run", "outcome"), *map(_row, states)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _row(state: JobState) -> tuple[str, ...]:
    run = state.last_run
    outcome = run and " ".join(filter(None, (run.status, run.error or _told(run.result))))
    return (
        state.job,
        state.times or "off",
        _moment(state.next_at),
        _moment(run.started_at if run else None),
        state.problem or outcome or "-",
    )


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else "-"


def _told(result: Mapping[str, Any] | None) -> str:
    return " ".join(f"{name}={count}" for name, count in (result or {}).items())
