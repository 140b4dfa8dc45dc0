from uuid import uuid4

from core.ids import uuid7
from domain.event import Severity
from domain.pattern import Trend
from models import Issue, Pattern, PatternIssue
from resolvers.resources import Resources


async def make_pattern(res: Resources, *issues: Issue, **overrides: object) -> Pattern:
    """A pattern of these issues, all of one project, as an analysis would leave it."""
    at = res.clock.now()
    values = {
        "id": uuid7(at),
        "project_id": issues[0].project_id,
        "digest": uuid4().bytes,
        "error_type": issues[0].error_type,
        "template": "bad <int>",
        "event_count": len(issues),
        "issue_count": max(2, len(issues)),  # fewer are shown to nobody
        "services": sorted({issue.service for issue in issues}),
        "endpoints": [["/pay", 1]],
        "severities": {Severity.HIGH.value: len(issues)},
        "trend": Trend.STEADY,
        "trend_rank": Trend.STEADY.rank,
        "detected_at": at,
        "last_seen_at": at,
    }
    async with res.db.transaction() as tx:
        pattern = Pattern(**{**values, **overrides})
        tx.session.add(pattern)
        await tx.session.flush()
        tx.session.add_all(PatternIssue(issue_id=issue.id, pattern_id=pattern.id) for issue in issues)
    return pattern
