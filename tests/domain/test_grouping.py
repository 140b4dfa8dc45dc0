from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import grouping
from domain.grouping import GroupingKind, explain, grouping_keys
from domain.report import ExceptionInfo, Frame, Report


def call(function="pay", filename="/srv/shop/cart.py", **fields):
    return Frame(function=function, filename=filename, **fields)


LIBRARY = {"filename": "/srv/site-packages/lib/http.py", "in_app": False}


def report(*frames, exceptions=None, **fields):
    fields = {"service": "shop", "error_type": "ValueError", "message": "order 42 failed"} | fields
    if exceptions is None:
        exceptions = [ExceptionInfo("ValueError", "order 42 failed", frames=list(frames))] if frames else []
    return Report(exceptions=exceptions, **fields)


def hashes(report):
    return [key.hash.hex() for key in grouping_keys(report).keys]


def kinds(report):
    return [key.kind for key in grouping_keys(report).keys]


# Literal digests: stored in databases, so none of them may ever move. A change of the rules is a new version.
PINNED = [
    (report(), ["e00a6e66b65ae82930b836308da2c86d"]),
    (report(message="connect to 10.0.0.1:5432 failed after 3 s at 2026-01-01T00:00:00Z\nid=1b4e28ba", service="pay"), ["a9ece54a953ec9f9f7dda1ee4e27646f"]),
    (report(call()), ["3ca0c9f4cffb29e625c4139f29ed6a6d"]),
    (report(call(), call("send", **LIBRARY)), ["3ca0c9f4cffb29e625c4139f29ed6a6d", "83737419bb634f4f69ab6513f576797e"]),
    (report(call("send", **LIBRARY), error_type="X"), ["861ab0eace63795c5fb2d297bb800f44"]),
    (report(exceptions=[ExceptionInfo("A", frames=[call("a")]), ExceptionInfo("B", frames=[call(), call(), Frame("b")])]), ["991a26b057da3ec70881ebcd4320f715"]),
    (report(Frame("Object.pay", filename="https://x.y/static/js/main.3f2a1b9c.js?v=1"), Frame("ü", "módulo")), ["bc3ac7f05f05146ea939a32abc6f83d8"]),
    (report(call(), fingerprint=["a", "b"]), ["74a7dae0003d608650d9371be598541f"]),
    (report(call(), call("send", **LIBRARY), fingerprint=["{{ default }}", "b"]), ["df4245c4def5a1d04f8ff89ab9834102", "f527118d1ca0391ed4f79ec1f676cdfe"]),
    (report(fingerprint=["{{ default }}", "b"]), ["499a9c3cd7b1ffeea378aaab7c6c7ee4"]),
]  # fmt: skip


def test_in_app_comes_before_full():
    grouping = grouping_keys(report(call(), call("send", **LIBRARY)))

    assert grouping.version == 1
    assert [key.kind for key in grouping.keys] == [GroupingKind.IN_APP, GroupingKind.FULL]
    assert all(len(key.hash) == 16 for key in grouping.keys)


def test_where_all_frames_are_ours_there_is_one_key():
    assert kinds(report(call())) == [GroupingKind.IN_APP]


def test_where_no_frame_is_ours_the_full_stack_counts():
    assert kinds(report(call("send", **LIBRARY))) == [GroupingKind.FULL]


def test_a_change_of_what_is_ours_leaves_the_full_key():
    ours, foreign = report(call(), call("send", in_app=True)), report(call(), call("send", in_app=False))

    assert hashes(ours)[0] == hashes(foreign)[1]


def test_a_change_in_a_library_leaves_the_in_app_key():
    old, new = report(call(), call("send", **LIBRARY)), report(call(), call("send_all", **LIBRARY))

    assert hashes(old)[0] == hashes(new)[0]
    assert hashes(old)[1] != hashes(new)[1]


@pytest.mark.parametrize(
    "other",
    [
        report(call(line=99, column=7, context_line="x", variables={"a": 1})),
        report(call(filename="/opt/releases/20260101/SHOP/cart.py")),
        report(call(filename="shop/cart.py")),
        report(call(filename="C:\\shop\\cart.py")),
        report(call(filename="https://cdn.example.com/shop/cart.py?v=3")),
        report(call(), environment="staging", release="2.0", message="something else", severity="LOW"),
        report(call(), call(), call(line=3)),
        report(call("async pay")),
        report(call("Object.pay")),
        report(call("pay [as buy]")),
        report(call(), Frame(filename="<anonymous>")),
        report(call(), error_type="Other"),
    ],
)
def test_what_does_not_count(other):
    assert hashes(other)[0] == hashes(report(call()))[0]


@pytest.mark.parametrize(
    "other",
    [
        report(call("buy")),
        report(call(filename="/srv/shop/order.py")),
        report(call(filename="/srv/users/cart.py")),
        report(call(module="shop.cart")),
        report(call(), call("buy")),
        report(call(), service="cart"),
        report(exceptions=[ExceptionInfo("KeyError", frames=[call()])]),
        report(exceptions=[ExceptionInfo("KeyError"), ExceptionInfo("ValueError", frames=[call()])]),
        report(),
    ],
)
def test_what_counts(other):
    assert set(hashes(other)).isdisjoint(hashes(report(call())))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/static/main.3f2a1b9c.js", "/static/main.9c8b7a61.js"),
        ("/assets/index-DkT3x_9a.js", "/assets/index-B7fQ_20z.js"),
        ("/assets/index-SVieblmb.js", "/assets/index-0klwiVti.js"),
        ("/assets/index-5JEP5IC-.js", "/assets/index-abcdefgH.js"),
        ("/static/Main.3F2A1B9C.js", "/static/main.9c8b7a61.js"),
        ("/v1.2.3/app.js", "/v2.0.0/app.js"),
        ("/tmp/3f2a1b9c/app.js", "/tmp/9c8b7a61/app.js"),
        ("/npm/shop@1.2.3/app.js", "/npm/shop@1.10.0/app.js"),
        ("/srv/20260101/app.js", "/srv/42/app.js"),
    ],
)
def test_paths_that_change_with_each_build_are_the_same(one, other):
    assert hashes(report(call(filename=one))) == hashes(report(call(filename=other)))


def test_recursion_counts_once_however_deep():
    def deep(times):
        return report(call("main"), *[call("a"), call("b"), call("c")] * times, call("end"))

    assert hashes(deep(1)) == hashes(deep(2)) == hashes(deep(300))


def recursive(cycle, depth, *, ends="", main="m"):
    return report(*map(call, main + cycle * depth + ends))


@pytest.mark.parametrize("cycle", ["f", "fg", "fgh", "fghi", "ffg"])
@pytest.mark.parametrize("main", ["m", ""])
def test_recursion_is_the_same_wherever_in_its_cycle_it_ends(cycle, main):
    depths = [(depth, length) for depth in (2, 3, 50, 251) for length in range(len(cycle))]

    assert (
        len({tuple(hashes(recursive(cycle, depth, ends=cycle[:length], main=main))) for depth, length in depths}) == 1
    )


@pytest.mark.parametrize("cycle", ["fg", "fgh", "fghi"])
def test_recursion_is_the_same_wherever_its_trace_was_cut(cycle):
    whole, cut = cycle * 100, cycle * 20
    newest_ten = {tuple(hashes(recursive(whole[: 200 + end][-10:], 1, main=""))) for end in range(len(cycle))}
    middle_gone = {tuple(hashes(recursive(cut + whole[start:], 1))) for start in range(len(cycle))}

    assert len(newest_ten) == len(middle_gone) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mfgfgh", "mfgfgk"),
        ("mfgfgh", "nfgfgh"),
        ("mfgfgh", "mfgfg"),
        ("mfgfg", "mgfgf"),
        ("mfgfg", "mfhfh"),
        ("mfgfghk", "mfgfgkh"),
        ("mfg", "mfgf"),  # called once more is no recursion yet: wrappers and methods of one name do that
        ("fgfgh", "fgfghf"),
        ("abcdeabcde", "abcde"),
    ],
)
def test_errors_that_differ_beside_their_recursion_differ(one, other):
    assert hashes(report(*map(call, one))) != hashes(report(*map(call, other)))


def test_names_that_compilers_number_are_the_same():
    one = report(
        call("lambda$pay$3", module="Shop$$Lambda$14/0x0008"), call("invoke", module="GeneratedMethodAccessor41")
    )
    other = report(
        call("lambda$pay$4", module="Shop$$Lambda$99/0x0010"), call("invoke", module="GeneratedMethodAccessor7")
    )

    assert hashes(one) == hashes(other)


GO = "/srv/shop/cart.go"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (call("run", module="com.acme.Cart$1"), call("run", module="com.acme.Cart$12")),
        (call("run", module="com.acme.Cart$pay$1$2"), call("run", module="com.acme.Cart$pay$2$1")),
        (call("pay$lambda$0"), call("pay$lambda$1")),
        (call("pay$lambda$1$lambda$0"), call("pay$lambda$2$lambda$3")),
        (call("$anonfun$pay$1$adapted"), call("$anonfun$pay$2$adapted")),
        (call("access$000"), call("access$100")),
        (call("lambda$new$0"), call("lambda$new$12")),
        (call("run", module="Cart$$Lambda/0x00007f652c000c68"), call("run", module="Cart$$Lambda/0x000000080c000a00")),
        (call("run", module="LambdaForm$DMH/0x00007f652c000c68"), call("run", module="LambdaForm$DMH/0x000000080c000a00")),
        (call("pay", module="com.acme.Cart$$SpringCGLIB$$0"), call("pay", module="com.acme.Cart$$SpringCGLIB$$1")),
        (call("pay", module="Cart$$EnhancerBySpringCGLIB$$1a2b"), call("pay", module="Cart$$EnhancerBySpringCGLIB$$c0de")),
        (call("pay", module="jdk.proxy2.$Proxy12"), call("pay", module="jdk.proxy3.$Proxy140")),
        (call("newInstance", module="GeneratedConstructorAccessor4"), call("newInstance", module="GeneratedConstructorAccessor51")),
        (call("<Pay>b__0"), call("<Pay>b__1")),
        (call("<Pay>b__3_0"), call("<Pay>b__4_1")),
        (call("<Main>g__Local|0_0"), call("<Main>g__Local|1_2")),
        (call("<Pay>b__0", module="Shop.Cart.<>c__DisplayClass3_0"), call("<Pay>b__1", module="Shop.Cart.<>c__DisplayClass12_1")),
        (call("MoveNext", module="Shop.Cart.<PayAsync>d__5"), call("MoveNext", module="Shop.Cart.<PayAsync>d__6")),
        (call("<PayAsync>d__5.MoveNext"), call("<PayAsync>d__16.MoveNext")),
        (call("lambda_method1"), call("lambda_method52")),
        (call("(*Cart).Pay.func1.2", GO), call("(*Cart).Pay.func3.1", GO)),
        (call("(*Cart).Pay.func1.2.gowrap1", GO), call("(*Cart).Pay.func1.gowrap2", GO)),
        (call("glob..func1", GO), call("glob..func2", GO)),
        (call("Pay-range1", GO), call("Pay-range2", GO)),
        (call("{closure}"), call("Shop\\{closure}")),
        (call("{closure}"), call("{closure:Shop\\Cart::pay():12}")),
        (call("{closure:/srv/shop/cart.php:12}"), call("{closure:/srv/shop/cart.php:99}")),
        (call("block in pay"), call("block (2 levels) in pay")),
        (call("rescue in block (2 levels) in pay"), call("rescue in block (3 levels) in pay")),
    ],
)  # fmt: skip
def test_what_compilers_number_does_not_count(one, other):
    assert hashes(report(one)) == hashes(report(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (call("$1"), call("$2")),
        (call("a$1b"), call("a$2b")),
        (call("pay1"), call("pay2")),
        (call("cart.func1"), call("cart.func2")),
        (call("Cart.func1st", GO), call("Cart.func2nd", GO)),
        (call("run", module="com.acme.Cart$A"), call("run", module="com.acme.Cart$B")),
        (call("<Pay>b__0"), call("<Buy>b__0")),
        (call("MoveNext", module="Shop.Cart.<PayAsync>d__5"), call("MoveNext", module="Shop.Cart.<BuyAsync>d__5")),
        (call("lambda$pay$0"), call("lambda$buy$0")),
        (call("block in pay"), call("pay")),
    ],
)
def test_what_people_name_counts(one, other):
    assert hashes(report(one)) != hashes(report(other))


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "unit", ["$1", "a$", ".func1", "{closure", "\\", "block (1 levels) in ", ">b__1", "$$Lambda", "/0x", "f.1"]
)
def test_hostile_names_are_read_once(unit):
    name = unit * (10_000 // len(unit))

    assert hashes(report(call(name, GO), call(name, module=name, filename=name)))


def test_without_a_stack_the_template_of_the_message_counts():
    assert kinds(report()) == [GroupingKind.MESSAGE]
    assert hashes(report()) == hashes(report(message="order 7 failed"))
    assert hashes(report()) != hashes(report(message="order 7 lost"))
    assert hashes(report()) != hashes(report(error_type="KeyError"))
    assert hashes(report()) == hashes(report(exceptions=[ExceptionInfo("Any", frames=[Frame(line=1)])]))


def test_a_fingerprint_replaces_everything_but_the_service():
    one, other = report(call(), fingerprint=["a", "b"]), report(error_type="X", message="y", fingerprint=["a", "b"])

    assert kinds(one) == [GroupingKind.CUSTOM]
    assert hashes(one) == hashes(other)
    assert hashes(one) != hashes(replace(one, service="cart"))
    assert hashes(one) != hashes(replace(one, fingerprint=["ab"]))
    assert hashes(one) != hashes(replace(one, fingerprint=["b", "a"]))


@pytest.mark.parametrize("default", ["{{ default }}", "{{default}}", "{{  default }}"])
def test_a_fingerprint_with_the_default_splits_it(default):
    plain = report(call(), call("send", **LIBRARY))
    split = replace(plain, fingerprint=[default, "tenant-1"])

    assert kinds(split) == kinds(plain)
    assert set(hashes(split)).isdisjoint(hashes(plain))
    assert hashes(split) == hashes(replace(plain, fingerprint=["{{ default }}", "tenant-1"]))
    assert hashes(split) != hashes(replace(plain, fingerprint=["{{ default }}", "tenant-2"]))
    assert hashes(replace(plain, fingerprint=[default])) == hashes(plain)


@pytest.mark.parametrize(("pinned", "digests"), PINNED)
def test_digests_never_move(pinned, digests):
    assert hashes(pinned) == digests


def test_the_explanation_says_what_counted_and_why():
    with_stack = report(call(), call("send", **LIBRARY), call("send", **LIBRARY), Frame(), release="1.0")

    parts = {part.name: part for part in grouping_keys(with_stack).components}

    assert {name for name, part in parts.items() if part.counted} == {
        "service",
        "exceptions[0].type",
        "exceptions[0].frames[0]",
        "exceptions[0].frames[1]",
        "exceptions[0].frames[2]",
    }
    assert parts["exceptions[0].frames[0]"].value == "shop/cart.py pay"
    assert "full key only" in parts["exceptions[0].frames[1]"].reason
    assert "repeat" in parts["exceptions[0].frames[2]"].reason
    assert parts["exceptions[0].frames[3]"].reason == "names neither a file nor a function"
    assert parts["release"].value == "1.0"
    assert all(part.reason for part in parts.values())


@pytest.mark.parametrize(
    ("explained", "counted"),
    [
        (report(), {"service", "errorType", "message"}),
        (report(call(), fingerprint=["a"]), {"service", "fingerprint"}),
        (report(fingerprint=["a", "{{ default }}"]), {"service", "fingerprint", "errorType", "message"}),
    ],
)
def test_the_explanation_of_messages_and_fingerprints(explained, counted):
    assert {part.name for part in explain(explained) if part.counted} == counted


frames = st.builds(
    Frame,
    function=st.none() | st.text(max_size=5),
    module=st.none() | st.text(max_size=5),
    filename=st.none() | st.text(max_size=8),
    line=st.integers(0, 99),
    in_app=st.booleans(),
)
reports = st.builds(
    Report,
    service=st.text(min_size=1, max_size=3),
    error_type=st.text(max_size=3),
    message=st.text(max_size=20),
    exceptions=st.lists(
        st.builds(ExceptionInfo, type=st.text(max_size=3), frames=st.lists(frames, max_size=5)), max_size=3
    ),
    fingerprint=st.lists(st.text(max_size=3) | st.just("{{ default }}"), max_size=3),
)


@given(reports, st.integers(0, 10_000))
def test_lines_never_count_and_keys_are_distinct(any_report, shift):
    before = grouping_keys(any_report).keys
    for exception in any_report.exceptions:
        for frame in exception.frames:
            frame.line = frame.column = shift

    assert grouping_keys(any_report).keys == before
    assert len({key.hash for key in before}) == len(before) in (1, 2)
    assert explain(any_report)


some_frames = st.lists(
    st.builds(
        Frame,
        function=st.sampled_from([None, "pay", "<lambda>", "<anonymous>", "<listcomp>"]),
        module=st.sampled_from([None, "shop.cart"]),
        filename=st.sampled_from([None, "/srv/shop/cart.py", "/srv/shop/lib/http.py"]),
        line=st.sampled_from([1, 2]),
        in_app=st.booleans(),
    ),
    max_size=3,
)
some_reports = st.builds(
    Report,
    service=st.sampled_from(["shop", "search"]),
    error_type=st.sampled_from(["A", "B"]),
    message=st.sampled_from(["order 1", "order 2", "no such order"]),
    exceptions=st.lists(st.builds(ExceptionInfo, type=st.sampled_from(["A", "B"]), frames=some_frames), max_size=2),
    fingerprint=st.sampled_from([[], ["a"], ["{{ default }}", "a"]]),
)


@given(st.lists(some_reports, min_size=2, max_size=8))
def test_keys_that_are_remembered_are_those_that_would_be_made(reports):
    made = []
    for one in reports:
        grouping._known.clear()
        made.append(hashes(one))
    assert [hashes(one) for one in reports] == made
