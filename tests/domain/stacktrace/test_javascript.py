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
