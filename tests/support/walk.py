"""Walking a GraphQL schema: documents that select everything, and what the answers hold."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
)

COMPOSITE = (GraphQLObjectType, GraphQLInterfaceType, GraphQLUnionType)


class Walker:
    """Knows one schema, and the arguments that fields below the root are given.

    A node (a type with a global id) is selected by its id alone where it is met, and wholly when it is fetched again.
    """

    def __init__(self, schema: GraphQLSchema, arguments: Mapping[str, str]) -> None:
        self.schema = schema
        self._arguments = arguments

    def fields(self, root: str) -> Mapping[str, GraphQLField]:
        """The fields of Query, Mutation or Subscription."""
        kind = self.schema.type_map[root]
        assert isinstance(kind, GraphQLObjectType)
        return kind.fields

    def document(self, operation: str, name: str, arguments: Mapping[str, Any], *, deep: bool = False) -> str:
        """An operation that asks one root field for everything; each argument is a variable of its name."""
        field = self.fields(operation.title())[name]
        declared = ", ".join(f"${given}: {field.args[given].type}" for given in arguments)
        passed = ", ".join(f"{given}: ${given}" for given in arguments)
        head = f"{operation} ({declared})" if declared else operation
        call = f"{name}({passed})" if passed else name
        return f"{head} {{ {call} {self.selection(get_named_type(field.type), deep=deep)} }}"

    def fetch(self, kind: str) -> str:
        """A query that fetches a node of that kind again, with all its fields."""
        return f"query ($id: ID!) {{ node(id: $id) {{ ... on {kind} {self.selection(self.schema.type_map[kind], deep=True)} }} }}"

    def selection(self, kind: GraphQLNamedType, *, deep: bool = False) -> str:
        """Everything in a type, down to the nodes; of these the id, or with `deep` everything down to the next."""
        if not isinstance(kind, COMPOSITE):
            return ""
        if isinstance(kind, GraphQLInterfaceType) and kind.name == "Node" and not deep:
            return "{ __typename id }"
        if not isinstance(kind, GraphQLObjectType):
            members = self.schema.get_possible_types(kind)
            shallow = [member for member in members if self.is_node(member) and not deep]
            parts = [
                f"... on {member} {self.selection(member, deep=deep)}" for member in members if member not in shallow
            ] + ["... on Node { id }"] * bool(shallow)  # once: there are more kinds than a document may repeat a field
            return f"{{ __typename {' '.join(parts)} }}"
        if self.is_node(kind) and not deep:
            return "{ __typename id }"
        deep = deep and not self.is_node(kind)
        parts = [
            f"{name}{self._arguments.get(f'{kind}.{name}', '')} {self.selection(get_named_type(field.type), deep=deep)}"
            for name, field in kind.fields.items()
        ]
        return f"{{ __typename {' '.join(parts)} }}"

    def is_node(self, kind: GraphQLNamedType) -> bool:
        return isinstance(kind, GraphQLObjectType) and any(face.name == "Node" for face in kind.interfaces)

    def reachable(self, root: str) -> dict[str, GraphQLObjectType]:
        """Every object type that a path from the root leads to, without the failures."""
        found: dict[str, GraphQLObjectType] = {}
        waiting: list[GraphQLNamedType] = [self.schema.type_map[root]]
        while waiting:
            kind = waiting.pop()
            if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
                waiting += self.schema.get_possible_types(kind)
            elif isinstance(kind, GraphQLObjectType) and kind.name not in found:
                found[kind.name] = kind
                waiting += [get_named_type(field.type) for field in kind.fields.values()]
        return found

    def input_paths(self, root: str) -> Iterator[tuple[str, GraphQLNamedType]]:
        """Everything that a caller can write into the arguments of root fields: `issues.filter.project`."""
        for name, field in self.fields(root).items():
            for given, argument in field.args.items():
                yield from self._below(f"{name}.{given}", get_named_type(argument.type))

    def _below(self, path: str, kind: GraphQLNamedType) -> Iterator[tuple[str, GraphQLNamedType]]:
        if not isinstance(kind, GraphQLInputObjectType):
            yield path, kind
            return
        for name, field in kind.fields.items():
            yield from self._below(f"{path}.{name}", get_named_type(field.type))


def paths_in(arguments: Any, path: str) -> Iterator[str]:
    """The same paths in arguments that are given."""
    if isinstance(arguments, dict):
        for name, value in arguments.items():
            yield from paths_in(value, f"{path}.{name}")
    elif isinstance(arguments, list) and any(isinstance(item, dict) for item in arguments):
        for item in arguments:
            yield from paths_in(item, path)
    else:
        yield path


def objects_in(answer: Any) -> Iterator[dict[str, Any]]:
    """Every object in an answer."""
    if isinstance(answer, dict):
        yield answer
        for value in answer.values():
            yield from objects_in(value)
    elif isinstance(answer, list):
        for item in answer:
            yield from objects_in(item)
