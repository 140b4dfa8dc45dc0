"""Templates that people write: a small part of Jinja, of which no text can run for long or grow without end.

A template may use names that it was told, conditions, and a few filters. There are no loops, no assignments, no calls,
no attributes, no arithmetic: what it makes is then at most its own length times that of the longest value.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

FILTERS = ("capitalize", "default", "lower", "trim", "truncate", "upper")
_DEEPEST = 20
_NODES = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.CondExpr, nodes.Filter,
    nodes.Keyword, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Concat,
)  # fmt: skip


class BadTemplate(ValueError):
    """It cannot be read, says what it may not, or came to nothing; the message says why."""


def check_template(source: str, names: Collection[str]) -> None:
    """Return where it is a template that uses nothing but these names and the filters.

    Raises: BadTemplate.
    """
    for node, depth in _nodes(_parse(source)):
        if depth > _DEEPEST:
            raise BadTemplate(f"It is nested deeper than {_DEEPEST} levels.")
        if not isinstance(node, _NODES):
            raise BadTemplate(f"It may not use {_word(node)} (line {node.lineno}).")
        if isinstance(node, nodes.Name) and node.name not in names:
            raise BadTemplate(f"There is no `{node.name}` (line {node.lineno}).")
        if isinstance(node, nodes.Filter) and (node.name not in FILTERS or node.dyn_args or node.dyn_kwargs):
            raise BadTemplate(f"It may not use the filter `{node.name}` (line {node.lineno}).")


def render_template(source: str, view: Mapping[str, object], *, longest: int) -> str:
    """What a template that was checked says of these values, without blanks around it, cut at so many characters.

    Raises: BadTemplate, also where it says nothing.
    """
    made, length = [], 0
    try:
        for part in _compiled(source, frozenset(view)).generate(view):
            made.append(part)
            length += len(part)
            if length > longest:
                break
    except Exception as failed:  # a message must not depend on what somebody wrote once, whatever is wrong with it
        raise BadTemplate(str(failed) or type(failed).__name__) from failed
    text = "".join(made).strip()
    if not text:
        raise BadTemplate("It says nothing.")
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


@lru_cache(maxsize=256)
def _compiled(source: str, names: frozenset[str]) -> Template:
    """It is checked each time that it is read: what is stored may be older than these rules.

    Raises: BadTemplate.
    """
    check_template(source, names)
    return _environment().from_string(source)


def _parse(source: str) -> nodes.Template:
    try:
        return _environment().parse(source)
    except TemplateError as failed:
        raise BadTemplate(f"It cannot be read: {failed.message}") from failed
    except (RecursionError, ValueError) as failed:
        raise BadTemplate("It cannot be read.") from failed


def _nodes(root: nodes.Template) -> Iterator[tuple[nodes.Node, int]]:
    """All nodes with their depth, not by recursion, which a deep template would exhaust."""
    waiting: list[tuple[nodes.Node, int]] = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting += [(child, depth + 1) for child in node.iter_child_nodes()]


def _word(node: nodes.Node) -> str:
    """What people call it."""
    kind = type(node).__name__
    known = {
        "For": "loops",
        "Assign": "`set`",
        "AssignBlock": "`set`",
        "Call": "calls",
        "Getattr": "attributes",
        "Getitem": "attributes",
        "Macro": "macros",
    }
    return known.get(kind, f"`{kind.lower()}`")


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, cache_size=0
    )
    environment.globals.clear()
    environment.tests.clear()
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    return environment
