from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.project import Plan
from domain.quota import endpoint_limit, hourly_quota
from domain.spike import hourly_cap

START = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("plan", "own", "quota"),
    [
        (Plan.FREE, None, 1000),
        (Plan.PRO, None, 10_000),
        (Plan.ENTERPRISE, None, 0),
        (Plan.ENTERPRISE, 70, 70),
        (Plan.FREE, 70, 70),
        (Plan.FREE, 7000, 1000),
    ],
)
def test_a_project_may_have_less_than_its_plan_and_not_more(plan: Plan, own: int | None, quota: int):
    assert hourly_quota(plan, own, free=1000, pro=10_000) == quota


def test_no_number_is_no_bound():
    assert hourly_quota(Plan.FREE, None, free=0, pro=0) == 0
    assert hourly_quota(Plan.FREE, 5, free=0, pro=0) == 5
    assert [endpoint_limit(plan, 0) for plan in Plan] == [0, 0, 0]


def test_plans_may_call_more_often():
    assert [endpoint_limit(plan, 100) for plan in Plan] == [100, 1000, 0]


def days(*busiest: int) -> dict[datetime, int]:
    return {START + timedelta(days=day, hours=7): count for day, count in enumerate(busiest)}


@pytest.mark.parametrize(
    ("counts", "cap"),
    [
        ({}, 0),
        (days(5, 5), 0),  # nobody knows yet what is usual
        (days(5, 5, 5), 1000),
        (days(200, 300, 100), 2000),
        (days(200, 300, 1_000_000), 3000),  # one bad day changes little
        ({**days(200, 200, 200), START: 3, START + timedelta(hours=8): 150}, 2000),
    ],
)
def test_a_spike_is_far_more_than_the_busy_hours_of_its_days(counts: dict[datetime, int], cap: int):
    assert hourly_cap(counts, floor=1000, factor=10) == cap
    assert hourly_cap(counts, floor=0, factor=10) == 0


@given(st.dictionaries(st.integers(0, 167), st.integers(0, 10**7), max_size=168), st.integers(1, 10**6))
def test_a_cap_is_never_below_the_floor(hours: dict[int, int], floor: int):
    counts = {START + timedelta(hours=hour): count for hour, count in hours.items()}
    cap = hourly_cap(counts, floor=floor, factor=10)
    assert cap == 0 or cap >= floor
