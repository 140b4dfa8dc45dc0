"""On which days issues were seen, as the counts of days and keys say it."""

from uuid import UUID

from models import DailyCount, GroupingKey, IssueSpan
from resolvers.resources import Resources
from tests.support.rows import all_rows


async def check_spans(res: Resources) -> None:
    """The span of each issue, environment and severity is from the first to the last day with such events."""
    issue_of = {key.id: key.issue_id for key in await all_rows(res, GroupingKey)}
    days: dict[tuple[UUID, UUID, str, str], list] = {}
    for row in await all_rows(res, DailyCount):
        kind = row.project_id, issue_of[row.key_id], row.environment, row.severity
        days.setdefault(kind, []).append(row.day)
    spans = {
        (span.project_id, span.issue_id, span.environment, span.severity): (span.first_day, span.last_day)
        for span in await all_rows(res, IssueSpan)
    }
    assert spans == {kind: (min(those), max(those)) for kind, those in days.items()}
    assert spans
