from datetime import UTC, date, datetime, timedelta

from core.ids import lowest_uuid7, made_at, uuid7

AT = datetime(2026, 3, 2, 23, 59, 59, 999000, tzinfo=UTC)


def test_an_id_is_of_version_7_and_tells_when_it_was_made():
    id = uuid7(AT)
    assert (id.version, id.variant) == (7, "specified in RFC 4122")
    assert made_at(id) == AT


def test_ids_sort_by_time_and_in_order_within_a_millisecond():
    ids = [uuid7(AT) for _ in range(200)] + [uuid7(AT + timedelta(milliseconds=1))]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)


def test_a_days_bound_parts_its_ids_from_those_of_the_day_before():
    bound = lowest_uuid7(date(2026, 3, 3))
    assert uuid7(AT) < bound < uuid7(AT + timedelta(milliseconds=1))
