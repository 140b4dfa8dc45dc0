from domain.dialects.webhooks import generic
from domain.dialects.webhooks.reading import report_from_webhook
from domain.event import Severity
from domain.report import IngestSource
from domain.webhook import FieldMapping
from tests.support.webhooks import NOW


def read(payload, *mapping):
    return report_from_webhook(
        generic.reader(tuple(FieldMapping(*entry) for entry in mapping)),
        payload,
        source=IngestSource.GENERIC,
        service="shop",
        received_at=NOW,
    )


def test_fields_are_read_by_their_own_names_where_no_mapping_says_otherwise():
    report = read({"errorType": "E", "message": "m", "severity": "error", "occurredAt": 1772442927, "more": 7})
    assert (report.service, report.error_type, report.message, report.severity) == ("shop", "E", "m", Severity.MEDIUM)
    assert report.occurred_at.isoformat() == "2026-03-02T09:15:27+00:00"
    assert report.contexts == {"payload": {"more": 7}}


def test_the_mapping_counts_before_a_name():
    report = read(
        {"message": "m", "detail": "d"}, ("message", "detail"), ("user.id", "who.0.id"), ("tags.a", None, "b")
    )
    assert (report.message, report.tags, report.user) == ("d", [("a", "b")], None)
    assert "user.id: nothing stands where the mapping points" in report.notes


def test_contexts_that_were_mapped_stand_beside_the_rest():
    payload = {"message": "m", "job": {"id": 7}}
    assert read(payload, ("contexts.job", "job.id")).contexts == {"job": 7, "payload": {"job": {"id": 7}}}
    assert read({**payload, "contexts": [1]}).contexts == {"contexts": [1], "payload": {"job": {"id": 7}}}
