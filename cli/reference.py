"""`python -m cli.reference`: writes those parts of the documents that the code and the examples know better."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import typer
from pydantic.fields import FieldInfo
from typer.core import TyperCommand, TyperGroup

from cli.__main__ import COMMANDS, Commands
from core.settings import ROOT, Settings

_PART = re.compile(r"(<!-- (\w+): written by `make docs` -->\n).*?(<!-- end -->)", re.DOTALL)
_EXAMPLE = re.compile(r"(<!-- (examples/\S+) -->\n```\w+\n).*?(```)", re.DOTALL)
_WIDTH = 100
_BOUNDS = {"gt": "more than", "ge": "from", "le": "to", "lt": "less than"}


def settings_table() -> str:
    """Hand back every setting with its default and what it is for, as a Markdown table."""
    rows = [_setting(name, field) for name, field in Settings.model_fields.items()]
    return "\n".join(("| variable | default | may be | what it is for |", "| --- | --- | --- | --- |", *rows))


def commands_help() -> str:
    """Hand back the help of every command and of those in it, as Markdown."""
    group = Commands(name="tocsin")
    context = typer.Context(group, info_name="tocsin", color=False, terminal_width=_WIDTH)
    commands = {name: group.get_command(context, name) for name in COMMANDS}
    return "\n\n".join(part for name, command in commands.items() if command for part in _help(command, context, name))


PARTS: Mapping[str, Callable[[], str]] = {"settings": settings_table, "commands": commands_help}


def renewed(text: str) -> str:
    """Hand back the document with its written parts as they should be."""
    text = _PART.sub(lambda match: f"{match[1]}\n{PARTS[match[2]]()}\n\n{match[3]}", text)
    return _EXAMPLE.sub(lambda match: match[1] + (ROOT / match[2]).read_text() + match[3], text)


def documents() -> list[Path]:
    """Hand back every document for readers."""
    return [ROOT / "README.md", ROOT / "frontend-contract" / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def _setting(name: str, field: FieldInfo) -> str:
    return f"| `TOCSIN_{name.upper()}` | {_default(field.default)} | {_range(field)} | {field.description} |"


def _default(value: Any) -> str:
    if isinstance(value, Path):
        return f"`{value.relative_to(ROOT)}` in the checkout"
    if value is None or value == ():
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _range(field: FieldInfo) -> str:
    """What a value may be, where that is bounded."""
    if get_origin(field.annotation) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(field.annotation))
    bounds = {name: getattr(bound, name) for bound in field.metadata for name in _BOUNDS if hasattr(bound, name)}
    return ", ".join(f"{_BOUNDS[name]} {bound:,}" for name, bound in bounds.items())


def _help(command: TyperCommand | TyperGroup, parent: typer.Context, name: str) -> list[str]:
    context = typer.Context(command, info_name=name, parent=parent)
    if not isinstance(command, TyperGroup):
        return [f"## {context.command_path}", f"```\n{command.get_help(context).strip()}\n```"]
    return [part for inner, one in command.commands.items() for part in _help(one, context, inner)]  # type: ignore[arg-type]


if __name__ == "__main__":
    for document in documents():
        document.write_text(renewed(document.read_text()))
