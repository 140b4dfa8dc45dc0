import random
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.stacktrace import parse_stack_trace
from domain.stacktrace.in_app import is_in_app
from tests.support import stack_traces as printed
from tests.support.stack_traces import SAMPLES

ALL = [(language, sample) for language, samples in SAMPLES.items() for sample in samples]


def outline(text):
    """Type, message and frames of each exception: `-` before what is foreign, then class, function, file, line."""
    return [
        (
            f"{error.module}.{error.type}" if error.module else error.type,
            error.message,
            [
                ("" if frame.in_app else "-")
                + " ".join(str(part) for part in (frame.module, frame.function, frame.filename, frame.line) if part)
                for frame in error.frames
            ],
        )
        for error in parse_stack_trace(text)
    ]


EXPECTED = [
    (
        printed.JAVA,
        [
            (
                "java.lang.IndexOutOfBoundsException",
                "Index 3 out of bounds for length 0",
                ["com.acme.shop.Main inner Main.java 6", "-java.util.ArrayList get ArrayList.java 427"],
            ),
            (
                "com.acme.shop.Main$Declined",
                "first\nsecond",
                [
                    "com.acme.shop.Main$1 go Main.java 12",
                    "-java.lang.Iterable forEach Iterable.java 75",
                    "com.acme.shop.Main$$Lambda$2/0x00007f652c001218 accept",
                    "com.acme.shop.Main lambda$main$0 Main.java 9",
                    "com.acme.shop.Main pay Main.java 7",
                ],
            ),
            (
                "java.lang.reflect.InvocationTargetException",
                None,
                [
                    "com.acme.shop.Main main Main.java 10",
                    "-java.lang.reflect.Method invoke Method.java 569",
                    "-jdk.internal.reflect.NativeMethodAccessorImpl invoke0",
                ],
            ),
        ],
    ),
    (
        printed.SPRING,
        [
            ("org.hibernate.exception.ConstraintViolationException", None, ["-org.hibernate.Delegate convert 1"]),
            (
                "org.springframework.dao.DataIntegrityViolationException",
                "could not execute",
                [
                    "com.acme.shop.CartTest pays twice CartTest.kt 7",
                    "a.b c 12",
                    "com.acme.shop.Cart$pay$1 invokeSuspend Cart.kt",
                    "com.acme.shop.Cart pay Cart.kt 12",
                    "com.acme.shop.Cart$$SpringCGLIB$$0 pay",
                    "-org.springframework.orm.jpa.Dialect convert Dialect.java 290",
                ],
            ),
        ],
    ),
    (
        printed.PHP,
        [
            (
                "InvalidArgumentException",
                "inner\nsecond (line): x",
                [
                    "{main} /srv/shop/cart.php 13",
                    "Shop\\go /srv/shop/cart.php 7",
                    "-Shop\\Cart make /srv/shop/vendor/x/map.php 6",
                    "-array_map [internal function]",
                    "Shop\\Cart Shop\\{closure} /srv/shop/cart.php 6",
                    "Shop\\Cart inner /srv/shop/cart.php 5",
                ],
            ),
            ("Shop\\Declined", "outer", ["{main} /srv/shop/cart.php 9", "Shop\\Cart pay /srv/shop/cart.php 7"]),
        ],
    ),
    (
        printed.PHP_TOP,
        [
            (
                "Exception",
                None,
                [
                    "{main} /srv/shop/cart.php 11",
                    "class@anonymous {closure:Shop\\Cart::pay():12} /srv/shop/cart.php 11",
                ],
            )
        ],
    ),
    (
        printed.LARAVEL,
        [
            (
                "InvalidArgumentException",
                "inner",
                ["{main} /srv/shop/cart.php 6", "Shop\\Cart inner /srv/shop/cart.php 5"],
            ),
            (
                "Shop\\Declined",
                "outer at noon",
                ["{main} /srv/shop/cart.php 9", "Shop\\Cart pay /srv/shop/cart.php 7"],
            ),
        ],
    ),
    (
        printed.RUBY,
        [
            (
                "KeyError",
                "key not found: :k",
                [
                    "<main> cart.rb 21",
                    "each cart.rb 6",
                    "block (2 levels) in pay cart.rb 6",
                    "-inner /usr/lib/ruby/gems/3.1.0/gems/rack-2.2.3/lib/rack.rb 4",
                    "fetch cart.rb 4",
                ],
            ),
            (
                "Shop::Declined",
                "first\nsecond",
                ["<main> cart.rb 21", "pay cart.rb 5", "rescue in pay cart.rb 8"],
            ),
        ],
    ),
    (
        printed.RUBY_NEWEST_LAST,
        [
            ("KeyError", "key not found: :k", ["<main> cart.rb 16", "inner cart.rb 4", "fetch cart.rb 4"]),
            ("Shop::Declined", "first\nsecond", ["<main> cart.rb 16", "rescue in pay cart.rb 8"]),
        ],
    ),
    (
        printed.RUBY_34,
        [
            (
                "NoMethodError",
                "undefined method 'foo' for nil",
                [
                    "<main> cart.rb 22",
                    "go cart.rb 21",
                    "Shop::Cart block (2 levels) in make cart.rb 6",
                    "-loop <internal:kernel> 187",
                    "Shop::Cart pay cart.rb 20",
                ],
            )
        ],
    ),
    (
        printed.GO,
        [
            ("panic", "runtime error: index out of range [5] with length 0", []),
            (
                "panic",
                "again: runtime error",
                [
                    "-net/http (*Server).Serve /usr/local/go/src/net/http/server.go 3102",
                    "main main /srv/shop/main.go 16",
                    "-main Map[...] /go/pkg/mod/github.com/x/y@v1.2.3/y.go 7",
                    "github.com/acme/shop/cart.v2 (*Cart).Pay.func2 /srv/shop/cart/cart.go 6",
                ],
            ),
        ],
    ),
    (
        printed.GO_HTTP,
        [
            (
                "panic",
                "boom",
                ["-net/http (*Server).Serve net/http/server.go 3102", "main (*Cart).Pay ./cart.go 6"],
            )
        ],
    ),
    (
        printed.CSHARP,
        [
            (
                "System.ArgumentNullException",
                "Value cannot be null. (Parameter 'x')",
                ["Shop.Cart .ctor /src/Shop/Cart.cs 12", "-System.Collections.Generic.Dictionary`2 get_Item"],
            ),
            (
                "Shop.Declined",
                "inner",
                [
                    "Shop.Cart Map[T]",
                    "Shop.Cart.<PayAsync>d__5 MoveNext",
                    "Shop.Cart.<>c__DisplayClass3_0 <Pay>b__0 C:\\src\\Cart.cs 20",
                ],
            ),
            ("System.InvalidOperationException", "outer\nsecond", ["Shop.Program Main /src/Shop/Program.cs 5"]),
        ],
    ),
    (
        printed.CSHARP_FRAMEWORK,
        [
            ("Shop.Declined", "inner", ["Shop.Cart Pay"]),
            ("System.AggregateException", "One or more errors occurred.", ["Shop.Program Main"]),
        ],
    ),
    (
        printed.DART,
        [
            (
                "FormatException",
                "boom\nsecond",
                [
                    "-_delayEntrypointInvocation.<anonymous closure> dart:isolate-patch/isolate_patch.dart 297",
                    "main.<anonymous closure> file:///srv/bin/main.dart 3",
                    "-new Cart package:flutter/src/cart.dart 12",
                    "Cart.pay package:shop/cart.dart 12",
                ],
            )
        ],
    ),
    (
        printed.FLUTTER,
        [
            (
                "_TypeError",
                "Null check operator used on a null value",
                [
                    "-StatelessElement.build package:flutter/src/widgets/framework.dart 5550",
                    "Cart.build package:shop/cart.dart 12",
                ],
            )
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), EXPECTED)
def test_what_languages_print_is_read(text, expected):
    assert outline(text) == expected


@pytest.mark.parametrize(("language", "sample"), ALL)
def test_no_language_takes_the_text_of_another(language, sample):
    lines = [line.rstrip() for line in sample.split("\n")]
    readers = {name: import_module(f"domain.stacktrace.{name}").read for name in SAMPLES}

    assert [name for name, read in readers.items() if read(lines)] == [language]


@pytest.mark.parametrize(("language", "sample"), ALL)
def test_a_trace_may_have_the_line_ends_of_windows_and_stand_in_a_log(language, sample):
    logged = "shop started\n" + sample.replace("\n", "\r\n")

    assert [error.frames for error in parse_stack_trace(logged)] == [e.frames for e in parse_stack_trace(sample)]


@pytest.mark.parametrize("language", ["java", "csharp", "go", "dart"])
def test_the_trace_of_another_error_below_does_not_count(language):
    one, *_ = SAMPLES[language]

    assert outline(f"{one}\n{one}") == outline(one)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#0 /srv/a.php(3): Shop->f()\n#1 /srv/a.php(9): g()\n#2 {main}", ("", ["{main}", "g", "f"])),
        ("#0 /srv/a.php(3): Shop->f()\n#1 /srv/a.php(9): g()", ("", [None, "g", "f"])),
        ("a.rb:3:in `f'\nlib/a.rb:9:in `g'", ("", ["g", "f"])),
        ("a.rb:3:in `f': unhandled exception\n\tfrom a.rb:9:in `g'", ("RuntimeError", ["g", "f"])),
        ("goroutine 1 [running]:\nruntime/debug.Stack()\n\t/a.go:2 +0x65\nmain.f()\n\t/a.go:5 +0x1d", ("", ["f", "Stack"])),
        ("fatal error: all goroutines are asleep\n\ngoroutine 1 [chan receive, 2 minutes]:\nmain.f()\n\t/a.go:5", ("fatal error", ["f"])),
        ("boom\n\tat com.foo.Bar.baz(Bar.java:10)", ("", ["baz"])),
        ("   --- End of inner exception stack trace ---\n\n  at Shop.Cart.Pay()", ("", ["Pay"])),
        ("   at Shop.Cart.Pay()\n   at Shop.Program.Main(String[] args)", ("", ["Main", "Pay"])),
        ("#0      f (package:shop/a.dart:1:2)\n#1      g (file:///a.dart:3)", ("", ["g", "f"])),
    ],
)  # fmt: skip
def test_a_trace_may_stand_without_a_head(text, expected):
    (error,) = parse_stack_trace(text)

    assert (error.type, [frame.function for frame in error.frames]) == expected


@pytest.mark.parametrize(
    ("path", "module", "in_app"),
    [
        ("Cart.java", "com.acme.shop.Cart", True),
        ("Cart.java", "com.googlers.Cart", True),
        ("Job.kt", "kotlinx.coroutines.Job", False),
        (None, "jdk.proxy2.$Proxy12", False),
        (None, "com.acme.$Proxy12", False),
        ("Cart.cs", "SystemShop.Cart", True),
        (None, "Microsoft.AspNetCore.Http.Endpoint", False),
        ("/home/joe/go/src/shop/cart.go", "shop", True),
        ("/usr/local/go/src/net/http/server.go", "net/http", False),
        ("/usr/lib/go-1.19/src/runtime/panic.go", "runtime", False),
        ("net/http/server.go", "net/http", False),
        ("github.com/x/y@v1.2.3/y.go", "github.com/x/y", False),
        ("/srv/shop/vendor/github.com/x/y.go", "github.com/x", False),
        ("time/clock.py", None, True),
        ("/srv/shop/vendor/laravel/framework/x.php", None, False),
        ("/srv/shop/app/Http/Controllers/Vendor/Cart.php", None, True),
        ("/srv/vendor/models.py", None, True),
        ("phar:///srv/composer.phar/x.php", None, False),
        ("/usr/local/bundle/gems/rack-2.2.3/lib/rack.rb", None, False),
        ("/srv/gems/shop-auth/lib/auth.rb", None, True),
        ("/usr/local/lib/ruby/3.4.0/json.rb", None, False),
        ("/home/joe/.pub-cache/hosted/pub.dev/x-1.0.0/x.dart", None, False),
        ("package:shop/cart.dart", None, True),
        ("package:http/src/client.dart", None, False),
    ],
)
def test_whose_a_file_or_a_module_is(path, module, in_app):
    assert is_in_app(path, module) is in_app


LINES = sorted({line for _, sample in ALL for line in sample.split("\n")})
PARTS = sorted({part for line in LINES for part in line.partition("(")})


@given(st.lists(st.sampled_from(LINES) | st.lists(st.sampled_from(PARTS), max_size=4).map("".join), max_size=60))
def test_any_order_of_lines_is_read_without_a_word(lines):
    for error in parse_stack_trace("\n".join(lines)):
        assert isinstance(error.type, str)
        assert all(frame.filename or frame.module or frame.function for frame in error.frames)


@pytest.mark.no_cover
@pytest.mark.parametrize("seed", range(8))
def test_long_disorder_is_read_once_and_bounded(seed):
    chance = random.Random(seed)
    text = "\n".join(chance.choices(LINES, k=6000))[:262_144]

    for language in SAMPLES:
        import_module(f"domain.stacktrace.{language}").read(text.split("\n"))
    assert len(parse_stack_trace(text)) <= 20


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "unit",
    [
        "at a.b(C.java:1)\n", "at a.", "at a/", "Caused by: x\n", "Suppressed: x\n", "a.b.", "at a.b(C c)", " ---> ", "a ", "---> a.b: c\n",
        "--- End of inner exception stack trace ---\n", "#0 /a.php(1): ", "#0 a(", "#0 {main}\n", "Next a in b:1\n", "[previous exception] [object] (a\n#0 {main}\n", " in ", "Fatal error: Uncaught ",
        "from a.rb:1:in `b'\n", ":1:in `", "a.rb:1:in `b': c (D)\n", "1: from a:1:in `b'\n", " (A", "block in ", "goroutine 1 [", "panic: ",
        "a.b(", "created by ", "\t/a.go:1\n", "#0 a (dart:", " (a://", "(", "Error: ", "/vendor/", "/gems/-1", "/go/src/", "@v1.", "\x1b[", "A.Exception: ", "$1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("line", [100, 4000])
def test_hostile_texts_of_any_language_are_read_once(unit, line):
    long = (unit * (line // len(unit)) + "\n") * (262_144 // line)

    for head in (
        "",
        "at a.b.c(D.java:1)\n",
        "at A.b(C c)\n",
        "goroutine 1 [running]:\n",
        "#0 a (dart:a)\n",
        "#0 {main}\n",
    ):
        parse_stack_trace(head + long)
