"""What people are told when they come on call, before they do, and when they are relieved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.errors import InvalidInput
from domain.wording import span_in_words

LONGEST_AHEAD = timedelta(days=7)
SHORTEST_AHEAD = timedelta(minutes=1)
# Being told longer after that one is on call no more says nothing new.
LATEST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class HandOff:
    """Somebody's coming on call by a schedule: from when and until when, none where no end is in sight.

    `before` went as they came, `beside` are on call with them, `after` come when they go. `alerts` are some of those
    that are open, each in a line, of `alert_count`; `left` says how many unresolved issues each of `before` has.
    """

    schedule: str
    start: datetime
    end: datetime | None
    before: Sequence[str] = ()
    beside: Sequence[str] = ()
    after: Sequence[str] = ()
    alerts: Sequence[str] = ()
    alert_count: int = 0
    left: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A message, and why its reader gets it. `facts` are what it tells, each as a template has it."""

    subject: str
    text: str
    reason: str
    facts: Mapping[str, str | int]


def check_ahead(ahead: timedelta | None) -> timedelta | None:
    """How long before they come on call people are told; none: only when they do.

    Raises: InvalidInput.
    """
    if ahead is not None and not SHORTEST_AHEAD <= ahead <= LONGEST_AHEAD:
        raise InvalidInput("`notifyAhead` must be from a minute to seven days.", ("notifyAhead",))
    return ahead


def say_beginning(handoff: HandOff, timezone: str, *, at: datetime) -> Said:
    """What is said to whoever comes on call, at that instant or before they do, in their own time."""
    is_ahead = handoff.start > at
    when = f"from {_moment(handoff.start, timezone)}" if is_ahead else "now"
    until = f", until {_moment(handoff.end, timezone)}" if handoff.end else ""
    subject = f"You are on call for {handoff.schedule} {when}"
    lines = [f"You are on call for {handoff.schedule} {when}{until}."]
    if is_ahead:
        lines.append(f"That is in {span_in_words(handoff.start - at)}.")
    lines.append(f"Before you: {_names(handoff.before)}.")
    if handoff.beside:
        lines.append(f"With you: {_names(handoff.beside)}.")
    if handoff.end:
        lines.append(f"After you: {_names(handoff.after)}.")
    alerts, left = _alert_lines(handoff), _left_lines(handoff)
    lines += [f"Open alerts: {handoff.alert_count or 'none'}.", *alerts, *left]
    facts: dict[str, str | int] = {
        "turn": "soon" if is_ahead else "now",
        "schedule": handoff.schedule,
        "starts": _moment(handoff.start, timezone),
        "ends": _moment(handoff.end, timezone) if handoff.end else "",
        "before": ", ".join(handoff.before),
        "beside": ", ".join(handoff.beside),
        "after": ", ".join(handoff.after),
        "alerts": handoff.alert_count,
        "alert_list": "\n".join(alerts),
        "left_list": "\n".join(left),
    }
    return Said(subject, "\n".join(lines), "It is your turn in the schedule.", facts)


def say_end(schedule: str, at: datetime, now: Sequence[str], timezone: str) -> Said:
    """What is said to whoever was on call until that instant, in their own time."""
    subject = f"You are no longer on call for {schedule}"
    text = f"{subject} since {_moment(at, timezone)}.\nNow on call: {_names(now)}."
    facts: dict[str, str | int] = {
        "turn": "over", "schedule": schedule, "ends": _moment(at, timezone), "after": ", ".join(now), "alerts": 0
    }  # fmt: skip
    return Said(subject, text, "Your turn in the schedule is over.", facts)


def _alert_lines(handoff: HandOff) -> list[str]:
    """Some of the alerts that whoever comes takes over, and how many more."""
    shown = [f"- {alert}" for alert in handoff.alerts]
    more = handoff.alert_count - len(shown)
    return [*shown, *([f"- and {more} more"] if more > 0 else [])]


def _left_lines(handoff: HandOff) -> list[str]:
    """What those before leave."""
    return [f"{name} has {count} unresolved issues." for name, count in handoff.left if count]


def _names(people: Sequence[str]) -> str:
    return ", ".join(people) or "nobody"


def _moment(at: datetime, timezone: str) -> str:
    return f"{at.astimezone(ZoneInfo(timezone)):%a %Y-%m-%d %H:%M} ({timezone})"
