"""Asking the schema as an actor, without HTTP; and the statements that it cost."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from domain.access import Actor
from resolvers.resources import Resources
from schema.context import Context
from schema.root import build_schema


async def ask(res: Resources, actor: Actor, document: str, **variables: Any) -> Any:
    """The data of a document, asserting that there are no errors."""
    result = await build_schema().execute(document, variable_values=variables, context_value=Context(res, actor))
    assert not result.errors, [(error.message, error.extensions) for error in result.errors]
    return result.data


async def ask_for_codes(res: Resources, actor: Actor, document: str, **variables: Any) -> list[str]:
    """The `extensions.code` of each error."""
    result = await build_schema().execute(document, variable_values=variables, context_value=Context(res, actor))
    return [(error.extensions or {}).get("code", error.message) for error in result.errors or []]


@contextmanager
def counted_statements(res: Resources, *, parameters: list[tuple] | None = None) -> Iterator[list[str]]:
    """The SQL statements that sessions send within the block; their parameters go into the other list, if there is one."""
    statements: list[str] = []

    def note(_conn, _cursor, statement, sent, *_rest):
        statements.append(statement)
        if parameters is not None:
            parameters.append(sent)

    engine = res.db._engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
