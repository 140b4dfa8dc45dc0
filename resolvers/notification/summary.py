"""The mail of a daily summary: what was counted, in words and bars that need no images."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.alert import AlertStatus
from domain.event import Severity
from domain.summary import bar_heights, change_in_words, hour_axis, sparkline
from domain.wording import counted
from resolvers.notification.telling import COLOURS, standing

_PIXELS = 64
_LABEL_EVERY = 6


def summary_subject(content: Mapping[str, Any]) -> str:
    """What the mail is about, the morning and the counts: Monday 2 March: 1,234 events, 3 new issues, 2 alerts open."""
    new, regressed, alerts = (content[name]["count"] for name in ("new", "regressed", "alerts"))
    parts = [
        counted(content["total"], "event"),
        *([counted(new, "new issue")] if new else []),
        *([f"{regressed:,} regressed"] if regressed else []),
        *([f"{counted(alerts, 'alert')} open"] if alerts else []),
    ]
    return f"{day_in_words(content['day'])}: {', '.join(parts)}"


def day_in_words(day: date | str) -> str:
    """A morning, for people: Monday 2 March."""
    morning = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{morning:%A} {morning.day} {morning:%B}"


def summary_view(content: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept with a summary, and that in words, for a mail to show."""
    zone, hours = ZoneInfo(content["zone"]), content["hours"]
    seen = [row["severity"] for row in content["severities"]]
    return {
        **content,
        "day_words": day_in_words(content["day"]),
        "change": change_in_words(content["total"], content["before"]),
        "colour": COLOURS[Severity(seen[0])] if seen else COLOURS[Severity.INFO],
        "severities": [_counted(row) for row in content["severities"]],
        "services": [_counted(row) for row in content["services"]],
        "spark": sparkline([hour["count"] for hour in hours]),
        "axis": hour_axis([hour["hour"] for hour in hours]),
        "peak": _peak(hours),
        "bars": _bars(hours),
        "pixels": _PIXELS,
        "parts": [
            _part("Open alerts", content["alerts"], lambda alert: _rings(alert, zone)),
            _part("New issues", content["new"], _seen),
            _part("Regressed", content["regressed"], _seen),
        ],
        "unresolved_words": _unresolved(content["unresolved"]),
        "on_call": [_on_call(line, zone) for line in content["on_call"]],
    }


def _counted(row: Mapping[str, Any]) -> dict[str, Any]:
    colour = COLOURS[Severity(row["severity"])] if "severity" in row else None
    return {"severity": None, **row, "change": change_in_words(row["count"], row["before"]), "colour": colour}


def _peak(hours: Sequence[Mapping[str, Any]]) -> str:
    most = max(hours, key=lambda hour: hour["count"])
    return f"most from {most['hour']:02}:00 on: {most['count']:,}" if most["count"] else "none at all"


def _bars(hours: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    bad = [hour["bad"] for hour in hours]
    heights = bar_heights(bad, [hour["count"] - hour["bad"] for hour in hours], _PIXELS)
    return [
        {
            "bad": high,
            "rest": low,
            "label": f"{hour['hour']:02}" if hour["hour"] % _LABEL_EVERY == 0 else "",
            "title": f"{hour['hour']:02}:00: {hour['count']:,}",
        }
        for hour, (high, low) in zip(hours, heights, strict=True)
    ]


def _part(title: str, listed: Mapping[str, Any], about: Any) -> dict[str, Any]:
    worst = [
        {**issue, "about": about(issue), "colour": COLOURS[Severity(issue["severity"])]} for issue in listed["worst"]
    ]
    return {"title": title, "count": listed["count"], "worst": worst, "more": listed["count"] - len(worst)}


def _seen(issue: Mapping[str, Any]) -> str:
    return f"seen {counted(issue['events'], 'time')}"


def _rings(alert: Mapping[str, Any], zone: ZoneInfo) -> str:
    word = standing(AlertStatus(alert["status"])).lower()
    return f"{word}, since {_on_clock(alert['since'], zone)}"


def _unresolved(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return "none"
    total = sum(row["count"] for row in rows)
    parts = ", ".join(f"{row['count']:,} {row['severity']}" for row in rows)
    return f"{total:,} ({parts})"


def _on_call(line: Mapping[str, Any], zone: ZoneInfo) -> dict[str, str]:
    now = [_until(person, zone) for person in line["now"]] or ["nobody"]
    later = ", ".join(person["name"] for person in line["next"])
    words = ", ".join(now)
    if later:
        words += f"; from {_on_clock(line['next'][0]['at'], zone)}: {later}"
    return {"name": line["schedule"] or "By hand", "words": words}


def _until(person: Mapping[str, Any], zone: ZoneInfo) -> str:
    return f"{person['name']} until {_on_clock(person['until'], zone)}" if person["until"] else str(person["name"])


def _on_clock(at: datetime | str, zone: ZoneInfo) -> str:
    """An instant on clocks in the zone, to the minute: Mon 2 March, 08:00."""
    local = (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(zone)
    return f"{local:%a} {local.day} {local:%B}, {local:%H:%M}"
