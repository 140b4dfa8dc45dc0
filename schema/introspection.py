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
        if not may_see_schema(context) and _asks_for_schema(asked.graphql_document):
            if context.resources.settings.introspection == "off":
                raise PermissionDenied("The schema is not told here: TOCSIN_INTROSPECTION is off.")
            context.actor.require_known()
            raise PermissionDenied("The schema is told to API tokens only.")
        yield


def may_see_schema(context: Context) -> bool:
    """Whether the caller may ask for the schema, and be told names in it. By an ingest key, which is public, nobody may."""
    allowed = context.resources.settings.introspection
    return allowed == "everyone" or (allowed == "credentialed" and context.actor.kind not in _STRANGERS)


def without_suggestions(message: str) -> str:
    """The library's word without its guesses at what was meant."""
    return _SUGGESTION.sub("", message)


class _Looking(Visitor):
    """Looks for a field that tells the schema."""

    found = False

    def enter_field(self, node: FieldNode, *_: Any) -> Any:
        self.found = node.name.value in _OF_THE_SCHEMA
        return BREAK if self.found else None


@lru_cache(maxsize=_KNOWN_DOCUMENTS)
def _asks_for_schema(document: DocumentNode) -> bool:
    looking = _Looking()
    visit(document, looking)
    return looking.found
