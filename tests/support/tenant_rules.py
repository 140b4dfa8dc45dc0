"""What callers can name, for every root field: `own` is what is the caller's, `other` what is not or is not there.

A new field or argument needs a rule here, or a word in NEUTRAL that it can name nothing of anybody.
"""
# ruff: noqa: ARG005 - a rule is handed both, and may need one

from collections.abc import Callable
from typing import Any, TypeAlias

from tests.support import figures
from tests.support.calendars import a_calendar, a_span
from tests.support.tenant_searches import searches_of_events, searches_of_issues, suggestions
from tests.support.tenants import Names

Rule: TypeAlias = Callable[[Names, Names], list[dict[str, Any]]]

# Fields below the root that take arguments.
ARGUMENTS = {
    "AlertRule.wouldHaveFired": '(last: "P30D")',
    "Developer.assigned": "(first: 50)",
    "Issue.alerts": "(first: 50)",
    "Issue.events": "(first: 50)",
    "Issue.activity": "(first: 50)",
    **dict.fromkeys(("Issue.feedback", "Event.feedback", "Project.feedback"), "(first: 50)"),
    "Issue.notifications": "(first: 50)",
    "Issue.similar": "(first: 20)",
    "Issue.tagValues": '(key: "region", first: 50)',
    "Issue.timeline": '(last: "P14D", bucket: DAY)',
    "Pattern.issues": "(first: 50)",
    "Pattern.timeline": '(last: "P14D", bucket: DAY)',
    "ReleaseComparison.fixedIn": "(first: 50)",
    "ReleaseComparison.newIn": "(first: 50)",
    "ReleaseComparison.regressedIn": "(first: 50)",
    "Schedule.gaps": '(from: "2026-02-20T00:00:00Z", to: "2026-03-20T00:00:00Z")',
    "Schedule.onCall": '(at: "2026-03-02T04:00:00Z")',
    "Schedule.overrides": '(from: "2026-02-20T00:00:00Z", to: "2026-03-20T00:00:00Z")',
    "Schedule.shifts": '(from: "2026-02-20T00:00:00Z", to: "2026-03-20T00:00:00Z")',
    "Schedule.shiftsInTimeOff": '(from: "2026-02-20T00:00:00Z", to: "2026-03-20T00:00:00Z")',
    **figures.ARGUMENTS,
}

# Inputs that name nothing of anybody: pages, orders, closed sets, times, counts, and what is new or said.
NEUTRAL = {
    "subject", "document", "cursor", "first", "last", "after", "before", "field", "direction", "since", "until", "for", "severity", "minSeverity",
    "status", "unassigned", "isRegression", "hasOpenAlert", "onCall", "channel", "onlyNewIssues", "every", "name", "role", "timezone", "services",
    "maxLoad", "plan", "retention", "redactKeys", "scopes", "expiresAt", "note", "reason", "resolution", "inRelease",
    "inNextRelease", "untilEventCount", "body", "payload", "mapping", "path", "constant", "groupingKeys",
    "orderBy", "job", "message", "module", "inApp", "fingerprint", "hourlyQuota", "spikeProtection", "rateLimitPerMinute", "rate",
    "severities", "messages", "releases", "environments", "browserExtensions", "webCrawlers", "localhost",
    "maxEvents", "username", "ipAddress", "delay", "digestEvery", "channels", "repeat",
    "kind", "length", "startsAt", "activeDays", "activeFrom", "activeUntil", "start", "end", "at",
    "importance", "exceptCritical", "value", "isEnabled",
    "code", "url", "text", "template", "notifyHandoff", "notifyAhead", "isSubscribed", "trigger", "threshold", "window", "cooldown", "key", "acknowledgeWithin",
    "resolveWithin", "warnAt",
}  # fmt: skip
LOG_INPUT = {"logError", "logErrors"}


def _in_filter(*filters: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"filter": filter} for filter in filters]


def _figures(names: Names) -> list[dict[str, Any]]:
    named = {"project": [names.slug], "service": [names.service], "environment": [names.environment]}
    return [{}, *_in_filter(*({key: value} for key, value in named.items()), {"issue": names.issue})]


def _rules(names: Names) -> dict[str, Any]:
    """Rules of grouping that would move what there is."""
    rule = {"errorType": names.error_type, "service": names.service, "fingerprint": ["moved"]}
    return {"fingerprint": [rule], "inApp": [{"module": "*", "inApp": False}]}


QUERIES: dict[str, Rule] = {
    "node": lambda own, other: [{"id": id} for id in other.all_nodes],
    "nodes": lambda own, other: [{"ids": [own.issue, *(ids[0] for ids in other.nodes.values())]}],
    "projects": lambda own, other: [{}],
    "project": lambda own, other: [{"slug": other.slug}],
    "groupingRulesDryRun": lambda own, other: [{"project": other.slug, "rules": _rules(other)}],
    "issue": lambda own, other: [{"by": {"id": other.issue}}, {"by": {"shortId": other.short_id}}],
    "issues": lambda own, other: [
        {},
        *_in_filter(
            {"project": [other.slug]},
            {"service": [other.service]},
            {"environment": [other.environment]},
            {"assignee": [other.developer]},
            {"team": [other.team]},
            {"errorType": [other.error_type]},
            {"release": [other.release]},
            {"pattern": other.pattern},
        ),
        *({"search": search} for search in searches_of_issues(other)),
    ],
    "event": lambda own, other: [
        {"by": {"id": other.event}},
        {"by": {"eventId": {"eventId": other.event_id}}},
        {"by": {"eventId": {"project": other.slug, "eventId": other.event_id}}},
    ],
    "events": lambda own, other: [
        {},
        *_in_filter(
            {"project": [other.slug]},
            {"service": [other.service]},
            {"environment": [other.environment]},
            {"release": [other.release]},
            {"errorType": [other.error_type]},
            {"issue": [other.issue]},
        ),
        *({"search": search} for search in searches_of_events(other)),
    ],
    "savedSearches": lambda own, other: [{}],
    "searchSuggestions": lambda own, other: suggestions(other),
    "stats": lambda own, other: _figures(other),
    "releaseComparison": lambda own, other: [
        {"project": slug, "base": other.release, "head": other.release} for slug in (own.slug, other.slug)
    ],
    "responseTargets": lambda own, other: [{}, {"project": other.slug}],
    "workload": lambda own, other: [{}, {"team": other.team}],
    "viewer": lambda own, other: [{}],
    "developers": lambda own, other: [{}, {"service": other.service}],
    "developer": lambda own, other: [{"id": other.developer}],
    "teams": lambda own, other: [{}],
    "schedules": lambda own, other: [{}],
    "schedule": lambda own, other: [{"id": other.schedule}],
    "onCall": lambda own, other: [{}, {"service": other.service}],
    "patterns": lambda own, other: [{}, {"service": other.service}],
    "pattern": lambda own, other: [{"id": other.pattern}],
    "scheduledRuns": lambda own, other: [{}, {"job": "prune_runs"}],
    "scheduledJobs": lambda own, other: [{}],
    "alerts": lambda own, other: [{}],
    "alertRules": lambda own, other: [{}, {"project": other.slug}],
    "escalationPolicies": lambda own, other: [{}],
    "simulateAlert": lambda own, other: [
        {"service": other.service, "severity": "HIGH"},
        {"service": own.service, "severity": "HIGH", "project": other.slug},
    ],
    "notifications": lambda own, other: [{}, {"recipient": other.developer}],
    "notificationTemplates": lambda own, other: [{}],
    "previewNotificationTemplate": lambda own, other: _inputs(
        {"channel": "EMAIL", "text": "{{ title }}", "issueId": other.issue},
        {"channel": "SMS", "text": "{{ title }}", "notificationId": other.notification},
        {"channel": "SLACK", "text": "{{ title }}"},
    ),
    "streamPosition": lambda own, other: [{}],
    "tryMapping": lambda own, other: [
        {"ingestKeyId": other.ingest_key, "payload": {"title": "failed"}},
        {"ingestKeyId": other.ingest_key, "payload": {}, "mapping": [{"field": "message", "constant": "failed"}]},
    ],
}


def _inputs(*inputs: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"input": input} for input in inputs]


def _report(slug: str) -> dict[str, Any]:
    return {"project": slug, "service": "web", "errorType": "Error", "message": "failed"}


def _on_issue(**more: Any) -> Rule:
    return lambda own, other: _inputs({"issueId": other.issue, **more})


def _on_alert(**more: Any) -> Rule:
    return lambda own, other: _inputs(
        {"alertId": other.alert, **more}, {"alertId": own.alert, "toDeveloperId": other.developer}
    )


def _step(target: str) -> dict[str, Any]:
    return {"delay": "PT5M", "targets": [target]}


_ROTATION = {"name": "New", "kind": "DAILY", "startsAt": "2026-03-02T00:00:00Z"}
_SPAN = {"start": "2026-03-03T00:00:00Z", "end": "2026-03-04T00:00:00Z"}

MUTATIONS: dict[str, Rule] = {
    "logError": lambda own, other: _inputs(_report(other.slug)),
    "logErrors": lambda own, other: [{"inputs": [_report(other.slug), _report(other.slug)]}],
    "createProject": lambda own, other: _inputs(
        {"slug": other.slug, "name": "New"}, {"slug": "new", "name": "New", "ownerId": other.developer}
    ),
    "updateProject": lambda own, other: _inputs(
        {"projectId": other.project, "name": "New"},
        {"projectId": own.project, "ownerId": other.developer},
        {"projectId": other.project, "groupingRules": _rules(other)},
        {"projectId": own.project, "ownershipRules": [{"path": "*", "teamId": other.team}]},
        {"projectId": own.project, "ownershipRules": [{"service": other.service, "developerIds": [other.developer]}]},
        {"projectId": own.project, "ownershipRules": [{"tag": {"key": "k", "value": "*"}, "teamId": other.team}]},
    ),
    "erasePerson": lambda own, other: _inputs({"projectId": other.project, "id": "7", "email": other.email}),
    "createDeveloper": lambda own, other: _inputs(
        {"name": "New", "email": other.email}, {"name": "New", "email": "new@example.com", "managerId": other.developer}
    ),
    "updateDeveloper": lambda own, other: _inputs(
        {"developerId": other.developer, "name": "New"},
        {"developerId": own.developer, "managerId": other.developer},
        {"developerId": own.developer, "email": other.email},
    ),
    "setOnCall": lambda own, other: _inputs({"developerId": other.developer, "onCall": False}),
    "createTeam": lambda own, other: _inputs(
        {"slug": f"{other.word}-team", "name": "New"},
        {"slug": "new", "name": "New", "leadId": other.developer},
        {"slug": "new", "name": "New", "memberIds": [other.developer], "projectIds": [other.project]},
    ),
    "updateTeam": lambda own, other: _inputs(
        {"teamId": other.team, "name": "New"},
        {"teamId": own.team, "slug": f"{other.word}-team"},
        {"teamId": own.team, "leadId": other.developer},
        {"teamId": own.team, "memberIds": [other.developer]},
        {"teamId": own.team, "projectIds": [other.project]},
    ),
    "createEscalationPolicy": lambda own, other: _inputs(
        {"name": f"{other.word} policy", "steps": [_step(own.developer)]},
        {"name": "New", "steps": [_step(other.developer)]},
        {"name": "New", "steps": [_step(other.team)]},
        {"name": "New", "steps": [_step(other.schedule)]},
        {"name": "New", "steps": [_step(own.developer)], "teamId": other.team},
    ),
    "updateEscalationPolicy": lambda own, other: _inputs(
        {"policyId": other.escalation_policy, "name": "New"},
        {"policyId": own.escalation_policy, "name": f"{other.word} policy"},
        {"policyId": own.escalation_policy, "steps": [_step(other.developer)]},
        {"policyId": own.escalation_policy, "teamId": other.team},
    ),
    "setResponseTargets": lambda own, other: _inputs({"projectId": other.project, "targets": []}),
    "deleteEscalationPolicy": lambda own, other: _inputs({"policyId": other.escalation_policy}),
    "createAlertRule": lambda own, other: _inputs(
        {"name": f"{other.word} rule", "trigger": "NEW_ISSUE"},
        {"name": "New", "trigger": "NEW_ISSUE", "project": other.slug},
        {"name": "New", "trigger": "NEW_ISSUE", "policyId": other.escalation_policy},
        {"name": "New", "trigger": "NEW_ISSUE", "recipients": [other.developer]},
        {"name": "New", "trigger": "NEW_ISSUE", "filter": {"services": [other.service]}},
        {"name": "New", "trigger": "NEW_ISSUE", "filter": {"environments": [other.environment]}},
        {"name": "New", "trigger": "NEW_ISSUE", "filter": {"errorTypes": [other.error_type]}},
    ),
    "updateAlertRule": lambda own, other: _inputs(
        {"alertRuleId": other.alert_rule, "name": "New"},
        {"alertRuleId": own.alert_rule, "name": f"{other.word} rule"},
        {"alertRuleId": own.alert_rule, "policyId": other.escalation_policy},
        {"alertRuleId": own.alert_rule, "recipients": [other.developer]},
        {"alertRuleId": own.alert_rule, "filter": {"services": [other.service]}},
        {"alertRuleId": own.alert_rule, "filter": {"environments": [other.environment]}},
        {"alertRuleId": own.alert_rule, "filter": {"errorTypes": [other.error_type]}},
    ),
    "deleteAlertRule": lambda own, other: _inputs({"alertRuleId": other.alert_rule}),
    "createSchedule": lambda own, other: _inputs(
        {"name": f"{other.word} schedule"}, {"name": "New", "teamId": other.team}, {"name": "New", "teamId": own.team}
    ),
    "updateSchedule": lambda own, other: _inputs(
        {"scheduleId": other.schedule, "name": "New"},
        {"scheduleId": own.schedule, "name": f"{other.word} schedule"},
        {"scheduleId": own.schedule, "teamId": other.team},
    ),
    "deleteSchedule": lambda own, other: _inputs({"scheduleId": other.schedule}),
    "createRotation": lambda own, other: _inputs(
        {"scheduleId": other.schedule, "participantIds": [own.developer], **_ROTATION},
        {"scheduleId": own.schedule, "participantIds": [other.developer], **_ROTATION},
    ),
    "updateRotation": lambda own, other: _inputs(
        {"rotationId": other.rotation, "name": "New"},
        {"rotationId": own.rotation, "participantIds": [other.developer]},
    ),
    "deleteRotation": lambda own, other: _inputs({"rotationId": other.rotation}),
    "createOverride": lambda own, other: _inputs(
        {"scheduleId": other.schedule, "addId": own.developer, **_SPAN},
        {"scheduleId": own.schedule, "addId": other.developer, **_SPAN},
        {"scheduleId": own.schedule, "removeId": other.developer, **_SPAN},
    ),
    "updateOverride": lambda own, other: _inputs(
        {"overrideId": other.schedule_override, "note": "New"},
        {"overrideId": own.schedule_override, "addId": other.developer},
        {"overrideId": own.schedule_override, "removeId": other.developer},
    ),
    "deleteOverride": lambda own, other: _inputs({"overrideId": other.schedule_override}),
    "createCalendarUrl": lambda own, other: _inputs({"scheduleId": other.schedule}),
    "deleteCalendarUrl": lambda own, other: _inputs({"scheduleId": other.schedule}),
    "createImportedCalendar": lambda own, other: _inputs(
        {"scheduleId": other.schedule, "name": "New", "text": a_calendar()},
        {
            "scheduleId": own.schedule,
            "name": "New",
            "text": a_calendar(a_span("05T03", "05T05", f"{other.word} dev"), a_span("05T03", "05T05", other.email)),
        },
    ),
    "updateImportedCalendar": lambda own, other: _inputs(
        {"importedCalendarId": other.imported_calendar, "name": "New"}
    ),
    "deleteImportedCalendar": lambda own, other: _inputs({"importedCalendarId": other.imported_calendar}),
    "createTimeOff": lambda own, other: _inputs({"developerId": other.developer, **_SPAN}),
    "updateTimeOff": lambda own, other: _inputs({"timeOffId": other.time_off, "end": "2026-03-09T00:00:00Z"}),
    "deleteTimeOff": lambda own, other: _inputs({"timeOffId": other.time_off}),
    "createIngestKey": lambda own, other: _inputs({"projectId": other.project, "name": "New"}),
    "updateIngestKey": lambda own, other: _inputs({"ingestKeyId": other.ingest_key, "name": "New"}),
    "createSigningSecret": lambda own, other: _inputs({"ingestKeyId": other.ingest_key}),
    "deleteSigningSecret": lambda own, other: _inputs({"ingestKeyId": other.ingest_key}),
    "revokeIngestKey": lambda own, other: _inputs({"ingestKeyId": other.ingest_key}),
    "createApiToken": lambda own, other: _inputs(
        {"name": "New", "scopes": ["READ"], "projectIds": [other.project]},
        {"name": "New", "scopes": ["READ"], "projectIds": [own.project], "ownerId": other.developer},
    ),
    "revokeApiToken": lambda own, other: _inputs({"apiTokenId": other.api_token}),
    "assignIssue": lambda own, other: _inputs(
        {"issueId": other.issue},
        {"issueId": other.issue, "developerId": own.developer},
        {"issueId": own.issue, "developerId": other.developer},
        {"issueId": own.issue, "developerId": own.nodes["Developer"][1], "teamId": other.team},
    ),
    "unassignIssue": _on_issue(),
    "acknowledgeIssue": _on_issue(),
    "escalateIssue": lambda own, other: _inputs(
        {"issueId": other.issue, "reason": "now"},
        {"issueId": own.issue, "reason": "now", "toDeveloperId": other.developer},
    ),
    "resolveIssue": _on_issue(),
    "reopenIssue": _on_issue(),
    "snoozeIssue": _on_issue(**{"for": "PT1H"}),
    "ignoreIssue": _on_issue(),
    "setIssueSeverity": _on_issue(severity="LOW"),
    "mergeIssues": lambda own, other: _inputs(
        {"intoIssueId": other.issue, "issueIds": [own.issue]},
        {"intoIssueId": own.issue, "issueIds": [other.issue]},
        {"intoIssueId": other.nodes["Issue"][0], "issueIds": [other.nodes["Issue"][1]]},
    ),
    "splitIssue": _on_issue(groupingKeys=["00" * 16]),
    "commentOnIssue": _on_issue(body="looked at it"),
    "acknowledgeAlert": _on_alert(),
    "escalateAlert": _on_alert(note="now"),
    "resolveAlert": _on_alert(),
    "deleteSourceMap": lambda own, other: _inputs({"sourceMapId": other.source_map}),
    "retryNotification": lambda own, other: _inputs({"notificationId": other.notification}),
    "sendTestNotification": lambda own, other: _inputs({"channel": "EMAIL", "destination": other.email}),
    "markNotificationsRead": lambda own, other: _inputs({"ids": [other.notification]}),
    "setMailSubscription": lambda own, other: [],
    "createContactMethod": lambda own, other: _inputs(
        {"channel": "SMS", "value": "+4915112345678", "developerId": other.developer}
    ),
    "updateContactMethod": lambda own, other: _inputs({"contactMethodId": other.contact_method, "isEnabled": False}),
    "deleteContactMethod": lambda own, other: _inputs({"contactMethodId": other.contact_method}),
    "sendVerificationCode": lambda own, other: _inputs({"contactMethodId": other.contact_method}),
    "verifyContactMethod": lambda own, other: _inputs({"contactMethodId": other.contact_method, "code": "123456"}),
    "createNotificationRule": lambda own, other: _inputs(
        {"channel": "SMS", "minSeverity": "LOW", "developerId": other.developer}
    ),
    "updateNotificationRule": lambda own, other: _inputs(
        {"notificationRuleId": other.notification_rule, "minSeverity": "LOW"}
    ),
    "deleteNotificationRule": lambda own, other: _inputs({"notificationRuleId": other.notification_rule}),
    "createNotificationTemplate": lambda own, other: _inputs(
        {"channel": "SMS", "text": "{{ title }}", "project": other.slug}
    ),
    "updateNotificationTemplate": lambda own, other: _inputs(
        {"notificationTemplateId": other.notification_template, "text": "New"}
    ),
    "createSavedSearch": lambda own, other: _inputs(
        *({"name": "New", "search": other.word, **where} for where in ({"teamId": other.team}, {"project": other.slug}))
    ),
    "updateSavedSearch": lambda own, other: _inputs(
        {"savedSearchId": other.saved_search, "name": "New", "search": other.word}
    ),
    "deleteSavedSearch": lambda own, other: _inputs({"savedSearchId": other.saved_search}),
    "deleteNotificationTemplate": lambda own, other: _inputs({"notificationTemplateId": other.notification_template}),
}


def _with_own(own: Names, other: Names) -> dict[str, list[str]]:
    """A filter that names both, so that something of the caller's own shows that the stream has come so far."""
    return {
        "project": [own.slug, other.slug],
        "service": [own.service, other.service],
        "environment": [own.environment, other.environment],
        "release": [own.release, other.release],
        "errorType": [own.error_type, other.error_type],
    }


SUBSCRIPTIONS: dict[str, Rule] = {
    "errorLogged": lambda own, other: [
        {},
        *_in_filter(_with_own(own, other), {"issue": [own.issue, other.issue]}),
    ],
    "notificationSent": lambda own, other: [{}, {"recipient": own.developer}],
    "statsTicked": lambda own, other: _figures(other),
    "alertChanged": lambda own, other: [{}, {"project": own.slug}],
    "issueChanged": lambda own, other: [
        {},
        *_in_filter(
            _with_own(own, other),
            {"assignee": [own.developer, *other.nodes["Developer"]]},
            {"team": [own.team, other.team]},
            {"pattern": own.pattern},
        ),
    ],
}
