"""What a template may say of a message: the value of each of its variables, from what is kept with the message."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from domain.notification import NotificationKind
from domain.notification_template import form_of
from domain.wording import moment
from resolvers.notification.summary import summary_view
from resolvers.notification.telling import HEADLINES
from resolvers.notification.warning import warning_view

Content: TypeAlias = Mapping[str, Any]
_LONGEST_STACK = 4000


def view_of(kind: NotificationKind, content: Content) -> dict[str, object]:
    """The value of each variable that templates of that kind have, empty where it is not known."""
    common = {name: content.get(name) for name in ("headline", "reason", "recipient", "url")}
    known = {**common, **_VIEWS.get(kind, _of_issue)(content)}
    if "issue" in content:
        known["headline"] = HEADLINES[kind]
    return {name: "" if known.get(name) is None else known[name] for name in form_of(kind).variables}


def _of_issue(content: Content) -> dict[str, object]:
    issue, event, counts = content["issue"], content.get("event") or {}, content["counts"]
    return {
        **{name: issue[name] for name in ("title", "short_id", "url", "service", "culprit")},
        **{name: event.get(name) for name in ("environment", "release", "endpoint", "server")},
        "message": event.get("message") or issue["message"],
        "severity": str(issue["severity"]),
        "project": content["project"],
        "events": counts["events"],
        "users": counts["users"],
        "first_seen": moment(counts["first_seen_at"]),
        "last_seen": moment(counts["last_seen_at"]),
        "stack": "\n".join(_stack(event))[:_LONGEST_STACK],
    }


def _of_handoff(content: Content) -> dict[str, object]:
    return {"text": content["text"], **content.get("facts", {})}


def _of_summary(content: Content) -> dict[str, object]:
    view = summary_view(content)
    alerts, new, regressed = view["parts"]
    return {
        "day": view["day_words"],
        "events": view["total"],
        "events_before": view["before"],
        "change": view["change"],
        "chart": view["spark"],
        "peak": view["peak"],
        "alerts": alerts["count"],
        "alert_list": _part(alerts),
        "new": new["count"],
        "new_list": _part(new),
        "regressed": regressed["count"],
        "regressed_list": _part(regressed),
        "unresolved": sum(row["count"] for row in view["unresolved"]),
        "severity_list": _list(f"{row['severity']}: {row['count']:,}, {row['change']}" for row in view["severities"]),
        "service_list": _list(f"{row['name']}: {row['count']:,}, {row['change']}" for row in view["services"]),
        "on_call_list": _list(f"{line['name']}: {line['words']}" for line in view["on_call"]),
    }


def _of_warning(content: Content) -> dict[str, object]:
    view = warning_view(content)
    return {
        "wrong": len(view["wrong"]),
        "wrong_list": _list(f"{one['title']}: {one['words']}{_since(one)} {one['advice']}" for one in view["wrong"]),
        "over": len(view["over"]),
        "over_list": _list(f"{one['title']}{_since(one)}. Now: {one['words']}" for one in view["over"]),
        "lasting_list": _list(f"{one['title']}: {one['words']}{_since(one)}" for one in view["lasting"]),
        "service_list": _list(f"{row['name']}: {row['count']:,}" for row in view["services"]),
        "issue_list": _list(map(_issue, view["issues"])),
    }


def _of_dropped(content: Content) -> dict[str, object]:
    return {
        **{name: content[name] for name in ("project", "slug", "plan", "why")},
        "hour": moment(content["hour"]),
        "until": moment(content["until"]),
    }


def _part(part: Mapping[str, Any]) -> str:
    more = [f"and {part['more']:,} more"] if part["more"] else []
    return _list([*map(_issue, part["worst"]), *more])


def _issue(issue: Mapping[str, Any]) -> str:
    about = ", ".join(str(issue[name]) for name in ("service", "about") if name in issue)
    return f"[{issue['severity']}] {issue['short_id']} {issue['title']} ({about}) {issue['url']}"


def _since(one: Mapping[str, Any]) -> str:
    return f" (since {moment(one['since'])})" if one["since"] else ""


def _list(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def _stack(event: Mapping[str, Any]) -> list[str]:
    return [call["where"] for call in event.get("calls", ())] or list(event.get("lines", ()))


# All other kinds that have templates are about an issue.
_VIEWS: Mapping[NotificationKind, Callable[[Content], dict[str, object]]] = {
    NotificationKind.HANDOFF: _of_handoff,
    NotificationKind.DAILY_SUMMARY: _of_summary,
    NotificationKind.WARNING: _of_warning,
    NotificationKind.EVENTS_DROPPED: _of_dropped,
}
