"""How often may somebody ask? One call of a root field counts as one, in whichever document it stands.

Questions for lists and pages count as LIST, all else as DETAIL; logging is counted where it is done, whichever way it
came.
"""

from collections.abc import AsyncIterator
from functools import lru_cache

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    get_operation_ast,
    is_list_type,
)
from strawberry.extensions import SchemaExtension

from domain.admission import Endpoint
from schema.context import Context

_KNOWN_DOCUMENTS = 256
_COUNTED_ELSEWHERE = frozenset({"logError", "logErrors"})


class Admitted(SchemaExtension):
    """Refuses to execute what is asked more often than the caller may."""

    async def on_execute(self) -> AsyncIterator[None]:
        """Count the call.

        Raises: LimitExceeded.
        """
        asked = self.execution_context
        context: Context = asked.context
        name = asked._provided_operation_name  # noqa: SLF001 - the other name is a guess
        for endpoint, count in _calls(asked.schema._schema, asked.graphql_document, name):  # noqa: SLF001
            await context.resources.admission.call(context.actor, endpoint, count)
        yield


@lru_cache(maxsize=_KNOWN_DOCUMENTS)
def _calls(schema: GraphQLSchema, document: DocumentNode, operation_name: str | None) -> list[tuple[Endpoint, int]]:
    """How many calls of which kind the operation makes."""
    operation = get_operation_ast(document, operation_name)
    root = schema.get_root_type(operation.operation) if operation else None
    if operation is None or root is None:
        return []  # refused elsewhere
    fragments = {part.name.value: part for part in document.definitions if isinstance(part, FragmentDefinitionNode)}
    names = _fields(operation.selection_set, fragments)
    counted = [name for name in names if name in root.fields and name not in _COUNTED_ELSEWHERE]
    lists = sum(_is_list(root, name) for name in counted)
    calls = [(Endpoint.LIST, lists), (Endpoint.DETAIL, len(counted) - lists)]
    return [(endpoint, count) for endpoint, count in calls if count]


def _fields(selections: SelectionSetNode, fragments: dict[str, FragmentDefinitionNode]) -> list[str]:
    names: list[str] = []
    for selection in selections.selections:
        if isinstance(selection, FieldNode):
            names.append(selection.name.value)
        elif isinstance(selection, InlineFragmentNode):
            names += _fields(selection.selection_set, fragments)
        elif isinstance(selection, FragmentSpreadNode) and selection.name.value in fragments:
            names += _fields(fragments[selection.name.value].selection_set, fragments)
    return names


def _is_list(root: GraphQLObjectType, name: str) -> bool:
    kind = root.fields[name].type
    return is_list_type(get_nullable_type(kind)) or get_named_type(kind).name.endswith("Connection")
