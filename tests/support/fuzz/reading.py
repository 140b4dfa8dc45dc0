"""What each dialect makes of what was sent, as its door has it read."""

import json
from collections.abc import Callable
from typing import Any

from google.protobuf.message import Message

from api.body import TooLarge
from api.ingest.decoding import decoded
from api.ingest.otlp import _from_binary
from api.ingest.plain import one_error, parsed
from api.ingest.sentry import _WANTED, MOST_EVENT_BYTES
from api.ingest.sentry_beside import object_of
from domain.dialects.graphql import report_from_input
from domain.dialects.sentry.client_report import read_client_report
from domain.dialects.sentry.envelope import EnvelopeReader, Item
from domain.dialects.sentry.event import report_from_event
from domain.dialects.sentry.feedback import read_feedback, read_user_report
from domain.dialects.sentry.store import unwrapped
from domain.feedback import Feedback
from domain.report import IngestSource, Report
from tests.support.fuzz.storable import NOW
from tests.support.webhooks import report_of

_PIECE_BYTES = 1000


def of_graphql(fields: Any) -> list[Report]:
    return [report_from_input(fields, received_at=NOW)]


def of_rest(fields: Any) -> list[Report]:
    return [report_from_input(fields, received_at=NOW, source=IngestSource.REST, cuts_names=True)]


def of_rest_body(body: bytes) -> list[Report]:
    return of_rest(one_error(parsed(body)))


def of_stack_trace(text: str) -> list[Report]:
    return of_rest({"service": "shop", "errorType": "Error", "message": "it broke", "stackTrace": text})


def of_event(event: Any, header: Any = None) -> list[Report]:
    said = {"event_id": (header or {}).get("event_id"), "sent_at": (header or {}).get("sent_at")}
    return [report_from_event(event, service="shop", received_at=NOW, client_address="203.0.113.9", **said)]


def of_envelope(body: bytes) -> list[Report]:
    header, events = _events(body)
    return [report for item in events for report in of_event(object_of(item.payload, item.type), header)]


def of_first_event(body: bytes) -> list[Report]:
    """As `of_envelope`, whatever comes behind the first event, which is sound and must be there."""
    header, (first, *_) = _events(body)
    return of_event(object_of(first.payload, first.type), header)


def of_store(body: bytes) -> list[Report]:
    return of_event(object_of(unwrapped(body, MOST_EVENT_BYTES), "event"))


def of_item_beside(item: Any) -> list[Feedback]:
    """Feedback, in its two forms; what an SDK discarded is only counted."""
    assert all(0 < count < 2**62 for count in read_client_report(item).values())
    if "discarded_events" in item:
        return []
    return [read_user_report(item) if "comments" in item else read_feedback(item)]


def of_otlp(errors_in: Callable[[Any], list[dict[str, Any]]], request: Any) -> list[Report]:
    told = errors_in(request)
    return [report_from_input(fields, received_at=NOW, source=IngestSource.OTLP, cuts_names=True) for fields in told]


def of_otlp_bytes(kind: type[Message], errors_in: Callable[[Any], list[dict[str, Any]]], body: bytes) -> list[Report]:
    return of_otlp(errors_in, _from_binary(kind, body))


def of_webhook(name: str, payload: Any) -> list[Report]:
    return [report_of(name, payload, received_at=NOW)]


def of_webhook_body(name: str, body: bytes) -> list[Report]:
    return of_webhook(name, one_error(parsed(body)))


def of_packed(encoding: str, body: bytes) -> list[Report]:
    """None: what is packed soundly is the business of the others."""
    _without_waiting(_unpacked(encoding, body))
    return []


def enveloped(event: Any) -> bytes:
    """An envelope of one event, soundly written."""
    payload = json.dumps(event).encode()
    return b'{"sent_at":"2026-01-01T12:00:00Z"}\n{"type":"event","length":%d}\n%b\n' % (len(payload), payload)


def _events(body: bytes) -> tuple[dict[str, Any], list[Item]]:
    reader = EnvelopeReader(_WANTED)
    for start in range(0, len(body), _PIECE_BYTES):
        reader.feed(body[start : start + _PIECE_BYTES])
    envelope = reader.finish()
    if envelope.too_large and not envelope.items:
        raise TooLarge(f"The event is larger than {MOST_EVENT_BYTES:,} bytes.")
    return envelope.header, [item for item in envelope.items if item.type == "event"]


async def _unpacked(encoding: str, body: bytes) -> bytes:
    async def sent():
        for start in range(0, len(body), _PIECE_BYTES):
            yield body[start : start + _PIECE_BYTES]

    return b"".join([piece async for piece in decoded(sent(), encoding, MOST_EVENT_BYTES)])


def _without_waiting(work: Any) -> Any:
    """What a coroutine that awaits nothing returns: a loop for each of ten thousand would take longer than the rest."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("It waits for something.")
