"""How much may a document ask for? How deep, how often under another name, and how many values in all.

Each fragment is counted once, however often it is spread: a document that spreads two of two of two costs
us what its text costs, not what it would unfold to.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, TypeAlias

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    Undefined,
    ValidationContext,
    ValidationRule,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    get_operation_ast,
    is_list_type,
)
from graphql.utilities import value_from_ast_untyped
from strawberry.extensions import SchemaExtension

from core.settings import DEAREST
from domain.page import DEFAULT_SIZE, MOST
from schema.errors import TOO_COSTLY

DEEPEST: Final = 14
MOST_TOKENS: Final = 2000
MOST_ALIASES: Final = 30
MOST_FRAGMENTS: Final = 100
# As many as there may be aliases: who asks for a `node` of any kind selects one field once for each.
MOST_REPEATS: Final = 30
MOST_DIRECTIVES: Final = 60
# Each is a use case of its own: what is asked at once takes connections, what is done one by one takes long.
MOST_ROOT_FIELDS: Final = {OperationType.QUERY: 10, OperationType.MUTATION: 5}
MOST_COST: Final = DEAREST
# What a list without pages is taken to hold: frames, tags, members. Most hold fewer, and each has a bound of its own.
LIST_SIZE = 10
# What is much more work than the values that it answers with, wherever it stands.
DEAR = {
    "__schema": 10_000,  # its answer has 19,500 values, and takes as long as 11,000 others
    "__type": 500,
    "groupingRulesDryRun": 5000,
    "recentCount": 20,  # 1,000 events are looked at, once for all values of an issue
    "similar": 1000,
    "simulateAlert": 1000,
    "wouldHaveFired": 1000,
}
_WEIGHED_DOCUMENTS = 256
_LARGEST_NUMBER = 2**53  # that JavaScript reads as it is written
Parent: TypeAlias = GraphQLNamedType | None
LENGTHS = ("first", "last", "ids", "inputs")


class Shape(ValidationRule):
    """Refuses a document that is too deep, names too much anew, or would keep the other rules busy.

    Raises: GraphQLError for that last, before they begin: they compare each field with all others of its name.
    """

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        fragments = _fragments(context.document)
        if len(fragments) > MOST_FRAGMENTS:
            raise GraphQLError(f"{len(fragments)} fragments found; at most {MOST_FRAGMENTS} are allowed.")
        self._directives = aliases = 0
        for operation in _operations(context.document):
            depth, renamed = _Shapes(fragments).of(operation.selection_set)
            aliases += renamed
            if depth > DEEPEST:
                problem = f"The operation is {depth} levels deep; at most {DEEPEST} are allowed."
                context.report_error(GraphQLError(problem, [operation]))
            kind = operation.operation
            roots = len(_root_names(operation.selection_set, fragments, set()))
            if roots > (most := MOST_ROOT_FIELDS.get(kind, roots)):
                problem = f"The {kind.value} has {roots} fields at its root; at most {most} are allowed."
                context.report_error(GraphQLError(problem, [operation]))
        if aliases > MOST_ALIASES:
            context.report_error(GraphQLError(f"{aliases} aliases found; at most {MOST_ALIASES} are allowed."))

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        """Count it, and report the one too many."""
        self._directives += 1
        if self._directives == MOST_DIRECTIVES + 1:
            self.report_error(
                GraphQLError(f"There are directives past the {MOST_DIRECTIVES} that are allowed.", [node])
            )


class Limits(SchemaExtension):
    """Refuses to execute what asks for too many values, counted from its pages before anything is read.

    And a document of several operations that does not say which: the library would take the first.
    """

    def on_execute(self) -> Iterator[None]:
        """Weigh the operation.

        Raises: GraphQLError.
        """
        asked = self.execution_context
        name = asked._provided_operation_name  # noqa: SLF001 - the other name is a guess
        cost = weighing(asked.schema._schema, asked.graphql_document, name).cost(asked.variables)  # noqa: SLF001
        if cost > MOST_COST:
            raise GraphQLError(
                f"This asks for up to {cost:,} values; at most {MOST_COST:,} are allowed. Ask for smaller pages.",
                extensions={"code": TOO_COSTLY, "cost": cost, "limit": MOST_COST},
            )
        asked.context.cost = cost
        yield


class _Shapes:
    """Depth and number of aliases of selections, each fragment looked at once."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._known: dict[str, tuple[int, int]] = {}

    def of(self, selections: SelectionSetNode | None) -> tuple[int, int]:
        """How many levels are beneath, and how many fields have other names.

        Raises: GraphQLError where one field is selected too often.
        """
        _refuse_repeats(selections)
        shapes = [self._selection(selection) for selection in selections.selections] if selections else []
        return max((depth for depth, _ in shapes), default=0), sum(aliases for _, aliases in shapes)

    def _selection(self, selection: SelectionNode) -> tuple[int, int]:
        if isinstance(selection, FieldNode):
            depth, aliases = self.of(selection.selection_set)
            is_ours = not selection.name.value.startswith("__")
            level = 1 if selection.selection_set and is_ours else 0
            return (depth + level if is_ours else 0), aliases + (selection.alias is not None)
        if isinstance(selection, FragmentSpreadNode):
            return self._fragment(selection.name.value)
        assert isinstance(selection, InlineFragmentNode)
        return self.of(selection.selection_set)

    def _fragment(self, name: str) -> tuple[int, int]:
        if name not in self._known:
            self._known[name] = 0, 0  # one that spreads itself, or is not there, is for other rules to refuse
            fragment = self._fragments.get(name)
            self._known[name] = self.of(fragment.selection_set) if fragment else (0, 0)
        return self._known[name]


def _refuse_repeats(selections: SelectionSetNode | None) -> None:
    names = Counter(_names_in(selections))
    name, times = names.most_common(1)[0] if names else ("", 0)
    if times > MOST_REPEATS:
        raise GraphQLError(f"`{name}` is selected {times} times in one place; at most {MOST_REPEATS} are allowed.")


def _names_in(selections: SelectionSetNode | None) -> Iterator[str]:
    """The names under which the fields of one place are answered, and those of fragments that are spread there."""
    for selection in selections.selections if selections else ():
        if isinstance(selection, InlineFragmentNode):
            yield from _names_in(selection.selection_set)
        elif isinstance(selection, FieldNode):
            yield (selection.alias or selection.name).value
        elif isinstance(selection, FragmentSpreadNode):
            yield f"...{selection.name.value}"


def _root_names(
    selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], seen: set[str]
) -> set[str]:
    """The names under which an operation answers, each fragment looked at once; `__typename` is no field of ours."""
    names: set[str] = set()
    for selection in selections.selections:
        if isinstance(selection, FieldNode):
            names |= {(selection.alias or selection.name).value} if selection.name.value != "__typename" else set()
        elif isinstance(selection, InlineFragmentNode):
            names |= _root_names(selection.selection_set, fragments, seen)
        elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in seen:
            seen.add(selection.name.value)
            fragment = fragments.get(selection.name.value)
            names |= _root_names(fragment.selection_set, fragments, seen) if fragment else set()
    return names


class Weighing:
    """What one operation costs, by the sizes of its pages."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> None:
        self._schema = schema
        self._fragments = _fragments(document)
        self._operation = operation
        self._defaults = {
            definition.variable.name.value: value_from_ast_untyped(definition.default_value)
            for definition in operation.variable_definitions or ()
            if definition.default_value is not None
        }
        self._costs: dict[tuple[Any, ...], int] = {}
        self._sizes: dict[str, int] = {}
        self._weights: dict[tuple[str, bool], int] = {}
        self._names: set[str] = set()
        # Where no variable is a size it costs this; where one is, this is how that is found out.
        self._fixed = min(self._weigh({}), _LARGEST_NUMBER)

    def cost(self, variables: Mapping[str, Any] | None) -> int:
        """How many values it asks for at most, with these variables."""
        if not self._names:
            return self._fixed
        variables = variables or {}
        sizes = {name: _size(variables.get(name, self._defaults.get(name))) for name in self._names}
        key = tuple(sorted(sizes.items()))
        if key not in self._costs:
            self._costs = self._costs if len(self._costs) < _WEIGHED_DOCUMENTS else {}
            self._costs[key] = min(self._weigh(sizes), _LARGEST_NUMBER)
        return self._costs[key]

    def _weigh(self, sizes: dict[str, int]) -> int:
        self._sizes, self._weights = sizes, {}
        return self._set(self._operation.selection_set, self._schema.get_root_type(self._operation.operation))

    def _set(self, selections: SelectionSetNode | None, parent: Parent, *, is_counted: bool = False) -> int:
        """What is selected of one object; `is_counted` where the lists in it have been counted with it."""
        chosen = selections.selections if selections else ()
        return sum(self._selection(selection, parent, is_counted=is_counted) for selection in chosen)

    def _selection(self, selection: SelectionNode, parent: Parent, *, is_counted: bool) -> int:
        if isinstance(selection, FieldNode):
            return self._field(selection, parent, is_counted=is_counted)
        if isinstance(selection, FragmentSpreadNode):
            return self._fragment(selection.name.value, is_counted=is_counted)
        assert isinstance(selection, InlineFragmentNode)
        condition = selection.type_condition
        kind = self._schema.get_type(condition.name.value) if condition else parent
        return self._set(selection.selection_set, kind, is_counted=is_counted)

    def _field(self, node: FieldNode, parent: Parent, *, is_counted: bool) -> int:
        field: GraphQLField | None = getattr(parent, "fields", {}).get(node.name.value)
        if field is None or node.selection_set is None:
            return DEAR.get(node.name.value, 1)
        has_length = any(name in field.args for name in LENGTHS)
        beneath = self._set(node.selection_set, get_named_type(field.type), is_counted=has_length)
        own = DEAR.get(node.name.value, 1)
        if has_length:
            return own + self._page(node, field) * beneath
        is_list = is_list_type(get_nullable_type(field.type)) and not is_counted
        return own + (LIST_SIZE if is_list else 1) * beneath

    def _page(self, node: FieldNode, field: GraphQLField) -> int:
        given = [argument.value for argument in node.arguments or () if argument.name.value in LENGTHS]
        if not given:
            return _size(getattr(field.args.get("first"), "default_value", None))
        return max(map(self._given, given))

    def _given(self, value: ValueNode) -> int:
        if not isinstance(value, VariableNode):
            return _size(value_from_ast_untyped(value))
        self._names.add(value.name.value)
        return self._sizes.get(value.name.value, MOST)

    def _fragment(self, name: str, *, is_counted: bool) -> int:
        key = name, is_counted
        if key not in self._weights:
            fragment = self._fragments.get(name)
            kind = self._schema.get_type(fragment.type_condition.name.value) if fragment else None
            selections = fragment.selection_set if fragment else None
            self._weights[key] = self._set(selections, kind, is_counted=is_counted)
        return self._weights[key]


@lru_cache(maxsize=_WEIGHED_DOCUMENTS)
def weighing(schema: GraphQLSchema, document: DocumentNode, operation_name: str | None) -> Weighing:
    """What the operation of that name, or the only one, costs.

    Raises: GraphQLError where it is not clear which is meant (GraphQL specification, 6.1: GetOperation).
    """
    operation = get_operation_ast(document, operation_name)
    if operation is None:
        raise GraphQLError("The document has several operations: say which with `operationName`.")
    return Weighing(schema, document, operation)


def _size(value: Any) -> int:
    """The size of a page, or of a list that is given; a page that is none is refused later, and is the largest here."""
    if value is None or value is Undefined:
        return DEFAULT_SIZE
    if isinstance(value, list):
        return max(len(value), 1)
    return min(max(value, 1), MOST) if type(value) is int else MOST


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }


def _operations(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [definition for definition in document.definitions if isinstance(definition, OperationDefinitionNode)]
