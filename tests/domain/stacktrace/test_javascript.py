import pytest

from domain.stacktrace import parse_stack_trace

NODE = """/app/x.js:10
    throw new TypeError("x");
    ^

TypeError [ERR_X]: Cannot read
second line
    at foo (/app/src/x.js:10:15)
    at async bar (file:///app/y.mjs:1:2)
    at new Foo (webpack:///./src/x.js?abcd:10:5)
    at Object.<anonymous> (/app/z.js:1:1)
    at /app/anon.js:3:4
    at Array.map (<anonymous>)
    at eval (eval at g (http://x/y.js:1:2), <anonymous>:1:1)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
    at a.b [as c] (/app/node_modules/q/(x)/i.js:1:2)
    at async Promise.all (index 0) {
  code: 'E',
  [errors]: [ Error: other
      at zz (/app/zz.js:1:1) ],
  [cause]: RangeError: inner
      at k (C:\\app\\k.js:1:1)
      ... 4 lines matching cause stack trace ...
}

Node.js v22"""

FIREFOX = """foo@http://x/static/main.abc.js:10:15
async*bar/<@https://x/y.js?v=1:1:2
@https://x/y.js:3:4
e@http://x/y.js line 10 > eval:1:1
forEach@[native code]
https://x/@scope/y.js:3:4"""


def frames(text):
    return [
        (frame.function, frame.filename, frame.line, frame.column, frame.in_app)
        for frame in parse_stack_trace(text)[-1].frames
    ]


def test_v8_prints_the_newest_call_first():
    assert frames(NODE) == [
        ("Promise.all", "<anonymous>", None, None, False),
        ("a.b", "/app/node_modules/q/(x)/i.js", 1, 2, False),
        ("process.processTicksAndRejections", "node:internal/process/task_queues", 95, 5, False),
        ("eval", "/y.js", 1, 2, True),
        ("Array.map", "<anonymous>", None, None, False),
        (None, "/app/anon.js", 3, 4, True),
        ("Object.<anonymous>", "/app/z.js", 1, 1, True),
        ("new Foo", "./src/x.js", 10, 5, True),
        ("bar", "/app/y.mjs", 1, 2, True),
        ("foo", "/app/src/x.js", 10, 15, True),
    ]


def test_causes_come_first_and_other_errors_do_not_come():
    assert [(error.type, error.message) for error in parse_stack_trace(NODE)] == [
        ("RangeError", "inner"),
        ("TypeError", "Cannot read\nsecond line"),
    ]
    assert [frame.filename for frame in parse_stack_trace(NODE)[0].frames] == ["C:\\app\\k.js"]


def test_a_place_is_kept_whole_beside_its_path():
    last = parse_stack_trace("Error: x\n    at f (https://cdn.x.y/js/main.js?v=2:1:2)")[-1].frames[-1]

    assert (last.filename, last.absolute_path) == ("/js/main.js", "https://cdn.x.y/js/main.js?v=2")


def test_firefox_and_safari_print_frames_only():
    (error,) = parse_stack_trace(FIREFOX)

    assert (error.type, error.message) == ("", None)
    assert frames(FIREFOX) == [
        (None, "/@scope/y.js", 3, 4, True),
        ("forEach", "[native code]", None, None, False),
        ("e", "/y.js", 10, None, True),
        (None, "/y.js", 3, 4, True),
        ("bar", "/y.js", 1, 2, True),
        ("foo", "/static/main.abc.js", 10, 15, True),
    ]


@pytest.mark.parametrize(
    ("head", "kind", "message"),
    [
        ("Error: boom", "Error", "boom"),
        ("Error", "Error", None),
        ("Uncaught TypeError: boom", "TypeError", "boom"),
        ("Uncaught (in promise) shop.DeclinedError: boom", "shop.DeclinedError", "boom"),
        ("Declined: boom", "Declined", "boom"),
        ("boom, it went", "", "boom, it went"),
        ("", "", None),
    ],
)
def test_the_head_names_the_error(head, kind, message):
    (error,) = parse_stack_trace(f"{head}\n    at f (/app/x.js:1:2)")

    assert (error.type, error.message) == (kind, message)


def test_caused_by_makes_a_chain():
    text = "Error: a\n at f (/a.js:1:1)\nCaused by: Error: b\n at g (/b.js:1:1)\nCaused by: Error: c"

    assert [(error.message, len(error.frames)) for error in parse_stack_trace(text)] == [("c", 0), ("b", 1), ("a", 1)]


def outline(text):
    return [
        (error.type, error.message, [frame.function for frame in error.frames]) for error in parse_stack_trace(text)
    ]


# What Node.js 24 prints: `console.log(error)`, and below an error that nobody caught.
AGGREGATE = """AggregateError: agg
    at pay (/app/shop.js:3:35)
    at main (/app/shop.js:9:1) {
  [errors]: [
    Error: a
        at first (/app/shop.js:3:55)
        at main (/app/shop.js:9:1),
    TypeError: b
        at second (/app/shop.js:3:71)
        at main (/app/shop.js:9:1)
  ]
}"""
NESTED = """AggregateError: agg
    at pay (/app/shop.js:5:35)
    ... 5 lines matching cause stack trace ...
    at node:internal/main/run_main_module:33:47 {
  sub: TypeError: sub
      at sub (/app/shop.js:9:61) {
    [cause]: Error: of sub
        at of_sub (/app/shop.js:9:61)
  },
  code: 'X',
  [cause]: Error: cc
  second line
      at cc (/app/shop.js:5:129)
      at node:internal/main/run_main_module:33:47 {
    [cause]: SyntaxError: c3
        at c3 (/app/shop.js:5:153)
  },
  [errors]: [
    Error: a
        at a (/app/shop.js:5:55) {
      [cause]: Error: deep
          at deep (/app/shop.js:5:78)
    },
    'str',
    { x: 1 }
  ]
}"""
CAUSED_BY_AGGREGATE = """Error: a
    at f (/app/shop.js:14:73) {
  [cause]: AggregateError: agg
      at g (/app/shop.js:14:94) {
    [errors]: [
      Error: z
          at h (/app/shop.js:14:114)
    ]
  }
}"""
UNCAUGHT = """/app/shop.js:2
throw new Declined("outer")
                ^

Declined: outer
    at pay (/app/shop.js:2:55)
    at process.processTimers (node:internal/timers:571:7) {
  code: 'X',
  info: {
    a: 1,
    nested: { b: [ 1, 2, { c: 3 } ] }
  },
  [cause]: RangeError: inner
  second
      at inner (/app/shop.js:1:25)
      at process.processTimers (node:internal/timers:571:7)
}

Node.js v24.19.0"""
WITHOUT_STACK = """[AggregateError: All promises were rejected] {
  [errors]: [
    Error: r1
        at first (/app/shop.js:15:52),
    Error: r2
        at second (/app/shop.js:15:72)
  ]
}"""
RUN, TIMERS = None, "process.processTimers"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (AGGREGATE, [("AggregateError", "agg", ["main", "pay"])]),
        (
            NESTED,
            [
                ("SyntaxError", "c3", ["c3"]),
                ("Error", "cc\nsecond line", [RUN, "cc"]),
                ("AggregateError", "agg", [RUN, "pay"]),
            ],
        ),
        (CAUSED_BY_AGGREGATE, [("AggregateError", "agg", ["g"]), ("Error", "a", ["f"])]),
        (UNCAUGHT, [("RangeError", "inner\nsecond", [TIMERS, "inner"]), ("Declined", "outer", [TIMERS, "pay"])]),
        (WITHOUT_STACK, [("Error", "r1", ["first"])]),
        ("Error: a\n    at f (/a.js:1:1)\nError: b\n    at g (/b.js:1:1)", [("Error", "a", ["f"])]),
        ("at f (/a.js:1:1)\n    at g (/b.js:1:1)", [("", None, ["g", "f"])]),
        ("E: a\n    at f (address at index.android.bundle:1:2)", [("E", "a", ["f"])]),
    ],
)
def test_what_hangs_on_an_error_is_no_part_of_it(text, expected):
    assert outline(text) == expected


def test_a_trace_whose_lines_were_trimmed_keeps_the_frames_of_the_error():
    trimmed = "\n".join(line.strip() for line in AGGREGATE.split("\n"))

    assert outline(trimmed) == outline(AGGREGATE)


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        ("'text'", []),
        ("{ code: 5 }", []),
        ("undefined", []),
        ("[Error: x]", [("Error", "x", [])]),
        ("[Error: x\n  y] { code: 'E' }", [("Error", "x\ny", [])]),
        ("Error: x", [("Error", "x", [])]),
    ],
)
def test_a_cause_without_a_stack_counts_where_it_is_an_error(cause, expected):
    text = f"Error: a\n    at f (/a.js:1:1) {{\n  [cause]: {cause}\n}}\n\nNode.js v24.19.0"

    assert outline(text) == [*expected, ("Error", "a", ["f"])]


@pytest.mark.parametrize(
    "marked",
    [
        "async*pay",
        "promise callback*pay",
        "setTimeout handler*pay",
        "FrameRequestCallback*pay",
        "promise callback*pay/<",
    ],
)
def test_what_firefox_says_of_async_calls_is_no_part_of_the_name(marked):
    assert frames(f"a@https://x.y/a.js:1:2\n{marked}@https://x.y/a.js:3:4")[0][0] == "pay"


def test_firefox_marks_async_calls_of_functions_without_a_name():
    assert frames("a@https://x.y/a.js:1:2\nsetTimeout handler*@https://x.y/a.js:3:4")[0][0] is None


def test_react_native_names_its_bundle_without_a_path():
    text = "value@index.ios.bundle:1:2\n[native code]\nb@main.jsbundle:3:4\nvalue@[native code]"

    assert outline(text) == [("", None, ["value", "b", None, "value"])]
    assert frames(text)[-1] == ("value", "index.ios.bundle", 1, 2, True)
