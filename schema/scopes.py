"""Which scope a field of the roots needs, for readers: what holds callers to it is in the use cases."""

from typing import Final

from domain.access import Scope

_INGEST: Final = frozenset({"logError", "logErrors"})
_READ: Final = frozenset({"createApiToken", "markNotificationsRead", "revokeApiToken"})
_ADMIN: Final = frozenset(
    {
        "createAlertRule", "createDeveloper", "createEscalationPolicy", "createIngestKey", "createNotificationTemplate",
        "createProject", "createSigningSecret", "createTeam", "deleteAlertRule", "deleteEscalationPolicy",
        "deleteNotificationTemplate", "deleteSigningSecret", "deleteSourceMap", "erasePerson", "revokeIngestKey",
        "setOnCall", "setResponseTargets",
        "updateAlertRule", "updateDeveloper", "updateEscalationPolicy", "updateIngestKey", "updateNotificationTemplate",
        "updateProject", "updateTeam",
    }
)  # fmt: skip


def scope_of(root: str, field: str) -> Scope:
    """The scope without which the field of Query, Mutation or Subscription is refused."""
    if root != "Mutation" or field in _READ:
        return Scope.READ
    if field in _INGEST:
        return Scope.INGEST
    return Scope.ADMIN if field in _ADMIN else Scope.TRIAGE
