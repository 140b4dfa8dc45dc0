"""A project's rules of grouping: what they match, what they change, and that it can be taken back."""

import re
from copy import deepcopy
from fnmatch import translate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.grouping import explain, grouping_keys
from domain.report import ExceptionInfo, Frame, Report
from domain.rules import (
    FingerprintRule,
    GroupingRules,
    InAppRule,
    Rulebook,
    check_rules,
    glob,
    read_rules,
    stored_rules,
    without_rules,
)


def a_report(**fields) -> Report:
    frames = [
        Frame(function="main", module="shop.main", filename="shop/main.py"),
        Frame(function="send", module="acme.http", filename="vendor\\acme\\http.py", in_app=False),
    ]
    given = {"service": "checkout", "error_type": "PaymentError", "message": "card 12 declined", **fields}
    return Report(exceptions=[ExceptionInfo("PaymentError", "card 12 declined", frames=frames)], **given)


def ruled(report: Report, *rules: FingerprintRule | InAppRule) -> Report:
    fingerprints = tuple(rule for rule in rules if isinstance(rule, FingerprintRule))
    in_app = tuple(rule for rule in rules if isinstance(rule, InAppRule))
    Rulebook(check_rules(GroupingRules(fingerprints, in_app))).apply(report)
    return report


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("Payment*", "PaymentError", True),
        ("Payment*", "APaymentError", False),
        ("*Error", "PaymentError", True),
        ("Pa*t*r", "PaymentError", True),
        ("*", "", True),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("a.c", "abc", False),
        ("a*b*b", "ab", False),
        ("one*three", "one\ntwo\nthree", True),
    ],
)
def test_a_pattern_is_for_the_whole_of_a_text(pattern: str, text: str, fits: bool):
    assert bool(glob(pattern).fullmatch(text)) is fits


@given(st.text("ab*?", max_size=12), st.text("abc", max_size=20))
def test_a_pattern_matches_what_a_shell_would(pattern: str, text: str):
    assert bool(glob(pattern).fullmatch(text)) is bool(re.match(translate(pattern), text))


def test_a_pattern_that_fits_nowhere_costs_no_more_than_the_text_is_long():
    assert glob("*a" * 10 + "*b").fullmatch("a" * 100_000) is None


@pytest.mark.parametrize(
    "rule",
    [
        FingerprintRule(("x",), error_type="Pay*"),
        FingerprintRule(("x",), message="card * declined"),
        FingerprintRule(("x",), service="check*"),
        FingerprintRule(("x",), path="vendor/acme/*"),
        FingerprintRule(("x",), error_type="PaymentError", service="checkout", message="*"),
    ],
)
def test_a_fingerprint_rule_wins_over_the_reporter(rule: FingerprintRule):
    report = ruled(a_report(fingerprint=["theirs"]), rule)
    assert grouping_keys(report).keys == grouping_keys(a_report(fingerprint=["x"])).keys
    parts = {part.name: part for part in explain(report)}
    assert "project's rule" in parts["fingerprint"].reason
    assert (parts["reportedFingerprint"].value, parts["reportedFingerprint"].counted) == ("theirs", False)


@pytest.mark.parametrize(
    "rule",
    [
        FingerprintRule(("x",), error_type="Other"),
        FingerprintRule(("x",), error_type="PaymentError", service="billing"),
        FingerprintRule(("x",), path="*.js"),
    ],
)
def test_a_rule_needs_all_its_patterns_to_fit(rule: FingerprintRule):
    assert ruled(a_report(), rule) == a_report()


def test_the_first_rule_that_fits_decides():
    report = ruled(a_report(), FingerprintRule(("a",), service="*"), FingerprintRule(("b",), service="checkout"))
    assert report.fingerprint == ["a"]


def test_a_rule_can_add_to_the_computed_key():
    report = ruled(a_report(), FingerprintRule(("{{ default }}", "eu"), service="checkout"))
    assert grouping_keys(report).keys == grouping_keys(a_report(fingerprint=["{{ default }}", "eu"])).keys


def test_in_app_rules_sort_frames_and_say_so():
    report = ruled(a_report(), InAppRule(True, path="vendor/acme/*"), InAppRule(False, module="shop.*"))
    assert [frame.in_app for frame in report.exceptions[0].frames] == [False, True]
    reasons = [part.reason for part in explain(report) if ".frames" in part.name]
    assert "foreign code by the project's rule module:shop.*" in reasons[0]
    assert "own code by the project's rule path:vendor/acme/*" in reasons[1]


def test_a_rule_that_agrees_with_what_was_known_leaves_no_word():
    assert ruled(a_report(), InAppRule(True, path="shop/*")).rules is None


def test_rules_can_be_taken_back():
    report = ruled(
        a_report(fingerprint=["theirs"]), FingerprintRule(("x",), service="*"), InAppRule(True, path="vendor/*")
    )
    assert report != a_report(fingerprint=["theirs"])
    without_rules(report)
    assert report == a_report(fingerprint=["theirs"])


def test_rules_are_read_as_they_were_stored():
    rules = GroupingRules(
        (FingerprintRule(("x", "y"), error_type="A", message="b"),),
        (InAppRule(False, module="m"), InAppRule(True, path="p")),
    )
    assert read_rules(stored_rules(rules)) == rules
    assert stored_rules(GroupingRules()) is None
    assert not read_rules(None)


@pytest.mark.parametrize(
    ("rules", "path", "word"),
    [
        (GroupingRules((FingerprintRule(("x",)),)), ("fingerprint", "0"), "errorType"),
        (GroupingRules((FingerprintRule((), path="a"),)), ("fingerprint", "0", "fingerprint"), "1 to 20"),
        (GroupingRules((FingerprintRule(("x",), path="*" * 11),)), ("fingerprint", "0", "path"), "10 stars"),
        (GroupingRules((FingerprintRule(("x",), path="a" * 301),)), ("fingerprint", "0", "path"), "300"),
        (GroupingRules((FingerprintRule(("x",), message=" "),)), ("fingerprint", "0", "message"), "one line"),
        (GroupingRules((FingerprintRule(("\0",), path="a"),)), ("fingerprint", "0", "fingerprint"), "one line"),
        (GroupingRules(in_app=(InAppRule(True, path="a"), InAppRule(True))), ("inApp", "1"), "module"),
        (GroupingRules(in_app=(InAppRule(True, path="a"),) * 51), ("inApp",), "50"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_by_name(rules: GroupingRules, path: tuple[str, ...], word: str):
    with pytest.raises(InvalidInput, match=re.escape(word)) as refused:
        check_rules(rules)
    assert refused.value.path == ("groupingRules", *path)


def test_applying_rules_again_to_an_equal_report_gives_the_same():
    book = Rulebook(GroupingRules(in_app=(InAppRule(True, path="vendor/*"),)))
    first, second = a_report(), deepcopy(a_report())
    book.apply(first)
    book.apply(second)
    assert first == second
