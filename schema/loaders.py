"""One loader for each edge of the graph, so that a list costs as many statements as it has kinds of edges.

The batch functions live beside the SQL of their noun, in `resolvers/`; their names are `<results>_by_<key>`.
"""

from functools import cached_property
from uuid import UUID

from strawberry.dataloader import DataLoader

from domain.admission import DropReason
from domain.discarded import Discarded
from domain.stats import Point
from models import (
    Activity,
    Alert,
    ApiToken,
    DeliveryAttempt,
    Developer,
    Erasure,
    Event,
    Feedback,
    GroupingKey,
    IngestKey,
    Issue,
    IssueCounter,
    Notification,
    Pattern,
    Project,
    SavedSearch,
    SourceMap,
    Team,
)
from resolvers import access_key, access_token, activity, alert, discarded, dropped, feedback
from resolvers.daily import TimelineOf, timelines_by_issue
from resolvers.developer import loaders as developer
from resolvers.developer.on_duty import OnDuty
from resolvers.erasure import request as erasure
from resolvers.event import loaders as event
from resolvers.event.loaders import EventRef, Payload
from resolvers.issue import loaders as issue
from resolvers.issue import pages
from resolvers.issue.assigned import Assigned, AssignedPage, assigned_counts, assigned_pages
from resolvers.issue.grouping import Explanation, explanations_by_event_ref, explanations_by_issue_id
from resolvers.issue.similar import SimilarTo, similar_issues
from resolvers.issue.tag_counts import ValueOf, recent_tag_counts
from resolvers.issue.tags import TagOf, TagValue, tag_keys_by_issue_id, tag_values
from resolvers.notification import listing as notification
from resolvers.pages import PageKey
from resolvers.paging import Page
from resolvers.pattern import listing as pattern
from resolvers.pattern.elsewhere import Elsewhere, elsewhere_by_issue_id
from resolvers.project import listing as project
from resolvers.search.saved import saved_searches_by_id
from resolvers.sourcemap.listing import source_maps_by_id, source_maps_by_project_id
from resolvers.team import listing as team
from schema.on_call_loaders import OnCallLoaders


class Loaders(OnCallLoaders):
    """The loaders of one request, each made when it is first used."""

    @cached_property
    def project_by_id(self) -> DataLoader[UUID, Project | None]:
        """The project, or none where it is out of sight."""
        return self._load(project.projects_by_id)

    @cached_property
    def saved_search_by_id(self) -> DataLoader[UUID, SavedSearch | None]:
        """The search that is kept, or none where it is out of sight."""
        return self._load(saved_searches_by_id)

    @cached_property
    def used_this_hour_by_project_id(self) -> DataLoader[UUID, int]:
        """How many events of a project were stored in this hour."""
        return self._load(dropped.used_this_hour_by_project_id)

    @cached_property
    def dropped_this_hour_by_project_id(self) -> DataLoader[UUID, list[tuple[DropReason, int]]]:
        """How many events of a project were turned away in this hour, by the reason."""
        return self._load(dropped.dropped_this_hour_by_project_id)

    @cached_property
    def issue_by_id(self) -> DataLoader[UUID, Issue | None]:
        """The issue, or none where it is out of sight."""
        return self._load(issue.issues_by_id)

    @cached_property
    def issue_by_key_id(self) -> DataLoader[UUID, Issue | None]:
        """The issue that a grouping key leads to now."""
        return self._load(issue.issues_by_key_id)

    @cached_property
    def merged_by_issue_id(self) -> DataLoader[UUID, list[Issue]]:
        """The issues that were merged into an issue."""
        return self._load(issue.merged_by_issue_id)

    @cached_property
    def counter_by_issue_id(self) -> DataLoader[UUID, IssueCounter | None]:
        """What is counted of an issue."""
        return self._load(issue.counters_by_issue_id)

    @cached_property
    def keys_by_issue_id(self) -> DataLoader[UUID, list[GroupingKey]]:
        """The grouping keys of an issue."""
        return self._load(issue.keys_by_issue_id)

    @cached_property
    def environments_by_issue_id(self) -> DataLoader[UUID, list[str]]:
        """The environments that an issue was seen in."""
        return self._load(issue.environments_by_issue_id)

    @cached_property
    def tag_keys_by_issue_id(self) -> DataLoader[UUID, list[str]]:
        """The keys of the tags of an issue."""
        return self._load(tag_keys_by_issue_id)

    @cached_property
    def tag_values(self) -> DataLoader[TagOf, list[TagValue]]:
        """The values of a tag of an issue."""
        return self._load(tag_values)

    @cached_property
    def recent_tag_count(self) -> DataLoader[ValueOf, int]:
        """How many of the newest events of an issue have a value of a tag."""
        return self._load(recent_tag_counts)

    @cached_property
    def explanation_by_issue_id(self) -> DataLoader[UUID, Explanation | None]:
        """Why events land in an issue."""
        return self._load(explanations_by_issue_id)

    @cached_property
    def explanation_by_event_ref(self) -> DataLoader[EventRef, Explanation | None]:
        """Why an event landed where it did."""
        return self._load(explanations_by_event_ref)

    @cached_property
    def similar_issues(self) -> DataLoader[SimilarTo, list[Issue]]:
        """The issues that an issue might be merged with."""
        return self._load(similar_issues)

    @cached_property
    def assigned_page(self) -> DataLoader[AssignedPage, Page[Issue]]:
        """A page of the issues that a developer has."""
        return self._load(assigned_pages)

    @cached_property
    def assigned_count(self) -> DataLoader[Assigned, int]:
        """How many issues a developer has."""
        return self._load(assigned_counts)

    @cached_property
    def event_page_by_issue(self) -> DataLoader[PageKey, Page[Event]]:
        """A page of an issue's events."""
        return self._load(pages.event_pages_by_issue)

    @cached_property
    def event_count_by_issue_id(self) -> DataLoader[UUID, int]:
        """How many events of an issue are kept."""
        return self._load(pages.event_counts_by_issue_id)

    @cached_property
    def alert_page_by_issue(self) -> DataLoader[PageKey, Page[Alert]]:
        """A page of an issue's alerts."""
        return self._load(pages.alert_pages_by_issue)

    @cached_property
    def activity_page_by_issue(self) -> DataLoader[PageKey, Page[Activity]]:
        """A page of what happened to an issue."""
        return self._load(pages.activity_pages_by_issue)

    @cached_property
    def notification_page_by_issue(self) -> DataLoader[PageKey, Page[Notification]]:
        """A page of the notifications about an issue."""
        return self._load(pages.notification_pages_by_issue)

    @cached_property
    def notification_count_by_issue_id(self) -> DataLoader[UUID, int]:
        """How many notifications there are about an issue."""
        return self._load(pages.notification_counts_by_issue_id)

    @cached_property
    def event_by_ref(self) -> DataLoader[EventRef, Event | None]:
        """The event of a whole key, without its payload."""
        return self._load(event.events_by_ref)

    @cached_property
    def whole_event_by_ref(self) -> DataLoader[EventRef, Event | None]:
        """The event of a whole key, with its payload."""
        return self._load(event.whole_events_by_ref)

    @cached_property
    def event_by_id(self) -> DataLoader[UUID, Event | None]:
        """The event of an id, where its project is not known, without its payload."""
        return self._load(event.events_by_id)

    @cached_property
    def payload_by_event_ref(self) -> DataLoader[EventRef, Payload]:
        """What an event holds besides its columns."""
        return self._load(event.payloads_by_ref)

    @cached_property
    def activity_by_id(self) -> DataLoader[UUID, Activity | None]:
        """The step on an issue's timeline."""
        return self._load(activity.activities_by_id)

    @cached_property
    def alert_by_id(self) -> DataLoader[UUID, Alert | None]:
        """The alert, or none where it is out of sight."""
        return self._load(alert.alerts_by_id)

    @cached_property
    def open_alert_by_issue_id(self) -> DataLoader[UUID, Alert | None]:
        """The open alert of an issue, if there is one."""
        return self._load(alert.open_alerts_by_issue_id)

    @cached_property
    def notification_by_id(self) -> DataLoader[UUID, Notification | None]:
        """The notification, or none where it is out of sight."""
        return self._load(notification.notifications_by_id)

    @cached_property
    def attempts_by_notification_id(self) -> DataLoader[UUID, list[DeliveryAttempt]]:
        """The tries to deliver a notification."""
        return self._load(notification.attempts_by_notification_id)

    @cached_property
    def developer_by_id(self) -> DataLoader[UUID, Developer | None]:
        """The developer, or none where out of sight."""
        return self._load(developer.developers_by_id)

    @cached_property
    def developers_by_team_id(self) -> DataLoader[UUID, list[Developer]]:
        """The members of a team."""
        return self._load(developer.developers_by_team_id)

    @cached_property
    def services_by_developer_id(self) -> DataLoader[UUID, list[str]]:
        """The services that a developer knows."""
        return self._load(developer.services_by_developer_id)

    @cached_property
    def duty_by_developer_id(self) -> DataLoader[UUID, OnDuty | None]:
        """The present duty of a developer, if they are on call."""
        return self._load(developer.duties_by_developer_id)

    @cached_property
    def load_by_developer_id(self) -> DataLoader[UUID, int]:
        """How many unresolved issues a developer has."""
        return self._load(developer.loads_by_developer_id)

    @cached_property
    def team_by_id(self) -> DataLoader[UUID, Team | None]:
        """The team, or none where it is out of sight."""
        return self._load(team.teams_by_id)

    @cached_property
    def teams_by_developer_id(self) -> DataLoader[UUID, list[Team]]:
        """The teams that a developer is in."""
        return self._load(team.teams_by_developer_id)

    @cached_property
    def projects_by_team_id(self) -> DataLoader[UUID, list[Project]]:
        """The projects that a team has."""
        return self._load(team.projects_by_team_id)

    @cached_property
    def services_by_project_id(self) -> DataLoader[UUID, list[str]]:
        """What reported to a project lately."""
        return self._load(project.services_by_project_id)

    @cached_property
    def environments_by_project_id(self) -> DataLoader[UUID, list[str]]:
        """Where that ran."""
        return self._load(project.environments_by_project_id)

    @cached_property
    def discarded_by_project_id(self) -> DataLoader[UUID, list[Discarded]]:
        """What a project's SDKs discarded lately."""
        return self._load(discarded.discarded_by_project_id)

    @cached_property
    def feedback_by_id(self) -> DataLoader[UUID, Feedback | None]:
        """The feedback, or none where it is out of sight."""
        return self._load(feedback.feedback_by_id)

    @cached_property
    def feedback_page_by_event(self) -> DataLoader[PageKey, Page[Feedback]]:
        """A page of the feedback about an event."""
        return self._load(feedback.feedback_pages_by_event)

    @cached_property
    def feedback_page_by_issue(self) -> DataLoader[PageKey, Page[Feedback]]:
        """A page of the feedback about an issue's events."""
        return self._load(feedback.feedback_pages_by_issue)

    @cached_property
    def feedback_page_by_project(self) -> DataLoader[PageKey, Page[Feedback]]:
        """A page of a project's feedback."""
        return self._load(feedback.feedback_pages_by_project)

    @cached_property
    def pattern_by_id(self) -> DataLoader[UUID, Pattern | None]:
        """The pattern, or none where it is out of sight."""
        return self._load(pattern.patterns_by_id)

    @cached_property
    def pattern_by_issue_id(self) -> DataLoader[UUID, Pattern | None]:
        """The pattern that an issue is of."""
        return self._load(pattern.patterns_by_issue_id)

    @cached_property
    def elsewhere_by_issue_id(self) -> DataLoader[UUID, list[Elsewhere]]:
        """Where else an issue's template occurs."""
        return self._load(elsewhere_by_issue_id)

    @cached_property
    def issue_page_by_pattern(self) -> DataLoader[PageKey, Page[Issue]]:
        """A page of the issues of a pattern."""
        return self._load(pattern.issue_pages_by_pattern)

    @cached_property
    def issue_count_by_pattern_id(self) -> DataLoader[UUID, int]:
        """How many issues a pattern has."""
        return self._load(pattern.issue_counts_by_pattern_id)

    @cached_property
    def timeline_by_issue(self) -> DataLoader[TimelineOf, list[Point]]:
        """When an issue occurred."""
        return self._load(timelines_by_issue)

    @cached_property
    def timeline_by_pattern(self) -> DataLoader[TimelineOf, list[Point]]:
        """When a pattern occurred."""
        return self._load(pattern.timelines_by_pattern)

    @cached_property
    def erasures_by_project_id(self) -> DataLoader[UUID, list[Erasure]]:
        """The latest times that a person was taken out of a project."""
        return self._load(erasure.erasures_by_project_id)

    @cached_property
    def ingest_key_by_id(self) -> DataLoader[UUID, IngestKey | None]:
        """The ingest key, or none where it is out of sight."""
        return self._load(access_key.ingest_keys_by_id)

    @cached_property
    def ingest_keys_by_project_id(self) -> DataLoader[UUID, list[IngestKey]]:
        """The ingest keys of a project."""
        return self._load(access_key.ingest_keys_by_project_id)

    @cached_property
    def source_map_by_id(self) -> DataLoader[UUID, SourceMap | None]:
        """The source map, or none where it is out of sight."""
        return self._load(source_maps_by_id)

    @cached_property
    def source_maps_by_project_id(self) -> DataLoader[UUID, list[SourceMap]]:
        """The source maps of a project that were uploaded last."""
        return self._load(source_maps_by_project_id)

    @cached_property
    def api_token_by_id(self) -> DataLoader[UUID, ApiToken | None]:
        """The token, or none where it is out of sight."""
        return self._load(access_token.api_tokens_by_id)

    @cached_property
    def api_tokens_by_owner_id(self) -> DataLoader[UUID, list[ApiToken]]:
        """The tokens of a developer that are of use."""
        return self._load(access_token.api_tokens_by_owner_id)
