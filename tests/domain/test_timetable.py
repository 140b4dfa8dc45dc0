from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.timetable import (
    DEFAULTS,
    Last,
    Past,
    RunStatus,
    ScheduledJob,
    Times,
    find_job,
    missed_time,
    problem_of,
    read_timetable,
)

DAY = datetime(2026, 3, 2, tzinfo=UTC)
NOON = DAY + timedelta(hours=12)
HOURLY = Times(frozenset({30}), frozenset(range(24)), "30 *")


def at(hours: int, minutes: int = 0, days: int = 0) -> datetime:
    return DAY + timedelta(days=days, hours=hours, minutes=minutes)


@pytest.mark.parametrize(
    ("text", "minutes", "hours"),
    [
        ("5 *", {5}, set(range(24))),
        ("0,30 8-10", {0, 30}, {8, 9, 10}),
        ("*/20 */12", {0, 20, 40}, {0, 12}),
        ("0-2,59 23", {0, 1, 2, 59}, {23}),
        ("  7   1 ", {7}, {1}),
    ],
)
def test_times_are_minutes_and_hours(text, minutes, hours):
    times = read_timetable(f"prune_runs = {text}")[ScheduledJob.PRUNE_RUNS]
    assert (times.minutes, times.hours) == (minutes, hours)


def test_what_is_not_named_keeps_its_times_and_off_is_off():
    timetable = read_timetable("prune_runs=off;; prune_events=0 0 ;")
    assert set(timetable) == set(DEFAULTS) == set(ScheduledJob)
    assert timetable[ScheduledJob.PRUNE_RUNS] is None
    assert timetable[ScheduledJob.PRUNE_EVENTS].text == "0 0"
    assert timetable[ScheduledJob.DROP_PARTITIONS].text == DEFAULTS[ScheduledJob.DROP_PARTITIONS]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("prune_run=5 *", "did you mean prune_runs?"),
        ("zzz=5 *", "there are make_partitions, "),
        ("prune_runs", "minutes and hours"),
        ("prune_runs=60 *", "it says '60 *'"),
        ("prune_runs=5 24", "it says"),
        ("prune_runs=5", "it says"),
        ("prune_runs=5 * * * *", "it says"),
        ("prune_runs=9-5 *", "it says"),
        ("prune_runs=*/0 *", "it says"),
        ("prune_runs=5/2 *", "it says"),
        ("prune_runs=, *", "it says"),
        ("prune_runs=² *", "it says"),
        ("make_partitions=off", "such as 0,30 8-18 or */15 * (it says"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text, words):
    with pytest.raises(InvalidInput) as refusal:
        read_timetable(text)
    assert words in refusal.value.message
    assert refusal.value.path == ("timetable",)


def test_a_job_is_found_by_its_name():
    assert find_job("prune_runs") is ScheduledJob.PRUNE_RUNS
    with pytest.raises(InvalidInput, match="names 'runs', which is no job"):
        find_job("runs")


@pytest.mark.parametrize(
    ("text", "now", "latest", "following"),
    [
        ("23 2", at(2, 23), at(2, 23), at(2, 23, days=1)),
        ("23 2", at(2, 22), at(2, 23, days=-1), at(2, 23)),
        ("*/15 *", at(23, 50), at(23, 45), at(0, days=1)),
        ("0,30 8-9", at(9, 31), at(9, 30), at(8, days=1)),
    ],
)
def test_the_last_and_the_next_time(text, now, latest, following):
    times = read_timetable(f"prune_runs={text}")[ScheduledJob.PRUNE_RUNS]
    assert (times.latest(now), times.next(now)) == (latest, following)


@given(
    st.timedeltas(timedelta(), timedelta(days=9000)),
    st.sampled_from([job for job, text in DEFAULTS.items() if text != "off"]),
)
def test_an_instant_lies_between_two_times_that_follow_each_other(later, job):
    now, times = DAY + later, read_timetable(None)[job]
    last, following = times.latest(now), times.next(now)
    assert last <= now < following
    assert (times.next(last), times.latest(following)) == (following, following)


@pytest.mark.parametrize(
    ("past", "is_due", "is_over"),
    [
        (Past(), True, False),
        (Past(1, went_well=True, failed_at=NOON), False, True),
        (Past(1, failed_at=NOON - timedelta(minutes=4)), False, False),
        (Past(2, failed_at=NOON - timedelta(minutes=5)), True, False),
        (Past(3, failed_at=NOON - timedelta(hours=5)), False, True),
    ],
)
def test_what_failed_is_tried_again_after_a_while_and_three_times_in_all(past, is_due, is_over):
    assert (past.is_due(NOON), past.is_over) == (is_due, is_over)


@pytest.mark.parametrize(
    ("last", "known_since", "problem"),
    [
        (None, None, None),
        (None, at(11, 40), None),
        (None, at(3), "was to be done at 2026-03-02 11:30 UTC, and was not"),
        (Last(RunStatus.OK, at(11, 30), None, at(11, 30)), at(3), None),
        (Last(RunStatus.OK, at(11, 20), None, at(10, 30)), at(3), "was to be done at 2026-03-02 11:30 UTC, and was not"),
        (Last(RunStatus.OK, at(11, 50), None, None), at(11, 40), None),
        (Last(RunStatus.FAILED, at(11, 30), "OSError: no", at(11, 30)), at(3), "failed at 2026-03-02 11:30 UTC: OSError: no"),
        (Last(RunStatus.RUNNING, at(11, 30), None, None), at(3), None),
        (Last(RunStatus.RUNNING, at(11, 30, days=-1), None, None), at(3), "was to be done at 2026-03-02 11:30 UTC, and was not"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_job(last, known_since, problem):
    missed = missed_time(HOURLY, last, known_since=known_since, now=NOON)
    assert problem_of(last, missed) == problem


def test_a_time_is_late_only_after_a_while_and_never_where_the_job_is_off():
    last = Last(RunStatus.OK, at(10, 30), None, at(10, 30))
    assert missed_time(HOURLY, last, known_since=DAY, now=at(11, 44)) is None
    assert missed_time(HOURLY, last, known_since=DAY, now=at(11, 45)) == at(11, 30)
    assert missed_time(None, last, known_since=DAY, now=at(18)) is None


def test_one_that_fails_has_missed_its_time_only_once_trying_again_was_in_vain():
    for minutes, missed in ((44, None), (45, at(11, 30))):
        last = Last(RunStatus.FAILED, at(11, 40), "OSError: no", at(10, 30))
        assert missed_time(HOURLY, last, known_since=DAY, now=at(11, minutes)) == missed
