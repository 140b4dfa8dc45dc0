"""How work that is done by the timetable looks from outside."""

from datetime import datetime
from typing import Annotated, Self

import strawberry
from strawberry.scalars import JSON

import models
from domain.page import page_request
from domain.timetable import RunStatus
from resolvers.timetable import states
from resolvers.timetable.listing import list_runs
from schema.connection import After, Connection, Size, connection
from schema.context import Info


@strawberry.type(description="One run of a scheduled job.")
class ScheduledRun:
    """One run of a scheduled job."""

    job: str = strawberry.field(description="The name of the job.")
    due_at: datetime | None = strawberry.field(description="The time of the timetable that it was for; null: by hand.")
    status: RunStatus = strawberry.field(description="Where it stands.")
    started_at: datetime = strawberry.field(description="When it began.")
    finished_at: datetime | None = strawberry.field(description="When it ended; null while it is under way.")
    error: str | None = strawberry.field(description="Why it failed, in one line.")
    result: JSON | None = strawberry.field(description="How much it did; the keys differ with the job.")

    @classmethod
    def from_run(cls, run: states.Run | models.ScheduledRun) -> Self:
        """The run as the contract has it."""
        return cls(
            job=run.job,
            due_at=run.due_at,
            status=run.status,
            started_at=run.started_at,
            finished_at=run.finished_at,
            error=run.error,
            result=None if run.result is None else JSON(run.result),
        )


@strawberry.type(description="Work that is done by the timetable, or by hand with `tocsin run`.")
class ScheduledJob:
    """Work that is done by the timetable."""

    name: str = strawberry.field(description="Its name.")
    times: str | None = strawberry.field(description="When it is done: minutes and hours, UTC; null where it is off.")
    next_at: datetime | None = strawberry.field(description="When it is due next; null where it is off.")
    last_run: ScheduledRun | None = strawberry.field(description="Its last run; null where there was none yet.")
    problem: str | None = strawberry.field(description="What is wrong: it failed last, or was not done for too long.")

    @classmethod
    def from_state(cls, state: states.JobState) -> Self:
        """The job as the contract has it."""
        return cls(
            name=state.job,
            times=state.times,
            next_at=state.next_at,
            last_run=None if state.last_run is None else ScheduledRun.from_run(state.last_run),
            problem=state.problem,
        )


@strawberry.type
class ScheduledWorkQuery:
    """Questions about scheduled work."""

    @strawberry.field(description="All that is done by the timetable, when, and how it went last.")
    async def scheduled_jobs(self, info: Info) -> list[ScheduledJob] | None:
        """All that is done by the timetable."""
        found = await states.list_scheduled_jobs(info.context.resources, info.context.actor)
        return [ScheduledJob.from_state(state) for state in found]

    @strawberry.field(description="The runs that are on record, the latest first.")
    async def scheduled_runs(
        self,
        info: Info,
        job: Annotated[str | None, strawberry.argument(description="Only those of the job of that name.")] = None,
        first: Size = 25,
        after: After = None,
    ) -> Connection[ScheduledRun] | None:
        """The runs that are on record."""
        page = await list_runs(info.context.resources, info.context.actor, job=job, page=page_request(first, after))
        return connection(page, ScheduledRun.from_run)
