"""What lists execute side by side (`schema/lists.py`) waits for loaders alone.

It asks `info` for its context only, and for what is selected.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from graphql import GraphQLObjectType

from schema.lists import is_loaded
from schema.root import build_schema
from schema.selected import selects

_LOADS = {"load", "load_many"}
# What would need a task of its own, or ask for more than the contract gives.
_OTHERWISE = ast.AsyncFor | ast.AsyncWith | ast.Yield | ast.YieldFrom | ast.Global | ast.Nonlocal


def loaded_fields() -> dict[str, tuple[type, Callable[..., Any]]]:
    """Every such field, with its class and its resolver."""
    found = {}
    for kind in build_schema()._schema.type_map.values():
        definition = kind.extensions.get("strawberry-definition")
        for field in definition.fields if isinstance(kind, GraphQLObjectType) and definition else ():
            if is_loaded(field):
                found[f"{kind.name}.{field.name}"] = definition.origin, field.base_resolver.wrapped_func
    return found


def breaches(owner: type, code: Callable[..., Any]) -> list[str]:
    """What the code does, itself or through what it hands its `info` to, that such a field must not."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(code)))
    (function,) = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    parents = {child: node for node in ast.walk(function) for child in ast.iter_child_nodes(node)}
    found = [ast.unparse(node) for node in _nodes(function, _OTHERWISE)]
    for name in (node for node in _nodes(function, ast.Name) if node.id == "info"):
        above = parents[name]
        if isinstance(above, ast.Call) and name in above.args:
            # What is selected is the same for all objects of the list.
            found += [] if ast.unparse(above.func) == selects.__name__ else _beyond(owner, code, above)
        elif not (isinstance(above, ast.Attribute) and above.attr == "context"):
            found.append(ast.unparse(above))
    return found + [ast.unparse(node) for node in _nodes(function, ast.Await) if not _is_for_loaders(node.value)]


def _nodes(function: ast.AST, kind: Any) -> Iterator[Any]:
    return (node for node in ast.walk(function) if isinstance(node, kind))


def _is_for_loaders(awaited: ast.expr) -> bool:
    """Whether it waits for a loader, or for what was given `info`, at which `breaches` looks too."""
    if not isinstance(awaited, ast.Call):
        return False
    is_load = isinstance(awaited.func, ast.Attribute) and awaited.func.attr in _LOADS
    return is_load or any(isinstance(each, ast.Name) and each.id == "info" for each in awaited.args)


def _beyond(owner: type, code: Callable[..., Any], call: ast.Call) -> list[str]:
    match call.func:
        case ast.Name(id=name):
            return breaches(owner, code.__globals__[name])
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            return breaches(owner, getattr(owner, name))
    return [ast.unparse(call)]


def test_every_such_field_keeps_to_its_contract():
    fields = loaded_fields()
    assert len(fields) > 40
    assert {name: found for name, of in fields.items() if (found := breaches(*of))} == {}


class Bad:
    async def path(self, info: Any) -> Any:
        return info.path

    async def whole(self, info: Any) -> Any:
        return [info]

    async def session(self, info: Any) -> Any:
        async with info.context.resources.db.reading() as session:
            return session

    async def use_case(self, info: Any) -> Any:
        return await len(info.context.actor)

    async def hidden(self, info: Any) -> Any:
        return await self.path(info)

    async def good(self, info: Any) -> Any:
        return await info.context.loaders.x.load(self) or await self.better(info)

    def better(self, info: Any) -> Any:
        return info.context.loaders.x.load_many([self])


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("path", ["info.path"]),
        ("whole", ["[info]"]),
        ("use_case", ["await len(info.context.actor)"]),
        ("hidden", ["info.path"]),
        ("good", []),
    ],
)
def test_what_would_break_it_is_told(name: str, told: list[str]):
    assert breaches(Bad, getattr(Bad, name)) == told


def test_a_session_of_its_own_is_told():
    (told,) = breaches(Bad, Bad.session)
    assert told.startswith("async with info.context.resources.db.reading()")
