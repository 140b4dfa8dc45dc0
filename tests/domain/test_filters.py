from uuid import UUID

import pytest

from domain.errors import InvalidInput
from domain.event import EventFilter, Severity, severities
from domain.filters import check_text
from domain.issue import IssueFilter
from domain.stats import StatsFilter


@pytest.mark.parametrize("kind", [IssueFilter, EventFilter, StatsFilter])
def test_a_filter_takes_a_hundred_values_and_no_more(kind):
    kind(service=("a",) * 100)
    with pytest.raises(InvalidInput) as refusal:
        kind(service=("a",) * 101)
    assert refusal.value.path == ("filter", "service")


def test_a_part_is_named_as_callers_write_it():
    with pytest.raises(InvalidInput) as refusal:
        IssueFilter(error_type=("a",) * 101)
    assert refusal.value.path == ("filter", "errorType")
    with pytest.raises(InvalidInput):
        EventFilter(issue=(UUID(int=1),) * 101)


@pytest.mark.parametrize("text", ["a\0b", "\ud83d", "x" * 1001])
def test_a_text_that_could_not_be_stored_is_refused(text: str):
    with pytest.raises(InvalidInput) as refusal:
        IssueFilter(release=("fine", text))
    assert refusal.value.path == ("filter", "release")


@pytest.mark.parametrize("value", ["", "äöü🙂", "x" * 1000, None, 5])
def test_other_values_pass(value):
    check_text(value)


@pytest.mark.parametrize(
    ("among", "least", "passing"),
    [
        (None, None, None),
        ((), None, set()),
        ((Severity.LOW,), None, {Severity.LOW}),
        (None, Severity.HIGH, {Severity.HIGH, Severity.CRITICAL}),
        ((Severity.LOW, Severity.HIGH), Severity.MEDIUM, {Severity.HIGH}),
        ((Severity.LOW,), Severity.HIGH, set()),
    ],
)
def test_severities_must_pass_the_list_and_the_least(among, least, passing):
    assert severities(among, least) == passing
