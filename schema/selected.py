"""What a document selects beneath a field, for a resolver that would read more, or less, for it."""

from collections.abc import Collection, Iterator
from typing import Any

from graphql import FieldNode, FragmentSpreadNode, GraphQLResolveInfo, SelectionNode, SelectionSetNode

from schema.context import Info


def selects(info: Info, names: Collection[str]) -> bool:
    """Whether one of these fields is selected of what the field hands out; also where a directive leaves it out."""
    raw = info._raw_info  # noqa: SLF001 - Strawberry's own makes objects of all that is selected
    return any(name in names for node in raw.field_nodes for name in _names(raw, node.selection_set))


def _names(raw: GraphQLResolveInfo[Any], selected: SelectionSetNode | None) -> Iterator[str]:
    for selection in selected.selections if selected else ():
        if isinstance(selection, FieldNode):
            yield selection.name.value
        else:
            yield from _names(raw, _beneath(raw, selection))


def _beneath(raw: GraphQLResolveInfo[Any], selection: SelectionNode) -> SelectionSetNode | None:
    if isinstance(selection, FragmentSpreadNode):
        return raw.fragments[selection.name.value].selection_set
    return getattr(selection, "selection_set", None)
