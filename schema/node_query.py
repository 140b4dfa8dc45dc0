"""How anything is fetched again by its global id."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import strawberry
from strawberry.dataloader import DataLoader

from domain.access import Scope
from domain.errors import InvalidInput
from schema.access import ApiToken, IngestKey
from schema.activity import Activity
from schema.alert import Alert
from schema.alert_rule import AlertRule
from schema.contact import ContactMethod, NotificationRule
from schema.context import Info
from schema.developer import Developer
from schema.escalation import Escalation
from schema.event import Event
from schema.feedback import Feedback
from schema.imported import ImportedCalendar
from schema.issue import Issue
from schema.loaders import Loaders
from schema.node import ID, Node, split_id
from schema.notification import Notification
from schema.notification_template import NotificationTemplate
from schema.override import Override
from schema.pattern import Pattern
from schema.policy import EscalationPolicy
from schema.project import Project
from schema.rotation import Rotation
from schema.saved_search import SavedSearch
from schema.schedule import Schedule
from schema.sourcemap import SourceMap
from schema.team import Team
from schema.time_off import TimeOff

MOST_IDS = 100

_Loader: TypeAlias = Callable[[Loaders], DataLoader[UUID, Any]]
LOADERS: dict[type[Node], _Loader] = {
    Activity: lambda loaders: loaders.activity_by_id,
    Alert: lambda loaders: loaders.alert_by_id,
    AlertRule: lambda loaders: loaders.alert_rule_by_id,
    ApiToken: lambda loaders: loaders.api_token_by_id,
    ContactMethod: lambda loaders: loaders.contact_method_by_id,
    Developer: lambda loaders: loaders.developer_by_id,
    Escalation: lambda loaders: loaders.escalation_by_id,
    EscalationPolicy: lambda loaders: loaders.policy_by_id,
    Event: lambda loaders: loaders.event_by_id,
    Feedback: lambda loaders: loaders.feedback_by_id,
    ImportedCalendar: lambda loaders: loaders.imported_calendar_by_id,
    IngestKey: lambda loaders: loaders.ingest_key_by_id,
    Issue: lambda loaders: loaders.issue_by_id,
    Notification: lambda loaders: loaders.notification_by_id,
    NotificationTemplate: lambda loaders: loaders.notification_template_by_id,
    Override: lambda loaders: loaders.override_by_id,
    NotificationRule: lambda loaders: loaders.notification_rule_by_id,
    Pattern: lambda loaders: loaders.pattern_by_id,
    Project: lambda loaders: loaders.project_by_id,
    Rotation: lambda loaders: loaders.rotation_by_id,
    SavedSearch: lambda loaders: loaders.saved_search_by_id,
    Schedule: lambda loaders: loaders.schedule_by_id,
    SourceMap: lambda loaders: loaders.source_map_by_id,
    Team: lambda loaders: loaders.team_by_id,
    TimeOff: lambda loaders: loaders.time_off_by_id,
}
_KINDS = {kind.__name__: loader for kind, loader in LOADERS.items()}


@strawberry.type
class NodeQuery:
    """Questions by global id."""

    @strawberry.field(description="The object of that id; null where you see none.")
    async def node(
        self, info: Info, id: Annotated[ID, strawberry.argument(description="The `id` of anything.")]
    ) -> Node | None:
        """The object of that id."""
        info.context.actor.require(Scope.READ)
        return await _find(info, *split_id(id, "id"))

    @strawberry.field(description="The objects of these ids, in their order, each null where you see none.")
    async def nodes(
        self, info: Info, ids: Annotated[list[ID], strawberry.argument(description="At most 100.")]
    ) -> list[Node | None] | None:
        """The objects of these ids."""
        info.context.actor.require(Scope.READ)
        if len(ids) > MOST_IDS:
            raise InvalidInput(f"`ids` takes at most {MOST_IDS}.", ("ids",))
        return list(await asyncio.gather(*(_find_if_any(info, id) for id in ids)))


async def _find_if_any(info: Info, id: ID) -> Node | None:
    """As `_find`; a text that is no id is the id of nothing."""
    try:
        kind, uuid = split_id(id)
    except InvalidInput:
        return None
    return await _find(info, kind, uuid)


async def _find(info: Info, kind: str, uuid: UUID) -> Node | None:
    loader = _KINDS.get(kind)
    row = await loader(info.context.loaders).load(uuid) if loader else None
    return None if row is None else Node.of(kind, row)
