from datetime import UTC, datetime, timedelta

import pytest

from domain.warning import AGAIN_AFTER, Stands, Verdict, judge

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)


def told(ago: timedelta) -> Stands:
    return Stands(NOW - 3 * AGAIN_AFTER, NOW - ago)


@pytest.mark.parametrize(
    ("wrong", "fine", "known", "verdict"),
    [
        ([], ["a"], {}, Verdict()),
        (["a"], [], {}, Verdict(new=("a",))),
        (["a", "b"], [], {"a": told(HOUR)}, Verdict(new=("b",))),
        (["a"], [], {"a": told(AGAIN_AFTER - HOUR)}, Verdict()),
        (["a"], [], {"a": told(AGAIN_AFTER)}, Verdict(again=("a",))),
        ([], [], {"a": told(HOUR)}, Verdict()),
        (["b"], ["a", "c"], {"a": told(HOUR)}, Verdict(new=("b",), over=("a",))),
    ],
)
def test_what_is_told(wrong, fine, known, verdict):
    assert judge(wrong, fine, known, NOW) == verdict
    assert verdict.is_empty == (verdict == Verdict())
