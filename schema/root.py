"""The whole contract, put together from what each noun brings."""

from functools import cache

from strawberry.extensions import (
    AddValidationRules,
    MaxTokensLimiter,
    ParserCache,
    ValidationCache,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

import schema.enums  # noqa: F401 - it describes the closed sets
from schema.access import AccessMutation
from schema.admitted import Admitted
from schema.alert import AlertMutation, AlertQuery
from schema.alert_rule import AlertRuleMutation, AlertRuleQuery
from schema.bound import Bound
from schema.calendar import CalendarMutation
from schema.contact import ContactMutation
from schema.contract import Contract
from schema.developer import DeveloperMutation, DeveloperQuery
from schema.dry_run import DryRunQuery
from schema.erasure import ErasureMutation
from schema.errors import HANDLERS, CodedErrors
from schema.event import EventQuery
from schema.failure import RateLimited
from schema.imported import ImportedCalendarMutation
from schema.introspection import Introspection
from schema.issue_query import IssueQuery
from schema.limits import MOST_TOKENS, Limits, Shape
from schema.log import RAW, LogMutation
from schema.node_query import NodeQuery
from schema.notification import NotificationMutation, NotificationQuery
from schema.notification_template import NotificationTemplateMutation, NotificationTemplateQuery
from schema.override import OverrideMutation
from schema.pattern import PatternQuery
from schema.policy import PolicyMutation, PolicyQuery
from schema.project import ProjectMutation, ProjectQuery
from schema.release_comparison import ReleaseComparisonQuery
from schema.rotation import RotationMutation
from schema.saved_search import SavedSearchMutation, SavedSearchQuery
from schema.scalars import SCALARS
from schema.schedule import ScheduleMutation, ScheduleQuery
from schema.scheduled import ScheduledWorkQuery
from schema.search import SearchQuery
from schema.sharing import SharingExecutor
from schema.simulation import SimulationQuery
from schema.sourcemap import SourceMapMutation
from schema.stats import StatsQuery
from schema.stream import PositionFirst, StreamQuery, StreamSubscription
from schema.target import TargetMutation, TargetQuery
from schema.team import TeamMutation, TeamQuery
from schema.tick import StatsSubscription
from schema.time_off import TimeOffMutation
from schema.triage import TriageMutation
from schema.viewer import ViewerQuery
from schema.webhook import WebhookMutation, WebhookQuery
from schema.workload import WorkloadQuery

_CACHED_DOCUMENTS = 256

Query = merge_types(
    "Query",
    (
        NodeQuery,
        ProjectQuery,
        DryRunQuery,
        IssueQuery,
        EventQuery,
        SearchQuery,
        SavedSearchQuery,
        StatsQuery,
        WorkloadQuery,
        TargetQuery,
        ReleaseComparisonQuery,
        PatternQuery,
        ViewerQuery,
        DeveloperQuery,
        TeamQuery,
        PolicyQuery,
        ScheduleQuery,
        AlertQuery,
        AlertRuleQuery,
        SimulationQuery,
        NotificationQuery,
        NotificationTemplateQuery,
        ScheduledWorkQuery,
        StreamQuery,
        WebhookQuery,
    ),
)
Mutation = merge_types(
    "Mutation",
    (
        LogMutation,
        ProjectMutation,
        ErasureMutation,
        DeveloperMutation,
        TeamMutation,
        TimeOffMutation,
        ScheduleMutation,
        RotationMutation,
        OverrideMutation,
        CalendarMutation,
        ImportedCalendarMutation,
        AccessMutation,
        TriageMutation,
        SavedSearchMutation,
        PolicyMutation,
        TargetMutation,
        AlertMutation,
        AlertRuleMutation,
        NotificationMutation,
        NotificationTemplateMutation,
        ContactMutation,
        WebhookMutation,
        SourceMapMutation,
    ),
)


Subscription = merge_types("Subscription", (StreamSubscription, StatsSubscription))

for _root, _description in (
    (Query, "What can be asked. A field that is refused is null, and leaves the others alone."),
    (Mutation, "What can be done. Each answers with the thing as it is now, or with a `Failure` that says why not."),
    (
        Subscription,
        "What can be watched: over WebSocket (`graphql-transport-ws`), server-sent events or multipart responses.",
    ),
):
    _root.__strawberry_definition__.description = _description  # type: ignore[attr-defined]


@cache
def build_schema() -> Contract:
    """The executable schema, one in a process: it holds no state of its own."""
    return Contract(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[RateLimited],
        raw=RAW,
        execution_context_class=SharingExecutor,
        config=StrawberryConfig(scalar_map=SCALARS),
        exception_handlers=HANDLERS,
        extensions=[
            CodedErrors,
            Bound,
            PositionFirst,
            lambda: MaxTokensLimiter(max_token_count=MOST_TOKENS),
            lambda: AddValidationRules([Shape]),
            lambda: ParserCache(maxsize=_CACHED_DOCUMENTS),
            lambda: ValidationCache(maxsize=_CACHED_DOCUMENTS),
            Introspection,
            Limits,
            Admitted,
        ],
    )
