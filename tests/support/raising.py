"""Which failures can leave a function of the product: what its docstring says, and what its code says."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from domain import errors
from domain.errors import DomainError

FAILURES: dict[str, type[DomainError]] = {
    name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, DomainError)
}
OURS = ("api.", "cli.", "core.", "domain.", "models.", "resolvers.", "schema.", "tasks.")
Code = Callable[..., Any]


def documented(code: Code) -> set[str]:
    """The failures that the docstring names after `Raises:`."""
    _, _, after = (inspect.getdoc(code) or "").partition("Raises:")
    words = re.sub(r"\([^()]*\)", "", after.partition("\n\n")[0])
    return {name for name in FAILURES if re.search(rf"\b{name}\b", words)}


@cache
def raised(code: Code) -> frozenset[str]:
    """The failures that its code raises, itself or through what it calls, as far as names lead; caught ones not."""
    return frozenset(_raised(code, ()))


def body(code: Code) -> list[ast.stmt]:
    """Its statements, without the docstring."""
    function = _tree(code)
    return function.body[1:] if ast.get_docstring(function) is not None else function.body


def called(code: Code) -> list[Code]:
    """What it calls of ours, as far as names lead there."""
    return [found for call in _nodes(_tree(code), ast.Call) if (found := _lookup(call.func, code)) is not None]


def calls_method(code: Code, names: tuple[str, ...]) -> bool:
    """Whether it calls one of these methods, as it writes them: `actor.require`."""
    return any(ast.unparse(call.func) in names for call in _nodes(_tree(code), ast.Call))


def _raised(code: Code, above: tuple[Code, ...]) -> set[str]:
    if code in above:
        return set()
    found: set[str] = set()
    for node, caught in _with_caught(_tree(code), frozenset()):
        leaves = _leaving(node, code, (*above, code))
        found |= {name for name in leaves if not any(issubclass(FAILURES[name], FAILURES[each]) for each in caught)}
    return found


def _leaving(node: ast.AST, code: Code, above: tuple[Code, ...]) -> set[str]:
    """The failures that one node lets out."""
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        name = ast.unparse(node.exc.func).rpartition(".")[2].removesuffix("Error")
        return {name} & set(FAILURES)
    if isinstance(node, ast.Call) and (callee := _lookup(node.func, code)) is not None:
        return _raised(callee, above) if inspect.isfunction(callee) else set()
    return set()


def _with_caught(node: ast.AST, caught: frozenset[str]) -> Iterator[tuple[ast.AST, frozenset[str]]]:
    """Every node, and the failures that are caught around it."""
    yield node, caught
    for child in ast.iter_child_nodes(node):
        inner = caught
        if isinstance(node, ast.Try) and child in node.body:
            inner = caught | {name for handler in node.handlers for name in _names(handler.type)}
        yield from _with_caught(child, inner)


def _names(node: ast.AST | None) -> set[str]:
    """The failures that an `except` names."""
    return {ast.unparse(part).rpartition(".")[2] for part in ast.walk(node)} & set(FAILURES) if node else set()


def _lookup(function: ast.expr, code: Code) -> Code | None:
    """The function of ours behind a name, or behind an attribute of a module or of an annotated argument."""
    code = inspect.unwrap(code)
    if isinstance(function, ast.Name):
        found = code.__globals__.get(function.id)
    elif isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        owner = code.__globals__.get(function.value.id) or inspect.get_annotations(code).get(function.value.id)
        found = getattr(_plain(owner), function.attr, None) if owner is not None else None
    else:
        found = None
    found = inspect.unwrap(found) if callable(found) else found
    return found if inspect.isfunction(found) and f"{found.__module__}.".startswith(OURS) else None


def _plain(annotation: Any) -> Any:
    """The type in an annotation: `X` of `Annotated[X, …]`."""
    return getattr(annotation, "__origin__", annotation)


def _nodes(tree: ast.AST, kind: type[Any]) -> Iterator[Any]:
    return (node for node in ast.walk(tree) if isinstance(node, kind))


@cache
def _tree(code: Code) -> Any:
    return ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(code)))).body[0]
