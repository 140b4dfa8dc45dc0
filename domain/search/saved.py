"""What may be set of a search that is kept."""

from datetime import datetime
from typing import TypedDict

from domain.errors import InvalidInput
from domain.issue import IssueOrder
from domain.search.reading import SUBJECTS, SearchSubject, read_search
from domain.wording import read_words

MOST_SAVED = 200
LONGEST_NAME = 100


class SavedSearchSettings(TypedDict, total=False):
    """What may be changed of one; what is left out stays as it is. Without an order, it is that of the list."""

    name: str
    search: str
    order: IssueOrder | None


def check_saved(
    subject: SearchSubject, settings: SavedSearchSettings, now: datetime, *, has_team: bool, has_project: bool
) -> SavedSearchSettings:
    """The settings, with no space around the name, where each can be kept so.

    Raises: InvalidInput; for a text that is no search of that subject with the column.
    """
    if has_team and has_project:
        raise InvalidInput("Share it with a team or with a project.", ("project",))
    checked = settings.copy()
    if "name" in checked:
        checked["name"] = read_words(checked["name"], "name", LONGEST_NAME)
    if "search" in checked:
        read_search(checked["search"], now, SUBJECTS[subject])
    if checked.get("order") is not None and subject is SearchSubject.EVENTS:
        raise InvalidInput("Events are listed newest first: only issues have an order.", ("orderBy",))
    return checked
