"""How the erasure of a person looks from outside, and how it is asked for."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

import models
from resolvers.erasure.request import erase_person
from schema.argument import Input
from schema.context import Info
from schema.failure import InvalidInput, NotFound
from schema.node import ID, read_id
from schema.scalars import Count


@strawberry.type(description="A person who is taken out of a project; who it is, is not kept.")
class Erasure:
    """A person who is taken out of a project."""

    requested_at: datetime = strawberry.field(description="When it was asked for.")
    finished_at: datetime | None = strawberry.field(description="When it was done; null while the worker is at it.")
    events_read: Count = strawberry.field(description="How many events were looked at so far.")
    events_changed: Count = strawberry.field(description="How many of them held something of the person.")

    @classmethod
    def from_row(cls, row: models.Erasure) -> Self:
        """The erasure of a row."""
        return cls(
            requested_at=row.requested_at,
            finished_at=row.finished_at,
            events_read=Count(row.events_read),
            events_changed=Count(row.events_changed),
        )


@strawberry.input(description="A person who is to be taken out of a project, by at least one thing that is known.")
class ErasePersonInput:
    """A person who is to be taken out of a project."""

    project_id: ID = strawberry.field(description="Which project.")
    id: str | None = strawberry.field(default=None, description="The `id` that reporters give of the user.")
    email: str | None = strawberry.field(default=None, description="The mail address.")
    username: str | None = strawberry.field(default=None, description="The name that the user logs in with.")
    ip_address: str | None = strawberry.field(default=None, description="The address from which the user came.")


ErasePersonResult = Annotated[
    Erasure | NotFound | InvalidInput,
    strawberry.union("ErasePersonResult", description="How far the erasure has come, or why there is none."),
]


@strawberry.type
class ErasureMutation:
    """Erasing people."""

    @strawberry.mutation(
        description="Take a person out of all events of a project, archived ones too, by and by; `Project.erasures`"
        " says how far that is. Needs ADMIN."
    )
    async def erase_person(self, info: Info, input: Input[ErasePersonInput]) -> ErasePersonResult | None:
        """Take a person out of all events of a project."""
        row = await erase_person(
            info.context.resources,
            info.context.actor,
            project_id=read_id(input.project_id, "Project", "projectId"),
            known_as={
                "id": input.id,
                "email": input.email,
                "username": input.username,
                "ip_address": input.ip_address,
            },
        )
        return Erasure.from_row(row)
