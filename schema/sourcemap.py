"""How a source map looks from outside, and how one is deleted."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

import models
from resolvers.sourcemap import listing
from schema.argument import Input
from schema.context import Info
from schema.failure import InvalidInput, NotFound
from schema.node import ID, Node, read_id


@strawberry.type(description="Leads from what a bundler wrote to what somebody wrote. Uploaded by HTTP.")
class SourceMap(Node):
    """Leads from what a bundler wrote to what somebody wrote."""

    name: str = strawberry.field(description="The address of the file that it is of, or its debug id.")
    release: str | None = strawberry.field(description="The release whose file it is of; null where the debug id says.")
    dist: str | None = strawberry.field(
        description="The build of that release; null: it is for each that has none of its own."
    )
    debug_id: str | None = strawberry.field(description="The debug id by which it is found, 32 hex digits.")
    size: int = strawberry.field(description="Its bytes as it was uploaded.")
    stored_bytes: int = strawberry.field(description="Its bytes as it is stored, which count for the project.")
    source_count: int = strawberry.field(description="How many original files it leads to.")
    uploaded_at: datetime = strawberry.field(description="When it was uploaded.")
    last_used_at: datetime = strawberry.field(description="When an event last used it, to the hour, or its upload.")

    @classmethod
    def from_row(cls, row: models.SourceMap) -> Self:
        """The map of a row."""
        return cls(
            uuid=row.id,
            name=row.name,
            release=row.release,
            dist=row.dist,
            debug_id=row.debug_id,
            size=row.size,
            stored_bytes=row.stored_bytes,
            source_count=row.source_count,
            uploaded_at=row.uploaded_at,
            last_used_at=row.last_used_at,
        )


@strawberry.input(description="A source map that is to go.")
class DeleteSourceMapInput:
    """A source map that is to go."""

    source_map_id: ID = strawberry.field(description="Which.")


SourceMapResult = Annotated[
    SourceMap | NotFound | InvalidInput,
    strawberry.union("SourceMapResult", description="The map as it was, or why not."),
]


@strawberry.type
class SourceMapMutation:
    """What can be done to source maps."""

    @strawberry.mutation(description="Delete a source map; events that used it stay as they are. Needs ADMIN.")
    async def delete_source_map(self, info: Info, input: Input[DeleteSourceMapInput]) -> SourceMapResult | None:
        """Delete a source map."""
        id = read_id(input.source_map_id, "SourceMap", "sourceMapId")
        row = await listing.delete_source_map(info.context.resources, info.context.actor, source_map_id=id)
        return SourceMap.from_row(row)
