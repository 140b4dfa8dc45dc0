"""What stands after the colon of a term: severities, numbers and times, compared or from one to another."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.event import Severity
from domain.search.failing import alike, fail, listed
from domain.span import Span

_COMPARED = re.compile(r"(>=|<=|>|<)(.*)", re.DOTALL)
_AGO = re.compile(r"([0-9]{1,6})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_WHOLE = re.compile(r"[0-9]{1,18}")
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(9999, 1, 1, tzinfo=UTC)
_A_TIME = "a time such as `24h`, `>7d`, `2026-11-01`, `2026-11-01T10:00Z` or `2026-11-01..2026-11-08`"


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it was written, and the column where it begins."""

    text: str
    column: int
    is_quoted: bool = False

    @property
    def compared(self) -> tuple[str, "Value"]:
        """Its sign of comparison, empty where it has none, and what is behind that."""
        found = _COMPARED.fullmatch(self.text)
        if self.is_quoted or found is None:
            return "", self
        return found[1], Value(found[2], self.column + found.start(2))

    @property
    def ends(self) -> "tuple[Value, Value] | None":
        """Both ends, where it goes from one to another."""
        first, dots, last = self.text.partition("..")
        if self.is_quoted or not dots:
            return None
        return Value(first, self.column), Value(last, self.column + len(first) + len(dots))


def read_severities(value: Value) -> frozenset[Severity]:
    """The severities that the value means: one, or those on one side of it.

    Raises: InvalidInput.
    """
    sign, level = value.compared
    name = level.text.upper()
    if name not in Severity.__members__:
        words = f"`{level.text}` is no severity. They are {listed(severity.lower() for severity in Severity)}."
        fail(level.column, words + alike(level.text.lower(), [severity.lower() for severity in Severity]))
    rank = Severity(name).rank
    holds = {"": rank.__eq__, ">=": rank.__le__, ">": rank.__lt__, "<=": rank.__ge__, "<": rank.__gt__}[sign]
    return frozenset(severity for severity in Severity if holds(severity.rank))


def read_bounds(value: Value) -> tuple[int | None, int | None]:
    """The least and the most that the value lets pass, both included; none leaves a side open.

    Raises: InvalidInput.
    """
    if ends := value.ends:
        least, most = _whole(ends[0]), _whole(ends[1])
        if least > most:
            fail(ends[1].column, f"the range ends at {most}, before it begins at {least}.")
        return least, most
    sign, bound = value.compared
    number = _whole(bound)
    match sign:
        case ">=":
            return number, None
        case ">":
            return number + 1, None
        case "<=":
            return None, number
        case "<":
            return None, number - 1
        case _:
            return number, number


def _whole(value: Value) -> int:
    if not _WHOLE.fullmatch(value.text):
        fail(value.column, f"a whole number is expected here, as in `>100`, `<=5` or `10..20`, not `{value.text}`.")
    return int(value.text)


def read_span(value: Value, now: datetime) -> Span:
    """The span that the value means. A day stands for all of it; `24h` is less than so long ago, `>7d` longer.

    Raises: InvalidInput.
    """
    if ends := value.ends:
        since, until = _time(ends[0], now).since, _time(ends[1], now).since
        assert since is not None
        assert until is not None
        if since >= until:
            fail(ends[1].column, "the range ends before it begins.")
        return Span(since, until)
    sign, at = value.compared
    span = _time(at, now)
    if span.since == span.until:  # a moment ago: what is more of it is earlier
        return Span(None, span.since) if sign in (">", ">=") else Span(span.since)
    return {
        "": span,
        ">=": Span(span.since),
        ">": Span(span.until),
        "<=": Span(None, span.until),
        "<": Span(None, span.since),
    }[sign]


def _time(value: Value, now: datetime) -> Span:
    """From when to when a time lasts as it was written: a day, a minute, or no time at all where it is so long ago."""
    try:
        span = _read_time(value.text, now)
    except (ValueError, OverflowError):  # no such day, or none that can be counted to
        span = None
    if span is None:
        fail(value.column, f"{_A_TIME} is expected here, not `{value.text}`.")
    return span


def _read_time(text: str, now: datetime) -> Span | None:
    if ago := _AGO.fullmatch(text):
        return _lasting(now - timedelta(**{_UNITS[ago[2]]: int(ago[1])}), timedelta(0))
    if _DAY.fullmatch(text):
        return _lasting(datetime.combine(date.fromisoformat(text), time(), UTC), timedelta(days=1))
    if moment := _MOMENT.fullmatch(text):
        at = datetime.fromisoformat(text)
        step = timedelta(microseconds=1) if moment[2] else timedelta(seconds=1) if moment[1] else timedelta(minutes=1)
        return _lasting(at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC), step)
    return None


def _lasting(at: datetime, step: timedelta) -> Span:
    since = min(max(at, _EARLIEST), _LATEST)
    return Span(since, since + step)
