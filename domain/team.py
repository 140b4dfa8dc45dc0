"""What may be said of a team."""

from typing import TypedDict
from uuid import UUID

from domain.errors import InvalidInput
from domain.text import one_line, slug

MOST_MEMBERS = 500
MOST_PROJECTS = 500


class TeamSettings(TypedDict, total=False):
    """What can be set of a team; what is left out stays as it is. `member_ids` and `project_ids` are all of them."""

    slug: str
    name: str
    lead_id: UUID | None
    member_ids: list[UUID]
    project_ids: list[UUID]


def check_settings(settings: TeamSettings) -> TeamSettings:
    """The settings as they are stored: texts trimmed, members and projects each once.

    Raises: InvalidInput.
    """
    checked = settings.copy()
    if "slug" in settings:
        checked["slug"] = slug(settings["slug"], "slug")
    if "name" in settings:
        checked["name"] = one_line(settings["name"], "name")
    if "member_ids" in settings:
        checked["member_ids"] = _once(settings["member_ids"], "memberIds", MOST_MEMBERS)
    if "project_ids" in settings:
        checked["project_ids"] = _once(settings["project_ids"], "projectIds", MOST_PROJECTS)
    return checked


def _once(ids: list[UUID], path: str, most: int) -> list[UUID]:
    if len(ids) > most:
        raise InvalidInput(f"`{path}` takes at most {most} values.", (path,))
    return sorted(set(ids))
