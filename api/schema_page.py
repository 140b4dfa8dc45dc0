"""`/api/docs/graphql`: the contract as a page for people, made from the schema, and so with all of it."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, TypeAlias

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    OperationDefinitionNode,
    Undefined,
    get_named_type,
    get_nullable_type,
    is_introspection_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
    is_specified_scalar_type,
    parse,
    print_ast,
)
from graphql.type import GraphQLType
from graphql.utilities import ast_from_value
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.graphiql import OPERATIONS, PAGES
from schema.limits import DEAR, LENGTHS, LIST_SIZE, MOST_COST
from schema.root import build_schema
from schema.scopes import scope_of

Entry: TypeAlias = Mapping[str, Any]
_ROOTS: Final = {"Query": "Queries", "Mutation": "Mutations", "Subscription": "Subscriptions"}
_KINDS: Final = {
    GraphQLObjectType: "Objects",
    GraphQLInterfaceType: "Interfaces",
    GraphQLUnionType: "Unions",
    GraphQLInputObjectType: "Inputs",
    GraphQLEnumType: "Enums",
}


@cache
def schema_page() -> str:
    """The page, made once."""
    options: dict[str, Any] = {
        "autoescape": True,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    template = Environment(loader=FileSystemLoader(PAGES), **options).get_template("schema.html.j2")  # noqa: S701
    schema = build_schema()._schema  # noqa: SLF001 - Strawberry's own types do not tell their fields
    known = {kind.name for kind in _own_types(schema)}
    return template.render(parts=list(_parts(schema)), known=known, most=MOST_COST)


def _own_types(schema: GraphQLSchema) -> list[GraphQLNamedType]:
    """All that have a section of their own, by name."""
    kinds = (kind for _, kind in sorted(schema.type_map.items()) if kind.name not in _ROOTS)
    return [kind for kind in kinds if not is_introspection_type(kind) and not is_specified_scalar_type(kind)]


def _parts(schema: GraphQLSchema) -> Iterator[Entry]:
    examples = _examples()
    for name, title in _ROOTS.items():
        root = schema.type_map[name]
        assert isinstance(root, GraphQLObjectType)
        fields = sorted(root.fields.items())
        yield {"title": title, "entries": [_root_field(name, key, field, examples) for key, field in fields]}
    for title in (*_KINDS.values(), "Scalars"):
        kinds = [kind for kind in _own_types(schema) if _KINDS.get(type(kind), "Scalars") == title]
        yield {"title": title, "entries": [_type(schema, kind) for kind in kinds]}


def _examples() -> Mapping[str, list[Entry]]:
    """The operations to copy, by the field of the root that they begin with."""
    found: dict[str, list[Entry]] = {}
    for path in sorted(OPERATIONS.glob("*.graphql")):
        (operation,) = parse(path.read_text()).definitions
        assert isinstance(operation, OperationDefinitionNode)
        for field in operation.selection_set.selections:
            assert isinstance(field, FieldNode)
            found.setdefault(field.name.value, []).append({"name": path.stem, "text": path.read_text().strip()})
    return found


def _root_field(root: str, name: str, field: GraphQLField, examples: Mapping[str, list[Entry]]) -> Entry:
    told = _field(root, name, field)
    return told | {"is_root": True, "scope": scope_of(root, name).value, "examples": examples.get(name, [])}


def _type(schema: GraphQLSchema, kind: GraphQLNamedType) -> Entry:
    """A type, with its fields or values, and those that it stands for."""
    entry: dict[str, Any] = {
        "id": kind.name, "name": kind.name, "description": kind.description or "", "scope": None, "is_root": False,
        "fields": [], "heading": "field", "members": [], "relation": "",
    }  # fmt: skip
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        entry["fields"] = [_field(kind.name, *field) for field in kind.fields.items()]
    if isinstance(kind, GraphQLInputObjectType):
        entry["fields"] = [_given(*field) for field in kind.fields.items()]
    if isinstance(kind, GraphQLEnumType):
        values = kind.values.items()
        entry["fields"] = [_member(name, value.description, value.deprecation_reason) for name, value in values]
        entry["heading"] = "value"
    if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
        entry["members"] = sorted(member.name for member in schema.get_possible_types(kind))
        entry["relation"] = "One of:" if isinstance(kind, GraphQLUnionType) else "It is what these have in common:"
    if isinstance(kind, GraphQLObjectType) and kind.interfaces:
        entry["members"] = [interface.name for interface in kind.interfaces]
        entry["relation"] = "It is also:"
    return entry


def _field(owner: str, name: str, field: GraphQLField) -> dict[str, Any]:
    own = {
        "id": f"{owner}.{name}",
        "type": _shown(field.type),
        "arguments": [_given(*argument) for argument in field.args.items()],
        "cost": _cost(name, field),
    }
    return _member(name, field.description, field.deprecation_reason) | own


def _given(name: str, given: GraphQLArgument | GraphQLInputField) -> dict[str, Any]:
    """An argument, or a field of an input."""
    needed = is_required_argument(given) if isinstance(given, GraphQLArgument) else is_required_input_field(given)
    has_default = given.default_value is not Undefined and given.default_value is not None
    default = ast_from_value(given.default_value, given.type) if has_default else None
    own = {
        "type": _shown(given.type), "is_needed": needed, "default": None if default is None else print_ast(default)
    }  # fmt: skip
    return _member(name, given.description, given.deprecation_reason) | own


def _member(name: str, description: str | None, deprecated: str | None) -> dict[str, Any]:
    return {
        "name": name, "description": description or "", "deprecated": deprecated, "id": None, "type": None,
        "is_needed": False, "default": None, "arguments": [], "cost": "", "is_root": False,
    }  # fmt: skip


def _shown(kind: GraphQLType) -> Entry:
    """Its text in three: what stands before the name of the type, the name, and what stands behind."""
    name = get_named_type(kind).name
    before, _, after = str(kind).partition(name)
    return {"before": before, "name": name, "after": after}


def _cost(name: str, field: GraphQLField) -> str:
    """What counts besides the field itself, as `schema.limits` has it."""
    parts = [f"It costs {DEAR[name]:,}, and what is selected of it."] if name in DEAR else []
    if sizes := [size for size in LENGTHS if size in field.args]:
        parts.append(f"What is selected of it counts as often as {' or '.join(f'`{size}`' for size in sizes)} says.")
    elif is_list_type(get_nullable_type(field.type)) and hasattr(get_named_type(field.type), "fields"):
        parts.append(f"What is selected of it counts {LIST_SIZE} times, unless a page around it has been counted.")
    return " ".join(parts)
