from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest

from domain.errors import InvalidInput
from domain.schedule.settings import (
    check_change,
    check_hours,
    check_override,
    check_question,
    check_rotation,
    check_schedule,
    clock_time,
)
from tests.support.clock import START

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ANN, BOB = UUID(int=1), UUID(int=2)


def test_what_is_kept_is_trimmed_and_once():
    assert check_schedule({"name": " Pay ", "timezone": "Asia/Tokyo", "services": ["b", "a ", "b"]}) == {
        "name": "Pay", "timezone": "Asia/Tokyo", "services": ["a", "b"],
    }  # fmt: skip
    rotation = {"name": " Nights ", "active_days": [7, 1, 7], "participant_ids": [BOB, ANN, BOB], "active_until": None}
    assert check_rotation(rotation) == {**rotation, "name": "Nights", "active_days": [1, 7]}
    assert check_override({"note": " ill "}) == {"note": "ill"}
    assert check_override({"note": " "}) == {"note": None}
    assert check_override({}) == {}


@pytest.mark.parametrize(
    ("check", "settings", "path"),
    [
        (check_schedule, {"name": ""}, "name"),
        (check_schedule, {"timezone": "Mars/Base"}, "timezone"),
        (check_schedule, {"services": ["x" * 101]}, "services"),
        (check_schedule, {"services": [str(number) for number in range(201)]}, "services"),
        (check_rotation, {"name": "a\nb"}, "name"),
        (check_rotation, {"length": 0}, "length"),
        (check_rotation, {"length": 1001}, "length"),
        (check_rotation, {"starts_at": datetime(1999, 12, 31, tzinfo=UTC)}, "startsAt"),
        (check_rotation, {"starts_at": datetime(2200, 1, 1, tzinfo=UTC)}, "startsAt"),
        (check_rotation, {"active_days": [0]}, "activeDays"),
        (check_rotation, {"active_days": [8]}, "activeDays"),
        (check_rotation, {"active_from": "24:00"}, "activeFrom"),
        (check_rotation, {"active_until": "8:00"}, "activeUntil"),
        (check_rotation, {"participant_ids": [ANN] * 101}, "participantIds"),
        (check_override, {"starts_at": datetime(2200, 1, 1, tzinfo=UTC)}, "start"),
        (check_override, {"ends_at": datetime(1999, 1, 1, tzinfo=UTC)}, "end"),
        (check_override, {"note": "x" * 201}, "note"),
    ],
)
def test_what_is_wrong_is_named(check, settings, path):
    with pytest.raises(InvalidInput) as refused:
        check(settings)
    assert refused.value.path == (path,)
    assert f"`{path}`" in str(refused.value)


def test_times_on_a_clock():
    assert (clock_time("00:00", "x"), clock_time("23:59", "x"), clock_time(None, "x")) == (time(), time(23, 59), None)


def test_active_hours_have_two_ends():
    check_hours("08:00", "18:00")
    check_hours(None, None)
    for hours in (("08:00", None), (None, "18:00")):
        with pytest.raises(InvalidInput):
            check_hours(*hours)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({}, None),
        ({"starts_at": START - DAY}, None),
        ({"remove": None}, None),
        ({"add": None}, None),
        ({"ends_at": START + HOUR + 366 * DAY}, None),
        ({"ends_at": START + 2 * HOUR + 366 * DAY}, "end"),
        ({"starts_at": START - DAY, "ends_at": START}, "end"),
        ({"ends_at": START + HOUR}, "end"),
        ({"add": None, "remove": None}, "addId"),
        ({"add": BOB}, "removeId"),
    ],
)
def test_an_override_must_be_able_to_change_something(change, path):
    given = {"starts_at": START + HOUR, "ends_at": START + DAY, "add": ANN, "remove": BOB, "at": START, **change}
    if path is None:
        check_change(**given)
        return
    with pytest.raises(InvalidInput) as refused:
        check_change(**given)
    assert refused.value.path == (path,)


def test_a_question_is_bounded():
    assert check_question(START, START + 366 * DAY) == (START, START + 366 * DAY)
    for since, until, path in (
        (START, START, "to"),
        (START, START + 366 * DAY + HOUR, "to"),
        (datetime(1999, 1, 1, tzinfo=UTC), START, "from"),
        (START, datetime(2200, 1, 1, tzinfo=UTC), "to"),
    ):
        with pytest.raises(InvalidInput) as refused:
            check_question(since, until)
        assert refused.value.path == (path,)
