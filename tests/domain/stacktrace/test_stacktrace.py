import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.report import ExceptionInfo, Frame
from domain.stacktrace import parse_stack_trace
from domain.stacktrace.in_app import innermost_in_app, is_in_app
from domain.stacktrace.passages import passages


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no trace at all, joe@example.com:25 said",
        "   4: shop::pay\n             at ./src/main.rs:4:5",
        "/app/x.py:10:5: E501 line too long",
        "#0  main () at x.c:5\n#1  0x0000 in ?? ()",
        "goroutine 1 [running]:",
        "#0 no file: f()",
        "x.rb:3: syntax error",
        "at com.foo.Bar.baz",
        "at example.com (once)\n  at noon(today)",
        "Caused by: nothing",
    ],
)
def test_what_no_language_knows_says_nothing(text):
    assert parse_stack_trace(text) == []


PIECES = st.sampled_from([
    "Traceback (most recent call last):\n", '  File "a.py", line 1, in f\n', "    x()\n", "    ^^^\n", "E: x\n", "\n", "  | ", "  + ",
    "Exception Group Traceback (most recent call last):\n", "  +-+---------------- 1 ----------------\n", "    +---------------- 2 ---\n",
    "The above exception was the direct cause of the following exception:\n", "    +------------------------------------\n", "  ",
    "    at f (/a.js:1:2)\n", "    at async /a.js:1:2\n", "f@http://x/a.js:1:2\n", "[cause]: Error: y\n", "Caused by: ", "{\n", "}", "http://[:1:1",
])  # fmt: skip


@given(st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=30).map("".join)))
def test_any_text_is_read_without_a_word(text):
    for error in parse_stack_trace(text):
        assert isinstance(error.type, str)
        assert all(frame.filename is not None for frame in error.frames)


@given(st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=30).map("".join))
def test_passages_are_the_whole_text(text):
    assert "".join(passage for passage, _ in passages(text)) == text


def test_calls_and_their_code_were_not_said():
    text = 'a\n  File "a.py", line 1, in f\n    code\n  File "a.py", line 2\nE: b\n    at f (/a.js:1:2)\nat last\nf@/a.js:1:2\n  c'

    assert list(passages(text)) == [
        ("a", True),
        ('\n  File "a.py", line 1, in f\n    code\n  File "a.py", line 2\n', False),
        ("E: b", True),
        ("\n    at f (/a.js:1:2)\n", False),
        ("at last", True),
        ("\nf@/a.js:1:2\n", False),
        ("  c", True),
    ]


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "unit",
    [
        '  File "a", line 1, in x\n', "at a (/x.js:1:2)\n", "at (", "@", "a:", "  | ", '"', 'File "', "x.", "at eval (", "\n", "at f (a:1",
        "  +-+---- 1 ----\n", "Traceback (most recent call last):\n", "[cause]: E\n", 'File "a", line 1\nE: x\n', ":1:1\n", "a@/b:1:1\n",
        "Error: x\n", "x: Error\n", "at f (/a.js:1:1)\nx: [ Error\n", "://", "eval at (",
        "x<locals>.", "a [b", "a: [", ": ", " line 1 > eval", "[x: Error", "Caused by: E\n", '  | File "a", line 1\n', "^\n", "a:1\nb\n^\n",
    ],
)  # fmt: skip
def test_hostile_texts_are_read_once_and_bounded(unit):
    text = unit * (262_144 // len(unit))

    for candidate in (
        text,
        'File "a", line 1, in f\n' + text,
        "at f (/a.js:1:1)\n" + text,
        text + "\nat f (/a.js:1:1)",
    ):
        errors = parse_stack_trace(candidate)
        assert len(errors) <= 20
        assert all(len(error.frames) <= 250 for error in errors)


@pytest.mark.parametrize(
    ("path", "in_app"),
    [
        (None, True),
        ("src/app.js", True),
        ("/app/node_modules/react/index.js", False),
        ("node_modules/react/index.js", False),
        ("node:fs", False),
        ("internal/modules/cjs/loader.js", False),
        ("native", False),
        ("[native code]", False),
        ("moz-extension://abc/x.js", False),
        ("/app/native/x.js", True),
        ("https://x.y/internal/x.js", True),
    ],
)
def test_whose_a_file_is(path, in_app):
    assert is_in_app(path) is in_app


def test_the_innermost_frame_that_is_ours_is_looked_for_from_the_last_exception_back():
    ours, theirs = Frame("ours"), Frame("theirs", in_app=False)

    assert innermost_in_app([ExceptionInfo("A", frames=[Frame("first"), ours, theirs])]) is ours
    assert innermost_in_app([ExceptionInfo("A", frames=[ours]), ExceptionInfo("B", frames=[theirs])]) is ours
    assert innermost_in_app([ExceptionInfo("A", frames=[theirs])]) is None
    assert innermost_in_app([]) is None
