"""What is left of an event once a person is taken out of it."""

import pytest

from domain.erasure import MARK, erase_event, person
from domain.errors import InvalidInput

ANN = {"id": "u-7", "email": "Ann@Example.com", "plan": "gold"}


@pytest.mark.parametrize(
    "known_as", [{"id": "u-7"}, {"email": "ann@example.COM"}, {"id": "x", "email": "ann@example.com"}]
)
def test_an_event_of_the_person_loses_its_user_and_all_that_names_it(known_as: dict[str, str]):
    payload = {
        "user": ANN,
        "tags": [["mail", "ann@example.com"], ["line", "u-7"]],
        "contexts": {"ann@example.com": {"n": 7, "nothing": None}},
        "raw_stack_trace": "no mail to <ann@example.com>!",
    }
    left, texts = erase_event(payload, ["ann@example.com failed", None], person(known_as))
    assert left == {
        # `u-7` is too short to be looked for in texts.
        "tags": [["mail", MARK], ["line", "u-7"]],
        "contexts": {MARK: {"n": 7, "nothing": None}},
        "raw_stack_trace": f"no mail to <{MARK}>!",
    }
    assert texts == [f"{MARK} failed", None]


def test_an_event_of_another_keeps_its_user_and_loses_what_names_the_person():
    payload = {"user": {"id": "u-8"}, "endpoint": "GET /by/ann@example.com"}
    left, _ = erase_event(payload, [], person({"email": "ann@example.com"}))
    assert left == {"user": {"id": "u-8"}, "endpoint": f"GET /by/{MARK}"}


def test_what_has_nothing_of_the_person_stays_as_it_is():
    payload = {"user": {"id": "u-8"}, "tags": [["a", "b"]]}
    assert erase_event(payload, ["x"], person({"username": "a.b.c.d"})) == (payload, ["x"])


def test_an_identifier_is_no_pattern():
    left, _ = erase_event({"endpoint": "a.b.c.d axbxcxd"}, [], person({"username": "a.b.c.d"}))
    assert left == {"endpoint": f"{MARK} axbxcxd"}


@pytest.mark.parametrize(
    ("known_as", "path"),
    [({}, ()), ({"id": "  "}, ()), ({"ip_address": "1" * 257}, ("ipAddress",)), ({"email": None}, ())],
)
def test_somebody_must_be_meant(known_as: dict[str, str | None], path: tuple[str, ...]):
    with pytest.raises(InvalidInput) as refused:
        person(known_as)
    assert refused.value.path == path
