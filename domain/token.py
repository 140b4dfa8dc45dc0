"""What an API token may be given: never more than the one who gives it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.access import SCOPES_BY_ROLE, Role, Scope
from domain.errors import InvalidInput, PermissionDenied

MOST_PROJECTS = 500


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token lets one do, in which projects (`None`: all that its owner sees), until when (`None`: for good)."""

    scopes: frozenset[Scope]
    project_ids: frozenset[UUID] | None = None
    expires_at: datetime | None = None

    def check_within(self, limit: "Grant") -> None:
        """Return if this lets one do nothing that `limit` does not.

        Raises: PermissionDenied.
        """
        if not self.scopes <= limit.scopes:
            raise PermissionDenied("A token cannot have scopes that you do not have.")
        if limit.project_ids is not None and (self.project_ids is None or not self.project_ids <= limit.project_ids):
            raise PermissionDenied("A token made with a token is for no other projects.")
        if limit.expires_at is not None and (self.expires_at is None or self.expires_at > limit.expires_at):
            raise PermissionDenied("A token made with a token lives no longer: set `expiresAt` so.")


def check_grant(
    scopes: Sequence[Scope],
    project_ids: Sequence[UUID] | None,
    expires_at: datetime | None,
    *,
    role: Role,
    at: datetime,
) -> Grant:
    """What a token of a developer with that role is given.

    Raises: InvalidInput.
    """
    if not scopes:
        raise InvalidInput("`scopes` must name at least one.", ("scopes",))
    if not SCOPES_BY_ROLE[role].issuperset(scopes):
        raise InvalidInput(f"The role {role} of its owner does not allow all of these scopes.", ("scopes",))
    if project_ids is not None and not 1 <= len(project_ids) <= MOST_PROJECTS:
        raise InvalidInput(f"`projectIds` takes 1 to {MOST_PROJECTS} values.", ("projectIds",))
    if expires_at is not None and expires_at <= at:
        raise InvalidInput("`expiresAt` must lie in the future.", ("expiresAt",))
    return Grant(frozenset(scopes), None if project_ids is None else frozenset(project_ids), expires_at)
