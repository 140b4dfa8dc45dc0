from dataclasses import replace
from uuid import uuid4

import pytest

from domain.access import (
    ANONYMOUS,
    CREDENTIAL_KEPT_S,
    REVOCATION_BOUND_S,
    SOCKET_RECHECK_S,
    Actor,
    ActorKind,
    Role,
    Scope,
    credential_kind,
    document_digest,
    refused,
    system,
)
from domain.errors import NotFound, PermissionDenied, Unauthenticated

PROJECT = uuid4()
READER = Actor(
    ActorKind.TOKEN, id=uuid4(), role=Role.DEVELOPER, scopes=frozenset({Scope.READ}), project_ids=frozenset({PROJECT})
)


@pytest.mark.parametrize(
    ("actor", "scope", "project_id", "failure"),
    [
        (READER, Scope.READ, None, None),
        (READER, Scope.READ, PROJECT, None),
        (READER, Scope.READ, uuid4(), NotFound),
        (READER, Scope.TRIAGE, PROJECT, PermissionDenied),
        (READER, Scope.TRIAGE, uuid4(), PermissionDenied),
        (ANONYMOUS, Scope.READ, None, Unauthenticated),
        (system(), Scope.ADMIN, uuid4(), None),
    ],
)
def test_an_actor_may_do_what_its_scopes_and_projects_allow(actor, scope, project_id, failure):
    if failure is None:
        actor.require(scope, project_id)
    else:
        with pytest.raises(failure):
            actor.require(scope, project_id)


def test_a_token_bound_to_a_document_may_do_what_its_scopes_allow_in_there_and_nothing_elsewhere():
    digest = document_digest("{ one }")
    bound = replace(READER, scopes=frozenset(), document=digest, scopes_within=frozenset({Scope.READ}))
    for actor in (bound, bound.running(None), bound.running(document_digest("{ other }"))):
        with pytest.raises(PermissionDenied, match="bound to one document, and good for nothing else"):
            actor.require(Scope.READ)
        with pytest.raises(PermissionDenied, match="needs the scope TRIAGE"):
            actor.require(Scope.TRIAGE)
    within = bound.running(digest)
    within.require(Scope.READ, PROJECT)
    assert within.running(digest) == within
    within.require_document(digest)
    READER.require_document(digest)
    with pytest.raises(PermissionDenied, match="this is another"):
        bound.require_document(document_digest("{ other }"))
    assert READER.running(digest) == READER


def test_who_was_refused_is_told_why():
    with pytest.raises(Unauthenticated, match="expired"):
        refused("This token has expired.").require(Scope.READ)


@pytest.mark.parametrize(("project_ids", "may"), [(None, True), (frozenset({PROJECT}), False)])
def test_only_who_sees_all_projects_changes_the_whole_installation(project_ids, may):
    actor = Actor(ActorKind.TOKEN, role=Role.ADMIN, scopes=frozenset(Scope), project_ids=project_ids)
    if may:
        actor.require_everywhere(Scope.ADMIN)
    else:
        with pytest.raises(PermissionDenied, match="all projects"):
            actor.require_everywhere(Scope.ADMIN)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("other", list(Role))
def test_nobody_acts_on_those_above_themselves(role, other):
    actor = Actor(ActorKind.DEVELOPER, role=role)
    if list(Role).index(other) <= list(Role).index(role):
        actor.require_rank(other)
    else:
        with pytest.raises(PermissionDenied):
            actor.require_rank(other)


def test_a_key_has_no_rank_and_the_product_itself_has_the_highest():
    system().require_rank(Role.OWNER)
    with pytest.raises(PermissionDenied):
        Actor(ActorKind.INGEST_KEY).require_rank(Role.VIEWER)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("tcs_" + "a" * 43, ActorKind.TOKEN),
        ("tcs_" + "-" * 42 + "_", ActorKind.TOKEN),
        ("0123456789abcdef" * 2, ActorKind.INGEST_KEY),
        ("tcs_" + "a" * 42, None),
        ("tcs_" + "a" * 44, None),
        ("tcs_" + "a" * 42 + "\n", None),
        ("tcs_" + "ä" * 43, None),
        ("0123456789ABCDEF" * 2, None),
        ("\u0660" * 32, None),
        ("0" * 32 + "\n", None),
        ("\ud800" * 32, None),
        ("", None),
    ],
)
def test_a_credential_is_known_by_its_form(text, kind):
    assert credential_kind(text) is kind


def test_what_is_kept_and_how_often_a_socket_asks_stay_under_the_bound_on_revocation():
    assert CREDENTIAL_KEPT_S + SOCKET_RECHECK_S < REVOCATION_BOUND_S
