"""What a search of events means that finds none of the newest as it is written: slips are mended as for issues."""

from dataclasses import replace

from sqlalchemy import and_
from sqlmodel import select

from core.db import AnySelect, ReadSession
from domain.page import PageRequest
from domain.search.likeness import can_be_corrected
from models import Event
from resolvers.asked import asked_projects
from resolvers.event.asked import Asked
from resolvers.issue.meant import find_meant


async def as_meant(session: ReadSession, asked: Asked, *, finds_nothing: bool = False) -> Asked:
    """The same, or with the slips of its search mended where none of the newest 20,000 events passes, as may be known.

    All pages are asked for in the same words so, whatever lies behind the newest events.
    """
    if asked.search is None or not can_be_corrected(asked.search):
        return asked
    exact = None if finds_nothing else (await newest_of(session, asked)).limit(1)
    projects = asked_projects(asked.actor, asked.filter.project)
    meant = await find_meant(session, projects, asked.search, exact)
    return asked if meant is None else replace(asked, search=meant)


async def newest_of(session: ReadSession, asked: Asked) -> AnySelect:
    """The ids of the events that pass, of a search among the newest 20,000.

    Raises: InvalidInput for a range that contradicts itself, or where `me` is nobody.
    """
    parts = await asked.parts(session)
    last = await asked.last_looked_at(session, parts, PageRequest())
    query: AnySelect = select(Event.id).join(parts.each, and_(*asked.conditions(parts, last)))
    return query
