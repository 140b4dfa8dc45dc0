"""The account of a soak: what was to be told and was not is lost, also where nothing more was told at all."""

from random import Random
from typing import Any

import pytest

from bench.ledger import Due, account_of, end_of
from bench.listeners import Listener, Watch
from domain.feed import START, Position

ROWS = [
    {"xid": xid, "id": 1, "kind": "EVENT_LOGGED", "event_id": f"event {xid}", "subject_id": None} for xid in range(1, 6)
]
END = end_of(ROWS)


def listener(*heard: int, started: int | None = 1) -> Listener:
    """One who began at that place, was told of these, and stands at the last."""
    made = Listener(Watch("all errors", "", {}, lambda _: True), [], "", [], Random(1))
    made.started = None if started is None else Position(started, 1)
    for xid in heard:
        made.heard.note(Position(xid, 1), f"event {xid}")
        made.place = Position(xid, 1)
    return made


@pytest.mark.parametrize(
    ("heard", "lost", "doubled"),
    [
        ((2, 3, 4, 5), 0, 0),
        ((2, 4, 5), 1, 0),
        ((2, 3, 3, 4, 5), 0, 1),
        ((2, 3), 2, 0),  # it has stalled
        ((), 4, 0),
    ],
)
def test_all_that_is_settled_is_to_have_been_told(heard: tuple[int, ...], lost: int, doubled: int):
    account = account_of(listener(*heard), ROWS, END)
    assert (account.lost, account.doubled) == (lost, doubled)


def test_what_came_later_is_to_have_been_told_to_whom_stands_behind_it():
    settled = Position(3, 1)
    assert account_of(listener(2, 3), ROWS, settled).lost == 0
    assert account_of(listener(2, 3, 5), ROWS, settled).lost == 1


def test_who_never_began_is_a_fault():
    never = listener(started=None)
    (note,) = account_of(never, ROWS, END).notes
    assert note.startswith("all errors: it was never told where it begins")
    assert not Due(ROWS).is_told_to(never)


@pytest.mark.parametrize(("heard", "is_all"), [((2, 3, 4, 5), True), ((2, 3), False)])
def test_who_has_heard_fewer_than_there_are_is_waited_for(heard: tuple[int, ...], *, is_all: bool):
    assert Due(ROWS).is_told_to(listener(*heard)) is is_all


def test_a_feed_without_rows_ends_where_it_begins():
    rows: list[Any] = []
    assert end_of(rows) == START
