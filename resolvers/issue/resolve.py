"""Resolving an issue, and opening it again."""

from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from domain import triage
from domain.access import Actor, Scope
from domain.errors import InvalidInput
from domain.issue import ActivityKind, Resolution
from domain.release import ReleaseSeen
from domain.triage import Fix
from domain.wording import RELEASE, read_note
from models import GroupingKey, Issue, KeyFacet, Release
from resolvers.issue.hold import Hold, hold_issue
from resolvers.resources import Resources


async def resolve_issue(
    res: Resources,
    actor: Actor,
    *,
    issue_id: UUID,
    resolution: Resolution = Resolution.FIXED,
    note: str | None = None,
    in_release: str | None = None,
    in_next_release: bool = False,
) -> Issue:
    """Leave the issue resolved, and its alert; with a release, those before it are expected to go on failing.

    `in_next_release` means any that is newer than the newest seen of the issue's service by now, or of its project
    where errors of the service have named none.

    Raises: PermissionDenied, NotFound, InvalidInput, Conflict (it is resolved).
    """
    actor.require(Scope.TRIAGE)
    words, release = read_note(note), read_note(in_release, "inRelease", RELEASE)
    if release and in_next_release:
        raise InvalidInput("Give `inRelease` or `inNextRelease`, not both.", ("inNextRelease",))
    async with hold_issue(res, actor, "resolveIssue", issue_id=issue_id) as held:
        last = await _newest_release(held) if in_next_release else None
        who = await held.name_of(held.issue.resolved_by_id)
        fix = Fix(resolution, words, release, last)
        after = triage.resolve(held.state, fix, at=held.at, by=actor.developer_id, who=who)
        await held.end_alert()
        details = {"resolution": resolution, "inRelease": release, "afterRelease": last}
        held.change(after, ActivityKind.RESOLVED, note=words, details=details)
    return held.issue


async def reopen_issue(res: Resources, actor: Actor, *, issue_id: UUID, note: str | None = None) -> Issue:
    """Leave the issue unresolved, as if nobody had looked at it yet.

    Raises: PermissionDenied, NotFound, InvalidInput, Conflict (it is open).
    """
    actor.require(Scope.TRIAGE)
    words = read_note(note)
    async with hold_issue(res, actor, "reopenIssue", issue_id=issue_id) as held:
        before = held.state.status
        after = triage.reopen(held.state)
        held.change(after, ActivityKind.REOPENED, note=words, details={"from": before})
    return held.issue


async def _newest_release(held: Hold) -> str:
    """The newest release seen of the service: several of one project number theirs apart. Else of the project.

    Raises: InvalidInput where none was.
    """
    issue = held.issue
    of_service = (
        select(KeyFacet.value)
        .join(GroupingKey, col(GroupingKey.id) == col(KeyFacet.key_id))
        .join(Issue, col(Issue.id) == col(GroupingKey.issue_id))
        .where(KeyFacet.project_id == issue.project_id, KeyFacet.kind == "release", Issue.service == issue.service)
    )
    query = select(Release).where(Release.project_id == issue.project_id)
    seen = await _releases(held, query.where(col(Release.version).in_(of_service))) or await _releases(held, query)
    newest = triage.newest_release(seen)
    if newest is None:
        raise InvalidInput("No event of this project has named its release yet.", ("inNextRelease",))
    return newest


async def _releases(held: Hold, query: SelectOfScalar[Release]) -> list[ReleaseSeen]:
    rows = await held.tx.session.exec(query.order_by(col(Release.first_seen_at), col(Release.version)))
    return [ReleaseSeen(row.version, row.first_seen_at) for row in rows]
