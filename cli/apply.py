"""`tocsin apply`: who is on call, by which rules, from a file that is kept in git."""

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.administration import administer
from cli.document import read_document
from cli.problem import Problem
from domain.access import Actor
from domain.configuration import Change
from domain.contact import shown
from domain.errors import DomainError
from domain.notification import Channel
from domain.wording import span_in_words
from resolvers.configuration.applying import Plan, apply_configuration, changed_fields, plan_configuration
from resolvers.configuration.file import ConfigurationFile, read_configuration
from resolvers.resources import Resources

_DIFFERS = 2
_LONGEST = 200


def main(
    file: Annotated[Path, typer.Argument(help="The YAML file.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    plan: Annotated[bool, typer.Option("--plan", help="Show what would be done, and end with 2 if anything.")] = False,
) -> None:
    """Make teams, people, schedules, policies, alert rules, templates and response targets as the file says.

    What it does not say stays. What would be done is shown first. The same file again changes nothing.
    """
    wanted = _read(file)

    async def look_and_do(resources: Resources, actor: Actor) -> Plan:
        found = await plan_configuration(resources, actor, wanted)
        print("\n".join(_told(found)))
        if found.changes and not plan and (yes or _agreed()):
            await apply_configuration(resources, actor, found)
            print("Done.")
        return found

    found = administer(look_and_do)
    if plan and found.changes:
        raise typer.Exit(_DIFFERS)


def _read(path: Path) -> ConfigurationFile:
    try:
        return read_configuration(read_document(path))
    except DomainError as error:
        raise Problem("\n".join(f"{path}: {line}" for line in error.message.splitlines())) from None


def _agreed() -> bool:
    """Whether somebody says yes."""
    if not sys.stdin.isatty():
        raise Problem("Nothing was done: nobody can be asked here. Say --yes, or --plan to see the plan only.")
    return typer.confirm("Do it?")


def _told(plan: Plan) -> Iterator[str]:
    """The plan for people: what is made by a +, what is changed by a ~ with each field."""
    for change in plan.changes:
        yield from _told_change(change)
    made = sum(change.before is None for change in plan.changes)
    if plan.changes:
        yield f"{made} to make, {len(plan.changes) - made} to change, {plan.unchanged} as they are."
    else:
        yield f"Nothing to do: all {plan.unchanged} are as the file says."


def _told_change(change: Change) -> Iterator[str]:
    is_new = change.before is None
    yield f"{'+' if is_new else '~'} {change.kind} {change.name}"
    for name, before, after in changed_fields(change):
        old = "" if is_new else f"{_words(before)} → "
        yield f"    {name.replace('_', ' ')}: {old}{_words(after)}"


def _words(value: Any) -> str:
    text = _said(value)
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return short.replace("\n", "\n      ")  # no line of a text looks like one of the plan


def _said(value: Any) -> str:
    """A value in the words of the file."""
    if value is None or value in ([], {}):
        return "none"
    match value:
        case timedelta():
            said = span_in_words(value)
        case datetime():
            said = f"{value:%Y-%m-%d %H:%M} UTC"
        case (kind, name) if isinstance(value, tuple):
            said = f"{str(kind).lower()} {name}"
        case {"channel": channel, "value": str(place)}:
            said = f"(channel {channel}, value {shown(Channel(channel), place)})"
        case dict():
            held = ((name, part) for name, part in value.items() if part not in (None, [], {}))
            said = "(" + ", ".join(f"{name.replace('_', ' ')} {_said(part)}" for name, part in held) + ")"
        case list():
            said = ", ".join(map(_said, value))
        case _:
            said = str(value)
    return said
