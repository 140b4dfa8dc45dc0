"""The one shape that every dialect is brought to before it is stored."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.event import Severity

DEFAULT_ENVIRONMENT = "production"


class IngestSource(StrEnum):
    """The dialect in which a report came."""

    GRAPHQL = "GRAPHQL"
    REST = "REST"
    SENTRY = "SENTRY"
    OTLP = "OTLP"
    LARAVEL = "LARAVEL"
    JAVA = "JAVA"
    FRONTEND = "FRONTEND"
    MOBILE = "MOBILE"
    GENERIC = "GENERIC"
    INTERNAL = "INTERNAL"


class IngestOutcome(StrEnum):
    """What became of a report."""

    STORED = "STORED"
    SPOOLED = "SPOOLED"
    DUPLICATE = "DUPLICATE"
    FILTERED = "FILTERED"
    RATE_LIMITED = "RATE_LIMITED"
    INVALID = "INVALID"


@dataclass
class Frame:
    """One call on the stack. It may stand in several reports: what is to differ is another frame.

    Without slots: so it is written as JSON four times as fast.
    """

    function: str | None = None
    module: str | None = None
    filename: str | None = None
    absolute_path: str | None = None
    line: int | None = None
    column: int | None = None
    context_line: str | None = None
    pre_context: list[str] = field(default_factory=list)
    post_context: list[str] = field(default_factory=list)
    in_app: bool = True
    variables: Any = None

    def having(self, variables: Any) -> "Frame":
        """The same call with these variables; as `dataclasses.replace`, and ten times as fast."""
        other = object.__new__(Frame)
        other.__dict__.update(self.__dict__)
        other.variables = variables
        return other


@dataclass
class ExceptionInfo:
    """One exception of a chain, its frames oldest call first."""

    type: str
    message: str | None = None
    module: str | None = None
    handled: bool | None = None
    frames: list[Frame] = field(default_factory=list)


@dataclass(slots=True)
class AppliedRules:
    """What a project's rules made of a report: each rule in words.

    `reported` is the fingerprint that the reporter had given, `in_app` the frames (number of the exception, number of
    the frame) whose `in_app` was the other way round before.
    """

    fingerprint: str | None = None
    reported: list[str] = field(default_factory=list)
    in_app: dict[str, list[tuple[int, int]]] = field(default_factory=dict)


@dataclass
class Report:
    """One report of an error, bounded and scrubbed: what the writer stores.

    `exceptions` are oldest cause first, the one thrown last. `notes` say what was mended to accept it. In the objects a
    key is there only where it was given: `request` has method, url, route, status_code, headers, query, body;
    `response` status_code, headers, body; `user` id, email, username, ip_address, and what else the reporter said;
    `breadcrumbs` at (RFC 3339), category, level, message, data; `sdk` name, version. `debug_ids` lead from the paths of
    frames to source maps, and are not stored.
    """

    service: str
    error_type: str
    message: str
    severity: Severity = Severity.MEDIUM
    environment: str = DEFAULT_ENVIRONMENT
    release: str | None = None
    dist: str | None = None
    error_code: str | None = None
    raw_stack_trace: str | None = None
    exceptions: list[ExceptionInfo] = field(default_factory=list)
    module: str | None = None
    function: str | None = None
    line: int | None = None
    endpoint: str | None = None
    request: dict[str, Any] | None = None
    response: dict[str, Any] | None = None
    user: dict[str, str] | None = None
    session_id: str | None = None
    server_name: str | None = None
    trace_id: str | None = None
    span_id: str | None = None
    tags: list[tuple[str, str]] = field(default_factory=list)
    contexts: Any = None
    breadcrumbs: list[dict[str, Any]] = field(default_factory=list)
    fingerprint: list[str] = field(default_factory=list)
    event_id: str | None = None
    occurred_at: datetime | None = None
    sdk: dict[str, str] | None = None
    source: IngestSource = IngestSource.GRAPHQL
    notes: list[str] = field(default_factory=list)
    rules: AppliedRules | None = None
    debug_ids: dict[str, str] = field(default_factory=dict)
