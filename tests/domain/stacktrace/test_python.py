import traceback

import pytest

from domain.stacktrace import parse_stack_trace


def fail(depth=0):
    if depth:
        fail(depth - 1)
    raise ValueError("first\n\nsecond")


def trace_of(function):
    try:
        function()
    except Exception:  # noqa: BLE001 - whatever it is, it is what we print
        return traceback.format_exc()
    raise AssertionError("did not raise")


def chained():
    try:
        fail()
    except ValueError as error:
        raise RuntimeError("after: that") from error


def handled():
    try:
        fail()
    except ValueError:
        {}["missing"]


def from_unraised():
    raise KeyError("late") from OSError("never raised")


def grouped():
    errors = []
    for _ in range(2):
        try:
            fail()
        except ValueError as error:
            errors.append(error)
    inner = ExceptionGroup("inner", [*errors, TypeError("bare")])
    raise ExceptionGroup("outer", [inner, KeyError("k")])


def grouped_then_chained():
    try:
        grouped()
    except ExceptionGroup as group:
        raise LookupError("after the group") from group


def outline(text):
    return [
        (error.type, error.message, [frame.function for frame in error.frames]) for error in parse_stack_trace(text)
    ]


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (fail, [("ValueError", "first\n\nsecond", ["trace_of", "fail"])]),
        (
            chained,
            [
                ("ValueError", "first\n\nsecond", ["chained", "fail"]),
                ("RuntimeError", "after: that", ["trace_of", "chained"]),
            ],
        ),
        (
            handled,
            [
                ("ValueError", "first\n\nsecond", ["handled", "fail"]),
                ("KeyError", "'missing'", ["trace_of", "handled"]),
            ],
        ),
        (from_unraised, [("OSError", "never raised", []), ("KeyError", "'late'", ["trace_of", "from_unraised"])]),
        (
            grouped_then_chained,
            [
                ("ValueError", "first\n\nsecond", ["grouped", "fail"]),
                ("ValueError", "first\n\nsecond", ["grouped", "fail"]),
                ("TypeError", "bare", []),
                ("ExceptionGroup", "inner (3 sub-exceptions)", []),
                ("KeyError", "'k'", []),
                ("ExceptionGroup", "outer (2 sub-exceptions)", ["grouped_then_chained", "grouped"]),
                ("LookupError", "after the group", ["trace_of", "grouped_then_chained"]),
            ],
        ),
    ],
)
def test_what_this_python_prints_is_read(function, expected):
    assert outline(trace_of(function)) == expected


def test_a_frame_has_its_file_line_and_code():
    frame = parse_stack_trace(trace_of(fail))[0].frames[-1]

    assert frame.filename == __file__
    assert frame.line == fail.__code__.co_firstlineno + 3
    assert frame.context_line == 'raise ValueError("first\\n\\nsecond")'
    assert frame.in_app


def test_repeated_lines_are_no_code():
    (error,) = parse_stack_trace(trace_of(lambda: fail(20)))

    assert [frame.function for frame in error.frames] == ["trace_of", "<lambda>", "fail", "fail", "fail", "fail"]
    assert all("repeated" not in (frame.context_line or "") for frame in error.frames)


def test_a_syntax_error_names_the_line_that_has_it():
    (error,) = parse_stack_trace(trace_of(lambda: compile("x = = 1", "shop.py", "exec")))

    assert (error.type, error.message) == ("SyntaxError", "invalid syntax")
    assert [(frame.filename, frame.line, frame.context_line) for frame in error.frames][-1] == ("shop.py", 1, "x = = 1")


def test_a_syntax_error_is_read_without_a_header():
    text = '  File "shop.py", line 3\n    x = = 1\n        ^\nSyntaxError: invalid syntax\n'

    assert outline(text) == [("SyntaxError", "invalid syntax", [None])]


def test_a_trace_may_stand_in_a_log():
    text = "ERROR: request failed\n" + trace_of(fail).replace("\n\n", "\n")

    assert outline(text) == [("ValueError", "first\nsecond", ["trace_of", "fail"])]


@pytest.mark.parametrize(
    "line",
    [
        "2024-01-01 INFO next",
        "2024-01-01 12:00:00,123 INFO shop: next",
        "2024-01-01T12:00:00.123Z info next",
        "[2024-01-01 12:00:00,123: INFO/MainProcess] next",
        "[2024-01-01 12:00:00 +0000] [12] [INFO] next",
        "INFO 2024-01-01 12:00:00 next",
        "INFO:2024-01-01 12:00:00,123:next",
        "[I 2024-01-01 12:00:00.123 ServerApp] next",
        "2024/01/01 12:00:00 [error] next",
        "01/02/2024 12:00:00 next",
        "12:00:00,123 [INFO] next",
        "Jan  1 12:00:00 host shop[1]: next",
        '127.0.0.1 - - [01/Jan/2024:12:00:00 +0000] "GET / HTTP/1.1" 200',
    ],
)
@pytest.mark.parametrize("indent", ["", "    "])
def test_a_log_goes_on_below_a_trace(line, indent):
    text = "".join(f"{indent}{part}\n" for part in [*trace_of(chained).splitlines(), line, "ValueError: no", "more"])

    assert outline(text) == outline("".join(f"{indent}{part}\n" for part in trace_of(chained).splitlines()))


@pytest.mark.parametrize(
    "line",
    [
        "2024-01-01 is no day of work",
        "2024-01-01",
        "12:00 is too late",
        "  2024-01-01 12:00:00 INFO quoted",
        "between 2024-01-01 12:00:00 and now",
        "[SQL: SELECT 1]",
        "INFO is no level",
    ],
)
def test_a_message_may_have_lines_that_speak_of_dates(line):
    text = f'Traceback (most recent call last):\n  File "a.py", line 1, in f\nE: first\n{line}\nlast'

    assert outline(text) == [("E", f"first\n{line}\nlast", ["f"])]


def test_a_trace_may_be_indented_and_have_windows_line_ends():
    text = "".join(f"    {line}\r\n" for line in trace_of(chained).split("\n"))

    assert [error.type for error in parse_stack_trace(text)] == ["ValueError", "RuntimeError"]
    assert len(parse_stack_trace(text)[0].frames) == 2


def test_a_qualified_type_has_a_module():
    (error,) = parse_stack_trace(
        'Traceback (most recent call last):\n  File "a.py", line 1, in f\nshop.errors.Declined: no'
    )

    assert (error.type, error.module, error.message) == ("Declined", "shop.errors", "no")


def test_a_trace_that_was_cut_off_keeps_its_frames():
    (error,) = parse_stack_trace('Traceback (most recent call last):\n  File "a.py", line 1, in f\n    x()\n')

    assert (error.type, len(error.frames)) == ("", 1)


@pytest.mark.parametrize(
    ("path", "in_app"),
    [
        ("/srv/shop/cart.py", True),
        ("<string>", True),
        ("/srv/.venv/lib/python3.11/site-packages/django/views.py", False),
        ("/usr/lib/python3/dist-packages/yaml.py", False),
        ("/usr/lib/python3.11/json/decoder.py", False),
        ("C:\\Python311\\Lib\\asyncio\\base_events.py", False),
        ("<frozen importlib._bootstrap>", False),
    ],
)
def test_libraries_are_not_ours(path, in_app):
    (error,) = parse_stack_trace(f'Traceback (most recent call last):\n  File "{path}", line 1, in f\nE: x')

    assert error.frames[0].in_app is in_app
