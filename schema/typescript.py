"""`python -m schema.typescript`: writes the contract for programs in TypeScript, and the operations for both."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    build_schema,
    get_named_type,
    is_composite_type,
    is_input_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
    is_specified_scalar_type,
    parse,
    strip_ignored_characters,
    type_from_ast,
)
from graphql.type import GraphQLCompositeType, GraphQLField, GraphQLNamedType, GraphQLScalarType, assert_object_type

from schema.export import TARGET, sdl

CLIENT = TARGET.parent / "client"
_SCALARS = {
    "Boolean": "boolean", "Count": "number", "Float": "number", "ID": "string", "Int": "number", "JSON": "unknown",
}  # fmt: skip
_TYPENAME = "__typename"
_INDENT = "  "
_WRITTEN = "// Written by `make sdl`."
_Selected = Mapping[str, Sequence[FieldNode]]


def schema_types(schema: GraphQLSchema) -> str:
    """What the schema names: scalars, enums, inputs, objects with all their fields, interfaces and unions."""
    return "\n".join((_WRITTEN, *(_declared(schema, kind) for kind in _own_types(schema)))) + "\n"


def operation_types(schema: GraphQLSchema, operations: Iterable[str]) -> str:
    """The declarations of the operations: each a text that knows what it takes, and what is answered."""
    head = (
        _WRITTEN,
        'import type * as Schema from "./schema.js";',
        "",
        "/** The text of an operation, that knows its variables and its data. */",
        "export type Operation<Data, Variables> = string & { readonly __of?: (variables: Variables) => Data };",
    )
    return "\n".join((*head, *(_operation(schema, _only(text)) for text in operations))) + "\n"


def operation_texts(operations: Iterable[str]) -> str:
    """The operations as a module of JavaScript, each by its name."""
    lines = (
        f"export const {_named(_only(text))} = {json.dumps(strip_ignored_characters(text))};" for text in operations
    )
    return "\n".join((_WRITTEN, *lines)) + "\n"


def _only(text: str) -> OperationDefinitionNode:
    (definition,) = parse(text).definitions
    assert isinstance(definition, OperationDefinitionNode)
    return definition


def _named(operation: OperationDefinitionNode) -> str:
    assert operation.name is not None
    return operation.name.value


def _own_types(schema: GraphQLSchema) -> list[GraphQLNamedType]:
    named = sorted(schema.type_map.items())
    return [kind for name, kind in named if not name.startswith("__") and not is_specified_scalar_type(kind)]


def _declared(schema: GraphQLSchema, kind: GraphQLNamedType) -> str:
    told = _comment(kind.description, "")
    if isinstance(kind, GraphQLScalarType):
        return f"{told}export type {kind.name} = {_SCALARS.get(kind.name, 'string')};"
    if isinstance(kind, GraphQLEnumType):
        values = (
            f"{_comment(value.description, _INDENT)}{_INDENT}| {json.dumps(name)}"
            for name, value in kind.values.items()
        )
        return "\n".join((f"{told}export type {kind.name} =", *values)) + ";"
    if isinstance(kind, GraphQLInputObjectType):
        return f"{told}export type {kind.name} = {_input_object(kind)};"
    if isinstance(kind, GraphQLObjectType):
        typename = f"{_INDENT}{_TYPENAME}: {json.dumps(kind.name)};\n"
        fields = "".join(f"{_field(name, field)}\n" for name, field in kind.fields.items())
        return f"{told}export interface {kind.name} {{\n{typename}{fields}}}"
    members = " | ".join(sorted(member.name for member in _concrete(schema, kind)))
    return f"{told}export type {kind.name} = {members};"


def _field(name: str, field: GraphQLField) -> str:
    told = _comment(field.description, _INDENT, field.deprecation_reason)
    return f"{told}{_INDENT}{name}: {_wrapped(field.type, _reference(get_named_type(field.type), ''))};"


def _input_object(kind: GraphQLInputObjectType) -> str:
    """Its fields; of an input that takes exactly one of them, one form for each."""
    if kind.is_one_of:
        forms = (
            f"{{ {name}: {_taken(field.type, '').removesuffix(' | null')} }}" for name, field in kind.fields.items()
        )
        return " | ".join(forms)
    lines = (
        f"{_comment(field.description, _INDENT, field.deprecation_reason)}"
        f"{_INDENT}{name}{'' if is_required_input_field(field) else '?'}: {_taken(field.type, '')};\n"
        for name, field in kind.fields.items()
    )
    return "{\n" + "".join(lines) + "}"


def _taken(kind: GraphQLInputType, space: str) -> str:
    return _wrapped(kind, _reference(get_named_type(kind), space))


def _reference(kind: GraphQLNamedType, space: str) -> str:
    if is_specified_scalar_type(kind):
        return _SCALARS.get(kind.name, "string")
    return f"{space}{kind.name}"


def _wrapped(kind: GraphQLOutputType | GraphQLInputType, inner: str) -> str:
    """The text of the named type with what is around it: lists, and null."""
    if is_non_null_type(kind):
        return _wrapped(kind.of_type, inner).removesuffix(" | null")
    if is_list_type(kind):
        item = _wrapped(kind.of_type, inner)
        return f"Array<{item}> | null"
    return f"{inner} | null"


def _operation(schema: GraphQLSchema, operation: OperationDefinitionNode) -> str:
    name = _named(operation)
    root = schema.get_root_type(operation.operation)
    assert root is not None
    data = _answered(schema, root, [operation.selection_set], "")
    return "\n".join(
        (
            "",
            f"export type {name}Variables = {_variables(schema, operation)};",
            f"export type {name}Data = {data};",
            f"export const {name}: Operation<{name}Data, {name}Variables>;",
        )
    )


def _variables(schema: GraphQLSchema, operation: OperationDefinitionNode) -> str:
    lines = []
    for variable in operation.variable_definitions or ():
        kind = type_from_ast(schema, variable.type)
        assert is_input_type(kind)
        needed = is_non_null_type(kind) and variable.default_value is None
        lines.append(f"{_INDENT}{variable.variable.name.value}{'' if needed else '?'}: {_taken(kind, 'Schema.')};\n")
    return "{\n" + "".join(lines) + "}" if lines else "Record<string, never>"


def _answered(
    schema: GraphQLSchema, kind: GraphQLCompositeType, selections: Sequence[SelectionSetNode], indent: str
) -> str:
    """The forms of the answer: types that are asked for the same, and answer it in the same words, are one form."""
    forms: dict[str, list[str]] = {}
    for member in _concrete(schema, kind):
        selected = _selected(schema, member, selections)
        rest = {key: nodes for key, nodes in selected.items() if nodes[0].name.value != _TYPENAME}
        named = [key for key in selected if key not in rest]
        body = "".join(_line(schema, member, key, nodes, indent + _INDENT) for key, nodes in rest.items())
        typename = "".join(f"{indent}{_INDENT}{key}: \0;\n" for key in named)
        forms.setdefault(typename + body, []).append(member.name)
    return " | ".join(_form(body, names, indent) for body, names in forms.items())


def _form(body: str, names: list[str], indent: str) -> str:
    if not body:
        return "Record<string, never>"
    return "{\n" + body.replace("\0", " | ".join(map(json.dumps, names))) + indent + "}"


def _line(schema: GraphQLSchema, parent: GraphQLObjectType, key: str, nodes: Sequence[FieldNode], indent: str) -> str:
    field = parent.fields[nodes[0].name.value]
    kind = get_named_type(field.type)
    if is_composite_type(kind):
        within = [node.selection_set for node in nodes if node.selection_set]
        inner = _answered(schema, kind, within, indent)
    else:
        inner = _reference(kind, "Schema.")
    return f"{indent}{key}: {_wrapped(field.type, inner)};\n"


def _selected(schema: GraphQLSchema, member: GraphQLObjectType, selections: Sequence[SelectionSetNode]) -> _Selected:
    """What is asked of that type, by the names in the answer."""
    found: dict[str, list[FieldNode]] = {}
    for node in _fields(schema, member, selections):
        found.setdefault((node.alias or node.name).value, []).append(node)
    return found


def _fields(
    schema: GraphQLSchema, member: GraphQLObjectType, selections: Iterable[SelectionSetNode]
) -> Iterator[FieldNode]:
    for selection in (selection for one in selections for selection in one.selections):
        assert not selection.directives, "what may be left out is not told in the types yet"
        assert not isinstance(selection, FragmentSpreadNode), "an operation to copy stands by itself"
        if isinstance(selection, FieldNode):
            yield selection
        elif isinstance(selection, InlineFragmentNode) and _applies(schema, selection, member):
            yield from _fields(schema, member, [selection.selection_set])


def _applies(schema: GraphQLSchema, fragment: InlineFragmentNode, member: GraphQLObjectType) -> bool:
    if fragment.type_condition is None:
        return True
    kind = type_from_ast(schema, fragment.type_condition)
    return kind is not None and is_composite_type(kind) and member in _concrete(schema, kind)


def _concrete(schema: GraphQLSchema, kind: GraphQLNamedType) -> list[GraphQLObjectType]:
    if isinstance(kind, GraphQLObjectType):
        return [kind]
    return [assert_object_type(member) for member in schema.get_possible_types(kind)]  # type: ignore[arg-type]


def _comment(text: str | None, indent: str, deprecated: str | None = None) -> str:
    told = [*(text or "").strip().splitlines(), *([f"@deprecated {deprecated}"] if deprecated else [])]
    if len(told) <= 1:
        return f"{indent}/** {told[0].replace('*/', '* /')} */\n" if told else ""
    return (
        f"{indent}/**\n"
        + "".join(f"{indent} * {line}".rstrip().replace("*/", "* /") + "\n" for line in told)
        + f"{indent} */\n"
    )


def written() -> dict[str, str]:
    """The files of the package that follow from the contract, by name."""
    schema = build_schema(sdl())
    operations = [path.read_text() for path in sorted((TARGET.parent / "operations").glob("*.graphql"))]
    return {
        "schema.d.ts": schema_types(schema),
        "operations.d.ts": operation_types(schema, operations),
        "operations.js": operation_texts(operations),
    }


if __name__ == "__main__":
    for name, text in written().items():
        (CLIENT / name).write_text(text)
