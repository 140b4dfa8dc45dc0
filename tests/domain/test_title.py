import pytest

from domain.report import ExceptionInfo, Frame, Report
from domain.title import culprit, title


def report(message="boom", error_type="TypeError", **fields):
    return Report(service="shop", error_type=error_type, message=message, **fields)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("x is not a function", "TypeError: x is not a function"),
        ("\n  first \nsecond", "TypeError: first"),
        ("TypeError: x is not", "TypeError: x is not"),
        ("TypeErrors: x", "TypeError: TypeErrors: x"),
        ("TypeError:", "TypeError"),
        ("\n", "TypeError"),
    ],
)
def test_titles(message, expected):
    assert title(report(message)) == expected


def test_a_title_has_200_characters_at_most():
    assert len(title(report("x" * 500))) == 200
    assert title(report("x" * 500)).endswith("…")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"exceptions": [ExceptionInfo("E", frames=[Frame("pay", "shop.cart"), Frame("get", "lib", in_app=False)])]}, "shop.cart.pay"),
        ({"exceptions": [ExceptionInfo("E", frames=[Frame("pay", filename="shop/cart.py")])]}, "shop/cart.py in pay"),
        ({"exceptions": [ExceptionInfo("E", frames=[Frame(filename="cart.js")])]}, "cart.js"),
        ({"exceptions": [ExceptionInfo("E", frames=[Frame(module="shop")])]}, "shop"),
        ({"exceptions": [ExceptionInfo("A", frames=[Frame("a")]), ExceptionInfo("B", frames=[Frame("b", in_app=False)])]}, "a"),
        ({"module": "shop.cart", "function": "pay", "endpoint": "GET /"}, "shop.cart.pay"),
        ({"endpoint": "GET /"}, "GET /"),
        ({"exceptions": [ExceptionInfo("E", frames=[Frame("x" * 500)])]}, "x" * 199 + "…"),
        ({}, None),
    ],
)  # fmt: skip
def test_the_culprit_is_the_innermost_place_that_is_ours(fields, expected):
    assert culprit(report(**fields)) == expected
