"""What differs between two reports of one bug, and what between two bugs, beside the names that compilers number?"""

import pytest

from domain.grouping import explain, grouping_keys
from domain.report import ExceptionInfo, Frame, Report

LIBRARY = {"filename": "/srv/site-packages/lib/http.py", "in_app": False}


def call(function="pay", filename="/srv/shop/cart.py", **fields):
    return Frame(function=function, filename=filename, **fields)


def report(*frames, exceptions=None, message="order 42 failed"):
    exceptions = exceptions or [ExceptionInfo("ValueError", message, frames=list(frames))]
    return Report(service="shop", error_type="ValueError", message=message, exceptions=exceptions)


def hashes(report):
    return [key.hash.hex() for key in grouping_keys(report).keys]


def at(*paths, **fields):
    return [call(filename=path, **fields) for path in paths]


DEPENDENCY = {"in_app": False}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (at("/srv/shop/main.py", "/srv/shop/shop/cart.py"), at("/app/main.py", "/app/shop/cart.py")),
        (at("/srv/shop/main.py", "/srv/shop/shop/cart.py"), at("main.py", "shop/cart.py")),
        (at("/srv/shop/a/b/c.py", "/srv/shop/main.py"), at("C:\\Shop2\\a\\b\\c.py", "C:\\Shop2\\main.py")),
        (
            at("/srv/shop/web.js") + at("/srv/shop/node_modules/express/router.js", **DEPENDENCY),
            at("/app/web.js") + at("/app/node_modules/express/router.js", **DEPENDENCY),
        ),
        (
            at("/srv/shop/main.py", "/srv/shop/shop/cart.py") + at("/usr/lib/python3/json/decoder.py", **DEPENDENCY),
            at("/app/main.py", "/app/shop/cart.py") + at("/usr/local/lib/python3/json/decoder.py", **DEPENDENCY),
        ),
        (at("https://a.b/x/main.js", "https://a.b/x/cart/pay.js"), at("https://c.d/y/main.js", "https://c.d/y/cart/pay.js")),
    ],
)  # fmt: skip
def test_the_folder_where_the_application_was_put_does_not_count(one, other):
    assert hashes(report(*one))[0] == hashes(report(*other))[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (at("/srv/users/views.py"), at("/srv/orders/views.py")),
        (at("/srv/users/views.py", "/srv/users/models.py"), at("/srv/orders/views.py", "/srv/orders/models.py")),
        (at("/srv/users/views.py", "/srv/cart/pay.py"), at("/srv/orders/views.py", "/srv/cart/pay.py")),
        (at("/srv/users/views.py") + at("/srv/lib/x.py", **DEPENDENCY), at("/srv/orders/views.py") + at("/srv/lib/x.py", **DEPENDENCY)),
    ],
)  # fmt: skip
def test_a_folder_that_may_be_a_part_of_the_application_counts(one, other):
    assert set(hashes(report(*one))).isdisjoint(hashes(report(*other)))


def test_what_counts_for_all_frames_does_not_depend_on_what_is_ours():
    paths = ("/srv/shop/main.py", "/srv/shop/shop/cart.py")
    ours, less = report(*at(*paths)), report(*at(paths[0]), *at(paths[1], in_app=False))

    assert hashes(ours)[-1] == hashes(less)[-1]


@pytest.mark.parametrize(
    "name",
    [
        None,
        "<anonymous>",
        "<module>",
        "<lambda>",
        "{closure}",
        "Array.<anonymous>",
        "new <anonymous>",
        "Timeout._onTimeout",
        "{main}",
    ],
)
def test_where_no_function_has_a_name_the_message_counts_too(name):
    def failing(*more, **fields):
        return report(call(name), *more, **fields)

    def express(function="handle"):
        return call(function, **LIBRARY)

    one, other = {"message": "no 5 a"}, {"message": "no 5 b"}
    assert set(hashes(failing(**one))).isdisjoint(hashes(failing(**other)))
    assert hashes(failing(**one)) == hashes(failing(message="no 7 a"))
    assert hashes(failing(call(), **one)) == hashes(failing(call(), **other))
    assert hashes(failing(express(), **one))[0] == hashes(failing(express("next"), **one))[0]
    assert hashes(failing(express(), **one))[0] != hashes(failing(express(), **other))[0]
    assert hashes(failing(express(), **one))[1] == hashes(failing(express(), **other))[1]
    assert {part.name for part in explain(failing(**one)) if part.counted} >= {"message"}
    assert "message" not in {part.name for part in explain(failing(call(), **one)) if part.counted}


def test_comprehensions_are_no_calls_since_python_3_12():
    old = report(call("load"), call("<listcomp>"), call("<dictcomp>"), call("<setcomp>"), call("item"))

    assert hashes(old) == hashes(report(call("load"), call("item")))
    assert hashes(old) != hashes(report(call("load"), call("<genexpr>"), call("item")))


def test_a_group_counts_parts_that_are_alike_once():
    def group(*parts):
        return report(exceptions=[*parts, ExceptionInfo("ExceptionGroup", frames=[call("uploads")])])

    def part(kind="ValueError", function="upload"):
        return ExceptionInfo(kind, frames=[call(function)])

    assert hashes(group(part())) == hashes(group(part(), part(), part()))
    assert hashes(group(part())) != hashes(group(part(), part("KeyError")))
    assert hashes(group(part())) != hashes(group(part(), part(function="save")))
    assert hashes(group(part())) != hashes(group())


@pytest.mark.parametrize(
    ("one", "other"),
    [("/assets/user-Settings.js", "/assets/user-settings2.js"), ("/assets/user-Settings.js", "/assets/user-Overview.js"), ("/assets/a-OVERVIEW.js", "/assets/a-SETTINGS.js")],
)  # fmt: skip
def test_names_that_people_give_to_files_count(one, other):
    assert hashes(report(call(filename=one))) != hashes(report(call(filename=other)))


BUNDLE = "https://shop.example.com/assets/index-DkT3x_9a.js"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (call("e", BUNDLE), call("n$", BUNDLE)),
        (call("e", BUNDLE), call(None, BUNDLE)),
        (call("?", BUNDLE), call(None, BUNDLE)),
        (call("o.total", BUNDLE), call("s.total", BUNDLE)),
        (call("o.total.id", BUNDLE), call("total", BUNDLE)),
        (call("e", "/static/shop.min.js"), call("n", "/static/shop.min.js")),
    ],
)
def test_names_that_a_minifier_made_do_not_count(one, other):
    assert hashes(report(one)) == hashes(report(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (call("pay", BUNDLE), call("buy", BUNDLE)),
        (call("o.pay", BUNDLE), call("o.buy", BUNDLE)),
        (call("e", "/static/shop.js"), call("n", "/static/shop.js")),
        (call("e", "/srv/shop-abc123.py"), call("n", "/srv/shop-abc123.py")),
    ],
)
def test_names_that_a_minifier_kept_count(one, other):
    assert hashes(report(one)) != hashes(report(other))


def test_the_explanation_says_what_does_not_count_of_a_group_and_of_where_it_was_put():
    part = ExceptionInfo(
        "ValueError", frames=[*at("/app/main.py", "/app/shop/cart.py"), call("<listcomp>", "/app/shop/cart.py")]
    )

    parts = {part.name: part for part in explain(report(exceptions=[part, part]))}

    assert parts["exceptions[0].frames[0]"].value == "main.py pay"
    assert parts["exceptions[0].frames[1]"].value == "shop/cart.py pay"
    assert "comprehension" in parts["exceptions[0].frames[2]"].reason
    assert parts["exceptions[0].type"].counted
    assert {part.reason for name, part in parts.items() if name.startswith("exceptions[1]")} == {
        "it is like the one before, which counts once"
    }
