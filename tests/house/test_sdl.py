"""The contract explains itself: nothing in it is without a description."""

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    is_introspection_type,
    is_specified_scalar_type,
)

from schema.root import build_schema

ROOTS = {"Query", "Mutation", "Subscription"}


def test_every_type_field_argument_and_value_is_described():
    core: GraphQLSchema = build_schema()._schema
    own = [
        kind
        for kind in core.type_map.values()
        if not is_introspection_type(kind) and not is_specified_scalar_type(kind)
    ]
    assert [name for kind in own for name in _silent(kind)] == []


def _silent(kind: GraphQLNamedType) -> list[str]:
    """What has no description in that type."""
    parts: dict[str, str | None] = {} if kind.name in ROOTS else {kind.name: kind.description}
    if isinstance(kind, GraphQLEnumType):
        parts |= {f"{kind.name}.{name}": value.description for name, value in kind.values.items()}
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        parts |= {f"{kind.name}.{name}": field.description for name, field in kind.fields.items()}
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        parts |= {
            f"{kind.name}.{name}({argument})": given.description
            for name, field in kind.fields.items()
            for argument, given in field.args.items()
        }
    return [name for name, description in parts.items() if not description]
