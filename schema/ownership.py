"""A project's rules of who owns what, as they are set and shown."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry

from domain import ownership
from domain.policy import Target, TargetKind
from schema.circumstances import Tag
from schema.context import Info
from schema.developer import Developer
from schema.node import ID, Node, read_id

_PATTERN = "the whole of it: `*` stands for any characters, `?` for one"


@strawberry.type(description="Issues that pass everything given belong to its owners; the first such rule decides.")
class OwnershipRule:
    """Issues that pass everything given belong to its owners."""

    owners: strawberry.Private[tuple[Target, ...]]

    path: str | None = strawberry.field(description="The file or module of one of your own frames.")
    tag: Tag | None = strawberry.field(description="A tag of the event, and the pattern of its value.")
    service: str | None = strawberry.field(description="What reported it.")

    @strawberry.field(description="The team that owns them; null where developers do, or one that you may not see.")
    async def team(self, info: Info) -> Annotated["Team", strawberry.lazy("schema.team")] | None:  # type: ignore[name-defined]  # noqa: F821 - it leads back
        """The team that owns them."""
        for id in _ids(self.owners, TargetKind.TEAM)[:1]:
            row = await info.context.loaders.team_by_id.load(id)
            return Node.of("Team", row) if row else None
        return None

    @strawberry.field(description="The developers who own them, as far as you may see them.")
    async def developers(self, info: Info) -> list[Developer]:
        """The developers who own them."""
        rows = await info.context.loaders.developer_by_id.load_many(_ids(self.owners, TargetKind.DEVELOPER))
        return [Developer.from_row(row) for row in rows if row]

    @classmethod
    def list_from_json(cls, stored: Sequence[dict[str, Any]]) -> list[Self]:
        """The rules that are stored."""
        return [
            cls(
                owners=rule.owners,
                path=rule.path,
                tag=None if rule.tag is None else Tag(key=rule.tag[0], value=rule.tag[1]),
                service=rule.service,
            )
            for rule in ownership.ownership_from_json(stored)
        ]


@strawberry.input(description="The events that have a tag of that key whose value passes.")
class TagPatternInput:
    """The events that have a tag of that key whose value passes."""

    key: str = strawberry.field(description="At most 64 characters.")
    value: str = strawberry.field(description=f"A pattern for {_PATTERN}.")


@strawberry.input(
    description="Issues that pass all given, at least one of path, tag, service, belong to a team, or to developers."
)
class OwnershipRuleInput:
    """Issues that pass everything given belong to one team, or to developers."""

    team_id: ID | None = strawberry.field(default=None, description="The team that owns them.")
    developer_ids: list[ID] = strawberry.field(
        default_factory=list, description="The developers who own them, at most 20, where no team does."
    )
    path: str | None = strawberry.field(
        default=None,
        description=f"Passes the file or the module of one of your own frames, {_PATTERN}; folders are parted by `/`.",
    )
    tag: TagPatternInput | None = strawberry.field(default=None, description="Passes a tag of the event.")
    service: str | None = strawberry.field(default=None, description=f"Passes what reported it, {_PATTERN}.")

    def rule(self, place: int) -> ownership.OwnershipRule:
        """What was given in that place.

        Raises: InvalidInput.
        """
        at = "ownershipRules", str(place)
        teams = [] if self.team_id is None else [read_id(self.team_id, "Team", *at, "teamId")]
        people = [read_id(id, "Developer", *at, "developerIds") for id in self.developer_ids]
        owners = *(Target(TargetKind.TEAM, id) for id in teams), *(Target(TargetKind.DEVELOPER, id) for id in people)
        tag = None if self.tag is None else (self.tag.key, self.tag.value)
        return ownership.OwnershipRule(owners, self.path, tag, self.service)


def _ids(owners: Iterable[Target], kind: TargetKind) -> list[UUID]:
    return [owner.id for owner in owners if owner.kind is kind]
