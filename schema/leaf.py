"""Fields that hand out an attribute as it is, completed at once: most of what is asked for is made of them.

The library gives each such field a path, the circumstances of its resolver, and three rounds of completion; a chart of
thirty days by the hour has nine thousand of them. What is not as plain goes the library's way, and so does what fails,
so that errors are the library's own (GraphQL specification, 6.4: Executing Fields).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    Undefined,
    get_nullable_type,
    is_leaf_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetails
from graphql.pyutils import AwaitableOrValue, Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

# The value of the field as it is answered, of an object; undefined where the library is to say what it is.
Leaf: TypeAlias = Callable[[Any], Any]

_LEAVES = "tocsin-leaves"
_DEFINITION = "strawberry-definition"
_TYPE_NAME = "__typename"


class LeafExecutor(StrawberryGraphQLCoreExecutionContext):
    """Executes plain fields by themselves, and objects that consist of them in one go."""

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: dict[str, list[FieldDetails]],
        position_context: Any,
    ) -> AwaitableOrValue[dict[str, Any]]:
        """The values of the selected fields."""
        leaves, found = leaves_of(parent_type), {}
        for name, details in grouped_field_set.items():
            leaf = leaves.get(details[0].node.name.value)
            if leaf is None or (value := leaf(source_value)) is Undefined:
                return super().execute_fields(parent_type, source_value, path, grouped_field_set, position_context)
            found[name] = value
        return found

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: list[FieldDetails],
        path: Path,
        position_context: Any,
    ) -> AwaitableOrValue[Any]:
        """The value of one field."""
        leaf = leaves_of(parent_type).get(field_details_list[0].node.name.value)
        if leaf is not None and (value := leaf(source)) is not Undefined:
            return value
        return super().execute_field(parent_type, source, field_details_list, path, position_context)

    def complete_iterable_value(  # noqa: PLR0917 - as the library calls it
        self,
        item_type: GraphQLOutputType,
        field_details_list: list[FieldDetails],
        info: GraphQLResolveInfo[Any],
        path: Path,
        items: Iterable[Any],
        position_context: Any,
    ) -> AwaitableOrValue[list[Any]]:
        """The values of a list."""
        kind = get_nullable_type(item_type)
        if (
            isinstance(kind, GraphQLObjectType)
            and isinstance(items, list)
            and not field_details_list[0].node.directives
        ):
            found = self._plain_objects(kind, field_details_list, info, items)
            if found is not None:
                return found
        return super().complete_iterable_value(item_type, field_details_list, info, path, items, position_context)

    def _plain_objects(
        self,
        kind: GraphQLObjectType,
        field_details_list: list[FieldDetails],
        info: GraphQLResolveInfo[Any],
        items: list[Any],
    ) -> list[dict[str, Any]] | None:
        """The objects, where all that is selected of them is plain, and plainly there; else none."""
        grouped_field_set, deferred, _ = self.collect_subfields(kind, field_details_list)
        leaves = leaves_of(kind)
        selected = [(name, leaves.get(details[0].node.name.value)) for name, details in grouped_field_set.items()]
        if deferred or any(leaf is None for _, leaf in selected):
            return None
        found = []
        for item in items:
            if item is None or (kind.is_type_of and kind.is_type_of(item, info) is not True):
                return None
            values = {name: leaf(item) for name, leaf in selected if leaf}
            if Undefined in values.values():
                return None
            found.append(values)
        return found


def leaves_of(kind: GraphQLObjectType) -> Mapping[str, Leaf]:
    """The plain fields of a type, found once for each."""
    leaves: dict[str, Leaf] | None = kind.extensions.get(_LEAVES)
    if leaves is None:
        leaves = {name: leaf for name, field in kind.fields.items() if (leaf := _leaf(field))}
        leaves[_TYPE_NAME] = lambda _: kind.name
        kind.extensions[_LEAVES] = leaves
    return leaves


def _leaf(field: GraphQLField) -> Leaf | None:
    kind = get_nullable_type(field.type)
    if not is_leaf_type(kind) or not getattr(field.resolve, "_is_default", False):
        return None
    name, may_be_null = field.extensions[_DEFINITION].python_name, not is_non_null_type(field.type)
    coerce = kind.coerce_output_value

    def leaf(source: Any) -> Any:
        try:
            value = getattr(source, name)
            if value is None:
                return None if may_be_null else Undefined
            coerced = Undefined if isinstance(value, Exception) else coerce(value)
        except Exception:  # noqa: BLE001 - the library comes to the same, and tells it
            return Undefined
        return Undefined if coerced is None else coerced

    return leaf
