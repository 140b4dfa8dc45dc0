from datetime import UTC, datetime, timedelta
from functools import cmp_to_key
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.release import ReleaseSeen, compare_releases

DAY = datetime(2026, 1, 1, tzinfo=UTC)
# Each list from old to new.
ORDERS = {
    "semver": (
        "1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.0.1 1.2 1.10.0 2"
    ),
    "pep 440": "1.0.dev3 1.0rc9 1.0rc10 1.0 1.0.post1 1.0.post2 1.1",
    "names and v": "shop@1.2.3 v1.2.4 @scope/shop@1.2.5 shop@1.2.6-rc.1 1.2.6",
    "builds": "shop@1.2.3 shop@1.2.3+9 shop@1.2.3+45 shop@1.2.4+1",
    "calendar": "2025.12.31 2026-01-01-rc1 2026-01-01 2026.1.2 2026.02",
    "git describe": "1.2.3 1.2.3-4-gabc123 1.2.3-12-g99 1.2.4",
    "numbers": "17 100 v101",
    "maven": "1.0.0-SNAPSHOT 1.0.0.RELEASE 1.0.1.Final",
}
versions = st.from_regex(r"\A(shop@)?v?[0-9]{1,2}\.[0-9](\.[0-9]{1,2})?(-(rc|beta)\.?[0-9]{0,2})?(\+[0-9]{1,2})?\Z")
hashes = st.text("abcdef", min_size=7, max_size=7)
times = st.one_of(st.none(), st.integers(0, 3).map(lambda days: DAY + timedelta(days=days)))


def sign(a: str, b: str) -> int:
    return compare_releases(ReleaseSeen(a), ReleaseSeen(b))


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_versions_are_ordered_as_their_numbers_say(order):
    for older, newer in pairwise(order.split()):
        assert sign(older, newer) == -1, (older, newer)
        assert sign(newer, older) == 1, (older, newer)


def test_versions_outweigh_when_they_were_seen():
    assert compare_releases(ReleaseSeen("2.0", DAY), ReleaseSeen("1.0", DAY + timedelta(days=1))) == 1


@pytest.mark.parametrize("other", ["1e5f3a2", "abc1234", "main", "1.2.3.something", "12ab", "deadbeef-1.2"])
def test_what_is_no_version_goes_by_when_it_was_seen(other):
    assert compare_releases(ReleaseSeen(other, DAY), ReleaseSeen("1.0", DAY + timedelta(days=1))) == -1
    assert compare_releases(ReleaseSeen(other, DAY + timedelta(days=1)), ReleaseSeen("99.0", DAY)) == 1


def test_a_release_not_seen_yet_is_newer_than_those_that_were():
    assert compare_releases(ReleaseSeen("abcdefa"), ReleaseSeen("bcdefab", DAY)) == 1
    assert compare_releases(ReleaseSeen("abcdefa"), ReleaseSeen("bcdefab")) == 0


def test_one_version_of_two_builds_goes_by_when_it_was_seen():
    assert compare_releases(ReleaseSeen("1.0+abc", DAY), ReleaseSeen("1.0+def", DAY + timedelta(days=1))) == -1


@given(st.builds(ReleaseSeen, st.one_of(versions, hashes, st.text()), times), st.builds(ReleaseSeen, versions, times))
def test_turning_a_pair_round_turns_the_answer(a, b):
    assert compare_releases(a, b) == -compare_releases(b, a)
    assert compare_releases(a, a) == 0


@given(st.one_of(st.lists(st.builds(ReleaseSeen, kind, times), min_size=3, max_size=8) for kind in (versions, hashes)))
def test_releases_of_one_kind_stand_in_one_order(releases):
    ordered = sorted({release.version: release for release in releases}.values(), key=cmp_to_key(compare_releases))

    for place, older in enumerate(ordered):
        assert all(compare_releases(older, newer) <= 0 for newer in ordered[place:])
