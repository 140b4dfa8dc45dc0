"""One operation run for who listens: each result as the JSON that its transport sends, and what ended it."""

from collections.abc import Mapping
from contextlib import aclosing
from functools import partial
from typing import Any, TypeAlias

from graphql import GraphQLError, OperationType, get_operation_ast, parse
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from api.answers import json_bytes
from api.asked import Asked
from resolvers.feed.cohort import Member, Take
from schema.context import Context, SharedData
from schema.contract import Contract
from schema.errors import coded
from schema.limits import MOST_TOKENS

Problems: TypeAlias = list[Mapping[str, Any]]


async def run_operation(contract: Contract, asked: Asked, context: Context, take: Take) -> Problems:
    """Hand each result to `take`; return the errors that ended the operation, none where it came to its end.

    Of a subscription that several watch each result is executed and written once, whatever they watch it by. While it
    is told with others nothing of its own execution is kept, for there may be thousands; it is executed again, from
    where it stands, when it must go on by itself.

    Raises: WebSocketDisconnected, if `take` does.
    """

    async def take_shared(data: SharedData) -> None:
        await take(_shared_text(data))

    context.outlet, context.take = take_shared, take
    context.again = partial(run_operation, contract, asked)
    try:
        return await _run_or_sit(contract, asked, context, take)
    except WebSocketDisconnected:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it was, the client must hear it
        cause = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
        return [coded(cause, context.request_id).formatted]
    finally:
        context.entry.exit()
        if context.seat is not None:
            await context.seat.end()
            context.seat = None


async def _run_or_sit(contract: Contract, asked: Asked, context: Context, take: Take) -> Problems:
    problems = await _run(contract, asked, context, take)
    while context.seat is not None and not problems:
        await _sit(context, context.seat)
        problems = await _run(contract, asked, context, take)
    return problems


async def _sit(context: Context, seat: Member) -> None:
    """Be told with others; leave noted where the stream stands when it must go on by itself."""
    context.returns_from = await seat.stay()
    await seat.end()
    context.seat = None


async def _run(contract: Contract, asked: Asked, context: Context, take: Take) -> Problems:
    results = await contract.stream(
        asked.query,
        variable_values=asked.variables,
        context_value=context,
        operation_name=asked.operation_name,
        operation_extensions=asked.extensions,
    )
    async with aclosing(results):
        async for result in results:
            assert isinstance(result, ExecutionResult), "incremental delivery is not enabled"
            if _is_of_the_whole(result):
                return [error.formatted for error in result.errors or ()]
            await take(_text(result))
    return []


def operation_type(asked: Asked) -> OperationType | None:
    """Of which type the operation is that is meant; none where that is not clear: then running it will say why."""
    try:
        document = parse(asked.query, max_tokens=MOST_TOKENS)
    except (GraphQLError, RecursionError):
        return None
    operation = get_operation_ast(document, asked.operation_name)
    return operation.operation if operation else None


def payload(result: ExecutionResult) -> dict[str, Any]:
    """The result as GraphQL has it (specification, 7.1)."""
    told: dict[str, Any] = {"data": result.data}
    if result.errors:
        told["errors"] = [error.formatted for error in result.errors]
    if result.extensions:
        told["extensions"] = result.extensions
    return told


def _text(result: ExecutionResult) -> str:
    if isinstance(result.data, SharedData) and not result.errors and not result.extensions:
        return _shared_text(result.data)
    return json_bytes(payload(result)).decode()


def _shared_text(data: SharedData) -> str:
    """The text of data that others get too, made once."""
    if data.text is None:
        data.text = json_bytes({"data": data}).decode()
    return data.text


def _is_of_the_whole(result: ExecutionResult) -> bool:
    """Whether it is no result but the end: what was asked is wrong, or the stream itself broke off."""
    if isinstance(result, PreExecutionError):
        return True
    return result.data is None and not any(error.path for error in result.errors or ())
