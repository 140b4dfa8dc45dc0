"""How often may somebody ask, and for how much? A call of a root field counts as one, in whichever document it stands.

Questions for lists and pages count as LIST, all else as DETAIL; what a document costs is spent besides. Logging is
counted where it is done, whichever way it came, and costs nothing here.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationType,
    SelectionSetNode,
    Visitor,
    get_named_type,
    get_nullable_type,
    get_operation_ast,
    is_list_type,
    visit,
)
from strawberry.extensions import SchemaExtension

from domain.admission import Endpoint
from domain.errors import LimitExceeded
from domain.quota import Purse
from schema.context import Context
from schema.limits import MOST_COST

_KNOWN_DOCUMENTS = 256
_COUNTED_ELSEWHERE = frozenset({"logError", "logErrors"})
_OF_THE_SCHEMA = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class _Calls:
    """How many calls of which kind an operation makes; it costs something unless all it does is to log."""

    by_kind: tuple[tuple[Endpoint, int], ...] = ()
    is_paid: bool = False
    is_watched: bool = False


class Admitted(SchemaExtension):
    """Refuses to execute what is asked more often than the caller may, or costs more than is left to them.

    Tells what it cost and what is left, in `extensions.cost` of the one answer: those of a subscription are shared.
    """

    _told: dict[str, Any] | None = None

    async def on_execute(self) -> AsyncIterator[None]:
        """Count the call.

        Raises: LimitExceeded.
        """
        asked = self.execution_context
        context: Context = asked.context
        if context.leads_from is not None or context.returns_from is not None:
            # Each of those who are told has paid, and pays for nothing when it goes on by itself.
            yield
            return
        admission = context.resources.admission
        name = asked._provided_operation_name  # noqa: SLF001 - the other name is a guess
        calls = _calls(asked.schema._schema, asked.graphql_document, name)  # noqa: SLF001
        for endpoint, count in calls.by_kind:
            await admission.call(context.actor, endpoint, count)
        if calls.is_paid:
            try:
                context.purse = await admission.spend(context.actor, context.cost)
            except LimitExceeded:
                context.purse = admission.purse(context.actor)
                raise
            finally:
                if not calls.is_watched:
                    self._told = {"cost": _told(context.cost, context.purse)}
        yield

    def get_results(self) -> dict[str, Any]:
        """What is told besides the data."""
        return self._told or {}


def _told(cost: int, purse: Purse | None) -> dict[str, Any]:
    told: dict[str, Any] = {"requested": cost, "limit": MOST_COST}
    if purse is not None:
        told["perMinute"] = {"limit": purse.limit, "left": purse.left, "resetIn": purse.reset_s}
    return told


def only_logs(document: DocumentNode, operation_name: str | None) -> bool:
    """Whether all that the operation does is to log, and to hear what became of that: of issues it is shown nothing."""
    operation = get_operation_ast(document, operation_name)
    if operation is None or operation.operation is not OperationType.MUTATION:
        return False
    roots = operation.selection_set.selections
    is_plain = all(isinstance(root, FieldNode) and root.name.value in _COUNTED_ELSEWHERE for root in roots)
    return is_plain and not _selects(document, "issue")


def _selects(document: DocumentNode, name: str) -> bool:
    """Whether a field of that name is selected anywhere in the document."""

    class Looking(Visitor):
        found = False

        def enter_field(self, node: FieldNode, *_: object) -> None:
            self.found = self.found or node.name.value == name

    looking = Looking()
    visit(document, looking)
    return looking.found


@lru_cache(maxsize=_KNOWN_DOCUMENTS)
def _calls(schema: GraphQLSchema, document: DocumentNode, operation_name: str | None) -> _Calls:
    """How many calls of which kind the operation makes."""
    operation = get_operation_ast(document, operation_name)
    root = schema.get_root_type(operation.operation) if operation else None
    if operation is None or root is None:
        return _Calls()  # refused elsewhere
    fragments = {part.name.value: part for part in document.definitions if isinstance(part, FragmentDefinitionNode)}
    names = _fields(operation.selection_set, fragments)
    counted = [name for name in names if name in root.fields and name not in _COUNTED_ELSEWHERE]
    lists = sum(_is_list(root, name) for name in counted)
    calls = [(Endpoint.LIST, lists), (Endpoint.DETAIL, len(counted) - lists)]
    return _Calls(
        tuple((endpoint, count) for endpoint, count in calls if count),
        is_paid=bool(counted) or not _OF_THE_SCHEMA.isdisjoint(names),
        is_watched=operation.operation is OperationType.SUBSCRIPTION,
    )


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
