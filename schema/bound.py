"""Tokens that are bound to one document: how it is read, and that nothing else is run with them.

Two texts are the same document where graphql-core prints them alike: white space, commas and comments do not count.
Variables are free, since the document says where they go.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    parse,
    print_ast,
    specified_rules,
    validate,
)
from strawberry.extensions import SchemaExtension

from domain.access import document_digest
from domain.errors import InvalidInput
from schema.context import Context
from schema.limits import MOST_TOKENS, Shape

LONGEST_DOCUMENT: Final = 20_000
_KNOWN_DOCUMENTS = 256


class Bound(SchemaExtension):
    """Lets a token that is bound to a document run that one, with its scopes, and refuses all others."""

    def on_execute(self) -> Iterator[None]:
        """Look at the document, if the token is bound to one.

        Raises: PermissionDenied.
        """
        context: Context = self.execution_context.context
        if context.actor.document is not None:
            digest = _digest(self.execution_context.graphql_document)
            context.actor.require_document(digest)
            context.run(digest)
        yield


def read_document(schema: GraphQLSchema, text: str) -> str:
    """The document as it is kept: one operation, which the schema allows.

    Raises: InvalidInput.
    """
    path = ("document",)
    if len(text) > LONGEST_DOCUMENT:
        raise InvalidInput(f"`document` has more than {LONGEST_DOCUMENT:,} characters.", path)
    try:
        document = parse(text, max_tokens=MOST_TOKENS)
        problems = validate(schema, document, [*specified_rules, Shape], max_errors=1)
    except GraphQLError as error:
        problems = [error]
    except RecursionError:
        raise InvalidInput("`document` is nested too deeply.", path) from None
    if problems:
        raise InvalidInput(f"`document` cannot be run: {problems[0].message}", path)
    operations = [part for part in document.definitions if isinstance(part, OperationDefinitionNode)]
    if len(operations) != 1:
        raise InvalidInput("`document` must have one operation.", path)
    return print_ast(document)


@lru_cache(maxsize=_KNOWN_DOCUMENTS)
def _digest(document: DocumentNode) -> str:
    return document_digest(print_ast(document))
