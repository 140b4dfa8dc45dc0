"""Documents that are known here: named by an id instead of being sent, and if so set the only ones that are run.

They come from a folder or a manifest, and from nowhere else: what a caller sends is never kept under its hash, or
whoever can call could fill the store, and nothing would be gained by allowing only what is in it.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cross_web import HTTPException
from graphql import GraphQLError, parse, print_ast

from api.asked import Asked
from core.settings import Settings
from schema.admitted import only_logs
from schema.errors import PERSISTED_QUERY_NOT_FOUND, UNKNOWN_DOCUMENT
from schema.limits import MOST_TOKENS

_NOT_FOUND_MESSAGE = "PersistedQueryNotFound"
_HASHED = "sha256:"
_REMEMBERED = 256
# Documents are remembered, parsed and weighed, and so is what they are long by. A report's longest text fits.
MOST_CHARACTERS = 300_000
_LONGEST_COMPARED = 50_000


class UnknownDocument(Exception):
    """The document is none of those that are known."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Documents:
    """The documents of one installation."""

    def __init__(self, settings: Settings) -> None:
        self._only_known = settings.documents == "known"
        self._path = settings.documents_from
        read_documents(self._path)  # what is wrong with them is said at the start
        self.is_known_text = lru_cache(_REMEMBERED)(self._is_known_text)

    def found(self, asked: Asked) -> Asked:
        """What is asked for, its document in place of its id.

        Raises: UnknownDocument; HTTPException where it names a document in two ways that differ, or is too long.
        """
        if len(asked.query) > MOST_CHARACTERS:
            raise HTTPException(400, f"The document has more than {MOST_CHARACTERS:,} characters: use variables.")
        hashed = _apollos_hash(asked.extensions)
        if asked.document_id is not None:
            if asked.query:
                raise HTTPException(400, "Send a `query` or a `documentId`, not both.")
            return self._by_id(asked, asked.document_id)
        if hashed is not None and not asked.query:
            return self._by_hash(asked, hashed)
        if hashed is not None and sha256(asked.query.encode(errors="surrogatepass")).hexdigest() != hashed:
            raise HTTPException(400, "`persistedQuery.sha256Hash` is not that of the `query`.")
        if self._only_known and not self._runs(asked):
            raise UnknownDocument(
                UNKNOWN_DOCUMENT, "Only documents that are known here are run: TOCSIN_DOCUMENTS is `known`."
            )
        return asked

    def _runs(self, asked: Asked) -> bool:
        return len(asked.query) <= _LONGEST_COMPARED and self.is_known_text(asked.query, asked.operation_name)

    def _by_id(self, asked: Asked, id: str) -> Asked:
        text = self._texts.get(id.lower() if id.startswith(_HASHED) else id)
        if text is None:
            raise UnknownDocument(UNKNOWN_DOCUMENT, "There is no document of that id here.")
        return replace(asked, query=text, is_known=True)

    def _by_hash(self, asked: Asked, hashed: str) -> Asked:
        text = self._texts.get(_HASHED + hashed.lower())
        if text is None:
            raise UnknownDocument(PERSISTED_QUERY_NOT_FOUND, _NOT_FOUND_MESSAGE)
        return replace(asked, query=text, is_known=True)

    def _is_known_text(self, query: str, operation_name: str | None) -> bool:
        """Whether it is one of them, however it is laid out; one that only logs is as good as known.

        Programs that report errors bring documents of their own, which read nothing.
        """
        try:
            document = parse(query, max_tokens=MOST_TOKENS)
        except (GraphQLError, RecursionError):
            return False
        if _hash(print_ast(document)) in self._texts:
            return True
        return only_logs(document, operation_name)

    @cached_property
    def _texts(self) -> Mapping[str, str]:
        """The documents by all their ids: those that they were given, and the hash of each as it is and as printed."""
        texts: dict[str, str] = {}
        for id, text in read_documents(self._path).items():
            texts |= {id: text, _hash(text): text, _hash(print_ast(parse(text))): text}
        return texts


@lru_cache
def read_documents(path: Path) -> Mapping[str, str]:
    """The documents in a folder of `.graphql` files, or in a manifest, by their ids.

    A manifest is a JSON object of texts by id, as Relay's compiler writes it, or one of `operations` with `id` and
    `body` each, as Apollo's `generate-persisted-query-manifest` does.

    Raises: ValueError, OSError.
    """
    if path.is_dir():
        return {file.stem: file.read_text() for file in sorted(path.glob("*.graphql"))}
    manifest = json.loads(path.read_text())
    try:
        operations = manifest.get("operations")
        texts = {each["id"]: each["body"] for each in operations} if isinstance(operations, list) else dict(manifest)
    except (AttributeError, KeyError, TypeError):
        texts = {}
    if not texts or not all(isinstance(text, str) for text in texts.values()):
        raise ValueError(f"{path} is no manifest of documents: a JSON object of texts by id.")
    return texts


def _hash(text: str) -> str:
    return _HASHED + sha256(text.encode(errors="surrogatepass")).hexdigest()


def _apollos_hash(extensions: Mapping[str, Any] | None) -> str | None:
    """The hash by which Apollo's clients name a document.

    Raises: HTTPException.
    """
    named = (extensions or {}).get("persistedQuery")
    if named is None:
        return None
    if not isinstance(named, dict) or named.get("version") != 1 or not isinstance(named.get("sha256Hash"), str):
        raise HTTPException(400, "`persistedQuery` must be an object of `version` 1 and a `sha256Hash`.")
    hashed: str = named["sha256Hash"]
    return hashed
