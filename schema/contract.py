"""The executable contract: Strawberry's schema, with our word on errors for every way out."""

from collections.abc import Mapping
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.types import ExecutionContext, ExecutionResult

from schema.errors import coded


class Contract(strawberry.Schema):
    """A schema whose every error has a code, also those from before anything is executed.

    `raw` are mutations that are handed their arguments as the types have checked them, without objects made of them.
    """

    def __init__(self, *args: Any, raw: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert self._schema.mutation_type is not None
        for name, resolve in raw.items():
            self._schema.mutation_type.fields[name].resolve = resolve

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Leave the log alone: what is a bug is logged where it gets its code, the rest is the caller's."""

    async def execute(self, *args: Any, **kwargs: Any) -> ExecutionResult:
        """The result of a query or mutation."""
        result = await super().execute(*args, **kwargs)
        if result.errors:
            context = kwargs.get("context_value")
            result.errors = [coded(error, getattr(context, "request_id", "")) for error in result.errors]
        return result
