"""The whole contract, put together from what each noun brings."""

from functools import cache

from strawberry.extensions import MaxAliasesLimiter, MaxTokensLimiter, ParserCache, QueryDepthLimiter, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

import schema.enums  # noqa: F401 - it describes the closed sets
from schema.access import AccessMutation
from schema.alert import AlertMutation, AlertQuery
from schema.contract import Contract
from schema.developer import DeveloperMutation, DeveloperQuery
from schema.errors import HANDLERS, CodedErrors
from schema.event import EventQuery
from schema.issue_query import IssueQuery
from schema.log import LogMutation
from schema.node_query import NodeQuery
from schema.notification import NotificationMutation, NotificationQuery
from schema.project import ProjectMutation, ProjectQuery
from schema.scalars import SCALARS
from schema.stats import StatsQuery
from schema.stream import PositionFirst, StreamQuery, StreamSubscription
from schema.team import TeamMutation, TeamQuery
from schema.triage import TriageMutation
from schema.viewer import ViewerQuery

_CACHED_DOCUMENTS = 256

Query = merge_types(
    "Query",
    (
        NodeQuery,
        ProjectQuery,
        IssueQuery,
        EventQuery,
        StatsQuery,
        ViewerQuery,
        DeveloperQuery,
        TeamQuery,
        AlertQuery,
        NotificationQuery,
        StreamQuery,
    ),
)
Mutation = merge_types(
    "Mutation",
    (
        LogMutation,
        ProjectMutation,
        DeveloperMutation,
        TeamMutation,
        AccessMutation,
        TriageMutation,
        AlertMutation,
        NotificationMutation,
    ),
)


Subscription = merge_types("Subscription", (StreamSubscription,))


@cache
def build_schema() -> Contract:
    """The executable schema, one in a process: it holds no state of its own."""
    return Contract(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        config=StrawberryConfig(scalar_map=SCALARS),
        exception_handlers=HANDLERS,
        extensions=[
            CodedErrors,
            PositionFirst,
            lambda: MaxTokensLimiter(max_token_count=2000),
            lambda: QueryDepthLimiter(max_depth=14),
            lambda: MaxAliasesLimiter(max_alias_count=30),
            lambda: ParserCache(maxsize=_CACHED_DOCUMENTS),
            lambda: ValidationCache(maxsize=_CACHED_DOCUMENTS),
        ],
    )
