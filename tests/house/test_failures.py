"""Every failure of a use case has its place in the answer, and every use case asks whether the caller may."""

import ast
import inspect
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from strawberry.types.union import StrawberryUnion

from domain.errors import Conflict, NotFound
from schema.failure import Failure
from schema.node import read_id
from schema.root import Mutation
from tests.support.raising import FAILURES, body, called, calls_method, documented, raised

MOST_STATEMENTS = 5
# Not the caller's to mend in the call: an error with a code, never a member of a union.
CODED = {"PermissionDenied", "Unauthenticated", "LimitExceeded", "Unavailable"}

ASKING = ("actor.require", "actor.require_everywhere")
ASKED_ELSEWHERE = {
    "log_error": "INGEST is required at the door, and where the project is found, which a key decides",
    "log_errors": "INGEST is required at the door, and where the project is found, for each report",
}


@dataclass(frozen=True)
class Field:
    """A mutation: what runs, its union, none where it answers with a payload, and the failures among its members."""

    name: str
    code: Callable[..., Any]
    union: str
    answers: frozenset[str]

    @property
    def use_cases(self) -> list[Callable[..., Any]]:
        return [code for code in _reached(self.code) if _is_use_case(code)]

    @property
    def may_raise(self) -> set[str]:
        """What the docstrings of all that it calls name."""
        return {name for code in _reached(self.code) for name in documented(code)} - CODED


def mutations() -> list[Field]:
    fields = Mutation.__strawberry_definition__.fields
    return [Field(field.name, field.base_resolver.wrapped_func, *_answer(field.type)) for field in fields]


def test_every_mutation_calls_one_use_case():
    assert [(field.name, len(field.use_cases)) for field in mutations() if len(field.use_cases) != 1] == []


def test_every_mutation_is_thin():
    assert [field.name for field in mutations() if len(body(field.code)) > MOST_STATEMENTS] == []
    branching = ast.If | ast.Try | ast.For | ast.While | ast.With
    assert [
        field.name
        for field in mutations()
        if any(isinstance(node, branching) for statement in body(field.code) for node in ast.walk(statement))
    ] == []


def test_every_use_case_asks_whether_the_caller_may():
    asking = {code for field in mutations() for code in field.use_cases}
    assert {code.__qualname__ for code in asking if not _asks(code)} == set(ASKED_ELSEWHERE)


def test_every_failure_is_a_member_of_the_union():
    assert [
        (field.name, missing) for field in mutations() if field.union and (missing := field.may_raise - field.answers)
    ] == []


def test_every_member_of_a_union_is_raised_by_some_mutation():
    raised_by: defaultdict[str, set[str]] = defaultdict(set)
    for field in mutations():
        raised_by[field.union] |= field.may_raise
    assert {
        (field.union, name) for field in mutations() for name in field.answers if name not in raised_by[field.union]
    } == set()


def test_every_docstring_names_what_the_code_raises():
    untold = {
        code.__qualname__: names
        for field in mutations()
        for code in field.use_cases
        if (names := {name for name in raised(code) if not _is_told(name, documented(code))})
    }
    assert untold == {}


def test_failures_are_found_through_calls_and_not_where_they_are_caught():
    def fails() -> None:
        raise Conflict("No.")

    def catches() -> None:
        """Raises: InvalidInput (a bad one, not a Conflict)."""
        try:
            read_id("x", "Issue")
        except NotFound:
            return

    assert (raised(fails), raised(catches)) == ({"Conflict"}, {"InvalidInput"})
    assert documented(catches) == {"InvalidInput"}


def _reached(code: Callable[..., Any]) -> list[Callable[..., Any]]:
    """What it calls, itself or through private functions of its own module."""
    near = [callee for callee in called(code) if callee.__module__ == code.__module__ and callee.__name__[0] == "_"]
    return [*called(code), *(further for callee in near for further in _reached(callee))]


def _is_use_case(code: Callable[..., Any]) -> bool:
    return code.__module__.startswith("resolvers.") and inspect.iscoroutinefunction(code)


def _asks(code: Callable[..., Any]) -> bool:
    """Whether it requires a scope, or does so in what it calls."""
    return calls_method(code, ASKING) or any(calls_method(callee, ASKING) for callee in called(code))


def _is_told(name: str, names: set[str]) -> bool:
    return any(issubclass(FAILURES[name], FAILURES[each]) for each in names)


def _answer(kind: Any) -> tuple[str, frozenset[str]]:
    """The name of a union, and its failures, which bear the names of those that are raised."""
    while hasattr(kind, "of_type"):
        kind = kind.of_type
    if not isinstance(kind, StrawberryUnion):
        return "", frozenset()
    failures = {member.__name__ for member in kind.types if issubclass(member, Failure)}
    return kind.graphql_name, frozenset(failures)
