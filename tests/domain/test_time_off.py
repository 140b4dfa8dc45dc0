from datetime import timedelta
from uuid import UUID

import pytest

from domain.errors import InvalidInput
from domain.schedule.definition import Shift
from domain.span import Span
from domain.time_off import check_time_off, shifts_in_time_off
from tests.support.clock import START

ANN, BOB = UUID(int=1), UUID(int=2)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def span(since: int, until: int) -> Span:
    return Span(START + since * HOUR, START + until * HOUR)


def shift(who: UUID, since: int, until: int, is_override: bool = False) -> Shift:
    return Shift(who, START + since * HOUR, START + until * HOUR, is_override)


@pytest.mark.parametrize(
    ("off", "expected"),
    [
        ({}, []),
        ({BOB: [span(0, 9)]}, []),
        ({ANN: [span(-5, 2)]}, [shift(ANN, 0, 2)]),
        ({ANN: [span(2, 4), span(8, 30)]}, [shift(ANN, 2, 4), shift(ANN, 8, 10), shift(ANN, 20, 25, is_override=True)]),
        ({ANN: [span(10, 20)]}, []),
        ({ANN: [span(0, 99), span(0, 99)]}, [shift(ANN, 0, 10), shift(ANN, 20, 25, is_override=True)]),
    ],
)
def test_the_parts_of_shifts_in_which_somebody_is_off(off, expected):
    assert shifts_in_time_off([shift(ANN, 0, 10), shift(ANN, 20, 25, is_override=True)], off) == expected


def test_a_span_is_checked():
    assert check_time_off(START - DAY, START + DAY, START) == (START - DAY, START + DAY)
    for since, until in ((0, 0), (2, 1), (-3, 0), (1, 24 * 367 + 1)):
        with pytest.raises(InvalidInput) as failure:
            check_time_off(START + since * HOUR, START + until * HOUR, START)
        assert failure.value.path == ("end",)
    with pytest.raises(InvalidInput, match="2200"):
        check_time_off(START, START.replace(year=2200), START)
