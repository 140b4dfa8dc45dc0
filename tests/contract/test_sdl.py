"""The contract: in git as the code has it, described throughout, consistent, and never broken without a warning."""

import re

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLUnionType,
    build_schema,
    get_named_type,
    is_introspection_type,
    is_non_null_type,
    is_specified_scalar_type,
)

from schema.export import PROMISE, TARGET, sdl, version
from schema.release import breaking_changes, promised_version

SCHEMA = build_schema(sdl())
TYPES = [
    type for type in SCHEMA.type_map.values() if not is_introspection_type(type) and not is_specified_scalar_type(type)
]
ROOTS = [root for root in (SCHEMA.query_type, SCHEMA.mutation_type, SCHEMA.subscription_type) if root]
MUTATIONS = SCHEMA.mutation_type.fields if SCHEMA.mutation_type else {}
# Words that mean one of ours, and are not to creep in beside it.
FORBIDDEN = ("occurrence", "incident", "group", "muted", "archived", "closed", "roster", "rota", "apps")


def test_what_is_in_git_is_what_the_code_has():
    assert TARGET.read_text() == sdl(), "The contract has changed: run `make sdl`, and review the difference."


def test_clients_of_the_last_release_lose_nothing_but_what_was_deprecated_in_it():
    assert breaking_changes(PROMISE.read_text(), sdl()) == []


def test_this_version_has_made_its_promise():
    assert promised_version(PROMISE.read_text()) == version(), (
        "A new version promises its contract: run `make release`."
    )


def described(type: GraphQLNamedType) -> list[tuple[str, str | None]]:
    """Everything that a reader of the type meets, with its description."""
    parts = [(type.name, type.description)]
    if isinstance(type, GraphQLEnumType):
        parts += [(f"{type.name}.{name}", value.description) for name, value in type.values.items()]
    if isinstance(type, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        for name, field in type.fields.items():
            parts.append((f"{type.name}.{name}", field.description))
            arguments: dict[str, GraphQLArgument] = getattr(field, "args", {})
            parts += [(f"{type.name}.{name}({key})", value.description) for key, value in arguments.items()]
    return parts


@pytest.mark.parametrize("type", TYPES, ids=str)
def test_all_that_a_reader_meets_is_described(type: GraphQLNamedType):
    parts = described(type)
    assert [name for name, description in parts if not (description or "").strip()] == []
    assert [name for name, description in parts if not (description or "").strip().endswith((".", "…"))] == []


def test_root_fields_may_be_null_so_that_one_refusal_does_not_wipe_the_rest():
    fields = {**SCHEMA.query_type.fields, **MUTATIONS}
    assert [name for name, field in fields.items() if is_non_null_type(field.type)] == []


@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_a_mutation_takes_one_input_and_answers_with_one_success_or_a_failure(name: str):
    field = MUTATIONS[name]
    if name == "logErrors":
        assert (list(field.args), get_named_type(field.type).name) == (["inputs"], "LogErrorsPayload")
        return
    assert list(field.args) == ["input"]
    answer = get_named_type(field.type)
    assert isinstance(answer, GraphQLUnionType)
    assert answer.name.endswith("Result")
    failures = [member for member in answer.types if SCHEMA.get_type("Failure") in member.interfaces]
    assert failures == list(answer.types[1:]), "The success comes first, and there is one."


@pytest.mark.parametrize("type", TYPES, ids=str)
def test_names_have_their_case(type: GraphQLNamedType):
    assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", type.name)
    if isinstance(type, GraphQLEnumType):
        assert [name for name in type.values if not re.fullmatch(r"[A-Z][A-Z0-9_]*", name)] == []
    elif hasattr(type, "fields"):
        assert [name for name in type.fields if not re.fullmatch(r"[a-z][A-Za-z0-9]*", name)] == []


@pytest.mark.parametrize("word", FORBIDDEN)
def test_one_thing_has_one_word(word: str):
    names = [name for type in TYPES for name, _ in described(type)]
    words = {part.lower() for name in names for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}
    assert word not in words


def test_what_has_a_global_id_is_a_node():
    node = SCHEMA.get_type("Node")
    objects = [type for type in TYPES if isinstance(type, GraphQLObjectType)]
    with_id = {type.name for type in objects if str(getattr(type.fields.get("id"), "type", "")) == "ID!"}
    assert with_id == {type.name for type in objects if node in type.interfaces}
