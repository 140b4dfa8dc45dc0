from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.routing import Candidate, choose

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def who(number: int, **facts: object) -> Candidate:
    values = {
        "developer_id": UUID(int=number),
        "is_on_call": True,
        "on_call_until": None,
        "load": 0,
        "max_load": 10,
        "last_assigned_at": None,
    }
    return Candidate(**{**values, **facts})


@pytest.mark.parametrize(
    ("candidates", "chosen"),
    [
        pytest.param([who(1, load=3), who(2, load=2), who(3, load=4)], 2, id="the least loaded"),
        pytest.param([who(1, is_on_call=False), who(2, load=9)], 2, id="only who is on call"),
        pytest.param([who(1, load=2, max_load=2), who(2, load=9)], 2, id="only who has room"),
        pytest.param([who(1, load=0, max_load=0)], None, id="a maximum of nothing is no room"),
        pytest.param(
            [who(1, last_assigned_at=NOW), who(2, last_assigned_at=NOW - timedelta(hours=1))],
            2,
            id="among equals who waited longest",
        ),
        pytest.param([who(1, last_assigned_at=NOW), who(2)], 2, id="among equals who never had one"),
        pytest.param([], None, id="nobody"),
    ],
)
def test_it_chooses(candidates, chosen):
    choice = choose(candidates, service="checkout")
    assert choice.developer_id == (UUID(int=chosen) if chosen else None)


@pytest.mark.parametrize(
    ("candidates", "reason"),
    [
        ([who(1, load=2)], "knows checkout, on call, 2 of 10 open issues"),
        ([who(1, on_call_until=NOW)], "knows checkout, on call until 2026-03-02 03:00 UTC, 0 of 10 open issues"),
        ([who(1, load=10)], "everybody on call who knows checkout has as many open issues as they may"),
        ([who(1, is_on_call=False)], "nobody who knows checkout is on call"),
        ([], "nobody in the project knows checkout"),
    ],
)
def test_it_explains_the_choice(candidates, reason):
    assert choose(candidates, service="checkout").reason == reason


@given(
    st.lists(
        st.builds(
            who,
            st.integers(1, 1000),
            is_on_call=st.booleans(),
            load=st.integers(0, 12),
            max_load=st.integers(0, 12),
            last_assigned_at=st.none() | st.just(NOW),
        ),
        unique_by=lambda candidate: candidate.developer_id,
    )
)
def test_the_order_of_the_candidates_does_not_matter_and_the_chosen_one_fits(candidates):
    choice = choose(candidates, service="s")
    assert choice == choose(candidates[::-1], service="s")
    fit = [candidate for candidate in candidates if candidate.is_on_call and candidate.load < candidate.max_load]
    assert (choice.developer_id is None) == (not fit)
    if fit:
        chosen = next(candidate for candidate in candidates if candidate.developer_id == choice.developer_id)
        assert chosen in fit
        assert chosen.load == min(candidate.load for candidate in fit)
