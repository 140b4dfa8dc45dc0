"""What must be true of any report, whatever it was made of: it can be packed, keyed, stored, shown, and spooled."""

import math
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from domain import bounds
from domain.bounds import Bound
from domain.dialects.mending import CUT
from domain.feedback import Feedback
from domain.grouping import explain, grouping_keys
from domain.report import ExceptionInfo, Frame, Report
from domain.shown import shown_fields
from models.payload import unpack
from resolvers.intake.entry import decode, encode
from resolvers.intake.incoming import prepare

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
_PROJECT = UUID(int=7)
_MOST_SHOWN = 200
_GAP_OF_BOTH_ENDS = 10


def check_report(report: Report) -> None:
    """Pass over a report that can be stored as it is.

    Raises: AssertionError, or whatever the code raises that cannot do with it.
    """
    assert all((report.service.strip(), report.error_type.strip(), report.message.strip()))
    assert report.occurred_at is not None
    assert report.occurred_at.utcoffset() == timedelta(0)
    assert report.occurred_at <= NOW + timedelta(seconds=bounds.FUTURE.limit)
    _check_texts(_texts_of(report))
    _check_lists(report)
    for value, bound in _json_of(report):
        _check_json(value, bound)
    assert len(orjson.dumps(report, option=orjson.OPT_NON_STR_KEYS)) <= bounds.WHOLE.limit
    _check_stored(report)


def check_feedback(said: Feedback) -> None:
    """Pass over feedback that can be stored as it is.

    Raises: AssertionError.
    """
    assert said.message.strip()
    fields = [(said.name, bounds.FEEDBACK_FIELD), (said.email, bounds.FEEDBACK_FIELD), (said.url, bounds.URL)]
    _check_texts([(said.message, bounds.FEEDBACK_MESSAGE), *fields])
    assert len(said.identity) == 32
    assert said.event_id is None or len(said.event_id) == 32


def _check_stored(report: Report) -> None:
    """The way from the report to the disk, by the spool too, and from there to who reads it."""
    keys = grouping_keys(report).keys
    assert 1 <= len(keys) <= 2
    assert explain(report)
    incoming = prepare(report, project_id=_PROJECT, received_at=NOW)
    assert 0 < len(incoming.title) <= _MOST_SHOWN
    assert incoming.culprit is None or 0 < len(incoming.culprit) <= _MOST_SHOWN
    for text in (incoming.title, incoming.culprit or "", *report.notes):
        _check_readable(text)
    payload = orjson.loads(unpack(incoming.payload))
    assert "\\u0000" not in unpack(incoming.payload).decode()
    drained = decode(encode(incoming), date(2026, 1, 1))
    assert [key for _, key in drained.keys] == [key.hash for key in keys]
    assert orjson.loads(unpack(drained.payload)) == payload
    orjson.dumps(shown_fields(report))


def _texts_of(report: Report) -> Iterator[tuple[str | None, Bound]]:
    yield from (
        (report.service, bounds.SERVICE), (report.error_type, bounds.ERROR_TYPE), (report.message, bounds.MESSAGE),
        (report.environment, bounds.ENVIRONMENT), (report.release, bounds.RELEASE), (report.dist, bounds.DIST), (report.error_code, bounds.ERROR_CODE),
        (report.raw_stack_trace, bounds.STACK_TRACE), (report.module, bounds.NAME), (report.function, bounds.NAME),
        (report.endpoint, bounds.ENDPOINT), (report.session_id, bounds.IDENTIFIER), (report.server_name, bounds.IDENTIFIER),
        (report.trace_id, bounds.IDENTIFIER), (report.span_id, bounds.IDENTIFIER), (report.event_id, bounds.EVENT_ID),
    )  # fmt: skip
    yield from ((part, bounds.FINGERPRINT_PART) for part in report.fingerprint)
    yield from ((key, bounds.TAG_KEY) for key, _ in report.tags)
    yield from ((value, bounds.TAG_VALUE) for _, value in report.tags)
    yield from ((value, bounds.USER_FIELD) for value in (report.user or {}).values())
    yield from ((value, bounds.SDK_FIELD) for value in (report.sdk or {}).values())
    for exception in report.exceptions:
        yield from _texts_of_exception(exception)
    for crumb in report.breadcrumbs:
        yield crumb.get("message"), bounds.BREADCRUMB_MESSAGE
        yield crumb.get("category"), bounds.BREADCRUMB_NAME
        yield crumb.get("level"), bounds.BREADCRUMB_NAME
    yield (report.request or {}).get("url"), bounds.URL
    yield (report.request or {}).get("route"), bounds.ENDPOINT
    yield (report.request or {}).get("method"), bounds.METHOD


def _texts_of_exception(exception: ExceptionInfo) -> Iterator[tuple[str | None, Bound]]:
    yield exception.type, bounds.EXCEPTION_TYPE
    yield exception.message, bounds.EXCEPTION_MESSAGE
    yield exception.module, bounds.NAME
    for frame in exception.frames:
        yield from ((text, bounds.NAME) for text in (frame.function, frame.module))
        yield from ((text, bounds.PATH) for text in (frame.filename, frame.absolute_path))
        yield from (
            (text, bounds.CONTEXT_LINE) for text in (frame.context_line, *frame.pre_context, *frame.post_context)
        )


def _json_of(report: Report) -> Iterator[tuple[Any, Bound]]:
    yield report.contexts, bounds.CONTEXTS
    for holder in (report.request or {}, report.response or {}):
        yield holder.get("headers"), bounds.HEADERS
        yield holder.get("query"), bounds.QUERY
        yield holder.get("body"), bounds.BODY
    yield from ((crumb.get("data"), bounds.BREADCRUMB_DATA) for crumb in report.breadcrumbs)
    yield from ((frame.variables, bounds.VARIABLES) for frame in _frames(report))


def _check_texts(texts: Iterable[tuple[str | None, Bound]]) -> None:
    for text, bound in texts:
        if text is None:
            continue
        assert isinstance(text, str), (bound.part, text)
        assert len(text) <= bound.limit + _GAP_OF_BOTH_ENDS, (bound.part, len(text))
        _check_readable(text)


def _check_readable(text: str) -> None:
    assert "\0" not in text
    text.encode()  # fails on lone surrogates


def _check_lists(report: Report) -> None:
    assert len(report.fingerprint) <= bounds.FINGERPRINT.limit
    assert len(report.tags) <= bounds.TAGS.limit
    assert len(dict(report.tags)) == len(report.tags)
    assert len(report.exceptions) <= bounds.EXCEPTIONS.limit
    assert len(report.breadcrumbs) <= bounds.BREADCRUMBS.limit
    assert len(report.notes) <= bounds.NOTES.limit
    assert len(report.user or {}) <= bounds.USER_EXTRAS.limit + 4
    assert all(len(exception.frames) <= bounds.FRAMES.limit for exception in report.exceptions)
    for frame in _frames(report):
        assert max(len(frame.pre_context), len(frame.post_context)) <= bounds.CONTEXT_LINES.limit
        assert all(
            number is None or 0 <= number <= bounds.COLUMN_INTEGER.limit for number in (frame.line, frame.column)
        )
        assert isinstance(frame.in_app, bool)
    assert report.line is None or 0 <= report.line <= bounds.COLUMN_INTEGER.limit


def _check_json(value: Any, bound: Bound, depth: int = 0) -> None:
    if isinstance(value, dict | list):
        assert depth < bounds.JSON_DEPTH.limit, bound.part
    if isinstance(value, dict):
        for key, item in value.items():
            _check_texts([(key, bounds.JSON_KEY)])
            _check_json(item, bound, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check_json(item, bound, depth + 1)
    elif isinstance(value, str):
        assert len(value) <= max(bounds.JSON_TEXT.limit, bound.limit) + len(CUT)
        _check_readable(value)
    elif isinstance(value, float):
        assert math.isfinite(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        assert abs(value) <= bounds.JSON_INTEGER.limit
    else:
        assert value is None or isinstance(value, bool)


def _frames(report: Report) -> list[Frame]:
    return [frame for exception in report.exceptions for frame in exception.frames]
