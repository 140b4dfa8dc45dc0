"""How errors are logged: the inputs, and what became of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Self, TypeAlias

import strawberry
from strawberry.scalars import JSON

from domain.errors import LimitExceeded
from domain.event import Severity
from domain.report import IngestOutcome
from resolvers.intake import log
from resolvers.intake.incoming import Stored
from schema.context import Info
from schema.failure import Failure, FailureCode, InvalidInput, RateLimited
from schema.issue import Issue
from schema.node import ID, global_id
from schema.plain import plain


def _given(description: str) -> Any:
    return strawberry.field(default=None, description=description)


@strawberry.input(description="One call on the stack.")
class StackFrameInput:
    """One call on the stack."""

    function: str | None = _given("The function that was running.")
    module: str | None = _given("Its module, package or namespace.")
    filename: str | None = _given("Its file, as short as the language gives it.")
    absolute_path: str | None = _given("Its file, whole.")
    line: int | None = strawberry.field(default=None, description="The line, from 1.")
    column: int | None = strawberry.field(default=None, description="The column, from 1.")
    context_line: str | None = _given("The line of code itself.")
    pre_context: list[str] | None = strawberry.field(default=None, description="The lines before it.")
    post_context: list[str] | None = strawberry.field(default=None, description="The lines after it.")
    in_app: bool | None = strawberry.field(
        default=None, description="Whether it is your code and not a library's; left out, the path decides."
    )
    variables: JSON | None = strawberry.field(default=None, description="Local variables; secrets are redacted.")


@strawberry.input(description="One exception of a chain.")
class ExceptionInput:
    """One exception of a chain."""

    type: str = strawberry.field(description="Its class, such as ValueError.")
    message: str | None = _given("What it says.")
    module: str | None = _given("The module of its class.")
    handled: bool | None = strawberry.field(default=None, description="Whether somebody caught it.")
    frames: list[StackFrameInput] | None = strawberry.field(default=None, description="The stack, oldest call first.")


@strawberry.input(description="The HTTP request under way; secrets are redacted before anything is stored.")
class RequestInput:
    """The HTTP request under way."""

    method: str | None = _given("GET, POST, …")
    url: str | None = _given("The whole address.")
    route: str | None = _given("The pattern that matched, such as /orders/{id}.")
    status_code: int | None = strawberry.field(default=None, description="The status answered, if one was.")
    headers: JSON | None = strawberry.field(default=None, description="Headers, as an object.")
    query: JSON | None = strawberry.field(default=None, description="Query parameters, as an object or a string.")
    body: JSON | None = strawberry.field(default=None, description="The body, as JSON or a string.")


@strawberry.input(description="The HTTP response given; secrets are redacted before anything is stored.")
class ResponseInput:
    """The HTTP response given."""

    status_code: int | None = strawberry.field(default=None, description="Its status.")
    headers: JSON | None = strawberry.field(default=None, description="Headers, as an object.")
    body: JSON | None = strawberry.field(default=None, description="The body, as JSON or a string.")


@strawberry.input(description="Whom it happened to; counted as one user by the first of these that is given.")
class UserInput:
    """Whom it happened to."""

    id: str | None = _given("Your own id of the user.")
    email: str | None = _given("Mail address.")
    username: str | None = _given("Name they sign in with.")
    ip_address: str | None = _given("Address they came from.")


@strawberry.input(description="A word to find events by.")
class TagInput:
    """A word to find events by."""

    key: str = strawberry.field(description="At most 64 characters.")
    value: str = strawberry.field(description="At most 200 characters; longer ones are cut.")


@strawberry.input(description="Something that happened before the error.")
class BreadcrumbInput:
    """Something that happened before the error."""

    at: datetime | None = strawberry.field(default=None, description="When.")
    category: str | None = _given("What kind of thing, such as http or click.")
    level: str | None = _given("How bad by itself.")
    message: str | None = _given("What, for a person.")
    data: JSON | None = strawberry.field(default=None, description="What, for a program; secrets are redacted.")


@strawberry.input(description="One report of an error. Only the first three are needed.")
class LogErrorInput:
    """One report of an error."""

    service: str = strawberry.field(description="What reports: one deployable part, such as checkout.")
    error_type: str = strawberry.field(description="The class or kind of the error, such as TypeError.")
    message: str = strawberry.field(description="What it says.")
    project: str | None = _given("Project slug; may be left out where the credential is good for one project.")
    severity: Severity = strawberry.field(default=Severity.MEDIUM, description="How bad it is.")
    environment: str = strawberry.field(default="production", description="Where it ran, such as staging.")
    release: str | None = _given("The version that ran; decides whether a resolved issue has regressed.")
    dist: str | None = _given("The build of that release, where several differ; chooses among its source maps.")
    error_code: str | None = _given("Your own code of the error.")
    stack_trace: str | None = _given(
        "Plain text as the language prints it; parsed into frames for Python, JavaScript, Java, Kotlin, PHP, Ruby, Go, "
        "C# and Dart, kept as text for others."
    )
    exceptions: list[ExceptionInput] | None = strawberry.field(
        default=None, description="The chain, oldest cause first, the one thrown last. Wins over `stackTrace`."
    )
    module: str | None = _given("Where, if there is no stack; else taken from it.")
    function: str | None = _given("Where, if there is no stack; else taken from it.")
    line: int | None = strawberry.field(default=None, description="Where, if there is no stack; else taken from it.")
    endpoint: str | None = _given("The route or job that failed.")
    request: RequestInput | None = strawberry.field(default=None, description="The HTTP request under way.")
    response: ResponseInput | None = strawberry.field(default=None, description="The HTTP response given.")
    user: UserInput | None = strawberry.field(default=None, description="Whom it happened to.")
    session_id: str | None = _given("Your id of the session.")
    server_name: str | None = _given("The machine or container.")
    trace_id: str | None = _given("The W3C or OpenTelemetry trace.")
    span_id: str | None = _given("The span in it.")
    tags: list[TagInput] | None = strawberry.field(default=None, description="Words to find events by.")
    contexts: JSON | None = strawberry.field(default=None, description="Anything else, by name; secrets are redacted.")
    breadcrumbs: list[BreadcrumbInput] | None = strawberry.field(default=None, description="What happened before it.")
    fingerprint: list[str] | None = strawberry.field(
        default=None, description="Overrides grouping; `{{ default }}` stands for the computed one."
    )
    event_id: ID | None = strawberry.field(
        default=None, description="Your own id for this event: logging it twice stores it once."
    )
    occurred_at: datetime | None = strawberry.field(default=None, description="When it happened; left out: now.")


@strawberry.type(
    description="What became of one report. Once `outcome` is STORED or SPOOLED it survives a crash of any process."
)
class LoggedError:
    """What became of one report."""

    outcome: IngestOutcome = strawberry.field(description="Stored, known already, or refused.")
    event_id: ID | None = strawberry.field(description="Your id of the event, or the one given at the door.")
    issue_id: ID | None = strawberry.field(description="The issue it went to; null while it waits, or was refused.")
    issue_short_id: str | None = strawberry.field(description="The readable id of that issue.")
    is_new: bool = strawberry.field(description="Whether it is the first of its kind.")
    is_regression: bool = strawberry.field(description="Whether it brought back a resolved issue.")
    failure: Failure | None = strawberry.field(description="Why it was refused, if it was.")
    stored: strawberry.Private[Stored]

    @classmethod
    def from_stored(cls, stored: Stored, failure: Failure | None = None) -> Self:
        """What became of a report."""
        return cls(
            outcome=stored.outcome,
            event_id=ID(stored.event_id) if stored.event_id else None,
            issue_id=global_id("Issue", stored.issue_id) if stored.issue_id else None,
            issue_short_id=stored.short_id,
            is_new=stored.is_new,
            is_regression=stored.is_regression,
            failure=failure,
            stored=stored,
        )

    @strawberry.field(description="The issue itself. Needs READ: an ingest key sees ids, never contents.")
    async def issue(self, info: Info) -> Issue | None:
        """The issue itself, for those who may read."""
        if self.stored.issue_id is None:
            return None
        row = await info.context.loaders.issue_by_id.load(self.stored.issue_id)
        return Issue.from_row(row) if row else None


LogErrorResult: TypeAlias = Annotated[
    LoggedError | InvalidInput,
    strawberry.union("LogErrorResult", description="What became of the report, or what is wrong with it."),
]


@strawberry.type(description="What became of several reports, in their order.")
class LogErrorsPayload:
    """What became of several reports."""

    results: list[LoggedError] = strawberry.field(description="One for each input, in their order.")
    stored: int = strawberry.field(description="How many are on disk now, or were before.")
    refused: int = strawberry.field(
        description="How many are not; each says why. What the project filters out counts in neither."
    )

    @classmethod
    def from_logged(cls, logged: Sequence[log.Logged]) -> Self:
        """What became of the reports."""
        results = [LoggedError.from_stored(item.stored, _refusal(item, place)) for place, item in enumerate(logged)]
        refused = sum(result.failure is not None for result in results)
        filtered = sum(result.outcome is IngestOutcome.FILTERED for result in results)
        return cls(results=results, stored=len(results) - refused - filtered, refused=refused)


@strawberry.type
class LogMutation:
    """Logging errors, handed their inputs raw (`schema.contract`): making objects of them costs most of a call."""

    @strawberry.mutation(description="Log one error. The answer comes once it is on disk. Needs INGEST.")
    async def log_error(
        self, info: Info, input: Annotated[LogErrorInput, strawberry.argument(description="The error.")]
    ) -> LogErrorResult | None:
        """Log one error."""
        return LoggedError.from_stored(await log.log_error(info.context.resources, info.context.actor, plain(input)))

    @strawberry.mutation(
        description="Log at most 1,000 errors. What the types let through is accepted or refused alone. Needs INGEST."
    )
    async def log_errors(
        self,
        info: Info,
        inputs: Annotated[list[LogErrorInput], strawberry.argument(description="The errors, at most 1,000.")],
    ) -> LogErrorsPayload | None:
        """Log several errors."""
        return LogErrorsPayload.from_logged(
            await log.log_errors(info.context.resources, info.context.actor, plain(inputs))
        )


RAW = frozenset({"logError", "logErrors"})


def _refusal(item: log.Logged, place: int) -> InvalidInput | RateLimited | None:
    if item.failure is None:
        return None
    if isinstance(item.failure, LimitExceeded):
        code, after = FailureCode.RATE_LIMITED, item.failure.retry_after_s
        return RateLimited(code=code, message=item.failure.message, path=["inputs", str(place)], retry_after=after)
    path = ["inputs", str(place), *item.failure.path]
    return InvalidInput(code=FailureCode.INVALID_INPUT, message=item.failure.message, path=path)
