"""Whose an error is, by where it happened."""

from uuid import UUID

import pytest

from domain.errors import InvalidInput
from domain.ownership import (
    Origin,
    OwnershipRule,
    check_ownership,
    ownership_as_json,
    ownership_from_json,
    owning_rule,
    words,
)
from domain.policy import Target, TargetKind

TEAM = Target(TargetKind.TEAM, UUID(int=1))
ADA, BOB = (Target(TargetKind.DEVELOPER, UUID(int=number)) for number in (2, 3))
PAYLOAD = {
    "exceptions": [
        {"frames": [{"filename": "vendor/pay.py", "in_app": False}, {"filename": "billing\\total.py", "in_app": True}]},
        {"frames": [{"module": "shop.cart"}]},
    ],
    "tags": [["tier", "gold-plus"]],
}
ORIGIN = Origin.of("checkout", PAYLOAD)


def rule(**facts: object) -> OwnershipRule:
    return OwnershipRule((TEAM,), **facts)


@pytest.mark.parametrize(
    ("facts", "fits"),
    [
        ({"path": "billing/*"}, True),
        ({"path": "shop.*"}, True),
        ({"path": "billing"}, False),
        ({"path": "vendor/*"}, False),
        ({"tag": ("tier", "gold*")}, True),
        ({"tag": ("tier", "gold")}, False),
        ({"tag": ("size", "*")}, False),
        ({"service": "check*"}, True),
        ({"service": "Checkout"}, False),
        ({"path": "billing/*", "tag": ("tier", "gold-plus"), "service": "checkout"}, True),
        ({"path": "billing/*", "service": "mobile"}, False),
    ],
)
def test_a_rule_fits_where_all_that_it_says_does(facts, fits: bool):
    assert (owning_rule([rule(**facts)], ORIGIN) is not None) is fits


def test_the_first_that_fits_decides():
    rules = [rule(service="mobile"), rule(service="c*"), rule(path="billing/*")]
    assert owning_rule(rules, ORIGIN) is rules[1]


def test_of_an_event_that_is_gone_only_the_service_is_known():
    gone = Origin.of("checkout", None)
    assert owning_rule([rule(path="*"), rule(tag=("tier", "*"))], gone) is None
    assert owning_rule([rule(service="checkout")], gone) is not None


def test_what_is_stored_is_what_was_set():
    rules = (rule(path="a/*"), OwnershipRule((ADA, BOB), tag=("tier", "gold"), service="*"))
    assert ownership_from_json(ownership_as_json(rules)) == rules
    assert [words(one) for one in rules] == ["path a/*", "tag tier gold, service *"]


def test_texts_are_trimmed_folders_parted_by_slashes_and_owners_named_once():
    checked = check_ownership([OwnershipRule((ADA, ADA), " a\\b ", (" tier ", " gold "))])
    assert checked == (OwnershipRule((ADA,), "a/b", ("tier", "gold")),)


@pytest.mark.parametrize(
    ("rules", "path"),
    [
        ([rule(path="*")] * 51, ()),
        ([rule(path="*"), rule()], ("1",)),
        ([rule(path=" ")], ("0", "path")),
        ([rule(path="*a" * 11)], ("0", "path")),
        ([rule(service="x" * 301)], ("0", "service")),
        ([rule(tag=("", "x"))], ("0", "tag", "key")),
        ([rule(tag=("k", "a\nb"))], ("0", "tag", "value")),
        ([OwnershipRule((), path="*")], ("0",)),
        ([OwnershipRule((TEAM, ADA), path="*")], ("0",)),
        ([OwnershipRule((TEAM, Target(TargetKind.TEAM, UUID(int=9))), path="*")], ("0",)),
        ([OwnershipRule(tuple(Target(TargetKind.DEVELOPER, UUID(int=n)) for n in range(21)), path="*")], ("0",)),
    ],
)
def test_what_is_wrong_is_named(rules, path):
    with pytest.raises(InvalidInput) as refusal:
        check_ownership(rules)
    assert refusal.value.path == ("ownershipRules", *path)
