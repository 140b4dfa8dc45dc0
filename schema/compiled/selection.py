"""What a selection makes of an object whose type is known: its answer, in the order asked for.

As the specification has it (GraphQL, 6.3.2: Collecting Fields), for selections without directives and of fields that
are at hand; for others there is no answer here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)

Answer: TypeAlias = Callable[[Any], Any]
_TYPE_NAME = "__typename"


class NotCompiled(Exception):
    """The selection needs what only an execution has."""


@dataclass(frozen=True, slots=True)
class Kind:
    """An object type: the attributes of its fields that are at hand, and of which kinds its objects are."""

    name: str
    attributes: Mapping[str, str]
    objects: Mapping[str, Mapping[type, "Kind"]] = field(default_factory=dict)


class Selections:
    """Makes answers of the selections of one document."""

    def __init__(self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._schema = schema
        self._fragments = fragments

    def answer_by_type(self, kinds: Mapping[type, Kind], sets: Sequence[SelectionSetNode]) -> Answer:
        """Hand back what makes an answer of an object of one of those kinds, or of none.

        Raises: NotCompiled.
        """
        answers = {type_: self._answer(kind, sets) for type_, kind in kinds.items()}
        return lambda value: None if value is None else answers[type(value)](value)

    def _answer(self, kind: Kind, sets: Sequence[SelectionSetNode]) -> Answer:
        type_ = self._schema.get_type(kind.name)
        assert isinstance(type_, GraphQLObjectType)
        chosen: dict[str, list[FieldNode]] = {}
        for selections in sets:
            self._collect(type_, selections, chosen, set())
        template: dict[str, Any] = dict.fromkeys(chosen)
        attributes: dict[str, str] = {}
        inner: dict[str, Answer] = {}
        for key, nodes in chosen.items():
            name = nodes[0].name.value
            if name == _TYPE_NAME:
                template[key] = kind.name
                continue
            if name not in kind.attributes:
                raise NotCompiled(name)
            attributes[key] = kind.attributes[name]
            if not is_leaf_type(get_named_type(type_.fields[name].type)):
                sets_beneath = [node.selection_set for node in nodes if node.selection_set]
                beneath = self.answer_by_type(kind.objects[name], sets_beneath)
                inner[key] = _each(beneath) if is_list_type(get_nullable_type(type_.fields[name].type)) else beneath
        return _filling(template, attributes, inner)

    def _collect(
        self, kind: GraphQLObjectType, selections: SelectionSetNode, chosen: dict[str, list[FieldNode]], seen: set[str]
    ) -> None:
        for selection in selections.selections:
            if selection.directives:
                raise NotCompiled(_TYPE_NAME)
            if isinstance(selection, FieldNode):
                chosen.setdefault((selection.alias or selection.name).value, []).append(selection)
            elif beneath := self._beneath(kind, selection, seen):
                self._collect(kind, beneath, chosen, seen)

    def _beneath(self, kind: GraphQLObjectType, selection: SelectionNode, seen: set[str]) -> SelectionSetNode | None:
        """What a fragment selects, where it is for this kind and was not spread before."""
        if isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition
            applies = condition is None or self._is(kind, condition.name.value)
            return selection.selection_set if applies else None
        assert isinstance(selection, FragmentSpreadNode)
        name = selection.name.value
        if name in seen:
            return None
        seen.add(name)
        fragment = self._fragments[name]
        if fragment.directives:
            raise NotCompiled(name)
        return fragment.selection_set if self._is(kind, fragment.type_condition.name.value) else None

    def _is(self, kind: GraphQLObjectType, condition: str) -> bool:
        wanted = self._schema.get_type(condition)
        if isinstance(wanted, GraphQLInterfaceType | GraphQLUnionType):
            return self._schema.is_sub_type(wanted, kind)
        return wanted is kind


def _filling(template: dict[str, Any], attributes: dict[str, str], inner: dict[str, Answer]) -> Answer:
    keys = tuple(attributes)
    read = _reading(tuple(attributes.values()))

    def answer(value: Any) -> Any:
        filled = template.copy()
        filled.update(zip(keys, read(value), strict=True))
        for key, beneath in inner.items():
            filled[key] = beneath(filled[key])
        return filled

    return answer


def _reading(attributes: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(attributes) > 1:
        several: Callable[[Any], tuple[Any, ...]] = attrgetter(*attributes)
        return several
    return lambda value: tuple(getattr(value, name) for name in attributes)


def _each(answer: Answer) -> Answer:
    return lambda values: [answer(value) for value in values]
