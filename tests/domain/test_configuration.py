from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.configuration import (
    Change,
    Kind,
    Reference,
    Thing,
    check_references,
    find_changes,
    name_override,
    name_template,
)
from domain.errors import InvalidInput

STANDING = {(Kind.TEAM, "shop"): {"name": "Shop", "lead": None}, (Kind.DEVELOPER, "ada"): {"name": "Ada"}}


@pytest.mark.parametrize(
    ("thing", "change"),
    [
        (Thing(Kind.TEAM, "shop", {"name": "Shop"}), None),
        (Thing(Kind.TEAM, "shop", {}), None),
        (
            Thing(Kind.TEAM, "shop", {"name": "Shop", "lead": "ada"}),
            Change(Kind.TEAM, "shop", {"lead": None}, {"lead": "ada"}),
        ),
        (Thing(Kind.TEAM, "new", {"name": "New"}), Change(Kind.TEAM, "new", None, {"name": "New"})),
        (Thing(Kind.PROJECT, "shop", {"name": "Shop"}), Change(Kind.PROJECT, "shop", None, {"name": "Shop"})),
        (
            Thing(Kind.TEMPLATE, "SMS", {}, {"channel": "SMS"}),
            Change(Kind.TEMPLATE, "SMS", None, {}, {"channel": "SMS"}),
        ),
    ],
)
def test_a_change_is_what_differs(thing, change):
    assert find_changes([thing], STANDING) == ([] if change is None else [change])


def test_what_others_name_comes_before_them():
    wanted = [Thing(kind, "new", {}) for kind in reversed(Kind)]
    assert [change.kind for change in find_changes(wanted, {})] == list(Kind)


def test_what_is_named_stands_or_is_wanted():
    wanted = [Thing(Kind.DEVELOPER, "bob", {})]
    check_references([Reference(Kind.DEVELOPER, name, "teams.0.lead") for name in ("ada", "bob")], wanted, STANDING)
    with pytest.raises(InvalidInput, match=r"teams\.0\.lead names the developer 'eve', and there is none"):
        check_references([Reference(Kind.DEVELOPER, "eve", "teams.0.lead")], wanted, STANDING)


@pytest.mark.parametrize(
    ("add", "remove", "who"),
    [
        ("ada", None, "ada besides"),
        (None, "bob", "without bob"),
        ("ada", "bob", "ada in place of bob"),
    ],
)
def test_an_override_is_known_by_its_span_and_people(add, remove, who):
    start = datetime(2026, 12, 24, 8, tzinfo=timezone(timedelta(hours=1)))
    end = datetime(2026, 12, 24, 8, 0, 5, tzinfo=UTC)
    name = name_override("Shop", start, end, add, remove)
    assert name == f"Shop from 2026-12-24 07:00 to 2026-12-24 08:00:05 UTC: {who}"


def test_a_template_is_known_by_what_it_is_for():
    assert name_template("SMS", None, None) == "SMS"
    assert name_template("EMAIL", "ALERT", "shop") == "EMAIL of ALERT in shop"
    assert name_template("EMAIL", None, "shop") == "EMAIL in shop"
