"""How it looks from outside what changed from one release to another."""

from functools import partial
from typing import Annotated

import strawberry

from domain.page import page_request
from resolvers import release_comparison
from resolvers.release_comparison import Change, Compared
from schema.connection import After, CountedConnection, Size, counted_connection
from schema.context import Info
from schema.issue import Issue


@strawberry.type(
    description="What changed from one release of a project, the base, to another, the head; of each list the latest"
    " seen first. Which of the two is newer is not asked."
)
class ReleaseComparison:
    """What changed from one release of a project to another."""

    compared: strawberry.Private[Compared]

    @strawberry.field(description="The release that is compared with.")
    def base(self) -> str:
        """The release that is compared with."""
        return self.compared.base

    @strawberry.field(description="The release that is looked at.")
    def head(self) -> str:
        """The release that is looked at."""
        return self.compared.head

    @strawberry.field(
        description="Issues that were seen in the head and not in the base, and first since the project saw the base."
    )
    async def new_in(self, info: Info, first: Size = 25, after: After = None) -> CountedConnection[Issue]:
        """Issues that are new."""
        return await self._changed(info, Change.NEW, first, after)

    @strawberry.field(description="Issues that were seen in the base and not in the head, and that are resolved.")
    async def fixed_in(self, info: Info, first: Size = 25, after: After = None) -> CountedConnection[Issue]:
        """Issues that are fixed."""
        return await self._changed(info, Change.FIXED, first, after)

    @strawberry.field(
        description="Issues that were seen in the head, and came back after they were resolved, since the project saw"
        " the head first."
    )
    async def regressed_in(self, info: Info, first: Size = 25, after: After = None) -> CountedConnection[Issue]:
        """Issues that came back."""
        return await self._changed(info, Change.REGRESSED, first, after)

    async def _changed(
        self, info: Info, change: Change, first: int | None, after: str | None
    ) -> CountedConnection[Issue]:
        asked = (info.context.resources, info.context.actor, self.compared, change)
        page = await release_comparison.list_changed(*asked, page_request(first, after))
        return counted_connection(
            page, lambda row: Issue.from_row(*row), partial(release_comparison.count_changed, *asked)
        )


@strawberry.type
class ReleaseComparisonQuery:
    """Questions about what changed."""

    @strawberry.field(description="What changed from one release of a project to another.")
    async def release_comparison(
        self,
        info: Info,
        project: Annotated[str, strawberry.argument(description="A slug.")],
        base: Annotated[str, strawberry.argument(description="The release to compare with, mostly the older one.")],
        head: Annotated[str, strawberry.argument(description="The release to look at.")],
    ) -> ReleaseComparison | None:
        """What changed from one release of a project to another."""
        context = info.context
        return ReleaseComparison(
            compared=await release_comparison.compare_two_releases(
                context.resources, context.actor, project=project, base=base, head=head
            )
        )
