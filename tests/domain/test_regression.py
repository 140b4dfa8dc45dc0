from datetime import UTC, datetime, timedelta

import pytest

from domain.regression import Resolved, is_regression
from domain.release import ReleaseSeen

AT = datetime(2026, 1, 10, tzinfo=UTC)
BEFORE, AFTER = AT - timedelta(hours=1), AT + timedelta(hours=1)
FIX = ReleaseSeen("shop@1.2.0", BEFORE)


@pytest.mark.parametrize(
    ("resolved", "release", "occurred_at", "regressed"),
    [
        pytest.param(Resolved(AT), None, AFTER, True, id="nothing said of releases"),
        pytest.param(Resolved(AT), ReleaseSeen("0.1", BEFORE), AFTER, True, id="nothing said, an old release"),
        pytest.param(Resolved(AT), None, BEFORE, True, id="nothing said, a late event"),
        pytest.param(Resolved(AT, FIX), ReleaseSeen("shop@1.1.9", BEFORE), AFTER, False, id="older than the fix"),
        pytest.param(Resolved(AT, FIX), FIX, AFTER, True, id="the release with the fix"),
        pytest.param(Resolved(AT, FIX), ReleaseSeen("shop@1.2.1"), AFTER, True, id="newer than the fix"),
        pytest.param(Resolved(AT, FIX), None, AFTER, True, id="no release, afterwards"),
        pytest.param(Resolved(AT, FIX), None, BEFORE, False, id="no release, but from before"),
        pytest.param(Resolved(AT, FIX, after_release=True), FIX, AFTER, False, id="the last release without the fix"),
        pytest.param(Resolved(AT, FIX, after_release=True), ReleaseSeen("shop@1.2.1"), AFTER, True, id="the next one"),
        pytest.param(
            Resolved(AT, ReleaseSeen("abcdefa", BEFORE), after_release=True),
            ReleaseSeen("bcdefab"),
            AFTER,
            True,
            id="a release nobody saw before is the next one",
        ),
        pytest.param(
            Resolved(AT, ReleaseSeen("abcdefa", AT)),
            ReleaseSeen("bcdefab", BEFORE),
            AFTER,
            False,
            id="seen before the fix",
        ),
        pytest.param(
            Resolved(AT, ReleaseSeen("abcdefa")), ReleaseSeen("bcdefab"), AFTER, False, id="the fix is not out yet"
        ),
    ],
)
def test_a_resolved_issue_is_seen_again(resolved, release, occurred_at, regressed):
    assert is_regression(resolved, release=release, occurred_at=occurred_at) is regressed
