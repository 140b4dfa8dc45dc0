"""How much alike two issues are."""

import pytest

from domain.report import ExceptionInfo, Frame, Report
from domain.similar import ENOUGH, Likeness, alike, likeness


def an_issue(
    type: str = "ValueError", message: str = "bad total 12", calls: str = "abcd", place: str | None = "shop.pay"
):
    frames = [Frame(function=name, filename="shop/pay.py") for name in calls]
    report = Report("checkout", type, message, exceptions=[ExceptionInfo(type, message, frames=frames)])
    return likeness(type, place, message, report if calls else None)


def test_an_issue_is_wholly_like_itself():
    assert alike(an_issue(), an_issue()) == 1
    assert alike(an_issue(calls=""), an_issue(calls="")) == 1


@pytest.mark.parametrize(
    "other",
    [
        an_issue(type="TypeError", message="other words here", place="shop.cart"),
        an_issue(message="bad total 99", calls="abce"),
        an_issue(calls=""),
        an_issue(calls="", message="bad total of 7"),
    ],
)
def test_the_same_calls_or_the_same_kind_and_words_are_alike(other: Likeness):
    assert alike(an_issue(), other) >= ENOUGH


@pytest.mark.parametrize(
    "other",
    [
        an_issue(message="no such user", calls="wxyz", place="shop.users"),
        an_issue(type="KeyError", message="no such user", calls="", place="shop.users"),
        an_issue(message="no such user", calls="", place="shop.users"),
    ],
)
def test_the_same_type_alone_is_not_enough(other: Likeness):
    assert alike(an_issue(), other) < ENOUGH


def test_being_alike_has_no_direction():
    one, other = an_issue(), an_issue(type="KeyError", calls="abx")
    assert alike(one, other) == alike(other, one)
