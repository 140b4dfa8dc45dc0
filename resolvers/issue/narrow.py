"""Where few issues can pass, they are found first, and no order of all issues is walked for what is not there.

The planner cannot know it. It takes words to come together as often as each by itself says, and each project to have
its share of a service; of ten million events such a walk took most of a second.
"""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy import select as columns
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.db import AnySelect, ReadSession
from domain.issue import IssueFilter
from domain.search.expression import Expression, IsNamed, Name, needed
from domain.search.words import Words
from models import Issue, Project
from resolvers.issue.search import has_words

# So many are as soon sorted as walked to.
MOST_FOUND = 1_000


async def find_few(session: ReadSession, projects: SelectOfScalar[UUID], search: Expression) -> list[UUID] | None:
    """The issues of these projects with all the words that the search needs; none where they are many, or no words."""
    words = [has_words(part) for part in needed(search) if isinstance(part, Words)]
    if not words:
        return None
    query: AnySelect = columns(col(Issue.id)).where(*words, col(Issue.project_id).in_(projects))
    ids = [id for (id,) in await session.rows(whole(query).limit(MOST_FOUND + 1))]
    return ids if len(ids) <= MOST_FOUND else None


def whole(query: AnySelect) -> AnySelect:
    """The query planned for all of its rows, of however few are taken: with a limit it is hoped to meet them soon."""
    found = query.cte("found").prefix_with("MATERIALIZED")
    return columns(found)


def having_services(
    projects: SelectOfScalar[UUID], filter: IssueFilter, search: Expression | None
) -> SelectOfScalar[UUID]:
    """Those of the projects that have an issue of each of the services that are asked for by name."""
    for condition in _services(filter, search):
        theirs = select(Issue.id).where(Issue.project_id == Project.id, condition)
        projects = projects.where(theirs.exists())
    return projects


def _services(filter: IssueFilter, search: Expression | None) -> Iterator[ColumnElement[bool]]:
    if filter.service is not None:
        yield col(Issue.service).in_(filter.service)
    for part in needed(search) if search is not None else ():
        match part:
            case IsNamed(Name.SERVICE, (service,)):
                yield col(Issue.service) == service
