"""Executes at once what is plain: fields that hand out an attribute as it is, and lists of objects (`schema/lists.py`).

What is not as plain goes the library's way, and so does what fails, so that errors are the library's own (GraphQL
specification, 6.4: Executing Fields).
"""

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
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
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetails
from graphql.pyutils import AwaitableOrValue, Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from schema.lists import Work, attribute_of, leaf_value, work_of

# The value of the field as it is answered, of an object; undefined where the library is to say what it is.
Leaf: TypeAlias = Callable[[Any], Any]

_LEAVES = "tocsin-leaves"
_TYPE_NAME = "__typename"


class LeafExecutor(StrawberryGraphQLCoreExecutionContext):
    """Executes plain fields by themselves, and lists of objects at once."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # By type and selection, which is kept so that its id is not given to another; none where the library does it.
        self._works: dict[tuple[GraphQLOutputType, int], tuple[list[FieldDetails], Work | None]] = {}

    def build_per_event_executor(self, payload: Any) -> Executor[Any]:
        """The executor of one item of a stream, whose selections are collected anew."""
        executor = super().build_per_event_executor(payload)
        if isinstance(executor, LeafExecutor):
            executor._works = {}  # noqa: SLF001 - it is one of these
        return executor

    def build_response(self, data: dict[str, Any] | None) -> Any:
        """The response, after which nothing of how it was made is kept: it would hold the item, in a circle."""
        self._works = {}
        return super().build_response(data)

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

        def by_library() -> AwaitableOrValue[list[Any]]:
            return super(LeafExecutor, self).complete_iterable_value(
                item_type, field_details_list, info, path, items, position_context
            )

        work = self._work(item_type, field_details_list, path) if isinstance(items, list) and items else None
        if work is None:
            return by_library()
        if work.each is None:
            return self._completed(work, items, by_library)
        try:
            return list(map(work.each, items))
        except Exception:  # noqa: BLE001 - the library comes to the same, and tells it
            return by_library()

    async def _completed(
        self, work: Work, items: Iterable[Any], by_library: Callable[[], AwaitableOrValue[list[Any]]]
    ) -> list[Any]:
        """The values of a list something of which is waited for."""
        try:
            return await work.all(list(items))
        except Exception:  # noqa: BLE001 - the library comes to the same, and tells it
            completed: Any = by_library()
            values: list[Any] = await completed if self.is_awaitable(completed) else completed
            return values

    def _work(self, kind: GraphQLOutputType, details: list[FieldDetails], path: Path) -> Work | None:
        """How items of that type are completed; none where they are no objects, or the library is to do it."""
        if not isinstance(get_nullable_type(kind), GraphQLObjectType):
            return None
        key = kind, id(details)
        if key not in self._works:
            self._works[key] = details, self._made(kind, details, path)
        return self._works[key][1]

    def _made(self, kind: GraphQLOutputType, details: list[FieldDetails], path: Path) -> Work | None:
        has_middleware = self.middleware_manager is not None and self.middleware_manager.middlewares
        if has_middleware or self.abort_signal or any(each.node.directives for each in details):
            return None
        try:
            return work_of(self, kind, details, path)
        except Exception:  # noqa: BLE001 - the library comes to the same, and tells it
            return None


def leaves_of(kind: GraphQLObjectType) -> Mapping[str, Leaf]:
    """The plain fields of a type, found once for each."""
    leaves: dict[str, Leaf] | None = kind.extensions.get(_LEAVES)
    if leaves is None:
        leaves = {name: leaf for name, field in kind.fields.items() if (leaf := _leaf(field))}
        leaves[_TYPE_NAME] = lambda _: kind.name
        kind.extensions[_LEAVES] = leaves
    return leaves


def _leaf(field: GraphQLField) -> Leaf | None:
    name, kind = attribute_of(field), get_nullable_type(field.type)
    if name is None or not is_leaf_type(kind):
        return None
    read, complete = attrgetter(name), leaf_value(kind, is_required=is_non_null_type(field.type))

    def leaf(source: Any) -> Any:
        try:
            return complete(read(source))
        except Exception:  # noqa: BLE001 - the library comes to the same, and tells it
            return Undefined

    return leaf
