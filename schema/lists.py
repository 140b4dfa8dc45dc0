"""What is selected of the objects of a list, worked out once: each field is read of all of them, and not one by one.

The library gives each field of each object a path, the circumstances of its resolver and three rounds of completion,
and a task where it waits; a chart of thirty days by the hour has nine thousand fields, a dashboard's list 1,300. Here
what waits for nothing is read as it is, and what waits for loaders (`LOADED`) runs side by side in one task.

This either comes to what the library would answer (GraphQL specification, 6.4: Executing Fields), or raises: what is
null or of a type where it must not be, what fails, what is none of the plainer kinds of fields. Then the library
executes the list from its beginning, and errors are its own. Resolvers only read, so being asked twice changes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, TypeAlias

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    Undefined,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path
from graphql.type import GraphQLEnumType
from strawberry.schema.schema_converter import get_arguments
from strawberry.types.field import StrawberryField

from core.abreast import run_abreast

Details: TypeAlias = list[FieldDetails]
# From a source, or a value as resolvers hand it out, to the value as it is answered.
Each: TypeAlias = Callable[[Any], Any]

# Marks a field whose resolver waits for loaders alone, and asks its `info` for nothing but the context and what is
# selected.
LOADED: Final[Mapping[Any, Any]] = {(_LOADED := "tocsin-loaded"): True}

_DEFINITION = "strawberry-definition"
_TYPE_NAME = "__typename"
# Scalars whose values of that type are answered as they are.
AS_IT_IS: Final[Mapping[str, type]] = {"String": str, "ID": str, "Boolean": bool, "Count": int}


class NotPlain(Exception):
    """The library is to say what it is."""


@dataclass(frozen=True, slots=True)
class Work:
    """How values are completed: one by one where `each` waits for nothing, else all together."""

    each: Each | None
    together: Callable[[list[Any]], Awaitable[list[Any]]] | None = None

    async def all(self, values: list[Any]) -> list[Any]:
        """All of them completed.

        Raises: Exception where the library is to do it.
        """
        if self.each is not None:
            return list(map(self.each, values))
        assert self.together is not None
        return await self.together(values) if values else []


def work_of(executor: Executor[Any], kind: GraphQLOutputType, details: Details, path: Path) -> Work:
    """How values of that type are completed, with what is selected of them.

    Raises: NotPlain, or another Exception, where the library is to do it.
    """
    is_required, inner = is_non_null_type(kind), get_nullable_type(kind)
    if is_leaf_type(inner):
        return Work(leaf_value(inner, is_required=is_required))
    if is_list_type(inner):
        work = _list(work_of(executor, inner.of_type, details, path))
    elif isinstance(inner, GraphQLObjectType):
        work = _Objects(executor, inner, details, path).work()
    else:
        raise NotPlain
    return work if is_required else _or_none(work)


def leaf_value(kind: Any, *, is_required: bool) -> Each:
    """How values of a scalar or an enum are answered; raises where that is not plain."""
    coerce, plain_type = kind.coerce_output_value, AS_IT_IS.get(kind.name)

    def complete(value: Any) -> Any:
        if type(value) is plain_type:
            return value
        if value is None:
            if is_required:
                raise NotPlain
            return None
        coerced = None if isinstance(value, Exception) else coerce(value)
        if coerced is None or coerced is Undefined:
            raise NotPlain
        return coerced

    return _member(kind, complete) if isinstance(kind, GraphQLEnumType) else complete


def _member(kind: GraphQLEnumType, complete: Each) -> Each:
    """The name of a member of the enum; a mere value that is equal to one has the same."""
    names = {each: kind.coerce_output_value(each) for each in getattr(kind, "wrapped_cls", ())}

    def name(member: Any) -> Any:
        try:
            return names[member]
        except (KeyError, TypeError):
            return complete(member)

    return name


def is_loaded(field: StrawberryField) -> bool:
    """Whether its resolver waits for loaders alone, and asks its `info` for little (`LOADED`)."""
    return _LOADED in field.metadata


def attribute_of(field: GraphQLField) -> str | None:
    """The name of the attribute that the field hands out as it is; none where it has a resolver."""
    definition = _definition(field)
    is_basic = definition is not None and definition.is_basic_field
    return definition.python_name if definition and is_basic and getattr(field.resolve, "_is_default", False) else None


def _list(item: Work) -> Work:
    if (each := item.each) is not None:

        def complete(values: Any) -> list[Any]:
            return list(map(each, _listed(values)))

        return Work(complete)

    async def together(lists: list[Any]) -> list[Any]:
        done = iter(await item.all([value for values in lists for value in _listed(values)]))
        return [[next(done) for _ in values] for values in lists]

    return Work(None, together)


def _listed(values: Any) -> list[Any]:
    if type(values) is not list:
        raise NotPlain
    return values


def _or_none(work: Work) -> Work:
    if (each := work.each) is not None:
        return Work(lambda value: None if value is None else each(value))

    async def together(values: list[Any]) -> list[Any]:
        done = iter(await work.all([value for value in values if value is not None]))
        return [None if value is None else next(done) for value in values]

    return Work(None, together)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A field that must be waited for, or something of which must be."""

    name: str
    values: Callable[[list[Any]], Awaitable[list[Any]]]
    work: Work

    async def fill(self, found: list[dict[str, Any]], sources: list[Any]) -> None:
        """Give each object its value."""
        for one, value in zip(found, await self.work.all(await self.values(sources)), strict=True):
            one[self.name] = value


class _Objects:
    """What is selected of objects of one type."""

    def __init__(self, executor: Executor[Any], kind: GraphQLObjectType, details: Details, path: Path) -> None:
        self._executor, self._kind = executor, kind
        definition = kind.extensions[_DEFINITION]
        self._classes = {definition.origin, definition.concrete_of.origin if definition.concrete_of else None}
        selected, deferred, _ = executor.collect_subfields(kind, details)
        if deferred:
            raise NotPlain
        self._reads: list[tuple[str, Each]] = []
        self._waiting: list[_Waiting] = []
        for name, those in selected.items():
            self._add(name, those, Path(path, name, kind.name))

    def work(self) -> Work:
        """How they are completed."""
        return Work(None, self._together) if self._waiting else Work(self._each)

    def _each(self, source: Any) -> dict[str, Any]:
        if type(source) not in self._classes:
            raise NotPlain
        return {name: read(source) for name, read in self._reads}

    async def _together(self, sources: list[Any]) -> list[dict[str, Any]]:
        found = list(map(self._each, sources))
        ended = await asyncio.gather(*(one.fill(found, sources) for one in self._waiting), return_exceptions=True)
        for failure in filter(None, ended):
            raise failure
        return found

    def _add(self, name: str, details: Details, path: Path) -> None:
        field_name = details[0].node.name.value
        if field_name == _TYPE_NAME:
            self._reads.append((name, lambda _: self._kind.name))
            return
        field = self._kind.fields[field_name]
        work = work_of(self._executor, field.type, details, path)
        attribute = attribute_of(field)
        read: Each = attrgetter(attribute) if attribute else self._resolver(field, details, path)
        if attribute is None and _resolved(field).is_async:
            self._wait(name, lambda sources: run_abreast(list(map(read, sources))), work)
        elif work.each is None:
            self._wait(name, _at_hand(read), work)
        else:
            self._reads.append((name, _then(read, work.each)))

    def _wait(self, name: str, values: Callable[[list[Any]], Awaitable[list[Any]]], work: Work) -> None:
        self._waiting.append(_Waiting(name, values, work))
        self._reads.append((name, lambda _: None))  # its place among the others

    def _resolver(self, field: GraphQLField, details: Details, path: Path) -> Each:
        """What calls the resolver of a source, with what the library would give it."""
        definition, resolver = _resolved(field), _resolved(field).base_resolver
        is_simple = not (definition.is_async or field.args or resolver.info_parameter)
        if not (is_simple or is_loaded(definition)):
            raise NotPlain
        executor, nodes = self._executor, [each.node for each in details]
        schema = executor.schema.extensions[_DEFINITION]
        given = get_argument_values(
            field, nodes[0], executor.variable_values, details[0].fragment_variable_values, executor.hide_suggestions
        )
        info = schema.config.info_class(
            _raw_info=executor.build_resolve_info(field, nodes, self._kind, path), _field=definition
        )
        _, arguments = get_arguments(
            field=definition,
            source=None,
            info=info,
            kwargs=given,
            config=schema.config,
            scalar_registry=schema.schema_converter.scalar_registry,
        )
        resolve = resolver.wrapped_func
        return (lambda source: resolve(source, **arguments)) if arguments else resolve


def _then(read: Each, complete: Each) -> Each:
    return lambda source: complete(read(source))


def _at_hand(read: Each) -> Callable[[list[Any]], Coroutine[Any, Any, list[Any]]]:
    async def values(sources: list[Any]) -> list[Any]:
        return list(map(read, sources))

    return values


def _definition(field: GraphQLField) -> StrawberryField | None:
    found: StrawberryField | None = field.extensions.get(_DEFINITION)
    return found


def _resolved(field: GraphQLField) -> Any:
    """The definition of a field that has a resolver, which is a method and is called as it is."""
    definition: Any = _definition(field)
    resolver = definition.base_resolver if definition else None
    if resolver is None or definition.extensions or not hasattr(field.resolve, "_is_default"):
        raise NotPlain
    if not resolver.self_parameter or resolver.parent_parameter or resolver.root_parameter:
        raise NotPlain
    return definition
