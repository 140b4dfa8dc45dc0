from datetime import UTC, datetime

from domain.dialects.graphql import report_from_input
from domain.shown import shown_fields

NOW = datetime(2026, 1, 1, tzinfo=UTC)
GIVEN = {
    "service": "a", "errorType": "E", "message": "m", "severity": "HIGH", "environment": "qa", "tags": [{"key": "k", "value": "v"}],
    "user": {"id": "7", "ipAddress": "192.0.2.1"}, "request": {"url": "/a", "statusCode": 500}, "sessionId": "s",
    "exceptions": [{"type": "E", "frames": [{"function": "f", "absolutePath": "/srv/a.py", "line": 3, "inApp": True}]}],
    "contexts": {"snake_case": {"ip_address": 1}}, "occurredAt": "2025-12-31T00:00:00+00:00", "fingerprint": ["x"],
}  # fmt: skip


def test_a_report_is_shown_in_the_words_it_was_given_in():
    shown = shown_fields(report_from_input(GIVEN, received_at=NOW))
    assert shown == GIVEN | {"function": "f", "line": 3}
