"""What a search means that finds nothing as it is written: the words of recent issues that are most like its own."""

import asyncio
from uuid import UUID

from sqlalchemy import ScalarSelect, func
from sqlalchemy import select as columns
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.db import AnySelect, ReadSession
from core.keyset import Order, at, unique
from domain.page import PageRequest
from domain.search.expression import Expression
from domain.search.likeness import can_be_corrected, corrected, known_words
from models import GroupingKey, Issue, KeyFrames
from resolvers.paging import all_at_once, merged

_RECENT = PageRequest(2000)
# The innermost calls, mostly of the application itself: all would be more to read, and to count, for each slip.
_FRAMES_CHARACTERS = 300
_FIRST_SEEN = Order("recent", (at(col(Issue.first_seen_at)), unique(col(Issue.id))))


async def find_meant(
    session: ReadSession, projects: SelectOfScalar[UUID], expression: Expression, exact: AnySelect | None
) -> Expression | None:
    """The search with its slips mended by the words of the newest 2,000 issues of these projects.

    None where the exact query finds anything, or no word that is known is like one of the search. `exact` is none where
    it was seen to find nothing.
    """
    if not can_be_corrected(expression):
        return None
    if exact is not None and await session.rows(columns(all_at_once(exact)).limit(1)):
        return None
    texts, frames = await _recent_texts(session, projects)
    # Words that were made to be alike take half a second: a thread, so that others are answered meanwhile.
    meant = await asyncio.to_thread(lambda: corrected(expression, known_words(texts, frames)))
    return None if meant == expression else meant


async def _recent_texts(session: ReadSession, projects: SelectOfScalar[UUID]) -> tuple[list[str], list[str]]:
    """What recent issues are called, and the words of their frames."""
    each = projects.subquery()
    of_project = select(col(Issue.first_seen_at), col(Issue.id)).where(Issue.project_id == each.c.id)
    recent = merged(each, of_project.where(col(Issue.merged_into_id).is_(None)), _FIRST_SEEN, _RECENT)
    query = columns(col(Issue.title), col(Issue.error_type), col(Issue.culprit), _frames()).join(
        recent, col(Issue.id) == recent.c.id
    )
    rows = await session.rows(query)
    return [" ".join(text for text in row[:-1] if text) for row in rows], [row[-1] for row in rows if row[-1]]


def _frames() -> ScalarSelect[str]:
    """The beginning of the frames of one of an issue's keys: where nothing may be sorted, nothing is said of which."""
    words = func.left(KeyFrames.words, _FRAMES_CHARACTERS) + " " + func.left(KeyFrames.identifiers, _FRAMES_CHARACTERS)
    one = func.min(words.collate("C"))
    of_issue = select(one).select_from(KeyFrames).join(GroupingKey, col(GroupingKey.id) == KeyFrames.key_id)
    return of_issue.where(GroupingKey.issue_id == Issue.id).scalar_subquery()
