"""On which days issues were seen, as the counts of days and keys say it."""

from collections import Counter
from datetime import date
from uuid import UUID

from models import DailyCount, GroupingKey, Issue, IssueCounter, IssueSeen, IssueSpan
from resolvers.resources import Resources
from tests.support.rows import all_rows


def _facts(row: Issue | IssueSeen, last_day: date | None) -> tuple[object, ...]:
    return row.project_id, row.service, row.status, row.first_seen_at, last_day


async def check_spans(res: Resources) -> None:
    """The span of each issue, environment (and any) and severity is from the first to the last day with such events.

    No issue had more events on a day than its counter says. Of all that were not merged away the last day is told, and
    their state as it is.
    """
    issue_of = {key.id: key.issue_id for key in await all_rows(res, GroupingKey)}
    days: dict[tuple[UUID, UUID, str, str], list] = {}
    a_day: Counter = Counter()
    for row in await all_rows(res, DailyCount):
        a_day[issue_of[row.key_id], row.day] += row.event_count
        for environment in ("", row.environment):
            kind = row.project_id, issue_of[row.key_id], environment, row.severity
            days.setdefault(kind, []).append(row.day)
    spans = {
        (span.project_id, span.issue_id, span.environment, span.severity): (span.first_day, span.last_day)
        for span in await all_rows(res, IssueSpan)
    }
    assert spans == {kind: (min(those), max(those)) for kind, those in days.items()}
    assert spans
    last: dict[UUID, date] = {}
    for (_, issue_id, *_), those in days.items():
        last[issue_id] = max([*those, last.get(issue_id, date.min)])
    seen = {row.issue_id: _facts(row, row.last_day) for row in await all_rows(res, IssueSeen)}
    standing = [issue for issue in await all_rows(res, Issue) if issue.merged_into_id is None]
    assert seen == {issue.id: _facts(issue, last.get(issue.id)) for issue in standing}
    counters = {counter.issue_id: counter for counter in await all_rows(res, IssueCounter)}
    for (issue_id, day), count in a_day.items():
        counter = counters[issue_id]
        assert counter.last_day >= day
        assert counter.most_a_day >= count
        assert counter.last_day > day or counter.last_day_count in (count, 0)
