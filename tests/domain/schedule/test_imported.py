from datetime import timedelta
from uuid import UUID

import pytest

from domain.errors import InvalidInput
from domain.schedule.imported import MOST_BYTES, Entry, Person, check_calendar, read_shifts, shown_url
from tests.support.clock import START

ANN, LEE, BOB, EVE, EVA = (UUID(int=number) for number in range(1, 6))
PEOPLE = [
    Person(ANN, "Ann", "ann@example.com"),
    Person(LEE, "Ann Lee", "Lee@Example.com"),
    Person(BOB, "Bob-é Ünal", "bob@example.com"),
    Person(EVE, "Eve", "eve@example.com"),
    Person(EVA, "eve", "eva@example.com"),
    Person(UUID(int=9), "  ", "blank@example.com"),
]
HOUR = timedelta(hours=1)


def meant(title: str, attendees=(), organizers=()) -> set[UUID]:
    reading = read_shifts([Entry(START, START + HOUR, title, attendees, organizers)], PEOPLE)
    found = {shift.developer_id for shift in reading.shifts}
    assert bool(found) is not bool(reading.unmatched)
    return found


@pytest.mark.parametrize(
    ("title", "people"),
    [
        ("Ann", {ANN}),
        ("On call: ANN (Payments)", {ANN}),
        ("Ann Lee", {LEE}),
        ("ann  lee, ann", {ANN, LEE}),
        ("Bob-é Ünal on call", {BOB}),
        ("bob@example.com", {BOB}),
        ("<lee@example.com>; ann", {LEE, ANN}),
        ("Annika", set()),
        ("Joann", set()),
        ("Eve", set()),
        ("eva@example.com", {EVA}),
        ("Holiday", set()),
        ("", set()),
        ("x@nn", set()),
    ],
)
def test_a_title_names_people_by_address_or_by_whole_name_that_only_one_has(title: str, people: set[UUID]):
    assert meant(title) == people


def test_attendees_go_before_the_title_and_the_title_before_the_organizer():
    assert meant("Ann", attendees=("bob@example.com", "room@example.com")) == {BOB}
    assert meant("Ann", attendees=("nobody@example.com",), organizers=("bob@example.com",)) == set()
    assert meant("Ann", organizers=("bob@example.com",)) == {ANN}
    assert meant("On call", organizers=("bob@example.com",)) == {BOB}


def test_what_means_nobody_is_listed_once_with_its_first_day_and_in_bounds():
    entries = [
        Entry(START + n * HOUR, START + (n + 1) * HOUR, title)
        for n, title in enumerate(("Cid", "Ann", "Cid", "a\nb\x00" * 99))
    ]
    reading = read_shifts(reversed(entries), PEOPLE)
    assert len(reading.shifts) == 1
    assert reading.unmatched[0] == "Cid (2026-03-02)"
    assert reading.unmatched[1].startswith("a b a b")
    assert (len(reading.unmatched), len(reading.unmatched[1])) == (2, 113)
    many = [Entry(START, START + HOUR, f"Nobody {n}") for n in range(100)]
    assert len(read_shifts(many, PEOPLE).unmatched) == 20


def test_the_same_entry_twice_is_one_shift_and_what_is_far_from_our_time_none():
    entry = Entry(START, START + HOUR, "Ann")
    old = Entry(START - timedelta(days=40_000), START + HOUR, "Ann")
    assert len(read_shifts([entry, entry, old], PEOPLE).shifts) == 1
    assert read_shifts([entry], []).shifts == frozenset()


def test_settings_are_checked():
    assert check_calendar({"name": " Pay ", "url": " webcal://x.example.com/a "}) == {
        "name": "Pay",
        "url": "https://x.example.com/a",
    }
    for wrong, path in (
        ({"name": ""}, "name"),
        ({"url": "ftp://x"}, "url"),
        ({"url": "https://"}, "url"),
        ({"url": "x"}, "url"),
        ({"url": "https://x/ y"}, "url"),
        ({"url": "https://x/" + "y" * 2_000}, "url"),
        ({"url": "https://x/", "text": "x"}, "text"),
        ({"text": "é" * MOST_BYTES}, "text"),
    ):
        with pytest.raises(InvalidInput) as failure:
            check_calendar(wrong)
        assert failure.value.path == (path,)


def test_an_address_is_shown_without_its_secrets():
    assert (
        shown_url("https://user:pass@cal.example.com:8443/private-abc/basic.ics?key=1")
        == "https://cal.example.com:8443/…"
    )
    assert shown_url("https://cal.example.com?key=1") == "https://cal.example.com/…"
    assert shown_url(None) is None
