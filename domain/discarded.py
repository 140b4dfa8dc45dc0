"""What did the SDKs say that they discarded themselves? Why and of what kind is one of a known few.

What a stranger counts is kept in a table, so neither the rows nor the numbers may grow with what strangers think of.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

SHOWN = timedelta(hours=24)
KEPT = timedelta(days=30)
OTHER = "other"
MOST_AT_ONCE = 1_000_000

REASONS = frozenset({
    "backpressure", "before_send", "buffer_overflow", "cache_overflow", "event_processor", "ignored",
    "insufficient_data", "internal_sdk_error", "invalid", "network_error", "no_client", "no_parent_span",
    "queue_overflow", "ratelimit_backoff", "sample_rate", "send_error", "too_large",
})  # fmt: skip
CATEGORIES = frozenset({
    "attachment", "default", "error", "feedback", "internal", "log_byte", "log_item", "metric_bucket", "monitor",
    "profile", "profile_chunk", "profile_chunk_ui", "replay", "security", "session", "span", "trace_metric",
    "transaction", "unknown", "user_report_v2",
})  # fmt: skip

Discards: TypeAlias = Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Discarded:
    """How many of a kind were discarded for a reason."""

    reason: str
    category: str
    count: int


def counted(entries: Iterable[Mapping[str, object]]) -> Discards:
    """Add up what an SDK counted, by reason and category; what counts nothing is left out."""
    counts: Discards = Counter()
    for entry in entries:
        quantity = entry.get("quantity")
        if type(quantity) is int and quantity > 0:
            counts[_known(entry.get("reason"), REASONS), _known(entry.get("category"), CATEGORIES)] += min(
                quantity, MOST_AT_ONCE
            )
    return counts


def hour_of(at: datetime) -> datetime:
    """The start of its hour."""
    return at.replace(minute=0, second=0, microsecond=0)


def _known(value: object, names: frozenset[str]) -> str:
    return value if isinstance(value, str) and value in names else OTHER
