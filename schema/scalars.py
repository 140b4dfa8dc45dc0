"""The contract's own scalars: how their values look on the wire."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

Count = NewType("Count", int)
Cursor = NewType("Cursor", str)

_LARGEST = 2**53
_DURATION = re.compile(
    r"P(?:(?P<weeks>\d{1,6})W)?(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?:(?P<hours>\d{1,8})H)?(?:(?P<minutes>\d{1,8})M)?(?:(?P<seconds>\d{1,10}(?:\.\d{1,6})?)S)?)?"
)


@lru_cache(maxsize=4096)
def write_datetime(at: datetime) -> str:
    """RFC 3339 in UTC, with the Z. Charts side by side have the same times, so what was written last is remembered."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_datetime(text: object) -> datetime:
    """An instant from RFC 3339; one without an offset is taken for UTC."""
    if not isinstance(text, str):
        raise GraphQLError("DateTime must be a string such as 2026-01-31T12:00:00Z.")
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise GraphQLError("DateTime must look like 2026-01-31T12:00:00Z.") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def write_duration(span: timedelta) -> str:
    """ISO 8601 of days, hours, minutes and seconds; calendar months have no fixed length, so none are written."""
    seconds = span.total_seconds()
    days, rest = divmod(abs(seconds), 86400)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    date = f"{days:.0f}D" if days else ""
    time = "".join(f"{value:.6g}{unit}" for value, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if value)
    return ("-" if seconds < 0 else "") + (f"P{date}{'T' if time else ''}{time}" if date or time else "PT0S")


def read_duration(text: object) -> timedelta:
    """A span from ISO 8601 of weeks, days, hours, minutes and seconds."""
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None or text in ("P", "PT") or str(text).endswith("T"):
        raise GraphQLError("Duration must be ISO 8601 of weeks to seconds, such as PT15M or P1D.")
    try:
        return timedelta(**{unit: float(value) for unit, value in match.groupdict().items() if value})
    except OverflowError as error:
        raise GraphQLError("Duration is too long.") from error


def read_count(value: object) -> int:
    """A whole number up to 2^53."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST:
        raise GraphQLError("Count must be a whole number up to 2^53.")
    return value


def _same(value: object) -> object:
    return value


SCALARS: dict[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant, RFC 3339, always UTC on the way out.",
        serialize=write_datetime,
        parse_value=read_datetime,
    ),
    timedelta: strawberry.scalar(
        name="Duration",
        description="An ISO 8601 duration such as PT15M.",
        serialize=write_duration,
        parse_value=read_duration,
    ),
    strawberry.scalars.JSON: strawberry.scalar(
        name="JSON", description="Any JSON value.", serialize=_same, parse_value=_same
    ),
    Count: strawberry.scalar(
        name="Count", description="A whole number up to 2^53.", serialize=int, parse_value=read_count
    ),
    Cursor: strawberry.scalar(
        name="Cursor",
        description="What to pass as `after`: opaque, carries its epoch and day.",
        serialize=str,
        parse_value=str,
    ),
}
