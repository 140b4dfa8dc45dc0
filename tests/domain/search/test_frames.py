"""By which words of its frames an event is found."""

from domain.report import ExceptionInfo, Frame
from domain.search.frames import FRAMES_CHARACTERS, Searched, searched_calls, searched_frames


def thrown(*links: list[Frame]) -> list[ExceptionInfo]:
    return [ExceptionInfo("E", frames=link) for link in links]


def test_a_line_says_where_a_call_is_and_what():
    frames = [
        Frame(function="pay", module="shop.cart", filename="/srv/app/shop/cart.py"),
        Frame(function="pay", filename="/srv/app/shop/cart.py"),
        Frame(function="submit", filename="https://shop.example/static/js/CheckoutForm.js?v=3"),
        Frame(function="Charge", filename="C:\\work\\Shop\\Card.cs"),
        Frame(function="alone"),
        Frame(module="com.acme.Cart"),
        Frame(absolute_path="/x/main.go"),
    ]
    assert searched_calls(thrown(frames)) == [
        "/x/main.go",
        "com.acme.Cart",
        "alone",
        "work/Shop/Card.cs in Charge",
        "static/js/CheckoutForm.js in submit",
        "app/shop/cart.py in pay",
        "shop.cart.pay cart.py",
    ]


def test_our_own_go_first_then_the_last_exception_then_the_innermost_and_recursion_counts_once():
    cause = [Frame(function="outer"), Frame(function="inner", in_app=False)]
    last = [Frame(function="a"), Frame(function="b"), Frame(function="b"), Frame(function="lib", in_app=False)]
    assert searched_calls(thrown(cause, last)) == ["b", "a", "outer", "lib", "inner"]


def test_what_has_no_name_has_no_line_and_a_line_is_one():
    assert searched_frames(thrown([Frame(line=3)])) is None
    assert searched_frames(thrown()) is None
    assert searched_calls(thrown([Frame(function="operator()\n  const")])) == ["operator() const"]


def test_they_are_bounded_and_whole():
    frames = [Frame(function=f"f{number}" * 20, in_app=number % 2 == 0) for number in range(200)]
    lines = searched_calls(thrown(frames))
    assert FRAMES_CHARACTERS - 100 < len("\n".join(lines)) <= FRAMES_CHARACTERS
    names = {frame.function for frame in frames if frame.in_app}
    assert set(lines) < names
    assert [len(line) for line in searched_calls(thrown([Frame(function="g" * 500)]))] == [200]


def test_words_are_cut_as_those_of_a_text_and_identifiers_stand_besides_where_they_have_humps():
    frames = [Frame(function="chargeCard", module="shop.Cart"), Frame(function="pay_all", filename="a.py")]
    assert searched_frames(thrown(frames)) == Searched("a py in pay all\nshop cart charge card", "shop cart chargecard")
