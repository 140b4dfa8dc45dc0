"""From the payload of a webhook to a report: what a dialect has read of it, and what stands where it says nothing."""

import re
from collections.abc import Callable
from datetime import datetime

from domain.bounds import MESSAGE
from domain.dialects.graphql import mended_report
from domain.dialects.mending import Mending
from domain.dialects.webhooks.payload import Object, as_text
from domain.report import IngestSource, Report
from domain.stacktrace import parse_stack_trace

# A dialect: the fields of `LogErrorInput` that a payload tells of.
Read = Callable[[Object, Mending], Object]

# An error as it prints itself, where nothing says its type apart: `java.io.IOException: gone`.
_PRINTED = re.compile(
    r"(?:Uncaught (?:\(in promise\) )?)?(?P<type>(?:[^\W\d]\w*\.)*(?!\d)\w*(?:Error|Exception|Failure)): "
    r"(?P<message>\s*\S.*)",
    re.DOTALL,
)
_LONGEST_PRINTED = MESSAGE.limit
_NO_MESSAGE = "(no message)"


def report_from_webhook(
    read: Read,
    payload: Object,
    *,
    source: IngestSource,
    service: str,
    received_at: datetime,
    redact_keys: frozenset[str] = frozenset(),
    defaults: Object | None = None,
) -> Report:
    """Hand back the report that the payload tells of, bounded, mended and scrubbed; what was mended is in its notes.

    No object is refused. `service` and the `defaults` stand where it does not say another.
    """
    mending = Mending(redact_keys, cuts_names=True)
    fields = {**(defaults or {}), **read(payload, mending)}
    _name(mending, fields, service)
    return mended_report(fields, mending, received_at=received_at, source=source)


def _name(mending: Mending, fields: Object, service: str) -> None:
    """Leave the three fields that a report cannot be without, from the stack trace where nothing else says them."""
    fields["service"] = as_text(fields.get("service")) or service
    kind, message = _said(fields)
    if not kind:
        mending.note("errorType: not given, taken as Error")
    fields["errorType"] = kind or "Error"
    fields["message"] = message or kind or _NO_MESSAGE
    if thrown := _thrown(fields):
        fields["exceptions"] = [
            *fields["exceptions"][:-1],
            {**thrown, "type": thrown.get("type") or fields["errorType"]},
        ]


def _said(fields: Object) -> tuple[str | None, str | None]:
    """Type and message, from what is nearest to them."""
    kind, message = as_text(fields.get("errorType")), as_text(fields.get("message"))
    if not kind or not message:
        said_kind, said_message = _said_by_stack(fields)
        kind, message = kind or said_kind, message or said_message
    if not kind and message and (printed := _PRINTED.fullmatch(message[:_LONGEST_PRINTED])):
        return printed["type"].rpartition(".")[2], printed["message"]
    return kind, message


def _said_by_stack(fields: Object) -> tuple[str | None, str | None]:
    if thrown := _thrown(fields):
        return as_text(thrown.get("type")), as_text(thrown.get("message"))
    trace = fields.get("stackTrace")
    parsed = parse_stack_trace(trace) if isinstance(trace, str) else []
    return (as_text(parsed[-1].type), as_text(parsed[-1].message)) if parsed else (None, None)


def _thrown(fields: Object) -> Object | None:
    exceptions = fields.get("exceptions")
    return exceptions[-1] if isinstance(exceptions, list) and exceptions and isinstance(exceptions[-1], dict) else None
