"""Where failures leave the house: the caller's to mend as union members, the rest as errors with a code."""

from collections.abc import Iterator
from typing import Any

import strawberry
import structlog
from graphql import ExecutionResult as CoreResult
from graphql import GraphQLError
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import SchemaExtension
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.execution import StreamExecutionResult

from core.away import is_away
from domain import errors
from schema import failure
from schema.context import Context
from schema.introspection import may_see_schema, without_suggestions

_log = structlog.get_logger()

BAD_REQUEST = "BAD_REQUEST"
RATE_LIMITED = "RATE_LIMITED"
TOO_COSTLY = "QUERY_TOO_COSTLY"
INTERNAL = "INTERNAL"
TIMED_OUT = "TIMED_OUT"
TOO_MANY_ERRORS = "TOO_MANY_ERRORS"
UNKNOWN_DOCUMENT = "UNKNOWN_DOCUMENT"
# What Apollo's clients look for: they send the document itself then.
PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
MOST_ERRORS = 100
_RETRY_AFTER_S = 2.0
_LONGEST_MESSAGE = 1000

# The code of each failure where it is an error, most specific first.
_CODES: tuple[tuple[type[errors.DomainError], str], ...] = (
    (errors.Unauthenticated, "UNAUTHENTICATED"),
    (errors.PermissionDenied, "FORBIDDEN"),
    (errors.LimitExceeded, RATE_LIMITED),
    (errors.Unavailable, "UNAVAILABLE"),
    (errors.NotFound, "NOT_FOUND"),
    (errors.InvalidInput, "INVALID_INPUT"),
    (errors.NobodyOnCall, "NOBODY_ON_CALL"),
    (errors.Conflict, "CONFLICT"),
)
_BESIDES = (BAD_REQUEST, TOO_COSTLY, INTERNAL, TIMED_OUT, TOO_MANY_ERRORS, UNKNOWN_DOCUMENT, PERSISTED_QUERY_NOT_FOUND)
CODES = frozenset((*_BESIDES, *(code for _, code in _CODES)))


def invalid_input(exception: errors.InvalidInput) -> failure.InvalidInput:
    """The failure as a member of a union, its path from the argument on."""
    return failure.InvalidInput(
        code=failure.FailureCode.INVALID_INPUT, message=exception.message, path=["input", *exception.path]
    )


class _InvalidInput(strawberry.ExceptionHandler[errors.InvalidInput, failure.InvalidInput]):
    def handle(self, exception: errors.InvalidInput, *, field: Any, info: Any) -> failure.InvalidInput:  # noqa: ARG002
        return invalid_input(exception)


class _NotFound(strawberry.ExceptionHandler[errors.NotFound, failure.NotFound]):
    def handle(self, exception: errors.NotFound, *, field: Any, info: Any) -> failure.NotFound:  # noqa: ARG002
        return failure.NotFound(code=failure.FailureCode.NOT_FOUND, message=exception.message)


class _NobodyOnCall(strawberry.ExceptionHandler[errors.NobodyOnCall, failure.NobodyOnCall]):
    def handle(self, exception: errors.NobodyOnCall, *, field: Any, info: Any) -> failure.NobodyOnCall:  # noqa: ARG002
        return failure.NobodyOnCall(code=failure.FailureCode.NOBODY_ON_CALL, message=exception.message)


class _Conflict(strawberry.ExceptionHandler[errors.Conflict, failure.Conflict]):
    def handle(self, exception: errors.Conflict, *, field: Any, info: Any) -> failure.Conflict:  # noqa: ARG002
        return failure.Conflict(code=failure.FailureCode.CONFLICT, message=exception.message)


HANDLERS = (_InvalidInput(), _NotFound(), _NobodyOnCall(), _Conflict())


class CodedErrors(SchemaExtension):
    """Gives every error a stable `extensions.code`; hides what is our own fault behind the request's id."""

    def on_operation(self) -> Iterator[None]:
        """Work on the answer of a query or mutation."""
        yield
        self._work_on(self.execution_context.result)

    def on_stream_result(self, result: StreamExecutionResult) -> Iterator[None]:
        """Work on each answer of a subscription before it is sent."""
        self._work_on(result)
        yield

    def _work_on(self, result: object) -> None:
        if isinstance(result, CoreResult | ExecutionResult) and result.errors:
            context: Context = self.execution_context.context
            result.errors = told(result.errors, context)


def told(errors: list[GraphQLError], context: Context) -> list[GraphQLError]:
    """The errors as this caller may see them, and no more of them than help."""
    shows_names = may_see_schema(context)
    first = [coded(error, context.request_id, shows_names=shows_names) for error in errors[:MOST_ERRORS]]
    left_out = len(errors) - MOST_ERRORS
    if left_out <= 0:
        return first
    if (errors[-1].extensions or {}).get("code") == TOO_MANY_ERRORS:
        return [*first, errors[-1]]  # they were counted before
    return [*first, GraphQLError(f"{left_out} more errors are left out.", extensions={"code": TOO_MANY_ERRORS})]


def coded(error: GraphQLError, request_id: str, *, shows_names: bool = True) -> GraphQLError:
    """The error as a caller may see it; what is a bug is logged whole, and masked.

    A GraphQLError without a cause is the library's own word on the request: syntax, validation, variables. It guesses
    at names that may be meant, which is left out unless `shows_names`.
    """
    cause = error.original_error
    if error.extensions and "code" in error.extensions:
        return error
    if is_away(cause):
        _log.warning("database away", request_id=request_id, error=str(cause) or type(cause).__name__)
        cause = errors.Unavailable("The database is away or took too long; try again.", _RETRY_AFTER_S)
    if isinstance(cause, errors.DomainError):
        return _rewritten(error, cause.message, _extensions(cause))
    if cause is None or isinstance(cause, GraphQLError | CannotGetOperationTypeError | MissingQueryError):
        message = error.message if shows_names else without_suggestions(error.message)
        return _rewritten(error, _shortened(message), {"code": BAD_REQUEST})
    _log.error("unexpected error", request_id=request_id, path=error.path, exc_info=cause)
    return _rewritten(
        error,
        f"Something broke on our side; the log has it as {request_id}.",
        {
            "code": INTERNAL,
            "requestId": request_id,
        },
    )


def _extensions(cause: errors.DomainError) -> dict[str, Any]:
    extensions: dict[str, Any] = {"code": next(code for kind, code in _CODES if isinstance(cause, kind))}
    if isinstance(cause, errors.LimitExceeded | errors.Unavailable):
        extensions["retryAfter"] = cause.retry_after_s
    if isinstance(cause, errors.InvalidInput) and cause.path:
        extensions["path"] = list(cause.path)
    return extensions


def _shortened(message: str) -> str:
    """The library's word without the middle of what it repeats, which may be all that the caller sent."""
    if len(message) <= _LONGEST_MESSAGE:
        return message
    half = _LONGEST_MESSAGE // 2
    return f"{message[:half]} […] {message[-half:]}"


def _rewritten(error: GraphQLError, message: str, extensions: dict[str, Any]) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )
