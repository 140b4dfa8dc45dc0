"""Who acts, and what they may do."""

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from domain.errors import NotFound, PermissionDenied, Unauthenticated
from domain.webhook import Webhook

# A credential is believed for so long without asking again. A socket asks anew so often: together they stay under
# REVOCATION_BOUND_S, in which a revoked credential has stopped working everywhere.
REVOCATION_BOUND_S = 5.0
CREDENTIAL_KEPT_S = 2.5
SOCKET_RECHECK_S = 2.0
REFUSAL_KEPT_S = 1.0

TOKEN_PREFIX = "tcs_"  # noqa: S105 - how all tokens begin, so that scanners of leaked secrets know them
_TOKEN = re.compile(TOKEN_PREFIX + r"[A-Za-z0-9_-]{43}", re.ASCII)
_INGEST_KEY = re.compile(r"[0-9a-f]{32}", re.ASCII)


class Role(StrEnum):
    """What a developer may do in the whole installation, least first."""

    VIEWER = "VIEWER"
    DEVELOPER = "DEVELOPER"
    ADMIN = "ADMIN"
    OWNER = "OWNER"

    @property
    def rank(self) -> int:
        """Its place among all, 0 the least."""
        return list(Role).index(self)


class Scope(StrEnum):
    """One thing that a credential may be used for."""

    INGEST = "INGEST"
    READ = "READ"
    TRIAGE = "TRIAGE"
    ADMIN = "ADMIN"


class ActorKind(StrEnum):
    """What kind of thing acts."""

    DEVELOPER = "DEVELOPER"
    TOKEN = "TOKEN"  # noqa: S105 - a word, no secret
    INGEST_KEY = "INGEST_KEY"
    SYSTEM = "SYSTEM"
    ANONYMOUS = "ANONYMOUS"


SCOPES_BY_ROLE = {
    Role.VIEWER: frozenset({Scope.READ}),
    Role.DEVELOPER: frozenset({Scope.READ, Scope.TRIAGE, Scope.INGEST}),
    Role.ADMIN: frozenset(Scope),
    Role.OWNER: frozenset(Scope),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the scopes it has, and the projects that it may touch (`None`: all of them).

    An ingest key with a signing secret has no scopes: `signed` is what it is once a signature has shown who it is. A
    token that is bound to a document has none either: `running` is what it is in there.
    """

    kind: ActorKind
    id: UUID | None = None
    developer_id: UUID | None = None
    role: Role | None = None
    scopes: frozenset[Scope] = frozenset()
    project_ids: frozenset[UUID] | None = frozenset()
    name: str = ""
    # How many events a minute an ingest key may log; none for any number.
    rate_limit_per_minute: int | None = None
    # The digest of the one document that a token may run, and what it may do in there; elsewhere it has no scopes.
    document: str | None = None
    scopes_within: frozenset[Scope] = frozenset()
    webhook: Webhook = field(default=Webhook(), compare=False, repr=False)

    @property
    def signed(self) -> "Actor":
        """The key, with what it may do once a request was signed with its secret."""
        return replace(self, scopes=frozenset({Scope.INGEST}))

    def running(self, document: str | None) -> "Actor":
        """The actor within the document of that digest."""
        is_bound_to_it = self.document is not None and self.document == document
        return replace(self, scopes=self.scopes_within) if is_bound_to_it else self

    def require_document(self, document: str) -> None:
        """Return if the actor may run the document of that digest.

        Raises: PermissionDenied.
        """
        if self.document not in (None, document):
            raise PermissionDenied("This token is bound to one document, and this is another.")

    def require_known(self) -> None:
        """Return if it is known who the actor is.

        Raises: Unauthenticated.
        """
        if self.kind is ActorKind.ANONYMOUS:
            raise Unauthenticated(self.name or "Send a token: 'Authorization: Bearer …'.")

    def require(self, scope: Scope, project_id: UUID | None = None) -> None:
        """Return if the actor may do that, in that project where one is given.

        Raises: Unauthenticated, PermissionDenied, NotFound (a project out of sight is not there).
        """
        self.require_known()
        if scope not in self.scopes and self.webhook.signing_secret and scope is Scope.INGEST:
            raise PermissionDenied("This ingest key has a signing secret: it is good for signed webhooks only.")
        if scope not in self.scopes and self.document is not None and scope in self.scopes_within:
            raise PermissionDenied("This token is bound to one document, and good for nothing else.")
        if scope not in self.scopes:
            raise PermissionDenied(f"This needs the scope {scope}.")
        if project_id is not None and not self.sees(project_id):
            raise NotFound("No such object.")

    def require_everywhere(self, scope: Scope) -> None:
        """Return if the actor may do that in the whole installation, not only in some projects.

        Raises: Unauthenticated, PermissionDenied.
        """
        self.require(scope)
        if self.project_ids is not None:
            raise PermissionDenied("This needs access to all projects.")

    def require_rank(self, role: Role) -> None:
        """Return if the actor may act on one who has that role: nobody acts on those above themselves.

        Raises: PermissionDenied.
        """
        if self.kind is not ActorKind.SYSTEM and (self.role is None or self.role.rank < role.rank):
            raise PermissionDenied(f"This needs the role {role}.")

    def sees(self, project_id: UUID) -> bool:
        """Whether the project is one of the actor's."""
        return self.project_ids is None or project_id in self.project_ids


ANONYMOUS = Actor(ActorKind.ANONYMOUS)


def system(name: str = "tocsin") -> Actor:
    """The product itself, which may do everything."""
    return Actor(ActorKind.SYSTEM, scopes=frozenset(Scope), project_ids=None, name=name)


def refused(reason: str) -> Actor:
    """A caller whose credential was not accepted, and why."""
    return Actor(ActorKind.ANONYMOUS, name=reason)


def document_digest(text: str) -> str:
    """What tells a document from all others: the SHA-256 of its text, which must be laid out in the one usual way."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()


def credential_kind(credential: str) -> ActorKind | None:
    """What a credential stands for by its form alone: TOKEN, INGEST_KEY, or nothing."""
    if _TOKEN.fullmatch(credential):
        return ActorKind.TOKEN
    return ActorKind.INGEST_KEY if _INGEST_KEY.fullmatch(credential) else None
