"""Figures that are told again and again to those who watch."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from typing import Annotated

import strawberry

from domain.tick import USUAL
from resolvers.tick import Tick
from resolvers.ticking import last_minute_of, stream_ticks
from schema.context import Info
from schema.filter import StatsFilter
from schema.sharing import Results, SharedItem, shown_straight
from schema.stats import Stats, stats_of_tick
from schema.time_point import SeverityCount, severity_counts


@strawberry.type(description="Figures as of now; each costs only those who select it.")
class StatsTick(SharedItem):
    """Figures as of now."""

    tick: strawberry.Private[Tick]

    @property
    def results(self) -> Results:
        """What all who watch keep with the tick."""
        return self.tick.results

    @strawberry.field(description="As of when.")
    def at(self) -> datetime:
        """As of when."""
        return self.tick.at

    @strawberry.field(
        description="How many events were received in the last whole UTC minute before `at`: an exact count of those "
        "that are stored by now."
    )
    async def per_minute(self, info: Info) -> float:
        """How many events were received in the last whole minute."""
        return float(sum((await last_minute_of(info.context.resources, self.tick)).values()))

    @strawberry.field(description="The events of `perMinute` by severity, mildest first.")
    async def by_severity(self, info: Info) -> list[SeverityCount]:
        """The events of the last whole minute by severity."""
        return severity_counts(await last_minute_of(info.context.resources, self.tick))

    @strawberry.field(description="Figures of the last 24 hours, as `Query.stats` has them.")
    def stats(self, info: Info) -> Stats:
        """Figures of the last 24 hours."""
        return stats_of_tick(info, self.tick)


@strawberry.type
class StatsSubscription:
    """Figures that are told again and again."""

    @strawberry.subscription(
        description="Figures, at once and then every so often, computed once for all who ask the same. There is "
        "nothing to resume: each tick stands for itself."
    )
    async def stats_ticked(
        self,
        info: Info,
        filter: Annotated[
            StatsFilter | None, strawberry.argument(description="What is counted; left out, all.")
        ] = None,
        every: Annotated[
            timedelta | None, strawberry.argument(description="How often, from `PT1S` to `PT1M`.")
        ] = USUAL,
    ) -> AsyncGenerator[StatsTick, None]:
        """Figures, every so often."""
        ticks = await stream_ticks(
            info.context.resources,
            lambda: info.context.actor,
            filter=filter.to_domain() if filter else None,
            every=every,
        )
        return shown_straight(info, ticks, lambda tick: StatsTick(tick=tick))
