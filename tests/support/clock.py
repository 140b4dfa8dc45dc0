"""When tests take place, unless they move the clock: a Monday, 03:00 UTC."""

from datetime import UTC, datetime

START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
