"""Each dialect: what is sent to it, how it is read, and the only reasons for which something may be turned away."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from google.protobuf.json_format import ParseDict
from google.protobuf.message import Message
from hypothesis import strategies as st
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from domain.dialects.otlp import errors_in_logs, errors_in_traces
from domain.feedback import Feedback
from domain.report import Report
from tests.support import ingest_examples
from tests.support.fuzz import packing, reading, samples, shapes
from tests.support.fuzz.damage import damaged, damaged_bytes, mostly_damaged

_NO_JSON = (r"^The \w+ is no JSON", r"^An error must be a JSON object\.$")
_NO_NAME = (r"^(service|errorType|message) must not be empty\.$",)
_NO_GRAPHQL = (*_NO_NAME, r"at most \d+ are allowed\.$", r"^\w[\w ]* must be text\.$")
_TOO_LARGE = (r"^The event is larger than",)
_NO_ENVELOPE = (
    *_NO_JSON, *_TOO_LARGE, r"^The (header|item header) of the envelope is no JSON object\.$", r"^A header of the envelope is longer",
    r"ends in the middle of an item\.$", r"^An item is not as long as its header says\.$", r"at most 1,000 items\.$",
)  # fmt: skip
_NO_STORE = (*_NO_JSON, *_TOO_LARGE, r"^The body is neither a JSON object nor base64")
_NO_FEEDBACK = (r"^The feedback has no message\.$",)
_NO_OTLP = (r"^The body is no Export\w+; is its Content-Type",)
_NOT_PACKED = (r"^The body cannot be decompressed", r"^The compressed body ends too early", r"^The body is larger than")


@dataclass(frozen=True)
class Dialect:
    """One way in. `reasons` are patterns of the refusals that it may give: nothing else is turned away."""

    name: str
    inputs: st.SearchStrategy[Any] = field(repr=False)
    read: Callable[[Any], Iterable[Report | Feedback]]
    reasons: Sequence[str] = ()


def dialects(more_envelopes: Sequence[bytes] = ()) -> list[Dialect]:
    """Every dialect; these envelopes are damaged beside those that the repository holds."""
    envelopes = [*samples.envelopes(), *more_envelopes]
    return [*_plain(), *_sentry(envelopes), *_sentry_beside(), *_otlp(), *_webhooks(), *_stack_traces(), *_packed()]


def _plain() -> list[Dialect]:
    inputs = mostly_damaged(samples.reports(), shapes.REPORTS).map(_object)
    named = st.one_of(inputs.map(lambda fields: fields | _NAMES), shapes.NAMED_REPORTS)
    bodies = damaged_bytes(_written(samples.reports()))
    return [
        Dialect("GraphQL", inputs, reading.of_graphql, _NO_GRAPHQL),
        Dialect("REST", inputs, reading.of_rest, _NO_NAME),
        Dialect("REST, with its names", named, reading.of_rest),
        Dialect("REST, broken bytes", bodies, reading.of_rest_body, _NO_JSON + _NO_NAME),
    ]


def _sentry(envelopes: Sequence[bytes]) -> list[Dialect]:
    events = mostly_damaged(samples.sentry_events(), shapes.EVENTS).map(_object)
    followed = damaged_bytes(envelopes).map(lambda rest: reading.enveloped({"message": "it broke"}) + rest)
    broken = damaged_bytes(envelopes)
    return [
        Dialect("Sentry event", events, reading.of_event),
        Dialect("Sentry envelope, broken event", events.map(reading.enveloped), reading.of_first_event, _TOO_LARGE),
        Dialect("Sentry envelope, broken behind an event", followed, reading.of_first_event),
        Dialect("Sentry envelope, broken bytes", broken, reading.of_envelope, _NO_ENVELOPE),
    ]


def _sentry_beside() -> list[Dialect]:
    written = _written(samples.sentry_events())
    stored = damaged_bytes([*written, *map(packing.wrapped, written)])
    beside = damaged([samples.FEEDBACK, samples.USER_REPORT, samples.CLIENT_REPORT]).map(_object)
    return [
        Dialect("Sentry store, broken bytes", stored, reading.of_store, _NO_STORE),
        Dialect("Sentry feedback and client reports", beside, reading.of_item_beside, _NO_FEEDBACK),
    ]


def _otlp() -> list[Dialect]:
    return [
        *_signal("logs", ExportLogsServiceRequest, errors_in_logs, samples.OTLP_LOGS, shapes.LOGS),
        *_signal("traces", ExportTraceServiceRequest, errors_in_traces, samples.OTLP_TRACES, shapes.TRACES),
    ]


def _signal(
    name: str, kind: type[Message], errors_in: Callable[[Any], Any], sample: Any, made_up: st.SearchStrategy[Any]
) -> list[Dialect]:
    body = ParseDict(sample, kind()).SerializeToString()
    of_json, of_bytes = partial(reading.of_otlp, errors_in), partial(reading.of_otlp_bytes, kind, errors_in)
    return [
        Dialect(f"OTLP {name}", mostly_damaged([sample], made_up), of_json),
        Dialect(f"OTLP {name}, broken bytes", damaged_bytes([body]), of_bytes, _NO_OTLP),
    ]


def _webhooks() -> list[Dialect]:
    examples = {name: ingest_examples.example(name) for name in ingest_examples.WEBHOOKS}
    payloads = {name: mostly_damaged([one], shapes.PAYLOADS).map(_object) for name, one in examples.items()}
    bodies = {name: damaged_bytes(_written([one])) for name, one in examples.items()}
    return [
        *(Dialect(f"webhook {name}", made, partial(reading.of_webhook, name)) for name, made in payloads.items()),
        *(
            Dialect(f"webhook {name}, broken bytes", made, partial(reading.of_webhook_body, name), _NO_JSON)
            for name, made in bodies.items()
        ),
    ]


def _stack_traces() -> list[Dialect]:
    texts = samples.stack_traces()
    lines = sorted({line for text in texts for line in text.split("\n")})
    mixed = st.lists(st.sampled_from(lines), max_size=60).map("\n".join)
    broken = damaged_bytes([text.encode() for text in texts]).map(lambda body: body.decode(errors="surrogateescape"))
    return [Dialect("stack traces of nine languages", mixed | broken, reading.of_stack_trace)]


def _packed() -> list[Dialect]:
    bodies = _written(samples.sentry_events()[:3])
    return [
        Dialect(
            f"Content-Encoding {name or 'lost'}",
            damaged_bytes([pack(body) for body in bodies]),
            partial(reading.of_packed, name),
            _NOT_PACKED,
        )
        for name, pack in packing.ENCODINGS.items()
    ]


_NAMES = {"service": "shop", "errorType": "Error", "message": "it broke"}


def _object(value: Any) -> dict[str, Any]:
    """The value, or one that holds it where the damage took the object itself."""
    return value if isinstance(value, dict) else {"message": value}


def _written(values: Sequence[Any]) -> list[bytes]:
    return [json.dumps(value).encode() for value in values]
