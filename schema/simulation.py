"""Who would be told what, when and how."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry

from domain.contact import shown
from domain.event import Severity
from domain.notification import Channel
from resolvers import simulation
from schema.context import Info
from schema.developer import Developer


@strawberry.type(description="One message that would be sent, or why none would be.")
class SimulatedNotification:
    """One message that would be sent, or why none would be."""

    developer_id: strawberry.Private[UUID | None]
    full_destination: strawberry.Private[str | None]

    at: datetime = strawberry.field(description="When it would leave.")
    level: int = strawberry.field(description="How high the alert would have climbed; 0 at its beginning.")
    channel: Channel | None = strawberry.field(description="By which way; null where nobody would be told.")
    warning: str | None = strawberry.field(description="Why it would be held back, or why nobody would be told.")

    @strawberry.field(description="To whom; null where nobody would be told, or you may not see them.")
    async def developer(self, info: Info) -> Developer | None:
        """To whom."""
        row = await info.context.loaders.developer_by_id.load(self.developer_id) if self.developer_id else None
        return Developer.from_row(row) if row else None

    @strawberry.field(description="The address that it would go to, its secrets left out; null where its owner is.")
    async def destination(self, info: Info) -> str | None:
        """The address that it would go to."""
        seen = self.developer_id and await info.context.loaders.developer_by_id.load(self.developer_id)
        if not seen or self.channel is None or self.full_destination is None:
            return None
        return shown(self.channel, self.full_destination)

    @classmethod
    def of(cls, one: simulation.Simulated) -> Self:
        """The message as people see it."""
        return cls(
            developer_id=one.developer_id,
            full_destination=one.destination,
            at=one.at,
            level=one.level,
            channel=one.channel,
            warning=one.warning,
        )


@strawberry.type
class SimulationQuery:
    """Questions about what would be."""

    @strawberry.field(
        description="Who would be told what, when and how, if a new issue of that service and severity came then, and "
        "nobody acknowledged it. Nothing is left of it."
    )
    async def simulate_alert(
        self,
        info: Info,
        service: Annotated[str, strawberry.argument(description="Of which service.")],
        severity: Annotated[Severity, strawberry.argument(description="How bad.")],
        at: Annotated[datetime | None, strawberry.argument(description="When; left out, now.")] = None,
        project: Annotated[
            str | None,
            strawberry.argument(description="The slug of its project; left out, the one that has the service."),
        ] = None,
    ) -> list[SimulatedNotification] | None:
        """Who would be told what, when and how."""
        found = await simulation.simulate_alert(
            info.context.resources, info.context.actor, service=service, severity=severity, at=at, project=project
        )
        return [SimulatedNotification.of(one) for one in found]
