"""The dialects of webhooks, as tests ask them."""

from datetime import UTC, datetime
from typing import Any

from domain.dialects.webhooks import frontend, generic, java, laravel, mobile
from domain.dialects.webhooks.reading import Read, report_from_webhook
from domain.report import IngestSource, Report
from tests.support.ingest_examples import mapping

NOW = datetime(2026, 3, 3, tzinfo=UTC)
READERS: dict[str, Read] = {
    "laravel": laravel.read,
    "java": java.read,
    "frontend": frontend.read,
    "mobile": mobile.read,
    "generic": generic.reader(mapping()),
}


def report_of(dialect: str, payload: dict[str, Any], **options: Any) -> Report:
    source = IngestSource(dialect.upper())
    return report_from_webhook(
        READERS[dialect], payload, **{"source": source, "service": "shop", "received_at": NOW} | options
    )


def frames_of(report: Report) -> list[tuple[str | None, str | None, int | None]]:
    """Those of the exception that was thrown, the newest call first."""
    return [(frame.function, frame.filename, frame.line) for frame in reversed(report.exceptions[-1].frames)]
