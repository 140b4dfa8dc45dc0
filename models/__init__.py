"""What is stored: every table, so that importing the package knows them all."""

from models.access import ApiToken, IngestKey
from models.alert import Alert, Triage
from models.alert_rule import AlertRule, AlertRuleFiring
from models.answer import GivenAnswer, SigningKey
from models.archive import ArchivedDay, ArchiveOutcome
from models.audit import AuditEntry
from models.contact import ContactMethod, MailOptOut, NotificationRule
from models.dead_letter import DeadLetter
from models.developer import Developer, DeveloperService, Duty, TimeOff
from models.discarded import DiscardedCount
from models.erasure import Erasure
from models.escalation import Escalation
from models.event import Event, EventKey
from models.feed import FEED_ID, FeedEpoch, FeedRow
from models.feedback import Feedback
from models.heartbeat import Heartbeat
from models.imported import ImportedCalendar, ImportedShift
from models.issue import ISSUE_NUMBER, Activity, GroupingKey, Issue, IssueCounter, KeyFacet, KeyUser
from models.kept import KEPT_EVENT
from models.notification import DeliveryAttempt, Notification
from models.notification_template import NotificationTemplate
from models.pattern import Pattern, PatternIssue
from models.policy import EscalationPolicy
from models.project import Project, Release
from models.run import ScheduledRun
from models.saved_search import SavedSearch
from models.schedule import Rotation, RotationParticipant, Schedule, ScheduleOverride, Shift
from models.search import ISSUE_FRAMES, ISSUE_SEARCH, KEY_FRAMES_SEARCH, KeyFrames
from models.sourcemap import SourceMap, SourceMapContent, UploadChunk
from models.stats import (
    DailyCount,
    DayCount,
    DroppedCount,
    HourlyCount,
    IssueSeen,
    IssueSpan,
    MinuteCount,
    SeenUser,
    UserSketch,
)
from models.summary import DailySummary
from models.surge import Surge
from models.target import ResponseTarget, TargetWarning
from models.team import Team, TeamMember, TeamProject
from models.warning import StandingWarning

__all__ = [
    "FEED_ID",
    "ISSUE_FRAMES",
    "ISSUE_NUMBER",
    "ISSUE_SEARCH",
    "KEPT_EVENT",
    "KEY_FRAMES_SEARCH",
    "Activity",
    "Alert",
    "AlertRule",
    "AlertRuleFiring",
    "ApiToken",
    "ArchiveOutcome",
    "ArchivedDay",
    "AuditEntry",
    "ContactMethod",
    "DailyCount",
    "DailySummary",
    "DayCount",
    "DeadLetter",
    "DeliveryAttempt",
    "Developer",
    "DeveloperService",
    "DiscardedCount",
    "DroppedCount",
    "Duty",
    "Erasure",
    "Escalation",
    "EscalationPolicy",
    "Event",
    "EventKey",
    "FeedEpoch",
    "FeedRow",
    "Feedback",
    "GivenAnswer",
    "GroupingKey",
    "Heartbeat",
    "HourlyCount",
    "ImportedCalendar",
    "ImportedShift",
    "IngestKey",
    "Issue",
    "IssueCounter",
    "IssueSeen",
    "IssueSpan",
    "KeyFacet",
    "KeyFrames",
    "KeyUser",
    "MailOptOut",
    "MinuteCount",
    "Notification",
    "NotificationRule",
    "NotificationTemplate",
    "Pattern",
    "PatternIssue",
    "Project",
    "Release",
    "ResponseTarget",
    "Rotation",
    "RotationParticipant",
    "SavedSearch",
    "Schedule",
    "ScheduleOverride",
    "ScheduledRun",
    "SeenUser",
    "Shift",
    "SigningKey",
    "SourceMap",
    "SourceMapContent",
    "StandingWarning",
    "Surge",
    "TargetWarning",
    "Team",
    "TeamMember",
    "TeamProject",
    "TimeOff",
    "Triage",
    "UploadChunk",
    "UserSketch",
]
