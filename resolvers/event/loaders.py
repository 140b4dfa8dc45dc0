"""Events for the edges of the graph. What an event holds besides its columns is read only where it is asked for."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, tuple_
from sqlalchemy.orm import Load
from sqlalchemy.orm.interfaces import ORMOption
from sqlmodel import col, select

from domain.access import Actor, Scope
from models import Event
from models.event import SEARCHED, UNLISTED
from models.kept import KEPT_EVENT
from resolvers.event.kept import find_kept
from resolvers.resources import Resources
from resolvers.sight import in_sight

Payload: TypeAlias = Mapping[str, Any]


class EventRef(NamedTuple):
    """Where an event is: its whole key, which leads to it without a search."""

    project_id: UUID
    id: UUID


def without_payload(event: type[Event] = Event) -> ORMOption:
    """The option to read rows without payload and what is searched of it; touching that then is an error, no query."""
    return _without(UNLISTED, event)


async def events_by_ref(res: Resources, actor: Actor, refs: Sequence[EventRef]) -> list[Event | None]:
    """The event of each key without its payload, none where it is out of sight or was dropped.

    Raises: PermissionDenied.
    """
    return await _events(res, actor, refs, with_payload=False)


async def whole_events_by_ref(res: Resources, actor: Actor, refs: Sequence[EventRef]) -> list[Event | None]:
    """As `events_by_ref`, with payloads.

    Raises: PermissionDenied.
    """
    return await _events(res, actor, refs, with_payload=True)


async def _events(res: Resources, actor: Actor, refs: Sequence[EventRef], *, with_payload: bool) -> list[Event | None]:
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        query = select(Event).options(_without(SEARCHED if with_payload else UNLISTED)).where(_among(actor, refs))
        found = {EventRef(event.project_id, event.id): event for event in (await session.exec(query)).all()}
        if missing := [ref for ref in refs if ref not in found]:
            kept = await find_kept(session, _among_kept(actor, missing), with_payload=with_payload)
            found |= {EventRef(event.project_id, event.id): event for event in kept}
    return [found.get(ref) for ref in refs]


async def events_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[Event | None]:
    """The event of each id, wherever it is in sight; where the project is known, ask by key.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        query = select(Event).options(without_payload())
        query = query.where(col(Event.id).in_(set(ids)), in_sight(actor, col(Event.project_id)))
        found = {event.id: event for event in (await session.exec(query)).all()}
        if missing := set(ids) - set(found):
            its = KEPT_EVENT.c
            kept = await find_kept(session, its.id.in_(missing), in_sight(actor, its.project_id))
            found |= {event.id: event for event in kept}
    return [found.get(id) for id in ids]


async def payloads_by_ref(res: Resources, actor: Actor, refs: Sequence[EventRef]) -> list[Payload]:
    """What each event holds besides its columns; nothing where it is out of sight or was dropped.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        query = select(Event.project_id, Event.id, Event.payload).where(_among(actor, refs))
        found = {EventRef(project_id, id): payload for project_id, id, payload in (await session.exec(query)).all()}
        if missing := [ref for ref in refs if ref not in found]:
            kept = await find_kept(session, _among_kept(actor, missing), with_payload=True)
            found |= {EventRef(event.project_id, event.id): event.payload for event in kept}
    return [found.get(ref, {}) for ref in refs]


def _without(names: Sequence[str], event: type[Event] = Event) -> ORMOption:
    option = Load(event)
    for name in names:
        option = option.defer(getattr(event, name), raiseload=True)
    return option


def _among(actor: Actor, refs: Sequence[EventRef]) -> ColumnElement[bool]:
    """The condition that all of these meet; who asks takes them by their whole keys, so another that did is let be.

    To compare whole keys took a fifth of the time that it takes to read 25.
    """
    projects = col(Event.project_id).in_({ref.project_id for ref in refs})
    ids = col(Event.id).in_({ref.id for ref in refs})
    return projects & ids & in_sight(actor, col(Event.project_id))


def _among_kept(actor: Actor, refs: Sequence[EventRef]) -> ColumnElement[bool]:
    """The condition that a kept event is one of these."""
    its = KEPT_EVENT.c
    return tuple_(its.project_id, its.id).in_(sorted(set(refs))) & in_sight(actor, its.project_id)
