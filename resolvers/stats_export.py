"""Figures as tables: events over time, and who has how much to do."""

from collections.abc import AsyncIterator, Sequence

from domain.access import Actor
from domain.event import Severity
from domain.span import TimeRange
from domain.stats import Bucket, StatsFilter, timeline_question
from resolvers.resources import Resources
from resolvers.stats import answer_questions, find_coverage
from resolvers.workload import list_workload

TIMELINE_HEADINGS = ("at", "events", *(severity.value.lower() for severity in Severity))
WORKLOAD_HEADINGS = (
    *("developer", "email", "open", "acknowledged", "escalated", "utilisation", "resolved_last_7_days"),
    *("median_hours_to_resolve", "pages_last_7_days", "night_pages_last_7_days", "page_share", "night_page_share"),
)
_HOUR_S = 3600


async def export_timeline(
    res: Resources, actor: Actor, *, filter: StatsFilter, asked: TimeRange, bucket: Bucket
) -> AsyncIterator[Sequence[Sequence[object]]]:
    """All rows at once, as TIMELINE_HEADINGS have them: the points of the timeline, oldest first.

    Raises: PermissionDenied, InvalidInput.
    """
    covered = find_coverage(res, actor, filter=filter, asked=asked)
    question = timeline_question(bucket, covered)
    (points,) = await answer_questions(res, actor, filter=filter, covered=covered, questions=[question])
    yield [(point.at, point.count, *(point.by_severity[severity] for severity in Severity)) for point in points]


async def export_workload(res: Resources, actor: Actor) -> AsyncIterator[Sequence[Sequence[object]]]:
    """All rows at once, as WORKLOAD_HEADINGS have them: the people in sight, by name.

    Raises: PermissionDenied.
    """
    yield [
        (
            *(each.developer.name, each.developer.email, each.open, each.acknowledged, each.escalated),
            *(each.utilisation, each.resolved),
            each.median_time_to_resolve and each.median_time_to_resolve.total_seconds() / _HOUR_S,
            *(each.pages, each.night_pages, each.page_share, each.night_page_share),
        )
        for each in await list_workload(res, actor)
    ]
