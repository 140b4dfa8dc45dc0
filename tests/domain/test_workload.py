from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.workload import WEEK, nights, shares, utilisation
from domain.zone import local_of

ZONES = ("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Pago_Pago")
INSTANTS = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(INSTANTS, st.integers(0, 7 * 24 * 60), st.sampled_from(ZONES))
def test_an_instant_lies_in_a_night_where_clocks_show_the_hours_of_one(until, minutes, zone):
    at = until - timedelta(minutes=minutes)
    hour = local_of(at, ZoneInfo(zone)).hour
    found = sum(start <= at < end for start, end in nights(ZoneInfo(zone), until - WEEK, until))
    assert found == (hour >= 22 or hour < 7)


@pytest.mark.parametrize(
    ("open_issues", "max_load", "expected"), [(0, 10, 0.0), (5, 10, 0.5), (12, 10, 1.2), (0, 0, 0), (3, 0, 3)]
)
def test_what_somebody_has_is_told_as_a_share_of_what_they_may(open_issues, max_load, expected):
    assert utilisation(open_issues, max_load) == expected


@pytest.mark.parametrize(
    ("counts", "expected"), [([], []), ([0, 0], [None, None]), ([1, 3], [0.25, 0.75]), ([0, 2], [0.0, 1.0])]
)
def test_shares_are_of_the_whole(counts, expected):
    assert shares(counts) == expected
