"""The executable contract: Strawberry's schema, with our word on errors for every way out."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Any

import strawberry
from graphql import GraphQLError, GraphQLField, GraphQLResolveInfo, is_union_type
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.graphql import OperationType

from domain import errors
from schema.context import Context
from schema.errors import TIMED_OUT, invalid_input, told

_WITH_ONE_RESULT = frozenset({OperationType.QUERY, OperationType.MUTATION})


class Contract(strawberry.Schema):
    """A schema whose every error has a code, also those from before anything is executed.

    `raw` are mutations that are handed their arguments as the types have checked them, without objects made of them.
    """

    def __init__(self, *args: Any, raw: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert self._schema.mutation_type is not None
        for field in self.mutation.__strawberry_definition__.fields:  # type: ignore[union-attr]
            name = self.config.name_converter.from_field(field)
            if name in raw:
                core = self._schema.mutation_type.fields[name]
                core.resolve = _raw(core, field.base_resolver.wrapped_func)

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Leave the log alone: what is a bug is logged where it gets its code, the rest is the caller's."""

    async def execute(self, *args: Any, **kwargs: Any) -> ExecutionResult:
        """The result of a query or mutation; what is watched needs a stream."""
        allowed = kwargs.get("allowed_operation_types")
        kwargs["allowed_operation_types"] = _WITH_ONE_RESULT if allowed is None else _WITH_ONE_RESULT & set(allowed)
        result = await super().execute(*args, **kwargs)
        if result.errors:
            result.errors = told(result.errors, kwargs["context_value"])
        return result

    async def _execute_operation(self, execution_context: ExecutionContext, *rest: Any) -> Any:
        """The result of a query or a mutation; that of a query within TOCSIN_QUERY_S.

        A mutation is bounded by PostgreSQL: if it were given up here, nobody would know whether it was done.

        Raises: GraphQLError.
        """
        if execution_context.operation_type is not OperationType.QUERY:
            return await super()._execute_operation(execution_context, *rest)
        limit_s = execution_context.context.resources.settings.query_s
        within = asyncio.timeout(limit_s)
        try:
            async with within:
                return await super()._execute_operation(execution_context, *rest)
        except TimeoutError:
            if not within.expired():
                raise
            problem = f"This took longer than {limit_s:g} seconds: ask for less at once."
            raise GraphQLError(problem, extensions={"code": TIMED_OUT}) from None


def _raw(field: GraphQLField, method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """A resolver that calls the method of a root type with the arguments as they are."""
    has_failures = is_union_type(field.type)

    async def resolve(_: object, info: GraphQLResolveInfo[Context], **arguments: Any) -> Any:
        try:
            return await method(None, info, **arguments)
        except errors.InvalidInput as failure:
            if has_failures:
                return invalid_input(failure)
            raise

    return resolve
