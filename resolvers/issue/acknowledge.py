"""Saying that somebody looks at an issue."""

from datetime import timedelta
from uuid import UUID

from domain import triage
from domain.access import Actor, Scope
from domain.issue import ActivityKind
from domain.wording import read_note
from models import Issue
from resolvers.issue.hold import Hold, hold_issue
from resolvers.resources import Resources


async def acknowledge_issue(res: Resources, actor: Actor, *, issue_id: UUID, note: str | None = None) -> Issue:
    """Leave the issue acknowledged, and with it its open alert, or one opened acknowledged where none was open.

    Raises: PermissionDenied, NotFound, InvalidInput, Conflict (somebody has, or the issue is not open).
    """
    actor.require(Scope.TRIAGE)
    words = read_note(note)
    async with hold_issue(res, actor, "acknowledgeIssue", issue_id=issue_id) as held:
        await acknowledge(held, note=words)
    return held.issue


async def acknowledge(held: Hold, *, note: str | None) -> None:
    """Leave the issue that is held acknowledged, and its alert; open one where there is none.

    Raises: Conflict.
    """
    before = held.alert or held.issue
    by = held.actor.developer_id
    who = await held.name_of(before.acknowledged_by_id)
    lasts = held.res.settings.acknowledgement_s
    until = held.at + timedelta(seconds=lasts) if lasts else None
    after, alert_after = triage.acknowledge(held.state, held.alert_state, at=held.at, by=by, until=until, who=who)
    await held.put_alert(alert_after, message=note)
    held.change(after, ActivityKind.ACKNOWLEDGED, note=note)
