"""What a release promises: the contract may grow; only what was deprecated in one release may be gone in the next."""

import re
from typing import Any

from graphql import (
    REMOVE,
    DirectiveNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    Visitor,
    build_ast_schema,
    build_schema,
    find_breaking_changes,
    parse,
    visit,
)

_HEADING = "# What release {version} promises. Written by `make release`, never by hand."
_VERSION = re.compile(r"# What release (\S+) promises\.")


def breaking_changes(promised: str, contract: str) -> list[str]:
    """Say what clients of the promised contract would lose by the other one. Both are SDL."""
    return [change.description for change in find_breaking_changes(_promise(promised), build_schema(contract))]


def with_heading(contract: str, version: str) -> str:
    """Hand back the contract as the promise of a release."""
    return f"{_HEADING.format(version=version)}\n\n{contract}"


def promised_version(promised: str) -> str:
    """Hand back the release that made the promise."""
    match = _VERSION.match(promised)
    assert match, "The promise names its release in its first line."
    return match[1]


def _promise(promised: str) -> GraphQLSchema:
    """The schema without what was deprecated, and without the types that nothing else led to."""
    whole = build_ast_schema(visit(parse(promised), _WithoutDeprecated()))
    return GraphQLSchema(
        whole.query_type,
        whole.mutation_type,
        whole.subscription_type,
        types=[type for type in whole.type_map.values() if _is_fetchable(type)],
    )


def _is_fetchable(type: object) -> bool:
    """Whether a client may meet it behind an interface, such as `Node`."""
    return isinstance(type, GraphQLObjectType | GraphQLInterfaceType) and bool(type.interfaces)


class _WithoutDeprecated(Visitor):
    def enter_field_definition(self, node: Any, *_: object) -> Any:
        return _kept(node)

    def enter_enum_value_definition(self, node: Any, *_: object) -> Any:
        return _kept(node)

    def enter_input_value_definition(self, node: Any, *_: object) -> Any:
        return _kept(node)


def _kept(node: Any) -> Any:
    directives: tuple[DirectiveNode, ...] = node.directives or ()
    return REMOVE if any(directive.name.value == "deprecated" for directive in directives) else None
