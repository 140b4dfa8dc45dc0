"""What does an SDK of Sentry say that it discarded? An item of the type `client_report`, brought to our counts."""

from collections.abc import Mapping
from typing import Any

from domain.dialects.sentry.shapes import objects_in
from domain.discarded import Discards, counted


def read_client_report(item: Mapping[str, Any]) -> Discards:
    """Hand back how many of what category were discarded for what reason; what cannot be read counts nothing."""
    return counted(objects_in(item.get("discarded_events")))
