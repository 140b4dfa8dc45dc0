"""The product's own source, as a tree: for tests of how it is written."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("api", "cli", "core", "domain", "models", "resolvers", "schema", "tasks")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of the product."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """As people write it: `resolvers/issue/assign.py`."""
        return self.path.relative_to(ROOT).as_posix()

    def functions(self) -> Iterator[tuple[str, Function]]:
        """Every function and method, with the names of what it is in: `Hold.change`."""
        yield from _functions(self.tree, "")


@cache
def modules(*packages: str) -> tuple[Module, ...]:
    """Every module of these packages, or of all; migrations are written by a machine, and left out."""
    paths = (path for package in packages or PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return tuple(_read(path) for path in paths if "migrations" not in path.parts)


@cache
def _read(path: Path) -> Module:
    text = path.read_text()
    return Module(path, text, ast.parse(text))


def _functions(node: ast.AST, inside: str) -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function | ast.ClassDef):
            name = f"{inside}{child.name}"
            if isinstance(child, Function):
                yield name, child
            yield from _functions(child, f"{name}.")
        else:
            yield from _functions(child, inside)
