from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.event import Severity
from domain.notification import Channel
from domain.policy import (
    LONGEST_DELAY,
    MOST_REPEATS,
    MOST_STEPS,
    MOST_TARGETS,
    Plan,
    Step,
    Target,
    TargetKind,
    check_settings,
    read_plan,
    usual_plan,
    write_plan,
)

ANN = Target(TargetKind.DEVELOPER, uuid4())
MINUTE = timedelta(minutes=1)


def steps(*minutes: float) -> tuple[Step, ...]:
    return tuple(Step(timedelta(minutes=delay), (ANN,)) for delay in minutes)


@pytest.mark.parametrize(
    ("delays", "repeat", "waits"),
    [
        ((0, 5, 15), 0, [0, 5, 15, 15]),  # past the last level its delay is waited for once more
        ((0, 5), 1, [0, 5, 5, 5, 5]),
        ((10, 5), 1, [10, 5, 10, 5, 10]),
        ((0,), 2, [0, 1, 1, 1]),  # never at once again and again
        ((3,), 0, [3, 3]),
    ],
)
def test_how_long_it_rings_below_each_level(delays, repeat, waits):
    plan = Plan("P", steps(*delays), repeat)
    assert [plan.wait(level) for level in range(1, plan.levels + 2)] == [timedelta(minutes=wait) for wait in waits]
    assert plan.wait(plan.levels + 2) is None


def test_steps_come_round():
    plan = Plan("P", steps(0, 5, 15), 2)
    assert plan.levels == 9
    assert [plan.step(level).delay for level in (1, 3, 4, 9)] == [
        timedelta(minutes=minutes) for minutes in (0, 15, 0, 15)
    ]


@pytest.mark.parametrize(("severity", "hours"), [(Severity.CRITICAL, 1), (Severity.HIGH, 4), (Severity.INFO, 4)])
def test_without_a_policy_it_climbs_by_severity(severity, hours):
    plan = usual_plan(severity, critical_after=timedelta(hours=1), high_after=timedelta(hours=4))
    assert (plan.name, plan.wait(1), plan.wait(2)) == (None, timedelta(hours=hours), timedelta(hours=hours))


targets = st.builds(Target, st.sampled_from(TargetKind), st.uuids())
plans = st.builds(
    Plan,
    st.none() | st.text(max_size=9),
    st.lists(
        st.builds(
            Step,
            st.integers(0, 540_000).map(lambda seconds: timedelta(seconds=seconds)),
            st.lists(targets, max_size=3).map(tuple),
            st.lists(st.sampled_from(Channel), max_size=2).map(tuple),
        ),
        min_size=1,
        max_size=4,
    ).map(tuple),
    st.integers(0, MOST_REPEATS),
)


@given(plans)
def test_a_plan_is_read_as_it_was_written(plan: Plan):
    assert read_plan(write_plan(plan)) == plan


@given(plans)
def test_an_alert_that_climbs_comes_to_an_end_and_never_climbs_twice_at_once(plan: Plan):
    waits = [plan.wait(level) for level in range(1, plan.levels + 3)]
    assert waits[-1] is None
    assert None not in waits[:-1]
    rounds = waits[len(plan.steps) :: len(plan.steps)]
    assert all(wait is None or wait >= MINUTE for wait in rounds)


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({"name": " "}, "name"),
        ({"services": ["a\nb"]}, "services"),
        ({"repeat": -1}, "repeat"),
        ({"repeat": MOST_REPEATS + 1}, "repeat"),
        ({"steps": []}, "steps"),
        ({"steps": steps(*range(1, MOST_STEPS + 2))}, "steps"),
        ({"steps": steps(0, 0)}, "steps.1.delay"),
        ({"steps": [Step(LONGEST_DELAY + MINUTE, (ANN,))]}, "steps.0.delay"),
        ({"steps": [Step(-MINUTE, (ANN,))]}, "steps.0.delay"),
        ({"steps": [Step(MINUTE)]}, "steps.0.targets"),
        (
            {"steps": [Step(MINUTE, tuple(Target(TargetKind.TEAM, UUID(int=n)) for n in range(MOST_TARGETS + 1)))]},
            "steps.0.targets",
        ),
    ],
)
def test_what_is_wrong_is_named(settings, path):
    with pytest.raises(InvalidInput) as refused:
        check_settings(settings)
    assert ".".join(refused.value.path) == path


def test_what_is_right_is_kept():
    checked = check_settings({"name": " Shop ", "services": ["b", "a", "b"], "repeat": 0, "steps": [*steps(0, 1)]})
    assert checked == {"name": "Shop", "services": ["a", "b"], "repeat": 0, "steps": [*steps(0, 1)]}
