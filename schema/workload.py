"""How the workload of people looks from outside."""

from datetime import timedelta
from typing import Annotated, Self

import strawberry

from resolvers import workload
from schema.context import Info
from schema.developer import Developer
from schema.node import ID, read_id


@strawberry.type(
    description="How much somebody has to do, in the projects that you may see. The last seven days end now."
)
class Workload:
    """How much somebody has to do."""

    developer: Developer = strawberry.field(description="Whose it is.")
    open: int = strawberry.field(description="How many unresolved issues are theirs.")
    acknowledged: int = strawberry.field(description="How many of these somebody has acknowledged.")
    escalated: int = strawberry.field(description="How many of these have an open alert that has climbed.")
    resolved_last7_days: int = strawberry.field(
        name="resolvedLast7Days", description="How many issues they resolved, whosever those were."
    )
    pages_last7_days: int = strawberry.field(
        name="pagesLast7Days",
        description="How many alerts they were told of by a message that left; each once, however often and by however"
        " many ways. The dashboard is no message.",
    )
    night_pages_last7_days: int = strawberry.field(
        name="nightPagesLast7Days", description="How many of these came from 22:00 to 07:00 by their own clock."
    )
    page_share: float | None = strawberry.field(
        description="Their pages as a share, from 0 to 1, of those of all in this list: for one of n people, 1/n is"
        " even. Null where nobody had any."
    )
    night_page_share: float | None = strawberry.field(description="The same of the pages at night.")
    utilisation: float = strawberry.field(
        description="`open` as a share of `maxLoad`: 1 is full. A `maxLoad` of 0 counts as 1."
    )
    median_time_to_resolve: timedelta | None = strawberry.field(
        description="How long the issues that they resolved in the last seven days had stood, at the median, as in"
        " `Stats.medianTimeToResolve`; null where there were none."
    )

    @classmethod
    def from_row(cls, row: workload.Workload) -> Self:
        """The workload of a use case."""
        return cls(
            developer=Developer.from_row(row.developer),
            open=row.open,
            acknowledged=row.acknowledged,
            escalated=row.escalated,
            resolved_last7_days=row.resolved,
            pages_last7_days=row.pages,
            night_pages_last7_days=row.night_pages,
            page_share=row.page_share,
            night_page_share=row.night_page_share,
            utilisation=row.utilisation,
            median_time_to_resolve=row.median_time_to_resolve,
        )


@strawberry.type
class WorkloadQuery:
    """Questions about who has how much to do."""

    @strawberry.field(description="The workload of everybody in sight, by name; of the first 500.")
    async def workload(
        self, info: Info, team: Annotated[ID | None, strawberry.argument(description="Only of this team.")] = None
    ) -> list[Workload] | None:
        """The workload of everybody in sight."""
        team_id = read_id(team, "Team", "team") if team else None
        rows = await workload.list_workload(info.context.resources, info.context.actor, team_id=team_id)
        return [Workload.from_row(row) for row in rows]
