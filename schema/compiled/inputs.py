"""Is a variable sound as it came? Then nothing needs to be made of it.

What GraphQL would coerce (a number for an id, one thing for a list) or refuse is not sound here, and goes the long way:
there it is coerced, or refused in the library's own words.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLError,
    GraphQLID,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLString,
    Undefined,
)

from domain.dialects.remembered import digest_of
from schema.scalars import read_datetime

# Whether a value of JSON is one of the type; instants in it are read on the way.
IsSound: TypeAlias = Callable[[Any], bool]

_TEXTS = (GraphQLString.name, GraphQLID.name)
_LARGEST_KNOWN, _MOST_KNOWN = 4096, 512


def soundness(kind: GraphQLInputType) -> IsSound:
    """Hand back the check of variables of that type."""
    if isinstance(kind, GraphQLNonNull):
        inner = soundness(kind.of_type)
        return lambda value: value is not None and inner(value)
    if isinstance(kind, GraphQLList):
        item = soundness(kind.of_type)
        return _list(item) if _has_instants(kind.of_type) else _remembering(_list(item))
    if isinstance(kind, GraphQLInputObjectType):
        return _object(kind)
    if isinstance(kind, GraphQLEnumType):
        names = frozenset(kind.values)
        return lambda value: value is None or (type(value) is str and value in names)
    return _scalar(kind)


def _list(item: IsSound) -> IsSound:
    def is_sound(value: Any) -> bool:
        return value is None or (type(value) is list and all(map(item, value)))

    return is_sound


def _remembering(is_sound: IsSound) -> IsSound:
    """The same check, which looks once at what comes again, such as the exceptions of a program that breaks."""
    known: set[bytes] = set()

    def is_sound_again(value: Any) -> bool:
        digest = digest_of(value, _LARGEST_KNOWN) if value else None
        if digest is None or digest not in known:
            if not is_sound(value):
                return False
            if digest is not None:
                if len(known) >= _MOST_KNOWN:
                    known.clear()
                known.add(digest)
        return True

    return is_sound_again


def _object(kind: GraphQLInputObjectType) -> IsSound:
    # Most fields are texts that may be left out, and a look at their type is all that they need.
    texts = frozenset(name for name, field in kind.fields.items() if _is_text(field.type))
    instants = frozenset(name for name, field in kind.fields.items() if _is_instant(field.type))
    others = kind.fields.keys() - texts - instants
    checks = {name: soundness(kind.fields[name].type) for name in others}
    required = frozenset(
        name
        for name, field in kind.fields.items()
        if isinstance(field.type, GraphQLNonNull) and field.default_value is Undefined
    )

    def is_sound(value: Any) -> bool:
        if value is None:
            return True
        if type(value) is not dict or not required <= value.keys():
            return False
        for name, given in value.items():
            if name in texts:
                if type(given) is not str and given is not None:
                    return False
            elif name in instants:
                if given is not None and not _read_in_place(value, name):
                    return False
            elif name not in checks or not checks[name](given):
                return False
        return True

    return is_sound


def _scalar(kind: GraphQLScalarType) -> IsSound:
    if _is_text(kind):
        return lambda value: value is None or type(value) is str
    if kind.name == GraphQLInt.name:
        return lambda value: value is None or (type(value) is int and -(2**31) <= value < 2**31)
    if kind.name == GraphQLBoolean.name:
        return lambda value: value is None or type(value) is bool
    assert kind.name == "JSON", kind.name  # a new scalar needs a thought here
    return lambda _: True


def _is_text(kind: GraphQLInputType) -> bool:
    return isinstance(kind, GraphQLScalarType) and kind.name in _TEXTS


def _has_instants(kind: GraphQLInputType) -> bool:
    """Whether a value of the type is changed by looking at it."""
    if isinstance(kind, GraphQLNonNull | GraphQLList):
        return _has_instants(kind.of_type)
    if isinstance(kind, GraphQLInputObjectType):
        return any(_has_instants(field.type) for field in kind.fields.values())
    return _is_instant(kind)


def _is_instant(kind: GraphQLInputType) -> bool:
    return isinstance(kind, GraphQLScalarType) and kind.name == "DateTime"


def _read_in_place(holder: dict[str, Any], name: str) -> bool:
    try:
        holder[name] = read_datetime(holder[name])
    except GraphQLError:
        return False
    return True
