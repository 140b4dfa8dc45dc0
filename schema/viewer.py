"""What the caller may know of itself."""

import strawberry

from domain.access import Scope
from domain.notification import NotificationKind
from resolvers import viewer
from resolvers.notification import unsubscribe
from schema.context import Info
from schema.developer import Developer


@strawberry.type(description="Who you are, and what you may do.")
class Viewer:
    """Who the caller is, and what it may do."""

    scopes: list[Scope] = strawberry.field(description="What your credential may be used for.")

    @strawberry.field(description="For whom you act; null where it is for nobody.")
    async def developer(self, info: Info) -> Developer | None:
        """For whom the caller acts."""
        id = info.context.actor.developer_id
        row = await info.context.loaders.developer_by_id.load(id) if id else None
        return Developer.from_row(row) if row else None

    @strawberry.field(description="How many notifications to you are not marked as read, counted up to 10,000.")
    async def unread_notifications(self, info: Info) -> int:
        """How many notifications to the caller are not marked as read."""
        return await viewer.count_unread_notifications(info.context.resources, info.context.actor)

    @strawberry.field(
        description="The kinds of notifications of which you get no mail, but of what somebody must act on."
    )
    async def unsubscribed_kinds(self, info: Info) -> list[NotificationKind]:
        """The kinds of which the caller gets no mail."""
        return list(await unsubscribe.list_unsubscribed(info.context.resources, info.context.actor))


@strawberry.type
class ViewerQuery:
    """Questions about the caller."""

    @strawberry.field(description="Who you are, and what you may do.")
    async def viewer(self, info: Info) -> Viewer | None:
        """Who the caller is, and what it may do."""
        info.context.actor.require(Scope.READ)
        return Viewer(scopes=[scope for scope in Scope if scope in info.context.actor.scopes])
