from collections import Counter
from datetime import UTC, datetime

import pytest

from domain.discarded import CATEGORIES, MOST_AT_ONCE, REASONS, counted, hour_of


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"reason": "before_send", "category": "error", "quantity": 3}, {("before_send", "error"): 3}),
        ({"reason": "made up", "category": "error", "quantity": 1}, {("other", "error"): 1}),
        ({"reason": "sample_rate", "category": ["x"], "quantity": 1}, {("sample_rate", "other"): 1}),
        ({"quantity": 10**30}, {("other", "other"): MOST_AT_ONCE}),
        ({"reason": "before_send", "category": "error", "quantity": 0}, {}),
        ({"reason": "before_send", "category": "error", "quantity": -1}, {}),
        ({"reason": "before_send", "category": "error", "quantity": True}, {}),
        ({"reason": "before_send", "category": "error", "quantity": "3"}, {}),
        ({"reason": "before_send", "category": "error"}, {}),
    ],
)
def test_what_an_sdk_counted_is_added_up_under_known_names(entry, expected):
    assert counted([entry]) == Counter(expected)


def test_the_same_kind_is_one_count():
    entry = {"reason": "before_send", "category": "error", "quantity": 3}
    assert counted([entry, entry]) == Counter({("before_send", "error"): 6})


def test_however_many_names_are_thought_of_there_are_few_kinds():
    made_up = [{"reason": f"r{n}", "category": f"c{n}", "quantity": 1} for n in range(100)]
    known = [{"reason": reason, "category": kind, "quantity": 1} for reason in REASONS for kind in CATEGORIES]
    assert len(counted([*made_up, *known])) == len(REASONS) * len(CATEGORIES) + 1


def test_the_hour_is_its_start():
    assert hour_of(datetime(2026, 3, 2, 3, 59, 59, 7, tzinfo=UTC)) == datetime(2026, 3, 2, 3, tzinfo=UTC)
