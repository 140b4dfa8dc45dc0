"""The closed sets of the domain, with the words that the contract has for each value."""

from collections.abc import Mapping
from enum import StrEnum

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from domain.access import Role, Scope
from domain.alert import AlertStatus, AlertStep, AlertTrigger
from domain.contact import Importance
from domain.event import Severity
from domain.feed import StreamResetReason
from domain.issue import ActivityKind, IssueOrderField, IssueStatus, Resolution
from domain.notification import Channel, NotificationKind, NotificationStatus
from domain.page import OrderDirection
from domain.pattern import PatternOrder, Trend
from domain.project import Plan
from domain.report import IngestOutcome, IngestSource
from domain.schedule.definition import RotationKind
from domain.search.completing import SuggestionKind
from domain.search.reading import SearchSubject
from domain.stats import Bucket
from domain.timetable import RunStatus
from schema.failure import FailureCode


def _expose(kind: type[StrEnum], description: str, values: Mapping[StrEnum, str]) -> None:
    """Leave the enum in the contract, each value described; also one that a type has brought there already."""
    known = vars(kind) if "__strawberry_definition__" in vars(kind) else vars(strawberry.enum(kind))
    definition: StrawberryEnumDefinition = known["__strawberry_definition__"]
    definition.description = description
    for value in definition.values:
        value.description = values[kind[value.name]]


_expose(
    Severity,
    "How bad an event or issue is, mildest first.",
    {
        Severity.INFO: "Worth knowing.",
        Severity.LOW: "Annoying, can wait.",
        Severity.MEDIUM: "Somebody should look at it.",
        Severity.HIGH: "Users suffer; somebody is told at once.",
        Severity.CRITICAL: "The service is down or losing data; somebody is woken.",
    },
)
_expose(
    IssueStatus,
    "Where triage stands.",
    {
        IssueStatus.UNRESOLVED: "Open.",
        IssueStatus.RESOLVED: "Done; seen again it is a regression.",
        IssueStatus.SNOOZED: "Quiet until a time or a count.",
        IssueStatus.IGNORED: "Quiet for good.",
    },
)
_expose(
    Resolution,
    "Why an issue was resolved.",
    {
        Resolution.FIXED: "The cause is gone.",
        Resolution.NOT_AN_ERROR: "A false positive.",
        Resolution.WONT_FIX: "Known, and left as it is.",
        Resolution.DUPLICATE: "Another issue has it.",
    },
)
_expose(
    ActivityKind,
    "One kind of step in the life of an issue.",
    {
        ActivityKind.FIRST_SEEN: "Its first event came, or it was split off another issue.",
        ActivityKind.REGRESSED: "It was resolved, and seen again.",
        ActivityKind.ASSIGNED: "Somebody was made responsible.",
        ActivityKind.UNASSIGNED: "Nobody is responsible any more.",
        ActivityKind.ACKNOWLEDGED: "Somebody is looking at it.",
        ActivityKind.ESCALATED: "Its alert climbed.",
        ActivityKind.RESOLVED: "It was resolved.",
        ActivityKind.REOPENED: "It was opened again by hand, or by a merge with one that was open.",
        ActivityKind.SNOOZED: "It was put to sleep.",
        ActivityKind.WOKEN: "Its snooze ended.",
        ActivityKind.IGNORED: "It is to be quiet for good.",
        ActivityKind.MERGED: "Another issue was merged into it, or it into another.",
        ActivityKind.SPLIT: "Some of its keys left for another issue, or came from one.",
        ActivityKind.COMMENTED: "Somebody wrote something.",
        ActivityKind.SEVERITY_CHANGED: "Its severity was set, or an event was worse than all before.",
        ActivityKind.NOTIFIED: "Somebody was told.",
        ActivityKind.NOBODY_NOTIFIED: "Somebody who was to be told could not be.",
        ActivityKind.SURGED: "Its rate was unusual.",
        ActivityKind.ALERT_RESOLVED: "Its alert was resolved, and it was not.",
        ActivityKind.LAPSED: "Its acknowledgement went stale, and its alert rings again.",
    },
)
_expose(
    AlertStatus,
    "Where an alert stands.",
    {
        AlertStatus.TRIGGERED: "Ringing.",
        AlertStatus.ACKNOWLEDGED: "Somebody has it.",
        AlertStatus.RESOLVED: "Over.",
    },
)
_expose(
    AlertStep,
    "What an alert went through.",
    {
        AlertStep.TRIGGERED: "It began to ring.",
        AlertStep.ACKNOWLEDGED: "Somebody took it, or said that they still have it.",
        AlertStep.ESCALATED: "It climbed a level, and rings there.",
        AlertStep.REMINDED: "Whoever took it was asked whether they still have it.",
        AlertStep.LAPSED: "They did not say so, and it rings again.",
        AlertStep.UNANSWERED: "It has climbed to its end, and rings on.",
        AlertStep.MOVED: "Its issue was merged into another, for which it rings now.",
        AlertStep.RESOLVED: "It is over.",
    },
)
_expose(
    AlertTrigger,
    "What called for a human.",
    {
        AlertTrigger.NEW_ISSUE: "An issue seen for the first time.",
        AlertTrigger.REGRESSION: "A resolved issue seen again.",
        AlertTrigger.EVENT_COUNT: "More events than a threshold, or than a snooze was for.",
        AlertTrigger.ERROR_RATE: "More events a minute than a threshold.",
        AlertTrigger.CRITICAL_COUNT: "More critical events than a threshold.",
        AlertTrigger.SURGE: "An unusual rate.",
        AlertTrigger.USERS_AFFECTED: "More users than a threshold.",
        AlertTrigger.UNRESOLVED_FOR: "Unresolved for too long, or still when its snooze was over.",
        AlertTrigger.ALERT_QUEUE: "Too many open alerts.",
        AlertTrigger.NEW_PATTERN: "A pattern seen for the first time.",
        AlertTrigger.MANUAL: "A person.",
    },
)
_expose(
    Role,
    "What a developer may do, least first.",
    {
        Role.VIEWER: "Read the projects of their teams.",
        Role.DEVELOPER: "Read and triage the projects of their teams.",
        Role.ADMIN: "Everything.",
        Role.OWNER: "Everything; told when nobody else can be.",
    },
)
_expose(
    Scope,
    "One thing that a credential may be used for.",
    {
        Scope.INGEST: "Log errors.",
        Scope.READ: "Ask and watch.",
        Scope.TRIAGE: "Act on issues and alerts.",
        Scope.ADMIN: "Change settings, people and access.",
    },
)
_expose(
    Channel,
    "A way to reach a person.",
    {
        Channel.EMAIL: "Mail.",
        Channel.SLACK: "Slack.",
        Channel.SMS: "Text message.",
        Channel.WEBHOOK: "An HTTP request to an address of yours.",
        Channel.DASHBOARD: "Inside Tocsin only.",
        Channel.TELEGRAM: "Telegram.",
        Channel.PAGERDUTY: "PagerDuty.",
        Channel.APPRISE: "One of the many services that Apprise knows.",
    },
)
_expose(
    Importance,
    "Which of a person's two lists of notification rules counts.",
    {
        Importance.NORMAL: "What is told by day as by night.",
        Importance.IMPORTANT: "What an escalation policy calls important.",
    },
)
_expose(
    NotificationStatus,
    "Where a delivery stands.",
    {
        NotificationStatus.PENDING: "Waiting for its first try.",
        NotificationStatus.SENDING: "A worker has it.",
        NotificationStatus.SENT: "Handed to the recipient's server.",
        NotificationStatus.RETRYING: "Failed, and tried again at `nextAttemptAt`.",
        NotificationStatus.SUPPRESSED: "Held back; `reason` says why.",
        NotificationStatus.DEAD: "Given up after its last try.",
    },
)
_expose(
    NotificationKind,
    "What a notification tells.",
    {
        NotificationKind.NEW_ISSUE: "An issue was seen for the first time.",
        NotificationKind.REGRESSION: "A resolved issue was seen again.",
        NotificationKind.ASSIGNMENT: "An issue is yours now.",
        NotificationKind.ALERT: "An alert rings.",
        NotificationKind.ESCALATION: "An alert climbed to you.",
        NotificationKind.DAILY_SUMMARY: "What happened in a day.",
        NotificationKind.HANDOFF: "Your duty begins or ends.",
        NotificationKind.TEST: "A test.",
        NotificationKind.WARNING: "A threshold was crossed, or work is overdue; for administrators.",
        NotificationKind.TARGET: "An issue runs out of the time in which it is to be acknowledged or resolved.",
        NotificationKind.EVENTS_DROPPED: "Events of a project are turned away: a limit or its quota is used up.",
    },
)
_expose(
    Trend,
    "Where a pattern is going, as one week compares to the one before.",
    {
        Trend.NEW: "First seen within the last week.",
        Trend.RISING: "Half as many events more, or more than that.",
        Trend.STEADY: "About as many.",
        Trend.FALLING: "A third fewer events, or fewer than that.",
        Trend.GONE: "None in the last week.",
    },
)
_expose(
    PatternOrder,
    "What patterns are sorted by.",
    {
        PatternOrder.EVENT_COUNT: "How many events they have had.",
        PatternOrder.LAST_SEEN: "When their latest event came.",
        PatternOrder.TREND: "Rising ones, new ones, then steady, falling and gone.",
    },
)
_expose(
    RunStatus,
    "Where one run of a scheduled job stands.",
    {
        RunStatus.RUNNING: "It is under way.",
        RunStatus.OK: "It went well.",
        RunStatus.FAILED: "It did not, or was cut off.",
    },
)
_expose(
    Plan,
    "How much a project may log.",
    {
        Plan.FREE: "1,000 events an hour.",
        Plan.PRO: "10,000 events an hour.",
        Plan.ENTERPRISE: "A quota of its own.",
    },
)
_expose(
    IngestOutcome,
    "What became of a report.",
    {
        IngestOutcome.STORED: "On disk.",
        IngestOutcome.SPOOLED: "Safe, and stored once the database is back.",
        IngestOutcome.DUPLICATE: "Its `eventId` was stored before.",
        IngestOutcome.FILTERED: "Dropped by a rule of the project.",
        IngestOutcome.RATE_LIMITED: "Refused for now; try again later.",
        IngestOutcome.INVALID: "Refused; `failure` says why.",
    },
)
_expose(
    IngestSource,
    "The dialect in which a report came.",
    {
        IngestSource.GRAPHQL: "`logError` or `logErrors`.",
        IngestSource.REST: "JSON over HTTP.",
        IngestSource.SENTRY: "A Sentry SDK.",
        IngestSource.OTLP: "An OpenTelemetry exporter.",
        IngestSource.LARAVEL: "The Laravel webhook.",
        IngestSource.JAVA: "The Java webhook.",
        IngestSource.FRONTEND: "The webhook for browsers.",
        IngestSource.MOBILE: "The webhook for mobile apps.",
        IngestSource.GENERIC: "The generic webhook.",
        IngestSource.INTERNAL: "Tocsin itself.",
    },
)
_expose(
    StreamResetReason,
    "Why a stream could not go on from `after`.",
    {
        StreamResetReason.EXPIRED: "What it pointed to is older than the feed is kept.",
        StreamResetReason.RESTORED: "The database was restored from a backup.",
        StreamResetReason.TOO_FAR_BEHIND: "Too much has happened since.",
    },
)
_expose(
    FailureCode,
    "What kind of failure it is.",
    {
        FailureCode.INVALID_INPUT: "A field is wrong; `path` leads to it.",
        FailureCode.NOT_FOUND: "There is no such thing, or you may not see it.",
        FailureCode.CONFLICT: "The thing is in a state that does not allow it.",
        FailureCode.NOBODY_ON_CALL: "Nobody is there who could be told.",
        FailureCode.RATE_LIMITED: "A limit is used up: try again later.",
    },
)
_expose(
    IssueOrderField,
    "What issues can be sorted by.",
    {
        IssueOrderField.LAST_SEEN: "When the latest event came.",
        IssueOrderField.FIRST_SEEN: "When the first event came.",
        IssueOrderField.EVENT_COUNT: "How many events there were.",
        IssueOrderField.USER_COUNT: "How many users it happened to.",
        IssueOrderField.SEVERITY: "How bad it is.",
    },
)
_expose(
    OrderDirection,
    "Which end of an order comes first.",
    {
        OrderDirection.ASC: "The oldest, fewest or mildest.",
        OrderDirection.DESC: "The newest, most or worst.",
    },
)
_expose(
    Bucket,
    "How long one point of a timeline is.",
    {
        Bucket.MINUTE: "A minute.",
        Bucket.HOUR: "An hour.",
        Bucket.DAY: "A day: of UTC, unless a time zone is given.",
        Bucket.WEEK: "A week of such days, from Monday on.",
    },
)
_expose(
    RotationKind,
    "In what the length of a turn is counted.",
    {
        RotationKind.HOURLY: "Hours, as they pass.",
        RotationKind.DAILY: "Days: the hand-off keeps its time on the wall.",
        RotationKind.WEEKLY: "Weeks: the hand-off keeps its day and its time on the wall.",
        RotationKind.MONTHLY: "Months: the hand-off keeps its day, or is on the last one of a shorter month.",
    },
)

_expose(
    SuggestionKind,
    "What a suggestion is in the language of searches.",
    {
        SuggestionKind.KEY: "A key, with its colon.",
        SuggestionKind.OPERATOR: "`OR`, or a sign that compares.",
        SuggestionKind.VALUE: "A value of the key before it.",
    },
)
_expose(
    SearchSubject,
    "What is searched.",
    {
        SearchSubject.ISSUES: "Issues, as by `issues(search:)`.",
        SearchSubject.EVENTS: "Events, as by `events(search:)`.",
    },
)
