from datetime import timedelta
from uuid import uuid4

import pytest

from domain.access import Role, Scope
from domain.errors import InvalidInput, PermissionDenied
from domain.token import MOST_PROJECTS, Grant, check_grant
from tests.support.clock import START

A, B = uuid4(), uuid4()
READ, ADMIN = frozenset({Scope.READ}), frozenset(Scope)
SOON, LATER = START + timedelta(days=1), START + timedelta(days=2)


@pytest.mark.parametrize(
    ("grant", "limit"),
    [
        (Grant(READ), Grant(READ)),
        (Grant(READ), Grant(ADMIN)),
        (Grant(READ, frozenset({A})), Grant(READ)),
        (Grant(READ, frozenset({A})), Grant(READ, frozenset({A, B}))),
        (Grant(READ, None, SOON), Grant(READ)),
        (Grant(READ, None, SOON), Grant(READ, None, SOON)),
    ],
)
def test_a_token_may_be_given_what_its_giver_has(grant, limit):
    grant.check_within(limit)


@pytest.mark.parametrize(
    ("grant", "limit"),
    [
        (Grant(ADMIN), Grant(READ)),
        (Grant(READ), Grant(READ, frozenset({A}))),
        (Grant(READ, frozenset({A, B})), Grant(READ, frozenset({A}))),
        (Grant(READ, frozenset({A})), Grant(READ, frozenset())),
        (Grant(READ), Grant(READ, None, SOON)),
        (Grant(READ, None, LATER), Grant(READ, None, SOON)),
    ],
)
def test_a_token_is_never_given_more_than_its_giver_has(grant, limit):
    with pytest.raises(PermissionDenied):
        grant.check_within(limit)


@pytest.mark.parametrize(
    ("scopes", "projects", "expires_at", "role", "path"),
    [
        ([], None, None, Role.OWNER, "scopes"),
        ([Scope.TRIAGE], None, None, Role.VIEWER, "scopes"),
        ([Scope.ADMIN], None, None, Role.DEVELOPER, "scopes"),
        ([Scope.READ], [], None, Role.OWNER, "projectIds"),
        ([Scope.READ], [A] * (MOST_PROJECTS + 1), None, Role.OWNER, "projectIds"),
        ([Scope.READ], None, START, Role.OWNER, "expiresAt"),
    ],
)
def test_what_a_token_cannot_be_is_named(scopes, projects, expires_at, role, path):
    with pytest.raises(InvalidInput) as failure:
        check_grant(scopes, projects, expires_at, role=role, at=START)
    assert failure.value.path == (path,)


def test_a_grant_holds_each_thing_once():
    grant = check_grant([Scope.READ, Scope.READ], [A, A], SOON, role=Role.VIEWER, at=START)
    assert grant == Grant(READ, frozenset({A}), SOON)
