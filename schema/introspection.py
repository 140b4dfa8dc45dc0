"""Who may ask what there is? The schema is no secret, but telling it is work, and helps who tries doors."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from graphql import BREAK, DocumentNode, FieldNode, Visitor, visit
from strawberry.extensions import SchemaExtension

from domain.access import ActorKind
from domain.errors import PermissionDenied
from schema.context import Context

_KNOWN_DOCUMENTS = 256
_OF_THE_SCHEMA = ("__schema", "__type")
_STRANGERS = (ActorKind.ANONYMOUS, ActorKind.INGEST_KEY)
_SUGGESTION = re.compile(r" Did you mean [^?]*\?")


class Introspection(SchemaExtension):
    """Refuses to tell the schema to whom it is not to be told."""

    def on_execute(self) -> Iterator[None]:
        """Look whether the document asks for it.

        Raises: Unauthenticated, PermissionDenied.
        """
        asked = self.execution_context
        context: Context = asked.context
        if not may_see_schema(context):
            is_off = context.resources.settings.introspection == "off"
            if _asks_for_schema(asked.graphql_document, even_a_name=is_off):
                if is_off:
                    raise PermissionDenied("The schema is not told here: TOCSIN_INTROSPECTION is off.")
                context.actor.require_known()
                raise PermissionDenied("The schema is told to API tokens only.")
        yield


def may_see_schema(context: Context) -> bool:
    """Whether the caller may ask for the schema, and be told names in it. An ingest key is public."""
    allowed = context.resources.settings.introspection
    return allowed == "everyone" or (allowed == "credentialed" and context.actor.kind not in _STRANGERS)


def without_suggestions(message: str) -> str:
    """The library's word without its guesses at what was meant."""
    return _SUGGESTION.sub("", message)


class _Looking(Visitor):
    """Looks for a field that tells the schema; whether there is a type of some name tells next to nothing."""

    found = False

    def __init__(self, *, even_a_name: bool) -> None:
        super().__init__()
        self._even_a_name = even_a_name

    def enter_field(self, node: FieldNode, *_: Any) -> Any:
        inner = node.selection_set.selections if node.selection_set else ()
        tells_more = not all(isinstance(each, FieldNode) and each.selection_set is None for each in inner)
        self.found = node.name.value in _OF_THE_SCHEMA and (
            self._even_a_name or tells_more or node.name.value == "__schema"
        )
        return BREAK if self.found else None


@lru_cache(maxsize=_KNOWN_DOCUMENTS)
def _asks_for_schema(document: DocumentNode, *, even_a_name: bool) -> bool:
    looking = _Looking(even_a_name=even_a_name)
    visit(document, looking)
    return looking.found
